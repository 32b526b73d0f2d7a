/*
 * The floor of what HTTP/2 over TLS costs with this library: h2o on one thread, answering from a
 * table of finished answers that was made beforehand. No queue, no workers, no log, no limits.
 *
 *   raw_h2o PORT CERTIFICATE KEY ANSWERS
 *
 * ANSWERS holds, one after another: a line with the path, a line "H B" with the number of header
 * lines and of body bytes, H lines "name: value", and B bytes with a newline behind them. Prints
 * "ready" when it listens on 127.0.0.1.
 */
#include <arpa/inet.h>
#include <h2o.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SLOTS 16384 /* a power of two */
#define HEADERS_MAX 24

struct answer {
    char *path;
    size_t n_path;
    h2o_iovec_t body;
    struct {
        h2o_iovec_t name, value;
    } headers[HEADERS_MAX];
    size_t n_headers;
};

static struct answer *answers[SLOTS];
static h2o_globalconf_t config;
static h2o_context_t context;
static h2o_accept_ctx_t accepting;

static void fail(const char *what)
{
    fprintf(stderr, "raw_h2o: %s\n", what);
    exit(1);
}

/* --- the table -------------------------------------------------------------------------------- */

static size_t slot_of(const char *path, size_t n)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)path[i]) * UINT64_C(1099511628211);
    return (size_t)(h ^ (h >> 29)) & (SLOTS - 1);
}

static struct answer *find(const char *path, size_t n)
{
    size_t at = slot_of(path, n);
    while (answers[at] && (answers[at]->n_path != n || memcmp(answers[at]->path, path, n) != 0))
        at = (at + 1) & (SLOTS - 1);
    return answers[at];
}

static void keep(struct answer *a)
{
    size_t at = slot_of(a->path, a->n_path);
    while (answers[at])
        at = (at + 1) & (SLOTS - 1);
    answers[at] = a;
}

static char *read_line(FILE *f)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t n = getline(&line, &cap, f);
    if (n <= 0 || line[n - 1] != '\n') {
        free(line);
        return NULL;
    }
    line[n - 1] = '\0';
    return line;
}

static void read_headers(FILE *f, struct answer *a)
{
    for (size_t i = 0; i < a->n_headers; i++) {
        char *line = read_line(f), *colon = line ? strstr(line, ": ") : NULL;
        if (!colon)
            fail("a header line is not \"name: value\"");
        a->headers[i].name = h2o_iovec_init(line, (size_t)(colon - line));
        a->headers[i].value = h2o_iovec_init(colon + 2, strlen(colon + 2));
    }
}

static void read_answers(const char *path)
{
    FILE *f = fopen(path, "r");
    size_t n = 0;
    for (char *line; f && (line = read_line(f)); n++) {
        struct answer *a = calloc(1, sizeof(*a));
        char *sizes = read_line(f), *end = NULL;
        if (!a || !sizes || n == SLOTS / 2)
            fail("the answers are cut off, or too many");
        a->path = line;
        a->n_path = strlen(line);
        a->n_headers = strtoul(sizes, &end, 10);
        a->body.len = strtoul(end, NULL, 10);
        if (a->n_headers > HEADERS_MAX)
            fail("an answer has too many headers");
        read_headers(f, a);
        a->body.base = malloc(a->body.len + 1);
        if (!a->body.base || fread(a->body.base, 1, a->body.len + 1, f) != a->body.len + 1)
            fail("a body is cut off");
        free(sizes);
        keep(a);
    }
    if (n == 0)
        fail("there are no answers");
    fclose(f);
}

/* --- serving ---------------------------------------------------------------------------------- */

static int on_request(h2o_handler_t *self, h2o_req_t *req)
{
    static h2o_generator_t generator = {NULL, NULL};
    const struct answer *a = find(req->path.base, req->path.len);
    (void)self;
    if (!a)
        return -1; /* 404 */
    req->res.status = 200;
    req->res.reason = "OK";
    req->res.content_length = a->body.len;
    for (size_t i = 0; i < a->n_headers; i++)
        h2o_add_header_by_str(&req->pool, &req->res.headers, a->headers[i].name.base,
                              a->headers[i].name.len, 1, NULL, a->headers[i].value.base,
                              a->headers[i].value.len);
    h2o_iovec_t body = a->body;
    h2o_start_response(req, &generator);
    h2o_send(req, &body, 1, H2O_SEND_STATE_FINAL);
    return 0;
}

static void on_accept(h2o_socket_t *listener, const char *err)
{
    h2o_socket_t *sock = err ? NULL : h2o_evloop_socket_accept(listener);
    if (sock)
        h2o_accept(&accepting, sock);
}

static SSL_CTX *make_tls(const char *certificate, const char *key)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    if (!ctx || SSL_CTX_use_certificate_chain_file(ctx, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1)
        fail("the certificate cannot be used");
    SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    h2o_ssl_register_alpn_protocols(ctx, h2o_http2_alpn_protocols);
    return ctx;
}

static int listen_on(const char *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, 1024) != 0)
        fail("cannot listen");
    return fd;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        fail("usage: raw_h2o PORT CERTIFICATE KEY ANSWERS");
    read_answers(argv[4]);
    h2o_config_init(&config);
    h2o_hostconf_t *host =
        h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    h2o_pathconf_t *path = h2o_config_register_path(host, "/", 0);
    h2o_handler_t *handler = h2o_create_handler(path, sizeof(*handler));
    handler->on_req = on_request;
    h2o_evloop_t *loop = h2o_evloop_create();
    h2o_context_init(&context, loop, &config);
    accepting = (h2o_accept_ctx_t){
        .ctx = &context, .hosts = config.hosts, .ssl_ctx = make_tls(argv[2], argv[3])};
    h2o_socket_t *listener =
        h2o_evloop_socket_create(loop, listen_on(argv[1]), H2O_SOCKET_FLAG_DONT_READ);
    h2o_socket_read_start(listener, on_accept);
    puts("ready");
    fflush(stdout);
    for (;;)
        h2o_evloop_run(loop, INT32_MAX);
}
