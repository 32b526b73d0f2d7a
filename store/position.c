#include "store/position.h"

#include <string.h>

void store_position_write(const struct store_position *p, struct buf *out)
{
    buf_add_char(out, (char)p->key.type);
    if (p->key.type == STORE_INT)
        buf_add(out, &p->key.number, sizeof(p->key.number));
    if (p->key.type == STORE_ID)
        buf_add(out, p->key.id.bytes, sizeof(p->key.id.bytes));
    if (p->key.type == STORE_TEXT) {
        uint16_t n = (uint16_t)strlen(p->key.text);
        buf_add(out, &n, sizeof(n));
        buf_add(out, p->key.text, n);
    }
    buf_add(out, p->id.bytes, sizeof(p->id.bytes));
}

static bool take(const uint8_t **at, const uint8_t *end, void *out, size_t n)
{
    if ((size_t)(end - *at) < n)
        return false;
    memcpy(out, *at, n);
    *at += n;
    return true;
}

static bool take_text(const uint8_t **at, const uint8_t *end, struct arena *a, const char **ret)
{
    uint16_t n = 0;
    if (!take(at, end, &n, sizeof(n)) || n > STORE_TEXT_MAX || (size_t)(end - *at) < n ||
        memchr(*at, '\0', n))
        return false;
    *ret = arena_strndup(a, (const char *)*at, n);
    *at += n;
    return true;
}

bool store_position_read(struct arena *a, const void *bytes, size_t n, struct store_position *ret)
{
    const uint8_t *at = bytes, *end = at + n;
    uint8_t type = 0;
    *ret = (struct store_position){0};
    if (!take(&at, end, &type, 1) || type > STORE_ID)
        return false;
    ret->key.type = (enum store_type)type;
    if (type == STORE_INT && !take(&at, end, &ret->key.number, sizeof(ret->key.number)))
        return false;
    if (type == STORE_ID && !take(&at, end, ret->key.id.bytes, sizeof(ret->key.id.bytes)))
        return false;
    if (type == STORE_TEXT && !take_text(&at, end, a, &ret->key.text))
        return false;
    return take(&at, end, ret->id.bytes, sizeof(ret->id.bytes)) && at == end;
}
