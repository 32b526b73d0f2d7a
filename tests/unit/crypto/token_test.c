#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/crypto/bytes.h"
#include "base/crypto/jws.h"
#include "base/result.h"
#include "tests/unit/crypto/forge.h"

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

/* Until the last of them expired, and no longer. */
static void tokens_outlive_a_rotation(void **state)
{
    struct scratch *s = *state;
    struct token_claims claims = make_claims(), back;
    CLEANUP(freep) char *text = NULL;
    CLEANUP(json_decrefp) json_t *before = NULL;
    CLEANUP(json_decrefp) json_t *after = NULL;
    struct keyring_entry entries[2];
    int64_t last_ms;

    assert_int_equal(token_sign(s->keyring, &parties, &claims, &text), 0);
    assert_int_equal(keyring_rotate(s->keyring, 0), 0);
    assert_int_equal(verify(s, text), 0);
    keyring_list(s->keyring, entries, 2);
    last_ms = entries[1].until_ms + TOKEN_LIFE_MAX_MS + TOKEN_SKEW_MS;
    assert_int_equal(token_key_set(s->keyring, last_ms - 1, &before), 0);
    assert_int_equal(json_array_size(json_object_get(before, "keys")), 2);
    assert_int_equal(token_key_set(s->keyring, last_ms, &after), 0);
    assert_int_equal(json_array_size(json_object_get(after, "keys")), 1);
    assert_int_equal(token_verify(s->keyring, &parties, text, strlen(text), last_ms - 1, &back),
                     TOKEN_EXPIRED);
    assert_int_equal(token_verify(s->keyring, &parties, text, strlen(text), last_ms, &back),
                     TOKEN_KEY_UNKNOWN);
}

/* What anybody gets who reads the set: another implementation verifies by it (libjwt cannot read
 * the type, so the token of this test says JWT). */
static void the_key_set_verifies(void **state)
{
    struct scratch *s = *state;
    CLEANUP(json_decrefp) json_t *set = NULL;
    CLEANUP(json_decrefp) json_t *claims = NULL;
    struct jwk_set keys;
    char header[128];
    char *text;

    assert_int_equal(keyring_rotate(s->keyring, 60000), 0); /* one that waits is there too */
    assert_int_equal(token_key_set(s->keyring, NOW_MS, &set), 0);
    assert_int_equal(jwk_set_read(set, JWS_ES256, &keys), 0);
    assert_int_equal(keys.n, 2);
    snprintf(header, sizeof(header), "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
             kid_of(s, 0));
    text = forge(s, header, "{\"a\":1}");
    assert_int_equal(jws_verify(&keys, JWS_ES256, text, strlen(text), &claims), 0);
    assert_int_equal(json_integer_value(json_object_get(claims, "a")), 1);
    for (size_t i = 0; i < json_array_size(json_object_get(set, "keys")); i++)
        assert_null(json_object_get(json_array_get(json_object_get(set, "keys"), i), "d"));
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
        WITH_KEYS(the_key_set_verifies),
        WITH_KEYS(one_text_is_one_token),
        WITH_KEYS(huge_and_shapeless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
