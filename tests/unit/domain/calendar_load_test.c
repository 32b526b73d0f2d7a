/* Calendars as people write them: what is taken, what is refused, and one put in another's place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/calendar/calendar.h"
#include "tests/unit/domain/calendar_time.h"

static int load(const char *json, struct buf *faults, struct calendar **ret)
{
    buf_reset(faults);
    *ret = NULL;
    return calendar_load(json, strlen(json), faults, ret);
}

#define HEAD "{\"form\":1,\"years\":[2026,2026],\"weekdays\":[1,2,3,4,5],"
#define HOURS "\"hours\":[[\"08:00\",\"12:00\"]],"

static void test_swapped_days(void **state)
{
    (void)state;
    struct buf faults;
    buf_init(&faults, 4096);
    struct calendar *plain, *swapped, *renamed;
    assert_int_equal(load(HEAD HOURS "\"holidays\":[]}", &faults, &plain), 0);
    assert_int_equal(load(HEAD HOURS
                          "\"holidays\":[{\"date\":\"2026-01-02\",\"name\":\"Nghỉ hoán đổi\"}],"
                          "\"working_days\":[{\"date\":\"2026-01-10\",\"name\":\"Làm bù\"}]}",
                          &faults, &swapped),
                     0);
    assert_int_equal(load(HEAD HOURS
                          "\"note\":\"x\",\"holidays\":[{\"date\":\"2026-01-02\",\"name\":\"A\"}],"
                          "\"working_days\":[{\"date\":\"2026-01-10\",\"name\":\"B\"}]}",
                          &faults, &renamed),
                     0);
    assert_false(calendar_is_working_day(swapped, day_of("2026-01-02")));
    assert_true(calendar_is_working_day(swapped, day_of("2026-01-10")));
    assert_true(calendar_is_open(swapped, at("2026-01-10 11:59")));
    struct id a = calendar_version(plain), b = calendar_version(swapped);
    struct id c = calendar_version(renamed);
    assert_false(id_equal(&a, &b));
    assert_true(id_equal(&b, &c));

    struct calendar_holder *holder;
    assert_int_equal(calendar_holder_new(plain, &holder), 0);
    struct calendar *held = calendar_current(holder);
    calendar_replace(holder, swapped);
    struct calendar *now = calendar_current(holder);
    assert_true(calendar_is_working_day(held, day_of("2026-01-02"))); /* still readable */
    assert_false(calendar_is_working_day(now, day_of("2026-01-02")));
    calendar_unref(held);
    calendar_unref(now);
    calendar_holder_free(holder);
    calendar_unref(renamed);
    buf_release(&faults);
}

static void test_faults(void **state)
{
    (void)state;
    struct buf faults;
    buf_init(&faults, 4096);
    struct calendar *c;
    assert_int_equal(load("{\"form\":2,\"years\":[2027,2026],\"weekdays\":[0,1,1],"
                          "\"hours\":[[\"08:00\",\"07:00\"],[\"25:00\",\"26:00\"]],\"extra\":1,"
                          "\"holidays\":[{\"date\":\"2026-02-30\",\"name\":\"x\"},{\"name\":\"y\"},"
                          "{\"date\":\"2026-02-03\"}]}",
                          &faults, &c),
                     CALENDAR_FAULTY);
    assert_null(c);
    const char *expected[] = {"/form ",       "/years ",     "/weekdays/0 ", "/weekdays/2 ",
                              "/hours/0 ",    "/hours/1 ",   "/extra ",      "/holidays/0 ",
                              "/holidays/1 ", "/holidays/2 "};
    for (size_t i = 0; i < ARRAY_LEN(expected); i++)
        if (!strstr(faults.data, expected[i]))
            fail_msg("no fault for %s in:\n%s", expected[i], faults.data);

    const char *one_fault[] = {
        "",
        "[]",
        "{",
        HEAD "\"hours\":[]}",
        HEAD HOURS "\"holidays\":{}}",
        HEAD HOURS "\"holidays\":[{\"date\":\"2027-01-01\",\"name\":\"x\"}]}",
        HEAD HOURS "\"holidays\":[{\"date\":\"2026-01-01\",\"name\":\"x\",\"for\":\"x\"}]}",
        HEAD HOURS "\"holidays\":[{\"date\":\"2026-01-01\",\"name\":\"x\"}],"
                   "\"working_days\":[{\"date\":\"2026-01-01\",\"name\":\"x\"}]}",
        HEAD "\"hours\":[[\"08:00\",\"12:00\"],[\"12:00\",\"13:00\"]]}",
        "{\"form\":1,\"years\":[2026,2026],\"weekdays\":[],\"hours\":[[\"08:00\",\"12:00\"]]}",
        "{\"form\":1,\"years\":[1000,2026],\"weekdays\":[1],\"hours\":[[\"08:00\",\"12:00\"]]}",
        "{\"form\":1,\"years\":[2000,2100],\"weekdays\":[1],\"hours\":[[\"08:00\",\"12:00\"]]}",
    };
    for (size_t i = 0; i < ARRAY_LEN(one_fault); i++) {
        assert_int_equal(load(one_fault[i], &faults, &c), CALENDAR_FAULTY);
        assert_true(faults.len > 0);
        assert_ptr_equal(strchr(faults.data, '\n'), faults.data + faults.len - 1); /* one line */
    }
    buf_release(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_swapped_days),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
