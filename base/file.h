/* Small files read whole, as operators name them. Thread-safe. */
#pragma once

#include <stddef.h>

#include "base/buf.h"

/*
 * Appends the bytes of a regular file of at most `max` bytes to `ret`. The last part of the path is
 * not followed if it is a symbolic link. E_IO if it cannot be read or is not a regular file (errno
 * says why), E_FULL if it is longer, or longer than `ret` takes.
 */
int file_read(const char *path, size_t max, struct buf *ret);
