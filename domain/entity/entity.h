/*
 * An entity is a C struct and one visible table of its fields. From the table come its BSON form,
 * its JSON for each audience, its reading from checked client JSON, and its part of the OpenAPI
 * reply schema. Who may see a field is decided in the table and nowhere else.
 *
 * How a field lies in the struct (absent means: not written at all):
 *   TEXT, JSON    const char *            absent NULL    (JSON: canonical text, at most 32 KiB)
 *   INT, MONEY    int64_t                 never absent unless OPTIONAL: then 0 is absent, so none
 * of a value of which 0 would say something TIME          int64_t ms UTC          absent 0 (BSON
 * date; JSON RFC 3339) BOOL          bool                    never absent ENUM          int,
 * 1-based            absent 0       (stored and shown by name) ID            struct id absent nil
 *   POINT         struct point            absent !set    (BSON {lat, lon}; JSON the same)
 *   WORDS         struct text_words       absent n == 0  (array of text)
 *   BYTES         struct entity_bytes     absent n == 0  (never shown; JSON shows nothing)
 *   OBJECT        the struct itself       absent when every field in it is
 *   OBJECT_PTR    pointer to the struct   absent NULL
 *   LIST          struct entity_list      absent n == 0  (array of objects of a table)
 */
#pragma once

#include <bson/bson.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/text.h"

/* Who sees a field; a mask. Nothing: only this program does. */
enum audience {
    SEE_OWNER = 1 << 0,     /* whose it is */
    SEE_AGENCY = 1 << 1,    /* staff of the agency that holds it, and the dispatcher */
    SEE_INSPECTOR = 1 << 2, /* inspectors, and leaders of an agency that held it */
    SEE_PUBLIC = 1 << 3,    /* anybody */
    SEE_ADMIN = 1 << 4,     /* administrators and operators */
    SEE_SELF = 1 << 5,      /* a staff member about themselves */
    SEE_STAFF = SEE_AGENCY | SEE_INSPECTOR,
    SEE_PARTIES = SEE_OWNER | SEE_STAFF,
    SEE_ALL = SEE_PARTIES | SEE_PUBLIC | SEE_ADMIN,
};

/* Bounds of a row whose max is 0. */
#define ENTITY_TEXT_MAX 256         /* bytes of a TEXT, and of each text of a WORDS */
#define ENTITY_WORDS_MAX 256        /* items */
#define ENTITY_LIST_MAX 64          /* items */
#define ENTITY_BYTES_MAX 4096       /* bytes */
#define ENTITY_JSON_MAX (32 * 1024) /* bytes */
#define ENTITY_KINDS_MAX 31         /* kinds of a variant, numbered from 1 */
#define ENTITY_NESTING_MAX 8        /* tables within each other */

enum entity_type {
    ENTITY_TEXT = 1,
    ENTITY_INT,
    ENTITY_BOOL,
    ENTITY_TIME,
    ENTITY_MONEY, /* whole đồng */
    ENTITY_ENUM,
    ENTITY_ID,
    ENTITY_POINT,
    ENTITY_WORDS,
    ENTITY_BYTES,
    ENTITY_JSON,
    ENTITY_OBJECT,
    ENTITY_OBJECT_PTR,
    ENTITY_LIST,
};

struct point {
    double lat, lon; /* WGS 84 degrees */
    bool set;
};

struct entity_bytes {
    const uint8_t *data;
    size_t n;
};

struct entity_list {
    void *items; /* array of the table's struct, in the arena */
    size_t n;
};

/* The names of an enum, index 1 on; labels for people. Ended by a NULL name. */
struct entity_name {
    const char *name;
    const char *label[2]; /* vi, en */
};

enum entity_flags {
    ENTITY_OPTIONAL = 1 << 0, /* INT and MONEY: 0 is absent. Schema: may be missing */
    /* OBJECT: in JSON its fields are fields of the parent; in the document it stays an object */
    ENTITY_FLAT = 1 << 1,
    ENTITY_DERIVED = 1 << 2, /* written by derive(); never read from a client */
};

struct entity;

