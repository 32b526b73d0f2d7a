/* One write inside the writer's transaction: the document and its columns; beside.c has the rest.
 */
#include <stdlib.h>
#include <string.h>

#include "store/sqlite/engine.h"

/*
 * A stored document as a write finds it. Where nothing but columns stands beside it, these say what
 * it has, and it is not read: taking it apart is dearer than all of the update.
 */
struct found {
    int64_t row, version;
    uint32_t differ; /* bits: the table's columns that are not as the new document has them */
    struct derived derived; /* of what is stored; nothing where there are columns alone */
    bson_t *doc;            /* keeps what `derived` borrows from */
};

static bool has_columns_alone(const struct table *t)
{
    return t->words < 0 && !t->has_side;
}

static void found_release(struct found *f)
{
    derived_release(&f->derived);
    if (f->doc)
        bson_destroy(f->doc);
}

/* --- statements ------------------------------------------------------------------------------- */

static void find_text(struct buf *sql, const void *ctx)
{
    const struct table *t = ctx;
    buf_add_str(sql, has_columns_alone(t) ? "SELECT row, version" : "SELECT row, version, doc");
    for (size_t i = 0; has_columns_alone(t) && i < t->n_columns; i++)
        buf_printf(sql, ", f_%s", t->c->fields[t->columns[i]].name);
    buf_printf(sql, " FROM c_%s WHERE id = ?", t->c->name);
}

static void insert_text(struct buf *sql, const void *ctx)
{
    const struct table *t = ctx;
    buf_printf(sql, "INSERT INTO c_%s(row, id, version, doc, displaced", t->c->name);
    for (size_t i = 0; i < t->n_columns; i++)
        buf_printf(sql, ", f_%s", t->c->fields[t->columns[i]].name);
    buf_add_str(sql, ") VALUES(?, ?, ?, ?, ?");
    for (size_t i = 0; i < t->n_columns; i++)
        buf_add_str(sql, ", ?");
    buf_add_str(sql, ") ON CONFLICT(id) DO NOTHING");
}

/* Columns that are named are written in each of their indexes, be the value the same or not. */
struct update {
    const struct table *t;
    uint32_t columns; /* bits: which of the table's columns differ */
};

static void update_text(struct buf *sql, const void *ctx)
{
    const struct update *u = ctx;
    buf_printf(sql, "UPDATE c_%s SET version = ?, doc = ?", u->t->c->name);
    for (size_t i = 0; i < u->t->n_columns; i++) {
        if (u->columns & 1U << i)
            buf_printf(sql, ", f_%s = ?", u->t->c->fields[u->t->columns[i]].name);
    }
    buf_add_str(sql, " WHERE row = ?");
}

static void delete_text(struct buf *sql, const void *ctx)
{
    const struct table *t = ctx;
    buf_printf(sql, "DELETE FROM c_%s WHERE row = ?", t->c->name);
}

static void last_displaced_text(struct buf *sql, const void *ctx)
{
    const struct table *t = ctx;
    buf_printf(sql,
               "SELECT EXISTS(SELECT 1 FROM c_%s WHERE row = ?),"
               " coalesce((SELECT min(row) FROM c_%s WHERE row < 0), 0)",
               t->c->name, t->c->name);
}

/* --- the document ----------------------------------------------------------------------------- */

/* Of the row that the statement is at, behind its number and version. */
static uint32_t columns_that_differ(struct statement *s, const struct write_op *op)
{
    uint32_t differ = 0;
    for (size_t i = 0; i < op->table->n_columns; i++) {
        int field = op->table->columns[i];
        struct store_value stored =
            statement_value(s, 2 + (int)i, op->table->c->fields[field].type);
        const struct store_value *v = derived_single(&op->derived, field);
        if (v ? !stored.type || store_value_compare(&stored, v) != 0 : stored.type != 0)
            differ |= 1U << i;
    }
    return differ;
}

static int take_apart(struct statement *s, const struct write_op *op, struct found *ret)
{
    const struct table *t = op->table;
    ret->doc = bson_new_from_data(sqlite3_column_blob(s->stmt, 2),
                                  (size_t)sqlite3_column_bytes(s->stmt, 2));
    int done = ret->doc ? derive(t, ret->doc, &ret->derived) : E_CORRUPT;
    for (size_t i = 0; done == 0 && op->doc && i < t->n_columns; i++) {
        if (!derived_same_field(&ret->derived, &op->derived, t->columns[i]))
            ret->differ |= 1U << i;
    }
    return done;
}

