#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"

static void grows_and_stays_terminated(void **state)
{
    (void)state;
    CLEANUP(buf_release) struct buf b;
    buf_init(&b, 100000);
    for (int i = 0; i < 10000; i++) {
        buf_add_char(&b, (char)('a' + i % 26));
        assert_int_equal(b.data[b.len], 0);
    }
    buf_add_str(&b, "xyz");
    buf_printf(&b, "%05d", 42);
    assert_int_equal(b.len, 10008);
    assert_string_equal(b.data + 10000, "xyz00042");
    assert_false(b.failed);
}

static void maximum_is_exact_and_remembered(void **state)
{
    (void)state;
    CLEANUP(buf_release) struct buf b;
    buf_init(&b, 5);
    buf_add_str(&b, "12345");
    assert_false(b.failed);
    buf_add(&b, NULL, 0);
    assert_false(b.failed);
    buf_add_char(&b, '6');
    assert_true(b.failed);
    assert_string_equal(b.data, "12345");
    buf_printf(&b, "%s", "");
    assert_int_equal(b.len, 5);
    assert_null(buf_steal(&b));
    assert_false(b.failed);
    buf_add_str(&b, "123");
    buf_printf(&b, "%s", "456");
    assert_true(b.failed);
    assert_string_equal(b.data, "123");
    buf_reset(&b);
    assert_int_equal(b.len, 0);
    assert_string_equal(b.data, "");
    buf_add_str(&b, "ok");
    assert_string_equal(b.data, "ok");
}

static void no_room_for_an_overflowing_length(void **state)
{
    (void)state;
    CLEANUP(buf_release) struct buf b;
    buf_init(&b, SIZE_MAX);
    buf_add_str(&b, "a");
    buf_add(&b, "b", SIZE_MAX - 1);
    assert_true(b.failed);
    assert_string_equal(b.data, "a");
}

static void steal_hands_over(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    assert_null(buf_steal(&b));
    buf_add_str(&b, "mine");
    CLEANUP(freep) char *mine = buf_steal(&b);
    assert_string_equal(mine, "mine");
    assert_null(b.data);
    buf_add_str(&b, "more");
    assert_string_equal(b.data, "more");
    buf_release(&b);
}

static void json_strings_are_escaped(void **state)
{
    (void)state;
    CLEANUP(buf_release) struct buf b;
    buf_init(&b, 1000);
    buf_add_json_str(&b, "a\"\\\n\r\t\b\0\x1f/é😀", 16);
    assert_string_equal(b.data, "\"a\\\"\\\\\\n\\r\\t\\u0008\\u0000\\u001f/é😀\"");
    buf_reset(&b);
    buf_add_json_str(&b, "", 0);
    assert_string_equal(b.data, "\"\"");
}

static void json_strings_are_valid_whatever_the_bytes(void **state)
{
    (void)state;
    CLEANUP(buf_release) struct buf b;
    buf_init(&b, 1000);
    buf_add_json_str(&b, "x\xC0\xAFy\xED\xA0\x80\xE1\xBB", 9);
    assert_string_equal(b.data, "\"x\xEF\xBF\xBD\xEF\xBF\xBDy\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
                                "\xEF\xBF\xBD\xEF\xBF\xBD\"");
    for (int c = 0; c < 256 * 256; c++) {
        const char bytes[2] = {(char)(c >> 8), (char)c};
        buf_reset(&b);
        buf_add_json_str(&b, bytes, 2);
        json_t *value = json_loadb(b.data, b.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_non_null(value);
        json_decref(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_stays_terminated),
        cmocka_unit_test(maximum_is_exact_and_remembered),
        cmocka_unit_test(no_room_for_an_overflowing_length),
        cmocka_unit_test(steal_hands_over),
        cmocka_unit_test(json_strings_are_escaped),
        cmocka_unit_test(json_strings_are_valid_whatever_the_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
