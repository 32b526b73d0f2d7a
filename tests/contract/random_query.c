/* Queries out of chance, and how they read. */
#include <stdlib.h>
#include <string.h>

#include "tests/contract/random.h"

#define PICK(r, list) ((list)[random_below((r), (int)ARRAY_LEN(list))])

const char *value_text(struct arena *a, const struct store_value *v)
{
    switch ((int)v->type) {
    case STORE_INT:
        return arena_printf(a, "%lld", (long long)v->number);
    case STORE_TEXT:
        return arena_printf(a, "\"%s\"", v->text);
    case STORE_ID:
        return arena_printf(a, "#%d", thing_number(&v->id));
    default:
        return "-";
    }
}

static int compare_values(const void *a, const void *b)
{
    return store_value_compare(a, b);
}

static void draw_list(struct random *r, struct arena *a, const struct store_field *f,
                      struct store_condition *ret)
{
    int n = random_chance(r, 3) ? 0 : 1 + random_below(r, 4);
    struct store_value *values = arena_array(a, (size_t)n, sizeof(*values));
    for (int i = 0; i < n; i++)
        values[i] = draw_value(r, f);
    *ret = (struct store_condition){
        .field = f->name, .op = STORE_IN, .values = values, .n_values = (size_t)n};
}

/* Disjoint and ascending: cut points are sorted and taken in pairs. */
static void draw_ranges(struct random *r, struct arena *a, const struct store_field *f,
                        struct store_condition *ret)
{
    int n = 1 + random_below(r, 3);
    struct store_value *cuts = arena_array(a, (size_t)n * 2, sizeof(*cuts));
    struct store_range *ranges = arena_array(a, (size_t)n, sizeof(*ranges));
    for (int i = 0; i < 2 * n; i++)
        cuts[i] = draw_value(r, f);
    qsort(cuts, (size_t)n * 2, sizeof(*cuts), compare_values);
    for (int i = 0; i < n; i++)
        ranges[i] = (struct store_range){true, true, cuts[2 * i], cuts[2 * i + 1]};
    ranges[0].has_low = random_chance(r, 80);
    ranges[n - 1].has_high = random_chance(r, 80);
    *ret = (struct store_condition){
        .field = f->name, .op = STORE_BETWEEN, .ranges = ranges, .n_ranges = (size_t)n};
}

static void draw_one_value(struct random *r, struct arena *a, const struct store_field *f,
                           struct store_condition *ret)
{
    struct store_value value = draw_value(r, f);
    *ret = (struct store_condition){.field = f->name,
                                    .op = STORE_EQ,
                                    .values = arena_dup(a, &value, sizeof(value)),
                                    .n_values = 1};
}

static void draw_has(struct random *r, struct arena *a, struct store_condition *ret)
{
    int n = 1 + random_below(r, random_chance(r, 70) ? 1 : 3);
    bool prefix = random_chance(r, 50);
    const char **words = arena_array(a, (size_t)n, sizeof(*words));
    for (int i = 0; i < n; i++)
        words[i] = draw_word(r);
    if (prefix)
        words[n - 1] = arena_strndup(a, words[n - 1], (size_t)(words[n - 1][0] < 0 ? 2 : 1));
    *ret = (struct store_condition){.field = "words",
                                    .op = STORE_HAS,
                                    .words = words,
                                    .n_words = (size_t)n,
                                    .last_is_prefix = prefix};
}

void draw_conditions(struct random *r, struct arena *a, const char *const *fields, size_t n_fields,
                     struct store_condition **ret, size_t *ret_n)
{
    *ret = arena_array(a, n_fields, sizeof(**ret));
    *ret_n = n_fields;
    for (size_t i = 0; i < n_fields; i++) {
        const struct store_field *f = &things.fields[store_field_index(&things, fields[i])];
        int kind = random_below(r, 10);
        if (f->type == STORE_WORDS)
            draw_has(r, a, &(*ret)[i]);
        else if (kind < 5)
            draw_one_value(r, a, f, &(*ret)[i]);
        else if (kind < 8)
            draw_list(r, a, f, &(*ret)[i]);
        else
            draw_ranges(r, a, f, &(*ret)[i]);
    }
}

static const char *condition_text(struct arena *a, const struct store_condition *k)
{
    const char *text = k->field;
    for (size_t i = 0; i < k->n_values; i++)
        text = arena_printf(a, "%s%s%s", text, i == 0 ? " in " : ",", value_text(a, &k->values[i]));
    if (k->op == STORE_IN && k->n_values == 0)
        text = arena_printf(a, "%s in nothing", text);
    for (size_t i = 0; i < k->n_ranges; i++)
        text = arena_printf(a, "%s [%s;%s)", text,
                            k->ranges[i].has_low ? value_text(a, &k->ranges[i].low) : "",
                            k->ranges[i].has_high ? value_text(a, &k->ranges[i].high) : "");
    for (size_t i = 0; i < k->n_words; i++)
        text = arena_printf(a, "%s %s%s", text, k->words[i],
                            k->last_is_prefix && i + 1 == k->n_words ? "*" : "");
    return text;
}

