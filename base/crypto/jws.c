/* libjwt 1.10 checks no more than the signature, and by the algorithm that the token names: so the
 * header is judged here, by our own parser, before libjwt sees the token. */
#include "base/crypto/jws.h"

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

#define ASSERTION_S 60

static jwt_alg_t libjwt_algorithm(enum jws_algorithm a)
{
    return a == JWS_RS256 ? JWT_ALG_RS256 : JWT_ALG_ES256;
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

/* 0 and *ret (caller json_decref), JWS_MALFORMED, E_NOMEM. */
static int read_object(const char *text, size_t n, json_t **ret)
{
    struct json_fault fault;
    size_t bytes_n;
    CLEANUP(freep) char *bytes = malloc(n + 1);
    if (!bytes)
        return E_NOMEM;
    if (!bytes_from_base64url(text, n, bytes, n, &bytes_n))
        return JWS_MALFORMED;
    int done = json_read(bytes, bytes_n, ret, &fault);
    if (done != 0)
        return done < 0 ? done : JWS_MALFORMED;
    if (json_is_object(*ret))
        return 0;
    json_decref(*ret);
    *ret = NULL;
    return JWS_MALFORMED;
}

static int check_header(const struct jwk_set *set, enum jws_algorithm algorithm,
                        const struct parts *parts, const struct jwk **ret)
{
    CLEANUP(json_decrefp) json_t *header = NULL;
    int done = read_object(parts->text[0], parts->n[0], &header);
    if (done != 0)
        return done;
    const json_t *kid = json_object_get(header, "kid"), *typ = json_object_get(header, "typ");
    const char *alg = json_string_value(json_object_get(header, "alg"));
    if (!alg || (kid && !json_is_string(kid)))
        return JWS_MALFORMED;
    if (strcmp(alg, jws_algorithm_name(algorithm)) != 0 || json_object_get(header, "crit") ||
        (typ && (!json_is_string(typ) || strcmp(json_string_value(typ), "JWT") != 0)))
        return JWS_FORGED;
    *ret = jwk_find(set, json_string_value(kid));
    return *ret && (*ret)->algorithm == algorithm ? 0 : JWS_KEY_UNKNOWN;
}

/* Strict base64url of a plausible length; libjwt decodes leniently and would take two spellings. */
static bool is_signature(const struct parts *parts, enum jws_algorithm algorithm)
{
    uint8_t bytes[1024];
    size_t n;
    return bytes_from_base64url(parts->text[2], parts->n[2], bytes, sizeof(bytes), &n) &&
           (algorithm == JWS_ES256 ? n == 64 : n >= 256);
}

static int check_signature(const struct jwk *key, const char *text, size_t n)
{
    CLEANUP(jwt_freep) jwt_t *jwt = NULL;
    CLEANUP(freep) char *copy = strndup(text, n);
    if (!copy)
        return E_NOMEM;
    int r = jwt_decode(&jwt, copy, (const unsigned char *)key->pem, (int)strlen(key->pem));
    if (r == ENOMEM)
        return E_NOMEM;
    return r == 0 && jwt_get_alg(jwt) == libjwt_algorithm(key->algorithm) ? 0 : JWS_FORGED;
}

int jws_verify(const struct jwk_set *set, enum jws_algorithm algorithm, const char *text, size_t n,
               json_t **ret)
{
    CLEANUP(json_decrefp) json_t *payload = NULL;
    const struct jwk *key = NULL;
    struct parts parts;
    if (n > JWS_BYTES_MAX || memchr(text, '\0', n) || !split(text, n, &parts))
        return JWS_MALFORMED;
    int done = check_header(set, algorithm, &parts, &key);
    if (done == 0)
        done = is_signature(&parts, algorithm) ? check_signature(key, text, n) : JWS_FORGED;
    if (done == 0)
        done = read_object(parts.text[1], parts.n[1], &payload);
    if (done == 0)
        *ret = STEAL(payload);
    return done;
}

/* --- signing ---------------------------------------------------------------------------------- */

int jws_assert(const struct jws_assertion *a, const char *pem, size_t pem_n, char **ret_text)
{
    CLEANUP(jwt_freep) jwt_t *jwt = NULL;
    char token[ID_TEXT];
    long now_s = (long)(a->now_ms / 1000);
    if (jwt_new(&jwt) != 0)
        return E_NOMEM;
    bool filled = jwt_set_alg(jwt, libjwt_algorithm(a->algorithm), (const unsigned char *)pem,
                              (int)pem_n) == 0 &&
                  (!a->kid[0] || jwt_add_header(jwt, "kid", a->kid) == 0) &&
                  jwt_add_grant(jwt, "iss", a->client) == 0 &&
                  jwt_add_grant(jwt, "sub", a->client) == 0 &&
                  jwt_add_grant(jwt, "aud", a->audience) == 0 &&
                  jwt_add_grant(jwt, "jti", id_format(&a->token, token)) == 0 &&
                  jwt_add_grant_int(jwt, "iat", now_s) == 0 &&
                  jwt_add_grant_int(jwt, "exp", now_s + ASSERTION_S) == 0;
    if (!filled)
        return E_NOMEM;
    *ret_text = jwt_encode_str(jwt); /* libjwt allocates by malloc unless told otherwise */
    return *ret_text ? 0 : E_CRYPTO;
}
