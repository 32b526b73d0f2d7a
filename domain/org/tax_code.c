#include "domain/org/tax_code.h"

#include <string.h>

#include "domain/person/card.h"

static bool all_digits(const char *text, size_t n)
{
    return strspn(text, "0123456789") >= n;
}

/* The tenth digit is 10 less the remainder by 11 of the weighed sum; a code for which that would be
 * 10 is not given out. */
static bool check_digit_sound(const char *text)
{
    static const int weights[] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
    int sum = 0;
    for (int i = 0; i < 9; i++)
        sum += weights[i] * (text[i] - '0');
    return 10 - sum % 11 == text[9] - '0';
}

enum tax_code_kind tax_code_check(const char *text, int this_year)
{
    size_t n = strlen(text);
    if (n == CARD_DIGITS)
        return card_check(text, 0, this_year) == CARD_SOUND ? TAX_CODE_PERSON : TAX_CODE_NONE;
    if (n < 10 || !all_digits(text, 10) || !check_digit_sound(text))
        return TAX_CODE_NONE;
    if (n == 10)
        return TAX_CODE_TEN;
    bool branch =
        n == 14 && text[10] == '-' && all_digits(text + 11, 3) && strcmp(text + 11, "000") != 0;
    return branch ? TAX_CODE_BRANCH : TAX_CODE_NONE;
}
