/*
 * Bytes as text and back, secrets compared and wiped, and randomness. Decoders are strict: one text
 * for one value, no white space, no padding where none belongs, and unused bits must be zero, so
 * that no second spelling of a token or key is accepted. Linking this file readies libsodium before
 * main. Thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for the text of n bytes, the NUL included. */
#define BYTES_HEX_TEXT(n) ((n)*2 + 1)
#define BYTES_BASE64_TEXT(n) (((n) + 2) / 3 * 4 + 1)
#define BYTES_BASE64URL_TEXT(n) (((n)*4 + 2) / 3 + 1)

/* Write NUL-terminated text into `out`, which has the room above; return `out`. */
char *bytes_to_hex(const void *bytes, size_t n, char *out); /* lower case */
char *bytes_to_base64(const void *bytes, size_t n, char *out);
char *bytes_to_base64url(const void *bytes, size_t n, char *out); /* no padding, RFC 7515 §2 */

/* `n` characters into at most `cap` bytes; false if malformed or too long. */
bool bytes_from_hex(const char *text, size_t n, void *out, size_t cap, size_t *ret_n); /* a-f 0-9 */
bool bytes_from_base64(const char *text, size_t n, void *out, size_t cap, size_t *ret_n);
bool bytes_from_base64url(const char *text, size_t n, void *out, size_t cap, size_t *ret_n);

/* In a time that depends on n alone. */
bool bytes_equal(const void *a, const void *b, size_t n);
/* Not optimised away. */
void bytes_wipe(void *bytes, size_t n);

void bytes_random(void *out, size_t n);
/* n decimal digits, each equally likely, and a NUL into out[n + 1]; for one-time codes. */
char *bytes_random_digits(size_t n, char *out);
