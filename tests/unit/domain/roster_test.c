/* Who is on duty: weekdays, dates, nights, and the order of shifts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "domain/roster/roster.h"

static const struct roster_person one[] = {{{{1}}}}, both[] = {{{{2}}}, {{{1}}}};

static int64_t at(const char *text)
{
    int64_t ms = 0;
    assert_true(clock_parse(text, &ms));
    return ms;
}

static size_t duty(const struct roster_shift *shifts, size_t n, const char *when, struct id *ret)
{
    const struct roster r = {.shifts = {(void *)shifts, n}};
    return roster_on_duty(&r, at(when), ret);
}

#define PEOPLE(list) .people = {(void *)(list), ARRAY_LEN(list)}

static void test_hours(void **state)
{
    (void)state;
    struct id who[ROSTER_DUTY_MAX];
    const struct roster_shift day = {.start = "07:30", .end = "17:00", PEOPLE(one)};
    assert_int_equal(duty(&day, 1, "2026-11-24T07:29:59+07:00", who), 0);
    assert_int_equal(duty(&day, 1, "2026-11-24T07:30:00+07:00", who), 1);
    assert_int_equal(duty(&day, 1, "2026-11-24T16:59:59+07:00", who), 1);
    assert_int_equal(duty(&day, 1, "2026-11-24T17:00:00+07:00", who), 0);
    const struct roster_shift always = {.start = "00:00", .end = "00:00", PEOPLE(one)};
    assert_int_equal(duty(&always, 1, "2026-11-24T00:00:00+07:00", who), 1);
    assert_int_equal(duty(&always, 1, "2026-11-24T23:59:59+07:00", who), 1);
}

/* Friday's night goes into Saturday, and none begins on Saturday. */
static void test_nights_and_weekdays(void **state)
{
    (void)state;
    struct id who[ROSTER_DUTY_MAX];
    const struct roster_shift night = {
        .days = "12345", .start = "17:00", .end = "07:00", PEOPLE(one)};
    assert_int_equal(duty(&night, 1, "2026-11-27T18:00:00+07:00", who), 1);
    assert_int_equal(duty(&night, 1, "2026-11-28T06:59:00+07:00", who), 1);
    assert_int_equal(duty(&night, 1, "2026-11-28T07:00:00+07:00", who), 0);
    assert_int_equal(duty(&night, 1, "2026-11-28T18:00:00+07:00", who), 0);
    assert_int_equal(duty(&night, 1, "2026-11-30T06:00:00+07:00", who), 0); /* Sunday's had none */
}

static void test_dates(void **state)
{
    (void)state;
    struct id who[ROSTER_DUTY_MAX];
    const struct roster_shift tet = {
        .first = "2027-02-05", .last = "2027-02-10", .start = "20:00", .end = "06:00", PEOPLE(one)};
    assert_int_equal(duty(&tet, 1, "2027-02-05T05:00:00+07:00", who), 0);
    assert_int_equal(duty(&tet, 1, "2027-02-05T21:00:00+07:00", who), 1);
    assert_int_equal(duty(&tet, 1, "2027-02-11T05:00:00+07:00", who), 1);
    assert_int_equal(duty(&tet, 1, "2027-02-11T21:00:00+07:00", who), 0);
}

static void test_nobody_stands_twice_and_order_is_kept(void **state)
{
    (void)state;
    struct id who[ROSTER_DUTY_MAX];
    const struct roster_shift shifts[] = {{.start = "00:00", .end = "00:00", PEOPLE(one)},
                                          {.start = "00:00", .end = "00:00", PEOPLE(both)}};
    assert_int_equal(duty(shifts, 2, "2026-11-24T12:00:00+07:00", who), 2);
    assert_int_equal(who[0].bytes[0], 1);
    assert_int_equal(who[1].bytes[0], 2);
    assert_int_equal(duty(NULL, 0, "2026-11-24T12:00:00+07:00", who), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hours),
        cmocka_unit_test(test_nights_and_weekdays),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_nobody_stands_twice_and_order_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
