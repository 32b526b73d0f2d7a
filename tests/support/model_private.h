/* Shared by model.c, model_scan.c and model_blob.c. */
#pragma once

#include <pthread.h>

#include "tests/support/model.h"

/* Immutable once stored; sessions hold on to what they saw. `refs` is under the disk's mutex. */
struct model_doc {
    int refs;
    const struct store_collection *collection;
    struct id id;
    bson_t *doc;
};

struct model_counter {
    char *name;
    int64_t value;
};

struct model_blob {
    struct store_blob_info info;
    struct id id;
    uint8_t *bytes;
};

struct model_disk {
    pthread_mutex_t mutex;
    struct model_doc **docs;
    size_t n_docs;
    struct model_counter *counters;
    size_t n_counters;
    struct model_blob *blobs;
    size_t n_blobs;
};

struct model {
    struct store_driver driver;
    struct model_disk *disk;
};

static inline struct model_disk *model_disk_of(struct store_driver *d)
{
    return ((struct model *)d)->disk;
}

/* An array with room for one more element of `size` bytes; ends the process without memory. */
void *model_grow(void *array, size_t n, size_t size);
void model_doc_unref(struct model_doc *doc); /* holding the mutex */

int model_begin(struct store_driver *d, struct store_session **ret);
void model_end(struct store_session *s);
int model_scan(struct store_session *s, const struct store_scan *scan, struct store_cursor **ret);
int model_next(struct store_cursor *k, struct store_row *ret);
int model_tally(struct store_driver *d, const struct store_tally *t, size_t max, struct arena *a,
                struct store_tally_row **ret_rows, size_t *ret_n);

int model_blob_create(struct store_driver *d, const struct id *id);
int model_blob_append(struct store_driver *d, const struct id *id, int64_t offset,
                      const void *bytes, size_t n, int64_t *ret_size);
int model_blob_finish(struct store_driver *d, const struct id *id, struct store_blob_info *ret);
int model_blob_stat(struct store_driver *d, const struct id *id, struct store_blob_info *ret);
int model_blob_read(struct store_driver *d, const struct id *id, int64_t offset, void *out,
                    size_t n, size_t *ret_n);
int model_blob_remove(struct store_driver *d, const struct id *id);
int model_blob_list(struct store_driver *d, const struct id *after, struct id *ret_ids, size_t max,
                    size_t *ret_n);
