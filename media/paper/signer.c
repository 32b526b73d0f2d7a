#include <openssl/x509v3.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "base/utf8.h"
#include "media/paper/signature_private.h"

CLEANUP_PTR(X509_STORE_CTX, X509_STORE_CTX_free)

#define STRENGTH 2 /* OpenSSL's level: 112 bits, so RSA of 2048 and no SHA-1 */

int64_t time_of(const ASN1_TIME *time)
{
    struct tm parts;

    if (!time || ASN1_TIME_to_tm(time, &parts) != 1)
        return 0;
    return (int64_t)timegm(&parts) * 1000;
}

void name_of(const X509_NAME *name, char *ret, size_t room)
{
    static const int wanted[] = {NID_commonName, NID_organizationName};
    unsigned char *text = NULL;
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(wanted) && !text; i++) {
        int at = X509_NAME_get_index_by_NID(name, wanted[i], -1);
        if (at < 0)
            continue;
        int got =
            ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
        n = text && got > 0 ? (size_t)got : 0;
    }
    /* Whole characters, and no control characters. */
    size_t used = 0;
    for (size_t at = 0; at < n;) {
        size_t width = utf8_width((const char *)text + at, n - at);
        if (width == 0 || used + width >= room)
            break;
        if (width > 1 || (text[at] >= 0x20 && text[at] != 0x7f)) {
            memcpy(ret + used, text + at, width);
            used += width;
        }
        at += width;
    }
    ret[used] = '\0';
    OPENSSL_free(text);
}

static void serial_of(const X509 *certificate, char *ret, size_t room)
{
    static const char digits[] = "0123456789abcdef";
    const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
    const unsigned char *bytes = ASN1_STRING_get0_data(serial);
    int n = ASN1_STRING_length(serial);
    size_t used = 0;

    for (int i = 0; i < n && used + 2 < room; i++) {
        ret[used++] = digits[bytes[i] >> 4];
        ret[used++] = digits[bytes[i] & 15];
    }
    ret[used] = '\0';
}

/* --- revocation ------------------------------------------------------------------------------- */

/* A list of the issuer that can be believed now: signed by it, in force, without extensions that
 * would make it mean something else. */
static bool list_is_sound(X509_CRL *list, X509 *issuer, int64_t now_ms)
{
    const STACK_OF(X509_EXTENSION) *extensions = X509_CRL_get0_extensions(list);
    int64_t next_ms = time_of(X509_CRL_get0_nextUpdate(list));
    EVP_PKEY *key = X509_get0_pubkey(issuer);

    for (int i = 0; i < sk_X509_EXTENSION_num(extensions); i++) {
        if (X509_EXTENSION_get_critical(sk_X509_EXTENSION_value(extensions, i)))
            return false;
    }
    return key && next_ms > now_ms && time_of(X509_CRL_get0_lastUpdate(list)) <= now_ms &&
           X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(issuer)) == 0 &&
           X509_CRL_verify(list, key) == 1;
}

static enum media_revocation revocation_of(X509 *certificate, X509 *issuer,
                                           const struct trust *trust, int64_t moment_ms,
                                           bool stamped, int64_t now_ms)
{
    enum media_revocation told = MEDIA_REVOCATION_UNKNOWN;

    for (int i = 0; i < sk_X509_CRL_num(trust->lists); i++) {
        X509_CRL *list = sk_X509_CRL_value(trust->lists, i);
        X509_REVOKED *entry = NULL;
        if (!list_is_sound(list, issuer, now_ms))
            continue;
        if (X509_CRL_get0_by_cert(list, &entry, certificate) != 1) {
            told = MEDIA_REVOCATION_GOOD;
            continue;
        }
        /* Only an authority's stamp proves that it was signed while it still held. */
        if (stamped && time_of(X509_REVOKED_get0_revocationDate(entry)) > moment_ms) {
            told = MEDIA_REVOCATION_GOOD;
            continue;
        }
        return MEDIA_REVOCATION_BAD;
    }
    return told;
}

