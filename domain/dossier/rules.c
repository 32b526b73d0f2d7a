/* What rows of the table (transitions.c) ask first and do last; each is pure but for the record.
 * What they do with papers: rules_papers.c. */
#include <string.h>

#include "base/result.h"
#include "domain/dossier/private.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define APOLOGY_DAYS_MAX 365

int64_t dossier_owed(const struct dossier *d)
{
    const struct dossier_payment *payments = d->payments.items;
    int64_t paid = 0;
    for (size_t i = 0; i < d->payments.n; i++)
        paid += payments[i].amount;
    return d->fee > paid ? d->fee - paid : 0;
}

bool dossier_unserved(const struct dossier *d)
{
    return d->head.outcome && !dossier_kind.states[d->head.state].open &&
           d->head.outcome != DOSSIER_GRANTED && d->head.outcome != DOSSIER_DENIED;
}

int64_t dossier_due(const struct dossier *d)
{
    return dossier_unserved(d) ? 0 : dossier_owed(d);
}

bool dossier_holds_back(const struct dossier *d)
{
    return d->head.outcome == DOSSIER_GRANTED && dossier_owed(d) > 0;
}

int dossier_percent(int state)
{
    static const int percent[DOSSIER_STATES] = {
        [DOSSIER_SUBMITTED] = 10,   [DOSSIER_RECEIVED] = 25,   [DOSSIER_REFUSED] = 100,
        [DOSSIER_IN_PROGRESS] = 50, [DOSSIER_SUPPLEMENT] = 40, [DOSSIER_FEE] = 60,
        [DOSSIER_WITHDRAWING] = 50, [DOSSIER_STOPPED] = 100,   [DOSSIER_FINISHED] = 90,
        [DOSSIER_RETURNED] = 100,   [DOSSIER_PAUSED] = 50,
    };
    return state > 0 && state < DOSSIER_STATES ? percent[state] : 0;
}

/* --- guards ----------------------------------------------------------------------------------- */

int dossier_if_first_supplement(const void *record, const struct case_act *act,
                                const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct dossier *)record)->supplements == 0 ? 0 : 1;
}

int dossier_if_owed(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return dossier_owed(record) > 0 ? 0 : 1;
}

int dossier_if_settles(const void *record, const struct case_act *act, const struct case_world *w)
{
    int skip = dossier_if_owed(record, act, w);
    return skip ? skip : act->amount < dossier_owed(record);
}

int dossier_if_may_apologise(const void *record, const struct case_act *act,
                             const struct case_world *w)
{
    (void)act;
    const struct dossier *d = record;
    return d->apologies == 0 && d->head.due_ms && w->now_ms + DAY_MS <= d->head.due_ms ? 0 : 1;
}

int dossier_if_not_rated(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct dossier *)record)->rating ? 1 : 0;
}

/* --- effects: on the way ---------------------------------------------------------------------- */

int dossier_do_receive(void *record, struct case_act *act, const struct case_world *w,
                       struct arena *a)
{
    struct dossier *d = record;
    if (!d->decider)
        return E_UNAVAILABLE; /* nobody would be responsible */
    if (d->head.agency && strcmp(d->head.agency, d->decider) != 0)
        case_hold(&d->head, d->decider);
    act->agency = d->decider;
    struct case_clock clock;
    if (case_clock_get(&d->head, DOSSIER_CLOCK_HANDLE, &clock))
        d->received_ms = clock.started_ms;
    dossier_accept_given(d, act, w);
    dossier_stage_begin(d, "officer", w, a);
    return 0;
}

int dossier_do_refuse(void *record, struct case_act *act, const struct case_world *w,
                      struct arena *a)
{
    (void)a;
    struct dossier *d = record;
    d->decision = act->note;
    d->finished_ms = w->now_ms;
    if (d->payments.n > 0)
        d->keep_ms = w->now_ms; /* what was paid follows */
    return 0;
}

int dossier_do_assign(void *record, struct case_act *act, const struct case_world *w,
                      struct arena *a)
{
    struct dossier *d = record;
    d->head.officer = id_is_nil(&act->officer) ? act->by : act->officer;
    dossier_stage_begin(d, "officer", w, a);
    return 0;
}

