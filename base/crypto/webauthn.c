#include "base/crypto/webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/crypto/bytes.h"
#include "base/crypto/sha256.h"
#include "base/crypto/webauthn_private.h"
#include "base/json.h"
#include "base/result.h"

const int webauthn_algorithms[3] = {WEBAUTHN_ES256, WEBAUTHN_EDDSA, WEBAUTHN_RS256};

const char *webauthn_word(int outcome)
{
    switch (outcome) {
#define X(name, value, word)                                                                       \
    case name:                                                                                     \
        return word;
        WEBAUTHN_OUTCOMES(X)
#undef X
    default:
        return NULL;
    }
}

static void cred_release(fido_cred_t **c)
{
    fido_cred_free(c);
}

static void assert_release(fido_assert_t **a)
{
    fido_assert_free(a);
}

/* --- client data (§5.8.1) --------------------------------------------------------------------- */

static bool is_challenge(const json_t *client, const uint8_t *challenge)
{
    const json_t *text = json_object_get(client, "challenge");
    uint8_t bytes[WEBAUTHN_CHALLENGE];
    size_t n = 0;
    return json_is_string(text) &&
           bytes_from_base64url(json_string_value(text), json_string_length(text), bytes,
                                sizeof(bytes), &n) &&
           n == WEBAUTHN_CHALLENGE && bytes_equal(bytes, challenge, WEBAUTHN_CHALLENGE);
}

/* One of ours; and not asked for by a page that has ours in a frame. */
static bool is_origin(const json_t *client, const struct webauthn_party *party)
{
    const char *origin = json_string_value(json_object_get(client, "origin"));
    const json_t *cross = json_object_get(client, "crossOrigin");
    if (!origin || (cross && !json_is_false(cross)) || json_object_get(client, "topOrigin"))
        return false;
    for (size_t i = 0; i < party->n_origins; i++) {
        if (strcmp(party->origins[i], origin) == 0)
            return true;
    }
    return false;
}

static int check_client(const struct webauthn_party *party, const uint8_t *challenge,
                        const struct webauthn_bytes *bytes, const char *type,
                        uint8_t ret_hash[SHA256_SIZE])
{
    CLEANUP(json_decrefp) json_t *client = NULL;
    struct json_fault fault;
    if (bytes->n > WEBAUTHN_CLIENT_DATA_MAX ||
        json_read((const char *)bytes->data, bytes->n, &client, &fault) != 0 ||
        !json_is_object(client))
        return WEBAUTHN_MALFORMED;
    const char *its = json_string_value(json_object_get(client, "type"));
    if (!its || strcmp(its, type) != 0)
        return WEBAUTHN_TYPE;
    if (!is_challenge(client, challenge))
        return WEBAUTHN_CHALLENGED;
    if (!is_origin(client, party))
        return WEBAUTHN_ORIGIN;
    sha256_of(bytes->data, bytes->n, ret_hash);
    return 0;
}

/* --- authenticator data (§6.1) ---------------------------------------------------------------- */

/* Whole, and nothing behind it: a credential if there must be one, and one map of extensions where
 * its flag says so. */
static bool is_whole(const uint8_t *data, size_t n, bool credential)
{
    if (n < AUTH_HEAD || n > WEBAUTHN_AUTH_DATA_MAX)
        return false;
    size_t at = AUTH_HEAD;
    if (!(data[32] & AUTH_CREDENTIAL) == credential)
        return false;
    if (credential) {
        if (n - at < WEBAUTHN_AAGUID + 2)
            return false;
        size_t id = (size_t)data[at + 16] << 8 | data[at + 17];
        at += WEBAUTHN_AAGUID + 2;
        if (id == 0 || id > WEBAUTHN_CREDENTIAL_MAX || n - at <= id)
            return false;
        at += id;
        size_t key = cbor_measure(data + at, n - at);
        if (key == 0)
            return false;
        at += key;
    }
    if (data[32] & AUTH_EXTENSIONS) {
        size_t map = cbor_measure(data + at, n - at);
        if (map == 0 || data[at] >> 5 != 5) /* major type of a map */
            return false;
        at += map;
    }
    return at == n;
}

static uint32_t sign_count(const uint8_t *data)
{
    return (uint32_t)data[33] << 24 | (uint32_t)data[34] << 16 | (uint32_t)data[35] << 8 | data[36];
}

