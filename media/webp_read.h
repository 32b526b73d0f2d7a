/* WebP to a truecolour gdImage, by libwebp: libgd's own reader scales nothing and knows no
 * animation. */
#pragma once

#include <gd.h>

#include "media/sniff.h"

/*
 * Opaque, on white; of an animation, the first frame. What is larger than twice `side_min` is
 * decoded at that size, so only lossless and animated files take memory for all their pixels. NONE
 * and *ret (gdImageDestroy), or DAMAGED, TRUNCATED, TOO_COMPLEX.
 */
enum media_fault webp_read(const uint8_t *bytes, const struct sniff *sniffed, uint32_t side_min,
                           gdImagePtr *ret);
