/*
 * What the files of this engine share.
 *
 *   open.c       folder, lock, threads, the driver's table
 *   connection.c one SQLite connection: pragmas, cached statements, errors; the pool of readers
 *   log_file.c   the log's file, as the writer's connection writes it
 *   map_file.c   the database's file, as readers see it
 *   table.c      how a declaration becomes tables, columns and indexes (names and SQL text)
 *   bounds.c     how a scan's path, range and position become conditions
 *   schema.c     compares what is declared with what was built, and rebuilds the difference
 *   derive.c     a document's column values, side rows and words
 *   writer.c     the queue, group commit, checkpoints
 *   beside.c     writes and deletes side rows and words
 *   write_ops.c  one insert, replace, remove or bump inside the writer's transaction
 *   scan.c, tally.c, counter.c, blob.c, backup.c
 *
 * Tables of a collection `x`:
 *   c_x        row INTEGER PRIMARY KEY, id, version, doc, displaced, f_<field>…
 *   i_x__p     index of path p: equalities, order key, id, covers; only rows that are on the path
 *   m_x__p     the same as a table without rowid, for a path with a multi-valued equality
 *   w_x        FTS5 over the words, contentless; its rowid is c_x.row
 *
 * Where a collection has words, row = arrival, so that FTS5's own order is the order of arrival.
 * Should two documents have one arrival (copies from a store with several writers), the later one
 * is *displaced*: it takes a negative row and keeps its arrival in `displaced`. A scan of words
 * merges the two streams, and so is ordered by (arrival, id) exactly, whatever was displaced.
 */
#pragma once

#include <pthread.h>
#include <semaphore.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/result.h"
#include "store/sqlite/blob_io.h"
#include "store/sqlite/sqlite.h"

#define ENGINE_SQL_MAX (64 * 1024)
#define ENGINE_PATH_MAX 4096
#define ENGINE_BLOB_STRIPES 64

/* A declared collection and how it lies in the database. Immutable but for `displaced`. */
struct table {
    const struct store_collection *c;
    size_t index;                  /* among the engine's tables */
    int columns[STORE_FIELDS_MAX]; /* field indexes that have a column, in order */
    size_t n_columns;
    int words;                  /* the WORDS field, or -1 */
    bool side[STORE_PATHS_MAX]; /* the path is a table of its own */
    bool has_side;
    atomic_bool displaced; /* rows below zero may exist */
};

/* --- connection.c ----------------------------------------------------------------------------- */

/* A prepared statement, kept under a key; busy while a cursor or a verb holds it. */
struct statement {
    sqlite3_stmt *stmt;
    uint64_t key;
    bool busy;
    uint64_t used; /* for eviction: when it was last taken */
};

#define CONNECTION_STATEMENTS 192

struct connection {
    sqlite3 *db;
    struct statement statements[CONNECTION_STATEMENTS];
    size_t n_statements;
    uint64_t clock;
    struct connection *next; /* free list of the pool */
};

/* What a statement does; the highest bits of its key. */
enum statement_kind {
    STATEMENT_FIXED = 1, /* text independent of collections */
    STATEMENT_GET,
    STATEMENT_FIND,
    STATEMENT_INSERT,
    STATEMENT_UPDATE,
    STATEMENT_DELETE,
    STATEMENT_LAST_DISPLACED,
    STATEMENT_SIDE_INSERT,
    STATEMENT_SIDE_DELETE,
    STATEMENT_WORDS_INSERT,
    STATEMENT_WORDS_DELETE,
    STATEMENT_SCAN,
    STATEMENT_SCAN_WORDS,
    STATEMENT_SCAN_DISPLACED,
    STATEMENT_TALLY,
};

/* kind: 5 bits, table: 11, path + 2: 8, detail: 40. */
static inline uint64_t statement_key(enum statement_kind kind, size_t table, int path,
                                     uint64_t detail)
{
    return (uint64_t)kind << 59 | (uint64_t)table << 48 | (uint64_t)(path + 2) << 40 | detail;
}

