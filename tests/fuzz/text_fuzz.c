/* Words of anybody: every form is clean UTF-8, and taking it twice changes nothing. */
#include "base/text.h"
#include "tests/fuzz/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_words(struct arena *a, const char *text)
{
    const char *const texts[] = {text, NULL, text};
    struct text_words w = text_words(a, texts, 3);
    check(w.n <= TEXT_WORDS_MAX);
    for (size_t i = 0; i < w.n; i++) {
        check(w.items[i][0] && strlen(w.items[i]) <= TEXT_WORD_BYTES);
        check(text_valid(w.items[i], strlen(w.items[i])));
        check(i == 0 || strcmp(w.items[i - 1], w.items[i]) < 0);
    }
}

static void check_forms(struct arena *a, const char *text)
{
    const char *again = text_nfc(a, text, strlen(text));
    check(again && strcmp(again, text) == 0);
    const char *folded = text_fold(a, text), *twice = text_fold(a, folded);
    check(text_valid(folded, strlen(folded)) && strcmp(folded, twice) == 0);
    check(text_length(text) <= strlen(text));
    const char *ascii = text_ascii(a, text);
    for (const char *p = ascii; *p; p++)
        check(((unsigned char)*p >= ' ' && (unsigned char)*p < 0x7f) || *p == '\n');
    for (size_t max = 0; max < 20; max++) {
        size_t cut = text_cut(text, max);
        check(cut <= max && cut <= strlen(text) && text_valid(text, cut));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena a;
    arena_init(&a);
    const char *text = text_nfc(&a, (const char *)bytes, n);
    check((text != NULL) == text_valid((const char *)bytes, n));
    if (text) {
        check(text_valid(text, strlen(text)));
        check_forms(&a, text);
        check_words(&a, text);
    }
    arena_release(&a);
    return 0;
}
