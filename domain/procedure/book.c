/* The book: every version in memory, read again when somebody says that it changed. */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/procedure/private.h"
#include "domain/setting/setting.h"

#define MARK "procedures" /* the setting that an import writes last */

struct snapshot {
    struct procedure_book public; /* first: what callers hold */
    struct procedure *items;
    struct arena arena;
    atomic_int refs;
};

struct procedure_holder {
    struct store *store;
    pthread_mutex_t lock;    /* over current */
    pthread_mutex_t reading; /* one reads at a time; over mark */
    struct snapshot *current;
    _Atomic uint64_t generation;
    int64_t mark; /* revision that was read */
};

static void snapshot_unref(struct snapshot *s)
{
    if (!s || atomic_fetch_sub(&s->refs, 1) > 1)
        return;
    for (size_t i = 0; i < s->public.n; i++)
        procedure_forget(&s->items[i]);
    arena_release(&s->arena);
    free(s);
}

void procedure_book_unref(const struct procedure_book *b)
{
    snapshot_unref((struct snapshot *)b);
}

/* --- reading ---------------------------------------------------------------------------------- */

static int by_code(const void *x, const void *y)
{
    const struct procedure *a = x, *b = y;
    int order = strcmp(a->code, b->code);
    return order ? order : (a->version > b->version) - (a->version < b->version);
}

/* What lacks a code or its days was written by nobody who checked it: passed over. */
static int take(struct snapshot *s, size_t *cap, const bson_t *doc)
{
    struct procedure row = {0};
    int done = entity_decode(&procedure_entity, doc, &s->arena, &row);
    if (done == 0)
        done = procedure_ready(&row);
    if (done != 0 || !row.code || !row.name)
        return done == E_CORRUPT ? 0 : done;
    if (s->public.n == PROCEDURE_VERSIONS_MAX)
        return E_FULL;
    if (s->public.n == *cap) {
        *cap = *cap ? *cap * 2 : 256;
        struct procedure *grown = arena_array(&s->arena, *cap, sizeof(*grown));
        if (s->public.n > 0)
            memcpy(grown, s->items, s->public.n * sizeof(*grown));
        s->items = grown;
    }
    s->items[s->public.n++] = row;
    return 0;
}

static int read_all(struct store *store, struct snapshot *s)
{
    struct arena pages;
    arena_init(&pages);
    size_t cap = 0;
    struct store_query q = {.order = "_id", .limit = STORE_LIMIT_MAX};
    int done = 0;
    for (bool more = true; more && done == 0;) {
        struct store_page page;
        done = store_scan(store, &procedure_collection, &q, &pages, &page);
        for (size_t i = 0; done == 0 && i < page.n; i++)
            done = take(s, &cap, page.docs[i]);
        more = done == 0 && page.more;
        q.has_after = true;
        q.after = more ? page.next : q.after;
        arena_reset(&pages); /* a position by id holds no text */
    }
    arena_release(&pages);
    return done;
}

/* A version ends where the next of its code begins. */
static void close_versions(struct snapshot *s)
{
    for (size_t i = 0; i + 1 < s->public.n; i++) {
        struct procedure *p = &s->items[i];
        const struct procedure *next = p + 1;
        if (strcmp(p->code, next->code) == 0 && p->until_day >= next->from_day)
            p->until_day = next->from_day - 1;
    }
}

static int snapshot_new(struct store *store, struct snapshot **ret)
{
    struct snapshot *s = calloc(1, sizeof(*s));
    if (!s)
        return E_NOMEM;
    arena_init(&s->arena);
    atomic_init(&s->refs, 1);
    int done = read_all(store, s);
    if (done != 0) {
        snapshot_unref(s);
        return done;
    }
    if (s->public.n > 0)
        qsort(s->items, s->public.n, sizeof(*s->items), by_code);
    close_versions(s);
    s->public.items = s->items;
    s->public.index = index_new(s->items, s->public.n, &s->arena);
    *ret = s;
    return 0;
}

static int mark_of(struct store *s, int64_t *ret)
{
    struct arena a;
    struct setting setting = {0};
    arena_init(&a);
    int done = setting_get(s, MARK, &a, &setting);
    arena_release(&a);
    *ret = done == 0 ? setting.revision : 0;
    return done < 0 ? done : 0;
}