int dossier_do_transfer(void *record, struct case_act *act, const struct case_world *w,
                        struct arena *a)
{
    struct dossier *d = record;
    if (d->head.agency && strcmp(d->head.agency, act->agency) == 0)
        return dossier_lacks(act, "/agency");
    case_hold(&d->head, act->agency);
    dossier_stage_begin(d, "officer", w, a);
    return 0;
}

int dossier_do_propose(void *record, struct case_act *act, const struct case_world *w,
                       struct arena *a)
{
    (void)act;
    dossier_stage_begin(record, "leader", w, a);
    return 0;
}

int dossier_do_send_back(void *record, struct case_act *act, const struct case_world *w,
                         struct arena *a)
{
    (void)act;
    dossier_stage_begin(record, "officer", w, a);
    return 0;
}

int dossier_do_apologise(void *record, struct case_act *act, const struct case_world *w,
                         struct arena *a)
{
    (void)a;
    struct dossier *d = record;
    int64_t more = act->days;
    if (more < 1 || more > APOLOGY_DAYS_MAX)
        return dossier_lacks(act, "/days");
    case_extend_days(&d->head, DOSSIER_CLOCK_HANDLE, more, w->now_ms);
    d->apologies++;
    return 0;
}

/* --- effects: money --------------------------------------------------------------------------- */

int dossier_do_ask_fee(void *record, struct case_act *act, const struct case_world *w,
                       struct arena *a)
{
    (void)w, (void)a;
    struct dossier *d = record;
    int64_t amount = act->amount;
    if (amount < 1 || amount > DOSSIER_AMOUNT_MAX || d->payments.n >= DOSSIER_PAYMENTS_MAX)
        return dossier_lacks(act, "/amount");
    int64_t paid = d->fee - dossier_owed(d);
    d->fee = paid + amount;
    return 0;
}

/* One payment is counted once, however often it is told. */
int dossier_do_pay(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    struct dossier *d = record;
    const struct dossier_act *o = dossier_own(act);
    const struct dossier_payment *old = d->payments.items;
    for (size_t i = 0; i < d->payments.n; i++) {
        if (id_equal(&old[i].id, &o->payment))
            return STORE_UNCHANGED;
    }
    /* The last that there is room for must be the rest. */
    bool fits = d->payments.n + 1 < DOSSIER_PAYMENTS_MAX ||
                (d->payments.n < DOSSIER_PAYMENTS_MAX && act->amount == dossier_owed(d));
    if (act->amount < 1 || act->amount > dossier_owed(d) || !fits)
        return dossier_lacks(act, "/amount");
    struct dossier_payment *payments = arena_array(a, d->payments.n + 1, sizeof(*payments));
    if (d->payments.n > 0)
        memcpy(payments, old, d->payments.n * sizeof(*payments));
    payments[d->payments.n] = (struct dossier_payment){.id = o->payment,
                                                       .amount = act->amount,
                                                       .at_ms = o->paid_ms ? o->paid_ms : w->now_ms,
                                                       .way = o->way,
                                                       .reference = o->reference};
    d->payments = (struct entity_list){payments, d->payments.n + 1};
    if (d->results.n > 0)
        d->keep_ms = w->now_ms; /* what was granted is theirs once it is paid */
    return 0;
}

/* --- effects: the end ------------------------------------------------------------------------- */

int dossier_do_stop(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)a;
    struct dossier *d = record;
    if (act->reason && strcmp(act->reason, "untrue") == 0)
        dossier_reject_all(d, w);
    if (d->payments.n > 0)
        d->keep_ms = w->now_ms; /* what was paid follows */
    dossier_stage_end(d, w->now_ms);
    if (!d->finished_ms)
        d->finished_ms = w->now_ms;
    d->decision = act->note;
    return 0;
}

static void add_results(struct dossier *d, const struct dossier_act *o, int64_t now_ms,
                        struct arena *a)
{
    size_t n = d->results.n + o->n_results;
    struct dossier_result *results = arena_array(a, n, sizeof(*results));
    if (d->results.n > 0)
        memcpy(results, d->results.items, d->results.n * sizeof(*results));
    for (size_t i = 0; i < o->n_results; i++) {
        struct dossier_result *r = &results[d->results.n + i];
        *r = o->results[i];
        r->state = DOSSIER_VALID;
        r->issued_ms = now_ms;
        r->ended_ms = 0;
    }
    d->results = (struct entity_list){results, n};
}

