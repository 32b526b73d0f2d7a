/* The catalogue: small tables held whole in memory, read again when they changed. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/agency/agency.h"

#define SHARED_AGE_MS 2000 /* on a store that other processes write to */

struct snapshot {
    struct catalogue public; /* first: what callers hold */
    struct arena arena;
    atomic_int refs;
    uint64_t generation;
    int64_t read_at_ms;
};

struct catalogue_holder {
    struct store *store;
    pthread_mutex_t lock;
    struct snapshot *current;
    uint64_t versions;
};

static void snapshot_unref(struct snapshot *s)
{
    if (!s || atomic_fetch_sub(&s->refs, 1) > 1)
        return;
    for (size_t i = 0; i < s->public.n_categories; i++)
        schema_free((struct schema *)s->public.questions[i]);
    arena_release(&s->arena);
    free(s);
}

void catalogue_unref(const struct catalogue *c)
{
    snapshot_unref((struct snapshot *)c);
}

static uint64_t generation_of(struct store *s)
{
    return store_generation(s, &agency_collection) + store_generation(s, &category_collection) +
           store_generation(s, &rule_collection);
}

/* Every document of a collection, decoded into one array. */
static int read_all(struct store *s, const struct store_collection *c, const struct entity *e,
                    size_t max, struct arena *a, void **ret, size_t *ret_n)
{
    struct arena pages;
    arena_init(&pages);
    struct entity_list rows = {0};
    size_t cap = 0;
    struct store_query q = {.order = "_id", .limit = STORE_LIMIT_MAX};
    int done = 0;
    for (bool more = true; more && done == 0;) {
        struct store_page page;
        done = store_scan(s, c, &q, &pages, &page);
        for (size_t i = 0; done == 0 && i < page.n; i++) {
            if (rows.n == cap) {
                size_t grown = cap ? cap * 2 : 64;
                char *items = arena_array(a, grown, e->size);
                if (rows.n > 0)
                    memcpy(items, rows.items, rows.n * e->size);
                rows.items = items;
                cap = grown;
            }
            done = rows.n < max
                       ? entity_decode(e, page.docs[i], a, (char *)rows.items + rows.n * e->size)
                       : E_FULL;
            rows.n++;
        }
        more = done == 0 && page.more;
        q.has_after = true;
        q.after = done == 0 ? page.next : q.after;
    }
    arena_release(&pages);
    *ret = rows.items;
    *ret_n = rows.n;
    return done;
}

static int by_code(const void *x, const void *y)
{
    return strcmp(((const struct agency *)x)->code, ((const struct agency *)y)->code);
}

static int by_rank(const void *x, const void *y)
{
    const struct category *a = x, *b = y;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return strcmp(a->code, b->code);
}

static int by_both(const void *x, const void *y)
{
    const struct routing_rule *a = x, *b = y;
    int order = strcmp(a->category, b->category);
    return order ? order : strcmp(a->commune, b->commune);
}

/* Questions were checked on import; what does not compile now is a newer program's: not asked. */
static void compile_questions(struct snapshot *s)
{
    struct arena scratch;
    arena_init(&scratch);
    const struct schema **questions =
        arena_array(&s->arena, s->public.n_categories, sizeof(*questions));
    for (size_t i = 0; i < s->public.n_categories; i++) {
        const char *text = s->public.categories[i].questions;
        struct schema *compiled = NULL;
        struct schema_faults faults;
        if (text && schema_compile_text(text, strlen(text), &scratch, &compiled, &faults) == 0)
            questions[i] = compiled;
    }
    s->public.questions = questions;
    arena_release(&scratch);
}

static int snapshot_read(struct store *store, struct snapshot *s)
{
    void *agencies = NULL, *categories = NULL, *rules = NULL;
    s->generation = generation_of(store);
    s->read_at_ms = clock_monotonic_ms();
    int done = read_all(store, &agency_collection, &agency_entity, AGENCIES_MAX, &s->arena,
                        &agencies, &s->public.n_agencies);
    if (done == 0)
        done = read_all(store, &category_collection, &category_entity, CATEGORIES_MAX, &s->arena,
                        &categories, &s->public.n_categories);
    if (done == 0)
        done = read_all(store, &rule_collection, &routing_rule_entity, ROUTES_MAX, &s->arena,
                        &rules, &s->public.n_rules);
    if (done != 0) {
        s->public.n_categories = 0; /* nothing was compiled */
        return done;
    }
    if (agencies)
        qsort(agencies, s->public.n_agencies, sizeof(struct agency), by_code);
    if (categories)
        qsort(categories, s->public.n_categories, sizeof(struct category), by_rank);
    if (rules)
        qsort(rules, s->public.n_rules, sizeof(struct routing_rule), by_both);
    s->public.agencies = agencies;
    s->public.categories = categories;
    s->public.rules = rules;
    compile_questions(s);
    return 0;
}

