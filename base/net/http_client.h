/*
 * Calls to other people's servers. One thread speaks for all (HTTP/2 where offered, connections
 * reused); callers submit and are called back on that thread, or block in http_call. The only door
 * out of the program, so it is where forged requests end (SSRF): only https unless the policy
 * says otherwise, allowed ports only, no user names in URLs, no proxy from the environment, no
 * redirect followed ever, and the address really connected to must be public or expressly allowed,
 * whatever its name resolved to. Thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/net/address.h"

#define HTTP_PORTS_MAX 16
#define HTTP_URL_MAX 2048         /* bytes of a URL */
#define HTTP_HEADERS_MAX 32       /* of a request */
#define HTTP_BODY_MAX (8 << 20)   /* bytes of a request's body */
#define HTTP_REPLY_MAX (16 << 20) /* most that max_reply may ask for */

struct http_policy {
    bool allow_http;                /* also http: demo and tests */
    struct cidr_list allowed;       /* besides public addresses */
    uint16_t ports[HTTP_PORTS_MAX]; /* none: 443 (and 80 where http is allowed) */
    size_t ports_n;
    const char *ca_file; /* PEM of the authorities to trust; NULL: the system's. Copied. */
};

struct http_limits {
    size_t in_flight; /* calls at a time, 1 to 1024; 64 if 0 */
    size_t queue;     /* calls waiting besides; 1024 if 0 */
};

struct http_header {
    const char *name, *value;
};

/* Everything is copied when submitted. */
struct http_request {
    const char *method; /* "GET", "POST", … */
    const char *url;
    const struct http_header *headers;
    size_t headers_n;
    const void *body;
    size_t body_n;
    int64_t timeout_ms; /* from submission to the last byte; 1 to 300,000 */
    size_t max_reply;   /* bytes of a reply's body, at most HTTP_REPLY_MAX */
    /*
     * May be sent again when a kept connection turns out closed. Set it where the receiver knows a
     * repetition: some HTTP/2 servers close under load, which otherwise ends as HTTP_UNKNOWN.
     */
    bool repeatable;
};

enum http_outcome {
    HTTP_REFUSED = 1,   /* by the policy: URL, port or address; nothing was sent */
    HTTP_NOT_SENT = 2,  /* no name, no connection: the request did not leave */
    HTTP_TLS = 3,       /* the peer could not prove itself; nothing was sent */
    HTTP_TIMEOUT = 4,   /* reply.sent tells whether the request may have been taken up */
    HTTP_UNKNOWN = 5,   /* sent, but no whole reply came: it may have been taken up */
    HTTP_TOO_LARGE = 6, /* a reply came (status is right) that is larger than allowed */
};

/* Header fields kept of a reply; the rest is dropped. */
#define HTTP_REPLY_HEADERS(X)                                                                      \
    X(HTTP_CONTENT_TYPE, "content-type")                                                           \
    X(HTTP_RETRY_AFTER, "retry-after")                                                             \
    X(HTTP_LOCATION, "location")                                                                   \
    X(HTTP_DATE, "date")                                                                           \
    X(HTTP_ETAG, "etag")                                                                           \
    X(HTTP_CACHE_CONTROL, "cache-control")                                                         \
    X(HTTP_WWW_AUTHENTICATE, "www-authenticate")

enum http_reply_header {
#define X(name, field) name,
    HTTP_REPLY_HEADERS(X)
#undef X
        HTTP_REPLY_HEADERS_N
};

struct http_reply {
    int status;                          /* 0 if none came */
    bool sent;                           /* a connection stood and the request began to leave */
    char *headers[HTTP_REPLY_HEADERS_N]; /* the last of its name, at most 1 KiB; or NULL */
    char *body;                          /* NUL-terminated; NULL if empty */
    size_t body_n;
};

void http_reply_release(struct http_reply *r);
/* Seconds to wait by Retry-After (RFC 9110 §10.2.3: seconds or a date), at most a day; -1: none. */
int64_t http_retry_after_s(const struct http_reply *r, int64_t now_ms);

struct http_client;

/* Starts the thread. E_INVALID for limits or policy out of bounds, E_NOMEM, E_UNAVAILABLE. */
int http_client_new(const struct http_policy *policy, const struct http_limits *limits,
                    struct http_client **ret);
/* Ends what is still under way (callbacks get HTTP_NOT_SENT or HTTP_UNKNOWN), then the thread. */
void http_client_free(struct http_client *c);

/* `result` is 0 (a reply of any status), an outcome, or E_NOMEM. The callee may take body or
 * headers out of the reply (STEAL); the rest is released after it returns. It must not block. */
typedef void (*http_done_fn)(void *ctx, int result, struct http_reply *reply);

/* 0: done is called exactly once. HTTP_REFUSED: the policy forbids the URL, done is not called.
 * E_INVALID for a malformed request, E_BUSY when the queue is full, E_NOMEM. */
int http_submit(struct http_client *c, const struct http_request *request, http_done_fn done,
                void *ctx);

/* Submits and waits; *ret is to be released whatever is returned. Not from a callback (E_INVALID).
 */
int http_call(struct http_client *c, const struct http_request *request, struct http_reply *ret);

struct http_counts {
    uint64_t calls, refused, failed; /* since the start */
    size_t in_flight, queued;        /* now */
};
struct http_counts http_client_counts(struct http_client *c);
