#include "push/pump.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "push/claims.h"

#define PUMP_STACK ((size_t)512 * 1024) /* a page of a scan alone takes 20 KB */
#define IDLE_MS 1000                    /* most between two looks: alarms ring at most this late */
#define GATHER_MS 8                     /* after a wake, so that a batch gathers */
#define PASS_MS 250                     /* after which a pass begins again from the oldest… */
#define PASS_MOST_MS 8000               /* …but not before it could come to the youngest */
#define PASS_SHARE 4                    /* and reading the old ones takes a quarter at most */
#define OVERLAP_MS 50  /* of looks within a pass: what commits now was stamped a little earlier */
#define FAILED_MS 1000 /* after a scan that failed */
#define AWAY_MS 200    /* between two looks at whose turn it is */

struct shard {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct pump_job *head, **tail;
    pthread_t thread;
    struct pump *pump;
    size_t worker;
    bool running;
};

struct pump {
    struct pump_options o;
    struct claims *claims;
    struct shard *shards;
    pthread_t scanner;
    bool scanning;
    sem_t wake;
    atomic_bool woken, stopping;
    _Atomic size_t in_hand;
    /* A pass over the path: where it goes on, when it began, how long it may take, and whether it
     * came to the end, from where on it looks at what is new. */
    bool has_after, came_through;
    struct store_position after;
    int64_t pass_ms, pass_most_ms;
};

/* --- jobs ------------------------------------------------------------------------------------- */

static void job_free(struct pump_job *j)
{
    bson_destroy(j->doc);
    free(j);
}

static struct shard *shard_of(const struct pump *p, const struct pump_job *j)
{
    size_t n = p->o.workers;
    return &p->shards[n > 1 ? p->o.shard(&j->id, j->doc) % n : 0];
}

static void enqueue(struct pump *p, struct pump_job *j)
{
    struct shard *s = shard_of(p, j);
    atomic_fetch_add(&p->in_hand, 1);
    pthread_mutex_lock(&s->lock);
    *s->tail = j;
    s->tail = &j->next;
    pthread_cond_signal(&s->filled);
    pthread_mutex_unlock(&s->lock);
}

/* Up to a batch of the shard's jobs. Waits for the first if told to; none when stopping. */
static size_t dequeue(struct pump *p, struct shard *s, bool wait, struct pump_job **ret)
{
    size_t n = 0;
    pthread_mutex_lock(&s->lock);
    while (wait && !s->head && !atomic_load(&p->stopping))
        pthread_cond_wait(&s->filled, &s->lock);
    while (s->head && n < p->o.batch && !atomic_load(&p->stopping)) {
        ret[n++] = s->head;
        s->head = s->head->next;
    }
    if (!s->head)
        s->tail = &s->head;
    pthread_mutex_unlock(&s->lock);
    return n;
}

static void work(struct pump *p, struct shard *s, struct pump_job **jobs, size_t n)
{
    p->o.work(p->o.ctx, s->worker, jobs, n);
    for (size_t i = 0; i < n; i++) {
        claims_finish(p->claims, &jobs[i]->id, jobs[i]->hold_ms, jobs[i]->aside);
        job_free(jobs[i]);
    }
    size_t before = atomic_fetch_sub(&p->in_hand, n);
    if (before >= p->o.queue / 2 && before - n < p->o.queue / 2)
        pump_wake(p); /* the scanner may be waiting for room */
}

static void *worker_main(void *arg)
{
    struct shard *s = arg;
    struct pump *p = s->pump;
    struct pump_job **jobs = calloc(p->o.batch, sizeof(struct pump_job *));
    if (!jobs)
        arena_no_memory("push");
    for (size_t n; (n = dequeue(p, s, true, jobs)) > 0;)
        work(p, s, jobs, n);
    free(jobs);
    return NULL;
}

/* --- finding ---------------------------------------------------------------------------------- */

static void claim(struct pump *p, const bson_t *doc)
{
    struct id id;
    if (!store_document_id(doc, &id) || !claims_take(p->claims, &id))
        return;
    struct pump_job *j = calloc(1, sizeof(*j));
    if (!j)
        arena_no_memory("push");
    j->id = id;
    j->doc = bson_copy(doc);
    enqueue(p, j);
}

