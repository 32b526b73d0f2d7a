/* Time-stamps (RFC 3161), beside a signature (RFC 5126 §6.1.1) or of a document by themselves. */
#include <openssl/ts.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "media/paper/signature_private.h"

CLEANUP_PTR(PKCS7, PKCS7_free)
CLEANUP_PTR(TS_VERIFY_CTX, TS_VERIFY_CTX_free)
CLEANUP_PTR(TS_TST_INFO, TS_TST_INFO_free)

/* Is the token over these bytes, by an authority that a root vouches for? */
static bool token_holds(PKCS7 *token, const void *bytes, size_t n, const struct trust *trust)
{
    CLEANUP(TS_VERIFY_CTX_freep) TS_VERIFY_CTX *want = TS_VERIFY_CTX_new();
    BIO *data = BIO_new_mem_buf(bytes, (int)n);

    if (!want || !data || X509_STORE_up_ref(trust->store) != 1) {
        BIO_free(data);
        return false;
    }
    TS_VERIFY_CTX_set_flags(want, TS_VFY_VERSION | TS_VFY_DATA | TS_VFY_SIGNATURE);
    TS_VERIFY_CTX_set_data(want, data);
    TS_VERIFY_CTX_set_store(want, trust->store);
    return TS_RESP_verify_token(want, token) == 1;
}

/* ms; 0: it says none. */
static int64_t token_time(PKCS7 *token)
{
    CLEANUP(TS_TST_INFO_freep) TS_TST_INFO *info = PKCS7_to_TS_TST_INFO(token);

    return info ? time_of((const ASN1_TIME *)TS_TST_INFO_get_time(info)) : 0;
}

int64_t stamp_of_signer(CMS_SignerInfo *signer, const struct trust *trust)
{
    int at = CMS_unsigned_get_attr_by_NID(signer, NID_id_smime_aa_timeStampToken, -1);
    X509_ATTRIBUTE *attribute = at >= 0 ? CMS_unsigned_get_attr(signer, at) : NULL;
    const ASN1_TYPE *value = attribute && X509_ATTRIBUTE_count(attribute) == 1
                                 ? X509_ATTRIBUTE_get0_type(attribute, 0)
                                 : NULL;
    const ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(signer);

    if (!value || value->type != V_ASN1_SEQUENCE || !signature)
        return 0;
    const unsigned char *from = value->value.sequence->data;
    CLEANUP(PKCS7_freep) PKCS7 *token = d2i_PKCS7(NULL, &from, value->value.sequence->length);
    if (!token || !token_holds(token, signature->data, (size_t)signature->length, trust))
        return 0;
    return token_time(token);
}

bool stamp_is_token(CMS_ContentInfo *cms)
{
    return OBJ_obj2nid(CMS_get0_eContentType(cms)) == NID_id_smime_ct_TSTInfo;
}

int stamp_judge(const uint8_t *der, size_t n, const struct signed_bytes *what,
                const struct trust *trust, struct media_signature *ret)
{
    const unsigned char *from = der;
    CLEANUP(PKCS7_freep) PKCS7 *token = d2i_PKCS7(NULL, &from, (long)n);

    ret->timestamp = 1;
    ret->verdict = MEDIA_SIGNED_INVALID;
    ret->flaw = MEDIA_FLAW_FORM;
    if (!token)
        return 0;
    STACK_OF(X509) *signers = PKCS7_get0_signers(token, NULL, 0);
    if (signers && sk_X509_num(signers) == 1)
        name_of(X509_get_subject_name(sk_X509_value(signers, 0)), ret->signer, sizeof(ret->signer));
    sk_X509_free(signers);
    ret->flaw = MEDIA_FLAW_CHANGED;
    if (token_holds(token, what->at, what->n, trust)) {
        ret->verdict = MEDIA_SIGNED_VALID;
        ret->flaw = MEDIA_FLAW_NONE;
        ret->stamped = 1;
        ret->signed_ms = token_time(token);
    }
    return 0;
}
