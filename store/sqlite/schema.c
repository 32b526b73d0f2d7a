/*
 * At start: what is declared is compared with what was built, object by object, and what differs is
 * dropped, made anew and filled from the documents, in batches that each commit. An interrupted
 * fill goes on behind the last row it did.
 *
 *   meta(collection, form)                          the form that the collection was written in
 *   object(collection, name, kind, shape, filled)   filled: NULL when whole, else the row done last
 */
#include <stdlib.h>
#include <string.h>

#include "store/sqlite/engine.h"

#define FILL_BATCH 500
#define LAYOUT 1 /* of the tables themselves, kept in user_version; a newer one is refused */

/* A declared object, and how far it is filled. */
struct work {
    struct object object;
    bool filling;
    int64_t filled;
};

struct preparing {
    struct engine *engine;
    struct connection *k;
    struct table *t;
    const struct sqlite_progress *progress;
    struct arena *a;
    struct work *works;
    size_t n;
};

static int exec(struct connection *k, struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static int exec(struct connection *k, struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *sql = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return connection_exec(k, sql);
}

static int prepare(struct connection *k, const char *sql, sqlite3_stmt **ret)
{
    return engine_result(sqlite3_prepare_v2(k->db, sql, -1, ret, NULL));
}

/* 1 a row, 0 the end, or a failure: an error while reading is never taken for the end. */
static int step(sqlite3_stmt *s)
{
    int code = sqlite3_step(s);
    return code == SQLITE_ROW ? 1 : engine_result(code);
}

/* The first column of the first row. */
static int read_number(struct connection *k, const char *sql, int64_t *ret)
{
    sqlite3_stmt *s = NULL;
    int done = prepare(k, sql, &s);
    if (done == 0)
        done = step(s);
    if (done == 1)
        *ret = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return done == 0 ? E_CORRUPT : done < 0 ? done : 0;
}

/* --- form ------------------------------------------------------------------------------------- */

static int check_form(struct preparing *p)
{
    sqlite3_stmt *s = NULL;
    int done = prepare(p->k, "SELECT form FROM meta WHERE collection = ?", &s);
    if (done < 0)
        return done;
    sqlite3_bind_text(s, 1, p->t->c->name, -1, SQLITE_STATIC);
    done = step(s);
    bool newer = done == 1 && sqlite3_column_int(s, 0) > p->t->c->form;
    sqlite3_finalize(s);
    if (done < 0 || newer)
        return newer ? E_FORM : done;
    return exec(p->k, p->a,
                "INSERT INTO meta(collection, form) VALUES('%s', %d)"
                " ON CONFLICT(collection) DO UPDATE SET form = excluded.form",
                p->t->c->name, (int)p->t->c->form);
}

/* --- what was built --------------------------------------------------------------------------- */

struct built {
    char *name, *shape;
    int kind;
    bool filling;
    int64_t filled;
};

static int read_built(struct preparing *p, struct built **ret, size_t *ret_n)
{
    sqlite3_stmt *s = NULL;
    size_t cap = 256;
    struct built *all = arena_array(p->a, cap, sizeof(*all));
    int done = prepare(p->k,
                       "SELECT name, shape, kind, filled FROM object WHERE collection = ?"
                       " ORDER BY kind DESC, name",
                       &s);
    if (done < 0)
        return done;
    sqlite3_bind_text(s, 1, p->t->c->name, -1, SQLITE_STATIC);
    *ret_n = 0;
    while ((done = step(s)) == 1 && *ret_n < cap) {
        all[(*ret_n)++] = (struct built){
            .name = arena_strdup(p->a, (const char *)sqlite3_column_text(s, 0)),
            .shape = arena_strdup(p->a, (const char *)sqlite3_column_text(s, 1)),
            .kind = sqlite3_column_int(s, 2),
            .filling = sqlite3_column_type(s, 3) != SQLITE_NULL,
            .filled = sqlite3_column_int64(s, 3),
        };
    }
    sqlite3_finalize(s);
    *ret = all;
    return done > 0 ? E_CORRUPT : done; /* more than any declaration makes */
}

static struct work *declared(struct preparing *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++) {
        if (strcmp(p->works[i].object.name, name) == 0)
            return &p->works[i];
    }
    return NULL;
}

