/*
 * What the files of this engine share.
 *
 *   open.c       the URL, the pool of clients, what the server takes, the driver's table
 *   call.c       one command, and what its reply means
 *   meta.c       declarations compared with what was built; indexes; the watch for other programs
 *   rebuild.c    keys derived anew from the documents
 *   key.c        `key` of a document, and the indexes of a declaration; key_text.c: texts in it
 *   document.c   insert, get, replace, remove
 *   filter.c     how a scan's path, range and position become a filter and a sort
 *   scan.c, tally.c, counter.c
 *   blob.c       finished blobs, and reading; upload.c: those that grow; blob_sweep.c: removal
 *
 * A stored document is {_id, version, key, doc}: `doc` is the domain's, byte for byte; `version`
 * the one in it, for compare-and-swap; `key` an object of every declared field that a path names,
 * each as its declared type says (INT int64, TEXT string, ID binary of subtype 4, several values an
 * array without repeats), absent where the document has none. The domain's own fields would not do:
 * INT may be a date or a bool there, and MongoDB neither finds a bool by a number nor orders a date
 * among numbers. Indexes and filters name `key`; WORDS alone are indexed where they lie, being
 * strings already. `doc` lies below the top since not every server keeps the order of the fields
 * there when a document is replaced.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include <mongoc/mongoc.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/result.h"
#include "store/mongo/mongo.h"

#define ENGINE_KEY "key"
#define ENGINE_DOC "doc"
#define ENGINE_META "tram.store"
#define ENGINE_COUNTERS "tram.counters"
#define ENGINE_UPLOADS "tram.uploads"
#define ENGINE_FILES "fs.files"
#define ENGINE_CHUNKS "fs.chunks"
#define ENGINE_FORM 1 /* of this layout */

#define ENGINE_CHUNK (256 * 1024)            /* bytes of a blob's chunk */
#define ENGINE_BATCH_BYTES (8 * 1024 * 1024) /* of one command; servers take 16 MiB at least */
#define ENGINE_BATCH_ROWS 500
#define ENGINE_KEY_PATH 64 /* room for "key." and a field's name */

/* For CLEANUP of an owned document; a bson_t that is embedded has bson_destroy itself. */
static inline __attribute__((unused)) void doc_destroyp(bson_t **doc)
{
    bson_destroy(*doc);
}

/* A declared collection and how it lies in the database. Immutable. */
struct table {
    const struct store_collection *c;
    int keys[STORE_FIELDS_MAX]; /* field indexes that `key` holds, in order */
    size_t n_keys;
    int words;      /* the WORDS field, or -1 */
    char *key_text; /* equal texts derive equal keys */
    char *text;     /* the keys and the indexes: equal texts find alike */
};

struct bump; /* counter.c */

struct engine {
    struct store_driver driver;
    mongoc_uri_t *uri;
    mongoc_client_pool_t *pool;
    mongoc_client_t *patient; /* for call_long; or NULL */
    char *database;
    mongoc_read_prefs_t *primary;
    enum mongo_write_concern write_concern;
    bool read_majority;
    struct table *tables;
    size_t n_tables;
    int64_t grace_ms;
    _Atomic int64_t watched_ms; /* when the declarations were last compared */
    atomic_bool outdated;       /* another program has made the store its own */
    atomic_bool winding_down;   /* nobody waits any longer for a server that is `away` */
    atomic_bool away;           /* as the command that ended last found it */
    struct {
        pthread_mutex_t lock;
        pthread_cond_t ended;
        bool busy;
        struct bump *first, **last;
    } bumps;
};

static inline struct engine *engine_of(struct store_driver *d)
{
    return (struct engine *)d;
}

/* --- call.c ----------------------------------------------------------------------------------- */

/*
 * Each runs one command on a client of the pool. `reply` is initialised whatever comes; the caller
 * destroys it. Failures of a write: E_UNKNOWN if it may have taken effect, any other if it did not.
 */
int call_read(struct engine *e, const bson_t *command, bson_t *reply);
void call_read_options(const struct engine *e, bson_t *command); /* read concern, time limit */
/* The write concern is added. A writeError of a single row is in the reply, not in the result. */
int call_write(struct engine *e, bson_t *command, bson_t *reply);
/* A long command, such as the build of an index, on a client of its own that waits an hour. For one
 * thread, while the store is opened. */
int call_long(struct engine *e, bson_t *command);

