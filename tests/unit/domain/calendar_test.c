/* The calendar against known days, against its laws, and against a counter of single minutes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/json.h"
#include "domain/calendar/calendar.h"
#include "tests/unit/domain/calendar_time.h"

#define MINUTE INT64_C(60000)

static struct calendar *shipped;
static char shipped_text[CALENDAR_TEXT_MAX];
static size_t shipped_n;

static int set_up(void **state)
{
    (void)state;
    FILE *f = fopen("data/calendar.json", "rb");
    assert_non_null(f);
    shipped_n = fread(shipped_text, 1, sizeof(shipped_text), f);
    fclose(f);
    struct buf faults;
    buf_init(&faults, 4096);
    int r = calendar_load(shipped_text, shipped_n, &faults, &shipped);
    if (r != 0)
        print_error("%s\n", faults.data);
    buf_release(&faults);
    return r;
}

static int tear_down(void **state)
{
    (void)state;
    calendar_unref(shipped);
    return 0;
}

static void assert_at(int64_t ms, const char *local)
{
    char text[CLOCK_TEXT];
    if (ms != at(local))
        print_error("%s expected, is %s\n", local, clock_format(ms + CLOCK_LOCAL_OFFSET_MS, text));
    assert_int_equal(ms, at(local));
}

static uint64_t seed;

static uint64_t dice(uint64_t below)
{
    seed += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    uint64_t z = seed;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

static void roll(void)
{
    const char *given = getenv("TRAM_SEED");
    seed = given ? strtoull(given, NULL, 10) : clock_monotonic_ns();
    print_message("TRAM_SEED=%llu\n", (unsigned long long)seed);
}

static bool soaking(void)
{
    return getenv("TRAM_SOAK") != NULL;
}

/* --- known days ------------------------------------------------------------------------------- */

static void test_days(void **state)
{
    (void)state;
    assert_true(calendar_is_working_day(shipped, day_of("2026-11-23")));
    assert_false(calendar_is_working_day(shipped, day_of("2026-11-24"))); /* new from 2026 */
    assert_true(calendar_is_working_day(shipped, day_of("2025-11-24")));
    assert_false(calendar_is_working_day(shipped, day_of("2026-11-28"))); /* Saturday */
    assert_false(calendar_is_working_day(shipped, day_of("2026-04-27"))); /* for Sunday 26/4 */
    assert_string_equal(calendar_day_name(shipped, day_of("2026-04-27")),
                        "Nghỉ bù Giỗ Tổ Hùng Vương");
    assert_null(calendar_day_name(shipped, day_of("2026-04-28")));
    assert_int_equal(calendar_next_working_day(shipped, day_of("2027-02-05")),
                     day_of("2027-02-12"));
    assert_int_equal(calendar_next_working_day(shipped, day_of("2027-02-12")),
                     day_of("2027-02-12"));
    /* Outside of the covered years weekdays alone decide. */
    assert_true(calendar_is_working_day(shipped, day_of("2031-01-01")));
    assert_false(calendar_is_working_day(shipped, day_of("2031-01-04")));
    assert_true(calendar_is_working_day(shipped, day_of("2024-09-02")));
    assert_false(calendar_is_working_day(shipped, day_of("1980-01-05")));
}

static void test_hours(void **state)
{
    (void)state;
    assert_false(calendar_is_open(shipped, at("2026-11-23 07:30") - 1));
    assert_true(calendar_is_open(shipped, at("2026-11-23 07:30")));
    assert_true(calendar_is_open(shipped, at("2026-11-23 11:30") - 1));
    assert_false(calendar_is_open(shipped, at("2026-11-23 11:30")));
    assert_true(calendar_is_open(shipped, at("2026-11-23 16:59")));
    assert_false(calendar_is_open(shipped, at("2026-11-23 17:00")));
    assert_false(calendar_is_open(shipped, at("2026-11-24 09:00")));
}

