/*
 * Resumable upload, tus 1.0 with all its extensions. The only way in for files. Clients set a chunk
 * size of 512 KiB: a chunk is held in memory until it is whole, so one that stalls holds nothing
 * back, and whoever asks or sends next goes on from what is stored.
 */
#include <string.h>
#include <strings.h>

#include "base/result.h"
#include "handlers/acting.h"
#include "handlers/media/files.h"
#include "handlers/media/upload_headers.h"
#include "handlers/media/upload_quota.h"
#include "media/videos.h"

#define CHUNK_MAX ((size_t)1 << 20)
#define FULL_RETRY_S 60

static int options(struct request *req, struct reply *reply)
{
    reply_header(reply, "tus-resumable", "1.0.0");
    reply_header(reply, "tus-version", "1.0.0");
    reply_header(reply, "tus-extension",
                 "creation,creation-with-upload,creation-defer-length,expiration,checksum,"
                 "termination,concatenation");
    reply_header(reply, "tus-checksum-algorithm", TUS_CHECKSUMS);
    struct upload_service s = app_uploads(app_of(req));
    int64_t video = upload_bytes_max(&s, true);
    tus_number_reply(req, reply, "tus-max-size",
                     video > UPLOAD_BYTES_MAX ? video : UPLOAD_BYTES_MAX);
    if (video) {
        tus_number_reply(req, reply, "tram-video-bytes", video);
        tus_number_reply(req, reply, "tram-video-seconds", videos_seconds_max(s.videos));
    }
    return reply_empty(reply, 204);
}

/* What became of an upload to which something was added. */
static int reply_grown(const struct request *req, struct reply *reply, const struct upload *u,
                       int64_t offset, int status)
{
    if (u->state == UPLOAD_REFUSED)
        return app_reply_refused(req, reply, u);
    tus_state(req, reply, u, offset);
    return reply_empty(reply, status);
}

static int append(const struct request *req, struct reply *reply, struct upload *u, int64_t offset,
                  int status)
{
    struct upload_service s = app_uploads(app_of(req));
    int64_t at = 0;
    int done = upload_append(&s, u, offset, req->bytes, req->n_bytes, req->arena, &at);
    if (done == UPLOAD_OFFSET || done == UPLOAD_OVER) {
        tus_number_reply(req, reply, "upload-offset", at);
        if (done == UPLOAD_OFFSET)
            return reply_problemf(reply, PROBLEM_CONFLICT, "Upload-Offset: %lld", (long long)at);
        int64_t most = u->length == UPLOAD_UNKNOWN ? upload_bytes_max(&s, u->video) : u->length;
        return reply_problemf(reply, PROBLEM_TOO_LARGE, "%s: %lld",
                              u->length == UPLOAD_UNKNOWN ? "Tus-Max-Size" : "Upload-Length",
                              (long long)most);
    }
    if (done == UPLOAD_NOT_OURS)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return done != 0 ? done : reply_grown(req, reply, u, at, status);
}

/* Whom the upload is for. */
static int find_principal(struct request *req, struct reply *reply, struct principal *ret)
{
    static const struct acting_need need = {.scope = SCOPE_ALL};
    return app_principal(req, reply, &need, ret);
}

/* Announced as a video: by its metadata. */
static bool says_video(const struct request *req, const char *metadata)
{
    const char *type = tus_metadata_value(req, metadata, "filetype");
    return type && strncasecmp(type, "video/", strlen("video/")) == 0;
}

/* Whether a video may begin to arrive: refused here, before its bytes have cost anything. */
static int check_video(const struct request *req, struct reply *reply)
{
    struct app *app = app_of(req);
    const struct media_fault_words *off = media_fault_words(MEDIA_FAULT_FILM_OFF);
    bool full = false;
    if (videos_bytes_max(app->videos) == 0)
        return reply_problem(reply, PROBLEM_INVALID,
                             req->language == LANGUAGE_EN ? off->en : off->vi);
    int done = videos_are_full(app->videos, &req->who.subject, &full);
    if (done != 0 || !full)
        return done;
    tus_number_reply(req, reply, "retry-after", FULL_RETRY_S);
    return reply_problem(reply, PROBLEM_OVERLOADED,
                         req->language == LANGUAGE_EN ? "Many videos wait to be checked"
                                                      : "Nhiều video đang chờ kiểm tra");
}

