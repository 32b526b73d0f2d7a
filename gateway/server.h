/*
 * The part of the gateway that knows h2o. A request's life:
 *
 *   loop thread    on_request: job_new copies all that a worker may need; match, token cache, rate
 *   hand-off       jobs gathered while the loop ran are queued under one lock
 *   worker         job_run: authenticate, guard, decode, the handler, the finished bytes
 *   loop thread    job_send, if the stream still lives
 *
 * Only the loop thread touches job->stream. When the client leaves, a hook in the request's pool
 * sets it to NULL; whoever has the job last frees it.
 */
#pragma once

#include <h2o.h>
#include <semaphore.h>

#include "base/clock.h"
#include "base/net/forwarded.h"
#include "gateway/pages.h"
#include "gateway/private.h"

enum listener_kind { LISTENER_TLS = 1, LISTENER_PLAIN, LISTENER_ADMIN };

/* What is known of a connection. Loop thread only; jobs hold it. */
struct conn {
    struct loop *loop;
    struct conn *next, *before; /* of the loop's open ones; who asked last stands first */
    h2o_socket_t *sock;         /* NULL: closed */
    enum listener_kind kind;
    struct address peer; /* zero on the admin socket */
    char peer_text[ADDRESS_TEXT];
    bool proxy; /* one that we trust: it carries many, and gets no penalties */
    bool ended; /* its socket was shut down; h2o closes it soon */
    int refs;
    unsigned slots;   /* its jobs that are with workers */
    unsigned jobs;    /* requests that are not answered to the end */
    unsigned sending; /* of them those whose response has begun, streams of events aside */
    size_t lent;      /* memory that its responses hold */
    double penalties; /* resets and refusals, draining */
    int64_t penalties_ms;

    /* what the sweep sees of it */
    unsigned unfinished; /* requests whose body has not come whole */
    int64_t looked_ms;
    uint64_t in, out; /* bytes that came, and that the peer has acknowledged */
    uint64_t bodies;  /* bytes of bodies that came whole */
    int64_t held;     /* about what unfinished bodies take */
    struct {          /* since when the pace is measured, and what was there then */
        int64_t since_ms, sending_ms, unfinished_ms; /* the latter two: 0, or since when */
        uint64_t in, out, bodies;
        bool asked; /* a request came whole since */
    } pace;
};

enum job_kind { JOB_REQUEST = 1, JOB_PIECE, JOB_BACKLOG, JOB_ADMIT };

struct job {
    h2o_multithread_message_t message; /* first: to the loop */
    struct job *next;                  /* in a queue */
    struct gateway *gateway;
    struct loop *loop;
    struct conn *conn;
    h2o_req_t *stream;
    bool with_worker, gathered; /* loop thread only; gathered: not even queued yet */
    atomic_bool cancelled;
    enum job_kind kind;
    struct arena arena;
    struct block *body; /* what request.bytes lie in, if not in the arena; held; NULL */
    struct request request;
    struct reply reply;
    const struct compiled_route *route;
    const char *bearer; /* NULL, or not yet verified */
    uint64_t began_ns;
    struct rate_verdict rate;
    struct cache_ask ask;
    struct cached *cached; /* what is answered is shared; held; NULL */
    bool sent;             /* the response was started */
    size_t lent;           /* memory that it holds, as the connection counts it */

    /* a file on its way */
    h2o_generator_t generator;
    int64_t at, end; /* what is left of the range */
    char *piece;     /* FILE_PIECE bytes, owned */
    size_t n_piece;
    int piece_result;

    /* a stream of events */
    struct job *stream_next; /* of the loop's bucket */
    bool subscribed, ready, sending, closing;
    struct buf pending, flying; /* what waits, what h2o has */
    struct buf held, asked;     /* not admitted yet; what a worker judges, then what it let pass */
    int64_t beat_ms, flying_ms; /* the last comment; since when h2o has it */
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct job *first[LANE_COUNT], **last[LANE_COUNT];
    atomic_size_t queued; /* changed under the lock */
    size_t idle;
    unsigned running[LANE_COUNT], width[LANE_COUNT];
    bool stopping;
    sem_t ended; /* once for each thread */
    pthread_t *threads;
    size_t n_threads;
};

