/*
 * What a PDF is made of (ISO 32000-2), before a page of it is drawn: everything that a reader could
 * reach from its trailer is walked, and what could act, hide or explode refuses it. By qpdf.
 */
#pragma once

#include <stdint.h>

#include "media/media.h"

struct inspection {
    uint32_t pages;
    uint32_t width, height; /* of the first page, points, before its rotation */
    uint32_t signatures;    /* signature dictionaries that the document reaches */
};

/*
 * NONE and *ret, or why not. Names are read as the standard writes them, escapes (#4A) undone.
 *   MIXED, TRUNCATED     %PDF- is the first of the file and %%EOF the last; nor is it a ZIP archive
 *   LOCKED               encrypted, be it with an empty password
 *   SCRIPT               JavaScript, wherever it hangs
 *   ACTION               launches a program, submits or imports data, goes into an embedded file
 *   FILES_INSIDE         embedded files, file attachments, rich media, streams kept in other files
 *   XFA                  a form that is a program of its own
 *   TOO_MANY_PAGES, NO_PAGES, PAGE_SIZE
 *   TOO_COMPLEX          too many objects, or packed streams that unpack to more than unfold_max
 *   DAMAGED              cross-reference, objects or page tree are broken or go round in circles
 * Memory is a few times that of the file and of its object streams; RLIMIT_AS is the bound.
 */
enum media_fault paper_inspect(const uint8_t *bytes, size_t n, const struct media_limits *limits,
                               struct inspection *ret);
