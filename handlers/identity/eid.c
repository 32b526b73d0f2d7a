/* Signing in by e-ID: begin, the provider's way back, finish. How it is meant: domain/eid/eid.h. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/identity/auth.h"
#include "handlers/identity/auth_cookie.h"

#define WAITED_MAX_MS 15000 /* in the queue before a call out is even begun */
#define RETRY_S "10"

/* A device may begin so many; a flow is a document. */
static const struct limit_rule begin_hour = {"eid.address.hour", INT64_C(3600) * 1000, 1200};

static int reply_away(struct reply *reply)
{
    reply_header(reply, "retry-after", RETRY_S);
    return reply_problem(reply, PROBLEM_EID_AWAY, NULL);
}

static int reply_eid(struct reply *reply, int outcome)
{
    switch (outcome) {
    case EID_AWAY:
        return reply_away(reply);
    case EID_NO_FLOW:
    case EID_REFUSED:
        return reply_problem(reply, PROBLEM_EID_REFUSED, NULL);
    case EID_CARD:
        return reply_problem(reply, PROBLEM_EID_REFUSED,
                             "Tài khoản định danh không có số căn cước hợp lệ");
    case PERSON_OTHER:
        return reply_problem(reply, PROBLEM_EID_OTHER, NULL);
    case PERSON_ERASED:
        return reply_problem(reply, PROBLEM_GONE, NULL);
    default:
        return outcome < 0 ? outcome : app_reply_store(reply, outcome);
    }
}

/* Not configured is as good as away; and so is one that so many already wait for. */
static bool is_away(const struct request *req)
{
    return !app_of(req)->provider || clock_now_ms() - req->now_ms > WAITED_MAX_MS;
}

/* The caller's person where they are signed in; nil for nobody. */
static struct id caller(const struct request *req)
{
    return req->who.role == ROLE_CITIZEN ? req->who.subject : (struct id){0};
}

/* --- begin ------------------------------------------------------------------------------------ */

/* The link that the app claims, one of the configured ones; the only one needs no name. */
static const char *find_redirect(const struct request *req)
{
    const struct config_list *known = &app_of(req)->eid.redirects;
    const char *asked = json_string_value(json_object_get(req->json, "redirect"));
    if (!asked)
        return known->n == 1 ? known->items[0] : NULL;
    for (size_t i = 0; i < known->n; i++) {
        if (strcmp(known->items[i], asked) == 0)
            return known->items[i];
    }
    return NULL;
}

static int begin_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    const char *visitor = auth_visitor(req), *url = NULL;
    const char *device = json_string_value(json_object_get(req->json, "device_id"));
    int64_t retry_ms = 0;
    if (is_away(req))
        return reply_away(reply);
    const char *redirect = find_redirect(req);
    if (!redirect)
        return reply_invalid(reply, "/redirect", "Địa chỉ quay lại không nằm trong danh sách",
                             "Not one of the links that are configured");
    int done = limit_take(app->store, &begin_hour, visitor ? visitor : "",
                          visitor ? strlen(visitor) : 0, req->now_ms, &retry_ms);
    if (done == LIMIT_REACHED)
        return auth_reply_later(req, reply, retry_ms);
    const bool signed_in = req->who.role == ROLE_CITIZEN;
    struct eid_flow flow = {
        .person = caller(req),
        .device = person_device_id(&app->people, device),
        .redirect = redirect,
        .redirect_uri = app->eid.callback[0] ? app->eid.callback : redirect,
    };
    if (signed_in)
        flow.session = req->who.session;
    if (done == 0)
        done = eid_flow_begin(app->store, app->keys, req->now_ms, req->arena, &flow);
    if (done == 0)
        done = eid_authorization_url(app->provider, &flow,
                                     req->language == LANGUAGE_EN ? "en" : "vi", req->arena, &url);
    if (done != 0)
        return reply_eid(reply, done);
    reply_header(reply, "cache-control", "no-store");
    return reply_json(reply, 201,
                      json_pack("{s:s, s:s, s:s, s:I}", "flow", app_id_text(req, &flow.id),
                                "secret", flow.secret, "authorization_url", url, "expires_in",
                                (json_int_t)(EID_FLOW_MS / 1000)));
}

