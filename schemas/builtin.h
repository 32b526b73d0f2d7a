/*
 * The schemas that are part of the program: schemas/NAME.json, embedded when it is built. All are
 * compiled at start; one bad keyword and the program refuses to start.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "schemas/schema.h"

/*
 * Compiles all of them; before any other thread runs, once. E_CONFIG and English words in `a` if
 * one is bad, as in `schemas/report_new.json at /properties/x/patern: not a keyword …`.
 */
int schema_builtin_load(struct arena *a, const char **ret_words);
void schema_builtin_unload(void);

/* NULL: there is none of that name, or nothing was loaded. */
const struct schema *schema_builtin(const char *name);

/* For the OpenAPI document: every schema's name and text, sorted by name; before loading too. */
struct schema_builtin_text {
    const char *name;
    const char *json; /* NUL-terminated */
    size_t n;         /* without the NUL */
};
const struct schema_builtin_text *schema_builtin_texts(size_t *ret_count);
