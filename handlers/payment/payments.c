/* Paying a fee online: begin, look, check, receipt; and what the provider tells by itself. */
#include "handlers/payment/payments.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "handlers/dossier/dossiers.h"

#define CHECK_PAUSE_MS 3000 /* an order is not asked about more often */
#define RETRY_S "30"

int payments_reply_pay(struct reply *reply, int outcome)
{
    if (outcome < 0)
        return outcome;
    reply_header(reply, "retry-after", RETRY_S);
    return reply_problem(reply, PROBLEM_PAY_AWAY, NULL);
}

/* --- begin ------------------------------------------------------------------------------------ */

void payments_add(const struct request *req, const struct entity *e, const void *record,
                  const struct id *id, unsigned see, struct buf *out)
{
    bool first = false;
    buf_printf(out, "{\"id\":\"%s\"", app_id_text(req, id));
    entity_json_members(e, record, see, &first, out);
    buf_add_char(out, '}');
}

int payments_reply(const struct request *req, struct reply *reply, const struct entity *e,
                   const void *record, const struct id *id, unsigned see, int status)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 16 * 1024);
    payments_add(req, e, record, id, see, &out);
    reply_header(reply, "cache-control", "no-store");
    return out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
}

/* The dossier of the request, if the caller may see it; a problem is answered where not. */
static int dossier_of(struct request *req, struct reply *reply, bool reads_only,
                      struct dossier *ret, unsigned *ret_see)
{
    int done = dossier_principal(req, reply, reads_only);
    return done == 0 && !reply_is_problem(reply) ? dossier_for(req, reply, ret, ret_see) : done;
}

static int reply_payment(const struct request *req, struct reply *reply, const struct payment *p,
                         unsigned see, int status)
{
    return payments_reply(req, reply, &payment_entity, p, &p->id, see, status);
}

/* Made known to the provider: the same order there, however often this is done. */
static int make_known(const struct request *req, struct payment *p)
{
    const struct pay *pay = app_of(req)->pay;
    const struct pay_order order = {.id = p->id,
                                    .number = p->number,
                                    .amount = p->amount,
                                    .expires_ms = p->expires_ms,
                                    .language = req->language == LANGUAGE_EN ? "en" : "vi"};
    struct pay_link link = {0};
    if (p->state != PAYMENT_CREATED)
        return 0;
    if (req->now_ms >= p->expires_ms) {
        /* Its key was sent again after its time: the provider may have heard of it then. */
        int asked = payments_ask(app_of(req), p, req->now_ms, req->arena);
        return asked == 0 ? payment_get(app_of(req)->store, &p->id, req->arena, p) : asked;
    }
    int done = pay->adapter->create(pay, &order, req->arena, &link);
    const struct payment_news news = {
        .state = PAYMENT_OPEN, .reference = link.reference, .url = link.url};
    return done == 0 ? payment_note(app_of(req)->store, &p->id, &news, req->arena, p) : done;
}

static int begin_post(struct request *req, struct reply *reply)
{
    struct app *app = app_of(req);
    struct dossier d = {0};
    struct payment p;
    unsigned see = 0;
    int done = dossier_of(req, reply, false, &d, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!app->pay)
        return reply_problem(reply, PROBLEM_PAY_COUNTER, NULL);
    const struct payment_asking asking = {.dossier = &d,
                                          .actor = req->who.subject,
                                          .provider = app->pay->adapter->name,
                                          .key = request_header(req, "idempotency-key"),
                                          .life_ms = app->pay->life_ms,
                                          .ask_after_ms = app->pay->ask_after_ms,
                                          .now_ms = req->now_ms};
    done = payment_begin(app->store, &asking, req->arena, &p);
    if (done == PAYMENT_NOTHING_OWED)
        return reply_problem(reply, PROBLEM_NOTHING_OWED, NULL);
    if (done == PAYMENT_FULL)
        return reply_problem(reply, PROBLEM_PAY_COUNTER, NULL);
    if (done == 0)
        done = make_known(req, &p);
    return done == 0 ? reply_payment(req, reply, &p, SEE_OWNER, 201)
                     : payments_reply_pay(reply, done);
}

/* --- look ------------------------------------------------------------------------------------- */

