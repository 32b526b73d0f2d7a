#include "media/sniff.h"

#include <string.h>

#include "base/cleanup.h"
#include "media/sniff_private.h"

/* Pictures we know by sight but do not take, so that people are told what to do about it. */
#define MAGIC(at, text)                                                                            \
    {                                                                                              \
        (at), sizeof(text) - 1, (text)                                                             \
    }
static const struct {
    size_t at, n;
    const char *magic;
} known_formats[] = {
    MAGIC(0, "GIF8"),     MAGIC(0, "BM"),       MAGIC(0, "II*\0"),    MAGIC(0, "MM\0*"),
    MAGIC(4, "ftypheic"), MAGIC(4, "ftypheix"), MAGIC(4, "ftyphevc"), MAGIC(4, "ftypmif1"),
    MAGIC(4, "ftypmsf1"), MAGIC(4, "ftypavif"), MAGIC(0, "\xFF\x0A"), MAGIC(4, "JXL \r\n"),
};

static const uint8_t png_magic[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
static const uint8_t jpeg_magic[3] = {0xFF, 0xD8, 0xFF};

static const char riff_magic[4] = "RIFF", webp_magic[4] = "WEBP";

/* As far as it goes: a file that was cut in its first bytes may have been one. */
static bool is_webp(const uint8_t *bytes, size_t n)
{
    size_t riff = n < 4 ? n : 4, webp = n < 8 ? 0 : n < 12 ? n - 8 : 4;
    return memcmp(bytes, riff_magic, riff) == 0 && memcmp(bytes + 8, webp_magic, webp) == 0;
}

static bool is_known_format(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < ARRAY_LEN(known_formats); i++) {
        size_t at = known_formats[i].at, magic_n = known_formats[i].n;
        if (n >= at + magic_n && memcmp(bytes + at, known_formats[i].magic, magic_n) == 0)
            return true;
    }
    return false;
}

enum media_fault sniff_size(const struct sniff *s, const struct media_limits *limits)
{
    if (s->width == 0 || s->height == 0)
        return MEDIA_FAULT_DAMAGED;
    if (s->width > limits->side_max || s->height > limits->side_max)
        return MEDIA_FAULT_TOO_LONG;
    if ((uint64_t)s->width * s->height > limits->pixels_max)
        return MEDIA_FAULT_TOO_MANY_PIXELS;
    return MEDIA_FAULT_NONE;
}

enum media_fault sniff(const uint8_t *bytes, size_t n, const struct media_limits *limits,
                       struct sniff *ret)
{
    memset(ret, 0, sizeof *ret);
    if (n == 0)
        return MEDIA_FAULT_EMPTY;
    if (n > limits->bytes_max)
        return MEDIA_FAULT_TOO_MANY_BYTES;
    struct sniff_bytes file = {bytes, n};
    if (n >= sizeof jpeg_magic && memcmp(bytes, jpeg_magic, sizeof jpeg_magic) == 0)
        return sniff_jpeg(file, limits, ret);
    if (n >= sizeof png_magic && memcmp(bytes, png_magic, sizeof png_magic) == 0)
        return sniff_png(file, limits, ret);
    if (is_webp(bytes, n))
        return sniff_webp(file, limits, ret);
    /* A piece of a signature is the start of a file that was cut very early. */
    if ((n < sizeof jpeg_magic && memcmp(bytes, jpeg_magic, n) == 0) ||
        (n < sizeof png_magic && memcmp(bytes, png_magic, n) == 0))
        return MEDIA_FAULT_TRUNCATED;
    return is_known_format(bytes, n) ? MEDIA_FAULT_FORMAT : MEDIA_FAULT_NOT_IMAGE;
}
