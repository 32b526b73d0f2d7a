/*
 * Blobs are sealed in frames, so that a range is opened without the rest (XChaCha20-Poly1305 in the
 * STREAM construction, Hoang et al. 2015):
 *
 *     head 20      01 | prefix 19 (random)
 *     frame i      ciphertext (65,536; the last 0 to 65,536) | tag 16
 *
 * Nonce of frame i: prefix | i as 4 bytes big-endian | 01 if it is the last, else 00. So frames can
 * neither be swapped, nor left out at the end, nor be moved to another blob. Associated data: head,
 * `whose` (16), `what`. A blob has at least one frame; only a blob of 0 bytes has an empty one.
 *
 * Under one head an index is sealed at most once: a writer that is taken up again seals from what
 * is stored onwards and never seals a stored frame anew; who wants to write another blob makes
 * another head. A struct frames is immutable after begin or resume, so threads may share it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto/seal.h"

#define FRAMES_PLAIN 65536
#define FRAMES_SEALED (FRAMES_PLAIN + 16)
#define FRAMES_HEAD 20
#define FRAMES_BYTES_MAX (INT64_C(1) << 40) /* plain bytes of a blob */

struct frames {
    uint8_t key[SEAL_KEY];
    uint8_t associated[FRAMES_HEAD + 16 + SEAL_WHAT_MAX]; /* begins with the head */
    size_t associated_n;
};

/* A new blob; its head, to be stored first, goes to `out`. E_INVALID if `about` is out of bounds.
 */
int frames_begin(struct frames *f, const uint8_t key[SEAL_KEY], const struct seal_about *about,
                 uint8_t out[FRAMES_HEAD]);
/* A stored blob by its head. SEAL_FORGED if it is of an unknown form. */
int frames_resume(struct frames *f, const uint8_t key[SEAL_KEY], const struct seal_about *about,
                  const uint8_t head[FRAMES_HEAD]);
void frames_release(struct frames *f); /* wipes the key */

/* n plain bytes (FRAMES_PLAIN, or fewer if last) into out[n + 16]. E_INVALID otherwise. */
int frames_seal(const struct frames *f, uint32_t index, bool last, const void *plain, size_t n,
                uint8_t *out);
/* sealed_n bytes into out[sealed_n - 16]. 0 or SEAL_FORGED, also if `last` is not what it was. */
int frames_open(const struct frames *f, uint32_t index, bool last, const void *sealed,
                size_t sealed_n, uint8_t *out);

/* --- sizes and ranges ------------------------------------------------------------------------- */

/* plain_n is 0 to FRAMES_BYTES_MAX. */
int64_t frames_sealed_size(int64_t plain_n);
/* False if no blob has that size. */
bool frames_plain_size(int64_t sealed_n, int64_t *ret_plain_n);

/* Where the frames of a range of plain bytes lie. */
struct frames_span {
    uint32_t first, n;           /* frames */
    bool ends;                   /* the span's last frame is the blob's */
    int64_t sealed_at, sealed_n; /* in the stored blob */
    size_t skip;                 /* plain bytes before the range, in the first frame */
};
/* The range at..at+n of a blob of plain_n bytes, cut to it; false if `at` is outside or n is 0. */
bool frames_span(int64_t plain_n, int64_t at, int64_t n, struct frames_span *ret);
/* Opens the sealed_n bytes of a span into out[span->n * FRAMES_PLAIN]; *ret_n as many as there are.
 * The range begins at out + skip. 0 or SEAL_FORGED. */
int frames_open_span(const struct frames *f, const struct frames_span *span, const void *sealed,
                     uint8_t *out, size_t *ret_n);
