/* The VFS: what SQLite writes passes to the real files, and is noted on the disk that forgets. */
#include "tests/support/drop_private.h"

#include <sqlite3.h>
#include <string.h>

#define PIECE 4096 /* of a long write, any page may be the one that the disk has not */

static bool is_log(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, "-wal") == 0;
}

struct drop_file {
    sqlite3_file base;
    struct node *node; /* NULL: a temporary file */
    bool log;
    sqlite3_file *real; /* behind this struct */
};

static sqlite3_vfs vfs, *real;

static sqlite3_file *real_of(sqlite3_file *f)
{
    return ((struct drop_file *)f)->real;
}

static int may(const struct drop_file *f, enum drop_call call)
{
    if (!f->node)
        return SQLITE_OK;
    if (drop_disk.dead && call != DROP_READ)
        return call == DROP_WRITE ? SQLITE_IOERR_WRITE : SQLITE_IOERR_FSYNC;
    return drop_disk.fail[call][f->log];
}

static int drop_close(sqlite3_file *f)
{
    return real_of(f)->pMethods->xClose(real_of(f));
}

static int drop_read(sqlite3_file *base, void *out, int n, sqlite3_int64 offset)
{
    const struct drop_file *f = (const struct drop_file *)base;
    pthread_mutex_lock(&drop_disk.lock);
    int code = may(f, DROP_READ);
    pthread_mutex_unlock(&drop_disk.lock);
    return code == SQLITE_OK ? f->real->pMethods->xRead(f->real, out, n, offset) : code;
}

static int drop_write(sqlite3_file *base, const void *bytes, int n, sqlite3_int64 offset)
{
    struct drop_file *f = (struct drop_file *)base;
    pthread_mutex_lock(&drop_disk.lock);
    int code = may(f, DROP_WRITE);
    if (code == SQLITE_OK)
        code = f->real->pMethods->xWrite(f->real, bytes, n, offset);
    for (int at = 0; code == SQLITE_OK && f->node && at < n; at += PIECE)
        drop_node_change(f->node, offset + at, (const char *)bytes + at,
                         (size_t)(n - at < PIECE ? n - at : PIECE));
    pthread_mutex_unlock(&drop_disk.lock);
    return code;
}

static int drop_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct drop_file *f = (struct drop_file *)base;
    pthread_mutex_lock(&drop_disk.lock);
    int code = may(f, DROP_WRITE);
    if (code == SQLITE_OK)
        code = f->real->pMethods->xTruncate(f->real, size);
    if (code == SQLITE_OK && f->node)
        drop_node_change(f->node, size, NULL, 0);
    pthread_mutex_unlock(&drop_disk.lock);
    return code;
}

/* As the unix VFS does for a new log or journal, this syncs the folder's entry with it. */
static int drop_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    struct drop_file *f = (struct drop_file *)base;
    pthread_mutex_lock(&drop_disk.lock);
    int code = may(f, DROP_SYNC);
    if (code != SQLITE_OK && f->node && !drop_disk.dead)
        drop_node_forget_changes(f->node);
    bool lie = (drop_disk.lies & (f->log ? DROP_LOG : DROP_DATABASE)) != 0;
    if (code == SQLITE_OK && f->node && !lie) {
        drop_node_sync(f->node);
        if (strchr(strrchr(f->node->path, '/'), '-'))
            f->node->on_disk = f->node->named;
    }
    pthread_mutex_unlock(&drop_disk.lock);
    return code;
}

static int drop_size(sqlite3_file *f, sqlite3_int64 *ret)
{
    return real_of(f)->pMethods->xFileSize(real_of(f), ret);
}
static int drop_lock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xLock(real_of(f), level);
}
static int drop_unlock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xUnlock(real_of(f), level);
}
static int drop_check_lock(sqlite3_file *f, int *ret)
{
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), ret);
}
static int drop_control(sqlite3_file *f, int op, void *arg)
{
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}
static int drop_sector_size(sqlite3_file *f)
{
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}
static int drop_characteristics(sqlite3_file *f)
{
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}
static int drop_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
    return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, ret);
}
static int drop_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}
static void drop_shm_barrier(sqlite3_file *f)
{
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}
static int drop_shm_unmap(sqlite3_file *f, int delete_flag)
{
    return real_of(f)->pMethods->xShmUnmap(real_of(f), delete_flag);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = drop_close,
    .xRead = drop_read,
    .xWrite = drop_write,
    .xTruncate = drop_truncate,
    .xSync = drop_sync,
    .xFileSize = drop_size,
    .xLock = drop_lock,
    .xUnlock = drop_unlock,
    .xCheckReservedLock = drop_check_lock,
    .xFileControl = drop_control,
    .xSectorSize = drop_sector_size,
    .xDeviceCharacteristics = drop_characteristics,
    .xShmMap = drop_shm_map,
    .xShmLock = drop_shm_lock,
    .xShmBarrier = drop_shm_barrier,
    .xShmUnmap = drop_shm_unmap,
};

static int drop_open(sqlite3_vfs *self, sqlite3_filename name, sqlite3_file *base, int flags,
                     int *ret_flags)
{
    (void)self;
    struct drop_file *f = (struct drop_file *)base;
    f->base.pMethods = NULL;
    f->real = (sqlite3_file *)(f + 1);
    f->node = NULL;
    f->log = name && is_log(name);
    pthread_mutex_lock(&drop_disk.lock);
    int code = real->xOpen(real, name, f->real, flags, ret_flags);
    if (code == SQLITE_OK) {
        f->base.pMethods = &methods;
        if (name && (f->node = drop_node_meet(name)))
            f->node->named = true;
    }
    pthread_mutex_unlock(&drop_disk.lock);
    return code;
}

static int drop_delete(sqlite3_vfs *self, const char *path, int sync_folder)
{
    (void)self;
    pthread_mutex_lock(&drop_disk.lock);
    struct node *f = drop_node_find(path);
    int code = drop_disk.dead ? SQLITE_IOERR_DELETE : real->xDelete(real, path, 0);
    if (code == SQLITE_OK && f) {
        f->named = false;
        f->on_disk = f->on_disk && !sync_folder;
    }
    pthread_mutex_unlock(&drop_disk.lock);
    return code;
}

void drop_vfs_register(void)
{
    if (real)
        return;
    real = sqlite3_vfs_find(NULL);
    vfs = *real;
    vfs.zName = DROP_VFS;
    vfs.pNext = NULL;
    vfs.szOsFile = (int)sizeof(struct drop_file) + real->szOsFile;
    vfs.xOpen = drop_open;
    vfs.xDelete = drop_delete;
    sqlite3_vfs_register(&vfs, 0);
}
