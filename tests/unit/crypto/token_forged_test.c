/* Tokens that somebody made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/crypto/jws.h"
#include "tests/unit/crypto/forge.h"

/* Every header but ours, each signed with the right key, so that only the header can be at fault.
 */
static void headers_are_pinned(void **state)
{
    struct scratch *s = *state;
    static const char payload[] = "{" PARTIES IDS WHO TIMES "}";
    char header[256];
    static const struct {
        const char *form;
        int expected;
    } cases[] = {
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", 0},
        {"{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":\"None\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":\"HS384\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":\"es256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":null,\"typ\":\"at+jwt\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"jwt\",\"kid\":\"%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"AT+JWT\",\"kid\":\"%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"application/at+jwt\",\"kid\":\"%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"kid\":\"%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"zip\":\"DEF\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"cty\":\"JWT\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"jwk\":{}}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"x5u\":\"https://evil.example\"}",
         TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s' OR '1'='1\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\\u0000\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"crit\":[]}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"jku\":\"%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"../%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":[\"%s\"]}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"} ", 0}, /* JSON white space */
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}x", TOKEN_MALFORMED},
        {"[\"%s\",1,2]", TOKEN_MALFORMED},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(header, sizeof(header), cases[i].form, kid_of(s, 0));
#pragma GCC diagnostic pop
        assert_int_equal(verify(s, forge(s, header, payload)), cases[i].expected);
    }
    snprintf(header, sizeof(header), "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
             kid_of(s, 1));
    assert_int_equal(verify(s, forge(s, header, payload)), TOKEN_KEY_UNKNOWN);
}

/* The classic confusions: an HMAC of something everybody knows, in each form it is published in. */
static void published_keys_do_not_sign(void **state)
{
    struct scratch *s = *state;
    static const char payload[] = "{" PARTIES IDS WHO TIMES "}";
    CLEANUP(json_decrefp) json_t *set = NULL;
    CLEANUP(freep) char *json = NULL;
    static struct jwk_set keys;
    char hs256[128];

    assert_int_equal(token_key_set(s->keyring, NOW_MS, &set), 0);
    assert_int_equal(jwk_set_read(set, JWS_ES256, &keys), 0);
    json = json_dumps(set, JSON_COMPACT);
    const char *const secrets[] = {keys.keys[0].pem, json, kid_of(s, 0), ""};
    snprintf(hs256, sizeof(hs256), "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
             kid_of(s, 0));
    for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
        size_t n = strlen(secrets[i]);
        assert_int_equal(verify(s, forge_hmac(secrets[i], n, hs256, payload)), TOKEN_FORGED);
        assert_int_equal(verify(s, forge_hmac(secrets[i], n, good_header(s), payload)),
                         TOKEN_MALFORMED); /* 32 bytes are no signature */
    }
}

static void other_keys_do_not_sign(void **state)
{
    struct scratch *s = *state;
    static const char payload[] = "{" PARTIES IDS WHO TIMES "}";
    static const uint8_t zeros[ES256_SIGNATURE];
    char text[16384];
    struct keyring_key key;
    struct es256 *pair;
    char *forged;
    size_t n;

    keyring_active(s->keyring, KEY_CURSOR, &key); /* a key of ours, for another purpose */
    assert_int_equal(es256_derive(key.bytes, &pair), 0);
    assert_int_equal(verify(s, forge_by(pair, good_header(s), payload)), TOKEN_FORGED);
    es256_free(pair);
    n = join(good_header(s), payload, text); /* r and s of nothing, which verified elsewhere */
    add_signature(text, n, zeros, sizeof(zeros));
    assert_int_equal(verify(s, text), TOKEN_FORGED);
    forged = forge(s, good_header(s), payload);
    *(strrchr(forged, '.') + 1) = '\0'; /* the signature left out */
    assert_int_equal(verify(s, forged), TOKEN_MALFORMED);
}

