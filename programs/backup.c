#include "programs/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto/bytes.h"
#include "base/crypto/sha256.h"
#include "base/file.h"
#include "base/result.h"
#include "domain/person/ring.h"

#define SUMS "SHA256SUMS"
#define SUMS_MAX ((size_t)512 << 20) /* some four million files */
#define CHUNK ((size_t)256 * 1024)
#define SUM_TEXT BYTES_HEX_TEXT(SHA256_SIZE)

static int path_of(char out[STORES_PATH_MAX], const char *folder, const char *name)
{
    int n = snprintf(out, STORES_PATH_MAX, "%s/%s", folder, name);
    return n > 0 && n < STORES_PATH_MAX ? 0 : E_INVALID;
}

/* --- one file --------------------------------------------------------------------------------- */

static int write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno == ENOSPC || errno == EDQUOT ? E_FULL : E_IO;
        bytes += written;
        n -= (size_t)written;
    }
    return 0;
}

/* Reads a file to its end, copying it to `to` (-1: nowhere); its SHA-256 in hex. */
static int pour(int from, int to, char ret_sum[SUM_TEXT])
{
    CLEANUP(freep) char *chunk = malloc(CHUNK);
    if (!chunk)
        return E_NOMEM;
    struct sha256 h;
    uint8_t sum[SHA256_SIZE];
    sha256_init(&h);
    for (;;) {
        ssize_t n = read(from, chunk, CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return E_IO;
        if (n == 0)
            break;
        sha256_update(&h, chunk, (size_t)n);
        int done = to >= 0 ? write_all(to, chunk, (size_t)n) : 0;
        if (done != 0)
            return done;
    }
    sha256_final(&h, sum);
    bytes_to_hex(sum, sizeof(sum), ret_sum);
    return to >= 0 && fsync(to) != 0 ? E_IO : 0;
}

static int sum_file(const char *path, char ret_sum[SUM_TEXT])
{
    CLEANUP(closep) int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? E_IO : pour(fd, -1, ret_sum);
}

static int copy_file(const char *from, const char *to, char ret_sum[SUM_TEXT])
{
    CLEANUP(closep) int in = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    CLEANUP(closep) int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return in < 0 || out < 0 ? E_IO : pour(in, out, ret_sum);
}

static int sync_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)at;
    if (kind != FTW_D)
        return 0;
    CLEANUP(closep) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? 0 : 1;
}

/* The files were synced; now every folder that names them, and the one that names the whole. */
static int sync_folders(const char *folder)
{
    char parent[STORES_PATH_MAX];
    int done = path_of(parent, folder, "..");
    if (done == 0 && nftw(folder, sync_entry, 16, FTW_PHYS) != 0)
        done = E_IO;
    return done == 0 && sync_entry(parent, NULL, FTW_D, NULL) != 0 ? E_IO : done;
}

/* --- walking ---------------------------------------------------------------------------------- */

/* Calls fn with the path of every regular file below folder/sub, relative to folder. */
typedef int (*visit_fn)(const char *relative, void *ctx);

