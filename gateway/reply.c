/* What handlers fill, and how a problem looks (RFC 9457). */
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/json.h"
#include "gateway/private.h"

void reply_init(struct reply *r, const struct request *req, struct arena *a)
{
    *r = (struct reply){.request = req, .arena = a};
}

void reply_release(struct reply *r)
{
    json_decref(r->errors);
    json_decref(r->extra);
    r->errors = r->extra = NULL;
    if (r->kind == REPLY_FILE && r->file.free_ctx)
        r->file.free_ctx(r->file.ctx);
    if (r->kind == REPLY_SSE && r->sse.free_ctx)
        r->sse.free_ctx(r->sse.ctx);
    r->kind = REPLY_NONE;
}

/* --- bodies ----------------------------------------------------------------------------------- */

int reply_bytes(struct reply *r, int status, const char *content_type, const void *bytes, size_t n)
{
    r->kind = REPLY_BODY;
    r->status = status;
    r->content_type = content_type;
    r->body = arena_dup(r->arena, bytes, n);
    r->n_body = n;
    return 0;
}

int reply_json_text(struct reply *r, int status, const char *text, size_t n)
{
    return reply_bytes(r, status, "application/json", text, n);
}

int reply_json(struct reply *r, int status, json_t *body)
{
    if (!body)
        return E_NOMEM;
    size_t n = 0;
    char *text = json_canonical(r->arena, body, &n);
    json_decref(body);
    if (!text)
        return E_NOMEM;
    r->kind = REPLY_BODY;
    r->status = status;
    r->content_type = "application/json";
    r->body = text;
    r->n_body = n;
    return 0;
}

int reply_empty(struct reply *r, int status)
{
    return reply_bytes(r, status, NULL, "", 0);
}

int reply_file(struct reply *r, const struct reply_file *file)
{
    r->kind = REPLY_FILE;
    r->status = 200;
    r->file = *file;
    return 0;
}

int reply_sse(struct reply *r, const struct reply_sse *sse)
{
    r->kind = REPLY_SSE;
    r->status = 200;
    r->sse = *sse;
    return 0;
}

/* --- headers ---------------------------------------------------------------------------------- */

void reply_header_kept(struct reply *r, const char *name, const char *value)
{
    if (r->n_headers < REPLY_HEADERS_MAX && value)
        r->headers[r->n_headers++] = (struct request_pair){name, value};
}

void reply_header(struct reply *r, const char *name, const char *value)
{
    reply_header_kept(r, name, arena_strdup(r->arena, value));
}

const char *reply_find_header(const struct reply *r, const char *name)
{
    for (size_t i = 0; i < r->n_headers; i++) {
        if (strcmp(r->headers[i].name, name) == 0)
            return r->headers[i].value;
    }
    return NULL;
}

void reply_etag(struct reply *r, int64_t revision)
{
    reply_header(r, "etag", arena_printf(r->arena, "\"%lld\"", (long long)revision));
}

void reply_next(struct reply *r, const struct request *req, const char *cursor)
{
    struct buf link;
    buf_init(&link, 8192);
    buf_add_char(&link, '<');
    buf_add_encoded(&link, req->path, "/%");
    buf_add_char(&link, '?');
    for (size_t i = 0; i < req->n_query; i++) {
        if (strcmp(req->query[i].name, "cursor") == 0)
            continue;
        buf_add_encoded(&link, req->query[i].name, "");
        buf_add_char(&link, '=');
        buf_add_encoded(&link, req->query[i].value, "");
        buf_add_char(&link, '&');
    }
    buf_printf(&link, "cursor=%s>; rel=\"next\"", cursor);
    if (!link.failed)
        reply_header(r, "link", link.data);
    buf_release(&link);
}

/* --- problems --------------------------------------------------------------------------------- */

