#include "media/png_read.h"

static int over_white(int channel, int alpha)
{
    return (channel * (gdAlphaMax - alpha) + 255 * alpha + gdAlphaMax / 2) / gdAlphaMax;
}

/* libgd's alpha runs from 0, opaque, to 127. */
static void flatten(gdImagePtr image)
{
    for (int y = 0; y < gdImageSY(image); y++) {
        int *row = image->tpixels[y];
        for (int x = 0; x < gdImageSX(image); x++) {
            int colour = row[x], alpha = gdTrueColorGetAlpha(colour);
            if (colour == image->transparent)
                row[x] = 0xFFFFFF; /* tRNS of a picture without alpha channel */
            else if (alpha != gdAlphaOpaque)
                row[x] = gdTrueColor(over_white(gdTrueColorGetRed(colour), alpha),
                                     over_white(gdTrueColorGetGreen(colour), alpha),
                                     over_white(gdTrueColorGetBlue(colour), alpha));
        }
    }
}

static void be_silent(int priority, const char *format, va_list args)
{
    (void)priority;
    (void)format;
    (void)args;
}

enum media_fault png_read(const uint8_t *bytes, const struct sniff *sniffed, gdImagePtr *ret)
{
    gdSetErrorMethod(be_silent);
    /* libgd reads only, and its sizes are int: media_limits_valid keeps them so. */
    gdImagePtr image = gdImageCreateFromPngPtr((int)sniffed->sound_n, (void *)(uintptr_t)bytes);
    if (!image)
        return MEDIA_FAULT_DAMAGED;
    enum media_fault fault = MEDIA_FAULT_NONE;
    if ((uint32_t)gdImageSX(image) != sniffed->width ||
        (uint32_t)gdImageSY(image) != sniffed->height)
        fault = MEDIA_FAULT_DAMAGED;
    else if (!gdImageTrueColor(image) && !gdImagePaletteToTrueColor(image))
        fault = MEDIA_FAULT_TOO_COMPLEX;
    if (fault != MEDIA_FAULT_NONE) {
        gdImageDestroy(image);
        return fault;
    }
    flatten(image);
    *ret = image;
    return MEDIA_FAULT_NONE;
}
