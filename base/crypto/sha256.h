/*
 * SHA-256 (FIPS 180-4), at once or as the bytes come by. A struct sha256 belongs to one thread at a
 * time; nothing else is shared.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32

/* Private; copying it copies what was added so far. */
struct sha256 {
    uint64_t room[13];
};

void sha256_init(struct sha256 *h);
/* `bytes` may be NULL if n is 0. */
void sha256_update(struct sha256 *h, const void *bytes, size_t n);
/* Wipes h, which may then be begun anew. */
void sha256_final(struct sha256 *h, uint8_t out[SHA256_SIZE]);

void sha256_of(const void *bytes, size_t n, uint8_t out[SHA256_SIZE]);
