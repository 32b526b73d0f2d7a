/* Copies of people's data are made here, one after another, on a thread that has time. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "handlers/rights/export.h"
#include "programs/tramd.h"

#define EVERY_S 5 /* where another node was asked, or its claim ran out */

struct export_worker {
    struct app *app;
    struct id id;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool asked, stopping;
};

/* One job; false where there was none. */
static bool work(struct export_worker *w)
{
    struct arena a;
    struct export job;
    arena_init(&a);
    int done = export_claim(w->app->store, &w->id, clock_now_ms(), &a, &job);
    bool had = done == 0;
    if (had)
        done = export_make(w->app, &job, &w->stopping);
    arena_release(&a);
    if (done < 0 && !__atomic_load_n(&w->stopping, __ATOMIC_RELAXED))
        log_event(LOG_WARN, "a copy of somebody's data was not made", "why", result_words(done),
                  NULL);
    return had;
}

static void *worker_main(void *arg)
{
    struct export_worker *w = arg;
    int done = store_exclusive(w->app->store) ? export_free_all(w->app->store, clock_now_ms()) : 0;
    if (done < 0)
        log_event(LOG_WARN, "unfinished copies wait for their claims to run out", "why",
                  result_words(done), NULL);
    pthread_mutex_lock(&w->lock);
    while (!w->stopping) {
        struct timespec until;
        w->asked = false;
        pthread_mutex_unlock(&w->lock);
        bool had = work(w);
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += EVERY_S;
        pthread_mutex_lock(&w->lock);
        int late = had ? ETIMEDOUT : 0;
        while (!w->stopping && !w->asked && late != ETIMEDOUT)
            late = pthread_cond_clockwait(&w->wake, &w->lock, CLOCK_MONOTONIC, &until);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static void wake(struct app *app)
{
    struct export_worker *w = app->exports;
    pthread_mutex_lock(&w->lock);
    w->asked = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

int export_worker_start(struct app *app)
{
    struct export_worker *w = calloc(1, sizeof(*w));
    if (!w)
        return E_NOMEM;
    w->app = app;
    w->id = id_v4();
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    if (pthread_create(&w->thread, NULL, worker_main, w) != 0) {
        free(w);
        return E_NOMEM;
    }
    app->exports = w;
    app->wake_exports = wake;
    return 0;
}

void export_worker_stop(struct app *app)
{
    struct export_worker *w = app->exports;
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    __atomic_store_n(&w->stopping, true, __ATOMIC_RELAXED);
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wake);
    free(w);
    app->exports = NULL;
}
