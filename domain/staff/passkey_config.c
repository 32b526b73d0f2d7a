#include <stdio.h>
#include <string.h>

#include "base/result.h"
#include "domain/staff/passkey.h"

const struct config_key passkey_config[] = {
    {"passkey.rp_id", CONFIG_TEXT, "", 0, 253,
     "Domain that passkeys of officials are made for, such as tram.camau.gov.vn; empty: no "
     "passkeys "
     "(in a demonstration, localhost). Whoever changes it makes all passkeys useless."},
    {"passkey.origins", CONFIG_LIST, "", 0, PASSKEY_ORIGINS_MAX,
     "Origins of the pages that may ask for them, exact: https://tram.camau.gov.vn; empty: "
     "https:// "
     "and passkey.rp_id."},
    {"passkey.name", CONFIG_TEXT, "Trạm", 1, 64, "What this program is called beside a passkey."},
    {0},
};

/* The host of an origin is the domain, or lies in it; nothing stands behind host and port. */
static bool is_ours(const char *origin, const char *rp_id, bool demo)
{
    static const char secure[] = "https://", plain[] = "http://";
    const char *host = NULL;
    if (strncmp(origin, secure, sizeof(secure) - 1) == 0)
        host = origin + sizeof(secure) - 1;
    else if (demo && strncmp(origin, plain, sizeof(plain) - 1) == 0)
        host = origin + sizeof(plain) - 1;
    if (!host || !*host || strpbrk(host, "/?#@"))
        return false;
    size_t n = strcspn(host, ":"), m = strlen(rp_id);
    return n >= m && strncmp(host + n - m, rp_id, m) == 0 && (n == m || host[n - m - 1] == '.');
}

int passkey_settings_read(const struct config *c, bool demo, struct arena *a,
                          const char **ret_fault, struct passkey_settings *ret)
{
    struct config_list named = config_list(c, "passkey.origins");
    const char *rp_id = config_text(c, "passkey.rp_id");
    const char **origins = arena_array(a, named.n + 2, sizeof(*origins));
    size_t n = 0;
    *ret_fault = NULL;
    *ret = (struct passkey_settings){.name = config_text(c, "passkey.name")};
    if (!*rp_id && !demo)
        return 0;
    for (size_t i = 0; i < named.n; i++)
        origins[n++] = named.items[i];
    if (n == 0 && *rp_id)
        origins[n++] = arena_printf(a, "https://%s", rp_id);
    if (n == 0) {
        origins[n++] =
            arena_printf(a, "https://localhost:%lld", (long long)config_int(c, "http.port"));
        origins[n++] =
            arena_printf(a, "http://localhost:%lld", (long long)config_int(c, "http.demo_port"));
    }
    ret->on = true;
    ret->party = (struct webauthn_party){*rp_id ? rp_id : "localhost", origins, n};
    for (size_t i = 0; i < n; i++) {
        if (!is_ours(origins[i], ret->party.rp_id, demo)) {
            *ret_fault =
                "passkey.origins: https://HOST[:PORT] within passkey.rp_id, nothing behind";
            return E_CONFIG;
        }
    }
    return 0;
}