static void test_due(void **state)
{
    (void)state;
    const struct {
        enum calendar_unit unit;
        const char *from;
        int64_t budget;
        const char *due;
    } rows[] = {
        {CALENDAR_ELAPSED, "2026-11-28 23:00", 2 * 60 * MINUTE, "2026-11-29 01:00"},
        {CALENDAR_WORKING_MINUTES, "2026-11-23 09:00", 150, "2026-11-23 11:30"}, /* at the close */
        {CALENDAR_WORKING_MINUTES, "2026-11-23 09:00", 151, "2026-11-23 13:01"},
        {CALENDAR_WORKING_MINUTES, "2026-11-23 16:59", 2, "2026-11-25 07:31"}, /* 24/11 is off */
        {CALENDAR_WORKING_MINUTES, "2026-11-28 09:00", 480, "2026-11-30 17:00"},
        {CALENDAR_WORKING_DAYS, "2026-11-23 09:00", 1, "2026-11-25 17:00"},
        {CALENDAR_WORKING_DAYS, "2026-11-23 23:00", 3, "2026-11-27 17:00"},
        {CALENDAR_WORKING_DAYS, "2026-11-28 10:00", 1, "2026-11-30 17:00"},
        {CALENDAR_WORKING_DAYS, "2027-02-04 10:00", 1, "2027-02-12 17:00"}, /* across Tết */
        {CALENDAR_WORKING_DAYS, "2030-12-31 10:00", 2, "2031-01-02 17:00"}, /* out of cover */
        {CALENDAR_WORKING_DAYS, "2024-12-31 10:00", 1, "2025-01-02 17:00"}, /* and into it */
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_at(calendar_add(shipped, rows[i].unit, at(rows[i].from), rows[i].budget),
                  rows[i].due);
    /* Calendar days end with the day; on a day off, with the next working day. */
    assert_at(calendar_add(shipped, CALENDAR_CALENDAR_DAYS, at("2026-11-20 10:00"), 3) + 1,
              "2026-11-24 00:00");
    assert_at(calendar_add(shipped, CALENDAR_CALENDAR_DAYS, at("2026-11-20 10:00"), 1) + 1,
              "2026-11-24 00:00");
    assert_at(calendar_add(shipped, CALENDAR_CALENDAR_DAYS, at("2026-11-20 10:00"), 4) + 1,
              "2026-11-26 00:00");
    for (enum calendar_unit unit = CALENDAR_ELAPSED; unit <= CALENDAR_CALENDAR_DAYS; unit++)
        assert_at(calendar_add(shipped, unit, at("2026-11-28 03:00"), 0), "2026-11-28 03:00");
}

static void test_spent_days(void **state)
{
    (void)state;
    int64_t from = at("2026-11-20 10:00"); /* Friday */
    assert_int_equal(calendar_spent(shipped, CALENDAR_WORKING_DAYS, from, at("2026-11-20 17:00")),
                     0);
    assert_int_equal(
        calendar_spent(shipped, CALENDAR_WORKING_DAYS, from, at("2026-11-23 17:00") - 1), 0);
    assert_int_equal(calendar_spent(shipped, CALENDAR_WORKING_DAYS, from, at("2026-11-23 17:00")),
                     1);
    assert_int_equal(
        calendar_spent(shipped, CALENDAR_CALENDAR_DAYS, from, at("2026-11-23 00:00") - 1), 2);
    assert_int_equal(calendar_spent(shipped, CALENDAR_WORKING_MINUTES, from, from - 1), 0);
}

static void test_received(void **state)
{
    (void)state;
    const int cutoff = 15 * 60;
    assert_at(calendar_received_ms(shipped, at("2026-11-23 15:00"), cutoff), "2026-11-23 15:00");
    assert_at(calendar_received_ms(shipped, at("2026-11-23 15:00") + 1, cutoff),
              "2026-11-25 07:30");
    assert_at(calendar_received_ms(shipped, at("2026-11-23 05:00"), cutoff), "2026-11-23 05:00");
    assert_at(calendar_received_ms(shipped, at("2026-11-28 09:00"), cutoff), "2026-11-30 07:30");
    assert_at(calendar_received_ms(shipped, at("2026-11-24 09:00"), cutoff), "2026-11-25 07:30");
}

/* --- laws ------------------------------------------------------------------------------------- */

/* Any millisecond from 2023 to 2032: inside of the covered years and outside. */
static int64_t any_instant(void)
{
    int64_t first = at("2023-01-01 00:00");
    return first + (int64_t)dice((uint64_t)(at("2033-01-01 00:00") - first));
}

static void test_laws(void **state)
{
    (void)state;
    roll();
    int rounds = soaking() ? 2000000 : 60000;
    for (int i = 0; i < rounds; i++) {
        int64_t x = any_instant();
        int64_t a = (int64_t)dice(3000) + 1, b = (int64_t)dice(3000) + 1;
        int64_t there = calendar_add(shipped, CALENDAR_WORKING_MINUTES, x, a);
        assert_int_equal(calendar_add(shipped, CALENDAR_WORKING_MINUTES, there, b),
                         calendar_add(shipped, CALENDAR_WORKING_MINUTES, x, a + b));
        assert_true(calendar_is_open(shipped, there - 1)); /* never behind a closed hour */
        assert_int_equal(calendar_spent(shipped, CALENDAR_WORKING_MINUTES, x, there), a);
        assert_int_equal(calendar_spent(shipped, CALENDAR_WORKING_MINUTES, x, there - 1), a - 1);

        int64_t days = (int64_t)dice(60) + 1, more = (int64_t)dice(60) + 1;
        there = calendar_add(shipped, CALENDAR_WORKING_DAYS, x, days);
        assert_int_equal(calendar_add(shipped, CALENDAR_WORKING_DAYS, there, more),
                         calendar_add(shipped, CALENDAR_WORKING_DAYS, x, days + more));
        assert_int_equal(calendar_spent(shipped, CALENDAR_WORKING_DAYS, x, there), days);
        assert_int_equal(calendar_spent(shipped, CALENDAR_WORKING_DAYS, x, there - 1), days - 1);
        assert_true(calendar_is_working_day(shipped, clock_day_number(there)));

        there = calendar_add(shipped, CALENDAR_CALENDAR_DAYS, x, days);
        assert_true(calendar_is_working_day(shipped, clock_day_number(there)));
        int64_t spent = calendar_spent(shipped, CALENDAR_CALENDAR_DAYS, x, there);
        assert_true(spent == days || (spent > days && !calendar_is_working_day(
                                                          shipped, clock_day_number(x) + days)));
    }
}

/* --- one minute at a time --------------------------------------------------------------------- */

/* Whether each minute of 2025 to 2030 is open, read from the JSON by the plainest means. */
struct minutes {
    int64_t first_ms;
    size_t n;
    bool *open;
};

static bool listed(const json_t *root, const char *list, int64_t day)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(root, list), i, item)
    {
        if (day_of(json_string_value(json_object_get(item, "date"))) == day)
            return true;
    }
    return false;
}

