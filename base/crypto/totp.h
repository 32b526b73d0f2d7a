/*
 * One-time codes of authenticator apps: RFC 6238 over HMAC-SHA-1, 30 s, 6 digits, one step of
 * tolerance to either side. A code is good once: the caller stores the step that matched and passes
 * it in the next time. Thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define TOTP_SECRET 20 /* bytes, RFC 4226 §4 R6 */
#define TOTP_BASE32_TEXT 33
#define TOTP_DIGITS 6
#define TOTP_STEP_MS INT64_C(30000)
#define TOTP_NO_STEP INT64_C(-1) /* no code was used yet */

enum totp_outcome {
    TOTP_WRONG = 1,
    TOTP_REUSED = 2, /* right, but its step, or a later one, was used before */
};

void totp_secret_new(uint8_t out[TOTP_SECRET]);
/* RFC 4648 base32, upper case; returns out. */
char *totp_base32(const uint8_t secret[TOTP_SECRET], char out[TOTP_BASE32_TEXT]);
/* For import; either case. False unless it is exactly a secret. */
bool totp_from_base32(const char *text, uint8_t ret[TOTP_SECRET]);

/* otpauth://totp/issuer:account?secret=…&issuer=…, percent-encoded, in the arena. */
char *totp_uri(struct arena *a, const char *issuer, const char *account,
               const uint8_t secret[TOTP_SECRET]);

/* The code of a step (time / TOTP_STEP_MS) into out[TOTP_DIGITS + 1]; returns out. */
char *totp_code(const uint8_t secret[TOTP_SECRET], int64_t step, char *out);
/* 0 and the step to remember, or an outcome. `last_step` is what was remembered. */
int totp_verify(const uint8_t secret[TOTP_SECRET], const char *code, int64_t now_ms,
                int64_t last_step, int64_t *ret_step);
