#include "tests/contract/oracle.h"

#include <stdlib.h>
#include <string.h>

#include "base/result.h"

struct candidate {
    struct store_position position;
    const bson_t *doc;
};

struct id oracle_id(const bson_t *doc)
{
    struct id id = {{0}};
    bson_iter_t at;
    const uint8_t *bytes = NULL;
    uint32_t n = 0;
    if (bson_iter_init_find(&at, doc, "_id"))
        bson_iter_binary(&at, NULL, &n, &bytes);
    if (n == sizeof(id.bytes))
        memcpy(id.bytes, bytes, n);
    return id;
}

static bool in_some_range(const struct store_condition *cond, const struct store_value *v)
{
    for (size_t i = 0; i < cond->n_ranges; i++) {
        const struct store_range *r = &cond->ranges[i];
        if ((!r->has_low || store_value_compare(v, &r->low) >= 0) &&
            (!r->has_high || store_value_compare(v, &r->high) < 0))
            return true;
    }
    return false;
}

static bool is_some_value(const struct store_condition *cond, const struct store_value *v)
{
    for (size_t i = 0; i < cond->n_values; i++)
        if (store_value_compare(v, &cond->values[i]) == 0)
            return true;
    return false;
}

struct needle {
    const char *word;
    size_t n;
    bool found;
};

static void look_at_word(const char *word, void *ctx)
{
    struct needle *needle = ctx;
    needle->found = needle->found || strncmp(word, needle->word, needle->n) == 0;
}

static bool has_all_words(const struct store_field *field, const struct store_condition *cond,
                          const bson_t *doc)
{
    for (size_t i = 0; i < cond->n_words; i++) {
        bool prefix = cond->last_is_prefix && i + 1 == cond->n_words;
        struct needle needle = {.word = cond->words[i],
                                .n = strlen(cond->words[i]) + (prefix ? 0 : 1)};
        store_extract_words(field, doc, look_at_word, &needle);
        if (!needle.found)
            return false;
    }
    return true;
}

static bool holds(const struct store_collection *c, const struct store_condition *cond,
                  const bson_t *doc)
{
    const struct store_field *field = &c->fields[store_field_index(c, cond->field)];
    if (cond->op == STORE_HAS)
        return has_all_words(field, cond, doc);
    struct store_value values[STORE_MULTI_MAX];
    int n = store_extract(field, doc, values);
    for (int i = 0; i < n; i++)
        if (cond->op == STORE_BETWEEN ? in_some_range(cond, &values[i])
                                      : is_some_value(cond, &values[i]))
            return true;
    return false;
}

/* False if the document has no place in that order. */
static bool get_key(const struct store_collection *c, const struct store_query *q,
                    const bson_t *doc, struct store_value *ret)
{
    if (!q->order) {
        bson_iter_t at;
        *ret = store_int(bson_iter_init_find(&at, doc, "arrival") ? bson_iter_as_int64(&at) : 0);
        return true;
    }
    if (strcmp(q->order, "_id") == 0) {
        *ret = (struct store_value){0};
        return true;
    }
    struct store_value values[STORE_MULTI_MAX];
    if (store_extract(&c->fields[store_field_index(c, q->order)], doc, values) != 1)
        return false;
    *ret = values[0];
    return true;
}

static bool fits(const struct store_collection *c, const struct store_query *q, const bson_t *doc,
                 struct store_position *ret)
{
    for (size_t i = 0; i < q->n_conditions; i++)
        if (!holds(c, &q->conditions[i], doc))
            return false;
    ret->id = oracle_id(doc);
    return get_key(c, q, doc, &ret->key) && (!q->keep || q->keep(doc, q->keep_ctx));
}

static int ascending(const void *a, const void *b)
{
    const struct store_position *p = &((const struct candidate *)a)->position;
    const struct store_position *o = &((const struct candidate *)b)->position;
    int order = p->key.type ? store_value_compare(&p->key, &o->key) : 0;
    return order ? order : id_compare(&p->id, &o->id);
}

static int descending(const void *a, const void *b)
{
    return ascending(b, a);
}

int oracle_scan(struct store *s, const struct store_collection *c, const struct store_query *q,
                struct arena *a, const bson_t ***ret_docs, size_t *ret_n)
{
    struct candidate *found = NULL;
    size_t n = 0, cap = 0;
    struct store_query all = {.order = "_id", .limit = STORE_LIMIT_MAX};
    struct store_page page;
    do {
        int r = store_scan(s, c, &all, a, &page);
        if (r != 0)
            return r;
        if (n + page.n > cap) {
            struct candidate *grown = arena_array(a, cap = 2 * (n + page.n), sizeof(*found));
            if (n > 0)
                memcpy(grown, found, n * sizeof(*found));
            found = grown;
        }
        for (size_t i = 0; i < page.n; i++) {
            found[n].doc = page.docs[i];
            if (fits(c, q, page.docs[i], &found[n].position))
                n++;
        }
        all.has_after = true;
        all.after = page.next;
    } while (page.more);

    if (n > 0)
        qsort(found, n, sizeof(*found), q->descending ? descending : ascending);
    *ret_docs = arena_array(a, n, sizeof(**ret_docs));
    *ret_n = n;
    for (size_t i = 0; i < n; i++)
        (*ret_docs)[i] = found[i].doc;
    return 0;
}