static int read_again(struct procedure_holder *h, bool only_if_marked)
{
    int64_t mark = 0;
    struct snapshot *next = NULL;
    int done = mark_of(h->store, &mark);
    if (done != 0 || (only_if_marked && mark == h->mark))
        return done;
    done = snapshot_new(h->store, &next);
    if (done != 0)
        return done;
    pthread_mutex_lock(&h->lock);
    struct snapshot *old = h->current;
    next->public.generation = atomic_load(&h->generation) + 1;
    h->current = next;
    atomic_store(&h->generation, next->public.generation);
    pthread_mutex_unlock(&h->lock);
    h->mark = mark;
    snapshot_unref(old);
    return 0;
}

int procedure_reload(struct procedure_holder *h)
{
    pthread_mutex_lock(&h->reading);
    int done = read_again(h, false);
    pthread_mutex_unlock(&h->reading);
    return done;
}

int procedure_follow(struct procedure_holder *h)
{
    pthread_mutex_lock(&h->reading);
    int done = read_again(h, true);
    pthread_mutex_unlock(&h->reading);
    return done;
}

int procedure_mark(struct store *s, int64_t now_ms)
{
    char text[24];
    int n = snprintf(text, sizeof(text), "%" PRId64, now_ms);
    return setting_put(s, MARK, text, (size_t)n, now_ms);
}

/* --- holding ---------------------------------------------------------------------------------- */

int procedure_holder_new(struct store *s, struct procedure_holder **ret)
{
    struct procedure_holder *h = calloc(1, sizeof(*h));
    if (!h)
        return E_NOMEM;
    h->store = s;
    pthread_mutex_init(&h->lock, NULL);
    pthread_mutex_init(&h->reading, NULL);
    int done = procedure_reload(h);
    if (done != 0) {
        procedure_holder_free(h);
        return done;
    }
    *ret = h;
    return 0;
}

void procedure_holder_free(struct procedure_holder *h)
{
    if (!h)
        return;
    snapshot_unref(h->current);
    pthread_mutex_destroy(&h->lock);
    pthread_mutex_destroy(&h->reading);
    free(h);
}

const struct procedure_book *procedure_book_ref(struct procedure_holder *h)
{
    pthread_mutex_lock(&h->lock);
    struct snapshot *s = h->current;
    atomic_fetch_add(&s->refs, 1);
    pthread_mutex_unlock(&h->lock);
    return &s->public;
}

uint64_t procedure_generation(struct procedure_holder *h)
{
    return atomic_load(&h->generation);
}

/* --- looking up ------------------------------------------------------------------------------- */

const struct procedure *procedure_versions(const struct procedure_book *b, const char *code,
                                           size_t *ret_n)
{
    size_t low = 0, high = b->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(b->items[middle].code, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < b->n && strcmp(b->items[end].code, code) == 0)
        end++;
    *ret_n = end - low;
    return end > low ? &b->items[low] : NULL;
}

const struct procedure *procedure_version(const struct procedure_book *b, const char *code,
                                          int64_t version)
{
    size_t n = 0;
    const struct procedure *first = procedure_versions(b, code, &n);
    for (size_t i = 0; i < n; i++) {
        if (first[i].version == version)
            return &first[i];
    }
    return NULL;
}

/* "2.000815.000.00.00.H12" is "2.000815" of an agency. */
static const char *national(const char *code, char *out, size_t size)
{
    const char *dot = strchr(code, '.');
    const char *end = dot ? strchr(dot + 1, '.') : NULL;
    if (!end || (size_t)(end - code) >= size)
        return code;
    memcpy(out, code, (size_t)(end - code));
    out[end - code] = '\0';
    return out;
}

const struct procedure *procedure_at(const struct procedure_book *b, const char *code,
                                     int64_t now_ms)
{
    char short_code[64];
    size_t n = 0;
    const struct procedure *first = procedure_versions(b, code, &n);
    if (!first)
        first = procedure_versions(b, national(code, short_code, sizeof(short_code)), &n);
    for (size_t i = n; i-- > 0;) {
        if (procedure_in_force(&first[i], now_ms))
            return &first[i];
    }
    return NULL;
}
