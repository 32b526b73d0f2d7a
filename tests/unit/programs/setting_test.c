/* Whole files as settings: replaced, large, and in force before what is shipped. */
#include "tests/unit/programs/world.h"

static void shipped_until_set(void **state)
{
    struct world *w = *state;
    static const char text[] =
        "{\"form\":1,\"years\":[2026,2026],\"weekdays\":[1,2],\"hours\":[[\"08:00\",\"12:00\"]],"
        "\"holidays\":[],\"working_days\":[]}";
    struct buf faults;
    buf_init(&faults, 4096);
    assert_int_equal(setting_put(w->stores.data, SETTING_CALENDAR, text, strlen(text), 1000), 0);
    struct calendar *c = NULL;
    assert_int_equal(setting_load_calendar(w->stores.data, shipped_calendar.text,
                                           shipped_calendar.n, &faults, &c),
                     0);
    struct id own = calendar_version(c), shipped = calendar_version(w->calendar);
    assert_false(id_equal(&own, &shipped));
    calendar_unref(c);
    buf_release(&faults);
}

static void the_old_bytes_are_removed(void **state)
{
    struct world *w = *state;
    struct setting first, second;
    struct store_blob_info info;
    size_t n = 700000; /* several chunks */
    char *bytes = malloc(n);
    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)('a' + i % 23);
    assert_int_equal(setting_put(w->stores.data, SETTING_BORDERS, "x", 1, 1000), 0);
    assert_int_equal(setting_get(w->stores.data, SETTING_BORDERS, &w->arena, &first), 0);
    assert_int_equal(setting_put(w->stores.data, SETTING_BORDERS, bytes, n, 2000), 0);
    assert_int_equal(setting_get(w->stores.data, SETTING_BORDERS, &w->arena, &second), 0);
    assert_int_equal(second.revision, first.revision + 1);
    assert_int_equal(store_blob_stat(w->stores.data, &first.blob, &info), STORE_ABSENT);
    struct buf back;
    buf_init(&back, 1 << 20);
    assert_int_equal(setting_read(w->stores.data, SETTING_BORDERS, &back), 0);
    assert_int_equal(back.len, n);
    assert_memory_equal(back.data, bytes, n);
    buf_release(&back);
    free(bytes);
}

static void what_nobody_set_is_absent(void **state)
{
    struct world *w = *state;
    struct buf text;
    buf_init(&text, 100);
    assert_int_equal(setting_read(w->stores.data, SETTING_COMMUNES, &text), STORE_ABSENT);
    assert_int_equal(setting_put(w->stores.data, SETTING_COMMUNES, "", 0, 1), E_INVALID);
    buf_release(&text);
}

static void a_text_that_no_longer_loads_is_told(void **state)
{
    struct world *w = *state;
    struct buf faults;
    struct calendar *c = NULL;
    buf_init(&faults, 4096);
    assert_int_equal(setting_put(w->stores.data, SETTING_CALENDAR, "{}", 2, 1), 0);
    assert_int_equal(setting_load_calendar(w->stores.data, shipped_calendar.text,
                                           shipped_calendar.n, &faults, &c),
                     E_CORRUPT);
    assert_true(faults.len > 0);
    buf_release(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(shipped_until_set),
        WORLD_TEST(the_old_bytes_are_removed),
        WORLD_TEST(what_nobody_set_is_absent),
        WORLD_TEST(a_text_that_no_longer_loads_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
