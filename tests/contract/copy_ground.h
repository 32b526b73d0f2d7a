/* What the tests of copies share: stores on the model, what is moved, and one run of a copy. */
#pragma once

#include "store/copy.h"
#include "tests/contract/fixture.h"

#define COPY_MANY 700 /* documents that copy_fill adds: some batches */
#define COPY_PIECE_SIZE (4 * 1024 * 1024)

/* A store on the model, made for one test. */
struct other {
    struct model_disk *disk;
    struct store *store;
};
struct other other_new(void);
void other_free(struct other *o); /* for CLEANUP */

int copy_insert(struct store *s, const struct thing *t);
void copy_add_documents(struct store *s, int n);
/* `size` bytes of a kind that is the number of the blob's id. */
void copy_add_blob(struct store *s, struct arena *a, int n, size_t size, bool finished);
uint8_t *copy_bytes(struct arena *a, uint8_t kind, size_t n);
void copy_add_counter(struct store *s, const char *name, int64_t value);
/* All of the above: COPY_MANY documents and one, five blobs, three counters. */
void copy_fill(struct store *s, struct arena *a);

struct ending {
    int64_t left; /* tellings until the copy is ended with E_TIMEOUT */
};
extern struct copy_result copy_result; /* of the copy last run */
/* From what the marker calls "there". e may be NULL. */
int copy_go(struct fixture *f, struct store *from, struct store *to, struct ending *e);
int copy_look(struct fixture *f, struct store *from, struct store *to);
/* 1 finished, 0 begun, -1 no copy. */
int copy_marked(struct fixture *f, struct store *s);
const struct copy_sum *copy_sum_of(const char *collection);
