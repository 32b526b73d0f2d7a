/*
 * The HTTP/2 gateway: listens (TLS with ALPN, cleartext on loopback for demo, the admin socket),
 * matches, guards, hands requests to workers, answers. The life of a request is told in README.md.
 */
#pragma once

#include "base/config.h"
#include "base/metrics.h"
#include "gateway/route.h"
#include "gateway/sse.h"

extern const struct config_key gateway_config[]; /* "http.*", "tls.*": NULL-name-ended table */
extern struct metric *const gateway_metrics[];   /* NULL-ended */

struct gateway_options {
    const struct config *config;
    const struct route *const *routes;        /* arrays, each ended by a NULL path; NULL-ended */
    const struct route_component *components; /* NULL-name-ended */
    void *app;
    const char *data_folder; /* development certificate and admin.sock live here */
    bool demo;
    /*
     * Runs on a worker: a bearer token to an identity. 0; 1 invalid, expired or its session ended;
     * 2 its session is locked.
     * The answer is cached up to a minute, or until gateway_end_session.
     */
    int (*authenticate)(void *app, const char *bearer, struct identity *ret);
    int (*ready)(void *app); /* /readyz: 0 if the store answers */
    struct metrics *metrics; /* what /metrics shows; may be NULL */
};

/* Binds and checks everything (routes, schemas, certificate); nothing is served yet. */
int gateway_new(const struct gateway_options *o, struct gateway **ret);
/* Serves until gateway_stop; blocks. The loop threads and workers are its own. */
int gateway_run(struct gateway *g);
/* Async-signal-safe: begins the drain; gateway_run returns within http.drain_ms, or ends the
 * process with 3 when a handler hangs for seconds more. */
void gateway_stop(struct gateway *g);
/* Async-signal-safe: reads the certificate again; if it is unsound, logs that and keeps the old. */
void gateway_reload(struct gateway *g);
void gateway_free(struct gateway *g);
/* What must not be seen any more was withdrawn: no shared reply made before is shown again. Any
 * thread. */
void gateway_forget_replies(struct gateway *g);
/*
 * The /openapi.json text of these routes and components, without a gateway; caller frees. E_CONFIG
 * and words (static) if they are unsound.
 */
int gateway_describe(const struct route *const *routes, const struct route_component *components,
                     char **ret, size_t *ret_n, const char **ret_words);
/* The /openapi.json text; owned by the gateway. */
const char *gateway_openapi(const struct gateway *g, size_t *ret_n);
