/*
 * Numbers for whoever watches the program, in Prometheus' text format 0.0.4. A metric is a static
 * object beside the code that counts; arrays of them are registered once, at start. Counting is one
 * atomic addition, from any thread, also before registration. Labels come from small fixed sets
 * only (never an id, a path, a person), so the number of series is known when compiling:
 *
 *     static const char *const outcomes[] = {"sent", "failed"};
 *     struct metric pushed = {
 *         .name = "tram_push_deliveries_total", .help = "Deliveries settled.",
 *         .type = METRIC_COUNTER, .labels = {METRIC_LABEL("outcome", outcomes)},
 *         METRIC_CELLS(ARRAY_LEN(outcomes))};
 *     metric_add_at(&pushed, 1, 0, 1);
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"

#define METRIC_LABELS 2 /* at most, of one metric */

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

struct metric_label {
    const char *name; /* NULL: no such label */
    const char *const *values;
    size_t n;
};

struct metric {
    const char *name, *help;
    enum metric_type type;
    struct metric_label labels[METRIC_LABELS];
    const int64_t *bounds; /* of a histogram: inclusive upper bounds, increasing */
    size_t n_bounds;
    int64_t divisor;       /* shown = value / divisor; 0 is 1. 1000 shows milliseconds as seconds */
    int64_t (*read)(void); /* instead of cells: asked when rendered; no labels, no histogram */
    _Atomic int64_t *cells; /* a series: its value, or buckets, the bucket of +Inf, and the sum */
    size_t n_cells;
};

#define METRIC_LABEL(label, set)                                                                   \
    {                                                                                              \
        .name = (label), .values = (set), .n = ARRAY_LEN(set)                                      \
    }

/* Static memory for a metric with this number of series (the product of its label sets, or 1). */
#define METRIC_CELLS(series) .cells = (_Atomic int64_t[series]){0}, .n_cells = (series)
#define METRIC_HISTOGRAM_CELLS(series, set)                                                        \
    .bounds = (set), .n_bounds = ARRAY_LEN(set),                                                   \
    .cells = (_Atomic int64_t[(series) * (ARRAY_LEN(set) + 2)]){0},                                \
    .n_cells = (series) * (ARRAY_LEN(set) + 2)

/* Series by the positions of its label values; 0 where there is no label. Positions are asserted.
 */
void metric_add_at(struct metric *m, size_t first, size_t second, int64_t by);
void metric_set_at(struct metric *m, size_t first, size_t second, int64_t value);
void metric_observe_at(struct metric *m, size_t first, size_t second, int64_t value);

static inline void metric_add(struct metric *m, int64_t by)
{
    metric_add_at(m, 0, 0, by);
}

static inline void metric_set(struct metric *m, int64_t value)
{
    metric_set_at(m, 0, 0, value);
}

static inline void metric_observe(struct metric *m, int64_t value)
{
    metric_observe_at(m, 0, 0, value);
}

/* What was registered. Filled at start by one thread, read-only after it. */
#define METRICS_ARRAYS 32

struct metrics {
    struct metric *const *arrays[METRICS_ARRAYS]; /* each ended by NULL */
    size_t n;
};

/* E_CONFIG if a metric is unsound or its name is taken, E_FULL past METRICS_ARRAYS. */
int metrics_register(struct metrics *metrics, struct metric *const *array);
void metrics_render(const struct metrics *metrics, struct buf *ret);
