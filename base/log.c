#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/result.h"

#define RING_LINES ((size_t)4096) /* a power of two */
#define RING_BYTES ((size_t)4 * 1024 * 1024)
#define LINE_MAX_BYTES ((size_t)64 * 1024)
#define BATCH_BYTES ((size_t)64 * 1024)

struct line {
    size_t n, lines;
    char text[];
};

/*
 * Bounded queue of many producers and one consumer (Dmitry Vyukov's): a slot's turn tells whether
 * it is free for the producer or filled for the consumer of that position.
 */
struct slot {
    _Atomic size_t turn;
    struct line *line;
};

static struct {
    struct slot slots[RING_LINES];
    _Atomic size_t tail;  /* next position to fill */
    size_t head;          /* next position to empty; the writer's */
    _Atomic size_t bytes; /* of lines in the ring */
    uint64_t told;        /* of the dropped lines; the writer's */
    sem_t filled;
    pthread_t writer;
    int fd;
    _Atomic bool running; /* lines go by the ring */
    _Atomic bool stopping;
} ring = {.fd = STDERR_FILENO};

static _Atomic uint64_t dropped;
static _Atomic int least_level = LOG_INFO;

static bool ring_push(struct line *line)
{
    if (atomic_fetch_add(&ring.bytes, line->n) + line->n > RING_BYTES) {
        atomic_fetch_sub(&ring.bytes, line->n);
        return false;
    }
    size_t position = atomic_load(&ring.tail);
    for (;;) {
        struct slot *slot = &ring.slots[position % RING_LINES];
        size_t turn = atomic_load(&slot->turn);
        if (turn == position) {
            if (!atomic_compare_exchange_weak(&ring.tail, &position, position + 1))
                continue;
            slot->line = line;
            atomic_store(&slot->turn, position + 1);
            sem_post(&ring.filled);
            return true;
        }
        if (turn < position) { /* still full from the round before */
            atomic_fetch_sub(&ring.bytes, line->n);
            return false;
        }
        position = atomic_load(&ring.tail);
    }
}

static struct line *ring_pop(void)
{
    struct slot *slot = &ring.slots[ring.head % RING_LINES];
    if (atomic_load(&slot->turn) != ring.head + 1)
        return NULL;
    struct line *line = slot->line;
    atomic_store(&slot->turn, ring.head + RING_LINES);
    ring.head++;
    atomic_fetch_sub(&ring.bytes, line->n);
    return line;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);
        if (written < 0 && errno == EAGAIN) {
            poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
        } else if (written < 0 && errno != EINTR) {
            return false;
        } else if (written > 0) {
            bytes += written;
            n -= (size_t)written;
        }
    }
    return true;
}

struct batch {
    struct buf text;
    uint64_t lines;
};

static bool batch_write(struct batch *batch)
{
    bool written = !batch->text.failed && write_all(ring.fd, batch->text.data, batch->text.len);
    if (!written)
        atomic_fetch_add(&dropped, batch->lines);
    buf_reset(&batch->text);
    batch->lines = 0;
    return written;
}

static void batch_take(struct batch *batch, struct line *line)
{
    if (batch->text.len + line->n > BATCH_BYTES)
        batch_write(batch);
    buf_add(&batch->text, line->text, line->n);
    batch->lines += line->lines;
    free(line);
}

static void event_begin(struct buf *b, enum log_level level, const char *message)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    char time[CLOCK_TEXT];
    buf_printf(b,
               "{\"time\":\"%s\",\"level\":\"%s\",\"message\":", clock_format(clock_now_ms(), time),
               names[level]);
    buf_add_json_str(b, message, strlen(message));
}

/* A line for what was dropped since the last one. */
static void batch_tell_dropped(struct batch *batch)
{
    uint64_t now = log_dropped();
    if (now == ring.told)
        return;
    event_begin(&batch->text, LOG_WARN, "log lines dropped");
    buf_printf(&batch->text, ",\"lines\":%" PRIu64 "}\n", now - ring.told);
    if (batch_write(batch))
        ring.told = now;
}

static void drain(struct batch *batch)
{
    for (struct line *line; (line = ring_pop());)
        batch_take(batch, line);
    if (batch->lines > 0)
        batch_write(batch);
    batch_tell_dropped(batch);
}

static void *write_lines(void *unused)
{
    (void)unused;
    struct batch batch = {0};
    buf_init(&batch.text, BATCH_BYTES + LINE_MAX_BYTES);
    while (!atomic_load(&ring.stopping)) {
        while (sem_wait(&ring.filled) < 0)
            ;
        while (sem_trywait(&ring.filled) == 0)
            ;
        drain(&batch);
    }
    drain(&batch);
    buf_release(&batch.text);
    return NULL;
}

/* The child of a fork has no writer thread: what it logs is written at once. */
static void forked(void)
{
    atomic_store(&ring.running, false);
}

static void register_fork(void)
{
    pthread_atfork(NULL, NULL, forked);
}

int log_start(int fd)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_fork);
    if (fd < 0 || atomic_load(&ring.running))
        return E_INVALID;
    for (size_t i = 0; i < RING_LINES; i++)
        atomic_store(&ring.slots[i].turn, i);
    atomic_store(&ring.tail, 0);
    atomic_store(&ring.bytes, 0);
    atomic_store(&ring.stopping, false);
    ring.head = 0;
    ring.fd = fd;
    if (sem_init(&ring.filled, 0, 0) < 0)
        return E_IO;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&ring.writer, NULL, write_lines, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        return E_NOMEM;
    pthread_setname_np(ring.writer, "log");
    atomic_store(&ring.running, true);
    return 0;
}

void log_stop(void)
{
    if (!atomic_exchange(&ring.running, false))
        return;
    atomic_store(&ring.stopping, true);
    sem_post(&ring.filled);
    pthread_join(ring.writer, NULL);
    sem_destroy(&ring.filled);
    ring.fd = STDERR_FILENO;
}

uint64_t log_dropped(void)
{
    return atomic_load(&dropped);
}

void log_set_level(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}

void log_line(const char *json, size_t n)
{
    log_many(json, n, 1);
}

void log_many(const char *json, size_t n, size_t lines)
{
    struct line *line = n < LINE_MAX_BYTES ? malloc(sizeof *line + n + 1) : NULL;
    if (!line) {
        atomic_fetch_add(&dropped, lines);
        return;
    }
    line->n = n + 1;
    line->lines = lines;
    memcpy(line->text, json, n);
    line->text[n] = '\n';
    if (atomic_load(&ring.running)) {
        if (ring_push(line))
            return; /* the writer frees it */
        atomic_fetch_add(&dropped, lines);
    } else if (!write_all(ring.fd, line->text, line->n)) {
        atomic_fetch_add(&dropped, lines);
    }
    free(line);
}

void log_event(enum log_level level, const char *message, ...)
{
    if ((int)level < atomic_load(&least_level))
        return;
    CLEANUP(buf_release) struct buf b;
    buf_init(&b, LINE_MAX_BYTES - 1);
    event_begin(&b, level, message);
    va_list ap;
    va_start(ap, message);
    for (const char *key; (key = va_arg(ap, const char *));) {
        const char *value = va_arg(ap, const char *);
        buf_add_char(&b, ',');
        buf_add_json_str(&b, key, strlen(key));
        buf_add_char(&b, ':');
        if (value)
            buf_add_json_str(&b, value, strlen(value));
        else
            buf_add_str(&b, "null");
    }
    va_end(ap);
    buf_add_char(&b, '}');
    if (b.failed)
        atomic_fetch_add(&dropped, 1);
    else
        log_line(b.data, b.len);
}
