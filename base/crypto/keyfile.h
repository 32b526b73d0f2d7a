/* The files of a keyring's folder; only the keyring includes this. Format: base/crypto/keyring.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto/keyring.h"

#define KEYFILE_LOOKUP "lookup.key"
#define KEYFILE_ALWAYS (-1) /* active_ms of lookup.key */

struct keyfile {
    uint32_t id;
    int64_t created_ms, active_ms;
    bool distrusted;
    uint8_t secret[KEYRING_KEY];
};

/* A fresh random key. */
void keyfile_new(int64_t created_ms, int64_t active_ms, struct keyfile *ret);

/* Reads folder/name, by either of the masters (NULL: none) where it is sealed. E_CORRUPT, E_IO,
 * KEYRING_OTHER_MASTER, KEYRING_SEALED; *ret_sealed says by which of them (NULL: plain). */
int keyfile_read(int folder, const char *name, const struct keyring_master *const masters[2],
                 struct keyfile *ret, const struct keyring_master **ret_sealed);

/*
 * Writes folder/name, sealed by `master` unless that is NULL, by way of "new.tmp", replacing what
 * was there; bytes and name are on disk when this returns. One writer at a time (the caller holds
 * the folder's lock). E_IO.
 */
int keyfile_write(int folder, const char *name, const struct keyring_master *master,
                  const struct keyfile *file);

/* Whether a name in the folder is one of a key's: 8 hex digits and ".key". */
bool keyfile_is_key(const char *name);
