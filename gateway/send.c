/* Replies on the loop thread: header fields and bodies. */
#include <stdio.h>
#include <string.h>

#include "gateway/server.h"

static void add_header(h2o_req_t *req, const char *name, const char *value)
{
    h2o_add_header_by_str(&req->pool, &req->res.headers, name, strlen(name), 1, NULL, value,
                          strlen(value));
}

/* HSTS on TLS; everything that keeps a browser from guessing. Pages set a policy of their own. */
static void add_security(struct job *j, h2o_req_t *req)
{
    add_header(req, "x-content-type-options", "nosniff");
    add_header(req, "referrer-policy", "no-referrer");
    if (!reply_find_header(&j->reply, "content-security-policy"))
        add_header(req, "content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    if (j->request.secure)
        add_header(req, "strict-transport-security", "max-age=31536000");
    if (!reply_find_header(&j->reply, "cache-control"))
        add_header(req, "cache-control",
                   j->request.who.role == ROLE_PUBLIC ? "no-cache" : "private, no-store");
}

static void add_cors(struct job *j, h2o_req_t *req)
{
    if (!j->gateway->cors[0] || !request_header(&j->request, "origin"))
        return;
    add_header(req, "access-control-allow-origin", j->gateway->cors);
    add_header(req, "access-control-expose-headers",
               "etag, link, location, retry-after, upload-offset, upload-length, tus-resumable");
}

/* draft-ietf-httpapi-ratelimit-headers */
static void add_rate(struct job *j, h2o_req_t *req)
{
    const struct rate_verdict *v = &j->rate;
    if (!v->policy)
        return;
    add_header(req, "ratelimit-policy",
               arena_printf(&j->arena, "\"%s\";q=%lld;w=%lld", v->policy, (long long)v->limit,
                            (long long)v->window_s));
    add_header(req, "ratelimit",
               arena_printf(&j->arena, "\"%s\";r=%lld;t=%lld", v->policy, (long long)v->remaining,
                            (long long)v->reset_s));
}

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
    if (r->content_type && status != 304 && status != 204)
        add_header(req, "content-type", r->content_type);
    for (size_t i = 0; i < r->n_headers; i++)
        add_header(req, r->headers[i].name, r->headers[i].value);
    add_header(
        req, "traceparent",
        arena_printf(&j->arena, "00-%s-%.16s-01", j->request.trace_id, j->request.trace_id + 16));
    add_security(j, req);
    add_cors(j, req);
    add_rate(j, req);
    j->sent = true;
    j->conn->sending += r->kind != REPLY_SSE;
    job_lend(j, j->cached || r->kind != REPLY_BODY ? 0 : r->n_body);
    job_log(j, status, length == SIZE_MAX ? 0 : length);
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
