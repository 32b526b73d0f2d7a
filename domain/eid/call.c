/* What is said to the provider: the address that a browser opens, the code, the access token. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/json.h"
#include "base/result.h"
#include "domain/eid/private.h"

#define REPLY_MAX ((size_t)64 * 1024)
#define FORM_MAX ((size_t)16 * 1024)
#define ASSERTION "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

/* --- texts ------------------------------------------------------------------------------------ */

static void add_encoded(struct buf *out, const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text; text++) {
        if (strchr(plain, *text))
            buf_add_char(out, *text);
        else
            buf_printf(out, "%%%02X", (unsigned char)*text);
    }
}

void eid_add_pair(struct buf *out, char join, const char *name, const char *value)
{
    if (join)
        buf_add_char(out, join);
    buf_add_str(out, name);
    buf_add_char(out, '=');
    add_encoded(out, value);
}

int eid_authorization_url(struct eid_provider *p, const struct eid_flow *flow, const char *language,
                          struct arena *a, const char **ret)
{
    struct eid_endpoints e;
    uint8_t digest[MAC_SIZE];
    char challenge[EID_SECRET_TEXT];
    CLEANUP(buf_release) struct buf url = {0};
    int done = eid_endpoints(p, &e);
    if (done != 0)
        return done;
    mac_sha256(flow->verifier, strlen(flow->verifier), digest);
    bytes_to_base64url(digest, sizeof(digest), challenge);
    buf_init(&url, 4096);
    buf_add_str(&url, e.authorization);
    eid_add_pair(&url, strchr(e.authorization, '?') ? '&' : '?', "response_type", "code");
    eid_add_pair(&url, '&', "client_id", p->set->client_id);
    eid_add_pair(&url, '&', "redirect_uri", flow->redirect_uri);
    eid_add_pair(&url, '&', "scope", p->set->scope);
    eid_add_pair(&url, '&', "state", flow->state);
    eid_add_pair(&url, '&', "nonce", flow->nonce);
    eid_add_pair(&url, '&', "code_challenge", challenge);
    eid_add_pair(&url, '&', "code_challenge_method", "S256");
    eid_add_pair(&url, '&', "ui_locales", language);
    if (p->set->acr[0])
        eid_add_pair(&url, '&', "acr_values", p->set->acr);
    if (url.failed)
        return E_FULL;
    *ret = arena_strdup(a, url.data);
    return 0;
}

/* --- calls ------------------------------------------------------------------------------------ */

static bool read_reply(const struct http_reply *reply, json_t **ret)
{
    struct json_fault fault;
    const char *type = reply->headers[HTTP_CONTENT_TYPE];
    if (!reply->body || !type || strncmp(type, "application/", 12) != 0 ||
        json_read(reply->body, reply->body_n, ret, &fault) != 0)
        return false;
    if (json_is_object(*ret))
        return true;
    json_decref(*ret);
    *ret = NULL;
    return false;
}

/* RFC 6749 §5.2: of all errors only this one says something about the code. */
static bool code_refused(const struct http_reply *reply)
{
    CLEANUP(json_decrefp) json_t *json = NULL;
    if (reply->status != 400 || !read_reply(reply, &json))
        return false;
    const char *error = json_string_value(json_object_get(json, "error"));
    return error && strcmp(error, "invalid_grant") == 0;
}

int eid_call(struct eid_provider *p, const struct http_request *request, json_t **ret,
             bool *ret_sent)
{
    CLEANUP(http_reply_release) struct http_reply reply = {0};
    int done = http_call(p->http, request, &reply);
    if (ret_sent)
        *ret_sent = reply.sent;
    if (done == E_BUSY)
        return EID_AWAY;
    if (done < 0)
        return done;
    if (done == 0 && reply.status == 200 && read_reply(&reply, ret)) {
        bytes_wipe(reply.body, reply.body_n); /* tokens and claims */
        return 0;
    }
    return done == 0 && code_refused(&reply) ? EID_REFUSED : EID_AWAY;
}

/* Authorization: Basic, of both parts form-encoded first (RFC 6749 §2.3.1). */
static int basic(const struct eid_provider *p, struct arena *a, const char **ret)
{
    CLEANUP(buf_release) struct buf pair;
    buf_init(&pair, 4096);
    add_encoded(&pair, p->set->client_id);
    buf_add_char(&pair, ':');
    add_encoded(&pair, p->secret.data);
    if (pair.failed)
        return E_FULL;
    char *text = arena_alloc(a, 6 + BYTES_BASE64_TEXT(pair.len));
    memcpy(text, "Basic ", 6);
    bytes_to_base64(pair.data, pair.len, text + 6);
    bytes_wipe(pair.data, pair.len);
    *ret = text;
    return 0;
}