/* 0 and *ret, or STORE_ABSENT. */
static int find(struct connection *k, const struct write_op *op, struct found *ret)
{
    const struct table *t = op->table;
    CLEANUP(statement_releasep) struct statement *s = NULL;
    int done = statement_take(k, statement_key(STATEMENT_FIND, t->index, 0, 0), find_text, t, &s);
    if (done == 0)
        done = statement_bind_id(s, 1, &op->id);
    if (done < 0)
        return done;
    done = statement_step(s);
    if (done <= 0)
        return done < 0 ? done : STORE_ABSENT;
    ret->row = sqlite3_column_int64(s->stmt, 0);
    ret->version = sqlite3_column_int64(s->stmt, 1);
    if (!has_columns_alone(t))
        return take_apart(s, op, ret);
    if (op->doc)
        ret->differ = columns_that_differ(s, op);
    return 0;
}

/* Those of the table's columns whose bits are set. */
static int bind_columns(struct statement *s, int at, const struct write_op *op, uint32_t columns)
{
    static const struct store_value none;
    int done = 0;
    for (size_t i = 0; done == 0 && i < op->table->n_columns; i++) {
        if (!(columns & 1U << i))
            continue;
        const struct store_value *v = derived_single(&op->derived, op->table->columns[i]);
        done = statement_bind(s, at++, v ? v : &none);
    }
    return done;
}

static int bind_doc(struct statement *s, int at, const bson_t *doc)
{
    return engine_result(
        sqlite3_bind_blob(s->stmt, at, bson_get_data(doc), (int)doc->len, SQLITE_STATIC));
}

/* The row of a new document with words: its arrival, or one below zero if that is taken. */
static int choose_row(struct connection *k, struct write_op *op, int64_t *ret, bool *ret_displaced)
{
    struct table *t = op->table;
    CLEANUP(statement_releasep) struct statement *s = NULL;
    int done = statement_take(k, statement_key(STATEMENT_LAST_DISPLACED, t->index, 0, 0),
                              last_displaced_text, t, &s);
    if (done == 0)
        done = engine_result(sqlite3_bind_int64(s->stmt, 1, op->derived.arrival));
    if (done == 0)
        done = statement_step(s);
    if (done <= 0)
        return done < 0 ? done : E_CORRUPT;
    *ret_displaced = sqlite3_column_int(s->stmt, 0) != 0 || op->derived.arrival <= 0;
    *ret = *ret_displaced ? sqlite3_column_int64(s->stmt, 1) - 1 : op->derived.arrival;
    return 0;
}

/* 0 and *ret_row, or STORE_EXISTS. */
static int insert_row(struct connection *k, struct write_op *op, int64_t *ret_row)
{
    struct table *t = op->table;
    bool displaced = false;
    int done = t->words >= 0 ? choose_row(k, op, ret_row, &displaced) : 0;
    if (done < 0)
        return done;
    CLEANUP(statement_releasep) struct statement *s = NULL;
    done = statement_take(k, statement_key(STATEMENT_INSERT, t->index, 0, 0), insert_text, t, &s);
    if (done == 0 && t->words >= 0)
        done = engine_result(sqlite3_bind_int64(s->stmt, 1, *ret_row));
    if (done == 0)
        done = statement_bind_id(s, 2, &op->id);
    if (done == 0)
        done = engine_result(sqlite3_bind_int64(s->stmt, 3, document_int64(op->doc, "version")));
    if (done == 0)
        done = bind_doc(s, 4, op->doc);
    if (done == 0 && displaced)
        done = engine_result(sqlite3_bind_int64(s->stmt, 5, op->derived.arrival));
    if (done == 0)
        done = bind_columns(s, 6, op, UINT32_MAX);
    if (done == 0)
        done = statement_run(s);
    if (done == 0 && sqlite3_changes(k->db) == 0)
        return STORE_EXISTS;
    if (done == 0 && displaced)
        atomic_store(&t->displaced, true);
    *ret_row = sqlite3_last_insert_rowid(k->db);
    return done;
}

static int apply_insert(struct connection *k, struct write_op *op)
{
    const struct table *t = op->table;
    int64_t row = 0;
    int done = insert_row(k, op, &row);
    if (done == STORE_EXISTS) {
        op->outcome = STORE_EXISTS;
        return 0;
    }
    for (size_t p = 0; done == 0 && p < t->c->n_paths; p++) {
        if (t->side[p])
            done = write_side_rows(k, t, (int)p, &op->derived, &op->id, row);
    }
    if (done == 0 && t->words >= 0)
        done = write_words(k, t, op->derived.words, row);
    return done;
}

