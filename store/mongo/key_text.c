/*
 * Texts in `key`, spelt so that every server orders them as we do, by code point: MongoDB compares
 * bytes, some that speak its protocol compare UTF-16, in which what lies beyond U+FFFF comes before
 * U+E000. So a character beyond is spelt U+FFFF and two characters of the BMP, and U+FFFF itself
 * U+FFFF U+0001. Texts without them, which is to say nearly all, stay as they are.
 */
#include <string.h>

#include "store/mongo/engine.h"

#define LAST "\xef\xbf\xbf" /* U+FFFF */
#define HALF 0x100          /* where the two characters begin; each counts to 1024 */

bool key_text_plain(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at >= 0xf0)
            return false;
    }
    return !strstr(text, LAST);
}

static size_t put(char *out, bson_unichar_t c)
{
    char room[6];
    uint32_t n = 0;
    bson_utf8_from_unichar(c, room, &n);
    memcpy(out, room, n);
    return n;
}

char *key_text_spell(const char *text, char out[KEY_TEXT_MAX])
{
    size_t n = 0;
    for (; *text && n + 8 < KEY_TEXT_MAX; text = bson_utf8_next_char(text)) {
        bson_unichar_t c = bson_utf8_get_char(text);
        if (c >= 0xffff)
            n += put(out + n, 0xffff);
        if (c > 0xffff) {
            n += put(out + n, HALF + ((c - 0x10000) >> 10));
            n += put(out + n, HALF + ((c - 0x10000) & 0x3ff));
        } else {
            n += put(out + n, c == 0xffff ? 1 : c);
        }
    }
    out[n] = '\0';
    return out;
}

char *key_text_read(const char *text, char out[KEY_TEXT_MAX])
{
    size_t n = 0;
    while (*text && n + 8 < KEY_TEXT_MAX) {
        bson_unichar_t c = bson_utf8_get_char(text), low = 0;
        text = bson_utf8_next_char(text);
        if (c == 0xffff && *text) {
            bson_unichar_t high = bson_utf8_get_char(text);
            text = bson_utf8_next_char(text);
            if (high >= HALF && *text) {
                low = bson_utf8_get_char(text);
                text = bson_utf8_next_char(text);
                c = 0x10000 + ((high - HALF) << 10) + (low - HALF);
            }
        }
        n += put(out + n, c);
    }
    out[n] = '\0';
    return out;
}
