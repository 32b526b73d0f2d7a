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

/* --- the list: who asked last stands first ---------------------------------------------------- */

static void link_first(struct conn *c)
{
    struct loop *l = c->loop;
    c->before = NULL;
    c->next = l->conns;
    *(c->next ? &c->next->before : &l->last_conn) = c;
    l->conns = c;
}

static void unlink_conn(struct conn *c)
{
    struct loop *l = c->loop;
    *(c->before ? &c->before->next : &l->conns) = c->next;
    *(c->next ? &c->next->before : &l->last_conn) = c->before;
}

/* --- a connection comes and goes -------------------------------------------------------------- */

/* The operator needs none, so as to get in when all are taken. */
static void leave_place(struct loop *l, enum listener_kind kind)
{
    if (kind != LISTENER_ADMIN)
        atomic_fetch_sub(&l->gateway->places, 1);
}

static void conn_closed(void *data)
{
    struct conn *c = data;
    unlink_conn(c);
    c->loop->n_conns--;
    c->sock = NULL;
    if (!c->ended)
        leave_place(c->loop, c->kind);
    gauge_connections(-1);
    conn_unref(c);
}

static struct conn *longest_quiet(struct loop *l)
{
    struct conn *c = l->last_conn;
    while (c && (c->jobs > 0 || c->ended || c->kind == LISTENER_ADMIN))
        c = c->before;
    return c;
}

void conn_make_room(struct loop *l)
{
    struct conn *quiet = longest_quiet(l);
    if (quiet)
        conn_end(quiet, SHUTDOWN_ROOM);
}

/* False: all are taken by connections that wait for something. */
static bool find_place(struct loop *l, enum listener_kind kind)
{
    struct gateway *g = l->gateway;
    if (kind == LISTENER_ADMIN || atomic_fetch_add(&g->places, 1) < g->places_max)
        return true;
    struct conn *quiet = longest_quiet(l);
    if (quiet)
        conn_end(quiet, SHUTDOWN_ROOM);
    else
        leave_place(l, kind);
    return quiet != NULL;
}

static void find_peer(struct conn *c)
{
    const struct gateway *g = c->loop->gateway;
    struct sockaddr_storage peer = {0};
    if (h2o_socket_getpeername(c->sock, (struct sockaddr *)&peer) == 0 ||
        !address_from_sockaddr((struct sockaddr *)&peer, &c->peer))
        return;
    address_format(&c->peer, c->peer_text);
    c->proxy = g->proxies.n > 0 && cidr_list_holds(&g->proxies, &c->peer);
}

struct conn *conn_new(struct loop *l, h2o_socket_t *sock, enum listener_kind kind)
{
    if (!find_place(l, kind))
        return NULL;
    struct conn *c = calloc(1, sizeof(*c));
    if (!c) {
        leave_place(l, kind);
        return NULL;
    }
    c->loop = l;
    c->refs = 1;
    c->sock = sock;
    c->kind = kind;
    find_peer(c);
    c->looked_ms = c->pace.since_ms = clock_monotonic_ms();
    link_first(c);
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

/* --- what it does ----------------------------------------------------------------------------- */

void conn_request_came(struct conn *c, size_t bytes, size_t body)
{
    c->held -= (int64_t)bytes;
    c->bodies += body;
    c->pace.asked = true;
    if (c->before) {
        unlink_conn(c);
        link_first(c);
    }
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
    if (!c->sock || c->ended)
        return;
    c->ended = true;
    leave_place(c->loop, c->kind); /* h2o closes it at its next turn */
    count_shutdown(why);
    shutdown(h2o_socket_get_fd(c->sock), SHUT_RDWR);
}

void conn_penalty(struct conn *c, int64_t now_ms)
{
    if (c->proxy)
        return;
    c->penalties -= (double)(now_ms - c->penalties_ms) * PENALTIES_PER_MS;
    if (c->penalties < 0)
        c->penalties = 0;
    c->penalties_ms = now_ms;
    c->penalties += 1;
    if (c->penalties > PENALTIES_BURST)
        conn_end(c, SHUTDOWN_RESETS);
}
