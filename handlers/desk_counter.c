/* A dossier for who stands at a desk, or wrote by post: filed by the officer, seen by them later.
 */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "domain/org/org.h"
#include "domain/org/tax_code.h"
#include "domain/person/at_desk.h"
#include "domain/person/card.h"
#include "domain/person/card_text.h"
#include "handlers/cases.h"
#include "handlers/dossiers.h"

struct counter {
    struct draft draft; /* in memory alone: what dossier_check looks at */
    struct dossier_source source;
    int channel;       /* enum dossier_channel */
    json_t *applicant; /* words; the caller releases it */
    const char *card;  /* of who applies, or who does so for an organisation */
    const char *tax_code;
};

/* --- who applies ------------------------------------------------------------------------------ */

static const char *member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void put(json_t *words, const char *name, const char *value)
{
    if (value && value[0])
        json_object_set_new(words, name, json_string(value));
}

static int this_year(const struct request *req)
{
    return clock_date_of_day(clock_day_number(req->now_ms)).year;
}

/* What the scan says stands where nothing was typed; two numbers are a mistake. */
static void read_scan(const struct request *req, struct reply *reply, const json_t *body,
                      struct card_text *t)
{
    const char *scan = member(body, "scan"), *card = member(body, "card");
    *t = (struct card_text){0};
    if (scan && !card_text_read(scan, this_year(req), req->arena, t))
        reply_invalid(reply, "/applicant/scan", "Không đọc được mã QR của thẻ căn cước",
                      "This is not the text of a card's QR code");
    else if (scan && card && strcmp(card, t->card) != 0)
        reply_invalid(reply, "/applicant/card", "Số căn cước khác với mã QR đã quét",
                      "The card number is not that of the code which was scanned");
    if (card)
        t->card = card;
    if (member(body, "name"))
        t->name = member(body, "name");
    if (member(body, "birth"))
        t->birth = member(body, "birth");
    if (member(body, "address"))
        t->address = member(body, "address");
}

static void read_phone(struct reply *reply, const json_t *body, json_t *words)
{
    char phone[PERSON_PHONE_TEXT];
    const char *typed = member(body, "phone");
    if (!typed)
        return;
    if (phone_parse(typed, phone))
        put(words, "phone", phone);
    else
        reply_invalid(reply, "/applicant/phone", "Số điện thoại không đúng",
                      "This is not a telephone number");
}

/* An organisation applies; the person of the card does so for it. */
static void read_organisation(const struct request *req, struct reply *reply, const json_t *body,
                              const struct card_text *t, struct counter *ret)
{
    const json_t *o = json_object_get(body, "organisation");
    if (!o)
        return;
    bool household = strcmp(member(o, "kind"), "household") == 0;
    ret->draft.subject = household ? DOSSIER_HOUSEHOLD : DOSSIER_ENTERPRISE;
    ret->tax_code = member(o, "tax_code");
    if (tax_code_check(ret->tax_code, this_year(req)) == TAX_CODE_NONE)
        reply_invalid(reply, "/applicant/organisation/tax_code", "Mã số thuế không đúng",
                      "This is not a tax code");
    put(ret->applicant, "name", member(o, "name"));
    put(ret->applicant, "tax_code", ret->tax_code);
    put(ret->applicant, "by", member(body, "by") ? member(body, "by") : t->name);
}

static void read_applicant(const struct request *req, struct reply *reply, struct counter *ret)
{
    const json_t *body = json_object_get(req->json, "applicant");
    struct card_text t;
    read_scan(req, reply, body, &t);
    if (reply_is_problem(reply))
        return;
    int born = 0;
    int64_t day = 0;
    if (t.birth && clock_day_parse(t.birth, &day))
        born = clock_date_of_day(day).year;
    if (card_check(t.card, born, this_year(req)) != CARD_SOUND)
        reply_invalid(reply, "/applicant/card", "Không phải số căn cước, hoặc không khớp năm sinh",
                      "Not a card number, or not that of somebody born then");
    ret->card = t.card;
    put(ret->applicant, "name", t.name);
    put(ret->applicant, "card", t.card);
    put(ret->applicant, "birth", t.birth);
    put(ret->applicant, "address", t.address);
    put(ret->applicant, "email", member(body, "email"));
    put(ret->applicant, "by", member(body, "by"));
    read_phone(reply, body, ret->applicant);
    read_organisation(req, reply, body, &t, ret);
}

