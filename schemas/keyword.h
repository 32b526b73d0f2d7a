/*
 * Inside of the validator, private to schemas/. A schema is a tree of nodes; a node is a list of
 * rules; a rule is a keyword with its compiled argument. A keyword is a row of the table in
 * keyword.c: how it is compiled and how it is checked stand beside each other in keyword_*.c.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "schemas/format.h"
#include "schemas/pattern.h"
#include "schemas/place.h"
#include "schemas/schema.h"
#include "schemas/value.h"

/* In the order in which a node checks them: what says most comes first. */
enum keyword_id {
    KEYWORD_TYPE,
    KEYWORD_CONST,
    KEYWORD_ENUM,
    KEYWORD_MINIMUM,
    KEYWORD_MAXIMUM,
    KEYWORD_EXCLUSIVE_MINIMUM,
    KEYWORD_EXCLUSIVE_MAXIMUM,
    KEYWORD_MULTIPLE_OF,
    KEYWORD_MIN_LENGTH,
    KEYWORD_MAX_LENGTH,
    KEYWORD_FORMAT,
    KEYWORD_PATTERN,
    KEYWORD_MIN_ITEMS,
    KEYWORD_MAX_ITEMS,
    KEYWORD_PREFIX_ITEMS,
    KEYWORD_ITEMS,
    KEYWORD_CONTAINS,
    KEYWORD_MIN_CONTAINS,
    KEYWORD_MAX_CONTAINS,
    KEYWORD_UNIQUE_ITEMS,
    KEYWORD_MIN_PROPERTIES,
    KEYWORD_MAX_PROPERTIES,
    KEYWORD_REQUIRED,
    KEYWORD_DEPENDENT_REQUIRED,
    KEYWORD_PROPERTY_NAMES,
    KEYWORD_PROPERTIES,
    KEYWORD_ADDITIONAL_PROPERTIES,
    KEYWORD_REF,
    KEYWORD_ALL_OF,
    KEYWORD_ANY_OF,
    KEYWORD_ONE_OF,
    KEYWORD_NOT,
    KEYWORD_IF,
    KEYWORD_THEN,
    KEYWORD_ELSE,
    KEYWORD_DEFS,
    KEYWORD_SCHEMA,
    KEYWORD_COMMENT,
    KEYWORD_TITLE,
    KEYWORD_DESCRIPTION,
    KEYWORD_EXAMPLES,
    KEYWORD_DEFAULT,
    KEYWORD_READ_ONLY,
    KEYWORD_WRITE_ONLY,
    KEYWORD_DEPRECATED,
    KEYWORD_NOTHING, /* the schema false; clients read "false" as its keyword */
    KEYWORD_COUNT
};

/* Types of instances, as bits. An integer is also a number. */
enum type {
    TYPE_NULL = 1 << 0,
    TYPE_BOOLEAN = 1 << 1,
    TYPE_OBJECT = 1 << 2,
    TYPE_ARRAY = 1 << 3,
    TYPE_NUMBER = 1 << 4,
    TYPE_STRING = 1 << 5,
    TYPE_INTEGER = 1 << 6,
    TYPE_ANY = TYPE_NULL | TYPE_BOOLEAN | TYPE_OBJECT | TYPE_ARRAY | TYPE_NUMBER | TYPE_STRING,
};

struct compiler;
struct check;
struct node;
struct rule;

/* Fills the rule, or adds faults. `siblings` is the schema that holds the keyword. */
typedef void keyword_compile_fn(struct compiler *c, const json_t *argument, const json_t *siblings,
                                const struct place *at, struct rule *ret);
/* Whether the value passes; if not, and nobody is only probing, the violation was added. */
typedef bool keyword_check_fn(struct check *c, const struct rule *rule, const json_t *value,
                              const struct place *at);

struct keyword {
    const char *name;
    keyword_compile_fn *compile;
    keyword_check_fn *check; /* NULL: an annotation, or part of a sibling's check */
    unsigned types;          /* values it says something about; others pass */
    bool in_place;           /* its schemas are about the same value as itself */
};

extern const struct keyword keywords[KEYWORD_COUNT];

struct rule {
    const struct keyword *keyword;
    /* Schemas of the argument, in its order. */
    const struct node **nodes;
    size_t node_count;
    union {
        const json_t *argument;
        uint64_t count;
        unsigned types;
        const struct format *format;
        struct {
            const struct pattern *compiled;
            const char *text;
            const char *vi, *en; /* x-pattern-words, or NULL */
        } pattern;
        struct {
            const char *vi, *en; /* x-any-words, or NULL */
        } any;
        struct {
            uint64_t least, most;
            bool said; /* minContains was given */
        } contains;
        const char **names;  /* properties: sorted; nodes in the same order */
        const json_t *known; /* additionalProperties: the sibling "properties", or NULL */
        size_t first;        /* items: the first index it speaks of */
    };
};