int reply_problem(struct reply *r, enum problem p, const char *detail)
{
    r->kind = REPLY_PROBLEM;
    r->problem = p;
    r->status = problem_info(p)->status;
    r->detail = detail ? arena_strdup(r->arena, detail) : NULL;
    return 0;
}

int reply_problem_words(struct reply *r, enum problem p, const char *const words[2])
{
    return reply_problem(r, p, words ? words[r->request->language] : NULL);
}

int reply_problemf(struct reply *r, enum problem p, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *detail = arena_vprintf(r->arena, fmt, ap);
    va_end(ap);
    return reply_problem(r, p, detail);
}

int reply_invalid(struct reply *r, const char *pointer, const char *vi, const char *en)
{
    if (r->kind != REPLY_PROBLEM)
        reply_problem(r, PROBLEM_INVALID, NULL);
    if (!r->errors)
        r->errors = json_array();
    if (json_array_size(r->errors) < REPLY_ERRORS_MAX)
        json_array_append_new(r->errors, json_pack("{s:s, s:s}", "pointer", pointer, "detail",
                                                   r->request->language == LANGUAGE_EN ? en : vi));
    return 0;
}

void reply_extra(struct reply *r, const char *name, json_t *value)
{
    if (!r->extra)
        r->extra = json_object();
    json_object_set_new(r->extra, name, value);
}

bool reply_is_problem(const struct reply *r)
{
    return r->kind == REPLY_PROBLEM;
}

static enum problem problem_of_failure(int failure)
{
    switch (failure) {
    case E_BUSY:
    case E_UNAVAILABLE:
    case E_TIMEOUT:
        return PROBLEM_OVERLOADED;
    case E_UNKNOWN:
        return PROBLEM_UNKNOWN_OUTCOME;
    case E_FULL:
        return PROBLEM_DISK_FULL;
    default:
        return PROBLEM_INTERNAL;
    }
}

void reply_settle(struct reply *r, int result)
{
    if (result < 0) {
        if (r->kind == REPLY_FILE || r->kind == REPLY_SSE)
            reply_release(r);
        json_decref(r->errors);
        json_decref(r->extra);
        r->errors = r->extra = NULL;
        reply_problem(r, problem_of_failure(result), NULL);
    } else if (r->kind == REPLY_NONE) {
        reply_problem(r, PROBLEM_INTERNAL, NULL);
    }
}

/* Who opens an address gets a page; what a page or an app asks for does not name HTML. */
static bool wants_page(const struct request *req)
{
    const char *accept = request_header(req, "accept");
    return req->method && strcmp(req->method, "GET") == 0 && accept && strstr(accept, "text/html");
}

static void render_page(struct reply *r, const struct problem_info *info, const char *title)
{
    const struct request *req = r->request;
    bool en = req->language == LANGUAGE_EN;
    bool desk = req->path && strncmp(req->path, "/desk", 5) == 0;
    struct buf out;
    buf_init(&out, 64 * 1024);
    buf_printf(&out,
               "<!doctype html>\n<html lang=\"%s\"><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width\">"
               "<link rel=\"stylesheet\" href=\"/docs.css\"><title>",
               en ? "en" : "vi");
    buf_add_html(&out, title);
    buf_add_str(&out, "</title><main><h1>");
    buf_add_html(&out, title);
    buf_add_str(&out, "</h1>");
    for (size_t i = 0; i <= json_array_size(r->errors); i++) {
        const json_t *error = i > 0 ? json_array_get(r->errors, i - 1) : NULL;
        const char *words = error ? json_string_value(json_object_get(error, "detail")) : r->detail;
        buf_add_str(&out, words ? "<p>" : "");
        buf_add_html(&out, words);
    }
    buf_printf(&out, "<p><a href=\"%s\">%s</a><p class=\"w\">%d</main></html>\n",
               desk ? "/desk" : "/", en ? "To the first page" : "Về trang đầu", info->status);
    r->body = out.failed ? "" : arena_dup(r->arena, out.data, out.len);
    r->n_body = out.failed ? 0 : out.len;
    r->content_type = "text/html; charset=utf-8";
    buf_release(&out);
    reply_header(r, "content-security-policy",
                 "default-src 'none'; style-src 'self'; frame-ancestors 'none'");
}

