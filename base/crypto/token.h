/*
 * Access tokens: JWTs (RFC 7519) in the profile of RFC 9068, signed ES256 by the keyring's pair, so
 * that others verify them too, by the published key set (RFC 7517). What they may look like is
 * fixed more tightly than the standards (RFC 8725 §3): the header has exactly alg "ES256", typ
 * "at+jwt" and kid; the payload exactly the claims below, each of its type; no claim twice, one
 * spelling of each part, at most TOKEN_BYTES_MAX. Whether the session still lives is for the caller
 * to ask.
 *
 * A key is in the set from when it was made until the last token that it can have signed expired,
 * and only keys in the set verify. libjwt 1.10 neither writes nor reads typ "at+jwt" and parses PEM
 * at each call, so that the signature is OpenSSL's (base/crypto/es256.h). Thread-safe.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto/keyring.h"
#include "base/id.h"

#define TOKEN_BYTES_MAX 2048
#define TOKEN_NAME 64       /* room of issuer, audience, role, agency, the NUL included */
#define TOKEN_SKEW_MS 30000 /* of clocks, both ways */
#define TOKEN_LIFE_MAX_MS (INT64_C(24) * 3600 * 1000)

/* kind "citizen" or "staff"; client_id "tram-citizen" or "tram-staff" */
enum token_kind { TOKEN_CITIZEN, TOKEN_STAFF };

/* Times are whole seconds inside the token; milliseconds are cut. */
struct token_claims {
    struct id subject;                            /* sub: the person or officer */
    struct id session;                            /* sid */
    struct id token;                              /* jti */
    enum token_kind kind;                         /* kind, client_id */
    char role[TOKEN_NAME];                        /* role; "" for citizens */
    char agency[TOKEN_NAME];                      /* agency; "" for none */
    int level;                                    /* level: identity level, -1 to 9 */
    int64_t issued_ms, not_before_ms, expires_ms; /* iat, nbf, exp */
};

/* Who issues and for whom; texts live as long as they are used. */
struct token_parties {
    const char *issuer;   /* iss */
    const char *audience; /* aud */
};

enum token_outcome {
    TOKEN_MALFORMED = 1,   /* not a token of the form above */
    TOKEN_FORGED = 2,      /* the signature is not ours, or another algorithm is named */
    TOKEN_KEY_UNKNOWN = 3, /* kid names no key of the set */
    TOKEN_WRONG_PARTY = 4, /* iss or aud is not as expected */
    TOKEN_EXPIRED = 5,
    TOKEN_NOT_YET = 6, /* nbf or iat lies in the future */
};

/*
 * Signs with the active key; *ret_text is NUL-terminated, the caller frees it. E_INVALID if claims
 * are out of bounds (life over TOKEN_LIFE_MAX_MS, names that are not printable ASCII).
 */
int token_sign(const struct keyring *k, const struct token_parties *parties,
               const struct token_claims *claims, char **ret_text);

/* 0 and *ret, an outcome, or a failure (E_NOMEM). `text` need not be NUL-terminated. */
int token_verify(const struct keyring *k, const struct token_parties *parties, const char *text,
                 size_t n, int64_t now_ms, struct token_claims *ret);

/* The key set {"keys": [...]} (RFC 7517) of an instant, newest first; caller json_decref. E_CRYPTO,
 * E_NOMEM. */
int token_key_set(const struct keyring *k, int64_t now_ms, json_t **ret);
