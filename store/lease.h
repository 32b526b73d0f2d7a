/*
 * What one process of several does, for as long as it renews: dispatching, sending, sweeping. Only
 * for stores that are shared; an exclusive one has no other process.
 *
 * Clocks of machines are never compared. A lease is a document whose version rises with each
 * renewal; who sees one version stand still for `life_ms` by its own monotonic clock takes it over.
 * The holder counts from before it sent its renewal, and stops at two thirds of that time: so it
 * has stopped before another begins, however slow the store is. What is done under a lease is
 * idempotent all the same, for a process may be stopped between looking and doing.
 */
#pragma once

#include "store/store.h"

extern const struct store_collection lease_collection; /* declared by who opens a shared store */

enum lease_outcome { LEASE_ELSEWHERE = 1 };

/* One thread tries; any thread may ask lease_holds. */
struct lease {
    struct id id, node;
    int64_t life_ms;
    int64_t seen_version, seen_ms; /* another's, and since when it stands */
    _Atomic int64_t until_ms;      /* held until, monotonic; 0 not held */
};

/* `node` is random, one a process. life_ms: renew it several times within. */
void lease_init(struct lease *l, const char *name, const struct id *node, int64_t life_ms);
/* Takes, renews or watches: 0 held, LEASE_ELSEWHERE, or a failure (then what was held runs on). */
int lease_try(struct store *s, struct lease *l, int64_t monotonic_ms);
bool lease_holds(const struct lease *l, int64_t monotonic_ms);
/* Lets go at once, so that another need not wait. */
int lease_give(struct store *s, struct lease *l);
