/* A loop thread: accepts, hands requests over, sends what comes back, sweeps, drains. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/log.h"
#include "gateway/server.h"

#define TICK_MS 250
#define FAREWELL_MS 2000 /* for h2o to notice that everybody was shut out */
#define FAREWELL_TURN_MS 10

/* --- accepting -------------------------------------------------------------------------------- */

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
        if (!sock && (errno == EMFILE || errno == ENFILE))
            conn_make_room(at->loop);
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
    c->sending -= j->sent && j->reply.kind != REPLY_SSE;
    c->lent -= j->lent;
    if (!j->sent) {
        count_cancelled();
        conn_penalty(c, clock_monotonic_ms());
    }
    j->stream = NULL;
    atomic_store(&j->cancelled, true);
    if (j->gathered && j->kind == JOB_REQUEST)
        conn_give_slot(c); /* no worker will see it */
    if (!j->with_worker)
        job_free(j);
}

void job_to_worker(struct job *j, enum job_kind kind)
{
    struct loop *l = j->loop;
    j->kind = kind;
    j->with_worker = j->gathered = true;
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
    bool open = atomic_load(&l->phase) == LOOP_OPEN;
    if (open && !queue_full(&l->gateway->queue, l->n_batch))
        return true;
    count_refusal(REFUSAL_QUEUE);
    conn_give_slot(j->conn);
    return false;
}

