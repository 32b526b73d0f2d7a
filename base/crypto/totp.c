#include "base/crypto/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/crypto/bytes.h"

#define SHA1_SIZE 20

static const char base32_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

_Static_assert(TOTP_SECRET % 5 == 0, "base32 without padding");
_Static_assert(TOTP_BASE32_TEXT == TOTP_SECRET / 5 * 8 + 1, "base32 without padding");

void totp_secret_new(uint8_t out[TOTP_SECRET])
{
    bytes_random(out, TOTP_SECRET);
}

char *totp_base32(const uint8_t secret[TOTP_SECRET], char out[TOTP_BASE32_TEXT])
{
    for (size_t i = 0; i < TOTP_SECRET / 5; i++) {
        uint64_t group = 0;

        for (size_t j = 0; j < 5; j++)
            group = group << 8 | secret[5 * i + j];
        for (size_t j = 0; j < 8; j++)
            out[8 * i + j] = base32_digits[group >> (35 - 5 * j) & 31];
    }
    out[TOTP_BASE32_TEXT - 1] = '\0';
    return out;
}

static int base32_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a';
    if (c >= '2' && c <= '7')
        return c - '2' + 26;
    return -1;
}

bool totp_from_base32(const char *text, uint8_t ret[TOTP_SECRET])
{
    if (strnlen(text, TOTP_BASE32_TEXT) != TOTP_BASE32_TEXT - 1)
        return false;
    for (size_t i = 0; i < TOTP_SECRET / 5; i++) {
        uint64_t group = 0;

        for (size_t j = 0; j < 8; j++) {
            int value = base32_value(text[8 * i + j]);

            if (value < 0)
                return false;
            group = group << 5 | (uint64_t)value;
        }
        for (size_t j = 0; j < 5; j++)
            ret[5 * i + j] = (uint8_t)(group >> (32 - 8 * j));
    }
    return true;
}

char *totp_uri(struct arena *a, const char *issuer, const char *account,
               const uint8_t secret[TOTP_SECRET])
{
    char base32[TOTP_BASE32_TEXT];
    CLEANUP(buf_release) struct buf b;
    char *uri;

    buf_init(&b, 64 + 6 * (strlen(issuer) + strlen(account)) + sizeof(base32));
    buf_add_str(&b, "otpauth://totp/");
    buf_add_encoded(&b, issuer, "");
    buf_add_char(&b, ':');
    buf_add_encoded(&b, account, "");
    buf_printf(&b, "?secret=%s&issuer=", totp_base32(secret, base32));
    buf_add_encoded(&b, issuer, "");
    uri = arena_strndup(a, b.data, b.len);
    bytes_wipe(b.data, b.len);
    bytes_wipe(base32, sizeof(base32));
    return uri;
}

/* RFC 4226 §5.3 over the step as 8 bytes big-endian. */
char *totp_code(const uint8_t secret[TOTP_SECRET], int64_t step, char *out)
{
    uint8_t counter[8], digest[SHA1_SIZE];
    unsigned n = sizeof(digest), at;
    uint32_t number;

    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    HMAC(EVP_sha1(), secret, TOTP_SECRET, counter, sizeof(counter), digest, &n);
    at = digest[SHA1_SIZE - 1] & 15;
    number = (uint32_t)(digest[at] & 0x7f) << 24 | (uint32_t)digest[at + 1] << 16 |
             (uint32_t)digest[at + 2] << 8 | digest[at + 3];
    number %= 1000000;
    for (int i = TOTP_DIGITS; i-- > 0; number /= 10)
        out[i] = (char)('0' + number % 10);
    out[TOTP_DIGITS] = '\0';
    return out;
}

int totp_verify(const uint8_t secret[TOTP_SECRET], const char *code, int64_t now_ms,
                int64_t last_step, int64_t *ret_step)
{
    int64_t now = now_ms / TOTP_STEP_MS, matched = TOTP_NO_STEP;
    char expected[TOTP_DIGITS + 1];

    if (now_ms < 0 || strnlen(code, TOTP_DIGITS + 1) != TOTP_DIGITS)
        return TOTP_WRONG;
    for (int64_t step = now > 0 ? now - 1 : 0; step <= now + 1; step++)
        if (bytes_equal(totp_code(secret, step, expected), code, TOTP_DIGITS))
            matched = step;
    if (matched == TOTP_NO_STEP)
        return TOTP_WRONG;
    if (matched <= last_step)
        return TOTP_REUSED;
    *ret_step = matched;
    return 0;
}
