#include "domain/procedure/search_index.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define BEFORE_NAME "thu tuc "

char *index_words(struct arena *a, const char *text)
{
    const char *folded = text_fold(a, text);
    char *out = arena_alloc(a, strlen(folded) + 3), *at = out;
    *at++ = ' ';
    for (const char *p = folded; *p; p++) {
        if (isalnum((unsigned char)*p) || (unsigned char)*p >= 0x80)
            *at++ = *p;
        else if (at[-1] != ' ')
            *at++ = ' ';
    }
    if (at[-1] != ' ')
        *at++ = ' ';
    *at = '\0';
    return out;
}

size_t index_find(const struct procedure_index *index, const char *word)
{
    size_t low = 0, high = index->n_terms;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(index->terms[middle].word, word) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* --- making it -------------------------------------------------------------------------------- */

struct occurrence {
    const char *word;
    struct posting posting;
};

struct occurrences {
    struct occurrence *items; /* malloc */
    size_t n, cap;
};

static void add(struct occurrences *all, const char *word, struct posting posting)
{
    if (all->n == all->cap) {
        all->cap = all->cap ? all->cap * 2 : 4096;
        struct occurrence *grown = reallocarray(all->items, all->cap, sizeof(*grown));
        if (!grown)
            arena_no_memory("procedure index");
        all->items = grown;
    }
    all->items[all->n++] = (struct occurrence){word, posting};
}

/* Each word of a spaced text. */
static void add_words(struct occurrences *all, const char *spaced, struct posting posting,
                      struct arena *a)
{
    for (char *at = arena_strdup(a, spaced + 1); *at;) {
        size_t n = strcspn(at, " ");
        at[n] = '\0';
        add(all, at, posting);
        at += n + 1;
    }
}

static const char *further_words(const struct procedure *p, struct arena *a)
{
    struct buf all;
    buf_init(&all, 64 * 1024);
    const char *const texts[] = {p->name_en, p->field, p->field_en};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        buf_printf(&all, " %s", texts[i] ? texts[i] : "");
    for (size_t i = 0; i < p->keywords.n; i++)
        buf_printf(&all, " %s", p->keywords.items[i]);
    const char *text = index_words(a, all.data ? all.data : "");
    buf_release(&all);
    return text;
}

static void add_entry(struct occurrences *all, struct entry *e, const struct procedure *p,
                      uint32_t i, struct arena *a)
{
    const char *name = index_words(a, p->name);
    if (strncmp(name + 1, BEFORE_NAME, strlen(BEFORE_NAME)) == 0)
        name += strlen(BEFORE_NAME);
    e->name = name;
    e->length = strlen(name);
    e->code = text_fold(a, p->code);
    e->local = p->local_code ? text_fold(a, p->local_code) : "";
    add_words(all, name, (struct posting){i, true}, a);
    add_words(all, further_words(p, a), (struct posting){i, false}, a);
}

/* By word, then entry; of one entry the word of its name first. */
static int by_word(const void *x, const void *y)
{
    const struct occurrence *a = x, *b = y;
    int order = strcmp(a->word, b->word);
    if (order == 0 && a->posting.entry != b->posting.entry)
        order = a->posting.entry < b->posting.entry ? -1 : 1;
    return order ? order : b->posting.in_name - a->posting.in_name;
}

static size_t count_terms(const struct occurrences *all)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        n += i == 0 || strcmp(all->items[i - 1].word, all->items[i].word) != 0;
    return n;
}

static void make_terms(struct procedure_index *index, const struct occurrences *all,
                       struct arena *a)
{
    struct posting *postings = arena_array(a, all->n, sizeof(*postings));
    size_t n = 0;
    index->terms = arena_array(a, count_terms(all), sizeof(*index->terms));
    for (size_t i = 0; i < all->n; i++) {
        const struct occurrence *o = &all->items[i], *before = i > 0 ? o - 1 : NULL;
        bool known = before && strcmp(before->word, o->word) == 0;
        if (known && before->posting.entry == o->posting.entry)
            continue;
        if (!known)
            index->terms[index->n_terms++] = (struct term){.word = o->word, .at = postings + n};
        postings[n++] = o->posting;
        index->terms[index->n_terms - 1].n++;
    }
}

const struct procedure_index *index_new(const struct procedure *items, size_t n, struct arena *a)
{
    struct procedure_index *index = ARENA_NEW(a, struct procedure_index);
    struct occurrences all = {0};
    index->entries = arena_array(a, n, sizeof(*index->entries));
    index->n = n;
    for (size_t i = 0; i < n; i++)
        add_entry(&all, &index->entries[i], &items[i], (uint32_t)i, a);
    if (all.n > 0)
        qsort(all.items, all.n, sizeof(*all.items), by_word);
    make_terms(index, &all, a);
    free(all.items);
    return index;
}
