#include "base/metrics.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/result.h"

static size_t label_values(const struct metric *m, size_t label)
{
    return m->labels[label].name ? m->labels[label].n : 1;
}

static size_t cells_of_series(const struct metric *m)
{
    return m->type == METRIC_HISTOGRAM ? m->n_bounds + 2 : 1;
}

/* A mistaken position would count for another series, or beyond: end instead. */
static _Atomic int64_t *series(const struct metric *m, size_t first, size_t second)
{
    size_t index = first * label_values(m, 1) + second;
    size_t per_series = cells_of_series(m);
    if (first >= label_values(m, 0) || second >= label_values(m, 1) ||
        (index + 1) * per_series > m->n_cells) {
        fprintf(stderr, "metric %s: no series %zu, %zu\n", m->name, first, second);
        abort();
    }
    return m->cells + index * per_series;
}

void metric_add_at(struct metric *m, size_t first, size_t second, int64_t by)
{
    atomic_fetch_add_explicit(series(m, first, second), by, memory_order_relaxed);
}

void metric_set_at(struct metric *m, size_t first, size_t second, int64_t value)
{
    atomic_store_explicit(series(m, first, second), value, memory_order_relaxed);
}

void metric_observe_at(struct metric *m, size_t first, size_t second, int64_t value)
{
    _Atomic int64_t *cells = series(m, first, second);
    size_t bucket = 0;
    while (bucket < m->n_bounds && value > m->bounds[bucket])
        bucket++;
    atomic_fetch_add_explicit(&cells[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&cells[m->n_bounds + 1], value, memory_order_relaxed);
}

/* [a-zA-Z_:][a-zA-Z0-9_:]*, a label without the colon. */
static bool is_name(const char *s, bool label)
{
    if (!s || !*s || isdigit((unsigned char)*s))
        return false;
    for (; *s; s++) {
        if (!isalnum((unsigned char)*s) && *s != '_' && (label || *s != ':'))
            return false;
    }
    return true;
}

static bool labels_sound(const struct metric *m)
{
    for (size_t i = 0; i < METRIC_LABELS; i++) {
        const struct metric_label *label = &m->labels[i];
        if (!label->name)
            continue;
        if (!is_name(label->name, true) || strcmp(label->name, "le") == 0 || label->n == 0)
            return false;
        if (i > 0 && (!m->labels[i - 1].name || strcmp(m->labels[i - 1].name, label->name) == 0))
            return false;
    }
    return true;
}

static bool is_sound(const struct metric *m)
{
    if (!is_name(m->name, false) || !m->help || m->divisor < 0 || !labels_sound(m))
        return false;
    if (m->read)
        return !m->cells && m->type != METRIC_HISTOGRAM && !m->labels[0].name;
    if ((m->type == METRIC_HISTOGRAM) != (m->n_bounds > 0))
        return false;
    for (size_t i = 1; i < m->n_bounds; i++) {
        if (m->bounds[i] <= m->bounds[i - 1])
            return false;
    }
    return m->cells && m->n_cells == label_values(m, 0) * label_values(m, 1) * cells_of_series(m);
}

/* How many registered metrics have the name. */
static size_t count_name(const struct metrics *metrics, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < metrics->n; i++) {
        for (struct metric *const *m = metrics->arrays[i]; *m; m++)
            n += strcmp((*m)->name, name) == 0;
    }
    return n;
}

int metrics_register(struct metrics *metrics, struct metric *const *array)
{
    if (metrics->n == METRICS_ARRAYS)
        return E_FULL;
    for (struct metric *const *m = array; *m; m++) {
        if (!is_sound(*m))
            return E_CONFIG;
    }
    metrics->arrays[metrics->n++] = array;
    for (struct metric *const *m = array; *m; m++) {
        if (count_name(metrics, (*m)->name) > 1) {
            metrics->n--;
            return E_CONFIG;
        }
    }
    return 0;
}

