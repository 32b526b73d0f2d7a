/* From pixels to the two renditions that are kept of every file. */
#pragma once

#include <gd.h>

#include "base/cleanup.h"
#include "media/media.h"

CLEANUP_PTR(struct gdImageStruct, gdImageDestroy)

/*
 * Fills ret->large, ret->small and ret->facts.likeness from a truecolour picture, which it takes:
 * *pixels is NULL afterwards. ret->facts.exif.orientation (1 to 8) is undone, then the boxes
 * are filled, so that the small one and the likeness are made of what is left to see. 0, E_NOMEM,
 * E_FULL; media_result_release(ret) whatever is returned.
 */
int media_render(gdImagePtr *pixels, const struct media_limits *limits, struct media_result *ret);
