#include "base/crypto/password.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"

_Static_assert(PASSWORD_PHC == crypto_pwhash_argon2id_STRBYTES, "libsodium writes the string");

const struct password_cost password_cost = {.memory_bytes = 19 * 1024 * 1024, .passes = 2};

int password_hash(const struct password_cost *cost, const char *password, size_t n,
                  char out[PASSWORD_PHC])
{
    if (n > PASSWORD_BYTES_MAX)
        return E_INVALID;
    return crypto_pwhash_argon2id_str(out, password, n, cost->passes, cost->memory_bytes) == 0
               ? 0
               : E_NOMEM;
}

int password_verify(const char *phc, const char *password, size_t n)
{
    if (strnlen(phc, PASSWORD_PHC) == PASSWORD_PHC)
        return E_CORRUPT;
    if (n > PASSWORD_BYTES_MAX)
        return PASSWORD_WRONG;
    errno = 0;
    if (crypto_pwhash_argon2id_str_verify(phc, password, n) == 0)
        return 0;
    return errno == EINVAL ? PASSWORD_WRONG : E_CORRUPT; /* EINVAL is libsodium's word for wrong */
}

int password_verify_nobody(const struct password_cost *cost, const char *password, size_t n)
{
    char phc[PASSWORD_PHC];
    int r = password_hash(cost, password, n > PASSWORD_BYTES_MAX ? PASSWORD_BYTES_MAX : n, phc);

    bytes_wipe(phc, sizeof(phc));
    return r ? r : PASSWORD_WRONG;
}

bool password_needs_rehash(const struct password_cost *cost, const char *phc)
{
    return strnlen(phc, PASSWORD_PHC) == PASSWORD_PHC ||
           crypto_pwhash_argon2id_str_needs_rehash(phc, cost->passes, cost->memory_bytes) != 0;
}
