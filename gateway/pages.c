/* The pages in memory: reading their folder, and which form of a file a browser gets. */
#include "gateway/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "gateway/header.h"
#include "gateway/server.h"

#define MANIFEST_MAX ((size_t)256 * 1024)
#define MARK_HEAD "<!--head-->"
#define MARK_BODY "<!--body-->"

enum form { FORM_PLAIN, FORM_GZIP, FORM_BROTLI, FORMS };
static const struct form_name {
    const char *suffix, *encoding;
} forms[FORMS] = {{"", NULL}, {".gz", "gzip"}, {".br", "br"}};

struct page_file {
    const char *path, *type, *etag[FORMS];
    struct buf bytes[FORMS]; /* a form that is not there has a NULL etag */
    bool keep;               /* its name changes with its bytes */
};

struct pages {
    struct arena arena;
    struct page_file *files;
    size_t n, bytes;
    const char *tiles, *policy, *head; /* head: what every page gets, HTML */
};

/* No script or style stands in a page, none comes from elsewhere, and words of a stranger could not
 * become a script if a page ever took them for HTML; no other site can frame it. */
static const char policy_format[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:%s; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
    "manifest-src 'self'; frame-src blob:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default";
static const char permissions[] =
    "publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(self), "
    "microphone=(), geolocation=(self), payment=(), usb=()";

/* --- reading ---------------------------------------------------------------------------------- */

static bool path_sound(const char *path)
{
    static const char taken[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
    return path && path[0] && path[0] != '/' && path[0] != '.' && !strstr(path, "/.") &&
           strlen(path) < 100 && strspn(path, taken) == strlen(path);
}

static int read_form(struct pages *p, const char *folder, struct page_file *f, enum form form,
                     const char *digest)
{
    const char *path = arena_printf(&p->arena, "%s/%s%s", folder, f->path, forms[form].suffix);
    buf_init(&f->bytes[form], PAGES_BYTES_MAX);
    int done = file_read(path, PAGES_BYTES_MAX - p->bytes, &f->bytes[form]);
    if (done < 0)
        return done;
    p->bytes += f->bytes[form].len;
    f->etag[form] = arena_printf(&p->arena, "\"%s%s\"", digest, forms[form].suffix);
    return 0;
}

static int read_one(struct pages *p, const char *folder, const json_t *row, struct buf *faults)
{
    const char *path = json_string_value(json_object_get(row, "path"));
    const char *type = json_string_value(json_object_get(row, "type"));
    const char *digest = json_string_value(json_object_get(row, "digest"));
    if (!path_sound(path) || !type || strlen(type) > 80 || !path_sound(digest)) {
        buf_add_str(faults, "pages.json has a row that is not sound");
        return E_CONFIG;
    }
    struct page_file *f = &p->files[p->n++];
    f->path = arena_strdup(&p->arena, path);
    f->type = arena_strdup(&p->arena, type);
    f->keep = json_is_true(json_object_get(row, "keep"));
    int done = read_form(p, folder, f, FORM_PLAIN, digest);
    if (done == 0 && json_is_true(json_object_get(row, "smaller")))
        done = read_form(p, folder, f, FORM_GZIP, digest);
    if (done == 0 && json_is_true(json_object_get(row, "smaller")))
        done = read_form(p, folder, f, FORM_BROTLI, digest);
    if (done < 0)
        buf_printf(faults, "%s cannot be read, or is too long", path);
    return done;
}

static int read_manifest(const char *folder, json_t **ret, struct buf *faults)
{
    CLEANUP(freep) char *path = NULL;
    CLEANUP(buf_release) struct buf text;
    struct json_fault fault;
    buf_init(&text, MANIFEST_MAX);
    if (asprintf(&path, "%s/pages.json", folder) < 0) {
        path = NULL;
        return E_NOMEM;
    }
    if (file_read(path, MANIFEST_MAX, &text) < 0 ||
        json_read(text.data, text.len, ret, &fault) != 0) {
        buf_add_str(faults, "there is no pages.json in it, or it is not sound");
        return E_CONFIG;
    }
    const char *version = json_string_value(json_object_get(*ret, "version"));
    if (version && strcmp(version, TRAM_VERSION) == 0)
        return 0;
    buf_add_str(faults, "they are of another version of the program: build or install them again");
    return E_CONFIG;
}

/* The origin of the tiles; "" if it is none that may stand in a policy. */
static const char *tiles_origin(struct pages *p, const char *tiles)
{
    size_t scheme = strncmp(tiles, "https://", 8) == 0  ? 8
                    : strncmp(tiles, "http://", 7) == 0 ? 7
                                                        : 0;
    size_t n = scheme + strcspn(tiles + scheme, "/");
    if (scheme == 0 || strcspn(tiles, " ;,'\"<>") != strlen(tiles))
        return "";
    return arena_printf(&p->arena, " %.*s", (int)n, tiles);
}

static int set_tiles(struct pages *p, const char *tiles, struct buf *faults)
{
    const char *origin = tiles_origin(p, tiles);
    if (tiles[0] && !origin[0]) {
        buf_add_str(faults, "http.tiles is not the address of tiles");
        return E_CONFIG;
    }
    p->policy = arena_printf(&p->arena, policy_format, origin);
    p->head =
        tiles[0] ? arena_printf(&p->arena, "<meta name=\"tiles\" content=\"%s\">", tiles) : "";
    return 0;
}

int pages_load(const char *folder, const char *tiles, struct buf *faults, struct pages **ret)
{
    CLEANUP(json_decrefp) json_t *manifest = NULL;
    int done = read_manifest(folder, &manifest, faults);
    if (done < 0)
        return done;
    const json_t *rows = json_object_get(manifest, "files");
    struct pages *p = calloc(1, sizeof(*p));
    if (!p)
        return E_NOMEM;
    arena_init(&p->arena);
    p->files = arena_array(&p->arena, json_array_size(rows), sizeof(*p->files));
    done = set_tiles(p, tiles, faults);
    for (size_t i = 0; done == 0 && i < json_array_size(rows); i++)
        done = read_one(p, folder, json_array_get(rows, i), faults);
    if (done < 0)
        pages_free(p);
    else
        *ret = p;
    return done;
}

void pages_free(struct pages *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n; i++) {
        for (int form = 0; form < FORMS; form++)
            buf_release(&p->files[i].bytes[form]);
    }
    arena_release(&p->arena);
    free(p);
}

/* --- answering -------------------------------------------------------------------------------- */

static const struct page_file *find(const struct pages *p, const char *path)
{
    for (size_t i = 0; p && i < p->n; i++) {
        if (strcmp(p->files[i].path, path) == 0)
            return &p->files[i];
    }
    return NULL;
}

/* What a document or a worker may do; to a script, a style or a picture it would mean nothing. */
static void guard_page(struct reply *reply, const struct pages *p)
{
    reply_header(reply, "content-security-policy", p->policy);
    reply_header(reply, "permissions-policy", permissions);
    reply_header(reply, "cross-origin-opener-policy", "same-origin");
    reply_header(reply, "cross-origin-resource-policy", "same-origin");
}

/* Adds the text up to a mark, and what stands in its place; the rest of the text. */
static const char *fill(struct buf *out, const char *text, const char *mark, const char *with)
{
    const char *at = strstr(text, mark);
    if (!at)
        return text;
    buf_add(out, text, (size_t)(at - text));
    buf_add_str(out, with ? with : "");
    return at + strlen(mark);
}

int reply_page(struct reply *reply, const struct request *req, const char *name, const char *head,
               const char *body)
{
    const struct pages *p = gateway_of_request(req)->pages;
    const struct page_file *f = find(p, name);
    if (!f)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, PAGES_BYTES_MAX);
    const char *rest = f->bytes[FORM_PLAIN].data ? f->bytes[FORM_PLAIN].data : "";
    rest = fill(&out, rest, MARK_HEAD, arena_printf(req->arena, "%s%s", p->head, head ? head : ""));
    buf_add_str(&out, fill(&out, rest, MARK_BODY, body));
    if (out.failed)
        return E_FULL;
    guard_page(reply, p);
    reply_header(reply, "cache-control", "no-cache");
    if (!head && !body)
        reply_header(reply, "etag", f->etag[FORM_PLAIN]);
    return reply_bytes(reply, 200, f->type, out.data, out.len);
}

