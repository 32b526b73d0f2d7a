/* How the keyring is laid out in memory and on disk; only keyring*.c include this. */
#pragma once

#include "base/crypto/keyfile.h"
#include "base/crypto/keyring.h"

#define KEYRING_CONTEXT "tramkeys" /* of the derivation */

/* In memory that is locked, guarded and kept out of core dumps. */
struct keyring_secrets {
    struct keyfile lookup;
    struct keyfile keys[KEYRING_KEYS]; /* the last to become active first */
};

struct keyring_table {
    struct keyring_secrets *secrets;
    struct es256 *pairs[KEYRING_KEYS]; /* of the keys, in their order */
    size_t n;
    int64_t changed_ns; /* of the folder, when it was read */
};
void keyring_table_free(struct keyring_table *table);
void keyring_table_freep(struct keyring_table **table); /* for CLEANUP */

/* Caller close. */
int keyring_folder_open(const char *path, int *ret_fd);
/* Makes the folder where it is missing or empty. */
int keyring_folder_make(const char *path, const struct keyring_master *master);
int64_t keyring_folder_changed(int folder); /* -1: not known */
/* Caller keyring_table_free. `masters` as in keyfile_read; with a NULL at [1], every file must be
 * sealed just so. */
int keyring_folder_read(int folder, const struct keyring_master *const masters[2],
                        struct keyring_table **ret);
int keyring_folder_add(int folder, const struct keyring_master *master, int64_t created_ms,
                       int64_t active_ms);
/* A key of the table written anew. */
int keyring_folder_write(int folder, const struct keyring_master *master,
                         const struct keyfile *key);