static struct minutes minutes_of_shipped(void)
{
    struct json_fault fault;
    CLEANUP(json_decrefp) json_t *root = NULL;
    assert_int_equal(json_read(shipped_text, shipped_n, &root, &fault), 0);
    int64_t first = day_of("2025-01-01"), end = day_of("2031-01-01");
    struct minutes m = {.first_ms = at("2025-01-01 00:00"), .n = (size_t)(end - first) * 24 * 60};
    m.open = calloc(m.n, 1);
    assert_non_null(m.open);
    for (int64_t day = first; day < end; day++) {
        bool weekend = (day + 3) % 7 >= 5; /* day 0 was a Thursday */
        if (weekend || listed(root, "holidays", day))
            continue;
        for (int minute = 0; minute < 24 * 60; minute++)
            m.open[(day - first) * 24 * 60 + minute] =
                (minute >= 7 * 60 + 30 && minute < 11 * 60 + 30) ||
                (minute >= 13 * 60 && minute < 17 * 60);
    }
    return m;
}

static void test_minute_by_minute(void **state)
{
    (void)state;
    roll();
    struct minutes m = minutes_of_shipped();
    /* Every minute's state and the amount since the start, each minute or some. */
    size_t stride = soaking() ? 1 : 1 + dice(40);
    int64_t passed = 0;
    for (size_t i = 0; i < m.n; passed += m.open[i], i++) {
        if (i % stride != 0)
            continue;
        int64_t ms = m.first_ms + (int64_t)i * MINUTE;
        if (calendar_is_open(shipped, ms) != m.open[i] ||
            calendar_spent(shipped, CALENDAR_WORKING_MINUTES, m.first_ms, ms) != passed)
            fail_msg("minute %zu differs", i);
    }
    /* Budgets counted down one minute at a time. */
    int rounds = soaking() ? 20000 : 400;
    for (int round = 0; round < rounds; round++) {
        size_t i = (size_t)dice(m.n - 60 * 24 * 60);
        int64_t from = m.first_ms + (int64_t)i * MINUTE;
        int64_t budget = (int64_t)dice(4800) + 1;
        for (int64_t left = budget; left > 0 && i < m.n; i++)
            left -= m.open[i];
        assert_int_equal(calendar_add(shipped, CALENDAR_WORKING_MINUTES, from, budget),
                         m.first_ms + (int64_t)i * MINUTE);
    }
    free(m.open);
}

static void test_time_zone(void **state)
{
    (void)state;
    const char *zones[] = {"America/New_York", "Asia/Ho_Chi_Minh", "UTC0", "EST5EDT"};
    int64_t from = at("2026-03-06 15:30");
    int64_t due = calendar_add(shipped, CALENDAR_WORKING_MINUTES, from, 12345);
    for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
        setenv("TZ", zones[i], 1);
        assert_int_equal(calendar_add(shipped, CALENDAR_WORKING_MINUTES, from, 12345), due);
        test_due(state);
        struct buf faults;
        buf_init(&faults, 4096);
        struct calendar *again = NULL;
        assert_int_equal(calendar_load(shipped_text, shipped_n, &faults, &again), 0);
        struct id one = calendar_version(shipped), two = calendar_version(again);
        assert_true(id_equal(&one, &two));
        calendar_unref(again);
        buf_release(&faults);
    }
    unsetenv("TZ");
}

/* --- what changed ------------------------------------------------------------------------------
 */

