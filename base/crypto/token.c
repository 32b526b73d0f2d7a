#include "base/crypto/token.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/crypto/bytes.h"
#include "base/json.h"
#include "base/result.h"

CLEANUP_PTR(struct es256, es256_free)

#define LEVEL_LEAST (-1)
#define LEVEL_MOST 9
#define SECOND_MS 1000
#define SECONDS_MAX INT64_C(253402300799) /* the year 9999 */
#define ALG "ES256"
#define TYP "at+jwt" /* RFC 9068 §2.1 */

static const struct {
    const char *kind, *client;
} kinds[] = {
    [TOKEN_CITIZEN] = {"citizen", "tram-citizen"},
    [TOKEN_STAFF] = {"staff", "tram-staff"},
};

/* --- claims ----------------------------------------------------------------------------------- */

enum claim_type { CLAIM_ID, CLAIM_NAME, CLAIM_KIND, CLAIM_LEVEL, CLAIM_TIME };

/* Every claim but iss, aud and client_id; all are required. */
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

#define CLAIMS (ARRAY_LEN(claims_table) + 3)

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
           c->level <= LEVEL_MOST && (size_t)c->kind < ARRAY_LEN(kinds) && c->issued_ms >= 0 &&
           c->not_before_ms >= 0 && c->expires_ms > c->issued_ms &&
           c->expires_ms >= c->not_before_ms && c->expires_ms / SECOND_MS <= SECONDS_MAX &&
           c->expires_ms - c->issued_ms <= TOKEN_LIFE_MAX_MS;
}

/* NULL: no memory. */
static json_t *claim_json(const struct claim *claim, const struct token_claims *claims)
{
    const void *value = (const char *)claims + claim->offset;
    char id[ID_TEXT];

    switch (claim->type) {
    case CLAIM_ID:
        return json_string(id_format(value, id));
    case CLAIM_NAME:
        return json_string(value);
    case CLAIM_KIND:
        return json_string(kinds[*(const enum token_kind *)value].kind);
    case CLAIM_LEVEL:
        return json_integer(*(const int *)value);
    case CLAIM_TIME:
        return json_integer(*(const int64_t *)value / SECOND_MS);
    }
    return NULL;
}