/* {insert|update|delete: collection, …: [one]}: 0 and how many documents it matched, or the failure
 * or outcome (STORE_EXISTS) of its writeError. */
int call_insert(struct engine *e, const char *collection, const bson_t *doc);
struct change_one {
    const char *collection;
    const bson_t *filter, *update;
    bool many, upsert;
};
int call_update(struct engine *e, const struct change_one *u, int64_t *ret_matched);
int call_delete(struct engine *e, const char *collection, const bson_t *filter, bool many,
                int64_t *ret_matched);

struct find {
    const char *collection;
    const bson_t *filter, *sort, *projection; /* NULL: everything, any order, whole */
    const char *hint;                         /* name of the index, or NULL */
    int64_t limit;
};
/* One batch: *ret_rows is ready for bson_iter_next over documents, and borrows from `reply`. */
int call_find(struct engine *e, const struct find *f, bson_t *reply, bson_iter_t *ret_rows);
/* The document under a row, a static view. */
bool call_row(const bson_iter_t *row, bson_t *ret);
/* At most one document, copied: 0 and *ret (caller bson_destroy), or STORE_ABSENT. */
int call_find_one(struct engine *e, const char *collection, const bson_t *filter,
                  const bson_t *projection, bson_t **ret);
/* What a writeErrors row, or a failed command, of this server code means. */
int call_code_result(int code, bool write);

/* --- meta.c, rebuild.c ---------------------------------------------------------------------- */

#define META_GRACE_MS 12000 /* the watch of the others, and an answer that was under way */
int meta_prepare(struct engine *e, const struct mongo_progress *progress);
/* The table of a collection; E_INVALID if it is not this store's, E_FORM once outdated. */
int table_of(struct engine *e, const struct store_collection *c, const struct table **ret);
int meta_create_index(struct engine *e, const char *collection, const char *name,
                      const bson_t *keys, bool unique);
int meta_watch(struct engine *e); /* compares now; E_FORM if another program has the store */
int rebuild_keys(struct engine *e, const struct table *t, const struct mongo_progress *progress);

/* --- key.c ------------------------------------------------------------------------------------ */

int table_make(struct table *t, const struct store_collection *c);
void table_drop(struct table *t);
/* What is stored of a document: appends _id, version, key, doc. E_INVALID if a field of it cannot
 * be extracted. */
int key_wrap(const struct table *t, const bson_t *doc, bson_t *out);
/* Appends `key` alone. */
int key_append(const struct table *t, const bson_t *doc, bson_t *out);
/* The domain's document in a stored one, a static view. */
bool key_unwrap(const bson_t *stored, bson_t *ret);
void key_append_value(bson_t *out, const char *key, const struct store_value *v);
/* "key.<field>" into out[ENGINE_KEY_PATH]; returns out. */
char *key_path(const struct store_collection *c, int field, char *out);
/* key_text.c: a text as `key` spells it, and back; out has room for any TEXT value. */
#define KEY_TEXT_MAX (2 * STORE_TEXT_MAX)
bool key_text_plain(const char *text); /* it is spelt as it is */
char *key_text_spell(const char *text, char out[KEY_TEXT_MAX]);
char *key_text_read(const char *text, char out[KEY_TEXT_MAX]);
/* Name and keys of the i-th index of the table; false behind the last. */
bool table_index(const struct table *t, size_t i, char name[ENGINE_KEY_PATH], bson_t *keys);
/* The value of a field of `key` as its declared type; type 0 if it is absent or null. A text is
 * borrowed, and spelt as there. */
struct store_value key_value(const bson_iter_t *it, enum store_type type);

/* --- filter.c --------------------------------------------------------------------------------- */

#define FILTER_ARRIVAL ENGINE_DOC ".arrival"
#define FILTER_INDEX_WORDS "words"
#define FILTER_INDEX_ARRIVAL "arrival"

/* What a scan is ordered by: `key` is empty where that is the id alone. */
struct order {
    char key[ENGINE_KEY_PATH];
    enum store_type type;
    bool descending;
};
struct order filter_order(const struct table *t, int path, bool descending);
/* The equalities (or words) of a path; E_INVALID for values that are not of its types. */
int filter_equals(const struct table *t, int path, const struct store_value *equals, bson_t *out);
#define FILTER_PATH_MAX 256
const char *filter_words_path(const struct table *t,
                              char out[FILTER_PATH_MAX]); /* where they lie */
