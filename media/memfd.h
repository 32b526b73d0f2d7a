/*
 * Files in memory, to hand bytes to a decoder: sealed, so that they cannot change or shrink while
 * they are mapped elsewhere. Every function that can fail returns 0, E_IO, E_NOMEM or E_FULL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int memfd_new(int *ret_fd); /* empty, close-on-exec; the caller closes it */
int memfd_append(int fd, const void *bytes, size_t n);
int memfd_seal(int fd); /* neither written, grown nor shrunk from now on */
bool memfd_sealed(int fd);
/* Bytes in it; -1: no file. Moves the position. */
int64_t memfd_size(int fd);
/* All of a sealed one, read-only: munmap((void *)*ret, n). n > 0. */
int memfd_map(int fd, size_t n, const uint8_t **ret);
