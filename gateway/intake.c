/* A request is copied out of h2o, matched and counted; on the loop thread, memory only. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/net/forwarded.h"
#include "gateway/header.h"
#include "gateway/server.h"
#include "gateway/write.h"

/* Use after free is to be seen in sanitized builds: there nothing is used twice. */
#ifdef __SANITIZE_ADDRESS__
static const bool sanitized = true;
#else
static const bool sanitized = false;
#endif

/* --- copying ---------------------------------------------------------------------------------- */

/* h2o has NULL for what is absent. */
static char *copy(struct arena *a, h2o_iovec_t v)
{
    return arena_strndup(a, v.base ? v.base : "", v.len);
}

/* With the NUL, which is there: arenas are zeroed. NULL is the name of a folded line. */
static char *put_iovec(char *at, h2o_iovec_t v)
{
    if (v.len > 0)
        memcpy(at, v.base, v.len);
    return at + v.len + 1;
}

/* Values in one block; a name that h2o knows is its own, which lives for ever. */
static bool copy_headers(struct job *j, h2o_req_t *req, size_t *ret_bytes)
{
    struct request *r = &j->request;
    size_t n = req->headers.size, bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += req->headers.entries[i].name->len + req->headers.entries[i].value.len;
    *ret_bytes = bytes;
    if (n > HEADERS_MAX || bytes > HEADER_BYTES_MAX)
        return false;
    struct request_pair *pairs = arena_array(&j->arena, n, sizeof(*pairs));
    char *at = arena_alloc(&j->arena, bytes + 2 * n);
    for (size_t i = 0; i < n; i++) {
        const h2o_header_t *h = &req->headers.entries[i];
        bool known = h2o_iovec_is_token(h->name);
        pairs[i] = (struct request_pair){known ? h->name->base : at, NULL};
        if (!known)
            at = put_iovec(at, *h->name);
        pairs[i].value = at;
        at = put_iovec(at, h->value);
    }
    r->headers = pairs;
    r->n_headers = n;
    return true;
}

static size_t query_start(const h2o_req_t *req)
{
    return req->query_at == SIZE_MAX ? req->path.len : req->query_at;
}

/* Without control characters, of which there are none in a request that means well. */
static bool path_sound(h2o_iovec_t path)
{
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.base[i];
        if (c <= ' ' || c == 0x7f)
            return false;
    }
    return path.len > 0;
}

static void take_body(struct job *j, h2o_req_t *req)
{
    struct request *r = &j->request;
    r->n_bytes = req->entity.len;
    if (r->n_bytes == 0 || r->n_bytes > BODY_MAX)
        return;
    j->body = body_hold(req);
    r->bytes =
        j->body ? (uint8_t *)req->entity.base : arena_dup(&j->arena, req->entity.base, r->n_bytes);
}

static bool copy_line(struct job *j, h2o_req_t *req)
{
    struct request *r = &j->request;
    r->method = copy(&j->arena, req->method);
    r->path = arena_strndup(&j->arena, req->path.base, query_start(req));
    r->authority = copy(&j->arena, req->authority);
    if (!header_authority_sound(r->authority))
        r->authority = "";
    r->secure = req->scheme == &H2O_URL_SCHEME_HTTPS;
    take_body(j, req);
    r->now_ms = clock_now_ms();
    r->app = j->gateway->options.app;
    r->arena = &j->arena;
    return path_sound(req->path) && http1_sound(req);
}

/* --- who asks --------------------------------------------------------------------------------- */

/* All lines of a field as one; NULL if there is none (RFC 9110 §5.3). */
static const char *joined(const struct job *j, const char *name)
{
    const struct request *r = &j->request;
    const char *all = NULL;
    for (size_t i = 0; i < r->n_headers; i++) {
        const char *value = r->headers[i].value;
        if (strcmp(r->headers[i].name, name) == 0)
            all = all ? arena_printf(r->arena, "%s, %s", all, value) : value;
    }
    return all;
}

/* The client's address: behind a trusted proxy the one that the proxy names. */
static struct address find_client(struct job *j)
{
    struct request *r = &j->request;
    const struct conn *c = j->conn;
    const struct gateway *g = j->gateway;
    memcpy(r->address, c->peer_text, sizeof(r->address));
    if (!c->proxy)
        return c->peer;
    const char *header = joined(j, g->forwarded_header);
    const char *scheme = joined(j, "x-forwarded-proto");
    if (scheme)
        r->secure = strcasecmp(scheme, "https") == 0;
    struct address client =
        forwarded_client(g->forwarded, &c->peer, &g->proxies, header, header ? strlen(header) : 0);
    address_format(&client, r->address);
    return client;
}

