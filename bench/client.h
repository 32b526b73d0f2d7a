/*
 * HTTP/2 over TLS for load generators: many connections, one thread, one epoll. A connection has
 * one request under way; nghttp2 frames it, OpenSSL seals it. Certificates are not checked: both
 * ends are this machine.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* One request. Texts are borrowed until its reply has come. */
struct client_request {
    const char *path, *token; /* token NULL: without */
    const char *body;         /* NULL: GET, else POST of JSON */
    size_t n_body;
    const char *key; /* Idempotency-Key; NULL: without */
};

struct client;
/* status 0: the connection was lost. Called from client_wait; may send the next request. */
typedef void (*client_reply_fn)(struct client *c, int status, void *ctx);

struct clients;
/* Opens n connections, handshakes included; ends the process with a message if it cannot. */
struct clients *clients_open(const char *host, const char *port, size_t n, client_reply_fn fn,
                             void *ctx);
void clients_close(struct clients *all);
struct client *clients_at(struct clients *all, size_t i);
size_t client_index(const struct client *c);
void client_send(struct client *c, const struct client_request *r);
/* Replies that came within the time; 0 only looks. */
void clients_wait(struct clients *all, int timeout_ms);
