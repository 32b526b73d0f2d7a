/*
 * SHA-256 and HMAC-SHA256 (RFC 2104), and tags that name the key they were made with, so that they
 * outlive a rotation. Thread-safe.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/crypto/keyring.h"
#include "base/id.h"

#define MAC_SIZE 32
#define MAC_TAG (4 + MAC_SIZE) /* key id big-endian, HMAC */

enum mac_outcome {
    MAC_FORGED = 1, /* not made by this keyring for this purpose, or its key is gone */
};

void mac_sha256(const void *bytes, size_t n, uint8_t out[MAC_SIZE]);
void mac_hmac(const void *key, size_t key_n, const void *bytes, size_t n, uint8_t out[MAC_SIZE]);

/* Under the purpose's active key. */
void mac_tag(const struct keyring *k, enum keyring_purpose purpose, const void *bytes, size_t n,
             uint8_t out[MAC_TAG]);
/* 0 or MAC_FORGED; the comparison takes constant time. */
int mac_check(const struct keyring *k, enum keyring_purpose purpose, const void *bytes, size_t n,
              const uint8_t tag[MAC_TAG]);

/*
 * The id under which something is found by a value that must not be guessed from it: a login by its
 * phone number, a person by a card number. Derived with the lookup key, so it is the same for ever.
 */
struct id mac_lookup_id(const struct keyring *k, const char *kind, const void *value, size_t n);
