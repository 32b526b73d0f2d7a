/* The OpenAPI 3.1 document, built from the same rows that are served, so that it cannot drift. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "gateway/private.h"
#include "schemas/builtin.h"

/* Components that the gateway's own routes answer with. */
static const struct route_component own[] = {
    {"Status", "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"status\"],"
               "\"properties\":{\"status\":{\"type\":\"string\"}}}"},
    {"Anything", "{\"type\":\"object\"}"},
    {"ProblemWords",
     "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"slug\",\"status\",\"vi\","
     "\"en\"],\"properties\":{\"slug\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
     "\"vi\":{\"type\":\"string\"},\"en\":{\"type\":\"string\"}}}"},
    {0},
};

/* A schema with $defs of its own needs an $id, so that "#/$defs/x" is read within it. */
static json_t *component_of(const char *name, const char *text)
{
    json_t *schema = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (schema && json_object_get(schema, "$defs"))
        json_object_set_new(schema, "$id", json_sprintf("urn:tram:%s", name));
    if (schema)
        json_object_del(schema, "$schema");
    return schema;
}

static int add_components(json_t *schemas, const struct route_component *list, struct arena *a,
                          const char **ret_words)
{
    for (; list && list->name; list++) {
        json_t *schema = component_of(list->name, list->text);
        if (!schema) {
            *ret_words = arena_printf(a, "component %s is not JSON", list->name);
            return E_CONFIG;
        }
        json_object_set_new(schemas, list->name, schema);
    }
    return 0;
}

static json_t *ref(const char *name)
{
    return json_pack("{s:o}", "$ref", json_sprintf("#/components/schemas/%s", name));
}

/* --- one operation ---------------------------------------------------------------------------- */

static void add_param(json_t *list, const char *name, const char *in, bool required, json_t *schema,
                      const char *words)
{
    json_t *p = json_pack("{s:s, s:s, s:b, s:o}", "name", name, "in", in, "required", required,
                          "schema", schema);
    if (words)
        json_object_set_new(p, "description", json_string(words));
    json_array_append_new(list, p);
}

static void add_path_params(json_t *list, const char *path)
{
    for (const char *p = strchr(path, '{'); p; p = strchr(p + 1, '{')) {
        size_t n = strcspn(p + 1, "}");
        char name[64] = {0};
        memcpy(name, p + 1, n < sizeof(name) ? n : sizeof(name) - 1);
        add_param(list, name, "path", true, json_pack("{s:s}", "type", "string"), NULL);
    }
}

static json_t *params_of(const struct compiled_route *c)
{
    json_t *list = json_array();
    const struct route *r = c->route;
    add_path_params(list, r->path);
    for (size_t i = 0; i < c->n_params; i++) {
        const struct compiled_param *p = &c->params[i];
        add_param(list, p->param->name, p->header ? "header" : "query", false,
                  json_deep_copy(schema_json(p->schema)), p->param->words);
    }
    if (r->flags & ROUTE_PAGED) {
        add_param(
            list, "limit", "query", false,
            json_pack("{s:s, s:i, s:i}", "type", "integer", "minimum", 1, "maximum", PAGE_ROWS_MAX),
            "Rows of a page at most; a list may give fewer at a time, `next` then leads on");
        add_param(list, "cursor", "query", false, json_pack("{s:s}", "type", "string"),
                  "From a page's `next`; bound to the other parameters. Rows that change meanwhile "
                  "may come twice or not at all");
    }
    if (r->flags & ROUTE_KEYED)
        add_param(list, "Idempotency-Key", "header", true,
                  json_pack("{s:s, s:s}", "type", "string", "pattern", "^[A-Za-z0-9_-]{8,64}$"),
                  "Repeating a request with the same key is harmless");
    if (r->flags & ROUTE_IF_MATCH)
        add_param(list, "If-Match", "header", false, json_pack("{s:s}", "type", "string"),
                  "The ETag that was read");
    if (r->flags & ROUTE_ACTING)
        add_param(list, "Acting-For", "header", false,
                  json_pack("{s:s, s:s}", "type", "string", "format", "uuid"),
                  "Citizens: the organisation, or the person, whom the request is made for");
    return list;
}