static void end_results(struct dossier *d, int state, int64_t now_ms)
{
    struct dossier_result *results = d->results.items;
    for (size_t i = 0; i < d->results.n; i++) {
        if (results[i].state != DOSSIER_VALID)
            continue;
        results[i].state = state;
        results[i].ended_ms = now_ms;
    }
}

static int conclude(struct dossier *d, const struct case_act *act, const struct case_world *w,
                    struct arena *a)
{
    dossier_stage_end(d, w->now_ms);
    add_results(d, dossier_own(act), w->now_ms, a);
    d->finished_ms = w->now_ms;
    d->decision = act->note;
    return 0;
}

int dossier_do_finish(void *record, struct case_act *act, const struct case_world *w,
                      struct arena *a)
{
    struct dossier *d = record;
    if (dossier_own(act)->n_results == 0)
        return dossier_lacks(act, "/results");
    dossier_accept_given(d, act, w);
    return conclude(d, act, w, a);
}

int dossier_do_deny(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    return conclude(record, act, w, a);
}

int dossier_if_result_holds(const void *record, const struct case_act *act,
                            const struct case_world *w)
{
    (void)act, (void)w;
    const struct dossier *d = record;
    const struct dossier_result *results = d->results.items;
    bool holds = d->results.n == 0; /* a denial goes out without one */
    for (size_t i = 0; i < d->results.n; i++)
        holds |= results[i].state == DOSSIER_VALID;
    return holds ? 0 : 1;
}

int dossier_if_result_gone(const void *record, const struct case_act *act,
                           const struct case_world *w)
{
    return dossier_if_result_holds(record, act, w) == 0 ? 1 : 0;
}

int dossier_if_paid(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return dossier_holds_back(record) ? 1 : 0;
}

int dossier_do_post(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)w, (void)a;
    struct dossier *d = record;
    if (!dossier_own(act)->reference)
        return dossier_lacks(act, "/reference");
    d->posted = dossier_own(act)->reference;
    return 0;
}

int dossier_do_remind(void *record, struct case_act *act, const struct case_world *w,
                      struct arena *a)
{
    (void)act, (void)w, (void)a;
    ((struct dossier *)record)->reminders++;
    return 0;
}

int dossier_do_replace(void *record, struct case_act *act, const struct case_world *w,
                       struct arena *a)
{
    struct dossier *d = record;
    if (dossier_own(act)->n_results == 0 ||
        d->results.n + dossier_own(act)->n_results > DOSSIER_RESULTS_MAX)
        return dossier_lacks(act, "/results");
    end_results(d, DOSSIER_REPLACED, w->now_ms);
    add_results(d, dossier_own(act), w->now_ms, a);
    d->keep_ms = w->now_ms;
    return 0;
}

int dossier_do_revoke(void *record, struct case_act *act, const struct case_world *w,
                      struct arena *a)
{
    (void)act, (void)a;
    struct dossier *d = record;
    end_results(d, DOSSIER_REVOKED, w->now_ms);
    d->keep_ms = w->now_ms;
    return 0;
}

int dossier_do_rate(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)w, (void)a;
    struct dossier *d = record;
    d->rating = act->rating;
    d->rating_note = act->note;
    return 0;
}

/* --- places ----------------------------------------------------------------------------------- */

enum case_place dossier_place_assign(const void *record, bool mine)
{
    (void)mine;
    return id_is_nil(&((const struct dossier *)record)->head.officer) ? CASE_USUAL : CASE_ASIDE;
}

/* By who has it, until it lies with the leader. */
enum case_place dossier_place_propose(const void *record, bool mine)
{
    return mine && !dossier_is_to_sign(record) ? CASE_FORTH : CASE_ASIDE;
}

enum case_place dossier_place_send_back(const void *record, bool mine)
{
    (void)mine;
    return dossier_is_to_sign(record) ? CASE_USUAL : CASE_ASIDE;
}

enum case_place dossier_place_post(const void *record, bool mine)
{
    (void)mine;
    const struct dossier *d = record;
    return d->fetch && strcmp(d->fetch, "post") == 0 ? CASE_FORTH : CASE_USUAL;
}

/* Until another takes its place, whoever waits for a result that was revoked gets none. */
enum case_place dossier_place_replace(const void *record, bool mine)
{
    (void)mine;
    return dossier_if_result_holds(record, NULL, NULL) == 0 ? CASE_ASIDE : CASE_FORTH;
}