#define STREAM_BUCKETS 4096

/*
 * A loop ends in two steps, since workers answer by its queue of messages: it is drained when
 * nobody is connected or the time is up, and goes on turning until the workers are gone.
 */
enum loop_phase { LOOP_NEW = 0, LOOP_OPEN, LOOP_DRAINED };

struct journal {
    char text[32 * 1024]; /* lines that wait */
    size_t n, lines;
    uint64_t since_ns; /* the first of them */
    int64_t time_ms;
    char time[CLOCK_TEXT]; /* of time_ms */
};

#define SPARE_JOBS 128

struct listening {
    struct loop *loop;
    enum listener_kind kind;
    int fd; /* -1: h2o has it, or it is closed */
    h2o_socket_t *sock;
};

struct loop {
    struct gateway *gateway;
    size_t index;
    pthread_t thread;
    atomic_int phase; /* enum loop_phase */
    h2o_evloop_t *evloop;
    h2o_context_t context;
    h2o_multithread_queue_t *messages;
    h2o_multithread_receiver_t replies, publications;
    pthread_mutex_t gate; /* of publications: nobody sends to a loop that is not open */
    h2o_accept_ctx_t secure, plain;
    _Atomic(SSL_CTX *) fresh_tls; /* owned; takes the place of secure.ssl_ctx at the next turn */
    struct listening listening[8];
    size_t n_listening;
    struct rate_table *rates;
    struct journal journal;
    uint64_t chance;   /* of ids of traces: they are told apart, and no secret */
    struct job *spare; /* that were used, and will be again */
    size_t n_spare;
    struct job *batch, **batch_last; /* gathered while the loop ran */
    size_t n_batch;
    struct job *streams[STREAM_BUCKETS];
    size_t n_streams;
    struct conn *conns, *last_conn;
    size_t n_conns;
    int64_t weighed; /* memory that all of them held at the last look */
    h2o_timeout_t tick;
    h2o_timeout_entry_t tick_entry;
    bool draining;
    int64_t drain_since_ms, drain_until_ms;
    size_t jobs; /* alive; loop thread only */
};

struct gateway {
    struct gateway_options options;
    struct routes routes;
    const struct route **tables;
    h2o_globalconf_t config;
    SSL_CTX *tls;
    struct loop *loops;
    size_t n_loops;
    struct queue queue;
    struct token_cache *tokens;
    struct cache *cache;
    atomic_int places; /* taken by connections of all loops */
    int places_max;    /* http.connections, or what the limit of open files allows */
    sem_t wake;        /* of the thread in gateway_run */
    sem_t ended;       /* once for each loop */
    struct cidr_list proxies, watchers;
    enum forwarded_style forwarded; /* what the proxies write */
    const char *forwarded_header;
    char *openapi, *docs;
    size_t n_openapi, n_docs;
    char openapi_etag[40];
    char admin_path[108];
    atomic_bool stopping, reloading, workers_gone;
    const char *cors;    /* "*" or an origin; "" */
    struct pages *pages; /* NULL: there are none */
};

/* False: `until` (CLOCK_MONOTONIC) came first. NULL: waits as long as it takes. */
bool wait_until(sem_t *s, const struct timespec *until);
/* The gateway that serves a request. */
struct gateway *gateway_of_request(const struct request *req);

/* --- worker.c --------------------------------------------------------------------------------- */

int queue_start(struct queue *q, size_t threads, unsigned password_width);
/* Runs what is queued, then joins. E_TIMEOUT: at `until` (CLOCK_MONOTONIC) somebody still worked.
 */
int queue_stop(struct queue *q, const struct timespec *until);
bool queue_full(const struct queue *q, size_t more);
void queue_push(struct queue *q, struct job *jobs, size_t n);

/* --- intake.c --------------------------------------------------------------------------------- */

