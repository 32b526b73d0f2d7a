#include "base/crypto/mac.h"

#include <openssl/sha.h>
#include <sodium.h>

#include "base/crypto/bytes.h"

void mac_sha256(const void *bytes, size_t n, uint8_t out[MAC_SIZE])
{
    SHA256(bytes, n, out);
}

void mac_hmac(const void *key, size_t key_n, const void *bytes, size_t n, uint8_t out[MAC_SIZE])
{
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, key, key_n);
    crypto_auth_hmacsha256_update(&state, bytes, n);
    crypto_auth_hmacsha256_final(&state, out);
    bytes_wipe(&state, sizeof(state));
}

void mac_tag(const struct keyring *k, enum keyring_purpose purpose, const void *bytes, size_t n,
             uint8_t out[MAC_TAG])
{
    struct keyring_key key;

    keyring_active(k, purpose, &key);
    keyring_id_store(key.id, out);
    mac_hmac(key.bytes, sizeof(key.bytes), bytes, n, out + 4);
    bytes_wipe(&key, sizeof(key));
}

int mac_check(const struct keyring *k, enum keyring_purpose purpose, const void *bytes, size_t n,
              const uint8_t tag[MAC_TAG])
{
    struct keyring_key key;
    uint8_t expected[MAC_SIZE];

    if (keyring_by_id(k, purpose, keyring_id_load(tag), &key) != 0)
        return MAC_FORGED;
    mac_hmac(key.bytes, sizeof(key.bytes), bytes, n, expected);
    bytes_wipe(&key, sizeof(key));
    return bytes_equal(expected, tag + 4, MAC_SIZE) ? 0 : MAC_FORGED;
}

struct id mac_lookup_id(const struct keyring *k, const char *kind, const void *value, size_t n)
{
    struct keyring_key key;
    uint8_t digest[MAC_SIZE];
    struct id_part part = {digest, sizeof(digest)};

    keyring_active(k, KEY_LOOKUP, &key);
    mac_hmac(key.bytes, sizeof(key.bytes), value, n, digest);
    bytes_wipe(&key, sizeof(key));
    return id_v8(kind, &part, 1);
}
