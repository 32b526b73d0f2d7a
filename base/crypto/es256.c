/* An es256 is OpenSSL's EVP_PKEY, which counts its references; a context is made for each use. */
#include "base/crypto/es256.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <sodium.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/crypto/bytes.h"
#include "base/result.h"

CLEANUP_PTR(BIGNUM, BN_clear_free)
CLEANUP_PTR(BN_CTX, BN_CTX_free)
CLEANUP_PTR(ECDSA_SIG, ECDSA_SIG_free)
CLEANUP_PTR(EC_GROUP, EC_GROUP_free)
CLEANUP_PTR(EC_POINT, EC_POINT_free)
CLEANUP_PTR(EVP_MD_CTX, EVP_MD_CTX_free)
CLEANUP_PTR(EVP_PKEY, EVP_PKEY_free)
CLEANUP_PTR(EVP_PKEY_CTX, EVP_PKEY_CTX_free)
CLEANUP_PTR(OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
CLEANUP_PTR(OSSL_PARAM, OSSL_PARAM_free)

#define WIDE_BYTES 48 /* of the derived number: 128 bits more than the order has */
#define POINT_BYTES (1 + 2 * ES256_COORDINATE)
#define DER_MAX 80 /* of a signature as ASN.1 */

/* The order of P-256 (SEC 2 §2.4.2), and half of it. */
static const uint8_t order[ES256_COORDINATE] = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
static const uint8_t half[ES256_COORDINATE] = {
    0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8};

static EVP_PKEY *pkey_of(const struct es256 *pair)
{
    return (EVP_PKEY *)(uintptr_t)pair;
}

/* --- deriving --------------------------------------------------------------------------------- */

/* 1 to order - 1. */
static BIGNUM *make_scalar(const uint8_t seed[ES256_SEED], const EC_GROUP *group, BN_CTX *ctx)
{
    static const uint8_t what[] = "tram es256 pair";
    CLEANUP(BN_clear_freep) BIGNUM *wide = BN_secure_new();
    CLEANUP(BN_clear_freep) BIGNUM *most = BN_dup(EC_GROUP_get0_order(group));
    CLEANUP(BN_clear_freep) BIGNUM *scalar = BN_secure_new();
    uint8_t bytes[WIDE_BYTES];
    crypto_generichash(bytes, sizeof(bytes), what, sizeof(what) - 1, seed, ES256_SEED);
    bool made = wide && most && scalar && BN_bin2bn(bytes, sizeof(bytes), wide) &&
                BN_sub_word(most, 1) == 1;
    bytes_wipe(bytes, sizeof(bytes));
    if (!made)
        return NULL;
    BN_set_flags(wide, BN_FLG_CONSTTIME);
    if (BN_mod(scalar, wide, most, ctx) != 1 || BN_add_word(scalar, 1) != 1)
        return NULL;
    return STEAL(scalar);
}

static EVP_PKEY *make_pair(const BIGNUM *scalar, const uint8_t point[POINT_BYTES])
{
    CLEANUP(OSSL_PARAM_BLD_freep) OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    CLEANUP(EVP_PKEY_CTX_freep) EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (!builder || !ctx ||
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) !=
            1 ||
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, POINT_BYTES) !=
            1 ||
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, scalar) != 1)
        return NULL;
    CLEANUP(OSSL_PARAM_freep) OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY *pair = NULL;
    if (!params || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &pair, EVP_PKEY_KEYPAIR, params) != 1)
        return NULL;
    return pair;
}

int es256_derive(const uint8_t seed[ES256_SEED], struct es256 **ret)
{
    CLEANUP(BN_CTX_freep) BN_CTX *ctx = BN_CTX_secure_new();
    CLEANUP(EC_GROUP_freep) EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    CLEANUP(EC_POINT_freep) EC_POINT *point = group ? EC_POINT_new(group) : NULL;
    uint8_t bytes[POINT_BYTES];
    if (!ctx || !point)
        return E_NOMEM;
    CLEANUP(BN_clear_freep) BIGNUM *scalar = make_scalar(seed, group, ctx);
    if (!scalar || EC_POINT_mul(group, point, scalar, NULL, NULL, ctx) != 1 ||
        EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, bytes, sizeof(bytes),
                           ctx) != sizeof(bytes))
        return E_CRYPTO;
    *ret = (struct es256 *)make_pair(scalar, bytes);
    return *ret ? 0 : E_CRYPTO;
}

