/*
 * Stands between the engine and the server, and does to one message what networks do. Messages of
 * MongoDB's protocol are told apart by their length; the plan takes the first from the engine in
 * which its needle occurs, such as a command's name, and then is over.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum proxy_fate {
    PROXY_LOSE_REPLY = 1, /* the server gets it and answers; then the connection breaks */
    PROXY_LOSE_REQUEST,   /* the connection breaks before the server gets it */
    PROXY_SILENCE,        /* nobody gets it, nobody answers */
    PROXY_CALL,           /* `fn` is called before the server gets it; nothing is lost */
};

struct proxy_plan {
    enum proxy_fate fate;
    const char *needle;
    void (*fn)(void *ctx);
    void *ctx;
};

struct proxy;

/* Forwards to host:port; listens on a port of the loopback. NULL on failure. */
struct proxy *proxy_new(const char *host, const char *port);
void proxy_free(struct proxy *p);
int proxy_port(const struct proxy *p);
void proxy_set(struct proxy *p, const struct proxy_plan *plan);
bool proxy_done(struct proxy *p); /* the plan has met its message */
/* Away: every connection breaks, and new ones do at once. */
void proxy_away(struct proxy *p, bool away);
