/*
 * Planning is ours, since the planners below do not keep what was declared: asked for sixteen OR-ed
 * ranges in order they sort everything they find. Here a query becomes sub-scans of one declared
 * path, each in the order that is asked for, and scan.c merges them.
 *
 * A path serves a query if the query binds every equality field of the path (one value, or a list)
 * and asks for the path's order. A range on the order key bounds the sub-scans. Each combination of
 * listed values and ranges is a sub-scan. What is left over is checked document by document. Among
 * the paths that serve, the one that binds most fields wins, then the one with fewest sub-scans.
 */
#include "store/plan.h"

#include <string.h>

#include "base/result.h"

static bool binds(const struct store_condition *k, const char *field)
{
    return (k->op == STORE_EQ || k->op == STORE_IN) && strcmp(k->field, field) == 0;
}

/* The first condition that binds the field, marked as used; NULL if none does. */
static const struct store_condition *take_binding(const struct store_condition *conditions,
                                                  size_t n, const char *field, struct plan *p)
{
    for (size_t i = 0; i < n; i++) {
        if (binds(&conditions[i], field)) {
            p->used |= 1U << i;
            return &conditions[i];
        }
    }
    return NULL;
}

static void take_ranges(const struct store_condition *conditions, size_t n, const char *order,
                        struct plan *p)
{
    for (size_t i = 0; order && i < n; i++) {
        if (conditions[i].op == STORE_BETWEEN && strcmp(conditions[i].field, order) == 0) {
            p->used |= 1U << i;
            p->ranges = conditions[i].ranges;
            p->n_ranges = conditions[i].n_ranges;
            return;
        }
    }
}

/* Whether the path can be bound by these conditions; fills the plan. */
static bool fits(const struct store_path *path, int index, const struct store_condition *conditions,
                 size_t n, struct plan *p)
{
    *p = (struct plan){.path = index, .sub_scans = 1};
    for (size_t i = 0; i < STORE_EQUALS_MAX && path->equals[i]; i++) {
        const struct store_condition *k = take_binding(conditions, n, path->equals[i], p);
        if (!k)
            return false;
        struct plan_values values = {k->values, plan_values_of(k)};
        p->equals[p->n_equals++] = values;
        p->sub_scans *= values.n;
        if (p->sub_scans > STORE_SUBSCANS_MAX)
            return false;
    }
    take_ranges(conditions, n, path->order, p);
    if (p->ranges)
        p->sub_scans *= p->n_ranges;
    return p->sub_scans <= STORE_SUBSCANS_MAX;
}

static bool better(const struct plan *p, const struct plan *than)
{
    if (p->n_equals != than->n_equals)
        return p->n_equals > than->n_equals;
    return p->sub_scans < than->sub_scans;
}

static bool in_order(const struct store_path *path, const char *order)
{
    if (strcmp(order, "_id") == 0)
        return path->order == NULL;
    return path->order && strcmp(path->order, order) == 0;
}

/* --- is the query well made? ------------------------------------------------------------------ */

static bool values_sound(const struct store_field *f, const struct store_condition *k)
{
    for (size_t i = 0; i < plan_values_of(k); i++) {
        if (k->values[i].type != f->type || (f->type == STORE_TEXT && !k->values[i].text))
            return false;
    }
    return true;
}

static bool ranges_sound(const struct store_field *f, const struct store_condition *k)
{
    if (k->n_ranges == 0)
        return false; /* would read as "anything" */
    for (size_t i = 0; i < k->n_ranges; i++) {
        const struct store_range *r = &k->ranges[i];
        if ((r->has_low && r->low.type != f->type) || (r->has_high && r->high.type != f->type))
            return false;
        bool last = i + 1 == k->n_ranges;
        if (!last && (!r->has_high || !k->ranges[i + 1].has_low ||
                      store_value_compare(&r->high, &k->ranges[i + 1].low) > 0))
            return false; /* not ascending, or not disjoint */
    }
    return true;
}

static bool condition_sound(const struct store_collection *c, const struct store_condition *k)
{
    int i = store_field_index(c, k->field);
    if (i < 0)
        return false;
    const struct store_field *f = &c->fields[i];
    switch (k->op) {
    case STORE_HAS:
        return f->type == STORE_WORDS && k->n_words >= 1 && k->n_words <= 8;
    case STORE_EQ:
    case STORE_IN:
        return f->type != STORE_WORDS && values_sound(f, k);
    case STORE_BETWEEN:
        return f->type != STORE_WORDS && ranges_sound(f, k);
    default:
        return false;
    }
}

/* --- choosing --------------------------------------------------------------------------------- */

