/* Replies on the loop thread: header fields and bodies. */
#include <string.h>

#include "gateway/server.h"
#include "gateway/write.h"

/* --- fields of every reply ----------------------------------------------------------------------
 */

/* Names that h2o's own table has not. It only looks at the text of those. */
static const h2o_token_t name_options = {.buf = {H2O_STRLIT("x-content-type-options")}};
static const h2o_token_t name_referrer = {.buf = {H2O_STRLIT("referrer-policy")}};
static const h2o_token_t name_content_policy = {.buf = {H2O_STRLIT("content-security-policy")}};
static const h2o_token_t name_trace = {.buf = {H2O_STRLIT("traceparent")}};
static const h2o_token_t name_rate_policy = {.buf = {H2O_STRLIT("ratelimit-policy")}};
static const h2o_token_t name_rate = {.buf = {H2O_STRLIT("ratelimit")}};
static const h2o_token_t name_expose = {.buf = {H2O_STRLIT("access-control-expose-headers")}};

static void add(h2o_req_t *req, const h2o_token_t *name, const char *value, size_t n)
{
    h2o_add_header(&req->pool, &req->res.headers, name, NULL, value, n);
}

static void add_text(h2o_req_t *req, const h2o_token_t *name, const char *value)
{
    add(req, name, value, strlen(value));
}

static void add_own(struct job *j, h2o_req_t *req)
{
    for (size_t i = 0; i < j->reply.n_headers; i++) {
        const struct request_pair *h = &j->reply.headers[i];
        h2o_add_header_by_str(&req->pool, &req->res.headers, h->name, strlen(h->name), 1, NULL,
                              h->value, strlen(h->value));
    }
}

static void add_trace(struct job *j, h2o_req_t *req)
{
    char *text = arena_alloc(&j->arena, 64), *at = put(text, "00-");
    at = put_bytes(at, j->request.trace_id, 32);
    at = put(at, "-");
    at = put_bytes(at, j->request.trace_id + 16, 16);
    at = put(at, "-01");
    add(req, &name_trace, text, (size_t)(at - text));
}

/* HSTS on TLS; everything that keeps a browser from guessing. Pages set a policy of their own. */
static void add_security(struct job *j, h2o_req_t *req)
{
    add(req, &name_options, H2O_STRLIT("nosniff"));
    add(req, &name_referrer, H2O_STRLIT("no-referrer"));
    if (!reply_find_header(&j->reply, "content-security-policy"))
        add(req, &name_content_policy, H2O_STRLIT("default-src 'none'; frame-ancestors 'none'"));
    if (j->request.secure)
        add(req, H2O_TOKEN_STRICT_TRANSPORT_SECURITY, H2O_STRLIT("max-age=31536000"));
    if (!reply_find_header(&j->reply, "cache-control"))
        add_text(req, H2O_TOKEN_CACHE_CONTROL,
                 j->request.who.role == ROLE_PUBLIC ? "no-cache" : "private, no-store");
}

static void add_cors(struct job *j, h2o_req_t *req)
{
    if (!j->gateway->cors[0] || !request_header(&j->request, "origin"))
        return;
    add_text(req, H2O_TOKEN_ACCESS_CONTROL_ALLOW_ORIGIN, j->gateway->cors);
    add(req, &name_expose,
        H2O_STRLIT("etag, link, location, retry-after, upload-offset, upload-length, "
                   "tus-resumable"));
}

/* draft-ietf-httpapi-ratelimit-headers */
static void add_rate(struct job *j, h2o_req_t *req)
{
    const struct rate_verdict *v = &j->rate;
    if (!v->name)
        return;
    char *text = arena_alloc(&j->arena, 32 + 2 * NUMBER_TEXT), *at = put(text, "\"");
    at = put(at, v->name);
    at = put(at, "\";r=");
    at = put_number(at, (uint64_t)v->remaining);
    at = put(at, ";t=");
    at = put_number(at, (uint64_t)v->reset_s);
    add_text(req, &name_rate_policy, v->policy);
    add(req, &name_rate, text, (size_t)(at - text));
}

/* --- replies ---------------------------------------------------------------------------------- */

void job_lend(struct job *j, size_t bytes)
{
    j->lent += bytes;
    j->conn->lent += bytes;
}

void job_start_response(struct job *j, int status, size_t length)
{
    h2o_req_t *req = j->stream;
    struct reply *r = &j->reply;
    req->res.status = status;
    req->res.reason = "";
    req->res.content_length = length;
    h2o_vector_reserve(&req->pool, &req->res.headers, r->n_headers + 12);
    if (r->content_type && status != 304 && status != 204)
        add_text(req, H2O_TOKEN_CONTENT_TYPE, r->content_type);
    add_own(j, req);
    add_security(j, req);
    add_cors(j, req);
    if (!j->cached) { /* what others may be shown says nothing of who asked */
        add_trace(j, req);
        add_rate(j, req);
    }
    j->sent = true;
    j->conn->sending += r->kind != REPLY_SSE;
    job_lend(j, j->cached || r->kind != REPLY_BODY ? 0 : r->n_body);
    journal_add(j, status, length == SIZE_MAX ? 0 : length);
}

static void send_events(struct job *j)
{
    j->reply.content_type = "text/event-stream";
    reply_header(&j->reply, "cache-control", "no-store");
    reply_header(&j->reply, "x-accel-buffering", "no");
    job_start_response(j, 200, SIZE_MAX);
    hub_open(j);
}

static void send_body(struct job *j)
{
    static h2o_generator_t generator = {NULL, NULL};
    h2o_req_t *req = j->stream;
    const struct reply *r = &j->reply;
    bool head = strcmp(j->request.method, "HEAD") == 0;
    bool bodiless = r->status == 304 || r->status == 204; /* RFC 9110 §8.6: no Content-Length */
    job_start_response(j, r->status, bodiless ? SIZE_MAX : r->n_body);
    h2o_iovec_t body = h2o_iovec_init(r->body, r->n_body);
    h2o_start_response(req, &generator);
    h2o_send(req, &body, head || r->n_body == 0 ? 0 : 1, H2O_SEND_STATE_FINAL);
}

void job_send(struct job *j)
{
    if (j->reply.kind == REPLY_FILE)
        job_send_file(j);
    else if (j->reply.kind == REPLY_SSE)
        send_events(j);
    else
        send_body(j);
}
