/*
 * PDFs of anybody, walked but not drawn, and what follows from being found sound: it begins and
 * ends as one, has a page at least and no more than may be, of a size that is none too large.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "media/paper/inspect.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(int holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct media_limits limits = MEDIA_LIMITS_DEFAULT;
    struct inspection found;

    limits.unfold_max = 1 << 20;
    limits.pages_max = 20;
    enum media_fault fault = paper_inspect(bytes, n, &limits, &found);
    check(fault < MEDIA_FAULT_COUNT);
    if (fault != MEDIA_FAULT_NONE)
        return 0;
    check(memcmp(bytes, "%PDF-", 5) == 0 && memmem(bytes, n, "%%EOF", 5));
    check(found.pages > 0 && found.pages <= limits.pages_max);
    check(found.width > 0 && found.width <= limits.points_max && found.height > 0 &&
          found.height <= limits.points_max);
    return 0;
}
