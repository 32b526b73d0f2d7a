/* Keys as others publish them, and tokens that they signed; and those that somebody made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/cleanup.h"
#include "base/crypto/bytes.h"
#include "base/crypto/jws.h"
#include "base/crypto/mac.h"
#include "base/result.h"

#define NOW_MS INT64_C(1764000000000)

/* A pair: the private key as PEM, the public one as JWK. */
struct pair {
    enum jws_algorithm algorithm;
    char pem[4096];
    json_t *jwk;
};

static void put_number(json_t *jwk, const char *name, const EVP_PKEY *key, const char *param,
                       int least)
{
    BIGNUM *number = NULL;
    uint8_t bytes[1024];
    char text[BYTES_BASE64URL_TEXT(sizeof(bytes))];
    assert_int_equal(EVP_PKEY_get_bn_param(key, param, &number), 1);
    int n = BN_num_bytes(number) > least ? BN_num_bytes(number) : least;
    assert_int_equal(BN_bn2binpad(number, bytes, n), n);
    BN_free(number);
    json_object_set_new(jwk, name, json_string(bytes_to_base64url(bytes, (size_t)n, text)));
}

static void make(struct pair *p, enum jws_algorithm algorithm, const char *kid, size_t bits)
{
    bool ec = algorithm == JWS_ES256;
    EVP_PKEY *key = ec ? EVP_EC_gen("P-256") : EVP_RSA_gen(bits);
    BIO *memory = BIO_new(BIO_s_mem());
    assert_non_null(key);
    assert_int_equal(PEM_write_bio_PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL), 1);
    int n = BIO_read(memory, p->pem, sizeof(p->pem) - 1);
    p->pem[n] = '\0';
    BIO_free(memory);
    p->algorithm = algorithm;
    p->jwk = json_pack("{s:s, s:s, s:s}", "kty", ec ? "EC" : "RSA", "kid", kid, "use", "sig");
    if (ec) {
        json_object_set_new(p->jwk, "crv", json_string("P-256"));
        put_number(p->jwk, "x", key, OSSL_PKEY_PARAM_EC_PUB_X, 32);
        put_number(p->jwk, "y", key, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
    } else {
        put_number(p->jwk, "n", key, OSSL_PKEY_PARAM_RSA_N, 0);
        put_number(p->jwk, "e", key, OSSL_PKEY_PARAM_RSA_E, 0);
    }
    EVP_PKEY_free(key);
}

static struct pair rsa, ec, other;
static struct jwk_set set;

static int set_up(void **state)
{
    (void)state;
    make(&rsa, JWS_RS256, "r1", 2048);
    make(&ec, JWS_ES256, "e1", 0);
    make(&other, JWS_ES256, "e1", 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(rsa.jwk);
    json_decref(ec.jwk);
    json_decref(other.jwk);
    return 0;
}

static size_t read_set(enum jws_algorithm algorithm, json_t *keys)
{
    json_t *json = json_pack("{s:o}", "keys", keys);
    assert_int_equal(jwk_set_read(json, algorithm, &set), 0);
    json_decref(json);
    return set.n;
}

static char *sign(const struct pair *p, const char *kid)
{
    char *text = NULL;
    struct jws_assertion a = {p->algorithm, kid,   "tram", "https://eid.example/token",
                              id_v4(),      NOW_MS};
    assert_int_equal(jws_assert(&a, p->pem, strlen(p->pem), &text), 0);
    return text;
}

static int verify(enum jws_algorithm algorithm, const char *text)
{
    json_t *claims = NULL;
    int done = jws_verify(&set, algorithm, text, strlen(text), &claims);
    if (done == 0)
        assert_string_equal(json_string_value(json_object_get(claims, "iss")), "tram");
    json_decref(claims);
    return done;
}

static void test_both_algorithms(void **state)
{
    (void)state;
    const struct pair *pairs[] = {&rsa, &ec};
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        const struct pair *p = pairs[i];
        const char *kid = json_string_value(json_object_get(p->jwk, "kid"));
        CLEANUP(freep) char *text = sign(p, kid);
        CLEANUP(freep) char *bare = sign(p, "");
        CLEANUP(freep) char *strange = sign(p, "other");
        assert_int_equal(read_set(p->algorithm, json_pack("[O]", p->jwk)), 1);
        assert_int_equal(verify(p->algorithm, text), 0);
        assert_int_equal(verify(p->algorithm, bare), 0);
        assert_int_equal(verify(p->algorithm, strange), JWS_KEY_UNKNOWN);
        assert_int_equal(read_set(p->algorithm, json_pack("[O, O]", rsa.jwk, ec.jwk)), 1);
        assert_int_equal(verify(p->algorithm, text), 0);
        text[strlen(text) / 2] ^= 1;
        assert_true(verify(p->algorithm, text) > 0);
    }
}

