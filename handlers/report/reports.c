/* Field reports for those concerned: reading them, and what may be done next. */
#include "handlers/report/reports.h"

#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/cases.h"
#include "handlers/media/files.h"

/* --- writing a report out --------------------------------------------------------------------- */

const char *report_own_door(const char *verb)
{
    static const struct {
        const char *verb, *path;
    } doors[] = {
        {"reveal", "/reporter"}, /* it answers with what the step is for */
        {"cover", "/photos/{photo}/boxes"},
        {"original", "/photos/{photo}/original"},
    };
    for (size_t i = 0; i < ARRAY_LEN(doors); i++) {
        if (strcmp(doors[i].verb, verb) == 0)
            return doors[i].path;
    }
    return NULL;
}

/* What the caller may do now, from the transition table; pages never guess it. */
static int add_steps(const struct request *req, const struct report *r, struct buf *out)
{
    CLEANUP(app_world_release) struct app_world w = {0};
    struct case_actor actor;
    int done = app_actor_before(req, r, &actor);
    if (done < 0)
        return done;
    app_world_take(req, &w);
    cases_add_steps(req, &report_kind, r, &actor, &w.world,
                    arena_printf(req->arena, "/v1/reports/%s", app_id_text(req, &r->head.id)),
                    report_own_door, out);
    return 0;
}

static void add_report(const struct request *req, const struct report *r, unsigned see,
                       struct buf *out)
{
    buf_printf(out, "{\"id\":\"%s\"", app_id_text(req, &r->head.id));
    int64_t late_by = 0;
    bool late = case_is_late(&report_kind, &r->head, req->now_ms, &late_by);
    buf_printf(out, ",\"late\":%s", late ? "true" : "false");
    if (late)
        buf_printf(out, ",\"late_by_ms\":%lld", (long long)late_by);
    bool first = false;
    entity_json_members(&report_entity, r, see, &first, out);
}

int report_reply(const struct request *req, struct reply *reply, const struct report *r,
                 unsigned see, int status)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    add_report(req, r, see, &out);
    buf_add_str(&out, ",");
    int done = add_steps(req, r, &out);
    buf_add_str(&out, "}");
    if (done == 0)
        done = out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
    buf_release(&out);
    reply_etag(reply, r->head.revision);
    return done;
}

static int show(const struct request *req, const bson_t *doc, unsigned see, struct buf *out)
{
    struct report r;
    int done = report_decode(doc, req->arena, &r);
    if (done < 0)
        return done;
    r.head.steps.n = 0; /* history is for the report's own page */
    add_report(req, &r, see, out);
    buf_add_str(out, "}");
    return 0;
}

int report_show_owner(const struct request *req, const bson_t *doc, struct buf *out)
{
    return show(req, doc, SEE_OWNER, out);
}

int report_show_staff(const struct request *req, const bson_t *doc, struct buf *out)
{
    return show(req, doc, req->who.role == ROLE_INSPECTOR ? SEE_INSPECTOR : SEE_AGENCY, out);
}

/* --- reading ---------------------------------------------------------------------------------- */

int report_principal(struct request *req, struct reply *reply, bool reads_only,
                     struct principal *ret)
{
    const struct acting_need need = {.scope = SCOPE_REPORTS, .reads_only = reads_only};
    return app_principal(req, reply, &need, ret);
}

int report_for_write(const struct request *req, struct reply *reply,
                     const struct store_write *write, struct report *ret, unsigned *ret_see)
{
    struct id id;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(app_of(req)->store, &report_collection, &id, &doc);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = report_decode(doc, req->arena, ret);
    if (done < 0)
        return done;
    struct case_actor actor = app_actor(req);
    *ret_see = case_see(&ret->head, &actor);
    if (!*ret_see && cases_is_last_write(req, doc, &ret->head, write))
        *ret_see = SEE_AGENCY;
    if (!*ret_see) /* whose it is not learns nothing, not even that it exists */
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return 0;
}

