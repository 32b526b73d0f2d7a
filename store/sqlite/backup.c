/*
 * A backup that can be opened as a store: SQLite's online copy of the database, checked for
 * integrity, and every finished blob, read back and held against its hash.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "store/sqlite/engine.h"

#define PAGES_A_STEP 512
#define COPY_BYTES (256 * 1024)

static void tell(const struct sqlite_progress *p, const char *what, int64_t done, int64_t total)
{
    if (p && p->fn)
        p->fn(what, done, total, p->ctx);
}

static int copy_pages(sqlite3_backup *b, const struct sqlite_progress *p)
{
    int code;
    do {
        code = sqlite3_backup_step(b, PAGES_A_STEP);
        int total = sqlite3_backup_pagecount(b);
        tell(p, "database", total - sqlite3_backup_remaining(b), total);
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
            sqlite3_sleep(20);
    } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
    return code == SQLITE_DONE ? 0 : engine_result(code);
}

static int check_integrity(sqlite3 *db)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &s, NULL) != SQLITE_OK)
        return E_CORRUPT;
    bool sound =
        sqlite3_step(s) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;
    sqlite3_finalize(s);
    return sound ? 0 : E_CORRUPT;
}

static int copy_database(struct engine *e, const char *path, const struct sqlite_progress *p)
{
    struct connection *from = NULL;
    sqlite3 *to = NULL;
    int done = engine_take_reader(e, &from);
    if (done < 0)
        return done;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    done = engine_result(sqlite3_open_v2(path, &to, flags, NULL));
    sqlite3_backup *b = done == 0 ? sqlite3_backup_init(to, "main", from->db, "main") : NULL;
    if (done == 0 && !b)
        done = engine_result(sqlite3_errcode(to));
    if (b) {
        done = copy_pages(b, p);
        int finish = engine_result(sqlite3_backup_finish(b));
        done = done < 0 ? done : finish;
    }
    if (done == 0)
        done = check_integrity(to);
    sqlite3_close(to);
    pool_give(&e->readers, from);
    return done;
}

/* --- blobs ------------------------------------------------------------------------------------ */

static int write_file(const char *path, const void *bytes, size_t n, int flags)
{
    CLEANUP(closep) int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
    if (fd < 0)
        return errno == ENOSPC ? E_FULL : E_IO;
    const char *at = bytes;
    while (n > 0) {
        ssize_t wrote = write(fd, at, n);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return errno == ENOSPC ? E_FULL : E_IO;
        at += wrote;
        n -= (size_t)wrote;
    }
    return 0;
}

static int copy_blob(struct engine *e, const char *folder, const struct id *id)
{
    struct store_blob_info info;
    int done = sqlite_blob_stat(&e->driver, id, &info);
    if (done != 0 || !info.finished)
        return done < 0 ? done : 0; /* removed meanwhile, or still arriving: no document needs it */
    char text[ID_TEXT], path[ENGINE_PATH_MAX], hash[65];
    id_format(id, text);
    snprintf(path, sizeof(path), "%s/blobs/%.2s", folder, text);
    mkdir(path, 0700);
    snprintf(path, sizeof(path), "%s/blobs/%.2s/%s", folder, text, text);
    CLEANUP(freep) uint8_t *bytes = malloc(COPY_BYTES);
    if (!bytes)
        return E_NOMEM;
    crypto_hash_sha256_state h;
    crypto_hash_sha256_init(&h);
    int flags = O_TRUNC;
    for (int64_t at = 0; at < info.size;) {
        size_t n = 0;
        done = sqlite_blob_read(&e->driver, id, at, bytes, COPY_BYTES, &n);
        if (done != 0 || n == 0)
            return done < 0 ? done : E_CORRUPT;
        crypto_hash_sha256_update(&h, bytes, n);
        done = write_file(path, bytes, n, flags);
        if (done < 0)
            return done;
        flags = O_APPEND;
        at += (int64_t)n;
    }
    uint8_t sum[32];
    crypto_hash_sha256_final(&h, sum);
    if (memcmp(sum, info.sha256, sizeof(sum)) != 0)
        return E_CORRUPT;
    sodium_bin2hex(hash, sizeof(hash), sum, sizeof(sum));
    snprintf(path, sizeof(path), "%s/blobs/%.2s/%s.sha256", folder, text, text);
    return write_file(path, hash, 64, O_TRUNC);
}

static int copy_blobs(struct engine *e, const char *folder, const struct sqlite_progress *p)
{
    struct id ids[256], after;
    size_t n = 0;
    int64_t all = 0;
    bool first = true;
    do {
        int done = sqlite_blob_list(&e->driver, first ? NULL : &after, ids, 256, &n);
        for (size_t i = 0; done == 0 && i < n; i++)
            done = copy_blob(e, folder, &ids[i]);
        if (done < 0)
            return done;
        if (n > 0)
            after = ids[n - 1];
        first = false;
        all += (int64_t)n;
        tell(p, "blobs", all, 0);
    } while (n > 0);
    return 0;
}

int sqlite_backup(struct store_driver *d, const char *folder, const struct sqlite_progress *p)
{
    struct engine *e = engine_of(d);
    char path[ENGINE_PATH_MAX];
    if (mkdir(folder, 0700) != 0)
        return errno == EEXIST ? E_REFUSED : E_IO; /* never over another backup */
    snprintf(path, sizeof(path), "%s/blobs", folder);
    if (mkdir(path, 0700) != 0)
        return E_IO;
    /* The database first: every blob that it names is finished and still there. */
    snprintf(path, sizeof(path), "%s/tram.db", folder);
    int done = copy_database(e, path, p);
    if (done == 0)
        done = copy_blobs(e, folder, p);
    sync();
    return done;
}
