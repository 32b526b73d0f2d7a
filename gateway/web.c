/* Pages for people. No script or style of a page stands in it, none comes from elsewhere. */
#include "gateway/web.h"

#include <stdio.h>
#include <string.h>

#include "gateway/private.h"

/* Strict enough that words of a stranger could not become a script if a page ever showed them as
 * HTML; and no other site can frame it. */
static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";
static const char permissions[] = "publickey-credentials-get=(self), "
                                  "publickey-credentials-create=(self), camera=(), microphone=(), "
                                  "geolocation=(), payment=(), usb=()";

static int reply_page(struct reply *reply, const char *path, const char *name)
{
    for (const struct web_file *f = web_files; f->path; f++) {
        size_t n = strlen(path);
        if (strncmp(f->path, path, n) != 0 || strcmp(f->path + n, name) != 0)
            continue;
        reply_header(reply, "content-security-policy", policy);
        reply_header(reply, "permissions-policy", permissions);
        reply_header(reply, "cross-origin-opener-policy", "same-origin");
        reply_header(reply, "cross-origin-resource-policy", "same-origin");
        reply_header(reply, "cache-control", "no-cache");
        reply_header(reply, "etag", f->etag);
        return reply_bytes(reply, 200, f->type, f->bytes, f->n);
    }
    return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
}

static int desk(struct request *req, struct reply *reply)
{
    (void)req;
    return reply_page(reply, "desk/", "index.html");
}

static int desk_style(struct request *req, struct reply *reply)
{
    (void)req;
    return reply_page(reply, "desk/", "desk.css");
}

static int desk_module(struct request *req, struct reply *reply)
{
    const char *name = request_param(req, "module");
    size_t n = strlen(name);
    if (n < 5 || strcmp(name + n - 4, ".mjs") != 0)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return reply_page(reply, "desk/", name);
}

static const enum problem not_found[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

const struct route web_routes[] = {
    {.method = GET,
     .path = "/desk",
     .operation = "desk",
     .summary = "The desk of officials, a page",
     .tag = "service",
     .run = desk,
     .who = ROLE_ANYONE,
     .reply_type = "text/html",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/desk/desk.css",
     .operation = "deskStyle",
     .summary = "Its style sheet",
     .tag = "service",
     .run = desk_style,
     .who = ROLE_ANYONE,
     .reply_type = "text/css",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/desk/{module}",
     .operation = "deskModule",
     .summary = "A script of it",
     .tag = "service",
     .run = desk_module,
     .who = ROLE_ANYONE,
     .reply_type = "text/javascript",
     .problems = not_found,
     .rate = RATE_READ},
    {0},
};