/* Without a kid it must be the only one (OpenID Connect Core §10.1). */
static void test_two_without_kid(void **state)
{
    (void)state;
    CLEANUP(freep) char *bare = sign(&ec, "");
    struct pair second;
    make(&second, JWS_ES256, "e2", 0);
    assert_int_equal(read_set(JWS_ES256, json_pack("[O, o]", ec.jwk, second.jwk)), 2);
    assert_int_equal(verify(JWS_ES256, bare), JWS_KEY_UNKNOWN);
}

static void test_another_key_under_the_kid(void **state)
{
    (void)state;
    CLEANUP(freep) char *text = sign(&other, "e1");
    read_set(JWS_ES256, json_pack("[O]", ec.jwk));
    assert_int_equal(verify(JWS_ES256, text), JWS_FORGED);
}

static void test_algorithm_is_pinned(void **state)
{
    (void)state;
    CLEANUP(freep) char *text = sign(&ec, "e1");
    read_set(JWS_RS256, json_pack("[O, O]", rsa.jwk, ec.jwk));
    assert_int_equal(verify(JWS_RS256, text), JWS_FORGED);
    assert_int_equal(jws_algorithm_of("HS256"), 0);
    assert_int_equal(jws_algorithm_of("none"), 0);
    assert_int_equal(jws_algorithm_of("RS256"), JWS_RS256);
    assert_int_equal(jws_algorithm_of("ES256"), JWS_ES256);
}

/* What libjwt would take: an HMAC keyed with the public key; and others like it. */
static void test_made_up(void **state)
{
    (void)state;
    read_set(JWS_RS256, json_pack("[O]", rsa.jwk));
    static const struct {
        const char *header;
        int outcome;
    } cases[] = {
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"r1\"}", JWS_FORGED},
        {"{\"alg\":\"none\",\"kid\":\"r1\"}", JWS_FORGED},
        {"{\"alg\":\"RS256\",\"kid\":\"r1\"}", JWS_FORGED},
        {"{\"alg\":\"RS256\",\"alg\":\"HS256\",\"kid\":\"r1\"}", JWS_MALFORMED},
        {"{\"alg\":\"RS256\",\"kid\":\"r1\",\"crit\":[\"x\"]}", JWS_FORGED},
        {"{\"alg\":\"RS256\",\"kid\":\"r1\",\"typ\":\"at+jwt\"}", JWS_FORGED},
        {"{\"alg\":\"RS256\",\"kid\":7}", JWS_MALFORMED},
        {"{\"alg\":7}", JWS_MALFORMED},
        {"[]", JWS_MALFORMED},
        {"x", JWS_MALFORMED},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[2048];
        uint8_t digest[MAC_SIZE];
        bytes_to_base64url(cases[i].header, strlen(cases[i].header), text);
        size_t n = strlen(text);
        text[n++] = '.';
        bytes_to_base64url("{\"iss\":\"tram\"}", 14, text + n);
        n = strlen(text);
        mac_hmac(set.keys[0].pem, strlen(set.keys[0].pem), text, n, digest);
        text[n++] = '.';
        bytes_to_base64url(digest, sizeof(digest), text + n);
        if (verify(JWS_RS256, text) != cases[i].outcome)
            fail_msg("%s", cases[i].header);
    }
    assert_int_equal(verify(JWS_RS256, ""), JWS_MALFORMED);
    assert_int_equal(verify(JWS_RS256, "a.b"), JWS_MALFORMED);
    assert_int_equal(verify(JWS_RS256, "a.b.c.d"), JWS_MALFORMED);
}

