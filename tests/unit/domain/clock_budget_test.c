/* Clocks of a case: what they spend across pauses, what is due, and what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "domain/calendar/case_clock.h"

#define HOUR INT64_C(3600000)
#define MINUTE INT64_C(60000)

enum { NAME = 3 };

static struct calendar *plain;

static int set_up(void **state)
{
    (void)state;
    return calendar_plain(&plain);
}

static int tear_down(void **state)
{
    (void)state;
    calendar_unref(plain);
    return 0;
}

/* The week from Monday 2 March 2026: at(1, 9, 30) is Monday 09:30; day 8 is the next Monday. */
static int64_t at(int day, int hour, int minute)
{
    int64_t first;
    assert_true(clock_day_of_date(2026, 3, 1, &first));
    return clock_day_start_ms(first + day) + hour * HOUR + minute * MINUTE;
}

static struct case_clock started(enum calendar_unit unit, int64_t budget, int64_t ms)
{
    struct case_clock k;
    clock_init(&k, NAME, unit, budget);
    assert_int_equal(clock_start(&k, ms), 0);
    return k;
}

static int64_t due(const struct case_clock *k)
{
    int64_t ms = -1;
    assert_int_equal(clock_due_ms(k, plain, &ms), 0);
    return ms;
}

static void test_outcomes(void **state)
{
    (void)state;
    struct case_clock k;
    int64_t ms;
    clock_init(&k, NAME, CALENDAR_ELAPSED, 5 * HOUR);
    assert_int_equal(k.name, NAME);
    assert_int_equal(clock_pause(&k, at(1, 8, 0)), CLOCK_IDLE);
    assert_int_equal(clock_resume(&k, plain, at(1, 8, 0)), CLOCK_IDLE);
    assert_int_equal(clock_stop(&k, at(1, 8, 0)), CLOCK_IDLE);
    assert_int_equal(clock_due_ms(&k, plain, &ms), CLOCK_IDLE);
    assert_int_equal(clock_spent(&k, plain, at(2, 8, 0)), 0);
    assert_false(clock_is_late(&k, plain, at(9, 8, 0)));
    assert_true(clock_start(&k, 0) < 0);

    assert_int_equal(clock_start(&k, at(1, 8, 0)), 0);
    assert_int_equal(clock_start(&k, at(1, 8, 0)), CLOCK_ALREADY);
    assert_int_equal(clock_resume(&k, plain, at(1, 8, 0)), CLOCK_ALREADY);
    assert_int_equal(clock_pause(&k, at(1, 9, 0)), 0);
    struct case_clock before = k;
    assert_int_equal(clock_pause(&k, at(1, 10, 0)), CLOCK_ALREADY);
    assert_int_equal(clock_start(&k, at(1, 10, 0)), CLOCK_ALREADY);
    assert_memory_equal(&before, &k, sizeof(k)); /* an outcome changes nothing */
    assert_int_equal(clock_due_ms(&k, plain, &ms), CLOCK_ENDLESS);
    assert_int_equal(clock_stop(&k, at(1, 11, 0)), 0);
    assert_int_equal(clock_stop(&k, at(1, 11, 0)), CLOCK_ALREADY);
    assert_int_equal(clock_start(&k, at(1, 11, 0)), CLOCK_OVER);
    assert_int_equal(clock_pause(&k, at(1, 11, 0)), CLOCK_OVER);
    assert_int_equal(clock_resume(&k, plain, at(1, 11, 0)), CLOCK_OVER);
    assert_int_equal(clock_spent(&k, plain, at(9, 0, 0)), HOUR);
    assert_int_equal(clock_left(&k, plain, at(9, 0, 0)), 4 * HOUR);
}

