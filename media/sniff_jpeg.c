#include <string.h>

#include "media/sniff_private.h"

/* Markers, ITU-T T.81 table B.1. */
enum {
    SOF0 = 0xC0,
    SOF2 = 0xC2,
    SOF15 = 0xCF,
    DHT = 0xC4,
    JPG = 0xC8,
    DAC = 0xCC,
    RST0 = 0xD0,
    RST7 = 0xD7,
    SOI = 0xD8,
    EOI = 0xD9,
    SOS = 0xDA,
    APP1 = 0xE1,
    TEM = 0x01,
};

static bool is_frame(uint8_t marker)
{
    return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
}

/* The segment's body, length not included. */
static enum media_fault read_frame(struct sniff *s, uint8_t marker, const uint8_t *body, size_t n)
{
    if (s->type != MEDIA_TYPE_NONE)
        return MEDIA_FAULT_VARIANT; /* hierarchical, or two headers that say different things */
    if (marker > SOF2)
        return MEDIA_FAULT_VARIANT; /* lossless or arithmetic */
    if (n < 6)
        return MEDIA_FAULT_DAMAGED;
    s->type = MEDIA_TYPE_JPEG;
    s->bits = body[0];
    s->height = sniff_be16(body + 1);
    s->width = sniff_be16(body + 3);
    s->components = body[5];
    s->progressive = marker == SOF2;
    s->cmyk = s->components == 4;
    if (n != 6 + 3 * (size_t)s->components)
        return MEDIA_FAULT_DAMAGED;
    /* Height 0 is legal (told later by DNL) and made by nothing that people use. */
    if (s->bits != 8 || s->height == 0 ||
        (s->components != 1 && s->components != 3 && s->components != 4))
        return MEDIA_FAULT_VARIANT;
    return MEDIA_FAULT_NONE;
}

static void note_exif(struct sniff *s, struct sniff_bytes file, size_t at, size_t n)
{
    static const uint8_t magic[6] = "Exif\0";

    if (s->exif_n > 0 || n <= sizeof magic || memcmp(file.at + at, magic, sizeof magic) != 0)
        return;
    s->exif_at = at + sizeof magic;
    s->exif_n = n - sizeof magic;
}

/* From `at` in entropy-coded data to the marker that ends it, or to the end of the file. */
static size_t skip_scan(struct sniff_bytes file, size_t at)
{
    while (at < file.n) {
        const uint8_t *ff = memchr(file.at + at, 0xFF, file.n - at);
        if (!ff)
            return file.n;
        at = (size_t)(ff - file.at);
        if (at + 1 >= file.n)
            return file.n;
        uint8_t next = file.at[at + 1];
        if (next == 0xFF)
            at += 1; /* fill byte */
        else if (next == 0 || (next >= RST0 && next <= RST7))
            at += 2;
        else
            return at;
    }
    return file.n;
}

enum media_fault sniff_jpeg(struct sniff_bytes file, const struct media_limits *limits,
                            struct sniff *ret)
{
    bool scanned = false;
    size_t at = 2; /* behind SOI */

    for (;;) {
        if (at + 2 > file.n)
            return MEDIA_FAULT_TRUNCATED;
        if (file.at[at] != 0xFF)
            return MEDIA_FAULT_DAMAGED;
        uint8_t marker = file.at[at + 1];
        if (marker == 0xFF) {
            at += 1;
            continue;
        }
        at += 2;
        if (marker == EOI)
            break;
        if (marker == SOI || marker == 0)
            return MEDIA_FAULT_DAMAGED;
        if (marker == TEM || (marker >= RST0 && marker <= RST7))
            continue;
        if (at + 2 > file.n)
            return MEDIA_FAULT_TRUNCATED;
        size_t length = sniff_be16(file.at + at); /* counts itself */
        if (length < 2)
            return MEDIA_FAULT_DAMAGED;
        if (is_frame(marker) && at + 8 <= file.n) {
            /* Before anything is said about the rest: a bomb is a bomb, also when cut. */
            enum media_fault fault = read_frame(ret, marker, file.at + at + 2, length - 2);
            if (fault == MEDIA_FAULT_NONE)
                fault = sniff_size(ret, limits);
            if (fault != MEDIA_FAULT_NONE)
                return fault;
        }
        if (length > file.n - at)
            return MEDIA_FAULT_TRUNCATED;
        if (marker == APP1)
            note_exif(ret, file, at + 2, length - 2);
        at += length;
        if (marker == SOS) {
            if (ret->type == MEDIA_TYPE_NONE)
                return MEDIA_FAULT_DAMAGED;
            scanned = true;
            at = skip_scan(file, at);
        }
    }
    ret->sound_n = at;
    return scanned ? MEDIA_FAULT_NONE : MEDIA_FAULT_DAMAGED;
}