int filter_words(const struct table *t, const struct store_scan *scan, bson_t *out);
/* key >= low and < high, each perhaps NULL; with low_open: key > low. Also: the key is there. */
void filter_range(bson_t *out, const struct order *o, const struct store_value *low, bool low_open,
                  const struct store_value *high);
/* key = value and the id strictly behind, in the order's direction. */
void filter_ties(bson_t *out, const struct order *o, const struct store_position *at);
void filter_ids_behind(bson_t *out, const struct order *o, const struct id *id);
void filter_sort(bson_t *out, const struct order *o);
const char *filter_hint(const struct table *t, int path, char out[ENGINE_KEY_PATH]);

/* --- blobs ------------------------------------------------------------------------------------ */

enum upload_state { UPLOAD_OPEN, UPLOAD_CLOSING, UPLOAD_REMOVED };

/* A row of tram.uploads. */
struct upload {
    bson_t *doc; /* what `tail` borrows from */
    enum upload_state state;
    int64_t size;
    const uint8_t *tail; /* the bytes behind the last whole chunk */
    size_t n_tail;
    struct id pending; /* under which the last append's chunks lie; nil: none */
};
void upload_release(struct upload *u);
/* 0 or STORE_ABSENT; removed ones are found too. */
int upload_read(struct engine *e, const struct id *id, struct upload *ret);
/* The chunks of the last append become the blob's. */
int upload_settle(struct engine *e, const struct id *id, const struct upload *u);

/* A row of fs.files: 0 or STORE_ABSENT. */
int gridfs_file(struct engine *e, const struct id *id, struct store_blob_info *ret,
                int64_t *ret_chunk);
/* Calls fn for the bytes of whole chunks from offset to end; E_CORRUPT if one is missing. */
struct span {
    const struct id *id;
    int64_t chunk, offset, end;
    void (*fn)(const uint8_t *bytes, size_t n, void *ctx);
    void *ctx;
};
int gridfs_span(struct engine *e, const struct span *s);
/* Chunks under a files_id. */
int gridfs_drop_chunks(struct engine *e, const struct id *id);
/* Purges up to `most` blobs that were removed an hour ago and more. */
int gridfs_purge(struct engine *e, int64_t most);
int gridfs_prepare(struct engine *e); /* indexes, and what crashed programs left */

void gridfs_filter_id(bson_t *out, const char *key, const struct id *id);

/* The driver's verbs; see store/driver.h. */
int mongo_insert(struct store_driver *d, const struct store_collection *c,
                 struct store_insert_row *rows, size_t n);
int mongo_get(struct store_driver *d, const struct store_collection *c, const struct id *id,
              bson_t **ret);
int mongo_replace(struct store_driver *d, const struct store_collection *c, const struct id *id,
                  int64_t expected_version, const bson_t *doc);
int mongo_remove(struct store_driver *d, const struct store_collection *c, const struct id *id,
                 int64_t expected_version);
int mongo_begin(struct store_driver *d, struct store_session **ret);
void mongo_end(struct store_session *s);
int mongo_scan(struct store_session *s, const struct store_scan *scan, struct store_cursor **ret);
int mongo_next(struct store_cursor *k, struct store_row *ret);
int mongo_tally(struct store_driver *d, const struct store_tally *t, size_t max, struct arena *a,
                struct store_tally_row **ret_rows, size_t *ret_n);
int mongo_bump(struct store_driver *d, const char *counter, int64_t by, int64_t *ret);
int mongo_counters(struct store_driver *d, const char *after, size_t max, struct arena *a,
                   struct store_counter *ret, size_t *ret_n);
int mongo_blob_create(struct store_driver *d, const struct id *id);
int mongo_blob_append(struct store_driver *d, const struct id *id, int64_t offset,
                      const void *bytes, size_t n, int64_t *ret_size);
int mongo_blob_finish(struct store_driver *d, const struct id *id, struct store_blob_info *ret);
int mongo_blob_stat(struct store_driver *d, const struct id *id, struct store_blob_info *ret);
int mongo_blob_read(struct store_driver *d, const struct id *id, int64_t offset, void *out,
                    size_t n, size_t *ret_n);
int mongo_blob_remove(struct store_driver *d, const struct id *id);
int mongo_blob_list(struct store_driver *d, const struct id *after, struct id *ret_ids, size_t max,
                    size_t *ret_n);
