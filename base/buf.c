#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define CAP_FIRST ((size_t)256)

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max < SIZE_MAX ? max : SIZE_MAX - 1};
}

void buf_release(struct buf *b)
{
    free(b->data);
    buf_init(b, b->max);
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->data)
        b->data[0] = '\0';
}

/* Room for `n` more bytes and the NUL. */
static bool reserve(struct buf *b, size_t n)
{
    if (b->failed)
        return false;
    if (n > b->max - b->len) {
        b->failed = true;
        return false;
    }
    size_t wanted = b->len + n + 1;
    if (wanted <= b->cap)
        return true;
    size_t cap = b->cap > b->max / 2 ? b->max + 1 : b->cap * 2;
    if (cap < CAP_FIRST)
        cap = CAP_FIRST;
    if (cap < wanted)
        cap = wanted;
    char *data = realloc(b->data, cap);
    if (!data) {
        b->failed = true;
        return false;
    }
    b->data = data;
    b->cap = cap;
    return true;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
    if (!reserve(b, n))
        return;
    if (n > 0)
        memcpy(b->data + b->len, bytes, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_add_str(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_add_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    size_t room = reserve(b, 0) ? b->cap - b->len : 0; /* most fit what is there */
    if (room > b->max - b->len + 1)
        room = b->max - b->len + 1;
    int n = vsnprintf(room > 0 ? b->data + b->len : NULL, room, fmt, ap);
    if (n < 0)
        b->failed = true;
    else if ((size_t)n >= room && reserve(b, (size_t)n))
        vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
    if (b->failed && room > 0)
        b->data[b->len] = '\0';
    else if (!b->failed)
        b->len += (size_t)n;
    va_end(again);
    va_end(ap);
}

static void add_json_escape(struct buf *b, unsigned char c)
{
    switch (c) {
    case '"':
        buf_add_str(b, "\\\"");
        break;
    case '\\':
        buf_add_str(b, "\\\\");
        break;
    case '\n':
        buf_add_str(b, "\\n");
        break;
    case '\r':
        buf_add_str(b, "\\r");
        break;
    case '\t':
        buf_add_str(b, "\\t");
        break;
    default:
        buf_printf(b, "\\u%04x", (unsigned)c);
    }
}

void buf_add_json_str(struct buf *b, const char *s, size_t n)
{
    size_t plain = 0; /* start of the run that needs no escape */
    buf_add_char(b, '"');
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)s[i];
        size_t width = utf8_width(s + i, n - i);
        if (width > 0 && c >= 0x20 && c != '"' && c != '\\') {
            i += width;
            continue;
        }
        buf_add(b, s + plain, i - plain);
        if (width > 0)
            add_json_escape(b, c);
        else
            buf_add_str(b, "\xEF\xBF\xBD");
        plain = ++i;
    }
    buf_add(b, s + plain, n - plain);
    buf_add_char(b, '"');
}

void buf_add_encoded(struct buf *b, const char *text, const char *also)
{
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     strchr("-._~", c) || strchr(also, c);
        if (plain)
            buf_add_char(b, (char)c);
        else
            buf_printf(b, "%%%02X", c);
    }
}

char *buf_steal(struct buf *b)
{
    char *data = NULL;
    if (!b->failed && b->len > 0) {
        data = b->data;
        b->data = NULL;
    }
    buf_release(b);
    return data;
}

void buf_add_html(struct buf *b, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '<')
            buf_add_str(b, "&lt;");
        else if (*text == '>')
            buf_add_str(b, "&gt;");
        else if (*text == '&')
            buf_add_str(b, "&amp;");
        else if (*text == '"')
            buf_add_str(b, "&quot;");
        else
            buf_add_char(b, *text);
    }
}
