#include "media/paper/trust.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/result.h"

CLEANUP_PTR(FILE, fclose)
CLEANUP_PTR(DIR, closedir)
CLEANUP_PTR(BIO, BIO_free)

static bool is_named_so(const char *name)
{
    static const char *const ends[] = {".pem", ".crt", ".cer", ".crl"};
    size_t n = strlen(name);

    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        if (n > 4 && strcmp(name + n - 4, ends[i]) == 0)
            return true;
    }
    return false;
}

static bool is_made_up(const X509 *certificate)
{
    char of[sizeof(TRUST_DEMONSTRATION) + 1];
    int n = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_organizationName, of,
                                      sizeof(of));
    return n > 0 && strcmp(of, TRUST_DEMONSTRATION) == 0;
}

static int add_certificate(struct trust *t, X509 *certificate)
{
    if (certificate && !t->demonstration && is_made_up(certificate)) {
        X509_free(certificate);
        t->made_up++;
        return 1;
    }
    bool done = certificate && X509_STORE_add_cert(t->store, certificate) == 1;
    X509_free(certificate);
    t->roots += done;
    return done ? 1 : 0;
}

static int add_list(struct trust *t, X509_CRL *list)
{
    if (!list)
        return 0;
    if (sk_X509_CRL_push(t->lists, list) > 0)
        return 1;
    X509_CRL_free(list);
    return E_NOMEM;
}

static int read_pem(struct trust *t, const char *bytes, size_t n)
{
    CLEANUP(BIO_freep) BIO *in = BIO_new_mem_buf(bytes, (int)n);
    char *name = NULL, *header = NULL;
    unsigned char *der = NULL;
    long der_n = 0;
    int found = 0;

    while (in && found >= 0 && PEM_read_bio(in, &name, &header, &der, &der_n) == 1) {
        const unsigned char *at = der;
        int done = 0;
        if (strcmp(name, PEM_STRING_X509) == 0 || strcmp(name, PEM_STRING_X509_TRUSTED) == 0)
            done = add_certificate(t, d2i_X509(NULL, &at, der_n));
        else if (strcmp(name, PEM_STRING_X509_CRL) == 0)
            done = add_list(t, d2i_X509_CRL(NULL, &at, der_n));
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
        found = done < 0 ? done : found + done;
    }
    return in ? found : E_NOMEM;
}

static int read_der(struct trust *t, const char *bytes, size_t n)
{
    const unsigned char *at = (const unsigned char *)bytes;
    X509_CRL *list = d2i_X509_CRL(NULL, &at, (long)n);

    if (list)
        return add_list(t, list);
    at = (const unsigned char *)bytes;
    return add_certificate(t, d2i_X509(NULL, &at, (long)n));
}

static int read_file(struct trust *t, const char *path)
{
    CLEANUP(fclosep) FILE *file = fopen(path, "re");
    struct stat s;

    if (!file || fstat(fileno(file), &s) != 0)
        return E_IO;
    if (!S_ISREG(s.st_mode))
        return 0;
    if (s.st_size > TRUST_FILE_BYTES_MAX)
        return E_FULL;
    CLEANUP(freep) char *bytes = malloc((size_t)s.st_size + 1);
    if (!bytes)
        return E_NOMEM;
    size_t n = fread(bytes, 1, (size_t)s.st_size, file);
    int found = read_pem(t, bytes, n);
    if (found == 0)
        found = read_der(t, bytes, n);
    ERR_clear_error();
    return found < 0 ? found : 0;
}

static int read_folder(struct trust *t, const char *folder)
{
    CLEANUP(closedirp) DIR *entries = opendir(folder);
    int done = entries ? 0 : E_IO, files = 0;

    while (done == 0) {
        const struct dirent *entry = readdir(entries);
        char path[4096];
        if (!entry)
            break;
        if (!is_named_so(entry->d_name))
            continue;
        int n = snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        done = n < 0 || (size_t)n >= sizeof(path) || ++files > TRUST_FILES_MAX ? E_FULL
                                                                               : read_file(t, path);
    }
    return done;
}

int trust_load(const char *folder, bool demonstration, struct trust *ret)
{
    *ret = (struct trust){
        .store = X509_STORE_new(), .lists = sk_X509_CRL_new_null(), .demonstration = demonstration};
    if (!ret->store || !ret->lists)
        return E_NOMEM;
    return folder && folder[0] ? read_folder(ret, folder) : 0;
}

void trust_release(struct trust *trust)
{
    X509_STORE_free(trust->store);
    sk_X509_CRL_pop_free(trust->lists, X509_CRL_free);
    *trust = (struct trust){0};
}