/* --- the provider's way back ------------------------------------------------------------------ */

static void add_param(struct buf *out, const struct request *req, const char *name)
{
    const char *value = request_query(req, name);
    if (value && out->data)
        eid_add_pair(out, strchr(out->data, '?') ? '&' : '?', name, value);
}

/* Forwards to where the flow's app waits, and nowhere else. Nothing is decided here; every reply
 * says Referrer-Policy: no-referrer. */
static int callback_get(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    const char *state = request_query(req, "state");
    struct eid_flow flow;
    CLEANUP(buf_release) struct buf url;
    buf_init(&url, 16 * 1024);
    reply_header(reply, "cache-control", "no-store");
    int done = state && app->eid.on
                   ? eid_flow_of_state(app->store, app->keys, state, req->now_ms, req->arena, &flow)
                   : EID_NO_FLOW;
    if (done != 0)
        return reply_eid(reply, done);
    const char *iss = request_query(req, "iss");
    if (iss ? strcmp(iss, app->eid.issuer) != 0 : app->eid.response_iss)
        return reply_eid(reply, EID_REFUSED);
    buf_add_str(&url, flow.redirect);
    add_param(&url, req, "code");
    add_param(&url, req, "state");
    add_param(&url, req, "iss");
    add_param(&url, req, "error");
    if (url.failed)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, NULL);
    reply_header(reply, "location", url.data);
    return reply_empty(reply, 303);
}

/* --- finish ----------------------------------------------------------------------------------- */

static int exchange(const struct request *req, const struct eid_flow *flow,
                    struct eid_identity *ret)
{
    const struct app *app = app_of(req);
    bool sent = false;
    int done =
        eid_exchange(app->provider, flow, json_string_value(json_object_get(req->json, "code")),
                     clock_now_ms(), req->arena, ret, &sent);
    if (done == EID_AWAY && !sent) {
        int released = eid_flow_release(app->store, &flow->id);
        if (released < 0)
            return released;
    }
    return done;
}

/* What a person should know of, wherever else they are signed in. */
static int tell(const struct request *req, const struct signed_in *in)
{
    int done =
        auth_tell(req, &in->person.id, "eid_sign_in", "Bạn vừa đăng nhập bằng định danh điện tử.",
                  "You have just signed in with your e-ID.");
    if (done == 0 && !id_is_nil(&in->lost))
        done = auth_tell(req, &in->lost, "phone_lost",
                         "Số điện thoại của bạn vừa được người khác xác nhận là của họ. Bạn vẫn "
                         "đăng nhập được bằng định danh điện tử.",
                         "Somebody else has just shown that your phone number is theirs. You can "
                         "still sign in with your e-ID.");
    return done;
}

/* The session that asked for it gives way to the one that knows more. */
static int end_before(const struct request *req, const struct eid_flow *flow,
                      const struct signed_in *in)
{
    const struct app *app = app_of(req);
    if (id_is_nil(&flow->session))
        return 0;
    int done = session_end(app->store, &flow->session, &in->person.id, "stepped_up", req->now_ms);
    if (done == 0)
        gateway_end_session(app->gateway, &flow->session);
    return done == SESSION_INVALID ? 0 : done;
}

