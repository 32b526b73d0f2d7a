#include "base/crypto/token.h"

#include <errno.h>
#include <jwt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/crypto/bytes.h"
#include "base/json.h"
#include "base/result.h"

CLEANUP_PTR(jwt_t, jwt_free)

#define LEVEL_LEAST (-1)
#define LEVEL_MOST 9
#define SECOND_MS 1000
#define SECONDS_MAX INT64_C(253402300799) /* the year 9999 */

static const char *const kind_words[] = {[TOKEN_CITIZEN] = "citizen", [TOKEN_STAFF] = "staff"};

/* --- claims ----------------------------------------------------------------------------------- */

enum claim_type { CLAIM_ID, CLAIM_NAME, CLAIM_KIND, CLAIM_LEVEL, CLAIM_TIME };

/* Every claim but iss and aud; all are required. */
static const struct claim {
    const char *name;
    enum claim_type type;
    size_t offset;
} claims_table[] = {
    {"sub", CLAIM_ID, offsetof(struct token_claims, subject)},
    {"sid", CLAIM_ID, offsetof(struct token_claims, session)},
    {"jti", CLAIM_ID, offsetof(struct token_claims, token)},
    {"kind", CLAIM_KIND, offsetof(struct token_claims, kind)},
    {"role", CLAIM_NAME, offsetof(struct token_claims, role)},
    {"agency", CLAIM_NAME, offsetof(struct token_claims, agency)},
    {"level", CLAIM_LEVEL, offsetof(struct token_claims, level)},
    {"iat", CLAIM_TIME, offsetof(struct token_claims, issued_ms)},
    {"nbf", CLAIM_TIME, offsetof(struct token_claims, not_before_ms)},
    {"exp", CLAIM_TIME, offsetof(struct token_claims, expires_ms)},
};

/* Printable ASCII that fits. */
static bool is_name(const char *text)
{
    size_t n = strnlen(text, TOKEN_NAME);

    for (size_t i = 0; i < n; i++)
        if (text[i] < 0x20 || text[i] > 0x7e)
            return false;
    return n < TOKEN_NAME;
}

static bool are_sound(const struct token_claims *c)
{
    return is_name(c->role) && is_name(c->agency) && c->level >= LEVEL_LEAST &&
           c->level <= LEVEL_MOST && (size_t)c->kind < ARRAY_LEN(kind_words) && c->issued_ms >= 0 &&
           c->not_before_ms >= 0 && c->expires_ms > c->issued_ms &&
           c->expires_ms >= c->not_before_ms && c->expires_ms / SECOND_MS <= SECONDS_MAX &&
           c->expires_ms - c->issued_ms <= TOKEN_LIFE_MAX_MS;
}

static bool put_claim(jwt_t *jwt, const struct claim *claim, const struct token_claims *claims)
{
    const void *value = (const char *)claims + claim->offset;
    char id[ID_TEXT];

    switch (claim->type) {
    case CLAIM_ID:
        return jwt_add_grant(jwt, claim->name, id_format(value, id)) == 0;
    case CLAIM_NAME:
        return jwt_add_grant(jwt, claim->name, value) == 0;
    case CLAIM_KIND:
        return jwt_add_grant(jwt, claim->name, kind_words[*(const enum token_kind *)value]) == 0;
    case CLAIM_LEVEL:
        return jwt_add_grant_int(jwt, claim->name, *(const int *)value) == 0;
    case CLAIM_TIME:
        return jwt_add_grant_int(jwt, claim->name, *(const int64_t *)value / SECOND_MS) == 0;
    }
    return false;
}

static bool read_kind(const char *text, enum token_kind *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(kind_words); i++) {
        if (strcmp(text, kind_words[i]) == 0) {
            *ret = (enum token_kind)i;
            return true;
        }
    }
    return false;
}

static bool take_claim(const json_t *payload, const struct claim *claim, struct token_claims *ret)
{
    const json_t *json = json_object_get(payload, claim->name);
    const char *text = json_string_value(json);
    int64_t number = json_integer_value(json);
    char *value = (char *)ret + claim->offset;

    switch (claim->type) {
    case CLAIM_ID:
        return text && id_parse(text, (struct id *)value);
    case CLAIM_NAME:
        return text && is_name(text) && memcpy(value, text, strlen(text) + 1);
    case CLAIM_KIND:
        return text && read_kind(text, (enum token_kind *)value);
    case CLAIM_LEVEL:
        *(int *)value = (int)number;
        return json_is_integer(json) && number >= LEVEL_LEAST && number <= LEVEL_MOST;
    case CLAIM_TIME:
        *(int64_t *)value = number * (number >= 0 && number <= SECONDS_MAX ? SECOND_MS : 0);
        return json_is_integer(json) && number >= 0 && number <= SECONDS_MAX;
    }
    return false;
}

/* --- signing ---------------------------------------------------------------------------------- */

static bool fill(jwt_t *jwt, const struct token_parties *parties, const struct token_claims *claims,
                 const struct keyring_key *key)
{
    char kid[KEYRING_ID_TEXT];
    bool filled = jwt_set_alg(jwt, JWT_ALG_HS256, key->bytes, sizeof(key->bytes)) == 0 &&
                  jwt_add_header(jwt, "kid", keyring_id_format(key->id, kid)) == 0 &&
                  jwt_add_grant(jwt, "iss", parties->issuer) == 0 &&
                  jwt_add_grant(jwt, "aud", parties->audience) == 0;

    for (size_t i = 0; filled && i < ARRAY_LEN(claims_table); i++)
        filled = put_claim(jwt, &claims_table[i], claims);
    return filled;
}