static void assert_changed(const char *old_json, const char *next_json, const char *wanted)
{
    struct buf faults, out;
    buf_init(&faults, 4096);
    buf_init(&out, 4096);
    struct calendar *old = NULL, *next = NULL;
    assert_int_equal(calendar_load(old_json, strlen(old_json), &faults, &old), 0);
    assert_int_equal(calendar_load(next_json, strlen(next_json), &faults, &next), 0);
    calendar_changed(old, next, &out);
    buf_add_char(&out, '\0');
    assert_string_equal(out.data, wanted);
    calendar_unref(old);
    calendar_unref(next);
    buf_release(&out);
    buf_release(&faults);
}

#define WEEK "\"weekdays\":[1,2,3,4,5],\"hours\":[[\"07:30\",\"11:30\"],[\"13:00\",\"17:00\"]]"
#define DAYS(off, worked) ",\"holidays\":[" off "],\"working_days\":[" worked "]}"
#define DAY(date, name) "{\"date\":\"2026-" date "\",\"name\":\"" name "\"}"

static void test_what_changed_is_said(void **state)
{
    (void)state;
    static const char plain[] = "{\"form\":1,\"years\":[2026,2027]," WEEK DAYS(
        DAY("09-02", "A") "," DAY("12-24", "B"), DAY("10-10", "C"));
    assert_changed(plain, plain, "nothing");
    assert_changed(
        plain,
        "{\"form\":1,\"years\":[2026,2028],\"weekdays\":[1,6],\"hours\":[[\"07:00\",\"11:00\"]"
        "]" DAYS(DAY("09-02", "Other") "," DAY("12-15", "D"), DAY("12-26", "E")),
        "weekdays 1 6; hours 07:00-11:00; years 2026 2028; off 2026-12-15; "
        "worked 2026-12-26; usual 2026-10-10 2026-12-24; named 1");
    assert_changed(
        "{\"form\":1,\"years\":[2026,2027]," WEEK DAYS("", ""),
        "{\"form\":1,\"years\":[2026,2027]," WEEK DAYS(
            DAY("01-01", "x") "," DAY("01-02", "x") "," DAY("01-05", "x") "," DAY("01-06", "x") "," DAY("01-07", "x") "," DAY(
                "01-08",
                "x") "," DAY("01-09",
                             "x") "," DAY("01-12",
                                          "x") "," DAY("01-13",
                                                       "x") "," DAY("01-14",
                                                                    "x") "," DAY("01-15",
                                                                                 "x") "," DAY("01-"
                                                                                              "16",
                                                                                              "x") "," DAY("01-19",
                                                                                                           "x") "," DAY("01-20",
                                                                                                                        "x"),
            ""),
        "off 2026-01-01 2026-01-02 2026-01-05 2026-01-06 2026-01-07 2026-01-08 "
        "2026-01-09 2026-01-12 2026-01-13 2026-01-14 2026-01-15 2026-01-16 +2");
}

static void test_extremes(void **state)
{
    (void)state;
    struct calendar *plain = NULL;
    assert_int_equal(calendar_plain(&plain), 0);
    for (enum calendar_unit unit = CALENDAR_ELAPSED; unit <= CALENDAR_CALENDAR_DAYS; unit++) {
        int64_t most = calendar_add(plain, unit, at("2026-01-01 00:00"), INT64_MAX);
        assert_true(most > at("2100-01-01 00:00"));
        assert_true(calendar_add(plain, unit, INT64_MAX, INT64_MAX) >= most);
        assert_int_equal(calendar_spent(plain, unit, INT64_MAX, INT64_MIN), 0);
        assert_true(calendar_spent(plain, unit, 0, INT64_MAX) > 0);
    }
    /* A calendar of one week's days around the clock. */
    struct buf faults;
    buf_init(&faults, 4096);
    struct calendar *always;
    static const char json[] = "{\"form\":1,\"years\":[2026,2026],\"weekdays\":[1,2,3,4,5,6,7],"
                               "\"hours\":[[\"00:00\",\"24:00\"]]}";
    assert_int_equal(calendar_load(json, strlen(json), &faults, &always), 0);
    roll();
    for (int i = 0; i < 2000; i++) {
        int64_t x = any_instant(), n = (int64_t)dice(100000);
        assert_int_equal(calendar_add(always, CALENDAR_WORKING_MINUTES, x, n), x + n * MINUTE);
        assert_int_equal(calendar_spent(always, CALENDAR_WORKING_MINUTES, x, x + n * MINUTE), n);
    }
    calendar_unref(always);
    calendar_unref(plain);
    buf_release(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_hours),
        cmocka_unit_test(test_due),
        cmocka_unit_test(test_spent_days),
        cmocka_unit_test(test_received),
        cmocka_unit_test(test_laws),
        cmocka_unit_test(test_minute_by_minute),
        cmocka_unit_test(test_time_zone),
        cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_what_changed_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
