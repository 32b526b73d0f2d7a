/* Signing in: a one-time code for citizens, a password and TOTP for staff, refresh, and out. */
#include <string.h>

#include "base/clock.h"
#include "base/net/address.h"
#include "base/result.h"
#include "handlers/identity/auth.h"
#include "handlers/identity/auth_cookie.h"

#define UNPROVEN_GRACE_MS (INT64_C(3600) * 1000)

/* Unproven persons cost a document, a key and a session each. */
static const struct limit_rule unproven_hour = {"unproven.address.hour", INT64_C(3600) * 1000, 600};

/* --- tokens ----------------------------------------------------------------------------------- */

static json_t *pair_json(const struct request *req, const struct session *session,
                         const struct session_pair *pair)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:s}", "access_token", pair->access, "token_type",
                     "Bearer", "refresh_token", pair->refresh, "expires_in",
                     (json_int_t)((pair->access_expires_ms - req->now_ms) / 1000),
                     "refresh_expires_in",
                     (json_int_t)((pair->refresh_expires_ms - req->now_ms) / 1000), "session",
                     app_id_text(req, &session->id));
}

static int reply_tokens(const struct request *req, struct reply *reply, json_t *tokens)
{
    auth_cookie_keep(req, reply, tokens);
    reply_header(reply, "cache-control", "no-store");
    return reply_json(reply, 200, tokens);
}

int auth_new_tokens(const struct request *req, struct session *session, json_t **ret)
{
    struct session_pair pair;
    *ret = NULL;
    int done = session_begin(app_of(req)->store, &app_of(req)->sessions, session, req->now_ms,
                             req->arena, &pair);
    if (done == 0)
        *ret = pair_json(req, session, &pair);
    return done == 0 && !*ret ? E_NOMEM : done;
}

int auth_begin_session(const struct request *req, struct reply *reply, struct session *session,
                       json_t *extra)
{
    json_t *tokens = NULL;
    session->device = json_string_value(json_object_get(req->json, "device"));
    int done = auth_new_tokens(req, session, &tokens);
    if (done == 0 && extra)
        json_object_update(tokens, extra);
    json_decref(extra);
    return done == 0 ? reply_tokens(req, reply, tokens) : done;
}

int auth_reply_later(const struct request *req, struct reply *reply, int64_t retry_ms)
{
    reply_header(reply, "retry-after",
                 arena_printf(req->arena, "%lld", (long long)retry_ms / 1000 + 1));
    return reply_problem(reply, PROBLEM_TOO_MANY, NULL);
}

/* --- citizens --------------------------------------------------------------------------------- */

const char *auth_visitor(const struct request *req)
{
    struct address address;
    if (!address_parse(req->address, strlen(req->address), &address))
        return NULL;
    struct address visitor = address_visitor(&address);
    return address_format(&visitor, arena_alloc(req->arena, ADDRESS_TEXT));
}

static int send_code(const struct request *req, const struct id *challenge, const char *phone,
                     const char *code)
{
    const struct app *app = app_of(req);
    const char *text = arena_printf(req->arena,
                                    "Ma xac thuc Tram cua ban la %s, dung trong 5 phut. Khong dua "
                                    "ma nay cho bat ky ai.",
                                    code);
    return push_sms(app->push, challenge, phone, text, req->now_ms, req->now_ms + app->otp.life_ms);
}

/* Who files before their code arrives is somebody already: what they send has an owner and a key.
 */
static int begin_unproven(const struct request *req, struct session *session, struct id *ret)
{
    struct person person;
    const struct app *app = app_of(req);
    int64_t until_ms = req->now_ms + app->sessions.unproven_ms + UNPROVEN_GRACE_MS;
    int done = person_unproven(&app->people, req->language == LANGUAGE_EN ? "en" : "vi", until_ms,
                               req->now_ms, req->arena, &person);
    session->subject = *ret = person.id;
    return done;
}