static void reply_location(const struct request *req, struct reply *reply, const struct upload *u)
{
    reply_header(reply, "location",
                 arena_printf(req->arena, "/v1/uploads/%s", app_id_text(req, &u->id)));
}

static int reply_unjoined(const struct request *req, struct reply *reply, bool video, int done)
{
    struct upload_service s = app_uploads(app_of(req));
    if (done == UPLOAD_NO_PART)
        return reply_problem(
            reply, PROBLEM_CONFLICT,
            req->language == LANGUAGE_EN
                ? "Upload-Concat: one of these is no part (partial), or has not arrived whole"
                : "Upload-Concat: có tệp không phải là phần (partial), hoặc chưa tải lên xong");
    if (done == UPLOAD_NOT_OURS)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (done == UPLOAD_OVER)
        return reply_problemf(reply, PROBLEM_TOO_LARGE, "Tus-Max-Size: %lld",
                              (long long)upload_bytes_max(&s, video));
    return done;
}

static int join(const struct request *req, struct reply *reply, const struct upload_new *new,
                const struct tus_concat *concat)
{
    struct upload_service s = app_uploads(app_of(req));
    struct upload u = {0};
    int64_t length = 0;
    if (req->n_bytes > 0 || request_header(req, "upload-length"))
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "Upload-Concat: final;");
    int done =
        upload_join_length(&s, new, concat->parts, concat->n, req->now_ms, req->arena, &length);
    if (done == 0)
        done = upload_take_bytes(req, reply, length);
    if (done == 0 && !reply_is_problem(reply))
        done = upload_join(&s, new, concat->parts, concat->n, req->now_ms, req->arena, &u);
    if (done != 0 || reply_is_problem(reply))
        return reply_unjoined(req, reply, new->video, done);
    reply_location(req, reply, &u);
    return reply_grown(req, reply, &u, u.length, 201);
}

/* What its header fields say, held against what may be sent. */
static int read_new(const struct request *req, struct reply *reply, struct tus_concat *concat,
                    struct upload_new *new)
{
    struct upload_service s = app_uploads(app_of(req));
    if (!tus_concat(req, reply, concat) || !tus_metadata(req, reply, &new->metadata))
        return 0;
    new->part = concat->part;
    new->video = says_video(req, new->metadata);
    int done = new->video ? check_video(req, reply) : 0;
    if (done != 0 || reply_is_problem(reply) || concat->final ||
        !tus_length(req, reply, upload_bytes_max(&s, new->video), &new->length))
        return done;
    return upload_take_bytes(req, reply,
                             new->length == UPLOAD_UNKNOWN ? (int64_t)req->n_bytes : new->length);
}

static int create(struct request *req, struct reply *reply)
{
    struct principal whom;
    struct tus_concat concat;
    struct upload_new new = {.owner = &req->who.subject, .staff = req->who.role != ROLE_CITIZEN};
    if (!tus_version(req, reply))
        return 0;
    int done = find_principal(req, reply, &whom);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = read_new(req, reply, &concat, &new);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = upload_take_one(req, reply);
    if (done != 0 || reply_is_problem(reply))
        return done;
    new.principal = app_is_acting(req) ? &whom.id : NULL;
    if (concat.final)
        return join(req, reply, &new, &concat);
    struct upload_service s = app_uploads(app_of(req));
    struct upload u = {0};
    done = upload_create(&s, &new, req->now_ms, req->arena, &u);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_GONE, NULL);
    reply_location(req, reply, &u);
    if (req->n_bytes == 0)
        return reply_grown(req, reply, &u, 0, 201);
    return tus_checksum(req, reply) ? append(req, reply, &u, 0, 201) : 0;
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
    if (done > 0 || !id_equal(upload_whose(ret), &whom.id) || upload_expired(ret, req->now_ms))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    /* What a case has, a representative sees as far as they see the case. */
    const struct case_head *head = NULL;
    bool seen = true;
    if (whom.acting.kind == ACTING_PERSON)
        done = app_may_see(req, &whom, ret, &seen, &head);
    return done < 0 || seen ? done : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
}

