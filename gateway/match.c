/* Which row of the tables a path and method mean. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "gateway/private.h"
#include "schemas/builtin.h"

static const struct {
    enum method method;
    const char *name;
} methods[] = {{GET, "GET"},       {POST, "POST"}, {PUT, "PUT"},        {PATCH, "PATCH"},
               {DELETE, "DELETE"}, {HEAD, "HEAD"}, {OPTIONS, "OPTIONS"}};

enum method method_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (strcmp(methods[i].name, name) == 0)
            return methods[i].method;
    }
    return 0;
}

const char *method_name(enum method m)
{
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (methods[i].method == m)
            return methods[i].name;
    }
    return "?";
}

/* --- compiling -------------------------------------------------------------------------------- */

static const char *lower(struct arena *a, const char *name)
{
    char *out = arena_strdup(a, name);
    for (char *p = out; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    }
    return out;
}

static bool is_number(const struct schema *s)
{
    const char *type = json_string_value(json_object_get(schema_json(s), "type"));
    return type && (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0);
}

static int compile_params(struct routes *r, struct compiled_route *c, const char **ret_words)
{
    size_t n = 0;
    while (c->route->params && c->route->params[n].name)
        n++;
    c->params = arena_array(&r->arena, n, sizeof(*c->params));
    for (; c->n_params < n; c->n_params++) {
        struct compiled_param *p = &c->params[c->n_params];
        struct schema_faults faults;
        p->param = &c->route->params[c->n_params];
        p->header = p->param->name[0] >= 'A' && p->param->name[0] <= 'Z';
        p->lower = lower(&r->arena, p->param->name);
        if (schema_compile_text(p->param->schema, strlen(p->param->schema), &r->arena, &p->schema,
                                &faults) != 0) {
            *ret_words = arena_printf(&r->arena, "%s: parameter %s: %s", c->route->operation,
                                      p->param->name, faults.n ? faults.items[0].words : "?");
            return E_CONFIG;
        }
        p->number = is_number(p->schema);
    }
    return 0;
}

static const char *row_fault(const struct routes *r, const struct route *row)
{
    if (!row->operation || !row->summary || !row->tag || !row->run || row->path[0] != '/')
        return "a row lacks operation, summary, tag or function";
    if (!row->who)
        return "a route that nobody may call";
    if (row->body == BODY_JSON && !row->body_schema)
        return "a JSON body without a schema";
    if (row->body_schema && !schema_builtin(row->body_schema))
        return "no built-in schema of that name";
    if ((row->flags & ROUTE_CACHED) &&
        (row->method != GET || !(row->who & ROLE_PUBLIC) || !row->generation))
        return "only a public GET with a generation is cached";
    if (row->body_max > BODY_MAX)
        return "a body limit above 1 MiB";
    for (size_t i = 0; i < r->n; i++) {
        const struct route *other = r->items[i].route;
        if (strcmp(other->operation, row->operation) == 0)
            return "two operations of one name";
        if (other->method == row->method && strcmp(other->path, row->path) == 0)
            return "two rows for one method and path";
    }
    return NULL;
}

/* "/v1/reports/{id}" into its segments; false if there are too many. */
static bool split_pattern(struct arena *a, const char *pattern, struct route_path *ret)
{
    *ret = (struct route_path){0};
    for (const char *p = pattern; *p == '/';) {
        size_t n = strcspn(++p, "/");
        bool param = n > 2 && p[0] == '{' && p[n - 1] == '}';
        if (ret->n == ROUTE_SEGMENTS_MAX || (param && ret->n_params == ROUTE_PARAMS_MAX))
            return false;
        ret->n_params += param;
        ret->segments[ret->n++] = (struct route_segment){
            param ? arena_strndup(a, p + 1, n - 2) : arena_strndup(a, p, n), param ? 0 : n, param};
        p += n;
    }
    return true;
}

/* Fewer segments first, and at each place words before parameters: the first that fits is meant. */
static int compare_paths(const void *x, const void *y)
{
    const struct route_path *a = x, *b = y;
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    for (size_t i = 0; i < a->n; i++) {
        if (a->segments[i].param != b->segments[i].param)
            return a->segments[i].param ? 1 : -1;
        int order = a->segments[i].param ? 0 : strcmp(a->segments[i].text, b->segments[i].text);
        if (order != 0)
            return order;
    }
    return 0;
}

/* The path of a row, which several methods may share. NULL: too many segments. */
static struct route_path *path_of(struct routes *r, const struct route *row)
{
    struct route_path path;
    if (!split_pattern(&r->arena, row->path, &path))
        return NULL;
    for (size_t i = 0; i < r->n_paths; i++) {
        if (strcmp(r->paths[i].pattern, row->path) == 0)
            return &r->paths[i];
        if (compare_paths(&r->paths[i], &path) == 0)
            return NULL; /* the same but for a parameter's name */
    }
    path.pattern = row->path;
    r->paths[r->n_paths] = path;
    return &r->paths[r->n_paths++];
}

static int compile_row(struct routes *r, const struct route *row, const char **ret_words)
{
    const char *fault = row_fault(r, row);
    struct route_path *path = fault ? NULL : path_of(r, row);
    if (!fault && !path)
        fault = "too many segments, or the path stands elsewhere with another parameter name";
    if (fault) {
        *ret_words =
            arena_printf(&r->arena, "%s %s: %s", method_name(row->method), row->path, fault);
        return E_CONFIG;
    }
    struct compiled_route *c = &r->items[r->n];
    *c = (struct compiled_route){
        .route = row,
        .body = row->body_schema ? schema_builtin(row->body_schema) : NULL,
        .index = r->n,
    };
    r->n++;
    path->by_method[row->method] = c;
    return compile_params(r, c, ret_words);
}

