/* From bytes to what a handler may rely on: parameters and JSON, held against their schemas. */
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "gateway/private.h"
#include "schemas/normalise.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Printable ASCII is as it should be. */
static bool is_plain(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] < ' ' || text[i] > '~')
            return false;
    }
    return true;
}

char *decode_percent(const char *text, size_t n, bool plus, struct arena *a)
{
    char *out = arena_alloc(a, n + 1);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= n)
                return NULL;
            int high = hex(text[i + 1]), low = hex(text[i + 2]);
            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[at++] = c;
    }
    if (is_plain(out, at))
        return out;
    return text_valid(out, at) ? text_nfc(a, out, at) : NULL;
}

bool decode_query(const char *text, size_t n, struct arena *a, struct request_pair **ret,
                  size_t *ret_n)
{
    struct request_pair *pairs = arena_array(a, QUERY_PAIRS_MAX, sizeof(*pairs));
    *ret = pairs;
    *ret_n = 0;
    const char *end = text + n;
    while (text < end) {
        const char *amp = memchr(text, '&', (size_t)(end - text));
        const char *stop = amp ? amp : end;
        const char *equals = memchr(text, '=', (size_t)(stop - text));
        const char *name_end = equals ? equals : stop;
        if (stop > text) {
            if (*ret_n == QUERY_PAIRS_MAX)
                return false;
            char *name = decode_percent(text, (size_t)(name_end - text), true, a);
            char *value = equals ? decode_percent(equals + 1, (size_t)(stop - equals - 1), true, a)
                                 : arena_strdup(a, "");
            if (!name || !value)
                return false;
            pairs[(*ret_n)++] = (struct request_pair){name, value};
        }
        text = stop + 1;
    }
    return true;
}

/* --- parameters ------------------------------------------------------------------------------- */

/* A text as its schema expects it: digits as a number, everything else as a string. */
static json_t *param_value(const struct compiled_param *p, const char *text)
{
    if (p->number) {
        json_t *number = NULL;
        struct json_fault fault;
        if (json_read(text, strlen(text), &number, &fault) == 0) {
            if (json_is_number(number))
                return number;
            json_decref(number);
        }
    }
    return json_string(text);
}

/* JSON Pointer (RFC 6901 §3) to a member of this name. */
static const char *pointer_to(struct arena *a, const char *name)
{
    char *pointer = arena_alloc(a, 2 * strlen(name) + 2), *at = pointer;
    *at++ = '/';
    for (; *name; name++) {
        if (*name == '~' || *name == '/') {
            *at++ = '~';
            *at++ = *name == '~' ? '0' : '1';
        } else {
            *at++ = *name;
        }
    }
    return pointer;
}

static void check_param(const struct compiled_param *p, const char *text, struct request *req,
                        struct reply *reply)
{
    if (!text_valid(text, strlen(text))) { /* a header: the query was decoded strictly */
        reply_invalid(reply, pointer_to(req->arena, p->param->name), "Không phải văn bản UTF-8",
                      "Not UTF-8 text");
        return;
    }
    json_t *value = param_value(p, text);
    struct schema_violations v;
    if (schema_check(p->schema, value, req->arena, NULL, &v) == SCHEMA_VIOLATED && v.n > 0)
        reply_invalid(reply, pointer_to(req->arena, p->param->name), v.items[0].vi, v.items[0].en);
    json_decref(value);
}

static bool known_param(const struct compiled_route *route, const char *name)
{
    for (size_t i = 0; i < route->n_params; i++) {
        if (!route->params[i].header && strcmp(route->params[i].param->name, name) == 0)
            return true;
    }
    return (route->route->flags & ROUTE_PAGED) &&
           (strcmp(name, "limit") == 0 || strcmp(name, "cursor") == 0);
}

static void check_limit(const struct request *req, struct reply *reply)
{
    const char *text = request_query(req, "limit");
    long rows = 0;
    if (!text)
        return;
    for (const char *p = text; *p >= '0' && *p <= '9' && rows <= PAGE_ROWS_MAX; p++)
        rows = rows * 10 + (*p - '0');
    if (strspn(text, "0123456789") != strlen(text) || rows < 1 || rows > PAGE_ROWS_MAX)
        reply_invalid(reply, "/limit",
                      arena_printf(req->arena, "Phải là số nguyên từ 1 đến %d", PAGE_ROWS_MAX),
                      arena_printf(req->arena, "Must be an integer from 1 to %d", PAGE_ROWS_MAX));
}