static int on_request(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    struct loop *l = H2O_STRUCT_FROM_MEMBER(struct loop, context, req->conn->ctx);
    if (conn_of(req)->ended) /* what was read before the end; nobody hears the answer */
        return -1;
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
    else if (j->kind == JOB_ADMIT)
        hub_admitted(j);
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

/* There are no workers for it any more; its connection is ended, and takes it along. */
static void refuse(struct job *j)
{
    j->with_worker = false;
    if (j->kind == JOB_REQUEST)
        conn_give_slot(j->conn);
    conn_end(j->conn, SHUTDOWN_DRAIN);
}

/* What was gathered goes to the queue, but for those whose client left already. */
static void hand_over(struct loop *l)
{
    bool open = atomic_load(&l->phase) == LOOP_OPEN;
    struct job *jobs = NULL, **last = &jobs;
    size_t n = 0;
    for (struct job *j = l->batch, *next; j; j = next) {
        next = j->next;
        j->next = NULL;
        j->gathered = false;
        if (!j->stream) {
            job_free(j);
        } else if (!open) {
            refuse(j);
        } else {
            *last = j;
            last = &j->next;
            n++;
        }
    }
    l->batch = NULL;
    l->batch_last = &l->batch;
    l->n_batch = 0;
    if (n > 0)
        queue_push(&l->gateway->queue, jobs, n);
}

/* --- the drain -------------------------------------------------------------------------------- */

static void stop_listening(struct loop *l)
{
    for (size_t i = 0; i < l->n_listening; i++) {
        if (l->listening[i].sock)
            h2o_socket_close(l->listening[i].sock);
        l->listening[i].sock = NULL;
    }
}

/*
 * Clients are told to go elsewhere (GOAWAY), once. h2o would say it again after a second and half
 * close the connection, and in that state one CONTINUATION frame keeps it busy for ever.
 */
static void begin_drain(struct loop *l, int64_t now_ms)
{
    l->draining = true;
    l->drain_since_ms = now_ms;
    l->drain_until_ms = now_ms + config_int(l->gateway->options.config, "http.drain_ms");
    stop_listening(l);
    h2o_context_request_shutdown(&l->context);
    h2o_timeout_unlink(&l->context.http2._graceful_shutdown_timeout);
    hub_close_all(l);
}

static void end_conns(struct loop *l, bool all)
{
    for (struct conn *c = l->conns; c; c = c->next) {
        if (all || (c->jobs == 0 && c->unfinished == 0))
            conn_end(c, SHUTDOWN_DRAIN);
    }
}

/* Who waits for nothing goes after a tick or two, everybody when the time is up. */
static void drain(struct loop *l, int64_t now_ms)
{
    if (!l->draining)
        begin_drain(l, now_ms);
    bool late = now_ms >= l->drain_until_ms;
    if (late || now_ms - l->drain_since_ms >= TICK_MS)
        end_conns(l, late);
    bool over = l->n_conns == 0 || now_ms >= l->drain_until_ms + FAREWELL_MS;
    if (over && atomic_exchange(&l->phase, LOOP_DRAINED) == LOOP_OPEN)
        sem_post(&l->gateway->wake);
}

static void on_tick(h2o_timeout_entry_t *entry)
{
    struct loop *l = H2O_STRUCT_FROM_MEMBER(struct loop, tick_entry, entry);
    int64_t now_ms = clock_monotonic_ms();
    hub_tick(l, now_ms);
    sweep(l, now_ms);
    bodies_look();
    h2o_timeout_link(l->evloop, &l->tick, &l->tick_entry);
}

/* --- the thread ------------------------------------------------------------------------------- */

static void listen_here(struct loop *l, struct listening *at)
{
    at->sock = h2o_evloop_socket_create(l->evloop, at->fd, H2O_SOCKET_FLAG_DONT_READ);
    at->fd = -1;
    at->sock->data = at;
    h2o_socket_read_start(at->sock, on_accept);
}

static void open_gate(struct loop *l, enum loop_phase phase)
{
    pthread_mutex_lock(&l->gate);
    atomic_store(&l->phase, phase);
    pthread_mutex_unlock(&l->gate);
}

/* Everything of h2o's is made here, on the thread that uses it: its recyclers are thread-local. */
static void loop_init(struct loop *l)
{
    h2o_hostconf_t **hosts = l->gateway->config.hosts;
    l->evloop = h2o_evloop_create();
    h2o_context_init(&l->context, l->evloop, &l->gateway->config);
    l->messages = h2o_multithread_create_queue(l->evloop);
    h2o_multithread_register_receiver(l->messages, &l->replies, on_replies);
    h2o_multithread_register_receiver(l->messages, &l->publications, hub_on_publications);
    SSL_CTX_up_ref(l->gateway->tls);
    l->secure = (h2o_accept_ctx_t){.ctx = &l->context, .hosts = hosts, .ssl_ctx = l->gateway->tls};
    l->plain = (h2o_accept_ctx_t){.ctx = &l->context, .hosts = hosts};
    l->batch_last = &l->batch;
    bytes_random(&l->chance, sizeof(l->chance));
    for (size_t i = 0; i < l->n_listening; i++)
        listen_here(l, &l->listening[i]);
    h2o_timeout_init(l->evloop, &l->tick, TICK_MS);
    l->tick_entry.cb = on_tick;
    h2o_timeout_link(l->evloop, &l->tick, &l->tick_entry);
}

static void take_fresh_tls(struct loop *l)
{
    SSL_CTX *fresh = atomic_exchange(&l->fresh_tls, NULL);
    if (!fresh)
        return;
    SSL_CTX_free(l->secure.ssl_ctx); /* connections that were made with it keep it */
    l->secure.ssl_ctx = fresh;
}

static void turn(struct loop *l, int32_t most_ms)
{
    h2o_evloop_run(l->evloop, journal_rest_ms(l, most_ms));
    hand_over(l);
    if (journal_rest_ms(l, 1) == 0)
        journal_flush(l);
    if (atomic_load(&l->fresh_tls))
        take_fresh_tls(l);
}

/* The library forgets the memory of its two queues. */
static void dispose(struct loop *l)
{
    h2o_multithread_queue_t *inner = l->context.queue;
    h2o_timeout_unlink(&l->tick_entry);
    h2o_timeout_dispose(l->evloop, &l->tick);
    h2o_multithread_unregister_receiver(l->messages, &l->replies);
    h2o_multithread_unregister_receiver(l->messages, &l->publications);
    h2o_multithread_destroy_queue(l->messages);
    h2o_context_dispose(&l->context);
    free(l->messages);
    free(inner);
    h2o_evloop_destroy(l->evloop);
}

/* Nobody sends messages any more. What h2o does not let go of stays until the process ends. */
static void loop_release(struct loop *l)
{
    int64_t until_ms = clock_monotonic_ms() + FAREWELL_MS;
    end_conns(l, true);
    do {
        turn(l, FAREWELL_TURN_MS);
    } while ((l->n_conns > 0 || l->jobs > 0) && clock_monotonic_ms() < until_ms);
    turn(l, 0); /* messages that came last */
    journal_flush(l);
    jobs_release(l);
    take_fresh_tls(l);
    SSL_CTX_free(l->secure.ssl_ctx);
    if (l->n_conns == 0 && l->jobs == 0)
        dispose(l);
    else
        log_event(LOG_WARN, "connections did not end", NULL);
    bodies_release();
}

void *loop_main(void *arg)
{
    struct loop *l = arg;
    const struct gateway *g = l->gateway;
    loop_init(l);
    open_gate(l, LOOP_OPEN);
    while (!atomic_load(&g->workers_gone)) {
        turn(l, l->draining ? FAREWELL_TURN_MS : TICK_MS);
        if (atomic_load(&g->stopping))
            drain(l, clock_monotonic_ms());
    }
    open_gate(l, LOOP_NEW);
    loop_release(l);
    sem_post(&l->gateway->ended);
    return NULL;
}

void loop_wake(struct loop *l)
{
    pthread_mutex_lock(&l->gate);
    if (atomic_load(&l->phase) != LOOP_NEW)
        h2o_multithread_send_message(&l->replies, NULL);
    pthread_mutex_unlock(&l->gate);
}

void loop_handler_register(struct gateway *g)
{
    h2o_hostconf_t *host =
        h2o_config_register_host(&g->config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    h2o_pathconf_t *path = h2o_config_register_path(host, "/", 0);
    h2o_handler_t *handler = h2o_create_handler(path, sizeof(*handler));
    handler->on_req = on_request;
}