static bool is_unproven(const struct request *req)
{
    return req->who.role == ROLE_CITIZEN && req->who.level == LEVEL_UNPROVEN;
}

static int otp_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    char phone[PERSON_PHONE_TEXT], code[7];
    if (!phone_parse(json_string_value(json_object_get(req->json, "phone")), phone))
        return reply_invalid(reply, "/phone", "Số điện thoại không hợp lệ",
                             "Not a phone number that can receive an SMS");
    struct session begun = {.kind = TOKEN_CITIZEN + 1, .level = LEVEL_UNPROVEN};
    json_t *tokens = NULL;
    struct otp_request ask = {
        .phone = phone,
        .device = json_string_value(json_object_get(req->json, "device")),
        .address = auth_visitor(req),
    };
    if (is_unproven(req))
        ask.unproven = req->who.subject;
    struct id challenge = {0};
    int64_t retry_ms = 0;
    int done = 0;
    bool first =
        json_is_true(json_object_get(req->json, "file_first")) && req->who.role == ROLE_PUBLIC;
    if (first)
        done = limit_take(app->store, &unproven_hour, ask.address ? ask.address : "",
                          ask.address ? strlen(ask.address) : 0, req->now_ms, &retry_ms);
    if (done == LIMIT_REACHED)
        return auth_reply_later(req, reply, retry_ms);
    if (done == 0 && first)
        done = begin_unproven(req, &begun, &ask.unproven);
    if (done == 0)
        done = otp_begin(&app->people, &app->otp, &ask, req->now_ms, &challenge, code, &retry_ms);
    if (done == OTP_LIMITED)
        return auth_reply_later(req, reply, retry_ms);
    if (done == 0)
        done = send_code(req, &challenge, phone, code);
    if (done == 0 && first)
        done = auth_new_tokens(req, &begun, &tokens);
    if (done != 0)
        return done;
    auth_cookie_keep(req, reply, tokens);
    reply_header(reply, "cache-control", "no-store");
    return reply_json(reply, 201,
                      json_pack("{s:s, s:I, s:o*}", "challenge", app_id_text(req, &challenge),
                                "expires_in", (json_int_t)(app->otp.life_ms / 1000), "tokens",
                                tokens));
}

static int otp_check_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct id challenge;
    struct otp_proof proof;
    struct signed_in in;
    if (!request_param_id(req, "id", &challenge))
        return reply_problem(reply, PROBLEM_CODE_WRONG, NULL);
    int done =
        otp_check(&app->people, &app->otp, &challenge,
                  json_string_value(json_object_get(req->json, "code")), req->now_ms, &proof);
    if (done == OTP_WRONG || done == OTP_OVER)
        return reply_problem(reply, PROBLEM_CODE_WRONG, NULL);
    if (done != 0)
        return done;
    const struct phone_sign_in sign_in = {.proof = &proof,
                                          .language = req->language == LANGUAGE_EN ? "en" : "vi",
                                          .silent_ms = app->silent_ms,
                                          .now_ms = req->now_ms};
    done = person_sign_in(&app->people, &sign_in, req->arena, &in);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    auth_settle(req, &in);
    struct session session = {
        .subject = in.person.id, .kind = TOKEN_CITIZEN + 1, .level = LEVEL_PHONE, .how = "otp"};
    json_t *asks =
        in.asks_eid && app->eid.on ? json_pack("{s:s}", "step_up", "/v1/auth/eid") : NULL;
    return auth_begin_session(req, reply, &session, asks);
}

/* --- staff ------------------------------------------------------------------------------------ */

const char *auth_staff_how(const struct staff *staff)
{
    return staff->totp.n > 0 ? "totp" : "password";
}

/* The account as it is now still has what its session was begun with. */
static int still_so(const struct request *req, const struct staff *staff, bool *ret)
{
    struct staff now;
    int done = staff_get(app_of(req)->store, &staff->id, req->arena, &now);
    *ret = done == 0 && now.active && now.role == staff->role &&
           strcmp(now.agency, staff->agency) == 0;
    return done < 0 ? done : 0;
}

