/*
 * Blobs that are sealed in frames (base/crypto/frames.h): written once from start to end, read at
 * any offset. Offsets and sizes are of plain bytes. A writer belongs to one thread; a reader is
 * immutable once opened.
 */
#pragma once

#include "base/crypto/frames.h"
#include "store/store.h"

struct sealed_writer {
    struct store *store;
    struct id blob;
    struct frames frames;
    uint8_t *plain, *sealed;
    size_t n;         /* waiting in `plain` */
    uint32_t index;   /* of the next frame */
    size_t out;       /* waiting in `sealed` */
    int64_t at, size; /* stored bytes; plain bytes */
};

/* A new blob, w->blob; if what follows fails, the caller removes it. */
int sealed_begin(struct store *s, const uint8_t key[SEAL_KEY], const struct seal_about *about,
                 struct sealed_writer *w);
int sealed_write(struct sealed_writer *w, const void *bytes, size_t n);
/* The last frame; w->size is what was written in all. */
int sealed_end(struct sealed_writer *w);
void sealed_writer_release(struct sealed_writer *w); /* wipes; the blob stays */

struct sealed_reader {
    struct store *store;
    struct id blob;
    int64_t size;
    struct frames frames;
};

/* A stored one of `size` plain bytes. E_CORRUPT, STORE_ABSENT. */
int sealed_open(struct store *s, const struct id *blob, int64_t size, const uint8_t key[SEAL_KEY],
                const struct seal_about *about, struct sealed_reader *r);
/* As store_blob_read: *ret_n is short only at the end. E_CORRUPT if it is not what was sealed, or
 * is gone. */
int sealed_read(const struct sealed_reader *r, int64_t offset, void *out, size_t n, size_t *ret_n);
void sealed_close(struct sealed_reader *r);