/* Copies and matches the request; what can be answered at once is answered. NULL: no memory. */
struct job *job_new(struct loop *l, h2o_req_t *req);
void job_free(struct job *j);
void jobs_release(struct loop *l); /* the spare ones */

/* --- body.c ----------------------------------------------------------------------------------- */

struct block;
/* The body of a request stays where it lies until it is dropped, on this thread. NULL: it does not,
 * and must be copied. */
struct block *body_hold(const h2o_req_t *req);
void body_drop(struct block *b);
void bodies_look(void);    /* now and then on a loop's thread: gives back what nobody wanted */
void bodies_release(void); /* a loop's thread ends */

/* --- run.c ------------------------------------------------------------------------------------ */

void job_run(struct job *j); /* on a worker, or on the loop for what is ready at once */
void job_show_cached(struct job *j, struct cached *item); /* takes the hold */

/* --- journal.c -------------------------------------------------------------------------------- */

void journal_add(const struct job *j, int status, size_t bytes); /* and counts it */
void journal_flush(struct loop *l);
int32_t journal_rest_ms(const struct loop *l,
                        int32_t most_ms); /* how long the lines may wait yet */

/* --- send.c, file.c --------------------------------------------------------------------------- */

void job_send(struct job *j); /* starts the response */
/* Status, header fields; the body is the caller's. length SIZE_MAX: not known, or none is said. */
void job_start_response(struct job *j, int status, size_t length);
/* So much more memory is held until its stream is gone; counted against the connection. */
void job_lend(struct job *j, size_t bytes);
/* On a worker: a range outside of the file that was answered becomes a problem. */
void job_check_range(struct job *j);
void job_send_file(struct job *j);
void job_send_piece(struct job *j); /* a piece of a file came from a worker */
void job_read_piece(struct job *j); /* on a worker */
void job_to_worker(struct job *j, enum job_kind kind);

/* --- hub.c ------------------------------------------------------------------------------------ */

void hub_open(struct job *j);     /* response started, subscribed; asks for the backlog */
void hub_backlog(struct job *j);  /* it came */
void hub_admitted(struct job *j); /* what was held was judged */
void hub_remove(struct job *j);
void hub_tick(struct loop *l, int64_t now_ms);
void hub_close_all(struct loop *l);
void hub_on_publications(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages);

/* --- http1.c ---------------------------------------------------------------------------------- */

/* False: a request over HTTP/1 that h2o lets through and RFC 9112 does not; 400, and the end. */
bool http1_sound(h2o_req_t *req);

/* --- conn.c, sweep.c -------------------------------------------------------------------------- */

/* NULL: no memory, or no room. Past the greatest number, who asked for nothing longest is ended. */
struct conn *conn_new(struct loop *l, h2o_socket_t *sock, enum listener_kind kind);
void conn_make_room(struct loop *l);
struct conn *conn_of(h2o_req_t *req);
struct conn *conn_ref(struct conn *c);
void conn_unref(struct conn *c);
/* One is whole: so many bytes of it were held, of which so many are its body. */
void conn_request_came(struct conn *c, size_t bytes, size_t body);
bool conn_take_slot(struct conn *c); /* false: too many with workers */
void conn_give_slot(struct conn *c);
/* One reset or refusal; a connection that goes on is ended. */
void conn_penalty(struct conn *c, int64_t now_ms);
void conn_end(struct conn *c, enum shutdown_cause why); /* h2o notices, and frees what it has */
/* Ends who is too slow, and who holds the most when memory for strangers is used up. */
void sweep(struct loop *l, int64_t now_ms);

/* --- listen.c, tls.c, loop.c ------------------------------------------------------------------ */

int listen_all(struct gateway *g);
void listen_close(struct gateway *g);
int tls_context(struct gateway *g, SSL_CTX **ret);
void *loop_main(void *arg);     /* of a thread; its struct loop */
void loop_wake(struct loop *l); /* any thread */
void loop_handler_register(struct gateway *g);
