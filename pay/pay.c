/* The table of adapters, and the one that is configured. */
#include "pay/pay.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/net/http_policy.h"
#include "base/result.h"

const struct config_key pay_config[] = {
    {"pay.provider", CONFIG_TEXT, "", 0, 20,
     "Adapter of the payment provider: signed; empty: fees are paid at the counter alone."},
    {"pay.url", CONFIG_TEXT, "", 0, 500, "Address that the provider's calls begin with."},
    {"pay.merchant", CONFIG_TEXT, "tram", 1, 60, "What the provider calls this program."},
    {"pay.secret_file", CONFIG_SECRET_FILE, "", 0, 0,
     "The secret shared with the provider, which both sides sign with; 32 bytes at least."},
    {"pay.notify_url", CONFIG_TEXT, "", 0, 500,
     "https address of /v1/payments/callback as the provider reaches it; empty: it has it."},
    {"pay.return_url", CONFIG_TEXT, "", 0, 500,
     "Link of the app that the provider leads back to when somebody has paid; empty: none."},
    {"pay.timeout", CONFIG_DURATION, "10s", 100, 30000, "How long one call to it may take."},
    {"pay.tolerance", CONFIG_DURATION, "5m", 1000, 3600000,
     "By how much the time of a signed callback may differ."},
    {"pay.life", CONFIG_DURATION, "15m", 120000, 86400000,
     "How long an order may be paid before another is made."},
    {"pay.ask_after", CONFIG_DURATION, "2m", 100, 3600000,
     "The provider is asked about an order of which nothing was heard for so long; then ever more "
     "rarely."},
    {"pay.patience", CONFIG_DURATION, "30d", 3600000, 0x7fffffffff,
     "After so long an order of which the provider says nothing final is asked about no more; the "
     "reconciliation still finds its money."},
    {"pay.http", CONFIG_BOOL, "false", 0, 0, "Also http, on the loopback; demonstrations only."},
    {"pay.allow", CONFIG_LIST, "", 0, 16,
     "Networks that the provider may be in besides public ones."},
    {"pay.ports", CONFIG_LIST, "443", 0, 16, "Ports of the provider."},
    {"pay.ca_file", CONFIG_TEXT, "", 0, 1000,
     "PEM of the authorities that the provider is trusted by; empty: the system's."},
    {0},
};

static const struct pay_adapter *const adapters[] = {&pay_signed};

static const struct pay_adapter *find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(adapters); i++) {
        if (strcmp(adapters[i]->name, name) == 0)
            return adapters[i];
    }
    return NULL;
}

static bool begins(const char *url, const char *scheme)
{
    return strncmp(url, scheme, strlen(scheme)) == 0;
}

static const char *fault_of(const struct config *c, const struct pay *p, bool demo)
{
    bool http = config_bool(c, "pay.http");
    if (!p->adapter)
        return "pay.provider: signed, or empty";
    if (http && !demo)
        return "pay.http: for demonstrations only";
    if (!begins(p->url, "https://") && !(http && begins(p->url, "http://")))
        return "pay.url: begins with https://";
    if (p->url[strlen(p->url) - 1] == '/')
        return "pay.url: without a slash at its end";
    if (p->notify_url[0] && !begins(p->notify_url, "https://") &&
        !(http && begins(p->notify_url, "http://")))
        return "pay.notify_url: begins with https://";
    return NULL;
}

static const struct http_policy_keys policy_keys = {"pay.http",
                                                    "pay.allow",
                                                    "pay.ports",
                                                    "pay.ca_file",
                                                    "pay.allow: not a network",
                                                    "pay.ports: not a port"};

/* The secret without the newline that a file ends with. */
static int read_secret(const struct config *c, bool demo, const char **ret_fault, struct pay *p)
{
    CLEANUP(buf_release) struct buf secret;
    buf_init(&secret, CONFIG_SECRET_MAX);
    int done = config_secret(c, "pay.secret_file", &secret);
    if (done == CONFIG_UNSET && demo) {
        buf_add_str(&secret, PAY_DEMO_SECRET);
        done = 0;
    }
    size_t n = done == 0 ? secret.len : 0;
    while (n > 0 && (secret.data[n - 1] == '\n' || secret.data[n - 1] == '\r'))
        n--;
    bool known = n == strlen(PAY_DEMO_SECRET) && memcmp(secret.data, PAY_DEMO_SECRET, n) == 0;
    if (done != 0)
        *ret_fault = done == CONFIG_UNSET ? "pay.secret_file: must be given"
                                          : "pay.secret_file: cannot be read";
    else if (n < PAY_SECRET_MIN)
        *ret_fault = "pay.secret_file: 32 bytes at least";
    else if (known && !demo)
        *ret_fault = "pay.secret_file: everybody knows the secret of the demonstration";
    else if (!(p->secret = malloc(n)))
        done = E_NOMEM;
    if (p->secret) {
        memcpy(p->secret, secret.data, n);
        p->secret_n = n;
    }
    if (secret.data)
        bytes_wipe(secret.data, secret.len);
    return *ret_fault ? E_CONFIG : done;
}

int pay_new(const struct config *c, bool demo, const char **ret_fault, struct pay **ret)
{
    const char *name = config_text(c, "pay.provider");
    const struct http_limits limits = {.in_flight = 32, .queue = 64};
    struct http_policy policy;
    *ret = NULL;
    *ret_fault = NULL;
    if (!name[0])
        return 0;
    struct pay *p = calloc(1, sizeof(*p));
    if (!p)
        return E_NOMEM;
    *p = (struct pay){.adapter = find(name),
                      .url = config_text(c, "pay.url"),
                      .merchant = config_text(c, "pay.merchant"),
                      .notify_url = config_text(c, "pay.notify_url"),
                      .return_url = config_text(c, "pay.return_url"),
                      .timeout_ms = config_int(c, "pay.timeout"),
                      .tolerance_ms = config_int(c, "pay.tolerance"),
                      .life_ms = config_int(c, "pay.life"),
                      .ask_after_ms = config_int(c, "pay.ask_after"),
                      .patience_ms = config_int(c, "pay.patience")};
    *ret_fault = fault_of(c, p, demo);
    int done = *ret_fault ? E_CONFIG : http_policy_read(c, &policy_keys, demo, ret_fault, &policy);
    if (done == 0)
        done = read_secret(c, demo, ret_fault, p);
    if (done == 0)
        done = http_client_new(&policy, &limits, &p->http);
    if (done != 0)
        pay_free(p);
    else
        *ret = p;
    return done;
}

void pay_free(struct pay *p)
{
    if (!p)
        return;
    http_client_free(p->http);
    if (p->secret)
        bytes_wipe(p->secret, p->secret_n);
    free(p->secret);
    free(p);
}
