#include "media/paper/signature_private.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"

CLEANUP_PTR(CMS_ContentInfo, CMS_ContentInfo_free)
CLEANUP_PTR(BIO, BIO_free)

static void certificates_freep(STACK_OF(X509) * *certificates)
{
    sk_X509_pop_free(*certificates, X509_free);
}

static void signed_bytes_release(struct signed_bytes *what)
{
    free(what->at);
}

static int take_signed(const uint8_t *bytes, const struct pdf_signed *at, struct signed_bytes *ret)
{
    ret->n = at->first_n + at->second_n;
    ret->at = malloc(ret->n);
    if (!ret->at)
        return E_NOMEM;
    memcpy(ret->at, bytes, at->first_n);
    memcpy(ret->at + at->first_n, bytes + at->second_at, at->second_n);
    return 0;
}

static int flawed(struct media_signature *ret, enum media_signature_flaw flaw)
{
    ret->verdict = MEDIA_SIGNED_INVALID;
    ret->flaw = (uint8_t)flaw;
    return 0;
}

static bool digest_is_strong(CMS_SignerInfo *signer)
{
    static const int strong[] = {NID_sha256,   NID_sha384,   NID_sha512,
                                 NID_sha3_256, NID_sha3_384, NID_sha3_512};
    X509_ALGOR *digest = NULL;
    const ASN1_OBJECT *name = NULL;

    CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, NULL);
    if (!digest)
        return false;
    X509_ALGOR_get0(&name, NULL, NULL, digest);
    for (size_t i = 0; i < ARRAY_LEN(strong); i++) {
        if (OBJ_obj2nid(name) == strong[i])
            return true;
    }
    return false;
}

/* The signer's own word for when it was. */
static int64_t claimed_time(CMS_SignerInfo *signer)
{
    int at = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
    X509_ATTRIBUTE *attribute = at >= 0 ? CMS_signed_get_attr(signer, at) : NULL;
    const ASN1_TYPE *value = attribute && X509_ATTRIBUTE_count(attribute) == 1
                                 ? X509_ATTRIBUTE_get0_type(attribute, 0)
                                 : NULL;

    if (!value || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME))
        return 0;
    return time_of((const ASN1_TIME *)value->value.asn1_string);
}

/* The one signer of a CMS, with their certificate found among those that came along; NULL. */
static CMS_SignerInfo *only_signer(CMS_ContentInfo *cms, STACK_OF(X509) * extra, X509 **ret)
{
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
    CMS_SignerInfo *signer =
        sk_CMS_SignerInfo_num(signers) == 1 ? sk_CMS_SignerInfo_value(signers, 0) : NULL;

    *ret = NULL;
    for (int i = 0; signer && !*ret && i < sk_X509_num(extra); i++) {
        X509 *one = sk_X509_value(extra, i);
        if (CMS_SignerInfo_cert_cmp(signer, one) == 0)
            *ret = one;
    }
    return *ret ? signer : NULL;
}

static int judge_signer(CMS_ContentInfo *cms, const struct signed_bytes *what,
                        const struct trust *trust, int64_t now_ms, struct media_signature *ret)
{
    CLEANUP(certificates_freep) STACK_OF(X509) *extra = CMS_get1_certs(cms);
    CLEANUP(BIO_freep) BIO *content = BIO_new_mem_buf(what->at, (int)what->n);
    X509 *certificate = NULL;
    CMS_SignerInfo *signer = only_signer(cms, extra, &certificate);
    ASN1_OCTET_STRING **inside = CMS_get0_content(cms);

    if (!content)
        return E_NOMEM;
    if (!signer || !inside || *inside)
        return flawed(ret, MEDIA_FLAW_FORM);
    name_of(X509_get_subject_name(certificate), ret->signer, sizeof(ret->signer));
    if (!digest_is_strong(signer))
        return flawed(ret, MEDIA_FLAW_WEAK);
    if (CMS_verify(cms, NULL, NULL, content, NULL, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) != 1)
        return flawed(ret, MEDIA_FLAW_CHANGED);
    int64_t stamped = stamp_of_signer(signer, trust);
    ret->stamped = stamped != 0;
    ret->signed_ms = stamped ? stamped : claimed_time(signer);
    /* Nobody signs tomorrow, and nobody's word helps a certificate that is yet to be. */
    int64_t moment = ret->signed_ms && ret->signed_ms <= now_ms ? ret->signed_ms : now_ms;
    return signer_judge(certificate, extra, trust, moment, now_ms, ret);
}

static int judge(const uint8_t *bytes, const struct pdf_signed *at, const struct trust *trust,
                 int64_t now_ms, struct media_signature *ret)
{
    CLEANUP(freep) uint8_t *der = NULL;
    CLEANUP(signed_bytes_release) struct signed_bytes what = {0};
    size_t n = 0;

    if (!at->sound)
        return flawed(ret, MEDIA_FLAW_RANGE);
    int done = pdf_signature_cms(bytes, at, &der, &n);
    if (done == E_INVALID)
        return flawed(ret, MEDIA_FLAW_FORM);
    if (done == 0)
        done = take_signed(bytes, at, &what);
    if (done != 0)
        return done;
    const unsigned char *from = der;
    CLEANUP(CMS_ContentInfo_freep) CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &from, (long)n);
    if (!cms || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
        return flawed(ret, MEDIA_FLAW_FORM);
    return stamp_is_token(cms) ? stamp_judge(der, n, &what, trust, ret)
                               : judge_signer(cms, &what, trust, now_ms, ret);
}

static bool is_worse(uint8_t one, uint8_t than)
{
    static const uint8_t badness[] = {[MEDIA_SIGNED_NONE] = 0,
                                      [MEDIA_SIGNED_VALID] = 1,
                                      [MEDIA_SIGNED_UNTRUSTED] = 2,
                                      [MEDIA_SIGNED_INVALID] = 3};
    return badness[one] > badness[than];
}

int pdf_signature_check(const uint8_t *bytes, size_t n, const struct trust *trust, int64_t now_ms,
                        struct media_facts *ret)
{
    struct pdf_signed places[MEDIA_SIGNATURES_MAX];
    size_t found = pdf_signatures_locate(bytes, n, places, MEDIA_SIGNATURES_MAX);
    size_t told = found < MEDIA_SIGNATURES_MAX ? found : MEDIA_SIGNATURES_MAX;

    ret->n_signatures = (uint8_t)told;
    ret->verdict = MEDIA_SIGNED_NONE;
    for (size_t i = 0; i < told; i++) {
        struct media_signature *s = &ret->signatures[i];
        memset(s, 0, sizeof(*s));
        int done = judge(bytes, &places[i], trust, now_ms, s);
        ERR_clear_error();
        if (done != 0)
            return done;
        s->whole = places[i].sound && places[i].second_at + places[i].second_n == n;
        if (i + 1 == told && places[i].sound && !s->whole && s->verdict != MEDIA_SIGNED_INVALID)
            flawed(s, MEDIA_FLAW_APPENDED);
        if (is_worse(s->verdict, ret->verdict))
            ret->verdict = s->verdict;
    }
    /* More of them than anybody reads: the rest was not looked at. */
    if (found > told)
        ret->verdict = MEDIA_SIGNED_INVALID;
    return 0;
}
