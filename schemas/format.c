#include "schemas/format.h"

#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"

#define DIGITS "0123456789"
#define HEX DIGITS "abcdefABCDEF"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define ATOM LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~" /* RFC 5322 §3.2.3 */
#define UNRESERVED LETTERS DIGITS "-._~"          /* RFC 3986 §2.3 */
#define SUB_DELIMS "!$&'()*+,;="                  /* RFC 3986 §2.2 */

#define EMAIL_MAX 254 /* RFC 5321 §4.5.3.1 */
#define EMAIL_LOCAL_MAX 64
#define HOST_MAX 253
#define LABEL_MAX 63

static bool is_date(const char *s)
{
    int64_t day;
    return clock_day_parse(s, &day);
}

static bool is_date_time(const char *s)
{
    int64_t ms;
    return clock_parse(s, &ms);
}

static bool is_uuid(const char *s)
{
    struct id id;
    return id_parse(s, &id);
}

/* One or more labels of letters, digits and inner hyphens, at least `least` of them. */
static bool is_host_name(const char *s, int least)
{
    int labels = 0;
    if (strlen(s) > HOST_MAX)
        return false;
    for (;; s++) {
        size_t n = strspn(s, LETTERS DIGITS "-");
        if (n == 0 || n > LABEL_MAX || s[0] == '-' || s[n - 1] == '-')
            return false;
        labels++;
        s += n;
        if (*s != '.')
            return *s == '\0' && labels >= least;
    }
}

static bool is_email(const char *s)
{
    const char *at = strchr(s, '@');
    if (!at || at - s > EMAIL_LOCAL_MAX || strlen(s) > EMAIL_MAX)
        return false;
    for (;; s++) {
        size_t n = strspn(s, ATOM);
        if (n == 0)
            return false;
        s += n;
        if (*s != '.')
            return s == at && is_host_name(at + 1, 2);
    }
}

/* Bytes at the start of s that are in `allowed` or percent-encoded. */
static size_t uri_span(const char *s, const char *allowed)
{
    size_t n = 0;
    for (;;) {
        n += strspn(s + n, allowed);
        if (s[n] != '%' || !s[n + 1] || !strchr(HEX, s[n + 1]) || !s[n + 2] ||
            !strchr(HEX, s[n + 2]))
            return n;
        n += 3;
    }
}

/* [userinfo@]host[:port] at *s, which is moved behind it (RFC 3986 §3.2). */
static bool take_authority(const char **s)
{
    const char *p = *s;
    size_t user_n = uri_span(p, UNRESERVED SUB_DELIMS ":");
    if (p[user_n] == '@')
        p += user_n + 1;
    if (*p == '[') {
        size_t literal_n = strspn(p + 1, UNRESERVED SUB_DELIMS ":");
        if (literal_n == 0 || p[1 + literal_n] != ']')
            return false;
        p += literal_n + 2;
    } else {
        p += uri_span(p, UNRESERVED SUB_DELIMS);
    }
    if (*p == ':')
        p += 1 + strspn(p + 1, DIGITS);
    *s = p;
    return *p == '\0' || *p == '/' || *p == '?' || *p == '#';
}

static bool is_uri(const char *s)
{
    size_t scheme_n = strspn(s, LETTERS DIGITS "+-.");
    if (scheme_n == 0 || !strchr(LETTERS, s[0]) || s[scheme_n] != ':')
        return false;
    s += scheme_n + 1;
    if (s[0] == '/' && s[1] == '/') {
        s += 2;
        if (!take_authority(&s))
            return false;
    }
    s += uri_span(s, UNRESERVED SUB_DELIMS ":@/");
    if (*s == '?')
        s += 1 + uri_span(s + 1, UNRESERVED SUB_DELIMS ":@/?");
    if (*s == '#')
        s += 1 + uri_span(s + 1, UNRESERVED SUB_DELIMS ":@/?");
    return *s == '\0';
}

/* The digits that may follow 3, 5, 7, 8 and 9 in a mobile number (numbering plan in force 2025). */
static bool is_phone_vn(const char *s)
{
    static const struct {
        char first;
        const char *second;
    } prefixes[] = {
        {'3', "23456789"}, {'5', "25689"}, {'7', "06789"}, {'8', "123456789"}, {'9', "012346789"},
    };
    if (strncmp(s, "+84", 3) == 0)
        s += 3;
    else if (*s == '0')
        s++;
    else
        return false;
    if (strspn(s, DIGITS) != 9 || s[9] != '\0')
        return false;
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
        if (s[0] == prefixes[i].first)
            return strchr(prefixes[i].second, s[1]) != NULL;
    }
    return false;
}

static bool is_prose(const char *s)
{
    return *s == '\0' || text_visible(s) > 0;
}

static bool is_line(const char *s)
{
    for (const char *p = s; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            return false;
    }
    return is_prose(s);
}

static const struct format formats[] = {
    {"date", is_date, "một ngày có thật, dạng YYYY-MM-DD", "a date that exists, as YYYY-MM-DD"},
    {"date-time", is_date_time, "một thời điểm theo RFC 3339, có múi giờ",
     "a time as in RFC 3339, with a time zone"},
    {"uuid", is_uuid, "một UUID", "a UUID"},
    {"email", is_email, "một địa chỉ thư điện tử", "an email address"},
    {"uri", is_uri, "một URI tuyệt đối", "an absolute URI"},
    {"prose", is_prose, "văn bản đọc được, không chỉ có dấu cách",
     "text that can be read, not spaces alone"},
    {"line", is_line, "một dòng chữ đọc được, không chỉ có dấu cách",
     "one line that can be read, not spaces alone"},
    {"phone-vn", is_phone_vn, "một số điện thoại di động Việt Nam",
     "a Vietnamese mobile phone number"},
};

const struct format *format_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    }
    return NULL;
}
