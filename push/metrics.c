#include "base/metrics.h"

#include "push/private.h"

static const char *const channels[] = {"inbox", "sms", "webhook"};
static const char *const outcomes[] = {"sent", "retry", "dead"};

static struct metric deliveries = {
    .name = "tram_push_deliveries_total",
    .help = "Tries of deliveries by what they came to; an inbox delivery is sent when stored.",
    .type = METRIC_COUNTER,
    .labels = {METRIC_LABEL("channel", channels), METRIC_LABEL("outcome", outcomes)},
    METRIC_CELLS(ARRAY_LEN(channels) * ARRAY_LEN(outcomes))};

static struct metric dispatched = {.name = "tram_push_dispatched_total",
                                   .help = "Documents whose events were dispatched.",
                                   .type = METRIC_COUNTER,
                                   METRIC_CELLS(1)};

static struct metric failures = {
    .name = "tram_push_failures_total",
    .help = "Documents left for a while because dispatching or settling them failed.",
    .type = METRIC_COUNTER,
    METRIC_CELLS(1)};

static struct metric aside = {.name = "tram_push_aside_total",
                              .help = "Documents that cannot be read and were set aside.",
                              .type = METRIC_COUNTER,
                              METRIC_CELLS(1)};

static struct metric lag = {
    .name = "tram_push_lag_seconds",
    .help = "How long the oldest event that is not dispatched has waited; what was set "
            "aside is not counted.",
    .type = METRIC_GAUGE,
    .divisor = 1000,
    METRIC_CELLS(1)};

static struct metric pending = {.name = "tram_push_pending",
                                .help = "Deliveries that wait for a try.",
                                .type = METRIC_GAUGE,
                                METRIC_CELLS(1)};

static struct metric dead = {.name = "tram_push_dead",
                             .help = "Dead letters that wait for the operator.",
                             .type = METRIC_GAUGE,
                             METRIC_CELLS(1)};

struct metric *const push_metrics[] = {&deliveries, &dispatched, &failures, &aside,
                                       &lag,        &pending,    &dead,     NULL};

void count_delivery(int channel, enum delivered outcome, size_t n)
{
    metric_add_at(&deliveries, (size_t)channel - 1, outcome, (int64_t)n);
}

void count_dispatched(size_t n)
{
    metric_add(&dispatched, (int64_t)n);
}

void count_failed(void)
{
    metric_add(&failures, 1);
}

void count_aside(void)
{
    metric_add(&aside, 1);
}

void set_lag(int64_t ms)
{
    metric_set(&lag, ms);
}

void set_waiting(int64_t n_pending, int64_t n_dead)
{
    metric_set(&pending, n_pending);
    metric_set(&dead, n_dead);
}
