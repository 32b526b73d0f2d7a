/*
 * A sheet of paper made from its content: forms 01 to 05 of one-stop handling (TT 01/2018/TT-VPCP,
 * A5) and slips that go with results. The content is JSON, and holds every word that is printed but
 * the numbers of further pages; domain/form/form.h describes it. The whole work of tram-forms, in
 * this process and without any sandbox: called by tests, never by tramd.
 *
 * Pango and fontconfig start threads and open files the first time that they meet a font. So
 * form_prepare draws a specimen of everything, and the process forks before it closes its sandbox:
 * the child has one thread and every font open.
 */
#pragma once

#include "media/media.h"

#define FORM_BYTES_MAX (512 * 1024) /* of the content */
#define FORM_PAGES_MAX 40

/* Opens Noto Serif (regular, bold, italic) in `folder`, and draws the specimen. 0; E_IO if a font
 * is not there, E_NOMEM. */
int form_prepare(const char *folder);

/*
 * As media_decode_image: 0, and ret->large is the PDF; MEDIA_REFUSED with ret->fault: DAMAGED if it
 * is no content of a sheet, TOO_MANY_PAGES; E_NOMEM, E_FULL. Letters that the fonts do not have
 * (they have Latin, Greek and Cyrillic ones) become U+FFFD.
 */
int form_make(const uint8_t *bytes, size_t n, const struct media_limits *limits,
              struct media_result *ret);
