/* Counting: one tally of the engine for each combination of listed values and ranges, added up. */
#include <stdlib.h>
#include <string.h>

#include "base/result.h"
#include "store/plan.h"
#include "store/private.h"

struct totals {
    struct store_tally_row *rows; /* of all tallies so far, not yet merged */
    size_t n, cap;
};

static int add_rows(struct totals *t, const struct store_tally_row *rows, size_t n, struct arena *a)
{
    if (t->n + n > t->cap) {
        size_t cap = (t->n + n) * 2;
        struct store_tally_row *grown = arena_array(a, cap, sizeof(*grown));
        if (t->n > 0)
            memcpy(grown, t->rows, t->n * sizeof(*grown));
        t->rows = grown;
        t->cap = cap;
    }
    if (n > 0)
        memcpy(t->rows + t->n, rows, n * sizeof(*rows));
    t->n += n;
    return 0;
}

static int compare_groups(const void *x, const void *y)
{
    const struct store_tally_row *a = x, *b = y;
    for (size_t i = 0; i < 3; i++) {
        if (a->group[i].type != b->group[i].type)
            return a->group[i].type < b->group[i].type ? -1 : 1;
        int order = a->group[i].type ? store_value_compare(&a->group[i], &b->group[i]) : 0;
        if (order)
            return order;
    }
    return 0;
}

static void merge_groups(struct totals *t)
{
    if (t->n == 0)
        return;
    qsort(t->rows, t->n, sizeof(*t->rows), compare_groups);
    size_t kept = 0;
    for (size_t i = 1; i < t->n; i++) {
        if (compare_groups(&t->rows[kept], &t->rows[i]) == 0) {
            t->rows[kept].count += t->rows[i].count;
            t->rows[kept].sum += t->rows[i].sum;
        } else {
            t->rows[++kept] = t->rows[i];
        }
    }
    t->n = kept + 1;
}

static int tally_one(struct store *s, struct store_tally *t, struct totals *totals, struct arena *a)
{
    struct store_tally_row *rows = NULL;
    size_t n = 0;
    int done = s->driver->ops->tally(s->driver, t, STORE_TALLY_MAX, a, &rows, &n);
    return done != 0 ? done : add_rows(totals, rows, n, a);
}

/* A value listed twice must not be counted twice. */
static bool repeats(const struct plan *p, size_t combination)
{
    for (size_t f = 0; f < p->n_equals; f++) {
        const struct plan_values *values = &p->equals[f];
        size_t at = combination % values->n;
        for (size_t i = 0; i < at; i++) {
            if (store_value_compare(&values->items[i], &values->items[at]) == 0)
                return true;
        }
        combination /= values->n;
    }
    return false;
}

int store_tally(struct store *s, const struct store_collection *c,
                const struct store_tally_query *q, struct arena *a,
                struct store_tally_row **ret_rows, size_t *ret_n)
{
    struct plan plan = {0};
    int done = plan_choose_tally(c, q, &plan);
    struct store_tally t = {.collection = c, .path = plan.path, .sum = -1};
    if (done != 0)
        return done;
    for (; t.n_group < 3 && q->group[t.n_group]; t.n_group++)
        t.group[t.n_group] = store_field_index(c, q->group[t.n_group]);
    if (q->sum)
        t.sum = store_field_index(c, q->sum);
    struct totals totals = {0};
    size_t combinations = plan_combinations(&plan);
    for (size_t i = 0; done == 0 && i < combinations; i++) {
        if (repeats(&plan, i))
            continue;
        plan_equals(&plan, i, t.equals);
        if (!plan.ranges)
            done = tally_one(s, &t, &totals, a);
        for (size_t r = 0; done == 0 && plan.ranges && r < plan.n_ranges; r++) {
            t.range = plan.ranges[r];
            done = tally_one(s, &t, &totals, a);
        }
    }
    if (done != 0)
        return done;
    merge_groups(&totals);
    if (totals.n > STORE_TALLY_MAX)
        return E_FULL;
    *ret_rows = totals.rows;
    *ret_n = totals.n;
    return 0;
}
