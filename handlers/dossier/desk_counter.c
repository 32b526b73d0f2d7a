/* A dossier for who stands at a desk, or wrote by post: filed by the officer, seen by them later.
 */
#include <string.h>

#include "base/json.h"
#include "base/result.h"
#include "handlers/cases.h"
#include "handlers/dossier/counter.h"
#include "handlers/dossier/documents.h"
#include "handlers/identity/looks.h"
#include "handlers/rights/consents.h"

/* --- filing ----------------------------------------------------------------------------------- */

static const struct id nobody;

static bool receives(const struct request *req)
{
    return json_is_true(json_object_get(req->json, "receive"));
}

static struct dossier_filing filing_of(const struct request *req, const struct counter *c,
                                       const struct dossier_check *k)
{
    size_t n = 0;
    struct dossier_filing f = {
        .actor = req->who.subject,
        .desk = k->desk->code,
        .decider = k->decider->code,
        .procedure = c->draft.procedure,
        .field = k->procedure->field,
        .commune = k->commune,
        .version = c->draft.version,
        .channel = c->channel,
        .subject = c->draft.subject,
        .applicant = json_canonical(req->arena, c->applicant, &n),
        .form = c->source.answers,
        .card = c->card ? person_contact_of_card(&app_of(req)->people, c->card) : nobody,
        .time_unit = (int)k->unit,
        .time = k->time,
        .fee = k->bill.total,
        .fetch = c->draft.fetch,
        .receives = receives(req),
        .components = c->draft.components.items,
        .n_components = c->draft.components.n,
    };
    f.plan = dossier_plan_of(req, k->procedure, &f.n_plan);
    return f;
}

/* Received by who filed it, in the same request; once, and found done by who repeats it. */
static int receive(const struct request *req, struct reply *reply, const struct case_world *w,
                   struct dossier *d)
{
    size_t n_body = 0;
    const void *body = app_digest_body(req, &n_body);
    struct store_write write = store_write_keyed(
        "dossier.receive", &req->who.subject, request_header(req, "idempotency-key"), body, n_body);
    struct store_change_options options = {.if_revision = STORE_ANY_REVISION, .write = &write};
    struct dossier_act act = {.actor = app_actor(req)};
    struct dossier before = *d;
    act.act =
        (struct case_act){.verb = "receive", .by = req->who.subject, .office = act.actor.agency};
    if (d->head.state != DOSSIER_SUBMITTED)
        return 0;
    int done = dossier_do(app_of(req)->store, &d->head.id, &act, &options, w, req->arena, d);
    if (done == 0 || done == STORE_REPEATED)
        return 0;
    return cases_reply_outcome(reply,
                               &(struct cases_tried){.kind = &dossier_kind,
                                                     .record = &before,
                                                     .actor = &act.actor,
                                                     .world = w,
                                                     .verb = act.act.verb,
                                                     .lacks = act.act.lacks},
                               done);
}

static int reply_filed(const struct request *req, struct reply *reply, const struct case_world *w,
                       struct dossier *d)
{
    int done = receives(req) ? receive(req, reply, w, d) : 0;
    if (done != 0 || reply_is_problem(reply))
        return done;
    reply_header(reply, "location",
                 arena_printf(req->arena, "/v1/dossiers/%s", app_id_text(req, &d->head.id)));
    return dossier_reply(req, reply, d, SEE_AGENCY, 201);
}

/* Papers of the store are named by the dossier, with the holder's yes in the ledger first; scans
 * become the dossier's. */
static int attach(const struct request *req, struct reply *reply, const struct counter *c,
                  const struct dossier_check *k, const struct files_wanted *want,
                  struct dossier_filing *f)
{
    struct dossier_component *items =
        arena_dup(req->arena, f->components, f->n_components * sizeof(*items));
    int done = 0;
    for (size_t i = 0; i < f->n_components && done == 0; i++) {
        if (k->documents[i])
            done = document_put_in(req, &want->case_id, k->documents[i], &items[i]);
    }
    f->components = items;
    if (done == 0)
        done = dossier_attach(req, reply, want, items, f->n_components);
    if (done == 0 && !reply_is_problem(reply) && k->n_documents > 0)
        done = consent_note_documents_at_desk(req, &c->draft.owner, &want->case_id);
    return done > 0 ? E_UNAVAILABLE : done;
}

static int file(const struct request *req, struct reply *reply, const struct counter *c,
                const struct dossier_check *k, const struct case_world *w)
{
    const char *key = request_header(req, "idempotency-key");
    const struct files_wanted want = {.case_id = dossier_of_key(&req->who.subject, key),
                                      .takes = UPLOAD_ANY};
    struct dossier d;
    size_t n_body = 0;
    const void *body = app_digest_body(req, &n_body);
    dossier_refuse(reply, k);
    if (reply_is_problem(reply))
        return 0;
    if (!k->desk || !k->decider)
        return E_CORRUPT; /* each would have been a fault */
    struct dossier_filing f = filing_of(req, c, k);
    int done = counter_owner(req, c, &f.owner);
    if (done == 0)
        done = attach(req, reply, c, k, &want, &f);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = dossier_file(&app_of(req)->people, &f, key, body, n_body, w, req->arena, &d);
    if (done == DOSSIER_KEY_REUSED)
        return reply_problem(reply, PROBLEM_KEY_REUSED, NULL);
    if (done != 0 && done != DOSSIER_REPEATED)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_filed(req, reply, w, &d);
}