struct entity_field {
    const char *name; /* in the document and in JSON */
    enum entity_type type;
    size_t offset;
    unsigned see; /* mask of enum audience; of an object or list: who sees any of what is in it */
    size_t max;   /* TEXT, JSON, BYTES: bytes; LIST, WORDS: items; 0: as above */
    const struct entity *of;         /* OBJECT, OBJECT_PTR, LIST */
    const struct entity_name *names; /* ENUM: index 0 is unused */
    unsigned flags;
    unsigned kinds; /* variant: mask of 1 << kind for which the row exists; 0: all */
    /*
     * What an audience sees instead of a value that is present: writes one JSON value to `out` and
     * returns 1, or returns 0 to show nothing. `record` is the struct that holds the field; `see`
     * are those of the audiences asked for that the row admits. Never of BYTES.
     */
    int (*project)(const void *record, unsigned see, struct buf *out);
    const char *shown_as; /* JSON Schema text of what project writes; NULL: as the type */
    const char *words;    /* English, for the OpenAPI document */
};

struct entity {
    const char *name; /* component name: "Report" */
    size_t size;
    const struct entity_field *fields; /* ended by a NULL name */
    const struct entity_field *kind;   /* variant: the ENUM row that names the kind, or NULL */
    /* Fills DERIVED fields before encoding; an outer table's before an inner one's. Or NULL. */
    void (*derive)(void *record, struct arena *a);
};

/* --- documents -------------------------------------------------------------------------------- */

/*
 * Appends the record's fields to `out`, and then every top-level field of `before` (NULL allowed)
 * that the table does not know and the store does not reserve: unknown fields survive. Rows of
 * another kind than the record's are not written.
 * E_FULL when a bound of the table is passed; E_INVALID for what could not be read again (text that
 * is not UTF-8, a value that has no name, a point that is not a number); then `out` is to be thrown
 * away.
 */
int entity_encode(const struct entity *e, void *record, const bson_t *before, struct arena *a,
                  bson_t *out);
/*
 * Fills a zeroed record from a document; everything is copied to the arena. E_CORRUPT on wrong
 * types. Unknown enum names become 0; unknown fields, those of another kind and null are passed
 * over. Bounds are not asked: what was stored under a wider table stays readable.
 */
int entity_decode(const struct entity *e, const bson_t *doc, struct arena *a, void *record);
/*
 * The same for a record that is only to be shown: rows of which `see` is shown nothing may be
 * passed over. All are read where a row of the table projects, since it may look at any of them.
 */
int entity_decode_shown(const struct entity *e, const bson_t *doc, unsigned see, struct arena *a,
                        void *record);
/* The same, but for rows of the outer table that `without` names (ended by NULL): they stay zeroed,
 * for who shows many records and of each only a part. It must not be encoded again. */
int entity_decode_without(const struct entity *e, const bson_t *doc, const char *const *without,
                          struct arena *a, void *record);

/* The stored document, its reserved fields aside, holds exactly what `body` does, in that order. */
bool entity_unchanged(const bson_t *stored, const bson_t *body);

/* --- JSON ------------------------------------------------------------------------------------- */

/*
 * One JSON object of what any audience in `see` may see. An object is left out when nothing in it
 * is shown.
 */
void entity_json(const struct entity *e, const void *record, unsigned see, struct buf *out);
/*
 * Writes the members without braces, comma-separated, for envelopes. *first says whether one was
 * already written: true before the first member of the object, false from then on.
 */
void entity_json_members(const struct entity *e, const void *record, unsigned see, bool *first,
                         struct buf *out);

/*
 * Fills a zeroed record from client JSON that a schema already accepted: fields are found by name;
 * DERIVED ones, null and unknown names are passed over; everything is copied to the arena. Returns
 * NULL, or the JSON Pointer (in the arena) of the first member that does not fit the table: a wrong
 * type, a bound, an unknown enum name, a bad id, time or number that would mean absent (nil, 1970,
 * 0), a point off the Earth, a row of another kind, BYTES.
 */
const char *entity_read(const struct entity *e, const json_t *object, struct arena *a,
                        void *record);

/*
 * JSON Schema (2020-12) of what entity_json writes for the same `see`; nested tables stand inline,
 * additionalProperties is false. Required is what is never absent: INT, MONEY and BOOL that are
 * neither OPTIONAL nor projected nor of some kinds only.
 */
void entity_schema(const struct entity *e, unsigned see, struct buf *out);

/* Name of an enum value; NULL for 0 or out of range. Value of a name; 0 if there is none. */
const char *entity_enum_name(const struct entity_name *names, int value);
int entity_enum_value(const struct entity_name *names, const char *name);

/*
 * NULL if the table of a document is sound (names, offsets, nested tables, audiences), else words,
 * which stand until the thread's next call. At start.
 */
const char *entity_fault(const struct entity *e);