struct es256 *es256_ref(struct es256 *pair)
{
    EVP_PKEY_up_ref(pkey_of(pair));
    return pair;
}

void es256_free(struct es256 *pair)
{
    EVP_PKEY_free(pkey_of(pair));
}

/* --- using ------------------------------------------------------------------------------------ */

/* order - s where s is above its half; both big-endian. */
static void make_lower(uint8_t s[ES256_COORDINATE])
{
    int borrow = 0;
    if (memcmp(s, half, sizeof(half)) <= 0)
        return;
    for (int i = ES256_COORDINATE - 1; i >= 0; i--) {
        int digit = order[i] - s[i] - borrow;
        borrow = digit < 0;
        s[i] = (uint8_t)(digit & 0xff);
    }
}

int es256_sign(const struct es256 *pair, const void *bytes, size_t n, uint8_t out[ES256_SIGNATURE])
{
    CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t der[DER_MAX];
    const uint8_t *at = der;
    size_t der_n = sizeof(der);
    if (!ctx)
        return E_NOMEM;
    if (EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, pkey_of(pair)) != 1 ||
        EVP_DigestSign(ctx, der, &der_n, bytes, n) != 1)
        return E_CRYPTO;
    CLEANUP(ECDSA_SIG_freep) ECDSA_SIG *pairs = d2i_ECDSA_SIG(NULL, &at, (long)der_n);
    if (!pairs || BN_bn2binpad(ECDSA_SIG_get0_r(pairs), out, ES256_COORDINATE) <= 0 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(pairs), out + ES256_COORDINATE, ES256_COORDINATE) <= 0)
        return E_CRYPTO;
    make_lower(out + ES256_COORDINATE);
    return 0;
}

/* r and s as the ASN.1 that OpenSSL verifies; 0 bytes: no memory. */
static size_t write_der(const uint8_t signature[ES256_SIGNATURE], uint8_t der[DER_MAX])
{
    CLEANUP(ECDSA_SIG_freep) ECDSA_SIG *pairs = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, ES256_COORDINATE, NULL);
    BIGNUM *s = BN_bin2bn(signature + ES256_COORDINATE, ES256_COORDINATE, NULL);
    if (!pairs || !r || !s || ECDSA_SIG_set0(pairs, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return 0;
    }
    int n = i2d_ECDSA_SIG(pairs, &der);
    return n > 0 ? (size_t)n : 0;
}

int es256_verify(const struct es256 *pair, const void *bytes, size_t n,
                 const uint8_t signature[ES256_SIGNATURE], bool *ret)
{
    CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t der[DER_MAX];
    size_t der_n = write_der(signature, der);
    if (!ctx || der_n == 0)
        return E_NOMEM;
    *ret = false;
    if (memcmp(signature + ES256_COORDINATE, half, sizeof(half)) > 0)
        return 0;
    if (EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, pkey_of(pair)) != 1)
        return E_CRYPTO;
    *ret = EVP_DigestVerify(ctx, der, der_n, bytes, n) == 1;
    return 0;
}

int es256_public(const struct es256 *pair, uint8_t x[ES256_COORDINATE], uint8_t y[ES256_COORDINATE])
{
    BIGNUM *of_x = NULL, *of_y = NULL;
    bool got = EVP_PKEY_get_bn_param(pkey_of(pair), OSSL_PKEY_PARAM_EC_PUB_X, &of_x) == 1 &&
               EVP_PKEY_get_bn_param(pkey_of(pair), OSSL_PKEY_PARAM_EC_PUB_Y, &of_y) == 1 &&
               BN_bn2binpad(of_x, x, ES256_COORDINATE) > 0 &&
               BN_bn2binpad(of_y, y, ES256_COORDINATE) > 0;
    BN_free(of_x);
    BN_free(of_y);
    return got ? 0 : E_CRYPTO;
}
