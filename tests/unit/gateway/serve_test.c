/*
 * A whole gateway in this process: served over TLS and cleartext, its certificate changed, stopped
 * with clients in every state, and begun again. What it leaves behind is the sanitizer's to find.
 */
#include "tests/unit/gateway/fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "gateway/gateway.h"

static int times(struct request *req, struct reply *reply)
{
    const char *n = request_query(req, "n");
    size_t size = n ? (size_t)strtoul(n, NULL, 10) : 1;
    char *text = arena_alloc(req->arena, size);
    memset(text, 'x', size);
    return reply_bytes(reply, 200, "text/plain", text, size);
}

static int read_zeros(void *ctx, int64_t offset, void *out, size_t n, size_t *ret_n)
{
    (void)ctx, (void)offset;
    memset(out, 0, n);
    *ret_n = n;
    return 0;
}

static int file(struct request *req, struct reply *reply)
{
    (void)req;
    return reply_file(reply, &(struct reply_file){.size = 10 << 20,
                                                  .content_type = "application/x-zeros",
                                                  .read = read_zeros});
}

static int events(struct request *req, struct reply *reply)
{
    (void)req;
    return reply_sse(reply, &(struct reply_sse){.subject = {.bytes = {7}}});
}

static uint64_t generation(const struct request *req)
{
    (void)req;
    return 1;
}

static const struct route_param size_param[] = {{"n", "{\"type\":\"integer\"}", "bytes"}, {0}};
static const struct route rows[] = {
    {.method = GET,
     .path = "/times",
     .operation = "times",
     .summary = "s",
     .tag = "t",
     .run = times,
     .who = ROLE_ANYONE,
     .params = size_param,
     .rate = RATE_NONE},
    {.method = GET,
     .path = "/cached",
     .operation = "cached",
     .summary = "s",
     .tag = "t",
     .run = times,
     .who = ROLE_ANYONE,
     .params = size_param,
     .rate = RATE_NONE,
     .flags = ROUTE_CACHED,
     .generation = generation},
    {.method = GET,
     .path = "/file",
     .operation = "file",
     .summary = "s",
     .tag = "t",
     .run = file,
     .who = ROLE_ANYONE,
     .rate = RATE_NONE},
    {.method = GET,
     .path = "/events",
     .operation = "events",
     .summary = "s",
     .tag = "t",
     .run = events,
     .who = ROLE_ANYONE,
     .rate = RATE_NONE},
    {.method = POST,
     .path = "/bytes",
     .operation = "bytes",
     .summary = "s",
     .tag = "t",
     .run = run_nothing,
     .who = ROLE_ANYONE,
     .body = BODY_BYTES,
     .body_type = "application/octet-stream",
     .rate = RATE_NONE},
    {0},
};
static const struct route *const tables[] = {rows, NULL};

/* --- a gateway -------------------------------------------------------------------------------- */

struct world {
    struct arena arena;
    char folder[64];
    struct config *config;
    int port, plain_port;
    struct gateway *gateway;
    pthread_t thread;
};

/* Below the ports that the kernel gives to those who call out. */
static int free_port(void)
{
    static int next;
    next = next ? next : 20000 + (int)getpid() % 12000;
    for (;; next++) {
        struct sockaddr_in at = {.sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)next),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        int bound = bind(fd, (struct sockaddr *)&at, sizeof(at));
        close(fd);
        if (bound == 0)
            return next++;
    }
}

static void set_int(const char *name, int value)
{
    char text[16];
    snprintf(text, sizeof(text), "%d", value);
    setenv(name, text, 1);
}

static int world_setup(void **state)
{
    static struct world w;
    static const struct config_key *const keys[] = {gateway_config};
    const char *words = NULL;
    struct buf faults;
    arena_init(&w.arena);
    snprintf(w.folder, sizeof(w.folder), "/tmp/tram-serve-XXXXXX");
    assert_non_null(mkdtemp(w.folder));
    w.port = free_port();
    w.plain_port = free_port();
    set_int("TRAM_HTTP_PORT", w.port);
    set_int("TRAM_HTTP_DEMO_PORT", w.plain_port);
    setenv("TRAM_HTTP_ADDRESSES", "127.0.0.1", 1);
    setenv("TRAM_HTTP_WORKERS", "8", 1);
    setenv("TRAM_HTTP_LOOPS", "2", 1);
    setenv("TRAM_HTTP_DRAIN_MS", "100ms", 1);
    buf_init(&faults, 4096);
    int done = schema_builtin_load(&w.arena, &words);
    if (done == 0)
        done = config_load(keys, 1, NULL, &w.config, &faults);
    if (done != 0)
        fprintf(stderr, "%s\n", faults.data ? faults.data : words);
    buf_release(&faults);
    *state = &w;
    return done;
}

