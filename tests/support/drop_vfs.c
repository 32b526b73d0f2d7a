/* The VFS: what SQLite writes passes to the real files, and is noted on the disk that forgets. */
#include "tests/support/drop_private.h"

#include <sqlite3.h>
#include <string.h>

#include "store/sqlite/file_above.h"

#define PIECE 4096 /* of a long write, any page may be the one that the disk has not */

static bool is_log(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, "-wal") == 0;
}

struct drop_file {
    struct file_above above;
    struct node *node; /* NULL: a temporary file */
    bool log;
};

static sqlite3_vfs vfs, *real;

static int may(const struct drop_file *f, enum drop_call call)
{
    if (!f->node)
        return SQLITE_OK;
    if (drop_disk.dead && call != DROP_READ)
        return call == DROP_WRITE ? SQLITE_IOERR_WRITE : SQLITE_IOERR_FSYNC;
    return drop_disk.fail[call][f->log];
}

static int drop_read(sqlite3_file *base, void *out, int n, sqlite3_int64 offset)
{
    const struct drop_file *f = (const struct drop_file *)base;
    pthread_mutex_lock(&drop_disk.lock);
    int code = may(f, DROP_READ);
    pthread_mutex_unlock(&drop_disk.lock);
    return code == SQLITE_OK ? file_above_read(base, out, n, offset) : code;
}

static int drop_write(sqlite3_file *base, const void *bytes, int n, sqlite3_int64 offset)
{
    struct drop_file *f = (struct drop_file *)base;
    pthread_mutex_lock(&drop_disk.lock);
    int code = may(f, DROP_WRITE);
    if (code == SQLITE_OK)
        code = file_above_write(base, bytes, n, offset);
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
        code = file_above_truncate(base, size);
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

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_above_close,
    .xRead = drop_read,
    .xWrite = drop_write,
    .xTruncate = drop_truncate,
    .xSync = drop_sync,
    .xFileSize = file_above_size,
    .xLock = file_above_lock,
    .xUnlock = file_above_unlock,
    .xCheckReservedLock = file_above_check_lock,
    .xFileControl = file_above_control,
    .xSectorSize = file_above_sector_size,
    .xDeviceCharacteristics = file_above_characteristics,
    .xShmMap = file_above_shm_map,
    .xShmLock = file_above_shm_lock,
    .xShmBarrier = file_above_shm_barrier,
    .xShmUnmap = file_above_shm_unmap,
};

static int drop_open(sqlite3_vfs *self, sqlite3_filename name, sqlite3_file *base, int flags,
                     int *ret_flags)
{
    (void)self;
    struct drop_file *f = (struct drop_file *)base;
    f->above.base.pMethods = NULL;
    f->above.below = (sqlite3_file *)(f + 1);
    f->node = NULL;
    f->log = name && is_log(name);
    pthread_mutex_lock(&drop_disk.lock);
    int code = real->xOpen(real, name, f->above.below, flags, ret_flags);
    if (code == SQLITE_OK) {
        f->above.base.pMethods = &methods;
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
