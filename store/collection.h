/*
 * What a collection declares. A document is a BSON object written whole; an engine may filter,
 * order or group only by the fields declared here, along the access paths declared here. From these
 * tables both engines derive their columns and indexes at start.
 *
 * Reserved top-level fields, written by the store alone:
 *   _id      binary (UUID subtype)   form   int32     version  int64, compare-and-swap
 *   arrival  int64, order of arrival (only where a WORDS field is declared)
 *   writes   array, the last STORE_WRITES write records, newest last
 * All others belong to the domain. `revision` (int64, the ETag) and `x` (derived values, an object)
 * are conventions of domain/.
 */
#pragma once

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"

#define STORE_DOC_MAX (256 * 1024) /* bytes of one document */
#define STORE_WRITES 16            /* write records kept in a document */
#define STORE_MULTI_MAX 8          /* values of one multi-valued field; more refuse the write */
#define STORE_TEXT_MAX 256         /* bytes of a TEXT value; longer refuse the write */
#define STORE_EQUALS_MAX 4         /* fields in an equality prefix */
#define STORE_COVERS_MAX 6         /* further fields a path's index carries, for tallies */
#define STORE_FIELDS_MAX 24        /* declared fields of a collection */
#define STORE_PATHS_MAX 16         /* access paths of a collection */

enum store_type {
    STORE_INT = 1, /* BSON int32, int64, bool or date; compared as int64 */
    STORE_TEXT,    /* UTF-8, compared bytewise */
    STORE_ID,      /* 16 binary bytes, compared bytewise */
    STORE_WORDS,   /* array of folded words (base/text.h); one field a collection at most */
};

/* A value of a declared field. Text is borrowed: from the document, the caller or an arena. */
struct store_value {
    enum store_type type; /* INT, TEXT or ID */
    int64_t number;
    const char *text;
    struct id id;
};

static inline struct store_value store_int(int64_t number)
{
    return (struct store_value){.type = STORE_INT, .number = number};
}
static inline struct store_value store_text(const char *text)
{
    return (struct store_value){.type = STORE_TEXT, .text = text};
}
static inline struct store_value store_id(struct id id)
{
    return (struct store_value){.type = STORE_ID, .id = id};
}
/* <0, 0, >0; both of one type. */
int store_value_compare(const struct store_value *a, const struct store_value *b);

struct store_field {
    const char *name; /* [a-z][a-z0-9_]*, unique in the collection */
    const char
        *path; /* BSON path, such as "head.agency", outside the reserved fields; no step is a
                  number; where a step meets an array, each element of it (not of arrays in it) */
    enum store_type type;
    bool multi; /* INT, TEXT or ID only; distinct values, at most STORE_MULTI_MAX */
};

/*
 * An access path: documents equal in all of `equals`, ordered by `order` and then _id, in either
 * direction. A document that lacks the order field or one of the equality fields (absent or null)
 * is not on the path. At most one of the equality fields is multi-valued; order is single-valued
 * INT, TEXT or ID, or NULL for _id alone.
 */
struct store_path {
    const char *name;                         /* [a-z][a-z0-9_]* */
    const char *why;                          /* the screen or job that needs it */
    const char *equals[STORE_EQUALS_MAX + 1]; /* names of fields, NULL-ended */
    const char *order;
    const char *covers[STORE_COVERS_MAX + 1]; /* single-valued fields tallied over this path */
};

struct store_collection {
    const char *name; /* [a-z][a-z0-9_]* */
    int32_t form;     /* the form this program writes; older are read, newer refused (E_FORM) */
    const struct store_field *fields;
    size_t n_fields;
    const struct store_path *paths;
    size_t n_paths;
};

/* NULL if the declaration is sound, else English words for what is wrong. Called at start. */
const char *store_collection_fault(const struct store_collection *c);

/* Whether a top-level name, or the first step of a BSON path, is the store's own. */
bool store_field_reserved(const char *path);

/* Index of a field or path by name, -1 if there is none. */
int store_field_index(const struct store_collection *c, const char *name);
int store_path_index(const struct store_collection *c, const char *name);
/* The WORDS field, -1 if there is none. */
int store_words_index(const struct store_collection *c);

/*
 * The values of a declared field in a document, at most STORE_MULTI_MAX (one if single-valued;
 * absent and null give none). Text is borrowed from `doc`. Not for WORDS. Returns the count, or
 * E_INVALID: wrong type, too many values, text too long.
 */
int store_extract(const struct store_field *f, const bson_t *doc,
                  struct store_value ret_values[STORE_MULTI_MAX]);

/* Calls fn for each word of a WORDS field, in stored order; returns the count or E_INVALID. */
int store_extract_words(const struct store_field *f, const bson_t *doc,
                        void (*fn)(const char *word, void *ctx), void *ctx);
