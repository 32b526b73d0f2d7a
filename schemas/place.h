/*
 * Where we are in a JSON value: a chain of places on the stack, from the innermost outwards. It
 * becomes a JSON Pointer (RFC 6901) only when somebody asks.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"

struct place {
    const struct place *parent; /* NULL: the whole value */
    const char *key;            /* member of an object, or NULL: */
    size_t index;               /* item of an array */
};

/*
 * In the arena. If it would be longer than SCHEMA_POINTER_MAX, the pointer of the nearest place
 * around it that is not.
 */
const char *place_pointer(struct arena *a, const struct place *at);