static void add_value(struct buf *ret, const struct metric *m, int64_t value)
{
    if (m->divisor > 1)
        buf_printf(ret, "%.15g", (double)value / (double)m->divisor);
    else
        buf_printf(ret, "%" PRId64, value);
}

/* In help a backslash and a newline are escaped, in a label's value a quote too. */
static void add_escaped(struct buf *ret, const char *s, bool quote)
{
    for (; *s; s++) {
        if (*s == '\n') {
            buf_add_str(ret, "\\n");
            continue;
        }
        if (*s == '\\' || (quote && *s == '"'))
            buf_add_char(ret, '\\');
        buf_add_char(ret, *s);
    }
}

static void add_pair(struct buf *ret, bool *some, const char *name, const char *value)
{
    buf_add_char(ret, *some ? ',' : '{');
    *some = true;
    buf_printf(ret, "%s=\"", name);
    add_escaped(ret, value, true);
    buf_add_char(ret, '"');
}

/* name_suffix{a="x",b="y",le="…"} and a space; `le` may be NULL. */
static void add_series(struct buf *ret, const struct metric *m, const char *suffix,
                       const size_t position[METRIC_LABELS], const char *le)
{
    bool some = false;
    buf_printf(ret, "%s%s", m->name, suffix);
    for (size_t i = 0; i < METRIC_LABELS; i++) {
        if (m->labels[i].name)
            add_pair(ret, &some, m->labels[i].name, m->labels[i].values[position[i]]);
    }
    if (le)
        add_pair(ret, &some, "le", le);
    buf_add_str(ret, some ? "} " : " ");
}

/* _count is the sum of the buckets read here, so that one scrape agrees with itself. */
static void add_histogram(struct buf *ret, const struct metric *m, const size_t *position)
{
    _Atomic int64_t *cells = series(m, position[0], position[1]);
    int64_t count = 0;
    CLEANUP(buf_release) struct buf le;
    buf_init(&le, 64);
    for (size_t i = 0; i <= m->n_bounds; i++) {
        count += atomic_load_explicit(&cells[i], memory_order_relaxed);
        buf_reset(&le);
        if (i < m->n_bounds)
            add_value(&le, m, m->bounds[i]);
        else
            buf_add_str(&le, "+Inf");
        add_series(ret, m, "_bucket", position, le.data);
        buf_printf(ret, "%" PRId64 "\n", count);
    }
    add_series(ret, m, "_sum", position, NULL);
    add_value(ret, m, atomic_load_explicit(&cells[m->n_bounds + 1], memory_order_relaxed));
    buf_add_char(ret, '\n');
    add_series(ret, m, "_count", position, NULL);
    buf_printf(ret, "%" PRId64 "\n", count);
}

static void add_plain(struct buf *ret, const struct metric *m, const size_t *position)
{
    int64_t value =
        m->read ? m->read()
                : atomic_load_explicit(series(m, position[0], position[1]), memory_order_relaxed);
    add_series(ret, m, "", position, NULL);
    add_value(ret, m, value);
    buf_add_char(ret, '\n');
}

static void add_metric(struct buf *ret, const struct metric *m)
{
    static const char *const types[] = {"counter", "gauge", "histogram"};
    buf_printf(ret, "# HELP %s ", m->name);
    add_escaped(ret, m->help, false);
    buf_printf(ret, "\n# TYPE %s %s\n", m->name, types[m->type]);
    size_t position[METRIC_LABELS];
    for (position[0] = 0; position[0] < label_values(m, 0); position[0]++) {
        for (position[1] = 0; position[1] < label_values(m, 1); position[1]++) {
            if (m->type == METRIC_HISTOGRAM)
                add_histogram(ret, m, position);
            else
                add_plain(ret, m, position);
        }
    }
}

void metrics_render(const struct metrics *metrics, struct buf *ret)
{
    for (size_t i = 0; i < metrics->n; i++) {
        for (struct metric *const *m = metrics->arrays[i]; *m; m++)
            add_metric(ret, *m);
    }
}
