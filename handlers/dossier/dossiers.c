/* Dossiers for those concerned: reading them, steps, and looking one up by its code. */
#include "handlers/dossier/dossiers.h"

#include <string.h>

#include "base/clock.h"
#include "base/crypto/mac.h"
#include "base/json.h"
#include "base/result.h"
#include "domain/case/kept.h"
#include "handlers/cases.h"
#include "handlers/dossier/documents.h"
#include "handlers/identity/looks.h"
#include "handlers/plain_page.h"

#define CHECK_PART 6

/* --- writing a dossier out -------------------------------------------------------------------- */

static int add_steps(const struct request *req, const struct dossier *d, struct buf *out)
{
    CLEANUP(app_world_release) struct app_world w = {0};
    const struct case_actor actor = app_actor(req);
    dossier_world_take(req, &w);
    cases_add_steps(req, &dossier_kind, d, &actor, &w.world, "", NULL, out);
    return 0;
}

static void add_dossier(const struct request *req, const struct dossier *d, unsigned see,
                        struct buf *out)
{
    int64_t late_by = 0, appointment = dossier_appointment(d);
    bool late = case_is_late(&dossier_kind, &d->head, req->now_ms, &late_by), first = false;
    buf_printf(out, "{\"id\":\"%s\",\"late\":%s,\"owed\":%lld", app_id_text(req, &d->head.id),
               late ? "true" : "false", (long long)dossier_due(d));
    if (late)
        buf_printf(out, ",\"late_by_ms\":%lld", (long long)late_by);
    if (appointment) {
        char at[CLOCK_TEXT];
        buf_printf(out, ",\"appointment\":\"%s\"", clock_format(appointment, at));
    }
    entity_json_members(&dossier_entity, d, see, &first, out);
}

static bool uses_documents(const struct dossier *d)
{
    const struct dossier_component *items = d->components.items;
    bool any = d->received_ms != 0;
    for (size_t i = 0; i < d->components.n; i++)
        any |= !id_is_nil(&items[i].document);
    return any;
}

/* Whoever handles it sees who applies and what they filled in; an official's look is recorded. */
static int open_words(const struct request *req, const struct dossier *d, unsigned see,
                      struct dossier_opened *ret)
{
    int done = 0;
    if (!(see & (SEE_OWNER | SEE_AGENCY)))
        return 0;
    if (req->who.role != ROLE_CITIZEN)
        done = app_look(req, &(struct app_look){.person = d->head.owner,
                                                .what = LOOK_NAME | LOOK_PHONE | LOOK_CARD |
                                                        (uses_documents(d) ? LOOK_DOCUMENT : 0U),
                                                .number = d->head.number});
    if (done == 0)
        done = dossier_open(&app_of(req)->people, d, req->arena, ret);
    if (done == PERSON_ERASED)
        return 0; /* the time for keeping it is over */
    return done > 0 ? E_UNAVAILABLE : done;
}

static void add_words(const struct request *req, const struct dossier *d,
                      const struct dossier_opened *words, struct buf *out)
{
    if (words->applicant)
        buf_printf(out, ",\"applicant\":%s", words->applicant);
    if (words->form)
        buf_printf(out, ",\"form\":%s", words->form);
    if (words->opened && req->who.role == ROLE_CITIZEN)
        buf_printf(out, ",\"check\":\"%s\"", dossier_check_part(req, d->head.number));
}

int dossier_reply_opened(const struct request *req, struct reply *reply, const struct dossier *d,
                         const struct dossier_opened *words, unsigned see, int status)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    add_dossier(req, d, see, &out);
    add_words(req, d, words, &out);
    int done = documents_add(req, d, see, &out);
    buf_add_str(&out, ",");
    if (done == 0)
        done = add_steps(req, d, &out);
    buf_add_str(&out, "}");
    if (done == 0)
        done = out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
    buf_release(&out);
    reply_header(reply, "cache-control", "no-store");
    reply_etag(reply, d->head.revision);
    return done;
}

int dossier_reply(const struct request *req, struct reply *reply, const struct dossier *d,
                  unsigned see, int status)
{
    struct dossier_opened words = {0};
    int done = open_words(req, d, see, &words);
    return done == 0 ? dossier_reply_opened(req, reply, d, &words, see, status) : done;
}

