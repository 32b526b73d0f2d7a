#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/metrics.h"
#include "base/result.h"

static const char *const outcomes[] = {"sent", "fai\"led\\\n"};
static const char *const channels[] = {"inbox", "webhook", "sms"};
static const int64_t bounds[] = {5, 250, 1000};

static struct metric plain = {.name = "tram_plain_total",
                              .help = "A back\\slash and\na line.",
                              .type = METRIC_COUNTER,
                              METRIC_CELLS(1)};
static struct metric labelled = {
    .name = "tram_pushed_total",
    .help = "Pushed.",
    .type = METRIC_COUNTER,
    .labels = {METRIC_LABEL("outcome", outcomes), METRIC_LABEL("channel", channels)},
    METRIC_CELLS(6)};
static struct metric gauge = {
    .name = "tram_depth", .help = "Depth.", .type = METRIC_GAUGE, METRIC_CELLS(1)};
static struct metric histogram = {.name = "tram_seconds",
                                  .help = "Time.",
                                  .type = METRIC_HISTOGRAM,
                                  .labels = {METRIC_LABEL("outcome", outcomes)},
                                  .divisor = 1000,
                                  METRIC_HISTOGRAM_CELLS(2, bounds)};

static int64_t read_seven(void)
{
    return 7;
}

static struct metric asked = {
    .name = "tram_asked", .help = "Asked.", .type = METRIC_GAUGE, .read = read_seven};

static void renders_the_text_format(void **state)
{
    (void)state;
    static struct metric *const one[] = {&plain, &labelled, NULL};
    static struct metric *const two[] = {&gauge, &histogram, &asked, NULL};
    struct metrics metrics = {0};
    metric_add(&plain, 1); /* before registration */
    assert_int_equal(metrics_register(&metrics, one), 0);
    assert_int_equal(metrics_register(&metrics, two), 0);
    metric_add(&plain, 41);
    metric_add_at(&labelled, 0, 2, 5);
    metric_add_at(&labelled, 1, 0, 1);
    metric_set(&gauge, 10);
    metric_add(&gauge, -13);
    metric_observe_at(&histogram, 0, 0, 5);
    metric_observe_at(&histogram, 0, 0, 6);
    metric_observe_at(&histogram, 0, 0, 1001);
    CLEANUP(buf_release) struct buf b;
    buf_init(&b, 10000);
    metrics_render(&metrics, &b);
    assert_string_equal(b.data,
                        "# HELP tram_plain_total A back\\\\slash and\\na line.\n"
                        "# TYPE tram_plain_total counter\n"
                        "tram_plain_total 42\n"
                        "# HELP tram_pushed_total Pushed.\n"
                        "# TYPE tram_pushed_total counter\n"
                        "tram_pushed_total{outcome=\"sent\",channel=\"inbox\"} 0\n"
                        "tram_pushed_total{outcome=\"sent\",channel=\"webhook\"} 0\n"
                        "tram_pushed_total{outcome=\"sent\",channel=\"sms\"} 5\n"
                        "tram_pushed_total{outcome=\"fai\\\"led\\\\\\n\",channel=\"inbox\"} 1\n"
                        "tram_pushed_total{outcome=\"fai\\\"led\\\\\\n\",channel=\"webhook\"} 0\n"
                        "tram_pushed_total{outcome=\"fai\\\"led\\\\\\n\",channel=\"sms\"} 0\n"
                        "# HELP tram_depth Depth.\n"
                        "# TYPE tram_depth gauge\n"
                        "tram_depth -3\n"
                        "# HELP tram_seconds Time.\n"
                        "# TYPE tram_seconds histogram\n"
                        "tram_seconds_bucket{outcome=\"sent\",le=\"0.005\"} 1\n"
                        "tram_seconds_bucket{outcome=\"sent\",le=\"0.25\"} 2\n"
                        "tram_seconds_bucket{outcome=\"sent\",le=\"1\"} 2\n"
                        "tram_seconds_bucket{outcome=\"sent\",le=\"+Inf\"} 3\n"
                        "tram_seconds_sum{outcome=\"sent\"} 1.012\n"
                        "tram_seconds_count{outcome=\"sent\"} 3\n"
                        "tram_seconds_bucket{outcome=\"fai\\\"led\\\\\\n\",le=\"0.005\"} 0\n"
                        "tram_seconds_bucket{outcome=\"fai\\\"led\\\\\\n\",le=\"0.25\"} 0\n"
                        "tram_seconds_bucket{outcome=\"fai\\\"led\\\\\\n\",le=\"1\"} 0\n"
                        "tram_seconds_bucket{outcome=\"fai\\\"led\\\\\\n\",le=\"+Inf\"} 0\n"
                        "tram_seconds_sum{outcome=\"fai\\\"led\\\\\\n\"} 0\n"
                        "tram_seconds_count{outcome=\"fai\\\"led\\\\\\n\"} 0\n"
                        "# HELP tram_asked Asked.\n"
                        "# TYPE tram_asked gauge\n"
                        "tram_asked 7\n");
}

