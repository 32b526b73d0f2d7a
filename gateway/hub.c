/*
 * Streams of server-sent events. A stream is subscribed when its response starts, then asks a
 * worker for what was missed; events that come meanwhile wait behind it. What is being sent and
 * what waits are two buffers; a stream for which more than 64 KiB wait is ended, and comes back
 * with Last-Event-ID. Of a stream that admits (reply_sse) what comes is held until a worker has
 * judged it.
 */
#include "gateway/sse.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gateway/server.h"

#define BEAT_MS 15000
#define WAITING_MAX ((size_t)64 * 1024) /* bytes for one stream; more, and it is ended */

void sse_format(struct buf *out, const char *id, const char *name, const char *data)
{
    if (id)
        buf_printf(out, "id: %s\n", id);
    if (name)
        buf_printf(out, "event: %s\n", name);
    while (data) {
        size_t n = strcspn(data, "\n");
        buf_add_str(out, "data: ");
        buf_add(out, data, n);
        buf_add_char(out, '\n');
        data = data[n] ? data + n + 1 : NULL;
    }
    buf_add_char(out, '\n');
}

static size_t bucket_of(const struct id *subject)
{
    return ((size_t)subject->bytes[14] << 8 | subject->bytes[15]) % STREAM_BUCKETS;
}

/* --- one stream ------------------------------------------------------------------------------- */

