/* What an e-ID provider is configured to be, and what its claims are read as. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "domain/eid/private.h"

CLEANUP_PTR(struct config, config_free)

#define NOW_MS INT64_C(1772427600000) /* 2 March 2026 */
#define NOW_S (NOW_MS / 1000)
#define ISSUER "https://eid.example"
#define CARD "096190123456"

/* --- configuration ---------------------------------------------------------------------------- */

static const struct config_key *const tables[] = {eid_config};

static const struct {
    const char *name, *value;
} sound[] = {
    {"TRAM_EID_ISSUER", ISSUER},
    {"TRAM_EID_CLIENT_ID", "tram"},
    {"TRAM_EID_CLAIM_CARD", "cccd"},
    {"TRAM_EID_REDIRECTS", "https://app.example/eid"},
};

static struct config *load(const char *name, const char *value)
{
    struct config *c = NULL;
    struct buf faults;
    buf_init(&faults, 4096);
    for (size_t i = 0; i < ARRAY_LEN(sound); i++)
        setenv(sound[i].name, sound[i].value, 1);
    if (name)
        setenv(name, value, 1);
    assert_int_equal(config_load(tables, 1, NULL, &c, &faults), 0);
    for (size_t i = 0; i < ARRAY_LEN(sound); i++)
        unsetenv(sound[i].name);
    if (name)
        unsetenv(name);
    buf_release(&faults);
    return c;
}

/* The words, or NULL if it is sound. */
static const char *fault_of(const char *name, const char *value, bool demo)
{
    CLEANUP(config_freep) struct config *c = load(name, value);
    const char *words = NULL;
    struct eid_settings set;
    int done = eid_settings_read(c, demo, &words, &set);
    assert_int_equal(done, words ? E_CONFIG : 0);
    return words;
}

static void test_faults(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
    } wrong[] = {
        {"TRAM_EID_CLIENT_ID", ""},
        {"TRAM_EID_CLAIM_CARD", ""},
        {"TRAM_EID_REDIRECTS", ""},
        {"TRAM_EID_REDIRECTS", "http://app.example/eid"},
        {"TRAM_EID_REDIRECTS", "tram://eid"},
        {"TRAM_EID_ISSUER", "http://eid.example"},
        {"TRAM_EID_CALLBACK", "http://tram.example/v1/auth/eid/callback"},
        {"TRAM_EID_ALGORITHM", "HS256"},
        {"TRAM_EID_ALGORITHM", "none"},
        {"TRAM_EID_CLIENT_AUTH", "none"},
        {"TRAM_EID_CLIENT_AUTH", "client_secret_post"},
        {"TRAM_EID_AUTHORIZATION_URL", "https://eid.example/auth"},
    };
    assert_null(fault_of(NULL, NULL, false));
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        if (!fault_of(wrong[i].name, wrong[i].value, true))
            fail_msg("%s=%s", wrong[i].name, wrong[i].value);
    }
    assert_null(fault_of("TRAM_EID_ISSUER", "", false)); /* no e-ID: nothing else is asked */
}

/* Plain http is for a demonstration, on this machine; links of apps are https all the same. */
static void test_http_for_demonstrations(void **state)
{
    (void)state;
    assert_non_null(fault_of("TRAM_EID_HTTP", "true", false));
    assert_null(fault_of("TRAM_EID_HTTP", "true", true));
    CLEANUP(config_freep) struct config *c = load("TRAM_EID_HTTP", "true");
    struct http_policy policy;
    struct address inside, outside;
    const char *words = NULL;
    assert_int_equal(eid_http_policy(c, true, &words, &policy), 0);
    assert_true(policy.allow_http);
    assert_true(address_parse("127.0.0.1", 9, &inside));
    assert_true(address_parse("10.0.0.1", 8, &outside));
    assert_true(cidr_list_holds(&policy.allowed, &inside));
    assert_false(cidr_list_holds(&policy.allowed, &outside));
    assert_int_equal(eid_http_policy(c, false, &words, &policy), 0);
    assert_false(policy.allow_http);
    assert_false(cidr_list_holds(&policy.allowed, &inside));
}

/* --- claims ----------------------------------------------------------------------------------- */

static struct eid_settings settings(void)
{
    static const char *const one[] = {"loa1"}, *const two[] = {"loa2", "high"};
    return (struct eid_settings){
        .issuer = ISSUER,
        .client_id = "tram",
        .skew_ms = 30000,
        .claims = {"cccd", "name", "birthdate", "phone", "acr"},
        .level_one = {one, 1},
        .level_two = {two, 2},
        .level_otherwise = 0,
    };
}

static json_t *good_token(void)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "iss", ISSUER, "aud", "tram", "sub", "1",
                     "nonce", "n", "iat", (json_int_t)NOW_S, "exp", (json_int_t)(NOW_S + 300));
}

static bool sound_with(const char *name, json_t *value)
{
    struct eid_settings set = settings();
    CLEANUP(json_decrefp) json_t *claims = good_token();
    if (value)
        json_object_set_new(claims, name, value);
    else if (name)
        json_object_del(claims, name);
    return eid_token_sound(&set, claims, "n", NOW_MS);
}