static int world_teardown(void **state)
{
    struct world *w = *state;
    char command[128];
    static const char *const left[] = {"tls/dev-cert.pem", "tls/dev-key.pem", "tls", ""};
    for (size_t i = 0; i < ARRAY_LEN(left); i++) {
        snprintf(command, sizeof(command), "%s/%s", w->folder, left[i]);
        remove(command);
    }
    config_free(w->config);
    schema_builtin_unload();
    arena_release(&w->arena);
    return 0;
}

static void *run(void *arg)
{
    struct world *w = arg;
    return (void *)(intptr_t)gateway_run(w->gateway);
}

static void begin(struct world *w)
{
    const struct gateway_options options = {
        .config = w->config, .routes = tables, .data_folder = w->folder, .demo = true};
    assert_int_equal(gateway_new(&options, &w->gateway), 0);
    assert_int_equal(pthread_create(&w->thread, NULL, run, w), 0);
}

static void end(struct world *w)
{
    void *done = w;
    gateway_stop(w->gateway);
    pthread_join(w->thread, &done);
    assert_null(done);
    gateway_free(w->gateway);
    w->gateway = NULL;
}

/* --- clients ---------------------------------------------------------------------------------- */

static int dial(int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    return fd;
}

static int ask(struct world *w, const char *request)
{
    int fd = dial(w->plain_port);
    assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), (ssize_t)strlen(request));
    return fd;
}

/* What comes until the other side closes; its first line is kept. Returns the number of bytes. */
static size_t hear(int fd, char status[64])
{
    char bytes[4096];
    size_t all = 0;
    status[0] = '\0';
    for (ssize_t n; (n = recv(fd, bytes, sizeof(bytes), 0)) > 0; all += (size_t)n) {
        if (all == 0)
            snprintf(status, 64, "%.*s", (int)strcspn(bytes, "\r"), bytes);
    }
    close(fd);
    return all;
}

#define ONCE " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

static void expect(struct world *w, const char *request, const char *wanted, size_t least)
{
    char status[64];
    size_t n = hear(ask(w, request), status);
    assert_memory_equal(status, wanted, strlen(wanted));
    assert_true(n > least);
}

/* The serial number of the certificate that a new connection is shown, as text. */
static void shown_serial(struct world *w, char out[64])
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(ctx);
    int fd = dial(w->port);
    SSL_set_fd(ssl, fd);
    assert_int_equal(SSL_connect(ssl), 1);
    X509 *cert = SSL_get1_peer_certificate(ssl);
    char *text = i2s_ASN1_INTEGER(NULL, X509_get_serialNumber(cert));
    snprintf(out, 64, "%s", text);
    OPENSSL_free(text);
    X509_free(cert);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    close(fd);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void serves_and_ends(void **state)
{
    struct world *w = *state;
    begin(w);
    expect(w, "GET /healthz" ONCE, "HTTP/1.1 200", 10);
    expect(w, "GET /times?n=100000" ONCE, "HTTP/1.1 200", 100000);
    expect(w, "GET /cached?n=50" ONCE, "HTTP/1.1 200", 50);
    expect(w, "GET /cached?n=50" ONCE, "HTTP/1.1 200", 50);
    expect(w, "GET /file" ONCE, "HTTP/1.1 200", 10 << 20);
    expect(w, "GET /nothing" ONCE, "HTTP/1.1 404", 10);
    end(w);
}

static void never_run(void **state)
{
    struct world *w = *state;
    const struct gateway_options options = {
        .config = w->config, .routes = tables, .data_folder = w->folder, .demo = true};
    assert_int_equal(gateway_new(&options, &w->gateway), 0);
    assert_int_equal(gateway_publish(w->gateway, &(struct id){.bytes = {7}}, ":\n\n", 3), 0);
    gateway_free(w->gateway);
}

static void stopped_before_it_ran(void **state)
{
    struct world *w = *state;
    const struct gateway_options options = {
        .config = w->config, .routes = tables, .data_folder = w->folder, .demo = true};
    assert_int_equal(gateway_new(&options, &w->gateway), 0);
    gateway_stop(w->gateway);
    assert_int_equal(gateway_run(w->gateway), 0);
    gateway_free(w->gateway);
}