/* Of the chain from the signer up; the root is believed because it is configured. */
static enum media_revocation chain_revocation(STACK_OF(X509) * chain, const struct trust *trust,
                                              int64_t moment_ms, int64_t now_ms, bool stamped)
{
    enum media_revocation all = MEDIA_REVOCATION_GOOD;

    for (int i = 0; i + 1 < sk_X509_num(chain); i++) {
        enum media_revocation one =
            revocation_of(sk_X509_value(chain, i), sk_X509_value(chain, i + 1), trust, moment_ms,
                          stamped, now_ms);
        if (one == MEDIA_REVOCATION_BAD)
            return one;
        if (one == MEDIA_REVOCATION_UNKNOWN)
            all = one;
    }
    return all;
}

/* --- the chain -------------------------------------------------------------------------------- */

static void tell(struct media_signature *ret, enum media_signed verdict,
                 enum media_signature_flaw flaw)
{
    ret->verdict = (uint8_t)verdict;
    ret->flaw = (uint8_t)flaw;
}

static void tell_chain_fault(struct media_signature *ret, int error)
{
    switch (error) {
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CERT_HAS_EXPIRED:
        tell(ret, MEDIA_SIGNED_INVALID, MEDIA_FLAW_EXPIRED);
        break;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
        tell(ret, MEDIA_SIGNED_INVALID, MEDIA_FLAW_WEAK);
        break;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        tell(ret, MEDIA_SIGNED_UNTRUSTED, MEDIA_FLAW_UNKNOWN);
        break;
    default:
        tell(ret, MEDIA_SIGNED_INVALID, MEDIA_FLAW_USAGE);
    }
}

/* Whoever is not vouched for is told of first; an expired certificate of a stranger is a
 * stranger's.
 */
static int note_fault(int good, X509_STORE_CTX *chain)
{
    int *worst = X509_STORE_CTX_get_app_data(chain);
    int error = X509_STORE_CTX_get_error(chain);

    if (!good && (*worst == X509_V_OK || *worst == X509_V_ERR_CERT_HAS_EXPIRED ||
                  *worst == X509_V_ERR_CERT_NOT_YET_VALID))
        *worst = error;
    return good || error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID;
}

static bool may_sign(X509 *certificate)
{
    /* Without the extension all bits are set. */
    return (X509_get_key_usage(certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

int signer_judge(X509 *certificate, STACK_OF(X509) * extra, const struct trust *trust,
                 int64_t moment_ms, int64_t now_ms, struct media_signature *ret)
{
    CLEANUP(X509_STORE_CTX_freep) X509_STORE_CTX *chain = X509_STORE_CTX_new();
    int worst = X509_V_OK;

    name_of(X509_get_subject_name(certificate), ret->signer, sizeof(ret->signer));
    name_of(X509_get_issuer_name(certificate), ret->issuer, sizeof(ret->issuer));
    serial_of(certificate, ret->serial, sizeof(ret->serial));
    if (!chain || X509_STORE_CTX_init(chain, trust->store, certificate, extra) != 1)
        return E_NOMEM;
    X509_STORE_CTX_set_app_data(chain, &worst);
    X509_STORE_CTX_set_verify_cb(chain, note_fault);
    X509_VERIFY_PARAM *want = X509_STORE_CTX_get0_param(chain);
    X509_VERIFY_PARAM_set_time(want, (time_t)(moment_ms / 1000));
    X509_VERIFY_PARAM_set_auth_level(want, STRENGTH);
    X509_VERIFY_PARAM_set_depth(want, 8);
    if (X509_verify_cert(chain) != 1 && worst == X509_V_OK)
        worst = X509_V_ERR_UNSPECIFIED;
    if (worst != X509_V_OK) {
        tell_chain_fault(ret, worst);
        return 0;
    }
    if (!may_sign(certificate)) {
        tell(ret, MEDIA_SIGNED_INVALID, MEDIA_FLAW_USAGE);
        return 0;
    }
    enum media_revocation told =
        chain_revocation(X509_STORE_CTX_get0_chain(chain), trust, moment_ms, now_ms, ret->stamped);
    ret->revocation = (uint8_t)told;
    if (told == MEDIA_REVOCATION_BAD)
        tell(ret, MEDIA_SIGNED_INVALID, MEDIA_FLAW_REVOKED);
    else
        tell(ret, MEDIA_SIGNED_VALID, MEDIA_FLAW_NONE);
    return 0;
}