static int check_auth(const struct webauthn_party *party, const uint8_t *data, size_t n,
                      bool credential)
{
    uint8_t hash[SHA256_SIZE];
    if (!is_whole(data, n, credential))
        return WEBAUTHN_MALFORMED;
    sha256_of(party->rp_id, strlen(party->rp_id), hash);
    if (memcmp(hash, data, sizeof(hash)) != 0)
        return WEBAUTHN_PARTY;
    if (!(data[32] & AUTH_PRESENT))
        return WEBAUTHN_ABSENT;
    if (!(data[32] & AUTH_VERIFIED))
        return WEBAUTHN_UNVERIFIED;
    if ((data[32] & AUTH_BACKED_UP) && !(data[32] & AUTH_BACKUP_ELIGIBLE))
        return WEBAUTHN_BACKUP;
    return 0;
}

/* --- keys ------------------------------------------------------------------------------------- */

static void key_free(int algorithm, void *key)
{
    if (algorithm == WEBAUTHN_ES256)
        es256_pk_free((es256_pk_t **)&key);
    else if (algorithm == WEBAUTHN_EDDSA)
        eddsa_pk_free((eddsa_pk_t **)&key);
    else
        rs256_pk_free((rs256_pk_t **)&key);
}

/* The key as libfido2 wants it; 0, WEBAUTHN_ALGORITHM, E_NOMEM. */
static int key_open(int algorithm, const struct webauthn_bytes *bytes, void **ret)
{
    int done = FIDO_ERR_INVALID_ARGUMENT;
    *ret = algorithm == WEBAUTHN_ES256   ? (void *)es256_pk_new()
           : algorithm == WEBAUTHN_EDDSA ? (void *)eddsa_pk_new()
           : algorithm == WEBAUTHN_RS256 ? (void *)rs256_pk_new()
                                         : NULL;
    if (!*ret)
        return algorithm == WEBAUTHN_ES256 || algorithm == WEBAUTHN_EDDSA ||
                       algorithm == WEBAUTHN_RS256
                   ? E_NOMEM
                   : WEBAUTHN_ALGORITHM;
    if (algorithm == WEBAUTHN_ES256 && bytes->n == 64)
        done = es256_pk_from_ptr(*ret, bytes->data, bytes->n);
    else if (algorithm == WEBAUTHN_EDDSA && bytes->n == 32)
        done = eddsa_pk_from_ptr(*ret, bytes->data, bytes->n);
    else if (algorithm == WEBAUTHN_RS256 && bytes->n == 259)
        done = rs256_pk_from_ptr(*ret, bytes->data, bytes->n);
    if (done == FIDO_OK)
        return 0;
    key_free(algorithm, *ret);
    *ret = NULL;
    return WEBAUTHN_ALGORITHM;
}

/* --- registering (§7.1) ----------------------------------------------------------------------- */

/* libfido2 wants to be told the algorithm of the key that it reads, once. */
static int read_credential(const struct attestation *at, int *ret_algorithm, fido_cred_t **ret)
{
    for (size_t i = 0; i < ARRAY_LEN(webauthn_algorithms); i++) {
        CLEANUP(cred_release) fido_cred_t *cred = fido_cred_new();
        if (!cred)
            return E_NOMEM;
        if (fido_cred_set_type(cred, webauthn_algorithms[i]) != FIDO_OK ||
            fido_cred_set_authdata_raw(cred, at->auth_data, at->n_auth_data) != FIDO_OK)
            continue;
        *ret_algorithm = webauthn_algorithms[i];
        *ret = STEAL(cred);
        return 0;
    }
    return WEBAUTHN_ALGORITHM;
}

static int check_attestation(fido_cred_t *cred, const struct webauthn_party *party,
                             const struct attestation *at, const uint8_t hash[SHA256_SIZE])
{
    if (strcmp(at->format, "none") == 0)
        return at->empty ? 0 : WEBAUTHN_ATTESTATION;
    if (fido_cred_set_rp(cred, party->rp_id, NULL) != FIDO_OK ||
        fido_cred_set_clientdata_hash(cred, hash, SHA256_SIZE) != FIDO_OK ||
        fido_cred_set_fmt(cred, at->format) != FIDO_OK ||
        fido_cred_set_uv(cred, FIDO_OPT_TRUE) != FIDO_OK ||
        fido_cred_set_attstmt(cred, at->statement, at->n_statement) != FIDO_OK)
        return WEBAUTHN_ATTESTATION;
    if (fido_cred_x5c_len(cred) > 0)
        return fido_cred_verify(cred) == FIDO_OK ? 0 : WEBAUTHN_ATTESTATION;
    if (at->algorithm != fido_cred_type(cred)) /* §8.2: by the key itself, so of its algorithm */
        return WEBAUTHN_ATTESTATION;
    int done = fido_cred_verify_self(cred);
    return done == FIDO_OK ? 0 : WEBAUTHN_ATTESTATION;
}

