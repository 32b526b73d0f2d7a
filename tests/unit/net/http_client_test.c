#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/result.h"
#include "tests/unit/net/http_fixture.h"

static void a_post_arrives_as_it_is(void **state)
{
    struct http_fixture *f = *state;
    const struct http_header headers[] = {{"Content-Type", "text/x"}, {"X-Empty", ""}};
    struct http_request request = get(f, "/echo");
    CLEANUP(http_reply_release) struct http_reply reply;

    request.method = "POST";
    request.headers = headers;
    request.headers_n = 2;
    request.body = "one\0two";
    request.body_n = 7;
    assert_int_equal(http_call(f->client, &request, &reply), 0);
    assert_int_equal(reply.status, 200);
    assert_true(reply.sent);
    assert_non_null(strstr(reply.body, "POST /echo HTTP/1.1\r\n"));
    assert_non_null(strstr(reply.body, "\r\nContent-Type: text/x\r\n"));
    assert_non_null(strstr(reply.body, "\r\nX-Empty:\r\n"));
    assert_null(strstr(reply.body, "Expect:"));
    assert_memory_equal(reply.body + reply.body_n - 7, "one\0two", 7);
    assert_string_equal(reply.headers[HTTP_CONTENT_TYPE], "text/plain");
    assert_null(reply.headers[HTTP_RETRY_AFTER]);
}

static void methods_and_statuses(void **state)
{
    struct http_fixture *f = *state;
    static const char *const methods[] = {"GET", "PUT", "DELETE", "PATCH", "POST"};
    struct http_request request;
    struct http_reply reply;

    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
        request = get(f, "/echo");
        request.method = methods[i];
        assert_int_equal(http_call(f->client, &request, &reply), 0);
        assert_memory_equal(reply.body, methods[i], strlen(methods[i]));
        assert_null(strstr(reply.body, "Content-Type"));
        http_reply_release(&reply);
    }
    request = get(f, "/status/503");
    assert_int_equal(http_call(f->client, &request, &reply), 0);
    assert_int_equal(reply.status, 503);
    assert_string_equal(reply.headers[HTTP_RETRY_AFTER], "7"); /* the last of its name */
    assert_int_equal(http_retry_after_s(&reply, 0), 7);
    assert_null(reply.body);
    http_reply_release(&reply);
    assert_int_equal(f->server.n, 1); /* one connection was enough */
}

static void redirects_are_not_followed(void **state)
{
    struct http_fixture *f = *state;
    struct http_request request = get(f, "/redirect");
    CLEANUP(http_reply_release) struct http_reply reply;

    assert_int_equal(http_call(f->client, &request, &reply), 0);
    assert_int_equal(reply.status, 302);
    assert_string_equal(reply.headers[HTTP_LOCATION], "/echo");
    assert_int_equal(atomic_load(&f->server.requests), 1);
}

static int call(struct http_fixture *f, const char *path, struct http_reply *ret)
{
    struct http_request request = get(f, path);

    request.timeout_ms = 300;
    return http_call(f->client, &request, ret);
}

static void bad_servers(void **state)
{
    struct http_fixture *f = *state;
    struct http_reply reply;
    int64_t start_ms = clock_monotonic_ms();

    assert_int_equal(call(f, "/slow", &reply), HTTP_TIMEOUT);
    assert_true(reply.sent);
    assert_in_range(clock_monotonic_ms() - start_ms, 290, 3000);
    assert_int_equal(call(f, "/close", &reply), HTTP_UNKNOWN);
    assert_true(reply.sent);
    assert_int_equal(reply.status, 0);
    assert_int_equal(call(f, "/partial", &reply), HTTP_UNKNOWN);
    assert_int_equal(call(f, "/huge", &reply), HTTP_TOO_LARGE);
    assert_int_equal(reply.status, 200);
    assert_null(reply.body);
    assert_int_equal(call(f, "/headers", &reply), HTTP_TOO_LARGE);
    http_reply_release(&reply);
    assert_int_equal(http_client_counts(f->client).failed, 5);
}

