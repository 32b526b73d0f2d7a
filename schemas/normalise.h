/* Text in values as the rest of the program expects it; run before a schema is checked. */
#pragma once

#include <jansson.h>

#include "base/arena.h"

enum normalise_outcome {
    NORMALISE_BAD_TEXT = 1, /* NUL, or not UTF-8; or a member's name that is not already normal */
};

/*
 * Brings every string of `value` into the form of text_nfc, in place. Names of members are never
 * rewritten (two could become one): one that is not in that form is an outcome. *ret_pointer is
 * where (RFC 6901), in the arena. Strings that are shared with another value change there too.
 */
int schema_normalise(struct arena *a, json_t *value, const char **ret_pointer);
