/* Refresh tokens in cookies. */
#include "handlers/identity/auth_cookie.h"

#include <string.h>

#include "base/arena.h"

#define COOKIE_MAX 400 /* bytes of a refresh token that are looked at */

const struct route_param auth_session_params[] = {
    {"Tram-Session", "{\"enum\":[\"app\",\"desk\"]}",
     "A browser's: the refresh token is a cookie, and no member of the reply"},
    {0},
};

bool auth_is_browser(const struct request *req)
{
    return request_header(req, "tram-session") != NULL;
}

/* In the clear there is only a demonstration, on the loopback. */
static const char *cookie_name(const struct request *req)
{
    return arena_printf(req->arena, "%stram-%s", req->secure ? "__Secure-" : "",
                        request_header(req, "tram-session"));
}

static const char *cookie_value(const struct request *req, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < req->n_headers; i++) {
        if (strcmp(req->headers[i].name, "cookie") != 0) /* HTTP/2 may split it */
            continue;
        for (const char *at = req->headers[i].value; *at;) {
            at += strspn(at, " ;");
            size_t length = strcspn(at, ";");
            if (length > n && length < n + COOKIE_MAX && strncmp(at, name, n) == 0 && at[n] == '=')
                return arena_strndup(req->arena, at + n + 1, length - n - 1);
            at += length;
        }
    }
    return NULL;
}

const char *auth_refresh_token(const struct request *req)
{
    const char *said = json_string_value(json_object_get(req->json, "refresh_token"));
    return said || !auth_is_browser(req) ? said : cookie_value(req, cookie_name(req));
}

/* age: "; Max-Age=…", or nothing: then the browser forgets it when it is closed. */
static void set_cookie(const struct request *req, struct reply *reply, const char *value,
                       const char *age)
{
    reply_header(reply, "set-cookie",
                 arena_printf(req->arena, "%s=%s; Path=/v1/auth%s; HttpOnly; SameSite=Strict%s",
                              cookie_name(req), value, age, req->secure ? "; Secure" : ""));
}

void auth_cookie_keep(const struct request *req, struct reply *reply, json_t *tokens)
{
    const char *token = json_string_value(json_object_get(tokens, "refresh_token"));
    if (!token || !auth_is_browser(req))
        return;
    long long seconds = json_integer_value(json_object_get(tokens, "refresh_expires_in"));
    bool shared = strcmp(request_header(req, "tram-session"), "desk") == 0;
    set_cookie(req, reply, token,
               shared ? "" : arena_printf(req->arena, "; Max-Age=%lld", seconds));
    json_object_del(tokens, "refresh_token");
}

void auth_cookie_forget(const struct request *req, struct reply *reply)
{
    set_cookie(req, reply, "", "; Max-Age=0");
}
