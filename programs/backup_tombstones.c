/* Who was erased stays erased: a restore adds tombstones and takes none back. */
#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

#include "base/result.h"
#include "programs/backup.h"

static int path_of(char out[STORES_PATH_MAX], const char *data, const char *name)
{
    int n = snprintf(out, STORES_PATH_MAX, "%s/%s", data, name);
    return n > 0 && n < STORES_PATH_MAX ? 0 : E_INVALID;
}

int backup_place_tombstones(const char *data)
{
    char from[STORES_PATH_MAX], to[STORES_PATH_MAX];
    int done = path_of(from, data, BACKUP_TOMBSTONES);
    if (done == 0)
        done = path_of(to, data, STORES_TOMBSTONES);
    if (done != 0 || access(from, F_OK) != 0 || access(to, F_OK) == 0)
        return done;
    return rename(from, to) == 0 ? 0 : E_IO;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path) == 0 ? 0 : 1;
}

int backup_merge_tombstones(const char *data, struct store *into)
{
    char from[STORES_PATH_MAX];
    int done = path_of(from, data, BACKUP_TOMBSTONES);
    if (done != 0 || access(from, F_OK) != 0)
        return done;
    done = stores_merge_tombstones(from, into);
    if (done == 0 && nftw(from, remove_entry, 16, FTW_PHYS | FTW_DEPTH) != 0)
        done = E_IO;
    return done;
}
