/* What every gateway answers: is it well, what does it count, what can it do. */
#include <string.h>

#include "gateway/server.h"

static struct gateway *gateway_in(const struct request *req)
{
    return gateway_of_request(req);
}

static int healthz(struct request *req, struct reply *reply)
{
    (void)req;
    static const char ok[] = "{\"status\":\"ok\"}";
    return reply_json_text(reply, 200, ok, sizeof(ok) - 1);
}

static int readyz(struct request *req, struct reply *reply)
{
    struct gateway *g = gateway_in(req);
    int done = g->options.ready ? g->options.ready(req->app) : 0;
    if (done < 0 || atomic_load(&g->stopping))
        return reply_problem(reply, PROBLEM_OVERLOADED, NULL);
    return reply_json(reply, 200, json_pack("{s:s}", "status", "ready"));
}

static bool may_watch(struct gateway *g, const struct request *req)
{
    struct address from;
    return req->who.role == ROLE_OPERATOR ||
           (address_parse(req->address, strlen(req->address), &from) &&
            cidr_list_holds(&g->watchers, &from));
}

static int metrics(struct request *req, struct reply *reply)
{
    struct gateway *g = gateway_in(req);
    if (!may_watch(g, req))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    struct buf out;
    buf_init(&out, 4U << 20);
    if (g->options.metrics)
        metrics_render(g->options.metrics, &out);
    int done = out.failed ? E_FULL
                          : reply_bytes(reply, 200, "text/plain; version=0.0.4; charset=utf-8",
                                        out.data ? out.data : "", out.len);
    buf_release(&out);
    return done;
}

static int openapi(struct request *req, struct reply *reply)
{
    struct gateway *g = gateway_in(req);
    reply_header_kept(reply, "etag", g->openapi_etag);
    reply_header(reply, "access-control-allow-origin", "*");
    return reply_json_text(reply, 200, g->openapi, g->n_openapi);
}

static int docs(struct request *req, struct reply *reply)
{
    struct gateway *g = gateway_in(req);
    reply_header(reply, "content-security-policy",
                 "default-src 'none'; style-src 'self'; frame-ancestors 'none'");
    return reply_bytes(reply, 200, "text/html; charset=utf-8", g->docs, g->n_docs);
}

static int docs_style(struct request *req, struct reply *reply)
{
    (void)req;
    static const char css[] =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
        "color:#1c2b33}h1{font-size:1.75rem}h2{margin-top:2.5rem;border-bottom:1px solid #d5dde1}"
        "table{border-collapse:collapse;width:100%}td{padding:.4rem .6rem;vertical-align:top;"
        "border-bottom:1px solid #e8edf0}code{font:14px ui-monospace,monospace}"
        ".m{font-weight:600;color:#0b6e66;white-space:nowrap}.w{color:#5b6b73;font-size:.9rem}";
    reply_header(reply, "cache-control", "public, max-age=3600");
    return reply_bytes(reply, 200, "text/css; charset=utf-8", css, sizeof(css) - 1);
}

static int problem_page(struct request *req, struct reply *reply)
{
    const char *slug = request_param(req, "slug");
    for (enum problem p = PROBLEM_NONE + 1; p < PROBLEM_COUNT; p++) {
        const struct problem_info *i = problem_info(p);
        if (strcmp(i->slug, slug) == 0)
            return reply_json(reply, 200,
                              json_pack("{s:s, s:i, s:s, s:s}", "slug", i->slug, "status",
                                        i->status, "vi", i->title[0], "en", i->title[1]));
    }
    return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
}

static const enum problem not_found[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem overloaded[] = {PROBLEM_OVERLOADED, PROBLEM_NONE};

const struct route gateway_routes[] = {
    {.method = GET,
     .path = "/healthz",
     .operation = "healthz",
     .summary = "The process lives",
     .tag = "service",
     .run = healthz,
     .who = ROLE_ANYONE,
     .reply_schema = "Status",
     .rate = RATE_NONE,
     .flags = ROUTE_INLINE},
    {.method = GET,
     .path = "/readyz",
     .operation = "readyz",
     .summary = "It can serve: the store answers",
     .tag = "service",
     .run = readyz,
     .who = ROLE_ANYONE,
     .reply_schema = "Status",
     .problems = overloaded,
     .rate = RATE_NONE},
    {.method = GET,
     .path = "/metrics",
     .operation = "metrics",
     .summary = "Numbers in Prometheus' text format, for configured networks",
     .tag = "service",
     .run = metrics,
     .who = ROLE_ANYONE,
     .reply_type = "text/plain",
     .problems = not_found,
     .rate = RATE_NONE},
    {.method = GET,
     .path = "/openapi.json",
     .operation = "openapi",
     .summary = "This interface as OpenAPI 3.1",
     .tag = "service",
     .run = openapi,
     .who = ROLE_ANYONE,
     .reply_schema = "Anything",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/docs",
     .operation = "docs",
     .summary = "This interface for people",
     .tag = "service",
     .run = docs,
     .who = ROLE_ANYONE,
     .reply_type = "text/html",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/docs.css",
     .operation = "docsStyle",
     .summary = "Its style sheet",
     .tag = "service",
     .run = docs_style,
     .who = ROLE_ANYONE,
     .reply_type = "text/css",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/problems/{slug}",
     .operation = "problem",
     .summary = "What a problem type means, in both languages",
     .tag = "service",
     .run = problem_page,
     .who = ROLE_ANYONE,
     .reply_schema = "ProblemWords",
     .problems = not_found,
     .rate = RATE_READ},
    {0},
};
