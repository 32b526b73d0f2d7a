/* Conditions of a list, gathered from the query. Its values are borrowed; it stays where it is. */
#pragma once

#include "gateway/gateway.h"
#include "store/store.h"

#define FILTER_MAX 8

struct filter {
    struct store_condition conditions[FILTER_MAX];
    struct store_value values[FILTER_MAX];
    size_t n;
    bool full; /* one found no room: the list would be wider than was asked */
};

static inline void filter_add(struct filter *f, struct store_condition condition)
{
    if (f->n < FILTER_MAX)
        f->conditions[f->n++] = condition;
    else
        f->full = true;
}

static inline void filter_is(struct filter *f, const char *field, struct store_value value)
{
    struct store_value *kept = &f->values[f->n < FILTER_MAX ? f->n : 0];
    if (f->n < FILTER_MAX)
        *kept = value;
    filter_add(
        f, (struct store_condition){.field = field, .op = STORE_EQ, .values = kept, .n_values = 1});
}

static inline void filter_between(struct filter *f, const char *field,
                                  const struct store_range *ranges, size_t n)
{
    filter_add(f, (struct store_condition){
                      .field = field, .op = STORE_BETWEEN, .ranges = ranges, .n_ranges = n});
}

/* What the query names, as it stands there; nothing if it does not. */
static inline void filter_query(struct filter *f, const struct request *req, const char *name)
{
    const char *text = request_query(req, name);
    if (text)
        filter_is(f, name, store_text(text));
}
