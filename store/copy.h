/*
 * Whole stores moved from one engine to another: the documents of every declared collection, blobs
 * finished or not, and counters, as they are. Nobody serves either side meanwhile.
 *
 * The first part's target holds a marker, a document of copy_collection, from before the first
 * write until the very end: who opens a store whose copy is not finished must refuse it. A copy may
 * end at any moment and be begun again: it goes on behind what the target has. Documents go in the
 * order of their ids, in batches one after another, so that only the last batch may have holes; it
 * is sent again. At the end both sides are read whole and compared.
 */
#pragma once

#include "store/store.h"

extern const struct store_collection copy_collection; /* itself never copied */

enum copy_outcome {
    COPY_FROM_NOTHING = 1,    /* the source holds nothing */
    COPY_FROM_UNFINISHED = 2, /* the source is a copy that was not finished */
    COPY_SERVED = 3,          /* somebody renews a lease in one of the stores */
    COPY_TAKEN = 4,           /* the target holds something that no copy brought; *ret says what */
    COPY_OTHER = 5,           /* the target holds what was copied from elsewhere */
    COPY_DIFFERS = 6,         /* the two sides are not the same; the result says where */
};

struct copy_part {
    const char *name; /* "data" */
    struct store *from, *to;
};

/* How far it has come. */
struct copy_progress {
    bool verifying;
    const char *part, *what; /* a collection's name, "blobs" or "counters" */
    size_t step, steps;      /* from 1, over all parts: collections, blobs and counters */
    int64_t done, total;     /* of `what` */
    int64_t bytes;           /* of blobs, all together */
};

struct copy {
    const struct copy_part *parts;
    size_t n;
    const char *from; /* what tells this source from others, as the marker keeps it; no secrets */
    int64_t watch_ms; /* how long a lease must stand still to be a dead process's; 0: not looked at
                       */
    /* A failure that it returns ends the copy there. */
    int (*tell)(const struct copy_progress *p, void *ctx);
    void *ctx;
};

/* A collection on both sides; `sha256` is over its documents in the order of their ids. */
struct copy_sum {
    const char *part, *collection;
    int64_t count[2]; /* from, to */
    uint8_t sha256[2][32];
    bool differs;
    struct id first; /* that differs */
};

struct copy_marker {
    const char *from; /* in the arena */
    int64_t begun_ms;
    int64_t finished_ms; /* 0: it is not finished */
};

struct copy_result {
    struct copy_sum *sums; /* in the arena */
    size_t n_sums;
    int64_t documents, blobs, bytes, counters; /* at the source */
    int64_t blobs_differ, counters_differ;     /* how many */
    const char *blob, *counter;                /* the first that differs, NULL if none does */
    struct copy_marker marker;                 /* as it was found; `from` NULL if there was none */
    const char *at; /* "report 0190…": where a failure or an outcome was met; may be NULL */
};

/* All of it: 0 and the marker says finished; an outcome or a failure. Copies nothing where the copy
 * is finished already, but compares. */
int copy_run(const struct copy *c, struct arena *a, struct copy_result *ret);
/* Only compares: 0, COPY_DIFFERS or a failure. */
int copy_verify(const struct copy *c, struct arena *a, struct copy_result *ret);

/* 0, or STORE_ABSENT: the store is not a copy. */
int copy_marker_read(struct store *s, struct arena *a, struct copy_marker *ret);
