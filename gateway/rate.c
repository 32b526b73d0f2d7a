/*
 * Token buckets by class and visitor. A visitor is a signed-in subject, or an address (IPv6 by its
 * /64). Addresses are generous: a whole mobile network may share one. The table is of fixed size; a
 * visitor that finds no place takes the one of its neighbourhood that was unused longest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/private.h"

#define BUCKETS 65536 /* a power of two; 2 MiB */
#define PROBES 8

/* A bucket holds `burst` and refills at `per_minute`. */
static const struct rate_class_row {
    const char *policy;
    struct {
        double per_minute, burst;
    } by[2]; /* [0] an address, [1] a person who signed in */
} classes[] = {
    [RATE_READ] = {"read", {{6000, 1200}, {600, 120}}},
    [RATE_WRITE] = {"write", {{1200, 300}, {60, 30}}},
    [RATE_UPLOAD] = {"upload", {{6000, 1200}, {1200, 240}}},
    [RATE_SIGN_IN] = {"sign-in", {{600, 120}, {30, 15}}},
    [RATE_STREAM] = {"stream", {{1200, 300}, {30, 15}}},
    [RATE_NONE] = {NULL, {{0, 0}, {0, 0}}},
};

struct bucket {
    uint8_t key[16];
    int64_t at_ms; /* 0: free */
    float left;
    uint8_t class, signed_in;
};

/* A row, scaled, and what RateLimit-Policy says of it. */
struct limit {
    double burst, per_ms;
    char policy[64];
};

struct rate_table {
    struct limit limits[ARRAY_LEN(classes)][2];
    struct bucket buckets[BUCKETS];
};

static int64_t window_s(const struct limit *l)
{
    return (int64_t)(l->burst / l->per_ms / 1000);
}

struct rate_table *rate_table_new(int64_t percent)
{
    struct rate_table *t = calloc(1, sizeof(*t));
    for (size_t i = 0; t && i < ARRAY_LEN(classes); i++) {
        for (size_t who = 0; classes[i].policy && who < 2; who++) {
            struct limit *l = &t->limits[i][who];
            l->burst = classes[i].by[who].burst * (double)percent / 100;
            l->per_ms = classes[i].by[who].per_minute * (double)percent / 100 / 60000;
            snprintf(l->policy, sizeof(l->policy), "\"%s\";q=%lld;w=%lld", classes[i].policy,
                     (long long)l->burst, (long long)window_s(l));
        }
    }
    return t;
}

void rate_table_free(struct rate_table *t)
{
    free(t);
}

static uint64_t hash(const uint8_t key[16], unsigned salt)
{
    uint64_t h = UINT64_C(14695981039346656037) ^ salt; /* FNV-1a */
    for (size_t i = 0; i < 16; i++)
        h = (h ^ key[i]) * UINT64_C(1099511628211);
    return h ^ (h >> 32);
}

static struct bucket *find(struct rate_table *t, enum rate_class class, const uint8_t key[16],
                           bool signed_in)
{
    uint64_t at = hash(key, (unsigned)class * 2 + signed_in);
    struct bucket *oldest = NULL;
    for (unsigned i = 0; i < PROBES; i++) {
        struct bucket *b = &t->buckets[(at + i) & (BUCKETS - 1)];
        if (b->at_ms && b->class == class && b->signed_in == signed_in &&
            memcmp(b->key, key, 16) == 0)
            return b;
        if (!oldest || b->at_ms < oldest->at_ms)
            oldest = b;
    }
    *oldest = (struct bucket){.class = (uint8_t) class, .signed_in = signed_in};
    memcpy(oldest->key, key, 16);
    return oldest;
}

struct rate_verdict rate_take(struct rate_table *t, enum rate_class class, const uint8_t key[16],
                              bool signed_in, int64_t monotonic_ms)
{
    const struct rate_class_row *row = &classes[class];
    if (!row->policy)
        return (struct rate_verdict){.allowed = true};
    const struct limit *l = &t->limits[class][signed_in];
    double burst = l->burst, per_ms = l->per_ms;
    struct bucket *b = find(t, class, key, signed_in);
    double left = burst;
    if (b->at_ms)
        left = (double)b->left + (double)(monotonic_ms - b->at_ms) * per_ms;
    if (left > burst)
        left = burst;
    struct rate_verdict v = {
        .allowed = left >= 1,
        .name = row->policy,
        .policy = l->policy,
        .limit = (int64_t)burst,
    };
    if (v.allowed)
        left -= 1;
    else
        v.retry_ms = (int64_t)((1 - left) / per_ms) + 1;
    b->left = (float)left;
    b->at_ms = monotonic_ms > 0 ? monotonic_ms : 1;
    v.remaining = (int64_t)left;
    v.reset_s = (int64_t)((burst - left) / per_ms / 1000) + 1;
    return v;
}
