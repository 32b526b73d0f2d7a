#include "base/crypto/keyring.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/keyring_private.h"
#include "base/result.h"

CLEANUP_PTR(struct keyring, keyring_free)

struct keyring {
    char *folder;
    struct keyring_master *master; /* sodium_malloc; NULL: the files are plain */
    pthread_rwlock_t lock;         /* over `table` */
    struct keyring_table *table;
};

/* --- life ------------------------------------------------------------------------------------- */

static int keep_master(struct keyring *k, const struct keyring_master *master)
{
    if (!master)
        return 0;
    k->master = sodium_malloc(sizeof(*k->master));
    if (!k->master)
        return E_NOMEM;
    *k->master = *master;
    return 0;
}

int keyring_open_under(const char *folder, const struct keyring_master *master,
                       struct keyring **ret)
{
    CLEANUP(keyring_freep) struct keyring *k = NULL;
    int r = keyring_folder_make(folder, master);

    if (r)
        return r;
    k = calloc(1, sizeof(*k));
    if (!k)
        return E_NOMEM;
    pthread_rwlock_init(&k->lock, NULL);
    k->folder = strdup(folder);
    r = k->folder ? keep_master(k, master) : E_NOMEM;
    r = r ? r : keyring_reload(k);
    if (r)
        return r;
    *ret = STEAL(k);
    return 0;
}

int keyring_open(const char *folder, struct keyring **ret)
{
    return keyring_open_under(folder, NULL, ret);
}

void keyring_free(struct keyring *k)
{
    if (!k)
        return;
    keyring_table_free(k->table);
    sodium_free(k->master);
    pthread_rwlock_destroy(&k->lock);
    free(k->folder);
    free(k);
}

/* --- the folder ------------------------------------------------------------------------------- */

/* Opened and locked; closing it lets go. */
static int lock_folder(const char *path, int how, int *ret_fd)
{
    int r = keyring_folder_open(path, ret_fd);

    return !r && flock(*ret_fd, how) != 0 ? E_IO : r;
}

