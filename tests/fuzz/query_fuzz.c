/*
 * Query strings and forms of anybody: what is decoded is clean UTF-8 in NFC, no more pairs than are
 * allowed, and the same when it is encoded again.
 */
#include "base/text.h"
#include "gateway/private.h"
#include "tests/fuzz/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static char *encode(const char *text, struct arena *a)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, strlen(text) * 3 + 1), *end = out;
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        *end++ = '%';
        *end++ = digits[*p >> 4];
        *end++ = digits[*p & 15];
    }
    *end = '\0';
    return out;
}

static void check_text(const char *text, struct arena *a)
{
    check(text_valid(text, strlen(text)));
    const char *again = text_nfc(a, text, strlen(text));
    check(again && strcmp(again, text) == 0);
    const char *coded = encode(text, a);
    for (int plus = 0; plus < 2; plus++) {
        again = decode_percent(coded, strlen(coded), plus, a);
        check(again && strcmp(again, text) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct request_pair *pairs = NULL;
    size_t n_pairs = 0;
    struct arena a;
    arena_init(&a);
    if (decode_query((const char *)bytes, n, &a, &pairs, &n_pairs)) {
        check(n_pairs <= QUERY_PAIRS_MAX);
        for (size_t i = 0; i < n_pairs; i++) {
            check_text(pairs[i].name, &a);
            check_text(pairs[i].value, &a);
        }
    }
    for (int plus = 0; plus < 2; plus++) {
        const char *text = decode_percent((const char *)bytes, n, plus, &a);
        if (text)
            check_text(text, &a);
    }
    arena_release(&a);
    return 0;
}
