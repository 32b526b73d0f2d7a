#include <stdio.h>

#include "programs/tramd.h"

void tramd_greet(const struct app *app, const struct config *config)
{
    long long port = (long long)config_int(config, "http.port");
    long long plain = (long long)config_int(config, "http.demo_port");
    printf("Tram serves https://localhost:%lld (HTTP/2 and HTTP/1.1)\n", port);
    printf("  interface     https://localhost:%lld/docs and /openapi.json\n", port);
    printf("  certificate   %s/tls/dev-cert.pem (unless one is configured)\n", app->folder);
    printf("  operator      tramctl --data %s status\n", app->folder);
    if (!app->demo)
        return;
    if (plain > 0)
        printf("  in a browser  http://localhost:%lld/docs\n", plain);
    printf("Demonstration: one-time codes are printed here as {\"sms\":…}.\n");
    printf("  staff sign in with the accounts of demo/staff.json; tour: ./dev tour\n");
}
