#include "base/crypto/bytes.h"

#include <sodium.h>
#include <stdlib.h>

/* Before main, so that no thread can meet an unready generator; without one nothing is safe. */
__attribute__((constructor)) static void ready_sodium(void)
{
    if (sodium_init() < 0)
        abort();
}

char *bytes_to_hex(const void *bytes, size_t n, char *out)
{
    return sodium_bin2hex(out, BYTES_HEX_TEXT(n), bytes, n);
}

char *bytes_to_base64(const void *bytes, size_t n, char *out)
{
    return sodium_bin2base64(out, BYTES_BASE64_TEXT(n), bytes, n, sodium_base64_VARIANT_ORIGINAL);
}

char *bytes_to_base64url(const void *bytes, size_t n, char *out)
{
    return sodium_bin2base64(out, BYTES_BASE64URL_TEXT(n), bytes, n,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

bool bytes_from_hex(const char *text, size_t n, void *out, size_t cap, size_t *ret_n)
{
    uint8_t *bytes = out;

    if (n % 2 != 0 || n / 2 > cap)
        return false;
    for (size_t i = 0; i < n / 2; i++) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    *ret_n = n / 2;
    return true;
}

/* libsodium takes some bytes above ASCII for characters of the alphabet. */
static bool is_ascii(const char *text, size_t n)
{
    unsigned char all = 0;

    for (size_t i = 0; i < n; i++)
        all |= (unsigned char)text[i];
    return all < 0x80;
}

/* A NULL end pointer makes libsodium refuse what it could not read to the last character. */
bool bytes_from_base64(const char *text, size_t n, void *out, size_t cap, size_t *ret_n)
{
    return is_ascii(text, n) && sodium_base642bin(out, cap, text, n, NULL, ret_n, NULL,
                                                  sodium_base64_VARIANT_ORIGINAL) == 0;
}

bool bytes_from_base64url(const char *text, size_t n, void *out, size_t cap, size_t *ret_n)
{
    return is_ascii(text, n) && sodium_base642bin(out, cap, text, n, NULL, ret_n, NULL,
                                                  sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

bool bytes_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

void bytes_wipe(void *bytes, size_t n)
{
    sodium_memzero(bytes, n);
}

void bytes_random(void *out, size_t n)
{
    randombytes_buf(out, n);
}

char *bytes_random_digits(size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (char)('0' + randombytes_uniform(10));
    out[n] = '\0';
    return out;
}
