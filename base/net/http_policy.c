#include "base/net/http_policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/result.h"

int http_policy_read(const struct config *c, const struct http_policy_keys *keys, bool demo,
                     const char **ret_fault, struct http_policy *ret)
{
    const char *ca_file = config_text(c, keys->ca_file);
    struct config_list allow = config_list(c, keys->allow), ports = config_list(c, keys->ports);
    *ret_fault = NULL;
    *ret = (struct http_policy){.allow_http = demo && config_bool(c, keys->http),
                                .ca_file = ca_file[0] ? ca_file : NULL};
    for (size_t i = 0; i < allow.n && !*ret_fault; i++) {
        struct cidr *net = &ret->allowed.items[ret->allowed.n++];
        if (!cidr_parse(allow.items[i], strlen(allow.items[i]), net))
            *ret_fault = keys->fault_allow;
    }
    /* Plain http never leaves this machine. */
    if (ret->allow_http) {
        ret->allowed.n = 2;
        cidr_parse("127.0.0.0/8", 11, &ret->allowed.items[0]);
        cidr_parse("::1", 3, &ret->allowed.items[1]);
    }
    for (size_t i = 0; i < ports.n && !*ret_fault; i++) {
        char *end;
        long port = strtol(ports.items[i], &end, 10);
        if (*end || port < 1 || port > 65535)
            *ret_fault = keys->fault_ports;
        ret->ports[ret->ports_n++] = (uint16_t)port;
    }
    return *ret_fault ? E_CONFIG : 0;
}