static void check_params(const struct compiled_route *route, struct request *req,
                         struct reply *reply)
{
    for (size_t i = 0; i < req->n_query; i++) {
        const char *pointer = pointer_to(req->arena, req->query[i].name);
        if (!(route->route->flags & ROUTE_LENIENT) && !known_param(route, req->query[i].name))
            reply_invalid(reply, pointer, "Tham số không có ở địa chỉ này",
                          "There is no such parameter here");
        for (size_t j = 0; j < i; j++) {
            if (strcmp(req->query[j].name, req->query[i].name) == 0)
                reply_invalid(reply, pointer, "Tham số được gửi hai lần",
                              "The parameter is given twice");
        }
    }
    for (size_t i = 0; i < route->n_params; i++) {
        const struct compiled_param *p = &route->params[i];
        const char *text =
            p->header ? request_header(req, p->lower) : request_query(req, p->param->name);
        if (text)
            check_param(p, text, req, reply);
    }
    if (route->route->flags & ROUTE_PAGED)
        check_limit(req, reply);
}

/* --- bodies ----------------------------------------------------------------------------------- */

static void decref_later(void *json)
{
    json_decref(json);
}

static bool read_json(struct request *req, struct reply *reply)
{
    struct json_fault fault;
    int done = json_read((const char *)req->bytes, req->n_bytes, &req->json, &fault);
    if (done != 0) {
        if (done < 0)
            reply_settle(reply, done);
        else
            reply_problemf(reply, PROBLEM_BAD_JSON,
                           req->language == LANGUAGE_EN ? "Byte %zu: %s" : "Byte thứ %zu: %s",
                           fault.offset, fault.said[req->language == LANGUAGE_EN]);
        return false;
    }
    arena_defer(req->arena, decref_later, req->json);
    const char *pointer = "";
    if (schema_normalise(req->arena, req->json, &pointer) != 0) {
        reply_invalid(reply, pointer, "Văn bản có ký tự không hợp lệ",
                      "The text has invalid characters");
        return false;
    }
    return true;
}

static void check_body(const struct schema *schema, struct request *req, struct reply *reply)
{
    struct schema_violations v;
    int done = schema_check(schema, req->json, req->arena, NULL, &v);
    if (done == SCHEMA_TOO_COSTLY)
        reply_invalid(reply, "", "Nội dung quá phức tạp", "The body is too complex");
    for (size_t i = 0; done == SCHEMA_VIOLATED && i < v.n; i++)
        reply_invalid(reply, v.items[i].pointer, v.items[i].vi, v.items[i].en);
    if (done < 0)
        reply_settle(reply, done);
}

/* A form as an object of strings; the schema says which fields there are. */
static bool read_form(struct request *req, struct reply *reply)
{
    struct request_pair *pairs = NULL;
    size_t n = 0;
    if (!decode_query((const char *)req->bytes, req->n_bytes, req->arena, &pairs, &n)) {
        reply_problem(reply, PROBLEM_BAD_REQUEST, NULL);
        return false;
    }
    req->json = json_object();
    arena_defer(req->arena, decref_later, req->json);
    for (size_t i = 0; i < n; i++) {
        if (json_object_get(req->json, pairs[i].name))
            reply_invalid(reply, pointer_to(req->arena, pairs[i].name), "Trường được gửi hai lần",
                          "The field is given twice");
        else
            json_object_set_new(req->json, pairs[i].name, json_string(pairs[i].value));
    }
    return !reply_is_problem(reply);
}

bool decode_request(const struct compiled_route *route, struct request *req, struct reply *reply)
{
    check_params(route, req, reply);
    if (reply_is_problem(reply))
        return false;
    enum body_kind kind = route->route->body;
    if (kind == BODY_JSON && !read_json(req, reply))
        return false;
    if (kind == BODY_FORM && !read_form(req, reply))
        return false;
    if (req->json && route->body)
        check_body(route->body, req, reply);
    return !reply_is_problem(reply);
}
