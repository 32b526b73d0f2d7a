/* The model of the disk, and how a test steers it. */
#include "tests/support/drop_private.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 512

struct drop_disk drop_disk = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* --- what the disk has ------------------------------------------------------------------------ */

static void image_resize(struct image *i, size_t len)
{
    if (len > i->cap) {
        i->cap = len * 2;
        i->bytes = realloc(i->bytes, i->cap);
        if (!i->bytes)
            abort();
    }
    if (len > i->len)
        memset(i->bytes + i->len, 0, len - i->len);
    i->len = len;
}

static void image_apply(struct image *i, const struct change *c, size_t n)
{
    if (!c->bytes) {
        image_resize(i, (size_t)c->offset);
        return;
    }
    if ((size_t)c->offset + n > i->len)
        image_resize(i, (size_t)c->offset + n);
    memcpy(i->bytes + c->offset, c->bytes, n);
}

void drop_node_forget_changes(struct node *f)
{
    while (f->changes) {
        struct change *c = f->changes;
        f->changes = c->next;
        free(c->bytes);
        free(c);
    }
    f->last = &f->changes;
}

void drop_node_sync(struct node *f)
{
    for (const struct change *c = f->changes; c; c = c->next)
        image_apply(&f->synced, c, c->n);
    drop_node_forget_changes(f);
}

void drop_node_change(struct node *f, int64_t offset, const void *bytes, size_t n)
{
    struct change *c = calloc(1, sizeof(*c));
    if (!c)
        abort();
    c->offset = offset;
    c->n = n;
    if (bytes) {
        c->bytes = malloc(n ? n : 1);
        if (!c->bytes)
            abort();
        memcpy(c->bytes, bytes, n);
    }
    *f->last = c;
    f->last = &c->next;
}

struct node *drop_node_find(const char *path)
{
    for (struct node *f = drop_disk.nodes; f; f = f->next)
        if (strcmp(f->path, path) == 0)
            return f;
    return NULL;
}

struct node *drop_node_add(const char *path)
{
    struct node *f = calloc(1, sizeof(*f));
    if (!f)
        abort();
    snprintf(f->path, sizeof(f->path), "%s", path);
    f->last = &f->changes;
    f->next = drop_disk.nodes;
    drop_disk.nodes = f;
    return f;
}

/* A file met for the first time: what it holds is durable; an empty one was just made. */
struct node *drop_node_meet(const char *path)
{
    struct node *f = drop_node_find(path);
    if (f)
        return f;
    f = drop_node_add(path);
    struct stat st;
    FILE *in = fopen(path, "rb");
    if (in && fstat(fileno(in), &st) == 0 && st.st_size > 0) {
        image_resize(&f->synced, (size_t)st.st_size);
        f->on_disk = fread(f->synced.bytes, 1, f->synced.len, in) == f->synced.len;
    }
    f->named = in != NULL;
    if (in)
        fclose(in);
    return f;
}

void drop_node_copy(struct node *to, const struct node *from)
{
    drop_node_forget_changes(to);
    to->synced.len = 0;
    image_resize(&to->synced, from->synced.len);
    if (from->synced.len)
        memcpy(to->synced.bytes, from->synced.bytes, from->synced.len);
    for (const struct change *c = from->changes; c; c = c->next)
        drop_node_change(to, c->offset, c->bytes, c->n);
}

static void node_free(struct node *f)
{
    drop_node_forget_changes(f);
    free(f->synced.bytes);
    free(f);
}

/* --- steering --------------------------------------------------------------------------------- */

static bool folder_is_empty(const char *path)
{
    DIR *folder = opendir(path);
    int entries = 0;
    while (folder && readdir(folder))
        entries++;
    if (folder)
        closedir(folder);
    return entries <= 2; /* . and .. */
}

void drop_forget(void)
{
    while (drop_disk.nodes) {
        struct node *f = drop_disk.nodes;
        drop_disk.nodes = f->next;
        node_free(f);
    }
    drop_disk.dead = false;
    drop_disk.lies = 0;
    memset(drop_disk.fail, 0, sizeof(drop_disk.fail));
}

void drop_watch(const char *folder)
{
    drop_vfs_register();
    drop_forget();
    snprintf(drop_disk.folder, sizeof(drop_disk.folder), "%s", folder);
    drop_disk.fresh = folder_is_empty(folder);
    drop_disk.root_synced = drop_disk.blobs_synced = false;
}

void drop_lie(unsigned lies)
{
    pthread_mutex_lock(&drop_disk.lock);
    drop_disk.lies = lies;
    pthread_mutex_unlock(&drop_disk.lock);
}

void drop_fail(enum drop_call call, bool log, int code)
{
    pthread_mutex_lock(&drop_disk.lock);
    drop_disk.fail[call][log] = code;
    pthread_mutex_unlock(&drop_disk.lock);
}

void drop_cut(void)
{
    pthread_mutex_lock(&drop_disk.lock);
    drop_disk.dead = true;
    pthread_mutex_unlock(&drop_disk.lock);
}

static uint64_t draw(uint64_t *seed) /* xorshift64 */
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void node_restore(struct node *f, bool torn, uint64_t *seed)
{
    if (!f->on_disk) {
        unlink(f->path);
        return;
    }
    for (const struct change *c = f->changes; torn && c; c = c->next) {
        uint64_t luck = draw(seed);
        if (luck % 2 == 0)
            continue;
        bool whole = luck % 4 == 3 || c->n < SECTOR;
        image_apply(&f->synced, c, whole ? c->n : luck / 4 % (c->n / SECTOR) * SECTOR);
    }
    FILE *out = fopen(f->path, "wb");
    if (!out ||
        (f->synced.len && fwrite(f->synced.bytes, 1, f->synced.len, out) != f->synced.len) ||
        fclose(out) != 0)
        abort();
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind;
    return at->level == 0 ? 0 : remove(path);
}

/* Folders made since the watch began are there only if the folder above them was synced. */
static void folders_restore(void)
{
    char path[DROP_PATH + 8];
    snprintf(path, sizeof(path), "%s/blobs", drop_disk.folder);
    if (!drop_disk.fresh || drop_disk.blobs_synced)
        return;
    nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

void drop_restore(bool torn, uint64_t seed)
{
    char folder[DROP_PATH], path[DROP_PATH + 16];
    snprintf(folder, sizeof(folder), "%s", drop_disk.folder);
    seed = seed ? seed : 1;
    for (struct node *f = drop_disk.nodes; f; f = f->next)
        node_restore(f, torn, &seed);
    folders_restore();
    if (drop_disk.fresh && !drop_disk.root_synced)
        nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    snprintf(path, sizeof(path), "%s/tram.db-shm", folder);
    unlink(path); /* memory, not disk */
    drop_watch(folder);
}
