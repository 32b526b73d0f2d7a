/* Shared by the files upload*.c. */
#pragma once

#include "base/crypto/seal.h"
#include "media/upload.h"
#include "media/video.h"

#define UPLOAD_SIGNATURES_MAX 8192 /* bytes of the signatures' JSON */

int upload_key_get(const struct people *p, const struct upload *u, uint8_t ret[SEAL_KEY]);
/* A new upload with its key and an empty blob, not stored yet; then stored. */
int upload_open(const struct upload_service *s, const struct upload_new *n, int64_t now_ms,
                struct arena *a, struct upload *ret);
int upload_announce(struct store *s, struct upload *u, struct arena *a);
/* How much is there; nothing is decoded. *u is read again if another request finished it. */
int upload_arrived(const struct upload_service *s, struct upload *u, struct arena *a, int64_t *ret);
/* Seals or opens n arriving bytes in place; `offset` is theirs in the upload. */
void upload_stream(const uint8_t key[SEAL_KEY], const struct id *upload, int64_t offset,
                   uint8_t *bytes, size_t n);
/* Seals what the decoder told of the signatures of a paper into u->signatures. */
int upload_seal_signatures(struct upload *u, const uint8_t key[SEAL_KEY],
                           const struct media_facts *facts, struct arena *a);
/* A blob of bytes that are there already, finished. */
int upload_store_bytes(struct store *s, const void *bytes, size_t n, struct id *ret_blob);
/* Removes blobs, those that are nil aside; what cannot be removed is swept (store/orphans.h). */
void upload_drop_blobs(struct store *s, const struct id *const *blobs, size_t n);
/* What the camera wrote, into u->exif; nothing, if it wrote neither place nor time. */
int upload_seal_exif(struct upload *u, const uint8_t key[SEAL_KEY], const struct media_exif *exif,
                     struct arena *a);
/* A film that has arrived whole waits to be checked from now on; *u is read again. 0, E_BUSY: as
 * many of its sender wait as may, or of all if it did not say that it is a video; it stays as it
 * is, and is asked for again. */
int upload_queue(const struct upload_service *s, struct upload *u, struct arena *a);

/* Films that wait: media/upload_check.c. */
struct upload_check {
    const struct upload_service *service;
    const struct video_options *video;
    struct id runner;         /* who takes leases */
    void (*begun)(void *ctx); /* there is one, and its check begins */
    bool (*go_on)(void *ctx); /* false: we are to stop */
    void *ctx;
};
enum upload_check_end {
    UPLOAD_CHECK_NONE = 0, /* nothing waits */
    UPLOAD_CHECK_SOUND,
    UPLOAD_CHECK_REFUSED,
    UPLOAD_CHECK_BACK, /* it waits again, or was given up or taken by another meanwhile */
};
/* Checks the first that waits; *ret: what came of it. 0, E_* (and BACK): it is tried again. */
int upload_check_next(const struct upload_check *c, struct arena *a, enum upload_check_end *ret);
/* How many wait or are being checked, at most `max`. */
int upload_checks_waiting(struct store *s, size_t max, size_t *ret);
/* Whether as many wait or are being checked as may, of all (0: any number) or of this sender. */
int upload_checks_full(struct store *s, const struct id *owner, size_t max, bool *ret);

/* Decodes what has arrived whole, stores what comes of it, and writes the document. */
int upload_finish(const struct upload_service *s, struct upload *u, struct arena *a);
