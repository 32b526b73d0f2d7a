/* What is sealed in a copied store is opened by the keyring of the one it came from. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "programs/ctl.h"
#include "programs/stores.h"

#define DRAFT STORES_KEYRING ".part" /* until it is whole */
#define KEY_FILE_MAX 4096

CLEANUP_PTR(struct keyring, keyring_free)

static void dir_close(DIR *d)
{
    closedir(d);
}
CLEANUP_PTR(DIR, dir_close)

static int path_of(char out[STORES_PATH_MAX], const char *folder, const char *name)
{
    int n = snprintf(out, STORES_PATH_MAX, "%s/%s", folder, name);
    return n > 0 && n < STORES_PATH_MAX ? 0 : E_INVALID;
}

static bool is_key(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && strcmp(name + n - 4, ".key") == 0;
}

/* Calls fn with each key file's name. */
static int each_key(const char *folder, int (*fn)(const char *name, const char *const folders[2]),
                    const char *const folders[2])
{
    CLEANUP(dir_closep) DIR *dir = opendir(folder);
    int done = dir ? 0 : E_IO;
    for (struct dirent *entry; done == 0 && (entry = readdir(dir));) {
        if (is_key(entry->d_name))
            done = fn(entry->d_name, folders);
    }
    return done;
}

/* --- copying ---------------------------------------------------------------------------------- */

static int sync_folder(const char *folder)
{
    CLEANUP(closep) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? 0 : E_IO;
}

static int remove_key(const char *name, const char *const folders[2])
{
    char path[STORES_PATH_MAX];
    int done = path_of(path, folders[1], name);
    return done == 0 && unlink(path) != 0 ? E_IO : done;
}

static int copy_key(const char *name, const char *const folders[2])
{
    char from[STORES_PATH_MAX], to[STORES_PATH_MAX];
    CLEANUP(buf_release) struct buf key;
    buf_init(&key, KEY_FILE_MAX + 1);
    int done = path_of(from, folders[0], name);
    if (done == 0)
        done = path_of(to, folders[1], name);
    if (done == 0)
        done = file_read(from, KEY_FILE_MAX, &key);
    if (done != 0)
        return done;
    CLEANUP(closep) int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool written = fd >= 0 && write(fd, key.data, key.len) == (ssize_t)key.len && fsync(fd) == 0;
    bytes_wipe(key.data, key.len);
    return written ? 0 : E_IO;
}

static int copy_whole(const char *from, const char *to, const char *target)
{
    char draft[STORES_PATH_MAX];
    int done = path_of(draft, target, DRAFT);
    if (done == 0 && mkdir(draft, 0700) != 0 && errno != EEXIST)
        done = E_IO;
    const char *const left[] = {from, draft};
    if (done == 0)
        done = each_key(draft, remove_key, left);
    if (done == 0)
        done = each_key(from, copy_key, left);
    if (done == 0)
        done = sync_folder(draft);
    if (done == 0 && rename(draft, to) != 0)
        done = E_IO;
    return done == 0 ? sync_folder(target) : done;
}

/* --- comparing -------------------------------------------------------------------------------- */

static bool same_key(const struct keyring *a, const struct keyring *b, enum keyring_purpose purpose,
                     uint32_t id)
{
    struct keyring_key of_a, of_b;
    bool same = keyring_by_id(a, purpose, id, &of_a) == 0 &&
                keyring_by_id(b, purpose, id, &of_b) == 0 &&
                bytes_equal(of_a.bytes, of_b.bytes, sizeof(of_a.bytes));
    bytes_wipe(&of_a, sizeof(of_a));
    bytes_wipe(&of_b, sizeof(of_b));
    return same;
}

static bool same_lookup(const struct keyring *a, const struct keyring *b)
{
    struct keyring_key of_a, of_b;
    keyring_active(a, KEY_LOOKUP, &of_a);
    keyring_active(b, KEY_LOOKUP, &of_b);
    bool same = bytes_equal(of_a.bytes, of_b.bytes, sizeof(of_a.bytes));
    bytes_wipe(&of_a, sizeof(of_a));
    bytes_wipe(&of_b, sizeof(of_b));
    return same;
}

static int same_file(const char *name, const char *const folders[2])
{
    char path[STORES_PATH_MAX];
    struct buf files[2];
    int done = 0;
    for (int i = 0; i < 2; i++) {
        buf_init(&files[i], KEY_FILE_MAX + 1);
        if (done == 0)
            done = path_of(path, folders[i], name);
        if (done == 0 && (i == 0 || access(path, F_OK) == 0))
            done = file_read(path, KEY_FILE_MAX, &files[i]);
    }
    if (done == 0 &&
        (files[0].len != files[1].len || memcmp(files[0].data, files[1].data, files[0].len) != 0))
        done = CTL_KEYRING_OTHER;
    for (int i = 0; i < 2; i++) {
        if (files[i].data)
            bytes_wipe(files[i].data, files[i].len);
        buf_release(&files[i]);
    }
    return done;
}

/* Sealed ones cannot be opened here: the files must be the same. */
static int compare_files(const char *from, const char *to)
{
    const char *const folders[] = {from, to};
    int done = each_key(from, same_file, folders);
    return done == 0 ? CTL_KEYRING_SAME : done;
}

/* Whatever the one opens, the other does. */
static int compare(const char *from, const char *to)
{
    CLEANUP(keyring_freep) struct keyring *a = NULL;
    CLEANUP(keyring_freep) struct keyring *b = NULL;
    struct keyring_entry entries[KEYRING_KEYS];
    int done = keyring_open(from, &a);
    if (done == 0)
        done = keyring_open(to, &b);
    if (done == KEYRING_SEALED)
        return compare_files(from, to);
    if (done != 0)
        return done;
    size_t n = keyring_list(a, entries, ARRAY_LEN(entries));
    bool same = same_lookup(a, b);
    for (size_t i = 0; i < n; i++)
        same = same && same_key(a, b, KEY_SECRET, entries[i].id);
    return same ? CTL_KEYRING_SAME : CTL_KEYRING_OTHER;
}

/* Opening a keyring that is not there would make one. */
static bool is_there(const char *keyring)
{
    char path[STORES_PATH_MAX];
    return path_of(path, keyring, "lookup.key") == 0 && access(path, F_OK) == 0;
}

int ctl_keyring_copy(const char *from, const char *to)
{
    char a[STORES_PATH_MAX], b[STORES_PATH_MAX];
    int done = path_of(a, from, STORES_KEYRING);
    if (done == 0)
        done = path_of(b, to, STORES_KEYRING);
    if (done != 0)
        return done;
    if (!is_there(a))
        return CTL_KEYRING_NONE;
    return is_there(b) ? compare(a, b) : copy_whole(a, b, to);
}
