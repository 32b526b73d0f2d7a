/* The clocks of QĐ 17/2022/QĐ-UBND, from filing to closing, and what a changed calendar does. */
#include "base/clock.h"
#include "domain/case/kept.h"
#include "tests/unit/domain_report/invariants.h"

static struct province p;

static int set_up(void **state)
{
    (void)state;
    province_open(&p, ENGINE_MODEL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    province_close(&p);
    return 0;
}

/* The week from Monday 2 March 2026. */
static int64_t at(int day, int hour, int minute)
{
    return province_monday_ms() - 9 * HOUR + (day - 1) * DAY + hour * HOUR + minute * MINUTE;
}

static bool rings(struct report *r)
{
    int done = report_ring(p.store, &r->head.id, &p.world, &p.arena, r);
    if (done == CASE_WRONG_STATE)
        province_get(&p, &r->head.id, r);
    else
        assert_int_equal(done, 0);
    return done == 0;
}

static size_t told(const struct report *r, const char *what, int whom)
{
    const struct case_event *events = r->head.events.items;
    size_t n = 0;
    for (size_t i = 0; i < r->head.events.n; i++)
        n += events[i].type == EVENT_TELL && events[i].whom == whom &&
             strcmp(events[i].what, what) == 0;
    return n;
}

/* --- budgets ---------------------------------------------------------------------------------- */

static void test_budgets_by_the_day_of_the_start(void **state)
{
    (void)state;
    static const struct {
        int day, hour; /* of the week; 6 and 7 are off */
        int64_t dispatch, response;
    } starts[] = {
        {1, 0, 2 * HOUR, 4 * HOUR},    {1, 9, 2 * HOUR, 4 * HOUR},
        {5, 23, 2 * HOUR, 4 * HOUR}, /* a Friday's last hour: elapsed time, into the Saturday */
        {6, 0, 12 * HOUR, 24 * HOUR},  {6, 10, 12 * HOUR, 24 * HOUR},
        {7, 23, 12 * HOUR, 24 * HOUR}, {8, 0, 2 * HOUR, 4 * HOUR},
    };
    for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
        struct report r;
        p.world.now_ms = at(starts[i].day, starts[i].hour, 0);
        province_file(&p, UNROUTED, &r);
        assert_int_equal(r.head.due_ms, p.world.now_ms + starts[i].dispatch);
        province_file(&p, 0, &r);
        assert_int_equal(r.head.due_ms, p.world.now_ms + starts[i].response);
    }
}

/* The response's day is that on which the response clock starts, not that of filing. */
static void test_response_by_the_day_of_dispatch(void **state)
{
    (void)state;
    struct report r;
    p.world.now_ms = at(7, 20, 0); /* Sunday evening */
    province_file(&p, UNROUTED, &r);
    p.world.now_ms = at(8, 7, 0);
    province_do(&p, &r, "dispatch", DISPATCHER);
    assert_int_equal(r.head.due_ms, at(8, 11, 0));
    int64_t late_by = 0;
    assert_false(case_is_late(&report_kind, &r.head, at(8, 11, 0), &late_by));
    assert_true(case_is_late(&report_kind, &r.head, at(8, 11, 0) + 1, &late_by));
    assert_int_equal(late_by, 1);
}

/* --- whose turn it is ------------------------------------------------------------------------- */

static void test_turns_are_by_urgency_then_by_deadline(void **state)
{
    (void)state;
    const int64_t turns[] = {case_turn(true, true, at(1, 9, 0)),
                             case_turn(true, true, at(9, 9, 0)),
                             case_turn(true, true, 0),
                             case_turn(false, true, at(1, 9, 0)),
                             case_turn(false, true, at(9, 9, 0)),
                             case_turn(false, true, 0),
                             case_turn(true, false, at(1, 9, 0)),
                             case_turn(false, false, at(2, 9, 0)),
                             case_turn(true, false, 0)};
    for (size_t i = 1; i < ARRAY_LEN(turns); i++)
        assert_true(turns[i - 1] < turns[i]);
}

/* --- pauses ----------------------------------------------------------------------------------- */