static void test_tokens(void **state)
{
    (void)state;
    assert_true(sound_with(NULL, NULL));
    assert_true(sound_with("aud", json_pack("[s]", "tram")));
    assert_true(sound_with("azp", json_string("tram")));
    assert_true(sound_with("nbf", json_integer(NOW_S + 30)));
    assert_true(sound_with("iat", json_integer(NOW_S - 600)));
    assert_true(sound_with("iat", json_real((double)NOW_S + 0.5)));
    static const char *const required[] = {"iss", "aud", "sub", "nonce", "iat", "exp"};
    for (size_t i = 0; i < ARRAY_LEN(required); i++) {
        if (sound_with(required[i], NULL) || sound_with(required[i], json_null()) ||
            sound_with(required[i], json_object()) || sound_with(required[i], json_true()))
            fail_msg("%s", required[i]);
    }
    assert_false(sound_with("iss", json_string(ISSUER "/")));
    assert_false(sound_with("aud", json_string("other")));
    assert_false(sound_with("nonce", json_string("m")));
    assert_false(sound_with("exp", json_string("1772427900")));
    assert_false(sound_with("sub", json_string("")));
    assert_false(sound_with("aud", json_array()));
    assert_false(sound_with("aud", json_pack("[s,s]", "tram", "tram")));
    assert_false(sound_with("aud", json_pack("[i]", 1)));
    assert_false(sound_with("azp", json_string("other")));
    assert_false(sound_with("azp", json_integer(1)));
    assert_false(sound_with("nbf", json_integer(NOW_S + 31)));
    assert_false(sound_with("nbf", json_string("x")));
    assert_false(sound_with("iat", json_integer(NOW_S + 31)));
    assert_false(sound_with("iat", json_integer(NOW_S - 631)));
    assert_false(sound_with("exp", json_integer(NOW_S - 30)));
    assert_false(sound_with("exp", json_integer(NOW_S)));
    assert_false(sound_with("exp", json_integer(-1)));
    assert_false(sound_with("exp", json_real(1e300)));
}

static struct arena arena;

static int identify(const char *text, const char *more, struct eid_identity *ret)
{
    struct eid_settings set = settings();
    CLEANUP(json_decrefp) json_t *claims = json_loads(text, 0, NULL);
    CLEANUP(json_decrefp) json_t *userinfo = more ? json_loads(more, 0, NULL) : NULL;
    assert_non_null(claims);
    return eid_identity_of(&set, claims, userinfo, NOW_MS, &arena, ret);
}

static void test_births(void **state)
{
    (void)state;
    static const struct {
        const char *text, *read;
    } cases[] = {
        {"1990-05-17", "1990-05-17"}, {"17/05/1990", "1990-05-17"},
        {"19900517", "1990-05-17"},   {"1990", "1990"},
        {"1990-02-30", NULL},         {"1990/05/17", NULL},
        {"17-05-1990", NULL},         {"x990", NULL},
        {"17/5/1990", NULL},          {"", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct eid_identity who;
        char text[200];
        snprintf(text, sizeof(text),
                 "{\"cccd\":\"" CARD "\",\"acr\":\"loa1\",\"birthdate\":\"%s\"}", cases[i].text);
        assert_int_equal(identify(text, NULL, &who), 0);
        if (cases[i].read)
            assert_string_equal(who.birth, cases[i].read);
        else
            assert_null(who.birth);
    }
}

static void test_identities(void **state)
{
    (void)state;
    struct eid_identity who;
    assert_int_equal(identify("{\"cccd\":\"" CARD "\",\"acr\":\"high\",\"name\":\"Le\\u0302 An\","
                              "\"phone\":\"0912 345 678\",\"birthdate\":\"1990\"}",
                              NULL, &who),
                     0);
    assert_string_equal(who.card, CARD);
    assert_string_equal(who.name, "Lê An"); /* NFC */
    assert_string_equal(who.phone, "+84912345678");
    assert_int_equal(who.level, 2);
    assert_int_equal(identify("{\"acr\":\"loa1\"}", "{\"cccd\":\"" CARD "\"}", &who), 0);
    assert_int_equal(who.level, 1);
    assert_null(who.name);
    assert_int_equal(
        identify("{\"cccd\":\"" CARD "\",\"phone\":\"12\",\"acr\":\"loa1\"}", NULL, &who), 0);
    assert_null(who.phone);
    static const char *const nobody[] = {
        "{\"acr\":\"loa1\"}",
        "{\"acr\":\"loa1\",\"cccd\":\"\"}",
        "{\"acr\":\"loa1\",\"cccd\":[\"" CARD "\"]}",
        "{\"acr\":\"loa1\",\"cccd\":\"12\"}",
        "{\"acr\":\"loa1\",\"cccd\":\"" CARD "\",\"birthdate\":\"1991\"}",
    };
    for (size_t i = 0; i < ARRAY_LEN(nobody); i++)
        assert_int_equal(identify(nobody[i], NULL, &who), EID_CARD);
    assert_int_equal(identify("{\"cccd\":\"" CARD "\",\"acr\":\"other\"}", NULL, &who),
                     EID_REFUSED);
    assert_int_equal(identify("{\"cccd\":\"" CARD "\"}", NULL, &who), EID_REFUSED);
}

static void test_pointers(void **state)
{
    (void)state;
    struct eid_settings set = settings();
    struct eid_identity who;
    set.level_otherwise = 1;
    set.claims = (struct eid_claim_names){"/person/id", "/person/name", "", "", ""};
    CLEANUP(json_decrefp)
    json_t *claims = json_loads("{\"person\":{\"id\":\"" CARD "\",\"name\":\"An\"}}", 0, NULL);
    assert_int_equal(eid_identity_of(&set, claims, NULL, NOW_MS, &arena, &who), 0);
    assert_string_equal(who.card, CARD);
    assert_string_equal(who.name, "An");
    set.claims.card = "/person/id/x";
    assert_int_equal(eid_identity_of(&set, claims, NULL, NOW_MS, &arena, &who), EID_CARD);
}

static int begin(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults),     cmocka_unit_test(test_http_for_demonstrations),
        cmocka_unit_test(test_tokens),     cmocka_unit_test(test_births),
        cmocka_unit_test(test_identities), cmocka_unit_test(test_pointers),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
