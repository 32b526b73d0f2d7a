/*
 * What h2o never ends by itself: bodies that trickle, pings that keep nothing alive, replies that
 * nobody reads, and unfinished bodies, which it holds in memory. Every connection must move
 * LEAST_RATE bytes a second, over spans of http.idle, in the direction that is waited for.
 */
#include "gateway/server.h"

#define LEAST_RATE 512 /* bytes a second; a 2G telephone has ten times that */

/* Bytes that came since the last look are of unfinished requests until one is whole. */
static void look(struct conn *c)
{
    size_t read = c->sock->bytes_read;
    c->held += (int64_t)(read - c->read_seen);
    c->read_seen = read;
}

static void begin_span(struct conn *c, int64_t now_ms)
{
    c->pace.since_ms = now_ms;
    c->pace.read = c->sock->bytes_read;
    c->pace.written = c->sock->bytes_written;
    c->pace.answered = false;
    c->pace.sending_ms = c->sending > 0 ? now_ms : 0;
}

static void judge(struct conn *c, int64_t now_ms, int64_t span_ms)
{
    if (c->sending == 0)
        c->pace.sending_ms = 0;
    else if (c->pace.sending_ms == 0)
        c->pace.sending_ms = now_ms;
    if (now_ms - c->pace.since_ms < span_ms)
        return;
    size_t least = (size_t)(span_ms / 1000) * LEAST_RATE;
    size_t in = c->sock->bytes_read - c->pace.read, out = c->sock->bytes_written - c->pace.written;
    bool sends = c->pace.sending_ms && c->pace.sending_ms <= c->pace.since_ms;
    if (sends && (c->events > 0 ? out == 0 : out < least))
        conn_end(c, SHUTDOWN_UNREAD);
    else if (c->jobs == 0 && !c->pace.answered && in < least)
        conn_end(c, in > 0 ? SHUTDOWN_SLOW : SHUTDOWN_IDLE);
    begin_span(c, now_ms);
}

static void bound_bodies(struct loop *l)
{
    int64_t all = 0, max = config_int(l->gateway->options.config, "http.bodies");
    struct conn *largest = NULL;
    for (struct conn *c = l->conns; c; c = c->next) {
        all += c->held;
        if (!largest || c->held > largest->held)
            largest = c;
    }
    if (all <= max / (int64_t)l->gateway->n_loops || !largest)
        return;
    largest->held = 0;
    conn_end(largest, SHUTDOWN_BODIES);
}

void sweep(struct loop *l, int64_t now_ms)
{
    int64_t span = config_int(l->gateway->options.config, "http.idle");
    for (struct conn *c = l->conns, *next; c; c = next) {
        next = c->next;
        look(c);
        if (c->kind != LISTENER_ADMIN)
            judge(c, now_ms, span);
    }
    bound_bodies(l);
}