/* Each payload rightly signed. */
static void payloads_are_exact(void **state)
{
    struct scratch *s = *state;
    static const struct {
        const char *payload;
        int expected;
    } cases[] = {
        {"{" PARTIES IDS WHO TIMES "}", 0},
        {"{\"iss\":\"https://tram.example\",\"aud\":\"other\"," IDS WHO TIMES "}",
         TOKEN_WRONG_PARTY},
        {"{\"iss\":\"https://evil.example\",\"aud\":\"tram\"," IDS WHO TIMES "}",
         TOKEN_WRONG_PARTY},
        {"{\"iss\":\"https://tram.example\",\"aud\":[\"tram\"]," IDS WHO TIMES "}",
         TOKEN_WRONG_PARTY},
        {"{" PARTIES IDS WHO "\"iat\":" NOW_S ",\"nbf\":" NOW_S "}", TOKEN_MALFORMED},
        {"{" PARTIES IDS WHO "\"iat\":" NOW_S ",\"nbf\":" NOW_S ",\"exp\":null}", TOKEN_MALFORMED},
        {"{" PARTIES IDS WHO "\"iat\":" NOW_S ",\"nbf\":" NOW_S ",\"exp\":\"1764000900\"}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS WHO "\"iat\":" NOW_S ",\"nbf\":" NOW_S ",\"exp\":1764000900.0}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS WHO "\"iat\":" NOW_S ",\"nbf\":" NOW_S ",\"exp\":9223372036854775807}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS WHO "\"iat\":" NOW_S ",\"nbf\":" NOW_S ",\"exp\":-1}", TOKEN_MALFORMED},
        {"{" PARTIES IDS WHO "\"iat\":" NOW_S ",\"nbf\":" NOW_S ",\"exp\":1774000900}",
         TOKEN_MALFORMED}, /* lives too long */
        {"{" PARTIES IDS WHO TIMES ",\"exp\":1774000900}", TOKEN_MALFORMED},
        {"{" PARTIES IDS WHO TIMES ",\"admin\":true}", TOKEN_MALFORMED},
        {"{" PARTIES IDS "\"client_id\":\"tram-citizen\",\"kind\":\"staff\",\"role\":\"officer\","
         "\"agency\":\"a\",\"level\":2," TIMES "}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS
         "\"client_id\":\"tram-staff\",\"kind\":\"staff\",\"role\":\"o\\u0308fficer\","
         "\"agency\":\"a\",\"level\":2," TIMES "}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS
         "\"client_id\":\"tram-staff\",\"kind\":\"staff\",\"role\":\"admin\\u0000\","
         "\"agency\":\"a\",\"level\":2," TIMES "}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS "\"client_id\":\"tram-staff\",\"kind\":\"root\",\"role\":\"\",\"agency\":"
         "\"\",\"level\":1," TIMES "}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS "\"client_id\":\"tram-staff\",\"kind\":\"staff\",\"role\":1,\"agency\":"
         "\"\",\"level\":1," TIMES "}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS "\"client_id\":\"tram-staff\",\"kind\":\"staff\",\"role\":\"\",\"agency\":"
         "\"\",\"level\":true," TIMES "}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS "\"client_id\":\"tram-staff\",\"kind\":\"staff\",\"role\":\"\",\"agency\":"
         "\"\",\"level\":4294967297," TIMES "}",
         TOKEN_MALFORMED},
        {"{" PARTIES "\"sub\":\"me\",\"sid\":\"0190a5c2-5b7e-7c00-8000-000000000002\","
         "\"jti\":\"0190a5c2-5b7e-4c00-8000-000000000003\"," WHO TIMES "}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS WHO TIMES "}{}", TOKEN_MALFORMED},
        {"{}", TOKEN_MALFORMED},
        {"", TOKEN_MALFORMED},
        {"null", TOKEN_MALFORMED},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(verify(s, forge(s, good_header(s), cases[i].payload)), cases[i].expected);
}

int main(void)
{
#define WITH_KEYS(test) cmocka_unit_test_setup_teardown(test, scratch_begin, scratch_end)
    const struct CMUnitTest tests[] = {
        WITH_KEYS(headers_are_pinned),
        WITH_KEYS(published_keys_do_not_sign),
        WITH_KEYS(other_keys_do_not_sign),
        WITH_KEYS(payloads_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