static void the_port_is_taken(void **state)
{
    struct world *w = *state;
    const struct gateway_options options = {
        .config = w->config, .routes = tables, .data_folder = w->folder, .demo = true};
    struct gateway *second = NULL;
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)w->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(fd, 1), 0);
    int done = gateway_new(&options, &second);
    close(fd);
    assert_int_equal(done, E_BUSY);
    assert_null(second);
}

/* Clients in every state in which h2o can hold one, while it ends. */
static void open_all(struct world *w, int fds[8])
{
    fds[0] = dial(w->port); /* TLS not begun */
    fds[1] = dial(w->port);
    assert_int_equal(send(fds[1], "\x16\x03\x01\x02", 4, MSG_NOSIGNAL), 4); /* TLS half begun */
    fds[2] = dial(w->plain_port);
    fds[3] = ask(w, "GET /times"); /* half a request */
    fds[4] = ask(w, "POST /bytes HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n"
                    "Content-Type: application/octet-stream\r\n\r\nhalf");
    fds[5] = ask(w, "GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
    fds[6] = ask(w, "GET /file HTTP/1.1\r\nHost: h\r\n\r\n"); /* nobody reads it */
    fds[7] = ask(w, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");      /* HTTP/2, and not a frame */
}

static void a_hundred_times(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 100; i++) {
        int fds[8];
        char status[64];
        begin(w);
        open_all(w, fds);
        expect(w, "GET /times?n=10" ONCE, "HTTP/1.1 200", 10);
        for (int k = 0; k < 20; k++)
            gateway_publish(w->gateway, &(struct id){.bytes = {7}}, "data: x\n\n", 9);
        end(w);
        for (size_t k = 0; k < ARRAY_LEN(fds); k++)
            hear(fds[k], status); /* nobody is left hanging */
    }
}

static void copy_file(const char *folder, const char *from, const char *to)
{
    char a[160], b[160], bytes[8192];
    snprintf(a, sizeof(a), "%s/%s", folder, from);
    snprintf(b, sizeof(b), "%s/%s", folder, to);
    FILE *in = fopen(a, "r"), *out = fopen(b, "w");
    assert_true(in && out);
    size_t n = fread(bytes, 1, sizeof(bytes), in);
    assert_true(n > 0 && fwrite(bytes, 1, n, out) == n);
    fclose(in);
    fclose(out);
}

/* The certificate is looked at until it is what it should be: reloading is another thread's work.
 */
static void await_serial(struct world *w, const char *other_than)
{
    char now[64];
    do {
        shown_serial(w, now);
    } while (strcmp(now, other_than) == 0);
}

static void remove_in(const char *folder, const char *name)
{
    char path[160];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_int_equal(unlink(path), 0);
}

static void the_certificate_is_read_again(void **state)
{
    struct world *w = *state;
    char first[64], now[64], status[64];
    begin(w);
    shown_serial(w, first);
    int kept = ask(w, "GET /events HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_int_equal(recv(kept, now, 1, 0), 1);

    /* Files that are gone are made anew for development: another key, another number. */
    remove_in(w->folder, "tls/dev-cert.pem");
    remove_in(w->folder, "tls/dev-key.pem");
    gateway_reload(w->gateway);
    await_serial(w, first);

    /* A key that is not the certificate's changes nothing. */
    shown_serial(w, first);
    copy_file(w->folder, "tls/dev-cert.pem", "tls/dev-key.pem");
    gateway_reload(w->gateway);
    for (int i = 0; i < 20; i++) {
        shown_serial(w, now);
        assert_string_equal(now, first);
    }
    /* and who was connected all the while still is */
    gateway_publish(w->gateway, &(struct id){.bytes = {7}}, "data: y\n\n", 9);
    end(w);
    assert_true(hear(kept, status) > 0);
    remove_in(w->folder, "tls/dev-cert.pem");
    remove_in(w->folder, "tls/dev-key.pem");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serves_and_ends),
        cmocka_unit_test(never_run),
        cmocka_unit_test(stopped_before_it_ran),
        cmocka_unit_test(the_port_is_taken),
        cmocka_unit_test(the_certificate_is_read_again),
        cmocka_unit_test(a_hundred_times),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