static int find_offset(struct request *req, struct reply *reply, struct upload *ret,
                       int64_t *ret_offset)
{
    if (!tus_version(req, reply))
        return 0;
    int done = find(req, reply, ret);
    if (done != 0 || reply_is_problem(reply))
        return done;
    struct upload_service s = app_uploads(app_of(req));
    done = upload_offset(&s, ret, req->arena, ret_offset);
    return done > 0 ? reply_problem(reply, PROBLEM_NOT_FOUND, NULL) : done;
}

static int head(struct request *req, struct reply *reply)
{
    struct upload u = {0};
    struct upload_service s = app_uploads(app_of(req));
    const char *metadata = NULL;
    int64_t offset = 0;
    int done = find_offset(req, reply, &u, &offset);
    if (done == 0 && !reply_is_problem(reply))
        done = upload_metadata(&s, &u, req->arena, &metadata);
    if (done < 0 || reply_is_problem(reply))
        return done;
    tus_state(req, reply, &u, offset);
    if (metadata)
        reply_header(reply, "upload-metadata", metadata);
    return reply_empty(reply, 200);
}

/* The length of one that was announced without; its bytes count as they become known, and what is
 * sent again, because its answer was lost, does not. */
static int declare(const struct request *req, struct reply *reply, struct upload *u, int64_t offset)
{
    struct upload_service s = app_uploads(app_of(req));
    int64_t length = 0, at = 0;
    bool unknown = u->length == UPLOAD_UNKNOWN, said = request_header(req, "upload-length") != NULL;
    if (said && !tus_length(req, reply, upload_bytes_max(&s, u->video), &length))
        return 0;
    int done = unknown ? upload_offset(&s, u, req->arena, &at) : 0;
    if (done == 0 && unknown && (said || offset == at))
        done = upload_take_bytes(req, reply, said ? length - at : (int64_t)req->n_bytes);
    if (done != 0 || reply_is_problem(reply))
        return done == UPLOAD_NOT_OURS ? reply_problem(reply, PROBLEM_NOT_FOUND, NULL) : done;
    if (!said)
        return 0;
    done = upload_declare(&s, u, length, req->arena);
    if (done == UPLOAD_LENGTH)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "Upload-Length");
    return done == UPLOAD_NOT_OURS ? reply_problem(reply, PROBLEM_NOT_FOUND, NULL) : done;
}

static int patch(struct request *req, struct reply *reply)
{
    struct upload u = {0};
    if (!tus_version(req, reply))
        return 0;
    int64_t offset = tus_number(req, "upload-offset");
    if (offset < 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "Upload-Offset");
    int done = find(req, reply, &u);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (u.parts)
        return reply_problem(reply, PROBLEM_FORBIDDEN, "Upload-Concat: final");
    if (!tus_checksum(req, reply))
        return 0;
    done = declare(req, reply, &u, offset);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return append(req, reply, &u, offset, 204);
}

static int delete (struct request *req, struct reply *reply)
{
    struct upload u = {0};
    if (!tus_version(req, reply))
        return 0;
    int done = find(req, reply, &u);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = upload_remove(app_of(req)->store, &u, req->arena);
    if (done == UPLOAD_TAKEN)
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    if (done == STORE_ABSENT)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return done != 0 ? done : reply_empty(reply, 204);
}

