/* Amounts as people read them, and as they are written out on receipts. */
#include <stdio.h>
#include <string.h>

#include "domain/payment/payment.h"

char *money_format(int64_t amount, char out[MONEY_TEXT])
{
    char digits[24];
    size_t n = (size_t)snprintf(digits, sizeof(digits), "%lld", (long long)amount), at = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0 && digits[i - 1] != '-')
            out[at++] = '.';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

struct spelling {
    char *out;
    size_t at;
};

static void add(struct spelling *s, const char *word)
{
    int n = snprintf(s->out + s->at, MONEY_WORDS - s->at, "%s%s", s->at ? " " : "", word);
    if (n > 0 && s->at + (size_t)n < MONEY_WORDS)
        s->at += (size_t)n;
}

static const char *const digits[] = {"không", "một", "hai", "ba",  "bốn",
                                     "năm",   "sáu", "bảy", "tám", "chín"};

/* The last digit of a group; after tens, some are read otherwise: hai mươi mốt, mười lăm. */
static void add_unit(struct spelling *s, int tens, int unit)
{
    if (unit == 0)
        return;
    if (unit == 1 && tens > 1)
        add(s, "mốt");
    else if (unit == 5 && tens > 0)
        add(s, "lăm");
    else
        add(s, digits[unit]);
}

/* Three digits; `whole`: a larger group stands before, so that its hundreds are read too. */
static void add_group(struct spelling *s, int group, bool whole)
{
    int hundreds = group / 100, tens = group / 10 % 10, unit = group % 10;
    if (hundreds > 0 || whole) {
        add(s, digits[hundreds]);
        add(s, "trăm");
        if (tens == 0 && unit > 0)
            add(s, "linh");
    }
    if (tens == 1)
        add(s, "mười");
    if (tens > 1) {
        add(s, digits[tens]);
        add(s, "mươi");
    }
    add_unit(s, tens, unit);
}

char *money_words(int64_t amount, char out[MONEY_WORDS])
{
    static const char *const names[] = {"", "nghìn", "triệu", "tỷ"};
    struct spelling s = {out, 0};
    out[0] = '\0';
    int64_t scale = INT64_C(1000000000);
    for (int i = 3; i >= 0; i--, scale /= 1000) {
        int group = (int)(amount / scale % 1000);
        if (group == 0)
            continue;
        add_group(&s, group, s.at > 0);
        if (names[i][0])
            add(&s, names[i]);
    }
    if (s.at == 0)
        add(&s, digits[0]);
    add(&s, "đồng");
    /* The first letter is a capital; those of two bytes are đ, which no amount begins with. */
    if (out[0] >= 'a' && out[0] <= 'z')
        out[0] = (char)(out[0] - 'a' + 'A');
    return out;
}
