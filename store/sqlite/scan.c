/* Reading: single documents, sessions that see one state, cursors along a path or over words. */
#include <stdlib.h>
#include <string.h>

#include "store/sqlite/engine.h"

/* --- one document ----------------------------------------------------------------------------- */

int engine_take_reader(struct engine *e, struct connection **ret)
{
    return atomic_load(&e->poisoned) ? E_UNAVAILABLE : pool_take(&e->readers, ret);
}

static void get_text(struct buf *sql, const void *ctx)
{
    const struct table *t = ctx;
    buf_printf(sql, "SELECT doc FROM c_%s WHERE id = ?", t->c->name);
}

static int get_on(struct connection *k, const struct table *t, const struct id *id, bson_t **ret)
{
    CLEANUP(statement_releasep) struct statement *s = NULL;
    int done = statement_take(k, statement_key(STATEMENT_GET, t->index, 0, 0), get_text, t, &s);
    if (done == 0)
        done = statement_bind_id(s, 1, id);
    if (done < 0)
        return done;
    done = statement_step(s);
    if (done <= 0)
        return done < 0 ? done : STORE_ABSENT;
    *ret = bson_new_from_data(sqlite3_column_blob(s->stmt, 0),
                              (size_t)sqlite3_column_bytes(s->stmt, 0));
    return *ret ? 0 : E_CORRUPT;
}

int sqlite_get(struct store_driver *d, const struct store_collection *c, const struct id *id,
               bson_t **ret)
{
    struct engine *e = engine_of(d);
    const struct table *t = engine_table(e, c);
    struct connection *k = NULL;
    int done = t ? engine_take_reader(e, &k) : E_INVALID;
    if (done < 0)
        return done;
    done = get_on(k, t, id, ret);
    pool_give(&e->readers, k);
    return done;
}

/* --- sessions --------------------------------------------------------------------------------- */

/* One stream of rows: key, id, document. */
struct stream {
    struct statement *s;
    struct store_position at; /* of the present row */
    bool live;
};

struct store_cursor {
    struct store_session *session;
    const struct table *table;
    enum store_type key_type; /* 0 where the path has no order field */
    struct stream streams[2]; /* the second only over words with displaced rows */
    size_t n;
    int current; /* whose row was given last; advanced at the next call; -1 none */
    bool descending, has_after;
    struct store_position after;
    struct store_cursor *next;
};

struct store_session {
    struct engine *engine;
    struct connection *k;
    struct store_cursor *cursors;
};

static int run_fixed(struct connection *k, uint64_t which, const char *sql)
{
    CLEANUP(statement_releasep) struct statement *s = NULL;
    int done = statement_take_fixed(k, which, sql, &s);
    return done == 0 ? statement_run(s) : done;
}

int sqlite_begin(struct store_driver *d, struct store_session **ret)
{
    struct store_session *s = calloc(1, sizeof(*s));
    if (!s)
        return E_NOMEM;
    s->engine = engine_of(d);
    int done = engine_take_reader(s->engine, &s->k);
    if (done == 0)
        done = run_fixed(s->k, 4, "BEGIN DEFERRED");
    if (done < 0) {
        if (s->k)
            pool_give(&s->engine->readers, s->k);
        free(s);
        return done;
    }
    *ret = s;
    return 0;
}

void sqlite_end(struct store_session *s)
{
    while (s->cursors) {
        struct store_cursor *k = s->cursors;
        s->cursors = k->next;
        for (size_t i = 0; i < k->n; i++)
            statement_release(k->streams[i].s);
        free(k);
    }
    run_fixed(s->k, 5, "COMMIT");
    pool_give(&s->engine->readers, s->k);
    free(s);
}

/* --- along a path ----------------------------------------------------------------------------- */

struct path_scan {
    const struct table *t;
    int path;
    struct bounds bounds;
};

