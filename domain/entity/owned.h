/*
 * What belongs to somebody, a page of a collection a call: persons turn out to be another
 * (domain/person/merge.h), or are erased.
 */
#pragma once

#include "domain/entity/entity.h"
#include "store/store.h"

#define OWNED_PAGE 50

/* How the documents of one owner are found: a row of the table (ENTITY_ID), and an access path of
 * the collection that begins with it. */
struct owned {
    const struct store_collection *collection;
    const struct entity *entity;
    const char *owner;
    const char *order;
};

/*
 * Changes a page of what is `owner`'s. fn takes the owner from each, or returns STORE_UNCHANGED: a
 * page of nothing but these is the last, for it would be found again. 0 or E_*.
 */
int owned_each(struct store *s, const struct owned *o, const struct id *owner, store_change_fn fn,
               void *ctx, struct arena *a, bool *ret_more);

/* A page of what is from's is into's: that row changes and nothing else. Equal: nothing is done. */
int owned_reown(struct store *s, const struct owned *o, const struct id *from,
                const struct id *into, struct arena *a, bool *ret_more);
