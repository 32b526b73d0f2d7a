/* Passkeys of officials: signing in by one, showing oneself once more, and one's own list. */
#include "handlers/identity/passkeys.h"

#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/identity/auth.h"
#include "handlers/identity/auth_cookie.h"

static const struct id nobody;

/* --- signing in ------------------------------------------------------------------------------- */

static int sign_in_options(struct request *req, struct reply *reply)
{
    return app_passkey_ask(req, reply, PASSKEY_SIGN_IN, &nobody, &nobody);
}

static int status_get(struct request *req, struct reply *reply)
{
    const struct passkey_settings *p = &app_of(req)->passkeys;
    return reply_json(reply, 200,
                      json_pack("{s:b, s:s*}", "on", (int)p->on, "rp_id", p->party.rp_id));
}

static int sign_in(struct request *req, struct reply *reply)
{
    struct staff staff;
    int done = app_passkey_check(req, reply, PASSKEY_SIGN_IN, &nobody, &staff);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return auth_begin_staff(req, reply, &staff, "passkey", NULL);
}

/* --- once more -------------------------------------------------------------------------------- */

static int confirm_options(struct request *req, struct reply *reply)
{
    return app_passkey_ask(req, reply, PASSKEY_CONFIRM, &req->who.session, &req->who.subject);
}

/* By password and code; *ret_how as a session has it. */
static int confirm_by_password(struct request *req, struct reply *reply, const char **ret_how)
{
    const struct app *app = app_of(req);
    struct staff staff;
    int64_t retry_ms = 0;
    int done = staff_get(app->store, &req->who.subject, req->arena, &staff);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    done = staff_sign_in(app->store, app->keys, staff.user,
                         json_string_value(json_object_get(req->json, "password")),
                         json_string_value(json_object_get(req->json, "code")), req->now_ms,
                         req->arena, &staff, &retry_ms);
    if (done == STAFF_PAUSED)
        return auth_reply_later(req, reply, retry_ms);
    if (done == STAFF_WRONG)
        return reply_problem(reply, PROBLEM_CODE_WRONG, NULL);
    *ret_how = auth_staff_how(&staff);
    return done;
}

static int confirm(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    const char *how = "passkey";
    struct staff staff;
    char until[CLOCK_TEXT];
    int done = json_object_get(req->json, "ticket")
                   ? app_passkey_check(req, reply, PASSKEY_CONFIRM, &req->who.session, &staff)
                   : confirm_by_password(req, reply, &how);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = session_prove(app->store, &req->who.session, &req->who.subject, how, req->now_ms);
    if (done == SESSION_INVALID)
        return reply_problem(reply, PROBLEM_TOKEN_BAD, NULL);
    if (done != 0)
        return done;
    return reply_json(
        reply, 200,
        json_pack("{s:s}", "fresh_until", clock_format(req->now_ms + app->fresh_ms, until)));
}

/* --- a session that was left idle ------------------------------------------------------------- */

/* The session of the body's refresh token, if it is an official's, lives and its shift is not over,
 * after which a whole sign-in is due; answers if not. */
static int locked_session(const struct request *req, struct reply *reply, struct session *ret)
{
    const struct app *app = app_of(req);
    const char *refresh = auth_refresh_token(req);
    if (!refresh)
        return reply_problem(reply, PROBLEM_TOKEN_BAD, NULL);
    int done =
        session_by_refresh(app->store, &app->sessions, refresh, req->now_ms, req->arena, ret);
    if (done > 0 || (done == 0 && (ret->kind != TOKEN_STAFF + 1 ||
                                   ret->created_ms + app->sessions.shift_ms <= req->now_ms)))
        return reply_problem(reply, PROBLEM_TOKEN_BAD, NULL);
    return done;
}

static int unlock_options(struct request *req, struct reply *reply)
{
    struct session session;
    int done = locked_session(req, reply, &session);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return app_passkey_ask(req, reply, PASSKEY_UNLOCK, &session.id, &session.subject);
}

static int unlock(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    const bool by_passkey = json_object_get(req->json, "ticket") != NULL;
    struct session session;
    struct staff staff;
    int64_t retry_ms = 0;
    int done = locked_session(req, reply, &session);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = by_passkey ? app_passkey_check(req, reply, PASSKEY_UNLOCK, &session.id, &staff)
                      : staff_unlock(app->store, &session.subject,
                                     json_string_value(json_object_get(req->json, "password")),
                                     req->now_ms, req->arena, &staff, &retry_ms);
    if (done == STAFF_PAUSED)
        return auth_reply_later(req, reply, retry_ms);
    if (done == STAFF_WRONG)
        return reply_problem(reply, PROBLEM_CODE_WRONG, NULL);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = auth_unlock(req, reply, &session, auth_refresh_token(req));
    if (done != 0 || reply_is_problem(reply) || !by_passkey)
        return done;
    /* A password alone shows too little for what wants it fresh; a passkey is enough. */
    done = session_prove(app->store, &session.id, &session.subject, "passkey", req->now_ms);
    return done < 0 ? done : 0;
}