/* Writes a statement's text; called only if the connection has none free under the key. */
typedef void (*statement_text_fn)(struct buf *sql, const void *ctx);

int connection_open(const char *path, const char *vfs, struct connection **ret);
void connection_close(struct connection *k); /* NULL is allowed */
int connection_exec(struct connection *k, const char *sql);
int connection_cache(struct connection *k, int kib); /* memory for pages; small until then */
/* A statement ready to be bound; give it back with statement_release. */
int statement_take(struct connection *k, uint64_t key, statement_text_fn text, const void *ctx,
                   struct statement **ret);
/* The same for a text that is a constant; `which` tells such texts apart. */
int statement_take_fixed(struct connection *k, uint64_t which, const char *sql,
                         struct statement **ret);
void statement_release(struct statement *s); /* resets; NULL is allowed */
static inline __attribute__((unused)) void statement_releasep(struct statement **s)
{
    statement_release(*s);
}
/* Steps a statement that gives no rows. */
int statement_run(struct statement *s);
/* One step: 1 a row, 0 the end, or a failure. */
int statement_step(struct statement *s);
int statement_bind(struct statement *s, int at, const struct store_value *v); /* type 0: NULL */
int statement_bind_id(struct statement *s, int at, const struct id *id);
/* A column of the present row; text is borrowed until the next step. Type 0 if NULL. */
struct store_value statement_value(struct statement *s, int at, enum store_type type);
int statement_id(struct statement *s, int at, struct id *ret);
int engine_result(int sqlite_code); /* a failure of base/result.h for an SQLite code; 0 for OK */

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct connection *free;
    struct connection **all;
    size_t n;
};
int pool_open(struct pool *p, const char *path, const char *vfs, size_t n);
void pool_close(struct pool *p);
int pool_take(struct pool *p, struct connection **ret); /* E_BUSY after ten seconds */
void pool_give(struct pool *p, struct connection *k);

/* --- log_file.c ------------------------------------------------------------------------------- */

/* A VFS (its name, for connection_open) that gathers what goes into the log, above another (NULL:
 * the system's). For one connection, which must have synchronous=FULL. */
const char *log_file_vfs(const char *under);

/* --- map_file.c ------------------------------------------------------------------------------- */

/* A VFS (its name, for connection_open) that keeps its map of the database across commits, above
 * another (NULL: the system's). For readers, while nobody makes the file shorter. */
const char *map_file_vfs(const char *under);

/* --- table.c ---------------------------------------------------------------------------------- */

void table_init(struct table *t, const struct store_collection *c, size_t index);

/* What is built beside the documents, each remembered with the text it was built from. */
enum object_kind { OBJECT_COLUMN = 1, OBJECT_SIDE, OBJECT_WORDS, OBJECT_INDEX };
struct object {
    enum object_kind kind;
    int which;   /* field or path index */
    char *name;  /* f_x, m_x__p, w_x, i_x__p */
    char *shape; /* equal shapes hold equal contents; unequal ones are built anew */
    char *sql;   /* that makes it */
};
/* All objects of a collection, in the arena; columns first, indexes last. */
size_t table_objects(const struct table *t, struct arena *a, struct object **ret);
void table_create_text(struct buf *sql, const struct table *t); /* CREATE TABLE c_x, no columns */
/* The covers of a path that are not already among its equals and order; without repeats. */
size_t path_covers(const struct store_collection *c, const struct store_path *p,
                   int ret_fields[STORE_COVERS_MAX]);
bool path_is_side(const struct store_collection *c, const struct store_path *p);
/* The type of the key by which a path is ordered (STORE_ID where it is the id itself). */
enum store_type path_key_type(const struct store_collection *c, int path);

/* --- bounds.c --------------------------------------------------------------------------------- */

