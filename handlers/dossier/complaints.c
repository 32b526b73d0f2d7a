/* Complaints about dossiers: filed by whose dossier it is, answered by who leads the desk. */
#include <string.h>

#include "base/json.h"
#include "base/result.h"
#include "handlers/cases.h"
#include "handlers/dossier/dossiers.h"

static void world_take(const struct request *req, struct app_world *ret)
{
    app_world_take(req, ret);
    ret->world.settings = &app_of(req)->complaint;
}

/* What the caller may see of it; officers, and who it is about, nothing. */
static unsigned see_of(const struct request *req, const struct complaint *c)
{
    struct case_actor actor = app_actor(req);
    if (req->who.role == ROLE_CITIZEN)
        return dossier_in_scope(req, c->procedure) ? case_see(&c->head, &actor) : 0;
    return actor.inspector || actor.leader ? case_see(&c->head, &actor) : 0;
}

static void add_complaint(const struct request *req, const struct complaint *c, unsigned see,
                          struct buf *out)
{
    int64_t late_by = 0;
    bool late = case_is_late(&complaint_kind, &c->head, req->now_ms, &late_by), first = false;
    buf_printf(out, "{\"id\":\"%s\",\"late\":%s", app_id_text(req, &c->head.id),
               late ? "true" : "false");
    if (late)
        buf_printf(out, ",\"late_by_ms\":%lld", (long long)late_by);
    entity_json_members(&complaint_entity, c, see, &first, out);
}

static int reply_complaint(const struct request *req, struct reply *reply,
                           const struct complaint *c, unsigned see, int status)
{
    CLEANUP(buf_release) struct buf out = {0};
    CLEANUP(app_world_release) struct app_world w = {0};
    const struct case_actor actor = app_actor(req);
    world_take(req, &w);
    buf_init(&out, 1 << 20);
    add_complaint(req, c, see, &out);
    buf_add_str(&out, ",");
    cases_add_steps(req, &complaint_kind, c, &actor, &w.world, "", NULL, &out);
    buf_add_str(&out, "}");
    reply_header(reply, "cache-control", "no-store");
    reply_etag(reply, c->head.revision);
    return out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
}

/* Reads {id}; answers a problem where the caller may see nothing of it. */
static int complaint_for(const struct request *req, struct reply *reply, struct complaint *ret,
                         unsigned *ret_see)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct id id;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = store_get(app_of(req)->store, &complaint_collection, &id, &doc);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = complaint_decode(doc, req->arena, ret);
    if (done < 0)
        return done;
    *ret_see = see_of(req, ret);
    return *ret_see ? 0 : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
}

/* --- filing ----------------------------------------------------------------------------------- */

/* Who it is about: whoever took the step that it names, else who has the dossier. */
static bool barred_of(const struct dossier *d, int64_t seq, struct id *ret)
{
    const struct case_step *steps = d->head.steps.items;
    *ret = seq ? (struct id){0} : d->head.officer;
    for (size_t i = 0; seq && i < d->head.steps.n; i++) {
        if (steps[i].seq != seq)
            continue;
        if (steps[i].office)
            *ret = steps[i].by;
        return true;
    }
    return !seq;
}

/* The desk's agency, if somebody leads it who is not barred; else where inspectors are. */
static int agency_for(const struct request *req, const struct dossier *d, const struct id *barred,
                      const struct case_world *w, const char **ret)
{
    struct staff *leaders = NULL;
    size_t n = 0;
    bool led = false;
    int done =
        staff_of_agency(app_of(req)->store, d->head.desk, STAFF_LEADER, req->arena, &leaders, &n);
    for (size_t i = 0; done == 0 && i < n; i++)
        led |= !id_equal(&leaders[i].id, barred);
    *ret = led || !w->dispatcher ? d->head.desk : arena_strdup(req->arena, w->dispatcher);
    return done;
}

