#include "media/decode.h"

#include <gd.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "media/exif.h"
#include "media/jpeg.h"
#include "media/png_read.h"
#include "media/render.h"
#include "media/sniff.h"
#include "media/webp_read.h"

static void tell_facts(const uint8_t *bytes, const struct sniff *s, struct media_facts *facts)
{
    exif_read(bytes + s->exif_at, s->exif_n, &facts->exif);
    bool sideways = facts->exif.orientation >= 5;
    facts->sound_bytes = s->sound_n;
    facts->pages = 1;
    facts->width = sideways ? s->height : s->width;
    facts->height = sideways ? s->width : s->height;
    facts->type = (uint8_t)s->type;
    facts->animated = s->animated;
    facts->cmyk = s->cmyk;
}

static enum media_fault read_pixels(const uint8_t *bytes, const struct sniff *s, uint32_t side_min,
                                    gdImagePtr *ret)
{
    switch (s->type) {
    case MEDIA_TYPE_JPEG:
        return jpeg_read(bytes, s, side_min, ret);
    case MEDIA_TYPE_WEBP:
        return webp_read(bytes, s, side_min, ret);
    default:
        return png_read(bytes, s, ret);
    }
}

int media_decode_image(const uint8_t *bytes, size_t n, const struct media_limits *limits,
                       struct media_result *ret)
{
    CLEANUP(gdImageDestroyp) gdImagePtr pixels = NULL;
    struct sniff sniffed;

    memset(ret, 0, sizeof *ret);
    if (!media_limits_valid(limits))
        return E_INVALID;
    ret->fault = sniff(bytes, n, limits, &sniffed);
    if (ret->fault == MEDIA_FAULT_NONE)
        ret->fault = read_pixels(bytes, &sniffed, limits->large_side, &pixels);
    if (ret->fault != MEDIA_FAULT_NONE)
        return MEDIA_REFUSED;
    tell_facts(bytes, &sniffed, &ret->facts);
    int rc = media_render(&pixels, limits, ret);
    if (rc != 0)
        media_result_release(ret);
    return rc;
}
