/* What the gateway counts. Labels come from these lists only. */
#include "gateway/private.h"

static const char *const classes[] = {"1xx", "2xx", "3xx", "4xx", "5xx"};
static const char *const refusals[REFUSAL_COUNT] = {"rate", "queue", "slots", "headers"};
static const char *const causes[SHUTDOWN_CAUSES] = {"resets", "noise", "slow",   "unread",
                                                    "idle",   "room",  "memory", "drain"};
static const char *const outcomes[] = {"hit", "miss"};
static const int64_t bounds_ms[] = {1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10000};

static struct metric requests = {.name = "tram_http_requests_total",
                                 .help = "Requests answered.",
                                 .type = METRIC_COUNTER,
                                 .labels = {METRIC_LABEL("class", classes)},
                                 METRIC_CELLS(ARRAY_LEN(classes))};
static struct metric seconds = {.name = "tram_http_request_seconds",
                                .help = "From the whole request to the first byte of its reply.",
                                .type = METRIC_HISTOGRAM,
                                .divisor = 1000,
                                METRIC_HISTOGRAM_CELLS(1, bounds_ms)};
static struct metric cancelled = {.name = "tram_http_cancelled_total",
                                  .help = "Requests whose client left before the reply.",
                                  .type = METRIC_COUNTER,
                                  METRIC_CELLS(1)};
static struct metric refused = {.name = "tram_http_refused_total",
                                .help = "Requests refused before they were looked at.",
                                .type = METRIC_COUNTER,
                                .labels = {METRIC_LABEL("why", refusals)},
                                METRIC_CELLS(REFUSAL_COUNT)};
static struct metric shut = {.name = "tram_http_shutdowns_total",
                             .help = "Connections that the gateway ended.",
                             .type = METRIC_COUNTER,
                             .labels = {METRIC_LABEL("why", causes)},
                             METRIC_CELLS(SHUTDOWN_CAUSES)};
static struct metric cached = {.name = "tram_http_cache_total",
                               .help = "Cacheable requests by what the cache had.",
                               .type = METRIC_COUNTER,
                               .labels = {METRIC_LABEL("outcome", outcomes)},
                               METRIC_CELLS(ARRAY_LEN(outcomes))};
static struct metric connections = {.name = "tram_http_connections",
                                    .help = "Open connections.",
                                    .type = METRIC_GAUGE,
                                    METRIC_CELLS(1)};
static struct metric streams = {.name = "tram_http_event_streams",
                                .help = "Open streams of server-sent events.",
                                .type = METRIC_GAUGE,
                                METRIC_CELLS(1)};
static struct metric queue = {.name = "tram_http_queue",
                              .help = "Jobs that wait for a worker.",
                              .type = METRIC_GAUGE,
                              METRIC_CELLS(1)};
static struct metric memory = {.name = "tram_http_memory_bytes",
                               .help =
                                   "About what unfinished bodies and replies on their way take.",
                               .type = METRIC_GAUGE,
                               METRIC_CELLS(1)};

struct metric *const gateway_metrics[] = {&requests, &seconds, &cancelled,   &refused,
                                          &shut,     &cached,  &connections, &streams,
                                          &queue,    &memory,  NULL};

void count_request(int status, int64_t ms)
{
    size_t class = status >= 100 && status < 600 ? (size_t)status / 100 - 1 : 4;
    metric_add_at(&requests, class, 0, 1);
    metric_observe(&seconds, ms);
}

void count_cancelled(void)
{
    metric_add(&cancelled, 1);
}

void count_refusal(enum refusal which)
{
    metric_add_at(&refused, which, 0, 1);
}

void count_shutdown(enum shutdown_cause which)
{
    metric_add_at(&shut, which, 0, 1);
}

void count_cache(bool hit)
{
    metric_add_at(&cached, hit ? 0 : 1, 0, 1);
}

void gauge_connections(int by)
{
    metric_add(&connections, by);
}

void gauge_streams(int by)
{
    metric_add(&streams, by);
}

void gauge_queue(size_t queued)
{
    metric_set(&queue, (int64_t)queued);
}

void gauge_memory(int64_t by)
{
    metric_add(&memory, by);
}
