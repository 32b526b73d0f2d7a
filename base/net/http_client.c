/* The client's thread and its queue. */
#include "base/net/http_client.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/net/http_private.h"
#include "base/result.h"

#define IN_FLIGHT_DEFAULT 64
#define IN_FLIGHT_MAX 1024
#define QUEUE_DEFAULT 1024
#define QUEUE_MAX (1 << 16)
#define POLL_MS 500 /* so often are calls that waited too long let go */

CLEANUP_PTR(struct http_client, http_client_free)

struct http_job {
    struct http_transfer transfer;
    http_done_fn done;
    void *ctx;
    struct http_job *next; /* in the queue */
};

static void job_free(struct http_job *job)
{
    if (!job)
        return;
    http_transfer_release(&job->transfer);
    free(job);
}

CLEANUP_PTR(struct http_job, job_free)

struct http_client {
    struct http_rules rules;
    struct http_limits limits;
    CURLM *multi;
    struct http_job **active; /* in_flight of them; only the thread touches it */
    pthread_t thread;
    bool started;

    pthread_mutex_t lock; /* over everything below */
    struct http_job *first, **end;
    struct http_counts counts;
    bool stopping;
};

/* --- the thread ------------------------------------------------------------------------------- */

/* Not under the lock: the callee may submit again. */
static void end_job(struct http_client *c, struct http_job *job, CURLcode code)
{
    struct http_reply reply;
    int r = http_transfer_finish(&job->transfer, code, &reply);

    pthread_mutex_lock(&c->lock);
    if (r == HTTP_REFUSED)
        c->counts.refused++;
    else if (r)
        c->counts.failed++;
    pthread_mutex_unlock(&c->lock);
    job->done(job->ctx, r, &reply);
    http_reply_release(&reply);
    job_free(job);
}

static void end_active(struct http_client *c, struct http_job *job, CURLcode code)
{
    size_t i = 0;

    curl_multi_remove_handle(c->multi, job->transfer.easy);
    while (c->active[i] != job)
        i++;
    pthread_mutex_lock(&c->lock);
    c->active[i] = c->active[--c->counts.in_flight];
    pthread_mutex_unlock(&c->lock);
    end_job(c, job, code);
}

static void end_finished(struct http_client *c)
{
    int left;

    for (CURLMsg *message; (message = curl_multi_info_read(c->multi, &left));) {
        struct http_job *job;
        char *transfer; /* the job's first member */

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        job = (struct http_job *)(void *)transfer;
        end_active(c, job, message->data.result);
    }
}

/* The queue's first job if there is room for it, else the first that waited too long, or NULL. */
static struct http_job *take_queued(struct http_client *c, int64_t now_ms, bool *ret_late)
{
    struct http_job **link, *job = NULL;

    pthread_mutex_lock(&c->lock);
    for (link = &c->first; *link; link = &(*link)->next) {
        *ret_late = (*link)->transfer.deadline_ms <= now_ms;
        if (*ret_late || c->counts.in_flight < c->limits.in_flight)
            break;
    }
    job = *link;
    if (job) {
        *link = job->next;
        if (!*link)
            c->end = link;
        c->counts.queued--;
        if (!*ret_late)
            c->active[c->counts.in_flight++] = job;
    }
    pthread_mutex_unlock(&c->lock);
    return job;
}

static void start_queued(struct http_client *c)
{
    int64_t now_ms = clock_monotonic_ms();
    struct http_job *job;
    bool late;

    while ((job = take_queued(c, now_ms, &late))) {
        if (late) {
            end_job(c, job, CURLE_OPERATION_TIMEDOUT);
            continue;
        }
        curl_easy_setopt(job->transfer.easy, CURLOPT_TIMEOUT_MS,
                         (long)(job->transfer.deadline_ms - now_ms));
        if (curl_multi_add_handle(c->multi, job->transfer.easy) != CURLM_OK)
            end_active(c, job, CURLE_OUT_OF_MEMORY);
    }
}

static bool is_stopping(struct http_client *c)
{
    bool stopping;

    pthread_mutex_lock(&c->lock);
    stopping = c->stopping;
    pthread_mutex_unlock(&c->lock);
    return stopping;
}

/* Nobody can submit any more. */
static void end_all(struct http_client *c)
{
    struct http_job *job;

    while (c->counts.in_flight > 0)
        end_active(c, c->active[0], CURLE_ABORTED_BY_CALLBACK);
    while ((job = c->first)) {
        c->first = job->next;
        c->counts.queued--;
        end_job(c, job, CURLE_ABORTED_BY_CALLBACK);
    }
}

static void *run(void *arg)
{
    struct http_client *c = arg;
    int running;

    while (!is_stopping(c)) {
        curl_multi_perform(c->multi, &running);
        end_finished(c);
        start_queued(c); /* makes the poll return at once if it started any */
        curl_multi_poll(c->multi, NULL, 0, POLL_MS, NULL);
    }
    end_all(c);
    return NULL;
}

