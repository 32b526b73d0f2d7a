/* Backup and rebuild: started here, done by a thread, asked about by id. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/result.h"
#include "handlers/admin/admin.h"

#define SHOWN_MAX 20 /* cases named in a rebuild's result */

int admin_reply_started(struct request *req, struct reply *reply, int done, const struct id *job)
{
    if (done == E_BUSY)
        return reply_problem(reply, PROBLEM_IN_PROGRESS, NULL);
    if (done != 0)
        return done;
    return reply_json(reply, 202, jobs_show(app_of(req)->jobs, job));
}

int admin_job_get(struct request *req, struct reply *reply)
{
    struct id id;
    json_t *shown = request_param_id(req, "id", &id) ? jobs_show(app_of(req)->jobs, &id) : NULL;
    return shown ? reply_json(reply, 200, shown) : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
}

/* --- backup ----------------------------------------------------------------------------------- */

struct backup_job {
    struct app *app;
    char *folder;
};

static void backup_free(void *ctx)
{
    struct backup_job *b = ctx;
    free(b->folder);
    free(b);
}

static void backup_tell(const char *what, int64_t done, int64_t total, void *ctx)
{
    job_tell(ctx, what, done, total);
}

static int backup_run(struct job *job, void *ctx)
{
    struct backup_job *b = ctx;
    int done = b->app->backup(b->app, b->folder, backup_tell, job);
    if (done == 0)
        job_result(job, json_pack("{s:s}", "folder", b->folder));
    return done;
}

int admin_backup(struct request *req, struct reply *reply)
{
    if (!app_of(req)->backup)
        return reply_invalid(
            reply, "/folder",
            "Dữ liệu nằm trên máy chủ MongoDB; hãy sao lưu bằng công cụ của máy chủ",
            "The data are on a MongoDB server; back them up with its own tools");
    const char *named = json_string_value(json_object_get(req->json, "folder"));
    if (access(named, F_OK) == 0) /* the job would refuse it too, later and in fewer words */
        return reply_invalid(reply, "/folder", "Thư mục này đã có; hãy chọn tên khác",
                             "The folder exists; name another");
    struct backup_job *b = calloc(1, sizeof(*b));
    char *folder = strdup(named);
    if (!b || !folder) {
        free(b);
        free(folder);
        return E_NOMEM;
    }
    *b = (struct backup_job){app_of(req), folder};
    struct id id;
    int done = jobs_start(app_of(req)->jobs, "backup", backup_run, b, backup_free, &id);
    return admin_reply_started(req, reply, done, &id);
}

/* --- rebuild ---------------------------------------------------------------------------------- */

/* What is held while one page of cases is looked at. */
struct rebuild_page {
    const struct catalogue *catalogue;
    struct area_set *areas;
    struct calendar *calendar;
};

static const char *category_name(void *ctx, const char *code)
{
    const struct rebuild_page *p = ctx;
    const struct category *k = catalogue_category(p->catalogue, code);
    return k ? k->name : NULL;
}

static const char *commune_name(void *ctx, const char *code)
{
    const struct rebuild_page *p = ctx;
    const struct commune *c = area_by_code(p->areas, code);
    return c ? c->full_name : NULL;
}

static const struct case_kept *const rebuilt[] = {&report_kept, &dossier_kept, &complaint_kept};

struct rebuild_sum {
    int64_t looked, differed;
    json_t *shown; /* numbers of the first that differed */
};

static int verify_page(struct app *app, const struct case_kept *kept, struct store_query *q,
                       struct rebuild_sum *sum, bool *ret_more)
{
    struct arena a;
    arena_init(&a);
    struct store_page page;
    struct rebuild_page p = {catalogue_ref(app->catalogue), area_current(app->areas),
                             calendar_current(app->calendar)};
    const struct case_names names = {category_name, commune_name, &p};
    int done = store_scan(app->store, kept->collection, q, &a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        struct id id;
        void *record = NULL;
        bool differed = false;
        /* Read again, so that what the dispatcher writes meanwhile is not held against an older
         * copy. */
        done = store_document_id(page.docs[i], &id)
                   ? case_verify(kept, app->store, &id, p.calendar, &names, &a, &record, &differed)
                   : E_CORRUPT;
        sum->looked += done == 0;
        sum->differed += differed;
        if (differed && json_array_size(sum->shown) < SHOWN_MAX)
            json_array_append_new(sum->shown,
                                  json_string(((const struct case_head *)record)->number));
        done = done == STORE_ABSENT ? 0 : done;
    }
    if (done == 0) {
        *ret_more = page.more;
        q->has_after = true;
        q->after = page.next;
    }
    calendar_unref(p.calendar);
    area_set_unref(p.areas);
    catalogue_unref(p.catalogue);
    arena_release(&a);
    return done;
}

/* Of reports, by their facts; of other kinds how many there are is seen on the way. */
static int count_reports(struct app *app, int64_t *ret)
{
    struct arena a;
    arena_init(&a);
    struct store_tally_query q = {.group = {"month"}};
    struct store_tally_row *rows = NULL;
    size_t n = 0;
    int done = store_tally(app->store, &report_fact_collection, &q, &a, &rows, &n);
    *ret = 0;
    for (size_t i = 0; done == 0 && i < n; i++)
        *ret += rows[i].count;
    arena_release(&a);
    return done;
}

static int rebuild_run(struct job *job, void *ctx)
{
    struct app *app = ctx;
    struct rebuild_sum sum = {.shown = json_array()};
    int64_t total = 0;
    int done = count_reports(app, &total);
    for (size_t k = 0; k < ARRAY_LEN(rebuilt) && done == 0; k++) {
        struct store_query q = {.order = "_id", .limit = STORE_LIMIT_MAX};
        for (bool more = true; more && done == 0;) {
            done = job_stopped(job) ? E_UNAVAILABLE : verify_page(app, rebuilt[k], &q, &sum, &more);
            job_tell(job, rebuilt[k]->kind->name, sum.looked,
                     total > sum.looked ? total : sum.looked);
        }
    }
    job_result(job, json_pack("{s:I, s:I, s:o}", "looked", (json_int_t)sum.looked, "differed",
                              (json_int_t)sum.differed, "numbers", sum.shown));
    return done;
}

static void keep_app(void *ctx)
{
    (void)ctx; /* the application outlives its jobs */
}

int admin_rebuild(struct request *req, struct reply *reply)
{
    struct id id;
    int done = jobs_start(app_of(req)->jobs, "rebuild", rebuild_run, app_of(req), keep_app, &id);
    return admin_reply_started(req, reply, done, &id);
}