struct node {
    bool nothing; /* the schema false */
    bool open;    /* while compiling: its height is being measured */
    unsigned
        height; /* most schemas about one value within each other, from here; 0 not yet known */
    size_t rule_count;
    struct rule *rules;
};

struct schema {
    struct arena arena; /* nodes and rules; compiled patterns are deferred to its release */
    json_t *json;
    const struct node *root;
};

/* --- compile.c --- */

void compile_fault(struct compiler *c, const struct place *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
struct arena *compile_arena(struct compiler *c);
/* Never NULL; after a fault some node. */
const struct node *compile_node(struct compiler *c, const json_t *json, const struct place *at);
const struct node *compile_reference(struct compiler *c, const char *name); /* NULL: not defined */

/* --- argument.c: arguments that several keywords have --- */

/* Words of the schema for people, {"vi", "en"}, of the annotation `name` beside a keyword; NULL
 * where it has none. */
void argument_words(struct compiler *c, const json_t *siblings, const struct place *at,
                    const char *name, const char **ret_vi, const char **ret_en);

/* A whole number from 0 up; false if it is none. */
bool argument_count(const json_t *argument, uint64_t *ret);

keyword_compile_fn compile_count, compile_number, compile_boolean, compile_text;
keyword_compile_fn compile_names; /* a list of distinct names */
keyword_compile_fn compile_one;   /* a schema */
keyword_compile_fn compile_list;  /* a list of schemas, not empty */
keyword_compile_fn compile_any;   /* anything, as an annotation */

/* --- keyword_*.c --- */

keyword_compile_fn type_compile, enum_compile;
keyword_check_fn type_check, const_check, enum_check;

keyword_compile_fn multiple_of_compile;
keyword_check_fn minimum_check, maximum_check, exclusive_minimum_check, exclusive_maximum_check;
keyword_check_fn multiple_of_check;

keyword_compile_fn format_compile, pattern_keyword_compile;
keyword_check_fn min_length_check, max_length_check, format_check, pattern_check;

keyword_compile_fn items_compile, contains_compile;
keyword_check_fn min_items_check, max_items_check, prefix_items_check, items_check;
keyword_check_fn contains_check, unique_items_check;

keyword_compile_fn dependent_required_compile, properties_compile, additional_properties_compile;
keyword_check_fn min_properties_check, max_properties_check, required_check;
keyword_check_fn dependent_required_check, property_names_check, properties_check;
keyword_check_fn additional_properties_check;

keyword_compile_fn any_of_compile, ref_compile, if_compile, then_compile, defs_compile,
    draft_compile;
keyword_check_fn all_of_check, any_of_check, one_of_check, not_check, if_check;

/* --- check.c --- */

struct check {
    struct arena *arena;
    struct budget budget;
    unsigned depth;   /* nodes being evaluated */
    unsigned probing; /* > 0: only the outcome counts, nothing is reported, the first miss ends */
    struct pattern_matcher *matcher; /* made when first needed */
    size_t violations_max;
    struct schema_violations *violations;
};

bool check_node(struct check *c, const struct node *node, const json_t *value,
                const struct place *at);
/* The same without reports. */
bool check_probe(struct check *c, const struct node *node, const json_t *value,
                 const struct place *at);
/* Whether to go on with the other parts of a value after one of them failed. */
bool check_goes_on(const struct check *c);

/* --- violation.c: each adds a violation, unless probing, and returns false --- */

bool violate(struct check *c, enum keyword_id id, const struct place *at);
bool violate_count(struct check *c, enum keyword_id id, const struct place *at, uint64_t limit,
                   uint64_t actual);
bool violate_number(struct check *c, enum keyword_id id, const struct place *at,
                    const json_t *limit, const json_t *actual);
bool violate_name(struct check *c, enum keyword_id id, const struct place *at, const char *name);
/* Names from the schema: with `because`, `name` is needed. */
bool violate_needs(struct check *c, enum keyword_id id, const struct place *at, const char *because,
                   const char *name);
/* `vi` and `en` go where the template says {limit}. */
bool violate_words(struct check *c, enum keyword_id id, const struct place *at, const char *vi,
                   const char *en);
/* Whole messages instead of the template. */
bool violate_said(struct check *c, enum keyword_id id, const struct place *at, const char *vi,
                  const char *en);

/* --- message.c --- */

/*
 * What people are told. {limit} is the keyword's argument, {actual} the number found instead,
 * {name} a property.
 */
struct message {
    const char *vi, *en;
};

extern const struct message messages[KEYWORD_COUNT];
