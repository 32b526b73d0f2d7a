#include "media/webp_read.h"

#include <webp/decode.h>
#include <webp/demux.h>

#include "base/cleanup.h"
#include "media/resample.h"

#define BYTES_A_PIXEL 4

CLEANUP_PTR(WebPAnimDecoder, WebPAnimDecoderDelete)

static int over_white(int channel, int alpha)
{
    return (channel * alpha + 255 * (255 - alpha) + 127) / 255;
}

static void flatten(const uint8_t *bgra, int *row, int width)
{
    for (int x = 0; x < width; x++, bgra += BYTES_A_PIXEL)
        row[x] = gdTrueColor(over_white(bgra[2], bgra[3]), over_white(bgra[1], bgra[3]),
                             over_white(bgra[0], bgra[3]));
}

static gdImagePtr to_image(const uint8_t *bgra, int stride, int width, int height)
{
    gdImagePtr image = gdImageCreateTrueColor(width, height);
    for (int y = 0; image && y < height; y++)
        flatten(bgra + (ptrdiff_t)y * stride, image->tpixels[y], width);
    return image;
}

static enum media_fault fault_of(VP8StatusCode code)
{
    switch (code) {
    case VP8_STATUS_OK:
        return MEDIA_FAULT_NONE;
    case VP8_STATUS_OUT_OF_MEMORY:
        return MEDIA_FAULT_TOO_COMPLEX;
    case VP8_STATUS_NOT_ENOUGH_DATA:
        return MEDIA_FAULT_TRUNCATED;
    default:
        return MEDIA_FAULT_DAMAGED;
    }
}

static void choose_scale(const struct sniff *s, uint32_t side_min, WebPDecoderOptions *o)
{
    int width, height;
    image_fit((int)s->width, (int)s->height, 2 * side_min, &width, &height);
    o->use_scaling = width != (int)s->width || height != (int)s->height;
    o->scaled_width = width;
    o->scaled_height = height;
}

static enum media_fault read_still(const uint8_t *bytes, const struct sniff *s, uint32_t side_min,
                                   gdImagePtr *ret)
{
    WebPDecoderConfig c;
    if (!WebPInitDecoderConfig(&c))
        return MEDIA_FAULT_DAMAGED;
    enum media_fault fault = fault_of(WebPGetFeatures(bytes, s->sound_n, &c.input));
    if (fault != MEDIA_FAULT_NONE)
        return fault;
    if ((uint32_t)c.input.width != s->width || (uint32_t)c.input.height != s->height ||
        c.input.has_animation)
        return MEDIA_FAULT_DAMAGED;
    choose_scale(s, side_min, &c.options);
    c.output.colorspace = MODE_BGRA;
    fault = fault_of(WebPDecode(bytes, s->sound_n, &c));
    if (fault == MEDIA_FAULT_NONE) {
        *ret =
            to_image(c.output.u.RGBA.rgba, c.output.u.RGBA.stride, c.output.width, c.output.height);
        fault = *ret ? MEDIA_FAULT_NONE : MEDIA_FAULT_TOO_COMPLEX;
    }
    WebPFreeDecBuffer(&c.output);
    return fault;
}

static enum media_fault read_first_frame(const uint8_t *bytes, const struct sniff *s,
                                         gdImagePtr *ret)
{
    const WebPData data = {bytes, s->sound_n};
    WebPAnimDecoderOptions options;
    WebPAnimInfo info;
    uint8_t *canvas = NULL;
    int stamp = 0;
    if (!WebPAnimDecoderOptionsInit(&options))
        return MEDIA_FAULT_DAMAGED;
    options.color_mode = MODE_BGRA;
    CLEANUP(WebPAnimDecoderDeletep)
    WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, &options);
    if (!decoder || !WebPAnimDecoderGetInfo(decoder, &info) || info.canvas_width != s->width ||
        info.canvas_height != s->height || !WebPAnimDecoderGetNext(decoder, &canvas, &stamp))
        return MEDIA_FAULT_DAMAGED; /* it does not tell why */
    *ret = to_image(canvas, (int)s->width * BYTES_A_PIXEL, (int)s->width, (int)s->height);
    return *ret ? MEDIA_FAULT_NONE : MEDIA_FAULT_TOO_COMPLEX;
}

enum media_fault webp_read(const uint8_t *bytes, const struct sniff *sniffed, uint32_t side_min,
                           gdImagePtr *ret)
{
    return sniffed->animated ? read_first_frame(bytes, sniffed, ret)
                             : read_still(bytes, sniffed, side_min, ret);
}
