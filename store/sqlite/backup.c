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

#include "base/crypto/bytes.h"
#include "base/crypto/sha256.h"
#include "store/sqlite/engine.h"

#define PAGES_A_STEP 512
#define COPY_BYTES (256 * 1024)

static int failure(void)
{
    return errno == ENOSPC || errno == EDQUOT ? E_FULL : E_IO;
}

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

static int copy_into(sqlite3 *to, sqlite3 *from, const struct sqlite_progress *p)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    if (!b)
        return engine_result(sqlite3_errcode(to));
    int done = copy_pages(b, p);
    int finish = engine_result(sqlite3_backup_finish(b));
    if (done == 0)
        done = finish;
    return done == 0 ? check_integrity(to) : done;
}

/* The copy reads one state from first to last, so that commits meanwhile do not start it anew. */
static int copy_database(struct engine *e, const char *path, const struct sqlite_progress *p)
{
    CLEANUP(closep) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return failure();
    struct connection *from = NULL;
    int done = engine_take_reader(e, &from);
    if (done < 0)
        return done;
    sqlite3 *to = NULL;
    done = connection_exec(from, "BEGIN; SELECT count(*) FROM meta");
    if (done == 0)
        done = engine_result(
            sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
    if (done == 0)
        done = copy_into(to, from->db, p);
    sqlite3_close(to);
    connection_exec(from, "ROLLBACK");
    pool_give(&e->readers, from);
    return done; /* SQLite has synced what it wrote */
}

/* --- blobs ------------------------------------------------------------------------------------ */

static int write_whole(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n > 0) {
        ssize_t wrote = write(fd, at, n);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return failure();
        at += wrote;
        n -= (size_t)wrote;
    }
    return 0;
}

static int create_file(const char *path, int *ret_fd)
{
    *ret_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return *ret_fd < 0 ? failure() : 0;
}

/* Copies the bytes and tells their SHA-256 as they went by. */
static int copy_bytes(struct engine *e, const struct id *id, const char *path,
                      uint8_t ret_sum[SHA256_SIZE])
{
    CLEANUP(closep) int fd = -1;
    CLEANUP(freep) uint8_t *bytes = malloc(COPY_BYTES);
    int done = bytes ? create_file(path, &fd) : E_NOMEM;
    struct sha256 h;
    sha256_init(&h);
    size_t n = COPY_BYTES;
    for (int64_t at = 0; done == 0 && n == COPY_BYTES; at += (int64_t)n) {
        done = sqlite_blob_read(&e->driver, id, at, bytes, COPY_BYTES, &n);
        if (done == 0)
            done = write_whole(fd, bytes, n);
        if (done == 0)
            sha256_update(&h, bytes, n);
    }
    sha256_final(&h, ret_sum);
    return done == 0 && fsync(fd) != 0 ? failure() : done;
}

static int copy_hash(const char *path, const uint8_t sum[SHA256_SIZE])
{
    char hash[BYTES_HEX_TEXT(SHA256_SIZE)];
    bytes_to_hex(sum, SHA256_SIZE, hash);
    CLEANUP(closep) int fd = -1;
    int done = create_file(path, &fd);
    if (done == 0)
        done = write_whole(fd, hash, sizeof(hash) - 1);
    return done == 0 && fsync(fd) != 0 ? failure() : done;
}

static int copy_blob(struct engine *e, const char *folder, const struct id *id)
{
    struct store_blob_info info;
    int done = sqlite_blob_stat(&e->driver, id, &info);
    if (done != 0 || !info.finished)
        return done < 0 ? done : 0; /* removed meanwhile, or still arriving: no document needs it */
    char text[ID_TEXT], path[ENGINE_PATH_MAX];
    uint8_t sum[SHA256_SIZE];
    id_format(id, text);
    snprintf(path, sizeof(path), "%s/blobs/%.2s", folder, text);
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return failure();
    snprintf(path, sizeof(path), "%s/blobs/%.2s/%s", folder, text, text);
    done = copy_bytes(e, id, path, sum);
    if (done == STORE_ABSENT) { /* removed between the two calls */
        unlink(path);
        return 0;
    }
    if (done < 0)
        return done;
    if (memcmp(sum, info.sha256, sizeof(sum)) != 0)
        return E_CORRUPT;
    snprintf(path, sizeof(path), "%s/blobs/%.2s/%s.sha256", folder, text, text);
    return copy_hash(path, sum);
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

/* The files are synced; now the folders that name them, from within outwards. */
static int sync_folders(const char *folder)
{
    char path[ENGINE_PATH_MAX];
    for (unsigned prefix = 0; prefix < 256; prefix++) {
        snprintf(path, sizeof(path), "%s/blobs/%02x", folder, prefix);
        if (blob_io_system.sync_folder(path) != 0 && errno != ENOENT)
            return failure();
    }
    snprintf(path, sizeof(path), "%s/blobs", folder);
    return blob_io_system.sync_folder(path) != 0 || blob_io_system.sync_folder(folder) != 0
               ? failure()
               : 0;
}

int sqlite_backup(struct store_driver *d, const char *folder, const struct sqlite_progress *p)
{
    struct engine *e = engine_of(d);
    char path[ENGINE_PATH_MAX];
    if (mkdir(folder, 0700) != 0)
        return errno == EEXIST ? E_REFUSED : failure(); /* never over another backup */
    snprintf(path, sizeof(path), "%s/blobs", folder);
    if (mkdir(path, 0700) != 0)
        return failure();
    /* The database first: every blob that it names is finished and still there. */
    snprintf(path, sizeof(path), "%s/tram.db", folder);
    int done = copy_database(e, path, p);
    if (done == 0)
        done = copy_blobs(e, folder, p);
    return done == 0 ? sync_folders(folder) : done;
}
