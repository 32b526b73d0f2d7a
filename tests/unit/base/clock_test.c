#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"

static void every_day_from_1900_to_2200(void **state)
{
    (void)state;
    int64_t first, last;
    assert_true(clock_day_of_date(1900, 1, 1, &first));
    assert_true(clock_day_of_date(2200, 12, 31, &last));
    assert_int_equal(last - first + 1, 109938); /* 301 years, 73 of them leap */
    int weekday = 1;                            /* 1900-01-01 was a Monday */
    for (int64_t day = first; day <= last; day++) {
        struct clock_date date = clock_date_of_day(day);
        struct tm tm;
        time_t noon = day * 86400 + 43200;
        gmtime_r(&noon, &tm); /* another implementation */
        assert_int_equal(date.year, tm.tm_year + 1900);
        assert_int_equal(date.month, tm.tm_mon + 1);
        assert_int_equal(date.day, tm.tm_mday);
        assert_int_equal(date.weekday, weekday);
        weekday = weekday % 7 + 1;
        int64_t back;
        assert_true(clock_day_of_date(date.year, date.month, date.day, &back));
        assert_int_equal(back, day);
        assert_int_equal(clock_day_number(clock_day_start_ms(day)), day);
        assert_int_equal(clock_day_number(clock_day_start_ms(day) - 1), day - 1);
        assert_int_equal(clock_day_number(clock_day_start_ms(day) + CLOCK_DAY_MS - 1), day);
    }
}

static void text_round_trip(void **state)
{
    (void)state;
    char text[CLOCK_TEXT];
    /* 1900 to 2200 in steps that meet every part of a time */
    for (int64_t ms = INT64_C(-2208988800000); ms < INT64_C(7289654400000); ms += 86399999 * 7) {
        int64_t back;
        assert_true(clock_parse(clock_format(ms, text), &back));
        assert_int_equal(back, ms);
    }
    assert_string_equal(clock_format(0, text), "1970-01-01T00:00:00.000Z");
    assert_string_equal(clock_format(-1, text), "1969-12-31T23:59:59.999Z");
    assert_string_equal(clock_format(1709164800123, text), "2024-02-29T00:00:00.123Z");
}