static void test_a_question_pauses_the_response(void **state)
{
    (void)state;
    struct report r;
    p.world.now_ms = at(1, 9, 0);
    province_file(&p, 0, &r); /* due 13:00 */
    p.world.now_ms = at(1, 10, 0);
    province_do(&p, &r, "receive", OFFICER);
    province_do(&p, &r, "ask", OFFICER);
    assert_int_equal(province_clock(&r, REPORT_CLOCK_RESPONSE)->state, CLOCK_STATE_PAUSED);
    assert_int_equal(province_clock(&r, REPORT_CLOCK_RESPONSE)->due_ms, 0);
    assert_int_equal(r.head.due_ms, at(4, 10, 0)); /* 72 h for the citizen */
    assert_false(r.x.duty);
    int64_t late_by = 0;
    assert_false(case_is_late(&report_kind, &r.head, at(5, 10, 0), &late_by));

    p.world.now_ms = at(2, 15, 30);
    province_do(&p, &r, "supply", OWNER);
    assert_int_equal(r.head.state, REPORT_RECEIVED);
    assert_int_equal(r.head.due_ms, at(2, 18, 30)); /* one hour was spent before the question */
    assert_true(r.x.duty);
    assert_int_equal(province_clock(&r, REPORT_CLOCK_SUPPLY)->state, CLOCK_STATE_STOPPED);
    const struct case_task *task = r.head.tasks.items;
    assert_int_equal(r.head.tasks.n, 1);
    assert_int_equal(task->answered_ms, p.world.now_ms);
    assert_non_null(task->answer);

    /* Another question has its own 72 h, whatever the first one took. */
    province_do(&p, &r, "assign", LEADER);
    province_do(&p, &r, "ask", LEADER);
    assert_int_equal(r.head.due_ms, at(5, 15, 30));
    p.world.now_ms = at(2, 16, 0);
    province_do(&p, &r, "resume", OFFICER);
    assert_int_equal(r.head.state, REPORT_IN_PROGRESS); /* where it was asked from */
    assert_int_equal(r.head.due_ms, at(2, 19, 0));
    task = r.head.tasks.items;
    assert_int_equal(r.head.tasks.n, 2);
    assert_int_equal(task[1].answered_ms, 0);
}

static void test_an_unanswered_question_goes_on_by_itself(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, 0, REPORT_WAITING, &r);
    int64_t due = r.head.due_ms;
    p.world.now_ms = due - 18 * HOUR; /* a quarter of 72 h is left */
    assert_true(rings(&r));
    assert_int_equal(told(&r, "warning", TELL_OWNER), 1);
    assert_int_equal(r.head.state, REPORT_WAITING);
    p.world.now_ms = due;
    assert_false(rings(&r)); /* the last instant is still in time */
    p.world.now_ms = due + 1;
    assert_true(rings(&r));
    assert_int_equal(r.head.state, REPORT_RECEIVED);
    const struct case_step *step = province_last_step(&r);
    assert_string_equal(step->verb, "resume");
    assert_string_equal(step->party, "system");
    assert_true(id_is_nil(&step->by));
    assert_int_equal(told(&r, "resume", TELL_OWNER), 1);
    assert_int_equal(told(&r, "resume", TELL_OFFICER), 1);
    assert_false(rings(&r));
}

/* More pauses than a clock keeps intervals: what was spent in them is not forgotten. */
static void test_fifty_questions(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    for (int i = 0; i < 50; i++) {
        p.world.now_ms += 2 * MINUTE; /* the office's */
        province_do(&p, &r, "ask", OFFICER);
        p.world.now_ms += 3 * HOUR; /* the citizen's */
        province_do(&p, &r, "supply", OWNER);
        province_settle(&p, &r);
        assert_int_equal(r.head.due_ms, p.world.now_ms + 4 * HOUR - (i + 1) * 2 * MINUTE);
        assert_true(province_clock(&r, REPORT_CLOCK_RESPONSE)->runs.n <= CLOCK_RUNS_MAX);
        assert_true(r.head.tasks.n <= CASE_TASKS_MAX);
    }
    const struct case_task *tasks = r.head.tasks.items;
    assert_int_equal(r.head.tasks.n, CASE_TASKS_MAX); /* the newest ones */
    assert_int_equal(tasks[CASE_TASKS_MAX - 1].answered_ms, p.world.now_ms);
    check_report(&p, &r);
}