int auth_begin_staff(const struct request *req, struct reply *reply, const struct staff *staff,
                     const char *how, json_t *extra)
{
    struct session session = {.subject = staff->id,
                              .kind = TOKEN_STAFF + 1,
                              .role = staff_roles[staff->role].name,
                              .agency = staff->agency,
                              .how = how,
                              .device = json_string_value(json_object_get(req->json, "device"))};
    CLEANUP(json_decrefp) json_t *tokens = NULL;
    bool so = false;
    int done = auth_new_tokens(req, &session, &tokens);
    if (done == 0 && extra)
        json_object_update(tokens, extra);
    json_decref(extra);
    /* Whoever ended the account meanwhile has not seen this session. */
    if (done == 0)
        done = still_so(req, staff, &so);
    if (done != 0)
        return done;
    if (!so) {
        session_end(app_of(req)->store, &session.id, &staff->id, "disabled", req->now_ms);
        return reply_problem(reply, PROBLEM_CODE_WRONG, NULL);
    }
    return reply_tokens(req, reply, json_incref(tokens));
}

/* Whoever finds the paper with the codes is not to use one unseen. */
static int tell_recovery(const struct request *req, const struct staff *staff)
{
    size_t left = staff->recovery.n - 1; /* as it was read before one was used up */
    staff_acts_post(app_of(req)->store, &staff_collection, &staff->id);
    return auth_tell(req, &staff->id, "recovery_used",
                     arena_printf(req->arena,
                                  "Tài khoản của bạn vừa được đăng nhập bằng một mã khôi phục. Còn "
                                  "%zu mã.",
                                  left),
                     arena_printf(req->arena,
                                  "Somebody has just signed in to your account with a recovery "
                                  "code. %zu are left.",
                                  left));
}

static int staff_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct staff staff;
    int64_t retry_ms = 0;
    int done =
        staff_sign_in(app->store, app->keys, json_string_value(json_object_get(req->json, "user")),
                      json_string_value(json_object_get(req->json, "password")),
                      json_string_value(json_object_get(req->json, "code")), req->now_ms,
                      req->arena, &staff, &retry_ms);
    if (done == STAFF_PAUSED)
        return auth_reply_later(req, reply, retry_ms);
    if (done == STAFF_WRONG)
        return reply_problem(reply, PROBLEM_CODE_WRONG, NULL);
    const char *code = json_string_value(json_object_get(req->json, "code"));
    if (done == 0 && code && strlen(code) > TOTP_DIGITS)
        done = tell_recovery(req, &staff);
    return done != 0 ? done : auth_begin_staff(req, reply, &staff, auth_staff_how(&staff), NULL);
}

/* --- both ------------------------------------------------------------------------------------- */

static int refresh_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct session session;
    struct session_pair pair;
    const char *refresh = auth_refresh_token(req);
    if (!refresh)
        return reply_problem(reply, PROBLEM_TOKEN_BAD, NULL);
    int done = session_refresh(app->store, &app->sessions, refresh, req->now_ms, req->arena,
                               &session, &pair);
    if (done == SESSION_REUSED)
        gateway_end_session(app->gateway, &session.id);
    if (done == SESSION_REUSED || done == SESSION_INVALID)
        return reply_problem(reply, PROBLEM_TOKEN_BAD, NULL);
    if (done == SESSION_LOCKED)
        return reply_problem(reply, PROBLEM_LOCKED, NULL);
    if (done != 0)
        return done;
    if (session.kind == TOKEN_CITIZEN + 1 && session.level >= 0)
        person_seen(&app_of(req)->people, &session.subject, req->now_ms);
    return reply_tokens(req, reply, pair_json(req, &session, &pair));
}

