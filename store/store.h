/*
 * Documents remembered: the only door that domain code uses. Thread-safe. Outcomes are those of
 * store/driver.h.
 */
#pragma once

#include "base/arena.h"
#include "base/cleanup.h"
#include "store/driver.h"

struct store;

CLEANUP_PTR(bson_t, bson_destroy)

/*
 * Takes the driver over (closes it with the store, also on failure). The collections must outlive
 * the store. E_CONFIG if a declaration is unsound; the words go to *ret_fault (static or NULL).
 */
int store_new(struct store_driver *driver, const struct store_collection *const *collections,
              size_t n, const char **ret_fault, struct store **ret);
void store_free(struct store *s);
int store_ping(struct store *s);
/* Before a stop: from now on only the first who finds the engine away waits for it. */
void store_wind_down(struct store *s);
bool store_exclusive(const struct store *s);
struct store_driver *store_driver_of(struct store *s); /* for copies, backups and tests */

/* Raised after each committed write to the collection by this process. For caches. */
uint64_t store_generation(const struct store *s, const struct store_collection *c);
/* A committed write, for as long as the listener looks at it. */
struct store_commit {
    const struct store_collection *collection;
    const struct id *id;
    const bson_t *before; /* NULL: it was not there, or what was there is not known */
    const bson_t *after;  /* NULL: it was removed */
};
/* fn is called on the writing thread after each committed write. Set once, before threads start. */
typedef void (*store_listen_fn)(const struct store_commit *commit, void *ctx);
void store_listen(struct store *s, store_listen_fn fn, void *ctx);

/* --- one document ----------------------------------------------------------------------------- */

/* 0 and *ret (caller bson_destroy), STORE_ABSENT, or E_FORM if it is newer than this program. */
int store_get(struct store *s, const struct store_collection *c, const struct id *id, bson_t **ret);
bool store_document_id(const bson_t *doc, struct id *ret); /* its _id; false if it has none */
int64_t store_version(const bson_t *doc);                  /* of a stored document */
int64_t store_revision(const bson_t *doc);                 /* its `revision`, 0 if it has none */

/*
 * What makes two writes the same one: an id (derived from an Idempotency-Key, or random) and a
 * digest of what was asked. It becomes a write record of the document.
 */
struct store_write {
    struct id id;
    uint8_t digest[16];
};
struct store_write store_write_fresh(void);
/* Whether the document's write records hold this write with this digest. */
bool store_wrote(const bson_t *doc, const struct store_write *w);
/* Whether they hold it with another digest: its key was used with another body. */
bool store_wrote_otherwise(const bson_t *doc, const struct store_write *w);
/* Derived from the caller, the route and the key; digest over the body. */
struct store_write store_write_keyed(const char *kind, const struct id *owner, const char *key,
                                     const void *body, size_t n);

/*
 * Inserts a document that must happen once, under an id derived from what makes it the same. `body`
 * has no reserved fields. 0; STORE_REPEATED if this write made it; STORE_REUSED if the write id
 * made it with another digest; STORE_EXISTS if another write did, or this one more than
 * STORE_WRITES changes ago. *ret is what is stored now after 0 and STORE_REPEATED (caller
 * bson_destroy), else untouched; ret may be NULL. An unknown outcome is resolved by reading again;
 * E_UNKNOWN if that cannot tell. E_INVALID, E_FULL: the body is refused.
 */
int store_create(struct store *s, const struct store_collection *c, const struct id *id,
                 const struct store_write *w, const bson_t *body, bson_t **ret);

/*
 * The same for what another document becomes, which is removed if this call wrote: in the same
 * commit where the engine can do that (SQLite), right behind it elsewhere. After 0 gone->outcome is
 * what store_remove would return; STORE_ABSENT also where it cannot be told whether this call or
 * another removed it.
 */
int store_create_for(struct store *s, const struct store_collection *c, const struct id *id,
                     const struct store_write *w, const bson_t *body, struct store_removal *gone,
                     bson_t **ret);

/*
 * Many at once, each with its own outcome (0, STORE_EXISTS, failure); unknown ones are resolved. A
 * body that is refused (E_INVALID, E_FULL) does not keep the others back. Returns 0, or a failure
 * of the whole, which is then also the outcome of every document that was not refused.
 */
struct store_new_doc {
    struct id id;
    const bson_t *body;
    int outcome;
};
int store_insert(struct store *s, const struct store_collection *c, struct store_new_doc *docs,
                 size_t n);

/* version < 0: whatever is stored. An unknown outcome is resolved. 0, STORE_ABSENT, STORE_CONFLICT
 */
int store_remove(struct store *s, const struct store_collection *c, const struct id *id,
                 int64_t version);

/*
 * How domain code changes a document. `fn` is pure: it reads `before`, fills `after` with every
 * field but the reserved ones, and returns 0; it is run again when another write came between. It
 * may return STORE_UNCHANGED (nothing is to be written), STORE_ABSENT (not the caller's: as if
 * there were none), any outcome of the domain above 100, or a failure; all are forwarded and
 * nothing is written. A reserved field in `after` is E_INVALID, a document that comes out larger
 * than STORE_DOC_MAX is E_FULL.
 */