static void test_approval_is_the_offices_time(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, APPROVAL, REPORT_APPROVAL, &r);
    assert_int_equal(r.head.due_ms, at(1, 13, 0));
    assert_true(r.x.duty);
    p.world.now_ms = at(1, 13, 0) + 1;
    assert_true(rings(&r));
    assert_int_equal(told(&r, "late", TELL_LEADER), 1);
    province_do(&p, &r, "approve", LEADER);
    assert_int_equal(province_clock(&r, REPORT_CLOCK_RESPONSE)->state, CLOCK_STATE_STOPPED);
    assert_int_equal(r.answered_ms, p.world.now_ms);
    struct report_fact fact;
    report_project_fact(&r, p.calendar, &p.arena, &fact);
    assert_true(fact.late);
}

/* --- transfers, extensions, reopening --------------------------------------------------------- */

static void test_transfers_give_no_new_time_and_the_portal_does(void **state)
{
    (void)state;
    struct report r;
    province_file(&p, 0, &r);
    int64_t due = r.head.due_ms;
    p.world.now_ms += HOUR;
    province_do(&p, &r, "transfer", OFFICER);
    assert_int_equal(r.head.due_ms, due);
    p.world.now_ms += HOUR;
    province_do(&p, &r, "transfer", OTHER_OFFICER);
    assert_int_equal(r.head.due_ms, due);
    province_do(&p, &r, "transfer", OFFICER); /* the third goes to the portal */
    assert_int_equal(r.head.state, REPORT_NEW);
    assert_string_equal(r.head.agency, PORTAL);
    assert_int_equal(r.head.due_ms, p.world.now_ms + 2 * HOUR);
    assert_int_equal(province_clock(&r, REPORT_CLOCK_RESPONSE)->state, CLOCK_STATE_PAUSED);
    p.world.now_ms += HOUR;
    province_do(&p, &r, "dispatch", DISPATCHER);
    assert_int_equal(r.head.due_ms, p.world.now_ms + 4 * HOUR); /* a fresh response */
    assert_int_equal(province_clock(&r, REPORT_CLOCK_DISPATCH)->state, CLOCK_STATE_STOPPED);
    /* From now on every transfer goes there. */
    province_do(&p, &r, "transfer", OFFICER);
    assert_string_equal(r.head.agency, PORTAL);
    assert_int_equal(r.transfers, 4);
}

static void test_an_extension_silences_the_late_notice(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    int64_t due = r.head.due_ms;
    p.world.now_ms = due + MINUTE;
    assert_true(rings(&r));
    assert_false(rings(&r));               /* once */
    province_do(&p, &r, "extend", LEADER); /* 90 minutes */
    assert_int_equal(r.head.due_ms, due + 90 * MINUTE);
    assert_int_equal(r.extensions, 1);
    assert_int_equal(province_clock(&r, REPORT_CLOCK_RESPONSE)->extended, 90 * MINUTE);
    int64_t late_by = 0;
    assert_false(case_is_late(&report_kind, &r.head, p.world.now_ms, &late_by));
    province_settle(&p, &r);
    assert_false(rings(&r));
    p.world.now_ms = due + 90 * MINUTE + 1;
    assert_true(rings(&r));
    assert_int_equal(told(&r, "late", TELL_OFFICER), 1);
}