/* Sebastiano Vigna's splitmix64 */
static uint64_t take_chance(struct loop *l)
{
    uint64_t z = l->chance += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* W3C trace context: the trace goes on if it came well formed, else begins here. */
static void find_trace(struct job *j)
{
    struct request *r = &j->request;
    if (header_trace_id(request_header(r, "traceparent"), r->trace_id))
        return;
    char *at = put_hex(r->trace_id, take_chance(j->loop) | 1);
    put_hex(at, take_chance(j->loop) | 1);
}

/* Who a new job is before anybody checked a token. */
static void find_identity(struct job *j)
{
    struct request *r = &j->request;
    bool admin = j->conn->kind == LISTENER_ADMIN;
    const char *bearer = header_bearer(request_header(r, "authorization"));
    r->who = (struct identity){.role = admin ? ROLE_OPERATOR : ROLE_PUBLIC};
    if (admin || !bearer)
        return;
    if (!token_cache_get(j->gateway->tokens, bearer, r->now_ms, &r->who)) {
        r->who.role = ROLE_PUBLIC;
        j->bearer = bearer;
    }
}

static void limit_rate(struct job *j, const struct address *client, int64_t now_ms)
{
    struct request *r = &j->request;
    bool signed_in = r->who.role != ROLE_PUBLIC;
    struct address visitor = address_visitor(client);
    const uint8_t *key = signed_in ? r->who.subject.bytes : visitor.bytes;
    if (r->who.role == ROLE_OPERATOR)
        return;
    j->rate = rate_take(j->loop->rates, j->route->route->rate, key, signed_in, now_ms);
    if (j->rate.allowed)
        return;
    count_refusal(REFUSAL_RATE);
    reply_problem(&j->reply, PROBLEM_TOO_MANY, NULL);
    reply_header(&j->reply, "retry-after",
                 arena_printf(&j->arena, "%lld", (long long)j->rate.retry_ms / 1000 + 1));
}

/* --- what is asked ---------------------------------------------------------------------------- */

/* OPTIONS that no row answers, and methods that a path does not have. */
static void answer_unmatched(struct job *j, const struct match *m, enum method method)
{
    struct reply *reply = &j->reply;
    if (m->malformed || !m->methods) {
        reply_problem(reply, m->malformed ? PROBLEM_BAD_REQUEST : PROBLEM_NOT_FOUND, NULL);
        return;
    }
    const char *allow = "";
    for (enum method known = GET; known <= OPTIONS; known++) {
        bool has = (m->methods & (1U << known)) || known == OPTIONS ||
                   (known == HEAD && (m->methods & (1U << GET)));
        if (has)
            allow =
                arena_printf(&j->arena, "%s%s%s", allow, *allow ? ", " : "", method_name(known));
    }
    if (method == OPTIONS) {
        reply_empty(reply, 204);
        reply_header(reply, "access-control-allow-methods", allow);
        reply_header(reply, "access-control-allow-headers",
                     "authorization, content-type, idempotency-key, if-match, if-none-match, "
                     "last-event-id, tus-resumable, upload-length, upload-offset, "
                     "upload-metadata, x-http-method-override");
        reply_header(reply, "access-control-max-age", "600");
    } else {
        reply_problem(reply, PROBLEM_METHOD, NULL);
    }
    reply_header(reply, "allow", allow);
}

static void match(struct job *j)
{
    struct request *r = &j->request;
    const struct routes *routes = &j->gateway->routes;
    bool admin = j->conn->kind == LISTENER_ADMIN;
    enum method method = method_of(r->method);
    struct match m;
    routes_match(routes, method, r->path, admin, &j->arena, &m);
    const char *override = method == POST ? request_header(r, "x-http-method-override") : NULL;
    if (override) {
        struct match other;
        routes_match(routes, method_of(override), r->path, admin, &j->arena, &other);
        if (other.route && (other.route->route->flags & ROUTE_OVERRIDE)) {
            m = other;
            r->method = override;
        }
    }
    if (!m.route) {
        answer_unmatched(j, &m, method);
        return;
    }
    j->route = m.route;
    r->route = m.route->route;
    r->params = arena_dup(&j->arena, m.params, m.n_params * sizeof(*m.params));
    r->n_params = m.n_params;
}

static void take_query(struct job *j, h2o_req_t *req)
{
    size_t at = query_start(req);
    at += at < req->path.len;
    struct request_pair *pairs = NULL;
    if (!decode_query(req->path.base + at, req->path.len - at, &j->arena, &pairs,
                      &j->request.n_query))
        reply_problem(&j->reply, PROBLEM_BAD_REQUEST, NULL);
    j->request.query = pairs;
}

static void look_in_cache(struct job *j, int64_t now_ms)
{
    struct request *r = &j->request;
    if (!(j->route->route->flags & ROUTE_CACHED) || r->n_bytes > 0 ||
        request_header(r, "acting-for")) /* refused by the guard */
        return;
    struct cached *item = NULL;
    j->ask.key = cache_key(j->route, r, &j->arena);
    if (!j->ask.key)
        return;
    j->ask.generation = j->route->route->generation(r);
    bool hit = cache_get(j->gateway->cache, &j->ask, now_ms, &item) == CACHE_HIT;
    count_cache(hit);
    if (hit)
        job_show_cached(j, item);
}

static bool open_still(const struct job *j)
{
    return j->reply.kind == REPLY_NONE;
}

/*
 * A shared reply is the same for everybody, and what runs on the loop looks at memory only: there
 * nobody is anybody in particular, and no token is checked.
 */
static void forget_identity(struct job *j)
{
    struct request *r = &j->request;
    if (!(j->route->route->flags & (ROUTE_CACHED | ROUTE_INLINE)) || r->who.role == ROLE_OPERATOR)
        return;
    r->who = (struct identity){.role = ROLE_PUBLIC};
    j->bearer = NULL;
}

/* What is known of a request without looking at its body. */
static void look_at(struct job *j, h2o_req_t *req, const struct address *client)
{
    int64_t now_ms = (int64_t)(j->began_ns / 1000000);
    match(j);
    find_identity(j);
    if (open_still(j)) {
        limit_rate(j, client, now_ms);
        forget_identity(j);
    }
    if (open_still(j))
        take_query(j, req);
    if (open_still(j))
        look_in_cache(j, now_ms);
}

/* A used one, with its arena's memory, or a new one. */
static struct job *job_take(struct loop *l)
{
    struct job *j = l->spare;
    if (!j)
        return calloc(1, sizeof(*j));
    struct arena arena = j->arena;
    l->spare = j->next;
    l->n_spare--;
    *j = (struct job){.arena = arena};
    return j;
}

struct job *job_new(struct loop *l, h2o_req_t *req)
{
    struct job *j = job_take(l);
    if (!j)
        return NULL;
    j->gateway = l->gateway;
    j->loop = l;
    j->kind = JOB_REQUEST;
    j->began_ns = clock_monotonic_ns();
    j->conn = conn_ref(conn_of(req));
    reply_init(&j->reply, &j->request, &j->arena);
    l->jobs++;
    size_t header_bytes = 0;
    bool bounded = copy_headers(j, req, &header_bytes);
    bool sound = copy_line(j, req);
    conn_request_came(j->conn, header_bytes + req->path.len + req->entity.len + 64,
                      req->entity.len);
    j->request.language = header_language(request_header(&j->request, "accept-language"));
    struct address client = find_client(j);
    find_trace(j);
    if (!bounded) {
        count_refusal(REFUSAL_HEADERS);
        conn_penalty(j->conn, clock_monotonic_ms());
        reply_problem(&j->reply, PROBLEM_HEADERS, NULL);
    } else if (!sound) {
        reply_problem(&j->reply, PROBLEM_BAD_REQUEST, NULL);
    } else {
        look_at(j, req, &client);
    }
    return j;
}

void job_free(struct job *j)
{
    struct loop *l = j->loop;
    hub_remove(j);
    cache_abandon(j->gateway->cache, &j->ask);
    cached_unref(j->cached);
    reply_release(&j->reply);
    buf_release(&j->pending);
    buf_release(&j->flying);
    buf_release(&j->held);
    buf_release(&j->asked);
    free(j->piece);
    if (j->body)
        body_drop(j->body);
    conn_unref(j->conn);
    l->jobs--;
    arena_reset(&j->arena);
    if (l->n_spare < SPARE_JOBS && !sanitized) {
        j->next = l->spare;
        l->spare = j;
        l->n_spare++;
    } else {
        arena_release(&j->arena);
        free(j);
    }
}

void jobs_release(struct loop *l)
{
    for (struct job *j = l->spare, *next; j; j = next) {
        next = j->next;
        arena_release(&j->arena);
        free(j);
    }
    l->spare = NULL;
    l->n_spare = 0;
}
