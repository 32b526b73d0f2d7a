/*
 * Short texts of every reply, written without printf: each function writes at `at`, where the
 * caller has made room, and returns the end. No NUL is put.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NUMBER_TEXT 20 /* digits of the largest */

static inline char *put_bytes(char *at, const char *bytes, size_t n)
{
    memcpy(at, bytes, n);
    return at + n;
}

static inline char *put(char *at, const char *text)
{
    return put_bytes(at, text, strlen(text));
}

static inline char *put_number(char *at, uint64_t n)
{
    char digits[NUMBER_TEXT];
    size_t i = sizeof(digits);
    do {
        digits[--i] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    return put_bytes(at, digits + i, sizeof(digits) - i);
}

static inline char *put_hex(char *at, uint64_t n) /* 16 digits */
{
    for (unsigned shift = 64; shift > 0; shift -= 4)
        *at++ = "0123456789abcdef"[n >> (shift - 4) & 15];
    return at;
}
