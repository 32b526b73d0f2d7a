#include "schemas/place.h"

#include <stdio.h>
#include <string.h>

#include "schemas/schema.h"

#define INDEX_TEXT 24

static size_t token_size(const struct place *at, char index[INDEX_TEXT])
{
    if (!at->key)
        return (size_t)snprintf(index, INDEX_TEXT, "%zu", at->index) + 1;
    size_t n = 1;
    for (const char *s = at->key; *s; s++)
        n += *s == '~' || *s == '/' ? 2 : 1;
    return n;
}

/* Writes "/token" so that it ends before `end`; returns its start. */
static char *write_token(const struct place *at, char *end)
{
    char index[INDEX_TEXT];
    char *start = end - token_size(at, index);
    char *out = start;
    *out++ = '/';
    for (const char *s = at->key ? at->key : index; *s; s++) {
        if (*s == '~' || *s == '/') {
            *out++ = '~';
            *out++ = *s == '~' ? '0' : '1';
        } else {
            *out++ = *s;
        }
    }
    return start;
}

const char *place_pointer(struct arena *a, const struct place *at)
{
    char index[INDEX_TEXT];
    size_t n = 0;
    for (const struct place *p = at; p->parent; p = p->parent)
        n += token_size(p, index);
    for (; at->parent && n > SCHEMA_POINTER_MAX; at = at->parent)
        n -= token_size(at, index);

    char *pointer = arena_alloc(a, n + 1);
    char *start = pointer + n;
    for (const struct place *p = at; p->parent; p = p->parent)
        start = write_token(p, start);
    return pointer;
}
