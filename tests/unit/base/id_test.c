#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/id.h"

static int version_of(const struct id *id)
{
    return id->bytes[6] >> 4;
}

static bool variant_is_rfc(const struct id *id)
{
    return (id->bytes[8] & 0xC0) == 0x80;
}

static void versions_and_variants(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        struct id ids[] = {id_v4(), id_v7(i), id_v8("x", &(struct id_part){&i, sizeof i}, 1)};
        static const int versions[] = {4, 7, 8};
        for (size_t j = 0; j < ARRAY_LEN(ids); j++) {
            assert_int_equal(version_of(&ids[j]), versions[j]);
            assert_true(variant_is_rfc(&ids[j]));
        }
    }
}

static void v7_increases_within_a_millisecond(void **state)
{
    (void)state;
    struct id before = id_v7(1764000000000);
    for (int i = 0; i < 100000; i++) {
        id_v7(1763999999999 + i % 3 * 2); /* other times between do not disturb */
        struct id next = id_v7(1764000000000);
        assert_true(id_compare(&before, &next) < 0);
        before = next;
    }
}

static void v7_holds_the_time(void **state)
{
    (void)state;
    struct id id = id_v7(0x019A0B0C0D0E);
    assert_memory_equal(id.bytes, "\x01\x9A\x0B\x0C\x0D\x0E", 6);
    id = id_v7(-5);
    assert_memory_equal(id.bytes, "\0\0\0\0\0\0", 6);
    id = id_v7(INT64_MAX);
    assert_memory_equal(id.bytes, "\xFF\xFF\xFF\xFF\xFF\xFF", 6);
    struct id earlier = id_v7(1000), later = id_v7(1001);
    assert_true(id_compare(&earlier, &later) < 0);
}

enum { THREADS = 4, EACH = 5000 };

static void *make_ids(void *out)
{
    struct id *ids = out;
    for (int i = 0; i < EACH; i++)
        ids[i] = id_v7(1764000000000);
    return NULL;
}

static int compare_ids(const void *a, const void *b)
{
    return id_compare(a, b);
}

static void v7_is_unique_and_ordered_in_threads(void **state)
{
    (void)state;
    static struct id ids[THREADS * EACH];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_ids, ids + i * EACH), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS * EACH; i++) {
        if (i % EACH != 0)
            assert_true(id_compare(&ids[i - 1], &ids[i]) < 0);
    }
    qsort(ids, THREADS * EACH, sizeof *ids, compare_ids);
    for (int i = 1; i < THREADS * EACH; i++)
        assert_false(id_equal(&ids[i - 1], &ids[i]));
}

static void v8_is_the_same_for_ever(void **state)
{
    (void)state;
    /* printf '\0\0\0\0\0\0\0\006report\0\0\0\0\0\0\0\003abc' | sha256sum */
    struct id id = id_v8("report", &(struct id_part){"abc", 3}, 1);
    char text[ID_TEXT];
    assert_string_equal(id_format(&id, text), "e4c98e16-0f40-87b4-8b4c-6e9a0a5b9f95");
}

static void v8_keeps_parts_apart(void **state)
{
    (void)state;
    const struct id_part ab_c[] = {{"ab", 2}, {"c", 1}}, a_bc[] = {{"a", 1}, {"bc", 2}},
                         abc[] = {{"abc", 3}, {NULL, 0}};
    struct id ids[] = {id_v8("k", ab_c, 2), id_v8("k", a_bc, 2), id_v8("k", abc, 1),
                       id_v8("k", abc, 2),  id_v8("l", ab_c, 2), id_v8("k", NULL, 0)};
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        for (size_t j = 0; j < i; j++)
            assert_false(id_equal(&ids[i], &ids[j]));
    }
    struct id again = id_v8("k", ab_c, 2);
    assert_true(id_equal(&ids[0], &again));
}

static void text_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        struct id id = id_v4(), back;
        char text[ID_TEXT];
        assert_int_equal(strlen(id_format(&id, text)), 36);
        assert_true(id_parse(text, &back));
        assert_true(id_equal(&id, &back));
    }
    struct id upper, lower;
    assert_true(id_parse("01234567-89AB-CDEF-0123-456789ABCDEF", &upper));
    assert_true(id_parse("01234567-89ab-cdef-0123-456789abcdef", &lower));
    assert_true(id_equal(&upper, &lower));
    assert_memory_equal(upper.bytes, "\x01\x23\x45\x67\x89\xAB\xCD\xEF", 8);
}

static void parse_rejects(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "0",
        "01234567-89ab-cdef-0123-456789abcde",
        "01234567-89ab-cdef-0123-456789abcdef0",
        "01234567-89ab-cdef-0123-456789abcdef\n",
        " 1234567-89ab-cdef-0123-456789abcdef",
        "0123456789abcdef0123456789abcdef",
        "012345678-9ab-cdef-0123-456789abcdef",
        "01234567-89ab-cdef-0123_456789abcdef",
        "01234567-89ab-cdef-0123-456789abcdeg",
        "{01234567-89ab-cdef-0123-456789abcdef}",
        "-1234567-89ab-cdef-0123-456789abcdef",
    };
    struct id untouched = {{42}}, id = untouched;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_false(id_parse(bad[i], &id));
        assert_true(id_equal(&id, &untouched));
    }
}

static void nil(void **state)
{
    (void)state;
    struct id id;
    assert_true(id_parse("00000000-0000-0000-0000-000000000000", &id));
    assert_true(id_is_nil(&id));
    id.bytes[15] = 1;
    assert_false(id_is_nil(&id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_and_variants),
        cmocka_unit_test(v7_increases_within_a_millisecond),
        cmocka_unit_test(v7_holds_the_time),
        cmocka_unit_test(v7_is_unique_and_ordered_in_threads),
        cmocka_unit_test(v8_is_the_same_for_ever),
        cmocka_unit_test(v8_keeps_parts_apart),
        cmocka_unit_test(text_round_trip),
        cmocka_unit_test(parse_rejects),
        cmocka_unit_test(nil),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
