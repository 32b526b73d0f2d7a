/* What Exif tells of a picture, by libexif. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "media/media.h"

/*
 * `tiff` is the TIFF structure (Exif 2.32), as in a JPEG behind "Exif\0\0" and in a PNG's eXIf.
 * n may be 0. Never fails: what is missing or nonsense is absent in *ret.
 */
void exif_read(const uint8_t *tiff, size_t n, struct media_exif *ret);
