/* Photos to look at: whose they are and what they belong to says who may. */
#include <stdlib.h>
#include <string.h>

#include "base/result.h"
#include "handlers/acting.h"
#include "handlers/mandates.h"
#include "media/upload.h"

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

static int reply_rendition(const struct request *req, struct reply *reply, const struct upload *u,
                           const char *name, const char *cache)
{
    bool large = strcmp(name, "large") == 0;
    struct blob_file *f = malloc(sizeof(*f));
    if (!f)
        return E_NOMEM;
    *f = (struct blob_file){app_of(req)->store, large ? u->large : u->small};
    struct reply_file file = {
        .size = large ? u->large_size : u->small_size,
        .content_type = "image/jpeg",
        .etag = arena_printf(req->arena, "%s-%s", app_id_text(req, &u->id), name),
        .cache_control = cache,
        .read = read_blob,
        .free_ctx = free,
        .ctx = f,
    };
    return reply_file(reply, &file);
}

/* A sound photo, or NOT_FOUND answered. */
static int find(const struct request *req, struct reply *reply, struct upload *ret)
{
    struct id id;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = upload_get(app_of(req)->store, &id, req->arena, ret);
    if (done < 0)
        return done;
    if (done > 0 || ret->state != UPLOAD_SOUND)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return 0;
}

/* A photo of an answer that was not approved is for offices alone. */
static bool is_shown(const struct report *r, const struct id *photo, unsigned see)
{
    const struct report_photo *photos = r->photos.items;
    bool proposed = false;
    for (size_t i = 0; i < r->photos.n; i++)
        proposed |= photos[i].proposed && id_equal(&photos[i].id, photo);
    return (see & SEE_STAFF) || (see && !proposed);
}

/* The papers of an organisation, or of a mandate. */
static int may_see_paper(const struct request *req, const struct id *thing, bool *ret)
{
    int done = orgs_may_see(req, thing, ret);
    return done == 0 && !*ret ? mandates_may_see(req, thing, ret) : done;
}

/* Whose it is may; so may who may see it in the report that it belongs to. */
static int may_see(const struct request *req, const struct principal *whom, const struct upload *u,
                   bool *ret)
{
    *ret = id_equal(upload_whose(u), &whom->id) &&
           (whom->acting.kind != ACTING_PERSON || id_is_nil(&u->attached));
    if (*ret || id_is_nil(&u->attached) || !(whom->acting.scope & SCOPE_REPORTS))
        return 0;
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(app_of(req)->store, &report_collection, &u->attached, &doc);
    if (done == STORE_ABSENT)
        return may_see_paper(req, &u->attached, ret);
    if (done != 0)
        return done;
    struct report r;
    done = report_decode(doc, req->arena, &r);
    struct case_actor actor = app_actor(req);
    *ret = done == 0 && is_shown(&r, &u->id, case_see(&r.head, &actor));
    return done;
}

static int media_get(struct request *req, struct reply *reply)
{
    const struct acting_need need = {.scope = SCOPE_ALL, .reads_only = true};
    struct principal whom;
    struct upload u = {0};
    bool seen = false;
    int done = app_principal(req, reply, &need, &whom);
    if (done == 0 && !reply_is_problem(reply))
        done = find(req, reply, &u);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = may_see(req, &whom, &u, &seen);
    if (done != 0)
        return done;
    if (!seen)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return reply_json(reply, 200,
                      json_pack("{s:s, s:s, s:I, s:I, s:s, s:s}", "id", app_id_text(req, &u.id),
                                "type", u.type, "width", (json_int_t)u.width, "height",
                                (json_int_t)u.height, "large", app_media_url(req, &u.id, "large"),
                                "small", app_media_url(req, &u.id, "small")));
}

static bool known_name(const char *name)
{
    return strcmp(name, "large") == 0 || strcmp(name, "small") == 0;
}

/* The signature is the permission: whoever was given the address may look until it expires. */
static int media_file(struct request *req, struct reply *reply)
{
    struct upload u = {0};
    const char *name = request_param(req, "name");
    int done = find(req, reply, &u);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!known_name(name))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (!app_media_url_check(req, &u.id, name))
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    return reply_rendition(req, reply, &u, name, "private, max-age=900, immutable");
}

/* A photo that its agency published with the report. */
static int public_file(struct request *req, struct reply *reply)
{
    struct upload u = {0};
    const char *name = request_param(req, "name");
    int done = find(req, reply, &u);
    if (done != 0 || reply_is_problem(reply))
        return done;
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    done = store_get(app_of(req)->store, &report_public_collection, &u.attached, &doc);
    if (done < 0)
        return done;
    struct report_public p = {0};
    bool shown = false;
    if (done == 0 && known_name(name)) {
        done = entity_decode(&report_public_entity, doc, req->arena, &p);
        if (done < 0)
            return done;
        const struct report_photo *photos = p.photos.items;
        for (size_t i = 0; i < p.photos.n; i++)
            shown |= id_equal(&photos[i].id, &u.id);
    }
    if (!shown)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    /* Short, for what is published may be withdrawn. */
    return reply_rendition(req, reply, &u, name, "public, max-age=60");
}

static const struct route_param signature_params[] = {
    {"until", "{\"type\":\"string\",\"maxLength\":20}", "When the address expires"},
    {"sig", "{\"type\":\"string\",\"maxLength\":100}", "Signature"},
    {0},
};
static const enum problem media_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem file_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_RANGE,
                                             PROBLEM_NONE};

const struct route media_routes[] = {
    {.method = GET,
     .path = "/v1/media/{id}",
     .operation = "mediaGet",
     .summary = "A photo, with signed addresses of its renditions",
     .tag = "media",
     .run = media_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_schema = "Media",
     .problems = media_problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {.method = GET,
     .path = "/v1/media/{id}/{name}",
     .operation = "mediaFile",
     .summary = "A rendition by its signed address: large (1280 px) or small (320 px)",
     .tag = "media",
     .run = media_file,
     .who = ROLE_ANYONE,
     .reply_type = "image/jpeg",
     .params = signature_params,
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
