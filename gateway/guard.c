/* Who may, and in which form: everything that can be said before the body is read. */
#include <strings.h>

#include "gateway/header.h"
#include "gateway/private.h"

/* Where who is too low can rise: a code for who is not proven, an e-ID for who is. Afterwards the
 * same request is repeated with the new token. */
static const char *step_up(int level_needed)
{
    return level_needed > 0 ? "/v1/auth/eid" : "/v1/auth/otp";
}

static bool guard_who(const struct route *route, const struct request *req, struct reply *reply)
{
    enum role role = req->who.role;
    if (!(route->who & (role | ROLE_PUBLIC)))
        reply_problem(reply, role == ROLE_PUBLIC ? PROBLEM_SIGN_IN : PROBLEM_FORBIDDEN, NULL);
    else if (role == ROLE_CITIZEN && !(route->who & ROLE_PUBLIC) && req->who.level < route->level) {
        reply_problem(reply, PROBLEM_LEVEL, NULL);
        reply_extra(reply, "level_needed", json_integer(route->level));
        reply_extra(reply, "step_up", json_string(step_up(route->level)));
    }
    return !reply_is_problem(reply);
}

static const char *wanted_type(const struct route *route)
{
    switch (route->body) {
    case BODY_JSON:
        return "application/json";
    case BODY_FORM:
        return "application/x-www-form-urlencoded";
    case BODY_BYTES:
        return route->body_type;
    case BODY_NONE:
        break;
    }
    return NULL;
}

size_t route_body_max(const struct route *route)
{
    return route->body_max ? route->body_max : BODY_MAX_DEFAULT;
}

static bool guard_body(const struct route *route, const struct request *req, struct reply *reply)
{
    size_t max = route_body_max(route);
    if (route->body != BODY_NONE && req->n_bytes > max) {
        reply_problemf(reply, PROBLEM_TOO_LARGE,
                       req->language == LANGUAGE_EN ? "At most %zu bytes at once"
                                                    : "Mỗi lần gửi tối đa %zu byte",
                       max);
        reply_extra(reply, "max_bytes", json_integer((json_int_t)max));
        return false;
    }
    if (route->body == BODY_NONE) {
        if (req->n_bytes > 0)
            reply_problem(reply, PROBLEM_BAD_REQUEST,
                          req->language == LANGUAGE_EN ? "This request takes no body"
                                                       : "Yêu cầu này không nhận nội dung");
        return !reply_is_problem(reply);
    }
    /* Bytes may be absent (creation without upload); then so may be their type. */
    const char *type = request_header(req, "content-type"), *wanted = wanted_type(route);
    bool optional = route->body == BODY_BYTES && req->n_bytes == 0 && !type;
    if (wanted && !optional && !header_type_is(type, wanted))
        reply_problem(reply, PROBLEM_MEDIA_TYPE, wanted);
    return !reply_is_problem(reply);
}

/* Who a request is made for, where that is not the caller: said where nobody heeds it, or not
 * readable, it is refused. Not here: whether they may. */
static bool guard_acting(const struct route *route, struct request *req, struct reply *reply)
{
    const char *text = request_header(req, "acting-for");
    if (!text)
        return true;
    if (!(route->flags & ROUTE_ACTING))
        reply_problem(reply, PROBLEM_BAD_REQUEST,
                      req->language == LANGUAGE_EN
                          ? "Acting-For is not possible here: leave it out"
                          : "Không thể thay mặt người khác ở đây: hãy bỏ Acting-For");
    else if (!id_parse(text, &req->acting_for) || id_is_nil(&req->acting_for))
        reply_problem(reply, PROBLEM_BAD_REQUEST,
                      req->language == LANGUAGE_EN ? "Acting-For is not an id"
                                                   : "Acting-For không phải là một mã định danh");
    return !reply_is_problem(reply);
}

bool guard_request(const struct route *route, struct request *req, struct reply *reply)
{
    if (!guard_who(route, req, reply) || !guard_acting(route, req, reply))
        return false;
    if ((route->flags & ROUTE_KEYED) && !header_key_sound(request_header(req, "idempotency-key"))) {
        reply_problem(reply, PROBLEM_KEY_MISSING, NULL);
        return false;
    }
    return guard_body(route, req, reply);
}
