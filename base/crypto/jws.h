/*
 * Tokens that others signed (RFC 7519, RFC 7515 compact form), verified under a key whose algorithm
 * was pinned beforehand: what the token says about its algorithm is compared, never believed
 * (RFC 8725 §3.1). And the one kind that we sign for others: a client's assertion (RFC 7523).
 * Thread-safe.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto/jwk.h"
#include "base/id.h"

#define JWS_BYTES_MAX ((size_t)16 * 1024) /* of a token */

enum jws_outcome {
    JWS_MALFORMED = 1,   /* not three parts of strict base64url and strict JSON objects */
    JWS_FORGED = 2,      /* another algorithm, another typ, a header that demands more ("crit"),
                            or the signature is not the key's */
    JWS_KEY_UNKNOWN = 3, /* no such key in the set */
};

/*
 * Reads and verifies a token of n bytes. 0 and *ret, its payload (caller json_decref), an outcome,
 * or E_NOMEM. The claims are the caller's to judge.
 */
int jws_verify(const struct jwk_set *set, enum jws_algorithm algorithm, const char *text, size_t n,
               json_t **ret);

/* An assertion of `client` for `audience`, good for a minute. The private key is PEM. */
struct jws_assertion {
    enum jws_algorithm algorithm;
    const char *kid; /* "": none */
    const char *client, *audience;
    struct id token; /* jti */
    int64_t now_ms;
};
/* *ret_text is NUL-terminated, the caller frees it. E_CRYPTO: not a private key of the algorithm.
 */
int jws_assert(const struct jws_assertion *a, const char *pem, size_t pem_n, char **ret_text);