/* RFC 7523 §2.2; the audience is the token endpoint, as OpenID Connect Core §9 says. */
static int add_assertion(const struct eid_provider *p, const char *token_url, int64_t now_ms,
                         struct buf *form)
{
    const struct jws_assertion assertion = {.algorithm = p->set->algorithm,
                                            .kid = p->set->client_kid,
                                            .client = p->set->client_id,
                                            .audience = token_url,
                                            .token = id_v4(),
                                            .now_ms = now_ms};
    CLEANUP(freep) char *text = NULL;
    int done = jws_assert(&assertion, p->secret.data, p->secret.len, &text);
    if (done != 0)
        return done;
    eid_add_pair(form, '&', "client_id", p->set->client_id);
    eid_add_pair(form, '&', "client_assertion_type", ASSERTION);
    eid_add_pair(form, '&', "client_assertion", text);
    return 0;
}

static int ask_token(struct eid_provider *p, const struct eid_flow *flow, const char *code,
                     const char *token_url, int64_t now_ms, struct arena *a, json_t **ret,
                     bool *ret_sent)
{
    struct http_header headers[3] = {{"Content-Type", "application/x-www-form-urlencoded"},
                                     {"Accept", "application/json"}};
    size_t n = 2;
    CLEANUP(buf_release) struct buf form;
    buf_init(&form, FORM_MAX);
    eid_add_pair(&form, 0, "grant_type", "authorization_code");
    eid_add_pair(&form, '&', "code", code);
    eid_add_pair(&form, '&', "redirect_uri", flow->redirect_uri);
    eid_add_pair(&form, '&', "code_verifier", flow->verifier);
    int done = 0;
    if (p->set->auth == EID_PRIVATE_KEY)
        done = add_assertion(p, token_url, now_ms, &form);
    else
        done = basic(p, a, &headers[n].value);
    if (p->set->auth == EID_SECRET_BASIC)
        headers[n++].name = "Authorization";
    if (done == 0 && form.failed)
        done = E_FULL;
    const struct http_request request = {.method = "POST",
                                         .url = token_url,
                                         .headers = headers,
                                         .headers_n = n,
                                         .body = form.data,
                                         .body_n = form.len,
                                         .timeout_ms = p->set->timeout_ms,
                                         .max_reply = REPLY_MAX};
    return done == 0 ? eid_call(p, &request, ret, ret_sent) : done;
}

/* OpenID Connect Core §5.3: whose it is must be whose the ID token is. */
static int ask_userinfo(struct eid_provider *p, const char *url, const json_t *tokens,
                        const json_t *claims, struct arena *a, json_t **ret)
{
    const char *access = json_string_value(json_object_get(tokens, "access_token"));
    if (!access || strlen(access) > 4096)
        return EID_REFUSED;
    const struct http_header headers[] = {{"Authorization", arena_printf(a, "Bearer %s", access)},
                                          {"Accept", "application/json"}};
    const struct http_request request = {.method = "GET",
                                         .url = url,
                                         .headers = headers,
                                         .headers_n = ARRAY_LEN(headers),
                                         .timeout_ms = p->set->timeout_ms,
                                         .max_reply = REPLY_MAX,
                                         .repeatable = true};
    int done = eid_call(p, &request, ret, NULL);
    if (done != 0)
        return done;
    return json_is_string(json_object_get(*ret, "sub")) &&
                   json_equal(json_object_get(*ret, "sub"), json_object_get(claims, "sub"))
               ? 0
               : EID_REFUSED;
}

/* at_hash, where given, ties the access token to the ID token (OpenID Connect Core §3.1.3.6). */
static bool access_token_tied(const json_t *tokens, const json_t *claims)
{
    uint8_t digest[MAC_SIZE];
    char half[BYTES_BASE64URL_TEXT(MAC_SIZE / 2)];
    const json_t *hash = json_object_get(claims, "at_hash");
    const char *access = json_string_value(json_object_get(tokens, "access_token"));
    if (!hash)
        return true;
    if (!json_is_string(hash) || !access)
        return false;
    mac_sha256(access, strlen(access), digest);
    bytes_to_base64url(digest, MAC_SIZE / 2, half);
    return strcmp(half, json_string_value(hash)) == 0;
}

int eid_exchange(struct eid_provider *p, const struct eid_flow *flow, const char *code,
                 int64_t now_ms, struct arena *a, struct eid_identity *ret, bool *ret_sent)
{
    CLEANUP(json_decrefp) json_t *tokens = NULL;
    CLEANUP(json_decrefp) json_t *claims = NULL;
    CLEANUP(json_decrefp) json_t *more = NULL;
    struct eid_endpoints e;
    *ret_sent = false;
    int done = eid_endpoints(p, &e);
    if (done == 0)
        done = ask_token(p, flow, code, e.token, now_ms, a, &tokens, ret_sent);
    if (done != 0)
        return done;
    const char *token = json_string_value(json_object_get(tokens, "id_token"));
    done = token ? eid_verify(p, token, &claims) : EID_REFUSED;
    if (done == 0 && (!eid_token_sound(p->set, claims, flow->nonce, now_ms) ||
                      !access_token_tied(tokens, claims)))
        done = EID_REFUSED;
    if (done == 0 && p->set->userinfo)
        done = ask_userinfo(p, e.userinfo, tokens, claims, a, &more);
    return done == 0 ? eid_identity_of(p->set, claims, more, now_ms, a, ret) : done;
}
