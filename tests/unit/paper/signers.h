/* Authorities, signers, revocation lists and signed papers, made for the tests. */
#pragma once

#include <openssl/cms.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <time.h>

#include "media/paper/trust.h"
#include "tests/unit/paper/papers.h"

#define DAY (24 * 3600)

struct identity {
    X509 *certificate;
    EVP_PKEY *key;
};

static inline void identity_release(struct identity *i)
{
    X509_free(i->certificate);
    EVP_PKEY_free(i->key);
}

struct issuing {
    const char *name;
    const char *of;            /* its organisation; NULL: none */
    const struct identity *by; /* NULL: itself */
    bool authority;
    const char *usage;         /* of keyUsage; NULL: digitalSignature */
    const char *extended;      /* of extendedKeyUsage; NULL: none */
    int from_days, until_days; /* from now; 0, 0: a year back, a year on */
};

static inline void extend(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

static inline struct identity issue(const struct issuing *want)
{
    static long serial = 1000;
    struct identity made = {X509_new(), EVP_EC_gen("P-256")};
    X509_NAME *name = X509_NAME_new();
    bool dated = want->from_days != 0 || want->until_days != 0;
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)want->name, -1, -1,
                               0);
    if (want->of)
        X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const unsigned char *)want->of, -1,
                                   -1, 0);
    X509_set_version(made.certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made.certificate),
                    (long)(dated ? want->from_days : -365) * DAY);
    X509_gmtime_adj(X509_getm_notAfter(made.certificate),
                    (long)(dated ? want->until_days : 365) * DAY);
    X509_set_subject_name(made.certificate, name);
    X509_set_issuer_name(made.certificate,
                         want->by ? X509_get_subject_name(want->by->certificate) : name);
    X509_NAME_free(name);
    X509_set_pubkey(made.certificate, made.key);
    if (want->authority)
        extend(made.certificate, NID_basic_constraints, "critical,CA:TRUE");
    extend(made.certificate, NID_key_usage,
           want->authority ? "critical,keyCertSign,cRLSign"
                           : (want->usage ? want->usage : "critical,digitalSignature"));
    if (want->extended)
        extend(made.certificate, NID_ext_key_usage, want->extended);
    X509_sign(made.certificate, want->by ? want->by->key : made.key, EVP_sha256());
    return made;
}

/* A list by an authority that revokes one certificate (NULL: none) so many days ago. */
static inline X509_CRL *list_of(const struct identity *by, const X509 *revoked, int days_ago,
                                int next_days)
{
    X509_CRL *list = X509_CRL_new();
    ASN1_TIME *at = ASN1_TIME_set(NULL, time(NULL) - DAY);
    X509_CRL_set_version(list, 1);
    X509_CRL_set_issuer_name(list, X509_get_subject_name(by->certificate));
    X509_CRL_set1_lastUpdate(list, at);
    ASN1_TIME_adj(at, time(NULL), next_days, 0);
    X509_CRL_set1_nextUpdate(list, at);
    if (revoked) {
        X509_REVOKED *entry = X509_REVOKED_new();
        ASN1_INTEGER *serial = ASN1_INTEGER_dup(X509_get0_serialNumber(revoked));
        ASN1_TIME_adj(at, time(NULL), -days_ago, 0);
        X509_REVOKED_set_serialNumber(entry, serial);
        X509_REVOKED_set_revocationDate(entry, at);
        X509_CRL_add0_revoked(list, entry);
        ASN1_INTEGER_free(serial);
    }
    ASN1_TIME_free(at);
    X509_CRL_sign(list, by->key, EVP_sha256());
    return list;
}

/* --- signing ---------------------------------------------------------------------------------- */

#define CONTENTS 12000 /* hex digits that are kept for a CMS */

struct signing {
    const struct identity *by;
    const struct identity *with;  /* an intermediate that comes along, or NULL */
    const struct identity *stamp; /* authority that stamps it, or NULL */
    int days_ago;                 /* when, by the signer's own word */
    int stamp_days_ago;
    bool stamp_other;    /* the stamp is of other bytes */
    bool content_inside; /* not detached */
    const EVP_MD *digest;
};

static int stamp_time(struct TS_resp_ctx *ctx, void *data, long *seconds, long *micro)
{
    (void)ctx;
    *seconds = *(long *)data;
    *micro = 0;
    return 1;
}

static ASN1_INTEGER *stamp_serial(struct TS_resp_ctx *ctx, void *data)
{
    (void)ctx;
    (void)data;
    ASN1_INTEGER *serial = ASN1_INTEGER_new();
    ASN1_INTEGER_set(serial, 7);
    return serial;
}

