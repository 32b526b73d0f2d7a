/* Shared by webauthn.c and webauthn_cbor.c. */
#pragma once

#include "base/crypto/webauthn.h"

#define AUTH_HEAD 37 /* rpIdHash 32, flags, counter 4 */

enum auth_flag {
    AUTH_PRESENT = 0x01,
    AUTH_VERIFIED = 0x04,
    AUTH_BACKUP_ELIGIBLE = 0x08,
    AUTH_BACKED_UP = 0x10,
    AUTH_CREDENTIAL = 0x40,
    AUTH_EXTENSIONS = 0x80,
};

/* An attestation object taken apart (§6.5.4). Release with attestation_release. */
struct attestation {
    char format[16];
    bool empty;         /* no statement */
    int64_t algorithm;  /* that the statement names (COSE); 0: none */
    uint8_t *statement; /* its CBOR */
    size_t n_statement;
    uint8_t *auth_data;
    size_t n_auth_data;
};
/* 0, WEBAUTHN_MALFORMED, WEBAUTHN_ATTESTATION (a format that is not known), E_NOMEM. */
int attestation_read(const struct webauthn_bytes *bytes, struct attestation *ret);
void attestation_release(struct attestation *a);

/* Bytes of the one CBOR item that `bytes` begins with; 0 if it is not one that is taken. */
size_t cbor_measure(const uint8_t *bytes, size_t n);