int keyring_reload(struct keyring *k)
{
    CLEANUP(closep) int folder = -1;
    struct keyring_table *fresh = NULL, *old;
    int r = lock_folder(k->folder, LOCK_SH, &folder);

    r = r ? r
          : keyring_folder_read(folder, (const struct keyring_master *[]){k->master, NULL}, &fresh);
    if (r)
        return r;
    pthread_rwlock_wrlock(&k->lock);
    old = k->table;
    k->table = fresh;
    pthread_rwlock_unlock(&k->lock);
    keyring_table_free(old);
    return 0;
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

int keyring_follow(struct keyring *k, bool *ret_read)
{
    CLEANUP(closep) int folder = -1;
    int64_t known_ns;
    int r = keyring_folder_open(k->folder, &folder);

    *ret_read = false;
    if (r)
        return r;
    known_ns = lock_table(k)->changed_ns;
    unlock_table(k);
    if (keyring_folder_changed(folder) == known_ns)
        return 0;
    r = keyring_reload(k);
    *ret_read = r == 0;
    return r;
}

static int64_t newest_created(const struct keyring_table *table)
{
    int64_t newest = 0;

    for (size_t i = 0; i < table->n; i++)
        newest = table->secrets->keys[i].created_ms > newest ? table->secrets->keys[i].created_ms
                                                             : newest;
    return newest;
}

static int rotate_files(const struct keyring *k, int folder, int64_t wait_ms)
{
    CLEANUP(keyring_table_freep) struct keyring_table *table = NULL;
    int64_t now_ms = clock_now_ms(), after_ms;
    int r = keyring_folder_read(folder, (const struct keyring_master *[]){k->master, NULL}, &table);

    if (r)
        return r;
    if (table->n == KEYRING_KEYS)
        return E_FULL;
    after_ms = newest_created(table) + 1; /* of two in one millisecond the second is the later */
    return keyring_folder_add(folder, k->master, now_ms > after_ms ? now_ms : after_ms,
                              now_ms + wait_ms);
}

/* The last whose time has come and that is trusted; on a clock that went back, the first there was.
 */
static size_t active_of(const struct keyring_table *table)
{
    int64_t now_ms = clock_now_ms();
    size_t oldest = 0;

    for (size_t i = 0; i < table->n; i++) {
        if (table->secrets->keys[i].distrusted)
            continue;
        if (table->secrets->keys[i].active_ms <= now_ms)
            return i;
        oldest = i;
    }
    return oldest;
}

/* All but the one that is active. */
static int distrust_files(const struct keyring *k, int folder)
{
    CLEANUP(keyring_table_freep) struct keyring_table *table = NULL;
    int r = keyring_folder_read(folder, (const struct keyring_master *[]){k->master, NULL}, &table);
    size_t active = r ? 0 : active_of(table);

    for (size_t i = 0; !r && i < table->n; i++) {
        if (i == active || table->secrets->keys[i].distrusted)
            continue;
        table->secrets->keys[i].distrusted = true;
        r = keyring_folder_write(folder, k->master, &table->secrets->keys[i]);
    }
    return r;
}

static int rotate(struct keyring *k, int64_t wait_ms, bool distrust)
{
    CLEANUP(closep) int folder = -1;
    int r = lock_folder(k->folder, LOCK_EX, &folder);

    r = r ? r : rotate_files(k, folder, wait_ms);
    r = r || !distrust ? r : distrust_files(k, folder);
    closep(&folder); /* reload takes the lock on a descriptor of its own */
    folder = -1;
    return r ? r : keyring_reload(k);
}

int keyring_rotate(struct keyring *k, int64_t wait_ms)
{
    return rotate(k, wait_ms, false);
}

int keyring_distrust(struct keyring *k)
{
    return rotate(k, 0, true);
}

int keyring_reseal(const char *folder, const struct keyring_master *from,
                   const struct keyring_master *to)
{
    CLEANUP(keyring_table_freep) struct keyring_table *table = NULL;
    CLEANUP(closep) int fd = -1;
    int r = lock_folder(folder, LOCK_EX, &fd);

    r = r ? r
          : keyring_folder_read(fd, (const struct keyring_master *[]){from, to ? to : from},
                                &table);
    r = r ? r : keyring_folder_write(fd, to, &table->secrets->lookup);
    for (size_t i = 0; !r && i < table->n; i++)
        r = keyring_folder_write(fd, to, &table->secrets->keys[i]);
    return r;
}

/* --- the keys --------------------------------------------------------------------------------- */

static void derive(const struct keyfile *key, enum keyring_purpose purpose, struct keyring_key *ret)
{
    ret->id = key->id;
    crypto_kdf_derive_from_key(ret->bytes, sizeof(ret->bytes), (uint64_t)purpose, KEYRING_CONTEXT,
                               key->secret);
}

/* Purposes of which nothing is kept that only an old key could open. */
static bool needs_trust(enum keyring_purpose purpose)
{
    return purpose == KEY_TOKEN || purpose == KEY_CURSOR || purpose == KEY_URL ||
           purpose == KEY_REFRESH;
}

static size_t find(const struct keyring_table *table, uint32_t id)
{
    size_t i = 0;

    while (i < table->n && table->secrets->keys[i].id != id)
        i++;
    return i;
}

void keyring_active(const struct keyring *k, enum keyring_purpose purpose, struct keyring_key *ret)
{
    const struct keyring_table *table = lock_table(k);

    derive(purpose == KEY_LOOKUP ? &table->secrets->lookup
                                 : &table->secrets->keys[active_of(table)],
           purpose, ret);
    unlock_table(k);
}

int keyring_by_id(const struct keyring *k, enum keyring_purpose purpose, uint32_t id,
                  struct keyring_key *ret)
{
    const struct keyring_table *table = lock_table(k);
    const struct keyfile *found = NULL;
    size_t i = find(table, id);

    if (purpose == KEY_LOOKUP)
        found = table->secrets->lookup.id == id ? &table->secrets->lookup : NULL;
    else if (i < table->n && !(table->secrets->keys[i].distrusted && needs_trust(purpose)))
        found = &table->secrets->keys[i];
    if (found)
        derive(found, purpose, ret);
    unlock_table(k);
    return found ? 0 : KEYRING_ABSENT;
}

void keyring_pair_active(const struct keyring *k, uint32_t *ret_id, struct es256 **ret)
{
    const struct keyring_table *table = lock_table(k);
    size_t i = active_of(table);

    *ret_id = table->secrets->keys[i].id;
    *ret = es256_ref(table->pairs[i]);
    unlock_table(k);
}

int keyring_pair_by_id(const struct keyring *k, uint32_t id, struct es256 **ret)
{
    const struct keyring_table *table = lock_table(k);
    size_t i = find(table, id);
    bool found = i < table->n && !table->secrets->keys[i].distrusted;

    if (found)
        *ret = es256_ref(table->pairs[i]);
    unlock_table(k);
    return found ? 0 : KEYRING_ABSENT;
}

size_t keyring_list(const struct keyring *k, struct keyring_entry *ret, size_t cap)
{
    const struct keyring_table *table = lock_table(k);
    size_t n = table->n < cap ? table->n : cap, active = active_of(table);
    int64_t until_ms = 0;

    for (size_t i = 0; i < n; i++) {
        const struct keyfile *key = &table->secrets->keys[i];

        ret[i] = (struct keyring_entry){
            .id = key->id,
            .created_ms = key->created_ms,
            .active_ms = key->active_ms,
            .until_ms = until_ms,
            .active = i == active,
            .distrusted = key->distrusted,
        };
        until_ms = key->distrusted ? until_ms : key->active_ms;
    }
    unlock_table(k);
    return n;
}
