#include "base/crypto/keyring.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/keyfile.h"
#include "base/result.h"

CLEANUP_PTR(DIR, closedir)
CLEANUP_PTR(struct keyring, keyring_free)

/* In memory that is locked, guarded and kept out of core dumps. */
struct keyring_table {
    struct keyfile lookup;
    struct keyfile masters[KEYRING_MASTERS]; /* newest first */
    size_t n;
    size_t active; /* index of the newest active master */
};

CLEANUP_PTR(struct keyring_table, sodium_free)

struct keyring {
    char *folder;
    pthread_rwlock_t lock; /* over `table` */
    struct keyring_table *table;
};

/* --- the folder ------------------------------------------------------------------------------ */

static int open_folder(const char *path, int *ret_fd)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return E_IO;
    *ret_fd = fd;
    return 0;
}

static int check_owner(int folder)
{
    struct stat st;

    if (fstat(folder, &st) != 0)
        return E_IO;
    return st.st_uid == geteuid() && (st.st_mode & 077) == 0 ? 0 : E_REFUSED;
}

/* Caller closedir. `folder` stays open. */
static int list_folder(int folder, DIR **ret)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    *ret = fd < 0 ? NULL : fdopendir(fd);
    if (!*ret)
        closep(&fd);
    return *ret ? 0 : E_IO;
}

static bool is_newer(const struct keyfile *a, const struct keyfile *b)
{
    return a->created_ms != b->created_ms ? a->created_ms > b->created_ms : a->id > b->id;
}

/* Moved within the table: qsort would leave copies of the secrets in ordinary memory. */
static void insert_master(struct keyring_table *table, const struct keyfile *master)
{
    size_t at = table->n++;

    for (; at > 0 && is_newer(master, &table->masters[at - 1]); at--)
        table->masters[at] = table->masters[at - 1];
    table->masters[at] = *master;
}

static int read_master(int folder, const char *name, struct keyring_table *table)
{
    struct keyfile master;
    uint32_t named;
    int r = keyfile_read(folder, name, &master);

    if (!r && (!keyring_id_parse(name, 8, &named) || named != master.id ||
               master.state == KEYFILE_STABLE))
        r = E_CORRUPT;
    if (!r && table->n == KEYRING_MASTERS)
        r = E_FULL;
    if (!r)
        insert_master(table, &master);
    bytes_wipe(&master, sizeof(master));
    return r;
}

static int read_masters(int folder, struct keyring_table *table)
{
    CLEANUP(closedirp) DIR *dir = NULL;
    int r = list_folder(folder, &dir);

    for (struct dirent *entry; !r && (entry = readdir(dir));)
        if (keyfile_is_master(entry->d_name))
            r = read_master(folder, entry->d_name, table);
    return r;
}

/* Caller sodium_free. */
static int read_table(int folder, struct keyring_table **ret)
{
    CLEANUP(sodium_freep) struct keyring_table *table = sodium_malloc(sizeof(*table));
    int r = check_owner(folder);

    if (r)
        return r;
    if (!table)
        return E_NOMEM;
    memset(table, 0, sizeof(*table));
    r = faccessat(folder, KEYFILE_LOOKUP, F_OK, 0) == 0 ? 0 : E_CORRUPT;
    r = r ? r : keyfile_read(folder, KEYFILE_LOOKUP, &table->lookup);
    r = r ? r : read_masters(folder, table);
    if (r)
        return r;
    while (table->active < table->n && table->masters[table->active].state != KEYFILE_ACTIVE)
        table->active++;
    if (table->active == table->n || table->lookup.state != KEYFILE_STABLE)
        return E_CORRUPT;
    *ret = STEAL(table);
    return 0;
}

static int write_master(int folder, const struct keyfile *master)
{
    char id[KEYRING_ID_TEXT], name[32];

    snprintf(name, sizeof(name), "%s.key", keyring_id_format(master->id, id));
    return keyfile_write(folder, name, master);
}

static int write_fresh(int folder, const char *name, int64_t created_ms, enum keyfile_state state)
{
    struct keyfile key;
    int r;

    keyfile_new(created_ms, state, &key);
    r = name ? keyfile_write(folder, name, &key) : write_master(folder, &key);
    bytes_wipe(&key, sizeof(key));
    return r;
}

/* --- the first run ---------------------------------------------------------------------------- */

static int remove_entries(int folder)
{
    CLEANUP(closedirp) DIR *dir = NULL;
    int r = list_folder(folder, &dir);

    for (struct dirent *entry; !r && (entry = readdir(dir));)
        if (entry->d_name[0] != '.' && unlinkat(folder, entry->d_name, 0) != 0)
            r = E_IO;
    return r;
}

/*
 * The keys are made in a folder beside, which then takes the name: a crash leaves either no keys
 * or all. (rename replaces an empty folder, and refuses one that is not.)
 */
static int make_folder(int parent, const char *path)
{
    char beside[PATH_MAX];
    CLEANUP(closep) int folder = -1;
    int r;

    if ((size_t)snprintf(beside, sizeof(beside), "%s.new", path) >= sizeof(beside))
        return E_INVALID;
    if (mkdir(beside, 0700) != 0 && errno != EEXIST)
        return E_IO;
    r = open_folder(beside, &folder);
    r = r ? r : check_owner(folder);
    r = r ? r : remove_entries(folder);
    r = r ? r : write_fresh(folder, KEYFILE_LOOKUP, clock_now_ms(), KEYFILE_STABLE);
    r = r ? r : write_fresh(folder, NULL, clock_now_ms(), KEYFILE_ACTIVE);
    if (r)
        return r;
    return rename(beside, path) == 0 && fsync(parent) == 0 ? 0 : E_IO;
}

