#include "base/crypto/seal.h"

#include <sodium.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"

#define FORM_OWN_KEY 1
#define FORM_KEYRING 2
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define HEAD_MAX 5

_Static_assert(SEAL_OVERHEAD == 1 + NONCE + TAG, "the form of seal.h");
_Static_assert(SEAL_KEYRING_OVERHEAD == HEAD_MAX + NONCE + TAG, "the form of seal.h");
_Static_assert(SEAL_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the form of seal.h");

struct associated {
    uint8_t bytes[HEAD_MAX + sizeof(struct id) + SEAL_WHAT_MAX];
    size_t n;
};

static int associate(const uint8_t *head, size_t head_n, const struct seal_about *about,
                     struct associated *ret)
{
    size_t what_n = about->what ? strnlen(about->what, SEAL_WHAT_MAX + 1) : 0;

    if (what_n == 0 || what_n > SEAL_WHAT_MAX)
        return E_INVALID;
    memcpy(ret->bytes, head, head_n);
    memcpy(ret->bytes + head_n, about->whose.bytes, sizeof(about->whose.bytes));
    memcpy(ret->bytes + head_n + sizeof(about->whose.bytes), about->what, what_n);
    ret->n = head_n + sizeof(about->whose.bytes) + what_n;
    return 0;
}

/* `out` already begins with the head. */
static int seal_after(size_t head_n, const uint8_t *key, const struct seal_about *about,
                      const void *bytes, size_t n, uint8_t *out)
{
    struct associated data;
    uint8_t *nonce = out + head_n;
    int r = associate(out, head_n, about, &data);

    if (r)
        return r;
    bytes_random(nonce, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE, NULL, bytes, n, data.bytes, data.n,
                                               NULL, nonce, key);
    return 0;
}

static int open_after(size_t head_n, const uint8_t *key, const struct seal_about *about,
                      const uint8_t *sealed, size_t sealed_n, void *out)
{
    struct associated data;
    const uint8_t *nonce = sealed + head_n;
    int r = associate(sealed, head_n, about, &data);

    if (r)
        return r;
    return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, nonce + NONCE,
                                                      sealed_n - head_n - NONCE, data.bytes, data.n,
                                                      nonce, key) == 0
               ? 0
               : SEAL_FORGED;
}

void seal_key_new(uint8_t out[SEAL_KEY])
{
    bytes_random(out, SEAL_KEY);
}

int seal(const uint8_t key[SEAL_KEY], const struct seal_about *about, const void *bytes, size_t n,
         uint8_t *out)
{
    out[0] = FORM_OWN_KEY;
    return seal_after(1, key, about, bytes, n, out);
}

int seal_open(const uint8_t key[SEAL_KEY], const struct seal_about *about, const void *sealed,
              size_t sealed_n, void *out)
{
    const uint8_t *bytes = sealed;

    if (sealed_n < SEAL_OVERHEAD || bytes[0] != FORM_OWN_KEY)
        return SEAL_FORGED;
    return open_after(1, key, about, bytes, sealed_n, out);
}

int seal_by_keyring(const struct keyring *k, enum keyring_purpose purpose,
                    const struct seal_about *about, const void *bytes, size_t n, uint8_t *out)
{
    struct keyring_key key;
    int r;

    keyring_active(k, purpose, &key);
    out[0] = FORM_KEYRING;
    keyring_id_store(key.id, out + 1);
    r = seal_after(HEAD_MAX, key.bytes, about, bytes, n, out);
    bytes_wipe(&key, sizeof(key));
    return r;
}

int seal_open_by_keyring(const struct keyring *k, enum keyring_purpose purpose,
                         const struct seal_about *about, const void *sealed, size_t sealed_n,
                         void *out)
{
    const uint8_t *bytes = sealed;
    struct keyring_key key;
    int r;

    if (sealed_n < SEAL_KEYRING_OVERHEAD || bytes[0] != FORM_KEYRING)
        return SEAL_FORGED;
    if (keyring_by_id(k, purpose, keyring_id_load(bytes + 1), &key) != 0)
        return SEAL_KEY_UNKNOWN;
    r = open_after(HEAD_MAX, key.bytes, about, bytes, sealed_n, out);
    bytes_wipe(&key, sizeof(key));
    return r;
}
