#include "media/videos.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/result.h"
#include "media/upload_private.h"

#define LOOK_S 5 /* others over the same store announce nothing to us */

enum trial { TRIAL_UNDER_WAY, TRIAL_GOOD, TRIAL_BAD };

struct videos {
    struct videos_options options;
    struct id runner; /* who has the lease */
    pthread_t thread;
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t wake;  /* of the lane, and of who waits for the trial */
    enum trial trial;
    bool stopping, called;
    struct videos_counts counts;
    int64_t since_ms; /* when the check began */
};

static bool is_stopping(struct videos *v)
{
    pthread_mutex_lock(&v->lock);
    bool stopping = v->stopping;
    pthread_mutex_unlock(&v->lock);
    return stopping;
}

static bool go_on(void *ctx)
{
    return !is_stopping(ctx);
}

static void begun(void *ctx)
{
    struct videos *v = ctx;
    pthread_mutex_lock(&v->lock);
    v->counts.running = 1;
    v->since_ms = clock_monotonic_ms();
    pthread_mutex_unlock(&v->lock);
}

static void count(struct videos *v, enum upload_check_end end)
{
    pthread_mutex_lock(&v->lock);
    v->counts.running = 0;
    v->counts.checked += end == UPLOAD_CHECK_SOUND;
    v->counts.refused += end == UPLOAD_CHECK_REFUSED;
    v->counts.back += end == UPLOAD_CHECK_BACK;
    v->counts.worked_ms += (uint64_t)(clock_monotonic_ms() - v->since_ms);
    pthread_mutex_unlock(&v->lock);
}

static void wait_for_work(struct videos *v)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&v->lock);
    int late = 0;
    while (!v->stopping && !v->called && late != ETIMEDOUT)
        late = pthread_cond_clockwait(&v->wake, &v->lock, CLOCK_MONOTONIC, &until);
    v->called = false;
    pthread_mutex_unlock(&v->lock);
}

static void try_out(struct videos *v)
{
    unsigned layers = 0;
    int result = video_try(&v->options.video, &layers);
    pthread_mutex_lock(&v->lock);
    v->trial = result == 0 ? TRIAL_GOOD : TRIAL_BAD;
    pthread_cond_broadcast(&v->wake);
    pthread_mutex_unlock(&v->lock);
    v->options.tried(result, layers);
}

static void *lane(void *arg)
{
    struct videos *v = arg;
    try_out(v);
    bool good = v->trial == TRIAL_GOOD;
    while (good && !is_stopping(v)) {
        enum upload_check_end end = UPLOAD_CHECK_NONE;
        struct arena a;
        arena_init(&a);
        const struct upload_check check = {
            &v->options.service, &v->options.video, v->runner, begun, go_on, v};
        int done = upload_check_next(&check, &a, &end);
        arena_release(&a);
        if (end != UPLOAD_CHECK_NONE)
            count(v, end);
        if (done < 0)
            v->options.failed(done);
        if (end == UPLOAD_CHECK_NONE || done < 0)
            wait_for_work(v);
    }
    return NULL;
}

int videos_new(const struct videos_options *options, struct videos **ret)
{
    struct videos *v = calloc(1, sizeof(*v));
    if (!v)
        return E_NOMEM;
    v->options = *options;
    v->runner = id_v4();
    pthread_mutex_init(&v->lock, NULL);
    pthread_cond_init(&v->wake, NULL);
    if (pthread_create(&v->thread, NULL, lane, v) != 0) {
        pthread_mutex_destroy(&v->lock);
        pthread_cond_destroy(&v->wake);
        free(v);
        return E_NOMEM;
    }
    *ret = v;
    return 0;
}

void videos_free(struct videos *v)
{
    if (!v)
        return;
    pthread_mutex_lock(&v->lock);
    v->stopping = true;
    pthread_cond_broadcast(&v->wake);
    pthread_mutex_unlock(&v->lock);
    pthread_join(v->thread, NULL);
    pthread_mutex_destroy(&v->lock);
    pthread_cond_destroy(&v->wake);
    free(v);
}

int64_t videos_bytes_max(struct videos *v)
{
    if (!v)
        return 0;
    pthread_mutex_lock(&v->lock);
    while (v->trial == TRIAL_UNDER_WAY && !v->stopping)
        pthread_cond_wait(&v->wake, &v->lock);
    bool good = v->trial == TRIAL_GOOD;
    pthread_mutex_unlock(&v->lock);
    return good ? (int64_t)v->options.video.bytes_max : 0;
}

unsigned videos_seconds_max(const struct videos *v)
{
    return v ? v->options.video.seconds_max : 0;
}

size_t videos_waiting_max(const struct videos *v)
{
    return v ? v->options.waiting_max : 0;
}

int videos_are_full(struct videos *v, const struct id *sender, bool *ret)
{
    int done = upload_checks_full(v->options.service.store, sender, v->options.waiting_max, ret);
    pthread_mutex_lock(&v->lock);
    v->counts.full += *ret;
    pthread_mutex_unlock(&v->lock);
    return done;
}

struct videos_counts videos_counts(struct videos *v)
{
    struct videos_counts counts = {0};
    if (!v)
        return counts;
    pthread_mutex_lock(&v->lock);
    counts = v->counts;
    pthread_mutex_unlock(&v->lock);
    return counts;
}

size_t videos_waiting(const struct videos *v)
{
    size_t n = 0;
    int done =
        v ? upload_checks_waiting(v->options.service.store, STORE_LIMIT_MAX, &n) : E_UNAVAILABLE;
    return done == 0 ? n : 0;
}

void videos_wake(struct videos *v)
{
    if (!v)
        return;
    pthread_mutex_lock(&v->lock);
    v->called = true;
    pthread_cond_broadcast(&v->wake);
    pthread_mutex_unlock(&v->lock);
}