struct store_edit {
    const bson_t *before; /* complete, reserved fields included */
    bson_t *after;        /* empty at the start of each run */
    int32_t outcome;      /* small result kept in the write record, for the repeated call */
    struct arena *arena;  /* lives until store_change returns */
};
typedef int (*store_change_fn)(struct store_edit *edit, void *ctx);

struct store_change_options {
    const struct store_write *write; /* NULL: a fresh one */
    int64_t if_revision;             /* If-Match; STORE_ANY_REVISION for none */
    bool or_create;                  /* an absent document is handed to fn as before = NULL */
};
#define STORE_ANY_REVISION INT64_C(-1)

struct store_changed {
    bson_t *doc;     /* what is stored now; caller bson_destroy; NULL if absent or on failure */
    int32_t outcome; /* of fn, or of the write record when repeated */
};

/*
 * 0 written; STORE_REPEATED this write was done before; STORE_REUSED same write id, other digest;
 * STORE_REVISED If-Match does not hold; STORE_ABSENT; STORE_UNCHANGED; what fn returned;
 * E_BUSY too many conflicts; E_UNKNOWN it cannot be found out whether it was written (never blindly
 * retried). options and ret may be NULL.
 */
int store_change(struct store *s, const struct store_collection *c, const struct id *id,
                 const struct store_change_options *options, store_change_fn fn, void *ctx,
                 struct store_changed *ret);

/*
 * The same for many documents, which the caller has just read; they may share a commit. `fn` runs
 * again on what is stored where that was no longer so. Each gets what store_change would return.
 */
struct store_one {
    struct id id;
    const bson_t *seen; /* as it was read; borrowed */
    void *ctx;          /* of fn */
    int outcome;
};
void store_change_many(struct store *s, const struct store_collection *c, struct store_one *items,
                       size_t n, store_change_fn fn);

/* --- many ------------------------------------------------------------------------------------- */

#define STORE_LOOK_MAX 2000   /* rows looked at for one page; then a short page with a cursor */
#define STORE_SUBSCANS_MAX 64 /* product of the `in` lists and ranges of one query */
#define STORE_LIMIT_MAX 200   /* rows of a page */

enum store_op {
    STORE_EQ = 1,  /* values[0] */
    STORE_IN,      /* any of values; on a multi-valued field: has any of them */
    STORE_BETWEEN, /* in any of the ranges: one or more, disjoint and ascending */
    STORE_HAS,     /* all of `words`, the last perhaps a prefix; only on the WORDS field */
};

struct store_condition {
    const char *field;
    enum store_op op;
    const struct store_value *values;
    size_t n_values;
    const struct store_range *ranges;
    size_t n_ranges;
    const char *const *words;
    size_t n_words;
    bool last_is_prefix;
};

struct store_query {
    const struct store_condition *conditions; /* all must hold; at most 12 */
    size_t n_conditions;
    const char *order; /* a field; "_id"; or NULL with STORE_HAS, which orders by arrival */
    bool descending;
    bool has_after;
    struct store_position after; /* from a page's `next` */
    size_t limit;                /* 1 to STORE_LIMIT_MAX */
    /* A further condition in C, for what no field says (a point in a polygon). May be NULL. */
    bool (*keep)(const bson_t *doc, void *ctx);
    void *keep_ctx;
};

struct store_page {
    const bson_t **docs; /* in the arena */
    size_t n;
    bool more; /* `next` leads on; the page may be short, even empty */
    struct store_position next;
    size_t looked_at; /* rows read, for tests and metrics */
};

/*
 * A page of documents. plan.c chooses the path, above every engine: E_PLAN if none serves it.
 * Rows whose key moves meanwhile may be seen twice or not at all.
 */
int store_scan(struct store *s, const struct store_collection *c, const struct store_query *q,
               struct arena *a, struct store_page *ret);

/* Count and sum over the documents that equal conditions and one range on a path's order key name.
 */
struct store_tally_query {
    const struct store_condition
        *conditions; /* EQ or IN on equality fields, BETWEEN on the order */
    size_t n_conditions;
    const char *group[3]; /* up to three single-valued fields, NULL-ended if fewer */
    const char *sum;      /* INT field or NULL */
};
#define STORE_TALLY_MAX 20000 /* groups */
int store_tally(struct store *s, const struct store_collection *c,
                const struct store_tally_query *q, struct arena *a,
                struct store_tally_row **ret_rows, size_t *ret_n);

/* Adds to a named counter and returns the new value; never the same value twice. E_UNKNOWN is
 * resolved by bumping once more: a number may be left out, none is given twice. */
int store_bump(struct store *s, const char *counter, int64_t by, int64_t *ret);
/* The next number of a counter, as by a bump of 1. Who asks at once shares a bump, and a counter
 * that is busy is bumped ahead: what was not given is left out when the process ends. */
int store_number(struct store *s, const char *counter, int64_t *ret);

/* --- blobs: see store/driver.h ---------------------------------------------------------------- */
int store_blob_create(struct store *s, struct id *ret_id);
int store_blob_append(struct store *s, const struct id *id, int64_t offset, const void *bytes,
                      size_t n, int64_t *ret_size);
int store_blob_finish(struct store *s, const struct id *id, struct store_blob_info *ret);
int store_blob_stat(struct store *s, const struct id *id, struct store_blob_info *ret);
int store_blob_read(struct store *s, const struct id *id, int64_t offset, void *out, size_t n,
                    size_t *ret_n);
int store_blob_remove(struct store *s, const struct id *id);
