#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"

struct text {
    const char *bytes;
    size_t n;
};

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static int read_text(const char *s, json_t **ret)
{
    struct json_fault fault;
    return json_read(s, strlen(s), ret, &fault);
}

static void reads_any_value(void **state)
{
    (void)state;
    static const char *const good[] = {"null",
                                       " true\n",
                                       "-9223372036854775808",
                                       "9223372036854775807",
                                       "1.5e3",
                                       "\"\"",
                                       "\"\\ud83d\\ude00 \\u1ea1 \\/\"",
                                       "[]",
                                       "{\"a\":{\"a\":1},\"b\":{\"a\":1}}",
                                       "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""};
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        CLEANUP(json_decrefp) json_t *value = NULL;
        assert_int_equal(read_text(good[i], &value), 0);
        assert_non_null(value);
    }
}

static void refuses_what_is_not_strict_json(void **state)
{
    (void)state;
    static const struct text bad[] = {
        TEXT(""),
        TEXT(" "),
        TEXT("{"),
        TEXT("nul"),
        TEXT("{} x"),
        TEXT("1 2"),
        TEXT("[1,]"),
        TEXT("{\"a\":1,}"),
        TEXT("{'a':1}"),
        TEXT("{\"a\":1,\"a\":2}"),
        TEXT("{\"a\":1,\"\\u0061\":2}"),
        TEXT("[{\"x\":{\"a\":1,\"b\":2,\"a\":1}}]"),
        TEXT("NaN"),
        TEXT("Infinity"),
        TEXT("-"),
        TEXT("01"),
        TEXT("+1"),
        TEXT("1."),
        TEXT(".5"),
        TEXT("0x10"),
        TEXT("9223372036854775808"),
        TEXT("-9223372036854775809"),
        TEXT("1e400"),
        TEXT("\"\\u0000\""),
        TEXT("{\"\\u0000\":1}"),
        TEXT("\"\\ud800\""),
        TEXT("\"\\ud800x\""),
        TEXT("\"\\udc00\""),
        TEXT("\"\\ud800\\ud800\""),
        TEXT("\"\\ude00\\ud83d\""),
        TEXT("\"\xED\xA0\x80\""),
        TEXT("\"\xC0\xAF\""),
        TEXT("\"\xF4\x90\x80\x80\""),
        TEXT("\"\xE1\xBB\""),
        TEXT("\"\xFF\""),
        TEXT("\"a\nb\""),
        TEXT("\"a\tb\""),
        TEXT("\"\\x\""),
        TEXT("\"open"),
        TEXT("\"open\\"),
        TEXT("\"a\0b\""),
        TEXT("1\0"),
        TEXT("\0"),
        TEXT("\xEF\xBB\xBF{}"),
        TEXT("// x\n1"),
        TEXT("]]]]"),
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        json_t *value = NULL;
        struct json_fault fault = {0};
        assert_int_equal(json_read(bad[i].bytes, bad[i].n, &value, &fault), JSON_NOT_JSON);
        assert_null(value);
        assert_true(fault.words[0] != '\0');
        assert_string_not_equal(fault.said[0], fault.said[1]);
        assert_true(text_valid(fault.words, strlen(fault.words)));
        assert_true(fault.offset <= bad[i].n);
    }
}

static void words_of_a_fault_are_cut_at_a_character(void **state)
{
    (void)state;
    for (size_t pad = 0; pad < 8; pad++) {
        char s[600] = "";
        memset(s, 'x', pad);
        for (int i = 0; i < 100; i++)
            strcat(s, "ệ");
        json_t *value;
        struct json_fault fault;
        assert_int_equal(json_read(s, strlen(s), &value, &fault), JSON_NOT_JSON);
        assert_true(text_valid(fault.words, strlen(fault.words)));
    }
}

static int read_nested(size_t depth, const char *open, const char *close, struct json_fault *fault)
{
    CLEANUP(arena_release) struct arena a = {0};
    size_t open_n = strlen(open), close_n = strlen(close);
    char *s = arena_alloc(&a, depth * (open_n + close_n) + 2);
    for (size_t i = 0; i < depth; i++)
        memcpy(s + i * open_n, open, open_n);
    s[depth * open_n] = '0';
    for (size_t i = 0; i < depth; i++)
        memcpy(s + depth * open_n + 1 + i * close_n, close, close_n);
    CLEANUP(json_decrefp) json_t *value = NULL;
    return json_read(s, strlen(s), &value, fault);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    struct json_fault fault;
    assert_int_equal(read_nested(JSON_DEPTH_MAX, "[", "]", &fault), 0);
    assert_int_equal(read_nested(JSON_DEPTH_MAX, "{\"[\\\"[\":", "}", &fault), 0);
    assert_int_equal(read_nested(JSON_DEPTH_MAX + 1, "[", "]", &fault), JSON_TOO_DEEP);
    assert_int_equal(fault.offset, JSON_DEPTH_MAX);
    assert_int_equal(read_nested(JSON_DEPTH_MAX + 1, "{\"a\":", "}", &fault), JSON_TOO_DEEP);
    assert_int_equal(read_nested(1000000, "[", "", &fault), JSON_TOO_DEEP);
}

static void brackets_in_strings_do_not_nest(void **state)
{
    (void)state;
    char s[200] = "[\"\\\\\\\"";
    memset(s + strlen(s), '[', 100);
    strcat(s, "\"]");
    CLEANUP(json_decrefp) json_t *value = NULL;
    assert_int_equal(read_text(s, &value), 0);
}

static void canonical_text_is_equal_for_equal_values(void **state)
{
    (void)state;
    CLEANUP(arena_release) struct arena a = {0};
    CLEANUP(json_decrefp) json_t *one = NULL;
    CLEANUP(json_decrefp) json_t *other = NULL;
    assert_int_equal(
        read_text("{\"b\": [1, 2.50, {\"z\":null,\"y\":\"\\u1ea1\\/\"}], \"a\":true}", &one), 0);
    assert_int_equal(read_text("{\"a\":true,\"b\":[1,2.5,{\"y\":\"ạ/\",\"z\":null}]}", &other), 0);
    size_t n, m;
    char *text = json_canonical(&a, one, &n);
    assert_string_equal(text, "{\"a\":true,\"b\":[1,2.5,{\"y\":\"ạ/\",\"z\":null}]}");
    assert_int_equal(n, strlen(text));
    assert_string_equal(json_canonical(&a, other, &m), text);
    assert_int_equal(m, n);
    CLEANUP(json_decrefp) json_t *scalar = json_string("x");
    assert_string_equal(json_canonical(&a, scalar, &n), "\"x\"");
}

static void numbers_are_written_as_people_write_them(void **state)
{
    (void)state;
    static const char *const texts[] = {"[92.8,0.1,120.35,-9.176912]", "{\"a\":[{\"b\":66.6}]}",
                                        "4.25", "0.30000000000000004", "1.7976931348623157e308"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        CLEANUP(arena_release) struct arena a = {0};
        CLEANUP(json_decrefp) json_t *value = NULL;
        size_t n;
        assert_int_equal(read_text(texts[i], &value), 0);
        assert_string_equal(json_canonical(&a, value, &n), texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_any_value),
        cmocka_unit_test(refuses_what_is_not_strict_json),
        cmocka_unit_test(words_of_a_fault_are_cut_at_a_character),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(brackets_in_strings_do_not_nest),
        cmocka_unit_test(canonical_text_is_equal_for_equal_values),
        cmocka_unit_test(numbers_are_written_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