static enum form choose_form(const struct page_file *f, const struct request *req)
{
    const char *accepted = request_header(req, "accept-encoding");
    for (int form = FORM_BROTLI; form > FORM_PLAIN; form--) {
        if (f->etag[form] && header_accepts(accepted, forms[form].encoding))
            return (enum form)form;
    }
    return FORM_PLAIN;
}

static int reply_asset(struct reply *reply, const struct request *req, const char *path)
{
    const struct pages *p = gateway_of_request(req)->pages;
    const struct page_file *f = find(p, path);
    if (!f)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    enum form form = choose_form(f, req);
    if (f->keep) /* its name is in a page, which says what is for it */
        reply_header(reply, "cross-origin-resource-policy", "same-origin");
    else
        guard_page(reply, p);
    reply_header(reply, "cache-control",
                 f->keep ? "public, max-age=31536000, immutable" : "no-cache");
    reply_header(reply, "etag", f->etag[form]);
    if (f->etag[FORM_GZIP])
        reply_header(reply, "vary", "accept-encoding");
    if (form != FORM_PLAIN)
        reply_header(reply, "content-encoding", forms[form].encoding);
    const struct buf *bytes = &f->bytes[form];
    return reply_bytes(reply, 200, f->type, bytes->data ? bytes->data : "", bytes->len);
}

