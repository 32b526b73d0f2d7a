/* Files as replies, 256 KiB at a time: a worker reads a piece when h2o has sent the one before. */
#include <stdlib.h>
#include <string.h>

#include "gateway/header.h"
#include "gateway/server.h"

static void file_proceed(h2o_generator_t *generator, h2o_req_t *req)
{
    (void)req;
    struct job *j = H2O_STRUCT_FROM_MEMBER(struct job, generator, generator);
    job_to_worker(j, JOB_PIECE);
}

/* What of the file is sent: [at, end) and the status that says so (RFC 9110 §13.2.2). */
static int choose_range(struct job *j, const char *etag)
{
    const struct reply_file *f = &j->reply.file;
    const struct request *r = &j->request;
    j->at = j->end = 0;
    if (!header_if_match(request_header(r, "if-match"), etag))
        return 412;
    j->end = f->size;
    if (header_etag_listed(request_header(r, "if-none-match"), etag)) {
        j->end = 0;
        return 304;
    }
    /* Of HEAD a range means nothing (§14.2). */
    if (strcmp(r->method, "GET") != 0 || !header_if_range(request_header(r, "if-range"), etag))
        return 200;
    enum range_outcome part = header_range(request_header(r, "range"), f->size, &j->at, &j->end);
    if (part != RANGE_OUTSIDE)
        return part == RANGE_PART ? 206 : 200;
    j->at = j->end = 0;
    return 416;
}

void job_check_range(struct job *j)
{
    struct reply *r = &j->reply;
    const char *etag = r->kind == REPLY_FILE && r->file.etag
                           ? arena_printf(&j->arena, "\"%s\"", r->file.etag)
                           : NULL;
    int status = r->kind == REPLY_FILE ? choose_range(j, etag) : 0;
    if (status != 416 && status != 412)
        return;
    int64_t size = r->file.size;
    if (r->file.free_ctx)
        r->file.free_ctx(r->file.ctx);
    r->kind = REPLY_NONE;
    if (status == 416)
        reply_header(r, "content-range", arena_printf(&j->arena, "bytes */%lld", (long long)size));
    reply_problem(r, status == 416 ? PROBLEM_RANGE : PROBLEM_REVISED, NULL);
}

void job_send_file(struct job *j)
{
    const struct reply_file *f = &j->reply.file;
    struct reply *r = &j->reply;
    const char *etag = f->etag ? arena_printf(&j->arena, "\"%s\"", f->etag) : NULL;
    r->content_type = f->content_type;
    reply_header(r, "accept-ranges", "bytes");
    reply_header(r, "etag", etag);
    reply_header(r, "cache-control", f->cache_control);
    reply_header(r, "content-disposition", f->disposition);
    int status = choose_range(j, etag);
    if (status == 206)
        reply_header(r, "content-range",
                     arena_printf(&j->arena, "bytes %lld-%lld/%lld", (long long)j->at,
                                  (long long)j->end - 1, (long long)f->size));
    size_t length = (size_t)(j->end - j->at);
    job_start_response(j, status, status == 304 ? SIZE_MAX : length);
    j->generator = (h2o_generator_t){file_proceed, NULL};
    h2o_start_response(j->stream, &j->generator);
    if (length == 0 || strcmp(j->request.method, "HEAD") == 0) {
        h2o_send(j->stream, NULL, 0, H2O_SEND_STATE_FINAL);
        return;
    }
    job_lend(j, length < FILE_PIECE ? length : FILE_PIECE);
    job_to_worker(j, JOB_PIECE);
}

void job_read_piece(struct job *j)
{
    int64_t left = j->end - j->at;
    size_t want = left < (int64_t)FILE_PIECE ? (size_t)left : FILE_PIECE;
    if (!j->piece)
        j->piece = malloc(want); /* the first is the largest */
    j->n_piece = 0;
    j->piece_result =
        j->piece ? j->reply.file.read(j->reply.file.ctx, j->at, j->piece, want, &j->n_piece)
                 : E_NOMEM;
}

void job_send_piece(struct job *j)
{
    h2o_req_t *req = j->stream;
    if (j->piece_result != 0 || j->n_piece == 0) {
        h2o_send(req, NULL, 0, H2O_SEND_STATE_ERROR); /* the client sees that it was cut short */
        return;
    }
    j->at += (int64_t)j->n_piece;
    h2o_iovec_t piece = h2o_iovec_init(j->piece, j->n_piece);
    h2o_send(req, &piece, 1, j->at < j->end ? H2O_SEND_STATE_IN_PROGRESS : H2O_SEND_STATE_FINAL);
}
