/* What a browser is asked, and how its answer is judged. */
#include "handlers/identity/passkeys.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/log.h"
#include "base/result.h"
#include "handlers/identity/auth.h"

/* A flow is a document; an address may begin so many an hour. */
static const struct limit_rule begin_hour = {"passkey.address.hour", INT64_C(3600) * 1000, 1200};

const char *passkey_base64url(const struct request *req, const void *bytes, size_t n)
{
    return bytes_to_base64url(bytes, n, arena_alloc(req->arena, BYTES_BASE64URL_TEXT(n)));
}

/* Bytes of a text member; false if it is not there, not base64url or longer than `max`. */
bool passkey_member(const struct request *req, const json_t *object, const char *name, size_t max,
                    struct webauthn_bytes *ret)
{
    const json_t *text = json_object_get(object, name);
    if (!json_is_string(text) || json_string_length(text) > BYTES_BASE64URL_TEXT(max))
        return false;
    uint8_t *bytes = arena_alloc(req->arena, json_string_length(text) + 1);
    ret->data = bytes;
    return bytes_from_base64url(json_string_value(text), json_string_length(text), bytes,
                                json_string_length(text), &ret->n) &&
           ret->n > 0 && ret->n <= max;
}

static int refuse(struct reply *reply)
{
    return reply_problem(reply, PROBLEM_PASSKEY_REFUSED, NULL);
}

/* --- asking ----------------------------------------------------------------------------------- */

json_t *passkey_descriptors(const struct request *req, const struct passkey *keys, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *one =
            json_pack("{s:s, s:s}", "type", "public-key", "id",
                      passkey_base64url(req, keys[i].credential.data, keys[i].credential.n));
        json_t *transports = json_array();
        for (size_t k = 0; k < keys[i].transports.n; k++)
            json_array_append_new(transports, json_string(keys[i].transports.items[k]));
        json_object_set_new(one, "transports", transports);
        json_array_append_new(list, one);
    }
    return list;
}

int passkey_reply_options(const struct request *req, struct reply *reply,
                          const struct passkey_flow *flow, json_t *options)
{
    json_object_set_new(options, "challenge",
                        json_string(passkey_base64url(req, flow->challenge, WEBAUTHN_CHALLENGE)));
    json_object_set_new(options, "timeout", json_integer(PASSKEY_FLOW_MS));
    reply_header(reply, "cache-control", "no-store");
    return reply_json(reply, 200,
                      json_pack("{s:s, s:I, s:o}", "ticket", flow->ticket, "expires_in",
                                (json_int_t)(PASSKEY_FLOW_MS / 1000), "public_key", options));
}

/* A flow that has begun; answers where it may not. */
int passkey_begin(const struct request *req, struct reply *reply, struct passkey_flow *flow)
{
    const char *visitor = auth_visitor(req);
    int64_t retry_ms = 0;
    if (!app_of(req)->passkeys.on)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = limit_take(app_of(req)->store, &begin_hour, visitor ? visitor : "",
                          visitor ? strlen(visitor) : 0, req->now_ms, &retry_ms);
    if (done == LIMIT_REACHED)
        return auth_reply_later(req, reply, retry_ms);
    return done != 0 ? done : passkey_flow_begin(app_of(req)->store, flow, req->now_ms, req->arena);
}

int app_passkey_ask(const struct request *req, struct reply *reply, enum passkey_purpose purpose,
                    const struct id *session, const struct id *staff)
{
    struct passkey_flow flow = {.purpose = (int)purpose, .session = *session, .staff = *staff};
    struct passkey *keys = NULL;
    size_t n = 0;
    int done = 0;
    if (!id_is_nil(staff)) {
        done = passkey_list(app_of(req)->store, staff, req->arena, &keys, &n);
        if (done == 0 && n == 0)
            return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    }
    if (done == 0)
        done = passkey_begin(req, reply, &flow);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return passkey_reply_options(
        req, reply, &flow,
        json_pack("{s:s, s:s, s:o}", "rpId", app_of(req)->passkeys.party.rp_id, "userVerification",
                  "required", "allowCredentials", passkey_descriptors(req, keys, n)));
}

/* --- judging ---------------------------------------------------------------------------------- */

