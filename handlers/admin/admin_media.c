/* Whether every stored file is there and is what was stored (media/blob_check.h), as a job. */
#include <stdlib.h>

#include "base/result.h"
#include "handlers/admin/admin.h"
#include "media/blob_check.h"

struct media_job {
    struct app *app;
    bool open;
    struct job *job; /* while it runs */
    json_t *shown;
};

static bool go_on(void *ctx, int64_t looked, int64_t total)
{
    const struct media_job *m = ctx;
    job_tell(m->job, "blobs", looked, total > looked ? total : looked);
    return !job_stopped(m->job);
}

static void found(void *ctx, const struct blob_finding *f)
{
    const struct media_job *m = ctx;
    if (json_array_size(m->shown) < BLOB_FINDINGS_SHOWN)
        json_array_append_new(m->shown, blob_finding_json(f));
}

static int run(struct job *job, void *ctx)
{
    struct media_job *m = ctx;
    struct upload_service uploads = app_uploads(m->app);
    struct blob_sum sum;
    m->job = job;
    m->shown = json_array();
    const struct blob_check check = {
        .uploads = &uploads, .open = m->open, .go_on = go_on, .found = found, .ctx = m};
    int done = blob_check(&check, &sum);
    job_result(job, blob_sum_json(&sum, m->shown));
    return done;
}

int admin_media_check(struct request *req, struct reply *reply)
{
    struct media_job *m = calloc(1, sizeof(*m));
    struct id id;
    if (!m)
        return E_NOMEM;
    *m = (struct media_job){.app = app_of(req),
                            .open = json_is_true(json_object_get(req->json, "open"))};
    int done = jobs_start(app_of(req)->jobs, "media", run, m, free, &id);
    return admin_reply_started(req, reply, done, &id);
}
