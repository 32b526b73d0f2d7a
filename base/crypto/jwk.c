#include "base/crypto/jwk.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/crypto/bytes.h"
#include "base/result.h"

CLEANUP_PTR(BIGNUM, BN_free)
CLEANUP_PTR(BIO, BIO_free)
CLEANUP_PTR(EVP_PKEY, EVP_PKEY_free)
CLEANUP_PTR(EVP_PKEY_CTX, EVP_PKEY_CTX_free)
CLEANUP_PTR(OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
CLEANUP_PTR(OSSL_PARAM, OSSL_PARAM_free)

#define RSA_BYTES_MIN 256
#define RSA_BYTES_MAX 1024
#define POINT_BYTES 32

static const struct {
    const char *name, *kty;
} algorithms[] = {[JWS_RS256] = {"RS256", "RSA"}, [JWS_ES256] = {"ES256", "EC"}};

enum jws_algorithm jws_algorithm_of(const char *name)
{
    for (size_t i = 1; i < ARRAY_LEN(algorithms); i++) {
        if (strcmp(algorithms[i].name, name) == 0)
            return (enum jws_algorithm)i;
    }
    return 0;
}

const char *jws_algorithm_name(enum jws_algorithm a)
{
    return algorithms[a].name;
}

static const char *text_of(const json_t *key, const char *name)
{
    const char *text = json_string_value(json_object_get(key, name));
    return text ? text : "";
}

/* A base64url member of at most `cap` bytes. */
static bool bytes_of(const json_t *key, const char *name, uint8_t *out, size_t cap, size_t *ret_n)
{
    const char *text = text_of(key, name);
    return text[0] && bytes_from_base64url(text, strlen(text), out, cap, ret_n);
}

/* --- PEM -------------------------------------------------------------------------------------- */

static bool write_pem(EVP_PKEY *key, char out[JWK_PEM_MAX])
{
    CLEANUP(BIO_freep) BIO *memory = BIO_new(BIO_s_mem());
    char *text = NULL;
    if (!memory || PEM_write_bio_PUBKEY(memory, key) != 1)
        return false;
    long n = BIO_get_mem_data(memory, &text);
    if (n <= 0 || n >= JWK_PEM_MAX)
        return false;
    memcpy(out, text, (size_t)n);
    out[n] = '\0';
    return true;
}

/* OpenSSL checks the key: a point off the curve is refused. */
static bool build(const char *type, OSSL_PARAM_BLD *builder, char out[JWK_PEM_MAX])
{
    CLEANUP(OSSL_PARAM_freep) OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    CLEANUP(EVP_PKEY_CTX_freep) EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    CLEANUP(EVP_PKEY_freep) EVP_PKEY *key = NULL;
    if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        return false;
    CLEANUP(EVP_PKEY_CTX_freep) EVP_PKEY_CTX *check = EVP_PKEY_CTX_new(key, NULL);
    return check && EVP_PKEY_public_check(check) == 1 && write_pem(key, out);
}

static bool read_rsa(const json_t *key, char out[JWK_PEM_MAX])
{
    uint8_t n[RSA_BYTES_MAX], e[8];
    size_t n_n = 0, e_n = 0;
    if (!bytes_of(key, "n", n, sizeof(n), &n_n) || n_n < RSA_BYTES_MIN || !(n[0] & 0x80) ||
        !bytes_of(key, "e", e, sizeof(e), &e_n))
        return false;
    CLEANUP(BN_freep) BIGNUM *modulus = BN_bin2bn(n, (int)n_n, NULL);
    CLEANUP(BN_freep) BIGNUM *exponent = BN_bin2bn(e, (int)e_n, NULL);
    CLEANUP(OSSL_PARAM_BLD_freep) OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    return modulus && exponent && builder && BN_is_odd(exponent) && !BN_is_one(exponent) &&
           OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
           OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1 &&
           build("RSA", builder, out);
}

static bool read_ec(const json_t *key, char out[JWK_PEM_MAX])
{
    uint8_t point[1 + 2 * POINT_BYTES] = {0x04}; /* uncompressed, SEC 1 §2.3.3 */
    size_t x_n = 0, y_n = 0;
    if (strcmp(text_of(key, "crv"), "P-256") != 0 ||
        !bytes_of(key, "x", point + 1, POINT_BYTES, &x_n) || x_n != POINT_BYTES ||
        !bytes_of(key, "y", point + 1 + POINT_BYTES, POINT_BYTES, &y_n) || y_n != POINT_BYTES)
        return false;
    CLEANUP(OSSL_PARAM_BLD_freep) OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    return builder &&
           OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) ==
               1 &&
           OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point,
                                            sizeof(point)) == 1 &&
           build("EC", builder, out);
}

/* --- sets ------------------------------------------------------------------------------------- */

/* "use" and "key_ops", where given, must allow to verify (RFC 7517 §4.2, §4.3). */
static bool may_verify(const json_t *key)
{
    const json_t *use = json_object_get(key, "use"), *ops = json_object_get(key, "key_ops");
    bool listed = !ops;
    for (size_t i = 0; i < json_array_size(ops); i++) {
        const char *op = json_string_value(json_array_get(ops, i));
        listed |= op && strcmp(op, "verify") == 0;
    }
    return listed && (!use || strcmp(text_of(key, "use"), "sig") == 0);
}

static bool read_key(const json_t *key, enum jws_algorithm algorithm, struct jwk *ret)
{
    const char *kid = text_of(key, "kid"), *alg = text_of(key, "alg");
    *ret = (struct jwk){.algorithm = algorithm};
    if (strcmp(text_of(key, "kty"), algorithms[algorithm].kty) != 0 || !may_verify(key) ||
        strlen(kid) > JWK_KID_MAX || (alg[0] && strcmp(alg, algorithms[algorithm].name) != 0))
        return false;
    memcpy(ret->kid, kid, strlen(kid) + 1);
    return algorithm == JWS_RS256 ? read_rsa(key, ret->pem) : read_ec(key, ret->pem);
}

int jwk_set_read(const json_t *json, enum jws_algorithm algorithm, struct jwk_set *ret)
{
    const json_t *keys = json_object_get(json, "keys");
    ret->n = 0;
    if (!json_is_array(keys))
        return E_INVALID;
    for (size_t i = 0; i < json_array_size(keys) && ret->n < JWK_SET_MAX; i++)
        ret->n += read_key(json_array_get(keys, i), algorithm, &ret->keys[ret->n]);
    return 0;
}

const struct jwk *jwk_find(const struct jwk_set *set, const char *kid)
{
    const struct jwk *found = NULL;
    for (size_t i = 0; i < set->n; i++) {
        if (kid && strcmp(set->keys[i].kid, kid) != 0)
            continue;
        if (found)
            return NULL;
        found = &set->keys[i];
    }
    return found;
}
