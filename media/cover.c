#include "media/cover.h"

/* The first pixel that a box from `at` covers, of `side`; and the one behind the last. */
static int first_of(unsigned at, int side)
{
    int first = (int)((int64_t)at * side / MEDIA_BOX_WHOLE) - 1;
    return first > 0 ? first : 0;
}

static int end_of(unsigned end, int side)
{
    int last = (int)(((int64_t)end * side + MEDIA_BOX_WHOLE - 1) / MEDIA_BOX_WHOLE) + 1;
    return last < side ? last : side;
}

void image_cover(gdImagePtr image, const struct media_box *boxes, size_t n)
{
    int width = gdImageSX(image), height = gdImageSY(image);

    for (size_t i = 0; i < n; i++) {
        const struct media_box *b = &boxes[i];
        int left = first_of(b->x, width), right = end_of((unsigned)b->x + b->width, width);
        int top = first_of(b->y, height), bottom = end_of((unsigned)b->y + b->height, height);
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++)
                image->tpixels[y][x] = COVER_COLOUR;
        }
    }
}