static int register_one(struct metric m)
{
    struct metrics metrics = {0};
    struct metric *array[] = {&m, NULL};
    int result = metrics_register(&metrics, array);
    assert_int_equal(metrics.n, result == 0);
    return result;
}

static void refuses_unsound_metrics(void **state)
{
    (void)state;
    static const int64_t falling[] = {5, 5};
    assert_int_equal(register_one(plain), 0);
#define CHANGED(original, ...)                                                                     \
    __extension__({                                                                                \
        struct metric changed = original;                                                          \
        __VA_ARGS__;                                                                               \
        changed;                                                                                   \
    })
    struct metric bad[] = {
        CHANGED(plain, changed.name = "tram-plain"),
        CHANGED(plain, changed.name = "1plain"),
        CHANGED(plain, changed.name = NULL),
        CHANGED(plain, changed.help = NULL),
        CHANGED(plain, changed.cells = NULL),
        CHANGED(plain, changed.n_cells = 2),
        CHANGED(plain, changed.divisor = -1),
        CHANGED(plain, changed.read = read_seven),
        CHANGED(plain, changed.bounds = bounds; changed.n_bounds = 3),
        CHANGED(labelled, changed.n_cells = 5),
        CHANGED(labelled, changed.labels[0].name = NULL),
        CHANGED(labelled, changed.labels[1].name = "outcome"),
        CHANGED(labelled, changed.labels[1].name = "a:b"),
        CHANGED(histogram, changed.labels[0].name = "le"),
        CHANGED(histogram, changed.n_bounds = 0),
        CHANGED(histogram, changed.bounds = falling; changed.n_bounds = 2; changed.n_cells = 8),
        CHANGED(asked, changed.type = METRIC_HISTOGRAM),
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(register_one(bad[i]), E_CONFIG);
}

static void a_name_is_registered_once(void **state)
{
    (void)state;
    static struct metric *const one[] = {&plain, NULL};
    static struct metric *const twice[] = {&gauge, &gauge, NULL};
    static struct metric *const empty[] = {NULL};
    struct metrics metrics = {0};
    assert_int_equal(metrics_register(&metrics, one), 0);
    assert_int_equal(metrics_register(&metrics, one), E_CONFIG);
    assert_int_equal(metrics_register(&metrics, twice), E_CONFIG);
    assert_int_equal(metrics.n, 1);
    while (metrics.n < METRICS_ARRAYS)
        assert_int_equal(metrics_register(&metrics, empty), 0);
    assert_int_equal(metrics_register(&metrics, empty), E_FULL);
}

static void *count(void *unused)
{
    (void)unused;
    for (int i = 0; i < 10000; i++)
        metric_observe_at(&histogram, 1, 0, 1);
    return NULL;
}

static void threads_lose_nothing(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count, NULL), 0);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        pthread_join(threads[i], NULL);
    struct metrics metrics = {0};
    static struct metric *const array[] = {&histogram, NULL};
    assert_int_equal(metrics_register(&metrics, array), 0);
    CLEANUP(buf_release) struct buf b;
    buf_init(&b, 10000);
    metrics_render(&metrics, &b);
    assert_non_null(strstr(b.data, "_count{outcome=\"fai\\\"led\\\\\\n\"} 40000\n"));
    assert_non_null(strstr(b.data, "_sum{outcome=\"fai\\\"led\\\\\\n\"} 40\n"));
}

static void a_wrong_position_ends_the_process(void **state)
{
    (void)state;
    static const size_t positions[][2] = {{2, 0}, {0, 3}, {SIZE_MAX, 0}, {0, SIZE_MAX}};
    for (size_t i = 0; i < ARRAY_LEN(positions); i++) {
        pid_t child = fork();
        if (child == 0) {
            close(STDERR_FILENO);
            metric_add_at(&labelled, positions[i][0], positions[i][1], 1);
            _exit(0);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renders_the_text_format),
        cmocka_unit_test(refuses_unsound_metrics),
        cmocka_unit_test(a_name_is_registered_once),
        cmocka_unit_test(threads_lose_nothing),
        cmocka_unit_test(a_wrong_position_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