static void scan_text(struct buf *sql, const void *ctx)
{
    const struct path_scan *p = ctx;
    bool side = p->path >= 0 && p->t->side[p->path];
    bool ordered = p->path >= 0 && p->t->c->paths[p->path].order;
    char key[STORE_TEXT_MAX];
    path_key_column(p->t, p->path, key, sizeof(key));
    buf_printf(sql, "SELECT %s, p.id, %s.doc", ordered ? key : "NULL", side ? "d" : "p");
    path_from_text(sql, p->t, p->path, &p->bounds, true);
    const char *direction = p->bounds.descending ? " DESC" : "";
    if (ordered)
        buf_printf(sql, " ORDER BY %s%s, p.id%s", key, direction, direction);
    else
        buf_printf(sql, " ORDER BY p.id%s", direction);
}

static int open_path(struct store_cursor *k, const struct store_scan *scan)
{
    struct store_value after_key;
    struct path_scan p = {k->table, scan->path, bounds_of_scan(scan, &after_key)};
    uint64_t key =
        statement_key(STATEMENT_SCAN, k->table->index, scan->path, bounds_shape(&p.bounds));
    int done = statement_take(k->session->k, key, scan_text, &p, &k->streams[0].s);
    if (done < 0)
        return done;
    k->n = 1;
    return path_bind(k->streams[0].s, k->table, scan->path, scan->equals, &p.bounds);
}

/* --- over words ------------------------------------------------------------------------------- */

struct words_scan {
    const struct table *t;
    bool descending, low, high;
};

static void words_where(struct buf *sql, const struct words_scan *w, const char *arrival)
{
    if (w->low)
        buf_printf(sql, " AND %s >= ?", arrival);
    if (w->high)
        buf_printf(sql, " AND %s < ?", arrival);
}

static void scan_words_text(struct buf *sql, const void *ctx)
{
    const struct words_scan *w = ctx;
    const char *name = w->t->c->name;
    buf_printf(sql,
               "SELECT w.rowid, d.id, d.doc FROM w_%s AS w CROSS JOIN c_%s AS d ON d.row = w.rowid"
               " WHERE w.w_%s MATCH ? AND w.rowid > 0",
               name, name, name);
    words_where(sql, w, "w.rowid");
    buf_printf(sql, " ORDER BY w.rowid%s", w->descending ? " DESC" : "");
}

/* Rare, and few: sorted when asked for. */
static void scan_displaced_text(struct buf *sql, const void *ctx)
{
    const struct words_scan *w = ctx;
    const char *name = w->t->c->name, *direction = w->descending ? " DESC" : "";
    buf_printf(sql,
               "SELECT d.displaced, d.id, d.doc FROM w_%s AS w CROSS JOIN c_%s AS d"
               " ON d.row = w.rowid WHERE w.w_%s MATCH ? AND w.rowid < 0",
               name, name, name);
    words_where(sql, w, "d.displaced");
    buf_printf(sql, " ORDER BY d.displaced%s, d.id%s", direction, direction);
}

/* "duong" AND "hoa"*: each word quoted, so that none is taken for an operator. */
static void match_text(const struct store_scan *scan, struct buf *out)
{
    for (size_t i = 0; i < scan->n_words; i++) {
        buf_printf(out, "%s\"%s\"", i > 0 ? " AND " : "", scan->words[i]);
        if (scan->last_is_prefix && i + 1 == scan->n_words)
            buf_add_char(out, '*');
    }
}

static int bind_words(struct statement *s, const struct store_scan *scan,
                      const struct words_scan *w)
{
    struct buf match;
    buf_init(&match, 4096);
    match_text(scan, &match);
    int at = 1;
    int done = match.failed ? E_FULL
                            : engine_result(sqlite3_bind_text(s->stmt, at++, match.data,
                                                              (int)match.len, SQLITE_TRANSIENT));
    buf_release(&match);
    int64_t low = scan->range.has_low ? scan->range.low.number : 0;
    if (!scan->descending && scan->has_after &&
        (!scan->range.has_low || scan->after.key.number > low))
        low = scan->after.key.number;
    int64_t high = scan->range.has_high ? scan->range.high.number : INT64_MAX;
    /* Up to and with the arrival of the position: its own row is passed over by id. */
    if (scan->descending && scan->has_after && scan->after.key.number < high)
        high = scan->after.key.number + 1;
    if (done == 0 && w->low)
        done = engine_result(sqlite3_bind_int64(s->stmt, at++, low));
    if (done == 0 && w->high)
        done = engine_result(sqlite3_bind_int64(s->stmt, at++, high));
    return done;
}

