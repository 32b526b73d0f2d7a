/* The files of a keyring's folder; only keyring.c includes this. Format: base/crypto/keyring.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto/keyring.h"

#define KEYFILE_LOOKUP "lookup.key"

enum keyfile_state { KEYFILE_ACTIVE, KEYFILE_VERIFY_ONLY, KEYFILE_STABLE };

struct keyfile {
    uint32_t id;
    int64_t created_ms;
    enum keyfile_state state;
    uint8_t secret[KEYRING_KEY];
};

/* A fresh random key. */
void keyfile_new(int64_t created_ms, enum keyfile_state state, struct keyfile *ret);

/* Reads folder/name. E_CORRUPT, E_IO. */
int keyfile_read(int folder, const char *name, struct keyfile *ret);

/*
 * Writes folder/name by way of "new.tmp", replacing what was there; bytes and name are on disk when
 * this returns. One writer at a time (the caller holds the folder's lock). E_IO.
 */
int keyfile_write(int folder, const char *name, const struct keyfile *file);

/* Whether a name in the folder is one of a master's: 8 hex digits and ".key". */
bool keyfile_is_master(const char *name);
