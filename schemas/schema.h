/*
 * What clients may say: a validator for a subset of JSON Schema, draft 2020-12. A schema is
 * compiled once and refused whole if it says anything that is not listed here; it is then immutable
 * and may be used by any number of threads.
 *
 * Any value   type, enum, const, allOf, anyOf, oneOf, not, if with then and
 *             else, $ref; true and false
 * Object      properties, required, additionalProperties, propertyNames, minProperties,
 *             maxProperties, dependentRequired
 * Array       items, prefixItems, minItems, maxItems, uniqueItems, contains, minContains,
 *             maxContains
 * String      minLength, maxLength (code points), pattern (pattern.h), format (format.h; asserted)
 * Number      minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf
 * Definitions $defs in the root, and $ref of the form "#/$defs/name"; references may recurse, but
 *             not without descending into the value
 * Annotations title, description, examples, default, readOnly, writeOnly, deprecated, $comment,
 *             x-*; and $schema in the root, if it names the draft
 *
 * x-pattern-words {"vi": …, "en": …} beside a pattern is what people are told instead of the
 * pattern, as in "Số căn cước gồm 12 chữ số.".
 */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define SCHEMA_TEXT_MAX ((size_t)256 * 1024) /* bytes of a schema's text */
#define SCHEMA_NODES_MAX 4096                /* schemas within a schema */
#define SCHEMA_DEPTH_MAX 32                  /* nested within each other */
#define SCHEMA_DEFS_MAX 256
#define SCHEMA_FAULTS_MAX 16
#define SCHEMA_VIOLATIONS_MAX 32
#define SCHEMA_POINTER_MAX 1000 /* bytes; a longer pointer is cut back to one that encloses it */
#define SCHEMA_COST_MAX UINT64_C(1000000) /* steps of one check; some 20 ns each */
#define SCHEMA_EVALUATION_DEPTH_MAX 96    /* schemas being evaluated within each other */

enum schema_outcome {
    SCHEMA_BAD = 1,        /* not a schema of the subset; see the faults */
    SCHEMA_VIOLATED = 2,   /* the value is not what the schema describes; see the violations */
    SCHEMA_TOO_COSTLY = 3, /* the check was given up */
};

struct schema;

/* Where a schema is wrong: a JSON Pointer (RFC 6901) into it, and English words. */
struct schema_fault {
    const char *pointer;
    const char *words;
};

struct schema_faults {
    struct schema_fault items[SCHEMA_FAULTS_MAX]; /* the first ones met */
    size_t n;
};

/*
 * 0 and *ret (caller schema_free), or SCHEMA_BAD with the faults, whose texts are in `a`. `json` is
 * copied. It was read by json_read, so it nests no deeper than JSON_DEPTH_MAX.
 */
int schema_compile(const json_t *json, struct arena *a, struct schema **ret,
                   struct schema_faults *ret_faults);
/* The same from text; what is not JSON is a fault at "". */
int schema_compile_text(const char *text, size_t n, struct arena *a, struct schema **ret,
                        struct schema_faults *ret_faults);
void schema_free(struct schema *s);
static inline void schema_freep(struct schema **s)
{
    schema_free(*s);
}

/* The schema as it was given; lives as long as `s`. */
const json_t *schema_json(const struct schema *s);

/* Where a value is wrong, by which keyword, and what to tell people. In the check's arena. */
struct schema_violation {
    const char *pointer; /* RFC 6901, into the value */
    const char *keyword;
    const char *vi;
    const char *en;
};

struct schema_violations {
    struct schema_violation items[SCHEMA_VIOLATIONS_MAX]; /* the first ones met */
    size_t n;
};

struct schema_options {
    size_t violations_max; /* stop at so many; 1 to SCHEMA_VIOLATIONS_MAX */
    uint64_t cost_max;     /* steps */
};

#define SCHEMA_OPTIONS_DEFAULT                                                                     \
    ((struct schema_options){.violations_max = SCHEMA_VIOLATIONS_MAX, .cost_max = SCHEMA_COST_MAX})

/*
 * 0: `value` satisfies the schema. SCHEMA_VIOLATED: it does not. SCHEMA_TOO_COSTLY: given up; the
 * same value and schema always come to the same end. `value` was read by json_read and went through
 * schema_normalise. `options` NULL: the default ones. The texts of a value are never part of a
 * message, only its numbers and names of properties.
 */
int schema_check(const struct schema *s, const json_t *value, struct arena *a,
                 const struct schema_options *options, struct schema_violations *ret);