static void test_minutes_across_pauses(void **state)
{
    (void)state;
    struct case_clock k = started(CALENDAR_WORKING_MINUTES, 8 * 60, at(1, 16, 0));
    assert_int_equal(due(&k), at(2, 16, 0));
    assert_int_equal(clock_pause(&k, at(2, 8, 0)), 0); /* 60 + 30 spent */
    assert_int_equal(clock_spent(&k, plain, at(4, 0, 0)), 90);
    assert_int_equal(clock_resume(&k, plain, at(3, 10, 0)), 0);
    assert_int_equal(due(&k), at(4, 8, 30)); /* 390 left: 330 on Wednesday, 60 on Thursday */
    assert_int_equal(clock_left(&k, plain, at(4, 8, 30)), 0);
    assert_false(clock_is_late(&k, plain, at(4, 8, 30)));
    assert_true(clock_is_late(&k, plain, at(4, 8, 30) + 1));
    assert_int_equal(clock_left(&k, plain, at(4, 10, 0)), -90);
    k.budget += 60; /* an extension */
    assert_int_equal(due(&k), at(4, 9, 30));
}

static void test_days_across_pauses(void **state)
{
    (void)state;
    struct case_clock k = started(CALENDAR_WORKING_DAYS, 3, at(1, 9, 0));
    assert_int_equal(due(&k), at(4, 17, 0));
    /* Within the day of the start: nothing changes. */
    assert_int_equal(clock_pause(&k, at(1, 10, 0)), 0);
    assert_int_equal(clock_resume(&k, plain, at(1, 11, 0)), 0);
    assert_int_equal(due(&k), at(4, 17, 0));
    /* Within a later day: the same. */
    assert_int_equal(clock_pause(&k, at(2, 10, 0)), 0);
    assert_int_equal(clock_resume(&k, plain, at(2, 10, 1)), 0);
    assert_int_equal(due(&k), at(4, 17, 0));
    assert_int_equal(clock_spent(&k, plain, at(2, 17, 0)), 1);
    /* From Wednesday to Friday: two days end in the pause, and the weekend is none. */
    assert_int_equal(clock_pause(&k, at(3, 10, 0)), 0);
    assert_int_equal(clock_resume(&k, plain, at(5, 9, 0)), 0);
    assert_int_equal(due(&k), at(8, 17, 0));
    assert_int_equal(clock_stop(&k, at(8, 17, 0)), 0);
    assert_false(clock_is_late(&k, plain, at(20, 0, 0)));
}

static void test_late_stays_late(void **state)
{
    (void)state;
    struct case_clock k = started(CALENDAR_ELAPSED, 2 * HOUR, at(1, 8, 0));
    assert_int_equal(clock_pause(&k, at(1, 11, 0)), 0);
    assert_int_equal(due(&k), at(1, 10, 0)); /* it ran out before the pause */
    assert_true(clock_is_late(&k, plain, at(1, 11, 0)));
    assert_int_equal(clock_resume(&k, plain, at(2, 8, 0)), 0);
    assert_int_equal(due(&k), at(1, 10, 0));
    assert_int_equal(clock_stop(&k, at(2, 9, 0)), 0);
    assert_true(clock_is_late(&k, plain, at(2, 9, 0)));

    k = started(CALENDAR_ELAPSED, 2 * HOUR, at(1, 8, 0));
    assert_int_equal(clock_stop(&k, at(1, 9, 0)), 0);
    assert_false(clock_is_late(&k, plain, at(9, 0, 0)));
    k = started(CALENDAR_ELAPSED, 0, at(1, 8, 0));
    assert_int_equal(due(&k), at(1, 8, 0));
    k = started(CALENDAR_WORKING_MINUTES, INT64_MAX, at(1, 8, 0));
    assert_true(due(&k) > at(1, 8, 0));
}

static void test_clocks_that_disagree(void **state)
{
    (void)state;
    struct case_clock k = started(CALENDAR_ELAPSED, 2 * HOUR, at(1, 8, 0));
    assert_int_equal(clock_pause(&k, at(1, 7, 0)), 0);
    assert_int_equal(clock_spent(&k, plain, at(1, 9, 0)), 0);
    assert_int_equal(clock_resume(&k, plain, at(1, 6, 0)), 0);
    assert_int_equal(due(&k), at(1, 10, 0));
}

