#include "base/crypto/stream.h"

#include <sodium.h>
#include <string.h>

#include "base/crypto/bytes.h"

#define BLOCK 64

_Static_assert(STREAM_KEY == crypto_stream_xchacha20_KEYBYTES, "of one size");
_Static_assert(STREAM_NONCE == crypto_stream_xchacha20_NONCEBYTES, "of one size");

void stream_xor(const uint8_t key[STREAM_KEY], const uint8_t nonce[STREAM_NONCE], int64_t offset,
                void *bytes, size_t n)
{
    uint8_t *at = bytes;
    uint64_t block = (uint64_t)offset / BLOCK;
    size_t into = (size_t)(offset % BLOCK);

    if (into > 0 && n > 0) { /* the rest of a block that an earlier piece began */
        uint8_t room[BLOCK] = {0};
        size_t here = n < BLOCK - into ? n : BLOCK - into;

        memcpy(room + into, at, here);
        crypto_stream_xchacha20_xor_ic(room, room, BLOCK, nonce, block, key);
        memcpy(at, room + into, here);
        bytes_wipe(room, sizeof(room));
        at += here;
        n -= here;
        block++;
    }
    if (n > 0)
        crypto_stream_xchacha20_xor_ic(at, at, n, nonce, block, key);
}
