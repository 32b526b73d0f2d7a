/* Photos and papers to look at: whose they are and what they belong to says who may. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/result.h"
#include "handlers/identity/looks.h"
#include "handlers/media/files.h"
#include "handlers/media/media.h"
#include "handlers/media/upload_headers.h"

struct blob_file {
    struct store *store;
    struct id blob;
};

static int read_blob(void *ctx, int64_t offset, void *out, size_t n, size_t *ret_n)
{
    const struct blob_file *f = ctx;
    int done = store_blob_read(f->store, &f->blob, offset, out, n, ret_n);
    return done == STORE_ABSENT ? E_CORRUPT : done;
}

int media_reply_rendition(const struct request *req, struct reply *reply, const struct upload *u,
                          const char *name, const char *cache)
{
    bool large = strcmp(name, "large") == 0, film = strcmp(name, "video") == 0;
    struct blob_file *f = malloc(sizeof(*f));
    if (!f)
        return E_NOMEM;
    *f = (struct blob_file){app_of(req)->store, film ? u->film : large ? u->large : u->small};
    struct reply_file file = {
        .size = film    ? u->film_size
                : large ? u->large_size
                        : u->small_size,
        .content_type = film ? "video/mp4" : "image/jpeg",
        .etag = arena_printf(req->arena, "%s-%s", app_id_text(req, &u->id),
                             app_rendition(req, u, name)),
        .cache_control = cache,
        .read = read_blob,
        .free_ctx = free,
        .ctx = f,
    };
    return reply_file(reply, &file);
}

int media_find(const struct request *req, struct reply *reply, struct upload *ret)
{
    struct id id;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = upload_get(app_of(req)->store, &id, req->arena, ret);
    if (done < 0)
        return done;
    if (done == 0 && ret->state == UPLOAD_REFUSED && id_equal(&ret->owner, &req->who.subject))
        return app_reply_refused(req, reply, ret);
    if (done > 0 || ret->state != UPLOAD_SOUND)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return 0;
}

/* The same of one that who asks may see. */
static int find_seen(struct request *req, struct reply *reply, struct upload *ret,
                     const struct case_head **ret_head)
{
    const struct acting_need need = {.scope = SCOPE_ALL, .reads_only = true};
    struct principal whom;
    bool seen = false;
    int done = app_principal(req, reply, &need, &whom);
    if (done == 0 && !reply_is_problem(reply))
        done = media_find(req, reply, ret);
    if (done == 0 && !reply_is_problem(reply))
        done = app_may_see(req, &whom, ret, &seen, ret_head);
    if (done == 0 && !reply_is_problem(reply) && !seen)
        reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return done;
}

/* A stored signature as it is told: the time as text, the flaw in words. */
static int tell_signature(const struct request *req, json_t *s)
{
    const char *flaw = json_string_value(json_object_get(s, "flaw"));
    int64_t signed_ms = json_integer_value(json_object_get(s, "signed_ms"));
    char text[32];
    int done = json_object_del(s, "signed_ms");
    if (signed_ms)
        done |= json_object_set_new(s, "signed_at", json_string(clock_format(signed_ms, text)));
    for (unsigned i = 0; flaw && i < MEDIA_FLAW_COUNT; i++) {
        const struct media_fault_words *words = media_signature_words(i);
        if (strcmp(words->slug, flaw) == 0)
            done |= json_object_set_new(
                s, "words", json_string(req->language == LANGUAGE_EN ? words->en : words->vi));
    }
    return done == 0 ? 0 : E_NOMEM;
}

/* What a paper says of itself beside what every file does. */
static int add_paper(const struct request *req, const struct upload *u, json_t *body)
{
    struct upload_service s = app_uploads(app_of(req));
    json_t *signatures = NULL;
    int done = upload_signatures(&s, u, &signatures);
    if (done != 0)
        return done;
    int full = json_object_set_new(body, "signatures", signatures);
    for (size_t i = 0; done == 0 && i < json_array_size(signatures); i++)
        done = tell_signature(req, json_array_get(signatures, i));
    full |= json_object_set_new(body, "signed", json_string(upload_signed(u)));
    full |= json_object_set_new(
        body, "original",
        json_string(arena_printf(req->arena, "/v1/media/%s/original", app_id_text(req, &u->id))));
    if (u->partial)
        full |= json_object_set_new(body, "partial", json_true());
    return full != 0 ? E_NOMEM : done;
}

static int add_video(const struct request *req, const struct upload *u, json_t *body)
{
    int full = json_object_set_new(body, "video", json_string(app_media_url(req, u, "video")));
    full |= json_object_set_new(body, "duration_ms", json_integer(u->duration_ms));
    return full != 0 ? E_NOMEM : 0;
}