static int app(struct request *req, struct reply *reply)
{
    return reply_page(reply, req, "app.html", NULL, NULL);
}

static int desk(struct request *req, struct reply *reply)
{
    return reply_page(reply, req, "desk.html", NULL, NULL);
}

static int asset(struct request *req, struct reply *reply)
{
    return reply_asset(reply, req,
                       arena_printf(req->arena, "assets/%s", request_param(req, "file")));
}

/* A script that serves all of the app's pages stands at the root of them. */
static int root_file(struct request *req, struct reply *reply)
{
    return reply_asset(reply, req, req->path + 1);
}

static const enum problem not_found[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

#define PAGE(at, name, words, fn, kind, shape)                                                     \
    {                                                                                              \
        .method = GET, .path = (at), .operation = (name), .summary = (words), .tag = "service",    \
        .run = (fn), .who = ROLE_ANYONE, .reply_type = (kind), .reply_schema = (shape),            \
        .problems = not_found, .rate = RATE_READ, .flags = ROUTE_LENIENT                           \
    }
#define HTML(at, name, words, fn) PAGE(at, name, words, fn, "text/html", NULL)

const struct route page_routes[] = {
    HTML("/", "app", "The citizens' app, a page", app),
    HTML("/app", "appRoot", "The same", app),
    HTML("/app/{page}", "appPage", "A page of it", app),
    HTML("/app/{page}/{item}", "appItem", "A page of one thing", app),
    HTML("/app/{page}/{item}/{part}", "appPart", "A page of a part of it", app),
    PAGE("/sw.js", "appWorker", "Its service worker", root_file, "text/javascript", NULL),
    PAGE("/app.webmanifest", "appManifest", "How it is installed (W3C Web App Manifest)", root_file,
         "application/manifest+json", "Anything"),
    HTML("/desk", "desk", "The desk of officials, a page", desk),
    HTML("/desk/{page}", "deskPage", "A page of it", desk),
    HTML("/desk/{page}/{item}", "deskItem", "A page of one thing", desk),
    PAGE("/assets/{file}", "asset", "A script, style sheet or picture of the pages", asset, "*/*",
         NULL),
    {0},
};
