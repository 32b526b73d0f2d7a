/*
 * The token verifier on bytes of anybody. The first byte of an input tells what the rest is:
 * 0 mod 3 a token, 1 a payload under our header, 2 a header, NUL and a payload. The latter two are
 * signed rightly, so that what lies behind the signature is reached too.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
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
    struct keyring_key key;
    uint8_t digest[MAC_SIZE];
    size_t n;

    if (header_n > PART_MAX || payload_n > PART_MAX)
        return 0;
    n = strlen(bytes_to_base64url(header, header_n, out));
    out[n++] = '.';
    n += strlen(bytes_to_base64url(payload, payload_n, out + n));
    keyring_active(keyring, KEY_TOKEN, &key);
    mac_hmac(key.bytes, sizeof(key.bytes), out, n, digest);
    out[n++] = '.';
    return n + strlen(bytes_to_base64url(digest, sizeof(digest), out + n));
}

static size_t sign_payload(const uint8_t *bytes, size_t n, char *out)
{
    struct keyring_key key;
    char kid[KEYRING_ID_TEXT], header[128];

    keyring_active(keyring, KEY_TOKEN, &key);
    snprintf(header, sizeof(header), "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
             keyring_id_format(key.id, kid));
    return sign(header, strlen(header), bytes, n, out);
}

static size_t sign_both(const uint8_t *bytes, size_t n, char *out)
{
    const uint8_t *nul = memchr(bytes, 0, n);
    size_t header_n = nul ? (size_t)(nul - bytes) : n;
    size_t payload_n = nul ? n - header_n - 1 : 0;

    return sign(bytes, header_n, bytes + n - payload_n, payload_n, out);
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