static int compare_plain(const void *x, const void *y)
{
    const struct route_path *const *a = x, *const *b = y;
    return strcmp((*a)->pattern, (*b)->pattern);
}

/* Where the paths of so many segments begin, and those that are found by their text alone. */
static void index_paths(struct routes *r)
{
    qsort(r->paths, r->n_paths, sizeof(*r->paths), compare_paths);
    r->plain = arena_array(&r->arena, r->n_paths, sizeof(*r->plain));
    for (size_t i = 0; i < r->n_paths; i++) {
        if (r->paths[i].n_params == 0)
            r->plain[r->n_plain++] = &r->paths[i];
    }
    qsort(r->plain, r->n_plain, sizeof(*r->plain), compare_plain);
    for (size_t n = 0, at = 0; n <= ROUTE_SEGMENTS_MAX + 1; n++) {
        r->first_of[n] = at;
        while (at < r->n_paths && r->paths[at].n == n)
            at++;
    }
}

int routes_compile(struct routes *r, const struct route *const *tables, const char **ret_words)
{
    *r = (struct routes){0};
    arena_init(&r->arena);
    size_t n = 0;
    for (size_t t = 0; tables[t]; t++) {
        for (const struct route *row = tables[t]; row->path; row++)
            n++;
    }
    r->items = arena_array(&r->arena, n, sizeof(*r->items));
    r->paths = arena_array(&r->arena, n, sizeof(*r->paths));
    for (size_t t = 0; tables[t]; t++) {
        for (const struct route *row = tables[t]; row->path; row++) {
            int done = compile_row(r, row, ret_words);
            if (done < 0)
                return done;
        }
    }
    index_paths(r);
    return 0;
}

void routes_release(struct routes *r)
{
    for (size_t i = 0; i < r->n; i++) {
        for (size_t p = 0; p < r->items[i].n_params; p++)
            schema_free(r->items[i].params[p].schema);
    }
    arena_release(&r->arena);
    *r = (struct routes){0};
}

/* --- matching --------------------------------------------------------------------------------- */

struct piece {
    const char *text;
    size_t n;
};

static size_t split_path(const char *path, struct piece out[ROUTE_SEGMENTS_MAX])
{
    size_t n = 0;
    while (*path == '/') {
        if (n == ROUTE_SEGMENTS_MAX)
            return SIZE_MAX;
        size_t length = strcspn(++path, "/");
        out[n++] = (struct piece){path, length};
        path += length;
    }
    return *path ? SIZE_MAX : n;
}

/* A path of n segments. A parameter takes one whole segment that is not empty. */
static bool path_fits(const struct route_path *p, const struct piece *pieces, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct route_segment *s = &p->segments[i];
        if (s->param ? pieces[i].n == 0
                     : s->n != pieces[i].n || memcmp(s->text, pieces[i].text, s->n) != 0)
            return false;
    }
    return true;
}

static bool take_params(const struct route_path *p, const struct piece *pieces, struct arena *a,
                        struct match *ret)
{
    ret->n_params = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (!p->segments[i].param)
            continue;
        const char *value = decode_percent(pieces[i].text, pieces[i].n, false, a);
        if (!value)
            return false;
        ret->params[ret->n_params++] = (struct request_pair){p->segments[i].text, value};
    }
    return true;
}

static const struct compiled_route *by_method(const struct route_path *p, enum method method)
{
    const struct compiled_route *c = p->by_method[method];
    return c || method != HEAD ? c : p->by_method[GET];
}

static bool is_seen(const struct compiled_route *c, bool admin)
{
    return c && (admin || !(c->route->flags & ROUTE_ADMIN));
}

/* A path without parameters is more specific than any other. */
static const struct compiled_route *match_plain(const struct routes *r, enum method method,
                                                const char *path, bool admin)
{
    const struct route_path wanted = {.pattern = path}, *key = &wanted;
    const struct route_path *const *found =
        bsearch(&key, r->plain, r->n_plain, sizeof(*r->plain), compare_plain);
    const struct compiled_route *c = found ? by_method(*found, method) : NULL;
    return is_seen(c, admin) ? c : NULL;
}

void routes_match(const struct routes *r, enum method method, const char *path, bool admin,
                  struct arena *a, struct match *ret)
{
    struct piece pieces[ROUTE_SEGMENTS_MAX];
    *ret = (struct match){.route = match_plain(r, method, path, admin)};
    size_t n = ret->route ? SIZE_MAX : split_path(path, pieces);
    if (n == SIZE_MAX)
        return;
    for (size_t i = r->first_of[n]; i < r->first_of[n + 1]; i++) {
        const struct route_path *p = &r->paths[i];
        if (!path_fits(p, pieces, n))
            continue;
        for (enum method known = GET; known <= OPTIONS; known++)
            ret->methods |= is_seen(p->by_method[known], admin) ? 1U << known : 0;
        const struct compiled_route *c = by_method(p, method);
        if (ret->route || !is_seen(c, admin))
            continue;
        if (take_params(p, pieces, a, ret))
            ret->route = c;
        else
            ret->malformed = true;
    }
}
