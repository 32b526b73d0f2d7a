#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <utf8proc.h>

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/utf8.h"

static struct arena arena;

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static bool valid(const char *s)
{
    return text_valid(s, strlen(s));
}

static void valid_utf8(void **state)
{
    (void)state;
    assert_true(valid(""));
    assert_true(valid("Trạm phản ánh hiện trường"));
    assert_true(valid("\xF0\x9F\x98\x80"));  /* U+1F600 */
    assert_true(valid("\xF4\x8F\xBF\xBF"));  /* U+10FFFF */
    assert_true(valid("\xEF\xBF\xBF"));      /* U+FFFF, no character but well-formed */
    assert_false(valid("\xC0\xAF"));         /* overlong, 2 bytes */
    assert_false(valid("\xE0\x80\xAF"));     /* overlong, 3 bytes */
    assert_false(valid("\xF0\x80\x80\xAF")); /* overlong, 4 bytes */
    assert_false(valid("\xC1\xBF"));
    assert_false(valid("\xED\xA0\x80")); /* surrogates */
    assert_false(valid("\xED\xBF\xBF"));
    assert_false(valid("\xF4\x90\x80\x80"));     /* above U+10FFFF */
    assert_false(valid("\xF8\x88\x80\x80\x80")); /* 5 bytes */
    assert_false(valid("\x80"));
    assert_false(valid("\xFF"));
    assert_false(valid("a\xE1\xBB")); /* ends early */
    assert_false(valid("\xE1\xBB"
                       "a"));
    assert_false(text_valid("a\0b", 3));
    assert_true(text_valid("ạb", 3));
    assert_false(text_valid("ạb", 2)); /* does not look behind n */
}

/* The same verdict as utf8proc's on every pair of bytes before a tail, and on every code point. */
static void widths_are_utf8procs(void **state)
{
    (void)state;
    static const char *const tails[] = {"", "\x80", "\xBF\x80", "\x9F\xBF\x80", "\x90\x80", "a"};
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
            char s[8] = {(char)(pair >> 8), (char)(pair & 0xFF)};
            size_t n = 2 + strlen(tails[i]);
            memcpy(s + 2, tails[i], n - 2);
            utf8proc_int32_t c;
            utf8proc_ssize_t width =
                utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, &c);
            assert_int_equal(utf8_width(s, n), width > 0 ? width : 0);
        }
    }
    for (utf8proc_int32_t c = 0; c < 0x110000; c++) {
        utf8proc_uint8_t s[4];
        bool valid = utf8proc_codepoint_valid(c);
        utf8proc_ssize_t width = utf8proc_encode_char(c, s);
        if (valid)
            assert_int_equal(utf8_width((const char *)s, (size_t)width), width);
    }
}

static void length_counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(text_length(""), 0);
    assert_int_equal(text_length("phản ánh"), 8);
    assert_int_equal(text_length("\xF0\x9F\x98\x80"), 1);
}

static void cut_ends_at_a_character(void **state)
{
    (void)state;
    const char *s = "aạb"; /* 1 + 3 + 1 bytes */
    static const size_t expected[] = {0, 1, 1, 1, 4, 5, 5};
    for (size_t max = 0; max < 7; max++)
        assert_int_equal(text_cut(s, max), expected[max]);
    assert_int_equal(text_cut(s, SIZE_MAX), 5);
    assert_int_equal(text_cut("", 0), 0);
}

static char *nfc(const char *s)
{
    return text_nfc(&arena, s, strlen(s));
}

static void nfc_composes(void **state)
{
    (void)state;
    assert_string_equal(nfc("Tra\xCC\xA3m pha\xCC\x89n a\xCC\x81nh"), "Trạm phản ánh");
    assert_string_equal(nfc("e\xCC\x82\xCC\xA3"), "ệ"); /* marks in another order */
    assert_string_equal(nfc("e\xCC\xA3\xCC\x82"), "ệ");
    assert_string_equal(nfc("u\xCC\x9B\xCC\xA3"), "ự");
    assert_string_equal(nfc("\xE1\xBB\x87"), "ệ");
    assert_string_equal(nfc("plain ASCII"), "plain ASCII");
    assert_string_equal(nfc(""), "");
}

