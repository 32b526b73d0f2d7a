/* A copy of everything that is kept about me: asked for, followed, fetched. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/result.h"
#include "handlers/identity/auth.h"
#include "handlers/rights/export.h"

#define FILE_NAME "export"
#define SHOWN_MAX 20

/* --- showing ------------------------------------------------------------------------------------
 */

static void add_job(const struct request *req, const struct export *e, struct buf *out)
{
    bool first = false;
    buf_printf(out, "{\"id\":\"%s\"", app_id_text(req, &e->id));
    entity_json_members(&export_entity, e, SEE_OWNER, &first, out);
    if (e->state == EXPORT_READY)
        buf_printf(out, ",\"url\":\"%s\"", app_signed_url(req, "/v1/exports", &e->id, FILE_NAME));
    buf_add_str(out, "}");
}

static int reply_job(const struct request *req, struct reply *reply, const struct export *e,
                     int status)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 16 * 1024);
    add_job(req, e, &out);
    reply_header(reply, "cache-control", "no-store");
    reply_header(reply, "location",
                 arena_printf(req->arena, "/v1/me/exports/%s", app_id_text(req, &e->id)));
    return out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
}

/* The caller's own, or NOT_FOUND answered. */
static int find(const struct request *req, struct reply *reply, struct export *ret)
{
    struct id id;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = export_get(app_of(req)->store, &id, req->arena, ret);
    if (done < 0)
        return done;
    if (done > 0 || !id_equal(&ret->owner, &req->who.subject))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return 0;
}

/* --- asking -------------------------------------------------------------------------------------
 */

static int export_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct export e = {0};
    int64_t retry_ms = 0;
    int done = export_ask(app->store, &req->who.subject, req->who.level, app->rights.exports_a_day,
                          app->rights.export_keep_ms, req->now_ms, req->arena, &e, &retry_ms);
    if (done == EXPORT_ENOUGH)
        return auth_reply_later(req, reply, retry_ms);
    if (done != 0 && done != EXPORT_GOING)
        return done;
    if (app->wake_exports)
        app->wake_exports(app_of(req));
    return reply_job(req, reply, &e, 202);
}

static int exports_get(struct request *req, struct reply *reply)
{
    CLEANUP(buf_release) struct buf out = {0};
    struct export *all = NULL;
    size_t n = 0;
    int done = export_list(app_of(req)->store, &req->who.subject, SHOWN_MAX, req->arena, &all, &n);
    if (done != 0)
        return done;
    buf_init(&out, 256 * 1024);
    buf_add_str(&out, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        buf_add_str(&out, i ? "," : "");
        add_job(req, &all[i], &out);
    }
    buf_add_str(&out, "]}");
    reply_header(reply, "cache-control", "no-store");
    return out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

static int export_get_one(struct request *req, struct reply *reply)
{
    struct export e = {0};
    int done = find(req, reply, &e);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return reply_job(req, reply, &e, 200);
}

static int export_delete(struct request *req, struct reply *reply)
{
    struct export e = {0};
    int done = find(req, reply, &e);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (e.state == EXPORT_QUEUED || e.state == EXPORT_RUNNING)
        return reply_problem(reply, PROBLEM_IN_PROGRESS, NULL);
    done = export_drop_file(app_of(req)->store, &e);
    return done == 0 ? reply_empty(reply, 204) : done;
}

/* --- the file -----------------------------------------------------------------------------------
 */

static int read_file(void *ctx, int64_t offset, void *out, size_t n, size_t *ret_n)
{
    return sealed_read(ctx, offset, out, n, ret_n);
}

static void free_file(void *ctx)
{
    sealed_close(ctx);
    free(ctx);
}

static int reply_zip(const struct request *req, struct reply *reply, const struct export *e,
                     struct sealed_reader *reader)
{
    char day[CLOCK_TEXT];
    clock_format(e->ready_ms, day);
    const struct reply_file file = {
        .size = e->size,
        .content_type = "application/zip",
        .etag = app_id_text(req, &e->id),
        .cache_control = "private, no-store",
        .disposition = arena_printf(req->arena, "attachment; filename=\"tram-%.10s.zip\"", day),
        .read = read_file,
        .free_ctx = free_file,
        .ctx = reader,
    };
    return reply_file(reply, &file);
}

/* The signature is the permission; the owner's key opens it, and without that nothing does. */
static int export_file_get(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct id id;
    struct export e = {0};
    uint8_t key[SEAL_KEY];
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = export_get(app->store, &id, req->arena, &e);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (!app_signed_url_check(req, &id, FILE_NAME))
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    if (e.state != EXPORT_READY || e.expires_ms <= req->now_ms)
        return reply_problem(reply, PROBLEM_GONE, NULL);
    struct sealed_reader *reader = malloc(sizeof(*reader));
    if (!reader)
        return E_NOMEM;
    const struct seal_about about = {"export.blob", e.id};
    done = export_key_open(&app->people, &e, key);
    if (done == 0)
        done = sealed_open(app->store, &e.blob, e.size, key, &about, reader);
    bytes_wipe(key, sizeof(key));
    if (done == 0)
        return reply_zip(req, reply, &e, reader);
    free(reader);
    return done < 0 ? done : reply_problem(reply, PROBLEM_GONE, NULL);
}

/* --- the table ----------------------------------------------------------------------------------
 */

static const struct route_param signature_params[] = {
    {"until", "{\"type\":\"string\",\"maxLength\":20}", "When the address expires"},
    {"sig", "{\"type\":\"string\",\"maxLength\":100}", "Signature"},
    {0},
};
static const enum problem ask_problems[] = {PROBLEM_TOO_MANY, PROBLEM_NONE};
static const enum problem found_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_IN_PROGRESS, PROBLEM_NONE};
static const enum problem file_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_GONE,
                                             PROBLEM_RANGE, PROBLEM_NONE};

const struct route export_routes[] = {
    {.method = POST,
     .path = "/v1/me/exports",
     .operation = "exportAsk",
     .summary = "Ask for a copy of everything kept about me; one at a time, so many a day",
     .tag = "rights",
     .run = export_post,
     .who = ROLE_CITIZEN,
     .reply_schema = "Export",
     .reply_status = 202,
     .problems = ask_problems,
     .rate = RATE_WRITE},
    {.method = GET,
     .path = "/v1/me/exports",
     .operation = "exportList",
     .summary = "My copies, newest first",
     .tag = "rights",
     .run = exports_get,
     .who = ROLE_CITIZEN,
     .reply_schema = "ExportList",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/me/exports/{id}",
     .operation = "exportGet",
     .summary = "How far it is; once it is ready, where it is fetched",
     .tag = "rights",
     .run = export_get_one,
     .who = ROLE_CITIZEN,
     .reply_schema = "Export",
     .problems = found_problems,
     .rate = RATE_READ},
    {.method = DELETE,
     .path = "/v1/me/exports/{id}",
     .operation = "exportDrop",
     .summary = "Remove the file before its time",
     .tag = "rights",
     .run = export_delete,
     .who = ROLE_CITIZEN,
     .reply_status = 204,
     .problems = found_problems,
     .rate = RATE_WRITE},
    {.method = GET,
     .path = "/v1/exports/{id}/" FILE_NAME,
     .operation = "exportFile",
     .summary = "The ZIP by its signed address, also in parts",
     .tag = "rights",
     .run = export_file_get,
     .who = ROLE_ANYONE,
     .reply_type = "application/zip",
     .params = signature_params,
     .problems = file_problems,
     .rate = RATE_READ,
     .flags = ROUTE_FILE},
    {0},
};
