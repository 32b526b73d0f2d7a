/* One call of the HTTP client, between http_client.c (thread, queue) and http_transfer.c (curl). */
#pragma once

#include <curl/curl.h>

#include "base/buf.h"
#include "base/net/http_client.h"

/* What every transfer of a client obeys; immutable, so it is read without a lock. */
struct http_rules {
    struct http_policy policy;
    char *ca_file;
};

struct http_transfer {
    const struct http_rules *rules;
    CURL *easy;
    CURLU *url;
    struct curl_slist *headers;
    char *request_body;
    struct buf body;     /* of the reply */
    size_t header_bytes; /* of the reply so far */
    int64_t deadline_ms; /* monotonic */
    bool repeatable;
    bool sent;      /* the request began to leave on a connection */
    bool refused;   /* an address was refused */
    bool connected; /* an address was allowed */
    bool too_large;
};

/* Checks the request against the rules and copies it. 0, HTTP_REFUSED, E_INVALID, E_NOMEM. */
int http_transfer_init(struct http_transfer *t, const struct http_rules *rules,
                       const struct http_request *request);
void http_transfer_release(struct http_transfer *t);

/* What it ended with (curl's word) as a result of http_client.h; fills and hands over *ret. */
int http_transfer_finish(struct http_transfer *t, CURLcode code, struct http_reply *ret);

/* http_url.c: parses and judges. Caller curl_url_cleanup. 0, HTTP_REFUSED, E_INVALID, E_NOMEM. */
int http_url_check(const struct http_policy *policy, const char *text, CURLU **ret);
