#include "bench/client.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
    struct clients *all;
    int fd;
    SSL *ssl;
    nghttp2_session *session;
    const uint8_t *unsent; /* of the session, until it is asked for more */
    size_t n_unsent;
    struct client_request request;
    size_t body_at;
    int status;
    bool wants_write, receiving; /* nghttp2 may not be asked for bytes from its own callbacks */
};

struct clients {
    int epoll;
    SSL_CTX *tls;
    char authority[256];
    client_reply_fn fn;
    void *ctx;
    size_t n;
    struct client items[];
};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* --- bytes ------------------------------------------------------------------------------------ */

static void watch(struct client *c, bool write)
{
    if (c->wants_write == write)
        return;
    c->wants_write = write;
    struct epoll_event e = {.events = EPOLLIN | (write ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(c->all->epoll, EPOLL_CTL_MOD, c->fd, &e);
}

static void flush(struct client *c)
{
    for (;;) {
        if (c->n_unsent == 0) {
            ssize_t n = nghttp2_session_mem_send(c->session, &c->unsent);
            if (n < 0)
                give_up("nghttp2 has nothing sound to send");
            c->n_unsent = (size_t)n;
            if (n == 0)
                break;
        }
        int wrote = SSL_write(c->ssl, c->unsent, (int)c->n_unsent);
        if (wrote <= 0) {
            watch(c, true);
            return;
        }
        c->unsent += wrote;
        c->n_unsent -= (size_t)wrote;
    }
    watch(c, false);
}

static void lose(struct client *c)
{
    epoll_ctl(c->all->epoll, EPOLL_CTL_DEL, c->fd, NULL);
    if (c->request.path) {
        c->request.path = NULL;
        c->all->fn(c, 0, c->all->ctx);
    }
}

static void receive(struct client *c)
{
    uint8_t bytes[16384];
    int n;
    c->receiving = true;
    while ((n = SSL_read(c->ssl, bytes, sizeof(bytes))) > 0) {
        if (nghttp2_session_mem_recv(c->session, bytes, (size_t)n) < 0)
            give_up("the reply is not HTTP/2");
    }
    c->receiving = false;
    int why = SSL_get_error(c->ssl, n);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
        lose(c);
    else
        flush(c); /* window updates, and what a reply made its reader send */
}

/* --- HTTP/2 ----------------------------------------------------------------------------------- */

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                     size_t n_name, const uint8_t *value, size_t n_value, uint8_t flags, void *ctx)
{
    struct client *c = ctx;
    (void)session, (void)frame, (void)flags;
    if (n_name == 7 && memcmp(name, ":status", 7) == 0 && n_value == 3)
        c->status = (value[0] - '0') * 100 + (value[1] - '0') * 10 + value[2] - '0';
    return 0;
}

static int on_close(nghttp2_session *session, int32_t stream, uint32_t error, void *ctx)
{
    struct client *c = ctx;
    (void)session, (void)stream;
    c->request.path = NULL;
    c->all->fn(c, error == NGHTTP2_NO_ERROR ? c->status : 0, c->all->ctx);
    return 0;
}

static ssize_t read_body(nghttp2_session *session, int32_t stream, uint8_t *out, size_t n,
                         uint32_t *flags, nghttp2_data_source *source, void *ctx)
{
    struct client *c = ctx;
    (void)session, (void)stream, (void)source;
    size_t left = c->request.n_body - c->body_at;
    size_t taken = left < n ? left : n;
    memcpy(out, c->request.body + c->body_at, taken);
    c->body_at += taken;
    if (c->body_at == c->request.n_body)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)taken;
}

static void add(nghttp2_nv *fields, size_t *n, const char *name, const char *value)
{
    fields[(*n)++] = (nghttp2_nv){(uint8_t *)(uintptr_t)name, (uint8_t *)(uintptr_t)value,
                                  strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE};
}

void client_send(struct client *c, const struct client_request *r)
{
    char bearer[2100];
    nghttp2_nv fields[12];
    size_t n = 0;
    nghttp2_data_provider body = {.read_callback = read_body};
    c->request = *r;
    c->body_at = 0;
    c->status = 0;
    add(fields, &n, ":method", r->body ? "POST" : "GET");
    add(fields, &n, ":scheme", "https");
    add(fields, &n, ":authority", c->all->authority);
    add(fields, &n, ":path", r->path);
    add(fields, &n, "accept-encoding", "gzip");
    if (r->body)
        add(fields, &n, "content-type", "application/json");
    if (r->token) {
        snprintf(bearer, sizeof(bearer), "Bearer %s", r->token);
        add(fields, &n, "authorization", bearer);
    }
    if (r->key)
        add(fields, &n, "idempotency-key", r->key);
    if (nghttp2_submit_request(c->session, NULL, fields, n, r->body ? &body : NULL, NULL) < 0)
        give_up("a request is not sound");
    if (!c->receiving)
        flush(c);
}

/* --- connections ------------------------------------------------------------------------------ */

static int dial(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *at = NULL;
    int on = 1;
    if (getaddrinfo(host, port, &hints, &at) != 0)
        give_up(host);
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, at->ai_addr, at->ai_addrlen) != 0)
        give_up("cannot connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    freeaddrinfo(at);
    return fd;
}

static void open_one(struct clients *all, struct client *c, const char *host, const char *port)
{
    nghttp2_session_callbacks *callbacks = NULL;
    c->all = all;
    c->fd = dial(host, port);
    c->ssl = SSL_new(all->tls);
    SSL_set_fd(c->ssl, c->fd);
    if (SSL_connect(c->ssl) != 1)
        give_up("no TLS");
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_client_new(&c->session, callbacks, c);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(c->session, NGHTTP2_FLAG_NONE, NULL, 0);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(all->epoll, EPOLL_CTL_ADD, c->fd, &e);
    flush(c);
}

struct clients *clients_open(const char *host, const char *port, size_t n, client_reply_fn fn,
                             void *ctx)
{
    static const uint8_t h2[] = "\x02h2";
    struct clients *all = calloc(1, sizeof(*all) + n * sizeof(all->items[0]));
    if (!all)
        give_up("no memory");
    all->epoll = epoll_create1(EPOLL_CLOEXEC);
    all->tls = SSL_CTX_new(TLS_client_method());
    all->fn = fn;
    all->ctx = ctx;
    all->n = n;
    snprintf(all->authority, sizeof(all->authority), "%s:%s", host, port);
    SSL_CTX_set_alpn_protos(all->tls, h2, 3);
    SSL_CTX_set_mode(all->tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    for (size_t i = 0; i < n; i++)
        open_one(all, &all->items[i], host, port);
    return all;
}

void clients_close(struct clients *all)
{
    for (size_t i = 0; i < all->n; i++) {
        nghttp2_session_del(all->items[i].session);
        SSL_free(all->items[i].ssl);
        close(all->items[i].fd);
    }
    SSL_CTX_free(all->tls);
    close(all->epoll);
    free(all);
}

struct client *clients_at(struct clients *all, size_t i)
{
    return &all->items[i];
}

size_t client_index(const struct client *c)
{
    return (size_t)(c - c->all->items);
}

void clients_wait(struct clients *all, int timeout_ms)
{
    struct epoll_event events[256];
    int n = epoll_wait(all->epoll, events, 256, timeout_ms);
    for (int i = 0; i < n; i++) {
        struct client *c = events[i].data.ptr;
        if (events[i].events & EPOLLOUT)
            flush(c);
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            receive(c);
    }
}
