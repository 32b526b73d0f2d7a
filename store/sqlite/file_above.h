/*
 * A file of SQLite that stands above another and hands on what it does not do itself, and the VFS
 * that opens such files (https://sqlite.org/vfs.html, "Shims").
 */
#pragma once

#include <sqlite3.h>

/* Comes first in a struct of one's own, behind which the file below lies. */
struct file_above {
    sqlite3_file base;
    sqlite3_file *below;
};

int file_above_close(sqlite3_file *f);
int file_above_read(sqlite3_file *f, void *out, int n, sqlite3_int64 offset);
int file_above_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 offset);
int file_above_truncate(sqlite3_file *f, sqlite3_int64 size);
int file_above_sync(sqlite3_file *f, int flags);
int file_above_size(sqlite3_file *f, sqlite3_int64 *ret);
int file_above_lock(sqlite3_file *f, int level);
int file_above_unlock(sqlite3_file *f, int level);
int file_above_check_lock(sqlite3_file *f, int *ret);
int file_above_control(sqlite3_file *f, int op, void *arg);
int file_above_sector_size(sqlite3_file *f);
int file_above_characteristics(sqlite3_file *f);
/* Version 2 of the methods: for a database with a log. */
int file_above_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret);
int file_above_shm_lock(sqlite3_file *f, int offset, int n, int flags);
void file_above_shm_barrier(sqlite3_file *f);
int file_above_shm_unmap(sqlite3_file *f, int delete_flag);
/* Version 3: only above a file that has it. */
int file_above_fetch(sqlite3_file *f, sqlite3_int64 offset, int n, void **ret);
int file_above_unfetch(sqlite3_file *f, sqlite3_int64 offset, void *page);

/* Of a table of methods: all of version 2, handed on. */
#define FILE_ABOVE_METHODS_2                                                                       \
    .xClose = file_above_close, .xRead = file_above_read, .xWrite = file_above_write,              \
    .xTruncate = file_above_truncate, .xSync = file_above_sync, .xFileSize = file_above_size,      \
    .xLock = file_above_lock, .xUnlock = file_above_unlock,                                        \
    .xCheckReservedLock = file_above_check_lock, .xFileControl = file_above_control,               \
    .xSectorSize = file_above_sector_size, .xDeviceCharacteristics = file_above_characteristics,   \
    .xShmMap = file_above_shm_map, .xShmLock = file_above_shm_lock,                                \
    .xShmBarrier = file_above_shm_barrier, .xShmUnmap = file_above_shm_unmap

/* Of a VFS that vfs_above made: the VFS below. */
static inline sqlite3_vfs *vfs_below(const sqlite3_vfs *v)
{
    return v->pAppData;
}

typedef int (*vfs_open_fn)(sqlite3_vfs *, sqlite3_filename, sqlite3_file *, int, int *);

/*
 * The name of the VFS `kind` above another (NULL: the system's), registered when first asked for;
 * its files are opened by `open` into `size` bytes with the file below behind them. That of the
 * VFS below if there is no memory for it. Such a VFS stays until the process ends.
 */
const char *vfs_above(const char *kind, const char *under, int size, vfs_open_fn open);
