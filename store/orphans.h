/*
 * Blobs that no document names. A blob is stored before the document that names it, so a crash
 * between the two leaves one behind. They are listed; an hour passes, in which every request that
 * was storing one has ended; then every document that may name a blob is read, and what none of
 * them named is removed. Of a shared store each process may do so at any time.
 */
#pragma once

#include "store/store.h"

struct orphans;

/* The collections whose documents name blobs in fields of their own (ids, at the top level),
 * NULL-ended; they outlive it. NULL: no memory. */
struct orphans *orphans_new(struct store *s, const struct store_collection *const *naming);
void orphans_free(struct orphans *o);
/*
 * Does a part of what is due: call it every half minute or so, from one thread. *ret_removed is how
 * many were removed. After a failure it begins anew; but a blob that cannot be removed is passed
 * over until the next round.
 */
int orphans_step(struct orphans *o, int64_t now_ms, size_t *ret_removed);
