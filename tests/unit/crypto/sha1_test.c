/* SHA-1 by the vectors of FIPS 180-4's examples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto/bytes.h"
#include "base/crypto/sha1.h"

static void digests_of_the_standard(void **state)
{
    (void)state;
    static const struct {
        const char *text, *digest;
    } known[] = {
        {"", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
        {"abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        uint8_t out[SHA1_SIZE];
        char hex[2 * SHA1_SIZE + 1];
        sha1_of(known[i].text, strlen(known[i].text), out);
        assert_string_equal(bytes_to_hex(out, sizeof(out), hex), known[i].digest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(digests_of_the_standard)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
