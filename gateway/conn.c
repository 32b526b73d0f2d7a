/*
 * What is known of a connection: how many of its jobs are with workers, and how often it reset a
 * stream or was refused. h2o frees a stream's place at a reset, so that only this bounds what a
 * connection keeps workers busy with (CVE-2023-44487). Loop thread only.
 */
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "gateway/server.h"

#define PENALTIES_BURST 200.0
#define PENALTIES_PER_MS 0.02 /* 20 a second */

static void conn_closed(void *data)
{
    struct conn *c = data;
    *(c->before ? &c->before->next : &c->loop->conns) = c->next;
    if (c->next)
        c->next->before = c->before;
    c->loop->n_conns--;
    c->sock = NULL;
    atomic_fetch_sub(&c->loop->gateway->conns, 1);
    gauge_connections(-1);
    conn_unref(c);
}

/* Room for one more: the one that asked for nothing for the longest time goes. */
static void make_room(struct loop *l)
{
    struct conn *quiet = NULL;
    for (struct conn *c = l->conns; c; c = c->next) {
        if (c->jobs == 0 && c->kind != LISTENER_ADMIN &&
            (!quiet || c->pace.since_ms < quiet->pace.since_ms))
            quiet = c;
    }
    if (quiet)
        conn_end(quiet, SHUTDOWN_IDLE);
}

struct conn *conn_new(struct loop *l, h2o_socket_t *sock, enum listener_kind kind)
{
    struct gateway *g = l->gateway;
    struct conn *c = calloc(1, sizeof(*c));
    if (!c)
        return NULL;
    if (atomic_fetch_add(&g->conns, 1) >= config_int(g->options.config, "http.connections"))
        make_room(l);
    c->loop = l;
    c->refs = 1;
    c->sock = sock;
    c->kind = kind;
    c->pace.since_ms = clock_monotonic_ms();
    c->next = l->conns;
    if (c->next)
        c->next->before = c;
    l->conns = c;
    l->n_conns++;
    gauge_connections(1);
    sock->on_close.cb = conn_closed;
    sock->on_close.data = c;
    return c;
}

struct conn *conn_of(h2o_req_t *req)
{
    return req->conn->callbacks->get_socket(req->conn)->on_close.data;
}

struct conn *conn_ref(struct conn *c)
{
    c->refs++;
    return c;
}

void conn_unref(struct conn *c)
{
    if (c && --c->refs == 0)
        free(c);
}

void conn_request_came(struct conn *c, size_t bytes)
{
    c->held -= (int64_t)bytes;
    if (c->held < 0)
        c->held = 0;
    c->pace.answered = true;
}

bool conn_take_slot(struct conn *c)
{
    if (c->slots >= SLOTS_A_CONNECTION)
        return false;
    c->slots++;
    return true;
}

void conn_give_slot(struct conn *c)
{
    c->slots--;
}

void conn_end(struct conn *c, enum shutdown_cause why)
{
    if (!c->sock)
        return;
    count_shutdown(why);
    shutdown(h2o_socket_get_fd(c->sock), SHUT_RDWR);
}

void conn_penalty(struct conn *c, int64_t now_ms)
{
    c->penalties -= (double)(now_ms - c->penalties_ms) * PENALTIES_PER_MS;
    if (c->penalties < 0)
        c->penalties = 0;
    c->penalties_ms = now_ms;
    c->penalties += 1;
    if (c->penalties > PENALTIES_BURST)
        conn_end(c, SHUTDOWN_RESETS);
}
