#include <string.h>

#include "media/sniff_private.h"

#define SIGNATURE 8
#define CHUNK_AROUND 12 /* length, type, CRC */
#define EXIF_MAX 65536  /* as much as a JPEG can hold */
#define IHDR_BYTES 13

static enum media_fault read_header(struct sniff *s, const uint8_t *body)
{
    uint8_t depth = body[8], colour = body[9];
    bool power = depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;

    s->type = MEDIA_TYPE_PNG;
    s->width = sniff_be32(body);
    s->height = sniff_be32(body + 4);
    s->bits = depth;
    if (!power || body[10] != 0 || body[11] != 0 || body[12] > 1)
        return MEDIA_FAULT_DAMAGED;
    switch (colour) { /* ISO/IEC 15948 table 11.1 */
    case 0:
        return MEDIA_FAULT_NONE;
    case 3:
        return depth <= 8 ? MEDIA_FAULT_NONE : MEDIA_FAULT_DAMAGED;
    case 2:
    case 4:
    case 6:
        return depth >= 8 ? MEDIA_FAULT_NONE : MEDIA_FAULT_DAMAGED;
    default:
        return MEDIA_FAULT_DAMAGED;
    }
}

enum media_fault sniff_png(struct sniff_bytes file, const struct media_limits *limits,
                           struct sniff *ret)
{
    bool pixels = false;

    for (size_t at = SIGNATURE;;) {
        if (file.n - at < 8)
            return MEDIA_FAULT_TRUNCATED;
        size_t length = sniff_be32(file.at + at);
        const uint8_t *type = file.at + at + 4;
        size_t body = at + 8, left = file.n - body;
        bool first = at == SIGNATURE;
        if (first != (memcmp(type, "IHDR", 4) == 0) || (first && length != IHDR_BYTES))
            return MEDIA_FAULT_DAMAGED;
        if (first && left >= IHDR_BYTES) {
            enum media_fault fault = read_header(ret, file.at + body);
            if (fault == MEDIA_FAULT_NONE)
                fault = sniff_size(ret, limits);
            if (fault != MEDIA_FAULT_NONE)
                return fault;
        }
        if (length > INT32_MAX)
            return MEDIA_FAULT_DAMAGED;
        if (left < 4 || length > left - 4)
            return MEDIA_FAULT_TRUNCATED;
        if (memcmp(type, "acTL", 4) == 0 && !pixels)
            ret->animated = true;
        else if (memcmp(type, "IDAT", 4) == 0)
            pixels = true;
        else if (memcmp(type, "eXIf", 4) == 0 && ret->exif_n == 0 && length <= EXIF_MAX) {
            ret->exif_at = body;
            ret->exif_n = length;
        }
        at += CHUNK_AROUND + length;
        if (memcmp(type, "IEND", 4) == 0) {
            ret->sound_n = at;
            return pixels ? MEDIA_FAULT_NONE : MEDIA_FAULT_DAMAGED;
        }
    }
}
