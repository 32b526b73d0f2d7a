#include "gateway/header.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define BLANK " \t"

/* --- lists with weights ----------------------------------------------------------------------- */

/* One member of a comma list: the name and its weight in thousandths. */
struct weighted {
    const char *name;
    size_t n;
    int q;
};

/* "q=0.25" to 250; anything that is not a weight counts as none at all. */
static int parse_weight(const char *text, size_t n)
{
    if (n == 0 || n > 5 || (text[0] != '0' && text[0] != '1') || (n > 1 && text[1] != '.'))
        return 0;
    int q = (text[0] - '0') * 1000;
    for (size_t i = 2, unit = 100; i < n; i++, unit /= 10) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        q += (text[i] - '0') * (int)unit;
    }
    return q > 1000 ? 1000 : q;
}

static bool next_weighted(const char **at, struct weighted *ret)
{
    const char *p = *at + strspn(*at, BLANK ",");
    if (!*p)
        return false;
    size_t n = strcspn(p, ",");
    *at = p + n;
    *ret = (struct weighted){p, strcspn(p, BLANK ",;"), 1000};
    for (const char *s = memchr(p, ';', n); s; s = memchr(s, ';', (size_t)(p + n - s))) {
        s++;
        s += strspn(s, BLANK);
        if ((*s == 'q' || *s == 'Q') && s[1] == '=')
            ret->q = parse_weight(s + 2, strcspn(s + 2, BLANK ",;"));
    }
    return true;
}

static bool is_language(const struct weighted *w, const char *tag)
{
    return w->n >= 2 && strncasecmp(w->name, tag, 2) == 0 && (w->n == 2 || w->name[2] == '-');
}

enum language header_language(const char *accept_language)
{
    int vi = 0, en = 0;
    struct weighted w;
    for (const char *at = accept_language; at && next_weighted(&at, &w);) {
        if (is_language(&w, "vi") && w.q > vi)
            vi = w.q;
        else if (is_language(&w, "en") && w.q > en)
            en = w.q;
    }
    return en > vi ? LANGUAGE_EN : LANGUAGE_VI;
}

bool header_accepts(const char *accept_encoding, const char *coding)
{
    int named = -1, any = 0;
    struct weighted w;
    for (const char *at = accept_encoding; at && next_weighted(&at, &w);) {
        size_t old = w.n > 2 && strncasecmp(w.name, "x-", 2) == 0 ? 2 : 0; /* §8.4.1.3 */
        if (w.n - old == strlen(coding) && strncasecmp(w.name + old, coding, w.n - old) == 0)
            named = w.q;
        else if (w.n == 1 && *w.name == '*')
            any = w.q;
    }
    return named > 0 || (named < 0 && any > 0);
}

/* The most exact range that holds the type says its weight (§12.5.1). */
static int weight_of(const char *accept, const char *type)
{
    size_t n_type = strlen(type), n_group = strcspn(type, "/") + 1;
    int exact = -1, group = -1, any = accept ? -1 : 1000;
    struct weighted w;
    for (const char *at = accept; at && next_weighted(&at, &w);) {
        if (w.n == n_type && strncasecmp(w.name, type, n_type) == 0)
            exact = w.q;
        else if (w.n == n_group + 1 && w.name[n_group] == '*' &&
                 strncasecmp(w.name, type, n_group) == 0)
            group = w.q;
        else if (w.n == 3 && strncmp(w.name, "*/*", 3) == 0)
            any = w.q;
    }
    int q = exact >= 0 ? exact : group >= 0 ? group : any;
    return q > 0 ? q : 0;
}

bool header_prefers(const char *accept, const char *type, const char *other)
{
    return weight_of(accept, type) > weight_of(accept, other);
}

/* --- entity tags ------------------------------------------------------------------------------ */

static const char *opaque(const char *etag)
{
    return strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
}

