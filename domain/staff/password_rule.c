#include "domain/staff/password_rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define PIECE_MAX 4 /* of a password that is one piece over and over */

/* Words that make no password, whatever stands before and behind them but letters. */
static const char *const roots[] = {
    "abc",      "abcd",       "admin",    "administrator", "anhyeuem", "camau",   "changeme",
    "cantho",   "congdan",    "dangnhap", "dichvucong",    "emyeuanh", "hanoi",   "hello",
    "iloveyou", "khongbiet",  "letmein",  "login",         "master",   "matkhau", "matkhaumoi",
    "monkey",   "mypassword", "pass",     "password",      "passw",    "quantri", "quantrivien",
    "qwerty",   "saigon",     "secret",   "system",        "test",     "tram",    "ubnd",
    "user",     "vietnam",    "welcome",  "yeuem",
};

static const char *const rows[] = {"01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop",
                                   "asdfghjkl", "zxcvbnm"};

static int compare(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

static bool is_common(const char *folded)
{
    return bsearch(folded, password_common, password_common_n, sizeof(*password_common), compare);
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* The letters of it, if they stand together; otherwise "". */
static const char *only_word(struct arena *a, const char *folded)
{
    const char *from = folded;
    while (*from && !is_letter(*from))
        from++;
    const char *to = from;
    while (is_letter(*to))
        to++;
    for (const char *p = to; *p; p++) {
        if (is_letter(*p))
            return "";
    }
    return arena_strndup(a, from, (size_t)(to - from));
}

static bool is_root(struct arena *a, const char *folded)
{
    const char *word = only_word(a, folded);
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
        if (strcmp(word, roots[i]) == 0)
            return true;
    }
    return false;
}

static bool repeats(const char *folded, size_t n)
{
    for (size_t piece = 1; piece <= PIECE_MAX; piece++) {
        size_t i = piece;
        while (i < n && folded[i] == folded[i - piece])
            i++;
        if (i == n)
            return true;
    }
    return false;
}

static bool next_to(char a, char b)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (const char *p = rows[i]; p[1]; p++) {
            if ((p[0] == a && p[1] == b) || (p[0] == b && p[1] == a))
                return true;
        }
    }
    return false;
}

/* Nearly every character is the one before or beside it. */
static bool walks(const char *folded, size_t n)
{
    size_t jumps = 0;
    for (size_t i = 1; i < n; i++)
        jumps += folded[i] != folded[i - 1] && !next_to(folded[i - 1], folded[i]);
    return jumps <= n / 6;
}

/* Without the user name, too little is left. */
static bool is_personal(struct arena *a, const char *folded, const char *user)
{
    const char *name = user ? text_fold(a, user) : "";
    size_t n = strlen(name);
    const char *at = n >= 3 ? strstr(folded, name) : NULL;
    return at && strlen(folded) - n < PASSWORD_CHARS_MIN / 2;
}

int password_rule(const char *password, const char *user, struct arena *a)
{
    size_t chars = text_length(password);
    if (chars < PASSWORD_CHARS_MIN)
        return PASSWORD_SHORT;
    if (chars > PASSWORD_CHARS_MAX)
        return PASSWORD_LONG;
    const char *folded = text_fold(a, password);
    size_t n = strlen(folded);
    if (is_common(folded) || is_root(a, folded))
        return PASSWORD_COMMON;
    if (repeats(folded, n) || walks(folded, n))
        return PASSWORD_PATTERN;
    return is_personal(a, folded, user) ? PASSWORD_PERSONAL : 0;
}

const char *password_fault_words(int fault, int language)
{
    static const char *const words[][2] = {
        {"Mật khẩu cần ít nhất 12 ký tự", "A password has at least 12 characters"},
        {"Mật khẩu có nhiều nhất 200 ký tự", "A password has at most 200 characters"},
        {"Mật khẩu này quá phổ biến, ai cũng đoán được; hãy chọn một câu của riêng bạn",
         "This password is among the commonest; choose a sentence of your own"},
        {"Mật khẩu này chỉ là một chuỗi lặp lại hoặc phím liền nhau; hãy chọn một câu của riêng "
         "bạn",
         "This password only repeats or walks over the keyboard; choose a sentence of your own"},
        {"Mật khẩu này gần như chỉ là tên đăng nhập; hãy chọn một câu của riêng bạn",
         "This password is little else than the user name; choose a sentence of your own"},
    };
    size_t i = (size_t)(fault - PASSWORD_SHORT);
    return i < sizeof(words) / sizeof(words[0]) ? words[i][language != 0] : "";
}
