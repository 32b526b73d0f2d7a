/*
 * Blobs as files: DATA/blobs/ab/<uuid>, and once finished <uuid>.sha256 beside it (64 hex digits).
 * An append is durable when it returns; a failed one is cut back to what stood before. Appends to
 * one blob are one after another. DATA/blobs/draft holds hashes while they are written; it is
 * emptied at start.
 */
#include <dirent.h>
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

#define HASH_TEXT (2 * SHA256_SIZE) /* hex digits */

struct place {
    char folder[ENGINE_PATH_MAX], file[ENGINE_PATH_MAX], hash[ENGINE_PATH_MAX],
        draft[ENGINE_PATH_MAX];
};

static int failure(void)
{
    return errno == ENOSPC || errno == EDQUOT ? E_FULL : E_IO;
}

static void place_of(const struct engine *e, const struct id *id, struct place *ret)
{
    char text[ID_TEXT];
    id_format(id, text);
    snprintf(ret->folder, sizeof(ret->folder), "%s/blobs/%.2s", e->folder, text);
    snprintf(ret->file, sizeof(ret->file), "%s/blobs/%.2s/%s", e->folder, text, text);
    snprintf(ret->hash, sizeof(ret->hash), "%s/blobs/%.2s/%s.sha256", e->folder, text, text);
    snprintf(ret->draft, sizeof(ret->draft), "%s/blobs/draft/%s", e->folder, text);
}

static pthread_mutex_t *stripe_of(struct engine *e, const struct id *id)
{
    return &e->blob_locks[id->bytes[15] % ENGINE_BLOB_STRIPES];
}

/* What a crash left there belongs to no blob. */
static int clear_drafts(struct engine *e)
{
    char path[ENGINE_PATH_MAX];
    snprintf(path, sizeof(path), "%s/blobs/draft", e->folder);
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return failure();
    DIR *folder = opendir(path);
    if (!folder)
        return failure();
    int done = 0;
    for (struct dirent *entry; done == 0 && (entry = readdir(folder));) {
        struct id id;
        struct place p;
        if (!id_parse(entry->d_name, &id))
            continue;
        place_of(e, &id, &p);
        if (e->files->remove(p.draft) != 0 && errno != ENOENT)
            done = failure();
    }
    closedir(folder);
    return done;
}

int blob_folders(struct engine *e)
{
    char path[ENGINE_PATH_MAX];
    for (int i = -1; i < 256; i++) {
        if (i < 0)
            snprintf(path, sizeof(path), "%s/blobs", e->folder);
        else
            snprintf(path, sizeof(path), "%s/blobs/%02x", e->folder, (unsigned)i);
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return failure();
    }
    int done = clear_drafts(e);
    snprintf(path, sizeof(path), "%s/blobs", e->folder);
    return done == 0 && e->files->sync_folder(path) != 0 ? failure() : done;
}