/* The time that the path "next" has for a document. */
static int64_t due_of(const struct pump *p, const bson_t *doc)
{
    struct store_value values[STORE_MULTI_MAX];
    int at = store_field_index(p->o.collection, "next");
    int n = at >= 0 ? store_extract(&p->o.collection->fields[at], doc, values) : 0;
    return n > 0 ? values[0].number : 0;
}

/* Of the oldest on a page that was not set aside. */
static int64_t lag_of(const struct pump *p, const struct store_page *page, int64_t now_ms)
{
    for (size_t i = 0; i < page->n; i++) {
        struct id id;
        if (!store_document_id(page->docs[i], &id) || !claims_aside(p->claims, &id))
            return now_ms - due_of(p, page->docs[i]);
    }
    return 0;
}

static int scan_page(struct pump *p, int64_t now_ms, struct arena *a, struct store_page *ret)
{
    struct store_range due = {.has_high = true, .high = store_int(now_ms + 1)};
    struct store_condition condition = {
        .field = "next", .op = STORE_BETWEEN, .ranges = &due, .n_ranges = 1};
    struct store_query q = {.conditions = &condition,
                            .n_conditions = 1,
                            .order = "next",
                            .has_after = p->has_after,
                            .after = p->after,
                            .limit = STORE_LIMIT_MAX};
    return store_scan(p->o.store, p->o.collection, &q, a, ret);
}

/* Where the pass goes on, so that what is in hand is not read again with every look. */
static void move_on(struct pump *p, const struct store_page *page)
{
    if (page->n == 0)
        return;
    p->has_after = true;
    p->after = page->next; /* an int key: it borrows nothing */
    if (!page->more)
        p->after = (struct store_position){
            .key = store_int(due_of(p, page->docs[page->n - 1]) - OVERLAP_MS)};
}

/*
 * Those that are held stand first and are read again with every pass. However many they are, a pass
 * that was cut short is followed by a longer one, until one comes through.
 */
static void allow(struct pump *p, int64_t ms)
{
    p->pass_most_ms = ms < PASS_MS ? PASS_MS : ms < PASS_MOST_MS ? ms : PASS_MOST_MS;
}

static void begin_again(struct pump *p)
{
    if (!p->came_through)
        allow(p, p->pass_most_ms * 2);
    p->has_after = false;
}

static void come_through(struct pump *p)
{
    if (!p->came_through)
        allow(p, (clock_monotonic_ms() - p->pass_ms) * PASS_SHARE);
    p->came_through = true;
}

/* One page: 1 there is more, 0 the pass is over, or a failure. */
static int look(struct pump *p)
{
    int64_t now_ms = clock_now_ms();
    if (!p->has_after) {
        p->pass_ms = clock_monotonic_ms();
        p->came_through = false;
    }
    claims_purge(p->claims, now_ms);
    struct arena a;
    arena_init(&a);
    struct store_page page;
    int done = scan_page(p, now_ms, &a, &page);
    if (done == 0) {
        if (!p->has_after && p->o.lag)
            p->o.lag(lag_of(p, &page, now_ms));
        for (size_t i = 0; i < page.n; i++)
            claim(p, page.docs[i]);
        move_on(p, &page);
        if (!page.more)
            come_through(p);
        done = page.more;
    }
    arena_release(&a);
    return done;
}

