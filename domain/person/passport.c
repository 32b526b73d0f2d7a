#include "domain/person/passport.h"

#include <stdio.h>
#include <string.h>

#define NUMBER_MIN 5
#define NUMBER_MAX 9
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

bool passport_text(const char *country, const char *number, char ret[PASSPORT_TEXT])
{
    size_t n = strlen(number);
    if (strlen(country) != 3 || strspn(country, LETTERS) != 3 || n < NUMBER_MIN || n > NUMBER_MAX ||
        strspn(number, LETTERS "0123456789") != n)
        return false;
    snprintf(ret, PASSPORT_TEXT, "%s %s", country, number);
    return true;
}
