/* What is stored beside a document: its rows in side tables, and its words. */
#include "store/sqlite/engine.h"

static void words_insert_text(struct buf *sql, const void *ctx)
{
    const struct table *t = ctx;
    buf_printf(sql, "INSERT INTO w_%s(rowid, words) VALUES(?, ?)", t->c->name);
}

static void words_delete_text(struct buf *sql, const void *ctx)
{
    const struct table *t = ctx;
    buf_printf(sql, "INSERT INTO w_%s(w_%s, rowid, words) VALUES('delete', ?, ?)", t->c->name,
               t->c->name);
}

struct side {
    const struct table *t;
    int path;
};

static void side_insert_text(struct buf *sql, const void *ctx)
{
    const struct side *side = ctx;
    const struct store_collection *c = side->t->c;
    const struct store_path *p = &c->paths[side->path];
    int covers[STORE_COVERS_MAX];
    size_t n_covers = path_covers(c, p, covers), n = 2 + n_covers;
    buf_printf(sql, "INSERT INTO m_%s__%s(", c->name, p->name);
    for (size_t i = 0; p->equals[i]; i++, n++)
        buf_printf(sql, "f_%s, ", p->equals[i]);
    if (p->order) {
        buf_printf(sql, "f_%s, ", p->order);
        n++;
    }
    buf_add_str(sql, "id, row");
    for (size_t i = 0; i < n_covers; i++)
        buf_printf(sql, ", f_%s", c->fields[covers[i]].name);
    buf_add_str(sql, ") VALUES(?");
    for (size_t i = 1; i < n; i++)
        buf_add_str(sql, ", ?");
    buf_add_char(sql, ')');
}

static void side_delete_text(struct buf *sql, const void *ctx)
{
    const struct side *side = ctx;
    const struct store_collection *c = side->t->c;
    const struct store_path *p = &c->paths[side->path];
    buf_printf(sql, "DELETE FROM m_%s__%s WHERE ", c->name, p->name);
    for (size_t i = 0; p->equals[i]; i++)
        buf_printf(sql, "f_%s = ? AND ", p->equals[i]);
    if (p->order)
        buf_printf(sql, "f_%s = ? AND ", p->order);
    buf_add_str(sql, "id = ?");
}

/* Binds the n-th combination of the path's equality values, its order key and the id. */
static int bind_side_key(struct statement *s, const struct side *side, const struct derived *d,
                         size_t n, const struct id *id, int *ret_at)
{
    const struct store_collection *c = side->t->c;
    const struct store_path *p = &c->paths[side->path];
    int at = 1, done = 0;
    for (size_t i = 0; done == 0 && p->equals[i]; i++) {
        int f = store_field_index(c, p->equals[i]);
        done = statement_bind(s, at++, &d->values[d->first[f] + n % d->count[f]]);
        n /= d->count[f];
    }
    if (done == 0 && p->order)
        done = statement_bind(s, at++, derived_single(d, store_field_index(c, p->order)));
    if (done == 0)
        done = statement_bind_id(s, at++, id);
    *ret_at = at;
    return done;
}

static int bind_covers(struct statement *s, int at, const struct side *side,
                       const struct derived *d)
{
    static const struct store_value none;
    const struct store_collection *c = side->t->c;
    int covers[STORE_COVERS_MAX], done = 0;
    size_t n = path_covers(c, &c->paths[side->path], covers);
    for (size_t i = 0; done == 0 && i < n; i++) {
        const struct store_value *v = derived_single(d, covers[i]);
        done = statement_bind(s, at++, v ? v : &none);
    }
    return done;
}

int write_side_rows(struct connection *k, const struct table *t, int path, const struct derived *d,
                    const struct id *id, int64_t row)
{
    const struct side side = {t, path};
    size_t n = derived_side_rows(t, path, d);
    int done = 0;
    for (size_t i = 0; done == 0 && i < n; i++) {
        CLEANUP(statement_releasep) struct statement *s = NULL;
        int at = 0;
        done = statement_take(k, statement_key(STATEMENT_SIDE_INSERT, t->index, path, 0),
                              side_insert_text, &side, &s);
        if (done == 0)
            done = bind_side_key(s, &side, d, i, id, &at);
        if (done == 0)
            done = engine_result(sqlite3_bind_int64(s->stmt, at++, row));
        if (done == 0)
            done = bind_covers(s, at, &side, d);
        if (done == 0)
            done = statement_run(s);
    }
    return done;
}

int delete_side_rows(struct connection *k, const struct table *t, int path, const struct derived *d,
                     const struct id *id)
{
    const struct side side = {t, path};
    size_t n = derived_side_rows(t, path, d);
    int done = 0;
    for (size_t i = 0; done == 0 && i < n; i++) {
        CLEANUP(statement_releasep) struct statement *s = NULL;
        int at = 0;
        done = statement_take(k, statement_key(STATEMENT_SIDE_DELETE, t->index, path, 0),
                              side_delete_text, &side, &s);
        if (done == 0)
            done = bind_side_key(s, &side, d, i, id, &at);
        if (done == 0)
            done = statement_run(s);
    }
    return done;
}

static int change_words(struct connection *k, const struct table *t, enum statement_kind kind,
                        statement_text_fn text, const char *words, int64_t row)
{
    if (!words)
        return 0;
    CLEANUP(statement_releasep) struct statement *s = NULL;
    int done = statement_take(k, statement_key(kind, t->index, 0, 0), text, t, &s);
    if (done == 0)
        done = engine_result(sqlite3_bind_int64(s->stmt, 1, row));
    if (done == 0)
        done = engine_result(sqlite3_bind_text(s->stmt, 2, words, -1, SQLITE_TRANSIENT));
    return done == 0 ? statement_run(s) : done;
}

int write_words(struct connection *k, const struct table *t, const char *words, int64_t row)
{
    return change_words(k, t, STATEMENT_WORDS_INSERT, words_insert_text, words, row);
}

int delete_words(struct connection *k, const struct table *t, const char *words, int64_t row)
{
    return change_words(k, t, STATEMENT_WORDS_DELETE, words_delete_text, words, row);
}
