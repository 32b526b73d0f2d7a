/*
 * A ZIP written as a stream: what is added leaves by a sink, and nothing but the directory of
 * entries (some 150 bytes each) is kept. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct zip;

/* Takes what leaves, in order. 0, or what zip_* then returns. */
typedef int (*zip_sink_fn)(void *ctx, const void *bytes, size_t n);

int zip_new(zip_sink_fn sink, void *ctx, struct zip **ret);
void zip_free(struct zip *z); /* without zip_end what was written is no ZIP */
CLEANUP_PTR(struct zip, zip_free)

/* Begins an entry of `size` bytes; packed: deflated, else stored as it is (a JPEG). The name is
 * ASCII with '/' between folders. */
int zip_begin(struct zip *z, const char *name, int64_t size, bool packed, int64_t time_ms);
/* Bytes of it; together as many as announced. */
int zip_add(struct zip *z, const void *bytes, size_t n);
/* The directory: the ZIP is whole. */
int zip_end(struct zip *z);
