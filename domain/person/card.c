#include "domain/person/card.h"

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

#define COUNTRIES_FROM 100

/* Circular 07/2016/TT-BCA, annex 1. */
static const unsigned char provinces[] = {
    1,  2,  4,  6,  8,  10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33,
    34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66,
    67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96};
_Static_assert(ARRAY_LEN(provinces) == 63, "the provinces of before 1/7/2025");

static int number(const char *text, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

static bool is_place(int code)
{
    bool found = code >= COUNTRIES_FROM;
    for (size_t i = 0; i < ARRAY_LEN(provinces) && !found; i++)
        found = provinces[i] == code;
    return found;
}

enum card_fault card_check(const char *text, int birth_year, int this_year)
{
    if (strlen(text) != CARD_DIGITS || strspn(text, "0123456789") != CARD_DIGITS)
        return CARD_FORM;
    if (!is_place(number(text, 3)))
        return CARD_PLACE;
    int year = 1900 + number(text + 3, 1) / 2 * 100 + number(text + 4, 2);
    return year > this_year || (birth_year && year != birth_year) ? CARD_BIRTH : CARD_SOUND;
}
