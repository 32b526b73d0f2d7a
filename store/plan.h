/* How a query will be read: the path and the sub-scans. For plan.c, tally.c and their tests. */
#pragma once

#include "store/store.h"

/* The values that a path's equality field may have: one, or those of an IN list. */
struct plan_values {
    const struct store_value *items;
    size_t n;
};

struct plan {
    int path; /* index, STORE_PATH_WORDS or STORE_PATH_ID */
    struct plan_values equals[STORE_EQUALS_MAX];
    size_t n_equals;
    const struct store_range *ranges; /* of the order key; NULL: all of it */
    size_t n_ranges;
    const struct store_condition *words;
    uint32_t used;    /* conditions that the path itself answers; the others are residual */
    size_t sub_scans; /* product of the lists and ranges */
};

/* How many values a condition lists: EQ has one, whatever n_values says. */
static inline size_t plan_values_of(const struct store_condition *k)
{
    return k->op == STORE_EQ ? 1 : k->n_values;
}

/* 0, or E_PLAN; E_INVALID for a query that is malformed. */
int plan_choose(const struct store_collection *c, const struct store_query *q, struct plan *ret);

/* The path of a tally: every condition answered by it, every field carried by it. */
int plan_choose_tally(const struct store_collection *c, const struct store_tally_query *q,
                      struct plan *ret);

/* The i-th combination of equality values; i < product of the lists. */
void plan_equals(const struct plan *p, size_t i, struct store_value ret[STORE_EQUALS_MAX]);
size_t plan_combinations(const struct plan *p);