/* Strongly, a weak tag is like no other, not even itself (RFC 9110 §8.8.3.2). */
static bool is_listed(const char *list, const char *etag, bool strongly)
{
    if (!list || !etag)
        return false;
    const char *tag = opaque(etag);
    size_t n = strlen(tag);
    const char *p = list + strspn(list, BLANK ",");
    if (*p == '*')
        return true;
    while (*p) {
        bool weak = opaque(p) != p || tag != etag;
        p = opaque(p);
        const char *end = *p == '"' ? strchr(p + 1, '"') : NULL;
        if (!end)
            return false;
        if (!(weak && strongly) && (size_t)(end + 1 - p) == n && memcmp(p, tag, n) == 0)
            return true;
        p = end + 1 + strspn(end + 1, BLANK ",");
    }
    return false;
}

bool header_etag_listed(const char *list, const char *etag)
{
    return is_listed(list, etag, false);
}

bool header_if_match(const char *if_match, const char *etag)
{
    return !if_match || is_listed(if_match, etag, true);
}

bool header_if_range(const char *if_range, const char *etag)
{
    return !if_range || (etag && etag[0] == '"' && strcmp(if_range, etag) == 0);
}

/* --- ranges ----------------------------------------------------------------------------------- */

/* Digits up to the end of `text` or the first other character; -1 if there are none. */
static int64_t parse_position(const char **text)
{
    size_t n = strspn(*text, DIGITS);
    if (n == 0)
        return -1;
    int64_t value = n > 18 ? INT64_MAX : strtoll(*text, NULL, 10);
    *text += n;
    return value;
}

enum range_outcome header_range(const char *range, int64_t size, int64_t *ret_from,
                                int64_t *ret_end)
{
    *ret_from = 0;
    *ret_end = size;
    if (!range || strncasecmp(range, "bytes=", 6) != 0)
        return RANGE_WHOLE;
    const char *p = range + 6 + strspn(range + 6, BLANK);
    int64_t first = parse_position(&p);
    if (*p++ != '-')
        return RANGE_WHOLE;
    int64_t last = parse_position(&p);
    if (*p || (first < 0 && last < 0) || (last >= 0 && first > last))
        return RANGE_WHOLE;
    if (first < 0) { /* the last so many */
        *ret_from = last < size ? size - last : 0;
        return last > 0 && size > 0 ? RANGE_PART : RANGE_OUTSIDE;
    }
    *ret_from = first;
    if (last >= 0 && last < size)
        *ret_end = last + 1;
    return first < size ? RANGE_PART : RANGE_OUTSIDE;
}

/* --- one value -------------------------------------------------------------------------------- */

bool header_trace_id(const char *traceparent, char *out)
{
    static const char hex[] = "0123456789abcdef";
    const char *p = traceparent;
    if (!p || strlen(p) < 55 || strspn(p, hex) != 2 || strncmp(p, "ff", 2) == 0 || p[2] != '-' ||
        strspn(p + 3, hex) != 32 || p[35] != '-' || strspn(p + 36, hex) != 16 || p[52] != '-' ||
        strspn(p + 53, hex) < 2)
        return false;
    if (strspn(p + 3, "0") == 32 || strspn(p + 36, "0") == 16)
        return false;
    if (p[55] != '\0' && (strncmp(p, "00", 2) == 0 || p[55] != '-'))
        return false;
    memcpy(out, p + 3, 32);
    out[32] = '\0';
    return true;
}

bool header_authority_sound(const char *authority)
{
    size_t n = 0;
    for (; authority[n]; n++) {
        char c = authority[n];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '-' && c <= ':' && c != '/') && c != '[' && c != ']')
            return false;
    }
    return n > 0 && n < 256;
}

bool header_type_is(const char *content_type, const char *wanted)
{
    size_t n = strlen(wanted);
    return content_type && strncasecmp(content_type, wanted, n) == 0 &&
           (content_type[n] == '\0' || strchr("; \t", content_type[n]));
}

const char *header_bearer(const char *authorization)
{
    if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0)
        return NULL;
    const char *token = authorization + 7 + strspn(authorization + 7, BLANK);
    return *token ? token : NULL;
}

bool header_key_sound(const char *key)
{
    size_t n = key ? strlen(key) : 0;
    return n >= 8 && n <= 64 && strspn(key, LETTERS DIGITS "_-") == n;
}
