/*
 * What nobody may see of a picture is filled with one colour that is the same for every picture.
 *
 * Not softened, and not made of means of what was there either: from a blur the picture can be
 * computed back, and where few faces or plates are possible (a number plate, a text of a known
 * font) even coarse cells can be matched against all of them (S. Hill, Z. Zhou, L. Saul,
 * H. Shacham, "On the (In)effectiveness of Mosaicing and Blurring as Tools for Document Redaction",
 * PoPETs 2016). Of what is filled no bit depends on what was there.
 */
#pragma once

#include <gd.h>

#include "media/media.h"

#define COVER_COLOUR 0x5B6470 /* slate: nothing that is photographed; pages preview with it */

/*
 * Fills the boxes, which are sound (media_box_valid), of a truecolour picture. A pixel around each
 * is filled too: where the picture was shrunk before, the filter's foot (media/resample.h) reached
 * that far.
 */
void image_cover(gdImagePtr image, const struct media_box *boxes, size_t n);
