/*
 * Files that an administrator sends in parts before they are checked and loaded. Each is a blob
 * that nothing names: what nobody loads within the hour is removed as such (store/orphans.h). Its
 * name holds a tag, so that it is good for whoever began it alone.
 */
#include <stdlib.h>
#include <string.h>

#include "base/crypto/mac.h"
#include "base/result.h"
#include "handlers/admin/admin.h"

#define CHUNK ((size_t)256 * 1024)

static struct id tag_of(const struct request *req, const struct id *blob)
{
    uint8_t of[2 * sizeof(blob->bytes)];
    memcpy(of, blob->bytes, sizeof(blob->bytes));
    memcpy(of + sizeof(blob->bytes), req->who.subject.bytes, sizeof(blob->bytes));
    return mac_lookup_id(app_of(req)->keys, "admin.file", of, sizeof(of));
}

/* "<blob>.<tag>" */
static bool parse_name(const struct request *req, const char *name, struct id *ret)
{
    const char *dot = strchr(name, '.');
    struct id tag;
    if (!dot || !id_parse(arena_strndup(req->arena, name, (size_t)(dot - name)), ret) ||
        !id_parse(dot + 1, &tag))
        return false;
    struct id right = tag_of(req, ret);
    return id_equal(&tag, &right);
}

int admin_file_post(struct request *req, struct reply *reply)
{
    struct id blob;
    int done = admin_of_province(req, reply, false);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = store_blob_create(app_of(req)->store, &blob);
    if (done != 0)
        return done;
    struct id tag = tag_of(req, &blob);
    return reply_json(reply, 201,
                      json_pack("{s:s}", "file",
                                arena_printf(req->arena, "%s.%s", app_id_text(req, &blob),
                                             app_id_text(req, &tag))));
}

int admin_file_patch(struct request *req, struct reply *reply)
{
    struct id blob;
    const char *given = request_query(req, "offset");
    int64_t size = 0, offset = given ? strtoll(given, NULL, 10) : 0;
    int done = admin_of_province(req, reply, false);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!parse_name(req, request_param(req, "file"), &blob))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (offset + (int64_t)req->n_bytes > AREA_GEOJSON_MAX) {
        reply_problem(reply, PROBLEM_TOO_LARGE, NULL);
        reply_extra(reply, "max_bytes", json_integer(AREA_GEOJSON_MAX));
        return 0;
    }
    done = store_blob_append(app_of(req)->store, &blob, offset, req->bytes, req->n_bytes, &size);
    if (done == STORE_CONFLICT) /* this part came before, or the one before it did not */
        reply_extra(reply, "size", json_integer(size));
    if (done != 0)
        return app_reply_store(reply, done);
    return reply_json(reply, 200, json_pack("{s:I}", "size", (json_int_t)size));
}

int admin_file_read(const struct request *req, const char *name, struct buf *ret)
{
    struct id blob;
    struct store_blob_info info;
    struct store *s = app_of(req)->store;
    if (!parse_name(req, name, &blob))
        return STORE_ABSENT;
    int done = store_blob_stat(s, &blob, &info);
    char *chunk = arena_alloc(req->arena, CHUNK);
    for (int64_t at = 0; done == 0 && at < info.size;) {
        size_t n = 0;
        done = store_blob_read(s, &blob, at, chunk, CHUNK, &n);
        if (done == 0 && n == 0)
            done = E_CORRUPT;
        if (done == 0)
            buf_add(ret, chunk, n);
        at += (int64_t)n;
    }
    return done == 0 && ret->failed ? E_FULL : done;
}