/* How a problem of the route looks: RFC 9457, or the plain words that tus clients expect. */
static json_t *problem_content(const struct route *r)
{
    if (r->errors == ERRORS_TUS)
        return json_pack("{s:{s:{s:s}}}", "text/plain", "schema", "type", "string");
    return json_pack("{s:{s:o}}", "application/problem+json", "schema", ref("problem"));
}

static void add_problem(json_t *responses, const struct route *r, enum problem p)
{
    const struct problem_info *i = problem_info(p);
    char status[8];
    snprintf(status, sizeof(status), "%d", i->status);
    json_t *known = json_object_get(responses, status);
    if (known) {
        const char *before = json_string_value(json_object_get(known, "description"));
        json_object_set_new(known, "description", json_sprintf("%s; %s", before, i->title[1]));
        return;
    }
    json_object_set_new(
        responses, status,
        json_pack("{s:s, s:o}", "description", i->title[1], "content", problem_content(r)));
}

/* What the gateway itself may answer for any route of this form. */
static void add_general(json_t *responses, const struct route *r)
{
    bool json = r->body == BODY_JSON;
    bool params = r->params || (r->flags & ROUTE_PAGED) || r->body == BODY_NONE;
    add_problem(responses, r, PROBLEM_BAD_REQUEST);
    if (json)
        add_problem(responses, r, PROBLEM_BAD_JSON);
    if (json || params)
        add_problem(responses, r, PROBLEM_INVALID);
    add_problem(responses, r, PROBLEM_TOKEN_BAD);
    if (!(r->who & ROLE_PUBLIC)) {
        add_problem(responses, r, PROBLEM_SIGN_IN);
        add_problem(responses, r, PROBLEM_FORBIDDEN);
        add_problem(responses, r, PROBLEM_LEVEL);
    }
    if (r->flags & ROUTE_ACTING)
        add_problem(responses, r, PROBLEM_NOT_ACTING);
    if (r->flags & ROUTE_KEYED)
        add_problem(responses, r, PROBLEM_KEY_MISSING);
    add_problem(responses, r, PROBLEM_TOO_LARGE);
    if (json || r->body == BODY_BYTES)
        add_problem(responses, r, PROBLEM_MEDIA_TYPE);
    add_problem(responses, r, PROBLEM_TOO_MANY);
    add_problem(responses, r, PROBLEM_HEADERS);
    add_problem(responses, r, PROBLEM_INTERNAL);
    add_problem(responses, r, PROBLEM_OVERLOADED);
    add_problem(responses, r, PROBLEM_DISK_FULL);
}

static void add_success(json_t *responses, const struct route *r)
{
    char status[8];
    snprintf(status, sizeof(status), "%d", r->reply_status ? r->reply_status : 200);
    json_t *answer = json_pack("{s:s}", "description", r->summary);
    if (r->reply_schema)
        json_object_set_new(answer, "content",
                            json_pack("{s:{s:o}}",
                                      r->reply_type ? r->reply_type : "application/json", "schema",
                                      ref(r->reply_schema)));
    else if (r->reply_type)
        json_object_set_new(answer, "content",
                            json_pack("{s:{s:{s:s}}}", r->reply_type, "schema", "type", "string"));
    if (r->also_type)
        json_object_set_new(json_object_get(answer, "content"), r->also_type,
                            json_pack("{s:{s:s}}", "schema", "type", "string"));
    json_object_set_new(responses, status, answer);
    if (r->flags & ROUTE_FILE) {
        json_t *part = json_deep_copy(answer);
        json_object_set_new(part, "description", json_string("The part that Range asked for"));
        json_object_set_new(responses, "206", part);
        add_problem(responses, r, PROBLEM_RANGE);
        add_problem(responses, r, PROBLEM_REVISED);
    }
    bool etag = r->method == GET;
    if (etag)
        json_object_set_new(responses, "304", json_pack("{s:s}", "description", "Not modified"));
}

