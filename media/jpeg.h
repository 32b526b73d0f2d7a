/*
 * JPEG to a truecolour gdImage and back, by libjpeg-turbo: libgd itself decodes whole pictures
 * only, and a twelve-megapixel photo is wanted at a tenth of that.
 */
#pragma once

#include <gd.h>

#include "media/media.h"
#include "media/sniff.h"

/*
 * Decodes at the smallest scale of 1/8 … 8/8 that still has `side_min` pixels on the longest side
 * (never enlarged), so the memory is bounded by that side and, for progressive files, by their
 * coefficients. The file must be what `sniffed` says. Grey and CMYK become RGB. NONE and *ret
 * (gdImageDestroy), or why not. Damage that libjpeg would paper over is DAMAGED or TRUNCATED.
 */
enum media_fault jpeg_read(const uint8_t *bytes, const struct sniff *sniffed, uint32_t side_min,
                           gdImagePtr *ret);

/* Baseline, 4:2:0, no metadata but the JFIF header. 0, E_NOMEM; E_FULL past
 * MEDIA_RENDITION_BYTES_MAX. */
int jpeg_write(gdImagePtr image, uint32_t quality, struct media_rendition *ret);
