/* PNG to a truecolour gdImage, by libgd (libpng): the whole picture at once, 4 bytes a pixel and
 * as much again as the file's own rows need. */
#pragma once

#include <gd.h>

#include "media/sniff.h"

/*
 * Opaque, on white. Grey, palette and 16 bits become 8-bit RGB; of an animation, the first frame.
 * NONE and *ret (gdImageDestroy), or DAMAGED (libgd does not tell why), or TOO_COMPLEX.
 */
enum media_fault png_read(const uint8_t *bytes, const struct sniff *sniffed, gdImagePtr *ret);
