#include "handlers/acting.h"

#include <string.h>

#include "base/result.h"
#include "gateway/sse.h"

/* Kept for app_actor; the request has it for as long as it lives. */
static void keep(struct request *req, const struct principal *p)
{
    req->principal = arena_dup(req->arena, p, sizeof(*p));
}

static int reply_level(struct reply *reply)
{
    reply_problem(reply, PROBLEM_LEVEL, NULL);
    reply_extra(reply, "level_needed", json_integer(LEVEL_TWO));
    reply_extra(reply, "step_up", json_string("/v1/auth/eid"));
    return 0;
}

static int reply_not_acting(const struct request *req, struct reply *reply, enum acting_why why)
{
    static const char *const words[][2] = {
        [ACTING_UNKNOWN] = {"Bạn không phải là thành viên hoặc người đại diện",
                            "You are neither a member nor a representative"},
        [ACTING_PENDING] = {"Chưa được cơ quan xác nhận", "No office has confirmed it yet"},
        [ACTING_ENDED] = {"Tổ chức hoặc uỷ quyền này đã chấm dứt",
                          "This organisation or authority has ended"},
        [ACTING_ROLE] = {"Bạn chỉ có quyền xem", "You may only read"},
        [ACTING_SCOPE] = {"Uỷ quyền không bao gồm việc này", "The authority does not cover this"},
    };
    reply_problem(reply, PROBLEM_NOT_ACTING, words[why][req->language]);
    reply_extra(reply, "reason", json_string(acting_why_names[why]));
    return 0;
}

void app_acting_changed(const struct request *req, const struct id *principal)
{
    if (app_of(req)->gateway)
        gateway_publish(app_of(req)->gateway, principal, "", 0);
}

bool app_is_acting(const struct request *req)
{
    return !id_is_nil(&req->acting_for);
}

int app_principal(struct request *req, struct reply *reply, const struct acting_need *need,
                  struct principal *ret)
{
    enum acting_why why;
    *ret = (struct principal){
        .id = req->who.subject,
        .acting = {.principal = req->who.subject,
                   .kind = ACTING_SELF,
                   .scope = SCOPE_ALL,
                   .may_prepare = true},
        .need = *need,
    };
    if (!app_is_acting(req)) {
        keep(req, ret);
        return 0;
    }
    if (req->who.role != ROLE_CITIZEN)
        return reply_not_acting(req, reply, ACTING_UNKNOWN);
    if (req->who.level < LEVEL_TWO)
        return reply_level(reply);
    int done = acting_for(&app_of(req)->people, &req->who.subject, &req->acting_for, need,
                          req->now_ms, req->arena, &ret->acting, &why);
    if (done == ACTING_NOT)
        return reply_not_acting(req, reply, why);
    ret->id = ret->acting.principal;
    if (done == 0)
        keep(req, ret);
    return done;
}

const void *app_digest_body(const struct request *req, size_t *ret_n)
{
    *ret_n = req->n_bytes;
    if (!app_is_acting(req) || !req->principal)
        return req->bytes;
    uint8_t *both = arena_alloc(req->arena, req->n_bytes + 16);
    memcpy(both, req->principal->id.bytes, 16);
    if (req->n_bytes > 0)
        memcpy(both + 16, req->bytes, req->n_bytes);
    *ret_n = req->n_bytes + 16;
    return both;
}

int app_tell_owner(struct app *app, const struct push_account_notice *notice, unsigned scope,
                   const char *procedure, int64_t now_ms, struct arena *a)
{
    struct id *told = arena_array(a, ACTING_TOLD_MAX, sizeof(*told));
    size_t n = 0;
    int done = acting_told(app->store, &notice->recipient, scope, procedure, now_ms, a, told, &n);
    if (done == 0)
        done = push_account(app->push, notice, now_ms);
    for (size_t i = 0; i < n && done == 0; i++) {
        struct push_account_notice copy = *notice;
        copy.recipient = told[i];
        done = push_account(app->push, &copy, now_ms);
    }
    return done;
}
