/*
 * Public keys as others publish them: a JSON Web Key Set (RFC 7517) read into keys that jws.h
 * verifies with. Only what is asked for is taken: keys to verify signatures, of the one algorithm
 * that the caller pinned; RSA of 2048 to 8192 bits, or a point on P-256. Everything else in the set
 * is passed over, as RFC 7517 §5 asks. Thread-safe.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>

#define JWK_SET_MAX 32   /* keys kept of a set; more are passed over */
#define JWK_KID_MAX 200  /* bytes of a kid; keys with a longer one are passed over */
#define JWK_PEM_MAX 2048 /* of a public key, the NUL included */

enum jws_algorithm { JWS_RS256 = 1, JWS_ES256 };

/* By its name ("RS256", "ES256"); 0: not one of them. */
enum jws_algorithm jws_algorithm_of(const char *name);
const char *jws_algorithm_name(enum jws_algorithm a);

struct jwk {
    enum jws_algorithm algorithm; /* the only one it verifies */
    char kid[JWK_KID_MAX + 1];    /* "": the set gives none */
    char pem[JWK_PEM_MAX];        /* SubjectPublicKeyInfo */
};

struct jwk_set {
    struct jwk keys[JWK_SET_MAX];
    size_t n;
};

/* 0, or E_INVALID if it is no set at all (no "keys"); a set without a fitting key has n 0. */
int jwk_set_read(const json_t *json, enum jws_algorithm algorithm, struct jwk_set *ret);

/*
 * The key of a kid; without one (NULL) the only key of the set, as OpenID Connect Core §10.1
 * demands. NULL if there is none, or more than one it could be.
 */
const struct jwk *jwk_find(const struct jwk_set *set, const char *kid);
