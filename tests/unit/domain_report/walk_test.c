/*
 * Many reports at once, walked at random by everybody who may and many who may not, under a clock
 * that jumps over deadlines, with a dispatcher that sometimes sleeps and a calendar that changes.
 * After each step what must be true of a report is true. A failure prints the seed; TRAM_WALK_SEED
 * and TRAM_WALK_STEPS walk again.
 */
#include "tests/unit/domain_report/walk.h"

#define SWEEP 20 /* reports that a dispatcher takes at once */

static struct walk walk;

/* --- time, alarms, the dispatcher --------------------------------------------------------------
 */

static void step_time(struct walk *w)
{
    struct report r;
    if (chance(w, 30) && w->n > 0) { /* to the edge of something */
        province_get(&w->p, &w->flights[below(w, w->n)].id, &r);
        int64_t edge = chance(w, 50) ? r.head.due_ms : r.head.next_ms;
        edge += (int64_t)below(w, 3) - 1;
        if (edge > w->p.world.now_ms && edge < w->p.world.now_ms + 2 * DAY)
            w->p.world.now_ms = edge;
    } else {
        static const int64_t most[] = {MINUTE, 20 * MINUTE, 2 * HOUR, 2 * HOUR, DAY};
        w->p.world.now_ms += (int64_t)below(w, (uint64_t)most[below(w, ARRAY_LEN(most))]);
    }
}

static struct flight *flight_of(struct walk *w, const struct id *id)
{
    for (size_t i = 0; i < w->n; i++) {
        if (id_equal(&w->flights[i].id, id))
            return &w->flights[i];
    }
    fail_msg("a report that nobody filed");
    return NULL;
}

/* What the dispatcher does to one: its alarm, its projections, and its events are told. */
static void dispatch_one(struct walk *w, struct report *r)
{
    if (report_alarm_due(r, &w->p.world, &w->p.arena)) {
        struct report rung;
        int done = report_ring(w->p.store, &r->head.id, &w->p.world, &w->p.arena, &rung);
        if (done == 0)
            *r = rung;
        else
            MUST(done == CASE_CROWDED && r->head.events.n > 0);
        w->rung += done == 0;
    }
    if (chance(w, 95)) /* else it was killed here */
        province_dispatch(&w->p, r);
    check_flight(w, flight_of(w, &r->head.id), r);
}

static void step_dispatch(struct walk *w)
{
    if (w->asleep > 0 || chance(w, 1)) {
        w->asleep = w->asleep > 0 ? w->asleep : (int)below(w, 2000);
        return;
    }
    struct store_range past = {.has_high = true, .high = store_int(w->p.world.now_ms + 1)};
    struct store_condition due = {
        .field = "next", .op = STORE_BETWEEN, .ranges = &past, .n_ranges = 1};
    struct store_query q = {.conditions = &due, .n_conditions = 1, .order = "next", .limit = SWEEP};
    struct store_page page;
    assert_int_equal(store_scan(w->p.store, &report_collection, &q, &w->p.arena, &page), 0);
    for (size_t i = 0; i < page.n; i++) {
        struct report r;
        assert_int_equal(report_decode(page.docs[i], &w->p.arena, &r), 0);
        dispatch_one(w, &r);
    }
}

/* Another calendar comes into force; open reports follow it. */
static void step_calendar(struct walk *w)
{
    bool other = w->p.world.calendar == w->calendars[0];
    w->p.world.calendar = w->p.calendar = w->calendars[other];
    bool more = true;
    while (more)
        assert_int_equal(report_recalendar(w->p.store, &w->p.world, 1 + below(w, 30), &more), 0);
    check_all(w);
}

/* --- the walk --------------------------------------------------------------------------------- */

static void step(struct walk *w)
{
    uint64_t at = below(w, 1000);
    w->asleep -= w->asleep > 0;
    if (w->n < FLIGHTS / 2 || at < 60)
        step_file(w);
    else if (at < 800)
        step_act(w);
    else if (at < 880)
        step_time(w);
    else if (at < 998)
        step_dispatch(w);
    else
        step_calendar(w);
    arena_release(&w->p.arena);
}

/* Whatever was left can be brought to its end, be it ever so full, by its holder and the system. */
static enum who holder(const struct report *r)
{
    if (r->head.state == REPORT_NEW || strcmp(r->head.agency, EMPTY) == 0)
        return DISPATCHER;
    if (strcmp(r->head.agency, ALONE) == 0)
        return r->head.state == REPORT_APPROVAL ? DISPATCHER : LONE_OFFICER;
    return strcmp(r->head.agency, THERE) == 0 ? OTHER_LEADER : LEADER;
}

