#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto/bytes.h"
#include "base/crypto/sha256.h"

#define ALPHABET "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
#define MILLION 1000000

static void assert_digest(const uint8_t digest[SHA256_SIZE], const char *expected)
{
    char hex[BYTES_HEX_TEXT(SHA256_SIZE)];

    assert_string_equal(bytes_to_hex(digest, SHA256_SIZE, hex), expected);
}

/* FIPS 180-2 appendix B, and of nothing. */
static void digests_of_the_standard(void **state)
{
    (void)state;
    uint8_t out[SHA256_SIZE];
    struct sha256 h;

    sha256_of("abc", 3, out);
    assert_digest(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_of(ALPHABET, sizeof(ALPHABET) - 1, out);
    assert_digest(out, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    sha256_of(NULL, 0, out);
    assert_digest(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_init(&h);
    for (size_t i = 0; i < MILLION; i++)
        sha256_update(&h, "a", 1);
    sha256_final(&h, out);
    assert_digest(out, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* However the bytes come, and whatever was digested on the way. */
static void pieces_make_the_whole(void **state)
{
    (void)state;
    uint8_t bytes[300], whole[SHA256_SIZE], pieces[SHA256_SIZE], early[SHA256_SIZE];

    bytes_random(bytes, sizeof(bytes));
    sha256_of(bytes, sizeof(bytes), whole);
    for (size_t cut = 0; cut <= sizeof(bytes); cut++) {
        struct sha256 h, copy;

        sha256_init(&h);
        sha256_update(&h, bytes, cut);
        copy = h;
        sha256_final(&copy, early);
        sha256_update(&h, NULL, 0);
        sha256_update(&h, bytes + cut, sizeof(bytes) - cut);
        sha256_final(&h, pieces);
        assert_memory_equal(pieces, whole, sizeof(whole));
        sha256_of(bytes, cut, pieces);
        assert_memory_equal(early, pieces, sizeof(pieces));
    }
}

static void an_ended_one_remembers_nothing(void **state)
{
    (void)state;
    static const struct sha256 empty;
    uint8_t out[SHA256_SIZE];
    struct sha256 h;

    sha256_init(&h);
    sha256_update(&h, "a secret", 8);
    assert_memory_not_equal(&h, &empty, sizeof(h));
    sha256_final(&h, out);
    assert_memory_equal(&h, &empty, sizeof(h));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_of_the_standard),
        cmocka_unit_test(pieces_make_the_whole),
        cmocka_unit_test(an_ended_one_remembers_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
