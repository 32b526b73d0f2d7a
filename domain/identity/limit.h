/*
 * Limits that hold across processes and restarts: so many of a kind for one key in a window. A
 * document a key and window; the sweep removes what is over. Keys are derived, so that the store
 * holds neither phone numbers nor addresses.
 */
#pragma once

#include "domain/entity/entity.h"
#include "store/store.h"

enum limit_outcome {
    LIMIT_REACHED = 301, /* *ret_retry_ms says after how long it is worth trying again */
};

struct limit_rule {
    const char *kind; /* "otp.number.hour" */
    int64_t window_ms;
    int64_t max;
};

extern const struct store_collection limit_collection;

/* Takes one of the rule for the key, or says that none is left. */
int limit_take(struct store *s, const struct limit_rule *rule, const void *key, size_t n,
               int64_t now_ms, int64_t *ret_retry_ms);

/* Takes `many` at once, or none. */
int limit_take_many(struct store *s, const struct limit_rule *rule, int64_t many, const void *key,
                    size_t n, int64_t now_ms, int64_t *ret_retry_ms);

/* Removes documents of an expiring collection whose `expires` is past, at most `max`. */
int expiry_sweep(struct store *s, const struct store_collection *c, int64_t now_ms, size_t max,
                 size_t *ret_removed);
