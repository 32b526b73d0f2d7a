/*
 * Which documents a pump has in hand, and which it leaves alone for a while. In memory, so good for
 * a store that no other process writes to. Thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/id.h"

#define CLAIMS_MAX 65536 /* held; what is in hand is bounded by who takes it */

struct claims;

int claims_new(struct claims **ret);
void claims_free(struct claims *c);
CLEANUP_PTR(struct claims, claims_free)

/* True if the document was free and is now in hand. */
bool claims_take(struct claims *c, const struct id *id);
/* Lets go: held until an instant, or free once claims_purge has been called (hold_ms 0, or more
 * than CLAIMS_MAX are held: those that are left alone must not keep others from their turn). */
void claims_finish(struct claims *c, const struct id *id, int64_t hold_ms, bool aside);
/* Whether it is held, and was set aside; nobody is told how long such a one waits. */
bool claims_aside(struct claims *c, const struct id *id);
/* Holds it no longer, from the next claims_purge on. */
void claims_release(struct claims *c, const struct id *id);
/*
 * Forgets what was finished and what was held long enough. Called before a scan begins, never
 * while one is read: what a scan found before it was finished must not be taken a second time.
 */
void claims_purge(struct claims *c, int64_t now_ms);
size_t claims_count(struct claims *c);