static void render_json(struct reply *r, const struct problem_info *info, const char *title)
{
    json_t *body = r->extra ? json_incref(r->extra) : json_object();
    json_object_set_new(body, "type", json_sprintf("/problems/%s", info->slug));
    json_object_set_new(body, "title", json_string(title));
    json_object_set_new(body, "status", json_integer(info->status));
    if (r->detail)
        json_object_set_new(body, "detail", json_string(r->detail));
    if (r->errors)
        json_object_set(body, "errors", r->errors);
    r->body = json_canonical(r->arena, body, &r->n_body);
    r->content_type = "application/problem+json";
    json_decref(body);
}

/* As tus clients expect it, who show it as it is: the version, and a line for all that is wrong. */
static void render_tus(struct reply *r, const char *title)
{
    struct buf out;
    buf_init(&out, 4096);
    buf_add_str(&out, r->detail ? r->detail : title);
    for (size_t i = 0; i < json_array_size(r->errors); i++) {
        const json_t *error = json_array_get(r->errors, i);
        const char *pointer = json_string_value(json_object_get(error, "pointer"));
        buf_printf(&out, "%s%s: %s", i > 0 ? "; " : ": ", pointer + strspn(pointer, "/"),
                   json_string_value(json_object_get(error, "detail")));
    }
    r->body = out.failed ? "" : arena_dup(r->arena, out.data, out.len);
    r->n_body = out.failed ? 0 : out.len;
    r->content_type = "text/plain; charset=utf-8";
    buf_release(&out);
    if (!reply_find_header(r, "tus-resumable"))
        reply_header(r, "tus-resumable", "1.0.0");
}

void reply_render(struct reply *r)
{
    if (r->kind != REPLY_PROBLEM)
        return;
    const struct problem_info *info = problem_info(r->problem);
    const char *title = info->title[r->request->language];
    if (info->status == 503 && !reply_find_header(r, "retry-after"))
        reply_header(r, "retry-after", "2");
    if (info->status == 401)
        reply_header(r, "www-authenticate", "Bearer");
    const struct route *route = r->request->route;
    r->kind = REPLY_BODY;
    if (route && route->errors == ERRORS_TUS)
        render_tus(r, title);
    else if (wants_page(r->request))
        render_page(r, info, title);
    else
        render_json(r, info, title);
}

/* --- compression ------------------------------------------------------------------------------ */

bool reply_compressible(const struct reply *r)
{
    const char *type = r->content_type ? r->content_type : "";
    bool text = strncmp(type, "text/", 5) == 0 || strstr(type, "json") || strstr(type, "svg") ||
                strstr(type, "javascript");
    return text && r->n_body >= GZIP_LEAST && !reply_find_header(r, "content-encoding");
}

/* The window and its tables as small as the body allows: clearing large ones costs more than it. */
static int begin_gzip(z_stream *z, size_t n)
{
    int window = 9; /* the least that zlib has: 512 bytes */
    while (window < MAX_WBITS && n > (size_t)1 << window)
        window++;
    int memory = window - 6 < 8 ? window - 6 : 8;
    return deflateInit2(z, 1, Z_DEFLATED, window + 16, memory, Z_DEFAULT_STRATEGY);
}

char *reply_gzip(struct arena *a, const char *body, size_t n, size_t *ret_n)
{
    z_stream z = {0};
    if (begin_gzip(&z, n) != Z_OK)
        return NULL;
    char *out = arena_alloc(a, n);
    z.next_in = (Bytef *)(uintptr_t)body;
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)n;
    bool smaller = deflate(&z, Z_FINISH) == Z_STREAM_END;
    *ret_n = z.total_out;
    deflateEnd(&z);
    return smaller ? out : NULL;
}
