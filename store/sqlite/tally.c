/* Counting and adding up, from the index of a path alone. */
#include "store/sqlite/engine.h"

struct tally_shape {
    const struct table *t;
    const struct store_tally *tally;
    struct bounds bounds;
};

static const char *field_name(const struct tally_shape *s, int field)
{
    return s->t->c->fields[field].name;
}

static void tally_text(struct buf *sql, const void *ctx)
{
    const struct tally_shape *s = ctx;
    buf_add_str(sql, "SELECT count(*), ");
    if (s->tally->sum >= 0)
        buf_printf(sql, "coalesce(sum(p.f_%s), 0)", field_name(s, s->tally->sum));
    else
        buf_add_str(sql, "0");
    for (size_t i = 0; i < s->tally->n_group; i++)
        buf_printf(sql, ", p.f_%s", field_name(s, s->tally->group[i]));
    path_from_text(sql, s->t, s->tally->path, &s->bounds, false);
    for (size_t i = 0; i < s->tally->n_group; i++)
        buf_printf(sql, "%sp.f_%s", i == 0 ? " GROUP BY " : ", ",
                   field_name(s, s->tally->group[i]));
}

static uint64_t shape_bits(const struct tally_shape *s)
{
    uint64_t bits = bounds_shape(&s->bounds);
    for (size_t i = 0; i < 3; i++)
        bits = bits << 6 | (i < s->tally->n_group ? (uint64_t)s->tally->group[i] + 1 : 0);
    return bits << 6 | (uint64_t)(s->tally->sum + 1);
}

/* With no group at all a count of nothing is no row, as the contract has it. */
static int read_rows(struct statement *st, const struct tally_shape *s, size_t max, struct arena *a,
                     struct store_tally_row **ret_rows, size_t *ret_n)
{
    struct store_tally_row *rows = NULL;
    size_t n = 0, cap = 0;
    int got;
    while ((got = statement_step(st)) == 1) {
        int64_t count = sqlite3_column_int64(st->stmt, 0);
        if (count == 0)
            continue;
        if (n == max)
            return E_FULL;
        if (n == cap) {
            struct store_tally_row *grown = arena_array(a, cap ? cap * 2 : 16, sizeof(*grown));
            for (size_t i = 0; i < n; i++)
                grown[i] = rows[i];
            rows = grown;
            cap = cap ? cap * 2 : 16;
        }
        rows[n] =
            (struct store_tally_row){.count = count, .sum = sqlite3_column_int64(st->stmt, 1)};
        for (size_t i = 0; i < s->tally->n_group; i++) {
            const struct store_field *f = &s->t->c->fields[s->tally->group[i]];
            rows[n].group[i] = statement_value(st, (int)i + 2, f->type);
            if (rows[n].group[i].type == STORE_TEXT)
                rows[n].group[i].text = arena_strdup(a, rows[n].group[i].text);
        }
        n++;
    }
    *ret_rows = rows;
    *ret_n = n;
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
        done = read_rows(st, &s, max, a, ret_rows, ret_n);
    statement_release(st);
    pool_give(&e->readers, k);
    return done;
}