/* That parts of a photo are covered; and to its sender, where it is as they sent it. */
static int add_covered(const struct request *req, const struct upload *u, bool own, json_t *body)
{
    int full = json_object_set_new(body, "covered", json_true());
    if (own)
        full |= json_object_set_new(
            body, "original",
            json_string(arena_printf(req->arena, "/v1/uploads/%s", app_id_text(req, &u->id))));
    return full != 0 ? E_NOMEM : 0;
}

static int media_get(struct request *req, struct reply *reply)
{
    struct upload u = {0};
    const struct case_head *head;
    int done = find_seen(req, reply, &u, &head);
    if (done != 0 || reply_is_problem(reply))
        return done;
    bool paper = upload_kind(&u) == UPLOAD_PAPER, video = upload_kind(&u) == UPLOAD_VIDEO;
    bool own = id_equal(&u.owner, &req->who.subject);
    CLEANUP(json_decrefp)
    json_t *body =
        json_pack("{s:s, s:s, s:s, s:I, s:s*, s:I, s:I, s:I, s:s, s:s}", "id",
                  app_id_text(req, &u.id), "type", u.type, "kind",
                  paper   ? "paper"
                  : video ? "video"
                          : "photo",
                  "size", (json_int_t)u.original_size, "sha256", u.sha256, "pages",
                  (json_int_t)(u.pages ? u.pages : 1), "width", (json_int_t)u.width, "height",
                  (json_int_t)u.height, "large", app_media_url(req, &u, "large"), "small",
                  app_media_url(req, &u, "small"));
    if (!body)
        return E_NOMEM;
    done = paper           ? add_paper(req, &u, body)
           : video         ? add_video(req, &u, body)
           : u.boxes.n > 0 ? add_covered(req, &u, own, body)
                           : 0;
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_GONE, NULL);
    return reply_json(reply, 200, STEAL(body));
}

/* --- the original of a paper ------------------------------------------------------------------ */

#define FILENAME_MAX_BYTES 120

/* The value of `filename` in tus metadata (key base64, …), as text; NULL: none that is fit. */
static const char *sent_name(const struct request *req, const char *metadata)
{
    const char *sent = tus_metadata_value(req, metadata, "filename");
    if (!sent)
        return NULL;
    char *name = arena_strdup(req->arena, sent);
    for (char *c = name; *c; c++)
        *c = strchr("/\\:*?\"<>|", *c) || (unsigned char)*c < 0x20 || *c == 0x7f ? '_' : *c;
    name[text_cut(name, FILENAME_MAX_BYTES)] = '\0';
    return name;
}

/* Content-Disposition (RFC 6266) with the sender's name for it (RFC 8187), by its kind. */
static const char *disposition_of(const struct request *req, const struct upload *u,
                                  const char *metadata)
{
    const char *id = app_id_text(req, &u->id), *name = sent_name(req, metadata);
    const char *extension = upload_extension(u->type);
    if (!name)
        return arena_printf(req->arena, "attachment; filename=\"%s%s\"", id, extension);
    size_t n = strlen(name), tail = strlen(extension);
    bool ends = n > tail && strcasecmp(name + n - tail, extension) == 0;
    char *escaped = arena_alloc(req->arena, 3 * n + 1), *out = escaped;
    for (const char *c = name; *c; c++) {
        bool plain = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= 'a' && *c <= 'z') || *c == '.' || *c == '-' || *c == '_';
        out += snprintf(out, 4, plain ? "%c" : "%%%02X", (unsigned char)*c);
    }
    *out = '\0';
    return arena_printf(req->arena, "attachment; filename=\"%s%s\"; filename*=UTF-8''%s%s", id,
                        extension, escaped, ends ? "" : extension);
}

int app_look_at_original(const struct request *req, const struct upload *u,
                         const struct case_head *head, const char *reason)
{
    if (!(req->who.role & ROLE_STAFF) || (u->staff && !head) ||
        id_equal(&u->owner, &req->who.subject))
        return 0;
    const struct app_look look = {.person = u->staff ? head->owner : u->owner,
                                  .what = LOOK_ORIGINAL,
                                  .number = head ? head->number : NULL,
                                  .reason = reason};
    return app_look(req, &look);
}

static int read_original(void *ctx, int64_t offset, void *out, size_t n, size_t *ret_n)
{
    return sealed_read(ctx, offset, out, n, ret_n);
}

static void free_original(void *ctx)
{
    sealed_close(ctx);
    free(ctx);
}

