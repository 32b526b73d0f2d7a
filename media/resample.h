/* Truecolour pictures made smaller and turned upright. */
#pragma once

#include <gd.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Shrinks to width × height (each at least 1 and at most the source's) with a triangle filter as
 * wide as the scale, which neither aliases nor rings. Ignores alpha. Needs two rows besides the
 * result. NULL when out of memory.
 */
gdImagePtr image_shrink(gdImagePtr source, int width, int height);

/* The size with `side` on the longest side and the proportions kept; never larger than the source.
 */
void image_fit(int width, int height, uint32_t side, int *ret_width, int *ret_height);

/* Undoes an Exif orientation of 2 to 8, in a new picture. NULL when out of memory. */
gdImagePtr image_upright(gdImagePtr source, unsigned orientation);

/* dHash: bit 8 * row + column, from the highest, is set where the picture, shrunk to 9 × 8, gets
 * brighter to the right. A picture less than 9 wide or 8 high gives 0. 0 or E_NOMEM. */
int image_likeness(gdImagePtr image, uint64_t *ret);