const char *conditions_text(struct arena *a, const struct store_condition *conditions, size_t n)
{
    const char *text = "";
    for (size_t i = 0; i < n; i++)
        text = arena_printf(a, "%s%s%s", text, i > 0 ? " and " : "",
                            condition_text(a, &conditions[i]));
    return text;
}

/* --- scans ------------------------------------------------------------------------------------ */

static bool keep_even_amounts(const bson_t *doc, void *ctx)
{
    (void)ctx;
    return doc_int(doc, "amount") % 2 == 0;
}

/* Behind the first n: what a path binds, for queries that are mostly served; then others.
 * Returns the new count. */
static size_t draw_fields(struct random *r, const struct store_path *path, size_t n,
                          const char *ret[12])
{
    for (size_t i = 0; path && path->equals[i]; i++)
        if (random_chance(r, 95))
            ret[n++] = path->equals[i];
    if (path && path->order && random_chance(r, 40))
        ret[n++] = path->order;
    while (n < 6 && random_chance(r, 25)) {
        const struct store_field *f = &things.fields[random_below(r, (int)things.n_fields)];
        if (f->type != STORE_WORDS || random_chance(r, 5))
            ret[n++] = f->name;
    }
    return n;
}

static void draw_query(struct random *r, struct arena *a, struct op *op)
{
    const char *fields[12];
    size_t n = 0;
    struct store_condition *conditions;
    struct store_query *q = &op->query;
    if (random_chance(r, 15)) {
        fields[n++] = "words";
        n = draw_fields(r, NULL, n, fields);
    } else {
        const struct store_path *path = &things.paths[random_below(r, (int)things.n_paths)];
        q->order = path->order ? path->order : "_id";
        n = random_chance(r, 5) ? 0 : draw_fields(r, path, n, fields);
        if (n == 0 && random_chance(r, 30))
            q->order = "_id";
    }
    draw_conditions(r, a, fields, n, &conditions, &q->n_conditions);
    q->conditions = conditions;
    q->descending = random_chance(r, 50);
    q->limit = (size_t)(1 + random_below(r, random_chance(r, 50) ? 5 : STORE_LIMIT_MAX));
    q->keep = random_chance(r, 15) ? keep_even_amounts : NULL;
    op->text =
        arena_printf(a, "%s%s order %s%s limit %zu",
                     conditions_text(a, conditions, q->n_conditions), q->keep ? " keep" : "",
                     q->order ? q->order : "arrival", q->descending ? " descending" : "", q->limit);
}

/* A page, behind a made-up position as a client's cursor may be after many changes. */
void draw_scan(struct random *r, struct arena *a, struct op *op)
{
    struct store_query *q = &op->query;
    draw_query(r, a, op);
    if (!q->order || random_chance(r, 40))
        return;
    int field = store_field_index(&things, q->order);
    q->has_after = true;
    q->after.id = thing_id(random_below(r, RANDOM_IDS + 2));
    if (field >= 0)
        q->after.key = draw_value(r, &things.fields[field]);
    op->text = arena_printf(a, "%s after %s #%d", op->text, value_text(a, &q->after.key),
                            thing_number(&q->after.id));
}

void draw_walk(struct random *r, struct arena *a, struct op *op)
{
    draw_query(r, a, op);
}

/* --- tallies ---------------------------------------------------------------------------------- */

/* Mostly a field that the path carries. */
static const char *draw_group(struct random *r, const struct store_path *path)
{
    static const char *const others[] = {"state", "category", "amount", "agency", "due", "tag"};
    const char *carried[STORE_EQUALS_MAX + STORE_COVERS_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; path->equals[i]; i++)
        carried[n++] = path->equals[i];
    for (size_t i = 0; path->covers[i]; i++)
        carried[n++] = path->covers[i];
    if (path->order)
        carried[n++] = path->order;
    return random_chance(r, 92) ? carried[random_below(r, (int)n)] : PICK(r, others);
}

void draw_tally(struct random *r, struct arena *a, struct op *op)
{
    const struct store_path *path = &things.paths[random_below(r, (int)things.n_paths)];
    struct store_tally_query *t = &op->tally;
    struct store_condition *conditions;
    const char *fields[12];
    size_t n = 0;
    for (size_t i = 0; path->equals[i]; i++)
        fields[n++] = path->equals[i];
    if (path->order && random_chance(r, 30))
        fields[n++] = path->order;
    draw_conditions(r, a, fields, n, &conditions, &t->n_conditions);
    t->conditions = conditions;
    for (int i = random_below(r, 4); i > 0; i--)
        t->group[i - 1] = draw_group(r, path);
    t->sum = random_chance(r, 30) && !r->counts_only ? "amount" : NULL;
    op->text =
        arena_printf(a, "%s by %s %s %s sum %s", conditions_text(a, conditions, t->n_conditions),
                     t->group[0] ? t->group[0] : "", t->group[1] ? t->group[1] : "",
                     t->group[2] ? t->group[2] : "", t->sum ? t->sum : "-");
}
