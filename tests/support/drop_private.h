/* What drop_disk.c, drop_files.c and drop_vfs.c share: the disk and the names on it. */
#pragma once

#include <pthread.h>

#include "tests/support/drop_vfs.h"

#define DROP_PATH 1024

/* A write, or (bytes NULL) a truncation to `offset`, that no sync has followed. */
struct change {
    int64_t offset;
    size_t n;
    uint8_t *bytes;
    struct change *next;
};

struct image {
    uint8_t *bytes;
    size_t len, cap;
};

/* One name in the folder. */
struct node {
    char path[DROP_PATH];
    struct image synced;
    struct change *changes, **last;
    bool named;   /* now */
    bool on_disk; /* in the folder as the disk has it */
    struct node *next;
};

struct drop_disk {
    pthread_mutex_t lock; /* held by whoever calls the functions below */
    char folder[DROP_PATH];
    struct node *nodes;
    bool fresh;                     /* the folder was empty when it was first watched */
    bool root_synced, blobs_synced; /* since then */
    bool dead;
    unsigned lies;
    int fail[3][2]; /* an SQLite code, by call and log */
};
extern struct drop_disk drop_disk;

struct node *drop_node_find(const char *path);
struct node *drop_node_add(const char *path);
struct node *drop_node_meet(const char *path); /* found or added */
void drop_node_change(struct node *f, int64_t offset, const void *bytes, size_t n);
void drop_node_sync(struct node *f);
void drop_node_forget_changes(struct node *f);
void drop_node_copy(struct node *to, const struct node *from); /* contents, synced and not */

void drop_vfs_register(void);
