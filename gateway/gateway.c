/* The gateway as a whole: checked and bound at once, then served until it is told to stop. */
#include "gateway/gateway.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/log.h"
#include "gateway/server.h"

#define GRACE_MS 5000   /* past the drain, for handlers and for h2o */
#define FILES_ASIDE 256 /* open files that are no connections: the store, pipes, calls out */

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

static int choose_forwarded(struct gateway *g)
{
    static const struct {
        const char *header;
        enum forwarded_style style;
    } styles[] = {{"x-forwarded-for", FORWARDED_X}, {"forwarded", FORWARDED_RFC7239}};
    const char *wanted = config_text(g->options.config, "http.forwarded");
    for (size_t i = 0; i < ARRAY_LEN(styles); i++) {
        if (strcasecmp(wanted, styles[i].header) == 0) {
            g->forwarded = styles[i].style;
            g->forwarded_header = styles[i].header;
            return 0;
        }
    }
    return fail("http.forwarded", "neither x-forwarded-for nor forwarded");
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

/* The tables, and the gateway's own behind them; caller frees the array. */
static const struct route **all_tables(const struct route *const *routes)
{
    size_t n = 0;
    while (routes && routes[n])
        n++;
    const struct route **tables = calloc(n + 3, sizeof(*tables));
    if (!tables)
        return NULL;
    for (size_t i = 0; i < n; i++)
        tables[i] = routes[i];
    tables[n] = gateway_routes;
    tables[n + 1] = page_routes;
    return tables;
}

static int compile_routes(struct gateway *g)
{
    g->tables = all_tables(g->options.routes);
    if (!g->tables)
        return E_NOMEM;
    const char *words = NULL;
    int done = routes_compile(&g->routes, g->tables, &words);
    return done < 0 ? fail("routes", words) : 0;
}

int gateway_describe(const struct route *const *routes, const struct route_component *components,
                     char **ret, size_t *ret_n, const char **ret_words)
{
    struct routes compiled;
    const char *words = NULL;
    const struct route **tables = all_tables(routes);
    if (!tables)
        return E_NOMEM;
    int done = routes_compile(&compiled, tables, &words);
    *ret_words = done < 0 ? "the routes do not compile" : "a component does not parse";
    if (done == 0)
        done = openapi_build(&compiled, components, ret, ret_n, &words);
    routes_release(&compiled);
    free(tables);
    return done;
}

/* Where none are named those that were installed, if there are some. */
static int load_pages(struct gateway *g)
{
    const char *folder = config_text(g->options.config, "http.pages");
    if (!folder[0] && access(TRAM_PAGES "/pages.json", R_OK) != 0)
        return 0;
    CLEANUP(buf_release) struct buf faults;
    buf_init(&faults, 4096);
    int done = pages_load(folder[0] ? folder : TRAM_PAGES,
                          config_text(g->options.config, "http.tiles"), &faults, &g->pages);
    return done < 0 ? fail("http.pages", faults.data ? faults.data : result_words(done)) : 0;
}

static void configure_h2o(struct gateway *g)
{
    const struct config *c = g->options.config;
    /* glibc would keep for ever what unfinished bodies once took. */
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    /* And would give the end of a heap back after most requests, to ask for it with the next. */
    mallopt(M_TRIM_THRESHOLD, 1024 * 1024);
    mallopt(M_TOP_PAD, 128 * 1024);
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
    size_t n = (size_t)config_int(g->options.config, "http.loops");
    g->loops = calloc(n, sizeof(*g->loops));
    if (!g->loops)
        return E_NOMEM;
    for (; g->n_loops < n; g->n_loops++) {
        struct loop *l = &g->loops[g->n_loops];
        l->gateway = g;
        l->index = g->n_loops;
        pthread_mutex_init(&l->gate, NULL);
        l->rates = rate_table_new(config_int(g->options.config, "http.rates"));
        if (!l->rates)
            return E_NOMEM;
    }
    return 0;
}

/* As many connections as are configured, if the limit of open files allows. */
static void bound_connections(struct gateway *g)
{
    int64_t wanted = config_int(g->options.config, "http.connections");
    struct rlimit files = {0};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
        getrlimit(RLIMIT_NOFILE, &files);
    }
    int64_t most = files.rlim_cur > INT32_MAX ? INT32_MAX : (int64_t)files.rlim_cur;
    int64_t left = most > 2 * FILES_ASIDE ? most - FILES_ASIDE : most / 2;
    if (left < wanted)
        log_event(LOG_WARN,
                  "the limit of open files allows fewer connections than http.connections", NULL);
    g->places_max = (int)(left < wanted ? left : wanted);
}

static int prepare(struct gateway *g)
{
    const struct config *c = g->options.config;
    int done = parse_networks(c, "http.trusted_proxies", &g->proxies);
    if (done == 0)
        done = parse_networks(c, "http.metrics_from", &g->watchers);
    g->cors = config_text(c, "http.cors_origin");
    if (done == 0)
        done = choose_forwarded(g);
    if (done == 0)
        done = compile_routes(g);
    if (done == 0)
        done = build_documents(g);
    if (done == 0)
        done = load_pages(g);
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
    bound_connections(g);
    configure_h2o(g);
    done = listen_all(g);
    if (done == E_BUSY)
        return done; /* the log names the port */
    return done < 0 ? fail("http.addresses", result_words(done)) : 0;
}

