/* The calendar changes while reports are open: what is due follows, once, and wherever it stopped.
 */
#include "domain/calendar/calendar.h"
#include "tests/unit/domain_report/invariants.h"

static struct province p;
static struct calendar *plain, *tuesday_off;

static struct calendar *with_holiday(const char *date)
{
    struct buf faults;
    struct calendar *c = NULL;
    char text[512];
    buf_init(&faults, 4096);
    snprintf(text, sizeof(text),
             "{\"form\":1,\"years\":[2026,2026],\"weekdays\":[1,2,3,4,5],"
             "\"hours\":[[\"07:30\",\"11:30\"],[\"13:00\",\"17:00\"]],"
             "\"holidays\":[{\"date\":\"%s\",\"name\":\"Nghỉ bù\"}],\"working_days\":[]}",
             date);
    if (calendar_load(text, strlen(text), &faults, &c) != 0)
        fail_msg("%s", faults.data);
    buf_release(&faults);
    return c;
}

static int open_on(enum engine engine)
{
    province_open(&p, engine);
    plain = p.calendar;
    tuesday_off = with_holiday("2026-03-03");
    p.world.now_ms = province_monday_ms() + DAY; /* Tuesday 3 March, 09:00 */
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    return open_on(ENGINE_MODEL);
}

static int set_up_sqlite(void **state)
{
    (void)state;
    return open_on(ENGINE_SQLITE);
}

static int tear_down(void **state)
{
    (void)state;
    p.calendar = plain;
    province_close(&p);
    calendar_unref(tuesday_off);
    return 0;
}

static void use(struct calendar *c)
{
    p.world.calendar = p.calendar = c;
}

static void sweep(size_t max)
{
    bool more = true;
    while (more)
        assert_int_equal(report_recalendar(p.store, &p.world, max, &more), 0);
}

/* --- one report, purely ----------------------------------------------------------------------- */

static void test_budgets_are_picked_anew_as_of_their_start(void **state)
{
    (void)state;
    struct report r;
    province_file(&p, 0, &r);
    int64_t filed = p.world.now_ms;
    province_settle(&p, &r);
    assert_int_equal(r.head.due_ms, filed + 4 * HOUR);
    assert_false(case_recalendar(&report_kind, &r, &p.world, &p.arena)); /* the same calendar */

    use(tuesday_off);
    p.world.now_ms += DAY; /* the day of the start decides, not today */
    int64_t revision = r.head.revision;
    assert_true(case_recalendar(&report_kind, &r, &p.world, &p.arena));
    assert_int_equal(r.head.due_ms, filed + 24 * HOUR);
    assert_int_equal(r.head.revision, revision + 1);
    assert_int_equal(r.head.events.n, 1);
    assert_int_equal(((const struct case_event *)r.head.events.items)->type, EVENT_PROJECT);
    assert_false(case_recalendar(&report_kind, &r, &p.world, &p.arena)); /* once */

    use(plain);
    assert_true(case_recalendar(&report_kind, &r, &p.world, &p.arena));
    assert_int_equal(r.head.due_ms, filed + 4 * HOUR);
}

static void test_extensions_and_pauses_stay(void **state)
{
    (void)state;
    struct report r;
    province_file(&p, 0, &r);
    int64_t filed = p.world.now_ms;
    province_do(&p, &r, "receive", OFFICER);
    province_do(&p, &r, "extend", LEADER); /* 90 minutes */
    p.world.now_ms += HOUR;
    province_do(&p, &r, "ask", OFFICER);
    p.world.now_ms += 3 * HOUR;
    province_settle(&p, &r);
    use(tuesday_off);
    assert_true(case_recalendar(&report_kind, &r, &p.world, &p.arena));
    assert_int_equal(province_clock(&r, REPORT_CLOCK_RESPONSE)->budget, 24 * HOUR + 90 * MINUTE);
    assert_int_equal(province_clock(&r, REPORT_CLOCK_SUPPLY)->budget, 72 * HOUR);
    struct report_act deed = province_deed(&p, "supply", OWNER);
    deed.act.party = PARTY_OWNER;
    assert_int_equal(case_apply(&report_kind, &r, &deed.act, &p.world, &p.arena), 0);
    assert_int_equal(r.head.due_ms, filed + 24 * HOUR + 90 * MINUTE + 3 * HOUR);
}

