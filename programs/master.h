/*
 * The master key, which seals the keyring's files (base/crypto/keyring.h): 32 bytes as 64 hex
 * digits, from a source that is named and never from the store.
 *
 *   file:/etc/tram/master.key          a regular file that only its owner may read
 *   credential:NAME                    systemd's, below $CREDENTIALS_DIRECTORY
 *   command:/usr/bin/x a b             what a program prints; words are divided at spaces and no
 *                                      shell is asked; it must end by itself, with 0
 *   (empty)                            there is none: the files are plain
 */
#pragma once

#include "base/config.h"
#include "base/crypto/keyring.h"

extern const struct config_key master_config[]; /* "keys.*" */

#define MASTER_TEXT (2 * KEYRING_KEY + 1) /* as it is written, the NUL included */

/* *ret_has: there is one, in *ret; its owner wipes it. E_CONFIG with words in *ret_fault (static),
 * E_TIMEOUT where the command did not end within timeout_ms. */
int master_read(const char *source, int64_t timeout_ms, struct keyring_master *ret, bool *ret_has,
                const char **ret_fault);
/* A fresh one, as it is written. */
char *master_new(char out[MASTER_TEXT]);
