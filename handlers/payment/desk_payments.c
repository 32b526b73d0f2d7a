/* Money that is to be given back, and days that were reconciled: for desks, inspectors and the
 * operator. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "handlers/admin/admin.h"
#include "handlers/cases.h"
#include "handlers/payment/payments.h"

#define DAYS_SHOWN 31

/* --- lists ------------------------------------------------------------------------------------ */

static int show_money(const struct request *req, const bson_t *doc, unsigned see, struct buf *out)
{
    struct money m;
    int done = money_decode(doc, req->arena, &m);
    if (done == 0)
        payments_add(req, &money_entity, &m, &m.id, see, out);
    return done;
}

static int show_staff(const struct request *req, const bson_t *doc, struct buf *out)
{
    return show_money(req, doc, SEE_STAFF, out);
}

static int show_admin(const struct request *req, const bson_t *doc, struct buf *out)
{
    return show_money(req, doc, SEE_ADMIN, out);
}

static void filter_state(const struct request *req, struct filter *f)
{
    const char *state = request_query(req, "state");
    filter_is(f, "state", store_text(state ? state : money_states[MONEY_TO_REFUND].name));
}

static int money_get_desk(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    const char *agency = cases_agency_asked(req);
    if (agency)
        filter_is(&f, "agency", store_text(agency));
    filter_state(req, &f);
    return cases_reply_rows(req, reply, &money_collection, &f, "paid", false, show_staff);
}

static int money_get_admin(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    filter_state(req, &f);
    return cases_reply_rows(req, reply, &money_collection, &f, "paid", false, show_admin);
}

/* --- giving back ------------------------------------------------------------------------------ */

/* `r` brings the paper by which it was given back, or none: it is kept. */
static int settle(struct request *req, struct reply *reply, struct money_refund *r, unsigned see)
{
    struct app *app = app_of(req);
    struct id id;
    struct money m;
    const char *key = request_header(req, "idempotency-key");
    const struct store_write write =
        key ? store_write_keyed(r->reference ? "money.refund" : "money.retain", &req->who.subject,
                                key, req->bytes, req->n_bytes)
            : store_write_fresh();
    r->by = req->who.subject;
    r->note = app_text(req, "note");
    r->now_ms = req->now_ms;
    int done = request_param_id(req, "id", &id)
                   ? money_refund(app->store, &id, r, &write, req->arena, &m)
                   : STORE_ABSENT;
    if (done == MONEY_SETTLED)
        return reply_problem(reply, PROBLEM_NOT_TO_REFUND, NULL);
    if (done != 0 && done != STORE_REPEATED)
        return app_reply_store(reply, done);
    if (m.next_ms) {
        int told = payments_settle(app, &id, req->now_ms, req->arena);
        if (told < 0)
            log_event(LOG_WARN, "who is given money back is told later", "why", result_words(told),
                      NULL);
    }
    return payments_reply(req, reply, &money_entity, &m, &m.id, see, 200);
}

static int refund(struct request *req, struct reply *reply, const char *agency, unsigned see)
{
    struct money_refund r = {.agency = agency, .reference = app_text(req, "reference")};
    if (!r.reference)
        return reply_invalid(reply, "/reference", "Cần số chứng từ hoàn trả",
                             "The paper by which it was given back is needed");
    return settle(req, reply, &r, see);
}

static int refund_post(struct request *req, struct reply *reply)
{
    return refund(req, reply, req->who.agency, SEE_AGENCY);
}

static int refund_post_admin(struct request *req, struct reply *reply)
{
    return refund(req, reply, NULL, SEE_ADMIN);
}

static int retain_post(struct request *req, struct reply *reply)
{
    struct money_refund r = {.agency = req->who.agency};
    if (!app_text(req, "note"))
        return reply_invalid(reply, "/note", "Cần nêu lý do không hoàn trả",
                             "Say why it is not given back");
    return settle(req, reply, &r, SEE_AGENCY);
}

/* --- days ------------------------------------------------------------------------------------- */

static int show_day(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct money_day d = {0};
    int done = entity_decode(&money_day_entity, doc, req->arena, &d);
    d.differences.n = 0; /* for the day's own page */
    if (done == 0)
        entity_json(&money_day_entity, &d, SEE_INSPECTOR, out);
    return done;
}

static int days_get(struct request *req, struct reply *reply)
{
    struct store_query q = {
        .order = "day", .descending = true, .limit = app_limit(req, DAYS_SHOWN, 200)};
    struct store_page page;
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    int done = store_scan(app_of(req)->store, &money_day_collection, &q, req->arena, &page);
    return done != 0 ? done : app_reply_page(req, reply, &page, show_day);
}

static int day_get(struct request *req, struct reply *reply)
{
    const struct pay *pay = app_of(req)->pay;
    struct money_day d;
    int64_t day = 0;
    if (!pay || !clock_day_parse(request_param(req, "date"), &day))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = money_day_get(app_of(req)->store, pay->adapter->name, day, req->arena, &d);
    if (done != 0)
        return app_reply_store(reply, done);
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 512 * 1024);
    entity_json(&money_day_entity, &d, SEE_INSPECTOR, &out);
    return out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

/* --- the operator's reconciliation ------------------------------------------------------------ */

struct reconciling {
    struct app *app;
    int64_t day;
    bool take;
};

static bool tell_job(void *ctx, const char *step, int64_t done, int64_t total)
{
    job_tell(ctx, step, done, total > done ? total : done);
    return !job_stopped(ctx);
}