static json_t *operation_of(const struct compiled_route *c)
{
    const struct route *r = c->route;
    json_t *responses = json_object();
    add_success(responses, r);
    for (size_t i = 0; r->problems && r->problems[i] != PROBLEM_NONE; i++)
        add_problem(responses, r, r->problems[i]);
    add_general(responses, r);
    json_t *op =
        json_pack("{s:s, s:s, s:[s], s:o, s:o}", "operationId", r->operation, "summary", r->summary,
                  "tags", r->tag, "parameters", params_of(c), "responses", responses);
    if (!(r->who & ROLE_PUBLIC))
        json_object_set_new(op, "security", json_pack("[{s:[]}]", "bearer"));
    if (r->body == BODY_JSON)
        json_object_set_new(op, "requestBody",
                            json_pack("{s:b, s:{s:{s:o}}}", "required", 1, "content",
                                      "application/json", "schema", ref(r->body_schema)));
    if (r->body == BODY_BYTES)
        json_object_set_new(op, "requestBody",
                            json_pack("{s:b, s:{s:{s:{s:s, s:s}}}}", "required", 0, "content",
                                      r->body_type ? r->body_type : "application/octet-stream",
                                      "schema", "type", "string", "format", "binary"));
    return op;
}

/* --- the document ----------------------------------------------------------------------------- */

static json_t *paths_of(const struct routes *r)
{
    json_t *paths = json_object();
    for (size_t i = 0; i < r->n; i++) {
        const struct route *row = r->items[i].route;
        if (row->flags & ROUTE_ADMIN)
            continue; /* only on the admin socket: tramctl is its manual */
        json_t *path = json_object_get(paths, row->path);
        if (!path) {
            path = json_object();
            json_object_set_new(paths, row->path, path);
        }
        char method[8] = {0};
        const char *name = method_name(row->method);
        for (size_t k = 0; name[k] && k < sizeof(method) - 1; k++)
            method[k] = (char)(name[k] - 'A' + 'a');
        json_object_set_new(path, method, operation_of(&r->items[i]));
    }
    return paths;
}

int openapi_build(const struct routes *r, const struct route_component *components, char **ret,
                  size_t *ret_n, const char **ret_words)
{
    struct arena *a = (struct arena *)&r->arena;
    json_t *schemas = json_object();
    size_t n = 0;
    const struct schema_builtin_text *texts = schema_builtin_texts(&n);
    int done = add_components(schemas, own, a, ret_words);
    for (size_t i = 0; done == 0 && i < n; i++) {
        struct route_component one[] = {{texts[i].name, texts[i].json}, {0}};
        done = add_components(schemas, one, a, ret_words);
    }
    if (done == 0)
        done = add_components(schemas, components, a, ret_words);
    if (done < 0) {
        json_decref(schemas);
        return done;
    }
    json_t *doc = json_pack(
        "{s:s, s:{s:s, s:s, s:s, s:{s:s}}, s:o, s:{s:o, s:{s:{s:s, s:s, s:s}}}}", "openapi",
        "3.1.0", "info", "title", "Trạm", "version", TRAM_VERSION, "description",
        "Mobile backend and citizen feedback gateway of a province.", "license", "name",
        "Apache-2.0", "paths", paths_of(r), "components", "schemas", schemas, "securitySchemes",
        "bearer", "type", "http", "scheme", "bearer", "bearerFormat", "JWT");
    char *text = doc ? json_dumps(doc, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(doc);
    if (!text)
        return E_NOMEM;
    *ret = text;
    *ret_n = strlen(text);
    return 0;
}
