#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/crypto/token.h"
#include "base/result.h"
#include "tests/unit/crypto/scratch.h"

#define NOW_MS INT64_C(1764000000000)
#define NOW_S "1764000000"

static const struct token_parties parties = {"https://tram.example", "tram"};

static struct token_claims make_claims(void)
{
    struct token_claims c = {
        .subject = id_v4(),
        .session = id_v7(NOW_MS),
        .token = id_v4(),
        .kind = TOKEN_STAFF,
        .role = "officer",
        .agency = "ubnd-p1",
        .level = 2,
        .issued_ms = NOW_MS,
        .not_before_ms = NOW_MS,
        .expires_ms = NOW_MS + 900000,
    };

    return c;
}

static int verify(const struct scratch *s, const char *text)
{
    struct token_claims claims;

    return token_verify(s->keyring, &parties, text, strlen(text), NOW_MS, &claims);
}

/* A token of any header and payload, rightly signed with the given key: what an attacker with a
 * signing oracle could make, and what a careless verifier would take. */
static char *forge_with(const void *key, size_t key_n, const char *header, const char *payload)
{
    static char text[16384];
    uint8_t digest[MAC_SIZE];
    size_t n;

    bytes_to_base64url(header, strlen(header), text);
    strcat(text, ".");
    n = strlen(text);
    bytes_to_base64url(payload, strlen(payload), text + n);
    n = strlen(text);
    mac_hmac(key, key_n, text, n, digest);
    text[n] = '.';
    bytes_to_base64url(digest, sizeof(digest), text + n + 1);
    return text;
}

static char *forge(const struct scratch *s, const char *header, const char *payload)
{
    struct keyring_key key;

    keyring_active(s->keyring, KEY_TOKEN, &key);
    return forge_with(key.bytes, sizeof(key.bytes), header, payload);
}

#define IDS                                                                                        \
    "\"sub\":\"0190a5c2-5b7e-4c00-8000-000000000001\","                                            \
    "\"sid\":\"0190a5c2-5b7e-7c00-8000-000000000002\","                                            \
    "\"jti\":\"0190a5c2-5b7e-4c00-8000-000000000003\","
#define WHO "\"kind\":\"staff\",\"role\":\"officer\",\"agency\":\"a\",\"level\":2,"
#define PARTIES "\"iss\":\"https://tram.example\",\"aud\":\"tram\","
#define TIMES "\"iat\":" NOW_S ",\"nbf\":" NOW_S ",\"exp\":1764000900"

static char *good_header(const struct scratch *s)
{
    static char header[128];
    struct keyring_key key;
    char kid[KEYRING_ID_TEXT];

    keyring_active(s->keyring, KEY_TOKEN, &key);
    snprintf(header, sizeof(header), "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
             keyring_id_format(key.id, kid));
    return header;
}

static void claims_come_back(void **state)
{
    struct scratch *s = *state;
    struct token_claims claims = make_claims(), back;
    CLEANUP(freep) char *text = NULL;

    assert_int_equal(token_sign(s->keyring, &parties, &claims, &text), 0);
    assert_true(strlen(text) < TOKEN_BYTES_MAX);
    assert_int_equal(token_verify(s->keyring, &parties, text, strlen(text), NOW_MS, &back), 0);
    assert_true(id_equal(&back.subject, &claims.subject));
    assert_true(id_equal(&back.session, &claims.session));
    assert_true(id_equal(&back.token, &claims.token));
    assert_int_equal(back.kind, TOKEN_STAFF);
    assert_string_equal(back.role, "officer");
    assert_string_equal(back.agency, "ubnd-p1");
    assert_int_equal(back.level, 2);
    assert_int_equal(back.issued_ms, claims.issued_ms);
    assert_int_equal(back.not_before_ms, claims.not_before_ms);
    assert_int_equal(back.expires_ms, claims.expires_ms);
}

static void tokens_outlive_a_rotation(void **state)
{
    struct scratch *s = *state;
    struct token_claims claims = make_claims();
    CLEANUP(freep) char *text = NULL;

    assert_int_equal(token_sign(s->keyring, &parties, &claims, &text), 0);
    assert_int_equal(keyring_rotate(s->keyring), 0);
    assert_int_equal(verify(s, text), 0);
}

