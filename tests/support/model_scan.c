#include <stdlib.h>
#include <string.h>

#include "base/result.h"
#include "tests/support/model_private.h"

struct store_session {
    struct model_disk *disk;
    struct model_doc **docs; /* all that were stored at the beginning, each held */
    size_t n_docs;
    struct store_cursor *cursors;
};

struct found {
    struct store_position position;
    const struct model_doc *doc;
};

struct store_cursor {
    struct store_cursor *older;
    struct found *rows;
    size_t n, at;
};

int model_begin(struct store_driver *d, struct store_session **ret)
{
    struct store_session *s = model_grow(NULL, 0, sizeof(*s));
    *s = (struct store_session){.disk = model_disk_of(d)};
    pthread_mutex_lock(&s->disk->mutex);
    s->n_docs = s->disk->n_docs;
    s->docs = model_grow(NULL, s->n_docs, sizeof(*s->docs));
    for (size_t i = 0; i < s->n_docs; i++) {
        s->docs[i] = s->disk->docs[i];
        s->docs[i]->refs++;
    }
    pthread_mutex_unlock(&s->disk->mutex);
    *ret = s;
    return 0;
}

void model_end(struct store_session *s)
{
    pthread_mutex_lock(&s->disk->mutex);
    for (size_t i = 0; i < s->n_docs; i++)
        model_doc_unref(s->docs[i]);
    pthread_mutex_unlock(&s->disk->mutex);
    while (s->cursors) {
        struct store_cursor *k = s->cursors;
        s->cursors = k->older;
        free(k->rows);
        free(k);
    }
    free(s->docs);
    free(s);
}

/* --- what is on a path ------------------------------------------------------------------------ */

static bool has_value(const struct store_collection *c, int field, const bson_t *doc,
                      const struct store_value *wanted)
{
    struct store_value values[STORE_MULTI_MAX];
    int n = store_extract(&c->fields[field], doc, values);
    for (int i = 0; i < n; i++)
        if (store_value_compare(&values[i], wanted) == 0)
            return true;
    return false;
}

/* The value of a single-valued field; false if it is absent. */
static bool get_value(const struct store_collection *c, int field, const bson_t *doc,
                      struct store_value *ret)
{
    struct store_value values[STORE_MULTI_MAX];
    if (store_extract(&c->fields[field], doc, values) != 1)
        return false;
    *ret = values[0];
    return true;
}

struct wanted_word {
    const char *word;
    size_t n; /* bytes that must agree, with the NUL unless it is a prefix */
    bool found;
};

static void look_at_word(const char *word, void *ctx)
{
    struct wanted_word *wanted = ctx;
    if (strncmp(word, wanted->word, wanted->n) == 0)
        wanted->found = true;
}

static bool has_words(const struct store_scan *scan, const bson_t *doc)
{
    const struct store_collection *c = scan->collection;
    for (size_t i = 0; i < scan->n_words; i++) {
        bool prefix = scan->last_is_prefix && i + 1 == scan->n_words;
        size_t n = strlen(scan->words[i]) + (prefix ? 0 : 1);
        struct wanted_word wanted = {.word = scan->words[i], .n = n};
        store_extract_words(&c->fields[store_words_index(c)], doc, look_at_word, &wanted);
        if (!wanted.found)
            return false;
    }
    return scan->n_words > 0;
}

static bool get_arrival(const bson_t *doc, struct store_value *ret)
{
    bson_iter_t at;
    if (!bson_iter_init_find(&at, doc, "arrival"))
        return false;
    *ret = store_int(bson_iter_as_int64(&at));
    return true;
}

/* Whether the document is on the path with these values, and its order key (type 0: none). */
static bool on_path(const struct store_collection *c, int path, const struct store_value *equals,
                    const bson_t *doc, struct store_value *ret_key)
{
    *ret_key = (struct store_value){0};
    if (path == STORE_PATH_ID)
        return true;
    const struct store_path *p = &c->paths[path];
    for (size_t i = 0; p->equals[i]; i++)
        if (!has_value(c, store_field_index(c, p->equals[i]), doc, &equals[i]))
            return false;
    return !p->order || get_value(c, store_field_index(c, p->order), doc, ret_key);
}

/* A path without an order key has no ranges. */
static bool in_range(const struct store_range *range, const struct store_value *key)
{
    if (!key->type)
        return true;
    return (!range->has_low || store_value_compare(key, &range->low) >= 0) &&
           (!range->has_high || store_value_compare(key, &range->high) < 0);
}

/* --- scan ------------------------------------------------------------------------------------- */

