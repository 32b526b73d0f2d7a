/*
 * The refresh token of a browser. A page asks for its tokens with "Tram-Session: app" (or desk):
 * the refresh token is then no member of the reply but a cookie (RFC 6265bis) that no script can
 * read, HttpOnly and SameSite=Strict, sent to /v1/auth alone. The access token is in the page's
 * memory. So a script that does not belong there finds nothing that outlives the page.
 * A desk's computer is shared: its cookie ends when the browser is closed.
 *
 * A cookie is sent by the browser, whoever made it ask. It is heeded only together with the header,
 * which no form and no other origin's page can send without a preflight that is not granted; every
 * other route knows the bearer token alone.
 */
#pragma once

#include "gateway/reply.h"
#include "gateway/request.h"
#include "gateway/route.h"

/* The header, for the routes that give or take tokens. */
extern const struct route_param auth_session_params[];

/* Whether the tokens of this request are a browser's. */
bool auth_is_browser(const struct request *req);
/* The refresh token of the body, or else that of the cookie; NULL if there is neither. */
const char *auth_refresh_token(const struct request *req);
/* Moves the refresh token of a reply's tokens into the cookie, if they are a browser's. */
void auth_cookie_keep(const struct request *req, struct reply *reply, json_t *tokens);
void auth_cookie_forget(const struct request *req, struct reply *reply);
