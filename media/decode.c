#include "media/decode.h"

#include <gd.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "media/exif.h"
#include "media/jpeg.h"
#include "media/png_read.h"
#include "media/resample.h"
#include "media/sniff.h"

CLEANUP_PTR(struct gdImageStruct, gdImageDestroy)

/* A new picture, also where there is nothing to shrink. */
static gdImagePtr shrink_to(gdImagePtr source, uint32_t side)
{
    int width, height;

    image_fit(gdImageSX(source), gdImageSY(source), side, &width, &height);
    return width == gdImageSX(source) && height == gdImageSY(source)
               ? image_upright(source, 1)
               : image_shrink(source, width, height);
}

/* The picture at the larger rendition's size, upright. Takes `*pixels`, so that the largest
 * pictures are gone as early as can be. */
static gdImagePtr make_large(gdImagePtr *pixels, unsigned orientation, uint32_t side)
{
    CLEANUP(gdImageDestroyp) gdImagePtr source = STEAL(*pixels);
    CLEANUP(gdImageDestroyp) gdImagePtr large = shrink_to(source, side);

    if (!large || orientation == 1)
        return STEAL(large);
    return image_upright(large, orientation);
}

static int render(gdImagePtr *pixels, const struct media_limits *limits, struct media_result *ret)
{
    CLEANUP(gdImageDestroyp)
    gdImagePtr large = make_large(pixels, ret->facts.exif.orientation, limits->large_side);
    CLEANUP(gdImageDestroyp)
    gdImagePtr small = large ? shrink_to(large, limits->small_side) : NULL;

    if (!small)
        return E_NOMEM;
    int rc = image_likeness(small, &ret->facts.likeness);
    if (rc == 0)
        rc = jpeg_write(large, limits->quality, &ret->large);
    if (rc == 0)
        rc = jpeg_write(small, limits->quality, &ret->small);
    return rc;
}

static void tell_facts(const uint8_t *bytes, const struct sniff *s, struct media_facts *facts)
{
    exif_read(bytes + s->exif_at, s->exif_n, &facts->exif);
    bool sideways = facts->exif.orientation >= 5;
    facts->sound_bytes = s->sound_n;
    facts->width = sideways ? s->height : s->width;
    facts->height = sideways ? s->width : s->height;
    facts->type = (uint8_t)s->type;
    facts->animated = s->animated;
    facts->cmyk = s->cmyk;
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
        ret->fault = sniffed.type == MEDIA_TYPE_JPEG
                         ? jpeg_read(bytes, &sniffed, limits->large_side, &pixels)
                         : png_read(bytes, &sniffed, &pixels);
    if (ret->fault != MEDIA_FAULT_NONE)
        return MEDIA_REFUSED;
    tell_facts(bytes, &sniffed, &ret->facts);
    int rc = render(&pixels, limits, ret);
    if (rc != 0)
        media_result_release(ret);
    return rc;
}
