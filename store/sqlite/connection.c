#include "store/sqlite/engine.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define POOL_WAIT_S 10
#define READER_CACHE_KIB 4096

CLEANUP_PTR(struct connection, connection_close)

int engine_result(int sqlite_code)
{
    switch (sqlite_code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return 0;
    case SQLITE_FULL:
    case SQLITE_TOOBIG:
        return E_FULL;
    case SQLITE_NOMEM:
        return E_NOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return E_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return E_CORRUPT;
    default:
        return E_IO;
    }
}

int connection_exec(struct connection *k, const char *sql)
{
    return engine_result(sqlite3_exec(k->db, sql, NULL, NULL, NULL));
}

int connection_cache(struct connection *k, int kib)
{
    char pragma[64];
    sqlite3_snprintf(sizeof(pragma), pragma, "PRAGMA cache_size=-%d", kib);
    return connection_exec(k, pragma);
}

/* The log outlives the last connection, so that only writer_checkpoint_all ever empties it. */
static int keep_log(sqlite3 *db)
{
    int on = 1;
    return engine_result(sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &on));
}

int connection_open(const char *path, const char *vfs, struct connection **ret)
{
    CLEANUP(connection_closep) struct connection *k = calloc(1, sizeof(*k));
    if (!k)
        return E_NOMEM;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int r = engine_result(sqlite3_open_v2(path, &k->db, flags, vfs));
    if (r < 0)
        return r;
    sqlite3_busy_timeout(k->db, 5000);
    sqlite3_db_config(k->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(k->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    /* Closing never checkpoints: after a failed fsync it would settle what must stay unknown. */
    sqlite3_db_config(k->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    r = connection_exec(k, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                           "PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY;"
                           "PRAGMA mmap_size=0");
    if (r < 0 || (r = connection_cache(k, READER_CACHE_KIB)) < 0 || (r = keep_log(k->db)) < 0)
        return r;
    *ret = STEAL(k);
    return 0;
}

void connection_close(struct connection *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->n_statements; i++)
        sqlite3_finalize(k->statements[i].stmt);
    sqlite3_close(k->db);
    free(k);
}

/* A place for another statement: an unused one, or the longest unused that nobody holds. */
static struct statement *statement_place(struct connection *k)
{
    if (k->n_statements < CONNECTION_STATEMENTS)
        return &k->statements[k->n_statements++];
    struct statement *oldest = NULL;
    for (size_t i = 0; i < k->n_statements; i++) {
        struct statement *s = &k->statements[i];
        if (!s->busy && (!oldest || s->used < oldest->used))
            oldest = s;
    }
    if (oldest) {
        sqlite3_finalize(oldest->stmt);
        *oldest = (struct statement){0};
    }
    return oldest;
}

int statement_take(struct connection *k, uint64_t key, statement_text_fn text, const void *ctx,
                   struct statement **ret)
{
    for (size_t i = 0; i < k->n_statements; i++) {
        struct statement *s = &k->statements[i];
        if (s->key == key && s->stmt && !s->busy) {
            s->busy = true;
            s->used = ++k->clock;
            *ret = s;
            return 0;
        }
    }
    struct statement *s = statement_place(k);
    if (!s)
        return E_FULL;
    struct buf sql;
    buf_init(&sql, ENGINE_SQL_MAX);
    text(&sql, ctx);
    int r = sql.failed
                ? E_FULL
                : engine_result(sqlite3_prepare_v3(k->db, sql.data, (int)sql.len,
                                                   SQLITE_PREPARE_PERSISTENT, &s->stmt, NULL));
    buf_release(&sql);
    if (r < 0)
        return r; /* the place stays, empty, and is found again by eviction */
    s->key = key;
    s->busy = true;
    s->used = ++k->clock;
    *ret = s;
    return 0;
}

static void fixed_text(struct buf *sql, const void *ctx)
{
    buf_add_str(sql, ctx);
}

int statement_take_fixed(struct connection *k, uint64_t which, const char *sql,
                         struct statement **ret)
{
    return statement_take(k, statement_key(STATEMENT_FIXED, 0, 0, which), fixed_text, sql, ret);
}

void statement_release(struct statement *s)
{
    if (!s)
        return;
    sqlite3_reset(s->stmt);
    sqlite3_clear_bindings(s->stmt);
    s->busy = false;
}

int statement_step(struct statement *s)
{
    int code = sqlite3_step(s->stmt);
    return code == SQLITE_ROW ? 1 : engine_result(code);
}

int statement_run(struct statement *s)
{
    int r = statement_step(s);
    return r < 0 ? r : 0;
}

int statement_bind_id(struct statement *s, int at, const struct id *id)
{
    return engine_result(
        sqlite3_bind_blob(s->stmt, at, id->bytes, sizeof(id->bytes), SQLITE_TRANSIENT));
}

int statement_bind(struct statement *s, int at, const struct store_value *v)
{
    switch (v->type) {
    case STORE_INT:
        return engine_result(sqlite3_bind_int64(s->stmt, at, v->number));
    case STORE_TEXT:
        return engine_result(sqlite3_bind_text(s->stmt, at, v->text, -1, SQLITE_TRANSIENT));
    case STORE_ID:
        return statement_bind_id(s, at, &v->id);
    case STORE_WORDS:
        return E_INVALID;
    }
    return engine_result(sqlite3_bind_null(s->stmt, at));
}

int statement_id(struct statement *s, int at, struct id *ret)
{
    const void *bytes = sqlite3_column_blob(s->stmt, at);
    if (!bytes || sqlite3_column_bytes(s->stmt, at) != (int)sizeof(ret->bytes))
        return E_CORRUPT;
    memcpy(ret->bytes, bytes, sizeof(ret->bytes));
    return 0;
}

struct store_value statement_value(struct statement *s, int at, enum store_type type)
{
    struct store_value v = {0};
    if (sqlite3_column_type(s->stmt, at) == SQLITE_NULL)
        return v;
    v.type = type;
    if (type == STORE_INT)
        v.number = sqlite3_column_int64(s->stmt, at);
    else if (type == STORE_TEXT)
        v.text = (const char *)sqlite3_column_text(s->stmt, at);
    else if (statement_id(s, at, &v.id) < 0)
        v.type = 0;
    return v;
}

/*
 * Readers see the file through a map: what a commit makes them forget is then not copied from the
 * kernel again (measured: a list with words and a commune takes two thirds of the time). A page
 * that the disk cannot give ends the process, as it would end every answer.
 */
static int open_reader(const char *path, const char *vfs, struct connection **ret)
{
    int r = connection_open(path, map_file_vfs(vfs), ret);
    return r < 0 ? r : connection_exec(*ret, "PRAGMA mmap_size=2147418112");
}

int pool_open(struct pool *p, const char *path, const char *vfs, size_t n)
{
    p->all = calloc(n, sizeof(*p->all));
    if (!p->all)
        return E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        int r = open_reader(path, vfs, &p->all[i]);
        p->n += p->all[i] != NULL;
        if (r < 0)
            return r;
        pool_give(p, p->all[i]);
    }
    return 0;
}

void pool_close(struct pool *p)
{
    for (size_t i = 0; i < p->n; i++)
        connection_close(p->all[i]);
    free(p->all);
    p->all = NULL;
    p->free = NULL;
    p->n = 0;
}

int pool_take(struct pool *p, struct connection **ret)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += POOL_WAIT_S;
    int late = 0;
    pthread_mutex_lock(&p->lock);
    while (!p->free && !late)
        late = pthread_cond_clockwait(&p->freed, &p->lock, CLOCK_MONOTONIC, &until);
    struct connection *k = p->free;
    if (k)
        p->free = k->next;
    pthread_mutex_unlock(&p->lock);
    *ret = k;
    return k ? 0 : E_BUSY;
}

void pool_give(struct pool *p, struct connection *k)
{
    pthread_mutex_lock(&p->lock);
    k->next = p->free;
    p->free = k;
    pthread_cond_signal(&p->freed);
    pthread_mutex_unlock(&p->lock);
}
