#include "base/text.h"

#include <string.h>
#include <utf8proc.h>

#include "base/cleanup.h"
#include "base/utf8.h"

#define MARKS_MAX 30

/* Decodes the character at `s`; 0 if it is not valid UTF-8 or NUL. */
static size_t next_char(const char *s, size_t n, utf8proc_int32_t *ret)
{
    utf8proc_ssize_t width =
        utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, ret);
    return width > 0 && *ret != 0 ? (size_t)width : 0;
}

bool text_valid(const char *s, size_t n)
{
    for (size_t i = 0, width; i < n; i += width) {
        width = s[i] ? utf8_width(s + i, n - i) : 0;
        if (width == 0)
            return false;
    }
    return true;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

size_t text_length(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += !is_continuation(*s);
    return n;
}

size_t text_cut(const char *s, size_t max)
{
    size_t n = strnlen(s, max);
    if (n < max)
        return n;
    while (n > 0 && is_continuation(s[n]))
        n--;
    return n;
}

/* Code points after utf8proc's decomposition, with room for a NUL behind them. */
struct codepoints {
    utf8proc_int32_t *items;
    utf8proc_ssize_t n;
};

static bool decompose(struct arena *a, const char *s, size_t n, utf8proc_option_t options,
                      utf8proc_custom_func map, struct codepoints *ret)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)s;
    utf8proc_ssize_t length = (utf8proc_ssize_t)n;
    utf8proc_ssize_t needed = utf8proc_decompose_custom(bytes, length, NULL, 0, options, map, NULL);
    if (needed < 0)
        return false;
    utf8proc_int32_t *items = arena_array(a, (size_t)needed + 1, sizeof *items);
    if (utf8proc_decompose_custom(bytes, length, items, needed, options, map, NULL) != needed)
        return false;
    *ret = (struct codepoints){.items = items, .n = needed};
    return true;
}

/* UTF-8 of the code points, in the arena; destroys them. */
static char *encode(struct arena *a, struct codepoints *c, utf8proc_option_t options)
{
    utf8proc_ssize_t n = utf8proc_reencode(c->items, c->n, options);
    return n < 0 ? NULL : arena_strndup(a, (const char *)c->items, (size_t)n);
}

static bool is_dropped_control(utf8proc_int32_t c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c <= 0x9F);
}

/* Copies what text_nfc keeps into `out` of n bytes; false if `s` is not valid UTF-8. */
static bool keep_clean(const char *s, size_t n, char *out, size_t *ret_n, bool *ret_ascii)
{
    size_t kept = 0, marks = 0;
    *ret_ascii = true;
    for (size_t i = 0, width; i < n; i += width) {
        utf8proc_int32_t c;
        width = next_char(s + i, n - i, &c);
        if (width == 0)
            return false;
        if (is_dropped_control(c))
            continue;
        if (c >= 0x80) {
            *ret_ascii = false;
            marks = utf8proc_get_property(c)->combining_class ? marks + 1 : 0;
            if (marks > MARKS_MAX)
                continue;
        } else {
            marks = 0;
        }
        memcpy(out + kept, s + i, width);
        kept += width;
    }
    *ret_n = kept;
    return true;
}

char *text_nfc(struct arena *a, const char *s, size_t n)
{
    CLEANUP(arena_release) struct arena scratch = {0};
    char *clean = arena_alloc(&scratch, n);
    size_t clean_n;
    bool ascii;
    if (!keep_clean(s, n, clean, &clean_n, &ascii))
        return NULL;
    if (ascii)
        return arena_strndup(a, clean, clean_n);
    struct codepoints points;
    if (!decompose(&scratch, clean, clean_n, UTF8PROC_STABLE | UTF8PROC_COMPOSE, NULL, &points))
        return NULL;
    return encode(a, &points, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

/* Letters that Unicode does not decompose. Ð and ð (eth) are typed by mistake for Đ and đ. */
static utf8proc_int32_t fold_d(utf8proc_int32_t c, void *unused)
{
    (void)unused;
    switch (c) {
    case 0x00D0:
    case 0x00F0:
    case 0x0110:
    case 0x0111:
        return 'd';
    default:
        return c;
    }
}

static bool is_space(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
        return true;
    default:
        return false;
    }
}

static bool is_visible(utf8proc_int32_t c)
{
    switch (c) {
    case 0x115F: /* fillers, which are letters by category, and the empty Braille cell */
    case 0x1160:
    case 0x2800:
    case 0x3164:
    case 0xFFA0:
        return false;
    default:
        break;
    }
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
        return false;
    default:
        return !is_space(c);
    }
}

size_t text_visible(const char *s)
{
    size_t n = strlen(s), seen = 0;
    for (size_t i = 0, width; i < n; i += width) {
        utf8proc_int32_t c;
        width = next_char(s + i, n - i, &c);
        if (width == 0)
            break;
        seen += is_visible(c);
    }
    return seen;
}

