/* What tus 1.0 says in header fields, read and written. */
#pragma once

#include "gateway/route.h"
#include "media/upload.h"

/* Every request but OPTIONS says which version it speaks; answers 412 to one that does not. */
bool tus_version(const struct request *req, struct reply *reply);

/* A header of digits; -1 if it is missing or not a number. */
int64_t tus_number(const struct request *req, const char *name);
void tus_number_reply(const struct request *req, struct reply *reply, const char *name, int64_t n);

/*
 * Upload-Length, or Upload-Defer-Length: 1. False, answered: neither or both, 0, or more than
 * `max`.
 */
bool tus_length(const struct request *req, struct reply *reply, int64_t max, int64_t *ret);
/* Upload-Metadata as it was sent; NULL: it was not. False, answered: it is malformed or too long.
 */
bool tus_metadata(const struct request *req, struct reply *reply, const char **ret);
/* The value of a key of such metadata, in the request's arena; NULL: none that is text. */
const char *tus_metadata_value(const struct request *req, const char *metadata, const char *key);

/* Holds the body against Upload-Checksum, if there is one: 400 for an algorithm that we do not
 * know, 460 for another sum. False, answered. */
#define TUS_CHECKSUMS "sha1,sha256"
bool tus_checksum(const struct request *req, struct reply *reply);

/* Upload-Concat: whether it is one of parts, or joins those whose ids are given. */
struct tus_concat {
    bool part, final;
    struct id parts[UPLOAD_PARTS_MAX];
    size_t n;
};
/* False, answered: it is neither, or names what is no upload here. */
bool tus_concat(const struct request *req, struct reply *reply, struct tus_concat *ret);

/* Upload-Offset, -Length or -Defer-Length, -Expires, -Concat of what is stored. */
void tus_state(const struct request *req, struct reply *reply, const struct upload *u,
               int64_t offset);
