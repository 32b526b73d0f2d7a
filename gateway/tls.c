/*
 * The server's certificate: by configuration, or one for development that is made at the first run
 * (ECDSA P-256, for localhost), DATA/tls/dev-cert.pem and dev-key.pem.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/crypto/bytes.h"
#include "gateway/server.h"

#define DAYS 825

CLEANUP_PTR(EVP_PKEY, EVP_PKEY_free)
CLEANUP_PTR(X509, X509_free)
CLEANUP_PTR(SSL_CTX, SSL_CTX_free)

static bool add_extension(X509 *cert, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    bool added = e && X509_add_ext(cert, e, -1) == 1;
    X509_EXTENSION_free(e);
    return added;
}

static X509 *make_certificate(EVP_PKEY *key)
{
    CLEANUP(X509_freep) X509 *cert = X509_new();
    if (!cert)
        return NULL;
    int64_t serial = 0;
    bytes_random(&serial, sizeof(serial));
    X509_set_version(cert, 2);
    ASN1_INTEGER_set_int64(X509_get_serialNumber(cert), (serial & INT64_MAX) | 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), 60L * 60 * 24 * DAYS);
    X509_set_pubkey(cert, key);
    X509_NAME *name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"Tram development",
                               -1, -1, 0);
    X509_set_issuer_name(cert, name);
    bool sound = add_extension(cert, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
                 add_extension(cert, NID_basic_constraints, "critical,CA:TRUE") &&
                 X509_sign(cert, key, EVP_sha256()) > 0;
    return sound ? STEAL(cert) : NULL;
}

/* Beside, synced, then renamed: what a kill leaves is overwritten, and never taken for the whole.
 */
static int write_pem(const char *path, EVP_PKEY *key, X509 *cert)
{
    char beside[512];
    snprintf(beside, sizeof(beside), "%.500s.new", path);
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file) {
        closep(&fd);
        return E_IO;
    }
    bool written = (key ? PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL)
                        : PEM_write_X509(file, cert)) == 1 &&
                   fflush(file) == 0 && fsync(fd) == 0;
    if (fclose(file) != 0)
        written = false;
    return written && rename(beside, path) == 0 ? 0 : E_IO;
}

/* The certificate last: where it stands, its key does too. */
static int make_development(const char *cert_path, const char *key_path)
{
    CLEANUP(EVP_PKEY_freep) EVP_PKEY *key = EVP_EC_gen("P-256");
    CLEANUP(X509_freep) X509 *cert = key ? make_certificate(key) : NULL;
    if (!cert)
        return E_CRYPTO;
    int done = write_pem(key_path, key, NULL);
    return done == 0 ? write_pem(cert_path, NULL, cert) : done;
}

static int development_paths(struct gateway *g, char cert[512], char key[512])
{
    char folder[512];
    if ((size_t)snprintf(folder, sizeof(folder), "%s/tls", g->options.data_folder) >= 480)
        return E_CONFIG;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return E_IO;
    snprintf(cert, 512, "%.480s/dev-cert.pem", folder);
    snprintf(key, 512, "%.480s/dev-key.pem", folder);
    return access(cert, F_OK) == 0 ? 0 : make_development(cert, key);
}

int tls_context(struct gateway *g, SSL_CTX **ret)
{
    char cert[512], key[512];
    const char *cert_path = config_text(g->options.config, "tls.certificate_file");
    const char *key_path = config_text(g->options.config, "tls.key_file");
    if (!cert_path[0]) {
        int done = development_paths(g, cert, key);
        if (done < 0)
            return done;
        cert_path = cert;
        key_path = key;
    }
    CLEANUP(SSL_CTX_freep) SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    if (!ctx)
        return E_NOMEM;
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                 SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20");
    if (SSL_CTX_use_certificate_chain_file(ctx, cert_path) != 1 ||
        SSL_CTX_use_PrivateKey_file(ctx, key_path, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(ctx) != 1)
        return E_CONFIG;
    h2o_ssl_register_alpn_protocols(ctx, h2o_http2_alpn_protocols);
    *ret = STEAL(ctx);
    return 0;
}
