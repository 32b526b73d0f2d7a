/*
 * What was synced, and in which state: fsync and fdatasync of the test program note the file before
 * they do their work. A file counts as synced if nothing was written to it since; a folder, if no
 * name in it was made, changed or removed since. Included once by a test program, before others.
 */
#pragma once

#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SYNC_SEEN_MAX 16384

static struct sync_seen {
    struct stat files[SYNC_SEEN_MAX];
    size_t n;
    pthread_mutex_t lock;
} sync_seen = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int sync_note(int fd, long call)
{
    pthread_mutex_lock(&sync_seen.lock);
    if (sync_seen.n == SYNC_SEEN_MAX || fstat(fd, &sync_seen.files[sync_seen.n++]) != 0)
        abort();
    pthread_mutex_unlock(&sync_seen.lock);
    return (int)syscall(call, fd);
}

int fsync(int fd)
{
    return sync_note(fd, SYS_fsync);
}

int fdatasync(int fd)
{
    return sync_note(fd, SYS_fdatasync);
}

static inline void sync_forget(void)
{
    sync_seen.n = 0;
}

static inline bool sync_was_seen(const char *path)
{
    struct stat now;
    if (lstat(path, &now) != 0)
        return false;
    for (size_t i = 0; i < sync_seen.n; i++) {
        const struct stat *seen = &sync_seen.files[i];
        if (seen->st_dev == now.st_dev && seen->st_ino == now.st_ino &&
            seen->st_size == now.st_size && seen->st_mtim.tv_sec == now.st_mtim.tv_sec &&
            seen->st_mtim.tv_nsec == now.st_mtim.tv_nsec)
            return true;
    }
    return false;
}

static inline int sync_check(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    if (!sync_was_seen(path))
        fail_msg("%s was not synced as it stands", path);
    return 0;
}

static inline int sync_check_file(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    char folder[512];
    (void)st;
    if (kind != FTW_F)
        return 0;
    snprintf(folder, sizeof(folder), "%.*s", at->base - 1, path);
    return sync_check(path, NULL, kind, at) || sync_check(folder, NULL, kind, at);
}

/* Every file below, and the folders that name files. */
static inline void sync_check_files(const char *path)
{
    assert_int_equal(nftw(path, sync_check_file, 16, FTW_PHYS), 0);
}

/* The folder, and every file and folder in it. */
static inline void sync_check_all(const char *path)
{
    assert_int_equal(nftw(path, sync_check, 16, FTW_PHYS), 0);
}