static void times_with_thirty_seconds_of_skew(void **state)
{
    struct scratch *s = *state;
    struct token_claims claims = make_claims(), back;
    CLEANUP(freep) char *text = NULL;
    const struct {
        int64_t at_ms;
        int expected;
    } cases[] = {
        {claims.expires_ms, 0},
        {claims.expires_ms + TOKEN_SKEW_MS - 1, 0},
        {claims.expires_ms + TOKEN_SKEW_MS, TOKEN_EXPIRED},
        {NOW_MS - TOKEN_SKEW_MS, 0},
        {NOW_MS - TOKEN_SKEW_MS - 1, TOKEN_NOT_YET},
    };

    assert_int_equal(token_sign(s->keyring, &parties, &claims, &text), 0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(
            token_verify(s->keyring, &parties, text, strlen(text), cases[i].at_ms, &back),
            cases[i].expected);
    assert_int_equal(verify(s, forge(s, good_header(s),
                                     "{" PARTIES IDS WHO "\"iat\":" NOW_S
                                     ",\"nbf\":1764000031,\"exp\":1764000900}")),
                     TOKEN_NOT_YET);
}

static void claims_out_of_bounds_are_not_signed(void **state)
{
    struct scratch *s = *state;
    struct token_claims claims;
    char *text = NULL;

#define REFUSED(change)                                                                            \
    claims = make_claims();                                                                        \
    change;                                                                                        \
    assert_int_equal(token_sign(s->keyring, &parties, &claims, &text), E_INVALID)
    REFUSED(claims.expires_ms = claims.issued_ms);
    REFUSED(claims.expires_ms = claims.issued_ms + TOKEN_LIFE_MAX_MS + 1);
    REFUSED(claims.not_before_ms = claims.expires_ms + 1);
    REFUSED(claims.level = 10);
    REFUSED(claims.level = -2);
    REFUSED(strcpy(claims.role, "sĩ"));
    REFUSED(memset(claims.agency, 'a', sizeof(claims.agency)));
#undef REFUSED
}

/* Every header but ours, each signed with the right key, so that only the header can be at fault.
 */
static void headers_are_pinned(void **state)
{
    struct scratch *s = *state;
    static const char payload[] = "{" PARTIES IDS WHO TIMES "}";
    struct keyring_key key;
    char kid[KEYRING_ID_TEXT], header[256];
    static const struct {
        const char *form;
        int expected;
    } cases[] = {
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", 0},
        {"{\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":\"None\",\"typ\":\"JWT\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":\"HS384\",\"typ\":\"JWT\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":\"hs256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":null,\"typ\":\"JWT\",\"kid\":\"%s\"}", TOKEN_FORGED},
        {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"HS256\",\"typ\":\"jwt\",\"kid\":\"%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"HS256\",\"kid\":\"%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\",\"crit\":[]}", TOKEN_MALFORMED},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"jku\":\"%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"HS256\",\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"../%s\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":[\"%s\"]}", TOKEN_MALFORMED},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"} ", 0}, /* JSON white space */
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}x", TOKEN_MALFORMED},
        {"[\"%s\",1,2]", TOKEN_MALFORMED},
    };

    keyring_active(s->keyring, KEY_TOKEN, &key);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(header, sizeof(header), cases[i].form, keyring_id_format(key.id, kid));
#pragma GCC diagnostic pop
        assert_int_equal(verify(s, forge(s, header, payload)), cases[i].expected);
    }
    snprintf(header, sizeof(header), "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
             keyring_id_format(key.id ^ 1, kid));
    assert_int_equal(verify(s, forge(s, header, payload)), TOKEN_KEY_UNKNOWN);
}

