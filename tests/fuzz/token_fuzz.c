/*
 * The token verifier on bytes of anybody. The first byte of an input tells what the rest is:
 * 0 mod 3 a token, 1 a payload under our header, 2 a header, NUL and a payload. The latter two are
 * signed rightly, so that what lies behind the signature is reached too. "KKKKKKKK" in a header
 * stands for the kid, which no input can know.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/token.h"
#include "tests/unit/crypto/scratch.h"

#define NOW_MS INT64_C(1764000000000)
#define PART_MAX 1024

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static struct keyring *keyring;

/* The keys are read once; their folder is not kept. */
static void open_keyring(void)
{
    char folder[] = "/tmp/tram-fuzz-XXXXXX";

    if (!mkdtemp(folder) || keyring_open(folder, &keyring) != 0)
        abort();
    scratch_empty(folder);
}

static size_t sign(const void *header, size_t header_n, const void *payload, size_t payload_n,
                   char *out)
{
    struct es256 *pair;
    uint8_t signature[ES256_SIGNATURE];
    uint32_t id;
    size_t n;

    if (header_n > PART_MAX || payload_n > PART_MAX)
        return 0;
    n = strlen(bytes_to_base64url(header, header_n, out));
    out[n++] = '.';
    n += strlen(bytes_to_base64url(payload, payload_n, out + n));
    keyring_pair_active(keyring, &id, &pair);
    if (es256_sign(pair, out, n, signature) != 0)
        abort();
    es256_free(pair);
    out[n++] = '.';
    return n + strlen(bytes_to_base64url(signature, sizeof(signature), out + n));
}

static void put_kid(char *header, size_t n)
{
    static const char stand_in[] = "KKKKKKKK";
    char *at = memmem(header, n, stand_in, sizeof(stand_in) - 1), kid[KEYRING_ID_TEXT];
    struct keyring_key key;

    keyring_active(keyring, KEY_TOKEN, &key);
    if (at)
        memcpy(at, keyring_id_format(key.id, kid), sizeof(stand_in) - 1);
}

static size_t sign_payload(const uint8_t *bytes, size_t n, char *out)
{
    char header[] = "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"KKKKKKKK\"}";

    put_kid(header, sizeof(header) - 1);
    return sign(header, sizeof(header) - 1, bytes, n, out);
}

static size_t sign_both(const uint8_t *bytes, size_t n, char *out)
{
    const uint8_t *nul = memchr(bytes, 0, n);
    size_t header_n = nul ? (size_t)(nul - bytes) : n;
    size_t payload_n = nul ? n - header_n - 1 : 0;
    char header[PART_MAX];

    if (header_n > PART_MAX)
        return 0;
    memcpy(header, bytes, header_n);
    put_kid(header, header_n);
    return sign(header, header_n, bytes + n - payload_n, payload_n, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const struct token_parties parties = {"https://tram.example", "tram"};
    static char made[4 * PART_MAX];
    const char *text = made;
    struct token_claims claims;
    size_t text_n;

    if (!keyring)
        open_keyring();
    if (n == 0)
        return 0;
    if (bytes[0] % 3 == 0) {
        text = (const char *)bytes + 1;
        text_n = n - 1;
    } else {
        text_n = (bytes[0] % 3 == 1 ? sign_payload : sign_both)(bytes + 1, n - 1, made);
    }
    if (token_verify(keyring, &parties, text, text_n, NOW_MS, &claims) == 0 &&
        (claims.expires_ms < NOW_MS - TOKEN_SKEW_MS || claims.level > 9 ||
         !memchr(claims.role, 0, TOKEN_NAME) || !memchr(claims.agency, 0, TOKEN_NAME)))
        abort();
    return 0;
}
