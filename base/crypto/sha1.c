#include "base/crypto/sha1.h"

#include <openssl/evp.h>
#include <stdlib.h>

void sha1_of(const void *bytes, size_t n, uint8_t out[SHA1_SIZE])
{
    if (EVP_Digest(n ? bytes : "", n, out, NULL, EVP_sha1(), NULL) != 1)
        abort(); /* no memory */
}