/* The classic confusions: signed with something everybody knows. */
static void other_keys_do_not_sign(void **state)
{
    struct scratch *s = *state;
    static const char payload[] = "{" PARTIES IDS WHO TIMES "}";
    static const char public_key[] =
        "-----BEGIN PUBLIC KEY-----\n"
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9\n"
        "q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==\n"
        "-----END PUBLIC KEY-----\n";
    struct keyring_key key;
    char *text;

    assert_int_equal(verify(s, forge_with("", 0, good_header(s), payload)), TOKEN_FORGED);
    assert_int_equal(verify(s, forge_with(public_key, strlen(public_key), good_header(s), payload)),
                     TOKEN_FORGED);
    keyring_active(s->keyring, KEY_CURSOR, &key); /* a key of ours, for another purpose */
    assert_int_equal(verify(s, forge_with(key.bytes, sizeof(key.bytes), good_header(s), payload)),
                     TOKEN_FORGED);
    text = forge(s, good_header(s), payload);
    *(strrchr(text, '.') + 1) = '\0'; /* the signature left out */
    assert_int_equal(verify(s, text), TOKEN_MALFORMED);
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
        {"{" PARTIES IDS "\"kind\":\"root\",\"role\":\"\",\"agency\":\"\",\"level\":1," TIMES "}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS "\"kind\":\"staff\",\"role\":1,\"agency\":\"\",\"level\":1," TIMES "}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS "\"kind\":\"staff\",\"role\":\"\",\"agency\":\"\",\"level\":true," TIMES
         "}",
         TOKEN_MALFORMED},
        {"{" PARTIES IDS
         "\"kind\":\"staff\",\"role\":\"\",\"agency\":\"\",\"level\":4294967297," TIMES "}",
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

static void one_text_is_one_token(void **state)
{
    struct scratch *s = *state;
    struct token_claims claims = make_claims(), back;
    CLEANUP(freep) char *text = NULL;
    char changed[TOKEN_BYTES_MAX + 16];
    size_t n;

    assert_int_equal(token_sign(s->keyring, &parties, &claims, &text), 0);
    n = strlen(text);
    for (size_t i = 0; i < n; i++) { /* also the unused bits of each part's last character */
        for (const char *c = "AB.-_=+ "; *c; c++) {
            if (text[i] == *c)
                continue;
            strcpy(changed, text);
            changed[i] = *c;
            assert_int_not_equal(verify(s, changed), 0);
        }
        strcpy(changed, text);
        changed[i]++;
        assert_int_not_equal(verify(s, changed), 0);
        assert_int_not_equal(token_verify(s->keyring, &parties, text, i, NOW_MS, &back), 0);
    }
    static const char *const tails[] = {"=", ".", "A", "\n", " ", ".e30", "\xff"};
    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        snprintf(changed, sizeof(changed), "%s%s", text, tails[i]);
        assert_int_not_equal(verify(s, changed), 0);
    }
    strcpy(changed, text);
    assert_int_not_equal(token_verify(s->keyring, &parties, changed, n + 1, NOW_MS, &back), 0);
    changed[0] = ' ';
    strcpy(changed + 1, text);
    assert_int_not_equal(verify(s, changed), 0);
}

static void huge_and_shapeless(void **state)
{
    struct scratch *s = *state;
    static char huge[1 << 20];
    struct token_claims back;
    static const char *const bad[] = {"", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d", "{}.{}.{}"};

    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(verify(s, bad[i]), TOKEN_MALFORMED);
    memset(huge, 'A', sizeof(huge));
    assert_int_equal(token_verify(s->keyring, &parties, huge, sizeof(huge), NOW_MS, &back),
                     TOKEN_MALFORMED);
    huge[100] = huge[1500] = '.';
    assert_int_equal(token_verify(s->keyring, &parties, huge, TOKEN_BYTES_MAX, NOW_MS, &back),
                     TOKEN_MALFORMED);
}

int main(void)
{
#define WITH_KEYS(test) cmocka_unit_test_setup_teardown(test, scratch_begin, scratch_end)
    const struct CMUnitTest tests[] = {
        WITH_KEYS(claims_come_back),
        WITH_KEYS(tokens_outlive_a_rotation),
        WITH_KEYS(times_with_thirty_seconds_of_skew),
        WITH_KEYS(claims_out_of_bounds_are_not_signed),
        WITH_KEYS(headers_are_pinned),
        WITH_KEYS(other_keys_do_not_sign),
        WITH_KEYS(payloads_are_exact),
        WITH_KEYS(one_text_is_one_token),
        WITH_KEYS(huge_and_shapeless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
