#include <stdlib.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "media/resample.h"

/*
 * Exif 2.32, tag 0x0112, names where row 0 and column 0 of what is stored lie in what was seen.
 * As three steps from seen to stored: swap the axes, then count x, y from the other end.
 */
static const struct {
    unsigned char swap, from_right, from_bottom;
} orientations[9] = {
    [2] = {0, 1, 0}, /* row 0 top,    column 0 right */
    [3] = {0, 1, 1}, /* row 0 bottom, column 0 right */
    [4] = {0, 0, 1}, /* row 0 bottom, column 0 left */
    [5] = {1, 0, 0}, /* row 0 left,   column 0 top */
    [6] = {1, 0, 1}, /* row 0 right,  column 0 top */
    [7] = {1, 1, 1}, /* row 0 right,  column 0 bottom */
    [8] = {1, 1, 0}, /* row 0 left,   column 0 bottom */
};

gdImagePtr image_upright(gdImagePtr source, unsigned orientation)
{
    unsigned o = orientation <= 8 ? orientation : 0;
    int stored_w = gdImageSX(source), stored_h = gdImageSY(source);
    int width = orientations[o].swap ? stored_h : stored_w;
    int height = orientations[o].swap ? stored_w : stored_h;
    gdImagePtr target = gdImageCreateTrueColor(width, height);

    for (int y = 0; target && y < height; y++) {
        int *row = target->tpixels[y];
        for (int x = 0; x < width; x++) {
            int sx = orientations[o].swap ? y : x, sy = orientations[o].swap ? x : y;
            sx = orientations[o].from_right ? stored_w - 1 - sx : sx;
            sy = orientations[o].from_bottom ? stored_h - 1 - sy : sy;
            row[x] = source->tpixels[sy][sx];
        }
    }
    return target;
}

/* BT.601 luma in thousandths. */
static int brightness(int colour)
{
    return 299 * gdTrueColorGetRed(colour) + 587 * gdTrueColorGetGreen(colour) +
           114 * gdTrueColorGetBlue(colour);
}

int image_likeness(gdImagePtr image, uint64_t *ret)
{
    *ret = 0;
    if (gdImageSX(image) < 9 || gdImageSY(image) < 8)
        return 0;
    gdImagePtr tiny = image_shrink(image, 9, 8);
    if (!tiny)
        return E_NOMEM;
    for (int y = 0; y < 8; y++) {
        for (int x = 0; x < 8; x++) {
            bool brighter = brightness(tiny->tpixels[y][x + 1]) > brightness(tiny->tpixels[y][x]);
            *ret = *ret << 1 | brighter;
        }
    }
    gdImageDestroy(tiny);
    return 0;
}