/* --- my own ----------------------------------------------------------------------------------- */

static int reply_passkey(const struct request *req, struct reply *reply, const struct passkey *p,
                         int status)
{
    CLEANUP(buf_release) struct buf out;
    bool first = false;
    buf_init(&out, 16 * 1024);
    buf_printf(&out, "{\"id\":\"%s\"", app_id_text(req, &p->id));
    entity_json_members(&passkey_entity, p, SEE_SELF, &first, &out);
    buf_add_str(&out, "}");
    return out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
}

static int list_get(struct request *req, struct reply *reply)
{
    struct passkey *keys = NULL;
    size_t n = 0;
    int done = passkey_list(app_of(req)->store, &req->who.subject, req->arena, &keys, &n);
    if (done != 0)
        return done;
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 64 * 1024);
    buf_add_str(&out, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        bool first = false;
        buf_printf(&out, "%s{\"id\":\"%s\"", i ? "," : "", app_id_text(req, &keys[i].id));
        entity_json_members(&passkey_entity, &keys[i], SEE_SELF, &first, &out);
        buf_add_str(&out, "}");
    }
    buf_add_str(&out, "]}");
    return out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

static json_t *algorithms(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < ARRAY_LEN(webauthn_algorithms); i++)
        json_array_append_new(
            list, json_pack("{s:s, s:i}", "type", "public-key", "alg", webauthn_algorithms[i]));
    return list;
}

static int ask_new(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct passkey_flow flow = {
        .purpose = PASSKEY_REGISTER, .session = req->who.session, .staff = req->who.subject};
    struct passkey *keys = NULL;
    struct staff staff;
    size_t n = 0;
    bool fresh = false;
    int done = app_fresh(req, reply, &fresh);
    if (done != 0 || !fresh)
        return done;
    done = passkey_list(app->store, &req->who.subject, req->arena, &keys, &n);
    if (done == 0 && n >= PASSKEYS_MAX)
        return reply_problem(reply, PROBLEM_PASSKEYS_FULL, NULL);
    if (done == 0)
        done = staff_get(app->store, &req->who.subject, req->arena, &staff);
    if (done == 0)
        done = passkey_begin(req, reply, &flow);
    if (done != 0 || reply_is_problem(reply))
        return done < 0 || done == 0 ? done : app_reply_store(reply, done);
    const struct id user = passkey_user(app->keys, &req->who.subject);
    json_t *options = json_pack(
        "{s:{s:s, s:s}, s:{s:s, s:s, s:s}, s:o, s:o, s:{s:s, s:b, s:s}, s:s}", "rp", "id",
        app->passkeys.party.rp_id, "name", app->passkeys.name, "user", "id",
        passkey_base64url(req, user.bytes, 16), "name", staff.user, "displayName", staff.name,
        "pubKeyCredParams", algorithms(), "excludeCredentials", passkey_descriptors(req, keys, n),
        "authenticatorSelection", "residentKey", "required", "requireResidentKey", 1,
        "userVerification", "required", "attestation", "none");
    return passkey_reply_options(req, reply, &flow, options);
}

static void read_transports(const struct request *req, const json_t *response,
                            struct text_words *ret)
{
    static const char *const known[] = {"usb", "nfc", "ble", "smart-card", "hybrid", "internal"};
    const json_t *list = json_object_get(response, "transports");
    ret->items = arena_array(req->arena, ARRAY_LEN(known), sizeof(*ret->items));
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        size_t k;
        const json_t *one;
        bool named = false;
        json_array_foreach((json_t *)list, k, one) named |=
            json_is_string(one) && strcmp(json_string_value(one), known[i]) == 0;
        if (named)
            ret->items[ret->n++] = known[i];
    }
}

/* As its owner calls it, or by its day. */
static const char *name_of(const struct request *req)
{
    const char *name = app_text(req, "name");
    const struct clock_date d = clock_date_of_day(clock_day_number(req->now_ms));
    if (name)
        return name;
    return req->language == LANGUAGE_EN
               ? arena_printf(req->arena, "Passkey of %04d-%02d-%02d", d.year, d.month, d.day)
               : arena_printf(req->arena, "Khoá ngày %02d/%02d/%04d", d.day, d.month, d.year);
}

