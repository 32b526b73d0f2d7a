/* The keyring: its keys, a new one, and person keys that move to it. */
#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/person/ring.h"
#include "handlers/admin/admin.h"

/* --- the ring --------------------------------------------------------------------------------- */

int admin_keys_list(struct request *req, struct reply *reply)
{
    struct keyring_entry entries[KEYRING_KEYS];
    size_t n = keyring_list(app_of(req)->keys, entries, ARRAY_LEN(entries));
    json_t *items = json_array();
    for (size_t i = 0; i < n; i++) {
        char id[KEYRING_ID_TEXT], created[CLOCK_TEXT], active[CLOCK_TEXT];
        json_array_append_new(items,
                              json_pack("{s:s, s:s, s:s, s:b, s:b}", "id",
                                        keyring_id_format(entries[i].id, id), "created_at",
                                        clock_format(entries[i].created_ms, created), "active_at",
                                        clock_format(entries[i].active_ms, active), "active",
                                        entries[i].active, "distrusted", entries[i].distrusted));
    }
    return reply_json(reply, 200, json_pack("{s:o}", "items", items));
}

int admin_keys_rotate(struct request *req, struct reply *reply)
{
    struct keyring *keys = app_of(req)->keys;
    const char *now = request_query(req, "now"), *distrust = request_query(req, "distrust");
    int done = distrust && strcmp(distrust, "true") == 0 ? keyring_distrust(keys)
               : now && strcmp(now, "true") == 0
                   ? keyring_rotate(keys, 0)
                   : keyring_rotate(keys, app_of(req)->key_overlap_ms);
    if (done > 0)
        return reply_problem(reply, PROBLEM_CONFLICT,
                             req->language == LANGUAGE_EN
                                 ? "The keyring is sealed by another master key than tramd was "
                                   "started with: restart "
                                   "it with that one"
                                 : "Chùm khoá đã được niêm phong bằng khoá chủ khác với khoá mà "
                                   "tramd đang dùng: hãy "
                                   "khởi động lại tramd với khoá đó");
    return done != 0 ? done : admin_keys_list(req, reply);
}

/* --- rewrapping ------------------------------------------------------------------------------- */

static json_t *show_sums(const struct keyring *k, const struct ring_sums *sums)
{
    struct keyring_entry entries[KEYRING_KEYS];
    size_t n = keyring_list(k, entries, ARRAY_LEN(entries));
    char id[KEYRING_ID_TEXT], at[CLOCK_TEXT];
    json_t *shown = json_pack("{s:I, s:I, s:I}", "looked", (json_int_t)sums->looked, "rewrapped",
                              (json_int_t)sums->rewrapped, "unsound", (json_int_t)sums->unsound);
    for (size_t i = 0; i < n; i++) {
        if (entries[i].active) {
            json_object_set_new(shown, "key", json_string(keyring_id_format(entries[i].id, id)));
            break;
        }
        json_object_set_new(shown, "next", json_string(keyring_id_format(entries[i].id, id)));
        json_object_set_new(shown, "next_at", json_string(clock_format(entries[i].active_ms, at)));
    }
    return shown;
}

/* Those that are to be moved are counted first, so that the second walk can say how far it is. What
 * a walk did stays done: it is begun again after a stop, and passes over what was moved. */
static int walk(struct job *job, const struct people *p, bool count_only, int64_t total,
                struct ring_sums *sums)
{
    int done = 0;
    for (bool more = true; more && done == 0;) {
        done = job_stopped(job) ? E_UNAVAILABLE : ring_rewrap(p, count_only, sums, &more);
        job_tell(job, count_only ? "counting" : "persons",
                 count_only ? sums->looked : sums->rewrapped, total);
    }
    return done;
}

static int rewrap_run(struct job *job, void *ctx)
{
    struct app *app = ctx;
    struct ring_sums counted = {0}, sums = {0};
    int done = walk(job, &app->people, true, 0, &counted);
    if (done == 0)
        done = walk(job, &app->people, false, counted.stale, &sums);
    job_result(job, show_sums(app->keys, &sums));
    return done;
}

static void keep_app(void *ctx)
{
    (void)ctx; /* the application outlives its jobs */
}

int admin_keys_rewrap(struct request *req, struct reply *reply)
{
    struct id id;
    int done = jobs_start(app_of(req)->jobs, "rewrap", rewrap_run, app_of(req), keep_app, &id);
    return admin_reply_started(req, reply, done, &id);
}
