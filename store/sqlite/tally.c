/*
 * Counting and adding up, from the index of a path alone. Groups are gathered here: SQLite would
 * sort every row by its group first, which takes four times as long.
 */
#include <string.h>

#include "store/sqlite/engine.h"

struct tally_shape {
    const struct table *t;
    const struct store_tally *tally;
    struct bounds bounds;
};

static const struct store_field *group_field(const struct tally_shape *s, size_t i)
{
    return &s->t->c->fields[s->tally->group[i]];
}

/* Without a group the totals, else the group and what is summed up, row by row. */
static void tally_text(struct buf *sql, const void *ctx)
{
    const struct tally_shape *s = ctx;
    const char *sum = s->tally->sum >= 0 ? s->t->c->fields[s->tally->sum].name : NULL;
    buf_add_str(sql, s->tally->n_group ? "SELECT 1, " : "SELECT count(*), ");
    if (!sum)
        buf_add_str(sql, "0");
    else
        buf_printf(sql, s->tally->n_group ? "p.f_%s" : "coalesce(sum(p.f_%s), 0)", sum);
    for (size_t i = 0; i < s->tally->n_group; i++)
        buf_printf(sql, ", p.f_%s", group_field(s, i)->name);
    path_from_text(sql, s->t, s->tally->path, &s->bounds, false);
}

static uint64_t shape_bits(const struct tally_shape *s)
{
    uint64_t bits = bounds_shape(&s->bounds);
    for (size_t i = 0; i < 3; i++)
        bits = bits << 6 | (i < s->tally->n_group ? (uint64_t)s->tally->group[i] + 1 : 0);
    return bits << 6 | (uint64_t)(s->tally->sum + 1);
}

/* --- groups ----------------------------------------------------------------------------------- */

/* The rows so far, and a table of their hashes: open addressing, at most half full. */
struct groups {
    struct arena *a;
    struct store_tally_row *rows;
    uint64_t *hashes; /* of each row */
    uint32_t *slots;  /* row and one; 0 free */
    size_t n, n_slots, max;
};

static uint64_t hash_bytes(uint64_t h, const void *bytes, size_t n)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < n; i++)
        h = (h ^ b[i]) * UINT64_C(1099511628211);
    return h ^ h >> 29;
}

static uint64_t hash_value(uint64_t h, const struct store_value *v)
{
    switch (v->type) {
    case STORE_INT:
        return hash_bytes(h, &v->number, sizeof(v->number));
    case STORE_TEXT:
        return hash_bytes(h, v->text, strlen(v->text) + 1);
    case STORE_ID:
        return hash_bytes(h, v->id.bytes, sizeof(v->id.bytes));
    default:
        return hash_bytes(h, "", 1);
    }
}

static bool same_group(const struct store_value *a, const struct store_value *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (a[i].type != b[i].type || (a[i].type && store_value_compare(&a[i], &b[i]) != 0))
            return false;
    }
    return true;
}

static void put_slot(struct groups *g, size_t row)
{
    size_t at = g->hashes[row] & (g->n_slots - 1);
    while (g->slots[at])
        at = (at + 1) & (g->n_slots - 1);
    g->slots[at] = (uint32_t)row + 1;
}

static void grow(struct groups *g)
{
    size_t cap = g->n_slots ? g->n_slots : 64;
    struct store_tally_row *rows = arena_array(g->a, cap, sizeof(*rows));
    uint64_t *hashes = arena_array(g->a, cap, sizeof(*hashes));
    if (g->n > 0) {
        memcpy(rows, g->rows, g->n * sizeof(*rows));
        memcpy(hashes, g->hashes, g->n * sizeof(*hashes));
    }
    g->rows = rows;
    g->hashes = hashes;
    g->n_slots = cap * 2;
    g->slots = arena_array(g->a, g->n_slots, sizeof(*g->slots));
    for (size_t i = 0; i < g->n; i++)
        put_slot(g, i);
}

/* The row of a group, new or not; NULL if there would be too many. Texts are copied. */
static struct store_tally_row *group_row(struct groups *g, const struct store_value *values,
                                         size_t n)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < n; i++)
        h = hash_value(h, &values[i]);
    for (size_t at = g->n_slots ? h & (g->n_slots - 1) : 0; g->n_slots && g->slots[at];
         at = (at + 1) & (g->n_slots - 1)) {
        size_t row = g->slots[at] - 1;
        if (g->hashes[row] == h && same_group(g->rows[row].group, values, n))
            return &g->rows[row];
    }
    if (g->n == g->max)
        return NULL;
    if (g->n * 2 >= g->n_slots)
        grow(g);
    struct store_tally_row *row = &g->rows[g->n];
    *row = (struct store_tally_row){0};
    for (size_t i = 0; i < n; i++) {
        row->group[i] = values[i];
        if (values[i].type == STORE_TEXT)
            row->group[i].text = arena_strdup(g->a, values[i].text);
    }
    g->hashes[g->n] = h;
    put_slot(g, g->n++);
    return row;
}

/* --- the verb --------------------------------------------------------------------------------- */

/* With no group at all a count of nothing is no row, as the contract has it. */
static int read_rows(struct statement *st, const struct tally_shape *s, struct groups *g)
{
    int got;
    while ((got = statement_step(st)) == 1) {
        struct store_value values[3];
        int64_t count = sqlite3_column_int64(st->stmt, 0);
        if (count == 0)
            continue;
        for (size_t i = 0; i < s->tally->n_group; i++)
            values[i] = statement_value(st, (int)i + 2, group_field(s, i)->type);
        struct store_tally_row *row = group_row(g, values, s->tally->n_group);
        if (!row)
            return E_FULL;
        row->count += count;
        row->sum += sqlite3_column_int64(st->stmt, 1);
    }
    return got;
}

int sqlite_tally(struct store_driver *d, const struct store_tally *t, size_t max, struct arena *a,
                 struct store_tally_row **ret_rows, size_t *ret_n)
{
    struct engine *e = engine_of(d);
    const struct table *table = engine_table(e, t->collection);
    bool only_counts = t->n_group == 0 && t->sum < 0;
    if (!table || t->path == STORE_PATH_WORDS || (t->path == STORE_PATH_ID && !only_counts))
        return E_INVALID;
    struct store_scan scan = {.collection = t->collection, .path = t->path, .range = t->range};
    struct store_value after_key;
    struct tally_shape s = {table, t, bounds_of_scan(&scan, &after_key)};
    struct groups g = {.a = a, .max = max};
    struct connection *k = NULL;
    int done = engine_take_reader(e, &k);
    if (done < 0)
        return done;
    struct statement *st = NULL;
    done = statement_take(k, statement_key(STATEMENT_TALLY, table->index, t->path, shape_bits(&s)),
                          tally_text, &s, &st);
    if (done == 0)
        done = path_bind(st, table, t->path, t->equals, &s.bounds);
    if (done == 0)
        done = read_rows(st, &s, &g);
    *ret_rows = g.rows;
    *ret_n = g.n;
    statement_release(st);
    pool_give(&e->readers, k);
    return done;
}
