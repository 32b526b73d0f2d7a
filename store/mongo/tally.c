/* Counting and adding up: one $group over the documents of a path, which its index covers. */
#include "store/mongo/engine.h"

#define REPLY_ROWS 20001 /* in the first batch; a reply is cut at 16 MiB all the same */

struct grouping {
    struct engine *engine;
    const struct table *table;
    const struct store_tally *tally;
    size_t max;
    struct arena *arena;
    struct store_tally_row *rows;
    size_t n, cap;
};

/* --- the pipeline ----------------------------------------------------------------------------- */

static int append_match(const struct grouping *g, bson_t *stage)
{
    const struct store_tally *t = g->tally;
    struct order order = filter_order(g->table, t->path, false);
    const struct store_range *r = &t->range;
    bson_t match;
    if (order.key[0] &&
        ((r->has_low && r->low.type != order.type) || (r->has_high && r->high.type != order.type)))
        return E_INVALID;
    BSON_APPEND_DOCUMENT_BEGIN(stage, "$match", &match);
    int done = filter_equals(g->table, t->path, t->equals, &match);
    if (order.key[0])
        filter_range(&match, &order, r->has_low ? &r->low : NULL, false,
                     r->has_high ? &r->high : NULL);
    bson_append_document_end(stage, &match);
    return done;
}

static void append_field(const struct grouping *g, bson_t *out, const char *key, int field)
{
    char path[ENGINE_KEY_PATH + 1] = "$";
    key_path(g->table->c, field, path + 1);
    BSON_APPEND_UTF8(out, key, path);
}

static const char *const group_keys[] = {"a", "b", "c"};

static void append_sum(bson_t *group, const char *key, const struct grouping *g, int field)
{
    bson_t sum;
    BSON_APPEND_DOCUMENT_BEGIN(group, key, &sum);
    if (field >= 0)
        append_field(g, &sum, "$sum", field);
    else
        BSON_APPEND_INT64(&sum, "$sum", 1);
    bson_append_document_end(group, &sum);
}

static void append_group(const struct grouping *g, bson_t *stage)
{
    const struct store_tally *t = g->tally;
    bson_t group, id;
    BSON_APPEND_DOCUMENT_BEGIN(stage, "$group", &group);
    BSON_APPEND_DOCUMENT_BEGIN(&group, "_id", &id);
    for (size_t i = 0; i < t->n_group && i < ARRAY_LEN(group_keys); i++)
        append_field(g, &id, group_keys[i], t->group[i]);
    bson_append_document_end(&group, &id);
    append_sum(&group, "count", g, -1);
    if (t->sum >= 0)
        append_sum(&group, "sum", g, t->sum);
    bson_append_document_end(stage, &group);
}

static int append_pipeline(const struct grouping *g, bson_t *command)
{
    bson_t pipeline, stage;
    BSON_APPEND_ARRAY_BEGIN(command, "pipeline", &pipeline);
    BSON_APPEND_DOCUMENT_BEGIN(&pipeline, "0", &stage);
    int done = append_match(g, &stage);
    bson_append_document_end(&pipeline, &stage);
    BSON_APPEND_DOCUMENT_BEGIN(&pipeline, "1", &stage);
    append_group(g, &stage);
    bson_append_document_end(&pipeline, &stage);
    BSON_APPEND_DOCUMENT_BEGIN(&pipeline, "2", &stage);
    BSON_APPEND_INT64(&stage, "$limit", (int64_t)g->max + 1);
    bson_append_document_end(&pipeline, &stage);
    bson_append_array_end(command, &pipeline);
    return done;
}

/* --- its rows --------------------------------------------------------------------------------- */

static bool read_number(const bson_t *row, const char *key, int64_t *ret)
{
    bson_iter_t it;
    if (!bson_iter_init_find(&it, row, key))
        return false;
    if (BSON_ITER_HOLDS_DOUBLE(&it)) {
        double d = bson_iter_double(&it);
        if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0))
            return false;
        *ret = (int64_t)d;
        return true;
    }
    *ret = bson_iter_as_int64(&it);
    return BSON_ITER_HOLDS_INT(&it);
}

