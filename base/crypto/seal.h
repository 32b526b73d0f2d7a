/*
 * Sealing: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha, IETF form). What is sealed is bound to what
 * it is and whose it is, so that no sealed word can be moved to another field or person.
 *
 *     under a key of its own   01 | nonce 24 | ciphertext n | tag 16
 *     under the keyring        02 | key id 4 | nonce 24 | ciphertext n | tag 16
 *
 * Nonces are random. Associated data: the bytes before the nonce, `whose` (16), `what`.
 * Blobs are sealed in frames: base/crypto/frames.h. Thread-safe.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/crypto/keyring.h"
#include "base/id.h"

#define SEAL_KEY 32
#define SEAL_OVERHEAD (1 + 24 + 16)
#define SEAL_KEYRING_OVERHEAD (1 + 4 + 24 + 16)
#define SEAL_WHAT_MAX 64 /* bytes of `what` */

/* What is sealed ("person.phone") and whose it is. `what` is 1 to SEAL_WHAT_MAX bytes. */
struct seal_about {
    const char *what;
    struct id whose;
};

enum seal_outcome {
    SEAL_FORGED = 1, /* not sealed under this key about this, cut short, or of an unknown form */
    SEAL_KEY_UNKNOWN = 2, /* the keyring has no such key */
};

void seal_key_new(uint8_t out[SEAL_KEY]);

/* n bytes into out[n + SEAL_OVERHEAD]. E_INVALID if `about` is out of bounds. */
int seal(const uint8_t key[SEAL_KEY], const struct seal_about *about, const void *bytes, size_t n,
         uint8_t *out);
/* sealed_n bytes into out[sealed_n - SEAL_OVERHEAD] (nothing is written on failure). 0 or
 * SEAL_FORGED. */
int seal_open(const uint8_t key[SEAL_KEY], const struct seal_about *about, const void *sealed,
              size_t sealed_n, void *out);

/* The same under the purpose's key: active to seal, the named one to open. */
int seal_by_keyring(const struct keyring *k, enum keyring_purpose purpose,
                    const struct seal_about *about, const void *bytes, size_t n, uint8_t *out);
int seal_open_by_keyring(const struct keyring *k, enum keyring_purpose purpose,
                         const struct seal_about *about, const void *sealed, size_t sealed_n,
                         void *out);
