/*
 * Web Authentication Level 2 (W3C Recommendation), the relying party's side of one ceremony: §7.1
 * registering a credential and §7.2 verifying an assertion, as far as they need neither a store nor
 * a session. The caller made the challenge, gives it out once, and knows whose credential it is.
 *
 * What comes from a browser is a stranger's bytes: sizes are bounded below, CBOR is walked before
 * it is loaded (definite lengths only, few items, little nesting), client data is JSON read
 * strictly. User presence and user verification are always required.
 *
 * Of attestations "none" is taken, and "packed" if its signature holds; who made an authenticator
 * is not asked, no certificate is followed. Thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define WEBAUTHN_CHALLENGE 32
#define WEBAUTHN_CREDENTIAL_MAX 1023 /* bytes of a credential id, §5.8.3 */
#define WEBAUTHN_KEY_MAX 259         /* bytes of a public key: RSA with 2048 bits */
#define WEBAUTHN_AAGUID 16
#define WEBAUTHN_CLIENT_DATA_MAX 4096
#define WEBAUTHN_ATTESTATION_MAX (16 * 1024)
#define WEBAUTHN_AUTH_DATA_MAX (8 * 1024)
#define WEBAUTHN_SIGNATURE_MAX 1024

/* COSE algorithms (RFC 8812, RFC 9053), in the order in which they are asked for. */
enum webauthn_algorithm { WEBAUTHN_ES256 = -7, WEBAUTHN_EDDSA = -8, WEBAUTHN_RS256 = -257 };
extern const int webauthn_algorithms[3];

/* name, value, word for logs */
#define WEBAUTHN_OUTCOMES(X)                                                                       \
    X(WEBAUTHN_MALFORMED, 571, "malformed")          /* not of the form, or too large */           \
    X(WEBAUTHN_TYPE, 572, "type")                    /* of another ceremony */                     \
    X(WEBAUTHN_CHALLENGED, 573, "challenge")         /* another challenge */                       \
    X(WEBAUTHN_ORIGIN, 574, "origin")                /* not one of ours, or in another's frame */  \
    X(WEBAUTHN_PARTY, 575, "rp-id")                  /* made for another relying party */          \
    X(WEBAUTHN_ABSENT, 576, "user-presence")         /* nobody was there */                        \
    X(WEBAUTHN_UNVERIFIED, 577, "user-verification") /* nobody showed who they are */              \
    X(WEBAUTHN_ALGORITHM, 578, "algorithm")          /* a key that is not taken */                 \
    X(WEBAUTHN_ATTESTATION, 579, "attestation") /* of an unknown format, or it does not hold */    \
    X(WEBAUTHN_SIGNATURE, 580, "signature")     /* not by this key */                              \
    X(WEBAUTHN_BACKUP, 581, "backup")           /* flags that contradict each other or before */

enum webauthn_outcome {
#define X(name, value, word) name = value,
    WEBAUTHN_OUTCOMES(X)
#undef X
};
/* Its word; NULL if it is none. */
const char *webauthn_word(int outcome);

struct webauthn_bytes {
    const uint8_t *data;
    size_t n;
};

/* Who we are. Origins are compared as they stand: scheme, host and port. */
struct webauthn_party {
    const char *rp_id;
    const char *const *origins;
    size_t n_origins;
};

/* What is kept of a credential. */
struct webauthn_credential {
    struct webauthn_bytes id;
    int algorithm;
    struct webauthn_bytes key; /* as libfido2 holds it: x and y; 32 bytes; modulus and exponent */
    uint32_t sign_count;
    uint8_t aaguid[WEBAUTHN_AAGUID];
    const char *attestation; /* "none", "packed" */
    bool backup_eligible, backed_up;
};

/* As the browser gave it, decoded from base64url. */
struct webauthn_registration {
    struct webauthn_bytes client_data, attestation;
};
struct webauthn_assertion {
    struct webauthn_bytes client_data, auth_data, signature;
};

/* 0 and *ret (in the arena), an outcome, or a failure. */
int webauthn_register(const struct webauthn_party *party, const uint8_t *challenge,
                      const struct webauthn_registration *r, struct arena *a,
                      struct webauthn_credential *ret);
/*
 * 0 and the new *ret_count and *ret_backed_up, an outcome, or a failure. Whether the count goes
 * forward is for the caller, who compares it in the write that keeps it.
 */
int webauthn_verify(const struct webauthn_party *party, const uint8_t *challenge,
                    const struct webauthn_assertion *r, const struct webauthn_credential *c,
                    uint32_t *ret_count, bool *ret_backed_up);