static int show(const struct request *req, const bson_t *doc, unsigned see, struct buf *out)
{
    struct dossier d;
    int done = dossier_decode_row(doc, req->arena, &d);
    if (done < 0)
        return done;
    add_dossier(req, &d, see, out);
    buf_add_str(out, "}");
    return 0;
}

int dossier_show_owner(const struct request *req, const bson_t *doc, struct buf *out)
{
    return show(req, doc, SEE_OWNER, out);
}

int dossier_show_staff(const struct request *req, const bson_t *doc, struct buf *out)
{
    return show(req, doc, req->who.role == ROLE_INSPECTOR ? SEE_INSPECTOR : SEE_AGENCY, out);
}

int dossier_show_overseer(const struct request *req, const bson_t *doc, struct buf *out)
{
    return show(req, doc, SEE_INSPECTOR, out);
}

/* --- reading ---------------------------------------------------------------------------------- */

static int for_write(const struct request *req, struct reply *reply,
                     const struct store_write *write, struct dossier *ret, struct dossier *trial,
                     unsigned *ret_see)
{
    struct id id;
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = store_get(app_of(req)->store, &dossier_collection, &id, &doc);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = dossier_decode(doc, req->arena, ret);
    if (done == 0 && trial)
        done = dossier_decode(doc, req->arena, trial);
    if (done < 0)
        return done;
    struct case_actor actor = app_actor(req);
    *ret_see = case_see(&ret->head, &actor);
    if (!*ret_see && cases_is_last_write(req, doc, &ret->head, write))
        *ret_see = SEE_AGENCY;
    if (req->who.role == ROLE_CITIZEN && !dossier_in_scope(req, ret->procedure))
        *ret_see = 0;
    if (!*ret_see) /* whose it is not learns nothing, not even that it exists */
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return 0;
}

int dossier_for(const struct request *req, struct reply *reply, struct dossier *ret,
                unsigned *ret_see)
{
    return for_write(req, reply, NULL, ret, NULL, ret_see);
}

static int dossier_get(struct request *req, struct reply *reply)
{
    struct dossier d;
    unsigned see = 0;
    int done = dossier_principal(req, reply, true);
    if (done == 0 && !reply_is_problem(reply))
        done = dossier_for(req, reply, &d, &see);
    return done != 0 || reply_is_problem(reply) ? done : dossier_reply(req, reply, &d, see, 200);
}

static int dossier_mine(struct request *req, struct reply *reply)
{
    int done = dossier_principal(req, reply, true);
    if (done != 0 || reply_is_problem(reply))
        return done;
    struct store_value owner = store_id(req->principal->id);
    struct store_condition mine = {
        .field = "owner", .op = STORE_EQ, .values = &owner, .n_values = 1};
    struct store_query q = {.conditions = &mine,
                            .n_conditions = 1,
                            .order = "filed",
                            .descending = true,
                            .limit = app_limit(req, 20, 100),
                            .keep = dossier_row_in_scope,
                            .keep_ctx = req};
    struct store_page page;
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    done = store_scan(app_of(req)->store, &dossier_collection, &q, req->arena, &page);
    return done != 0 ? done : app_reply_page(req, reply, &page, dossier_show_owner);
}

/* --- steps ------------------------------------------------------------------------------------ */

static const struct dossier_result *name_results(const struct request *req, size_t *ret_n)
{
    const json_t *list = json_object_get(req->json, "results");
    size_t n = json_array_size(list);
    struct dossier_result *results = arena_array(req->arena, n, sizeof(*results));
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        results[i].code = json_string_value(json_object_get(one, "code"));
        results[i].number = json_string_value(json_object_get(one, "number"));
        id_parse(json_string_value(json_object_get(one, "file")), &results[i].file);
    }
    *ret_n = n;
    return results;
}

