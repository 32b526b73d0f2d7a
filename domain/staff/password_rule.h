/*
 * What a password may be: NIST SP 800-63B §3.1.1.2. At least 12 characters, none of the commonest,
 * nothing that is easily guessed from whose it is; and no rules about what it is composed of.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"

#define PASSWORD_CHARS_MIN 12  /* code points */
#define PASSWORD_CHARS_MAX 200 /* the same, as the schemas say */

enum password_fault {
    PASSWORD_SHORT = 361,
    PASSWORD_LONG = 362,
    PASSWORD_COMMON = 363,   /* in the list, or a common word with digits and signs around it */
    PASSWORD_PATTERN = 364,  /* one short piece over and over, or steps up and down the keyboard */
    PASSWORD_PERSONAL = 365, /* little else than the user name */
};

/* 0, or an outcome above; its words in vi and en. */
int password_rule(const char *password, const char *user, struct arena *a);
const char *password_fault_words(int fault, int language);

/* Lower case, sorted. */
extern const char *const password_common[];
extern const size_t password_common_n;
