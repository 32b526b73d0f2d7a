#include "store/residual.h"

#include <string.h>

static bool in_values(const struct store_condition *k, const struct store_value *v)
{
    for (size_t i = 0; i < plan_values_of(k); i++) {
        if (store_value_compare(v, &k->values[i]) == 0)
            return true;
    }
    return false;
}

static bool in_ranges(const struct store_condition *k, const struct store_value *v)
{
    for (size_t i = 0; i < k->n_ranges; i++) {
        const struct store_range *r = &k->ranges[i];
        if ((!r->has_low || store_value_compare(v, &r->low) >= 0) &&
            (!r->has_high || store_value_compare(v, &r->high) < 0))
            return true;
    }
    return false;
}

/* A field of several values satisfies a condition if one of them does. */
static int values_hold(const struct store_field *f, const struct store_condition *k,
                       const bson_t *doc)
{
    struct store_value values[STORE_MULTI_MAX];
    int n = store_extract(f, doc, values);
    for (int i = 0; i < n; i++) {
        if (k->op == STORE_BETWEEN ? in_ranges(k, &values[i]) : in_values(k, &values[i]))
            return 1;
    }
    return n < 0 ? n : 0;
}

struct words_seen {
    const struct store_condition *k;
    uint32_t seen;
};

static void see_word(const char *word, void *ctx)
{
    struct words_seen *s = ctx;
    for (size_t i = 0; i < s->k->n_words; i++) {
        bool prefix = s->k->last_is_prefix && i + 1 == s->k->n_words;
        const char *wanted = s->k->words[i];
        if (prefix ? strncmp(word, wanted, strlen(wanted)) == 0 : strcmp(word, wanted) == 0)
            s->seen |= 1U << i;
    }
}

static int words_hold(const struct store_field *f, const struct store_condition *k,
                      const bson_t *doc)
{
    struct words_seen s = {k, 0};
    int n = store_extract_words(f, doc, see_word, &s);
    return n < 0 ? n : s.seen == (1U << k->n_words) - 1;
}

int residual_holds(const struct store_collection *c, const struct store_query *q, uint32_t used,
                   const bson_t *doc)
{
    for (size_t i = 0; i < q->n_conditions; i++) {
        if (used & (1U << i))
            continue;
        const struct store_condition *k = &q->conditions[i];
        const struct store_field *f = &c->fields[store_field_index(c, k->field)];
        int holds = k->op == STORE_HAS ? words_hold(f, k, doc) : values_hold(f, k, doc);
        if (holds != 1)
            return holds;
    }
    return !q->keep || q->keep(doc, q->keep_ctx);
}
