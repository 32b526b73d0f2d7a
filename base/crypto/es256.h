/*
 * Key pairs that sign ES256 (RFC 7518 §3.4: ECDSA on P-256 with SHA-256, a signature of r and s, 32
 * bytes each). A pair is derived from a seed, so whoever holds the seed has the same. It is parsed
 * once and shared by reference; thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ES256_SEED 32
#define ES256_SIGNATURE 64
#define ES256_COORDINATE 32

struct es256;

/* The scalar is 384 bits derived from the seed, reduced (FIPS 186-5 §A.2.1). Caller es256_free.
 * E_CRYPTO. */
int es256_derive(const uint8_t seed[ES256_SEED], struct es256 **ret);
struct es256 *es256_ref(struct es256 *pair);
void es256_free(struct es256 *pair);

/* s is the lower one of the two that would do (n - s verifies as well), and no other is taken: a
 * signature has one spelling. */
int es256_sign(const struct es256 *pair, const void *bytes, size_t n, uint8_t out[ES256_SIGNATURE]);
/* 0 and *ret, or a failure that is not the signature's (E_CRYPTO). */
int es256_verify(const struct es256 *pair, const void *bytes, size_t n,
                 const uint8_t signature[ES256_SIGNATURE], bool *ret);

/* The public point, big-endian. E_CRYPTO. */
int es256_public(const struct es256 *pair, uint8_t x[ES256_COORDINATE],
                 uint8_t y[ES256_COORDINATE]);
