/*
 * The calls by which the engine changes files itself: blobs, and the folder that holds the
 * database. (What SQLite writes goes through its VFS.) A table, so that a test can stand between
 * the engine and the disk, drop what was not synced, and so prove that each sync is needed.
 *
 * Each returns what the system call does: -1 with errno on failure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct blob_io {
    int (*create)(const char *path); /* new file, mode 0600, open for writing; EEXIST if there */
    ssize_t (*write_at)(int fd, const void *bytes, size_t n, off_t offset);
    /* Bytes that files may still take on the disk of this one. The last 64 MiB, of a small disk the
     * last sixteenth, are kept for documents: what is refused for lack of room is the photo, not
     * the report. */
    int64_t (*room)(int fd);
    int (*truncate)(int fd, off_t size);
    int (*sync)(int fd);                  /* contents and size */
    int (*sync_folder)(const char *path); /* the entries of a folder: created, renamed, removed */
    int (*rename)(const char *from, const char *to); /* replaces `to` */
    int (*remove)(const char *path);
};

extern const struct blob_io blob_io_system;
