/* What is said on stdout once it serves: where, and in a demonstration how to get in. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/crypto/totp.h"
#include "base/file.h"
#include "programs/tramd.h"

#define FILE_MAX ((size_t)64 << 10)

/* tramctl beside this very file, from the present folder if it lies below. */
static void tramctl_path(char out[PATH_MAX])
{
    char self[PATH_MAX / 2], here[PATH_MAX / 2];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    self[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(self, '/');
    size_t below = getcwd(here, sizeof(here)) ? strlen(here) : 0;
    bool inside = below > 1 && strncmp(self, here, below) == 0 && self[below] == '/';
    if (!slash)
        snprintf(out, PATH_MAX, "tramctl");
    else
        snprintf(out, PATH_MAX, "%.*s/tramctl", (int)(slash - self) - (inside ? (int)below + 1 : 0),
                 self + (inside ? below + 1 : 0));
}

/* One account of each line: user, password, the secret of its codes and the code of this moment. */
static void greet_accounts(const char *folder)
{
    CLEANUP(buf_release) struct buf text;
    char path[PATH_MAX];
    buf_init(&text, FILE_MAX);
    snprintf(path, sizeof(path), "%s/staff.json", folder);
    json_t *rows =
        file_read(path, FILE_MAX, &text) == 0 ? json_loadb(text.data, text.len, 0, NULL) : NULL;
    printf("  %-11s %-16s %-22s %-34s code now\n", "role", "user", "password",
           "secret of its codes");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const char *user = NULL, *role = NULL, *password = NULL, *totp = NULL;
        uint8_t secret[TOTP_SECRET];
        char code[TOTP_DIGITS + 1];
        if (json_unpack(json_array_get(rows, i), "{s:s, s:s, s:s, s:s}", "user", &user, "role",
                        &role, "password", &password, "totp", &totp) == 0 &&
            totp_from_base32(totp, secret))
            printf("  %-11s %-16s %-22s %-34s %s\n", role, user, password, totp,
                   totp_code(secret, clock_now_ms() / TOTP_STEP_MS, code));
    }
    json_decref(rows);
}

/* What can be pasted; it reads one-time codes where ./dev run keeps this output. */
static void greet_by_hand(const struct app *app, const char *folder, long long port,
                          const char *tramctl)
{
    CLEANUP(buf_release) struct buf text;
    char path[PATH_MAX];
    buf_init(&text, FILE_MAX);
    snprintf(path, sizeof(path), "%s/stdout.log", app->folder);
    if (access(path, R_OK) != 0)
        return;
    snprintf(path, sizeof(path), "%s/by-hand.sh", folder);
    if (file_read(path, FILE_MAX, &text) != 0)
        return;
    printf("\nIn another terminal, from this folder: ./dev tour plays the whole loop. Or paste:\n\n"
           "api=https://localhost:%lld data=%s tramctl=%s\n%.*s",
           port, app->folder, tramctl, (int)text.len, text.data);
}

void tramd_greet(const struct app *app, const struct config *config, const char *demo_folder)
{
    long long port = (long long)config_int(config, "http.port");
    long long plain = (long long)config_int(config, "http.demo_port");
    bool configured = config_text(config, "tls.certificate_file")[0];
    char tramctl[PATH_MAX];
    tramctl_path(tramctl);
    printf("Trạm serves https://localhost:%lld (HTTP/2 and HTTP/1.1)\n", port);
    printf("  /                     the citizens' app\n");
    printf("  /desk                 where officials sign in\n");
    printf("  /docs, /openapi.json  its interface, for people and for programs\n");
    if (!configured)
        printf("  certificate           %s/tls/dev-cert.pem, for development\n", app->folder);
    printf("  operator              %s --data %s status\n", tramctl, app->folder);
    if (!app->demo)
        return;
    if (plain > 0)
        printf("  in a browser          http://localhost:%lld/, and /desk (no TLS, this machine "
               "only)\n",
               plain);
    printf("\nA demonstration: everybody knows these accounts. A code is good once, for a minute;\n"
           "the next one: %s --data %s totp <<<SECRET\n\n",
           tramctl, app->folder);
    greet_accounts(demo_folder);
    printf("  %-11s any Vietnamese mobile number; its code is printed here, as {\"sms\":…}\n",
           "citizen");
    if (app->eid.on)
        printf("  %-11s or one with an e-ID, while ./dev eid runs in another terminal\n", "");
    greet_by_hand(app, demo_folder, port, tramctl);
    printf("\n");
}
