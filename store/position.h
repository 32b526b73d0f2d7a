/* A position as bytes, for cursors: type 1 | number 8, or text length 2 and text, or id 16 | id 16.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "store/driver.h"

void store_position_write(const struct store_position *p, struct buf *out);
/* False unless the bytes are what store_position_write writes. Text is copied to the arena. */
bool store_position_read(struct arena *a, const void *bytes, size_t n, struct store_position *ret);
