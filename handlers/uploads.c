/*
 * Resumable upload, tus 1.0: core, creation and creation-with-upload. The only way in for files.
 * Clients set a chunk size of 512 KiB: a chunk is held in memory until it is whole.
 */
#include <stdio.h>
#include <string.h>

#include "base/result.h"
#include "domain/report/held.h"
#include "handlers/acting.h"
#include "handlers/files.h"

#define CHUNK_MAX ((size_t)1 << 20)

/* Whose code has not arrived may send what the reports that they may write can take. */
static const struct limit_rule unproven_day = {"unproven.upload.day", INT64_C(24) * 3600 * 1000,
                                               REPORT_HELD_MAX *REPORT_MEDIA_MAX};

static void tus_headers(struct reply *reply)
{
    reply_header(reply, "tus-resumable", "1.0.0");
    reply_header(reply, "cache-control", "no-store");
}

/* Every request but OPTIONS says which version it speaks. */
static bool version_sound(const struct request *req, struct reply *reply)
{
    tus_headers(reply);
    const char *version = request_header(req, "tus-resumable");
    if (version && strcmp(version, "1.0.0") == 0)
        return true;
    reply_header(reply, "tus-version", "1.0.0");
    reply_problem(reply, PROBLEM_REVISED, "Tus-Resumable: 1.0.0");
    return false;
}

/* A header of digits; -1 if it is missing or not a number. */
static int64_t number_header(const struct request *req, const char *name)
{
    const char *text = request_header(req, name);
    if (!text || !text[0] || strlen(text) > 15 || strspn(text, "0123456789") != strlen(text))
        return -1;
    int64_t n = 0;
    for (; *text; text++)
        n = n * 10 + (*text - '0');
    return n;
}

static void number_reply(const struct request *req, struct reply *reply, const char *name,
                         int64_t n)
{
    reply_header(reply, name, arena_printf(req->arena, "%lld", (long long)n));
}

static int options(struct request *req, struct reply *reply)
{
    reply_header(reply, "tus-resumable", "1.0.0");
    reply_header(reply, "tus-version", "1.0.0");
    reply_header(reply, "tus-extension", "creation,creation-with-upload");
    number_reply(req, reply, "tus-max-size", UPLOAD_BYTES_MAX);
    return reply_empty(reply, 204);
}

static int append(const struct request *req, struct reply *reply, struct upload *u, int64_t offset,
                  int status)
{
    struct upload_service s = app_uploads(app_of(req));
    int64_t at = 0;
    int done = upload_append(&s, u, offset, req->bytes, req->n_bytes, req->arena, &at);
    if (done == UPLOAD_OFFSET || done == UPLOAD_OVER) {
        number_reply(req, reply, "upload-offset", at);
        return reply_problem(reply, done == UPLOAD_OFFSET ? PROBLEM_CONFLICT : PROBLEM_TOO_LARGE,
                             NULL);
    }
    if (done == UPLOAD_NOT_OURS)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (done != 0)
        return done;
    if (u->state == UPLOAD_REFUSED)
        return app_reply_refused(req, reply, u);
    number_reply(req, reply, "upload-offset", at);
    return reply_empty(reply, status);
}

/* Whom the upload is for. */
static int find_principal(struct request *req, struct reply *reply, struct principal *ret)
{
    static const struct acting_need need = {.scope = SCOPE_ALL};
    return app_principal(req, reply, &need, ret);
}

static int create(struct request *req, struct reply *reply)
{
    struct principal whom;
    if (!version_sound(req, reply))
        return 0;
    int done = find_principal(req, reply, &whom);
    if (done != 0 || reply_is_problem(reply))
        return done;
    int64_t length = number_header(req, "upload-length");
    const char *metadata = request_header(req, "upload-metadata");
    if (length < 1)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "Upload-Length");
    if (length > UPLOAD_BYTES_MAX)
        return reply_problemf(reply, PROBLEM_TOO_LARGE, "Tus-Max-Size: %d", UPLOAD_BYTES_MAX);
    if (metadata && strlen(metadata) > UPLOAD_METADATA_MAX)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "Upload-Metadata");
    struct upload_service s = app_uploads(app_of(req));
    struct upload u;
    int64_t retry_ms = 0;
    if (req->who.role == ROLE_CITIZEN && req->who.level == LEVEL_UNPROVEN &&
        limit_take(s.store, &unproven_day, req->who.subject.bytes, 16, req->now_ms, &retry_ms) != 0)
        return reply_problem(reply, PROBLEM_TOO_MANY, NULL);
    done = upload_create(&s, &req->who.subject, req->who.role != ROLE_CITIZEN,
                         app_is_acting(req) ? &whom.id : NULL, length, metadata, req->now_ms,
                         req->arena, &u);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_GONE, NULL);
    reply_header(reply, "location",
                 arena_printf(req->arena, "/v1/uploads/%s", app_id_text(req, &u.id)));
    if (req->n_bytes > 0)
        return append(req, reply, &u, 0, 201);
    return reply_empty(reply, 201);
}