static int drop(struct preparing *p, const struct built *b)
{
    int done = 0;
    if (b->kind == OBJECT_INDEX)
        done = exec(p->k, p->a, "DROP INDEX IF EXISTS %s", b->name);
    else if (b->kind == OBJECT_COLUMN)
        done = exec(p->k, p->a, "ALTER TABLE c_%s DROP COLUMN %s", p->t->c->name, b->name);
    else
        done = exec(p->k, p->a, "DROP TABLE IF EXISTS %s", b->name);
    if (done == 0)
        done = exec(p->k, p->a, "DELETE FROM object WHERE collection = '%s' AND name = '%s'",
                    p->t->c->name, b->name);
    return done;
}

/* Indexes stand first, so that no column is dropped below one. */
static int drop_differing(struct preparing *p, const struct built *all, size_t n)
{
    int done = 0;
    for (size_t i = 0; done == 0 && i < n; i++) {
        struct work *w = declared(p, all[i].name);
        bool same = w && w->object.kind == (enum object_kind)all[i].kind &&
                    strcmp(w->object.shape, all[i].shape) == 0;
        if (same) {
            w->filling = all[i].filling;
            w->filled = all[i].filled;
            w->object.sql = NULL; /* it is there */
        } else {
            done = drop(p, &all[i]);
        }
    }
    return done;
}

/* --- making ----------------------------------------------------------------------------------- */

static int record(struct preparing *p, const struct object *o, bool filling)
{
    sqlite3_stmt *s = NULL;
    int done = prepare(p->k,
                       "INSERT INTO object(collection, name, kind, shape, filled)"
                       " VALUES(?, ?, ?, ?, ?)",
                       &s);
    if (done < 0)
        return done;
    sqlite3_bind_text(s, 1, p->t->c->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, o->name, -1, SQLITE_STATIC);
    sqlite3_bind_int(s, 3, (int)o->kind);
    sqlite3_bind_text(s, 4, o->shape, -1, SQLITE_STATIC);
    if (filling)
        sqlite3_bind_int64(s, 5, INT64_MIN);
    done = engine_result(sqlite3_step(s));
    sqlite3_finalize(s);
    return done;
}

static int make(struct preparing *p, bool indexes)
{
    int done = 0;
    for (size_t i = 0; done == 0 && i < p->n; i++) {
        struct work *w = &p->works[i];
        if (!w->object.sql || (w->object.kind == OBJECT_INDEX) != indexes)
            continue;
        done = connection_exec(p->k, w->object.sql);
        if (done == 0)
            done = record(p, &w->object, !indexes);
        w->filling = !indexes;
        w->filled = INT64_MIN;
    }
    return done;
}

/* --- filling ---------------------------------------------------------------------------------- */

static int fill_columns(struct preparing *p, const struct derived *d, int64_t row,
                        sqlite3_stmt *update)
{
    for (size_t i = 0; i < p->t->n_columns; i++) {
        const struct store_value *v = derived_single(d, p->t->columns[i]);
        int at = (int)i + 1;
        if (!v)
            sqlite3_bind_null(update, at);
        else if (v->type == STORE_INT)
            sqlite3_bind_int64(update, at, v->number);
        else if (v->type == STORE_TEXT)
            sqlite3_bind_text(update, at, v->text, -1, SQLITE_TRANSIENT);
        else
            sqlite3_bind_blob(update, at, v->id.bytes, 16, SQLITE_TRANSIENT);
    }
    sqlite3_bind_int64(update, (int)p->t->n_columns + 1, row);
    int done = engine_result(sqlite3_step(update));
    sqlite3_reset(update);
    return done;
}

