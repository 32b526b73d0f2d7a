/* What one provider may be called at, by keys of the configuration. */
#pragma once

#include "base/config.h"
#include "base/net/http_client.h"

struct http_policy_keys {
    const char *http, *allow, *ports, *ca_file;
    const char *fault_allow, *fault_ports; /* words for a value that is none */
};

/* Plain http only in a demonstration, and then only on the loopback. E_CONFIG with *ret_fault. */
int http_policy_read(const struct config *c, const struct http_policy_keys *keys, bool demo,
                     const char **ret_fault, struct http_policy *ret);
