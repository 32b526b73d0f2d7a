#include "base/crypto/webhook_sign.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/result.h"

#define PREFIX "whsec_"
#define PREFIX_N (sizeof(PREFIX) - 1)
#define SECRET_FRESH 32

_Static_assert(WEBHOOK_SECRET_TEXT == PREFIX_N + BYTES_BASE64_TEXT(WEBHOOK_SECRET_MAX),
               "room for the longest secret");
_Static_assert(WEBHOOK_SIGNATURE == 3 + BYTES_BASE64_TEXT(MAC_SIZE), "room for a signature");

void webhook_secret_new(struct webhook_secret *ret)
{
    ret->n = SECRET_FRESH;
    bytes_random(ret->bytes, ret->n);
}

bool webhook_secret_parse(const char *text, struct webhook_secret *ret)
{
    size_t n = strnlen(text, WEBHOOK_SECRET_TEXT);

    return n < WEBHOOK_SECRET_TEXT && strncmp(text, PREFIX, PREFIX_N) == 0 &&
           bytes_from_base64(text + PREFIX_N, n - PREFIX_N, ret->bytes, sizeof(ret->bytes),
                             &ret->n) &&
           ret->n >= WEBHOOK_SECRET_MIN;
}

char *webhook_secret_format(const struct webhook_secret *s, char out[WEBHOOK_SECRET_TEXT])
{
    memcpy(out, PREFIX, PREFIX_N);
    bytes_to_base64(s->bytes, s->n, out + PREFIX_N);
    return out;
}

int webhook_sign(const struct webhook_secret *s, const char *id, int64_t timestamp_s,
                 const void *body, size_t n, char out[WEBHOOK_SIGNATURE])
{
    crypto_auth_hmacsha256_state state;
    uint8_t digest[MAC_SIZE];
    char head[WEBHOOK_ID_MAX + 32];
    size_t id_n = strnlen(id, WEBHOOK_ID_MAX + 1);
    size_t head_n;

    if (id_n == 0 || id_n > WEBHOOK_ID_MAX || memchr(id, '.', id_n))
        return E_INVALID;
    head_n = (size_t)snprintf(head, sizeof(head), "%s.%" PRId64 ".", id, timestamp_s);
    crypto_auth_hmacsha256_init(&state, s->bytes, s->n);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)head, head_n);
    crypto_auth_hmacsha256_update(&state, body, n);
    crypto_auth_hmacsha256_final(&state, digest);
    memcpy(out, "v1,", 3);
    bytes_to_base64(digest, sizeof(digest), out + 3);
    return 0;
}

int webhook_verify(const struct webhook_secret *s, const char *id, int64_t timestamp_s,
                   const void *body, size_t n, const char *signatures, int64_t now_s,
                   int64_t tolerance_s)
{
    char expected[WEBHOOK_SIGNATURE];
    bool matched = false;
    int r = webhook_sign(s, id, timestamp_s, body, n, expected);

    if (r)
        return r;
    while (*signatures) {
        size_t length = strcspn(signatures, " ");

        if (length == WEBHOOK_SIGNATURE - 1 && bytes_equal(signatures, expected, length))
            matched = true;
        signatures += length;
        signatures += strspn(signatures, " ");
    }
    if (!matched)
        return WEBHOOK_FORGED;
    return timestamp_s >= now_s - tolerance_s && timestamp_s <= now_s + tolerance_s ? 0
                                                                                    : WEBHOOK_STALE;
}
