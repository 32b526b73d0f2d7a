#include "store/sqlite/engine.h"

#include <string.h>

#define TABLE_OBJECTS_MAX (STORE_FIELDS_MAX + STORE_PATHS_MAX + 1)

/*
 * The words are already folded, of [a-z0-9] and letters outside ASCII. The ascii tokenizer takes
 * every byte above 127 for a letter, so each word is one token. detail=none keeps row numbers
 * only: that is all that AND and a prefix need, at half the size. A beginning of two to six letters
 * has an index of its own (a third more in size, for syllables): else every search for a word that
 * may go on would gather all rows of all words that begin so.
 */
#define WORDS_OPTIONS "content='', columnsize=0, detail=none, tokenize='ascii', prefix='2 3 4 5 6'"

static bool path_names(const struct store_path *p, const char *field)
{
    for (size_t i = 0; p->equals[i]; i++)
        if (strcmp(p->equals[i], field) == 0)
            return true;
    return p->order && strcmp(p->order, field) == 0;
}

size_t path_covers(const struct store_collection *c, const struct store_path *p,
                   int ret_fields[STORE_COVERS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < STORE_COVERS_MAX && p->covers[i]; i++) {
        if (path_names(p, p->covers[i]))
            continue;
        int field = store_field_index(c, p->covers[i]);
        bool twice = false;
        for (size_t k = 0; k < n; k++)
            twice = twice || ret_fields[k] == field;
        if (!twice)
            ret_fields[n++] = field;
    }
    return n;
}

bool path_is_side(const struct store_collection *c, const struct store_path *p)
{
    for (size_t i = 0; p->equals[i]; i++)
        if (c->fields[store_field_index(c, p->equals[i])].multi)
            return true;
    return false;
}

enum store_type path_key_type(const struct store_collection *c, int path)
{
    if (path == STORE_PATH_WORDS)
        return STORE_INT;
    if (path == STORE_PATH_ID || !c->paths[path].order)
        return STORE_ID;
    return c->fields[store_field_index(c, c->paths[path].order)].type;
}

static bool field_has_column(const struct store_collection *c, int field)
{
    const struct store_field *f = &c->fields[field];
    if (f->multi || f->type == STORE_WORDS)
        return false;
    for (size_t p = 0; p < c->n_paths; p++) {
        if (path_names(&c->paths[p], f->name))
            return true;
        for (size_t i = 0; i < STORE_COVERS_MAX && c->paths[p].covers[i]; i++)
            if (strcmp(c->paths[p].covers[i], f->name) == 0)
                return true;
    }
    return false;
}

void table_init(struct table *t, const struct store_collection *c, size_t index)
{
    t->c = c;
    t->index = index;
    t->n_columns = 0;
    t->words = store_words_index(c);
    t->has_side = false;
    for (size_t f = 0; f < c->n_fields; f++)
        if (field_has_column(c, (int)f))
            t->columns[t->n_columns++] = (int)f;
    for (size_t p = 0; p < c->n_paths; p++) {
        t->side[p] = path_is_side(c, &c->paths[p]);
        t->has_side = t->has_side || t->side[p];
    }
    atomic_init(&t->displaced, false);
}

void table_create_text(struct buf *sql, const struct table *t)
{
    buf_printf(sql,
               "CREATE TABLE IF NOT EXISTS c_%s(row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
               " version INTEGER NOT NULL, doc BLOB NOT NULL, displaced INTEGER)",
               t->c->name);
}

/* --- objects ---------------------------------------------------------------------------------- */

static void path_key_columns(struct buf *sql, const struct store_path *p)
{
    for (size_t i = 0; p->equals[i]; i++)
        buf_printf(sql, "f_%s, ", p->equals[i]);
    if (p->order)
        buf_printf(sql, "f_%s, ", p->order);
    buf_add_str(sql, "id");
}

static void path_cover_columns(struct buf *sql, const struct store_collection *c,
                               const struct store_path *p)
{
    int covers[STORE_COVERS_MAX];
    size_t n = path_covers(c, p, covers);
    for (size_t i = 0; i < n; i++)
        buf_printf(sql, ", f_%s", c->fields[covers[i]].name);
}

static void index_text(struct buf *sql, const struct store_collection *c,
                       const struct store_path *p)
{
    buf_printf(sql, "CREATE INDEX i_%s__%s ON c_%s(", c->name, p->name, c->name);
    path_key_columns(sql, p);
    path_cover_columns(sql, c, p);
    buf_add_char(sql, ')');
    const char *join = " WHERE ";
    for (size_t i = 0; p->equals[i]; i++, join = " AND ")
        buf_printf(sql, "%sf_%s IS NOT NULL", join, p->equals[i]);
    if (p->order)
        buf_printf(sql, "%sf_%s IS NOT NULL", join, p->order);
}

