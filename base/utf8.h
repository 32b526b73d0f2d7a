/* The bytes of one character, checked as RFC 3629 §4 has them. */
#pragma once

#include <stddef.h>

/*
 * How many bytes the character at `s` takes, 1 to 4; 0 if it is not valid UTF-8 (cut off, overlong,
 * a surrogate, beyond U+10FFFF). n is at least 1. A NUL is one byte.
 */
static inline size_t utf8_width(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;
    unsigned char c = s[0], low = 0x80, high = 0xBF;
    if (c < 0x80)
        return 1;
    size_t width = c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (width == 0 || width > n)
        return 0;
    if (c == 0xE0)
        low = 0xA0;
    else if (c == 0xED)
        high = 0x9F;
    else if (c == 0xF0)
        low = 0x90;
    else if (c == 0xF4)
        high = 0x8F;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < width; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    }
    return width;
}
