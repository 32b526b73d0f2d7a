/* A client and a server of its own for each test. */
#pragma once

#include "base/net/http_client.h"
#include "tests/unit/net/loopback.h"

struct http_fixture {
    struct loopback server;
    struct http_policy policy; /* plain http, the server's port, loopback allowed */
    struct http_client *client;
    char url[128];
};

static inline int http_fixture_begin(void **state)
{
    struct http_fixture *f = calloc(1, sizeof(*f));
    const struct http_limits limits = {.in_flight = 4, .queue = 8};

    *state = f;
    if (loopback_start(&f->server) != 0)
        return -1;
    f->policy.allow_http = true;
    f->policy.ports[0] = f->server.port;
    f->policy.ports_n = 1;
    return cidr_list_parse("127.0.0.0/8 ::1", &f->policy.allowed) ||
           http_client_new(&f->policy, &limits, &f->client);
}

static inline int http_fixture_end(void **state)
{
    struct http_fixture *f = *state;

    http_client_free(f->client);
    loopback_stop(&f->server);
    free(f);
    return 0;
}

/* A GET of the server; one URL at a time. */
static inline struct http_request get(struct http_fixture *f, const char *path)
{
    snprintf(f->url, sizeof(f->url), "http://127.0.0.1:%u%s", f->server.port, path);
    return (struct http_request){
        .method = "GET", .url = f->url, .timeout_ms = 5000, .max_reply = 65536};
}
