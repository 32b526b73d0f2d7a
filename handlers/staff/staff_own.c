/* What the owner of an account does: opens it, takes recovery codes, chooses another password. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/staff/password_rule.h"
#include "handlers/identity/auth_cookie.h"
#include "handlers/staff/staff.h"

#define ISSUER "Trạm"

static const char *member(const struct request *req, const char *name)
{
    return json_string_value(json_object_get(req->json, name));
}

static int reply_outcome(const struct request *req, struct reply *reply, const char *pointer,
                         int outcome, int64_t retry_ms)
{
    if (outcome == STAFF_PAUSED)
        return auth_reply_later(req, reply, retry_ms);
    if (outcome >= PASSWORD_SHORT && outcome <= PASSWORD_PERSONAL)
        return reply_invalid(reply, pointer, password_fault_words(outcome, 0),
                             password_fault_words(outcome, 1));
    return staff_reply_outcome(req, reply, outcome);
}

static json_t *codes_json(account_codes codes)
{
    json_t *list = json_array();
    for (size_t i = 0; i < STAFF_RECOVERY_CODES; i++)
        json_array_append_new(list, json_string(codes[i]));
    bytes_wipe(codes, sizeof(account_codes));
    return list;
}

/* --- opening ---------------------------------------------------------------------------------- */

static int look_post(struct request *req, struct reply *reply)
{
    struct staff_doer nobody;
    struct staff staff;
    uint8_t secret[TOTP_SECRET];
    char base32[TOTP_BASE32_TEXT];
    int64_t retry_ms = 0;
    nobody = (struct staff_doer){0};
    struct account_change c = staff_change_of(req, &nobody);
    int done = account_look(&c, member(req, "user"), member(req, "code"), &staff, &retry_ms);
    if (done == 0)
        done = staff_totp_next(app_of(req)->keys, &staff, secret);
    if (done != 0)
        return reply_outcome(req, reply, NULL, done, retry_ms);
    json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:s}", "user", staff.user, "name", staff.name,
                             "what", staff_activations[staff.activation].name, "totp_secret",
                             totp_base32(secret, base32), "totp_uri",
                             totp_uri(req->arena, ISSUER, staff.user, secret));
    bytes_wipe(secret, sizeof(secret));
    bytes_wipe(base32, sizeof(base32));
    reply_header(reply, "cache-control", "no-store");
    return reply_json(reply, 200, body);
}

static int activate_post(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct staff staff;
    account_codes codes;
    int64_t retry_ms = 0;
    const struct account_activation in = {.user = member(req, "user"),
                                          .code = member(req, "code"),
                                          .password = member(req, "password"),
                                          .totp = member(req, "totp")};
    int done = staff_doer_of(req, &doer);
    struct account_change c = staff_change_of(req, &doer);
    if (done == 0)
        done = account_activate(&c, &in, codes, &staff, &retry_ms);
    if (done != 0)
        return reply_outcome(req, reply, "/password", done, retry_ms);
    passkey_remove_all(app_of(req)->store, &staff.id, req->arena); /* they count no more */
    return auth_begin_staff(req, reply, &staff, auth_staff_how(&staff),
                            json_pack("{s:o}", "recovery_codes", codes_json(codes)));
}

/* --- later ------------------------------------------------------------------------------------ */

/* The caller once more, by password and code: what follows outlives a session left open. */
static int sign_in_again(const struct request *req, const char *code, struct staff *ret,
                         int64_t *ret_retry_ms)
{
    int done = staff_get(app_of(req)->store, &req->who.subject, req->arena, ret);
    if (done != 0)
        return done < 0 ? done : E_CORRUPT;
    return staff_sign_in(app_of(req)->store, app_of(req)->keys, ret->user, member(req, "password"),
                         code, req->now_ms, req->arena, ret, ret_retry_ms);
}

static int recovery_post(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct staff staff;
    account_codes codes;
    int64_t retry_ms = 0;
    int done = sign_in_again(req, member(req, "code"), &staff, &retry_ms);
    if (done == 0)
        done = staff_doer_of(req, &doer);
    if (done != 0)
        return reply_outcome(req, reply, NULL, done, retry_ms);
    struct account_change c = staff_change_of(req, &doer);
    done = account_recovery(&c, &staff.id, codes);
    if (done != 0)
        return staff_reply_outcome(req, reply, done);
    reply_header(reply, "cache-control", "no-store");
    return reply_json(reply, 200, json_pack("{s:o}", "recovery_codes", codes_json(codes)));
}

static int password_post(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct staff staff;
    int64_t retry_ms = 0;
    const char *wanted = member(req, "new");
    int done = staff_doer_of(req, &doer);
    if (done == 0)
        done = password_rule(wanted, doer.user, req->arena); /* before a code is used up */
    if (done == 0)
        done = sign_in_again(req, member(req, "code"), &staff, &retry_ms);
    if (done != 0)
        return reply_outcome(req, reply, "/new", done, retry_ms);
    struct account_change c = staff_change_of(req, &doer);
    done = account_password(&c, &staff.id, wanted, &staff);
    if (done != 0)
        return reply_outcome(req, reply, "/new", done, 0);
    done = staff_end_sessions(req, &staff.id, "password");
    if (done != 0)
        return done;
    return auth_begin_staff(req, reply, &staff, auth_staff_how(&staff), NULL);
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem code_problems[] = {PROBLEM_CODE_WRONG, PROBLEM_INVALID, PROBLEM_CONFLICT,
                                             PROBLEM_NONE};

/* clang-format off */
const struct route staff_own_routes[] = {
    {.method = POST, .path = "/v1/auth/staff/activation", .operation = "staffActivation",
     .summary = "What a code opens: the secret for the authenticator", .tag = "identity",
     .run = look_post, .who = ROLE_ANYONE, .body = BODY_JSON, .body_schema = "staff_activation",
     .reply_schema = "StaffActivation", .problems = code_problems, .rate = RATE_SIGN_IN},
    {.method = POST, .path = "/v1/auth/staff/activate", .operation = "staffActivate",
     .summary = "Open the account: choose a password, show the authenticator, sign in",
     .tag = "identity", .run = activate_post, .who = ROLE_ANYONE, .body = BODY_JSON,
     .body_schema = "staff_activate", .reply_schema = "Tokens",
     .params = auth_session_params, .problems = code_problems,
     .rate = RATE_SIGN_IN, .lane = LANE_PASSWORD},
    {.method = POST, .path = "/v1/me/recovery-codes", .operation = "recoveryCodes",
     .summary = "Ten new recovery codes, shown once; the old ones end", .tag = "identity",
     .run = recovery_post, .who = ROLE_STAFF, .body = BODY_JSON, .body_schema = "staff_again",
     .reply_schema = "RecoveryCodes", .problems = code_problems, .rate = RATE_SIGN_IN,
     .lane = LANE_PASSWORD},
    {.method = POST, .path = "/v1/me/password", .operation = "passwordChange",
     .summary = "Another password; every other session ends", .tag = "identity",
     .run = password_post, .who = ROLE_STAFF, .body = BODY_JSON, .body_schema = "staff_password",
     .reply_schema = "Tokens",
     .params = auth_session_params, .problems = code_problems, .rate = RATE_SIGN_IN,
     .lane = LANE_PASSWORD},
    {0},
};
/* clang-format on */
