#include "media/media.h"

#include <stdlib.h>
#include <string.h>

/* Sizes are int in libgd and libjpeg; these leave every product of them far inside. */
#define BYTES_CEILING (UINT64_C(256) << 20)
#define PIXELS_CEILING UINT64_C(200000000)
#define SIDE_CEILING 32000
#define RENDITION_SIDE_CEILING 4096
#define PAGES_CEILING 10000
#define POINTS_CEILING 14400
#define UNFOLD_CEILING (UINT64_C(4) << 30)

bool media_box_valid(const struct media_box *b)
{
    return b->width > 0 && b->height > 0 && b->x + b->width <= MEDIA_BOX_WHOLE &&
           b->y + b->height <= MEDIA_BOX_WHOLE;
}

static bool boxes_are_valid(const struct media_limits *l)
{
    if (l->n_boxes > MEDIA_BOXES_MAX)
        return false;
    for (size_t i = 0; i < l->n_boxes; i++) {
        if (!media_box_valid(&l->boxes[i]))
            return false;
    }
    return true;
}

bool media_limits_valid(const struct media_limits *l)
{
    return boxes_are_valid(l) && l->bytes_max > 0 && l->bytes_max <= BYTES_CEILING &&
           l->pixels_max > 0 && l->pixels_max <= PIXELS_CEILING && l->side_max > 0 &&
           l->side_max <= SIDE_CEILING && l->small_side > 0 && l->small_side <= l->large_side &&
           l->large_side <= RENDITION_SIDE_CEILING && l->quality >= 1 && l->quality <= 100 &&
           l->pages_max > 0 && l->pages_max <= PAGES_CEILING && l->points_max > 0 &&
           l->points_max <= POINTS_CEILING && l->unfold_max > 0 && l->unfold_max <= UNFOLD_CEILING;
}

void media_result_release(struct media_result *result)
{
    free(result->large.bytes);
    free(result->small.bytes);
    memset(result, 0, sizeof *result);
}