int64_t blob_room(struct engine *e)
{
    CLEANUP(closep) int fd = open(e->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? 0 : e->files->room(fd);
}

/* --- writing ---------------------------------------------------------------------------------- */

int sqlite_blob_create(struct store_driver *d, const struct id *id)
{
    struct engine *e = engine_of(d);
    struct place p;
    place_of(e, id, &p);
    CLEANUP(closep) int fd = e->files->create(p.file);
    if (fd < 0)
        return errno == EEXIST ? STORE_EXISTS : failure();
    /* A hash may stand there alone if the power went while a blob of this id was removed. */
    bool clean = e->files->remove(p.hash) == 0 || errno == ENOENT;
    if (!clean || e->files->sync_folder(p.folder) != 0) { /* it has no bytes yet */
        int done = failure();
        e->files->remove(p.file);
        return done;
    }
    return 0;
}

static int write_whole(struct engine *e, int fd, const void *bytes, size_t n, int64_t offset)
{
    const char *from = bytes;
    while (n > 0) {
        ssize_t wrote = e->files->write_at(fd, from, n, offset);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return failure();
        from += wrote;
        offset += wrote;
        n -= (size_t)wrote;
    }
    return e->files->sync(fd) != 0 ? failure() : 0;
}

static int append_locked(struct engine *e, const struct place *p, int64_t offset, const void *bytes,
                         size_t n, int64_t *ret_size)
{
    struct stat st;
    CLEANUP(closep) int fd = open(p->file, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? STORE_ABSENT : failure();
    if (access(p->hash, F_OK) == 0)
        return E_INVALID; /* finished */
    if (fstat(fd, &st) != 0)
        return failure();
    *ret_size = st.st_size;
    if (st.st_size != offset)
        return STORE_CONFLICT;
    if ((int64_t)n > e->files->room(fd))
        return E_FULL;
    int done = write_whole(e, fd, bytes, n, offset);
    if (done < 0) {
        /* What half arrived must not look like data; if even this fails nobody knows. */
        if (e->files->truncate(fd, offset) != 0 || e->files->sync(fd) != 0)
            return E_UNKNOWN;
        return done;
    }
    *ret_size = offset + (int64_t)n;
    return 0;
}

int sqlite_blob_append(struct store_driver *d, const struct id *id, int64_t offset,
                       const void *bytes, size_t n, int64_t *ret_size)
{
    struct engine *e = engine_of(d);
    struct place p;
    place_of(e, id, &p);
    pthread_mutex_lock(stripe_of(e, id));
    int done = append_locked(e, &p, offset, bytes, n, ret_size);
    pthread_mutex_unlock(stripe_of(e, id));
    return done;
}

/* --- finishing -------------------------------------------------------------------------------- */

static int hash_file(const char *path, uint8_t out[SHA256_SIZE], int64_t *ret_size)
{
    CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? STORE_ABSENT : failure();
    CLEANUP(freep) uint8_t *bytes = malloc(256 * 1024);
    if (!bytes)
        return E_NOMEM;
    struct sha256 h;
    sha256_init(&h);
    *ret_size = 0;
    for (;;) {
        ssize_t got = read(fd, bytes, 256 * 1024);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failure();
        if (got == 0)
            break;
        sha256_update(&h, bytes, (size_t)got);
        *ret_size += got;
    }
    sha256_final(&h, out);
    return 0;
}

/* Beside, synced, renamed, and the folder synced: it is there whole or not at all. */
static int write_hash(struct engine *e, const struct place *p, const uint8_t sha256[SHA256_SIZE])
{
    char text[HASH_TEXT + 1];
    bytes_to_hex(sha256, SHA256_SIZE, text);
    e->files->remove(p->draft); /* left by one that failed */
    CLEANUP(closep) int fd = e->files->create(p->draft);
    if (fd < 0)
        return failure();
    int done = write_whole(e, fd, text, HASH_TEXT, 0);
    if (done == 0 && e->files->rename(p->draft, p->hash) != 0)
        done = failure();
    if (done == 0 && e->files->sync_folder(p->folder) != 0)
        done = failure();
    if (done < 0)
        e->files->remove(p->draft);
    return done;
}

static int read_hash(const struct place *p, uint8_t out[SHA256_SIZE])
{
    char text[HASH_TEXT];
    size_t n = 0;
    CLEANUP(closep) int fd = open(p->hash, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? STORE_ABSENT : failure();
    if (read(fd, text, HASH_TEXT) != HASH_TEXT ||
        !bytes_from_hex(text, HASH_TEXT, out, SHA256_SIZE, &n) || n != SHA256_SIZE)
        return E_CORRUPT;
    return 0;
}

static int stat_locked(const struct place *p, struct store_blob_info *ret)
{
    struct stat st;
    *ret = (struct store_blob_info){0};
    if (stat(p->file, &st) != 0)
        return errno == ENOENT ? STORE_ABSENT : failure();
    ret->size = st.st_size;
    int done = read_hash(p, ret->sha256);
    ret->finished = done == 0;
    return done < 0 ? done : 0;
}

static int finish_locked(struct engine *e, const struct place *p, struct store_blob_info *ret)
{
    int done = stat_locked(p, ret);
    if (done != 0 || ret->finished)
        return done;
    done = hash_file(p->file, ret->sha256, &ret->size);
    if (done == 0)
        done = write_hash(e, p, ret->sha256);
    ret->finished = done == 0;
    return done;
}

int sqlite_blob_finish(struct store_driver *d, const struct id *id, struct store_blob_info *ret)
{
    struct engine *e = engine_of(d);
    struct place p;
    place_of(e, id, &p);
    pthread_mutex_lock(stripe_of(e, id));
    int done = finish_locked(e, &p, ret);
    pthread_mutex_unlock(stripe_of(e, id));
    return done;
}

int sqlite_blob_stat(struct store_driver *d, const struct id *id, struct store_blob_info *ret)
{
    struct engine *e = engine_of(d);
    struct place p;
    place_of(e, id, &p);
    pthread_mutex_lock(stripe_of(e, id));
    int done = stat_locked(&p, ret);
    pthread_mutex_unlock(stripe_of(e, id));
    return done;
}

/* --- reading, removing, listing --------------------------------------------------------------- */

int sqlite_blob_read(struct store_driver *d, const struct id *id, int64_t offset, void *out,
                     size_t n, size_t *ret_n)
{
    struct place p;
    place_of(engine_of(d), id, &p);
    *ret_n = 0;
    CLEANUP(closep) int fd = open(p.file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? STORE_ABSENT : failure();
    while (*ret_n < n) {
        ssize_t got = pread(fd, (char *)out + *ret_n, n - *ret_n, offset + (int64_t)*ret_n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failure();
        if (got == 0)
            break;
        *ret_n += (size_t)got;
    }
    return 0;
}

int sqlite_blob_remove(struct store_driver *d, const struct id *id)
{
    struct engine *e = engine_of(d);
    struct place p;
    place_of(e, id, &p);
    pthread_mutex_lock(stripe_of(e, id));
    int done = 0;
    if (e->files->remove(p.file) != 0)
        done = errno == ENOENT ? STORE_ABSENT : failure();
    if (done == 0 && e->files->remove(p.hash) != 0 && errno != ENOENT)
        done = failure();
    if (done == 0 && e->files->sync_folder(p.folder) != 0)
        done = failure();
    pthread_mutex_unlock(stripe_of(e, id));
    return done;
}

static int compare_ids(const void *a, const void *b)
{
    return id_compare(a, b);
}

/* The ids of one folder, sorted. */
static int list_folder(const struct engine *e, unsigned prefix, struct id **ret, size_t *ret_n)
{
    char path[ENGINE_PATH_MAX];
    snprintf(path, sizeof(path), "%s/blobs/%02x", e->folder, prefix);
    DIR *folder = opendir(path);
    if (!folder)
        return failure();
    struct id *ids = NULL;
    size_t n = 0, cap = 0;
    int done = 0;
    for (struct dirent *entry; done == 0 && (entry = readdir(folder));) {
        struct id id;
        if (strlen(entry->d_name) != ID_TEXT - 1 || !id_parse(entry->d_name, &id))
            continue;
        if (n == cap) {
            cap = cap ? cap * 2 : 64;
            struct id *grown = realloc(ids, cap * sizeof(*ids));
            if (!grown) {
                done = E_NOMEM;
                break;
            }
            ids = grown;
        }
        ids[n++] = id;
    }
    closedir(folder);
    if (n > 0)
        qsort(ids, n, sizeof(*ids), compare_ids);
    *ret = ids;
    *ret_n = n;
    return done;
}

int sqlite_blob_list(struct store_driver *d, const struct id *after, struct id *ret_ids, size_t max,
                     size_t *ret_n)
{
    *ret_n = 0;
    for (unsigned prefix = after ? after->bytes[0] : 0; prefix < 256 && *ret_n < max; prefix++) {
        CLEANUP(freep) struct id *ids = NULL;
        size_t n = 0;
        int done = list_folder(engine_of(d), prefix, &ids, &n);
        if (done < 0)
            return done;
        for (size_t i = 0; i < n && *ret_n < max; i++) {
            if (!after || id_compare(&ids[i], after) > 0)
                ret_ids[(*ret_n)++] = ids[i];
        }
    }
    return 0;
}