static int reconcile_run(struct job *job, void *ctx)
{
    const struct reconciling *r = ctx;
    struct money_day d;
    struct arena a;
    CLEANUP(buf_release) struct buf out = {0};
    arena_init(&a);
    buf_init(&out, 512 * 1024);
    int done = payments_reconcile(r->app, r->day, r->take, tell_job, job, &a, &d);
    if (done == 0) {
        entity_json(&money_day_entity, &d, SEE_ADMIN, &out);
        job_result(job, out.failed ? NULL : json_loadb(out.data, out.len, 0, NULL));
    }
    arena_release(&a);
    return done > 0 ? E_UNAVAILABLE : done;
}

static int reconcile_post(struct request *req, struct reply *reply)
{
    const char *date = json_string_value(json_object_get(req->json, "date"));
    struct id id;
    int64_t day = 0;
    if (!app_of(req)->pay)
        return reply_problem(reply, PROBLEM_PAY_COUNTER, NULL);
    if (!clock_day_parse(date, &day) || day > clock_day_number(req->now_ms))
        return reply_invalid(reply, "/date", "Ngày không có, hoặc chưa đến",
                             "There is no such day, or it has not come");
    struct reconciling *r = calloc(1, sizeof(*r));
    if (!r)
        return E_NOMEM;
    *r = (struct reconciling){app_of(req), day, json_is_true(json_object_get(req->json, "take"))};
    int done = jobs_start(app_of(req)->jobs, "reconcile", reconcile_run, r, free, &id);
    return admin_reply_started(req, reply, done, &id);
}

/* --- the table -------------------------------------------------------------------------------- */

#define STATE                                                                                      \
    {                                                                                              \
        "state", "{\"enum\":[\"taken\",\"counted\",\"to_refund\",\"refunded\",\"retained\"]}",     \
            "to_refund if it is not said"                                                          \
    }
#define AGENCY                                                                                     \
    {                                                                                              \
        "agency", "{\"type\":\"string\",\"maxLength\":35}", "Code; officers and leaders: theirs"   \
    }

static const struct route_param desk_params[] = {STATE, AGENCY, {0}};
static const struct route_param admin_params[] = {STATE, {0}};
static const enum problem refund_problems[] = {PROBLEM_NOT_FOUND,     PROBLEM_INVALID,
                                               PROBLEM_NOT_TO_REFUND, PROBLEM_KEY_MISSING,
                                               PROBLEM_KEY_REUSED,    PROBLEM_NONE};
static const enum problem read_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem job_problems[] = {PROBLEM_IN_PROGRESS, PROBLEM_INVALID,
                                            PROBLEM_PAY_COUNTER, PROBLEM_NONE};

const struct route desk_payment_routes[] = {
    {.method = GET,
     .path = "/v1/desk/payments",
     .operation = "deskPayments",
     .summary = "What was paid online, by what became of it: first what is to be given back",
     .tag = "desk",
     .run = money_get_desk,
     .who = ROLE_OFFICER | ROLE_LEADER | ROLE_INSPECTOR,
     .reply_schema = "StaffMoneyPage",
     .params = desk_params,
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = POST,
     .path = "/v1/desk/payments/{id}/refund",
     .operation = "deskRefund",
     .summary = "It was given back, and by what paper",
     .tag = "desk",
     .run = refund_post,
     .who = ROLE_LEADER,
     .body = BODY_JSON,
     .body_schema = "refund",
     .reply_schema = "StaffMoney",
     .problems = refund_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_KEYED},
    {.method = POST,
     .path = "/v1/desk/payments/{id}/retain",
     .operation = "deskRetain",
     .summary = "It is not given back though the dossier ended without a decision, and why",
     .tag = "desk",
     .run = retain_post,
     .who = ROLE_LEADER,
     .body = BODY_JSON,
     .body_schema = "retain",
     .reply_schema = "StaffMoney",
     .problems = refund_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_KEYED},
    {.method = GET,
     .path = "/v1/desk/payment-days",
     .operation = "deskPaymentDays",
     .summary = "Days that were held against the provider's list, latest first",
     .tag = "desk",
     .run = days_get,
     .who = ROLE_INSPECTOR,
     .reply_schema = "MoneyDayPage",
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/desk/payment-days/{date}",
     .operation = "deskPaymentDay",
     .summary = "What differed on a day: missing here, missing there, another amount",
     .tag = "desk",
     .run = day_get,
     .who = ROLE_INSPECTOR,
     .reply_schema = "MoneyDay",
     .problems = read_problems,
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/admin/payments",
     .operation = "adminPayments",
     .summary = "What was paid online, by what became of it",
     .tag = "admin",
     .run = money_get_admin,
     .who = ROLE_OPERATOR,
     .reply_schema = "AdminMoneyPage",
     .params = admin_params,
     .rate = RATE_NONE,
     .flags = ROUTE_ADMIN | ROUTE_PAGED},
    {.method = POST,
     .path = "/v1/admin/payments/{id}/refund",
     .operation = "adminRefund",
     .summary = "It was given back: also what belongs to no order",
     .tag = "admin",
     .run = refund_post_admin,
     .who = ROLE_OPERATOR,
     .body = BODY_JSON,
     .body_schema = "refund",
     .reply_schema = "AdminMoney",
     .problems = refund_problems,
     .rate = RATE_NONE,
     .flags = ROUTE_ADMIN},
    {.method = POST,
     .path = "/v1/admin/payments/reconcile",
     .operation = "adminReconcile",
     .summary = "Hold a day against the provider's list",
     .tag = "admin",
     .run = reconcile_post,
     .who = ROLE_OPERATOR,
     .body = BODY_JSON,
     .body_schema = "reconcile",
     .reply_schema = "AdminJob",
     .reply_status = 202,
     .problems = job_problems,
     .rate = RATE_NONE,
     .flags = ROUTE_ADMIN},
    {0},
};