char *text_trim(struct arena *a, const char *s)
{
    size_t n = strlen(s), from = 0, to = 0;
    for (size_t i = 0, width; i < n; i += width) {
        utf8proc_int32_t c;
        width = next_char(s + i, n - i, &c);
        if (width == 0)
            break;
        bool ink = !is_space(c) && utf8proc_category(c) != UTF8PROC_CATEGORY_CF;
        if (ink && to == 0)
            from = i;
        to = ink ? i + width : to;
    }
    return arena_strndup(a, s + from, to - from);
}

static void collapse_spaces(struct codepoints *c)
{
    utf8proc_ssize_t kept = 0;
    for (utf8proc_ssize_t i = 0; i < c->n; i++) {
        if (!is_space(c->items[i]))
            c->items[kept++] = c->items[i];
        else if (kept > 0 && c->items[kept - 1] != ' ')
            c->items[kept++] = ' ';
    }
    if (kept > 0 && c->items[kept - 1] == ' ')
        kept--;
    c->n = kept;
}

/* utf8proc's IGNORE drops what nobody sees or types: joiners, soft hyphens, byte order marks. */
#define FOLD                                                                                       \
    (UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK |               \
     UTF8PROC_IGNORE)

static bool fold_points(struct arena *a, const char *s, struct codepoints *ret)
{
    if (!decompose(a, s, strlen(s), FOLD, fold_d, ret))
        return false;
    collapse_spaces(ret);
    return true;
}

char *text_fold(struct arena *a, const char *s)
{
    CLEANUP(arena_release) struct arena scratch = {0};
    struct codepoints points;
    char *folded = fold_points(&scratch, s, &points) ? encode(a, &points, UTF8PROC_STABLE) : NULL;
    return folded ? folded : arena_strdup(a, "");
}

static bool is_word_char(utf8proc_int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

/* Keeps `items` sorted and distinct. */
static void words_add(struct arena *a, struct text_words *words, const char *word, size_t n)
{
    char cut[TEXT_WORD_BYTES + 1];
    if (n > TEXT_WORD_BYTES) {
        memcpy(cut, word, TEXT_WORD_BYTES + 1);
        for (n = TEXT_WORD_BYTES; is_continuation(cut[n]);)
            n--;
    } else {
        memcpy(cut, word, n);
    }
    cut[n] = '\0';
    size_t low = 0, high = words->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(words->items[middle], cut);
        if (order == 0)
            return;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    memmove(words->items + low + 1, words->items + low, (words->n - low) * sizeof *words->items);
    words->items[low] = arena_strndup(a, cut, n);
    words->n++;
}

static void words_of_text(struct arena *a, struct text_words *words, const char *folded)
{
    size_t n = strlen(folded), start = 0;
    for (size_t i = 0, width; i <= n && words->n < TEXT_WORDS_MAX; i += width) {
        utf8proc_int32_t c;
        width = next_char(folded + i, n - i, &c);
        if (width > 0 && is_word_char(c))
            continue;
        if (width == 0)
            width = 1; /* the end */
        if (i > start)
            words_add(a, words, folded + start, i - start);
        start = i + width;
    }
}

struct text_words text_words(struct arena *a, const char *const *texts, size_t n)
{
    CLEANUP(arena_release) struct arena scratch = {0};
    struct text_words words = {.items = arena_array(a, TEXT_WORDS_MAX, sizeof *words.items)};
    for (size_t i = 0; i < n && words.n < TEXT_WORDS_MAX; i++) {
        if (texts[i])
            words_of_text(a, &words, text_fold(&scratch, texts[i]));
    }
    return words;
}

static utf8proc_int32_t ascii_lookalike(utf8proc_int32_t c, void *unused)
{
    (void)unused;
    switch (c) {
    case 0x00D0:
    case 0x0110:
        return 'D';
    case 0x00F0:
    case 0x0111:
        return 'd';
    case '`':
    case 0x2018:
    case 0x2019:
    case 0x2032:
        return '\'';
    case 0x201C:
    case 0x201D:
    case 0x00AB:
    case 0x00BB:
        return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212:
        return '-';
    case 0x2022:
        return '*';
    default:
        return c;
    }
}

char *text_ascii(struct arena *a, const char *s)
{
    CLEANUP(arena_release) struct arena scratch = {0};
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                      UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;
    struct codepoints points;
    if (!decompose(&scratch, s, strlen(s), options, ascii_lookalike, &points))
        return arena_strdup(a, "");
    char *out = arena_alloc(a, (size_t)points.n + 1);
    for (utf8proc_ssize_t i = 0; i < points.n; i++) {
        utf8proc_int32_t c = points.items[i];
        if (c == '\n' || (c >= 0x20 && c < 0x7F))
            out[i] = (char)c;
        else
            out[i] = is_space(c) ? ' ' : '?';
    }
    return out;
}