static void text_of_http(void **state)
{
    (void)state;
    char text[CLOCK_HTTP_TEXT];
    assert_string_equal(clock_format_http(0, text), "Thu, 01 Jan 1970 00:00:00 GMT");
    assert_string_equal(clock_format_http(-1, text), "Wed, 31 Dec 1969 23:59:59 GMT");
    /* the example of RFC 9110 §5.6.7 */
    assert_string_equal(clock_format_http(784111777000, text), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_string_equal(clock_format_http(1709164800123, text), "Thu, 29 Feb 2024 00:00:00 GMT");
    assert_string_equal(clock_format_http(INT64_MAX, text) + 25, " GMT");
}

static void format_clamps_years(void **state)
{
    (void)state;
    char text[CLOCK_TEXT];
    assert_string_equal(clock_format(INT64_MIN, text), "0000-01-01T00:00:00.000Z");
    assert_string_equal(clock_format(INT64_MAX, text), "9999-12-31T23:59:59.999Z");
    int64_t ms;
    assert_true(clock_parse("0000-01-01T00:00:00Z", &ms));
    assert_string_equal(clock_format(ms - 1, text), "0000-01-01T00:00:00.000Z");
    assert_true(clock_parse("9999-12-31T23:59:59.999Z", &ms));
    assert_string_equal(clock_format(ms + 1, text), "9999-12-31T23:59:59.999Z");
}

static void parses_rfc3339(void **state)
{
    (void)state;
    static const struct {
        const char *text, *same;
    } cases[] = {
        {"1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520Z"}, /* RFC 3339 §5.8 */
        {"1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57.000Z"},
        {"1990-12-31T23:59:60Z", "1991-01-01T00:00:00.000Z"},
        {"1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00.000Z"},
        {"1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.870Z"},
        {"2026-11-24T00:30:00+07:00", "2026-11-23T17:30:00.000Z"},
        {"2026-11-24t00:30:00.1239999999999999999z", "2026-11-24T00:30:00.123Z"},
        {"2026-11-24T00:30:00.5-00:00", "2026-11-24T00:30:00.500Z"},
        {"2024-02-29T00:00:00+23:59", "2024-02-28T00:01:00.000Z"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[CLOCK_TEXT];
        int64_t ms;
        assert_true(clock_parse(cases[i].text, &ms));
        assert_string_equal(clock_format(ms, text), cases[i].same);
    }
}

static void refuses_what_is_not_rfc3339(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026-11-24",
        "2026-11-24T00:30:00",
        "2026-11-24 00:30:00Z",
        "2026-11-24T00:30Z",
        "2026-11-24T24:00:00Z",
        "2026-11-24T00:60:00Z",
        "2026-11-24T00:30:61Z",
        "2026-11-24T00:30:60Z",
        "2026-11-24T23:59:60+07:00",
        "2026-11-24T00:30:00.Z",
        "2026-11-24T00:30:00+0700",
        "2026-11-24T00:30:00+24:00",
        "2026-11-24T00:30:00+07:60",
        "2026-11-24T00:30:00 07:00",
        "2026-11-24T00:30:00Zx",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-04-00T00:00:00Z",
        "26-04-01T00:00:00Z",
        "+026-04-01T00:00:00Z",
        "2026-4-01T00:00:00Z",
        "2026-04-01T0:00:00Z",
        "２026-04-01T00:00:00Z",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        int64_t ms = 42;
        assert_false(clock_parse(bad[i], &ms));
        assert_int_equal(ms, 42);
    }
}

static void days_are_local(void **state)
{
    (void)state;
    int64_t ms, day;
    assert_true(clock_parse("2026-11-23T16:59:59.999Z", &ms));
    assert_true(clock_day_parse("2026-11-23", &day));
    assert_int_equal(clock_day_number(ms), day);
    assert_int_equal(clock_day_number(ms + 1), day + 1);
    struct clock_date date = clock_date_of_day(day + 1);
    assert_int_equal(date.weekday, 2); /* Tuesday */
    assert_int_equal(date.day, 24);
    assert_int_equal(clock_day_start_ms(0), -CLOCK_LOCAL_OFFSET_MS);
    static const char *const bad[] = {"",           "2026-1-1",   "2026-02-30", "2026-01-01x",
                                      "2026/01/01", "-2026-01-01"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(clock_day_parse(bad[i], &day));
    assert_false(clock_day_of_date(10000, 1, 1, &day));
    assert_false(clock_day_of_date(-1, 1, 1, &day));
    assert_false(clock_day_of_date(2023, 2, 29, &day));
    assert_true(clock_day_of_date(2000, 2, 29, &day));
}

static void advances_and_never_goes_back(void **state)
{
    (void)state;
    int64_t before = clock_now_ms(), monotonic = clock_monotonic_ms();
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    assert_in_range(before - ts.tv_sec * 1000 + 5000, 0, 10000);
    clock_advance_ms(CLOCK_DAY_MS);
    clock_advance_ms(-CLOCK_DAY_MS);
    assert_int_equal(clock_advanced_ms(), CLOCK_DAY_MS);
    assert_in_range(clock_now_ms() - before, CLOCK_DAY_MS, CLOCK_DAY_MS + 5000);
    assert_in_range(clock_monotonic_ms() - monotonic, 0, 5000);
    assert_true(clock_monotonic_ns() >= (uint64_t)monotonic * 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_from_1900_to_2200),
        cmocka_unit_test(text_round_trip),
        cmocka_unit_test(text_of_http),
        cmocka_unit_test(format_clamps_years),
        cmocka_unit_test(parses_rfc3339),
        cmocka_unit_test(refuses_what_is_not_rfc3339),
        cmocka_unit_test(days_are_local),
        cmocka_unit_test(advances_and_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
