/*
 * The database as readers see it: through a map, which is kept. SQLite gives its map back after
 * each commit of anybody, lest the file became shorter and longer again meanwhile, and the kernel
 * then finds every page of it anew (measured: a third of what a list costs that is asked for
 * between two commits). Here nobody makes the file shorter while readers are there, and a shared
 * map shows what the file holds, so it is given back only when pages lie behind its end.
 *
 * No page of it changes under a reader: what is copied into the database from the log are pages
 * that every reader's commit, or a later one, has already taken from there (walCheckpoint).
 */
#include "store/sqlite/engine.h"
#include "store/sqlite/file_above.h"

#define BEYOND_MAX 64 /* pages read by call, before the file is mapped anew at its new length */

struct map_file {
    struct file_above above;
    int beyond;
};

static int map_fetch(sqlite3_file *f, sqlite3_int64 offset, int n, void **ret)
{
    int code = file_above_fetch(f, offset, n, ret);
    if (code == SQLITE_OK && !*ret)
        ((struct map_file *)f)->beyond++;
    return code;
}

/* Without a page: the whole map, of which no page is in use. */
static int map_unfetch(sqlite3_file *f, sqlite3_int64 offset, void *page)
{
    struct map_file *m = (struct map_file *)f;
    if (!page && m->beyond < BEYOND_MAX)
        return SQLITE_OK;
    if (!page)
        m->beyond = 0;
    return file_above_unfetch(f, offset, page);
}

static const sqlite3_io_methods mapped = {
    .iVersion = 3, FILE_ABOVE_METHODS_2, .xFetch = map_fetch, .xUnfetch = map_unfetch};
/* Above a file that has no map. */
static const sqlite3_io_methods unmapped = {.iVersion = 2, FILE_ABOVE_METHODS_2};

static int map_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags,
                    int *ret_flags)
{
    sqlite3_vfs *under = vfs_below(vfs);
    if (!(flags & SQLITE_OPEN_MAIN_DB))
        return under->xOpen(under, name, f, flags, ret_flags);
    struct map_file *m = (struct map_file *)f;
    m->above.base.pMethods = NULL;
    m->above.below = (sqlite3_file *)(m + 1);
    m->beyond = 0;
    int code = under->xOpen(under, name, m->above.below, flags, ret_flags);
    if (code == SQLITE_OK)
        m->above.base.pMethods = m->above.below->pMethods->iVersion >= 3 ? &mapped : &unmapped;
    return code;
}

const char *map_file_vfs(const char *under)
{
    return vfs_above("map", under, (int)sizeof(struct map_file), map_open);
}
