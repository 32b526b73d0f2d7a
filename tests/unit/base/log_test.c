#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"

struct sink {
    int read_fd, write_fd;
    struct buf text;
    pthread_t reader;
};

static void sink_open(struct sink *sink)
{
    int fds[2];
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    sink->read_fd = fds[0];
    sink->write_fd = fds[1];
    buf_init(&sink->text, 16 * 1024 * 1024);
}

static void *read_all(void *arg)
{
    struct sink *sink = arg;
    char bytes[65536];
    for (ssize_t n; (n = read(sink->read_fd, bytes, sizeof bytes)) > 0;)
        buf_add(&sink->text, bytes, (size_t)n);
    return NULL;
}

static void sink_start_reading(struct sink *sink)
{
    assert_int_equal(pthread_create(&sink->reader, NULL, read_all, sink), 0);
}

/* What was written until now, complete; ends the log. */
static char *sink_finish(struct sink *sink)
{
    log_stop();
    close(sink->write_fd);
    pthread_join(sink->reader, NULL);
    close(sink->read_fd);
    char *text = buf_steal(&sink->text);
    return text ? text : strdup("");
}

/* Calls fn for each line, which must be a JSON object. */
static size_t each_line(char *text, void (*fn)(json_t *, void *), void *user)
{
    size_t n = 0;
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1, n++) {
        json_t *value = json_loadb(line, (size_t)(end - line), 0, NULL);
        assert_true(json_is_object(value));
        if (fn)
            fn(value, user);
        json_decref(value);
    }
    return n;
}

static void an_event_is_one_json_line(void **state)
{
    (void)state;
    struct sink sink;
    sink_open(&sink);
    sink_start_reading(&sink);
    assert_int_equal(log_start(sink.write_fd), 0);
    log_event(LOG_WARN, "hello \"world\"\n", "k", "v\x01", "none", NULL, "bad", "\xFF", NULL);
    CLEANUP(freep) char *text = sink_finish(&sink);
    assert_non_null(strchr(text, '\n'));
    assert_int_equal(strchr(text, '\n')[1], 0);
    CLEANUP(json_decrefp) json_t *line = json_loads(text, 0, NULL);
    int64_t time_ms;
    assert_true(clock_parse(json_string_value(json_object_get(line, "time")), &time_ms));
    assert_in_range(clock_now_ms() - time_ms, 0, 60000);
    assert_string_equal(json_string_value(json_object_get(line, "level")), "warn");
    assert_string_equal(json_string_value(json_object_get(line, "message")), "hello \"world\"\n");
    assert_string_equal(json_string_value(json_object_get(line, "k")), "v\x01");
    assert_true(json_is_null(json_object_get(line, "none")));
    assert_string_equal(json_string_value(json_object_get(line, "bad")), "\xEF\xBF\xBD");
}

static void levels_below_the_least_are_silent(void **state)
{
    (void)state;
    struct sink sink;
    sink_open(&sink);
    sink_start_reading(&sink);
    assert_int_equal(log_start(sink.write_fd), 0);
    log_event(LOG_DEBUG, "silent", NULL);
    log_set_level(LOG_ERROR);
    log_event(LOG_WARN, "silent", NULL);
    log_event(LOG_ERROR, "told", NULL);
    log_set_level(LOG_DEBUG);
    log_event(LOG_DEBUG, "told", NULL);
    log_set_level(LOG_INFO);
    CLEANUP(freep) char *text = sink_finish(&sink);
    assert_null(strstr(text, "silent"));
    assert_int_equal(each_line(text, NULL, NULL), 2);
}

enum { THREADS = 4, EACH = 500 };

static void *log_lines(void *arg)
{
    for (int i = 0; i < EACH; i++) {
        char line[64];
        int n = snprintf(line, sizeof line, "{\"thread\":%d,\"i\":%d}", *(int *)arg, i);
        log_line(line, (size_t)n);
    }
    return NULL;
}

/* The lines of one thread keep their order. */
static void check_next(json_t *line, void *user)
{
    json_int_t *next = user;
    json_int_t thread = json_integer_value(json_object_get(line, "thread"));
    assert_int_equal(json_integer_value(json_object_get(line, "i")), next[thread]++);
}

static void threads_lose_nothing(void **state)
{
    (void)state;
    struct sink sink;
    sink_open(&sink);
    sink_start_reading(&sink);
    assert_int_equal(log_start(sink.write_fd), 0);
    uint64_t before = log_dropped();
    pthread_t threads[THREADS];
    int numbers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, log_lines, &numbers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CLEANUP(freep) char *text = sink_finish(&sink);
    json_int_t next[THREADS] = {0};
    assert_int_equal(each_line(text, check_next, next), THREADS * EACH);
    assert_int_equal(log_dropped(), before);
}

