/* The differential test: what an operation is, how one is drawn, and how it is done on a store. */
#pragma once

#include "base/buf.h"
#include "store/store.h"
#include "tests/contract/engine.h"
#include "tests/contract/things.h"

#define RANDOM_IDS 120 /* documents are among so many ids, so that operations meet */
#define RANDOM_SLOTS 6 /* blobs */
#define RANDOM_MANY 5  /* documents of one insert */

/* splitmix64 */
struct random {
    uint64_t state;
    bool counts_only; /* one of the engines does not add up */
};
uint64_t random_next(struct random *r);
int random_below(struct random *r, int n); /* 0 to n - 1 */
bool random_chance(struct random *r, int of_hundred);

/* One of the two stores. */
struct side {
    int index;
    struct ground ground;
    struct store *store;
    struct store_driver *faulty; /* the store's driver */
    struct {
        bool made;
        struct id id;
    } blobs[RANDOM_SLOTS];
};

/* Opens the store on its ground, prepared or used before; without faults. */
int side_open(struct side *s);

/* What an operation is made of; each kind uses what it needs. Everything is in the arena. */
struct op {
    const char *text; /* readable */
    int n;            /* a document, a blob's slot, or a set of sides */
    struct thing bodies[RANDOM_MANY];
    size_t n_bodies;
    struct store_write write;
    struct store_change_options options;
    int32_t outcome; /* for the write record */
    int result;      /* of the change function */
    int64_t version; /* distance to the stored one; below 0: any */
    struct store_query query;
    struct store_tally_query tally;
    const char *counter;
    const char *bytes;
    int64_t by;    /* added to a counter, or to the offset that would be right */
    uint64_t seed; /* of faults; 0 ends them */
};

typedef void draw_fn(struct random *r, struct arena *a, struct op *op);
/* Does it and writes the answer, the same on every engine, as text. */
typedef void apply_fn(struct side *s, const struct op *op, struct arena *a, struct buf *answer);

draw_fn draw_insert, draw_create, draw_change, draw_remove, draw_number, draw_scan, draw_walk,
    draw_tally, draw_bump, draw_slot, draw_append, draw_faults, draw_sides;
apply_fn apply_insert, apply_create, apply_change, apply_remove, apply_get, apply_scan, apply_walk,
    apply_tally, apply_bump, apply_counters, apply_blob_create, apply_blob_append,
    apply_blob_finish, apply_blob_read, apply_blob_remove, apply_blob_list, apply_faults,
    apply_reopen;

/* random_query.c: queries, and readable conditions. */
void draw_conditions(struct random *r, struct arena *a, const char *const *fields, size_t n_fields,
                     struct store_condition **ret, size_t *ret_n);
const char *conditions_text(struct arena *a, const struct store_condition *conditions, size_t n);
/* A value out of those that documents have, and a few that none has. */
struct store_value draw_value(struct random *r, const struct store_field *f);
const char *value_text(struct arena *a, const struct store_value *v);
/* Words that documents have. */
const char *draw_word(struct random *r);
