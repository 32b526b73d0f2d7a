/*
 * Passwords: Argon2id (RFC 9106), stored as a PHC string that carries its own parameters. One hash
 * takes about 20 ms and 19 MiB: callers keep to a bounded lane. Thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define PASSWORD_PHC 128        /* bytes of a PHC string, the NUL included */
#define PASSWORD_BYTES_MAX 1024 /* of a password */

/* Lanes are always one. */
struct password_cost {
    size_t memory_bytes;
    unsigned passes;
};

/* 19 MiB, 2 passes (OWASP Password Storage). */
extern const struct password_cost password_cost;

enum password_outcome {
    PASSWORD_WRONG = 1,
};

/* E_INVALID if the password is too long, E_NOMEM. */
int password_hash(const struct password_cost *cost, const char *password, size_t n,
                  char out[PASSWORD_PHC]);
/* 0 or PASSWORD_WRONG; E_CORRUPT if `phc` is not an Argon2id string, or there is no memory. */
int password_verify(const char *phc, const char *password, size_t n);
/* PASSWORD_WRONG in the time of a true check: for names that nobody has. E_NOMEM. */
int password_verify_nobody(const struct password_cost *cost, const char *password, size_t n);
/* The string was made at another cost; hash again at the next successful login. */
bool password_needs_rehash(const struct password_cost *cost, const char *phc);
