/*
 * The header check on bytes of anybody, and what follows from its promises: the picture ends within
 * the file, the Exif lies within the picture, the size within the limits; the rest behind the end
 * changes nothing. A small picture is then decoded in process.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "media/decode.h"
#include "media/sniff.h"

#define DECODED_PIXELS_MAX 40000

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(int holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct media_limits limits = MEDIA_LIMITS_DEFAULT;
    struct media_result result;
    struct sniff s, again;

    if (sniff(bytes, n, &limits, &s) != MEDIA_FAULT_NONE)
        return 0;
    check(s.sound_n > 0 && s.sound_n <= n);
    check(s.exif_n <= s.sound_n && s.exif_at <= s.sound_n - s.exif_n);
    check(s.width > 0 && s.width <= limits.side_max && s.height > 0 &&
          s.height <= limits.side_max && (uint64_t)s.width * s.height <= limits.pixels_max);
    check(sniff(bytes, s.sound_n, &limits, &again) == MEDIA_FAULT_NONE);
    check(s.width == again.width && s.height == again.height && s.sound_n == again.sound_n);

    limits.pixels_max = DECODED_PIXELS_MAX;
    int rc = media_decode_image(bytes, n, &limits, &result);
    check(rc == 0 || rc == MEDIA_REFUSED);
    media_result_release(&result);
    return 0;
}