static int fill_row(struct preparing *p, int64_t row, const bson_t *doc, const struct id *id,
                    sqlite3_stmt *update)
{
    struct derived d;
    int done = derive(p->t, doc, &d);
    if (done < 0)
        return done == E_INVALID ? E_CORRUPT : done;
    bool columns = false;
    for (size_t i = 0; done == 0 && i < p->n; i++) {
        const struct work *w = &p->works[i];
        if (!w->filling || w->filled >= row)
            continue;
        if (w->object.kind == OBJECT_COLUMN)
            columns = true;
        else if (w->object.kind == OBJECT_SIDE)
            done = write_side_rows(p->k, p->t, w->object.which, &d, id, row);
        else
            done = write_words(p->k, p->t, d.words, row);
    }
    if (done == 0 && columns && update)
        done = fill_columns(p, &d, row, update);
    derived_release(&d);
    return done;
}

static int fill_batch(struct preparing *p, sqlite3_stmt *select, sqlite3_stmt *update,
                      int64_t *from, int64_t *ret_rows)
{
    *ret_rows = 0;
    int done = connection_exec(p->k, "BEGIN IMMEDIATE");
    sqlite3_bind_int64(select, 1, *from);
    int got = 0;
    while (done == 0 && (got = step(select)) == 1) {
        bson_t doc;
        struct id id;
        int64_t row = sqlite3_column_int64(select, 0);
        if (sqlite3_column_bytes(select, 1) != 16 ||
            !bson_init_static(&doc, sqlite3_column_blob(select, 2),
                              (size_t)sqlite3_column_bytes(select, 2)))
            done = E_CORRUPT;
        else {
            memcpy(id.bytes, sqlite3_column_blob(select, 1), 16);
            done = fill_row(p, row, &doc, &id, update);
        }
        *from = row;
        (*ret_rows)++;
    }
    sqlite3_reset(select);
    done = done == 0 && got < 0 ? got : done;
    for (size_t i = 0; done == 0 && i < p->n; i++) {
        if (p->works[i].filling && p->works[i].filled < *from)
            done = exec(p->k, p->a,
                        "UPDATE object SET filled = %lld WHERE collection = '%s' AND name = '%s'",
                        (long long)*from, p->t->c->name, p->works[i].object.name);
    }
    int end = connection_exec(p->k, done == 0 ? "COMMIT" : "ROLLBACK");
    return done < 0 ? done : end;
}

static char *update_text(struct preparing *p)
{
    struct buf sql;
    buf_init(&sql, ENGINE_SQL_MAX);
    buf_printf(&sql, "UPDATE c_%s SET ", p->t->c->name);
    for (size_t i = 0; i < p->t->n_columns; i++)
        buf_printf(&sql, "%sf_%s = ?", i ? ", " : "", p->t->c->fields[p->t->columns[i]].name);
    buf_add_str(&sql, " WHERE row = ?");
    char *text = arena_strdup(p->a, sql.data);
    buf_release(&sql);
    return text;
}

static int fill(struct preparing *p)
{
    int64_t from = INT64_MAX, rows = 0, all = 0, total = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (p->works[i].filling && p->works[i].filled < from)
            from = p->works[i].filled;
    }
    if (from == INT64_MAX)
        return 0;
    const char *name = p->t->c->name;
    sqlite3_stmt *select = NULL, *update = NULL;
    int done = read_number(
        p->k,
        arena_printf(p->a, "SELECT count(*) FROM c_%s WHERE row > %lld", name, (long long)from),
        &total);
    if (done == 0)
        done = prepare(p->k,
                       arena_printf(p->a,
                                    "SELECT row, id, doc FROM c_%s WHERE row > ?1 ORDER BY row"
                                    " LIMIT %d",
                                    name, FILL_BATCH),
                       &select);
    if (done == 0 && p->t->n_columns > 0)
        done = prepare(p->k, update_text(p), &update);
    do {
        if (done == 0)
            done = fill_batch(p, select, update, &from, &rows);
        all += rows;
        if (done == 0 && rows > 0 && p->progress && p->progress->fn)
            p->progress->fn(name, all, total, p->progress->ctx);
    } while (done == 0 && rows > 0);
    sqlite3_finalize(select);
    sqlite3_finalize(update);
    if (done == 0)
        done = exec(p->k, p->a, "UPDATE object SET filled = NULL WHERE collection = '%s'", name);
    return done;
}

