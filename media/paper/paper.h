/*
 * A PDF found sound or refused, its first page drawn, its signatures judged: in this process,
 * without any sandbox. The whole work of tram-papers; as media/decode.h is that of tram-decoder,
 * and for the same reason called by tests and fuzzers, never by tramd.
 *
 * Poppler, which draws, is GPL-2 or GPL-3, and GPL-3 takes in Apache-2.0 code: so tram-papers as a
 * whole goes by GPL-3, and is a program of its own. Nothing else of Trạm links this folder.
 */
#pragma once

#include "media/media.h"
#include "media/paper/trust.h"

/* Loads what the libraries would want to read from files once the sandbox is closed. */
void paper_prepare(void);

/*
 * As media_decode_image: 0 and *ret, MEDIA_REFUSED with ret->fault, E_INVALID, E_NOMEM, E_FULL. The
 * width and height told are points; the renditions are of the first page. Text in fonts that the
 * file does not carry is not drawn: there are no fonts in the sandbox. now_ms is UTC.
 */
int paper_decode(const uint8_t *bytes, size_t n, const struct media_limits *limits,
                 const struct trust *trust, int64_t now_ms, struct media_result *ret);