static void add_told(json_t *line, void *user)
{
    uint64_t *told = user;
    const char *message = json_string_value(json_object_get(line, "message"));
    if (message && strcmp(message, "log lines dropped") == 0)
        told[0] += (uint64_t)json_integer_value(json_object_get(line, "lines"));
    else
        told[1]++;
}

/* Logs `lines` lines of n bytes while nobody reads, then reads. */
static void overflow(size_t lines, size_t n)
{
    struct sink sink;
    sink_open(&sink);
    assert_int_equal(log_start(sink.write_fd), 0);
    uint64_t before = log_dropped();
    CLEANUP(freep) char *line = malloc(n);
    memset(line, ' ', n);
    line[0] = '{';
    line[n - 1] = '}';
    for (size_t i = 0; i < lines; i++)
        log_line(line, n);
    uint64_t dropped = log_dropped() - before;
    assert_in_range(dropped, 1, lines - 1);
    sink_start_reading(&sink);
    CLEANUP(freep) char *text = sink_finish(&sink);
    uint64_t told[2] = {0};
    each_line(text, add_told, told);
    assert_int_equal(told[0], dropped);
    assert_int_equal(told[1], lines - dropped);
}

static void overflow_of_lines_is_counted_and_told(void **state)
{
    (void)state;
    overflow(20000, 30);
}

static void overflow_of_bytes_is_counted_and_told(void **state)
{
    (void)state;
    overflow(200, 60000); /* 12 MB, but far fewer lines than the ring has */
}

static void a_huge_line_is_dropped(void **state)
{
    (void)state;
    struct sink sink;
    sink_open(&sink);
    sink_start_reading(&sink);
    assert_int_equal(log_start(sink.write_fd), 0);
    uint64_t before = log_dropped();
    CLEANUP(freep) char *huge = calloc(1, 1000001);
    memset(huge, 'x', 1000000);
    log_line(huge, 1000000);
    log_event(LOG_ERROR, huge, NULL);
    log_many(huge, 1000000, 7);
    assert_int_equal(log_dropped() - before, 9);
    CLEANUP(freep) char *text = sink_finish(&sink);
    uint64_t told[2] = {0};
    each_line(text, add_told, told);
    assert_int_equal(told[0], 9);
    assert_int_equal(told[1], 0);
}

static void starts_and_stops_again_and_again(void **state)
{
    (void)state;
    struct sink sink;
    sink_open(&sink);
    sink_start_reading(&sink);
    assert_int_equal(log_start(-1), E_INVALID);
    log_stop(); /* not started: nothing happens */
    for (int i = 0; i < 200; i++) {
        assert_int_equal(log_start(sink.write_fd), 0);
        assert_int_equal(log_start(sink.write_fd), E_INVALID);
        log_line("{}", 2);
        log_stop();
    }
    CLEANUP(freep) char *text = sink_finish(&sink);
    assert_int_equal(each_line(text, NULL, NULL), 200);
}

static void a_forked_child_writes_at_once(void **state)
{
    (void)state;
    struct sink sink;
    sink_open(&sink);
    sink_start_reading(&sink);
    assert_int_equal(log_start(sink.write_fd), 0);
    pid_t child = fork();
    if (child == 0) {
        log_line("{\"child\":true}", 14);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    log_line("{\"parent\":true}", 15);
    CLEANUP(freep) char *text = sink_finish(&sink);
    assert_string_equal(text, "{\"child\":true}\n{\"parent\":true}\n");
}

static void before_start_lines_go_to_stderr(void **state)
{
    (void)state;
    struct sink sink;
    sink_open(&sink);
    CLEANUP(closep) int saved = dup(STDERR_FILENO);
    dup2(sink.write_fd, STDERR_FILENO);
    log_line("{\"early\":1}", 11);
    dup2(saved, STDERR_FILENO);
    sink_start_reading(&sink);
    CLEANUP(freep) char *text = sink_finish(&sink);
    assert_string_equal(text, "{\"early\":1}\n");
}

static void a_broken_sink_counts(void **state)
{
    (void)state;
    CLEANUP(closep) int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(full >= 0);
    uint64_t before = log_dropped();
    assert_int_equal(log_start(full), 0);
    log_line("{}", 2);
    log_stop();
    assert_int_equal(log_dropped() - before, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_start_lines_go_to_stderr),
        cmocka_unit_test(an_event_is_one_json_line),
        cmocka_unit_test(levels_below_the_least_are_silent),
        cmocka_unit_test(threads_lose_nothing),
        cmocka_unit_test(overflow_of_lines_is_counted_and_told),
        cmocka_unit_test(overflow_of_bytes_is_counted_and_told),
        cmocka_unit_test(a_huge_line_is_dropped),
        cmocka_unit_test(starts_and_stops_again_and_again),
        cmocka_unit_test(a_forked_child_writes_at_once),
        cmocka_unit_test(a_broken_sink_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