int report_for(const struct request *req, struct reply *reply, struct report *ret,
               unsigned *ret_see)
{
    return report_for_write(req, reply, NULL, ret, ret_see);
}

int report_reply_held(const struct request *req, struct reply *reply, const struct report_held *h,
                      int status)
{
    struct buf out;
    bool first = false;
    buf_init(&out, 1 << 16);
    buf_printf(&out, "{\"id\":\"%s\",\"state\":\"held\"", app_id_text(req, &h->id));
    entity_json_members(&report_held_entity, h, SEE_OWNER, &first, &out);
    buf_add_str(&out, "}");
    int done = out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
    buf_release(&out);
    reply_header(reply, "location",
                 arena_printf(req->arena, "/v1/reports/%s", app_id_text(req, &h->id)));
    return done;
}

static int held_get(const struct request *req, struct reply *reply)
{
    struct id id;
    struct report_held held;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = report_held_get(app_of(req)->store, &id, req->arena, &held);
    if (done < 0)
        return done;
    if (done > 0 || !id_equal(&held.owner, &req->who.subject))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return report_reply_held(req, reply, &held, 200);
}

static int report_get(struct request *req, struct reply *reply)
{
    struct report r;
    struct principal whom;
    unsigned see = 0;
    int done = report_principal(req, reply, true, &whom);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (req->who.role == ROLE_CITIZEN && req->who.level == LEVEL_UNPROVEN)
        return held_get(req, reply);
    done = report_for(req, reply, &r, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return report_reply(req, reply, &r, see, 200);
}

static int report_mine(struct request *req, struct reply *reply)
{
    struct principal whom;
    int done = report_principal(req, reply, true, &whom);
    if (done != 0 || reply_is_problem(reply))
        return done;
    struct store_value owner = store_id(whom.id);
    struct store_condition mine = {
        .field = "owner", .op = STORE_EQ, .values = &owner, .n_values = 1};
    struct store_query q = {.conditions = &mine,
                            .n_conditions = 1,
                            .order = "filed",
                            .descending = true,
                            .limit = app_limit(req, 20, 100)};
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    struct store_page page;
    done = store_scan(app_of(req)->store, &report_collection, &q, req->arena, &page);
    return done != 0 ? done : app_reply_page(req, reply, &page, report_show_owner);
}

/* --- photos ----------------------------------------------------------------------------------- */

static bool is_named(const json_t *list, const char *id)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcasecmp(json_string_value(json_array_get(list, i)), id) == 0)
            return true;
    }
    return false;
}

bool report_check_agency_only(const struct request *req, struct reply *reply)
{
    const json_t *list = json_object_get(req->json, "agency_only");
    const json_t *photos = json_object_get(req->json, "photos");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *id = json_string_value(json_array_get(list, i));
        if (req->who.role != ROLE_CITIZEN || !is_named(photos, id))
            reply_invalid(reply, arena_printf(req->arena, "/agency_only/%zu", i),
                          "Ảnh này không nằm trong số ảnh người dân gửi kèm",
                          "This is none of the photos that a citizen sends along");
    }
    return !reply_is_problem(reply);
}

bool report_is_agency_only(const struct request *req, const struct id *photo)
{
    return is_named(json_object_get(req->json, "agency_only"), app_id_text(req, photo));
}

