/*
 * The formats that are asserted. Each says yes or no to a NUL-terminated text.
 *
 * date       a day that exists, YYYY-MM-DD (RFC 3339 full-date)
 * date-time  RFC 3339, with Z or an offset
 * uuid       RFC 9562, 36 characters, either case
 * email      RFC 5321 without quoted local parts, address literals and names of one label
 * uri        RFC 3986, absolute (with a scheme), ASCII
 * prose      words, perhaps of many lines: something of them can be seen; or empty
 * line       the same in one line, without control characters
 * phone-vn   a Vietnamese mobile number: 0 or +84, then nine digits of a prefix in use
 */
#pragma once

#include <stdbool.h>

struct format {
    const char *name;
    bool (*holds)(const char *s);
    const char *vi, *en; /* what it is, after "Phải là" and "Must be" */
};

const struct format *format_find(const char *name); /* NULL: none */
