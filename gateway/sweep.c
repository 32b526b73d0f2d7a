/*
 * What h2o never ends by itself: bodies that trickle, frames that belong to no request, replies
 * that nobody reads, and unfinished bodies, which it holds in memory. Every connection must move
 * LEAST_RATE bytes a second, over spans of http.idle, in the direction that is waited for. The
 * kernel knows what came and what was acknowledged (TCP_INFO); h2o's own counters do not.
 */
#include <linux/tcp.h>
#include <netinet/in.h>

#include "gateway/server.h"

#define LEAST_RATE 512    /* bytes a second; a 2G telephone has ten times that */
#define BODY_SPANS 10     /* so long a body may take, whatever comes beside it */
#define LOOK_MS 1000      /* how often a connection without an unfinished body is looked at */
#define NOISE_PER_MS 64.0 /* bytes of no request that are forgiven: frames of control */
#define NOISE_MAX ((int64_t)16 << 20)
#define BODY_HELD ((int64_t)5 << 20) /* of one unfinished request: 4 MiB, and its frames */

/* --- what the kernel saw ---------------------------------------------------------------------- */

/* A request whose header fields came, and whose body has not come whole. */
static int count_unfinished(h2o_req_t *req, void *begun_before)
{
    const struct timeval *begun = &req->timestamps.request_body_begin_at;
    h2o_socket_t *sock = req->conn->callbacks->get_socket(req->conn);
    if (begun->tv_sec == 0 || req->entity.base || !sock) /* NULL while it is upgraded to HTTP/2 */
        return 0;
    struct conn *c = sock->on_close.data;
    c->unfinished++;
    if (begun->tv_sec < *(const time_t *)begun_before)
        conn_end(c, SHUTDOWN_SLOW);
    return 0;
}

static void count_all_unfinished(struct loop *l, int64_t span_ms)
{
    const h2o_globalconf_t *config = &l->gateway->config;
    time_t begun_before =
        h2o_get_timestamp(&l->context, NULL, NULL)->tv_sec - (time_t)(BODY_SPANS * span_ms / 1000);
    for (struct conn *c = l->conns; c; c = c->next)
        c->unfinished = 0;
    config->http1.callbacks.foreach_request(&l->context, count_unfinished, &begun_before);
    config->http2.callbacks.foreach_request(&l->context, count_unfinished, &begun_before);
}

/* Bytes that came are of unfinished requests until these are whole, or are noise. */
static bool look(struct conn *c, int64_t now_ms)
{
    struct tcp_info info = {0};
    socklen_t n = sizeof(info);
    if (getsockopt(h2o_socket_get_fd(c->sock), IPPROTO_TCP, TCP_INFO, &info, &n) != 0)
        return false;
    uint64_t in = info.tcpi_bytes_received, out = info.tcpi_bytes_acked;
    double forgiven = (double)(now_ms - c->looked_ms) * NOISE_PER_MS + (double)(out - c->out) / 256;
    c->held += (int64_t)(in - c->in);
    if (c->unfinished == 0)
        c->held -= (int64_t)forgiven;
    if (c->held < 0)
        c->held = 0;
    c->in = in;
    c->out = out;
    c->looked_ms = now_ms;
    return true;
}

/* --- the pace --------------------------------------------------------------------------------- */

static void begin_span(struct conn *c, int64_t now_ms)
{
    c->pace.since_ms = now_ms;
    c->pace.in = c->in;
    c->pace.out = c->out;
    c->pace.bodies = c->bodies;
    c->pace.asked = false;
    c->pace.sending_ms = c->sending > 0 ? now_ms : 0;
    c->pace.unfinished_ms = c->unfinished > 0 ? now_ms : 0;
}

/* Since when a thing is so: 0 while it is not. */
static void keep_since(int64_t *since_ms, bool now, int64_t now_ms)
{
    *since_ms = !now ? 0 : *since_ms ? *since_ms : now_ms;
}

static bool all_the_span(int64_t since_ms, const struct conn *c)
{
    return since_ms && since_ms <= c->pace.since_ms;
}

static void judge(struct conn *c, int64_t now_ms, int64_t span_ms)
{
    keep_since(&c->pace.sending_ms, c->sending > 0, now_ms);
    keep_since(&c->pace.unfinished_ms, c->unfinished > 0, now_ms);
    if (now_ms - c->pace.since_ms < span_ms)
        return;
    uint64_t least = (uint64_t)(span_ms / 1000) * LEAST_RATE;
    uint64_t in = c->in - c->pace.in, out = c->out - c->pace.out;
    uint64_t whole = c->bodies - c->pace.bodies;
    if (all_the_span(c->pace.sending_ms, c) && out < least)
        conn_end(c, SHUTDOWN_UNREAD);
    else if (all_the_span(c->pace.unfinished_ms, c) && in < whole + least)
        conn_end(c, SHUTDOWN_SLOW);
    else if (c->jobs == 0 && !c->pace.asked && in < least)
        conn_end(c, in > 0 ? SHUTDOWN_SLOW : SHUTDOWN_IDLE);
    begin_span(c, now_ms);
}

/* --- all of a loop ---------------------------------------------------------------------------- */

static int64_t weight(const struct conn *c)
{
    return c->ended ? 0 : c->held + (int64_t)c->lent;
}

/* Past the bound the one for whom most is kept goes; at the next look perhaps another. */
static void bound_memory(struct loop *l)
{
    int64_t all = 0, max = config_int(l->gateway->options.config, "http.bodies");
    struct conn *largest = NULL;
    for (struct conn *c = l->conns; c; c = c->next) {
        all += weight(c);
        if (!largest || weight(c) > weight(largest))
            largest = c;
    }
    gauge_memory(all - l->weighed);
    l->weighed = all;
    if (largest && all > max / (int64_t)l->gateway->n_loops)
        conn_end(largest, SHUTDOWN_MEMORY);
}

void sweep(struct loop *l, int64_t now_ms)
{
    int64_t span_ms = config_int(l->gateway->options.config, "http.idle");
    count_all_unfinished(l, span_ms);
    for (struct conn *c = l->conns; c; c = c->next) {
        bool due = c->unfinished > 0 || now_ms - c->looked_ms >= LOOK_MS;
        if (c->ended || c->kind == LISTENER_ADMIN || !due || !look(c, now_ms))
            continue;
        judge(c, now_ms, span_ms);
        if (c->held > NOISE_MAX + c->unfinished * BODY_HELD)
            conn_end(c, SHUTDOWN_NOISE);
    }
    bound_memory(l);
}