/* --- life ------------------------------------------------------------------------------------- */

static void init_curl(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
}

static bool in_bounds(const struct http_policy *policy, const struct http_limits *limits)
{
    return limits->in_flight <= IN_FLIGHT_MAX && limits->queue <= QUEUE_MAX &&
           policy->ports_n <= HTTP_PORTS_MAX && policy->allowed.n <= CIDR_LIST_MAX;
}

static int set_up(struct http_client *c, const struct http_policy *policy)
{
    c->rules.policy = *policy;
    if (policy->ca_file) {
        c->rules.ca_file = strdup(policy->ca_file);
        if (!c->rules.ca_file)
            return E_NOMEM;
    }
    c->rules.policy.ca_file = c->rules.ca_file;
    c->active = calloc(c->limits.in_flight, sizeof(struct http_job *));
    c->multi = curl_multi_init();
    if (!c->active || !c->multi)
        return E_NOMEM;
    curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)c->limits.in_flight);
    return 0;
}

/* Signals are for the main thread; SIGPIPE, which TLS may raise, for nobody. */
static int start_thread(struct http_client *c)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    c->started = pthread_create(&c->thread, NULL, run, c) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!c->started)
        return E_UNAVAILABLE;
    pthread_setname_np(c->thread, "http-client");
    return 0;
}

int http_client_new(const struct http_policy *policy, const struct http_limits *limits,
                    struct http_client **ret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    CLEANUP(http_client_freep) struct http_client *c = NULL;
    int r;

    if (!in_bounds(policy, limits))
        return E_INVALID;
    pthread_once(&once, init_curl);
    c = calloc(1, sizeof(*c));
    if (!c)
        return E_NOMEM;
    pthread_mutex_init(&c->lock, NULL);
    c->end = &c->first;
    c->limits.in_flight = limits->in_flight ? limits->in_flight : IN_FLIGHT_DEFAULT;
    c->limits.queue = limits->queue ? limits->queue : QUEUE_DEFAULT;
    r = set_up(c, policy);
    r = r ? r : start_thread(c);
    if (r)
        return r;
    *ret = STEAL(c);
    return 0;
}

void http_client_free(struct http_client *c)
{
    if (!c)
        return;
    if (c->started) {
        pthread_mutex_lock(&c->lock);
        c->stopping = true;
        pthread_mutex_unlock(&c->lock);
        curl_multi_wakeup(c->multi);
        pthread_join(c->thread, NULL);
    }
    curl_multi_cleanup(c->multi);
    pthread_mutex_destroy(&c->lock);
    free(c->active);
    free(c->rules.ca_file);
    free(c);
}

/* --- submitting ------------------------------------------------------------------------------- */

static int enqueue(struct http_client *c, struct http_job *job)
{
    int r = 0;

    pthread_mutex_lock(&c->lock);
    if (c->stopping) {
        r = E_UNAVAILABLE;
    } else if (c->counts.queued >= c->limits.queue) {
        r = E_BUSY;
    } else {
        *c->end = job;
        c->end = &job->next;
        c->counts.queued++;
        c->counts.calls++;
    }
    pthread_mutex_unlock(&c->lock);
    return r;
}

int http_submit(struct http_client *c, const struct http_request *request, http_done_fn done,
                void *ctx)
{
    CLEANUP(job_freep) struct http_job *job = calloc(1, sizeof(*job));
    int r;

    if (!job)
        return E_NOMEM;
    job->done = done;
    job->ctx = ctx;
    r = http_transfer_init(&job->transfer, &c->rules, request);
    r = r ? r : enqueue(c, job);
    if (r)
        return r;
    job = NULL; /* the thread's now */
    curl_multi_wakeup(c->multi);
    return 0;
}

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool has_ended;
    int result;
    struct http_reply *reply;
};

static void wake_waiter(void *ctx, int result, struct http_reply *reply)
{
    struct waiter *w = ctx;

    pthread_mutex_lock(&w->lock);
    *w->reply = *reply;
    memset(reply, 0, sizeof(*reply));
    w->result = result;
    w->has_ended = true;
    pthread_cond_signal(&w->ended);
    pthread_mutex_unlock(&w->lock);
}

int http_call(struct http_client *c, const struct http_request *request, struct http_reply *ret)
{
    struct waiter w = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};
    int r;

    memset(ret, 0, sizeof(*ret));
    if (pthread_equal(pthread_self(), c->thread))
        return E_INVALID;
    w.reply = ret;
    r = http_submit(c, request, wake_waiter, &w);
    if (r)
        return r;
    pthread_mutex_lock(&w.lock);
    while (!w.has_ended)
        pthread_cond_wait(&w.ended, &w.lock);
    pthread_mutex_unlock(&w.lock);
    return w.result;
}

struct http_counts http_client_counts(struct http_client *c)
{
    struct http_counts counts;

    pthread_mutex_lock(&c->lock);
    counts = c->counts;
    pthread_mutex_unlock(&c->lock);
    return counts;
}