int token_sign(const struct keyring *k, const struct token_parties *parties,
               const struct token_claims *claims, char **ret_text)
{
    CLEANUP(jwt_freep) jwt_t *jwt = NULL;
    struct keyring_key key;
    bool filled;

    if (!are_sound(claims) || !is_name(parties->issuer) || !is_name(parties->audience))
        return E_INVALID;
    if (jwt_new(&jwt) != 0)
        return E_NOMEM;
    keyring_active(k, KEY_TOKEN, &key);
    filled = fill(jwt, parties, claims, &key);
    bytes_wipe(&key, sizeof(key));
    if (!filled)
        return E_NOMEM;
    *ret_text = jwt_encode_str(jwt); /* libjwt allocates by malloc unless told otherwise */
    return *ret_text ? 0 : E_NOMEM;
}

/* --- verifying -------------------------------------------------------------------------------- */

struct parts {
    const char *text[3]; /* header, payload, signature */
    size_t n[3];
};

static bool split(const char *text, size_t n, struct parts *ret)
{
    const char *end = text + n;

    for (int i = 0; i < 3; i++) {
        const char *dot = memchr(text, '.', (size_t)(end - text));

        if ((i < 2) != (dot != NULL))
            return false;
        ret->text[i] = text;
        ret->n[i] = (size_t)((dot ? dot : end) - text);
        text = dot ? dot + 1 : end;
    }
    return true;
}

/* A part as a JSON object of exactly `size` members; caller json_decref. NULL if it is not one. */
static json_t *read_object(const char *text, size_t n, size_t size)
{
    char bytes[TOKEN_BYTES_MAX];
    struct json_fault fault;
    json_t *json = NULL;
    size_t bytes_n;

    if (!bytes_from_base64url(text, n, bytes, sizeof(bytes), &bytes_n) ||
        json_read(bytes, bytes_n, &json, &fault) != 0)
        return NULL;
    if (!json_is_object(json) || json_object_size(json) != size) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static bool is_text(const json_t *object, const char *name, const char *expected)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text && strcmp(text, expected) == 0;
}

/* The header is judged before libjwt sees the token, so the algorithm is never the sender's say. */
static int check_header(const struct keyring *k, const struct parts *parts, struct keyring_key *ret)
{
    CLEANUP(json_decrefp) json_t *header = read_object(parts->text[0], parts->n[0], 3);
    const char *kid = json_string_value(json_object_get(header, "kid"));
    uint32_t id;

    if (!header || !is_text(header, "typ", "JWT") || !kid ||
        !keyring_id_parse(kid, strlen(kid), &id))
        return TOKEN_MALFORMED;
    if (!is_text(header, "alg", "HS256"))
        return TOKEN_FORGED;
    return keyring_by_id(k, KEY_TOKEN, id, ret) == 0 ? 0 : TOKEN_KEY_UNKNOWN;
}

/* Base64url of exactly an HMAC; libjwt compares text and would stop at a NUL. */
static bool is_signature(const char *text, size_t n)
{
    uint8_t digest[32];
    size_t digest_n;

    return bytes_from_base64url(text, n, digest, sizeof(digest), &digest_n) &&
           digest_n == sizeof(digest);
}

/* A key is always given: without one libjwt would accept anything. */
static int check_signature(const char *text, size_t n, const struct keyring_key *key)
{
    CLEANUP(jwt_freep) jwt_t *jwt = NULL;
    char copy[TOKEN_BYTES_MAX + 1];
    int r;

    memcpy(copy, text, n);
    copy[n] = '\0';
    r = jwt_decode(&jwt, copy, key->bytes, sizeof(key->bytes));
    if (r == ENOMEM)
        return E_NOMEM;
    return r == 0 && jwt_get_alg(jwt) == JWT_ALG_HS256 ? 0 : TOKEN_FORGED;
}

static int read_claims(const json_t *payload, const struct token_parties *expected,
                       struct token_claims *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(claims_table); i++)
        if (!take_claim(payload, &claims_table[i], ret))
            return TOKEN_MALFORMED;
    if (!are_sound(ret))
        return TOKEN_MALFORMED;
    return is_text(payload, "iss", expected->issuer) && is_text(payload, "aud", expected->audience)
               ? 0
               : TOKEN_WRONG_PARTY;
}

static int check_times(const struct token_claims *claims, int64_t now_ms)
{
    if (claims->not_before_ms > now_ms + TOKEN_SKEW_MS ||
        claims->issued_ms > now_ms + TOKEN_SKEW_MS)
        return TOKEN_NOT_YET;
    return claims->expires_ms <= now_ms - TOKEN_SKEW_MS ? TOKEN_EXPIRED : 0;
}

/* The payload is read by our own parser: libjwt takes the last of two members of one name. */
int token_verify(const struct keyring *k, const struct token_parties *parties, const char *text,
                 size_t n, int64_t now_ms, struct token_claims *ret)
{
    CLEANUP(json_decrefp) json_t *payload = NULL;
    struct token_claims claims = {0};
    struct keyring_key key;
    struct parts parts;
    int r;

    if (n > TOKEN_BYTES_MAX || !split(text, n, &parts) || !is_signature(parts.text[2], parts.n[2]))
        return TOKEN_MALFORMED;
    payload = read_object(parts.text[1], parts.n[1], ARRAY_LEN(claims_table) + 2);
    if (!payload)
        return TOKEN_MALFORMED;
    r = check_header(k, &parts, &key);
    if (r)
        return r;
    r = check_signature(text, n, &key);
    bytes_wipe(&key, sizeof(key));
    r = r ? r : read_claims(payload, parties, &claims);
    r = r ? r : check_times(&claims, now_ms);
    if (!r)
        *ret = claims;
    return r;
}