int app_take_photos(const struct request *req, struct reply *reply, const struct id *case_id,
                    bool proof, struct app_photos *ret)
{
    struct app_files files;
    *ret = (struct app_photos){0};
    if (!report_check_agency_only(req, reply))
        return 0;
    /* An officer's photo is proof, which a video that is not checked yet cannot be. */
    const struct files_wanted want = {.case_id = *case_id,
                                      .takes = proof ? UPLOAD_PHOTO : UPLOAD_PHOTO | UPLOAD_VIDEO};
    int done =
        app_take_files(req, reply, &want, "/photos", json_object_get(req->json, "photos"), &files);
    *ret = (struct app_photos){
        .items = arena_array(req->arena, files.n, sizeof(*ret->items)),
        .media = files.media,
        .n = files.n,
    };
    for (size_t i = 0; i < files.n; i++)
        ret->items[i] =
            (struct report_photo){.id = files.media[i].id,
                                  .proof = proof,
                                  .agency_only = report_is_agency_only(req, &files.media[i].id),
                                  .video = files.uploads[i].video,
                                  .width = files.uploads[i].width,
                                  .height = files.uploads[i].height,
                                  .hash = files.uploads[i].likeness};
    return done;
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem file_problems[] = {PROBLEM_KEY_MISSING, PROBLEM_KEY_REUSED,
                                             PROBLEM_INVALID, PROBLEM_NONE};
static const enum problem read_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem step_problems[] = {
    PROBLEM_NOT_FOUND,  PROBLEM_WRONG_STATE, PROBLEM_FORBIDDEN, PROBLEM_INVALID, PROBLEM_REVISED,
    PROBLEM_KEY_REUSED, PROBLEM_KEY_MISSING, PROBLEM_CONFLICT,  PROBLEM_NONE};

const struct route report_routes[] = {
    {.method = POST,
     .path = "/v1/reports",
     .operation = "reportFile",
     .summary = "File a field report; in a session whose code is not checked yet, it is held back",
     .tag = "reports",
     .run = report_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_UNPROVEN,
     .body = BODY_JSON,
     .body_schema = "report_new",
     .reply_schema = "Report",
     .reply_status = 201,
     .problems = file_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_ACTING | ROUTE_KEYED},
    {.method = GET,
     .path = "/v1/reports",
     .operation = "reportMine",
     .summary = "My reports, newest first",
     .tag = "reports",
     .run = report_mine,
     .who = ROLE_CITIZEN,
     .reply_schema = "ReportPage",
     .rate = RATE_READ,
     .flags = ROUTE_ACTING | ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/reports/{id}",
     .operation = "reportGet",
     .summary = "One report, with its history and what may be done next",
     .tag = "reports",
     .run = report_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .level = LEVEL_UNPROVEN,
     .reply_schema = "Report",
     .problems = read_problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {.method = POST,
     .path = "/v1/reports/{id}/steps/{verb}",
     .operation = "reportStep",
     .summary = "Carry out a step: receive, ask, answer, publish, rate, …",
     .tag = "reports",
     .run = report_step,
     .who = ROLE_CITIZEN | ROLE_DISPATCHER | ROLE_OFFICER | ROLE_LEADER | ROLE_INSPECTOR,
     .body = BODY_JSON,
     .body_schema = "report_act",
     .reply_schema = "Report",
     .problems = step_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_ACTING | ROUTE_KEYED | ROUTE_IF_MATCH},
    {.method = POST,
     .path = "/v1/reports/{id}/reporter",
     .operation = "reportReveal",
     .summary = "Name and phone of the reporter, if they consented; each look is told to them",
     .tag = "reports",
     .run = report_reveal,
     .who = ROLE_OFFICER | ROLE_LEADER | ROLE_DISPATCHER,
     .body = BODY_JSON,
     .body_schema = "report_reveal",
     .reply_schema = "Reporter",
     .problems = step_problems,
     .rate = RATE_WRITE},
    {.method = GET,
     .path = "/v1/reports/{id}/offers",
     .operation = "reportOffers",
     .summary = "Which agencies it may go to: by rule, by place, the nearest; who sent it back",
     .tag = "desk",
     .run = report_offers,
     .who = ROLE_OFFICER | ROLE_LEADER | ROLE_DISPATCHER,
     .reply_schema = "ReportOffers",
     .problems = read_problems,
     .rate = RATE_READ},
    {0},
};