/* Which bounds a scan has; one lower and one upper at most, the tighter where two were given. */
enum bound_kind { BOUND_NONE, BOUND_KEY, BOUND_POSITION };
struct bounds {
    enum bound_kind lower, upper; /* KEY: key >= low, key < high; POSITION: strictly behind it */
    const struct store_value *low, *high;
    const struct id *low_id, *high_id;
    bool descending;
};
struct bounds bounds_of_scan(const struct store_scan *scan, struct store_value *after_key);
uint64_t bounds_shape(const struct bounds *b); /* 5 bits: what the text depends on */
/* " FROM … WHERE …" of a path with its equality parameters and bounds; parameters in this order. */
void path_from_text(struct buf *sql, const struct table *t, int path, const struct bounds *b,
                    bool with_document);
const char *path_key_column(const struct table *t, int path, char *out, size_t n);
int path_bind(struct statement *s, const struct table *t, int path,
              const struct store_value *equals, const struct bounds *b);

/* --- derive.c --------------------------------------------------------------------------------- */

/* The values of a document that are stored beside it. Text is borrowed from the document. */
struct derived {
    struct store_value *values;
    uint8_t first[STORE_FIELDS_MAX], count[STORE_FIELDS_MAX]; /* by field index */
    char *words;                                              /* separated by blanks; or NULL */
    int64_t arrival;
};
int derive(const struct table *t, const bson_t *doc, struct derived *ret);
void derived_release(struct derived *d);
/* The single value of a field, or NULL if it is absent. */
const struct store_value *derived_single(const struct derived *d, int field);
/* The rows that a document has in a side table: 0 if it is not on the path. */
size_t derived_side_rows(const struct table *t, int path, const struct derived *d);
bool derived_same_field(const struct derived *a, const struct derived *b, int field);
bool derived_same_path(const struct table *t, int path, const struct derived *a,
                       const struct derived *b);
int64_t document_int64(const bson_t *doc, const char *field); /* 0 if absent */

/* --- the engine ------------------------------------------------------------------------------- */

enum write_kind { WRITE_INSERT = 1, WRITE_REPLACE, WRITE_REMOVE, WRITE_BUMP };

/* One write that stands or falls alone. Owned by the caller, who waits for it. */
struct write_op {
    enum write_kind kind;
    struct table *table;
    struct id id;
    const bson_t *doc;
    struct derived derived; /* of doc; made on the caller's thread */
    int64_t expected;       /* version, or below 0 */
    const char *counter;
    int64_t by, value;            /* bump: what to add, what it came to */
    const struct write_op *after; /* of the same job: is done only if that was; NULL: always */
    int outcome;
};

struct write_job {
    struct write_op *ops;
    size_t n;
    sem_t done;
    struct write_job *next;
};

struct writer {
    struct connection *connection;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct write_job *first, **last;
    size_t queued; /* operations in the queue */
    bool stopping, started;
    uint64_t commits, writes, queue_max; /* under lock */

    int log_pages; /* when the log is as long, it is written back */
    struct connection *checkpoint_connection;
    pthread_t checkpoint_thread;
    pthread_cond_t log_grew;
    bool checkpoint_due, checkpoint_started;
    atomic_bool tail_due; /* most is written back; the writer does the rest between two commits */
    atomic_uint_fast64_t checkpoints, checkpoints_failed;
};

struct engine {
    struct store_driver driver;
    char *folder;
    const struct blob_io *files;
    int lock_fd;
    struct table *tables;
    size_t n_tables;
    struct pool readers;
    struct writer writer;
    atomic_bool poisoned; /* see sqlite.h */
    atomic_bool rewrite;  /* at the end: sqlite_rewrite_at_close */
    pthread_mutex_t blob_locks[ENGINE_BLOB_STRIPES];
};

