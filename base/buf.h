/*
 * A byte buffer that grows up to a maximum. A failed append (past the maximum, or no memory) is
 * remembered, and nothing is added after it: check `failed` once at the end. Always NUL-terminated
 * when data is not NULL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;
    size_t len, cap, max;
    bool failed;
};

void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);
void buf_reset(struct buf *b); /* empty and not failed; keeps the memory */
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_add_str(struct buf *b, const char *s);
void buf_add_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Quoted and escaped, RFC 8259; bytes that are not UTF-8 become U+FFFD. */
void buf_add_json_str(struct buf *b, const char *s, size_t n);

/* As text of HTML, or in double quotes there; NULL adds nothing. */
void buf_add_html(struct buf *b, const char *text);

/* Percent-encoded but for unreserved characters (RFC 3986 §2.3) and those of `also`. */
void buf_add_encoded(struct buf *b, const char *text, const char *also);

char *buf_steal(struct buf *b); /* caller frees; NULL if failed or empty */