static int read_act(const struct request *req, struct reply *reply, struct dossier_act *ret)
{
    const json_t *body = req->json;
    const char *officer = json_string_value(json_object_get(body, "officer"));
    const char *demand = json_string_value(json_object_get(body, "demand"));
    struct dossier_component *components = NULL;
    *ret = (struct dossier_act){.actor = app_actor(req)};
    ret->act = (struct case_act){
        .verb = request_param(req, "verb"),
        .by = req->who.subject,
        .office = ret->actor.agency,
        .note = app_text(req, "note"),
        .reason = json_string_value(json_object_get(body, "reason")),
        .agency = json_string_value(json_object_get(body, "agency")),
        .rating = json_integer_value(json_object_get(body, "rating")),
    };
    ret->act.amount = json_integer_value(json_object_get(body, "amount"));
    ret->act.days = json_integer_value(json_object_get(body, "days"));
    ret->reference = app_text(req, "reference");
    ret->way = DOSSIER_CASH;
    /* One payment a key: what is sent again is the same. */
    const char *key = request_header(req, "idempotency-key");
    const struct id_part parts[] = {{req->who.subject.bytes, 16}, {key, strlen(key)}};
    ret->payment = id_v8("payment", parts, ARRAY_LEN(parts));
    if (officer)
        id_parse(officer, &ret->act.officer);
    if (demand)
        id_parse(demand, &ret->act.demand);
    int done = dossier_read_components(req, reply, NULL, &components, &ret->n_components);
    ret->components = components;
    ret->results = name_results(req, &ret->n_results);
    return done;
}

