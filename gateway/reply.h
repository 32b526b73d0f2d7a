/*
 * What a handler answers. A handler fills the reply once and returns 0; a negative failure that it
 * forwards becomes a problem (E_BUSY and E_UNAVAILABLE: 503 with Retry-After, E_UNKNOWN: 503
 * outcome-unknown, E_FULL: 507, everything else: 500) and a line in the log.
 * Memory given to a reply is copied, or lives in the request's arena.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/id.h"
#include "gateway/problem.h"

struct request;
struct reply;

/* A JSON body; takes the reference. status 200, 201, 202. */
int reply_json(struct reply *r, int status, json_t *body);
/* Finished JSON text (entity encoders write it); copied. */
int reply_json_text(struct reply *r, int status, const char *text, size_t n);
int reply_bytes(struct reply *r, int status, const char *content_type, const void *bytes, size_t n);
int reply_empty(struct reply *r, int status); /* 204, or 200 without a body */

/* Name lower case and static; value copied. At most 16. */
void reply_header(struct reply *r, const char *name, const char *value);
void reply_etag(struct reply *r, int64_t revision); /* ETag: "<revision>" */
/* Link: <path?query&cursor=…>; rel="next", keeping the other parameters of the request. */
void reply_next(struct reply *r, const struct request *req, const char *cursor);

/*
 * A problem. `detail` may be NULL; it is shown to people, in the request's language.
 * Further members (what is allowed now, which size to use) are added by reply_extra.
 */
int reply_problem(struct reply *r, enum problem p, const char *detail);
/* The same with its words in vi and en; NULL: none. */
int reply_problem_words(struct reply *r, enum problem p, const char *const words[2]);
int reply_problemf(struct reply *r, enum problem p, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* One field that is wrong: JSON Pointer (RFC 6901) and words. Collects under "errors"; at most 32.
 */
int reply_invalid(struct reply *r, const char *pointer, const char *vi, const char *en);
void reply_extra(struct reply *r, const char *name, json_t *value); /* takes the reference */
bool reply_is_problem(const struct reply *r);

/*
 * A file, streamed 256 KiB at a time: `read` is called on workers and returns as store_blob_read
 * does. Range, If-None-Match and If-Range are answered by the gateway. ctx is freed by `free_ctx`
 * when the reply is done or dropped.
 */
struct reply_file {
    int64_t size;
    const char *content_type;
    const char *etag;          /* without quotes; NULL for none */
    const char *cache_control; /* "private, no-store", "public, max-age=31536000, immutable" */
    const char *disposition;   /* NULL, or the value of Content-Disposition */
    int (*read)(void *ctx, int64_t offset, void *out, size_t n, size_t *ret_n);
    void (*free_ctx)(void *ctx);
    void *ctx;
};
int reply_file(struct reply *r, const struct reply_file *file);

/*
 * A stream of server-sent events (WHATWG HTML §9.2) for a subject. The stream is subscribed first,
 * then `backlog` is called on a worker to write what was missed, then live events follow; an event
 * may come twice, none is missed. See gateway/sse.h for publishing.
 */
struct reply_sse {
    struct id subject;
    int (*backlog)(void *ctx, struct buf *out);
    /*
     * NULL, or asked on a worker before anything live is sent, and every 15 s (n is 0): writes what
     * of the wire text may be. 0; anything else ends the stream.
     */
    int (*admit)(void *ctx, const char *wire, size_t n, struct buf *out);
    void (*free_ctx)(void *ctx);
    void *ctx;
};
int reply_sse(struct reply *r, const struct reply_sse *sse);
