/*
 * Verified access tokens, so that a signature is checked once a minute and not at each request. The
 * table is small and fixed; a token that finds no place is simply verified again. Sessions that
 * ended here are forgotten at once; those ended at another node within a minute.
 */
#include <stdlib.h>
#include <string.h>

#include "base/crypto/mac.h"
#include "gateway/private.h"

#define TOKENS 16384 /* a power of two */
#define PROBES 4
#define LIFE_MS 60000

struct known {
    uint8_t digest[32]; /* of the token: a stranger cannot choose what it collides with */
    struct identity who;
    int64_t until_ms; /* 0: free */
};

struct token_cache {
    pthread_mutex_t lock;
    uint64_t epoch; /* counts sessions that ended */
    struct known items[TOKENS];
};

struct token_cache *token_cache_new(void)
{
    struct token_cache *t = calloc(1, sizeof(*t));
    if (t)
        pthread_mutex_init(&t->lock, NULL);
    return t;
}

void token_cache_free(struct token_cache *t)
{
    if (!t)
        return;
    pthread_mutex_destroy(&t->lock);
    free(t);
}

static size_t slot_of(const uint8_t digest[32])
{
    uint32_t at;
    memcpy(&at, digest, sizeof(at));
    return at;
}

bool token_cache_get(struct token_cache *t, const char *token, int64_t now_ms, struct identity *ret)
{
    uint8_t digest[32];
    mac_sha256(token, strlen(token), digest);
    bool found = false;
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < PROBES && !found; i++) {
        const struct known *c = &t->items[(slot_of(digest) + i) & (TOKENS - 1)];
        if (c->until_ms > now_ms && memcmp(c->digest, digest, sizeof(digest)) == 0) {
            *ret = c->who;
            found = true;
        }
    }
    pthread_mutex_unlock(&t->lock);
    return found;
}

uint64_t token_cache_epoch(struct token_cache *t)
{
    pthread_mutex_lock(&t->lock);
    uint64_t epoch = t->epoch;
    pthread_mutex_unlock(&t->lock);
    return epoch;
}

void token_cache_put(struct token_cache *t, const char *token, const struct identity *who,
                     uint64_t epoch, int64_t now_ms)
{
    uint8_t digest[32];
    mac_sha256(token, strlen(token), digest);
    int64_t until = now_ms + LIFE_MS < who->expires_ms ? now_ms + LIFE_MS : who->expires_ms;
    pthread_mutex_lock(&t->lock);
    struct known *place = NULL;
    for (size_t i = 0; i < PROBES; i++) {
        struct known *c = &t->items[(slot_of(digest) + i) & (TOKENS - 1)];
        if (!place || c->until_ms < place->until_ms)
            place = c;
    }
    if (epoch == t->epoch) { /* else its session may have ended while it was verified */
        memcpy(place->digest, digest, sizeof(digest));
        place->who = *who;
        place->until_ms = until;
    }
    pthread_mutex_unlock(&t->lock);
}

void token_cache_forget(struct token_cache *t, const struct id *session)
{
    pthread_mutex_lock(&t->lock);
    t->epoch++;
    for (size_t i = 0; i < TOKENS; i++) {
        if (t->items[i].until_ms && id_equal(&t->items[i].who.session, session))
            t->items[i].until_ms = 0;
    }
    pthread_mutex_unlock(&t->lock);
}
