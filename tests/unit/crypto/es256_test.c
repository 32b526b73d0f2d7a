/* Signing pairs: the same from the same seed, one spelling of a signature, others verify it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/bn.h>
#include <stdio.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/es256.h"

static const char order_hex[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

static struct es256 *make_pair(uint8_t first)
{
    uint8_t seed[ES256_SEED] = {first};
    struct es256 *pair = NULL;

    assert_int_equal(es256_derive(seed, &pair), 0);
    return pair;
}

static bool verifies(const struct es256 *pair, const char *text,
                     const uint8_t signature[ES256_SIGNATURE])
{
    bool good = true;

    assert_int_equal(es256_verify(pair, text, strlen(text), signature, &good), 0);
    return good;
}

static void a_seed_gives_one_pair(void **state)
{
    (void)state;
    struct es256 *a = make_pair(1), *again = make_pair(1), *b = make_pair(2);
    uint8_t x[3][ES256_COORDINATE], y[3][ES256_COORDINATE], signature[ES256_SIGNATURE];

    assert_int_equal(es256_public(a, x[0], y[0]), 0);
    assert_int_equal(es256_public(again, x[1], y[1]), 0);
    assert_int_equal(es256_public(b, x[2], y[2]), 0);
    assert_memory_equal(x[0], x[1], sizeof(x[0]));
    assert_memory_equal(y[0], y[1], sizeof(y[0]));
    assert_memory_not_equal(x[0], x[2], sizeof(x[0]));
    assert_int_equal(es256_sign(a, "words", 5, signature), 0);
    assert_true(verifies(again, "words", signature));
    assert_false(verifies(b, "words", signature));
    assert_false(verifies(a, "wordz", signature));
    assert_false(verifies(a, "", signature));
    es256_free(a);
    es256_free(again);
    es256_free(b);
}

/* (r, n - s) is right by the book and would be a second spelling. */
static void the_other_half_is_refused(void **state)
{
    (void)state;
    struct es256 *pair = make_pair(3);
    BIGNUM *order = NULL, *s = BN_new(), *other = BN_new();
    uint8_t signature[ES256_SIGNATURE];
    char text[32];

    BN_hex2bn(&order, order_hex);
    for (int i = 0; i < 64; i++) { /* half of them came out above */
        snprintf(text, sizeof(text), "words %d", i);
        assert_int_equal(es256_sign(pair, text, strlen(text), signature), 0);
        assert_true(verifies(pair, text, signature));
        BN_bin2bn(signature + ES256_COORDINATE, ES256_COORDINATE, s);
        BN_sub(other, order, s);
        assert_true(BN_cmp(s, other) < 0);
        BN_bn2binpad(other, signature + ES256_COORDINATE, ES256_COORDINATE);
        assert_false(verifies(pair, text, signature));
    }
    BN_free(order);
    BN_free(s);
    BN_free(other);
    es256_free(pair);
}

/* CVE-2022-21449 and its kin: numbers that make the equation hold for anything. */
static void degenerate_numbers_are_refused(void **state)
{
    (void)state;
    struct es256 *pair = make_pair(4);
    uint8_t order[ES256_COORDINATE], good[ES256_SIGNATURE];
    size_t n;

    assert_true(bytes_from_hex(order_hex, 64, order, sizeof(order), &n));
    assert_int_equal(es256_sign(pair, "words", 5, good), 0);
    const uint8_t zero[ES256_COORDINATE] = {0};
    uint8_t one[ES256_COORDINATE] = {0}, most[ES256_COORDINATE];
    one[ES256_COORDINATE - 1] = 1;
    memset(most, 0xff, sizeof(most));
    const uint8_t *const numbers[] = {zero, one, order, most, good, good + ES256_COORDINATE};
    for (size_t r = 0; r < 6; r++) {
        for (size_t s = 0; s < 6; s++) {
            uint8_t made[ES256_SIGNATURE];
            memcpy(made, numbers[r], ES256_COORDINATE);
            memcpy(made + ES256_COORDINATE, numbers[s], ES256_COORDINATE);
            assert_int_equal(verifies(pair, "words", made), r == 4 && s == 5);
        }
    }
    es256_free(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_gives_one_pair),
        cmocka_unit_test(the_other_half_is_refused),
        cmocka_unit_test(degenerate_numbers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
