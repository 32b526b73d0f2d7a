#include "store/sqlite/engine.h"

#include <stdlib.h>
#include <string.h>

#define DERIVED_WORDS_MAX (1024 * 1024)

int64_t document_int64(const bson_t *doc, const char *field)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, field) ? bson_iter_as_int64(&it) : 0;
}

static void add_word(const char *word, void *ctx)
{
    struct buf *b = ctx;
    if (b->len)
        buf_add_char(b, ' ');
    buf_add_str(b, word);
}

static int derive_words(const struct table *t, const bson_t *doc, struct derived *d)
{
    struct buf b;
    buf_init(&b, DERIVED_WORDS_MAX);
    int n = store_extract_words(&t->c->fields[t->words], doc, add_word, &b);
    int r = n < 0 ? n : b.failed ? E_INVALID : 0;
    if (r == 0 && b.len)
        d->words = buf_steal(&b);
    buf_release(&b);
    d->arrival = document_int64(doc, "arrival");
    return r;
}

/* A field is derived if it has a column or stands in a side table. */
static bool field_is_derived(const struct table *t, size_t field)
{
    if (t->c->fields[field].type == STORE_WORDS)
        return false;
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->columns[i] == (int)field)
            return true;
    return t->c->fields[field].multi;
}

int derive(const struct table *t, const bson_t *doc, struct derived *ret)
{
    struct store_value all[STORE_FIELDS_MAX * STORE_MULTI_MAX];
    size_t n = 0;
    *ret = (struct derived){0};
    for (size_t f = 0; f < t->c->n_fields; f++) {
        if (!field_is_derived(t, f))
            continue;
        int count = store_extract(&t->c->fields[f], doc, &all[n]);
        if (count < 0)
            return count;
        ret->first[f] = (uint8_t)n;
        ret->count[f] = (uint8_t)count;
        n += (size_t)count;
    }
    if (t->words >= 0) {
        int r = derive_words(t, doc, ret);
        if (r < 0)
            return r;
    }
    if (n) {
        ret->values = malloc(n * sizeof(*all));
        if (!ret->values) {
            derived_release(ret);
            return E_NOMEM;
        }
        memcpy(ret->values, all, n * sizeof(*all));
    }
    return 0;
}

void derived_release(struct derived *d)
{
    free(d->values);
    free(d->words);
    *d = (struct derived){0};
}

const struct store_value *derived_single(const struct derived *d, int field)
{
    return d->count[field] ? &d->values[d->first[field]] : NULL;
}

size_t derived_side_rows(const struct table *t, int path, const struct derived *d)
{
    const struct store_path *p = &t->c->paths[path];
    size_t rows = 1;
    for (size_t i = 0; p->equals[i]; i++)
        rows *= d->count[store_field_index(t->c, p->equals[i])];
    return p->order ? rows * d->count[store_field_index(t->c, p->order)] : rows;
}

bool derived_same_field(const struct derived *a, const struct derived *b, int field)
{
    if (a->count[field] != b->count[field])
        return false;
    for (size_t i = 0; i < a->count[field]; i++)
        if (store_value_compare(&a->values[a->first[field] + i], &b->values[b->first[field] + i]))
            return false;
    return true;
}

bool derived_same_path(const struct table *t, int path, const struct derived *a,
                       const struct derived *b)
{
    const struct store_path *p = &t->c->paths[path];
    for (size_t i = 0; p->equals[i]; i++)
        if (!derived_same_field(a, b, store_field_index(t->c, p->equals[i])))
            return false;
    if (p->order && !derived_same_field(a, b, store_field_index(t->c, p->order)))
        return false;
    int covers[STORE_COVERS_MAX];
    size_t n = path_covers(t->c, p, covers);
    for (size_t i = 0; i < n; i++)
        if (!derived_same_field(a, b, covers[i]))
            return false;
    return true;
}
