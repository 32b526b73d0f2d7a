/*
 * A whole request of anybody against the program's own routes, up to the handler: the path is
 * matched, the caller guarded, query, headers and body decoded and held against their schemas.
 *
 *   method SP path LF query LF (name ":" value LF)* LF body
 *
 * Either it is answered with a problem, or what the handler gets is as the row says.
 */
#include "base/text.h"
#include "gateway/private.h"
#include "handlers/app.h"
#include "schemas/builtin.h"
#include "tests/fuzz/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static struct routes routes;

static void compile(void)
{
    static struct arena a;
    const char *words = NULL;
    arena_init(&a);
    check(schema_builtin_load(&a, &words) == 0);
    check(routes_compile(&routes, app_routes, &words) == 0);
}

static void read_headers(struct feed *f, struct request *r, struct arena *a)
{
    struct request_pair *headers = arena_array(a, HEADERS_MAX, sizeof(*headers));
    r->headers = headers;
    for (;;) {
        char *line = feed_text(f, '\n', a), *colon = strchr(line, ':');
        if (!colon || r->n_headers == HEADERS_MAX)
            return;
        *colon = '\0';
        headers[r->n_headers++] = (struct request_pair){line, colon + 1};
    }
}

static bool is_error(const struct reply *reply)
{
    return reply->kind == REPLY_PROBLEM && reply->problem != PROBLEM_NONE;
}

/* What the row promises to its handler. */
static void check_decoded(const struct compiled_route *c, const struct request *r)
{
    enum body_kind body = c->route->body;
    check((r->json != NULL) == (body == BODY_JSON || body == BODY_FORM));
    for (size_t i = 0; i < r->n_query; i++)
        check(text_valid(r->query[i].value, strlen(r->query[i].value)));
    for (size_t i = 0; i < c->n_params; i++) {
        const char *text = c->params[i].header ? request_header(r, c->params[i].lower)
                                               : request_query(r, c->params[i].param->name);
        check(!text || text_valid(text, strlen(text)));
    }
    int64_t revision = 0;
    check(request_if_match(r, &revision) != 0 || revision >= -1);
}

static void serve(const struct match *m, struct request *r, const char *query, struct arena *a)
{
    struct reply reply;
    struct request_pair *pairs = NULL;
    r->route = m->route->route;
    r->params = m->params;
    r->n_params = m->n_params;
    reply_init(&reply, r, a);
    if (decode_query(query, strlen(query), a, &pairs, &r->n_query)) {
        r->query = pairs;
        bool decoded = guard_request(r->route, r, &reply) && decode_request(m->route, r, &reply);
        check(decoded || is_error(&reply));
        if (decoded)
            check_decoded(m->route, r);
        else
            reply_render(&reply);
    }
    reply_release(&reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct feed f = feed_of(bytes, n);
    struct arena a;
    struct match m;
    if (routes.n == 0)
        compile();
    arena_init(&a);
    struct request r = {.arena = &a, .now_ms = 1764000000000, .address = "192.0.2.7"};
    r.who.role = ROLE_CITIZEN;
    enum method method = method_of(feed_text(&f, ' ', &a));
    r.method = method ? method_name(method) : "?";
    r.path = feed_text(&f, '\n', &a);
    const char *query = feed_text(&f, '\n', &a);
    read_headers(&f, &r, &a);
    r.n_bytes = feed_left(&f);
    r.bytes = arena_dup(&a, f.at, r.n_bytes); /* a handler may write into it */
    routes_match(&routes, method, r.path, true, &a, &m);
    if (m.route && !m.malformed) {
        r.who.role = (enum role)(m.route->route->who & ~(m.route->route->who - 1));
        serve(&m, &r, query, &a);
    }
    arena_release(&a);
    return 0;
}