/* There are as many as may be, and this is not one of them that is sent again. */
static int is_full(const struct request *req, const struct id *dossier, bool *ret)
{
    struct filter f = {0};
    struct store_page page = {0};
    struct id id,
        own = complaint_id(&req->who.subject, dossier, request_header(req, "idempotency-key"));
    filter_is(&f, "dossier", store_id(*dossier));
    struct store_query q = {.conditions = f.conditions,
                            .n_conditions = f.n,
                            .order = "filed",
                            .limit = COMPLAINTS_OF_DOSSIER};
    int done = store_scan(app_of(req)->store, &complaint_collection, &q, req->arena, &page);
    *ret = page.n >= COMPLAINTS_OF_DOSSIER;
    for (size_t i = 0; i < page.n; i++)
        *ret = *ret && !(store_document_id(page.docs[i], &id) && id_equal(&id, &own));
    return done;
}

static int compose(const struct request *req, struct reply *reply, const struct dossier *d,
                   const struct case_world *w, struct complaint *ret)
{
    *ret = (struct complaint){
        .head = {.owner = d->head.owner, .actor = req->who.subject, .desk = d->head.desk},
        .dossier = d->head.id,
        .dossier_number = d->head.number,
        .procedure = d->procedure,
        .subject = entity_enum_value(complaint_subjects,
                                     json_string_value(json_object_get(req->json, "about"))),
        .step = json_integer_value(json_object_get(req->json, "step")),
        .text = app_text(req, "text"),
    };
    if (!ret->text)
        reply_invalid(reply, "/text", "Cần nêu nội dung phản ánh", "Say what it is about");
    if (!barred_of(d, ret->step, &ret->head.barred))
        reply_invalid(reply, "/step", "Hồ sơ không có bước này",
                      "The dossier's history has no such step");
    return reply_is_problem(reply) ? 0
                                   : agency_for(req, d, &ret->head.barred, w, &ret->head.agency);
}

static int reply_filed(struct reply *reply, int outcome)
{
    return outcome == COMPLAINT_KEY_REUSED ? reply_problem(reply, PROBLEM_KEY_REUSED, NULL)
           : outcome > 0                   ? app_reply_store(reply, outcome)
                                           : outcome;
}

static int complaint_post(struct request *req, struct reply *reply)
{
    CLEANUP(app_world_release) struct app_world w;
    struct dossier d = {0};
    struct complaint c, filed = {0};
    unsigned see = 0;
    size_t n_body = 0;
    bool full = false;
    world_take(req, &w);
    int done = dossier_principal(req, reply, false);
    if (done == 0 && !reply_is_problem(reply))
        done = dossier_for(req, reply, &d, &see);
    if (done == 0 && !reply_is_problem(reply))
        done = compose(req, reply, &d, &w.world, &c);
    if (done != 0 || reply_is_problem(reply))
        return done;
    const void *body = app_digest_body(req, &n_body);
    done = is_full(req, &d.head.id, &full);
    if (done != 0)
        return done;
    if (full)
        return reply_invalid(reply, "", "Hồ sơ này đã có quá nhiều phản ánh",
                             "There are too many complaints about this dossier");
    done = complaint_file(app_of(req)->store, &c, request_header(req, "idempotency-key"), body,
                          n_body, &w.world, req->arena, &filed);
    if (done != 0 && done != COMPLAINT_REPEATED)
        return reply_filed(reply, done);
    return reply_complaint(req, reply, &filed, SEE_OWNER, 201);
}

/* --- reading ---------------------------------------------------------------------------------- */

static int complaint_get(struct request *req, struct reply *reply)
{
    struct complaint c;
    unsigned see = 0;
    int done = dossier_principal(req, reply, true);
    if (done == 0 && !reply_is_problem(reply))
        done = complaint_for(req, reply, &c, &see);
    return done != 0 || reply_is_problem(reply) ? done : reply_complaint(req, reply, &c, see, 200);
}