static int position_compare(const struct store_position *a, const struct store_position *b)
{
    int order = a->key.type ? store_value_compare(&a->key, &b->key) : 0;
    return order ? order : id_compare(&a->id, &b->id);
}

static int ascending(const void *a, const void *b)
{
    return position_compare(&((const struct found *)a)->position,
                            &((const struct found *)b)->position);
}

static int descending(const void *a, const void *b)
{
    return ascending(b, a);
}

static bool wanted(const struct store_scan *scan, const struct model_doc *doc,
                   struct store_position *ret)
{
    if (doc->collection != scan->collection)
        return false;
    ret->id = doc->id;
    bool on = scan->path == STORE_PATH_WORDS
                  ? has_words(scan, doc->doc) && get_arrival(doc->doc, &ret->key)
                  : on_path(scan->collection, scan->path, scan->equals, doc->doc, &ret->key);
    if (!on || !in_range(&scan->range, &ret->key))
        return false;
    if (!scan->has_after)
        return true;
    int order = position_compare(ret, &scan->after);
    return scan->descending ? order < 0 : order > 0;
}

int model_scan(struct store_session *s, const struct store_scan *scan, struct store_cursor **ret)
{
    struct store_cursor *k = model_grow(NULL, 0, sizeof(*k));
    *k = (struct store_cursor){.older = s->cursors};
    s->cursors = k;
    for (size_t i = 0; i < s->n_docs; i++) {
        struct found row = {.doc = s->docs[i]};
        if (!wanted(scan, s->docs[i], &row.position))
            continue;
        k->rows = model_grow(k->rows, k->n, sizeof(*k->rows));
        k->rows[k->n++] = row;
    }
    if (k->n > 0)
        qsort(k->rows, k->n, sizeof(*k->rows), scan->descending ? descending : ascending);
    *ret = k;
    return 0;
}

int model_next(struct store_cursor *k, struct store_row *ret)
{
    if (k->at == k->n)
        return 0;
    const struct found *row = &k->rows[k->at++];
    ret->position = row->position;
    bson_init_static(&ret->doc, bson_get_data(row->doc->doc), row->doc->doc->len);
    return 1;
}

/* --- tally ------------------------------------------------------------------------------------ */

static bool same_group(const struct store_tally *t, const struct store_value *a,
                       const struct store_value *b)
{
    for (size_t i = 0; i < t->n_group; i++)
        if (a[i].type != b[i].type || (a[i].type && store_value_compare(&a[i], &b[i]) != 0))
            return false;
    return true;
}

struct groups {
    struct store_tally_row *rows;
    size_t n, max;
};

/* Adds one document to its group, which is made if it is new; E_FULL past the maximum. */
static int count_in(struct groups *groups, const struct store_tally *t, const bson_t *doc,
                    struct arena *a)
{
    const struct store_collection *c = t->collection;
    struct store_tally_row one = {.count = 1};
    for (size_t i = 0; i < t->n_group; i++)
        get_value(c, t->group[i], doc, &one.group[i]);
    struct store_value amount = store_int(0);
    if (t->sum >= 0)
        get_value(c, t->sum, doc, &amount);
    one.sum = amount.number;

    for (size_t i = 0; i < groups->n; i++) {
        if (same_group(t, groups->rows[i].group, one.group)) {
            groups->rows[i].count += one.count;
            groups->rows[i].sum += one.sum;
            return 0;
        }
    }
    if (groups->n == groups->max)
        return E_FULL;
    for (size_t i = 0; i < t->n_group; i++)
        one.group[i].text = arena_strdup(a, one.group[i].text);
    groups->rows = model_grow(groups->rows, groups->n, sizeof(one));
    groups->rows[groups->n++] = one;
    return 0;
}

int model_tally(struct store_driver *d, const struct store_tally *t, size_t max, struct arena *a,
                struct store_tally_row **ret_rows, size_t *ret_n)
{
    struct model_disk *disk = model_disk_of(d);
    struct groups groups = {.max = max};
    int r = 0;
    pthread_mutex_lock(&disk->mutex);
    for (size_t i = 0; r == 0 && i < disk->n_docs; i++) {
        const struct model_doc *doc = disk->docs[i];
        struct store_value key;
        if (doc->collection == t->collection &&
            on_path(t->collection, t->path, t->equals, doc->doc, &key) && in_range(&t->range, &key))
            r = count_in(&groups, t, doc->doc, a);
    }
    pthread_mutex_unlock(&disk->mutex);
    *ret_rows = arena_dup(a, groups.rows, groups.n * sizeof(*groups.rows));
    *ret_n = groups.n;
    free(groups.rows);
    return r;
}