int auth_unlock(const struct request *req, struct reply *reply, const struct session *locked,
                const char *refresh)
{
    const struct app *app = app_of(req);
    struct session session = *locked;
    struct session_pair pair;
    int done = session_used(app->store, locked, req->now_ms);
    if (done == 0)
        done = session_refresh(app->store, &app->sessions, refresh, req->now_ms, req->arena,
                               &session, &pair);
    if (done > 0)
        return reply_problem(reply, PROBLEM_TOKEN_BAD, NULL);
    return done != 0 ? done : reply_tokens(req, reply, pair_json(req, &session, &pair));
}

int auth_end_session(const struct request *req, struct reply *reply, const struct id *session,
                     const char *why)
{
    const struct app *app = app_of(req);
    int done = session_end(app->store, session, &req->who.subject, why, req->now_ms);
    if (done == SESSION_INVALID)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (done != 0)
        return done;
    gateway_end_session(app->gateway, session);
    return reply_empty(reply, 204);
}

static int sign_out(struct request *req, struct reply *reply)
{
    const char *page = request_header(req, "tram-session");
    if (page)
        auth_cookie_forget(req, reply);
    /* Whoever sits down next finds nothing (W3C Clear Site Data). A citizen's own phone keeps what
     * was not sent yet. */
    if (!page || strcmp(page, "app") != 0)
        reply_header(reply, "clear-site-data", "\"cache\", \"cookies\", \"storage\"");
    reply_header(reply, "cache-control", "no-store");
    return auth_end_session(req, reply, &req->who.session, "signed_out");
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem code_problems[] = {PROBLEM_CODE_WRONG, PROBLEM_NONE};
static const enum problem session_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

const struct route auth_routes[] = {
    {.method = POST,
     .path = "/v1/auth/otp",
     .operation = "otpAsk",
     .summary = "Ask for a one-time code by SMS",
     .tag = "identity",
     .run = otp_post,
     .who = ROLE_ANYONE,
     .body = BODY_JSON,
     .body_schema = "otp_new",
     .reply_schema = "OtpChallenge",
     .reply_status = 201,
     .params = auth_session_params,
     .rate = RATE_SIGN_IN},
    {.method = POST,
     .path = "/v1/auth/otp/{id}/check",
     .operation = "otpCheck",
     .summary = "Exchange the code for tokens",
     .tag = "identity",
     .run = otp_check_post,
     .who = ROLE_ANYONE,
     .body = BODY_JSON,
     .body_schema = "otp_check",
     .reply_schema = "Tokens",
     .problems = code_problems,
     .params = auth_session_params,
     .rate = RATE_SIGN_IN},
    {.method = POST,
     .path = "/v1/auth/staff",
     .operation = "staffSignIn",
     .summary = "Sign in as a staff member, with a TOTP code",
     .tag = "identity",
     .run = staff_post,
     .who = ROLE_ANYONE,
     .body = BODY_JSON,
     .body_schema = "staff_sign_in",
     .reply_schema = "Tokens",
     .problems = code_problems,
     .params = auth_session_params,
     .rate = RATE_SIGN_IN,
     .lane = LANE_PASSWORD},
    {.method = POST,
     .path = "/v1/auth/refresh",
     .operation = "tokenRefresh",
     .summary = "The next pair of tokens; repeating a lost reply is possible for 30 seconds",
     .tag = "identity",
     .run = refresh_post,
     .who = ROLE_ANYONE,
     .body = BODY_JSON,
     .body_schema = "token_refresh",
     .reply_schema = "Tokens",
     .params = auth_session_params,
     .rate = RATE_SIGN_IN},
    {.method = POST,
     .path = "/v1/auth/sign-out",
     .operation = "signOut",
     .summary = "End this session",
     .tag = "identity",
     .run = sign_out,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .level = LEVEL_UNPROVEN,
     .reply_status = 204,
     .problems = session_problems,
     .params = auth_session_params,
     .rate = RATE_WRITE},
    {0},
};
