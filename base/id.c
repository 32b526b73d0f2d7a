#include "base/id.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define COUNTER_BITS 42
#define TIME_MOST ((INT64_C(1) << 48) - 1)

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Starts anywhere in its lower half, so that it does not wrap in the life of a process. */
static _Atomic uint64_t counter;

static void start(void)
{
    if (sodium_init() < 0)
        abort(); /* no source of random numbers: no id is safe */
    uint64_t seed;
    randombytes_buf(&seed, sizeof seed);
    atomic_store(&counter, seed & ((UINT64_C(1) << (COUNTER_BITS - 1)) - 1));
}

static struct id with_version(struct id id, uint8_t version)
{
    id.bytes[6] = (uint8_t)((id.bytes[6] & 0x0F) | (version << 4));
    id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3F) | 0x80);
    return id;
}

static void put_big_endian(uint8_t *out, uint64_t value, int n)
{
    while (n-- > 0) {
        out[n] = (uint8_t)value;
        value >>= 8;
    }
}

struct id id_v4(void)
{
    pthread_once(&once, start);
    struct id id;
    randombytes_buf(id.bytes, sizeof id.bytes);
    return with_version(id, 4);
}

/*
 * RFC 9562 §6.2 method 1: 48 bits of time, a counter of 42 bits, 32 random bits. The counter is one
 * for the process and not one for a millisecond, so threads that hold different times do not
 * disturb each other's order.
 */
struct id id_v7(int64_t now_ms)
{
    pthread_once(&once, start);
    if (now_ms < 0)
        now_ms = 0;
    if (now_ms > TIME_MOST)
        now_ms = TIME_MOST;
    uint64_t count = atomic_fetch_add(&counter, 1);
    struct id id;
    put_big_endian(id.bytes, (uint64_t)now_ms, 6);
    put_big_endian(id.bytes + 6, count >> 30 & 0x0FFF, 2);              /* rand_a */
    put_big_endian(id.bytes + 8, count & ((UINT64_C(1) << 30) - 1), 4); /* head of rand_b */
    randombytes_buf(id.bytes + 12, 4);
    return with_version(id, 7);
}

static void hash_part(crypto_hash_sha256_state *hash, const void *bytes, size_t n)
{
    uint8_t length[8];
    put_big_endian(length, n, 8);
    crypto_hash_sha256_update(hash, length, sizeof length);
    if (n > 0)
        crypto_hash_sha256_update(hash, bytes, n);
}

struct id id_v8(const char *kind, const struct id_part *parts, size_t n)
{
    crypto_hash_sha256_state hash;
    crypto_hash_sha256_init(&hash);
    hash_part(&hash, kind, strlen(kind));
    for (size_t i = 0; i < n; i++)
        hash_part(&hash, parts[i].bytes, parts[i].n);
    uint8_t digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(&hash, digest);
    struct id id;
    memcpy(id.bytes, digest, sizeof id.bytes);
    return with_version(id, 8);
}

bool id_is_nil(const struct id *id)
{
    static const struct id nil;
    return id_equal(id, &nil);
}

int id_compare(const struct id *a, const struct id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

bool id_equal(const struct id *a, const struct id *b)
{
    return id_compare(a, b) == 0;
}

static bool hyphen_at(size_t position)
{
    return position == 8 || position == 13 || position == 18 || position == 23;
}

char *id_format(const struct id *id, char *out)
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;
    for (size_t i = 0; i < sizeof id->bytes; i++) {
        if (hyphen_at(at))
            out[at++] = '-';
        out[at++] = digits[id->bytes[i] >> 4];
        out[at++] = digits[id->bytes[i] & 0x0F];
    }
    out[at] = '\0';
    return out;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool id_parse(const char *s, struct id *ret)
{
    struct id id = {{0}};
    size_t nibble = 0;
    for (size_t at = 0; at < ID_TEXT - 1; at++) {
        if (hyphen_at(at)) {
            if (s[at] != '-')
                return false;
            continue;
        }
        int value = hex_value(s[at]);
        if (value < 0)
            return false; /* also at the NUL of a shorter text */
        id.bytes[nibble / 2] = (uint8_t)(id.bytes[nibble / 2] << 4 | value);
        nibble++;
    }
    if (s[ID_TEXT - 1] != '\0')
        return false;
    *ret = id;
    return true;
}