/* Refused for a reason of webauthn.h, which says nothing of a person: the log has it. */
int passkey_refuse(struct reply *reply, int outcome)
{
    if (outcome < 0)
        return outcome;
    const char *why = webauthn_word(outcome);
    log_event(LOG_INFO, "a passkey was refused", "why", why ? why : "unknown", NULL);
    return refuse(reply);
}

static int note_use(const struct request *req, struct reply *reply, const struct passkey *key,
                    uint32_t count, bool backed_up)
{
    int done = passkey_used(app_of(req)->store, &key->id, count, backed_up, req->now_ms);
    if (done == 0)
        return 0;
    if (done != PASSKEY_CLONED)
        return done < 0 ? done : refuse(reply);
    log_event(LOG_WARN, "a passkey's signature count went back: there may be a copy of it",
              "passkey", app_id_text(req, &key->id), NULL);
    done = auth_tell(
        req, &key->staff, "passkey_suspect",
        arena_printf(req->arena,
                     "Khoá đăng nhập “%s” của bạn vừa bị từ chối vì có thể đã bị sao chép. Hãy xoá "
                     "khoá này và báo cho quản trị.",
                     key->name),
        arena_printf(req->arena,
                     "Your passkey “%s” has just been refused, since there may be a copy of it. "
                     "Remove it, and tell your administrator.",
                     key->name));
    return done < 0 ? done : refuse(reply);
}

int app_passkey_check(const struct request *req, struct reply *reply, enum passkey_purpose purpose,
                      const struct id *session, struct staff *ret)
{
    const struct app *app = app_of(req);
    const json_t *credential = json_object_get(req->json, "credential");
    const json_t *response = json_object_get(credential, "response");
    struct passkey key;
    struct passkey_flow flow;
    struct webauthn_bytes id, user;
    struct webauthn_assertion said;
    uint32_t count = 0;
    bool backed_up = false;
    if (!app->passkeys.on)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done =
        passkey_flow_claim(app->store, json_string_value(json_object_get(req->json, "ticket")),
                           purpose, session, req->now_ms, &flow);
    if (done != 0)
        return done < 0 ? done : refuse(reply);
    if (!passkey_member(req, credential, "id", WEBAUTHN_CREDENTIAL_MAX, &id) ||
        !passkey_member(req, response, "clientDataJSON", WEBAUTHN_CLIENT_DATA_MAX,
                        &said.client_data) ||
        !passkey_member(req, response, "authenticatorData", WEBAUTHN_AUTH_DATA_MAX,
                        &said.auth_data) ||
        !passkey_member(req, response, "signature", WEBAUTHN_SIGNATURE_MAX, &said.signature))
        return passkey_refuse(reply, WEBAUTHN_MALFORMED);
    const struct id known = passkey_id(id.data, id.n);
    done = passkey_get(app->store, &known, req->arena, &key);
    if (done == 0)
        done = staff_get(app->store, &key.staff, req->arena, ret);
    if (done != 0)
        return done < 0 ? done : refuse(reply);
    if (!passkey_counts(&key, ret))
        return refuse(reply);
    /* §7.2 step 6: whose it is, as the key says or as is known. */
    const struct id handle = passkey_user(app->keys, &key.staff);
    bool named = json_is_string(json_object_get(response, "userHandle"));
    bool theirs = named && passkey_member(req, response, "userHandle", 64, &user) && user.n == 16 &&
                  memcmp(user.data, handle.bytes, 16) == 0;
    if (id_is_nil(&flow.staff) ? !theirs : !id_equal(&flow.staff, &key.staff) || (named && !theirs))
        return refuse(reply);
    const struct webauthn_credential kept = passkey_credential(&key);
    done = webauthn_verify(&app->passkeys.party, flow.challenge, &said, &kept, &count, &backed_up);
    return done != 0 ? passkey_refuse(reply, done) : note_use(req, reply, &key, count, backed_up);
}

/* --- freshness ---------------------------------------------------------------------------------
 */

int app_fresh(const struct request *req, struct reply *reply, bool *ret)
{
    struct session session;
    int done = session_get(app_of(req)->store, &req->who.session, req->arena, &session);
    *ret = done == 0 && session_fresh(&session, app_of(req)->fresh_ms, req->now_ms);
    if (done < 0 || *ret)
        return done;
    reply_problem(reply, PROBLEM_NOT_FRESH, NULL);
    if (req->who.role & ROLE_STAFF)
        reply_extra(reply, "confirm", json_string("/v1/auth/confirm"));
    return 0;
}
