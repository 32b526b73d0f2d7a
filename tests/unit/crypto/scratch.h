/* A folder of its own for a test that needs a keyring: made before, removed after. */
#pragma once

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto/keyring.h"

struct scratch {
    char folder[32]; /* the parent */
    char keys[48];   /* where the keyring is */
    struct keyring *keyring;
};

static inline void scratch_empty(const char *folder)
{
    DIR *dir = opendir(folder);
    char path[512];

    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

static inline int scratch_begin(void **state)
{
    struct scratch *s = calloc(1, sizeof(*s));

    strcpy(s->folder, "/tmp/tram-keys-XXXXXX");
    if (!mkdtemp(s->folder))
        return -1;
    snprintf(s->keys, sizeof(s->keys), "%s/keys", s->folder);
    *state = s;
    return keyring_open(s->keys, &s->keyring);
}

static inline int scratch_end(void **state)
{
    struct scratch *s = *state;

    keyring_free(s->keyring);
    scratch_empty(s->keys);
    scratch_empty(s->folder);
    free(s);
    return 0;
}
