/* Whom the operator believes: roots and revocation lists of a folder. */
#pragma once

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

/* The organisation that a root of a demonstration says it is of (demo/sign.py). */
#define TRUST_DEMONSTRATION "Tram demonstration"
#define TRUST_FILES_MAX 256            /* of the folder */
#define TRUST_FILE_BYTES_MAX (8 << 20) /* of each */

struct trust {
    X509_STORE *store; /* roots; intermediates come with the signatures */
    STACK_OF(X509_CRL) * lists;
    size_t roots;
    bool demonstration;
    size_t made_up; /* roots of a demonstration that were passed over */
};

/*
 * Every PEM and DER certificate and revocation list in the folder's files (*.pem, *.crt, *.cer,
 * *.crl); what is neither is passed over, and so are roots of a demonstration outside of one. NULL
 * or
 * "" is an empty folder: nobody is believed. 0, E_IO if the folder cannot be read, E_FULL, E_NOMEM;
 * trust_release whatever is returned.
 */
int trust_load(const char *folder, bool demonstration, struct trust *ret);
void trust_release(struct trust *trust);
