/* Shared by copy.c, copy_move.c and copy_verify.c. */
#pragma once

#include "store/copy.h"
#include "store/private.h"

#define COPY_BATCH 256                     /* documents of one insert */
#define COPY_BATCH_BYTES (4 * 1024 * 1024) /* of them; one command of any engine */
#define COPY_PIECE (4 * 1024 * 1024)       /* of a blob */
#define COPY_IDS 1024                      /* blobs of one listing */
#define COPY_COUNTERS 256                  /* counters of one listing */

struct copying {
    const struct copy *copy;
    const struct copy_part *part;
    struct copy_progress progress;
    struct arena *arena;
    struct copy_result *result;
};

static inline struct store_driver *copy_side(const struct copying *c, int side)
{
    return side == 0 ? c->part->from->driver : c->part->to->driver;
}

/* Begins the next step: what of, and how much there is of it. */
int copy_step(struct copying *c, const char *what, int64_t total);
int copy_tell(struct copying *c, int64_t done);
/* Remembers where it failed; returns `done`. */
int copy_at(struct copying *c, const char *what, const struct id *id, int done);
int copy_count(struct store_driver *d, const struct store_collection *c, int64_t *ret);
int copy_count_blobs(struct store_driver *d, int64_t *ret);

/* One of each part. */
int copy_documents(struct copying *c, const struct store_collection *collection);
int copy_blobs(struct copying *c);
int copy_counters(struct copying *c);

int copy_compare(struct copying *c); /* all parts; 0 or COPY_DIFFERS */
