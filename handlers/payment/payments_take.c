/* What a provider said becomes money, once; and money is counted in its dossier, or given back. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "handlers/acting.h"
#include "handlers/payment/payments.h"

#define RECONCILE_HOUR_MS (INT64_C(2) * 3600 * 1000) /* of the next day, in +07:00 */
#define RECONCILE_BACK 31                            /* days */
#define RECONCILE_AGAIN_MS (INT64_C(10) * 60 * 1000)
#define ASKED_AT_ONCE 20 /* each is a call that somebody waits for */

/* --- telling ---------------------------------------------------------------------------------- */

/* Of what the dossier is, for who acts for its owner in some procedures alone. */
static int procedure_of(struct app *app, const struct id *dossier, struct arena *a,
                        const char **ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct dossier d;
    *ret = NULL;
    int done = store_get(app->store, &dossier_collection, dossier, &doc);
    if (done == 0)
        done = dossier_decode(doc, a, &d);
    if (done == 0)
        *ret = arena_strdup(a, d.procedure);
    return done < 0 ? done : 0;
}

/* What its owner is told of money in a state: words before the amount, before the number of the
 * dossier, behind it, and behind the paper or the reason. */
struct telling {
    const char *what, *words[2][4];
};
static const struct telling told_refunded = {
    "refunded",
    {{"Cơ quan đã hoàn trả ", " đồng đã nộp cho hồ sơ ", ". Chứng từ: ", "."},
     {"", " đồng paid for dossier ", " were given back: ", "."}}};
static const struct telling told_retained = {
    "refund_refused",
    {{"", " đồng đã nộp cho hồ sơ ", " không được hoàn trả. Lý do: ", ""},
     {"", " đồng paid for dossier ", " are not given back: ", ""}}};
static const struct telling told_unserved = {
    "to_refund",
    {{"Hồ sơ kết thúc mà không được giải quyết: ", " đồng bạn nộp cho hồ sơ ",
      " đang được cơ quan xem xét hoàn trả.", ""},
     {"The dossier ended without a decision: whether ", " đồng that you paid for dossier ",
      " are given back is being looked at.", ""}}};
static const struct telling told_to_refund = {
    "to_refund",
    {{"", " đồng bạn nộp cho hồ sơ ", " không còn phải nộp và sẽ được hoàn trả.", ""},
     {"", " đồng that you paid for dossier ", " were no longer due and will be given back.", ""}}};

static const struct telling *telling_of(const struct money *m)
{
    if (m->state == MONEY_REFUNDED)
        return &told_refunded;
    if (m->state == MONEY_RETAINED)
        return &told_retained;
    if (m->state != MONEY_TO_REFUND)
        return NULL;
    return m->reason == MONEY_UNSERVED ? &told_unserved : &told_to_refund;
}

static const char *words_of(const struct telling *t, enum language l, const struct money *m,
                            const char *amount, struct arena *a)
{
    const char *const *w = t->words[l];
    const char *end = m->state == MONEY_RETAINED ? m->refund_note : m->refund_reference;
    return arena_printf(a, "%s%s%s%s%s%s%s", w[0], amount, w[1], m->number ? m->number : "", w[2],
                        end ? end : "", w[3]);
}

/* Once for each state and amount; the dossier itself tells of what was counted. */
static int tell_owner(struct app *app, const struct money *m, const struct telling *t,
                      int64_t now_ms, struct arena *a)
{
    char amount[MONEY_TEXT];
    const char *procedure = NULL;
    money_format(m->state == MONEY_RETAINED ? m->counted : m->refund, amount);
    const struct id_part parts[] = {
        {m->id.bytes, 16}, {&m->state, sizeof(m->state)}, {amount, strlen(amount)}};
    const struct push_account_notice notice = {
        .id = id_v8("money.notice", parts, ARRAY_LEN(parts)),
        .recipient = m->owner,
        .what = t->what,
        .agency = m->agency,
        .subject = "dossier",
        .about = m->dossier,
        .number = m->number,
        .text_vi = words_of(t, LANGUAGE_VI, m, amount, a),
        .text_en = words_of(t, LANGUAGE_EN, m, amount, a),
    };
    int done = procedure_of(app, &m->dossier, a, &procedure);
    return done < 0 ? done : app_tell_owner(app, &notice, SCOPE_DOSSIERS, procedure, now_ms, a);
}

