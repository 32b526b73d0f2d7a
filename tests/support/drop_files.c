/* The files that the engine writes itself, on the disk that forgets. */
#include "tests/support/drop_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int refuse_if_dead(void)
{
    if (drop_disk.dead)
        errno = EIO;
    return drop_disk.dead ? -1 : 0;
}

/* The node of an open file, by the kernel's name for it. */
static struct node *node_of(int fd)
{
    char link[64], path[DROP_PATH];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof(path) - 1);
    if (n < 0)
        abort();
    path[n] = '\0';
    return drop_node_meet(path);
}

static int drop_create(const char *path)
{
    pthread_mutex_lock(&drop_disk.lock);
    int fd = refuse_if_dead() < 0 ? -1 : blob_io_system.create(path);
    if (fd >= 0) {
        struct node *f = drop_node_meet(path);
        f->named = true;
        drop_node_change(f, 0, NULL, 0);
    }
    pthread_mutex_unlock(&drop_disk.lock);
    return fd;
}

static ssize_t drop_write_at(int fd, const void *bytes, size_t n, off_t offset)
{
    pthread_mutex_lock(&drop_disk.lock);
    struct node *f = node_of(fd);
    ssize_t wrote = refuse_if_dead() < 0 ? -1 : blob_io_system.write_at(fd, bytes, n, offset);
    if (wrote > 0)
        drop_node_change(f, offset, bytes, (size_t)wrote);
    pthread_mutex_unlock(&drop_disk.lock);
    return wrote;
}

static int64_t room_without_end(int fd)
{
    (void)fd;
    return INT64_MAX;
}

static int drop_truncate_file(int fd, off_t size)
{
    pthread_mutex_lock(&drop_disk.lock);
    struct node *f = node_of(fd);
    int done = refuse_if_dead() < 0 ? -1 : blob_io_system.truncate(fd, size);
    if (done == 0)
        drop_node_change(f, size, NULL, 0);
    pthread_mutex_unlock(&drop_disk.lock);
    return done;
}

static int drop_sync_file(int fd)
{
    pthread_mutex_lock(&drop_disk.lock);
    int done = refuse_if_dead();
    if (done == 0 && !(drop_disk.lies & DROP_BLOB))
        drop_node_sync(node_of(fd));
    pthread_mutex_unlock(&drop_disk.lock);
    return done;
}

static unsigned folder_lie(const char *path)
{
    size_t root = strlen(drop_disk.folder);
    if (strcmp(path, drop_disk.folder) == 0)
        return DROP_ROOT_FOLDER;
    return strcmp(path + root, "/blobs") == 0 ? DROP_BLOBS_FOLDER : DROP_PREFIX_FOLDER;
}

static int drop_sync_folder(const char *path)
{
    pthread_mutex_lock(&drop_disk.lock);
    int done = refuse_if_dead();
    size_t n = strlen(path);
    unsigned which = folder_lie(path);
    if (done == 0 && !(drop_disk.lies & which)) {
        drop_disk.root_synced = drop_disk.root_synced || which == DROP_ROOT_FOLDER;
        drop_disk.blobs_synced = drop_disk.blobs_synced || which == DROP_BLOBS_FOLDER;
        for (struct node *f = drop_disk.nodes; f; f = f->next)
            if (strncmp(f->path, path, n) == 0 && f->path[n] == '/' &&
                !strchr(f->path + n + 1, '/'))
                f->on_disk = f->named;
    }
    pthread_mutex_unlock(&drop_disk.lock);
    return done;
}

static int drop_rename(const char *from, const char *to)
{
    pthread_mutex_lock(&drop_disk.lock);
    int done = refuse_if_dead() < 0 ? -1 : blob_io_system.rename(from, to);
    if (done == 0) {
        struct node *source = drop_node_meet(from), *target = drop_node_find(to);
        target = target ? target : drop_node_add(to);
        drop_node_copy(target, source);
        target->named = true;
        source->named = false;
    }
    pthread_mutex_unlock(&drop_disk.lock);
    return done;
}

static int drop_remove(const char *path)
{
    pthread_mutex_lock(&drop_disk.lock);
    int done = refuse_if_dead();
    struct node *f = done == 0 && access(path, F_OK) == 0 ? drop_node_meet(path) : NULL;
    done = done == 0 ? blob_io_system.remove(path) : done;
    if (done == 0 && f)
        f->named = false;
    pthread_mutex_unlock(&drop_disk.lock);
    return done;
}

const struct blob_io drop_blob_io = {
    .room = room_without_end,
    .create = drop_create,
    .write_at = drop_write_at,
    .truncate = drop_truncate_file,
    .sync = drop_sync_file,
    .sync_folder = drop_sync_folder,
    .rename = drop_rename,
    .remove = drop_remove,
};