static int snapshot_new(struct catalogue_holder *h, struct snapshot **ret)
{
    struct snapshot *s = calloc(1, sizeof(*s));
    if (!s)
        return E_NOMEM;
    arena_init(&s->arena);
    atomic_init(&s->refs, 1);
    int done = snapshot_read(h->store, s);
    if (done != 0) {
        snapshot_unref(s);
        return done;
    }
    s->public.version = ++h->versions;
    *ret = s;
    return 0;
}

int catalogue_holder_new(struct store *s, struct catalogue_holder **ret)
{
    struct catalogue_holder *h = calloc(1, sizeof(*h));
    if (!h)
        return E_NOMEM;
    h->store = s;
    pthread_mutex_init(&h->lock, NULL);
    int done = snapshot_new(h, &h->current);
    if (done != 0) {
        catalogue_holder_free(h);
        return done;
    }
    *ret = h;
    return 0;
}

void catalogue_holder_free(struct catalogue_holder *h)
{
    if (!h)
        return;
    snapshot_unref(h->current);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

static bool stale(const struct catalogue_holder *h)
{
    if (generation_of(h->store) != h->current->generation)
        return true;
    return !store_exclusive(h->store) &&
           clock_monotonic_ms() - h->current->read_at_ms > SHARED_AGE_MS;
}

const struct catalogue *catalogue_ref(struct catalogue_holder *h)
{
    pthread_mutex_lock(&h->lock);
    if (stale(h)) {
        struct snapshot *next = NULL;
        if (snapshot_new(h, &next) == 0) {
            snapshot_unref(h->current);
            h->current = next;
        }
    }
    struct snapshot *s = h->current;
    atomic_fetch_add(&s->refs, 1);
    pthread_mutex_unlock(&h->lock);
    return &s->public;
}

/* --- looking up ------------------------------------------------------------------------------- */

const struct agency *catalogue_agency(const struct catalogue *c, const char *code)
{
    const struct agency key = {.code = code};
    if (!code || c->n_agencies == 0)
        return NULL;
    return bsearch(&key, c->agencies, c->n_agencies, sizeof(key), by_code);
}

const struct category *catalogue_category(const struct catalogue *c, const char *code)
{
    for (size_t i = 0; code && i < c->n_categories; i++) {
        if (strcmp(c->categories[i].code, code) == 0)
            return &c->categories[i];
    }
    return NULL;
}

const struct schema *catalogue_questions(const struct catalogue *c, const struct category *k)
{
    return c->questions[k - c->categories];
}

const struct routing_rule *catalogue_rule(const struct catalogue *c, const char *category,
                                          const char *commune)
{
    const struct routing_rule key = {.category = category, .commune = commune};
    return c->n_rules > 0 ? bsearch(&key, c->rules, c->n_rules, sizeof(key), by_both) : NULL;
}

size_t catalogue_asked(const struct catalogue *c, const char *category, const char *commune,
                       const struct routing_rule *ret[CATALOGUE_ASKED_MAX])
{
    const char *const tries[CATALOGUE_ASKED_MAX][2] = {
        {category, commune}, {"*", commune}, {category, "*"}, {"*", "*"}};
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
        const struct routing_rule *rule =
            tries[i][0] && tries[i][1] ? catalogue_rule(c, tries[i][0], tries[i][1]) : NULL;
        if (rule)
            ret[n++] = rule;
    }
    return n;
}

const struct agency *catalogue_route(const struct catalogue *c, const char *category,
                                     const char *commune)
{
    const struct routing_rule *asked[CATALOGUE_ASKED_MAX];
    size_t n = catalogue_asked(c, category, commune, asked);
    for (size_t i = 0; i < n; i++) {
        const struct agency *agency = catalogue_agency(c, asked[i]->agency);
        if (agency && agency->active)
            return agency;
    }
    return NULL;
}

const struct agency *catalogue_dispatcher(const struct catalogue *c)
{
    for (size_t i = 0; i < c->n_agencies; i++) {
        if (c->agencies[i].kind == AGENCY_DISPATCHER && c->agencies[i].active)
            return &c->agencies[i];
    }
    return NULL;
}