/* It rang as late; by the new calendar it is in time, and rings again when that is over. */
static void test_alarms_that_rang_too_early_ring_again(void **state)
{
    (void)state;
    struct report r;
    province_file(&p, 0, &r);
    p.world.now_ms = r.head.due_ms + 1;
    assert_int_equal(report_ring(p.store, &r.head.id, &p.world, &p.arena, &r), 0);
    province_dispatch(&p, &r);
    assert_true(province_clock(&r, REPORT_CLOCK_RESPONSE)->late_ms > 0);
    use(tuesday_off);
    assert_true(case_recalendar(&report_kind, &r, &p.world, &p.arena));
    assert_int_equal(province_clock(&r, REPORT_CLOCK_RESPONSE)->late_ms, 0);
    assert_int_equal(province_clock(&r, REPORT_CLOCK_RESPONSE)->warned_ms, 0);
    struct report_fact fact;
    report_project_fact(&r, p.calendar, &p.arena, &fact);
    assert_false(fact.late);
    r.head.events.n = 0;
    case_recompute(&report_kind, &r.head, p.calendar, &p.world, &p.arena);
    assert_int_equal(r.head.next_ms, r.head.due_ms - 6 * HOUR); /* the warning, of 24 h */

    /* The other way round it is late at once, and the next look says so. */
    use(plain);
    assert_true(case_recalendar(&report_kind, &r, &p.world, &p.arena));
    assert_true(report_alarm_due(&r, &p.world, &p.arena));
    assert_int_equal(case_ring(&report_kind, &r, &p.world, &p.arena), 0);
    assert_true(province_clock(&r, REPORT_CLOCK_RESPONSE)->late_ms > 0);
}

/* What is done stays as it was judged. */
static void test_clocks_that_are_done_stay(void **state)
{
    (void)state;
    struct report r;
    province_file(&p, 0, &r);
    province_do(&p, &r, "receive", OFFICER);
    province_do(&p, &r, "answer", OFFICER);
    use(tuesday_off);
    assert_false(case_recalendar(&report_kind, &r, &p.world, &p.arena));
    assert_int_equal(province_clock(&r, REPORT_CLOCK_RESPONSE)->budget, 4 * HOUR);
    province_do(&p, &r, "close", OFFICER);
    assert_false(case_recalendar(&report_kind, &r, &p.world, &p.arena));
}

/* --- all of them, in the store ---------------------------------------------------------------- */

#define REPORTS 60

struct crowd {
    struct id ids[REPORTS];
    int64_t filed[REPORTS];
};

/* In every state, filed through the day. */
static void file_crowd(struct crowd *c)
{
    for (int i = 0; i < REPORTS; i++) {
        struct report r;
        c->filed[i] = p.world.now_ms;
        province_reach(&p, 0, 1 + i % REPORT_CLOSED, &r);
        province_dispatch(&p, &r);
        c->ids[i] = r.head.id;
        p.world.now_ms += MINUTE;
    }
}

/* Where an office's clock runs, by which calendar. */
static void expect_due(const struct crowd *c, int i, bool off)
{
    struct report r;
    province_get(&p, &c->ids[i], &r);
    check_report(&p, &r);
    int64_t budget =
        r.head.state == REPORT_NEW ? (off ? 12 * HOUR : 2 * HOUR) : (off ? 24 * HOUR : 4 * HOUR);
    if (r.x.duty)
        assert_int_equal(r.head.due_ms, c->filed[i] + budget);
    if (r.head.state == REPORT_WAITING) {
        assert_int_equal(r.head.due_ms, c->filed[i] + 72 * HOUR);
        assert_int_equal(province_clock(&r, REPORT_CLOCK_RESPONSE)->budget, budget);
    }
    if (r.head.state == REPORT_ANSWERED)
        assert_int_equal(r.head.due_ms, c->filed[i] + 7 * DAY);
    province_dispatch(&p, &r);
    check_projections(&p, &r);
}

static int64_t revisions(const struct crowd *c)
{
    int64_t sum = 0;
    for (int i = 0; i < REPORTS; i++) {
        struct report r;
        province_get(&p, &c->ids[i], &r);
        sum += r.head.revision;
    }
    return sum;
}

/* How many open reports the calendar in use would move; nothing is written. */
static int64_t would_move(void)
{
    struct case_moved sum = {0};
    uint64_t writes = store_generation(p.store, &report_collection);
    assert_int_equal(case_recalendar_count(&report_kept, p.store, &p.world, 1000, &sum), 0);
    assert_true(store_generation(p.store, &report_collection) == writes);
    assert_false(sum.more);
    assert_true(sum.looked >= sum.moved);
    return sum.moved;
}

static void test_the_sweep_finds_all_and_writes_each_once(void **state)
{
    (void)state;
    static struct crowd crowd;
    file_crowd(&crowd);
    sweep(200);
    int64_t before = revisions(&crowd);
    assert_int_equal(would_move(), 0);
    use(tuesday_off);
    int64_t told = would_move();
    sweep(7);
    int changed = 0;
    for (int i = 0; i < REPORTS; i++) {
        expect_due(&crowd, i, true);
        int at = 1 + i % REPORT_CLOSED;
        changed += at != REPORT_ANSWERED && at != REPORT_CLOSED;
    }
    assert_int_equal(revisions(&crowd), before + changed);
    assert_int_equal(told, changed);
    assert_int_equal(would_move(), 0);
    uint64_t writes = store_generation(p.store, &report_collection);
    sweep(7);
    assert_int_equal(store_generation(p.store, &report_collection), writes);
    use(plain);
    sweep(200);
    for (int i = 0; i < REPORTS; i++)
        expect_due(&crowd, i, false);
}