static void sleep_ms(int64_t ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

/* Until something was written, or an alarm may have come due. */
static void wait_for_wake(struct pump *p, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    if (sem_clockwait(&p->wake, CLOCK_MONOTONIC, &until) == 0)
        sleep_ms(GATHER_MS);
    atomic_store(&p->woken, false);
}

static int64_t idle_ms(const struct pump *p)
{
    return p->o.idle_ms ? p->o.idle_ms : IDLE_MS;
}

static int64_t overlap_ms(const struct pump *p)
{
    return idle_ms(p) < PASS_MS ? idle_ms(p) : PASS_MS;
}

static void *scanner_main(void *arg)
{
    struct pump *p = arg;
    while (!atomic_load(&p->stopping)) {
        if (p->o.may && !p->o.may(p->o.ctx)) {
            p->has_after = false;
            wait_for_wake(p, AWAY_MS);
            continue;
        }
        if (atomic_load(&p->in_hand) >= p->o.queue) {
            wait_for_wake(p, IDLE_MS);
            continue;
        }
        if (clock_monotonic_ms() - p->pass_ms >= p->pass_most_ms)
            begin_again(p);
        int more = look(p);
        if (more < 0) {
            log_event(LOG_ERROR, "looking for what is due failed", "collection",
                      p->o.collection->name, "error", result_words(more), NULL);
            p->has_after = false;
        }
        if (more != 1)
            wait_for_wake(p, more < 0 ? FAILED_MS : p->has_after ? overlap_ms(p) : idle_ms(p));
    }
    return NULL;
}

void pump_release(struct pump *p, const struct id *id)
{
    claims_release(p->claims, id);
    pump_wake(p);
}

int pump_drain(struct pump *p)
{
    int worked = 0;
    struct pump_job **jobs = calloc(p->o.batch, sizeof(struct pump_job *));
    if (!jobs)
        return E_NOMEM;
    for (bool again = true; again;) {
        int more;
        p->has_after = false;
        do {
            more = look(p);
        } while (more == 1 && atomic_load(&p->in_hand) < p->o.queue);
        again = atomic_load(&p->in_hand) > 0;
        for (size_t i = 0; i < p->o.workers; i++) {
            for (size_t n; (n = dequeue(p, &p->shards[i], false, jobs)) > 0; worked += (int)n)
                work(p, &p->shards[i], jobs, n);
        }
        if (more < 0) {
            worked = more;
            break;
        }
    }
    free(jobs);
    return worked;
}

/* --- life ------------------------------------------------------------------------------------- */

int pump_new(const struct pump_options *o, struct pump **ret)
{
    CLEANUP(pump_freep) struct pump *p = calloc(1, sizeof(*p));
    if (!p)
        return E_NOMEM;
    p->o = *o;
    p->pass_most_ms = PASS_MS;
    sem_init(&p->wake, 0, 0);
    p->shards = calloc(o->workers, sizeof(*p->shards));
    if (!p->shards)
        return E_NOMEM;
    for (size_t i = 0; i < o->workers; i++) {
        struct shard *s = &p->shards[i];
        pthread_mutex_init(&s->lock, NULL);
        pthread_cond_init(&s->filled, NULL);
        s->tail = &s->head;
        s->pump = p;
        s->worker = i;
    }
    int done = claims_new(&p->claims);
    if (done < 0)
        return done;
    *ret = STEAL(p);
    return 0;
}

static bool start_thread(pthread_t *ret, void *(*main)(void *), void *arg, const char *name)
{
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, PUMP_STACK);
    bool started = pthread_create(ret, &attr, main, arg) == 0;
    pthread_attr_destroy(&attr);
    if (started)
        pthread_setname_np(*ret, name);
    return started;
}

int pump_start(struct pump *p)
{
    char name[16];
    atomic_store(&p->stopping, false);
    for (size_t i = 0; i < p->o.workers; i++) {
        struct shard *s = &p->shards[i];
        snprintf(name, sizeof(name), "%.10s-%zu", p->o.name, i % 1000);
        s->running = start_thread(&s->thread, worker_main, s, name);
        if (!s->running)
            return E_UNAVAILABLE;
    }
    p->scanning = start_thread(&p->scanner, scanner_main, p, p->o.name);
    return p->scanning ? 0 : E_UNAVAILABLE;
}

void pump_stop(struct pump *p)
{
    atomic_store(&p->stopping, true);
    pump_wake(p);
    if (p->scanning)
        pthread_join(p->scanner, NULL);
    p->scanning = false;
    for (size_t i = 0; p->shards && i < p->o.workers; i++) {
        struct shard *s = &p->shards[i];
        pthread_mutex_lock(&s->lock);
        pthread_cond_broadcast(&s->filled);
        pthread_mutex_unlock(&s->lock);
        if (s->running)
            pthread_join(s->thread, NULL);
        s->running = false;
    }
}

void pump_free(struct pump *p)
{
    if (!p)
        return;
    pump_stop(p);
    for (size_t i = 0; p->shards && i < p->o.workers; i++) {
        struct shard *s = &p->shards[i];
        for (struct pump_job *j = s->head, *next; j; j = next) {
            next = j->next;
            job_free(j);
        }
        pthread_mutex_destroy(&s->lock);
        pthread_cond_destroy(&s->filled);
    }
    free(p->shards);
    claims_free(p->claims);
    sem_destroy(&p->wake);
    free(p);
}

void pump_wake(struct pump *p)
{
    if (!atomic_exchange(&p->woken, true))
        sem_post(&p->wake);
}
