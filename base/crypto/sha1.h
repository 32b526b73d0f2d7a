/* SHA-1 (RFC 3174), for checksums that a protocol asks for; it proves nothing against an attacker.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE 20

void sha1_of(const void *bytes, size_t n, uint8_t out[SHA1_SIZE]);
