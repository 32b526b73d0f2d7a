#include <string.h>

#include "media/sniff_private.h"

/* RFC 9649: RIFF, size, "WEBP", then chunks of a name, a size and bytes, padded to even. */
#define HEAD 12
#define CHUNK_HEAD 8
#define EXIF_MAX 65536
#define EXTENDED_BYTES 10 /* flags, 3 reserved, width and height less one, 24 bits each */
#define FLAG_ANIMATION 0x02

static uint32_t le16(const uint8_t *p)
{
    return (uint32_t)p[1] << 8 | p[0];
}

static uint32_t le24(const uint8_t *p)
{
    return (uint32_t)p[2] << 16 | le16(p);
}

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | le24(p);
}

/* The key frame's header: RFC 6386 §9.1. */
static bool read_lossy(const uint8_t *body, size_t n, struct sniff *s)
{
    static const uint8_t start[3] = {0x9D, 0x01, 0x2A};
    if (n < 10 || memcmp(body + 3, start, sizeof start) != 0)
        return false;
    s->width = le16(body + 6) & 0x3FFF;
    s->height = le16(body + 8) & 0x3FFF;
    return true;
}

static bool read_lossless(const uint8_t *body, size_t n, struct sniff *s)
{
    if (n < 5 || body[0] != 0x2F)
        return false;
    uint32_t bits = le32(body + 1);
    s->width = (bits & 0x3FFF) + 1;
    s->height = (bits >> 14 & 0x3FFF) + 1;
    return true;
}

static bool read_extended(const uint8_t *body, size_t n, struct sniff *s)
{
    if (n < EXTENDED_BYTES)
        return false;
    s->animated = body[0] & FLAG_ANIMATION;
    s->width = le24(body + 4) + 1;
    s->height = le24(body + 7) + 1;
    return true;
}

static const struct {
    const char *name;
    bool (*read)(const uint8_t *body, size_t n, struct sniff *s);
    bool pixels; /* else they follow */
} firsts[] = {
    {"VP8 ", read_lossy, true}, {"VP8L", read_lossless, true}, {"VP8X", read_extended, false}, {0}};

static void note_exif(const uint8_t *body, size_t at, size_t n, struct sniff *s)
{
    static const char prefix[6] = "Exif\0"; /* some writers put it there, as in a JPEG */
    size_t skip = n >= sizeof prefix && memcmp(body, prefix, sizeof prefix) == 0 ? 6 : 0;
    if (s->exif_n > 0 || n > EXIF_MAX)
        return;
    s->exif_at = at + skip;
    s->exif_n = n - skip;
}

static enum media_fault read_first(const uint8_t *chunk, size_t n,
                                   const struct media_limits *limits, struct sniff *s,
                                   bool *ret_pixels)
{
    size_t i = 0;
    while (firsts[i].name && memcmp(chunk, firsts[i].name, 4) != 0)
        i++;
    if (!firsts[i].name || !firsts[i].read(chunk + CHUNK_HEAD, n, s))
        return MEDIA_FAULT_DAMAGED;
    *ret_pixels = firsts[i].pixels;
    return sniff_size(s, limits);
}

enum media_fault sniff_webp(struct sniff_bytes file, const struct media_limits *limits,
                            struct sniff *ret)
{
    if (file.n < HEAD + CHUNK_HEAD)
        return MEDIA_FAULT_TRUNCATED;
    uint64_t whole = (uint64_t)le32(file.at + 4) + 8;
    bool pixels = false;
    if (whole < HEAD + CHUNK_HEAD)
        return MEDIA_FAULT_DAMAGED;
    size_t end = whole < file.n ? (size_t)whole : file.n;
    for (size_t at = HEAD; at + CHUNK_HEAD <= end;) {
        const uint8_t *chunk = file.at + at;
        size_t n = le32(chunk + 4), left = end - at - CHUNK_HEAD;
        if (n > left)
            return whole > file.n ? MEDIA_FAULT_TRUNCATED : MEDIA_FAULT_DAMAGED;
        if (at == HEAD) {
            enum media_fault fault = read_first(chunk, n, limits, ret, &pixels);
            if (fault != MEDIA_FAULT_NONE)
                return fault;
        } else if (memcmp(chunk, "EXIF", 4) == 0) {
            note_exif(chunk + CHUNK_HEAD, at + CHUNK_HEAD, n, ret);
        }
        pixels |= memcmp(chunk, ret->animated ? "ANMF" : "VP8", ret->animated ? 4 : 3) == 0 &&
                  memcmp(chunk, "VP8X", 4) != 0;
        at += CHUNK_HEAD + n + (n & 1);
    }
    if (whole > file.n)
        return MEDIA_FAULT_TRUNCATED;
    ret->type = MEDIA_TYPE_WEBP;
    ret->bits = 8;
    ret->sound_n = (size_t)whole;
    return pixels ? MEDIA_FAULT_NONE : MEDIA_FAULT_DAMAGED;
}
