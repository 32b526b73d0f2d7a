#include "store/sqlite/file_above.h"

#include <pthread.h>

static sqlite3_file *below(sqlite3_file *f)
{
    return ((struct file_above *)f)->below;
}

int file_above_close(sqlite3_file *f)
{
    return below(f)->pMethods->xClose(below(f));
}

int file_above_read(sqlite3_file *f, void *out, int n, sqlite3_int64 offset)
{
    return below(f)->pMethods->xRead(below(f), out, n, offset);
}

int file_above_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 offset)
{
    return below(f)->pMethods->xWrite(below(f), bytes, n, offset);
}

int file_above_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    return below(f)->pMethods->xTruncate(below(f), size);
}

int file_above_sync(sqlite3_file *f, int flags)
{
    return below(f)->pMethods->xSync(below(f), flags);
}

int file_above_size(sqlite3_file *f, sqlite3_int64 *ret)
{
    return below(f)->pMethods->xFileSize(below(f), ret);
}

int file_above_lock(sqlite3_file *f, int level)
{
    return below(f)->pMethods->xLock(below(f), level);
}

int file_above_unlock(sqlite3_file *f, int level)
{
    return below(f)->pMethods->xUnlock(below(f), level);
}

int file_above_check_lock(sqlite3_file *f, int *ret)
{
    return below(f)->pMethods->xCheckReservedLock(below(f), ret);
}

int file_above_control(sqlite3_file *f, int op, void *arg)
{
    return below(f)->pMethods->xFileControl(below(f), op, arg);
}

int file_above_sector_size(sqlite3_file *f)
{
    return below(f)->pMethods->xSectorSize(below(f));
}

int file_above_characteristics(sqlite3_file *f)
{
    return below(f)->pMethods->xDeviceCharacteristics(below(f));
}

int file_above_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
    return below(f)->pMethods->xShmMap(below(f), page, size, extend, ret);
}

int file_above_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return below(f)->pMethods->xShmLock(below(f), offset, n, flags);
}

void file_above_shm_barrier(sqlite3_file *f)
{
    below(f)->pMethods->xShmBarrier(below(f));
}

int file_above_shm_unmap(sqlite3_file *f, int delete_flag)
{
    return below(f)->pMethods->xShmUnmap(below(f), delete_flag);
}

int file_above_fetch(sqlite3_file *f, sqlite3_int64 offset, int n, void **ret)
{
    return below(f)->pMethods->xFetch(below(f), offset, n, ret);
}

int file_above_unfetch(sqlite3_file *f, sqlite3_int64 offset, void *page)
{
    return below(f)->pMethods->xUnfetch(below(f), offset, page);
}

/* --- the VFS ---------------------------------------------------------------------------------- */

const char *vfs_above(const char *kind, const char *under, int size, vfs_open_fn open)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    sqlite3_vfs *v = sqlite3_vfs_find(under);
    char name[64];
    if (!v)
        return under;
    sqlite3_snprintf(sizeof(name), name, "%s-%s", kind, v->zName);
    pthread_mutex_lock(&lock);
    sqlite3_vfs *found = sqlite3_vfs_find(name);
    struct named {
        sqlite3_vfs vfs;
        char name[sizeof(name)];
    } *made = found ? NULL : sqlite3_malloc(sizeof(*made));
    if (made) {
        made->vfs = *v;
        sqlite3_snprintf(sizeof(made->name), made->name, "%s", name);
        made->vfs.zName = made->name;
        made->vfs.pNext = NULL;
        made->vfs.pAppData = v;
        made->vfs.szOsFile = size + v->szOsFile;
        made->vfs.xOpen = open;
        if (sqlite3_vfs_register(&made->vfs, 0) == SQLITE_OK)
            found = &made->vfs;
        else
            sqlite3_free(made);
    }
    pthread_mutex_unlock(&lock);
    return found ? found->zName : under;
}
