#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/cleanup.h"
#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"

static void texts_of_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *hex, *base64, *base64url;
    } cases[] = {
        {"", "", "", ""},
        {"f", "66", "Zg==", "Zg"},
        {"fo", "666f", "Zm8=", "Zm8"},
        {"foo", "666f6f", "Zm9v", "Zm9v"},
        {"\xfb\xff\xfe", "fbfffe", "+//+", "-__-"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t n = strlen(cases[i].bytes), got;
        char text[32];
        uint8_t back[8];

        assert_string_equal(bytes_to_hex(cases[i].bytes, n, text), cases[i].hex);
        assert_true(bytes_from_hex(text, strlen(text), back, sizeof(back), &got));
        assert_int_equal(got, n);
        assert_memory_equal(back, cases[i].bytes, n);
        assert_string_equal(bytes_to_base64(cases[i].bytes, n, text), cases[i].base64);
        assert_int_equal(strlen(text) + 1, BYTES_BASE64_TEXT(n));
        assert_true(bytes_from_base64(text, strlen(text), back, sizeof(back), &got));
        assert_int_equal(got, n);
        assert_string_equal(bytes_to_base64url(cases[i].bytes, n, text), cases[i].base64url);
        assert_int_equal(strlen(text) + 1, BYTES_BASE64URL_TEXT(n));
        assert_true(bytes_from_base64url(text, strlen(text), back, sizeof(back), &got));
        assert_int_equal(got, n);
        assert_memory_equal(back, cases[i].bytes, n);
    }
}

static void decoders_take_one_spelling(void **state)
{
    (void)state;
    static const char *const bad_url[] = {"Zg==", "Zh",   "Z",  "Zm9v\n", " Zm9v",
                                          "Zm+v", "Zm/v", "A=", "Zm9vA"};
    static const char *const bad_hex[] = {"6", "6G", "AA", " 6", "0x"};
    uint8_t back[8];
    size_t n;

    for (size_t i = 0; i < ARRAY_LEN(bad_url); i++)
        assert_false(bytes_from_base64url(bad_url[i], strlen(bad_url[i]), back, sizeof(back), &n));
    for (size_t i = 0; i < ARRAY_LEN(bad_hex); i++)
        assert_false(bytes_from_hex(bad_hex[i], strlen(bad_hex[i]), back, sizeof(back), &n));
    assert_false(bytes_from_base64("Zg", 2, back, sizeof(back), &n));
    assert_false(bytes_from_base64("-_-_", 4, back, sizeof(back), &n));
}

static void decoders_keep_to_their_room(void **state)
{
    (void)state;
    uint8_t back[4] = {0, 0, 0, 0xee};
    size_t n;

    assert_true(bytes_from_hex("010203", 6, back, 3, &n));
    assert_false(bytes_from_hex("01020304", 8, back, 3, &n));
    assert_true(bytes_from_base64url("AQID", 4, back, 3, &n));
    assert_false(bytes_from_base64url("AQIDBA", 6, back, 3, &n));
    assert_false(bytes_from_base64("AQIDBA==", 8, back, 3, &n));
    assert_int_equal(back[3], 0xee);
}

static void digits_are_even(void **state)
{
    (void)state;
    char digits[1001];
    unsigned seen[10] = {0};

    for (int round = 0; round < 20; round++) {
        assert_int_equal(strlen(bytes_random_digits(1000, digits)), 1000);
        for (const char *c = digits; *c; c++) {
            assert_in_range(*c, '0', '9');
            seen[*c - '0']++;
        }
    }
    for (int i = 0; i < 10; i++) /* 2,000 each; 300 is 7 standard deviations */
        assert_in_range(seen[i], 1700, 2300);
}

static void equality_sees_every_byte(void **state)
{
    (void)state;
    uint8_t a[32] = {0}, b[32] = {0};

    assert_true(bytes_equal(a, b, sizeof(a)));
    for (size_t i = 0; i < sizeof(a); i++) {
        b[i] = 1;
        assert_false(bytes_equal(a, b, sizeof(a)));
        b[i] = 0;
    }
    bytes_random(a, sizeof(a));
    assert_false(bytes_equal(a, b, sizeof(a)));
    bytes_wipe(a, sizeof(a));
    assert_true(bytes_equal(a, b, sizeof(a)));
}

/* FIPS 180-2 "abc"; RFC 4231 cases 2 and 6. */
static void digests_of_the_standards(void **state)
{
    (void)state;
    uint8_t out[MAC_SIZE], key[131];
    char hex[BYTES_HEX_TEXT(MAC_SIZE)];
    const char *what = "what do ya want for nothing?";
    const char *large = "Test Using Larger Than Block-Size Key - Hash Key First";

    mac_sha256("abc", 3, out);
    assert_string_equal(bytes_to_hex(out, sizeof(out), hex),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    mac_hmac("Jefe", 4, what, strlen(what), out);
    assert_string_equal(bytes_to_hex(out, sizeof(out), hex),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof(key));
    mac_hmac(key, sizeof(key), large, strlen(large), out);
    assert_string_equal(bytes_to_hex(out, sizeof(out), hex),
                        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_bytes),
        cmocka_unit_test(decoders_take_one_spelling),
        cmocka_unit_test(decoders_keep_to_their_room),
        cmocka_unit_test(digits_are_even),
        cmocka_unit_test(equality_sees_every_byte),
        cmocka_unit_test(digests_of_the_standards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
