/* The peer must prove itself: against the openssl program as a server, with a certificate made for
 * 127.0.0.1 here. Skipped where there is no such program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/net/http_client.h"

extern char **environ;

struct fixture {
    char folder[32], certificate[64], key[64];
    uint16_t port;
    pid_t server;
};

/* -1 if there is no such program. */
static pid_t start_openssl(char *const *arguments)
{
    posix_spawn_file_actions_t quiet;
    pid_t pid;
    int r;

    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
    r = posix_spawnp(&pid, "openssl", &quiet, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&quiet);
    return r == 0 ? pid : -1;
}

static int make_certificate(struct fixture *f)
{
    char *arguments[] = {"openssl",
                         "req",
                         "-x509",
                         "-newkey",
                         "ec",
                         "-pkeyopt",
                         "ec_paramgen_curve:P-256",
                         "-nodes",
                         "-keyout",
                         f->key,
                         "-out",
                         f->certificate,
                         "-subj",
                         "/CN=test",
                         "-addext",
                         "subjectAltName=IP:127.0.0.1",
                         NULL};
    pid_t pid = start_openssl(arguments);
    int status = -1;

    return pid < 0 || waitpid(pid, &status, 0) < 0 ? -1 : status;
}

static int connect_to(uint16_t port)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int r = connect(fd, (struct sockaddr *)&at, sizeof(at));

    close(fd);
    return r;
}

static uint16_t free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (bind(fd, (struct sockaddr *)&at, n) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &n) != 0)
        at.sin_port = 0;
    close(fd);
    return ntohs(at.sin_port);
}

static int begin(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    char accept_at[32];
    char *arguments[] = {"openssl", "s_server",     "-accept", accept_at, "-www",
                         "-cert",   f->certificate, "-key",    f->key,    NULL};

    strcpy(f->folder, "/tmp/tram-tls-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(f->certificate, sizeof(f->certificate), "%s/certificate.pem", f->folder);
    snprintf(f->key, sizeof(f->key), "%s/key.pem", f->folder);
    *state = f;
    if (make_certificate(f) != 0)
        return -1;
    f->port = free_port();
    snprintf(accept_at, sizeof(accept_at), "127.0.0.1:%u", f->port);
    f->server = start_openssl(arguments);
    for (int i = 0; i < 200 && connect_to(f->port) != 0; i++)
        poll(NULL, 0, 20);
    return f->server > 0 ? 0 : -1;
}

static int end(void **state)
{
    struct fixture *f = *state;

    if (f->server > 0) {
        kill(f->server, SIGTERM);
        waitpid(f->server, NULL, 0);
    }
    unlink(f->certificate);
    unlink(f->key);
    rmdir(f->folder);
    free(f);
    return 0;
}

static int call(const struct fixture *f, const char *ca_file, const char *host,
                struct http_reply *ret)
{
    struct http_policy policy = {.ports = {f->port}, .ports_n = 1, .ca_file = ca_file};
    struct http_client *client;
    char url[64];
    struct http_request request = {
        .method = "GET", .url = url, .timeout_ms = 5000, .max_reply = 65536};
    int r;

    snprintf(url, sizeof(url), "https://%s:%u/", host, f->port);
    assert_int_equal(cidr_list_parse("127.0.0.0/8 ::1", &policy.allowed), 0);
    assert_int_equal(http_client_new(&policy, &(struct http_limits){0}, &client), 0);
    r = http_call(client, &request, ret);
    http_client_free(client);
    return r;
}

static void a_known_authority_is_trusted(void **state)
{
    struct fixture *f = *state;
    CLEANUP(http_reply_release) struct http_reply reply;

    assert_int_equal(call(f, f->certificate, "127.0.0.1", &reply), 0);
    assert_int_equal(reply.status, 200);
    assert_true(reply.body_n > 0);
}

static void an_unknown_authority_is_not(void **state)
{
    struct fixture *f = *state;
    CLEANUP(http_reply_release) struct http_reply reply;

    assert_int_equal(call(f, NULL, "127.0.0.1", &reply), HTTP_TLS);
    assert_false(reply.sent);
}

static void another_name_is_not(void **state)
{
    struct fixture *f = *state;
    CLEANUP(http_reply_release) struct http_reply reply;

    assert_int_equal(call(f, f->certificate, "localhost", &reply), HTTP_TLS);
    assert_false(reply.sent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_authority_is_trusted),
        cmocka_unit_test(an_unknown_authority_is_not),
        cmocka_unit_test(another_name_is_not),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