int gateway_new(const struct gateway_options *o, struct gateway **ret)
{
    struct gateway *g = calloc(1, sizeof(*g));
    if (!g)
        return E_NOMEM;
    g->options = *o;
    sem_init(&g->wake, 0, 0);
    sem_init(&g->ended, 0, 0);
    int done = prepare(g);
    if (done < 0) {
        gateway_free(g);
        return done;
    }
    serving = g;
    *ret = g;
    return 0;
}

/* --- serving ---------------------------------------------------------------------------------- */

/* What spins or hangs must not keep the process. */
static _Noreturn void give_up(const char *what)
{
    log_event(LOG_ERROR, "a part did not end; the process ends without it", "part", what, NULL);
    log_stop();
    _exit(3);
}

static void wake_loops(struct gateway *g)
{
    for (size_t i = 0; i < g->n_loops; i++)
        loop_wake(&g->loops[i]);
}

static bool drained(const struct gateway *g, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (atomic_load(&g->loops[i].phase) != LOOP_DRAINED)
            return false;
    }
    return true;
}

static void reload(struct gateway *g)
{
    SSL_CTX *fresh = NULL;
    int done = tls_context(g, &fresh);
    if (done < 0) {
        log_event(LOG_ERROR, "the certificate was not read again; the old one stays", "why",
                  result_words(done), NULL);
        return;
    }
    for (size_t i = 0; i < g->n_loops; i++) {
        SSL_CTX_up_ref(fresh);
        SSL_CTX_free(atomic_exchange(&g->loops[i].fresh_tls, fresh));
    }
    SSL_CTX_free(fresh);
    wake_loops(g);
    log_event(LOG_INFO, "the certificate was read again", NULL);
}

static struct timespec in_future(int64_t ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += (time_t)(ms / 1000);
    return t;
}

bool wait_until(sem_t *s, const struct timespec *until)
{
    int done;
    do {
        done = until ? sem_clockwait(s, CLOCK_MONOTONIC, until) : sem_wait(s);
    } while (done != 0 && errno == EINTR);
    return done == 0;
}

/* Until the n loops have nobody left to serve; `until` is set when that begins. */
static void watch(struct gateway *g, size_t n, struct timespec *until)
{
    bool stopping = false;
    while (!stopping || !drained(g, n)) {
        if (!stopping && atomic_load(&g->stopping)) {
            stopping = true;
            *until = in_future(config_int(g->options.config, "http.drain_ms") + GRACE_MS);
            continue;
        }
        if (stopping)
            wake_loops(g);
        if (!wait_until(&g->wake, stopping ? until : NULL))
            give_up("loop");
        if (atomic_exchange(&g->reloading, false))
            reload(g);
    }
}

int gateway_run(struct gateway *g)
{
    const struct config *c = g->options.config;
    struct timespec until = {0};
    size_t n = 0;
    signal(SIGPIPE, SIG_IGN);
    int done = queue_start(&g->queue, (size_t)config_int(c, "http.workers"),
                           (unsigned)config_int(c, "http.password_workers"));
    for (; done == 0 && n < g->n_loops; n++) {
        if (pthread_create(&g->loops[n].thread, NULL, loop_main, &g->loops[n]) != 0) {
            done = E_NOMEM;
            break;
        }
    }
    if (done < 0)
        gateway_stop(g);
    watch(g, n, &until);
    if (queue_stop(&g->queue, &until) < 0)
        give_up("worker");
    atomic_store(&g->workers_gone, true);
    wake_loops(g);
    for (size_t i = 0; i < n; i++) {
        if (!wait_until(&g->ended, &until))
            give_up("loop");
    }
    for (size_t i = 0; i < n; i++)
        pthread_join(g->loops[i].thread, NULL);
    return done;
}

void gateway_stop(struct gateway *g)
{
    atomic_store(&g->stopping, true);
    sem_post(&g->wake);
}

void gateway_reload(struct gateway *g)
{
    atomic_store(&g->reloading, true);
    sem_post(&g->wake);
}

void gateway_free(struct gateway *g)
{
    if (!g)
        return;
    if (serving == g)
        serving = NULL;
    listen_close(g);
    for (size_t i = 0; i < g->n_loops; i++) {
        rate_table_free(g->loops[i].rates);
        pthread_mutex_destroy(&g->loops[i].gate);
    }
    free(g->loops);
    token_cache_free(g->tokens);
    cache_free(g->cache);
    routes_release(&g->routes);
    free(g->tables);
    free(g->openapi);
    free(g->docs);
    pages_free(g->pages);
    SSL_CTX_free(g->tls);
    if (g->config.hosts)
        h2o_config_dispose(&g->config);
    sem_destroy(&g->wake);
    sem_destroy(&g->ended);
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
