/*
 * What a person is given of everything kept about them: the job that makes it. A node claims a job
 * for a while and renews that by telling how far it is; a claim that ran out is another node's to
 * take, from the beginning. The result is a blob sealed under a key of its own, which is sealed
 * under the person's: with the person's key it is gone.
 *
 * The id of a job is derived from person, day and which of the day it is, so that two requests at
 * once make one.
 */
#pragma once

#include "base/crypto/seal.h"
#include "domain/entity/entity.h"
#include "domain/person/person.h"
#include "store/store.h"

#define EXPORT_CLAIM_MS INT64_C(60000) /* how long a claim stands unless it is renewed */
#define EXPORT_TRIES_MAX 5
#define EXPORT_A_DAY_MAX 50 /* of what the configuration may say */

enum export_state {
    EXPORT_QUEUED = 1,
    EXPORT_RUNNING,
    EXPORT_READY,
    EXPORT_FAILED,
    EXPORT_REMOVED,
};
extern const struct entity_name export_states[];

enum export_outcome {
    EXPORT_GOING = 341,  /* one is being made: *ret */
    EXPORT_ENOUGH = 342, /* no more today; *ret_retry_ms */
    EXPORT_LOST = 343,   /* the job is gone, or another's now */
};

struct export
{
    struct id id; /* not a field */
    struct id owner;
    int64_t level; /* of the session that asked: without an e-ID nothing of the e-ID is given */
    int state;
    int64_t asked_ms, done, total; /* total 0: not counted yet */
    int64_t tries;
    struct id worker; /* who has claimed it */
    int64_t next_ms;  /* when a worker must look: asked for, or the claim runs out; 0 never */
    struct id blob;   /* being written, or whole */
    int64_t size;     /* plain bytes */
    struct entity_bytes key;
    int64_t ready_ms, expires_ms;
};
extern const struct entity export_entity;
extern const struct store_collection export_collection;

int export_decode(const bson_t *doc, struct arena *a, struct export *ret);
int export_get(struct store *s, const struct id *id, struct arena *a, struct export *ret);
/* Newest first, at most `max` (<= 50). */
int export_list(struct store *s, const struct id *owner, size_t max, struct arena *a,
                struct export **ret, size_t *ret_n);

/* Asks for one. 0, EXPORT_GOING, EXPORT_ENOUGH, E_*. */
int export_ask(struct store *s, const struct id *owner, int64_t level, int64_t a_day,
               int64_t keep_ms, int64_t now_ms, struct arena *a, struct export *ret,
               int64_t *ret_retry_ms);

/* --- whoever makes it ---------------------------------------------------------------------------
 */

/* The first job that wants doing, claimed for `worker`. STORE_ABSENT: none. A job that was tried
 * too often fails. */
int export_claim(struct store *s, const struct id *worker, int64_t now_ms, struct arena *a,
                 struct export *ret);
/* Jobs of a process that is no more, on a store that no other process has: they are free again. */
int export_free_all(struct store *s, int64_t now_ms);
/* The blob that is being written; then how far it is; each renews the claim. 0, EXPORT_LOST. */
int export_writes(struct store *s, struct export *job, const struct id *blob,
                  const struct entity_bytes *key, int64_t now_ms);
int export_tell(struct store *s, struct export *job, int64_t done, int64_t total, int64_t now_ms);
int export_finish(struct store *s, struct export *job, int64_t size, int64_t keep_ms,
                  int64_t now_ms);
/* Given back: after a failure it is tried again a little later, else at once. */
int export_give_back(struct store *s, struct export *job, bool failed, int64_t now_ms);

/* A new key for the blob and its sealed form, in the arena. 0, PERSON_ERASED. */
int export_key_new(const struct people *p, const struct export *job, struct arena *a,
                   uint8_t key[SEAL_KEY], struct entity_bytes *ret);
int export_key_open(const struct people *p, const struct export *job, uint8_t key[SEAL_KEY]);

/* --- ends ---------------------------------------------------------------------------------------
 */

/* Removes the file alone; that it was asked for stays until its time. */
int export_drop_file(struct store *s, const struct export *job);
/* Removes the job and its blob. */
int export_drop(struct store *s, const struct export *job);
/* Those that expired, at most `max`. */
int export_sweep(struct store *s, int64_t now_ms, size_t max);
/* All of one person, a page a call: who is merged or erased. It can be asked for again. */
int export_drop_all(struct store *s, const struct id *owner, struct arena *a, bool *ret_more);
