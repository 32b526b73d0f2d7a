/*
 * Tokens and key sets of a stranger: the input is a token LF a key set. No token is right under our
 * keys, whose private halves nobody has; of their set only keys that fit are kept.
 */
#include "base/crypto/jws.h"
#include "base/json.h"
#include "base/result.h"
#include "tests/fuzz/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char ours_text[] =
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\",\"alg\":\"ES256\",\"kid\":\"e\","
    "\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
    "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}]}";

static struct jwk_set ours;

static void read_set(const char *text, size_t n, enum jws_algorithm algorithm, struct jwk_set *ret)
{
    json_t *json = NULL;
    struct json_fault fault;
    ret->n = 0;
    if (json_read(text, n, &json, &fault) == 0) {
        int done = jwk_set_read(json, algorithm, ret);
        check(done == 0 || done == E_INVALID);
        check(done == 0 || ret->n == 0);
    }
    json_decref(json);
    check(ret->n <= JWK_SET_MAX);
    for (size_t i = 0; i < ret->n; i++) {
        check(ret->keys[i].algorithm == algorithm && strlen(ret->keys[i].kid) <= JWK_KID_MAX);
        check(strncmp(ret->keys[i].pem, "-----BEGIN PUBLIC KEY-----", 26) == 0);
    }
}

static int verify(const struct jwk_set *set, enum jws_algorithm algorithm, const char *text,
                  size_t n)
{
    json_t *claims = NULL;
    int done = jws_verify(set, algorithm, text, n, &claims);
    check((done == 0) == (claims != NULL));
    check(done >= 0 && done <= JWS_KEY_UNKNOWN);
    json_decref(claims);
    return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const enum jws_algorithm algorithms[] = {JWS_RS256, JWS_ES256};
    static struct jwk_set theirs;
    const char *text = (const char *)bytes;
    const char *line = n ? memchr(text, '\n', n) : NULL;
    size_t token_n = line ? (size_t)(line - text) : n;
    if (ours.n == 0) {
        read_set(ours_text, strlen(ours_text), JWS_ES256, &ours);
        check(ours.n == 1);
    }
    check(verify(&ours, JWS_ES256, text, token_n) != 0);
    for (size_t i = 0; line && i < 2; i++) {
        read_set(line + 1, n - token_n - 1, algorithms[i], &theirs);
        verify(&theirs, algorithms[i], text, token_n);
    }
    return 0;
}