static void nfc_drops_controls_before_composing(void **state)
{
    (void)state;
    assert_string_equal(nfc("a\r\nb\tc\x01\x7F\x1B[0m"), "a\nb\tc[0m");
    assert_string_equal(nfc("x\xC2\x85y"), "xy"); /* NEL */
    assert_string_equal(nfc("a\x01\xCC\xA3"), "ạ");
}

static void nfc_refuses(void **state)
{
    (void)state;
    assert_null(nfc("\xC0\xAF"));
    assert_null(nfc("tr\xE1\xBA"));
    assert_null(nfc("\xED\xA0\x80"));
    assert_null(text_nfc(&arena, "a\0b", 3));
}

static void nfc_bounds_marks(void **state)
{
    (void)state;
    enum { MARKS = 200000 };
    char *s = arena_alloc(&arena, 2 * MARKS + 2);
    s[0] = 'a';
    for (int i = 0; i < MARKS; i++)
        memcpy(s + 1 + 2 * i, i % 2 ? "\xCC\x81" : "\xCC\xA3", 2);
    uint64_t before = clock_monotonic_ns();
    char *out = nfc(s);
    assert_non_null(out);
    assert_in_range(text_length(out), 28, 31);
    assert_true(clock_monotonic_ns() - before < UINT64_C(2000000000));
    assert_string_equal(nfc(out), out);
}

static const char *fold(const char *s)
{
    return text_fold(&arena, s);
}

static void folds_vietnamese(void **state)
{
    (void)state;
    assert_string_equal(fold("Đường Hoà Bình"), "duong hoa binh");
    assert_string_equal(fold("Hòa Bình"), fold("Hoà Bình"));
    assert_string_equal(fold("HÒA BÌNH"), "hoa binh");
    assert_string_equal(fold("\xC3\x90\xE1\xBA\xAFk L\xE1\xBA\xAFk"), "dak lak"); /* U+00D0 */
    assert_string_equal(fold("\xC3\xB0"), "d");
    assert_string_equal(fold("D\xCC\xA3u\xCC\x9B\xCC\xA3"), "du");
    assert_string_equal(fold("ăâêôơưĂÂÊÔƠƯ"), "aaeoouaaeoou");
    assert_string_equal(fold("ằẳẵắặầẩẫấậềểễếệồổỗốộờởỡớợừửữứựỳỷỹýỵ"),
                        "aaaaaaaaaaeeeeeoooooooooouuuuuyyyyy");
}

static void folds_spaces(void **state)
{
    (void)state;
    assert_string_equal(fold("  a \t\n b\xC2\xA0\xE3\x80\x80"
                             "c  "),
                        "a b c");
    assert_string_equal(fold("   "), "");
    assert_string_equal(fold(""), "");
    assert_string_equal(fold("Ho\xE2\x80\x8B"
                             "a\xC2\xAD"),
                        "hoa"); /* zero-width, soft hyphen */
    assert_string_equal(fold("\xC0\xAF"), "");
}

static void folding_twice_changes_nothing(void **state)
{
    (void)state;
    for (uint32_t c = 1; c < 0x3100; c++) {
        char s[5] = {0};
        if (c < 0x80) {
            s[0] = (char)c;
        } else if (c < 0x800) {
            s[0] = (char)(0xC0 | c >> 6);
            s[1] = (char)(0x80 | (c & 0x3F));
        } else {
            s[0] = (char)(0xE0 | c >> 12);
            s[1] = (char)(0x80 | (c >> 6 & 0x3F));
            s[2] = (char)(0x80 | (c & 0x3F));
        }
        const char *once = fold(s);
        assert_true(valid(once));
        assert_string_equal(fold(once), once);
    }
}

