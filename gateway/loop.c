/* A loop thread: accepts, hands requests over, sends what comes back, sweeps, drains. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "gateway/server.h"

#define TICK_MS 250

/* --- accepting -------------------------------------------------------------------------------- */

struct listening {
    struct loop *loop;
    enum listener_kind kind;
};

static bool peer_is_us(h2o_socket_t *sock)
{
    struct ucred who;
    socklen_t n = sizeof(who);
    return getsockopt(h2o_socket_get_fd(sock), SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 &&
           (who.uid == geteuid() || who.uid == 0);
}

static void on_accept(h2o_socket_t *listener, const char *err)
{
    struct listening *at = listener->data;
    if (err)
        return;
    for (int i = 0; i < 16; i++) { /* a few at a time, so that others are served between */
        h2o_socket_t *sock = h2o_evloop_socket_accept(listener);
        if (!sock)
            return;
        bool welcome = at->kind != LISTENER_ADMIN || peer_is_us(sock);
        if (!welcome || !conn_new(at->loop, sock, at->kind)) {
            h2o_socket_close(sock);
            continue;
        }
        h2o_accept(at->kind == LISTENER_TLS ? &at->loop->secure : &at->loop->plain, sock);
    }
}

/* --- requests --------------------------------------------------------------------------------- */

struct link {
    struct job *job;
};

/* The request's pool is gone: the client left, or the reply is out. */
static void stream_gone(void *data)
{
    struct job *j = ((struct link *)data)->job;
    struct conn *c = j->conn;
    c->jobs--;
    c->sending -= j->sent;
    c->events -= j->subscribed;
    if (!j->sent) {
        count_cancelled();
        conn_penalty(c, clock_monotonic_ms());
    }
    j->stream = NULL;
    atomic_store(&j->cancelled, true);
    if (!j->with_worker)
        job_free(j);
}

void job_to_worker(struct job *j, enum job_kind kind)
{
    struct loop *l = j->loop;
    j->kind = kind;
    j->with_worker = true;
    j->next = NULL;
    *l->batch_last = j;
    l->batch_last = &j->next;
    l->n_batch++;
}

/* A place of the connection, and one in the queue. */
static bool find_room(struct loop *l, struct job *j)
{
    if (!conn_take_slot(j->conn)) {
        count_refusal(REFUSAL_SLOTS);
        return false;
    }
    if (!queue_full(&l->gateway->queue, l->n_batch))
        return true;
    count_refusal(REFUSAL_QUEUE);
    conn_give_slot(j->conn);
    return false;
}

static int on_request(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    struct loop *l = H2O_STRUCT_FROM_MEMBER(struct loop, context, req->conn->ctx);
    struct job *j = job_new(l, req);
    if (!j)
        return -1;
    struct link *link = h2o_mem_alloc_shared(&req->pool, sizeof(*link), stream_gone);
    link->job = j;
    j->stream = req;
    j->conn->jobs++;
    bool at_once = j->reply.kind != REPLY_NONE || (j->route->route->flags & ROUTE_INLINE);
    if (!at_once) {
        if (find_room(l, j)) {
            job_to_worker(j, JOB_REQUEST);
            return 0;
        }
        conn_penalty(j->conn, clock_monotonic_ms());
        reply_problem(&j->reply, PROBLEM_OVERLOADED, NULL);
    }
    if (!j->cached)
        job_run(j);
    job_send(j);
    return 0;
}

/* --- replies ---------------------------------------------------------------------------------- */

static void job_back(struct job *j)
{
    j->with_worker = false;
    if (j->kind == JOB_REQUEST)
        conn_give_slot(j->conn);
    if (!j->stream) {
        job_free(j);
        return;
    }
    if (j->kind == JOB_REQUEST)
        job_send(j);
    else if (j->kind == JOB_PIECE)
        job_send_piece(j);
    else
        hub_backlog(j);
}

static void on_replies(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    (void)receiver;
    while (!h2o_linklist_is_empty(messages)) {
        struct job *j = H2O_STRUCT_FROM_MEMBER(struct job, message.link, messages->next);
        h2o_linklist_unlink(&j->message.link);
        job_back(j);
    }
}

/* --- the tick: heartbeats, the sweep, the drain -------------------------------------------- */

static void begin_drain(struct loop *l)
{
    l->draining = true;
    l->drain_until_ms =
        clock_monotonic_ms() + config_int(l->gateway->options.config, "http.drain_ms");
    for (size_t i = 0; i < l->n_listeners; i++) {
        shutdown(l->listeners[i], SHUT_RDWR);
    }
    h2o_context_request_shutdown(&l->context);
    hub_close_all(l);
}

static void on_tick(h2o_timeout_entry_t *entry)
{
    struct loop *l = H2O_STRUCT_FROM_MEMBER(struct loop, tick_entry, entry);
    int64_t now_ms = clock_monotonic_ms();
    hub_tick(l, now_ms);
    sweep(l, now_ms);
    if (atomic_load(&l->gateway->stopping) && !l->draining)
        begin_drain(l);
    h2o_timeout_link(l->evloop, &l->tick, &l->tick_entry);
}

static void hand_over(struct loop *l)
{
    if (l->n_batch == 0)
        return;
    queue_push(&l->gateway->queue, l->batch, l->n_batch);
    l->batch = NULL;
    l->batch_last = &l->batch;
    l->n_batch = 0;
}

/* --- the thread ------------------------------------------------------------------------------- */

/* Everything of h2o's is made here, on the thread that uses it: its recyclers are thread-local. */
static void loop_init(struct loop *l, struct listening *at)
{
    l->evloop = h2o_evloop_create();
    h2o_context_init(&l->context, l->evloop, &l->gateway->config);
    l->messages = h2o_multithread_create_queue(l->evloop);
    h2o_multithread_register_receiver(l->messages, &l->replies, on_replies);
    h2o_multithread_register_receiver(l->messages, &l->publications, hub_on_publications);
    l->secure = (h2o_accept_ctx_t){
        .ctx = &l->context, .hosts = l->gateway->config.hosts, .ssl_ctx = l->gateway->tls};
    l->plain = (h2o_accept_ctx_t){.ctx = &l->context, .hosts = l->gateway->config.hosts};
    l->batch_last = &l->batch;
    for (size_t i = 0; i < l->n_listeners; i++) {
        at[i] = (struct listening){l, (enum listener_kind)l->kinds[i]};
        h2o_socket_t *sock =
            h2o_evloop_socket_create(l->evloop, l->listeners[i], H2O_SOCKET_FLAG_DONT_READ);
        sock->data = &at[i];
        h2o_socket_read_start(sock, on_accept);
    }
    h2o_timeout_init(l->evloop, &l->tick, TICK_MS);
    l->tick_entry.cb = on_tick;
    h2o_timeout_link(l->evloop, &l->tick, &l->tick_entry);
}

void *loop_main(void *arg)
{
    struct loop *l = arg;
    struct listening at[ARRAY_LEN(l->listeners)];
    loop_init(l, at);
    atomic_store(&l->running, true);
    while (!l->draining ||
           (atomic_load(&l->jobs) > 0 && clock_monotonic_ms() < l->drain_until_ms)) {
        h2o_evloop_run(l->evloop, TICK_MS);
        hand_over(l);
    }
    atomic_store(&l->running, false);
    return NULL;
}

void loop_handler_register(struct gateway *g)
{
    h2o_hostconf_t *host =
        h2o_config_register_host(&g->config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    h2o_pathconf_t *path = h2o_config_register_path(host, "/", 0);
    h2o_handler_t *handler = h2o_create_handler(path, sizeof(*handler));
    handler->on_req = on_request;
}