static void finish(struct walk *w, struct flight *f)
{
    static const char *const onward[REPORT_STATES] = {
        [REPORT_NEW] = "dispatch",     [REPORT_DISPATCHED] = "receive",
        [REPORT_RECEIVED] = "answer",  [REPORT_IN_PROGRESS] = "answer",
        [REPORT_APPROVAL] = "approve",
    };
    struct report r;
    for (int i = 0; i < 10; i++) {
        province_get(&w->p, &f->id, &r);
        province_dispatch(&w->p, &r);
        const char *verb = onward[r.head.state];
        if (r.head.state == REPORT_CLOSED)
            break;
        if (verb && r.head.state != REPORT_APPROVAL && strcmp(r.head.agency, EMPTY) == 0)
            verb = r.head.steps.n < CASE_STEPS_MAX ? "recall" : "reject";
        if (verb) {
            province_do(&w->p, &r, verb, holder(&r));
        } else {
            w->p.world.now_ms = r.head.due_ms + 1;
            assert_int_equal(report_ring(w->p.store, &f->id, &w->p.world, &w->p.arena, &r), 0);
        }
        check_flight(w, f, &r);
    }
    assert_int_equal(r.head.state, REPORT_CLOSED);
    arena_release(&w->p.arena);
}

/* The projections are thrown away and made again from nothing but the reports. */
static void rebuild_all(struct walk *w)
{
    for (size_t i = 0; i < w->n; i++) {
        struct report r;
        province_get(&w->p, &w->flights[i].id, &r);
        province_dispatch(&w->p, &r);
        store_remove(w->p.store, &report_public_collection, &r.head.id, -1);
        store_remove(w->p.store, &report_fact_collection, &r.head.id, -1);
        assert_int_equal(report_rebuild(w->p.store, &r, w->p.calendar, NULL, &w->p.arena), 0);
        check_flight(w, &w->flights[i], &r);
    }
}

static void print_seed(void)
{
    fprintf(stderr, "TRAM_WALK_SEED=%llu\n", (unsigned long long)walk.seed);
}

static uint64_t setting(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : fallback;
}

static void begin(enum engine engine, uint64_t seed)
{
    static const char swapped[] =
        "{\"form\":1,\"years\":[2026,2026],\"weekdays\":[1,2,3,4,5],"
        "\"hours\":[[\"07:30\",\"11:30\"],[\"13:00\",\"17:00\"]],"
        "\"holidays\":[{\"date\":\"2026-03-03\",\"name\":\"Nghỉ bù\"},"
        "{\"date\":\"2026-03-05\",\"name\":\"Nghỉ bù\"},"
        "{\"date\":\"2026-03-11\",\"name\":\"Nghỉ bù\"}],"
        "\"working_days\":[{\"date\":\"2026-03-07\",\"name\":\"Làm bù\"}]}";
    struct buf faults;
    buf_init(&faults, 4096);
    walk = (struct walk){.seed = seed, .state = seed};
    print_seed();
    province_open(&walk.p, engine);
    walk.calendars[0] = walk.p.calendar;
    int done = calendar_load(swapped, strlen(swapped), &faults, &walk.calendars[1]);
    if (done != 0)
        fail_msg("%s", faults.data);
    buf_release(&faults);
    memset(long_note, 'n', CASE_NOTE_MAX);
}

static void end(void)
{
    struct walk *w = &walk;
    rebuild_all(w);
    for (size_t i = 0; i < w->n; i++)
        finish(w, &w->flights[i]);
    printf("%llu done, %llu refused, %llu rung, %llu repeated, %llu closed of which %llu full; "
           "at most %llu runs, %llu events, %llu bytes\n",
           (unsigned long long)w->done, (unsigned long long)w->refused, (unsigned long long)w->rung,
           (unsigned long long)w->repeated, (unsigned long long)w->closed,
           (unsigned long long)w->crowded, (unsigned long long)w->most_runs,
           (unsigned long long)w->most_events, (unsigned long long)w->most_bytes);
    w->p.calendar = w->calendars[0];
    calendar_unref(w->calendars[1]);
    province_close(&w->p);
}

static void test_walk_on_the_model(void **state)
{
    (void)state;
    uint64_t steps = setting("TRAM_WALK_STEPS", 100000);
    begin(ENGINE_MODEL, setting("TRAM_WALK_SEED", 20261124));
    for (uint64_t i = 0; i < steps; i++) {
        step(&walk);
        if (i % 2000 == 0)
            check_all(&walk);
    }
    for (size_t i = 0; i < report_kind.n_rows && steps >= 100000; i++) {
        if (!walk.taken[i])
            fail_msg("the walk never took row %zu (%s)", i, report_kind.rows[i].verb);
    }
    for (int i = REPORT_RESOLVED; i <= REPORT_WITHDRAWN && steps >= 100000; i++)
        assert_true(walk.outcomes[i] > 0);
    end();
}

static void test_walk_on_sqlite(void **state)
{
    (void)state;
    uint64_t steps = setting("TRAM_WALK_STEPS", 100000) / 100;
    begin(ENGINE_SQLITE, setting("TRAM_WALK_SEED", 20261124) + 1);
    for (uint64_t i = 0; i < steps; i++) {
        step(&walk);
        if (i % 250 == 0) {
            province_reopen(&walk.p);
            check_all(&walk);
        }
    }
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk_on_the_model),
        cmocka_unit_test(test_walk_on_sqlite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
