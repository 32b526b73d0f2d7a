#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/crypto/password.h"
#include "base/result.h"

static const struct password_cost cheap = {.memory_bytes = 8192, .passes = 1};

static void right_and_wrong(void **state)
{
    (void)state;
    char phc[PASSWORD_PHC], again[PASSWORD_PHC];

    assert_int_equal(password_hash(&cheap, "mật khẩu", 12, phc), 0);
    assert_int_equal(password_hash(&cheap, "mật khẩu", 12, again), 0);
    assert_string_not_equal(phc, again);
    assert_memory_equal(phc, "$argon2id$v=19$m=8,t=1,p=1$", 27);
    assert_int_equal(password_verify(phc, "mật khẩu", 12), 0);
    assert_int_equal(password_verify(phc, "mật khẩu", 11), PASSWORD_WRONG);
    assert_int_equal(password_verify(phc, "", 0), PASSWORD_WRONG);
    assert_int_equal(password_verify_nobody(&cheap, "mật khẩu", 12), PASSWORD_WRONG);
}

static void the_cost_in_use(void **state)
{
    (void)state;
    char phc[PASSWORD_PHC];

    assert_int_equal(password_hash(&password_cost, "x", 1, phc), 0);
    assert_memory_equal(phc, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
    assert_false(password_needs_rehash(&password_cost, phc));
    assert_true(password_needs_rehash(&cheap, phc));
    assert_int_equal(password_hash(&cheap, "x", 1, phc), 0);
    assert_true(password_needs_rehash(&password_cost, phc));
    assert_true(password_needs_rehash(&password_cost, "plain"));
}

/* From the test suite of the reference implementation: "password", "somesalt". */
static void the_reference_string(void **state)
{
    (void)state;
    static const char phc[] = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$"
                              "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    assert_int_equal(password_verify(phc, "password", 8), 0);
    assert_int_equal(password_verify(phc, "passwore", 8), PASSWORD_WRONG);
}

static void bounds(void **state)
{
    (void)state;
    char phc[PASSWORD_PHC], *large = calloc(1, PASSWORD_BYTES_MAX + 1);
    char endless[2 * PASSWORD_PHC];

    assert_int_equal(password_hash(&cheap, large, PASSWORD_BYTES_MAX, phc), 0);
    assert_int_equal(password_verify(phc, large, PASSWORD_BYTES_MAX), 0);
    assert_int_equal(password_hash(&cheap, large, PASSWORD_BYTES_MAX + 1, phc), E_INVALID);
    assert_int_equal(password_verify(phc, large, PASSWORD_BYTES_MAX + 1), PASSWORD_WRONG);
    assert_int_equal(password_verify("$argon2id$v=19$m=8,t=1", "x", 1), E_CORRUPT);
    assert_int_equal(password_verify("", "x", 1), E_CORRUPT);
    memset(endless, 'a', sizeof(endless));
    assert_int_equal(password_verify(endless, "x", 1), E_CORRUPT);
    free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_and_wrong),
        cmocka_unit_test(the_cost_in_use),
        cmocka_unit_test(the_reference_string),
        cmocka_unit_test(bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
