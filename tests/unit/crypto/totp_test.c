#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/cleanup.h"
#include "base/crypto/totp.h"

static const uint8_t secret[TOTP_SECRET] = "12345678901234567890"; /* RFC 6238 appendix B */

/* The RFC's codes have 8 digits; ours are their last 6. */
static void codes_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        int64_t time_s;
        const char *code;
    } cases[] = {
        {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
    };
    char code[TOTP_DIGITS + 1];

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t step;

        assert_string_equal(totp_code(secret, cases[i].time_s / 30, code), cases[i].code);
        assert_int_equal(
            totp_verify(secret, cases[i].code, cases[i].time_s * 1000, TOTP_NO_STEP, &step), 0);
        assert_int_equal(step, cases[i].time_s / 30);
    }
}

static void one_step_to_either_side(void **state)
{
    (void)state;
    const int64_t now = 50000000, now_ms = now * TOTP_STEP_MS + 12345;
    char code[TOTP_DIGITS + 1];
    int64_t step;

    for (int64_t by = -3; by <= 3; by++) {
        int expected = by >= -1 && by <= 1 ? 0 : TOTP_WRONG;

        totp_code(secret, now + by, code);
        assert_int_equal(totp_verify(secret, code, now_ms, TOTP_NO_STEP, &step), expected);
        if (!expected)
            assert_int_equal(step, now + by);
    }
    assert_int_equal(totp_verify(secret, totp_code(secret, 0, code), 0, TOTP_NO_STEP, &step), 0);
}

static void a_code_is_good_once(void **state)
{
    (void)state;
    const int64_t now = 50000000, now_ms = now * TOTP_STEP_MS;
    char code[TOTP_DIGITS + 1];
    int64_t step;

    totp_code(secret, now, code);
    assert_int_equal(totp_verify(secret, code, now_ms, now - 1, &step), 0);
    assert_int_equal(totp_verify(secret, code, now_ms, step, &step), TOTP_REUSED);
    totp_code(secret, now - 1, code);
    assert_int_equal(totp_verify(secret, code, now_ms, now, &step), TOTP_REUSED);
    totp_code(secret, now + 1, code);
    assert_int_equal(totp_verify(secret, code, now_ms, now, &step), 0);
}

static void what_is_no_code(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "28708", "2870820", "28708x", " 87082"};
    int64_t step;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(totp_verify(secret, bad[i], 59000, TOTP_NO_STEP, &step), TOTP_WRONG);
    assert_int_equal(totp_verify(secret, "287082", -1, TOTP_NO_STEP, &step), TOTP_WRONG);
}

static void secrets_as_text(void **state)
{
    (void)state;
    uint8_t back[TOTP_SECRET], fresh[TOTP_SECRET];
    char text[TOTP_BASE32_TEXT];

    assert_string_equal(totp_base32(secret, text), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_true(totp_from_base32("gezdgnbvgy3tqojqgezdgnbvgy3tqojq", back));
    assert_memory_equal(back, secret, TOTP_SECRET);
    totp_secret_new(fresh);
    assert_true(totp_from_base32(totp_base32(fresh, text), back));
    assert_memory_equal(back, fresh, TOTP_SECRET);
    assert_false(totp_from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ", back));
    assert_false(totp_from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", back));
    assert_false(totp_from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQA", back));
}

static void uri_for_the_app(void **state)
{
    (void)state;
    CLEANUP(arena_release) struct arena a;

    arena_init(&a);
    assert_string_equal(totp_uri(&a, "Trạm", "an@xã.vn", secret),
                        "otpauth://totp/Tr%E1%BA%A1m:an%40x%C3%A3.vn?secret="
                        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Tr%E1%BA%A1m");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_of_the_rfc),    cmocka_unit_test(one_step_to_either_side),
        cmocka_unit_test(a_code_is_good_once), cmocka_unit_test(what_is_no_code),
        cmocka_unit_test(secrets_as_text),     cmocka_unit_test(uri_for_the_app),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
