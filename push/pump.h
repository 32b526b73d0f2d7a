/*
 * Finds documents that are due and hands them to threads: the one mechanism under the dispatcher
 * (reports with events or alarms) and the sender (deliveries that wait).
 *
 * One thread scans the access path "next" for what is due and claims it; `workers` threads do the
 * work in batches. A document always goes to the thread that `shard` names, so documents of one
 * shard are worked in the order of their keys, never two at a time. Waiting for a commit is cheap
 * and a commit carries all who wait, so there are many more threads than cores.
 */
#pragma once

#include "store/store.h"

struct pump_job {
    struct pump_job *next; /* of the queue */
    struct id id;
    bson_t *doc;     /* as it was found */
    int64_t hold_ms; /* set by work: leave it alone until then; 0: it was settled */
    bool aside;      /* set by work: what is held so is not told of as lag */
};

struct pump_options {
    const char *name; /* of the threads, at most 10 characters */
    struct store *store;
    const struct store_collection *collection;
    size_t workers, batch, queue; /* batch: most jobs of one call; queue: most jobs in hand */
    size_t (*shard)(const struct id *id, const bson_t *doc); /* any number */
    /* Called by one thread at a time for each `worker`, below `workers`. Jobs stay the pump's. */
    void (*work)(void *ctx, size_t worker, struct pump_job **jobs, size_t n);
    void (*lag)(int64_t ms); /* told how long the oldest that is due has been waiting */
    bool (*may)(void *ctx);  /* whether it is this process's turn; NULL: always */
    int64_t idle_ms;         /* most between two looks; 0: a second */
    void *ctx;
};

struct pump;
int pump_new(const struct pump_options *o, struct pump **ret);
int pump_start(struct pump *p);
void pump_stop(struct pump *p); /* finishes the batches that were begun, joins; may be repeated */
void pump_free(struct pump *p); /* stops it */
CLEANUP_PTR(struct pump, pump_free)

/* What is held is looked at again. From any thread. */
void pump_release(struct pump *p, const struct id *id);
/* Something may be due. From any thread; never blocks. */
void pump_wake(struct pump *p);
/* In the calling thread, of a pump that was not started: works until nothing is due. For tests and
 * `tramctl`. Returns how many jobs were worked, or a failure of the scan. */
int pump_drain(struct pump *p);
