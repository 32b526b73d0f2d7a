/* Deputies: who stands for a leader, from when until when. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/staff/staff.h"
#include "push/templates.h"

static int reply_deputy(const struct request *req, struct reply *reply, const struct deputy *d,
                        int status)
{
    return staff_reply(req, reply, &deputy_entity, &d->id, d, status);
}

static int tell(const struct request *req, const struct deputy *d)
{
    const char *from = template_time(d->from_ms, req->arena);
    const char *until = template_time(d->until_ms, req->arena);
    return auth_tell(
        req, &d->deputy, "deputy",
        arena_printf(req->arena,
                     "Bạn được ủy quyền xử lý thay lãnh đạo từ %s đến %s. Các bước của "
                     "bạn được ghi là xử lý thay.",
                     from, until),
        arena_printf(req->arena,
                     "You stand for a leader from %s until %s. History says so with "
                     "each of your steps.",
                     from, until));
}

static int name_post(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    const char *from = json_string_value(json_object_get(req->json, "from"));
    struct deputy d = {.agency = arena_strdup(req->arena, req->who.agency),
                       .leader = req->who.subject,
                       .from_ms = req->now_ms};
    id_parse(json_string_value(json_object_get(req->json, "deputy")), &d.deputy);
    if (from)
        clock_parse(from, &d.from_ms);
    clock_parse(json_string_value(json_object_get(req->json, "until")), &d.until_ms);
    int done = staff_doer_of(req, &doer);
    if (done < 0)
        return done;
    struct store_write write =
        store_write_keyed("deputy", &req->who.subject, request_header(req, "idempotency-key"),
                          req->bytes, req->n_bytes);
    struct id id = id_v8("deputy", &(struct id_part){write.id.bytes, 16}, 1);
    done = deputy_name(app_of(req)->store, &id, &write, &d, &doer, req->now_ms, req->arena);
    if (done == DEPUTY_PERIOD)
        return reply_invalid(reply, "/until",
                             "Thời hạn phải ở tương lai, không quá 92 ngày và bắt đầu trong vòng "
                             "một năm",
                             "The period ends in the future, has at most 92 days and begins within "
                             "a year");
    if (done == DEPUTY_NOT_OFFICER)
        return reply_invalid(reply, "/deputy", "Không phải cán bộ đang làm việc của cơ quan này",
                             "Not an active officer of this agency");
    if (done == 0)
        done = tell(req, &d);
    if (done != 0 && done != STORE_REPEATED)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_deputy(req, reply, &d, 201);
}

static int end_delete(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct deputy d;
    struct id id;
    int done = request_param_id(req, "id", &id)
                   ? deputy_get(app_of(req)->store, &id, req->arena, &d)
                   : STORE_ABSENT;
    if (done < 0)
        return done;
    if (done > 0 || !staff_is_over(req, d.agency))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = staff_doer_of(req, &doer);
    if (done == 0)
        done = deputy_end(app_of(req)->store, &id, &doer, req->now_ms, req->arena, &d);
    if (done == DEPUTY_OVER)
        done = deputy_get(app_of(req)->store, &id, req->arena, &d);
    return done != 0 ? (done < 0 ? done : app_reply_store(reply, done))
                     : reply_deputy(req, reply, &d, 200);
}

static int show(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct deputy d = {0};
    int done = entity_decode(&deputy_entity, doc, req->arena, &d);
    if (done < 0 || !store_document_id(doc, &d.id))
        return done < 0 ? done : E_CORRUPT;
    return staff_show(req, &deputy_entity, &d.id, &d, out);
}

static int list_get(struct request *req, struct reply *reply)
{
    return staff_list(req, reply, req->who.agency, &deputy_collection, "until", show);
}

static const enum problem named[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem name_problems[] = {PROBLEM_INVALID, PROBLEM_CONFLICT, PROBLEM_KEY_REUSED,
                                             PROBLEM_NONE};

/* clang-format off */
const struct route deputy_routes[] = {
    {.method = GET, .path = "/v1/desk/deputies", .operation = "deputyList",
     .summary = "Deputies of my agency, those that end last first", .tag = "staff",
     .run = list_get, .who = ROLE_LEADER | ROLE_ADMIN | ROLE_OFFICER,
     .reply_schema = "DeputyPage", .rate = RATE_READ, .flags = ROUTE_PAGED},
    {.method = POST, .path = "/v1/desk/deputies", .operation = "deputyName",
     .summary = "Name an officer who stands for me for a while", .tag = "staff", .run = name_post,
     .who = ROLE_LEADER, .body = BODY_JSON, .body_schema = "deputy", .reply_schema = "Deputy",
     .reply_status = 201, .problems = name_problems, .rate = RATE_WRITE, .flags = ROUTE_KEYED},
    {.method = DELETE, .path = "/v1/desk/deputies/{id}", .operation = "deputyEnd",
     .summary = "End it before its time", .tag = "staff", .run = end_delete,
     .who = ROLE_LEADER | ROLE_ADMIN, .reply_schema = "Deputy", .problems = named,
     .rate = RATE_WRITE},
    {0},
};
/* clang-format on */