/* The file as it was sent, to who sent it; nothing before it was found sound. */
static int get(struct request *req, struct reply *reply)
{
    struct upload u = {0};
    int done = find(req, reply, &u);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (u.state == UPLOAD_REFUSED)
        return app_reply_refused(req, reply, &u);
    if (u.state != UPLOAD_SOUND)
        return reply_problem(reply, PROBLEM_CONFLICT,
                             req->language == LANGUAGE_EN
                                 ? "It has not arrived whole, or is being checked"
                                 : "Tệp chưa tải lên xong, hoặc đang được kiểm tra");
    return app_reply_original(req, reply, &u);
}

static const struct route_param create_headers[] = {
    {"Tus-Resumable", "{\"const\":\"1.0.0\"}", "Version of the protocol"},
    {"Upload-Length", "{\"type\":\"integer\",\"minimum\":1}", "Bytes in all"},
    {"Upload-Defer-Length", "{\"const\":\"1\"}", "They are not known yet"},
    {"Upload-Metadata", "{\"type\":\"string\",\"maxLength\":1024}", "key base64, …"},
    {"Upload-Concat", "{\"type\":\"string\"}", "partial, or final; and the addresses of parts"},
    {"Upload-Checksum", "{\"type\":\"string\"}", "sha1 or sha256, a space, base64"},
    {0},
};
static const struct route_param version_headers[] = {
    {"Tus-Resumable", "{\"const\":\"1.0.0\"}", "Version of the protocol"},
    {0},
};
static const struct route_param chunk_headers[] = {
    {"Tus-Resumable", "{\"const\":\"1.0.0\"}", "Version of the protocol"},
    {"Upload-Offset", "{\"type\":\"integer\",\"minimum\":0}", "Where this chunk begins"},
    {"Upload-Length", "{\"type\":\"integer\",\"minimum\":1}", "Once it is known"},
    {"Upload-Checksum", "{\"type\":\"string\"}", "sha1 or sha256, a space, base64"},
    {0},
};
static const enum problem upload_problems[] = {
    PROBLEM_NOT_FOUND, PROBLEM_CONFLICT, PROBLEM_REVISED,    PROBLEM_INVALID,
    PROBLEM_GONE,      PROBLEM_CHECKSUM, PROBLEM_OVERLOADED, PROBLEM_NONE};
static const enum problem file_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_CONFLICT, PROBLEM_INVALID,
                                             PROBLEM_GONE,      PROBLEM_RANGE,    PROBLEM_NONE};

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
     .summary = "Announce a photo, a PDF or a video (tus creation), perhaps with its first bytes",
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
     .params = version_headers,
     .problems = upload_problems,
     .rate = RATE_UPLOAD,
     .errors = ERRORS_TUS,
     .flags = ROUTE_ACTING},
    {.method = PATCH,
     .path = "/v1/uploads/{id}",
     .operation = "uploadAppend",
     .summary = "The next bytes: at most 1 MiB at once, and best 512 KiB (a client's chunk size); "
                "more is answered by 413, and far more ends the stream",
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
    {.method = DELETE,
     .path = "/v1/uploads/{id}",
     .operation = "uploadRemove",
     .summary = "Give up an upload that no case took",
     .tag = "media",
     .run = delete,
     .who = SENDERS,
     .level = LEVEL_UNPROVEN,
     .reply_status = 204,
     .params = version_headers,
     .problems = upload_problems,
     .rate = RATE_UPLOAD,
     .errors = ERRORS_TUS,
     .flags = ROUTE_OVERRIDE | ROUTE_ACTING},
    {.method = GET,
     .path = "/v1/uploads/{id}",
     .operation = "uploadGet",
     .summary = "The file as it was sent, to who sent it, once it was found sound",
     .tag = "media",
     .run = get,
     .who = SENDERS,
     .level = LEVEL_UNPROVEN,
     .reply_type = "*/*",
     .problems = file_problems,
     .rate = RATE_READ,
     .flags = ROUTE_FILE | ROUTE_ACTING},
    {0},
};