/* RFC 3161 token over the bytes, as DER. */
static inline struct bytes token_of(const struct identity *by, const void *bytes, size_t n,
                                    int days_ago)
{
    long at = (long)time(NULL) - (long)days_ago * DAY;
    unsigned char digest[32];
    EVP_Digest(bytes, n, digest, NULL, EVP_sha256(), NULL);
    X509_ALGOR *algorithm = X509_ALGOR_new();
    X509_ALGOR_set_md(algorithm, EVP_sha256());
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    TS_MSG_IMPRINT_set_algo(imprint, algorithm);
    TS_MSG_IMPRINT_set_msg(imprint, digest, sizeof(digest));
    TS_REQ *request = TS_REQ_new();
    TS_REQ_set_version(request, 1);
    TS_REQ_set_msg_imprint(request, imprint);
    TS_REQ_set_cert_req(request, 1);
    BIO *in = BIO_new(BIO_s_mem());
    i2d_TS_REQ_bio(in, request);

    TS_RESP_CTX *ctx = TS_RESP_CTX_new();
    ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4", 1);
    TS_RESP_CTX_set_signer_cert(ctx, by->certificate);
    TS_RESP_CTX_set_signer_key(ctx, by->key);
    TS_RESP_CTX_set_signer_digest(ctx, EVP_sha256());
    TS_RESP_CTX_set_def_policy(ctx, policy);
    TS_RESP_CTX_add_md(ctx, EVP_sha256());
    TS_RESP_CTX_set_time_cb(ctx, stamp_time, &at);
    TS_RESP_CTX_set_serial_cb(ctx, stamp_serial, NULL);
    TS_RESP *response = TS_RESP_create_response(ctx, in);
    unsigned char *der = NULL;
    int der_n = i2d_PKCS7(TS_RESP_get_token(response), &der);
    struct bytes made = joined(der, (size_t)der_n, "", 0);
    OPENSSL_free(der);
    TS_RESP_free(response);
    TS_RESP_CTX_free(ctx);
    ASN1_OBJECT_free(policy);
    BIO_free(in);
    TS_REQ_free(request);
    TS_MSG_IMPRINT_free(imprint);
    X509_ALGOR_free(algorithm);
    return made;
}

static inline struct bytes cms_of(const struct signing *how, const void *bytes, size_t n)
{
    unsigned flags = CMS_BINARY | CMS_PARTIAL | (how->content_inside ? 0 : CMS_DETACHED);
    BIO *content = BIO_new_mem_buf(bytes, (int)n);
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, content, flags);
    if (how->with)
        CMS_add1_cert(cms, how->with->certificate);
    CMS_SignerInfo *signer =
        CMS_add1_signer(cms, how->by->certificate, how->by->key,
                        how->digest ? how->digest : EVP_sha256(), CMS_BINARY | CMS_NOSMIMECAP);
    ASN1_TIME *at = ASN1_TIME_adj(NULL, time(NULL), -how->days_ago, 0);
    CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, at->type, at, -1);
    ASN1_TIME_free(at);
    CMS_final(cms, content, NULL, flags & ~(unsigned)CMS_PARTIAL);
    if (how->stamp) {
        const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer);
        struct bytes token =
            how->stamp_other
                ? token_of(how->stamp, "else", 4, how->stamp_days_ago)
                : token_of(how->stamp, value->data, (size_t)value->length, how->stamp_days_ago);
        CMS_unsigned_add1_attr_by_NID(signer, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE,
                                      token.at, (int)token.n);
        bytes_release(&token);
    }
    unsigned char *der = NULL;
    int der_n = i2d_CMS_ContentInfo(cms, &der);
    struct bytes made = joined(der, (size_t)der_n, "", 0);
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(content);
    return made;
}

static inline size_t find(const struct bytes *b, const char *text, size_t from)
{
    const uint8_t *at = memmem(b->at + from, b->n - from, text, strlen(text));
    return at ? (size_t)(at - b->at) : b->n;
}

/*
 * A revision is added with the `index`-th signature field (from 0), all covered but /Contents,
 * which is left to be filled. `base` is released. The gap is in *ret_from, *ret_to.
 */
static inline struct bytes with_room(struct bytes base, int index, size_t *ret_from, size_t *ret_to)
{
    size_t last = 0;
    for (size_t at = find(&base, "startxref", 0); at < base.n;
         at = find(&base, "startxref", at + 1))
        last = at;
    long previous = strtol((const char *)base.at + last + 9, NULL, 10);
    struct maker *m = calloc(1, sizeof(*m));
    m->out = open_memstream(&m->bytes, &m->n);
    fwrite(base.at, 1, base.n, m->out);
    size_t from = base.n;
    bytes_release(&base);
    object_begin(m, 1);
    fputs("<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [", m->out);
    for (int i = 0; i <= index; i++)
        fprintf(m->out, " %d 0 R", 100 + 2 * i);
    fputs(" ] >> >>\nendobj\n", m->out);
    char field[100];
    snprintf(field, sizeof(field), "<< /FT /Sig /T (s%d) /V %d 0 R >>", index, 101 + 2 * index);
    object(m, 100 + 2 * index, field);
    object_begin(m, 101 + 2 * index);
    fputs("<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 "
          "                                ] /Contents <",
          m->out);
    for (int i = 0; i < CONTENTS; i++)
        fputc('0', m->out);
    fputs("> >>\nendobj\n", m->out);
    ending(m, 1, previous, "");
    struct bytes made = maker_end(m);
    size_t range = find(&made, "/ByteRange [0 ", from) + strlen("/ByteRange [0 ");
    *ret_from = find(&made, "/Contents <", range) + strlen("/Contents ");
    *ret_to = *ret_from + CONTENTS + 2;
    char numbers[40];
    int n = snprintf(numbers, sizeof(numbers), "%zu %zu %zu", *ret_from, *ret_to, made.n - *ret_to);
    memcpy(made.at + range, numbers, (size_t)n);
    return made;
}

static inline void fill(struct bytes *b, size_t from, const struct bytes *cms)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < cms->n; i++) {
        b->at[from + 1 + 2 * i] = (uint8_t)digits[cms->at[i] >> 4];
        b->at[from + 2 + 2 * i] = (uint8_t)digits[cms->at[i] & 15];
    }
}

static inline struct bytes signed_paper(struct bytes base, int index, const struct signing *how)
{
    size_t from, to;
    struct bytes made = with_room(base, index, &from, &to);
    CLEANUP(bytes_release)
    struct bytes covered = joined(made.at, from, made.at + to, made.n - to);
    CLEANUP(bytes_release) struct bytes cms = cms_of(how, covered.at, covered.n);
    fill(&made, from, &cms);
    return made;
}