/* An upload of the caller's, or of whom they act for; others do not exist for them. */
static int find(struct request *req, struct reply *reply, struct upload *ret)
{
    struct id id;
    struct principal whom;
    int done = find_principal(req, reply, &whom);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = upload_get(app_of(req)->store, &id, req->arena, ret);
    if (done < 0)
        return done;
    if (done > 0 || !id_equal(upload_whose(ret), &whom.id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return 0;
}

static int head(struct request *req, struct reply *reply)
{
    struct upload u;
    if (!version_sound(req, reply))
        return 0;
    int done = find(req, reply, &u);
    if (done != 0 || reply_is_problem(reply))
        return done;
    struct upload_service s = app_uploads(app_of(req));
    int64_t offset = 0;
    done = upload_offset(&s, &u, req->arena, &offset);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    number_reply(req, reply, "upload-offset", offset);
    number_reply(req, reply, "upload-length", u.length);
    const char *metadata = NULL;
    done = upload_metadata(&s, &u, req->arena, &metadata);
    if (done < 0)
        return done;
    if (metadata)
        reply_header(reply, "upload-metadata", metadata);
    return reply_empty(reply, 200);
}

static int patch(struct request *req, struct reply *reply)
{
    struct upload u;
    if (!version_sound(req, reply))
        return 0;
    int64_t offset = number_header(req, "upload-offset");
    if (offset < 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "Upload-Offset");
    int done = find(req, reply, &u);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return append(req, reply, &u, offset, 204);
}

static const struct route_param create_headers[] = {
    {"Tus-Resumable", "{\"const\":\"1.0.0\"}", "Version of the protocol"},
    {"Upload-Length", "{\"type\":\"integer\",\"minimum\":1}", "Bytes in all"},
    {"Upload-Metadata", "{\"type\":\"string\",\"maxLength\":1024}", "key base64, …"},
    {0},
};
static const struct route_param chunk_headers[] = {
    {"Tus-Resumable", "{\"const\":\"1.0.0\"}", "Version of the protocol"},
    {"Upload-Offset", "{\"type\":\"integer\",\"minimum\":0}", "Where this chunk begins"},
    {0},
};
static const enum problem upload_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_CONFLICT, PROBLEM_REVISED,
                                               PROBLEM_INVALID,   PROBLEM_GONE,     PROBLEM_NONE};

#define CHUNK_TYPE "application/offset+octet-stream"
#define SENDERS (ROLE_CITIZEN | ROLE_OFFICER | ROLE_LEADER | ROLE_DISPATCHER)

const struct route upload_routes[] = {
    {.method = OPTIONS,
     .path = "/v1/uploads",
     .operation = "uploadOptions",
     .summary = "What this tus server can do",
     .tag = "media",
     .run = options,
     .who = ROLE_ANYONE,
     .reply_status = 204,
     .rate = RATE_READ,
     .errors = ERRORS_TUS},
    {.method = POST,
     .path = "/v1/uploads",
     .operation = "uploadCreate",
     .summary = "Announce a photo or a PDF (tus creation), perhaps with its first bytes",
     .tag = "media",
     .run = create,
     .who = SENDERS,
     .level = LEVEL_UNPROVEN,
     .body = BODY_BYTES,
     .body_type = CHUNK_TYPE,
     .body_max = CHUNK_MAX,
     .reply_status = 201,
     .params = create_headers,
     .problems = upload_problems,
     .rate = RATE_UPLOAD,
     .errors = ERRORS_TUS,
     .flags = ROUTE_ACTING},
    {.method = HEAD,
     .path = "/v1/uploads/{id}",
     .operation = "uploadOffset",
     .summary = "How much has arrived",
     .tag = "media",
     .run = head,
     .who = SENDERS,
     .level = LEVEL_UNPROVEN,
     .params = create_headers,
     .problems = upload_problems,
     .rate = RATE_UPLOAD,
     .errors = ERRORS_TUS,
     .flags = ROUTE_ACTING},
    {.method = PATCH,
     .path = "/v1/uploads/{id}",
     .operation = "uploadAppend",
     .summary = "The next bytes",
     .tag = "media",
     .run = patch,
     .who = SENDERS,
     .level = LEVEL_UNPROVEN,
     .body = BODY_BYTES,
     .body_type = CHUNK_TYPE,
     .body_max = CHUNK_MAX,
     .reply_status = 204,
     .params = chunk_headers,
     .problems = upload_problems,
     .rate = RATE_UPLOAD,
     .errors = ERRORS_TUS,
     .flags = ROUTE_OVERRIDE | ROUTE_ACTING},
    {0},
};
