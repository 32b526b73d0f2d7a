/*
 * A random walk of 100,000 steps over dossiers: whoever does whatever, whenever. After each step
 * what must always be true is true. TRAM_SEED repeats one.
 */
#include "domain/case/history.h"
#include "tests/unit/domain_dossier/hall.h"

#define STEPS 100000
#define UNDER_WAY 32

struct walk {
    struct hall h;
    uint64_t state;
    struct id ids[UNDER_WAY];
    size_t n;
    uint64_t done, refused, closed, rung, crowded, outcomes[16];
    bool taken[64];
};

/* splitmix64 */
static uint64_t draw(struct walk *w)
{
    uint64_t z = w->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static size_t below(struct walk *w, size_t n)
{
    return (size_t)(draw(w) % n);
}

#define MUST(what)                                                                                 \
    do {                                                                                           \
        if (!(what))                                                                               \
            fail_msg("%s in %s after %s", #what, entity_enum_name(dossier_states, d->head.state),  \
                     last_verb(d));                                                                \
    } while (0)

static const char *last_verb(const struct dossier *d)
{
    const struct case_step *steps = d->head.steps.items;
    return d->head.steps.n > 0 ? steps[d->head.steps.n - 1].verb : "nothing";
}

/* --- what is always true ---------------------------------------------------------------------- */

static void check_clocks(const struct dossier *d)
{
    int wanted = dossier_kind.states[d->head.state].clock;
    const struct case_clock_row *rows = d->head.clocks.items;
    for (size_t i = 0; i < d->head.clocks.n; i++) {
        bool runs = rows[i].state == CLOCK_STATE_RUNNING;
        MUST(runs == (rows[i].name == wanted));
        MUST(wanted || rows[i].state == CLOCK_STATE_STOPPED);
        if (runs)
            MUST(rows[i].due_ms == d->head.due_ms && d->x.due_ms == d->head.due_ms);
    }
    MUST(!wanted || d->head.due_ms > 0);
    MUST(wanted || d->head.due_ms == 0);
    if (wanted == DOSSIER_CLOCK_HANDLE)
        MUST(dossier_appointment(d) == d->head.due_ms);
}

static void check_appointments(const struct dossier *d)
{
    const struct dossier_appointment *told = d->appointments.items;
    for (size_t i = 1; i < d->appointments.n; i++) {
        MUST(told[i].due_ms != told[i - 1].due_ms);
        MUST(told[i].seq >= told[i - 1].seq);
    }
    MUST(d->apologies <= 1);
}

static void check_stages(const struct dossier *d)
{
    const struct dossier_stage *stages = d->stages.items;
    for (size_t i = 0; i < d->stages.n; i++) {
        bool last = i + 1 == d->stages.n;
        MUST(stages[i].agency);
        MUST(stages[i].until_ms ? stages[i].until_ms >= stages[i].from_ms : last);
        MUST(stages[i].until_ms || strcmp(stages[i].agency, d->head.agency) == 0);
    }
    bool ended = d->stages.n == 0 || stages[d->stages.n - 1].until_ms != 0;
    MUST(ended || (d->x.open && !d->finished_ms));
}

static void check_money(const struct dossier *d)
{
    const struct dossier_payment *payments = d->payments.items;
    int64_t paid = 0;
    for (size_t i = 0; i < d->payments.n; i++) {
        MUST(payments[i].amount > 0);
        paid += payments[i].amount;
        for (size_t j = 0; j < i; j++)
            MUST(!id_equal(&payments[i].id, &payments[j].id));
    }
    MUST(paid <= d->fee);
    MUST(dossier_owed(d) == d->fee - paid);
    MUST(d->head.state != DOSSIER_RETURNED || d->head.outcome != DOSSIER_GRANTED ||
         dossier_owed(d) == 0);
}

static void check_results(const struct dossier *d)
{
    const struct dossier_result *results = d->results.items;
    bool granted = d->head.outcome == DOSSIER_GRANTED;
    for (size_t i = 0; i < d->results.n; i++)
        MUST((results[i].state == DOSSIER_VALID) == (results[i].ended_ms == 0));
    MUST(!granted || d->results.n > 0);
    bool over = d->head.state == DOSSIER_FINISHED || !d->x.open;
    MUST(over == (d->head.outcome != 0));
    MUST(over == (d->finished_ms != 0));
}

static void check(struct walk *w, const struct dossier *d)
{
    bool open = dossier_kind.states[d->head.state].open;
    MUST(d->head.agency && d->head.desk && d->head.agency[0]);
    MUST((d->head.closed_ms != 0) == !open);
    MUST(d->x.open == open);
    MUST(history_check(&d->head.steps, &d->head.id) == -1);
    MUST(d->supplements == 0 || d->head.tasks.n > 0);
    MUST(d->rating >= 0 && d->rating <= 5);
    check_clocks(d);
    check_appointments(d);
    check_stages(d);
    check_money(d);
    check_results(d);
    struct dossier_fact fact;
    dossier_project_fact(d, w->h.calendar, &w->h.arena, &fact);
    MUST((fact.open == 1) == (fact.done == 0) && (fact.done == 0) == (fact.done_month == 0));
    MUST(fact.returned.n > 0 || d->supplements == 0);
    MUST(fact.late || d->supplements <= 1);
    MUST(fact.revision == d->head.revision);
}

/* --- what happens ----------------------------------------------------------------------------- */

/* Taken out of the store, with its key: the model looks through all at every read. */
static void retire(struct walk *w, size_t i)
{
    assert_int_equal(store_remove(w->h.store, &dossier_collection, &w->ids[i], -1), 0);
    assert_true(store_remove(w->h.store, &person_key_collection, &w->ids[i], -1) == 0);
    w->ids[i] = w->ids[--w->n];
}

static void step_file(struct walk *w)
{
    struct dossier d;
    if (w->n == UNDER_WAY)
        return;
    hall_file(&w->h, draw(w) % 3 == 0 ? 50000 : 0, &d);
    w->ids[w->n++] = d.head.id;
    check(w, &d);
}

static void step_ring(struct walk *w, const struct id *id)
{
    struct dossier d;
    void *rung = NULL;
    hall_get(&w->h, id, &d);
    hall_settle(&w->h, &d);
    if (!case_alarm_due(&dossier_kind, &d, &w->h.world, &w->h.arena))
        return;
    int done = case_ring_kept(&dossier_kept, w->h.store, id, &w->h.world, &w->h.arena, &rung);
    assert_true(done == 0 || done == CASE_CROWDED);
    w->rung += done == 0;
    hall_get(&w->h, id, &d);
    check(w, &d);
}

/* The first row of the verb that leaves the state: near enough to know that each was taken. */
static void note_taken(struct walk *w, const char *verb, int from, unsigned party)
{
    for (size_t i = 0; i < dossier_kind.n_rows; i++) {
        const struct case_row *row = &dossier_kind.rows[i];
        if (strcmp(row->verb, verb) == 0 && (row->from & (1U << from)) && (row->who & party))
            w->taken[i] = true;
    }
}

static void spoil(struct walk *w, struct dossier_act *deed)
{
    size_t what = below(w, 40);
    if (what == 0)
        deed->act.note = NULL;
    if (what == 1)
        deed->n_components = 0;
    if (what == 2)
        deed->n_results = 0;
    if (what == 3)
        deed->act.amount = (int64_t)below(w, 200000) - 50000;
    if (what == 4)
        deed->act.days = (int64_t)below(w, 2000) - 1000;
    if (what == 5)
        deed->act.officer = (struct id){0};
}

static enum who somebody(struct walk *w)
{
    static const enum who likely[] = {OWNER, DESK_OFFICER, OFFICER, LEADER, LEADER};
    return below(w, 4) ? likely[below(w, ARRAY_LEN(likely))] : (enum who)below(w, WHO_MAX);
}

/* The document that is stored; the caller destroys it. */
static bson_t *stored(struct walk *w, const struct id *id)
{
    bson_t *doc = NULL;
    assert_int_equal(store_get(w->h.store, &dossier_collection, id, &doc), 0);
    return doc;
}

/* What it is afterwards is in *ret. */
static void step_act(struct walk *w, const struct id *id, struct dossier *ret)
{
    CLEANUP(bson_destroyp) bson_t *before = stored(w, id), *after = NULL;
    struct dossier was, d;
    assert_int_equal(dossier_decode(before, &w->h.arena, &was), 0);
    const struct case_row *rows[32];
    enum who who = OWNER;
    unsigned party = 0;
    size_t n = 0;
    for (int i = 0; i < 4 && n == 0; i++) {
        who = somebody(w);
        struct case_actor actor = hall_actor(who);
        party = case_party_of(&was.head, &actor);
        n = case_allowed(&dossier_kind, &was, party, &w->h.world, rows, 32);
    }
    const char *verb = n > 0 && below(w, 10)
                           ? rows[below(w, n)]->verb
                           : dossier_kind.rows[below(w, dossier_kind.n_rows)].verb;
    /* The end comes seldom, so that the ways there are gone. */
    bool ends = strcmp(verb, "stop") == 0 || strcmp(verb, "refuse") == 0;
    *ret = was;
    if (ends && below(w, 4))
        return;
    struct dossier_act deed = hall_deed(&w->h, verb, who);
    deed.payment = hall_id((int)below(w, 8) + 100);
    spoil(w, &deed);
    d = was;
    int done = hall_do(&w->h, &d, &deed);
    after = stored(w, id);
    if (done == 0) {
        assert_int_equal(dossier_decode(after, &w->h.arena, ret), 0);
        check(w, ret);
        w->done++;
        note_taken(w, verb, was.head.state, party);
        return;
    }
    /* Refused: nothing was written, and what was there was checked when it was. */
    w->refused++;
    w->crowded += done == CASE_CROWDED;
    assert_true(done > 0);
    assert_true(bson_equal(before, after));
}

static void step_time(struct walk *w)
{
    static const int64_t leaps[] = {MINUTE, HOUR, 5 * HOUR, DAY, 3 * DAY, 20 * DAY, 40 * DAY};
    w->h.world.now_ms += leaps[below(w, ARRAY_LEN(leaps))];
    for (size_t i = 0; i < w->n; i++)
        step_ring(w, &w->ids[i]);
}

static void step(struct walk *w)
{
    size_t what = below(w, 100);
    if (what < 8 || w->n == 0) {
        step_file(w);
        return;
    }
    if (what < 10) {
        step_time(w);
        return;
    }
    size_t i = below(w, w->n);
    struct dossier d;
    step_act(w, &w->ids[i], &d);
    if (d.head.events.n > 20)
        hall_settle(&w->h, &d);
    if (!d.x.open && below(w, 3) == 0) {
        w->closed++;
        w->outcomes[d.head.outcome]++;
        retire(w, i);
    }
}

static void the_invariants_hold(void **state)
{
    (void)state;
    static struct walk w;
    const char *seed = getenv("TRAM_SEED");
    uint64_t first = seed ? strtoull(seed, NULL, 10) : 20261127;
    w.state = first;
    hall_open(&w.h);
    for (size_t i = 0; i < STEPS; i++) {
        step(&w);
        arena_reset(&w.h.arena);
    }
    printf("seed %llu: %llu steps taken, %llu refused, %llu closed, %llu alarms\n",
           (unsigned long long)first, (unsigned long long)w.done, (unsigned long long)w.refused,
           (unsigned long long)w.closed, (unsigned long long)w.rung);
    for (size_t i = 0; i < dossier_kind.n_rows; i++) {
        if (!w.taken[i] && !(dossier_kind.rows[i].who == PARTY_SYSTEM))
            fail_msg("the walk never took row %zu (%s)", i, dossier_kind.rows[i].verb);
    }
    for (int i = DOSSIER_GRANTED; i <= DOSSIER_HALTED; i++) {
        if (w.outcomes[i] == 0)
            fail_msg("no dossier ended as %s", dossier_outcomes[i].name);
    }
    assert_true(w.rung > 0);
    hall_close(&w.h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_invariants_hold)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
