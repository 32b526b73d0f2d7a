/*
 * Ids are UUIDs (RFC 9562): v7 where the time is no secret, v4 for persons, v8 where derived from
 * what makes a thing the same. Sixteen bytes inside, 36 characters outside.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ID_TEXT 37 /* 36 characters and the NUL */

struct id {
    uint8_t bytes[16];
};

struct id id_v4(void);
struct id id_v7(int64_t now_ms); /* increasing within a process for one millisecond */

/*
 * Derived: SHA-256 over the kind and the parts, each preceded by its length as 8 bytes big-endian.
 * `kind` separates uses ("report", "delivery", …). The same input gives the same id for ever.
 */
struct id_part {
    const void *bytes;
    size_t n;
};
struct id id_v8(const char *kind, const struct id_part *parts, size_t n);

bool id_is_nil(const struct id *id);
int id_compare(const struct id *a, const struct id *b); /* bytewise, as both stores order them */
bool id_equal(const struct id *a, const struct id *b);

/* Lower case text into out[ID_TEXT]; returns out. */
char *id_format(const struct id *id, char *out);
/* Exactly 36 characters, either case; false if not a UUID. */
bool id_parse(const char *s, struct id *ret);