static int keep(const fido_cred_t *cred, const struct attestation *at, int algorithm,
                struct arena *a, struct webauthn_credential *ret)
{
    const uint8_t flags = at->auth_data[32];
    void *key = NULL;
    *ret = (struct webauthn_credential){
        .id = {arena_dup(a, fido_cred_id_ptr(cred), fido_cred_id_len(cred)),
               fido_cred_id_len(cred)},
        .algorithm = algorithm,
        .key = {arena_dup(a, fido_cred_pubkey_ptr(cred), fido_cred_pubkey_len(cred)),
                fido_cred_pubkey_len(cred)},
        .sign_count = sign_count(at->auth_data),
        .attestation = arena_strdup(a, at->format),
        .backup_eligible = flags & AUTH_BACKUP_ELIGIBLE,
        .backed_up = flags & AUTH_BACKED_UP,
    };
    memcpy(ret->aaguid, at->auth_data + AUTH_HEAD, WEBAUTHN_AAGUID);
    int done = key_open(algorithm, &ret->key, &key); /* one that could not be used is not kept */
    if (done == 0)
        key_free(algorithm, key);
    return done;
}

int webauthn_register(const struct webauthn_party *party, const uint8_t *challenge,
                      const struct webauthn_registration *r, struct arena *a,
                      struct webauthn_credential *ret)
{
    uint8_t hash[SHA256_SIZE];
    int algorithm = 0;
    int done = check_client(party, challenge, &r->client_data, "webauthn.create", hash);
    if (done != 0)
        return done;
    CLEANUP(attestation_release) struct attestation at = {0};
    CLEANUP(cred_release) fido_cred_t *cred = NULL;
    done = attestation_read(&r->attestation, &at);
    if (done == 0)
        done = check_auth(party, at.auth_data, at.n_auth_data, true);
    if (done == 0)
        done = read_credential(&at, &algorithm, &cred);
    if (done == 0)
        done = check_attestation(cred, party, &at, hash);
    return done != 0 ? done : keep(cred, &at, algorithm, a, ret);
}

/* --- verifying (§7.2) ------------------------------------------------------------------------- */

int webauthn_verify(const struct webauthn_party *party, const uint8_t *challenge,
                    const struct webauthn_assertion *r, const struct webauthn_credential *c,
                    uint32_t *ret_count, bool *ret_backed_up)
{
    uint8_t hash[SHA256_SIZE];
    void *key = NULL;
    int done = check_client(party, challenge, &r->client_data, "webauthn.get", hash);
    if (done == 0)
        done = check_auth(party, r->auth_data.data, r->auth_data.n, false);
    if (done != 0)
        return done;
    if (!(r->auth_data.data[32] & AUTH_BACKUP_ELIGIBLE) == c->backup_eligible)
        return WEBAUTHN_BACKUP;
    if (r->signature.n == 0 || r->signature.n > WEBAUTHN_SIGNATURE_MAX)
        return WEBAUTHN_MALFORMED;
    CLEANUP(assert_release) fido_assert_t *assertion = fido_assert_new();
    if (!assertion)
        return E_NOMEM;
    if (fido_assert_set_count(assertion, 1) != FIDO_OK ||
        fido_assert_set_rp(assertion, party->rp_id) != FIDO_OK ||
        fido_assert_set_clientdata_hash(assertion, hash, sizeof(hash)) != FIDO_OK ||
        fido_assert_set_authdata_raw(assertion, 0, r->auth_data.data, r->auth_data.n) != FIDO_OK ||
        fido_assert_set_up(assertion, FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_uv(assertion, FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_sig(assertion, 0, r->signature.data, r->signature.n) != FIDO_OK)
        return WEBAUTHN_MALFORMED;
    done = key_open(c->algorithm, &c->key, &key);
    if (done != 0)
        return done;
    int verdict = fido_assert_verify(assertion, 0, c->algorithm, key);
    key_free(c->algorithm, key);
    if (verdict != FIDO_OK)
        return WEBAUTHN_SIGNATURE;
    *ret_count = sign_count(r->auth_data.data);
    *ret_backed_up = r->auth_data.data[32] & AUTH_BACKED_UP;
    return 0;
}
