/* Between signature.c, signer.c and stamp.c. */
#pragma once

#include <openssl/cms.h>

#include "media/paper/signature.h"

/* What was signed: the two ranges, one after the other. Owned by the caller. */
struct signed_bytes {
    uint8_t *at;
    size_t n;
};

/*
 * Whether the certificate may sign, whom it is vouched for by, and whether it is revoked; `extra`
 * are the certificates that came along. Fills verdict, flaw, revocation, signer, issuer, serial.
 * moment_ms: when the chain must hold. 0 or E_NOMEM.
 */
int signer_judge(X509 *certificate, STACK_OF(X509) * extra, const struct trust *trust,
                 int64_t moment_ms, int64_t now_ms, struct media_signature *ret);

/* The signature of a signer as a trusted authority stamped it (RFC 3161): its time, or 0: there is
 * no stamp, or none to be believed. */
int64_t stamp_of_signer(CMS_SignerInfo *signer, const struct trust *trust);
/* A document time-stamp: a CMS whose content is a TSTInfo over the signed bytes. Fills all. */
bool stamp_is_token(CMS_ContentInfo *cms);
int stamp_judge(const uint8_t *der, size_t n, const struct signed_bytes *what,
                const struct trust *trust, struct media_signature *ret);

/* ms of an ASN.1 time; 0 if it is none. */
int64_t time_of(const ASN1_TIME *time);
/* Common name (else organisation) of a name, as UTF-8 cut to whole characters. */
void name_of(const X509_NAME *name, char *ret, size_t room);