static int keep(struct request *req, struct reply *reply, const struct webauthn_credential *made,
                const json_t *response)
{
    struct passkey p = {
        .staff = req->who.subject,
        .credential = {made->id.data, made->id.n},
        .key = {made->key.data, made->key.n},
        .aaguid = {made->aaguid, WEBAUTHN_AAGUID},
        .algorithm = made->algorithm,
        .sign_count = made->sign_count,
        .name = name_of(req),
        .attestation = made->attestation,
        .backup_eligible = made->backup_eligible,
        .backed_up = made->backed_up,
    };
    read_transports(req, response, &p.transports);
    int done = passkey_add(app_of(req)->store, &p, req->now_ms, req->arena);
    if (done == PASSKEY_FULL)
        return reply_problem(reply, PROBLEM_PASSKEYS_FULL, NULL);
    if (done == PASSKEY_TAKEN)
        return reply_problem(reply, PROBLEM_PASSKEY_REFUSED, NULL);
    if (done == 0)
        done = auth_tell(
            req, &req->who.subject, "passkey_added",
            arena_printf(req->arena,
                         "Khoá đăng nhập “%s” vừa được thêm vào tài khoản của bạn. Nếu không phải "
                         "bạn, hãy báo ngay cho quản trị.",
                         p.name),
            arena_printf(req->arena,
                         "The passkey “%s” has just been added to your account. If it was not you, "
                         "tell your administrator at once.",
                         p.name));
    return done != 0 ? done : reply_passkey(req, reply, &p, 201);
}

static int new_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    const json_t *response = json_object_get(json_object_get(req->json, "credential"), "response");
    struct passkey_flow flow;
    struct webauthn_registration said;
    struct webauthn_credential made;
    bool fresh = false;
    if (!app->passkeys.on)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = app_fresh(req, reply, &fresh);
    if (done != 0 || !fresh)
        return done;
    done = passkey_flow_claim(app->store, json_string_value(json_object_get(req->json, "ticket")),
                              PASSKEY_REGISTER, &req->who.session, req->now_ms, &flow);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_PASSKEY_REFUSED, NULL);
    if (!id_equal(&flow.staff, &req->who.subject) ||
        !passkey_member(req, response, "clientDataJSON", WEBAUTHN_CLIENT_DATA_MAX,
                        &said.client_data) ||
        !passkey_member(req, response, "attestationObject", WEBAUTHN_ATTESTATION_MAX,
                        &said.attestation))
        return passkey_refuse(reply, WEBAUTHN_MALFORMED);
    done = webauthn_register(&app->passkeys.party, flow.challenge, &said, req->arena, &made);
    return done != 0 ? passkey_refuse(reply, done) : keep(req, reply, &made, response);
}

static int rename_patch(struct request *req, struct reply *reply)
{
    struct id id;
    struct passkey p;
    const char *name = app_text(req, "name");
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (!name)
        return reply_invalid(reply, "/name", "Hãy đặt tên", "It wants a name");
    int done = passkey_rename(app_of(req)->store, &id, &req->who.subject, name, req->arena, &p);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_passkey(req, reply, &p, 200);
}