static inline struct engine *engine_of(struct store_driver *d)
{
    return (struct engine *)d;
}
struct table *engine_table(struct engine *e, const struct store_collection *c); /* NULL: unknown */
/* E_UNAVAILABLE once poisoned: the log in memory is no witness of what the disk holds. */
int engine_take_reader(struct engine *e, struct connection **ret);

/* schema.c: makes and rebuilds tables on the writer's connection, before its thread runs. */
int schema_prepare(struct engine *e, struct connection *k, const struct sqlite_progress *progress);

/* writer.c */
int writer_start(struct engine *e);
void writer_stop(struct engine *e); /* what is queued is still written */
int writer_do(struct engine *e, struct write_op *ops, size_t n); /* waits; outcomes in the ops */
/* Writes the whole log back and empties it, both durably. Only while nobody else is connected. */
int writer_checkpoint_all(struct connection *k);

/* write_ops.c: 0 with op->outcome set, or a failure that the transaction must not survive. */
int write_apply(struct connection *k, struct write_op *op);

/* beside.c: the rows and words that derive from one document. */
int write_side_rows(struct connection *k, const struct table *t, int path, const struct derived *d,
                    const struct id *id, int64_t row);
int delete_side_rows(struct connection *k, const struct table *t, int path, const struct derived *d,
                     const struct id *id);
int write_words(struct connection *k, const struct table *t, const char *words, int64_t row);
int delete_words(struct connection *k, const struct table *t, const char *words, int64_t row);

/* --- the driver's verbs, by file -------------------------------------------------------------- */

int sqlite_insert(struct store_driver *d, const struct store_collection *c,
                  struct store_insert_row *rows, size_t n);
int sqlite_replace(struct store_driver *d, const struct store_collection *c, const struct id *id,
                   int64_t expected_version, const bson_t *doc);
int sqlite_insert_for(struct store_driver *d, const struct store_collection *c,
                      struct store_insert_row *row, struct store_removal *gone);
int sqlite_replace_many(struct store_driver *d, const struct store_collection *c,
                        struct store_replace_row *rows, size_t n);
int sqlite_remove(struct store_driver *d, const struct store_collection *c, const struct id *id,
                  int64_t expected_version);
int sqlite_bump(struct store_driver *d, const char *counter, int64_t by, int64_t *ret);

int sqlite_get(struct store_driver *d, const struct store_collection *c, const struct id *id,
               bson_t **ret);
int sqlite_begin(struct store_driver *d, struct store_session **ret);
void sqlite_end(struct store_session *s);
int sqlite_scan(struct store_session *s, const struct store_scan *scan, struct store_cursor **ret);
int sqlite_next(struct store_cursor *k, struct store_row *ret);
int sqlite_tally(struct store_driver *d, const struct store_tally *t, size_t max, struct arena *a,
                 struct store_tally_row **ret_rows, size_t *ret_n);

int sqlite_counters(struct store_driver *d, const char *after, size_t max, struct arena *a,
                    struct store_counter *ret, size_t *ret_n);

int blob_folders(struct engine *e);  /* makes blobs/00 … blobs/ff, and empties blobs/draft */
int64_t blob_room(struct engine *e); /* bytes that blobs may still take */
int sqlite_blob_create(struct store_driver *d, const struct id *id);
int sqlite_blob_append(struct store_driver *d, const struct id *id, int64_t offset,
                       const void *bytes, size_t n, int64_t *ret_size);
int sqlite_blob_finish(struct store_driver *d, const struct id *id, struct store_blob_info *ret);
int sqlite_blob_stat(struct store_driver *d, const struct id *id, struct store_blob_info *ret);
int sqlite_blob_read(struct store_driver *d, const struct id *id, int64_t offset, void *out,
                     size_t n, size_t *ret_n);
int sqlite_blob_remove(struct store_driver *d, const struct id *id);
int sqlite_blob_list(struct store_driver *d, const struct id *after, struct id *ret_ids, size_t max,
                     size_t *ret_n);
