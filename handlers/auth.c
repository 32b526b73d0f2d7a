/* Signing in: a one-time code for citizens, a password and TOTP for staff, refresh, and out. */
#include <string.h>

#include "base/clock.h"
#include "base/net/address.h"
#include "base/result.h"
#include "handlers/app.h"

/* --- tokens ----------------------------------------------------------------------------------- */

static int reply_pair(struct reply *reply, const struct session *session,
                      const struct session_pair *pair, int64_t now_ms)
{
    char session_id[ID_TEXT];
    reply_header(reply, "cache-control", "no-store");
    return reply_json(
        reply, 200,
        json_pack("{s:s, s:s, s:s, s:I, s:I, s:s}", "access_token", pair->access, "token_type",
                  "Bearer", "refresh_token", pair->refresh, "expires_in",
                  (json_int_t)((pair->access_expires_ms - now_ms) / 1000), "refresh_expires_in",
                  (json_int_t)((pair->refresh_expires_ms - now_ms) / 1000), "session",
                  id_format(&session->id, session_id)));
}

static int begin_session(const struct request *req, struct reply *reply, struct session *session)
{
    struct session_pair pair;
    session->device = json_string_value(json_object_get(req->json, "device"));
    int done = session_begin(app_of(req)->store, &app_of(req)->sessions, session, req->now_ms,
                             req->arena, &pair);
    return done != 0 ? done : reply_pair(reply, session, &pair, req->now_ms);
}

static int reply_later(const struct request *req, struct reply *reply, int64_t retry_ms)
{
    reply_header(reply, "retry-after",
                 arena_printf(req->arena, "%lld", (long long)retry_ms / 1000 + 1));
    return reply_problem(reply, PROBLEM_TOO_MANY, NULL);
}

/* --- citizens --------------------------------------------------------------------------------- */

static const char *visitor_key(const struct request *req)
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

static int otp_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    char phone[PERSON_PHONE_TEXT], code[7];
    if (!phone_parse(json_string_value(json_object_get(req->json, "phone")), phone))
        return reply_invalid(reply, "/phone", "Số điện thoại không hợp lệ",
                             "Not a phone number that can receive an SMS");
    struct otp_request ask = {
        .phone = phone,
        .device = json_string_value(json_object_get(req->json, "device")),
        .address = visitor_key(req),
    };
    struct id challenge;
    int64_t retry_ms = 0;
    int done = otp_begin(&app->people, &app->otp, &ask, req->now_ms, &challenge, code, &retry_ms);
    if (done == OTP_LIMITED)
        return reply_later(req, reply, retry_ms);
    if (done == 0)
        done = send_code(req, &challenge, phone, code);
    if (done != 0)
        return done;
    return reply_json(reply, 201,
                      json_pack("{s:s, s:I}", "challenge", app_id_text(req, &challenge),
                                "expires_in", (json_int_t)(app->otp.life_ms / 1000)));
}

static int otp_check_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct id challenge;
    char phone[PERSON_PHONE_TEXT];
    if (!request_param_id(req, "id", &challenge))
        return reply_problem(reply, PROBLEM_CODE_WRONG, NULL);
    int done = otp_check(&app->people, &app->otp, &challenge,
                         json_string_value(json_object_get(req->json, "code")), req->now_ms, phone);
    if (done == OTP_WRONG || done == OTP_OVER)
        return reply_problem(reply, PROBLEM_CODE_WRONG, NULL);
    if (done != 0)
        return done;
    struct person person;
    done = person_of_phone(&app->people, phone, req->language == LANGUAGE_EN ? "en" : "vi",
                           req->now_ms, req->arena, &person);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    struct session session = {
        .subject = person.id, .kind = TOKEN_CITIZEN + 1, .level = person.level};
    return begin_session(req, reply, &session);
}

/* --- staff ------------------------------------------------------------------------------------ */

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
        return reply_later(req, reply, retry_ms);
    if (done == STAFF_WRONG)
        return reply_problem(reply, PROBLEM_CODE_WRONG, NULL);
    if (done != 0)
        return done;
    struct session session = {.subject = staff.id,
                              .kind = TOKEN_STAFF + 1,
                              .role = staff_roles[staff.role].name,
                              .agency = staff.agency};
    return begin_session(req, reply, &session);
}

/* --- both ------------------------------------------------------------------------------------- */

static int refresh_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct session session;
    struct session_pair pair;
    int done = session_refresh(app->store, &app->sessions,
                               json_string_value(json_object_get(req->json, "refresh_token")),
                               req->now_ms, req->arena, &session, &pair);
    if (done == SESSION_REUSED)
        gateway_end_session(app->gateway, &session.id);
    if (done == SESSION_REUSED || done == SESSION_INVALID)
        return reply_problem(reply, PROBLEM_TOKEN_BAD, NULL);
    return done != 0 ? done : reply_pair(reply, &session, &pair, req->now_ms);
}