/* Rows that the caller may see, to keep a query's by; ctx: the request. */
static bool is_seen(const bson_t *doc, void *ctx)
{
    const struct request *req = ctx;
    struct complaint c;
    return complaint_decode(doc, req->arena, &c) == 0 && see_of(req, &c) != 0;
}

static int show(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct complaint c;
    int done = complaint_decode(doc, req->arena, &c);
    if (done < 0)
        return done;
    c.head.steps.n = 0; /* for the complaint's own page */
    add_complaint(req, &c, see_of(req, &c), out);
    buf_add_str(out, "}");
    return 0;
}

static int reply_list(struct request *req, struct reply *reply, const struct filter *f)
{
    struct store_query q = {.conditions = f->conditions,
                            .n_conditions = f->n,
                            .order = "filed",
                            .descending = true,
                            .limit = app_limit(req, 20, 100),
                            .keep = is_seen,
                            .keep_ctx = req};
    struct store_page page;
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    int done = store_scan(app_of(req)->store, &complaint_collection, &q, req->arena, &page);
    reply_header(reply, "cache-control", "no-store");
    return done != 0 ? done : app_reply_page(req, reply, &page, show);
}

static int of_dossier(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    struct id id;
    int done = dossier_principal(req, reply, true);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    filter_is(&f, "dossier", store_id(id));
    return reply_list(req, reply, &f);
}

static int desk_list(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    const char *open = request_query(req, "open"), *agency = cases_agency_asked(req);
    const char *number = request_query(req, "number");
    if (!app_oversees(req))
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    if (number) { /* the one of that number, if the caller may see it */
        filter_is(&f, "number", store_text(number));
        return reply_list(req, reply, &f);
    }
    if (agency)
        filter_is(&f, "agency", store_text(agency));
    filter_is(&f, "open", store_int(!open || strcmp(open, "true") == 0));
    return reply_list(req, reply, &f);
}

/* --- steps ------------------------------------------------------------------------------------ */

static struct case_act read_act(const struct request *req)
{
    const char *demand = json_string_value(json_object_get(req->json, "demand"));
    struct case_act act = {
        .verb = request_param(req, "verb"),
        .by = req->who.subject,
        .office = req->who.agency[0] ? arena_strdup(req->arena, req->who.agency) : NULL,
        .note = app_text(req, "note"),
        .reason = json_string_value(json_object_get(req->json, "reason")),
        .rating = json_integer_value(json_object_get(req->json, "rating")),
        .days = json_integer_value(json_object_get(req->json, "days")),
    };
    if (demand)
        id_parse(demand, &act.demand);
    return act;
}

/* The member that an act lacks, where the record is as it was read. */
static const char *lacking(const struct request *req, const struct complaint *c,
                           const struct case_world *w)
{
    struct case_actor actor = app_actor(req);
    struct case_act act = read_act(req);
    struct complaint trial = *c;
    case_act_by(&act, &trial.head, &actor);
    case_apply(&complaint_kind, &trial, &act, w, req->arena);
    return act.lacks ? act.lacks : "";
}

