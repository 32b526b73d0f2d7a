/* The keyring beside the store of person keys: whether it is the right one, and moving the keys to
 * its newest key. */
#pragma once

#include "domain/person/person.h"

enum ring_outcome { RING_OTHER = 327 }; /* what is stored here was sealed by another keyring */

extern const struct store_collection ring_collection; /* of the key store */

/*
 * Whether the keyring is the one that this store was begun with, by a value derived from its lookup
 * key, which is stored the first time. 0, RING_OTHER.
 */
int ring_check(const struct people *p);

/* How a rewrap stands. */
struct ring_sums {
    int64_t looked, stale;      /* person keys seen; of them those under an older key of the ring */
    int64_t rewrapped, unsound; /* unsound: opened by no key of the ring */
    bool has_after;             /* where the next page begins */
    struct store_position after;
};
/*
 * One page of person keys, each that an older key of the ring wraps wrapped by the active one (or
 * only counted). *ret_more: there are others. Whoever was erased meanwhile stays so; a key that
 * cannot be opened is counted and left.
 */
int ring_rewrap(const struct people *p, bool count_only, struct ring_sums *sums, bool *ret_more);
