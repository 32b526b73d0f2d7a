/* Card numbers: twelve digits whose place, century and year can be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "domain/person/card.h"

#define THIS_YEAR 2026

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int birth;
        enum card_fault fault;
    } cases[] = {
        {"096090123456", 1990, CARD_SOUND}, /* Cà Mau, a man of 1990 */
        {"096190123456", 1990, CARD_SOUND}, /* a woman */
        {"095190123456", 0, CARD_SOUND},    /* Bạc Liêu keeps its code */
        {"001205000001", 2005, CARD_SOUND},
        {"001305000001", 2005, CARD_SOUND},
        {"001424000001", 2124, CARD_BIRTH}, /* the 2100s lie ahead */
        {"001226000001", 2026, CARD_SOUND},
        {"001227000001", 0, CARD_BIRTH},
        {"096090123456", 1991, CARD_BIRTH},
        {"096090123456", 2090, CARD_BIRTH},
        {"101090123456", 1990, CARD_SOUND}, /* born abroad */
        {"999090123456", 0, CARD_SOUND},
        {"003090123456", 0, CARD_PLACE},
        {"000090123456", 0, CARD_PLACE},
        {"097090123456", 0, CARD_PLACE},
        {"09609012345", 0, CARD_FORM},
        {"0960901234567", 0, CARD_FORM},
        {"096 90123456", 0, CARD_FORM},
        {"09609012345x", 0, CARD_FORM},
        {"", 0, CARD_FORM},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (card_check(cases[i].text, cases[i].birth, THIS_YEAR) != cases[i].fault)
            fail_msg("%s of %d", cases[i].text, cases[i].birth);
    }
}

/* The sixty-three provinces of before 1/7/2025, and no other code under a hundred. */
static void test_provinces(void **state)
{
    (void)state;
    int n = 0;
    for (int code = 0; code < 100; code++) {
        char text[32];
        snprintf(text, sizeof(text), "%03d090123456", code);
        n += card_check(text, 1990, THIS_YEAR) == CARD_SOUND;
    }
    assert_int_equal(n, 63);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers),
                                       cmocka_unit_test(test_provinces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