static int open_words(struct store_cursor *k, const struct store_scan *scan)
{
    struct words_scan w = {
        .t = k->table,
        .descending = scan->descending,
        .low = scan->range.has_low || (scan->has_after && !scan->descending),
        .high = scan->range.has_high || (scan->has_after && scan->descending),
    };
    uint64_t shape = (uint64_t)w.descending | (uint64_t)w.low << 1 | (uint64_t)w.high << 2;
    size_t n = atomic_load(&k->table->displaced) ? 2 : 1;
    int done = 0;
    for (size_t i = 0; done == 0 && i < n; i++) {
        enum statement_kind kind = i == 0 ? STATEMENT_SCAN_WORDS : STATEMENT_SCAN_DISPLACED;
        done = statement_take(k->session->k, statement_key(kind, k->table->index, 0, shape),
                              i == 0 ? scan_words_text : scan_displaced_text, &w, &k->streams[i].s);
        if (done == 0) {
            k->n = i + 1;
            done = bind_words(k->streams[i].s, scan, &w);
        }
    }
    return done;
}

/* --- cursors ---------------------------------------------------------------------------------- */

static int compare_positions(const struct store_position *a, const struct store_position *b)
{
    int order = a->key.type && b->key.type ? store_value_compare(&a->key, &b->key) : 0;
    return order ? order : id_compare(&a->id, &b->id);
}

static int stream_advance(struct store_cursor *k, struct stream *stream)
{
    for (;;) {
        int got = statement_step(stream->s);
        stream->live = got == 1;
        if (got <= 0)
            return got;
        stream->at.key =
            k->key_type ? statement_value(stream->s, 0, k->key_type) : (struct store_value){0};
        int done = statement_id(stream->s, 1, &stream->at.id);
        if (done < 0)
            return done;
        int order = k->has_after ? compare_positions(&stream->at, &k->after) : 1;
        if (!k->has_after || (k->descending ? order < 0 : order > 0))
            return 1;
    }
}

int sqlite_scan(struct store_session *s, const struct store_scan *scan, struct store_cursor **ret)
{
    const struct table *t = engine_table(s->engine, scan->collection);
    if (!t)
        return E_INVALID;
    struct store_cursor *k = calloc(1, sizeof(*k));
    if (!k)
        return E_NOMEM;
    k->session = s;
    k->table = t;
    k->current = -1;
    k->descending = scan->descending;
    k->next = s->cursors;
    s->cursors = k; /* from here the session frees it */
    int done;
    if (scan->path == STORE_PATH_WORDS) {
        k->key_type = STORE_INT;
        k->has_after = scan->has_after;
        k->after = scan->after;
        done = t->words >= 0 ? open_words(k, scan) : E_INVALID;
    } else {
        bool ordered = scan->path >= 0 && t->c->paths[scan->path].order;
        k->key_type = ordered ? path_key_type(t->c, scan->path) : 0;
        done = open_path(k, scan);
    }
    for (size_t i = 0; done >= 0 && i < k->n; i++)
        done = stream_advance(k, &k->streams[i]);
    if (done < 0)
        return done;
    *ret = k;
    return 0;
}

static int foremost(const struct store_cursor *k)
{
    int best = -1;
    for (int i = 0; i < (int)k->n; i++) {
        if (!k->streams[i].live)
            continue;
        int order = best < 0 ? -1 : compare_positions(&k->streams[i].at, &k->streams[best].at);
        if (best < 0 || (k->descending ? order > 0 : order < 0))
            best = i;
    }
    return best;
}

int sqlite_next(struct store_cursor *k, struct store_row *ret)
{
    if (k->current >= 0) {
        int done = stream_advance(k, &k->streams[k->current]);
        if (done < 0)
            return done;
    }
    k->current = foremost(k);
    if (k->current < 0)
        return 0;
    struct stream *stream = &k->streams[k->current];
    ret->position = stream->at;
    const void *bytes = sqlite3_column_blob(stream->s->stmt, 2);
    size_t n = (size_t)sqlite3_column_bytes(stream->s->stmt, 2);
    return bytes && bson_init_static(&ret->doc, bytes, n) ? 1 : E_CORRUPT;
}
