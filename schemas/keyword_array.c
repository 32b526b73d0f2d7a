/* minItems, maxItems, prefixItems, items, contains with minContains and maxContains, uniqueItems.
 */
#include <stdlib.h>

#include "schemas/keyword.h"

bool min_items_check(struct check *c, const struct rule *rule, const json_t *value,
                     const struct place *at)
{
    size_t n = json_array_size(value);
    return n >= rule->count || violate_count(c, KEYWORD_MIN_ITEMS, at, rule->count, n);
}

bool max_items_check(struct check *c, const struct rule *rule, const json_t *value,
                     const struct place *at)
{
    size_t n = json_array_size(value);
    return n <= rule->count || violate_count(c, KEYWORD_MAX_ITEMS, at, rule->count, n);
}

static bool check_item(struct check *c, const struct node *node, const json_t *value, size_t i,
                       const struct place *at)
{
    struct place place = {.parent = at, .index = i};
    return check_node(c, node, json_array_get(value, i), &place);
}

bool prefix_items_check(struct check *c, const struct rule *rule, const json_t *value,
                        const struct place *at)
{
    bool passes = true;
    for (size_t i = 0; i < rule->node_count && i < json_array_size(value); i++) {
        passes &= check_item(c, rule->nodes[i], value, i, at);
        if (!passes && !check_goes_on(c))
            break;
    }
    return passes;
}

void items_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                   const struct place *at, struct rule *ret)
{
    compile_one(c, argument, siblings, at, ret);
    ret->first = json_array_size(json_object_get(siblings, "prefixItems"));
}

bool items_check(struct check *c, const struct rule *rule, const json_t *value,
                 const struct place *at)
{
    bool passes = true;
    for (size_t i = rule->first; i < json_array_size(value); i++) {
        passes &= check_item(c, rule->nodes[0], value, i, at);
        if (!passes && !check_goes_on(c))
            break;
    }
    return passes;
}

void contains_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                      const struct place *at, struct rule *ret)
{
    compile_one(c, argument, siblings, at, ret);
    ret->contains.least = 1;
    ret->contains.most = UINT64_MAX;
    /* What is no count is a fault of the sibling itself. */
    ret->contains.said =
        argument_count(json_object_get(siblings, "minContains"), &ret->contains.least);
    argument_count(json_object_get(siblings, "maxContains"), &ret->contains.most);
}

bool contains_check(struct check *c, const struct rule *rule, const json_t *value,
                    const struct place *at)
{
    uint64_t met = 0;
    for (size_t i = 0; i < json_array_size(value) && !c->budget.spent; i++) {
        struct place place = {.parent = at, .index = i};
        met += check_probe(c, rule->nodes[0], json_array_get(value, i), &place);
    }
    if (met < rule->contains.least)
        return violate_count(c, rule->contains.said ? KEYWORD_MIN_CONTAINS : KEYWORD_CONTAINS, at,
                             rule->contains.least, met);
    if (met > rule->contains.most)
        return violate_count(c, KEYWORD_MAX_CONTAINS, at, rule->contains.most, met);
    return true;
}

struct hashed {
    uint64_t hash;
    size_t index;
};

static int compare_hashed(const void *x, const void *y)
{
    const struct hashed *a = x, *b = y;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* An earlier item that is equal to sorted[k]; SIZE_MAX if there is none. */
static size_t earlier_twin(struct check *c, const json_t *value, const struct hashed *sorted,
                           size_t k)
{
    for (size_t i = k; i-- > 0 && sorted[i].hash == sorted[k].hash;) {
        if (value_equal(&c->budget, json_array_get(value, sorted[i].index),
                        json_array_get(value, sorted[k].index)))
            return sorted[i].index;
    }
    return SIZE_MAX;
}

/* n log n: items are sorted by hash, and compared only where hashes are equal. */
bool unique_items_check(struct check *c, const struct rule *rule, const json_t *value,
                        const struct place *at)
{
    size_t n = json_array_size(value);
    if (json_is_false(rule->argument) || n < 2)
        return true;
    if (!budget_take(&c->budget, n))
        return false;
    struct hashed *items = arena_array(c->arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct hashed){value_hash(&c->budget, json_array_get(value, i)), i};
    if (c->budget.spent)
        return false;
    qsort(items, n, sizeof *items, compare_hashed);
    for (size_t k = 1; k < n; k++) {
        size_t twin = earlier_twin(c, value, items, k);
        if (c->budget.spent)
            return false;
        if (twin != SIZE_MAX) /* people count from one */
            return violate_count(c, KEYWORD_UNIQUE_ITEMS, at, twin + 1, items[k].index + 1);
    }
    return true;
}
