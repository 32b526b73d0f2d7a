/* From a scan's path, range and position to SQL that one index serves from end to end. */
#include "store/sqlite/engine.h"

/* The key by which a position is compared with a range: where there is no order field, the id. */
static struct store_value position_key(const struct store_scan *scan)
{
    return path_key_type(scan->collection, scan->path) == STORE_ID && !scan->after.key.type
               ? store_id(scan->after.id)
               : scan->after.key;
}

struct bounds bounds_of_scan(const struct store_scan *scan, struct store_value *after_key)
{
    struct bounds b = {.descending = scan->descending};
    if (scan->range.has_low) {
        b.lower = BOUND_KEY;
        b.low = &scan->range.low;
    }
    if (scan->range.has_high) {
        b.upper = BOUND_KEY;
        b.high = &scan->range.high;
    }
    if (!scan->has_after)
        return b;
    *after_key = position_key(scan);
    if (scan->descending && (!b.high || store_value_compare(after_key, b.high) < 0)) {
        b.upper = BOUND_POSITION;
        b.high = after_key;
        b.high_id = &scan->after.id;
    } else if (!scan->descending && (!b.low || store_value_compare(after_key, b.low) >= 0)) {
        b.lower = BOUND_POSITION;
        b.low = after_key;
        b.low_id = &scan->after.id;
    }
    return b;
}

uint64_t bounds_shape(const struct bounds *b)
{
    return (uint64_t)b->lower | (uint64_t)b->upper << 2 | (uint64_t)b->descending << 4;
}

const char *path_key_column(const struct table *t, int path, char *out, size_t n)
{
    const char *order = path >= 0 ? t->c->paths[path].order : NULL;
    sqlite3_snprintf((int)n, out, order ? "p.f_%s" : "p.id", order);
    return out;
}

static void bound_text(struct buf *sql, const char **join, enum bound_kind kind, const char *key,
                       bool key_is_id, const char *inclusive, const char *strict)
{
    if (kind == BOUND_NONE)
        return;
    if (kind == BOUND_KEY)
        buf_printf(sql, "%s%s %s ?", *join, key, inclusive);
    else if (key_is_id)
        buf_printf(sql, "%sp.id %s ?", *join, strict);
    else
        buf_printf(sql, "%s(%s, p.id) %s (?, ?)", *join, key, strict);
    *join = " AND ";
}

void path_from_text(struct buf *sql, const struct table *t, int path, const struct bounds *b,
                    bool with_document)
{
    const char *name = t->c->name;
    const struct store_path *p = path >= 0 ? &t->c->paths[path] : NULL;
    if (path < 0)
        buf_printf(sql, " FROM c_%s AS p", name);
    else if (!t->side[path])
        buf_printf(sql, " FROM c_%s AS p INDEXED BY i_%s__%s", name, name, p->name);
    else if (!with_document)
        buf_printf(sql, " FROM m_%s__%s AS p", name, p->name);
    else
        buf_printf(sql, " FROM m_%s__%s AS p CROSS JOIN c_%s AS d ON d.row = p.row", name, p->name,
                   name);
    char key[STORE_TEXT_MAX];
    path_key_column(t, path, key, sizeof(key));
    const char *join = " WHERE ";
    for (size_t i = 0; p && p->equals[i]; i++, join = " AND ")
        buf_printf(sql, "%sp.f_%s = ?", join, p->equals[i]);
    if (p && p->order) { /* said aloud, so that SQLite may use the partial index */
        buf_printf(sql, "%s%s IS NOT NULL", join, key);
        join = " AND ";
    }
    bool key_is_id = !p || !p->order;
    bound_text(sql, &join, b->lower, key, key_is_id, ">=", ">");
    bound_text(sql, &join, b->upper, key, key_is_id, "<", "<");
}

static int bind_typed(struct statement *s, int *at, const struct store_value *v,
                      enum store_type type)
{
    return v->type == type ? statement_bind(s, (*at)++, v) : E_INVALID;
}

static int bind_bound(struct statement *s, int *at, enum bound_kind kind,
                      const struct store_value *key, const struct id *id, enum store_type type,
                      bool key_is_id)
{
    if (kind == BOUND_NONE)
        return 0;
    if (kind == BOUND_POSITION && key_is_id)
        return statement_bind_id(s, (*at)++, id);
    int r = bind_typed(s, at, key, type);
    return r < 0 || kind == BOUND_KEY ? r : statement_bind_id(s, (*at)++, id);
}

int path_bind(struct statement *s, const struct table *t, int path,
              const struct store_value *equals, const struct bounds *b)
{
    const struct store_path *p = path >= 0 ? &t->c->paths[path] : NULL;
    int at = 1;
    for (size_t i = 0; p && p->equals[i]; i++) {
        int r = bind_typed(s, &at, &equals[i],
                           t->c->fields[store_field_index(t->c, p->equals[i])].type);
        if (r < 0)
            return r;
    }
    enum store_type type = path_key_type(t->c, path);
    bool key_is_id = !p || !p->order;
    int r = bind_bound(s, &at, b->lower, b->low, b->low_id, type, key_is_id);
    return r < 0 ? r : bind_bound(s, &at, b->upper, b->high, b->high_id, type, key_is_id);
}
