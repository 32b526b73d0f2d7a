#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/result.h"
#include "media/paper/signature.h"

#define CMS_BYTES_MAX (1 << 20)

struct reader {
    const uint8_t *at, *end;
};

static void skip_white(struct reader *r)
{
    while (r->at < r->end && memchr("\0\t\n\f\r ", *r->at, 6))
        r->at++;
}

/* A whole number; ten digits are more than any file here is long. */
static bool read_number(struct reader *r, size_t *ret)
{
    size_t digits = 0;

    skip_white(r);
    for (*ret = 0; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
        if (++digits > 10)
            return false;
        *ret = *ret * 10 + (size_t)(*r->at - '0');
    }
    return digits > 0;
}

static bool read_sign(struct reader *r, char c)
{
    skip_white(r);
    if (r->at == r->end || *r->at != (uint8_t)c)
        return false;
    r->at++;
    return true;
}

/* `budget`: bytes of gaps that may still be read. */
static struct pdf_signed read_range(const uint8_t *bytes, size_t n, size_t at, size_t *budget)
{
    struct reader r = {bytes + at, bytes + n};
    size_t zero, first, second, length;

    if (!read_sign(&r, '[') || !read_number(&r, &zero) || !read_number(&r, &first) ||
        !read_number(&r, &second) || !read_number(&r, &length) || !read_sign(&r, ']'))
        return (struct pdf_signed){0};
    /* The signature dictionary is itself signed: it lies before the gap or behind it. */
    if (zero != 0 || first == 0 || second < first + 2 || second > n || length == 0 ||
        length > n - second || (at > first && at < second) || bytes[first] != '<' ||
        bytes[second - 1] != '>' || second - first > *budget)
        return (struct pdf_signed){0};
    *budget -= second - first;
    for (size_t i = first + 1; i < second - 1; i++) {
        if (!memchr("0123456789abcdefABCDEF", bytes[i], 22))
            return (struct pdf_signed){0};
    }
    return (struct pdf_signed){first, second, length, true};
}

static size_t end_of(const struct pdf_signed *s)
{
    return s->second_at + s->second_n;
}

/* Keeps the `max` that end last, sorted by their ends; those of no sound range stand first. */
static void keep(struct pdf_signed *list, size_t *kept, size_t max, const struct pdf_signed *one)
{
    size_t at = *kept;

    if (*kept == max) {
        if (end_of(one) <= end_of(&list[0]))
            return;
        memmove(list, list + 1, (max - 1) * sizeof(*list));
        at = max - 1;
    } else {
        (*kept)++;
    }
    for (; at > 0 && end_of(&list[at - 1]) > end_of(one); at--)
        list[at] = list[at - 1];
    list[at] = *one;
}

size_t pdf_signatures_locate(const uint8_t *bytes, size_t n, struct pdf_signed *ret, size_t max)
{
    static const char name[] = "/ByteRange";
    /* Gaps may lie in one another: a file could have as many as there is room for their names. */
    size_t found = 0, kept = 0, budget = 4 * n;
    const uint8_t *at = bytes, *end = bytes + n;

    while ((at = memmem(at, (size_t)(end - at), name, sizeof(name) - 1))) {
        at += sizeof(name) - 1;
        struct pdf_signed one = read_range(bytes, n, (size_t)(at - bytes), &budget);
        keep(ret, &kept, max, &one);
        found++;
    }
    return found;
}

static int hex(uint8_t c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Bytes of the outermost DER value, its head included; 0 if it does not fit into n. */
static size_t der_size(const uint8_t *der, size_t n)
{
    if (n < 2 || der[0] != 0x30)
        return 0;
    size_t length = der[1], head = 2;
    if (length & 0x80) {
        size_t octets = length & 0x7f;
        if (octets == 0 || octets > 4 || n < 2 + octets)
            return 0;
        length = 0;
        for (size_t i = 0; i < octets; i++)
            length = length << 8 | der[2 + i];
        head += octets;
    }
    return length <= n - head ? head + length : 0;
}

int pdf_signature_cms(const uint8_t *bytes, const struct pdf_signed *at, uint8_t **ret,
                      size_t *ret_n)
{
    size_t digits = at->second_at - at->first_n - 2, n = digits / 2;

    *ret = NULL;
    if (!at->sound || digits % 2 != 0 || n == 0 || n > CMS_BYTES_MAX)
        return E_INVALID;
    uint8_t *der = malloc(n);
    if (!der)
        return E_NOMEM;
    for (size_t i = 0; i < n; i++)
        der[i] = (uint8_t)(hex(bytes[at->first_n + 1 + 2 * i]) << 4 |
                           hex(bytes[at->first_n + 2 + 2 * i]));
    size_t size = der_size(der, n), behind = size;
    while (behind > 0 && behind < n && der[behind] == 0)
        behind++;
    if (size == 0 || behind != n) {
        free(der);
        return E_INVALID;
    }
    *ret = der;
    *ret_n = size;
    return 0;
}
