#include "media/pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/result.h"
#include "media/child.h"
#include "media/memfd.h"

#define DECODERS_MAX 64
#define TRIES 2
#define BESIDE 2 /* files that are read from the store, or put there, while others are decoded */

struct slot {
    struct child
        child; /* belongs to the thread that took the slot; pid is written under the lock */
    bool taken;
};

struct media_pool {
    struct media_pool_options options;
    char *path, *argument;
    pthread_mutex_t lock; /* for all below */
    pthread_cond_t freed, left;
    unsigned inside; /* of media_pool_enter */
    struct media_pool_counts counts;
    struct slot slots[DECODERS_MAX];
};

static bool options_are_sound(const struct media_pool_options *o)
{
    return o->decoder_path && media_limits_valid(&o->limits) && o->decoders <= DECODERS_MAX &&
           o->deadline_ms > 0 && o->deadline_ms <= 600000 && o->memory_mb >= 128 &&
           o->memory_mb <= 16384 && o->jobs_each > 0;
}

static unsigned decoders_for_machine(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    return processors >= 4
               ? (processors / 2 < DECODERS_MAX ? (unsigned)(processors / 2) : DECODERS_MAX)
               : 1;
}

/* Without the lock, for its own slot. */
static int start(struct media_pool *pool, struct slot *slot)
{
    struct child fresh;
    int rc = child_start(&fresh, pool->path, pool->argument, pool->options.memory_mb,
                         pool->options.deadline_ms);

    pthread_mutex_lock(&pool->lock);
    slot->child = fresh;
    if (rc == 0) {
        pool->counts.started++;
        pool->counts.layers = fresh.layers;
    }
    pthread_mutex_unlock(&pool->lock);
    return rc;
}

static void end(struct media_pool *pool, struct slot *slot)
{
    struct child old = slot->child;

    pthread_mutex_lock(&pool->lock);
    slot->child = (struct child){.channel = -1};
    pthread_mutex_unlock(&pool->lock);
    child_end(&old);
}

int media_pool_new(const struct media_pool_options *options, struct media_pool **ret)
{
    pthread_condattr_t monotonic;

    *ret = NULL;
    if (!options_are_sound(options))
        return E_INVALID;
    struct media_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return E_NOMEM;
    pool->options = *options;
    pool->path = strdup(options->decoder_path);
    pool->argument = options->argument ? strdup(options->argument) : NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->freed, &monotonic);
    pthread_cond_init(&pool->left, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pool->counts.decoders = options->decoders ? options->decoders : decoders_for_machine();
    int rc = pool->path && (pool->argument || !options->argument) ? 0 : E_NOMEM;
    for (unsigned i = 0; rc == 0 && i < pool->counts.decoders; i++)
        rc = start(pool, &pool->slots[i]);
    if (rc != 0) {
        media_pool_free(pool);
        return rc;
    }
    *ret = pool;
    return 0;
}

void media_pool_free(struct media_pool *pool)
{
    if (!pool)
        return;
    for (unsigned i = 0; i < pool->counts.decoders; i++)
        child_end(&pool->slots[i].child);
    pthread_cond_destroy(&pool->freed);
    pthread_cond_destroy(&pool->left);
    pthread_mutex_destroy(&pool->lock);
    free(pool->path);
    free(pool->argument);
    free(pool);
}

/* A free slot, one with a living decoder if there is; NULL. With the lock. */
static struct slot *find_free(struct media_pool *pool)
{
    struct slot *found = NULL;

    for (unsigned i = 0; i < pool->counts.decoders; i++) {
        struct slot *slot = &pool->slots[i];
        if (!slot->taken && slot->child.pid > 0)
            return slot;
        if (!slot->taken)
            found = slot;
    }
    return found;
}

