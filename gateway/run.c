/* What a worker does with a request: who asks, may they, is it sound, the handler, the bytes. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "gateway/header.h"
#include "gateway/server.h"

/* --- the finished bytes ----------------------------------------------------------------------- */

static bool is_read(const struct request *r)
{
    return strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0;
}

/* A representation that the client has already. */
static void answer_not_modified(struct job *j)
{
    struct reply *r = &j->reply;
    const char *known = request_header(&j->request, "if-none-match");
    if (known && r->status == 200 && is_read(&j->request) &&
        header_etag_listed(known, reply_find_header(r, "etag"))) {
        r->status = 304;
        r->n_body = 0;
    }
}

static void compress_body(struct job *j)
{
    struct reply *r = &j->reply;
    if (!reply_compressible(r))
        return;
    reply_header(r, "vary", "accept-encoding, accept-language");
    if (!header_accepts(request_header(&j->request, "accept-encoding"), "gzip"))
        return;
    size_t n = 0;
    char *smaller = reply_gzip(&j->arena, r->body, r->n_body, &n);
    if (!smaller)
        return;
    r->body = smaller;
    r->n_body = n;
    reply_header(r, "content-encoding", "gzip");
}

void job_show_cached(struct job *j, struct cached *item)
{
    struct reply *r = &j->reply;
    bool gzip =
        item->gzip && header_accepts(request_header(&j->request, "accept-encoding"), "gzip");
    j->cached = item;
    r->kind = REPLY_BODY;
    r->status = 200;
    r->content_type = item->content_type;
    r->body = (char *)(uintptr_t)(gzip ? item->gzip : item->body); /* only ever read */
    r->n_body = gzip ? item->n_gzip : item->n_body;
    r->n_headers = item->n_headers;
    memcpy(r->headers, item->headers, item->n_headers * sizeof(*r->headers));
    reply_header_kept(r, "etag", gzip ? item->gzip_etag : item->etag);
    reply_header_kept(r, "vary", "accept-encoding, accept-language");
    if (gzip)
        reply_header_kept(r, "content-encoding", "gzip");
    answer_not_modified(j);
}

/* Shared from now on, if it may be: then it is shown as everybody else will see it. */
static bool share_body(struct job *j)
{
    if (!j->ask.key)
        return false;
    struct cached *item = cache_put(j->gateway->cache, &j->ask, &j->reply);
    if (!item)
        return false;
    job_show_cached(j, item);
    return true;
}

static void finish_body(struct job *j)
{
    reply_render(&j->reply);
    if (j->reply.kind != REPLY_BODY || share_body(j))
        return;
    answer_not_modified(j);
    if (j->reply.n_body > 0)
        compress_body(j);
}

/* --- running ---------------------------------------------------------------------------------- */

static void authenticate(struct job *j)
{
    if (!j->bearer)
        return;
    struct gateway *g = j->gateway;
    struct identity who = {0};
    uint64_t epoch = token_cache_epoch(g->tokens);
    int done =
        g->options.authenticate ? g->options.authenticate(j->request.app, j->bearer, &who) : 1;
    if (done < 0) {
        reply_settle(&j->reply, done);
    } else if (done > 0) {
        reply_problem(&j->reply, done == 2 ? PROBLEM_LOCKED : PROBLEM_TOKEN_BAD, NULL);
    } else {
        j->request.who = who;
        token_cache_put(g->tokens, j->bearer, &who, epoch, j->request.now_ms);
    }
}

static void log_failure(const struct job *j, int result)
{
    char name[16];
    snprintf(name, sizeof(name), "%d", result);
    log_event(LOG_ERROR, "a handler failed", "operation", j->route->route->operation, "why",
              result_words(result), "result", name, "trace", j->request.trace_id, NULL);
}

static void run_request(struct job *j)
{
    struct reply *reply = &j->reply;
    if (reply->kind == REPLY_NONE)
        authenticate(j);
    if (reply->kind == REPLY_NONE && guard_request(j->route->route, &j->request, reply) &&
        decode_request(j->route, &j->request, reply)) {
        int done = j->route->route->run(&j->request, reply);
        if (done < 0)
            log_failure(j, done);
        reply_settle(reply, done);
        job_check_range(j);
    }
    finish_body(j);
}

static void admit(struct job *j)
{
    struct buf passed;
    buf_init(&passed, j->asked.max);
    j->piece_result = j->reply.sse.admit(j->reply.sse.ctx, j->asked.data ? j->asked.data : "",
                                         j->asked.len, &passed);
    buf_release(&j->asked);
    j->asked = passed;
}

void job_run(struct job *j)
{
    if (atomic_load(&j->cancelled))
        return;
    if (j->kind == JOB_REQUEST)
        run_request(j);
    else if (j->kind == JOB_PIECE)
        job_read_piece(j);
    else if (j->kind == JOB_ADMIT)
        admit(j);
    else
        j->piece_result =
            j->reply.sse.backlog ? j->reply.sse.backlog(j->reply.sse.ctx, &j->flying) : 0;
}
