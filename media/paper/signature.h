/*
 * Signatures of a PDF (ISO 32000-2 §12.8; PAdES, ETSI EN 319 142-1): where they are, and what they
 * are worth. Pure on bytes: no file, no network, the time is given.
 *
 * They are looked for in the bytes, not in the objects, as in the bytes they must hold: /ByteRange
 * [0 a b c] covers everything but the one hex string between a and b, and that string is a CMS
 * (RFC 5652) of one signer over the rest. What the document itself takes for its signatures is
 * counted by inspect.h; a caller who finds another number there calls it HIDDEN.
 */
#pragma once

#include "media/media.h"
#include "media/paper/trust.h"

/* One place that claims to sign. */
struct pdf_signed {
    size_t first_n;             /* the first range: from 0 on */
    size_t second_at, second_n; /* the second one; between them lies <hex> */
    bool sound;                 /* the ranges are as they must be; else all else is 0 */
};

/* All /ByteRange in the file in the order of their ends, the last `max` of them. Returns how many
 * there are, `max` or fewer of them in *ret. Linear in n. */
size_t pdf_signatures_locate(const uint8_t *bytes, size_t n, struct pdf_signed *ret, size_t max);

/* The DER of its CMS: 0 and *ret (free), or E_INVALID: no hex, no DER, or more behind it than
 * zeros; E_NOMEM. */
int pdf_signature_cms(const uint8_t *bytes, const struct pdf_signed *at, uint8_t **ret,
                      size_t *ret_n);

/*
 * Judges all of them: ret->verdict, n_signatures, signatures. The worst is the verdict; when no
 * signature covers the file to its end, that is APPENDED; a file of document time-stamps alone has
 * signatures and nobody's will, and is told so by `timestamp`. Certificates hold at the time of a
 * trusted time-stamp, else at that the signer claims (not later than now), else now. 0 or E_NOMEM.
 */
int pdf_signature_check(const uint8_t *bytes, size_t n, const struct trust *trust, int64_t now_ms,
                        struct media_facts *ret);
