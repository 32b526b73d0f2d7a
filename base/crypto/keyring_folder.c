/* The folder of the keyring: read whole, made whole. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
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
#include "base/crypto/keyring_private.h"
#include "base/result.h"

CLEANUP_PTR(DIR, closedir)

/* --- reading ---------------------------------------------------------------------------------- */

int keyring_folder_open(const char *path, int *ret_fd)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return E_IO;
    *ret_fd = fd;
    return 0;
}

int64_t keyring_folder_changed(int folder)
{
    struct stat st;

    return fstat(folder, &st) == 0
               ? (int64_t)st.st_mtim.tv_sec * 1000000000 + (int64_t)st.st_mtim.tv_nsec
               : -1;
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

void keyring_table_free(struct keyring_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->n; i++)
        es256_free(table->pairs[i]);
    sodium_free(table->secrets);
    free(table);
}

void keyring_table_freep(struct keyring_table **table)
{
    keyring_table_free(*table);
}

static bool is_later(const struct keyfile *a, const struct keyfile *b)
{
    if (a->active_ms != b->active_ms)
        return a->active_ms > b->active_ms;
    return a->created_ms != b->created_ms ? a->created_ms > b->created_ms : a->id > b->id;
}

/* Moved within the table: qsort would leave copies of the secrets in ordinary memory. */
static void insert_key(struct keyring_table *table, const struct keyfile *key)
{
    size_t at = table->n++;

    for (; at > 0 && is_later(key, &table->secrets->keys[at - 1]); at--)
        table->secrets->keys[at] = table->secrets->keys[at - 1];
    table->secrets->keys[at] = *key;
}

static int read_file(int folder, const char *name, const struct keyring_master *const masters[2],
                     struct keyfile *ret)
{
    const struct keyring_master *sealed = NULL;
    int r = keyfile_read(folder, name, masters, ret, &sealed);

    return r == 0 && masters[0] && !masters[1] && !sealed ? KEYRING_PLAIN : r;
}

static int read_key(int folder, const char *name, const struct keyring_master *const masters[2],
                    struct keyring_table *table)
{
    struct keyfile key = {0};
    uint32_t named;
    int r = read_file(folder, name, masters, &key);

    if (!r &&
        (!keyring_id_parse(name, 8, &named) || named != key.id || key.active_ms == KEYFILE_ALWAYS))
        r = E_CORRUPT;
    if (!r && table->n == KEYRING_KEYS)
        r = E_FULL;
    if (!r)
        insert_key(table, &key);
    bytes_wipe(&key, sizeof(key));
    return r;
}

static int read_keys(int folder, const struct keyring_master *const masters[2],
                     struct keyring_table *table)
{
    CLEANUP(closedirp) DIR *dir = NULL;
    int r = list_folder(folder, &dir);

    for (struct dirent *entry; !r && (entry = readdir(dir));)
        if (keyfile_is_key(entry->d_name))
            r = read_key(folder, entry->d_name, masters, table);
    return r;
}

static int derive_pairs(struct keyring_table *table)
{
    uint8_t seed[ES256_SEED];
    int r = 0;

    for (size_t i = 0; !r && i < table->n; i++) {
        crypto_kdf_derive_from_key(seed, sizeof(seed), KEY_TOKEN, KEYRING_CONTEXT,
                                   table->secrets->keys[i].secret);
        r = es256_derive(seed, &table->pairs[i]);
    }
    bytes_wipe(seed, sizeof(seed));
    return r;
}

int keyring_folder_read(int folder, const struct keyring_master *const masters[2],
                        struct keyring_table **ret)
{
    CLEANUP(keyring_table_freep) struct keyring_table *table = calloc(1, sizeof(*table));
    int r = check_owner(folder);

    if (!table)
        return E_NOMEM;
    table->secrets = sodium_malloc(sizeof(*table->secrets));
    if (!table->secrets)
        return E_NOMEM;
    memset(table->secrets, 0, sizeof(*table->secrets));
    table->changed_ns = keyring_folder_changed(folder);
    if (!r && faccessat(folder, KEYFILE_LOOKUP, F_OK, 0) != 0)
        r = E_CORRUPT;
    r = r ? r : read_file(folder, KEYFILE_LOOKUP, masters, &table->secrets->lookup);
    r = r ? r : read_keys(folder, masters, table);
    if (!r && (table->n == 0 || table->secrets->lookup.active_ms != KEYFILE_ALWAYS))
        r = E_CORRUPT;
    r = r ? r : derive_pairs(table);
    if (!r)
        *ret = STEAL(table);
    return r;
}

/* --- writing ---------------------------------------------------------------------------------- */

int keyring_folder_write(int folder, const struct keyring_master *master, const struct keyfile *key)
{
    char id[KEYRING_ID_TEXT], name[32] = KEYFILE_LOOKUP;

    if (key->active_ms != KEYFILE_ALWAYS)
        snprintf(name, sizeof(name), "%s.key", keyring_id_format(key->id, id));
    return keyfile_write(folder, name, master, key);
}

int keyring_folder_add(int folder, const struct keyring_master *master, int64_t created_ms,
                       int64_t active_ms)
{
    struct keyfile key;
    int r;

    keyfile_new(created_ms, active_ms, &key);
    r = keyring_folder_write(folder, master, &key);
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
static int make_folder(int parent, const char *path, const struct keyring_master *master)
{
    char beside[PATH_MAX];
    CLEANUP(closep) int folder = -1;
    int64_t now_ms = clock_now_ms();
    int r;

    if ((size_t)snprintf(beside, sizeof(beside), "%s.new", path) >= sizeof(beside))
        return E_INVALID;
    if (mkdir(beside, 0700) != 0 && errno != EEXIST)
        return E_IO;
    r = keyring_folder_open(beside, &folder);
    r = r ? r : check_owner(folder);
    r = r ? r : remove_entries(folder);
    r = r ? r : keyring_folder_add(folder, master, now_ms, KEYFILE_ALWAYS);
    r = r ? r : keyring_folder_add(folder, master, now_ms, now_ms);
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

int keyring_folder_make(const char *path, const struct keyring_master *master)
{
    CLEANUP(closep) int parent = -1;
    CLEANUP(freep) char *copy = strdup(path);
    bool empty;
    int r;

    if (!copy)
        return E_NOMEM;
    r = keyring_folder_open(dirname(copy), &parent);
    if (r)
        return r;
    if (flock(parent, LOCK_EX) != 0) /* two first runs at once; released with the descriptor */
        return E_IO;
    r = is_empty(path, &empty);
    return r || !empty ? r : make_folder(parent, path, master);
}