int payments_settle(struct app *app, const struct id *id, int64_t now_ms, struct arena *a)
{
    struct money m;
    CLEANUP(app_world_release) struct app_world w;
    app_world_open(app, now_ms, &w);
    w.world.settings = &app->dossier;
    int done = money_settle(app->store, id, &w.world, a, &m);
    const struct telling *t = done == 0 && m.next_ms ? telling_of(&m) : NULL;
    if (t && !id_is_nil(&m.owner))
        done = tell_owner(app, &m, t, now_ms, a);
    return t && done == 0 ? money_owner_told(app->store, &m) : done;
}

/* --- taking ----------------------------------------------------------------------------------- */

static int take_one(struct app *app, const struct money_told *told, int64_t now_ms, struct arena *a)
{
    struct money m;
    int done = money_take(app->store, told, now_ms, a, &m);
    if (done < 0)
        return done;
    if (done == STORE_REPEATED && m.amount != told->amount)
        log_event(LOG_WARN, "a transaction is told with another amount", NULL);
    if (done == 0 && m.reason == MONEY_NO_ORDER)
        log_event(LOG_WARN, "money came that belongs to no order", NULL);
    if (m.next_ms) {
        /* It is stored: what fails now is done by the sweep. */
        int settled = payments_settle(app, &m.id, now_ms, a);
        if (settled < 0)
            log_event(LOG_WARN, "money was taken and waits to be counted", "why",
                      result_words(settled), NULL);
    }
    return 0;
}

int payments_take(struct app *app, const struct pay_told *told, int64_t now_ms, struct arena *a)
{
    int done = 0;
    for (size_t i = 0; i < told->n && done == 0; i++)
        done = take_one(app, &told->transactions[i], now_ms, a);
    if (done != 0 || id_is_nil(&told->order))
        return done;
    /* A transaction says more than a word. */
    const struct payment_news news = {.state = told->n > 0 ? PAYMENT_PAID : told->state,
                                      .asked_ms = now_ms};
    struct payment p;
    done = payment_note(app->store, &told->order, &news, a, &p);
    return done == STORE_ABSENT ? 0 : done;
}

/* --- asking ----------------------------------------------------------------------------------- */

/* The provider never heard of it, and nobody can be paying it any more. */
static int forget(struct app *app, const struct payment *p, int64_t now_ms, struct arena *a)
{
    struct payment after;
    struct payment_news news = {.asked_ms = now_ms};
    if (now_ms > p->expires_ms)
        news.state = PAYMENT_EXPIRED;
    int done = payment_note(app->store, &p->id, &news, a, &after);
    return done == STORE_ABSENT ? 0 : done;
}

int payments_ask(struct app *app, const struct payment *p, int64_t now_ms, struct arena *a)
{
    struct pay_told told;
    int done = app->pay->adapter->query(app->pay, &p->id, a, &told);
    if (done == PAY_NONE)
        return forget(app, p, now_ms, a);
    if (done == 0 && told.unreadable > 0)
        log_event(LOG_WARN, "the payment provider tells of a transaction that cannot be read",
                  NULL);
    return done == 0 ? payments_take(app, &told, now_ms, a) : done;
}

/* --- the sweep -------------------------------------------------------------------------------- */

