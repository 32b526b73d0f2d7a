/*
 * What an engine must do: little, and the same on every engine. Policy lives above, in store.c,
 * plan.c and change.c. Three implementations: store/sqlite/, store/mongo/, tests/support/model.c.
 *
 * All verbs may be called from many threads at once. A document handed to a driver is complete
 * (reserved fields included) and was checked by store.c. E_UNKNOWN from a write means that it may
 * or may not have happened; every other failure means that it did not.
 */
#pragma once

#include "base/arena.h"
#include "store/collection.h"

enum store_outcome {
    STORE_EXISTS = 1,    /* insert: the id is taken */
    STORE_ABSENT = 2,    /* get, replace, remove, blob: there is none of that id */
    STORE_CONFLICT = 3,  /* replace, remove: another version is stored; blob append: another size */
    STORE_REPEATED = 4,  /* this very write was done before (same id, same digest) */
    STORE_REUSED = 5,    /* the write id was used before with another digest */
    STORE_REVISED = 6,   /* the revision is not the one that If-Match named */
    STORE_UNCHANGED = 7, /* the change function found nothing to write */
};

#define STORE_PATH_WORDS (-1) /* scan.path: the collection's words, ordered by arrival */
#define STORE_PATH_ID (-2)    /* scan.path: all documents, ordered by _id (sweeps and copies) */

/* One end of a scan, or where it goes on: the order key and the id. */
struct store_position {
    struct store_value key; /* type 0 where the path has no order field (then id alone counts) */
    struct id id;
};

/* A range of order keys: low <= key < high, each end optional. */
struct store_range {
    bool has_low, has_high;
    struct store_value low, high;
};

/* One sub-scan: a path with its equality values bound. Ascending or descending by (key, _id). */
struct store_scan {
    const struct store_collection *collection;
    int path;
    struct store_value equals[STORE_EQUALS_MAX];
    const char *const *words; /* STORE_PATH_WORDS: all of these, 1 to 8, folded */
    size_t n_words;
    bool last_is_prefix;
    struct store_range range;
    bool has_after;
    struct store_position after; /* only rows strictly behind it, in the direction of the scan */
    bool descending;
    size_t batch; /* rows the caller expects to take; a hint */
};

struct store_row {
    struct store_position position;
    bson_t doc; /* static view, valid until the next call on the cursor */
};

struct store_insert_row {
    const bson_t *doc;
    struct id id;
    int outcome; /* set by the driver: 0, STORE_EXISTS or a failure */
};

struct store_replace_row {
    const bson_t *doc;
    struct id id;
    int64_t expected; /* version */
    int outcome;      /* set by the driver: 0, STORE_CONFLICT, STORE_ABSENT or a failure */
};

struct store_tally {
    const struct store_collection *collection;
    int path; /* not WORDS */
    struct store_value equals[STORE_EQUALS_MAX];
    struct store_range range;
    int group[3]; /* field indexes, each single-valued and among the path's equals, order or covers
                   */
    size_t n_group;
    int sum; /* INT field index to add up, or -1 */
};

struct store_tally_row {
    struct store_value group[3]; /* type 0 where the field is absent; text in the arena */
    int64_t count, sum;
};

struct store_blob_info {
    int64_t size;
    bool finished;
    uint8_t sha256[32]; /* of the whole, once finished */
};

struct store_counter {
    const char *name;
    int64_t value;
};

struct store_driver;
struct store_session; /* a reader taken for the length of one verb */
struct store_cursor;

/* A document that goes when another comes. */
struct store_removal {
    const struct store_collection *collection;
    struct id id;
    int64_t version; /* as that of remove */
    int outcome;     /* 0, STORE_CONFLICT, STORE_ABSENT or a failure */
};

struct store_driver_ops {
    const char *name;

    void (*close)(struct store_driver *d);
    /* 0 if the engine can serve now; used by /readyz. */
    int (*ping)(struct store_driver *d);
    /* From now on nobody waits for an engine that was found away: E_UNAVAILABLE at once. NULL: it
     * is never away. */
    void (*wind_down)(struct store_driver *d);