static int remove_delete(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct id id;
    struct staff staff;
    struct passkey p;
    bool fresh = false;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = app_fresh(req, reply, &fresh);
    if (done != 0 || !fresh)
        return done;
    done = staff_get(app->store, &req->who.subject, req->arena, &staff);
    if (done == 0)
        done = passkey_get(app->store, &id, req->arena, &p);
    if (done == 0)
        done = passkey_remove(app->store, &id, &req->who.subject, &staff, req->arena);
    if (done == PASSKEY_LAST)
        return reply_problem(reply, PROBLEM_LAST_WAY_IN, NULL);
    if (done == 0)
        done = auth_tell(
            req, &req->who.subject, "passkey_removed",
            arena_printf(req->arena, "Khoá đăng nhập “%s” vừa bị xoá khỏi tài khoản của bạn.",
                         p.name),
            arena_printf(req->arena, "The passkey “%s” has just been removed from your account.",
                         p.name));
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_empty(reply, 204);
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem sign_in_problems[] = {PROBLEM_PASSKEY_REFUSED, PROBLEM_NOT_FOUND,
                                                PROBLEM_NONE};
static const enum problem options_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem confirm_problems[] = {PROBLEM_PASSKEY_REFUSED, PROBLEM_CODE_WRONG,
                                                PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem unlock_problems[] = {PROBLEM_CODE_WRONG, PROBLEM_PASSKEY_REFUSED,
                                               PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem new_problems[] = {PROBLEM_PASSKEY_REFUSED, PROBLEM_NOT_FRESH,
                                            PROBLEM_PASSKEYS_FULL, PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem remove_problems[] = {PROBLEM_NOT_FRESH, PROBLEM_LAST_WAY_IN,
                                               PROBLEM_NOT_FOUND, PROBLEM_NONE};

/* clang-format off */
const struct route passkey_routes[] = {
    {.method = GET, .path = "/v1/auth/passkey", .operation = "passkeyStatus",
     .summary = "Whether officials may sign in by passkeys, and for which domain", .tag = "identity",
     .run = status_get, .who = ROLE_ANYONE, .reply_schema = "PasskeyStatus", .rate = RATE_READ},
    {.method = POST, .path = "/v1/auth/passkey/options", .operation = "passkeySignInOptions",
     .summary = "What a browser is asked, to sign in by a passkey; no user name is needed",
     .tag = "identity", .run = sign_in_options, .who = ROLE_ANYONE,
     .reply_schema = "PasskeyOptions", .problems = options_problems, .rate = RATE_SIGN_IN},
    {.method = POST, .path = "/v1/auth/passkey", .operation = "passkeySignIn",
     .summary = "Sign in as a staff member by a passkey", .tag = "identity", .run = sign_in,
     .who = ROLE_ANYONE, .body = BODY_JSON, .body_schema = "passkey_sign_in",
     .reply_schema = "Tokens",
     .params = auth_session_params, .problems = sign_in_problems, .rate = RATE_SIGN_IN},
    {.method = POST, .path = "/v1/auth/confirm/options", .operation = "confirmOptions",
     .summary = "What a browser is asked, to show by a passkey who is there", .tag = "identity",
     .run = confirm_options, .who = ROLE_STAFF, .reply_schema = "PasskeyOptions",
     .problems = options_problems, .rate = RATE_SIGN_IN},
    {.method = POST, .path = "/v1/auth/confirm", .operation = "confirm",
     .summary = "Show once more who is there, by a passkey or by password and code; some requests "
                "want that",
     .tag = "identity", .run = confirm, .who = ROLE_STAFF, .body = BODY_JSON,
     .body_schema = "confirm", .reply_schema = "Confirmed", .problems = confirm_problems,
     .rate = RATE_SIGN_IN, .lane = LANE_PASSWORD},
    {.method = POST, .path = "/v1/auth/unlock/options", .operation = "unlockOptions",
     .summary = "What a browser is asked, to unlock by a passkey a session that was left idle",
     .tag = "identity", .run = unlock_options, .who = ROLE_ANYONE, .body = BODY_JSON,
     .params = auth_session_params,
     .body_schema = "session_unlock_options", .reply_schema = "PasskeyOptions",
     .problems = options_problems, .rate = RATE_SIGN_IN},
    {.method = POST, .path = "/v1/auth/unlock", .operation = "sessionUnlock",
     .summary = "Go on with a session that was left idle: within a shift the password, or a passkey, "
                "is enough",
     .tag = "identity", .run = unlock, .who = ROLE_ANYONE, .body = BODY_JSON,
     .params = auth_session_params,
     .body_schema = "session_unlock", .reply_schema = "Tokens", .problems = unlock_problems,
     .rate = RATE_SIGN_IN, .lane = LANE_PASSWORD},
    {.method = GET, .path = "/v1/me/passkeys", .operation = "passkeyList",
     .summary = "My passkeys", .tag = "identity", .run = list_get, .who = ROLE_STAFF,
     .reply_schema = "PasskeyList", .rate = RATE_READ},
    {.method = POST, .path = "/v1/me/passkeys/options", .operation = "passkeyNewOptions",
     .summary = "What a browser is asked, to make a passkey; wants a fresh sign-in",
     .tag = "identity", .run = ask_new, .who = ROLE_STAFF, .reply_schema = "PasskeyOptions",
     .problems = new_problems, .rate = RATE_SIGN_IN},
    {.method = POST, .path = "/v1/me/passkeys", .operation = "passkeyNew",
     .summary = "Keep the passkey that was made; at most 10; wants a fresh sign-in",
     .tag = "identity", .run = new_post, .who = ROLE_STAFF, .body = BODY_JSON,
     .body_schema = "passkey_new", .reply_schema = "Passkey", .reply_status = 201,
     .problems = new_problems, .rate = RATE_SIGN_IN},
    {.method = PATCH, .path = "/v1/me/passkeys/{id}", .operation = "passkeyRename",
     .summary = "Call a passkey otherwise", .tag = "identity", .run = rename_patch,
     .who = ROLE_STAFF, .body = BODY_JSON, .body_schema = "passkey_rename",
     .reply_schema = "Passkey", .problems = options_problems, .rate = RATE_WRITE},
    {.method = DELETE, .path = "/v1/me/passkeys/{id}", .operation = "passkeyRemove",
     .summary = "Remove a passkey; wants a fresh sign-in", .tag = "identity",
     .run = remove_delete, .who = ROLE_STAFF, .reply_status = 204, .problems = remove_problems,
     .rate = RATE_WRITE},
    {0},
};
/* clang-format on */