static int complaint_step(struct request *req, struct reply *reply)
{
    CLEANUP(app_world_release) struct app_world w;
    struct complaint before;
    void *after = NULL;
    unsigned see = 0;
    world_take(req, &w);
    int done = dossier_principal(req, reply, false);
    if (done == 0 && !reply_is_problem(reply))
        done = complaint_for(req, reply, &before, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    const struct case_actor actor = app_actor(req);
    struct store_write write = store_write_keyed(
        arena_printf(req->arena, "complaint.%s", request_param(req, "verb")), &req->who.subject,
        request_header(req, "idempotency-key"), req->bytes, req->n_bytes);
    struct store_change_options options = {.write = &write};
    if (request_if_match(req, &options.if_revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    const struct case_act act = read_act(req);
    done = case_act_kept(&complaint_kept, app_of(req)->store, &before.head.id, &act, &actor,
                         &options, &w.world, req->arena, &after);
    if (done != 0 && done != STORE_REPEATED) {
        const struct cases_tried tried = {
            .kind = &complaint_kind,
            .record = &before,
            .actor = &actor,
            .world = &w.world,
            .verb = act.verb,
            .lacks = done == CASE_LACKS ? lacking(req, &before, &w.world) : ""};
        return cases_reply_outcome(reply, &tried, done);
    }
    return reply_complaint(req, reply, after, see_of(req, after), 200);
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem read_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem file_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_INVALID, PROBLEM_KEY_REUSED,
                                             PROBLEM_KEY_MISSING, PROBLEM_NONE};
static const enum problem step_problems[] = {
    PROBLEM_NOT_FOUND,  PROBLEM_WRONG_STATE, PROBLEM_FORBIDDEN, PROBLEM_INVALID, PROBLEM_REVISED,
    PROBLEM_KEY_REUSED, PROBLEM_KEY_MISSING, PROBLEM_CONFLICT,  PROBLEM_NONE};
static const struct route_param desk_params[] = {
    {"agency", "{\"type\":\"string\",\"maxLength\":35}", "Inspectors: of which agency"},
    {"open", "{\"enum\":[\"true\",\"false\"]}", "Those that have ended: false; open without it"},
    {"number", "{\"type\":\"string\",\"maxLength\":40}", "The one of this number, open or ended"},
    {0}};

#define PARTIES ROLE_CITIZEN | ROLE_OFFICER | ROLE_LEADER | ROLE_INSPECTOR

/* clang-format off */
const struct route complaint_routes[] = {
    {.method = POST, .path = "/v1/dossiers/{id}/complaints", .operation = "complaintFile",
     .summary = "Complain about how a dossier is handled: to who leads its one-stop desk",
     .tag = "complaints", .run = complaint_post, .who = ROLE_CITIZEN, .level = LEVEL_TWO,
     .body = BODY_JSON, .body_schema = "complaint_new", .reply_schema = "Complaint",
     .reply_status = 201, .problems = file_problems, .rate = RATE_WRITE,
     .flags = ROUTE_ACTING | ROUTE_KEYED},
    {.method = GET, .path = "/v1/dossiers/{id}/complaints", .operation = "complaintsOfDossier",
     .summary = "Complaints about a dossier, as far as the caller may see them, newest first",
     .tag = "complaints", .run = of_dossier, .who = PARTIES, .level = LEVEL_TWO,
     .reply_schema = "ComplaintPage", .problems = read_problems, .rate = RATE_READ,
     .flags = ROUTE_ACTING | ROUTE_PAGED},
    {.method = GET, .path = "/v1/complaints/{id}", .operation = "complaintGet",
     .summary = "One complaint, with its history and what may be done next",
     .tag = "complaints", .run = complaint_get, .who = PARTIES, .level = LEVEL_TWO,
     .reply_schema = "Complaint", .problems = read_problems, .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {.method = POST, .path = "/v1/complaints/{id}/steps/{verb}", .operation = "complaintStep",
     .summary = "Carry out a step: take, answer, refuse, withdraw, rate, …",
     .tag = "complaints", .run = complaint_step, .who = PARTIES, .level = LEVEL_TWO,
     .body = BODY_JSON, .body_schema = "complaint_act", .reply_schema = "Complaint",
     .problems = step_problems, .rate = RATE_WRITE,
     .flags = ROUTE_ACTING | ROUTE_KEYED | ROUTE_IF_MATCH},
    {.method = GET, .path = "/v1/desk/complaints", .operation = "deskComplaints",
     .summary = "Complaints for who leads the agency, its deputies and inspectors, newest first",
     .tag = "desk", .run = desk_list, .who = ROLE_OFFICER | ROLE_LEADER | ROLE_INSPECTOR,
     .reply_schema = "ComplaintPage", .params = desk_params, .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {0},
};
/* clang-format on */