/* A thousand pauses: what was spent is exact however many intervals were folded. */
static void test_many_pauses(void **state)
{
    (void)state;
    for (enum calendar_unit unit = CALENDAR_ELAPSED; unit <= CALENDAR_CALENDAR_DAYS; unit++) {
        struct case_clock k = started(unit, INT64_C(1) << 40, at(1, 8, 0));
        int64_t from = at(1, 8, 0), grains = 0, ms = from;
        for (int i = 0; i < 1000; i++) {
            ms += (i * 7919 % 2000) * MINUTE + 1; /* runs up to 33 hours */
            assert_int_equal(clock_pause(&k, ms), 0);
            int64_t counts = calendar_counts_from(unit, at(1, 8, 0));
            grains += calendar_spent_grains(plain, unit, from > counts ? from : counts, ms);
            assert_int_equal(clock_spent(&k, plain, ms), grains / calendar_grains(unit));
            ms += (i * 104729 % 900) * MINUTE;
            assert_int_equal(clock_resume(&k, plain, ms), 0);
            assert_true(k.n_runs <= CLOCK_RUNS_MAX);
            from = ms;
        }
        assert_int_equal(k.n_runs, CLOCK_RUNS_MAX);
        /* A budget that the folded intervals used up was due by their end. */
        k.budget = 1;
        assert_int_equal(due(&k), k.carried_to_ms);
        assert_true(clock_is_late(&k, plain, ms));
        /* One that is used up in an interval still held is due there. */
        k.budget = k.carried / calendar_grains(unit) + 1;
        assert_true(due(&k) > k.carried_to_ms);
        assert_true(due(&k) <= ms);
    }
}

/* What a clock says is due is when nothing is left, whatever pauses came before. */
static void test_due_is_when_nothing_is_left(void **state)
{
    (void)state;
    uint32_t dice = 2026;
    for (int round = 0; round < 3000; round++) {
        enum calendar_unit unit = CALENDAR_ELAPSED + (unsigned)round % 3;
        int64_t budget = unit == CALENDAR_WORKING_DAYS ? 9 : 3000 * (unit == 1 ? MINUTE : 1);
        int64_t ms = at(1, 0, 0) + (dice >> 8) % 10000 * MINUTE;
        struct case_clock k = started(unit, budget, ms);
        for (int i = 0; i < 4; i++) {
            dice = dice * 1664525 + 1013904223;
            assert_int_equal(clock_pause(&k, ms += (dice >> 8) % 600 * MINUTE), 0);
            dice = dice * 1664525 + 1013904223;
            assert_int_equal(clock_resume(&k, plain, ms += (dice >> 8) % 3000 * MINUTE), 0);
        }
        int64_t end = due(&k);
        assert_int_equal(clock_left(&k, plain, end), 0);
        assert_true(clock_left(&k, plain, end - 1) > 0);
    }
}

static void test_budget_by_kind_of_day(void **state)
{
    (void)state;
    const struct clock_budget dispatch = {2 * HOUR, 12 * HOUR};
    assert_int_equal(clock_budget_of(&dispatch, plain, at(5, 23, 0)), 2 * HOUR);   /* Friday */
    assert_int_equal(clock_budget_of(&dispatch, plain, at(6, 0, 0)), 12 * HOUR);   /* Saturday */
    assert_int_equal(clock_budget_of(&dispatch, plain, at(7, 23, 59)), 12 * HOUR); /* Sunday */
    assert_int_equal(clock_budget_of(&dispatch, plain, at(8, 0, 0)), 2 * HOUR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_minutes_across_pauses),
        cmocka_unit_test(test_days_across_pauses),
        cmocka_unit_test(test_late_stays_late),
        cmocka_unit_test(test_clocks_that_disagree),
        cmocka_unit_test(test_many_pauses),
        cmocka_unit_test(test_due_is_when_nothing_is_left),
        cmocka_unit_test(test_budget_by_kind_of_day),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
