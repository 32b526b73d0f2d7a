/* Which texts are tax codes: those of companies that publish theirs, and each way to be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "domain/org/tax_code.h"

static void known_ones(void **state)
{
    (void)state;
    assert_int_equal(tax_code_check("0300588569", 2026), TAX_CODE_TEN);
    assert_int_equal(tax_code_check("0101248141", 2026), TAX_CODE_TEN);
    assert_int_equal(tax_code_check("0300588569-001", 2026), TAX_CODE_BRANCH);
    assert_int_equal(tax_code_check("096085000001", 2026), TAX_CODE_PERSON);
}

static void wrong_ones(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "0",
                                        "030058856",
                                        "03005885690",
                                        "0300588569-",
                                        "0300588569-00",
                                        "0300588569-000",
                                        "0300588569-0001",
                                        "0300588569 001",
                                        "030058856a",
                                        "000085000001",
                                        "a96085000001"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(tax_code_check(wrong[i], 2026), TAX_CODE_NONE);
}

/* A check digit finds every single digit that is wrong, and two neighbours that changed places. */
static void mistyped(void **state)
{
    (void)state;
    const char *right = "0300588569";
    for (size_t i = 0; i < 10; i++) {
        char text[11];
        for (char digit = '0'; digit <= '9'; digit++) {
            memcpy(text, right, sizeof(text));
            text[i] = digit;
            assert_int_equal(tax_code_check(text, 2026),
                             digit == right[i] ? TAX_CODE_TEN : TAX_CODE_NONE);
        }
        memcpy(text, right, sizeof(text));
        if (i < 8 && text[i] != text[i + 1]) {
            char first = text[i];
            text[i] = text[i + 1];
            text[i + 1] = first;
            assert_int_equal(tax_code_check(text, 2026), TAX_CODE_NONE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_ones),
        cmocka_unit_test(wrong_ones),
        cmocka_unit_test(mistyped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
