/* Tokens as nobody should take them, signed rightly or by what everybody knows. */
#pragma once

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/crypto/token.h"
#include "tests/unit/crypto/scratch.h"

#define NOW_MS INT64_C(1764000000000)
#define NOW_S "1764000000"

static const struct token_parties parties = {"https://tram.example", "tram"};

static inline struct token_claims make_claims(void)
{
    struct token_claims c = {
        .subject = id_v4(),
        .session = id_v7(NOW_MS),
        .token = id_v4(),
        .kind = TOKEN_STAFF,
        .role = "officer",
        .agency = "ubnd-p1",
        .level = 2,
        .issued_ms = NOW_MS,
        .not_before_ms = NOW_MS,
        .expires_ms = NOW_MS + 900000,
    };

    return c;
}

static inline int verify(const struct scratch *s, const char *text)
{
    struct token_claims claims;

    return token_verify(s->keyring, &parties, text, strlen(text), NOW_MS, &claims);
}

/* Header and payload as they are signed; returns their length. */
static inline size_t join(const char *header, const char *payload, char *out)
{
    size_t n;

    bytes_to_base64url(header, strlen(header), out);
    strcat(out, ".");
    n = strlen(out);
    bytes_to_base64url(payload, strlen(payload), out + n);
    return strlen(out);
}

static inline void add_signature(char *text, size_t n, const void *signature, size_t signature_n)
{
    text[n] = '.';
    bytes_to_base64url(signature, signature_n, text + n + 1);
}

/* Rightly signed by a pair: what an attacker with a signing oracle could make, and what a careless
 * verifier would take. */
static inline char *forge_by(const struct es256 *pair, const char *header, const char *payload)
{
    static char text[16384];
    uint8_t signature[ES256_SIGNATURE];
    size_t n = join(header, payload, text);

    assert_int_equal(es256_sign(pair, text, n, signature), 0);
    add_signature(text, n, signature, sizeof(signature));
    return text;
}

static inline char *forge(const struct scratch *s, const char *header, const char *payload)
{
    struct es256 *pair;
    uint32_t id;
    char *text;

    keyring_pair_active(s->keyring, &id, &pair);
    text = forge_by(pair, header, payload);
    es256_free(pair);
    return text;
}

/* With an HMAC instead, of a key that is known. */
static inline char *forge_hmac(const void *key, size_t key_n, const char *header,
                               const char *payload)
{
    static char text[16384];
    uint8_t digest[MAC_SIZE];
    size_t n = join(header, payload, text);

    mac_hmac(key, key_n, text, n, digest);
    add_signature(text, n, digest, sizeof(digest));
    return text;
}

#define IDS                                                                                        \
    "\"sub\":\"0190a5c2-5b7e-4c00-8000-000000000001\","                                            \
    "\"sid\":\"0190a5c2-5b7e-7c00-8000-000000000002\","                                            \
    "\"jti\":\"0190a5c2-5b7e-4c00-8000-000000000003\","
#define WHO                                                                                        \
    "\"client_id\":\"tram-staff\",\"kind\":\"staff\",\"role\":\"officer\",\"agency\":\"a\","       \
    "\"level\":2,"
#define PARTIES "\"iss\":\"https://tram.example\",\"aud\":\"tram\","
#define TIMES "\"iat\":" NOW_S ",\"nbf\":" NOW_S ",\"exp\":1764000900"

static inline const char *kid_of(const struct scratch *s, uint32_t change)
{
    static char kid[KEYRING_ID_TEXT];
    struct keyring_key key;

    keyring_active(s->keyring, KEY_TOKEN, &key);
    return keyring_id_format(key.id ^ change, kid);
}

static inline char *good_header(const struct scratch *s)
{
    static char header[128];

    snprintf(header, sizeof(header), "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
             kid_of(s, 0));
    return header;
}
