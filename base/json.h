/*
 * JSON from strangers, read strictly into jansson's json_t: one value and nothing behind it,
 * duplicate keys, invalid UTF-8, lone surrogates, \u0000, NaN and numbers out of range refused;
 * depth and size bounded. Strings are not yet normalised: the schema validator does that.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>

#include "base/arena.h"

#define JSON_DEPTH_MAX 32

enum json_outcome {
    JSON_NOT_JSON = 1, /* syntax, duplicates, encoding; see json_fault */
    JSON_TOO_DEEP = 2,
};

struct json_fault {
    size_t offset;       /* byte where it was noticed */
    const char *said[2]; /* why, for people: in Vietnamese and in English; not freed */
    char words[120];     /* English and as near as the parser tells, for operators */
};

/* 0 and *ret (caller json_decref), or an outcome with *ret_fault filled. `n` is bounded by caller.
 */
int json_read(const char *bytes, size_t n, json_t **ret, struct json_fault *ret_fault);

/* Compact text with keys sorted (canonical: equal values give equal bytes, which read again
 * are equal to them); numbers as short as that allows. In the arena. */
char *json_canonical(struct arena *a, const json_t *value, size_t *ret_n);

/* jansson.h has json_decrefp for CLEANUP(json_decrefp). */
