#include <stdlib.h>
#include <string.h>

#include "base/net/http_policy.h"
#include "base/result.h"
#include "domain/eid/eid.h"

const struct config_key eid_config[] = {
    {"eid.issuer", CONFIG_TEXT, "", 0, 500,
     "Issuer of the e-ID provider, exactly as it names itself; empty: no sign-in by e-ID."},
    {"eid.authorization_url", CONFIG_TEXT, "", 0, 1000,
     "Authorization endpoint; empty: all endpoints come from the issuer's discovery document."},
    {"eid.token_url", CONFIG_TEXT, "", 0, 1000, "Token endpoint, where there is no discovery."},
    {"eid.keys_url", CONFIG_TEXT, "", 0, 1000, "Key set (JWKS), where there is no discovery."},
    {"eid.userinfo_url", CONFIG_TEXT, "", 0, 1000,
     "UserInfo endpoint, where there is no discovery."},
    {"eid.client_id", CONFIG_TEXT, "", 0, 200, "What the provider calls this program."},
    {"eid.client_auth", CONFIG_TEXT, "client_secret_basic", 1, 40,
     "How this program proves itself: client_secret_basic or private_key_jwt."},
    {"eid.client.secret_file", CONFIG_SECRET_FILE, "", 0, 0,
     "File with the client's secret, or its private key in PEM."},
    {"eid.client_kid", CONFIG_TEXT, "", 0, 200, "The kid of the private key, if it has one."},
    {"eid.algorithm", CONFIG_TEXT, "RS256", 1, 10,
     "The one algorithm of ID tokens, and of the private key: RS256 or ES256."},
    {"eid.scope", CONFIG_TEXT, "openid", 6, 300, "Scopes that are asked for."},
    {"eid.acr", CONFIG_TEXT, "", 0, 200, "acr_values that are asked for; empty: none."},
    {"eid.callback", CONFIG_TEXT, "", 0, 500,
     "https address of /v1/auth/eid/callback as registered with the provider; empty: the app's own "
     "link is registered."},
    {"eid.redirects", CONFIG_LIST, "", 0, EID_REDIRECTS_MAX,
     "https links that apps claim (RFC 8252), exact; an app names one of them."},
    {"eid.response_iss", CONFIG_BOOL, "true", 0, 0,
     "Refuse a response without iss (RFC 9207) also where the provider does not promise it."},
    {"eid.userinfo", CONFIG_BOOL, "false", 0, 0,
     "Ask the UserInfo endpoint for the claims that the ID token lacks."},
    {"eid.skew", CONFIG_DURATION, "30s", 0, 300000, "By how much the provider's clock may differ."},
    {"eid.timeout", CONFIG_DURATION, "8s", 100, 30000,
     "How long one call to the provider may take."},
    {"eid.keys_life", CONFIG_DURATION, "1h", 1000, 86400000,
     "Discovery document and key set are fetched again after so long."},
    {"eid.keys_pause", CONFIG_DURATION, "30s", 0, 600000,
     "An unknown kid makes the key set be fetched again, but not more often than this."},
    {"eid.http", CONFIG_BOOL, "false", 0, 0, "Also http, on the loopback; demonstrations only."},
    {"eid.allow", CONFIG_LIST, "", 0, 16,
     "Networks that the provider may be in besides public ones."},
    {"eid.ports", CONFIG_LIST, "443", 0, HTTP_PORTS_MAX, "Ports of the provider."},
    {"eid.ca_file", CONFIG_TEXT, "", 0, 1000,
     "PEM of the authorities that the provider is trusted by; empty: the system's."},
    {"eid.claim.card", CONFIG_TEXT, "", 0, 200,
     "Claim with the card number; a name, or a JSON Pointer. No two providers call it alike."},
    {"eid.claim.name", CONFIG_TEXT, "name", 0, 200, "Claim with the full name; empty: not taken."},
    {"eid.claim.birth", CONFIG_TEXT, "birthdate", 0, 200,
     "Claim with the date of birth (1990-05-17, 17/05/1990, 19900517 or 1990); empty: not taken."},
    {"eid.claim.phone", CONFIG_TEXT, "", 0, 200,
     "Claim with a phone number, by which the person may be reached; empty: not taken."},
    {"eid.claim.level", CONFIG_TEXT, "acr", 0, 200,
     "Claim with the level of identification; empty: every sign-in has eid.level.otherwise."},
    {"eid.level.one", CONFIG_LIST, "", 0, 16, "Values of that claim that are level 1."},
    {"eid.level.two", CONFIG_LIST, "", 0, 16, "Values of that claim that are level 2."},
    {"eid.level.otherwise", CONFIG_INT, "1", 0, 2,
     "Level of every other value, or of none; 0: refused."},
    {0},
};