static int end_session(const struct request *req, struct reply *reply, const struct id *session,
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
    return end_session(req, reply, &req->who.session, "signed_out");
}

static int session_delete(struct request *req, struct reply *reply)
{
    struct id id;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return end_session(req, reply, &id, "by_other_device");
}

static int sessions_get(struct request *req, struct reply *reply)
{
    struct session *sessions = NULL;
    size_t n = 0;
    int done =
        session_list(app_of(req)->store, &req->who.subject, req->now_ms, req->arena, &sessions, &n);
    if (done != 0)
        return done;
    json_t *items = json_array();
    for (size_t i = 0; i < n; i++) {
        char created[CLOCK_TEXT], seen[CLOCK_TEXT];
        json_array_append_new(
            items, json_pack("{s:s, s:s*, s:s, s:s, s:b}", "id", app_id_text(req, &sessions[i].id),
                             "device", sessions[i].device, "created_at",
                             clock_format(sessions[i].created_ms, created), "seen_at",
                             clock_format(sessions[i].seen_ms, seen), "this",
                             (int)id_equal(&sessions[i].id, &req->who.session)));
    }
    return reply_json(reply, 200, json_pack("{s:o}", "items", items));
}

/* --- me --------------------------------------------------------------------------------------- */

static int reply_person(const struct request *req, struct reply *reply, const struct person *person)
{
    const char *name = NULL, *phone = NULL;
    const struct people *people = &app_of(req)->people;
    int done = person_phone(people, person, req->arena, &phone);
    if (done == 0)
        done = person_name(people, person, req->arena, &name);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_GONE, NULL);
    reply_etag(reply, person->revision);
    return reply_json(reply, 200,
                      json_pack("{s:s, s:s, s:s*, s:s*, s:I, s:s*}", "id",
                                app_id_text(req, &person->id), "kind", "citizen", "name", name,
                                "phone", phone, "level", (json_int_t)person->level, "language",
                                person->language));
}

static int me_get(struct request *req, struct reply *reply)
{
    if (req->who.role == ROLE_CITIZEN) {
        struct person person;
        int done = person_get(&app_of(req)->people, &req->who.subject, req->arena, &person);
        return done != 0 ? (done < 0 ? done : app_reply_store(reply, done))
                         : reply_person(req, reply, &person);
    }
    struct staff staff;
    int done = staff_get(app_of(req)->store, &req->who.subject, req->arena, &staff);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_json(reply, 200,
                      json_pack("{s:s, s:s, s:s*, s:s*, s:s, s:s*}", "id",
                                app_id_text(req, &staff.id), "kind", "staff", "name", staff.name,
                                "title", staff.title, "role", staff_roles[staff.role].name,
                                "agency", staff.agency));
}

static int me_patch(struct request *req, struct reply *reply)
{
    int64_t revision = STORE_ANY_REVISION;
    if (request_if_match(req, &revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    struct person person;
    int done = person_rename(&app_of(req)->people, &req->who.subject,
                             json_string_value(json_object_get(req->json, "name")),
                             json_string_value(json_object_get(req->json, "language")), revision,
                             req->arena, &person);
    if (done == PERSON_ERASED)
        return reply_problem(reply, PROBLEM_GONE, NULL);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_person(req, reply, &person);
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem code_problems[] = {PROBLEM_CODE_WRONG, PROBLEM_NONE};
static const enum problem session_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem me_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_GONE, PROBLEM_REVISED,
                                           PROBLEM_NONE};

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
     .rate = RATE_SIGN_IN},
    {.method = POST,
     .path = "/v1/auth/sign-out",
     .operation = "signOut",
     .summary = "End this session",
     .tag = "identity",
     .run = sign_out,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_status = 204,
     .problems = session_problems,
     .rate = RATE_WRITE},
    {0},
};

const struct route me_routes[] = {
    {.method = GET,
     .path = "/v1/me",
     .operation = "meGet",
     .summary = "Who I am",
     .tag = "identity",
     .run = me_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_schema = "Me",
     .problems = me_problems,
     .rate = RATE_READ},
    {.method = PATCH,
     .path = "/v1/me",
     .operation = "meChange",
     .summary = "Change my name or language",
     .tag = "identity",
     .run = me_patch,
     .who = ROLE_CITIZEN,
     .body = BODY_JSON,
     .body_schema = "me_change",
     .reply_schema = "Me",
     .problems = me_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_IF_MATCH},
    {.method = GET,
     .path = "/v1/me/sessions",
     .operation = "sessionList",
     .summary = "Devices on which I am signed in",
     .tag = "identity",
     .run = sessions_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_schema = "SessionList",
     .rate = RATE_READ},
    {.method = DELETE,
     .path = "/v1/me/sessions/{id}",
     .operation = "sessionEnd",
     .summary = "Sign a device out",
     .tag = "identity",
     .run = session_delete,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_status = 204,
     .problems = session_problems,
     .rate = RATE_WRITE},
    {0},
};