static int visit(const char *folder, const char *sub, visit_fn fn, void *ctx)
{
    char path[STORES_PATH_MAX], inner[STORES_PATH_MAX];
    int done = path_of(path, folder, sub);
    if (done != 0)
        return done;
    DIR *dir = opendir(path);
    if (!dir)
        return E_IO;
    for (struct dirent *entry; done == 0 && (entry = readdir(dir));) {
        struct stat st;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        done = path_of(inner, sub, entry->d_name);
        if (done == 0 && fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            done = E_IO;
        else if (done == 0 && S_ISDIR(st.st_mode))
            done = visit(folder, inner, fn, ctx);
        else if (done == 0)
            done = S_ISREG(st.st_mode) ? fn(inner, ctx) : E_REFUSED;
    }
    closedir(dir);
    return done;
}

/* --- making ----------------------------------------------------------------------------------- */

struct making {
    const char *folder;
    FILE *sums;
    app_tell_fn tell;
    void *ctx;
    int64_t done;
};

static int add_sum(const char *relative, void *ctx)
{
    struct making *m = ctx;
    char path[STORES_PATH_MAX], sum[SUM_TEXT];
    int done = path_of(path, m->folder, relative);
    if (done == 0)
        done = sum_file(path, sum);
    if (done == 0 && fprintf(m->sums, "%s  %s\n", sum, relative) < 0)
        done = E_IO;
    if (++m->done % 100 == 0)
        m->tell("checksums", m->done, 0, m->ctx);
    return done;
}

struct copying {
    const char *from, *to; /* folders */
};

static int copy_key(const char *relative, void *ctx)
{
    const struct copying *c = ctx;
    char from[STORES_PATH_MAX], to[STORES_PATH_MAX], sum[SUM_TEXT];
    int done = path_of(from, c->from, relative);
    if (done == 0)
        done = path_of(to, c->to, relative);
    return done == 0 ? copy_file(from, to, sum) : done;
}

static int copy_keyring(const char *data, const char *folder)
{
    char path[STORES_PATH_MAX];
    int done = path_of(path, folder, STORES_KEYRING);
    if (done == 0 && mkdir(path, 0700) != 0)
        done = E_IO;
    struct copying copying = {data, folder};
    return done == 0 ? visit(data, STORES_KEYRING, copy_key, &copying) : done;
}

static int write_sums(struct making *m)
{
    char path[STORES_PATH_MAX];
    int done = path_of(path, m->folder, SUMS);
    if (done != 0)
        return done;
    m->sums = fopen(path, "wxe");
    if (!m->sums)
        return E_IO;
    static const char *const parts[] = {"store", STORES_PERSONS, STORES_KEYRING, STORES_TOMBSTONES};
    for (size_t i = 0; done == 0 && i < ARRAY_LEN(parts); i++)
        done = visit(m->folder, parts[i], add_sum, m);
    if (done == 0 && (fflush(m->sums) != 0 || fsync(fileno(m->sums)) != 0))
        done = E_IO;
    if (fclose(m->sums) != 0 && done == 0)
        done = E_IO;
    return done == 0 ? sync_folders(m->folder) : done;
}

int backup_make(const struct stores *s, const char *data, const char *folder, app_tell_fn tell,
                void *ctx)
{
    char store[STORES_PATH_MAX], persons[STORES_PATH_MAX], tombstones[STORES_PATH_MAX];
    struct sqlite_progress progress = {tell, ctx};
    int done = s->shared ? E_REFUSED : path_of(store, folder, "store");
    if (done == 0)
        done = path_of(persons, folder, STORES_PERSONS);
    if (done == 0)
        done = path_of(tombstones, folder, STORES_TOMBSTONES);
    if (done == 0 && mkdir(folder, 0700) != 0)
        done = errno == EEXIST ? E_REFUSED : E_IO;
    /* The data first: a person's key is made before the person, so that none is lacking. */
    if (done == 0)
        done = sqlite_backup(store_driver_of(s->data), store, &progress);
    if (done == 0)
        done = sqlite_backup(store_driver_of(s->persons), persons, &progress);
    if (done == 0)
        done = sqlite_backup(store_driver_of(s->tombstones), tombstones, &progress);
    if (done == 0)
        done = copy_keyring(data, folder);
    struct making m = {.folder = folder, .tell = tell, .ctx = ctx};
    return done == 0 ? write_sums(&m) : done;
}

/* --- restoring -------------------------------------------------------------------------------- */

struct restoring {
    const char *folder, *data;
    app_tell_fn tell;
    void *ctx;
    struct arena *arena;
    const char *file;        /* that is not right */
    int64_t listed, present; /* files */
};

/* "store/x" is restored as DATA/x; tombstones beside those that are there, which are not taken
 * back; all else under its own name. */
static const char *restored_name(const struct restoring *r, const char *relative)
{
    size_t n = strlen(STORES_TOMBSTONES);
    if (strncmp(relative, STORES_TOMBSTONES "/", n + 1) == 0)
        return arena_printf(r->arena, BACKUP_TOMBSTONES "%s", relative + n);
    return strncmp(relative, "store/", 6) == 0 ? relative + 6 : relative;
}

/* Names come from a file: they may only lead into the parts of a backup. */
static bool is_part(const char *relative)
{
    bool inside = strncmp(relative, "store/", 6) == 0 ||
                  strncmp(relative, STORES_PERSONS "/", sizeof(STORES_PERSONS)) == 0 ||
                  strncmp(relative, STORES_TOMBSTONES "/", sizeof(STORES_TOMBSTONES)) == 0 ||
                  strncmp(relative, STORES_KEYRING "/", sizeof(STORES_KEYRING)) == 0;
    return inside && !strstr(relative, "..");
}

static int make_folders(char *path, size_t from)
{
    for (char *slash = strchr(path + from, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return E_IO;
    }
    return 0;
}

static int restore_line(struct restoring *r, char *line)
{
    char from[STORES_PATH_MAX], to[STORES_PATH_MAX], sum[SUM_TEXT];
    r->file = SUMS;
    if (strlen(line) < SUM_TEXT + 2 || strncmp(line + SUM_TEXT - 1, "  ", 2) != 0)
        return E_CORRUPT;
    const char *relative = line + SUM_TEXT + 1;
    r->file = arena_strdup(r->arena, relative);
    if (!is_part(relative) || path_of(from, r->folder, relative) != 0 ||
        path_of(to, r->data, restored_name(r, relative)) != 0)
        return E_CORRUPT;
    int done = make_folders(to, strlen(r->data) + 1);
    if (done == 0)
        done = access(from, R_OK) == 0 ? copy_file(from, to, sum) : E_CORRUPT;
    if (done == 0 && strncmp(sum, line, SUM_TEXT - 1) != 0)
        done = E_CORRUPT;
    if (++r->listed % 100 == 0)
        r->tell("files", r->listed, r->present, r->ctx);
    return done;
}

static int restore_lines(struct restoring *r)
{
    CLEANUP(buf_release) struct buf sums;
    char path[STORES_PATH_MAX];
    buf_init(&sums, SUMS_MAX);
    r->file = SUMS;
    int done = path_of(path, r->folder, SUMS);
    if (done == 0)
        done = file_read(path, SUMS_MAX - 1, &sums);
    char *rest = NULL;
    char *line = sums.data ? strtok_r(sums.data, "\n", &rest) : NULL;
    if (done == 0 && !line)
        done = E_CORRUPT;
    for (; done == 0 && line; line = strtok_r(NULL, "\n", &rest))
        done = restore_line(r, line);
    return done;
}

static int count_file(const char *relative, void *ctx)
{
    (void)relative;
    ((struct restoring *)ctx)->present++;
    return 0;
}

/* Made if absent; E_REFUSED unless it is empty, but for tombstones. */
static int empty_folder(const char *path)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return E_IO;
    DIR *dir = opendir(path);
    if (!dir)
        return E_IO;
    bool empty = true;
    for (struct dirent *entry; (entry = readdir(dir));)
        empty &= strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
                 strcmp(entry->d_name, STORES_TOMBSTONES) == 0;
    closedir(dir);
    return empty ? 0 : E_REFUSED;
}

/* What was restored is opened once, as far as that is possible without a master key. */
static int try_open(const char *data, const struct sqlite_progress *progress)
{
    struct stores opened;
    char keyring[STORES_PATH_MAX];
    const char *fault;
    int done = backup_place_tombstones(data);
    if (done == 0)
        done = stores_open_bare(data, NULL, progress, &fault, &opened);
    if (done != 0)
        return done;
    done = backup_merge_tombstones(data, opened.tombstones);
    if (done == 0)
        done = path_of(keyring, data, STORES_KEYRING);
    if (done == 0)
        done = keyring_open(keyring, &opened.keyring);
    if (done == 0) {
        struct people people = stores_people(&opened);
        done = ring_check(&people);
    }
    stores_close(&opened);
    return done == KEYRING_SEALED ? 0 : done > 0 ? E_CORRUPT : done;
}

/* Backups that were made before there were tombstones have none. */
static bool has_part(const char *folder, const char *part)
{
    char path[STORES_PATH_MAX];
    return strcmp(part, STORES_TOMBSTONES) != 0 ||
           (path_of(path, folder, part) == 0 && access(path, F_OK) == 0);
}

int backup_restore(const char *folder, const char *data, app_tell_fn tell, void *ctx,
                   struct arena *a, const char **ret_file)
{
    struct restoring r = {folder, data, tell, ctx, a, NULL, 0, 0};
    static const char *const parts[] = {"store", STORES_PERSONS, STORES_KEYRING, STORES_TOMBSTONES};
    *ret_file = NULL;
    int done = 0;
    for (size_t i = 0; done == 0 && i < ARRAY_LEN(parts); i++) {
        done = has_part(folder, parts[i]) ? visit(folder, parts[i], count_file, &r) : 0;
        *ret_file = done != 0 ? parts[i] : NULL;
    }
    if (done == 0)
        done = empty_folder(data);
    if (done == 0) {
        done = restore_lines(&r);
        *ret_file = done != 0 ? r.file : NULL;
    }
    if (done == 0 && r.listed != r.present) {
        *ret_file = SUMS;
        done = E_CORRUPT;
    }
    if (done == 0)
        done = sync_folders(data);
    if (done != 0)
        return done;
    return try_open(data, &(struct sqlite_progress){tell, ctx});
}