    /* Each row is its own write, with an outcome of its own; several may share a commit. */
    int (*insert)(struct store_driver *d, const struct store_collection *c,
                  struct store_insert_row *rows, size_t n);
    /* One insert and, if that was done, a removal, in one commit; each with an outcome of its own.
     * NULL: the engine has nothing better than one after the other. */
    int (*insert_for)(struct store_driver *d, const struct store_collection *c,
                      struct store_insert_row *row, struct store_removal *gone);
    /* 0 and *ret (caller bson_destroy), or STORE_ABSENT. */
    int (*get)(struct store_driver *d, const struct store_collection *c, const struct id *id,
               bson_t **ret);
    /* 0, STORE_CONFLICT or STORE_ABSENT. */
    int (*replace)(struct store_driver *d, const struct store_collection *c, const struct id *id,
                   int64_t expected_version, const bson_t *doc);
    /* Each row is its own write, with an outcome of its own; several may share a commit. NULL: the
     * engine has nothing better than one after another. */
    int (*replace_many)(struct store_driver *d, const struct store_collection *c,
                        struct store_replace_row *rows, size_t n);
    /* As replace; expected_version < 0 removes whatever is stored. */
    int (*remove)(struct store_driver *d, const struct store_collection *c, const struct id *id,
                  int64_t expected_version);

    /* A session reads one consistent state where the engine can. Cursors end with their session. */
    int (*begin)(struct store_driver *d, struct store_session **ret);
    void (*end)(struct store_session *s);
    int (*scan)(struct store_session *s, const struct store_scan *scan, struct store_cursor **ret);
    /* 1 and *ret, 0 at the end, or a failure. */
    int (*next)(struct store_cursor *k, struct store_row *ret);

    /* Rows in the arena in no particular order, at most `max` (more: E_FULL). */
    int (*tally)(struct store_driver *d, const struct store_tally *t, size_t max, struct arena *a,
                 struct store_tally_row **ret_rows, size_t *ret_n);

    /* Adds `by` to a named counter (absent counts as 0), durably; no two callers get one value. */
    int (*bump)(struct store_driver *d, const char *counter, int64_t by, int64_t *ret);
    /* Counters by name (bytewise) behind `after` (NULL: from the first), at most max; the names in
     * the arena. For copies. */
    int (*counters)(struct store_driver *d, const char *after, size_t max, struct arena *a,
                    struct store_counter *ret, size_t *ret_n);

    /* Blobs: bytes under a random id, appended in order, then finished. Durable when it returns. */
    int (*blob_create)(struct store_driver *d, const struct id *id); /* 0 or STORE_EXISTS */
    /* offset must be the stored size (else STORE_CONFLICT, *ret_size says it); *ret_size: the new
     * one */
    int (*blob_append)(struct store_driver *d, const struct id *id, int64_t offset,
                       const void *bytes, size_t n, int64_t *ret_size);
    /* Computes the hash; no append afterwards (E_INVALID). Repeating it is harmless. */
    int (*blob_finish)(struct store_driver *d, const struct id *id, struct store_blob_info *ret);
    int (*blob_stat)(struct store_driver *d, const struct id *id, struct store_blob_info *ret);
    /* Reads up to n bytes at offset; *ret_n is short only at the end. */
    int (*blob_read)(struct store_driver *d, const struct id *id, int64_t offset, void *out,
                     size_t n, size_t *ret_n);
    int (*blob_remove)(struct store_driver *d, const struct id *id);
    /* Ids of blobs in id order after `after` (NULL: from the first), at most max. For sweeps,
     * copies. */
    int (*blob_list)(struct store_driver *d, const struct id *after, struct id *ret_ids, size_t max,
                     size_t *ret_n);
};

/* The first member of each engine's own struct. */
struct store_driver {
    const struct store_driver_ops *ops;
    bool exclusive; /* no other process can write to it (claims may be kept in memory) */
};