/* One that is away is asked again at the next sweep: those that were not reached are still due. */
static int sweep_orders(struct app *app, int64_t now_ms, struct arena *a)
{
    struct payment *due = NULL;
    size_t n = 0;
    int done = payment_due(app->store, now_ms, ASKED_AT_ONCE, a, &due, &n);
    for (size_t i = 0; i < n && done == 0; i++) {
        const struct payment_news over = {.state = PAYMENT_EXPIRED};
        struct payment after;
        if (now_ms > due[i].created_ms + app->pay->patience_ms) {
            done = payment_note(app->store, &due[i].id, &over, a, &after);
            continue;
        }
        done = payment_claim(app->store, &due[i], app->pay->ask_after_ms, now_ms);
        if (done == 0)
            done = payments_ask(app, &due[i], now_ms, a);
        else if (done == STORE_UNCHANGED || done == STORE_ABSENT)
            done = 0; /* another node's */
        if (done == PAY_STRANGE || done == PAY_REFUSED) {
            log_event(LOG_WARN, "the payment provider does not tell of an order", NULL);
            done = 0;
        }
    }
    return done;
}

/* One that fails does not keep the others back. */
static int sweep_money(struct app *app, int64_t now_ms, size_t max, struct arena *a)
{
    struct id *due = NULL;
    size_t n = 0;
    int done = money_due(app->store, now_ms, max, a, &due, &n), failed = 0;
    for (size_t i = 0; i < n && done >= 0; i++) {
        int one = payments_settle(app, &due[i], now_ms, a);
        failed = one < 0 ? one : failed;
    }
    return done < 0 ? done : failed;
}

static bool go_on(void *ctx, const char *step, int64_t done, int64_t total)
{
    (void)ctx, (void)step, (void)done, (void)total;
    return true;
}

/*
 * Days that are over, whose lists the provider has, and that are not held against them yet, newest
 * first: yesterday, and those behind one that was (the program or the provider was away).
 */
static int days_wanted(struct app *app, int64_t yesterday, struct arena *a,
                       int64_t ret[RECONCILE_BACK], size_t *ret_n)
{
    size_t n = 0;
    *ret_n = 0;
    for (int64_t day = yesterday; day > yesterday - RECONCILE_BACK; day--) {
        struct money_day d;
        int done = money_day_get(app->store, app->pay->adapter->name, day, a, &d);
        if (done < 0)
            return done;
        if (done == 0 && !d.unfinished &&
            d.made_ms >= clock_day_start_ms(day + 1) + RECONCILE_HOUR_MS)
            *ret_n = n;
        else
            ret[n++] = day;
    }
    if (*ret_n == 0 && n > 0 && ret[0] == yesterday)
        *ret_n = 1;
    return 0;
}

static int sweep_days(struct app *app, int64_t now_ms, struct arena *a)
{
    int64_t today = clock_day_number(now_ms - RECONCILE_HOUR_MS), days[RECONCILE_BACK];
    size_t n = 0;
    if (now_ms < app->reconcile_ms)
        return 0;
    app->reconcile_ms = now_ms + RECONCILE_AGAIN_MS;
    int done = days_wanted(app, today - 1, a, days, &n);
    /* A list that is not as it should be does not keep those of other days back. */
    for (size_t i = 0; i < n && done >= 0 && done != PAY_AWAY; i++) {
        struct money_day d;
        done = payments_reconcile(app, days[i], true, go_on, NULL, a, &d);
        if (done == 0 && d.missing_here + d.missing_there + d.differing + d.unreadable > 0)
            log_event(LOG_WARN, "the payment provider's list differs from ours", "date", d.date,
                      NULL);
    }
    return done;
}

/* Each of the three, whatever comes of the others. */
int payments_sweep(struct app *app, int64_t now_ms, size_t max)
{
    struct arena a;
    arena_init(&a);
    int done[3] = {sweep_money(app, now_ms, max, &a)}, failed = 0;
    if (app->pay) {
        done[1] = sweep_orders(app, now_ms, &a);
        done[2] = sweep_days(app, now_ms, &a);
    }
    for (size_t i = 0; i < ARRAY_LEN(done); i++) {
        failed = done[i] < 0 ? done[i] : failed;
        if (done[i] > 0)
            log_event(LOG_WARN, "the payment provider does not answer as it should", NULL);
    }
    arena_release(&a);
    return failed;
}