static void test_review_ends_by_itself_and_reopening_starts_anew(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, 0, REPORT_ANSWERED, &r);
    assert_int_equal(r.head.due_ms, p.world.now_ms + 7 * DAY);
    p.world.now_ms = at(6, 10, 0); /* Saturday */
    province_do(&p, &r, "reopen", OWNER);
    assert_int_equal(r.head.state, REPORT_DISPATCHED);
    assert_int_equal(r.head.due_ms, p.world.now_ms + 24 * HOUR);
    assert_int_equal(r.reopened, 1);
    assert_int_equal(province_clock(&r, REPORT_CLOCK_REVIEW)->state, CLOCK_STATE_STOPPED);
    province_do(&p, &r, "receive", OFFICER);
    province_do(&p, &r, "answer", OFFICER);
    assert_int_equal(r.head.due_ms, p.world.now_ms + 7 * DAY);
    province_do(&p, &r, "close", OFFICER);
    p.world.now_ms += 7 * DAY; /* the last instant of reopening, though it was closed before */
    province_do(&p, &r, "reopen", OWNER);
    province_do(&p, &r, "receive", OFFICER);
    province_do(&p, &r, "answer", OFFICER);
    p.world.now_ms = r.head.due_ms + 1;
    assert_true(rings(&r));
    assert_int_equal(r.head.state, REPORT_CLOSED);
    assert_int_equal(r.head.outcome, REPORT_RESOLVED);
    assert_string_equal(province_last_step(&r)->party, "system");
    struct report after;
    struct report_act deed = province_deed(&p, "reopen", OWNER);
    assert_int_equal(province_act(&p, &r.head.id, &deed, &after), CASE_WRONG_STATE);
    deed = province_deed(&p, "rate", OWNER);
    assert_int_equal(province_act(&p, &r.head.id, &deed, &after), CASE_WRONG_STATE);
}

/* --- alarms ----------------------------------------------------------------------------------- */

static void test_warnings_come_at_a_share_of_the_budget(void **state)
{
    (void)state;
    static const struct {
        int day;
        unsigned traits;
        int64_t budget;
        int whom;
    } cases[] = {
        {1, UNROUTED, 2 * HOUR, TELL_DISPATCHER},
        {1, 0, 4 * HOUR, TELL_OFFICER},
        {6, UNROUTED, 12 * HOUR, TELL_DISPATCHER},
        {6, 0, 24 * HOUR, TELL_LEADER},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct report r;
        p.world.now_ms = at(cases[i].day, 9, 0);
        province_file(&p, cases[i].traits, &r);
        province_settle(&p, &r);
        int64_t warn = r.head.due_ms - cases[i].budget / 4, revision = r.head.revision;
        assert_int_equal(r.head.next_ms, warn);
        p.world.now_ms = warn - 1;
        assert_false(rings(&r));
        p.world.now_ms = warn;
        assert_true(rings(&r));
        assert_int_equal(told(&r, "warning", cases[i].whom), 1);
        assert_int_equal(r.head.revision, revision); /* nobody's ETag is disturbed */
        province_settle(&p, &r);
        assert_int_equal(r.head.next_ms, r.head.due_ms + 1);
        p.world.now_ms = r.head.due_ms + 1;
        assert_true(rings(&r));
        assert_int_equal(told(&r, "late", cases[i].whom), 1);
        assert_int_equal(r.head.revision, revision + 1); /* it is counted as late */
        province_settle(&p, &r);
        assert_int_equal(r.head.next_ms, 0);
    }
}

/* Nobody looked until it was late: no warning of what is past. */
static void test_a_late_look_warns_no_more(void **state)
{
    (void)state;
    struct report r;
    province_file(&p, 0, &r);
    p.world.now_ms = r.head.due_ms + DAY;
    assert_true(rings(&r));
    assert_int_equal(told(&r, "warning", TELL_OFFICER), 0);
    assert_int_equal(told(&r, "late", TELL_OFFICER), 1);
    assert_false(rings(&r));
    assert_false(report_alarm_due(&r, &p.world, &p.arena));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns_are_by_urgency_then_by_deadline),
        TEST(test_budgets_by_the_day_of_the_start),
        TEST(test_response_by_the_day_of_dispatch),
        TEST(test_a_question_pauses_the_response),
        TEST(test_an_unanswered_question_goes_on_by_itself),
        TEST(test_fifty_questions),
        TEST(test_approval_is_the_offices_time),
        TEST(test_transfers_give_no_new_time_and_the_portal_does),
        TEST(test_an_extension_silences_the_late_notice),
        TEST(test_review_ends_by_itself_and_reopening_starts_anew),
        TEST(test_warnings_come_at_a_share_of_the_budget),
        TEST(test_a_late_look_warns_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
