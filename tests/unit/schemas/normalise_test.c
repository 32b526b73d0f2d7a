#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "schemas/normalise.h"

#define E_ACUTE_NFD "e\xcc\x81"
#define E_ACUTE_NFC "\xc3\xa9"

static int normalise(json_t *value, char pointer[64])
{
    struct arena a;
    const char *found;
    arena_init(&a);
    int r = schema_normalise(&a, value, &found);
    strcpy(pointer, found && strlen(found) < 64 ? found : "-");
    arena_release(&a);
    return r;
}

static void every_string_becomes_nfc(void **state)
{
    (void)state;
    char pointer[64];
    CLEANUP(json_decrefp)
    json_t *value = json_pack("{s:s, s:[s, {s:s}], s:i}", "a", E_ACUTE_NFD, "b", "plain", "c",
                              "x\r\ny\x01" E_ACUTE_NFD, "n", 1);
    CLEANUP(json_decrefp)
    json_t *expected = json_pack("{s:s, s:[s, {s:s}], s:i}", "a", E_ACUTE_NFC, "b", "plain", "c",
                                 "x\ny" E_ACUTE_NFC, "n", 1);
    assert_int_equal(normalise(value, pointer), 0);
    assert_string_equal(pointer, "-");
    assert_true(json_equal(value, expected));
    assert_int_equal(normalise(value, pointer), 0); /* again changes nothing */
    assert_true(json_equal(value, expected));
}

static void nul_and_bad_bytes_are_told_with_their_place(void **state)
{
    (void)state;
    char pointer[64];
    CLEANUP(json_decrefp) json_t *nul = json_pack("{s:[s, s%]}", "k", "a", "b\0c", (size_t)3);
    assert_int_equal(normalise(nul, pointer), NORMALISE_BAD_TEXT);
    assert_string_equal(pointer, "/k/1");

    CLEANUP(json_decrefp) json_t *bytes = json_string_nocheck("\xff");
    assert_int_equal(normalise(bytes, pointer), NORMALISE_BAD_TEXT);
    assert_string_equal(pointer, "");
}

static void names_are_refused_rather_than_changed(void **state)
{
    (void)state;
    char pointer[64];
    CLEANUP(json_decrefp) json_t *good = json_pack("{s:i}", "tên", 1);
    assert_int_equal(normalise(good, pointer), 0);
    CLEANUP(json_decrefp) json_t *nfd = json_pack("{s:i}", E_ACUTE_NFD, 1);
    assert_int_equal(normalise(nfd, pointer), NORMALISE_BAD_TEXT);
    assert_string_equal(pointer, "/" E_ACUTE_NFD);
    CLEANUP(json_decrefp) json_t *control = json_pack("{s:i}", "a\tb\x02", 1);
    assert_int_equal(normalise(control, pointer), NORMALISE_BAD_TEXT);
}

static void a_bottomless_value_is_refused(void **state)
{
    (void)state;
    char pointer[64];
    CLEANUP(json_decrefp) json_t *value = json_string("a");
    for (int i = 0; i < 100; i++)
        value = json_pack("[o]", value);
    assert_int_equal(normalise(value, pointer), E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_string_becomes_nfc),
        cmocka_unit_test(nul_and_bad_bytes_are_told_with_their_place),
        cmocka_unit_test(names_are_refused_rather_than_changed),
        cmocka_unit_test(a_bottomless_value_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