static void nothing_is_sent_twice_unless_allowed(void **state)
{
    struct http_fixture *f = *state;
    struct http_request request = get(f, "/once");
    struct http_reply reply;

    assert_int_equal(http_call(f->client, &request, &reply), 0);
    request = get(f, "/echo"); /* on the kept connection, which closes upon it */
    assert_int_equal(http_call(f->client, &request, &reply), HTTP_UNKNOWN);
    assert_true(reply.sent);
    assert_int_equal(atomic_load(&f->server.requests), 2);
    http_reply_release(&reply);

    request = get(f, "/once");
    assert_int_equal(http_call(f->client, &request, &reply), 0);
    request = get(f, "/echo");
    request.repeatable = true;
    assert_int_equal(http_call(f->client, &request, &reply), 0);
    assert_int_equal(reply.status, 200);
    assert_int_equal(atomic_load(&f->server.requests), 5);
    http_reply_release(&reply);
}

static void nobody_there(void **state)
{
    struct http_fixture *f = *state;
    struct http_request request = get(f, "/");
    CLEANUP(http_reply_release) struct http_reply reply;
    struct loopback gone;

    assert_int_equal(loopback_start(&gone), 0);
    loopback_stop(&gone);
    http_client_free(f->client);
    f->policy.ports[0] = gone.port;
    assert_int_equal(http_client_new(&f->policy, &(struct http_limits){0}, &f->client), 0);
    snprintf(f->url, sizeof(f->url), "http://127.0.0.1:%u/", gone.port);
    assert_int_equal(http_call(f->client, &request, &reply), HTTP_NOT_SENT);
    assert_false(reply.sent);
}

/* The same server, every way to name it, by a client that may reach public addresses only. */
static void private_addresses_are_refused(void **state)
{
    struct http_fixture *f = *state;
    static const char *const hosts[] = {"127.0.0.1",  "localhost",          "[::1]",
                                        "2130706433", "0x7f000001",         "127.1",
                                        "0.0.0.0",    "[::ffff:127.0.0.1]", "017700000001",
                                        "[::]",       "169.254.169.254",    "10.0.0.1"};
    struct http_request request = get(f, "/echo");
    struct http_reply reply;
    struct http_client *strict;

    f->policy.allowed.n = 0;
    assert_int_equal(http_client_new(&f->policy, &(struct http_limits){0}, &strict), 0);
    for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
        snprintf(f->url, sizeof(f->url), "http://%s:%u/echo", hosts[i], f->server.port);
        assert_int_equal(http_call(strict, &request, &reply), HTTP_REFUSED);
        assert_false(reply.sent);
        http_reply_release(&reply);
    }
    assert_int_equal(f->server.n, 0);
    assert_int_equal(http_client_counts(strict).refused, sizeof(hosts) / sizeof(*hosts));
    http_client_free(strict);
}

static void urls_outside_the_policy(void **state)
{
    struct http_fixture *f = *state;
    static const struct {
        const char *url;
        int expected;
    } cases[] = {
        {"http://user:pass@127.0.0.1:%u/echo", HTTP_REFUSED},
        {"http://user@127.0.0.1:%u/echo", HTTP_REFUSED},
        {"http://127.0.0.1:1/%u", HTTP_REFUSED},
        {"http://127.0.0.1/%u", HTTP_REFUSED},
        {"https://127.0.0.1/%u", HTTP_REFUSED},
        {"ftp://127.0.0.1:%u/", HTTP_REFUSED},
        {"file:///etc/passwd?%u", HTTP_REFUSED},
        {"gopher://127.0.0.1:%u/", HTTP_REFUSED},
        {"http://[fe80::1%%25lo]:%u/", HTTP_REFUSED},
        {"127.0.0.1:%u/echo", HTTP_REFUSED},
        {"http://:%u/", E_INVALID},
        {"http://127.0.0.1:%u/a b", E_INVALID},
        {"http://127.0.0.1:%u/\r\nHost: x", E_INVALID},
        {" http://127.0.0.1:%u/", E_INVALID},
        {"http://127.0.0.1:%u1234567/", E_INVALID},
    };
    struct http_request request = get(f, "/");
    struct http_reply reply;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(f->url, sizeof(f->url), cases[i].url, f->server.port);
#pragma GCC diagnostic pop
        if (http_call(f->client, &request, &reply) != cases[i].expected)
            fail_msg("%s", f->url);
    }
    assert_int_equal(f->server.n, 0);
}

