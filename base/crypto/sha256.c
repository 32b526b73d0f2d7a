#include "base/crypto/sha256.h"

#include <sodium.h>

#include "base/crypto/bytes.h"

_Static_assert(sizeof(struct sha256) == sizeof(crypto_hash_sha256_state), "room for the state");
_Static_assert(_Alignof(struct sha256) >= _Alignof(crypto_hash_sha256_state), "and aligned for it");
_Static_assert(SHA256_SIZE == crypto_hash_sha256_BYTES, "of one size");

static crypto_hash_sha256_state *state_of(struct sha256 *h)
{
    return (void *)h;
}

void sha256_init(struct sha256 *h)
{
    crypto_hash_sha256_init(state_of(h));
}

void sha256_update(struct sha256 *h, const void *bytes, size_t n)
{
    if (n > 0)
        crypto_hash_sha256_update(state_of(h), bytes, n);
}

void sha256_final(struct sha256 *h, uint8_t out[SHA256_SIZE])
{
    crypto_hash_sha256_final(state_of(h), out);
    bytes_wipe(h, sizeof(*h));
}

void sha256_of(const void *bytes, size_t n, uint8_t out[SHA256_SIZE])
{
    struct sha256 h;

    sha256_init(&h);
    sha256_update(&h, bytes, n);
    sha256_final(&h, out);
}
