/* The calendar of the offices: read, tried out, replaced. */
#include <string.h>

#include "base/result.h"
#include "domain/setting/setting.h"
#include "handlers/admin/admin.h"

#define LOOKED_MAX 5000 /* open cases of a kind that a trial looks at */

/* --- reading ---------------------------------------------------------------------------------- */

/* The revision of what is set; 0: what the program ships is in force. */
static int revision_of(const struct request *req, int64_t *ret)
{
    struct setting setting;
    int done = setting_get(app_of(req)->store, SETTING_CALENDAR, req->arena, &setting);
    *ret = done == 0 ? setting.revision : 0;
    return done == STORE_ABSENT ? 0 : done;
}

/* Its revision is read first: replaced in between, a change upon it is refused, not lost. */
int admin_calendar_get(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    int64_t revision;
    CLEANUP(buf_release) struct buf text;
    buf_init(&text, CALENDAR_TEXT_MAX);
    int done = admin_of_province(req, reply, false);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = revision_of(req, &revision);
    if (done == 0)
        done = setting_read(app->store, SETTING_CALENDAR, &text);
    if (done == STORE_ABSENT) {
        buf_add(&text, app->shipped_calendar, app->n_shipped_calendar);
        done = 0;
    }
    if (done != 0 || text.failed)
        return done != 0 ? done : E_FULL;
    reply_etag(reply, revision);
    return reply_json_text(reply, 200, text.data, text.len);
}

/* --- replacing -------------------------------------------------------------------------------- */

/* What would become of the open cases' deadlines. */
static int reply_trial(const struct request *req, struct reply *reply, struct calendar *next)
{
    struct app *app = app_of(req);
    struct case_moved sum = {0};
    struct id version = calendar_version(next);
    int done = 0;
    for (const struct push_kind *k = app->kinds; k->kept && done == 0; k++) {
        const struct case_world w = {
            .calendar = next, .settings = k->settings, .now_ms = req->now_ms};
        done = case_recalendar_count(k->kept, app->store, &w, LOOKED_MAX, &sum);
    }
    if (done != 0)
        return done;
    return reply_json(reply, 200,
                      json_pack("{s:s, s:I, s:I, s:b}", "version", app_id_text(req, &version),
                                "looked", (json_int_t)sum.looked, "moved", (json_int_t)sum.moved,
                                "more", sum.more));
}

static int replace(const struct request *req, struct reply *reply, struct calendar *next,
                   int64_t revision)
{
    struct app *app = app_of(req);
    struct id version = calendar_version(next);
    const char *text = app_id_text(req, &version);
    CLEANUP(buf_release) struct buf changed;
    buf_init(&changed, STAFF_ACT_DETAIL_MAX);
    CLEANUP(calendar_unrefp) struct calendar *old = calendar_current(app->calendar);
    calendar_changed(old, next, &changed);
    buf_add_char(&changed, '\0');
    int done = changed.failed ? E_FULL : admin_note(req, "calendar_set", NULL, changed.data);
    if (done == 0)
        done = setting_put_at(app->store, SETTING_CALENDAR, req->bytes, req->n_bytes, req->now_ms,
                              revision);
    if (done != 0)
        return app_reply_store(reply, done);
    calendar_replace(app->calendar, calendar_ref(next));
    if (app->wake_sweep)
        app->wake_sweep(app);
    return reply_json(reply, 200, json_pack("{s:s}", "version", text));
}

int admin_calendar_put(struct request *req, struct reply *reply)
{
    int64_t revision = STORE_ANY_REVISION, now = 0;
    bool writes = !admin_only_checks(req);
    CLEANUP(buf_release) struct buf faults;
    buf_init(&faults, ADMIN_FAULTS_MAX);
    CLEANUP(calendar_unrefp) struct calendar *next = NULL;
    int done = admin_of_province(req, reply, writes);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (request_if_match(req, &revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    done = revision_of(req, &now);
    if (done != 0)
        return done;
    if (revision != STORE_ANY_REVISION && revision != now)
        return reply_problem(reply, PROBLEM_REVISED, NULL);
    done = calendar_load((const char *)req->bytes, req->n_bytes, &faults, &next);
    if (done == CALENDAR_FAULTY)
        return admin_reply_faults(req, reply, "", faults.data);
    if (done != 0)
        return done;
    return writes ? replace(req, reply, next, revision) : reply_trial(req, reply, next);
}
