/* Who has a case open just now: told by each desk every few seconds, and answered with the others.
 */
#include <string.h>

#include "base/result.h"
#include "domain/presence/presence.h"
#include "handlers/dossier/dossiers.h"
#include "handlers/report/reports.h"

/* The revision says whether what stands on the caller's page is still how it is. */
static int reply_others(const struct request *req, struct reply *reply,
                        const struct case_head *head)
{
    struct presence others[PRESENCE_OTHERS_MAX];
    size_t n = 0;
    CLEANUP(buf_release) struct buf out = {0};
    int done = presence_others(app_of(req)->store, &req->who.subject, &head->id, req->now_ms,
                               req->arena, others, &n);
    if (done != 0)
        return done;
    buf_init(&out, 64 * 1024);
    buf_add_str(&out, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        bool first = false;
        bool ours = others[i].agency && strcmp(others[i].agency, req->who.agency) == 0;
        buf_printf(&out, "%s{\"id\":\"%s\"", i ? "," : "", app_id_text(req, &others[i].id));
        entity_json_members(&presence_entity, &others[i], ours ? SEE_AGENCY : SEE_INSPECTOR, &first,
                            &out);
        buf_add_char(&out, '}');
    }
    buf_printf(&out, "],\"revision\":%lld,\"again_seconds\":%d}", (long long)head->revision,
               (int)(PRESENCE_BEAT_MS / 1000));
    return out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

/* The caller has it open, who was let see the case. */
static int note(const struct request *req, struct reply *reply, const struct case_head *head)
{
    const struct app *app = app_of(req);
    const struct id *me = &req->who.subject, *about = &head->id;
    bool writing = json_is_true(json_object_get(req->json, "writing"));
    bool fresh = false;
    struct staff staff;
    int done = presence_is_fresh(app->store, me, about, writing, req->now_ms, req->arena, &fresh);
    if (done == 0 && !fresh) {
        done = staff_get(app->store, me, req->arena, &staff);
        if (done == 0)
            done = presence_here(app->store, &staff, about, writing, req->now_ms);
    }
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_others(req, reply, head);
}

static int report_put(struct request *req, struct reply *reply)
{
    struct report r;
    unsigned see = 0;
    int done = report_for(req, reply, &r, &see);
    return done != 0 || reply_is_problem(reply) ? done : note(req, reply, &r.head);
}

static int dossier_put(struct request *req, struct reply *reply)
{
    struct dossier d;
    unsigned see = 0;
    int done = dossier_for(req, reply, &d, &see);
    return done != 0 || reply_is_problem(reply) ? done : note(req, reply, &d.head);
}

static int gone_delete(struct request *req, struct reply *reply)
{
    struct id about;
    if (!request_param_id(req, "id", &about))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = presence_gone(app_of(req)->store, &req->who.subject, &about, req->now_ms);
    return done != 0 ? done : reply_empty(reply, 204);
}

static const enum problem put_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_INVALID, PROBLEM_NONE};
static const enum problem gone_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

/* Inspectors look on: nobody waits for them. */
#define WORKS (ROLE_DISPATCHER | ROLE_OFFICER | ROLE_LEADER)

/* clang-format off */
const struct route presence_routes[] = {
    {.method = PUT, .path = "/v1/reports/{id}/presence", .operation = "reportPresence",
     .summary = "I have this report open; who else has", .tag = "desk", .run = report_put,
     .who = WORKS, .body = BODY_JSON, .body_schema = "presence", .reply_schema = "PresenceList",
     .problems = put_problems, .rate = RATE_READ},
    {.method = PUT, .path = "/v1/dossiers/{id}/presence", .operation = "dossierPresence",
     .summary = "I have this dossier open; who else has", .tag = "desk", .run = dossier_put,
     .who = WORKS & ~ROLE_DISPATCHER, .body = BODY_JSON, .body_schema = "presence",
     .reply_schema = "PresenceList", .problems = put_problems, .rate = RATE_READ},
    {.method = DELETE, .path = "/v1/desk/presence/{id}", .operation = "presenceEnd",
     .summary = "I have left the case of this id", .tag = "desk", .run = gone_delete,
     .who = WORKS, .reply_status = 204, .problems = gone_problems, .rate = RATE_READ},
    {0},
};
/* clang-format on */