int app_reply_original(const struct request *req, struct reply *reply, const struct upload *u)
{
    struct upload_service s = app_uploads(app_of(req));
    CLEANUP(freep) struct sealed_reader *original = malloc(sizeof(*original));
    const char *metadata = NULL;
    int done = original ? upload_metadata(&s, u, req->arena, &metadata) : E_NOMEM;
    if (done == 0)
        done = upload_original(&s, u, original);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_GONE, NULL);
    struct reply_file file = {
        .size = u->original_size,
        .content_type = u->type,
        .etag = u->sha256,
        .cache_control = "private, no-store",
        .disposition = disposition_of(req, u, metadata),
        .read = read_original,
        .free_ctx = free_original,
        .ctx = STEAL(original),
    };
    return reply_file(reply, &file);
}

static int media_original(struct request *req, struct reply *reply)
{
    struct upload u = {0};
    const struct case_head *head = NULL;
    int done = find_seen(req, reply, &u, &head);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (upload_kind(&u) != UPLOAD_PAPER)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = app_look_at_original(req, &u, head, NULL);
    return done != 0 ? done : app_reply_original(req, reply, &u);
}

static bool known_name(const char *name)
{
    return strcmp(name, "large") == 0 || strcmp(name, "small") == 0;
}

int media_reply_signed(const struct request *req, struct reply *reply, const char *name)
{
    struct upload u = {0};
    int done = media_find(req, reply, &u);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!app_media_url_check(req, &u, name))
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    return media_reply_rendition(req, reply, &u, name, "private, max-age=900, immutable");
}

int media_reply_public(const struct request *req, struct reply *reply, const char *name)
{
    struct upload u = {0};
    int done = media_find(req, reply, &u);
    if (done != 0 || reply_is_problem(reply))
        return done;
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    done = store_get(app_of(req)->store, &report_public_collection, &u.attached, &doc);
    if (done < 0)
        return done;
    struct report_public p = {0};
    bool shown = false;
    if (done == 0) {
        done = entity_decode(&report_public_entity, doc, req->arena, &p);
        if (done < 0)
            return done;
        const struct report_photo *photos = p.photos.items;
        for (size_t i = 0; i < p.photos.n; i++)
            shown |= id_equal(&photos[i].id, &u.id);
    }
    if (!shown)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    /* Asked for anew each time: what is published may be withdrawn, or covered, and a copy that a
     * cache shows without asking cannot be called back. */
    return media_reply_rendition(req, reply, &u, name, "public, no-cache");
}

static int media_file(struct request *req, struct reply *reply)
{
    const char *name = request_param(req, "name");
    return known_name(name) ? media_reply_signed(req, reply, name)
                            : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
}

/* A photo that its agency published with the report. */
static int public_file(struct request *req, struct reply *reply)
{
    const char *name = request_param(req, "name");
    return known_name(name) ? media_reply_public(req, reply, name)
                            : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
}

const struct route_param media_signature_params[] = {
    {"until", "{\"type\":\"string\",\"maxLength\":20}", "When the address expires"},
    {"sig", "{\"type\":\"string\",\"maxLength\":100}", "Signature"},
    {0},
};
static const enum problem media_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_INVALID, PROBLEM_GONE,
                                              PROBLEM_NONE};
static const enum problem original_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_INVALID, PROBLEM_GONE,
                                                 PROBLEM_RANGE, PROBLEM_NONE};
static const enum problem file_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_RANGE,
                                             PROBLEM_NONE};

const struct route media_routes[] = {
    {.method = GET,
     .path = "/v1/media/{id}",
     .operation = "mediaGet",
     .summary = "A photo, a paper or a video, with signed addresses of its renditions; of a paper "
                "also who signed it",
     .tag = "media",
     .run = media_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_schema = "Media",
     .problems = media_problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {.method = GET,
     .path = "/v1/media/{id}/original",
     .operation = "mediaOriginal",
     .summary = "A paper as it was sent: application/pdf, to save. An official's look is recorded",
     .tag = "media",
     .run = media_original,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_type = "application/pdf",
     .problems = original_problems,
     .rate = RATE_READ,
     .flags = ROUTE_FILE | ROUTE_ACTING},
    {.method = GET,
     .path = "/v1/media/{id}/{name}",
     .operation = "mediaFile",
     .summary = "A rendition by its signed address: large (1280 px) or small (320 px)",
     .tag = "media",
     .run = media_file,
     .who = ROLE_ANYONE,
     .reply_type = "image/jpeg",
     .params = media_signature_params,
     .problems = file_problems,
     .rate = RATE_READ,
     .flags = ROUTE_FILE},
    {.method = GET,
     .path = "/v1/public/media/{id}/{name}",
     .operation = "publicMediaFile",
     .summary = "A published photo: large (1280 px) or small (320 px)",
     .tag = "public",
     .run = public_file,
     .who = ROLE_ANYONE,
     .reply_type = "image/jpeg",
     .problems = file_problems,
     .rate = RATE_READ,
     .flags = ROUTE_FILE},
    {0},
};