static void https_only_is_the_rule(void **state)
{
    struct http_fixture *f = *state;
    struct http_request request = get(f, "/echo");
    CLEANUP(http_reply_release) struct http_reply reply;
    struct http_client *strict;

    f->policy.allow_http = false;
    assert_int_equal(http_client_new(&f->policy, &(struct http_limits){0}, &strict), 0);
    assert_int_equal(http_call(strict, &request, &reply), HTTP_REFUSED);
    assert_int_equal(f->server.n, 0);
    snprintf(f->url, sizeof(f->url), "https://127.0.0.1:%u/", f->server.port);
    assert_int_equal(http_call(strict, &request, &reply), HTTP_TLS);
    assert_false(reply.sent);
    http_client_free(strict);
}

static void malformed_requests(void **state)
{
    struct http_fixture *f = *state;
    static const struct http_header bad[] = {
        {"X-A", "a\r\nX-B: b"}, {"X A", "a"}, {"", "a"}, {"X-A:", "a"}, {"X\n", "a"}};
    struct http_request request, good = get(f, "/echo");
    struct http_reply reply;

#define REFUSED(change)                                                                            \
    request = good;                                                                                \
    change;                                                                                        \
    assert_int_equal(http_call(f->client, &request, &reply), E_INVALID)
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        REFUSED((request.headers = &bad[i], request.headers_n = 1));
    }
    REFUSED(request.method = "GET /");
    REFUSED(request.method = "");
    REFUSED(request.timeout_ms = 0);
    REFUSED(request.timeout_ms = 300001);
    REFUSED(request.max_reply = HTTP_REPLY_MAX + 1);
    REFUSED((request.body = "x", request.body_n = HTTP_BODY_MAX + 1));
    REFUSED((request.method = "HEAD", request.body = "x", request.body_n = 1));
#undef REFUSED
    assert_int_equal(f->server.n, 0);
}

static void retry_after(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t wait_s;
    } cases[] = {
        {NULL, -1},
        {"", -1},
        {"0", 0},
        {"120", 120},
        {"99999999999999999999", 86400},
        {"Fri, 31 Dec 1999 23:59:59 GMT", 59},
        {"Fri, 31 Dec 1999 23:58:59 GMT", 0},
        {"Fri, 31 Dec 2099 23:58:59 GMT", 86400},
        {"-5", -1},
        {"soon", -1},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char *text = cases[i].text ? strdup(cases[i].text) : NULL;
        struct http_reply reply = {.headers = {[HTTP_RETRY_AFTER] = text}};

        assert_int_equal(http_retry_after_s(&reply, INT64_C(946684740000)), cases[i].wait_s);
        http_reply_release(&reply);
    }
}

int main(void)
{
#define WITH_SERVER(test)                                                                          \
    cmocka_unit_test_setup_teardown(test, http_fixture_begin, http_fixture_end)
    const struct CMUnitTest tests[] = {
        WITH_SERVER(a_post_arrives_as_it_is),
        WITH_SERVER(methods_and_statuses),
        WITH_SERVER(redirects_are_not_followed),
        WITH_SERVER(bad_servers),
        WITH_SERVER(nothing_is_sent_twice_unless_allowed),
        WITH_SERVER(nobody_there),
        WITH_SERVER(private_addresses_are_refused),
        WITH_SERVER(urls_outside_the_policy),
        WITH_SERVER(https_only_is_the_rule),
        WITH_SERVER(malformed_requests),
        cmocka_unit_test(retry_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
