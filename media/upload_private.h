/* Shared by the files upload*.c. */
#pragma once

#include "base/crypto/seal.h"
#include "media/upload.h"

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
/* Decodes what has arrived whole, stores what comes of it, and writes the document. */
int upload_finish(const struct upload_service *s, struct upload *u, struct arena *a);
