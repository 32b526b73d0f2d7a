#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/crypto/bytes.h"
#include "base/crypto/seal.h"
#include "base/result.h"
#include "tests/unit/crypto/scratch.h"

static const char words[] = "0912 345 678";
#define WORDS_N (sizeof(words) - 1)

static const struct seal_about about = {"person.phone", {{1, 2, 3}}};

static void what_is_sealed_opens(void **state)
{
    (void)state;
    uint8_t key[SEAL_KEY], sealed[WORDS_N + SEAL_OVERHEAD], twice[WORDS_N + SEAL_OVERHEAD];
    char opened[WORDS_N];

    seal_key_new(key);
    assert_int_equal(seal(key, &about, words, WORDS_N, sealed), 0);
    assert_int_equal(seal(key, &about, words, WORDS_N, twice), 0);
    assert_memory_not_equal(sealed, twice, sizeof(sealed));
    assert_int_equal(seal_open(key, &about, sealed, sizeof(sealed), opened), 0);
    assert_memory_equal(opened, words, WORDS_N);
    assert_int_equal(seal(key, &about, NULL, 0, sealed), 0);
    assert_int_equal(seal_open(key, &about, sealed, SEAL_OVERHEAD, opened), 0);
}

static void every_changed_bit_is_noticed(void **state)
{
    (void)state;
    uint8_t key[SEAL_KEY], sealed[WORDS_N + SEAL_OVERHEAD];
    char opened[WORDS_N];

    seal_key_new(key);
    assert_int_equal(seal(key, &about, words, WORDS_N, sealed), 0);
    for (size_t i = 0; i < 8 * sizeof(sealed); i++) {
        sealed[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_int_equal(seal_open(key, &about, sealed, sizeof(sealed), opened), SEAL_FORGED);
        sealed[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    for (size_t n = 0; n < sizeof(sealed); n++)
        assert_int_equal(seal_open(key, &about, sealed, n, opened), SEAL_FORGED);
    key[0] ^= 1;
    assert_int_equal(seal_open(key, &about, sealed, sizeof(sealed), opened), SEAL_FORGED);
}

static void sealed_words_cannot_be_moved(void **state)
{
    (void)state;
    const struct seal_about another_field = {"person.phon", about.whose};
    const struct seal_about another_person = {about.what, {{1, 2, 4}}};
    uint8_t key[SEAL_KEY], sealed[WORDS_N + SEAL_OVERHEAD];
    char opened[WORDS_N];

    seal_key_new(key);
    assert_int_equal(seal(key, &about, words, WORDS_N, sealed), 0);
    assert_int_equal(seal_open(key, &another_field, sealed, sizeof(sealed), opened), SEAL_FORGED);
    assert_int_equal(seal_open(key, &another_person, sealed, sizeof(sealed), opened), SEAL_FORGED);
}

static void saying_what_it_is_is_not_optional(void **state)
{
    (void)state;
    static const char long_name[] =
        "a.name.of.more.than.sixty.four.bytes.is.taken.for.a.mistake.of.ours";
    const struct seal_about bad[] = {{"", {{0}}}, {NULL, {{0}}}, {long_name, {{0}}}};
    uint8_t key[SEAL_KEY] = {0}, sealed[WORDS_N + SEAL_OVERHEAD];

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(seal(key, &bad[i], words, WORDS_N, sealed), E_INVALID);
}

static void keyring_seals_outlive_a_rotation(void **state)
{
    struct scratch *s = *state;
    uint8_t sealed[WORDS_N + SEAL_KEYRING_OVERHEAD];
    char opened[WORDS_N];

    assert_int_equal(seal_by_keyring(s->keyring, KEY_PERSON_WRAP, &about, words, WORDS_N, sealed),
                     0);
    assert_int_equal(keyring_rotate(s->keyring, 0), 0);
    assert_int_equal(
        seal_open_by_keyring(s->keyring, KEY_PERSON_WRAP, &about, sealed, sizeof(sealed), opened),
        0);
    assert_memory_equal(opened, words, WORDS_N);
    assert_int_equal(
        seal_open_by_keyring(s->keyring, KEY_SECRET, &about, sealed, sizeof(sealed), opened),
        SEAL_FORGED);
    for (size_t n = 0; n < sizeof(sealed); n++)
        assert_int_equal(
            seal_open_by_keyring(s->keyring, KEY_PERSON_WRAP, &about, sealed, n, opened),
            SEAL_FORGED);
    sealed[1] ^= 1;
    assert_int_equal(
        seal_open_by_keyring(s->keyring, KEY_PERSON_WRAP, &about, sealed, sizeof(sealed), opened),
        SEAL_KEY_UNKNOWN);
    sealed[1] ^= 1;
    sealed[0] = 1; /* the other form */
    assert_int_equal(
        seal_open_by_keyring(s->keyring, KEY_PERSON_WRAP, &about, sealed, sizeof(sealed), opened),
        SEAL_FORGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens),
        cmocka_unit_test(every_changed_bit_is_noticed),
        cmocka_unit_test(sealed_words_cannot_be_moved),
        cmocka_unit_test(saying_what_it_is_is_not_optional),
        cmocka_unit_test_setup_teardown(keyring_seals_outlive_a_rotation, scratch_begin,
                                        scratch_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
