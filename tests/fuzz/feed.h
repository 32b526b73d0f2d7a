/* An input taken apart: numbers, texts and choices, as long as there are bytes; then zeros. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct feed {
    const uint8_t *at, *end;
};

static inline void check_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

#define check(holds) ((holds) ? (void)0 : check_failed(__FILE__, __LINE__, #holds))

static inline struct feed feed_of(const uint8_t *bytes, size_t n)
{
    return (struct feed){bytes, bytes + n};
}

static inline size_t feed_left(const struct feed *f)
{
    return (size_t)(f->end - f->at);
}

static inline uint8_t feed_byte(struct feed *f)
{
    return f->at < f->end ? *f->at++ : 0;
}

/* 0 to n - 1 */
static inline size_t feed_choice(struct feed *f, size_t n)
{
    return n ? feed_byte(f) % n : 0;
}

static inline int64_t feed_number(struct feed *f)
{
    uint8_t bytes[8] = {0};
    int64_t number;
    size_t n = feed_left(f) < 8 ? feed_left(f) : 8;
    memcpy(bytes, f->at, n);
    f->at += n;
    memcpy(&number, bytes, 8);
    return number;
}

/* Up to the next `stop` or the end, NUL-terminated, in the arena. A NUL within ends it for C. */
static inline char *feed_text(struct feed *f, char stop, struct arena *a)
{
    const uint8_t *found = feed_left(f) ? memchr(f->at, stop, feed_left(f)) : NULL;
    const uint8_t *end = found ? found : f->end;
    char *text = arena_strndup(a, (const char *)f->at, (size_t)(end - f->at));
    f->at = found ? found + 1 : end;
    return text;
}