static bool all_secure(const char *const *urls, size_t n, bool http)
{
    bool secure = true;
    for (size_t i = 0; i < n; i++)
        secure &= !urls[i][0] || strncmp(urls[i], "https://", 8) == 0 ||
                  (http && strncmp(urls[i], "http://", 7) == 0);
    return secure;
}

/* Apps of a demonstration may wait on this machine without TLS. */
static bool all_redirects(const struct config_list *l, bool http)
{
    bool sound = true;
    for (size_t i = 0; i < l->n; i++)
        sound &= strncmp(l->items[i], "https://", 8) == 0 ||
                 (http && (strncmp(l->items[i], "http://localhost:", 17) == 0 ||
                           strncmp(l->items[i], "http://127.0.0.1:", 17) == 0));
    return sound;
}

/* What is wrong, or NULL. */
static const char *fault_of(const struct eid_settings *s, const char *auth, bool demo)
{
    const char *urls[] = {s->issuer,   s->authorization_url, s->token_url,
                          s->keys_url, s->userinfo_url,      s->callback};
    if (s->http && !demo)
        return "eid.http: for demonstrations only";
    if (!s->client_id[0])
        return "eid.client_id: must be given";
    if (!s->auth)
        return strcmp(auth, "none") == 0
                   ? "eid.client_auth: a client that proves nothing is refused"
                   : "eid.client_auth: client_secret_basic or private_key_jwt";
    if (!s->algorithm)
        return "eid.algorithm: RS256 or ES256";
    if (!s->claims.card[0])
        return "eid.claim.card: must be given, it is who somebody is";
    if (s->redirects.n == 0)
        return "eid.redirects: at least one link that an app claims";
    if (!all_secure(urls, ARRAY_LEN(urls), s->http) || !all_redirects(&s->redirects, s->http))
        return "eid: addresses begin with https://";
    if (s->authorization_url[0] && (!s->token_url[0] || !s->keys_url[0]))
        return "eid.authorization_url: token_url and keys_url must be given too";
    if (s->userinfo && s->authorization_url[0] && !s->userinfo_url[0])
        return "eid.userinfo: userinfo_url must be given too";
    return NULL;
}

int eid_settings_read(const struct config *c, bool demo, const char **ret_fault,
                      struct eid_settings *ret)
{
    const char *auth = config_text(c, "eid.client_auth");
    *ret_fault = NULL;
    *ret = (struct eid_settings){
        .on = config_text(c, "eid.issuer")[0] != '\0',
        .issuer = config_text(c, "eid.issuer"),
        .client_id = config_text(c, "eid.client_id"),
        .client_kid = config_text(c, "eid.client_kid"),
        .scope = config_text(c, "eid.scope"),
        .acr = config_text(c, "eid.acr"),
        .authorization_url = config_text(c, "eid.authorization_url"),
        .token_url = config_text(c, "eid.token_url"),
        .keys_url = config_text(c, "eid.keys_url"),
        .userinfo_url = config_text(c, "eid.userinfo_url"),
        .callback = config_text(c, "eid.callback"),
        .redirects = config_list(c, "eid.redirects"),
        .auth = strcmp(auth, "client_secret_basic") == 0 ? EID_SECRET_BASIC
                : strcmp(auth, "private_key_jwt") == 0   ? EID_PRIVATE_KEY
                                                         : 0,
        .algorithm = jws_algorithm_of(config_text(c, "eid.algorithm")),
        .response_iss = config_bool(c, "eid.response_iss"),
        .userinfo = config_bool(c, "eid.userinfo"),
        .http = config_bool(c, "eid.http"),
        .skew_ms = config_int(c, "eid.skew"),
        .timeout_ms = config_int(c, "eid.timeout"),
        .keys_ms = config_int(c, "eid.keys_life"),
        .keys_pause_ms = config_int(c, "eid.keys_pause"),
        .claims = {config_text(c, "eid.claim.card"), config_text(c, "eid.claim.name"),
                   config_text(c, "eid.claim.birth"), config_text(c, "eid.claim.phone"),
                   config_text(c, "eid.claim.level")},
        .level_one = config_list(c, "eid.level.one"),
        .level_two = config_list(c, "eid.level.two"),
        .level_otherwise = config_int(c, "eid.level.otherwise"),
    };
    *ret_fault = ret->on ? fault_of(ret, auth, demo) : NULL;
    return *ret_fault ? E_CONFIG : 0;
}

int eid_http_policy(const struct config *c, bool demo, const char **ret_fault,
                    struct http_policy *ret)
{
    static const struct http_policy_keys keys = {"eid.http",
                                                 "eid.allow",
                                                 "eid.ports",
                                                 "eid.ca_file",
                                                 "eid.allow: not a network",
                                                 "eid.ports: not a port"};
    return http_policy_read(c, &keys, demo, ret_fault, ret);
}