static void test_the_sweep_goes_on_where_it_was_interrupted(void **state)
{
    (void)state;
    static struct crowd crowd;
    bool more = false;
    file_crowd(&crowd);
    int64_t before = revisions(&crowd);
    use(tuesday_off);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(report_recalendar(p.store, &p.world, 5, &more), 0);
        assert_true(more);
        province_reopen(&p);
    }
    int64_t halfway = revisions(&crowd);
    assert_true(halfway > before && halfway <= before + 15);
    sweep(5);
    for (int i = 0; i < REPORTS; i++)
        expect_due(&crowd, i, true);
    assert_true(revisions(&crowd) > halfway);

    /* Halfway through, yet another calendar: it begins again for that one. */
    use(plain);
    assert_int_equal(report_recalendar(p.store, &p.world, 20, &more), 0);
    assert_true(more);
    use(tuesday_off);
    sweep(20);
    for (int i = 0; i < REPORTS; i++)
        expect_due(&crowd, i, true);
}

/* A request that held the old calendar stored its report after the sweep had passed. */
static void test_the_second_round_finds_who_came_late(void **state)
{
    (void)state;
    struct report r;
    use(tuesday_off);
    sweep(10);
    use(plain);
    province_file(&p, 0, &r);
    int64_t filed = p.world.now_ms;
    province_settle(&p, &r);
    use(tuesday_off);
    sweep(10);
    province_get(&p, &r.head.id, &r);
    assert_int_equal(r.head.due_ms, filed + 4 * HOUR);
    p.world.now_ms += 10 * MINUTE;
    sweep(10);
    province_get(&p, &r.head.id, &r);
    assert_int_equal(r.head.due_ms, filed + 24 * HOUR);
    uint64_t writes = store_generation(p.store, &report_collection);
    p.world.now_ms += DAY;
    sweep(10);
    assert_int_equal(store_generation(p.store, &report_collection), writes);
}

static void test_changed_figures_are_followed_too(void **state)
{
    (void)state;
    struct report r;
    province_file(&p, 0, &r);
    int64_t filed = p.world.now_ms;
    province_settle(&p, &r);
    sweep(10);
    p.figures.response.working_day_ms = 6 * HOUR;
    sweep(10);
    province_get(&p, &r.head.id, &r);
    assert_int_equal(r.head.due_ms, filed + 6 * HOUR);
}

/* As a program stored it that did not derive `turn` yet. */
static int without_turn(struct store_edit *edit, void *ctx)
{
    (void)ctx;
    bson_iter_t it;
    bson_t all, x, kept = BSON_INITIALIZER;
    uint32_t n = 0;
    const uint8_t *data = NULL;
    assert_true(bson_iter_init_find(&it, edit->before, "x"));
    bson_iter_document(&it, &n, &data);
    assert_true(bson_init_static(&x, data, n));
    bson_copy_to_excluding_noinit(&x, &kept, "turn", (char *)NULL);
    assert_int_equal(bson_count_keys(&kept) + 1, bson_count_keys(&x));
    bson_init(&all);
    bson_copy_to_excluding_noinit(edit->before, &all, "_id", "form", "version", "writes", "x",
                                  (char *)NULL);
    bson_concat(edit->after, &all);
    BSON_APPEND_DOCUMENT(edit->after, "x", &kept);
    bson_destroy(&all);
    bson_destroy(&kept);
    return 0;
}

static int64_t turn_of(const struct id *id)
{
    struct report r;
    province_get(&p, id, &r);
    return r.x.turn;
}

static void test_what_a_newer_program_derives_reaches_older_reports(void **state)
{
    (void)state;
    struct report r;
    province_file(&p, 0, &r);
    province_settle(&p, &r);
    int64_t turn = turn_of(&r.head.id);
    assert_true(turn > 0);
    assert_int_equal(
        store_change(p.store, &report_collection, &r.head.id, NULL, without_turn, NULL, NULL), 0);
    assert_int_equal(turn_of(&r.head.id), 0);
    sweep(10);
    assert_int_equal(turn_of(&r.head.id), turn);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
#define SQLITE_TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up_sqlite, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_budgets_are_picked_anew_as_of_their_start),
        TEST(test_extensions_and_pauses_stay),
        TEST(test_alarms_that_rang_too_early_ring_again),
        TEST(test_clocks_that_are_done_stay),
        TEST(test_the_sweep_finds_all_and_writes_each_once),
        SQLITE_TEST(test_the_sweep_finds_all_and_writes_each_once),
        TEST(test_the_sweep_goes_on_where_it_was_interrupted),
        SQLITE_TEST(test_the_sweep_goes_on_where_it_was_interrupted),
        TEST(test_the_second_round_finds_who_came_late),
        TEST(test_changed_figures_are_followed_too),
        TEST(test_what_a_newer_program_derives_reaches_older_reports),
        SQLITE_TEST(test_what_a_newer_program_derives_reaches_older_reports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
