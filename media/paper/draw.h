/* The first page of a PDF, by Poppler and Cairo. */
#pragma once

#include <gd.h>
#include <stdbool.h>

#include "media/media.h"

/*
 * Draws the first page on white, its longest side `side` pixels, as it is to be read (rotation
 * undone). NONE and *ret (gdImageDestroy), *ret_partial: there is text in fonts that the file does
 * not bring, which was left out; DAMAGED if Poppler does not take the file or counts
 * other than `pages` pages, PAGE_SIZE, TOO_COMPLEX. Poppler ends the process when memory runs out.
 */
enum media_fault paper_draw(const uint8_t *bytes, size_t n, uint32_t pages, uint32_t side,
                            gdImagePtr *ret, bool *ret_partial);
