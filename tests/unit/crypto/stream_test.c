#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto/bytes.h"
#include "base/crypto/stream.h"

#define BLOCK 64

/* The nonce of draft-irtf-cfrg-xchacha-03 A.3.2, and its key. */
static void draft_key(uint8_t key[STREAM_KEY], uint8_t nonce[STREAM_NONCE])
{
    for (size_t i = 0; i < STREAM_KEY; i++)
        key[i] = (uint8_t)(0x80 + i);
    for (size_t i = 0; i < STREAM_NONCE; i++)
        nonce[i] = (uint8_t)(0x40 + i);
    nonce[STREAM_NONCE - 1] = 0x58;
}

/* draft-irtf-cfrg-xchacha-03 A.3.2.1, the first block. */
static void stream_of_the_draft(void **state)
{
    (void)state;
    uint8_t key[STREAM_KEY], nonce[STREAM_NONCE];
    char hex[BYTES_HEX_TEXT(BLOCK)];
    char text[] = "The dhole (pronounced \"dole\") is also known as the Asiatic wild ";

    assert_int_equal(strlen(text), BLOCK);
    draft_key(key, nonce);
    stream_xor(key, nonce, 0, text, BLOCK);
    assert_string_equal(bytes_to_hex(text, BLOCK, hex),
                        "4559abba4e48c16102e8bb2c05e6947f50a786de162f9b0b7e592a9b53d0d4e9"
                        "8d8d6410d540a1a6375b26d80dace4fab52384c731acbf16a5923c0c48d3575d");
}

/* Three pieces, cut anywhere around the borders of blocks, are covered as the whole is. */
static void pieces_make_the_whole(void **state)
{
    (void)state;
    uint8_t key[STREAM_KEY], nonce[STREAM_NONCE], plain[3 * BLOCK + 5], whole[sizeof(plain)],
        pieces[sizeof(plain)];

    draft_key(key, nonce);
    bytes_random(plain, sizeof(plain));
    memcpy(whole, plain, sizeof(plain));
    stream_xor(key, nonce, 0, whole, sizeof(whole));
    for (size_t first = 0; first <= sizeof(plain); first++) {
        for (size_t second = first; second <= sizeof(plain); second++) {
            memcpy(pieces, plain, sizeof(plain));
            stream_xor(key, nonce, (int64_t)second, pieces + second, sizeof(plain) - second);
            stream_xor(key, nonce, 0, pieces, first);
            stream_xor(key, nonce, (int64_t)first, pieces + first, second - first);
            assert_memory_equal(pieces, whole, sizeof(whole));
        }
    }
}

static void twice_is_nothing(void **state)
{
    (void)state;
    uint8_t key[STREAM_KEY], nonce[STREAM_NONCE] = {0};
    char text[] = "Phản ánh hiện trường";

    bytes_random(key, sizeof(key));
    stream_xor(key, nonce, 70, text, sizeof(text));
    assert_string_not_equal(text, "Phản ánh hiện trường");
    stream_xor(key, nonce, 70, text, sizeof(text));
    assert_string_equal(text, "Phản ánh hiện trường");
}

/* Another nonce, another stream; offsets above 4 GiB do not come round again. */
static void streams_differ(void **state)
{
    (void)state;
    uint8_t key[STREAM_KEY], nonce[STREAM_NONCE], first[BLOCK] = {0}, other[BLOCK] = {0},
                                                  far[BLOCK] = {0};

    draft_key(key, nonce);
    stream_xor(key, nonce, 0, first, BLOCK);
    stream_xor(key, nonce, (INT64_C(1) << 32) * BLOCK, far, BLOCK);
    assert_memory_not_equal(first, far, BLOCK);
    nonce[0] ^= 1;
    stream_xor(key, nonce, 0, other, BLOCK);
    assert_memory_not_equal(first, other, BLOCK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stream_of_the_draft),
        cmocka_unit_test(pieces_make_the_whole),
        cmocka_unit_test(twice_is_nothing),
        cmocka_unit_test(streams_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