static struct timespec from_now(unsigned ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

static int take_slot(struct media_pool *pool, struct slot **ret)
{
    struct timespec until = from_now(pool->options.deadline_ms);
    int rc = 0;

    pthread_mutex_lock(&pool->lock);
    *ret = find_free(pool);
    if (!*ret && pool->counts.waiting >= pool->options.waiting_max)
        rc = E_BUSY;
    while (!*ret && rc == 0) {
        pool->counts.waiting++;
        if (pthread_cond_timedwait(&pool->freed, &pool->lock, &until) == ETIMEDOUT)
            rc = E_BUSY;
        pool->counts.waiting--;
        *ret = find_free(pool);
    }
    if (*ret) {
        rc = 0;
        (*ret)->taken = true;
        pool->counts.running++;
    }
    pool->counts.busy += rc == E_BUSY;
    pthread_mutex_unlock(&pool->lock);
    return rc;
}

static void give_slot(struct media_pool *pool, struct slot *slot, int rc, int64_t worked_ms)
{
    pthread_mutex_lock(&pool->lock);
    pool->counts.worked_ms += (uint64_t)worked_ms;
    slot->taken = false;
    pool->counts.running--;
    pool->counts.decoded += rc == 0;
    pool->counts.refused += rc == MEDIA_REFUSED || rc == MEDIA_CRASHED;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

/* One try in a slot: starts its decoder if there is none, ends it if it is of no more use. */
static int try_in(struct media_pool *pool, struct slot *slot, int input, size_t n,
                  const struct media_limits *limits, struct media_result *ret)
{
    const struct media_pool_options *o = &pool->options;
    int rc = slot->child.pid > 0 ? 0 : start(pool, slot);

    if (rc != 0)
        return rc;
    rc = child_decode(&slot->child, input, n, limits, o->deadline_ms, ret);
    /* After a failure it is not known whether an answer is still to come. */
    if (rc < 0 || rc == CHILD_DIED || rc == CHILD_SLOW || slot->child.jobs >= o->jobs_each)
        end(pool, slot);
    pthread_mutex_lock(&pool->lock);
    pool->counts.crashed += rc == CHILD_DIED;
    pool->counts.slow += rc == CHILD_SLOW;
    pthread_mutex_unlock(&pool->lock);
    return rc;
}

static int decode_sealed(struct media_pool *pool, int input, size_t n,
                         const struct media_limits *limits, struct media_result *ret)
{
    struct slot *slot;
    int rc = take_slot(pool, &slot);

    if (rc != 0)
        return rc;
    int64_t since_ms = clock_monotonic_ms();
    for (int i = 0; i < TRIES; i++) {
        rc = try_in(pool, slot, input, n, limits, ret);
        if (rc != CHILD_DIED)
            break;
    }
    if (rc == CHILD_DIED) {
        ret->fault = MEDIA_FAULT_CRASHED;
        rc = MEDIA_CRASHED;
    } else if (rc == CHILD_SLOW) {
        ret->fault = MEDIA_FAULT_TOO_SLOW;
        rc = MEDIA_REFUSED;
    }
    give_slot(pool, slot, rc, clock_monotonic_ms() - since_ms);
    return rc;
}

static int seal_buffer(const struct media_input *input, int *ret_fd)
{
    int rc = memfd_new(ret_fd);

    if (rc == 0)
        rc = memfd_append(*ret_fd, input->bytes, input->n);
    if (rc == 0)
        rc = memfd_seal(*ret_fd);
    return rc;
}

/* The pool's limits, with the boxes of this picture. */
static bool limits_of(const struct media_pool *pool, const struct media_input *input,
                      struct media_limits *ret)
{
    *ret = pool->options.limits;
    if (input->n_boxes > MEDIA_BOXES_MAX)
        return false;
    ret->n_boxes = (uint32_t)input->n_boxes;
    if (input->n_boxes > 0)
        memcpy(ret->boxes, input->boxes, input->n_boxes * sizeof(*input->boxes));
    return media_limits_valid(ret);
}

int media_decode(struct media_pool *pool, const struct media_input *input, struct media_result *ret)
{
    struct media_limits limits;
    CLEANUP(closep) int own = -1;
    int fd = input->fd;
    int rc = 0;

    memset(ret, 0, sizeof *ret);
    int64_t n = fd >= 0 ? memfd_size(fd) : (int64_t)input->n;
    if (n < 0 || (fd >= 0 && !memfd_sealed(fd)) || !limits_of(pool, input, &limits))
        return E_INVALID;
    if (n == 0 || (uint64_t)n > pool->options.limits.bytes_max) {
        ret->fault = n == 0 ? MEDIA_FAULT_EMPTY : MEDIA_FAULT_TOO_MANY_BYTES;
        pthread_mutex_lock(&pool->lock);
        pool->counts.refused++;
        pthread_mutex_unlock(&pool->lock);
        return MEDIA_REFUSED;
    }
    if (fd < 0) {
        rc = seal_buffer(input, &own);
        fd = own;
    }
    return rc == 0 ? decode_sealed(pool, fd, (size_t)n, &limits, ret) : rc;
}

int media_pool_enter(struct media_pool *pool)
{
    struct timespec until = from_now(pool->options.deadline_ms);
    int rc = 0;

    pthread_mutex_lock(&pool->lock);
    unsigned room = pool->counts.decoders + BESIDE;
    if (pool->inside >= room && pool->counts.waiting >= pool->options.waiting_max)
        rc = E_BUSY;
    while (pool->inside >= room && rc == 0) {
        pool->counts.waiting++;
        if (pthread_cond_timedwait(&pool->left, &pool->lock, &until) == ETIMEDOUT)
            rc = E_BUSY;
        pool->counts.waiting--;
    }
    if (pool->inside < room) {
        rc = 0;
        pool->inside++;
    }
    pool->counts.busy += rc == E_BUSY;
    pthread_mutex_unlock(&pool->lock);
    return rc;
}

void media_pool_leave(struct media_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->inside--;
    pthread_cond_signal(&pool->left);
    pthread_mutex_unlock(&pool->lock);
}

struct media_pool_counts media_pool_counts(struct media_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct media_pool_counts counts = pool->counts;
    pthread_mutex_unlock(&pool->lock);
    return counts;
}

unsigned media_pool_pids(struct media_pool *pool, pid_t *ret_pids, unsigned max)
{
    pthread_mutex_lock(&pool->lock);
    unsigned n = pool->counts.decoders < max ? pool->counts.decoders : max;
    for (unsigned i = 0; i < n; i++)
        ret_pids[i] = pool->slots[i].child.pid;
    pthread_mutex_unlock(&pool->lock);
    return n;
}