/* STORE_ABSENT: this request has not filed it yet. */
static int filed_before(const struct request *req, struct reply *reply, const struct case_world *w)
{
    const char *key = request_header(req, "idempotency-key");
    struct id id = dossier_of_key(&req->who.subject, key);
    struct dossier d;
    size_t n_body = 0;
    const void *body = app_digest_body(req, &n_body);
    struct store_write write =
        store_write_keyed("dossier.file", &req->who.subject, key, body, n_body);
    int done = dossier_filed_before(app_of(req)->store, &id, &write, req->arena, &d);
    if (done == DOSSIER_KEY_REUSED)
        return reply_problem(reply, PROBLEM_KEY_REUSED, NULL);
    return done == DOSSIER_REPEATED ? reply_filed(req, reply, w, &d) : done;
}

/* --- the routes ------------------------------------------------------------------------------- */

static int check_and(const struct request *req, struct reply *reply, struct app_world *w,
                     int (*then)(const struct request *req, struct reply *reply,
                                 const struct counter *c, const struct dossier_check *k,
                                 const struct case_world *w))
{
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app_of(req)->procedures);
    CLEANUP(json_decrefp) json_t *applicant = json_object();
    struct counter c = {.applicant = applicant};
    struct dossier_check k = {0};
    int done = counter_read(req, reply, book, &c);
    if (done == 0 && !reply_is_problem(reply))
        done = dossier_check(req, &c.source, book, w->catalogue, &k);
    if (done == 0 && !reply_is_problem(reply))
        done = then(req, reply, &c, &k, &w->world);
    json_decref(k.answers);
    return done;
}

static int counter_post(struct request *req, struct reply *reply)
{
    CLEANUP(app_world_release) struct app_world w;
    dossier_world_take(req, &w);
    int done = filed_before(req, reply, &w.world);
    return done == STORE_ABSENT ? check_and(req, reply, &w, file) : done;
}

/* What the store has, for who permits it; that it was shown is in the log of looks. */
static int add_offers(const struct request *req, const struct counter *c,
                      const struct dossier_check *k, json_t *body)
{
    CLEANUP(buf_release) struct buf offers;
    buf_init(&offers, 1 << 20);
    if (id_is_nil(&c->draft.owner))
        return 0;
    int done = app_look(req, &(struct app_look){.person = c->draft.owner, .what = LOOK_DOCUMENT});
    if (done == 0)
        done = documents_add_offers(req, &c->draft.owner, k->procedure, k->needs, k->n_needs,
                                    k->answers, &offers);
    if (done != 0 || offers.failed)
        return done != 0 ? done : E_FULL;
    json_object_set_new(body, "offers", json_loadb(offers.data, offers.len, 0, NULL));
    return 0;
}

static int review(const struct request *req, struct reply *reply, const struct counter *c,
                  const struct dossier_check *k, const struct case_world *w)
{
    (void)w;
    CLEANUP(json_decrefp) json_t *told = dossier_review(req, k);
    int done = add_offers(req, c, k, told);
    if (done != 0)
        return done > 0 ? E_UNAVAILABLE : done;
    reply_header(reply, "cache-control", "no-store");
    return reply_json(reply, 200,
                      json_pack("{s:O, s:O}", "review", told, "applicant", c->applicant));
}

static int review_post(struct request *req, struct reply *reply)
{
    CLEANUP(app_world_release) struct app_world w;
    dossier_world_take(req, &w);
    return check_and(req, reply, &w, review);
}

static const enum problem file_problems[] = {PROBLEM_KEY_MISSING, PROBLEM_KEY_REUSED,
                                             PROBLEM_INVALID, PROBLEM_CONFLICT, PROBLEM_NONE};
static const enum problem review_problems[] = {PROBLEM_INVALID, PROBLEM_NONE};

const struct route desk_counter_routes[] = {
    {.method = POST,
     .path = "/v1/desk/dossiers",
     .operation = "deskDossierFile",
     .summary = "File a dossier for who stands there, or wrote by post; received at once if wanted",
     .tag = "desk",
     .run = counter_post,
     .who = ROLE_OFFICER | ROLE_LEADER,
     .body = BODY_JSON,
     .body_schema = "desk_dossier_new",
     .body_max = 256 * 1024,
     .reply_schema = "Dossier",
     .reply_status = 201,
     .problems = file_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_KEYED},
    {.method = POST,
     .path = "/v1/desk/dossiers/review",
     .operation = "deskDossierReview",
     .summary = "What is not right yet of such a dossier, which papers, which fee, who decides",
     .tag = "desk",
     .run = review_post,
     .who = ROLE_OFFICER | ROLE_LEADER,
     .body = BODY_JSON,
     .body_schema = "desk_dossier_new",
     .body_max = 256 * 1024,
     .reply_schema = "DeskDossierReview",
     .problems = review_problems,
     .rate = RATE_WRITE},
    {0},
};