static const char *keep_text(struct arena *a, const char *text)
{
    char room[KEY_TEXT_MAX];
    return arena_strdup(a, key_text_plain(text) ? text : key_text_read(text, room));
}

static void read_groups(const struct grouping *g, const bson_t *row, struct store_tally_row *ret)
{
    bson_iter_t id, it;
    for (size_t i = 0; i < g->tally->n_group && i < ARRAY_LEN(group_keys); i++) {
        const struct store_field *f = &g->table->c->fields[g->tally->group[i]];
        if (!bson_iter_init_find(&id, row, "_id") || !bson_iter_recurse(&id, &it) ||
            !bson_iter_find(&it, group_keys[i]))
            continue;
        ret->group[i] = key_value(&it, f->type);
        if (ret->group[i].type == STORE_TEXT)
            ret->group[i].text = keep_text(g->arena, ret->group[i].text);
    }
}

static int add_row(struct grouping *g, const bson_t *row)
{
    struct store_tally_row r = {0};
    if (!read_number(row, "count", &r.count) ||
        (g->tally->sum >= 0 && !read_number(row, "sum", &r.sum)))
        return E_CORRUPT;
    if (g->n == g->max)
        return E_FULL;
    if (g->n == g->cap) {
        size_t cap = g->cap ? g->cap * 2 : 16;
        struct store_tally_row *grown = arena_array(g->arena, cap, sizeof(*grown));
        for (size_t i = 0; i < g->n; i++)
            grown[i] = g->rows[i];
        g->rows = grown;
        g->cap = cap;
    }
    read_groups(g, row, &r);
    g->rows[g->n++] = r;
    return 0;
}

static int run(struct grouping *g, const bson_t *command)
{
    CLEANUP(bson_destroy) bson_t reply;
    bson_iter_t it, batch, rows;
    bson_t row;
    int done = call_read(g->engine, command, &reply);
    if (done < 0)
        return done;
    if (!bson_iter_init(&it, &reply) ||
        !bson_iter_find_descendant(&it, "cursor.firstBatch", &batch) ||
        !bson_iter_recurse(&batch, &rows))
        return E_CORRUPT;
    while (done == 0 && bson_iter_next(&rows))
        done = call_row(&rows, &row) ? add_row(g, &row) : E_CORRUPT;
    bool cut = bson_iter_init(&it, &reply) && bson_iter_find_descendant(&it, "cursor.id", &batch) &&
               bson_iter_as_int64(&batch) != 0;
    return done == 0 && cut ? E_FULL : done;
}

int mongo_tally(struct store_driver *d, const struct store_tally *t, size_t max, struct arena *a,
                struct store_tally_row **ret_rows, size_t *ret_n)
{
    struct grouping g = {.engine = engine_of(d), .tally = t, .max = max, .arena = a};
    int done = table_of(g.engine, t->collection, &g.table);
    bool only_counts = t->n_group == 0 && t->sum < 0;
    if (done < 0)
        return done;
    if (t->path == STORE_PATH_WORDS || (t->path == STORE_PATH_ID && !only_counts))
        return E_INVALID;
    char hint[ENGINE_KEY_PATH];
    const char *index = filter_hint(g.table, t->path, hint);
    CLEANUP(bson_destroy) bson_t command = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&command, "aggregate", t->collection->name);
    done = append_pipeline(&g, &command);
    bson_t cursor;
    BSON_APPEND_DOCUMENT_BEGIN(&command, "cursor", &cursor);
    BSON_APPEND_INT32(&cursor, "batchSize", REPLY_ROWS);
    bson_append_document_end(&command, &cursor);
    if (index)
        BSON_APPEND_UTF8(&command, "hint", index);
    call_read_options(g.engine, &command);
    if (done == 0)
        done = run(&g, &command);
    *ret_rows = g.rows;
    *ret_n = g.n;
    return done;
}
