#include "gateway/gateway.h"

const struct config_key gateway_config[] = {
    {"http.addresses", CONFIG_LIST, "::, 0.0.0.0", 1, 4, "Addresses to listen on, TLS."},
    {"http.port", CONFIG_INT, "8443", 1, 65535, "Port for TLS."},
    {"http.demo_port", CONFIG_INT, "8080", 0, 65535,
     "With --demo: cleartext on 127.0.0.1, so that a browser needs no exception; 0 for none."},
    {"http.loops", CONFIG_INT, "1", 1, 64, "Loop threads; one serves two cores."},
    {"http.workers", CONFIG_INT, "128", 8, 1024,
     "Worker threads: as many requests may wait for one commit."},
    {"http.password_workers", CONFIG_INT, "2", 1, 64,
     "How many of them may check a password at once (19 MiB each)."},
    {"http.drain_ms", CONFIG_DURATION, "10s", 0, 300000,
     "On SIGTERM: how long open requests may take before the process ends."},
    {"http.idle", CONFIG_DURATION, "60s", 1000, 3600000,
     "A connection without a request is closed after it; and one that moves less than 512 bytes a "
     "second over such a span. A body may take ten of them."},
    {"http.connections", CONFIG_INT, "10000", 16, 1000000,
     "Open connections; past it the one that has been quiet longest makes room."},
    {"http.bodies", CONFIG_SIZE, "256m", 8388608, 1099511627776,
     "Memory for bodies that have not come whole and replies on their way; past it the connection "
     "that holds the most is ended."},
    {"http.rates", CONFIG_INT, "100", 10, 1000000,
     "How many requests a visitor may send, in percent of what is built in."},
    {"http.trusted_proxies", CONFIG_LIST, "", 0, 64,
     "Networks of reverse proxies, whose word on the client's address is believed."},
    {"http.forwarded", CONFIG_TEXT, "x-forwarded-for", 9, 15,
     "The header in which they give it: x-forwarded-for or forwarded (RFC 7239). The other one is "
     "not looked at, since it comes from strangers."},
    {"http.metrics_from", CONFIG_LIST, "127.0.0.0/8, ::1/128", 0, 64,
     "Networks that may read /metrics."},
    {"http.cors_origin", CONFIG_TEXT, "", 0, 200,
     "Origin whose pages may call the API from a browser; * for any; empty for none."},
    {"http.pages", CONFIG_TEXT, "", 0, 1000,
     "Folder of the pages (app and desk) that ./dev web built; empty: the one that was installed."},
    {"http.tiles", CONFIG_TEXT, "", 0, 300,
     "Map tiles for the pages: https://tiles.example/{z}/{x}/{y}.png; empty: maps show outlines "
     "and points only."},
    {"tls.certificate_file", CONFIG_TEXT, "", 0, 1000,
     "Certificate chain, PEM; empty: one for development is made at the first run."},
    {"tls.key_file", CONFIG_TEXT, "", 0, 1000, "Its private key, PEM."},
    {0},
};