static void flush(struct job *j)
{
    if (j->sending || !j->ready || !j->stream || (j->pending.len == 0 && !j->closing))
        return;
    struct buf empty = j->flying;
    j->flying = j->pending;
    j->pending = empty;
    buf_reset(&j->pending);
    j->pending.max = WAITING_MAX;
    j->sending = true;
    j->flying_ms = clock_monotonic_ms();
    bool last = j->closing;
    h2o_iovec_t bytes = h2o_iovec_init(j->flying.data, j->flying.len);
    h2o_send(j->stream, &bytes, j->flying.len ? 1 : 0,
             last ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
}

static void stream_proceed(h2o_generator_t *generator, h2o_req_t *req)
{
    (void)req;
    struct job *j = H2O_STRUCT_FROM_MEMBER(struct job, generator, generator);
    j->sending = false;
    flush(j);
}

static void append(struct job *j, const char *wire, size_t n)
{
    if (j->closing)
        return;
    buf_add(&j->pending, wire, n);
    if (j->pending.failed) { /* too slow for what it asks */
        buf_reset(&j->pending);
        j->closing = true;
    }
    flush(j);
}

/* A worker judges what is held, and whether the stream goes on. */
static void ask_worker(struct job *j)
{
    if (!j->ready || j->with_worker || j->closing)
        return;
    j->asked = j->held;
    buf_init(&j->held, WAITING_MAX);
    job_to_worker(j, JOB_ADMIT);
}

static void hold(struct job *j, const char *wire, size_t n)
{
    if (j->closing)
        return;
    buf_add(&j->held, wire, n);
    if (j->held.failed) {
        j->closing = true;
        flush(j);
    } else {
        ask_worker(j);
    }
}

void hub_admitted(struct job *j)
{
    if (j->piece_result == 0 && !j->asked.failed)
        append(j, j->asked.data ? j->asked.data : "", j->asked.len);
    else
        j->closing = true;
    buf_release(&j->asked);
    flush(j);
    if (j->held.len > 0)
        ask_worker(j);
}

void hub_open(struct job *j)
{
    struct loop *l = j->loop;
    size_t bucket = bucket_of(&j->reply.sse.subject);
    j->stream_next = l->streams[bucket];
    l->streams[bucket] = j;
    l->n_streams++;
    gauge_streams(1);
    j->subscribed = true;
    buf_init(&j->pending, WAITING_MAX);
    buf_init(&j->flying, WAITING_MAX);
    buf_init(&j->held, WAITING_MAX);
    j->beat_ms = clock_monotonic_ms();
    j->closing = l->draining;
    j->generator = (h2o_generator_t){stream_proceed, NULL};
    h2o_start_response(j->stream, &j->generator);
    job_to_worker(j, JOB_BACKLOG);
}

void hub_backlog(struct job *j)
{
    struct buf missed = j->flying; /* the worker wrote it there */
    buf_init(&j->flying, WAITING_MAX);
    j->ready = true;
    if (j->piece_result != 0 || missed.failed) {
        j->closing = true;
        buf_reset(&j->pending);
    } else {
        /* What was missed first, then what came meanwhile. */
        struct buf all;
        buf_init(&all, 256 * 1024);
        buf_add_str(&all, ": open\n\n");
        buf_add(&all, missed.data ? missed.data : "", missed.len);
        buf_add(&all, j->pending.data ? j->pending.data : "", j->pending.len);
        buf_release(&j->pending);
        j->pending = all;
    }
    buf_release(&missed);
    flush(j);
    if (j->held.len > 0)
        ask_worker(j);
}

void hub_remove(struct job *j)
{
    if (!j->subscribed)
        return;
    struct job **at = &j->loop->streams[bucket_of(&j->reply.sse.subject)];
    while (*at != j)
        at = &(*at)->stream_next;
    *at = j->stream_next;
    j->loop->n_streams--;
    gauge_streams(-1);
    j->subscribed = false;
}

/* --- all of a loop ---------------------------------------------------------------------------- */

static void each_stream(struct loop *l, void (*fn)(struct job *j, void *ctx), void *ctx)
{
    for (size_t i = 0; i < STREAM_BUCKETS && l->n_streams > 0; i++) {
        for (struct job *j = l->streams[i], *next; j; j = next) {
            next = j->stream_next;
            fn(j, ctx);
        }
    }
}

struct beat {
    int64_t now_ms, idle_ms;
};

/* Nobody reads what was given to h2o: the connection goes, for a stream cannot be told to. */
static void beat(struct job *j, void *ctx)
{
    const struct beat *at = ctx;
    if (j->sending && j->stream && at->now_ms - j->flying_ms >= at->idle_ms)
        conn_end(j->conn, SHUTDOWN_UNREAD);
    if (!j->ready || at->now_ms - j->beat_ms < BEAT_MS)
        return;
    j->beat_ms = at->now_ms;
    append(j, ":\n\n", 3);
    if (j->reply.sse.admit)
        ask_worker(j);
}

void hub_tick(struct loop *l, int64_t now_ms)
{
    struct beat at = {now_ms, config_int(l->gateway->options.config, "http.idle")};
    each_stream(l, beat, &at);
}

static void close_stream(struct job *j, void *ctx)
{
    const struct id *session = ctx;
    if (session && !id_equal(&j->request.who.session, session))
        return;
    j->closing = true;
    flush(j);
}

void hub_close_all(struct loop *l)
{
    each_stream(l, close_stream, NULL);
}

/* --- from other threads ----------------------------------------------------------------------- */

struct publication {
    h2o_multithread_message_t message;
    struct id subject;
    bool end; /* the streams of a session end; subject is the session */
    size_t n;
    char wire[];
};

void hub_on_publications(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    struct loop *l = H2O_STRUCT_FROM_MEMBER(struct loop, publications, receiver);
    while (!h2o_linklist_is_empty(messages)) {
        struct publication *p =
            H2O_STRUCT_FROM_MEMBER(struct publication, message.link, messages->next);
        h2o_linklist_unlink(&p->message.link);
        if (p->end) {
            each_stream(l, close_stream, &p->subject);
        } else {
            for (struct job *j = l->streams[bucket_of(&p->subject)], *next; j; j = next) {
                next = j->stream_next;
                if (id_equal(&j->reply.sse.subject, &p->subject))
                    (j->reply.sse.admit ? hold : append)(j, p->wire, p->n);
            }
        }
        free(p);
    }
}

/* Before and after a loop serves there is nobody to tell. */
static bool send_to(struct loop *l, struct publication *p)
{
    pthread_mutex_lock(&l->gate);
    bool open = atomic_load(&l->phase) != LOOP_NEW;
    if (open)
        h2o_multithread_send_message(&l->publications, &p->message);
    pthread_mutex_unlock(&l->gate);
    return open;
}

static size_t send_all(struct gateway *g, const struct id *subject, bool end, const char *wire,
                       size_t n)
{
    size_t sent = 0;
    for (size_t i = 0; i < g->n_loops; i++) {
        struct publication *p = calloc(1, sizeof(*p) + n);
        if (!p)
            break;
        p->subject = *subject;
        p->end = end;
        p->n = n;
        if (n > 0)
            memcpy(p->wire, wire, n);
        if (send_to(&g->loops[i], p))
            sent++;
        else
            free(p);
    }
    return sent;
}

size_t gateway_publish(struct gateway *g, const struct id *subject, const char *wire, size_t n)
{
    return send_all(g, subject, false, wire, n);
}

void gateway_end_session(struct gateway *g, const struct id *session)
{
    token_cache_forget(g->tokens, session);
    send_all(g, session, true, NULL, 0);
}
