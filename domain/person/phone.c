#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "domain/person/person.h"

/* Mobile prefixes in use in Viet Nam, without the leading 0: pairs of first and last. */
static const struct {
    int first, last;
} mobile[] = {{32, 39}, {52, 52}, {55, 56}, {58, 59}, {70, 70},
              {76, 79}, {81, 89}, {90, 94}, {96, 99}};

static bool is_mobile(const char *nine_digits)
{
    int prefix = (nine_digits[0] - '0') * 10 + (nine_digits[1] - '0');
    for (size_t i = 0; i < ARRAY_LEN(mobile); i++) {
        if (prefix >= mobile[i].first && prefix <= mobile[i].last)
            return true;
    }
    return false;
}

/* Digits of a number as people write it; a leading + stays. False on anything else. */
static bool squeeze(const char *text, char out[20])
{
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        if (strchr(" .-()", *p))
            continue;
        if (n >= 19 || !(isdigit((unsigned char)*p) || (*p == '+' && n == 0)))
            return false;
        out[n++] = *p;
    }
    out[n] = '\0';
    return n > 0;
}

bool phone_parse(const char *text, char ret[PERSON_PHONE_TEXT])
{
    char digits[20] = "";
    if (strlen(text) > 40 || !squeeze(text, digits))
        return false;
    size_t n = strlen(digits);
    const char *national = NULL;
    if (digits[0] == '0' && n == 10)
        national = digits + 1;
    else if (strncmp(digits, "+84", 3) == 0 && n == 12)
        national = digits + 3;
    else if (strncmp(digits, "84", 2) == 0 && n == 11)
        national = digits + 2;
    if (national) {
        if (!is_mobile(national))
            return false;
        memcpy(ret, "+84", 3);
        memcpy(ret + 3, national, 10);
        return true;
    }
    /* Another country's: + and 8 to 15 digits, the first of them not 0 (E.164). */
    if (digits[0] != '+' || digits[1] == '0' || n < 9 || n > 16 || strncmp(digits, "+84", 3) == 0)
        return false;
    memcpy(ret, digits, n + 1);
    return true;
}