static int finish_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct id id, who = caller(req);
    struct eid_flow flow;
    struct eid_identity said;
    struct signed_in in;
    if (is_away(req))
        return reply_away(reply);
    if (!request_param_id(req, "flow", &id))
        return reply_eid(reply, EID_NO_FLOW);
    int done =
        eid_check_issuer(app->provider, json_string_value(json_object_get(req->json, "iss")));
    if (done == 0)
        done = eid_flow_claim(app->store, app->keys, &id,
                              json_string_value(json_object_get(req->json, "secret")),
                              json_string_value(json_object_get(req->json, "state")), &who,
                              req->now_ms, req->arena, &flow);
    if (done == 0)
        done = exchange(req, &flow, &said);
    if (done != 0)
        return reply_eid(reply, done);
    const struct card_sign_in card = {.card = said.card,
                                      .name = said.name,
                                      .birth = said.birth,
                                      .phone = said.phone,
                                      .level = said.level,
                                      .device = flow.device,
                                      .link = flow.person,
                                      .language = req->language == LANGUAGE_EN ? "en" : "vi",
                                      .now_ms = req->now_ms};
    done = person_sign_in_by_card(&app->people, &card, req->arena, &in);
    if (done == 0)
        done = tell(req, &in);
    if (done != 0)
        return reply_eid(reply, done);
    auth_settle(req, &in);
    done = end_before(req, &flow, &in);
    if (done != 0)
        return reply_eid(reply, done);
    struct session session = {
        .subject = in.person.id, .kind = TOKEN_CITIZEN + 1, .level = said.level, .how = "eid"};
    return auth_begin_session(req, reply, &session, NULL);
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct route_param callback_params[] = {
    {"code", "{\"type\":\"string\",\"maxLength\":2048}", "The code"},
    {"state", "{\"type\":\"string\",\"maxLength\":200}", "As it was sent"},
    {"iss", "{\"type\":\"string\",\"maxLength\":500}", "Who answers (RFC 9207)"},
    {"error", "{\"type\":\"string\",\"maxLength\":200}", "Instead of a code (RFC 6749 §4.1.2.1)"},
    {0},
};
static const enum problem begin_problems[] = {PROBLEM_EID_AWAY, PROBLEM_INVALID, PROBLEM_NONE};
static const enum problem callback_problems[] = {PROBLEM_EID_REFUSED, PROBLEM_NONE};
static const enum problem finish_problems[] = {
    PROBLEM_EID_REFUSED, PROBLEM_EID_AWAY,  PROBLEM_EID_OTHER, PROBLEM_GONE,
    PROBLEM_CONFLICT,    PROBLEM_NOT_FOUND, PROBLEM_NONE};

const struct route eid_routes[] = {
    {.method = POST,
     .path = "/v1/auth/eid",
     .operation = "eidBegin",
     .summary =
         "Begin to sign in by e-ID: the address that the system's browser is to open. Signed "
         "in already, it links the account",
     .tag = "identity",
     .run = begin_post,
     .who = ROLE_ANYONE,
     .body = BODY_JSON,
     .body_schema = "eid_new",
     .reply_schema = "EidFlow",
     .reply_status = 201,
     .problems = begin_problems,
     .rate = RATE_SIGN_IN,
     .lane = LANE_OUTSIDE},
    {.method = GET,
     .path = "/v1/auth/eid/callback",
     .operation = "eidCallback",
     .summary = "Where the provider sends the browser back to; forwards to the app's claimed link",
     .tag = "identity",
     .run = callback_get,
     .who = ROLE_ANYONE,
     .reply_status = 303,
     .params = callback_params,
     .problems = callback_problems,
     .rate = RATE_SIGN_IN,
     .flags = ROUTE_LENIENT},
    {.method = POST,
     .path = "/v1/auth/eid/{flow}/finish",
     .operation = "eidFinish",
     .summary = "Exchange what the browser brought back for tokens; once, on the device that began",
     .tag = "identity",
     .run = finish_post,
     .who = ROLE_ANYONE,
     .body = BODY_JSON,
     .body_schema = "eid_finish",
     .reply_schema = "Tokens",
     .params = auth_session_params,
     .problems = finish_problems,
     .rate = RATE_SIGN_IN,
     .lane = LANE_OUTSIDE},
    {0},
};