static int choose_words(const struct store_query *q, struct plan *ret)
{
    for (size_t i = 0; i < q->n_conditions; i++) {
        if (q->conditions[i].op != STORE_HAS)
            continue;
        *ret = (struct plan){
            .path = STORE_PATH_WORDS, .words = &q->conditions[i], .used = 1U << i, .sub_scans = 1};
        return 0;
    }
    return E_PLAN;
}

static bool has_words(const struct store_query *q)
{
    for (size_t i = 0; i < q->n_conditions; i++) {
        if (q->conditions[i].op == STORE_HAS)
            return true;
    }
    return false;
}

int plan_choose(const struct store_collection *c, const struct store_query *q, struct plan *ret)
{
    if (q->limit < 1 || q->limit > STORE_LIMIT_MAX || q->n_conditions > 12)
        return E_INVALID;
    for (size_t i = 0; i < q->n_conditions; i++) {
        if (!condition_sound(c, &q->conditions[i]))
            return E_INVALID;
    }
    if (!q->order)
        return choose_words(q, ret);
    if (has_words(q))
        return E_PLAN; /* words are found in order of arrival only */
    bool found = false;
    for (size_t i = 0; i < c->n_paths; i++) {
        struct plan p;
        if (in_order(&c->paths[i], q->order) &&
            fits(&c->paths[i], (int)i, q->conditions, q->n_conditions, &p) &&
            (!found || better(&p, ret))) {
            *ret = p;
            found = true;
        }
    }
    if (!found && strcmp(q->order, "_id") == 0 && q->n_conditions == 0) {
        *ret = (struct plan){.path = STORE_PATH_ID, .sub_scans = 1};
        found = true;
    }
    return found ? 0 : E_PLAN;
}

static bool carries(const struct store_path *path, const char *field)
{
    if (path->order && strcmp(path->order, field) == 0)
        return true;
    for (size_t i = 0; i < STORE_EQUALS_MAX && path->equals[i]; i++) {
        if (strcmp(path->equals[i], field) == 0)
            return true;
    }
    for (size_t i = 0; i < STORE_COVERS_MAX && path->covers[i]; i++) {
        if (strcmp(path->covers[i], field) == 0)
            return true;
    }
    return false;
}

/* Adding up over a list of values of a multi-valued field would count a document twice. */
static bool counts_once(const struct store_collection *c, const struct store_path *path,
                        const struct plan *p)
{
    for (size_t i = 0; i < p->n_equals; i++) {
        if (p->equals[i].n > 1 && c->fields[store_field_index(c, path->equals[i])].multi)
            return false;
    }
    return true;
}

static bool serves_tally(const struct store_collection *c, const struct store_tally_query *q,
                         size_t i, struct plan *ret)
{
    const struct store_path *path = &c->paths[i];
    for (size_t g = 0; g < 3 && q->group[g]; g++) {
        int f = store_field_index(c, q->group[g]);
        if (f < 0 || c->fields[f].multi || !carries(path, q->group[g]))
            return false;
    }
    if (q->sum && !carries(path, q->sum))
        return false;
    return fits(path, (int)i, q->conditions, q->n_conditions, ret) &&
           ret->used == (1U << q->n_conditions) - 1 && counts_once(c, path, ret);
}

int plan_choose_tally(const struct store_collection *c, const struct store_tally_query *q,
                      struct plan *ret)
{
    if (q->n_conditions > 12)
        return E_INVALID;
    for (size_t i = 0; i < q->n_conditions; i++) {
        if (!condition_sound(c, &q->conditions[i]))
            return E_INVALID;
    }
    int sum = q->sum ? store_field_index(c, q->sum) : -1;
    if (q->sum && (sum < 0 || c->fields[sum].type != STORE_INT))
        return E_INVALID;
    bool found = false;
    for (size_t i = 0; i < c->n_paths; i++) {
        struct plan p;
        if (serves_tally(c, q, i, &p) && (!found || better(&p, ret))) {
            *ret = p;
            found = true;
        }
    }
    return found ? 0 : E_PLAN;
}

/* --- combinations ----------------------------------------------------------------------------- */

size_t plan_combinations(const struct plan *p)
{
    size_t n = 1;
    for (size_t i = 0; i < p->n_equals; i++)
        n *= p->equals[i].n;
    return n;
}

void plan_equals(const struct plan *p, size_t i, struct store_value ret[STORE_EQUALS_MAX])
{
    for (size_t f = 0; f < p->n_equals; f++) {
        ret[f] = p->equals[f].items[i % p->equals[f].n];
        i /= p->equals[f].n;
    }
}