static void test_spelled_otherwise(void **state)
{
    (void)state;
    CLEANUP(freep) char *text = sign(&rsa, "r1");
    char longer[8192];
    read_set(JWS_RS256, json_pack("[O]", rsa.jwk));
    static const char *const tails[] = {"=", "==", " ", "\n", ".", ".x"};
    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        snprintf(longer, sizeof(longer), "%s%s", text, tails[i]);
        assert_true(verify(JWS_RS256, longer) > 0);
    }
}

/* --- sets ------------------------------------------------------------------------------------- */

static json_t *with(const struct pair *p, const char *name, json_t *value)
{
    json_t *jwk = json_deep_copy(p->jwk);
    if (value)
        json_object_set_new(jwk, name, value);
    else
        json_object_del(jwk, name);
    return jwk;
}

static void test_keys_passed_over(void **state)
{
    (void)state;
    struct pair small;
    make(&small, JWS_RS256, "small", 1024);
    assert_int_equal(read_set(JWS_RS256, json_pack("[o]", small.jwk)), 0);
    json_t *const unfit[] = {
        with(&rsa, "use", json_string("enc")),
        with(&rsa, "key_ops", json_pack("[s]", "encrypt")),
        with(&rsa, "alg", json_string("RS512")),
        with(&rsa, "alg", json_string("HS256")),
        with(&rsa, "kty", json_string("oct")),
        with(&rsa, "n", json_string("AQAB")),
        with(&rsa, "n", json_string("!")),
        with(&rsa, "n", NULL),
        with(&rsa, "e", json_string("AQ")),
        with(&rsa, "e", json_string("AA")),
        with(&rsa, "e", NULL),
    };
    for (size_t i = 0; i < ARRAY_LEN(unfit); i++) {
        if (read_set(JWS_RS256, json_pack("[o]", unfit[i])) != 0)
            fail_msg("RSA %zu", i);
    }
    char zeros[BYTES_BASE64URL_TEXT(32)];
    bytes_to_base64url((uint8_t[32]){0}, 32, zeros);
    json_t *const off_curve[] = {
        with(&ec, "x", json_string(zeros)),
        with(&ec, "y", json_string(zeros)),
        with(&ec, "crv", json_string("P-384")),
        with(&ec, "x", json_string("AAAA")),
        with(&ec, "y", NULL),
    };
    for (size_t i = 0; i < ARRAY_LEN(off_curve); i++) {
        if (read_set(JWS_ES256, json_pack("[o]", off_curve[i])) != 0)
            fail_msg("EC %zu", i);
    }
    assert_int_equal(read_set(JWS_RS256, json_pack("[o]", with(&rsa, "use", NULL))), 1);
    assert_int_equal(
        read_set(JWS_RS256, json_pack("[o]", with(&rsa, "key_ops", json_pack("[s]", "verify")))),
        1);
}

static void test_sets_are_bounded(void **state)
{
    (void)state;
    json_t *many = json_array();
    for (int i = 0; i < 3 * JWK_SET_MAX; i++)
        json_array_append(many, ec.jwk);
    assert_int_equal(read_set(JWS_ES256, many), JWK_SET_MAX);
    CLEANUP(json_decrefp) json_t *none = json_pack("{s:s}", "keys", "x");
    CLEANUP(json_decrefp) json_t *empty = json_object();
    assert_int_equal(jwk_set_read(none, JWS_ES256, &set), E_INVALID);
    assert_int_equal(jwk_set_read(empty, JWS_ES256, &set), E_INVALID);
}

static void test_signing_needs_a_private_key(void **state)
{
    (void)state;
    char *text = NULL;
    struct jws_assertion a = {JWS_RS256, "", "tram", "https://eid.example", id_v4(), NOW_MS};
    assert_int_equal(jws_assert(&a, "x", 1, &text), E_CRYPTO);
    assert_int_equal(jws_assert(&a, ec.pem, strlen(ec.pem), &text), E_CRYPTO);
    assert_null(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_algorithms),
        cmocka_unit_test(test_two_without_kid),
        cmocka_unit_test(test_another_key_under_the_kid),
        cmocka_unit_test(test_algorithm_is_pinned),
        cmocka_unit_test(test_made_up),
        cmocka_unit_test(test_spelled_otherwise),
        cmocka_unit_test(test_keys_passed_over),
        cmocka_unit_test(test_sets_are_bounded),
        cmocka_unit_test(test_signing_needs_a_private_key),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
