#include "media/render.h"

#include "base/result.h"
#include "media/cover.h"
#include "media/jpeg.h"
#include "media/resample.h"

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

int media_render(gdImagePtr *pixels, const struct media_limits *limits, struct media_result *ret)
{
    CLEANUP(gdImageDestroyp)
    gdImagePtr large = make_large(pixels, ret->facts.exif.orientation, limits->large_side);
    if (!large)
        return E_NOMEM;
    image_cover(large, limits->boxes, limits->n_boxes);
    CLEANUP(gdImageDestroyp) gdImagePtr small = shrink_to(large, limits->small_side);
    if (!small)
        return E_NOMEM;
    int rc = image_likeness(small, &ret->facts.likeness);
    if (rc == 0)
        rc = jpeg_write(large, limits->quality, &ret->large);
    if (rc == 0)
        rc = jpeg_write(small, limits->quality, &ret->small);
    return rc;
}
