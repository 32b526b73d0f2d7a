#include "push/claims.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/result.h"

#define BUCKETS 4096 /* a power of two */

enum claim_state { CLAIM_IN_HAND, CLAIM_HELD, CLAIM_FINISHED };

struct claim {
    struct claim *next;
    struct id id;
    enum claim_state state;
    int64_t until_ms; /* of a held one */
    bool aside;
};

struct claims {
    pthread_mutex_t lock;
    size_t n, held;
    struct claim *buckets[BUCKETS];
};

int claims_new(struct claims **ret)
{
    *ret = calloc(1, sizeof(**ret));
    if (!*ret)
        return E_NOMEM;
    pthread_mutex_init(&(*ret)->lock, NULL);
    return 0;
}

void claims_free(struct claims *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct claim *k = c->buckets[i], *next; k; k = next) {
            next = k->next;
            free(k);
        }
    }
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* The link that points to the claim of an id, or to the NULL behind the last of its bucket. */
static struct claim **find(struct claims *c, const struct id *id)
{
    uint32_t hash; /* v7 ids differ in their last bytes, derived ones in all */
    memcpy(&hash, id->bytes + 12, sizeof(hash));
    struct claim **at = &c->buckets[hash % BUCKETS];
    while (*at && !id_equal(&(*at)->id, id))
        at = &(*at)->next;
    return at;
}

bool claims_take(struct claims *c, const struct id *id)
{
    bool taken = false;
    pthread_mutex_lock(&c->lock);
    struct claim **at = find(c, id);
    if (!*at) {
        *at = calloc(1, sizeof(**at));
        if (*at) {
            (*at)->id = *id;
            c->n++;
            taken = true;
        }
    }
    pthread_mutex_unlock(&c->lock);
    return taken;
}

void claims_finish(struct claims *c, const struct id *id, int64_t hold_ms, bool aside)
{
    pthread_mutex_lock(&c->lock);
    struct claim *k = *find(c, id);
    if (k) {
        k->state = hold_ms && c->held < CLAIMS_MAX ? CLAIM_HELD : CLAIM_FINISHED;
        c->held += k->state == CLAIM_HELD;
        k->until_ms = hold_ms;
        k->aside = aside;
    }
    pthread_mutex_unlock(&c->lock);
}

bool claims_aside(struct claims *c, const struct id *id)
{
    pthread_mutex_lock(&c->lock);
    const struct claim *k = *find(c, id);
    bool aside = k && k->state == CLAIM_HELD && k->aside;
    pthread_mutex_unlock(&c->lock);
    return aside;
}

void claims_release(struct claims *c, const struct id *id)
{
    pthread_mutex_lock(&c->lock);
    struct claim *k = *find(c, id);
    if (k && k->state == CLAIM_HELD)
        k->until_ms = 0;
    pthread_mutex_unlock(&c->lock);
}

void claims_purge(struct claims *c, int64_t now_ms)
{
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < BUCKETS && c->n > 0; i++) {
        for (struct claim **at = &c->buckets[i]; *at;) {
            struct claim *k = *at;
            if (k->state == CLAIM_FINISHED || (k->state == CLAIM_HELD && k->until_ms <= now_ms)) {
                *at = k->next;
                c->held -= k->state == CLAIM_HELD;
                free(k);
                c->n--;
            } else {
                at = &k->next;
            }
        }
    }
    pthread_mutex_unlock(&c->lock);
}

size_t claims_count(struct claims *c)
{
    pthread_mutex_lock(&c->lock);
    size_t n = c->n;
    pthread_mutex_unlock(&c->lock);
    return n;
}