/* Missing counts as empty. */
static int is_empty(const char *path, bool *ret)
{
    CLEANUP(closedirp) DIR *dir = opendir(path);

    if (!dir && errno != ENOENT)
        return E_IO;
    *ret = true;
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            *ret = false;
    return 0;
}

static int make_if_missing(const char *path)
{
    CLEANUP(closep) int parent = -1;
    CLEANUP(freep) char *copy = strdup(path);
    bool empty;
    int r;

    if (!copy)
        return E_NOMEM;
    r = open_folder(dirname(copy), &parent);
    if (r)
        return r;
    if (flock(parent, LOCK_EX) != 0) /* two first runs at once; released with the descriptor */
        return E_IO;
    r = is_empty(path, &empty);
    return r || !empty ? r : make_folder(parent, path);
}

/* --- the keyring ------------------------------------------------------------------------------ */

int keyring_open(const char *folder, struct keyring **ret)
{
    CLEANUP(keyring_freep) struct keyring *k = NULL;
    int r = make_if_missing(folder);

    if (r)
        return r;
    k = calloc(1, sizeof(*k));
    if (!k)
        return E_NOMEM;
    pthread_rwlock_init(&k->lock, NULL);
    k->folder = strdup(folder);
    if (!k->folder)
        return E_NOMEM;
    r = keyring_reload(k);
    if (r)
        return r;
    *ret = STEAL(k);
    return 0;
}

void keyring_free(struct keyring *k)
{
    if (!k)
        return;
    sodium_free(k->table);
    pthread_rwlock_destroy(&k->lock);
    free(k->folder);
    free(k);
}

int keyring_reload(struct keyring *k)
{
    CLEANUP(closep) int folder = -1;
    struct keyring_table *fresh, *old;
    int r = open_folder(k->folder, &folder);

    if (!r && flock(folder, LOCK_SH) != 0)
        r = E_IO;
    r = r ? r : read_table(folder, &fresh);
    if (r)
        return r;
    pthread_rwlock_wrlock(&k->lock);
    old = k->table;
    k->table = fresh;
    pthread_rwlock_unlock(&k->lock);
    sodium_free(old);
    return 0;
}

/*
 * The new key is on disk before an older one is demoted, and the newest active one is used: a crash
 * between leaves more than one active file and no harm.
 */
static int rotate_files(int folder)
{
    CLEANUP(sodium_freep) struct keyring_table *table = NULL;
    int64_t created_ms = clock_now_ms();
    int r = read_table(folder, &table);

    if (r)
        return r;
    if (table->n == KEYRING_MASTERS)
        return E_FULL;
    if (created_ms <= table->masters[0].created_ms)
        created_ms = table->masters[0].created_ms + 1;
    r = write_fresh(folder, NULL, created_ms, KEYFILE_ACTIVE);
    for (size_t i = 0; !r && i < table->n; i++) {
        if (table->masters[i].state != KEYFILE_ACTIVE)
            continue;
        table->masters[i].state = KEYFILE_VERIFY_ONLY;
        r = write_master(folder, &table->masters[i]);
    }
    return r;
}

int keyring_rotate(struct keyring *k)
{
    CLEANUP(closep) int folder = -1;
    int r = open_folder(k->folder, &folder);

    if (!r && flock(folder, LOCK_EX) != 0)
        r = E_IO;
    r = r ? r : rotate_files(folder);
    flock(folder, LOCK_UN); /* reload takes it shared, on a descriptor of its own */
    return r ? r : keyring_reload(k);
}

static void derive(const struct keyfile *master, enum keyring_purpose purpose,
                   struct keyring_key *ret)
{
    ret->id = master->id;
    crypto_kdf_derive_from_key(ret->bytes, sizeof(ret->bytes), (uint64_t)purpose, "tramkeys",
                               master->secret);
}

static struct keyring_table *lock_table(const struct keyring *k)
{
    pthread_rwlock_rdlock((pthread_rwlock_t *)&k->lock);
    return k->table;
}

static void unlock_table(const struct keyring *k)
{
    pthread_rwlock_unlock((pthread_rwlock_t *)&k->lock);
}

void keyring_active(const struct keyring *k, enum keyring_purpose purpose, struct keyring_key *ret)
{
    const struct keyring_table *table = lock_table(k);

    derive(purpose == KEY_LOOKUP ? &table->lookup : &table->masters[table->active], purpose, ret);
    unlock_table(k);
}

int keyring_by_id(const struct keyring *k, enum keyring_purpose purpose, uint32_t id,
                  struct keyring_key *ret)
{
    const struct keyring_table *table = lock_table(k);
    const struct keyfile *found = NULL;

    if (purpose == KEY_LOOKUP)
        found = table->lookup.id == id ? &table->lookup : NULL;
    else
        for (size_t i = 0; i < table->n && !found; i++)
            found = table->masters[i].id == id ? &table->masters[i] : NULL;
    if (found)
        derive(found, purpose, ret);
    unlock_table(k);
    return found ? 0 : KEYRING_ABSENT;
}

size_t keyring_list(const struct keyring *k, struct keyring_entry *ret, size_t cap)
{
    const struct keyring_table *table = lock_table(k);
    size_t n = table->n < cap ? table->n : cap;

    for (size_t i = 0; i < n; i++) {
        ret[i].id = table->masters[i].id;
        ret[i].created_ms = table->masters[i].created_ms;
        ret[i].active = i == table->active;
    }
    unlock_table(k);
    return n;
}
