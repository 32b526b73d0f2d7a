/*
 * XChaCha20 (draft-irtf-cfrg-xchacha) as a stream that may be taken up at any byte: for what
 * arrives in pieces and is replaced by frames once it is whole. Nothing tells whether the bytes
 * were changed; who must know seals them (base/crypto/frames.h). Thread-safe.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define STREAM_KEY 32
#define STREAM_NONCE 24

/*
 * Covers, or uncovers, the n bytes that lie at `offset` of the whole, in place. offset >= 0. Under
 * one key and nonce no offset may ever be given two different bytes.
 */
void stream_xor(const uint8_t key[STREAM_KEY], const uint8_t nonce[STREAM_NONCE], int64_t offset,
                void *bytes, size_t n);
