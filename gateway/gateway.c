/* The gateway as a whole: checked and bound at once, then served until it is told to stop. */
#include "gateway/gateway.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/log.h"
#include "gateway/server.h"

/* Handlers of the gateway's own routes find it by this; there is one in a process. */
static struct gateway *serving;

struct gateway *gateway_of_request(const struct request *req)
{
    (void)req;
    return serving;
}

static int fail(const char *what, const char *words)
{
    log_event(LOG_ERROR, "the gateway cannot start", "what", what, "why", words ? words : "?",
              NULL);
    return E_CONFIG;
}

static int parse_networks(const struct config *c, const char *key, struct cidr_list *ret)
{
    struct config_list list = config_list(c, key);
    struct buf text;
    buf_init(&text, 8192);
    for (size_t i = 0; i < list.n; i++)
        buf_printf(&text, "%s ", list.items[i]);
    int done = cidr_list_parse(text.data ? text.data : "", ret);
    buf_release(&text);
    return done < 0 ? fail(key, "not a list of networks") : 0;
}

static int build_documents(struct gateway *g)
{
    const char *words = NULL;
    int done = openapi_build(&g->routes, g->options.components, &g->openapi, &g->n_openapi, &words);
    if (done < 0)
        return fail("openapi", words);
    uint8_t digest[MAC_SIZE];
    char hex[33];
    mac_sha256(g->openapi, g->n_openapi, digest);
    bytes_to_hex(digest, 16, hex);
    snprintf(g->openapi_etag, sizeof(g->openapi_etag), "\"%s\"", hex);
    g->docs = docs_build(&g->routes, &g->n_docs);
    return g->docs ? 0 : E_NOMEM;
}

static int compile_routes(struct gateway *g)
{
    size_t n = 0;
    while (g->options.routes && g->options.routes[n])
        n++;
    g->tables = calloc(n + 2, sizeof(*g->tables));
    if (!g->tables)
        return E_NOMEM;
    for (size_t i = 0; i < n; i++)
        g->tables[i] = g->options.routes[i];
    g->tables[n] = gateway_routes;
    const char *words = NULL;
    int done = routes_compile(&g->routes, g->tables, &words);
    return done < 0 ? fail("routes", words) : 0;
}

static void configure_h2o(struct gateway *g)
{
    const struct config *c = g->options.config;
    /* glibc would keep for ever what unfinished bodies once took. */
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    h2o_socket_buffer_mmap_settings.threshold = 1 << 20;
    h2o_config_init(&g->config);
    g->config.server_name = h2o_iovec_init(H2O_STRLIT("tram"));
    g->config.max_request_entity_size = 4U << 20; /* so that the handler can answer 413 */
    g->config.http1.req_timeout = 600000; /* the sweep is stricter, and knows slow from idle */
    g->config.http2.idle_timeout = (uint64_t)config_int(c, "http.idle");
    g->config.http2.max_concurrent_requests_per_connection = SLOTS_A_CONNECTION;
    g->config.http2.graceful_shutdown_timeout = (uint64_t)config_int(c, "http.drain_ms");
    loop_handler_register(g);
}

static int make_loops(struct gateway *g)
{
    g->n_loops = (size_t)config_int(g->options.config, "http.loops");
    g->loops = calloc(g->n_loops, sizeof(*g->loops));
    if (!g->loops)
        return E_NOMEM;
    for (size_t i = 0; i < g->n_loops; i++) {
        struct loop *l = &g->loops[i];
        l->gateway = g;
        l->index = i;
        l->rates = rate_table_new();
        if (!l->rates)
            return E_NOMEM;
    }
    return 0;
}

static int prepare(struct gateway *g)
{
    const struct config *c = g->options.config;
    int done = parse_networks(c, "http.trusted_proxies", &g->proxies);
    if (done == 0)
        done = parse_networks(c, "http.metrics_from", &g->watchers);
    g->cors = config_text(c, "http.cors_origin");
    if (done == 0)
        done = compile_routes(g);
    if (done == 0)
        done = build_documents(g);
    if (done == 0)
        done = tls_context(g, &g->tls);
    if (done == 0)
        done = make_loops(g);
    g->tokens = token_cache_new();
    g->cache = cache_new(CACHE_BYTES);
    if (done == 0 && (!g->tokens || !g->cache))
        done = E_NOMEM;
    if (done < 0)
        return done;
    if ((size_t)snprintf(g->admin_path, sizeof(g->admin_path), "%s/admin.sock",
                         g->options.data_folder) >= sizeof(g->admin_path))
        return fail("data folder", "its path is too long for a socket");
    configure_h2o(g);
    done = listen_all(g);
    return done < 0 ? fail("http.addresses", result_words(done)) : 0;
}

int gateway_new(const struct gateway_options *o, struct gateway **ret)
{
    struct gateway *g = calloc(1, sizeof(*g));
    if (!g)
        return E_NOMEM;
    g->options = *o;
    int done = prepare(g);
    if (done < 0) {
        gateway_free(g);
        return done;
    }
    serving = g;
    *ret = g;
    return 0;
}

/* Loops end by themselves, at the latest when the drain is over; one that spins must not keep the
 * process: h2o can be made to (a half-closed connection with an open header block). */
static void join_or_end(struct gateway *g)
{
    int64_t most = config_int(g->options.config, "http.drain_ms") + 5000;
    struct timespec until;
    for (size_t i = 0; i < g->n_loops; i++) {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += most / 1000;
        while (pthread_tryjoin_np(g->loops[i].thread, NULL) != 0) {
            if (!atomic_load(&g->stopping)) {
                usleep(50000);
                clock_gettime(CLOCK_REALTIME, &until);
                until.tv_sec += most / 1000;
                continue;
            }
            if (pthread_timedjoin_np(g->loops[i].thread, NULL, &until) == 0)
                break;
            log_event(LOG_ERROR, "a loop did not end; the process ends without it", NULL);
            _exit(3);
        }
    }
}

int gateway_run(struct gateway *g)
{
    const struct config *c = g->options.config;
    signal(SIGPIPE, SIG_IGN);
    int done = queue_start(&g->queue, (size_t)config_int(c, "http.workers"),
                           (unsigned)config_int(c, "http.password_workers"));
    for (size_t i = 0; done == 0 && i < g->n_loops; i++) {
        if (pthread_create(&g->loops[i].thread, NULL, loop_main, &g->loops[i]) != 0)
            done = E_NOMEM;
    }
    if (done == 0)
        join_or_end(g);
    queue_stop(&g->queue);
    return done;
}

void gateway_stop(struct gateway *g)
{
    atomic_store(&g->stopping, true);
}

void gateway_free(struct gateway *g)
{
    if (!g)
        return;
    if (serving == g)
        serving = NULL;
    listen_close(g);
    for (size_t i = 0; g->loops && i < g->n_loops; i++)
        rate_table_free(g->loops[i].rates);
    free(g->loops);
    token_cache_free(g->tokens);
    cache_free(g->cache);
    routes_release(&g->routes);
    free(g->tables);
    free(g->openapi);
    free(g->docs);
    SSL_CTX_free(g->tls);
    if (g->config.hosts)
        h2o_config_dispose(&g->config);
    free(g);
}

void gateway_forget_replies(struct gateway *g)
{
    cache_evict_all(g->cache);
}

const char *gateway_openapi(const struct gateway *g, size_t *ret_n)
{
    *ret_n = g->n_openapi;
    return g->openapi;
}
