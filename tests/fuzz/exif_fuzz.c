/* What a camera wrote, or anybody else: nothing is believed that cannot be. */
#include <math.h>

#include "media/exif.h"
#include "tests/fuzz/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct media_exif exif;
    exif_read(bytes, n, &exif);
    check(exif.orientation >= 1 && exif.orientation <= 8);
    if (exif.has_place)
        check(isfinite(exif.lat) && isfinite(exif.lon) && fabs(exif.lat) <= 90 &&
              fabs(exif.lon) <= 180);
    return 0;
}