static void side_text(struct buf *sql, const struct store_collection *c, const struct store_path *p)
{
    buf_printf(sql, "CREATE TABLE m_%s__%s(", c->name, p->name);
    path_key_columns(sql, p);
    buf_add_str(sql, ", row INTEGER NOT NULL");
    path_cover_columns(sql, c, p);
    buf_add_str(sql, ", PRIMARY KEY(");
    path_key_columns(sql, p);
    buf_add_str(sql, ")) WITHOUT ROWID");
}

static void field_shape(struct buf *shape, const struct store_field *f)
{
    buf_printf(shape, "\n%s %d %d %s", f->name, (int)f->type, (int)f->multi, f->path);
}

/* What the contents of an index or side table depend on: its text and the fields it takes. */
static void path_shape(struct buf *shape, const struct store_collection *c,
                       const struct store_path *p)
{
    for (size_t f = 0; f < c->n_fields; f++) {
        bool used = path_names(p, c->fields[f].name);
        int covers[STORE_COVERS_MAX];
        size_t n = path_covers(c, p, covers);
        for (size_t i = 0; i < n; i++)
            used = used || covers[i] == (int)f;
        if (used)
            field_shape(shape, &c->fields[f]);
    }
}

static struct object object_finish(struct arena *a, enum object_kind kind, int which, char *name,
                                   struct buf *sql, struct buf *shape)
{
    struct object o = {.kind = kind,
                       .which = which,
                       .name = name,
                       .sql = arena_strdup(a, sql->data),
                       .shape = arena_printf(a, "%s%s", sql->data, shape->data)};
    buf_release(sql);
    buf_release(shape);
    return o;
}

static struct object object_column(const struct table *t, struct arena *a, int field)
{
    struct buf sql, shape;
    buf_init(&sql, ENGINE_SQL_MAX);
    buf_init(&shape, ENGINE_SQL_MAX);
    const struct store_field *f = &t->c->fields[field];
    buf_printf(&sql, "ALTER TABLE c_%s ADD COLUMN f_%s", t->c->name, f->name);
    field_shape(&shape, f);
    return object_finish(a, OBJECT_COLUMN, field, arena_printf(a, "f_%s", f->name), &sql, &shape);
}

static struct object object_path(const struct table *t, struct arena *a, int path)
{
    struct buf sql, shape;
    buf_init(&sql, ENGINE_SQL_MAX);
    buf_init(&shape, ENGINE_SQL_MAX);
    const struct store_path *p = &t->c->paths[path];
    bool side = t->side[path];
    (side ? side_text : index_text)(&sql, t->c, p);
    path_shape(&shape, t->c, p);
    char *name = arena_printf(a, "%c_%s__%s", side ? 'm' : 'i', t->c->name, p->name);
    return object_finish(a, side ? OBJECT_SIDE : OBJECT_INDEX, path, name, &sql, &shape);
}

static struct object object_words(const struct table *t, struct arena *a)
{
    struct buf sql, shape;
    buf_init(&sql, ENGINE_SQL_MAX);
    buf_init(&shape, ENGINE_SQL_MAX);
    buf_printf(&sql, "CREATE VIRTUAL TABLE w_%s USING fts5(words, " WORDS_OPTIONS ")", t->c->name);
    field_shape(&shape, &t->c->fields[t->words]);
    return object_finish(a, OBJECT_WORDS, t->words, arena_printf(a, "w_%s", t->c->name), &sql,
                         &shape);
}

size_t table_objects(const struct table *t, struct arena *a, struct object **ret)
{
    struct object *o = arena_array(a, TABLE_OBJECTS_MAX, sizeof(*o));
    size_t n = 0;
    for (size_t i = 0; i < t->n_columns; i++)
        o[n++] = object_column(t, a, t->columns[i]);
    for (size_t p = 0; p < t->c->n_paths; p++)
        if (t->side[p])
            o[n++] = object_path(t, a, (int)p);
    if (t->words >= 0)
        o[n++] = object_words(t, a);
    for (size_t p = 0; p < t->c->n_paths; p++)
        if (!t->side[p])
            o[n++] = object_path(t, a, (int)p);
    *ret = o;
    return n;
}
