/* Ways to sign in, as configured. The e-ID provider has an HTTP client of its own, with a policy of
 * its own. */
#include "programs/tramd.h"

int tramd_eid(struct app *app, bool demo, struct arena *a, struct http_client **ret_http,
              const char **ret_fault)
{
    struct http_policy policy = {0};
    const struct http_limits limits = {.in_flight = 32, .queue = 64};
    app->fresh_ms = config_int(app->config, "auth.fresh");
    int done = passkey_settings_read(app->config, demo, a, ret_fault, &app->passkeys);
    if (done == 0)
        done = eid_settings_read(app->config, demo, ret_fault, &app->eid);
    if (done != 0 || !app->eid.on)
        return done;
    done = eid_http_policy(app->config, demo, ret_fault, &policy);
    if (done == 0)
        done = http_client_new(&policy, &limits, ret_http);
    if (done == 0)
        done = eid_provider_new(&app->eid, app->config, *ret_http, ret_fault, &app->provider);
    return done;
}
