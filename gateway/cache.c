/*
 * Replies that many requests share. A fixed table of chains, and one list in the order of use from
 * which the oldest go when the bytes are too many. What is cached is immutable and counted, so that
 * a reply on its way outlives its eviction.
 */
#include <stdlib.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "gateway/private.h"
#include "gateway/write.h"

#define ETAG_TEXT 37 /* W/"", 32 digits and the NUL */
#define CHAINS 16384 /* a power of two */
#define KEY_MAX 4096
#define CHAIN_MAX 16 /* whoever finds keys that share a chain makes nobody walk far */

struct entry {
    struct entry *chain;         /* of its hash; the newest first */
    struct entry *newer, *older; /* in the order of use */
    uint64_t hash, generation;
    int64_t made_ms;
    int64_t right_ms; /* when it was last known to be of the present generation */
    size_t bytes;     /* with its key, without its item */
    bool refreshing;
    struct cached *item;
    char key[];
};

struct cache {
    pthread_mutex_t lock;
    size_t bytes, max;
    uint64_t epoch; /* counts evictions of all; what was begun before one is not put */
    struct entry *newest, *oldest;
    struct entry *chains[CHAINS];
};

struct cache *cache_new(size_t bytes)
{
    struct cache *c = calloc(1, sizeof(*c));
    if (!c)
        return NULL;
    c->max = bytes;
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void cached_unref(struct cached *item)
{
    if (item && atomic_fetch_sub(&item->refs, 1) == 1)
        free(item);
}

/* --- the table; under the lock ---------------------------------------------------------------- */

static uint64_t hash_of(const char *key)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * UINT64_C(1099511628211);
    return h ^ (h >> 29);
}

static struct entry *find(struct cache *c, uint64_t hash, const char *key)
{
    struct entry *e = c->chains[hash & (CHAINS - 1)];
    while (e && (e->hash != hash || strcmp(e->key, key) != 0))
        e = e->chain;
    return e;
}

static void unlink_use(struct cache *c, struct entry *e)
{
    *(e->newer ? &e->newer->older : &c->newest) = e->older;
    *(e->older ? &e->older->newer : &c->oldest) = e->newer;
}

static void link_newest(struct cache *c, struct entry *e)
{
    e->newer = NULL;
    e->older = c->newest;
    *(c->newest ? &c->newest->newer : &c->oldest) = e;
    c->newest = e;
}

static void drop(struct cache *c, struct entry *e)
{
    struct entry **at = &c->chains[e->hash & (CHAINS - 1)];
    while (*at != e)
        at = &(*at)->chain;
    *at = e->chain;
    unlink_use(c, e);
    c->bytes -= e->bytes + e->item->bytes;
    cached_unref(e->item);
    free(e);
}

static void drop_all(struct cache *c)
{
    while (c->oldest)
        drop(c, c->oldest);
}

void cache_free(struct cache *c)
{
    if (!c)
        return;
    drop_all(c);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

void cache_evict_all(struct cache *c)
{
    pthread_mutex_lock(&c->lock);
    c->epoch++;
    drop_all(c);
    pthread_mutex_unlock(&c->lock);
}

/* --- asking and giving ------------------------------------------------------------------------ */

static int compare_pairs(const void *a, const void *b)
{
    const struct request_pair *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->value, y->value);
}

struct key_text {
    size_t n;
    char text[KEY_MAX];
};

/* The marks are bytes that UTF-8 never has, so that no value can look like several. */
static bool add_marked(struct key_text *k, char mark, const char *text)
{
    size_t n = strlen(text);
    if (k->n + 1 + n >= sizeof(k->text))
        return false;
    k->text[k->n] = mark;
    memcpy(k->text + k->n + 1, text, n);
    k->n += 1 + n;
    return true;
}

const char *cache_key(const struct compiled_route *route, const struct request *req,
                      struct arena *a)
{
    struct request_pair sorted[QUERY_PAIRS_MAX];
    struct key_text key;
    char *at = put_number(key.text, route->index);
    at = put_number(put(at, " "), req->language);
    key.n = (size_t)(at - key.text);
    bool fits = true;
    for (size_t i = 0; fits && i < req->n_params; i++)
        fits = add_marked(&key, '\xff', req->params[i].value);
    memcpy(sorted, req->query, req->n_query * sizeof(*sorted));
    qsort(sorted, req->n_query, sizeof(*sorted), compare_pairs);
    for (size_t i = 0; fits && i < req->n_query; i++)
        fits =
            add_marked(&key, '\xff', sorted[i].name) && add_marked(&key, '\xfe', sorted[i].value);
    return fits ? arena_strndup(a, key.text, key.n) : NULL;
}

enum cache_outcome cache_get(struct cache *c, struct cache_ask *ask, int64_t monotonic_ms,
                             struct cached **ret)
{
    enum cache_outcome outcome = CACHE_MISS;
    pthread_mutex_lock(&c->lock);
    ask->epoch = c->epoch;
    ask->asked_ms = monotonic_ms;
    struct entry *e = find(c, hash_of(ask->key), ask->key);
    bool fresh = e && e->generation == ask->generation && monotonic_ms - e->made_ms < CACHE_LIFE_MS;
    if (fresh)
        e->right_ms = monotonic_ms;
    bool shown = e && !fresh && e->refreshing && monotonic_ms - e->right_ms < CACHE_STALE_MS;
    if (fresh || shown) {
        unlink_use(c, e);
        link_newest(c, e);
        atomic_fetch_add(&e->item->refs, 1);
        *ret = e->item;
        outcome = CACHE_HIT;
    } else if (e) {
        e->refreshing = ask->refreshing = true;
    }
    pthread_mutex_unlock(&c->lock);
    return outcome;
}

