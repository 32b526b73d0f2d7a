#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto/bytes.h"
#include "pay/pay.h"

#define SCHEME "v1"
#define TIMESTAMP_MAX 15 /* digits */

char *pay_sign(const struct pay *p, const struct pay_signed_parts *s, char out[PAY_SIGNATURE])
{
    uint8_t digest[MAC_SIZE], tag[MAC_SIZE];
    char hex[BYTES_HEX_TEXT(MAC_SIZE)];
    CLEANUP(buf_release) struct buf text = {0};
    mac_sha256(s->body, s->n, digest);
    buf_init(&text, 16 * 1024);
    buf_printf(&text, SCHEME "\n%s\n%s\n%s\n%s\n%s\n", s->merchant, s->timestamp, s->method,
               s->path, bytes_to_hex(digest, sizeof(digest), hex));
    out[0] = '\0'; /* what does not fit is not signed, and no signature is empty */
    if (text.failed)
        return out;
    mac_hmac(p->secret, p->secret_n, text.data, text.len, tag);
    memcpy(out, SCHEME "=", 3);
    bytes_to_hex(tag, sizeof(tag), out + 3);
    return out;
}

static bool is_near(const struct pay *p, const char *timestamp, int64_t now_ms)
{
    size_t digits = strspn(timestamp, "0123456789");
    if (digits == 0 || digits > TIMESTAMP_MAX || timestamp[digits])
        return false;
    int64_t apart = now_ms - strtoll(timestamp, NULL, 10) * 1000;
    return apart >= -p->tolerance_ms && apart <= p->tolerance_ms;
}

int pay_check(const struct pay *p, const struct pay_signed_parts *s, const char *signature,
              int64_t now_ms)
{
    char wanted[PAY_SIGNATURE];
    if (!signature || !s->merchant || !s->timestamp || strcmp(s->merchant, p->merchant) != 0)
        return PAY_FORGED;
    size_t n = strlen(pay_sign(p, s, wanted));
    if (n == 0 || strlen(signature) != n || !bytes_equal(wanted, signature, n))
        return PAY_FORGED;
    return is_near(p, s->timestamp, now_ms) ? 0 : PAY_FORGED;
}
