/* What other services need to check our access tokens by themselves: the keys, and who we are. */
#include "base/result.h"
#include "handlers/app.h"

#define FRESH_MOST_S 300 /* how long anybody may keep the key set */

/* Kept for so short a time that a new key is seen long before it signs. */
static const char *freshness(const struct request *req)
{
    int64_t fresh_s = app_of(req)->key_overlap_ms / 4000;
    if (fresh_s > FRESH_MOST_S)
        fresh_s = FRESH_MOST_S;
    return arena_printf(req->arena, "public, max-age=%lld", (long long)fresh_s);
}

static int key_set_get(struct request *req, struct reply *reply)
{
    CLEANUP(json_decrefp) json_t *set = NULL;
    int done = token_key_set(app_of(req)->keys, req->now_ms, &set);
    if (done != 0)
        return done;
    CLEANUP(freep) char *text = json_dumps(set, JSON_COMPACT);
    if (!text)
        return E_NOMEM;
    reply_header(reply, "cache-control", freshness(req));
    return reply_bytes(reply, 200, "application/jwk-set+json", text, strlen(text));
}

/* RFC 8414 §2, as far as it is true of us: no client authorizes anybody here, so that there is no
 * authorization endpoint, no response type and no grant that other software could use. */
static int server_get(struct request *req, struct reply *reply)
{
    const char *issuer = app_of(req)->sessions.parties.issuer;
    reply_header(reply, "cache-control", freshness(req));
    return reply_json(
        reply, 200,
        json_pack("{s:s, s:s, s:s, s:[], s:[], s:[s], s:[ss]}", "issuer", issuer, "jwks_uri",
                  arena_printf(req->arena, "%s/.well-known/jwks.json", issuer),
                  "service_documentation", arena_printf(req->arena, "%s/docs", issuer),
                  "response_types_supported", "grant_types_supported",
                  "token_endpoint_auth_methods_supported", "none", "ui_locales_supported", "vi",
                  "en"));
}

const struct route well_known_routes[] = {
    {.method = GET,
     .path = "/.well-known/jwks.json",
     .operation = "keySet",
     .summary = "The public keys of access tokens (RFC 7517): kept a few minutes, asked for again "
                "when a token names another kid",
     .tag = "identity",
     .run = key_set_get,
     .who = ROLE_ANYONE,
     .reply_schema = "KeySet",
     .reply_type = "application/jwk-set+json",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/.well-known/oauth-authorization-server",
     .operation = "authorizationServer",
     .summary = "Who issues the access tokens, and where their keys are (RFC 8414)",
     .tag = "identity",
     .run = server_get,
     .who = ROLE_ANYONE,
     .reply_schema = "AuthorizationServer",
     .rate = RATE_READ},
    {0},
};