static bool read_kind(const char *text, enum token_kind *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strcmp(text, kinds[i].kind) == 0) {
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

static json_t *payload_json(const struct token_parties *parties, const struct token_claims *claims)
{
    json_t *json = json_pack("{s:s, s:s, s:s}", "iss", parties->issuer, "aud", parties->audience,
                             "client_id", kinds[claims->kind].client);

    for (size_t i = 0; i < ARRAY_LEN(claims_table); i++)
        json_object_set_new(json, claims_table[i].name, claim_json(&claims_table[i], claims));
    return json;
}

static void add_base64url(struct buf *out, const void *bytes, size_t n)
{
    char text[BYTES_BASE64URL_TEXT(TOKEN_BYTES_MAX)];

    if (n <= TOKEN_BYTES_MAX)
        buf_add_str(out, bytes_to_base64url(bytes, n, text));
    else
        out->failed = true;
}

static void add_object(struct buf *out, json_t *object)
{
    CLEANUP(freep) char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;

    if (text)
        add_base64url(out, text, strlen(text));
    else
        out->failed = true;
}

int token_sign(const struct keyring *k, const struct token_parties *parties,
               const struct token_claims *claims, char **ret_text)
{
    CLEANUP(buf_release) struct buf out;
    CLEANUP(es256_freep) struct es256 *pair = NULL;
    CLEANUP(json_decrefp) json_t *payload = NULL;
    CLEANUP(json_decrefp) json_t *header = NULL;
    char kid[KEYRING_ID_TEXT];
    uint8_t signature[ES256_SIGNATURE];
    uint32_t id;
    int r;

    buf_init(&out, TOKEN_BYTES_MAX + 1);
    if (!are_sound(claims) || !is_name(parties->issuer) || !is_name(parties->audience))
        return E_INVALID;
    keyring_pair_active(k, &id, &pair);
    header =
        json_pack("{s:s, s:s, s:s}", "alg", ALG, "typ", TYP, "kid", keyring_id_format(id, kid));
    payload = payload_json(parties, claims);
    add_object(&out, header);
    buf_add_char(&out, '.');
    add_object(&out, payload);
    if (out.failed || json_object_size(payload) != CLAIMS)
        return E_NOMEM;
    r = es256_sign(pair, out.data, out.len, signature);
    buf_add_char(&out, '.');
    add_base64url(&out, signature, sizeof(signature));
    if (!r && out.failed)
        r = E_NOMEM;
    if (!r)
        *ret_text = buf_steal(&out);
    return r;
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

/* Whether tokens of a key that is no longer active may be about. */
static bool is_published(const struct keyring_entry *e, int64_t now_ms)
{
    return !e->distrusted &&
           (e->until_ms == 0 || now_ms < e->until_ms + TOKEN_LIFE_MAX_MS + TOKEN_SKEW_MS);
}

static int find_pair(const struct keyring *k, uint32_t id, int64_t now_ms, struct es256 **ret)
{
    struct keyring_entry entries[KEYRING_KEYS];
    size_t n = keyring_list(k, entries, ARRAY_LEN(entries));

    for (size_t i = 0; i < n; i++)
        if (entries[i].id == id && is_published(&entries[i], now_ms))
            return keyring_pair_by_id(k, id, ret) == 0 ? 0 : TOKEN_KEY_UNKNOWN;
    return TOKEN_KEY_UNKNOWN;
}

/* The algorithm is never the sender's say. */
static int check_header(const struct keyring *k, const struct parts *parts, int64_t now_ms,
                        struct es256 **ret)
{
    CLEANUP(json_decrefp) json_t *header = read_object(parts->text[0], parts->n[0], 3);
    const char *kid = json_string_value(json_object_get(header, "kid"));
    uint32_t id;

    if (!header || !is_text(header, "typ", TYP) || !kid || !keyring_id_parse(kid, strlen(kid), &id))
        return TOKEN_MALFORMED;
    if (!is_text(header, "alg", ALG))
        return TOKEN_FORGED;
    return find_pair(k, id, now_ms, ret);
}

static int check_signature(const struct es256 *pair, const struct parts *parts)
{
    uint8_t signature[ES256_SIGNATURE];
    size_t n, signed_n = (size_t)(parts->text[1] - parts->text[0]) + parts->n[1];
    bool ours = false;
    int r;

    if (!bytes_from_base64url(parts->text[2], parts->n[2], signature, sizeof(signature), &n) ||
        n != sizeof(signature))
        return TOKEN_MALFORMED;
    r = es256_verify(pair, parts->text[0], signed_n, signature, &ours);
    return r ? r : ours ? 0 : TOKEN_FORGED;
}

static int read_claims(const json_t *payload, const struct token_parties *expected,
                       struct token_claims *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(claims_table); i++)
        if (!take_claim(payload, &claims_table[i], ret))
            return TOKEN_MALFORMED;
    if (!are_sound(ret))
        return TOKEN_MALFORMED;
    if (!is_text(payload, "client_id", kinds[ret->kind].client))
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

int token_verify(const struct keyring *k, const struct token_parties *parties, const char *text,
                 size_t n, int64_t now_ms, struct token_claims *ret)
{
    CLEANUP(es256_freep) struct es256 *pair = NULL;
    CLEANUP(json_decrefp) json_t *payload = NULL;
    struct token_claims claims = {0};
    struct parts parts;
    int r;

    if (n > TOKEN_BYTES_MAX || !split(text, n, &parts))
        return TOKEN_MALFORMED;
    payload = read_object(parts.text[1], parts.n[1], CLAIMS);
    if (!payload)
        return TOKEN_MALFORMED;
    r = check_header(k, &parts, now_ms, &pair);
    r = r ? r : check_signature(pair, &parts);
    r = r ? r : read_claims(payload, parties, &claims);
    r = r ? r : check_times(&claims, now_ms);
    if (!r)
        *ret = claims;
    return r;
}

/* --- the key set ------------------------------------------------------------------------------ */

static int key_json(const struct keyring *k, uint32_t id, json_t **ret)
{
    CLEANUP(es256_freep) struct es256 *pair = NULL;
    uint8_t x[ES256_COORDINATE], y[ES256_COORDINATE];
    char x_text[BYTES_BASE64URL_TEXT(ES256_COORDINATE)], y_text[sizeof(x_text)];
    char kid[KEYRING_ID_TEXT];
    int r = keyring_pair_by_id(k, id, &pair);

    r = r ? r : es256_public(pair, x, y);
    if (r)
        return r;
    *ret = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "kty", "EC", "crv", "P-256", "use",
                     "sig", "alg", ALG, "kid", keyring_id_format(id, kid), "x",
                     bytes_to_base64url(x, sizeof(x), x_text), "y",
                     bytes_to_base64url(y, sizeof(y), y_text));
    return *ret ? 0 : E_NOMEM;
}

int token_key_set(const struct keyring *k, int64_t now_ms, json_t **ret)
{
    CLEANUP(json_decrefp) json_t *keys = json_array();
    struct keyring_entry entries[KEYRING_KEYS];
    size_t n = keyring_list(k, entries, ARRAY_LEN(entries));

    for (size_t i = 0; i < n; i++) {
        json_t *key = NULL;
        int r = is_published(&entries[i], now_ms) ? key_json(k, entries[i].id, &key) : 0;

        if (r < 0)
            return r;
        if (key && json_array_append_new(keys, key) != 0)
            return E_NOMEM;
    }
    *ret = json_pack("{s:O}", "keys", keys);
    return *ret ? 0 : E_NOMEM;
}