/* Whose it is: the organisation, where it is confirmed here; else the person of the card. */
static int owner_of(const struct request *req, const struct counter *c, struct id *ret)
{
    const struct people *people = &app_of(req)->people;
    struct organisation o;
    struct person person;
    int done = STORE_ABSENT;
    if (c->tax_code) {
        *ret = org_id(people, c->tax_code);
        done = org_get(app_of(req)->store, ret, req->arena, &o);
        if (done < 0 || (done == 0 && o.state == ORG_CONFIRMED))
            return done;
    }
    done = person_at_desk(people, c->card, req->now_ms, req->arena, &person);
    *ret = person.id;
    return done > 0 ? E_UNAVAILABLE : done;
}

/* --- what is handed in ------------------------------------------------------------------------ */

static struct text_words exemptions_of(const struct request *req)
{
    const json_t *list = json_object_get(req->json, "exemptions");
    size_t n = json_array_size(list);
    const char **items = arena_array(req->arena, n, sizeof(*items));
    for (size_t i = 0; i < n; i++)
        items[i] = json_string_value(json_array_get(list, i));
    return (struct text_words){.items = items, .n = n};
}

static int read_body(const struct request *req, struct reply *reply,
                     const struct procedure_book *book, struct counter *ret)
{
    const json_t *form = json_object_get(req->json, "form");
    const struct procedure *p = procedure_at(book, member(req->json, "procedure"), req->now_ms);
    struct dossier_component *components = NULL;
    size_t n = 0, n_form = 0;
    if (!p)
        return reply_invalid(reply, "/procedure", "Không có thủ tục mang mã này đang có hiệu lực",
                             "No procedure of this code is in force");
    ret->channel = entity_enum_value(dossier_channels, member(req->json, "channel"));
    ret->draft = (struct draft){.procedure = p->code,
                                .version = p->version,
                                .subject = DOSSIER_CITIZEN,
                                .desk = req->who.agency,
                                .fetch = member(req->json, "fetch"),
                                .exemptions = exemptions_of(req)};
    read_applicant(req, reply, ret);
    if (!(p->applicant_mask & 1U << ret->draft.subject))
        reply_invalid(reply, "/procedure", "Thủ tục này không dành cho đối tượng này",
                      "This procedure is not for such applicants");
    int done = dossier_read_components(req, reply, NULL, &components, &n);
    ret->draft.components = (struct entity_list){components, n};
    ret->source = (struct dossier_source){
        .draft = &ret->draft,
        .channel = ret->channel == DOSSIER_BY_POST ? PROCEDURE_POST : PROCEDURE_IN_PERSON,
        .commune = member(req->json, "commune"),
    };
    if (form)
        ret->source.answers = json_canonical(req->arena, form, &n_form);
    if (n_form > DOSSIER_FORM_MAX)
        reply_invalid(reply, "/form", "Tờ khai quá dài", "The form is too long");
    return done;
}

/* --- filing ----------------------------------------------------------------------------------- */

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
        .card = person_contact_of_card(&app_of(req)->people, c->card),
        .time_unit = (int)k->unit,
        .time = k->time,
        .fee = k->bill.total,
        .fetch = c->draft.fetch,
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
                                                     .lacks = act.act.lacks},
                               done);
}

static int reply_filed(const struct request *req, struct reply *reply, const struct case_world *w,
                       struct dossier *d)
{
    int done = json_is_true(json_object_get(req->json, "receive")) ? receive(req, reply, w, d) : 0;
    if (done != 0 || reply_is_problem(reply))
        return done;
    reply_header(reply, "location",
                 arena_printf(req->arena, "/v1/dossiers/%s", app_id_text(req, &d->head.id)));
    return dossier_reply(req, reply, d, SEE_AGENCY, 201);
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
    int done = owner_of(req, c, &f.owner);
    if (done == 0)
        done = dossier_attach(req, reply, &want, f.components, f.n_components);
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
    int done = read_body(req, reply, book, &c);
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

static int review(const struct request *req, struct reply *reply, const struct counter *c,
                  const struct dossier_check *k, const struct case_world *w)
{
    (void)w;
    reply_header(reply, "cache-control", "no-store");
    return reply_json(
        reply, 200,
        json_pack("{s:o, s:O}", "review", dossier_review(req, k), "applicant", c->applicant));
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