/* --- one collection --------------------------------------------------------------------------- */

static int note_displaced(struct preparing *p)
{
    if (p->t->words < 0)
        return 0;
    int64_t displaced = 0;
    int done = read_number(
        p->k, arena_printf(p->a, "SELECT EXISTS(SELECT 1 FROM c_%s WHERE row < 0)", p->t->c->name),
        &displaced);
    atomic_store(&p->t->displaced, displaced != 0);
    return done;
}

static int compare_and_make(struct preparing *p)
{
    struct built *built = NULL;
    size_t n_built = 0;
    int done = connection_exec(p->k, "BEGIN IMMEDIATE");
    if (done < 0)
        return done;
    struct buf sql;
    buf_init(&sql, ENGINE_SQL_MAX);
    table_create_text(&sql, p->t);
    done = connection_exec(p->k, sql.data);
    buf_release(&sql);
    if (done == 0)
        done = check_form(p);
    if (done == 0)
        done = read_built(p, &built, &n_built);
    if (done == 0)
        done = drop_differing(p, built, n_built);
    if (done == 0)
        done = make(p, false);
    int end = connection_exec(p->k, done == 0 ? "COMMIT" : "ROLLBACK");
    return done < 0 ? done : end;
}

static int make_indexes(struct preparing *p)
{
    int done = connection_exec(p->k, "BEGIN IMMEDIATE");
    if (done == 0)
        done = make(p, true);
    int end = connection_exec(p->k, done == 0 ? "COMMIT" : "ROLLBACK");
    return done < 0 ? done : end;
}

static int prepare_table(struct preparing *p)
{
    struct object *objects = NULL;
    p->n = table_objects(p->t, p->a, &objects);
    p->works = arena_array(p->a, p->n, sizeof(*p->works));
    for (size_t i = 0; i < p->n; i++)
        p->works[i].object = objects[i];
    int done = compare_and_make(p);
    if (done == 0)
        done = fill(p);
    if (done == 0)
        done = make_indexes(p);
    return done == 0 ? note_displaced(p) : done;
}

static int check_layout(struct connection *k)
{
    int64_t layout = 0;
    int done = read_number(k, "PRAGMA user_version", &layout);
    if (done < 0 || layout > LAYOUT)
        return done < 0 ? done : E_FORM;
    char sql[64];
    sqlite3_snprintf(sizeof(sql), sql, "PRAGMA user_version=%d", LAYOUT);
    return layout == LAYOUT ? 0 : connection_exec(k, sql);
}

int schema_prepare(struct engine *e, struct connection *k, const struct sqlite_progress *progress)
{
    int done = check_layout(k);
    if (done < 0)
        return done;
    done = connection_exec(
        k, "CREATE TABLE IF NOT EXISTS meta(collection TEXT PRIMARY KEY, form INTEGER NOT NULL)"
           " WITHOUT ROWID;"
           "CREATE TABLE IF NOT EXISTS object(collection TEXT, name TEXT, kind INTEGER NOT NULL,"
           " shape TEXT NOT NULL, filled INTEGER, PRIMARY KEY(collection, name)) WITHOUT ROWID;"
           "CREATE TABLE IF NOT EXISTS counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL)"
           " WITHOUT ROWID");
    for (size_t i = 0; done == 0 && i < e->n_tables; i++) {
        struct arena a;
        arena_init(&a);
        struct preparing p = {
            .engine = e, .k = k, .t = &e->tables[i], .progress = progress, .a = &a};
        done = prepare_table(&p);
        arena_release(&a);
    }
    return done;
}