/* {"owed", "online", "orders", "money"}. */
static int add_all(const struct request *req, const struct dossier *d, unsigned see,
                   struct buf *out)
{
    const struct app *app = app_of(req);
    struct payment *orders = NULL;
    struct money *money = NULL;
    size_t n_orders = 0, n_money = 0;
    int done = payment_list(app->store, &d->head.id, req->arena, &orders, &n_orders);
    if (done == 0)
        done = money_list(app->store, &d->head.id, req->arena, &money, &n_money);
    if (done != 0)
        return done;
    buf_printf(out, "{\"owed\":%lld,\"online\":%s,\"orders\":[", (long long)dossier_due(d),
               app->pay && payment_possible(d) ? "true" : "false");
    for (size_t i = 0; i < n_orders; i++) {
        buf_add_str(out, i ? "," : "");
        payments_add(req, &payment_entity, &orders[i], &orders[i].id, see, out);
    }
    buf_add_str(out, "],\"money\":[");
    for (size_t i = 0; i < n_money; i++) {
        buf_add_str(out, i ? "," : "");
        payments_add(req, &money_entity, &money[i], &money[i].id, see, out);
    }
    buf_add_str(out, "]}");
    return 0;
}

static int list_get(struct request *req, struct reply *reply)
{
    struct dossier d = {0};
    unsigned see = 0;
    int done = dossier_of(req, reply, true, &d, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 512 * 1024);
    done = add_all(req, &d, see, &out);
    if (done != 0)
        return done;
    reply_header(reply, "cache-control", "no-store");
    return out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

/* Somebody came back from the provider's page, perhaps before its callback. */
static int check_post(struct request *req, struct reply *reply)
{
    struct app *app = app_of(req);
    struct dossier d = {0};
    struct payment p;
    struct id id;
    unsigned see = 0;
    int done = dossier_of(req, reply, true, &d, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = request_param_id(req, "payment", &id) ? payment_get(app->store, &id, req->arena, &p)
                                                 : STORE_ABSENT;
    if (done == STORE_ABSENT || (done == 0 && !id_equal(&p.dossier, &d.head.id)))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    bool open = done == 0 && p.state != PAYMENT_PAID;
    if (open && app->pay && req->now_ms >= p.asked_ms + CHECK_PAUSE_MS) {
        done = payments_ask(app, &p, req->now_ms, req->arena);
        if (done == 0)
            done = payment_get(app->store, &id, req->arena, &p);
    }
    return done == 0 ? reply_payment(req, reply, &p, see, 200) : payments_reply_pay(reply, done);
}

/* --- the receipt ------------------------------------------------------------------------------ */

/* To whom it is made out, as they applied. An office sees it with the dossier, where it is
 * recorded. */
static int payer_of(const struct request *req, const struct dossier *d, const char **ret)
{
    const char *text = NULL;
    struct json_fault fault;
    CLEANUP(json_decrefp) json_t *json = NULL;
    *ret = NULL;
    if (req->who.role != ROLE_CITIZEN)
        return 0;
    int done = dossier_applicant(&app_of(req)->people, d, req->arena, &text);
    if (done == PERSON_ERASED)
        return 0;
    if (done == 0 && text && json_read(text, strlen(text), &json, &fault) == 0) {
        const char *name = json_string_value(json_object_get(json, "name"));
        *ret = name ? arena_strdup(req->arena, name) : NULL;
    }
    return done > 0 ? E_UNAVAILABLE : done;
}

static json_t *receipt_json(const struct request *req, const struct dossier *d,
                            const struct dossier_payment *paid, const char *payer)
{
    char words[MONEY_WORDS], at[CLOCK_TEXT];
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app_of(req)->procedures);
    const struct procedure *procedure = procedure_version(book, d->procedure, d->version);
    const char *desk = d->head.desk ? d->head.desk : d->head.agency;
    const struct agency *agency = desk ? catalogue_agency(c, desk) : NULL;
    return json_pack(
        "{s:s, s:s, s:s, s:s*, s:s*, s:s*, s:s*, s:I, s:s, s:s, s:s, s:s*}", "id",
        app_id_text(req, &paid->id), "number", d->head.number, "procedure", d->procedure,
        "procedure_name", procedure ? procedure->name : NULL, "agency", desk, "agency_name",
        agency ? agency->name : NULL, "payer", payer, "amount", (json_int_t)paid->amount,
        "amount_words", money_words(paid->amount, words), "at", clock_format(paid->at_ms, at),
        "way", entity_enum_name(dossier_payment_ways, paid->way), "reference", paid->reference);
}

static int receipt_get(struct request *req, struct reply *reply)
{
    struct dossier d = {0};
    struct id id;
    unsigned see = 0;
    const char *payer = NULL;
    int done = dossier_of(req, reply, true, &d, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    const struct dossier_payment *payments = d.payments.items, *paid = NULL;
    bool named = request_param_id(req, "payment", &id);
    for (size_t i = 0; i < d.payments.n && named; i++)
        paid = id_equal(&payments[i].id, &id) ? &payments[i] : paid;
    if (!paid)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = payer_of(req, &d, &payer);
    reply_header(reply, "cache-control", "no-store");
    return done == 0 ? reply_json(reply, 200, receipt_json(req, &d, paid, payer)) : done;
}

/* --- the callback ----------------------------------------------------------------------------- */

static const char *header_of(const void *ctx, const char *name)
{
    return request_header(ctx, name);
}

/* 204 only when all of it is stored: until then the provider tells it again. */
static int callback_post(struct request *req, struct reply *reply)
{
    struct app *app = app_of(req);
    struct pay_told told;
    const struct pay_notice notice = {.method = "POST",
                                      .path = req->path,
                                      .body = req->bytes,
                                      .n = req->n_bytes,
                                      .now_ms = req->now_ms,
                                      .header = header_of,
                                      .ctx = req};
    if (!app->pay)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = app->pay->adapter->callback(app->pay, &notice, req->arena, &told);
    if (done == PAY_FORGED)
        return reply_problem(reply, PROBLEM_SIGNATURE, NULL);
    if (done > 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, NULL);
    if (done == 0)
        done = payments_take(app, &told, req->now_ms, req->arena);
    if (done == 0 && told.unreadable > 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, NULL);
    return done == 0 ? reply_empty(reply, 204) : done;
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem begin_problems[] = {PROBLEM_NOT_FOUND,    PROBLEM_KEY_MISSING,
                                              PROBLEM_NOTHING_OWED, PROBLEM_PAY_COUNTER,
                                              PROBLEM_PAY_AWAY,     PROBLEM_NONE};
static const enum problem check_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_PAY_AWAY, PROBLEM_NONE};
static const enum problem read_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem callback_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_SIGNATURE,
                                                 PROBLEM_BAD_REQUEST, PROBLEM_NONE};

const struct route payment_routes[] = {
    {.method = POST,
     .path = "/v1/dossiers/{id}/payments",
     .operation = "paymentBegin",
     .summary = "Set out to pay what is owed: where to pay it",
     .tag = "dossiers",
     .run = begin_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "Payment",
     .reply_status = 201,
     .problems = begin_problems,
     .rate = RATE_WRITE,
     .lane = LANE_OUTSIDE,
     .flags = ROUTE_ACTING | ROUTE_KEYED},
    {.method = GET,
     .path = "/v1/dossiers/{id}/payments",
     .operation = "paymentList",
     .summary = "What is owed, orders to pay, and what was paid",
     .tag = "dossiers",
     .run = list_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .level = LEVEL_TWO,
     .reply_schema = "PaymentList",
     .problems = read_problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {.method = POST,
     .path = "/v1/dossiers/{id}/payments/{payment}/check",
     .operation = "paymentCheck",
     .summary = "Ask the provider whether it is paid; for who comes back from its page",
     .tag = "dossiers",
     .run = check_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "Payment",
     .problems = check_problems,
     .rate = RATE_WRITE,
     .lane = LANE_OUTSIDE,
     .flags = ROUTE_ACTING},
    {.method = GET,
     .path = "/v1/dossiers/{id}/receipts/{payment}",
     .operation = "receiptGet",
     .summary = "The receipt of a payment that is counted, online or at the counter",
     .tag = "dossiers",
     .run = receipt_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .level = LEVEL_TWO,
     .reply_schema = "Receipt",
     .problems = read_problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {.method = POST,
     .path = "/v1/payments/callback",
     .operation = "paymentCallback",
     .summary = "The payment provider tells of an order; signed by it",
     .tag = "payments",
     .run = callback_post,
     .who = ROLE_ANYONE,
     .body = BODY_BYTES,
     .body_type = "application/json",
     .reply_status = 204,
     .problems = callback_problems,
     .rate = RATE_READ},
    {0},
};
