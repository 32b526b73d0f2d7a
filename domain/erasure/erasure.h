/*
 * A person asks to be erased (Law 91/2025/QH15). The request waits, and may be
 * taken back, until it is due; then the person's tombstone is written, and from that instant they
 * are erased: whatever is left is removed again and again until nothing is.
 *
 *   collection `erasure`    in the data: the request, under the person's id. State ERASED says that
 *                           these data hold nothing of them any more.
 *   collection `tombstone`  in a store of its own, which no restore of data or of keys takes back.
 *
 * At each start every tombstone is held against the data: what was restored from before the erasure
 * lacks the word ERASED, or has the key again, and is erased anew before anything is served.
 */
#pragma once

#include "domain/entity/entity.h"
#include "store/store.h"

#define ERASURE_AGAIN_MS (INT64_C(10) * 60 * 1000) /* requests that were under way have ended */

enum erasure_state { ERASURE_WAITING = 1, ERASURE_CANCELLED, ERASURE_ERASING, ERASURE_ERASED };
extern const struct entity_name erasure_states[];

enum erasure_outcome {
    ERASURE_WAITS = 381, /* asked for before: *ret */
    ERASURE_LATE = 382,  /* nothing waits any more that could be taken back */
    ERASURE_EARLY = 383, /* nothing is due: taken back, or put off, this instant */
};

struct erasure {
    struct id id; /* of the person; not a field */
    int state;
    int64_t asked_ms, due_ms; /* due: when to erase, or to look again; 0 never */
    int64_t held_ms;          /* since when something open holds it up, told once; 0 nothing */
    int64_t erased_ms;
};
extern const struct entity erasure_entity;
extern const struct store_collection erasure_collection;

int erasure_get(struct store *s, const struct id *person, struct arena *a, struct erasure *ret);
/* 0, ERASURE_WAITS, E_*. */
int erasure_ask(struct store *s, const struct id *person, int64_t wait_ms, int64_t now_ms,
                struct arena *a, struct erasure *ret);
/* 0; ERASURE_LATE; STORE_ABSENT. */
int erasure_cancel(struct store *s, const struct id *person);
/* It is held up until later. STORE_UNCHANGED: it no longer waits. *ret_first: for the first time.
 */
int erasure_hold(struct store *s, const struct id *person, int64_t until_ms, int64_t now_ms,
                 bool *ret_first);
/* From now on it is not taken back; made where there is none (a restore). */
int erasure_begin(struct store *s, const struct id *person, int64_t now_ms);
/* The same, whatever was said before: there is a tombstone. */
int erasure_replay(struct store *s, const struct id *person, int64_t now_ms);
/* Nothing is left; to be looked at once more after ERASURE_AGAIN_MS, then never. */
int erasure_finish(struct store *s, const struct id *person, int64_t now_ms);
/* Persons with something due, at most `max`, in the arena. */
int erasure_due(struct store *s, int64_t now_ms, size_t max, struct arena *a, struct id **ret,
                size_t *ret_n);

/* --- tombstones ---------------------------------------------------------------------------------
 */

extern const struct store_collection tombstone_collection;

/* Written before anything is removed. Repeating is harmless. */
int tombstone_put(struct store *tombstones, const struct id *person, int64_t now_ms);
/* 0, STORE_ABSENT. */
int tombstone_get(struct store *tombstones, const struct id *person);
/* Calls fn with each, until it fails. */
int tombstone_each(struct store *tombstones, int (*fn)(const struct id *person, void *ctx),
                   void *ctx);
/* Takes over those of another store. */
int tombstone_merge(struct store *into, struct store *from);
