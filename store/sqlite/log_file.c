/*
 * The log as the writer's connection writes it. SQLite gives each page to the file in two calls, a
 * header of 24 bytes and the page, and no write of it begins at a page of the file: the kernel
 * looks up, locks and partly clears each of its pages twice (measured: a quarter of the writer's
 * time). Here they are gathered and go down some dozens of pages at a time.
 *
 * What is gathered reaches the file before anything else is done to it: sync, read, truncate. Other
 * connections read of the log only what a commit has published, and with synchronous=FULL a commit
 * publishes nothing before it has synced. A write that fails may be told of one call later, and
 * then by the sync: both are inside the same commit, which fails either way.
 */
#include <stdlib.h>
#include <string.h>

#include "store/sqlite/engine.h"
#include "store/sqlite/file_above.h"

#define GATHER_MAX (30 * (24 + 4096)) /* the system's VFS takes less than 128 KiB a call */

struct log_file {
    struct file_above above;
    sqlite3_int64 offset; /* where the gathered bytes belong */
    int n;
    char *bytes; /* GATHER_MAX */
};

/* What could not be written is forgotten: whoever wrote it is told, and writes it anew or not. */
static int put_down(sqlite3_file *f)
{
    struct log_file *l = (struct log_file *)f;
    int n = l->n;
    l->n = 0;
    return n ? file_above_write(f, l->bytes, n, l->offset) : SQLITE_OK;
}

static int log_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 offset)
{
    struct log_file *l = (struct log_file *)f;
    int code = SQLITE_OK;
    if (offset != l->offset + l->n || n > GATHER_MAX - l->n)
        code = put_down(f);
    if (code != SQLITE_OK)
        return code;
    if (n > GATHER_MAX)
        return file_above_write(f, bytes, n, offset);
    if (l->n == 0)
        l->offset = offset;
    memcpy(l->bytes + l->n, bytes, (size_t)n);
    l->n += n;
    return SQLITE_OK;
}

static int log_close(sqlite3_file *f)
{
    put_down(f); /* never synced, so never promised */
    free(((struct log_file *)f)->bytes);
    return file_above_close(f);
}

static int log_read(sqlite3_file *f, void *out, int n, sqlite3_int64 offset)
{
    int code = put_down(f);
    return code == SQLITE_OK ? file_above_read(f, out, n, offset) : code;
}

static int log_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    int code = put_down(f);
    return code == SQLITE_OK ? file_above_truncate(f, size) : code;
}

static int log_sync(sqlite3_file *f, int flags)
{
    int code = put_down(f);
    return code == SQLITE_OK ? file_above_sync(f, flags) : code;
}

static int log_size(sqlite3_file *f, sqlite3_int64 *ret)
{
    int code = put_down(f);
    return code == SQLITE_OK ? file_above_size(f, ret) : code;
}

static int log_control(sqlite3_file *f, int op, void *arg)
{
    int code = put_down(f);
    return code == SQLITE_OK ? file_above_control(f, op, arg) : code;
}

/* A log is neither mapped nor shared memory: the first version of the methods is all it needs. */
static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = file_above_lock,
    .xUnlock = file_above_unlock,
    .xCheckReservedLock = file_above_check_lock,
    .xFileControl = log_control,
    .xSectorSize = file_above_sector_size,
    .xDeviceCharacteristics = file_above_characteristics,
};

/* Every other file is the one below, and nothing stands between. */
static int log_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags,
                    int *ret_flags)
{
    sqlite3_vfs *under = vfs_below(vfs);
    if (!(flags & SQLITE_OPEN_WAL))
        return under->xOpen(under, name, f, flags, ret_flags);
    struct log_file *l = (struct log_file *)f;
    l->above.base.pMethods = NULL;
    l->above.below = (sqlite3_file *)(l + 1);
    l->offset = l->n = 0;
    l->bytes = malloc(GATHER_MAX);
    if (!l->bytes)
        return SQLITE_NOMEM;
    int code = under->xOpen(under, name, l->above.below, flags, ret_flags);
    if (code == SQLITE_OK)
        l->above.base.pMethods = &methods;
    else
        free(l->bytes);
    return code;
}

const char *log_file_vfs(const char *under)
{
    return vfs_above("gather", under, (int)sizeof(struct log_file), log_open);
}
