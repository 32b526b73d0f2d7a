/* Being erased: what would go and what the law keeps, asking for it, taking that back. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/identity/auth.h"
#include "handlers/rights/erase.h"

static int reply_erasure(const struct request *req, struct reply *reply, int status)
{
    CLEANUP(buf_release) struct buf out = {0};
    struct app *app = app_of(req);
    struct erasure e = {0};
    char shown[65];
    bool first = true;
    buf_init(&out, 64 * 1024);
    int done = erasure_get(app->store, &req->who.subject, req->arena, &e);
    if (done < 0)
        return done;
    buf_add_str(&out, "{");
    if (done == 0 && e.state != ERASURE_CANCELLED)
        entity_json_members(&erasure_entity, &e, SEE_OWNER, &first, &out);
    else
        buf_add_str(&out, "\"state\":\"none\"");
    buf_printf(&out, ",\"wait_days\":%lld,",
               (long long)((app->rights.erasure_wait_ms + CLOCK_DAY_MS - 1) / CLOCK_DAY_MS));
    done =
        erasure_show(app, &req->who.subject, req->language == LANGUAGE_EN, req->arena, &out, shown);
    buf_printf(&out, ",\"shown\":\"%s\"}", shown);
    reply_header(reply, "cache-control", "no-store");
    if (done == 0)
        done = out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
    return done;
}

static int erasure_get_route(struct request *req, struct reply *reply)
{
    return reply_erasure(req, reply, 200);
}

/* Not long ago, whoever asks showed who they are: a telephone that lies about erases nobody. */
static int check_fresh(const struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct session s;
    int done = session_get(app->store, &req->who.session, req->arena, &s);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_TOKEN_BAD, NULL);
    int64_t shown_ms = s.proven_ms > s.created_ms ? s.proven_ms : s.created_ms;
    return req->now_ms - shown_ms < app->fresh_ms ? 0
                                                  : reply_problem(reply, PROBLEM_NOT_FRESH, NULL);
}

/* What was shown is what would happen, in either language. */
static int check_shown(const struct request *req, struct reply *reply)
{
    const char *said = json_string_value(json_object_get(req->json, "shown"));
    bool same = false;
    for (int language = 0; language < 2; language++) {
        CLEANUP(buf_release) struct buf out;
        char shown[65];
        buf_init(&out, 64 * 1024);
        int done = erasure_show(app_of(req), &req->who.subject, language, req->arena, &out, shown);
        if (done != 0)
            return done;
        same |= strcmp(said, shown) == 0;
    }
    if (same)
        return 0;
    return reply_problem(
        reply, PROBLEM_REVISED,
        req->language == LANGUAGE_EN
            ? "What goes or stays has changed since you read it: read it again"
            : "Những gì bị xoá hoặc được giữ đã thay đổi; hãy xem lại rồi xác nhận");
}

static int tell_asked(const struct request *req, int64_t due_ms)
{
    char due[CLOCK_TEXT];
    clock_format(due_ms + CLOCK_LOCAL_OFFSET_MS, due);
    return auth_tell(req, &req->who.subject, "erasure_asked",
                     arena_printf(req->arena,
                                  "Bạn đã yêu cầu xoá tài khoản; việc xoá bắt đầu từ ngày %.10s. "
                                  "Không phải bạn? Hãy đăng nhập và rút lại yêu cầu.",
                                  due),
                     arena_printf(req->arena,
                                  "You asked for your account to be erased, from %.10s on. Was it "
                                  "not you? Sign in and take the request back.",
                                  due));
}

static int erasure_post(struct request *req, struct reply *reply)
{
    struct app *app = app_of(req);
    struct erasure e;
    bool blocked = false;
    int done = check_fresh(req, reply);
    if (done == 0 && !reply_is_problem(reply))
        done = check_shown(req, reply);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = erasure_blocked(app, &req->who.subject, &blocked);
    if (done == 0 && blocked)
        return reply_problem(reply, PROBLEM_ERASURE_BLOCKED, NULL);
    if (done == 0)
        done = erasure_ask(app->store, &req->who.subject, app->rights.erasure_wait_ms, req->now_ms,
                           req->arena, &e);
    if (done == 0)
        done = tell_asked(req, e.due_ms);
    if (done != 0 && done != ERASURE_WAITS)
        return done;
    return reply_erasure(req, reply, 202);
}

static int erasure_delete(struct request *req, struct reply *reply)
{
    int done = erasure_cancel(app_of(req)->store, &req->who.subject);
    if (done == STORE_ABSENT || done == ERASURE_LATE)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (done == 0)
        done = auth_tell(req, &req->who.subject, "erasure_cancelled",
                         "Yêu cầu xoá tài khoản của bạn đã được rút lại.",
                         "Your request to be erased was taken back.");
    return done == 0 ? reply_empty(reply, 204) : done;
}

#define TEXT "{\"type\":\"string\"}"
#define TIME "{\"type\":\"string\",\"format\":\"date-time\"}"
#define ROWS(required, properties)                                                                 \
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,"           \
    "\"required\":[" required "],\"properties\":{" properties "}}}"
#define HELD                                                                                       \
    ROWS("\"what\",\"words\",\"law\",\"until\",\"count\"",                                         \
         "\"what\":" TEXT ",\"words\":" TEXT ",\"law\":" TEXT ",\"until\":" TEXT                   \
         ",\"count\":{\"type\":\"integer\"}")

const struct route_component erasure_components[] = {
    {"ErasureShown",
     "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"state\",\"wait_days\","
     "\"erased\",\"kept\",\"blocked\",\"shown\"],\"properties\":{\"state\":{\"enum\":[\"none\","
     "\"waiting\",\"erasing\",\"erased\"]},\"asked_at\":" TIME ",\"due\":" TIME ",\"held_at\":" TIME
     ",\"wait_days\":{\"type\":\"integer\"},\"erased\":" ROWS(
         "\"what\",\"words\"",
         "\"what\":" TEXT ",\"words\":" TEXT) ",\"kept\":" HELD ",\"blocked\":" HELD
                                              ",\"shown\":{\"type\":\"string\","
                                              "\"description\":\"Of what stands here: a "
                                              "request names it\"}}}"},
    {0},
};

static const enum problem ask_problems[] = {PROBLEM_NOT_FRESH, PROBLEM_REVISED,
                                            PROBLEM_ERASURE_BLOCKED, PROBLEM_NONE};
static const enum problem found_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

const struct route erasure_routes[] = {
    {.method = GET,
     .path = "/v1/me/erasure",
     .operation = "erasureGet",
     .summary = "What would be erased, what the law keeps and until when, and how far a request is",
     .tag = "rights",
     .run = erasure_get_route,
     .who = ROLE_CITIZEN,
     .reply_schema = "ErasureShown",
     .rate = RATE_READ},
    {.method = POST,
     .path = "/v1/me/erasure",
     .operation = "erasureAsk",
     .summary = "Ask to be erased, after a time in which it can be taken back; fresh sign-in",
     .tag = "rights",
     .run = erasure_post,
     .who = ROLE_CITIZEN,
     .body = BODY_JSON,
     .body_schema = "erasure_new",
     .reply_schema = "ErasureShown",
     .reply_status = 202,
     .problems = ask_problems,
     .rate = RATE_WRITE},
    {.method = DELETE,
     .path = "/v1/me/erasure",
     .operation = "erasureCancel",
     .summary = "Take the request back",
     .tag = "rights",
     .run = erasure_delete,
     .who = ROLE_CITIZEN,
     .reply_status = 204,
     .problems = found_problems,
     .rate = RATE_WRITE},
    {0},
};
