/*
 * A picture, as tramd and its decoders speak of it: what is asked for, what was found, what was
 * made. limits and facts are plain bytes of fixed size and cross the process border as they are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/fault.h"

/* Outcomes of decoding, in process or through the pool. */
enum media_outcome {
    MEDIA_REFUSED = 1, /* the file is no picture that we take; result.fault says why */
    MEDIA_CRASHED = 2, /* two decoders died of it; to be treated as refused, fault is CRASHED */
};

/* From the configuration. Also the bounds of what is believed of a header. */
struct media_limits {
    uint64_t bytes_max;  /* of the file, what trails the picture included */
    uint64_t pixels_max; /* width times height */
    uint32_t side_max;   /* pixels */
    uint32_t large_side; /* longest side of the renditions; smaller pictures are not enlarged */
    uint32_t small_side;
    uint32_t quality; /* of the renditions' JPEG, 1 to 100 */
};

#define MEDIA_LIMITS_DEFAULT                                                                       \
    {                                                                                              \
        .bytes_max = 20 << 20, .pixels_max = 50000000, .side_max = 12000, .large_side = 1280,      \
        .small_side = 320, .quality = 82                                                           \
    }

enum media_type { MEDIA_TYPE_NONE, MEDIA_TYPE_JPEG, MEDIA_TYPE_PNG };

/* What the camera wrote beside the picture: private data, to be sealed under the person's key. */
struct media_exif {
    int64_t taken_ms; /* a time without offset is read as +07:00 */
    double lat, lon;  /* WGS 84 degrees, within ±90 and ±180 */
    uint8_t has_taken, has_place;
    uint8_t orientation; /* 1 to 8 (Exif 2.32, tag 0x0112); 1 if there is none or it is nonsense */
    uint8_t padding[5];
};

struct media_facts {
    /*
     * Bytes of the picture proper, from the start of the file. Phones append films, depth maps and
     * second pictures behind it, attackers archives and scripts: whoever stores the original
     * stores these bytes and drops the rest.
     */
    uint64_t sound_bytes;
    /* 64 signs of the brightness gradient of the upright picture (dHash, 9 × 8): two photos of one
     * scene differ in few bits. */
    uint64_t likeness;
    uint32_t width, height; /* upright, of the original */
    uint8_t type;           /* enum media_type */
    uint8_t animated;       /* an APNG; its first frame is what is shown */
    uint8_t cmyk;
    uint8_t padding[5];
    struct media_exif exif;
};

/* A JPEG of the upright picture, without metadata; colour profiles are dropped, not applied. */
struct media_rendition {
    uint8_t *bytes; /* owned; NULL if there is none */
    size_t n;
    uint32_t width, height;
};

#define MEDIA_RENDITION_BYTES_MAX (8 << 20)

struct media_result {
    enum media_fault fault;
    struct media_facts facts;            /* valid if decoding returned 0 */
    struct media_rendition large, small; /* likewise */
};

/* False if a limit is zero, beyond what the decoder is built for, or small_side > large_side. */
bool media_limits_valid(const struct media_limits *limits);
void media_result_release(struct media_result *result); /* leaves it empty */