int dossier_step(struct request *req, struct reply *reply)
{
    struct dossier before = {0}, trial = {0}, after = {0};
    struct dossier_act act;
    unsigned see = 0;
    int done = dossier_principal(req, reply, false);
    if (done != 0 || reply_is_problem(reply))
        return done;
    struct store_write write = store_write_keyed(
        arena_printf(req->arena, "dossier.%s", request_param(req, "verb")), &req->who.subject,
        request_header(req, "idempotency-key"), req->bytes, req->n_bytes);
    done = for_write(req, reply, &write, &before, &trial, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    CLEANUP(app_world_release) struct app_world w;
    dossier_world_take(req, &w);
    done = read_act(req, reply, &act);
    if (done == 0)
        done = dossier_form_again(req, reply, &before, &act);
    if (done == 0)
        done = cases_check_targets(req, reply, w.catalogue, &act.act);
    if (done != 0 || reply_is_problem(reply))
        return done;
    struct store_change_options options = {.write = &write};
    if (request_if_match(req, &options.if_revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    if (dossier_try(&trial, &act, &w.world, req->arena) == 0)
        done = dossier_take_papers(req, reply, &before, &act);
    else if (options.if_revision == STORE_ANY_REVISION)
        options.if_revision = before.head.revision; /* nothing was taken: not if it can be now */
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = dossier_do(app_of(req)->store, &before.head.id, &act, &options, &w.world, req->arena,
                      &after);
    if (done == STORE_UNCHANGED)
        after = before; /* a payment that was counted before */
    else if (done != 0 && done != STORE_REPEATED)
        return cases_reply_outcome(reply,
                                   &(struct cases_tried){.kind = &dossier_kind,
                                                         .record = &before,
                                                         .actor = &act.actor,
                                                         .world = &w.world,
                                                         .verb = act.act.verb,
                                                         .lacks = act.act.lacks},
                                   done);
    if (after.keep_ms)
        documents_follow(app_of(req), &after.head.id, req->now_ms); /* else the sweep does */
    struct case_actor actor = app_actor(req);
    see = case_see(&after.head, &actor);
    /* Who just gave it away still gets the answer to what they did. */
    return dossier_reply(req, reply, &after, see ? see : SEE_AGENCY, 200);
}

/* --- by its code ------------------------------------------------------------------------------ */

const char *dossier_check_part(const struct request *req, const char *number)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford's */
    struct id id = mac_lookup_id(app_of(req)->keys, "dossier.slip", number, strlen(number));
    char *text = arena_alloc(req->arena, CHECK_PART + 1);
    for (size_t i = 0; i < CHECK_PART; i++)
        text[i] = digits[id.bytes[i] & 31];
    return text;
}

/* A code alone opens nothing, so that codes cannot be gone through; with the slip's check part it
 * shows how far the dossier is, and nothing else (NĐ 61/2018). */
static int lookup_get(struct request *req, struct reply *reply)
{
    const char *number = request_param(req, "number"), *check = request_query(req, "check");
    void *found = NULL;
    if (!check || strcasecmp(check, dossier_check_part(req, number)) != 0)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = cases_by_number(req, reply, &dossier_kept, number, &found);
    if (done != 0 || !found)
        return done;
    const struct dossier *d = found;
    int percent = dossier_percent(d->head.state);
    bool en = req->language == LANGUAGE_EN;
    reply_header(reply, "cache-control", "no-store");
    reply_header(reply, "vary", "accept");
    if (!request_prefers_also(req))
        return reply_json(reply, 200,
                          json_pack("{s:s, s:i}", "number", d->head.number, "percent", percent));
    const struct plain_row rows[] = {
        {en ? "Dossier" : "Mã hồ sơ", d->head.number},
        {en ? "Done" : "Mức độ hoàn thành", arena_printf(req->arena, "%d%%", percent)}};
    return plain_page(req, reply, en ? "Dossier" : "Tình trạng hồ sơ", rows, ARRAY_LEN(rows));
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem file_problems[] = {PROBLEM_KEY_MISSING, PROBLEM_KEY_REUSED,
                                             PROBLEM_INVALID,     PROBLEM_NOT_FOUND,
                                             PROBLEM_REVISED,     PROBLEM_NONE};
static const enum problem read_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem step_problems[] = {
    PROBLEM_NOT_FOUND,    PROBLEM_WRONG_STATE, PROBLEM_FORBIDDEN,   PROBLEM_INVALID,
    PROBLEM_REVISED,      PROBLEM_KEY_REUSED,  PROBLEM_KEY_MISSING, PROBLEM_CONFLICT,
    PROBLEM_GIVEN_BEFORE, PROBLEM_NONE};
static const struct route_param lookup_params[] = {
    {"check", "{\"type\":\"string\",\"minLength\":6,\"maxLength\":6}",
     "The check part that stands on the slip beside the code"},
    {0}};

const struct route dossier_routes[] = {
    {.method = POST,
     .path = "/v1/dossiers",
     .operation = "dossierFile",
     .summary = "File a draft as a dossier; all that is not right is told at once",
     .tag = "dossiers",
     .run = dossier_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .body = BODY_JSON,
     .body_schema = "dossier_new",
     .reply_schema = "Dossier",
     .reply_status = 201,
     .problems = file_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_ACTING | ROUTE_KEYED},
    {.method = GET,
     .path = "/v1/dossiers",
     .operation = "dossierMine",
     .summary = "My dossiers, newest first",
     .tag = "dossiers",
     .run = dossier_mine,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "DossierPage",
     .rate = RATE_READ,
     .flags = ROUTE_ACTING | ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/dossiers/{id}",
     .operation = "dossierGet",
     .summary = "One dossier: where it lies, since when, and what may be done next",
     .tag = "dossiers",
     .run = dossier_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .level = LEVEL_TWO,
     .reply_schema = "Dossier",
     .problems = read_problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {.method = POST,
     .path = "/v1/dossiers/{id}/steps/{verb}",
     .operation = "dossierStep",
     .summary = "Carry out a step: receive, assign, supplement, supply, pay, finish, …",
     .tag = "dossiers",
     .run = dossier_step,
     .who = ROLE_CITIZEN | ROLE_OFFICER | ROLE_LEADER | ROLE_INSPECTOR,
     .level = LEVEL_TWO,
     .body = BODY_JSON,
     .body_schema = "dossier_act",
     .reply_schema = "Dossier",
     .problems = step_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_ACTING | ROUTE_KEYED | ROUTE_IF_MATCH},
    {.method = GET,
     .path = "/v1/public/dossiers/{number}",
     .operation = "dossierLookup",
     .summary = "How far a dossier is, by its code and the slip's check part",
     .tag = "dossiers",
     .run = lookup_get,
     .who = ROLE_ANYONE,
     .reply_schema = "DossierProgress",
     .also_type = "text/html",
     .params = lookup_params,
     .problems = read_problems,
     .rate = RATE_SIGN_IN},
    {0},
};