static void words_are_distinct_and_sorted(void **state)
{
    (void)state;
    const char *texts[] = {"Ổ gà đường Hòa Bình, số 12-A", NULL, "đường HOÀ bình (ổ_gà)!", "…"};
    struct text_words words = text_words(&arena, texts, 4);
    static const char *const expected[] = {"12", "a", "binh", "duong", "ga", "hoa", "o", "so"};
    assert_int_equal(words.n, 8);
    for (size_t i = 0; i < 8; i++)
        assert_string_equal(words.items[i], expected[i]);
    assert_int_equal(text_words(&arena, NULL, 0).n, 0);
    assert_int_equal(text_words(&arena, texts + 3, 1).n, 0);
}

static void words_are_bounded(void **state)
{
    (void)state;
    char *many = arena_alloc(&arena, 4000);
    for (int i = 0; i < 500; i++) /* zzz499 … zzz000: the first met sort last */
        sprintf(many + 7 * i, "zzz%03d ", 499 - i);
    const char *texts[] = {many, "aaa"};
    struct text_words words = text_words(&arena, texts, 2);
    assert_int_equal(words.n, TEXT_WORDS_MAX);
    assert_string_equal(words.items[0], "zzz244");
    assert_string_equal(words.items[TEXT_WORDS_MAX - 1], "zzz499");

    /* 63 letters and one of two bytes, which does not fit */
    char word[70];
    memset(word, 'x', 63);
    strcpy(word + 63, "яя");
    const char *long_words[] = {word, "xx"};
    words = text_words(&arena, long_words, 2);
    assert_int_equal(words.n, 2);
    assert_int_equal(strlen(words.items[1]), 63);
    word[62] = '\0';
    strcat(word, "яя");
    words = text_words(&arena, long_words, 1);
    assert_int_equal(strlen(words.items[0]), TEXT_WORD_BYTES);
}

static void ascii_for_sms(void **state)
{
    (void)state;
    assert_string_equal(text_ascii(&arena, "Mã xác thực của Đặng Thị Ửng: 123456"),
                        "Ma xac thuc cua Dang Thi Ung: 123456");
    assert_string_equal(text_ascii(&arena, "“Trạm” – ‘số’ …\n`x`\t\xC2\xA0•"),
                        "\"Tram\" - 'so' ...\n'x'  *");
    assert_string_equal(text_ascii(&arena, "a😀я"), "a??");
    assert_string_equal(text_ascii(&arena, "\xFF"), "");
}

static void what_can_be_seen(void **state)
{
    (void)state;
    static const struct {
        const char *text, *trimmed;
        size_t visible;
    } cases[] = {
        {"", "", 0},
        {"     ", "", 0},
        {"\n\t\u00a0\u3000", "", 0},
        {"\u200b\u200c\u200d\u2060\ufeff", "", 0}, /* no width */
        {"\u3164\u2800", "\u3164\u2800", 0},       /* no ink */
        {"  Ổ gà \n\u200b", "Ổ gà", 3},
        {"a\u0323", "a\u0323", 1},
        {"\U0001F6A7", "\U0001F6A7", 1},
        {"x", "x", 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(text_visible(cases[i].text), cases[i].visible);
        assert_string_equal(text_trim(&arena, cases[i].text), cases[i].trimmed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_utf8),
        cmocka_unit_test(widths_are_utf8procs),
        cmocka_unit_test(length_counts_code_points),
        cmocka_unit_test(cut_ends_at_a_character),
        cmocka_unit_test_teardown(nfc_composes, release),
        cmocka_unit_test_teardown(nfc_drops_controls_before_composing, release),
        cmocka_unit_test_teardown(nfc_refuses, release),
        cmocka_unit_test_teardown(nfc_bounds_marks, release),
        cmocka_unit_test_teardown(folds_vietnamese, release),
        cmocka_unit_test_teardown(folds_spaces, release),
        cmocka_unit_test_teardown(folding_twice_changes_nothing, release),
        cmocka_unit_test_teardown(words_are_distinct_and_sorted, release),
        cmocka_unit_test_teardown(words_are_bounded, release),
        cmocka_unit_test_teardown(ascii_for_sms, release),
        cmocka_unit_test_teardown(what_can_be_seen, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