/* W/"…" of the body's digest: weak for the compressed form, without "W/" for the body itself. */
static void make_etag(const struct reply *r, char out[ETAG_TEXT])
{
    uint8_t digest[MAC_SIZE];
    mac_sha256(r->body, r->n_body, digest);
    memcpy(out, "W/\"", 3);
    bytes_to_hex(digest, 16, out + 3);
    memcpy(out + 35, "\"", 2);
}

/* One block: the item, its header fields, and every text behind them. */
static struct cached *make_item(const struct reply *r, const char *gzip, size_t n_gzip)
{
    size_t n = sizeof(struct cached) + r->n_headers * sizeof(struct request_pair) + ETAG_TEXT +
               r->n_body + n_gzip;
    for (size_t i = 0; i < r->n_headers; i++)
        n += strlen(r->headers[i].value) + 1;
    struct cached *item = malloc(n);
    if (!item)
        return NULL;
    struct request_pair *headers = (struct request_pair *)(item + 1);
    char *at = (char *)(headers + r->n_headers);
    *item = (struct cached){.refs = 1,
                            .content_type = r->content_type,
                            .headers = headers,
                            .n_headers = r->n_headers,
                            .n_body = r->n_body,
                            .n_gzip = n_gzip,
                            .bytes = n};
    for (size_t i = 0; i < r->n_headers; i++) {
        size_t length = strlen(r->headers[i].value) + 1;
        headers[i] = (struct request_pair){r->headers[i].name, at};
        memcpy(at, r->headers[i].value, length);
        at += length;
    }
    make_etag(r, at);
    item->gzip_etag = at;
    item->etag = at + 2;
    item->body = memcpy(at + ETAG_TEXT, r->body, r->n_body);
    if (gzip)
        item->gzip = memcpy(at + ETAG_TEXT + r->n_body, gzip, n_gzip);
    return item;
}

static void bound_chain(struct cache *c, uint64_t hash)
{
    size_t n = 0;
    for (struct entry *e = c->chains[hash & (CHAINS - 1)], *chain; e; e = chain) {
        chain = e->chain;
        if (++n == CHAIN_MAX)
            drop(c, e);
    }
}

static struct entry *entry_new(struct cache *c, const char *key)
{
    size_t n = strlen(key) + 1;
    struct entry *e = calloc(1, sizeof(*e) + n);
    if (!e)
        return NULL;
    memcpy(e->key, key, n);
    e->hash = hash_of(key);
    e->bytes = sizeof(*e) + n;
    bound_chain(c, e->hash);
    e->chain = c->chains[e->hash & (CHAINS - 1)];
    c->chains[e->hash & (CHAINS - 1)] = e;
    c->bytes += e->bytes;
    link_newest(c, e);
    return e;
}

static void fill(struct cache *c, struct entry *e, const struct cache_ask *ask, struct cached *item)
{
    if (e->item) {
        c->bytes -= e->item->bytes;
        cached_unref(e->item);
    }
    atomic_fetch_add(&item->refs, 1);
    e->item = item;
    e->generation = ask->generation;
    e->made_ms = e->right_ms = ask->asked_ms;
    c->bytes += item->bytes;
    unlink_use(c, e);
    link_newest(c, e);
    while (c->oldest && c->bytes > c->max)
        drop(c, c->oldest);
}

/* What was asked for earlier does not take the place of what was right later. */
static void put_item(struct cache *c, const struct cache_ask *ask, struct cached *item)
{
    struct entry *e = find(c, hash_of(ask->key), ask->key);
    if (e && ask->refreshing)
        e->refreshing = false;
    if (e && e->generation != ask->generation && e->right_ms > ask->asked_ms)
        return;
    if (!e)
        e = entry_new(c, ask->key);
    if (e)
        fill(c, e, ask, item);
}

struct cached *cache_put(struct cache *c, struct cache_ask *ask, const struct reply *r)
{
    bool fits = r->kind == REPLY_BODY && r->status == 200 && r->n_body <= CACHE_ITEM_MAX;
    size_t n_gzip = 0;
    const char *gzip =
        fits && reply_compressible(r) ? reply_gzip(r->arena, r->body, r->n_body, &n_gzip) : NULL;
    struct cached *item = fits ? make_item(r, gzip, gzip ? n_gzip : 0) : NULL;
    if (!item) {
        cache_abandon(c, ask);
        return NULL;
    }
    pthread_mutex_lock(&c->lock);
    if (ask->epoch == c->epoch)
        put_item(c, ask, item);
    pthread_mutex_unlock(&c->lock);
    ask->refreshing = false;
    return item;
}

void cache_abandon(struct cache *c, struct cache_ask *ask)
{
    if (!ask->refreshing)
        return;
    ask->refreshing = false;
    pthread_mutex_lock(&c->lock);
    struct entry *e = find(c, hash_of(ask->key), ask->key);
    if (e)
        e->refreshing = false;
    pthread_mutex_unlock(&c->lock);
}
