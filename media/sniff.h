/*
 * What a file says it is, before a pixel of it is decoded. Reads headers and walks the file's
 * structure to its end; allocates nothing, believes no length, is linear in n. Pure.
 *
 * What follows the end of the picture is neither read nor refused: motion photos (a film behind
 * the JPEG), Ultra HDR and Samsung's trailers are what ordinary phones send. `sound_n` says where
 * the picture ends; a decoder is given no more than that, and no more is kept.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/fault.h"
#include "media/media.h"

struct sniff {
    enum media_type type;
    uint32_t width, height; /* as stored, before the orientation */
    uint8_t components;     /* JPEG: 1, 3 or 4 */
    uint8_t bits;           /* a sample */
    bool progressive;       /* JPEG */
    bool cmyk;              /* JPEG of four components */
    bool animated;          /* PNG with acTL, WebP that says so */
    size_t sound_n;         /* bytes of the picture proper */
    size_t exif_at, exif_n; /* the TIFF structure of its Exif, without "Exif\0\0"; exif_n 0: none */
};

/*
 * NONE and *ret, or why not. JPEG (ITU-T T.81): Huffman, sequential or progressive, 8 bits, one
 * frame, up to its EOI. PNG (ISO/IEC 15948): IHDR first, an IDAT, up to IEND. WebP (RFC
 * 9649): chunks that fill the RIFF, pixels among them. Other pictures (HEIC, GIF, …) are FORMAT,
 * anything else NOT_IMAGE.
 */
enum media_fault sniff(const uint8_t *bytes, size_t n, const struct media_limits *limits,
                       struct sniff *ret);