static int update_row(struct connection *k, struct write_op *op, const struct found *f)
{
    const struct table *t = op->table;
    struct update u = {.t = t, .columns = f->differ};
    CLEANUP(statement_releasep) struct statement *s = NULL;
    int done = statement_take(k, statement_key(STATEMENT_UPDATE, t->index, 0, u.columns),
                              update_text, &u, &s);
    if (done == 0)
        done = engine_result(sqlite3_bind_int64(s->stmt, 1, document_int64(op->doc, "version")));
    if (done == 0)
        done = bind_doc(s, 2, op->doc);
    if (done == 0)
        done = bind_columns(s, 3, op, u.columns);
    if (done == 0)
        done =
            engine_result(sqlite3_bind_int64(s->stmt, 3 + __builtin_popcount(u.columns), f->row));
    return done == 0 ? statement_run(s) : done;
}

static bool same_words(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static int update_beside(struct connection *k, struct write_op *op, const struct found *f)
{
    const struct table *t = op->table;
    int done = 0;
    for (size_t p = 0; done == 0 && p < t->c->n_paths; p++) {
        if (!t->side[p] || derived_same_path(t, (int)p, &f->derived, &op->derived))
            continue;
        done = delete_side_rows(k, t, (int)p, &f->derived, &op->id);
        if (done == 0)
            done = write_side_rows(k, t, (int)p, &op->derived, &op->id, f->row);
    }
    if (done == 0 && t->words >= 0 && !same_words(f->derived.words, op->derived.words)) {
        done = delete_words(k, t, f->derived.words, f->row);
        if (done == 0)
            done = write_words(k, t, op->derived.words, f->row);
    }
    return done;
}

static int apply_replace(struct connection *k, struct write_op *op)
{
    struct found found = {0};
    int done = find(k, op, &found);
    if (done == STORE_ABSENT) {
        op->outcome = STORE_ABSENT;
        done = 0;
    } else if (done == 0 && found.version != op->expected) {
        op->outcome = STORE_CONFLICT;
    } else if (done == 0) {
        done = update_beside(k, op, &found);
        if (done == 0)
            done = update_row(k, op, &found);
    }
    found_release(&found);
    return done;
}

static int delete_all(struct connection *k, struct write_op *op, const struct found *f)
{
    const struct table *t = op->table;
    int done = 0;
    for (size_t p = 0; done == 0 && p < t->c->n_paths; p++) {
        if (t->side[p])
            done = delete_side_rows(k, t, (int)p, &f->derived, &op->id);
    }
    if (done == 0 && t->words >= 0)
        done = delete_words(k, t, f->derived.words, f->row);
    if (done < 0)
        return done;
    CLEANUP(statement_releasep) struct statement *s = NULL;
    done = statement_take(k, statement_key(STATEMENT_DELETE, t->index, 0, 0), delete_text, t, &s);
    if (done == 0)
        done = engine_result(sqlite3_bind_int64(s->stmt, 1, f->row));
    return done == 0 ? statement_run(s) : done;
}

static int apply_remove(struct connection *k, struct write_op *op)
{
    struct found found = {0};
    int done = find(k, op, &found);
    if (done == STORE_ABSENT) {
        op->outcome = STORE_ABSENT;
        done = 0;
    } else if (done == 0 && op->expected >= 0 && found.version != op->expected) {
        op->outcome = STORE_CONFLICT;
    } else if (done == 0) {
        done = delete_all(k, op, &found);
    }
    found_release(&found);
    return done;
}

static int apply_bump(struct connection *k, struct write_op *op)
{
    CLEANUP(statement_releasep) struct statement *s = NULL;
    int done = statement_take_fixed(k, 1,
                                    "INSERT INTO counter(name, value) VALUES(?1, ?2)"
                                    " ON CONFLICT(name) DO UPDATE SET value = value + ?2"
                                    " RETURNING value",
                                    &s);
    if (done == 0)
        done = engine_result(sqlite3_bind_text(s->stmt, 1, op->counter, -1, SQLITE_TRANSIENT));
    if (done == 0)
        done = engine_result(sqlite3_bind_int64(s->stmt, 2, op->by));
    if (done == 0)
        done = statement_step(s);
    if (done <= 0)
        return done < 0 ? done : E_CORRUPT;
    op->value = sqlite3_column_int64(s->stmt, 0);
    return statement_step(s) < 0 ? E_IO : 0; /* to its end, so that it takes effect */
}

int write_apply(struct connection *k, struct write_op *op)
{
    op->outcome = 0;
    if (op->after && op->after->outcome != 0) {
        op->outcome = STORE_ABSENT;
        return 0;
    }
    switch (op->kind) {
    case WRITE_INSERT:
        return apply_insert(k, op);
    case WRITE_REPLACE:
        return apply_replace(k, op);
    case WRITE_REMOVE:
        return apply_remove(k, op);
    default:
        return apply_bump(k, op);
    }
}
