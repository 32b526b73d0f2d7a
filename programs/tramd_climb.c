/* The thread that climbs rosters. Every node has one: a rung is rung once by its ids. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "handlers/staff/emergency.h"
#include "programs/tramd.h"

#define EVERY_S 1

struct climber {
    struct app *app;
    pthread_t thread;
    sem_t stop;
};

static void *climber_main(void *arg)
{
    struct climber *c = arg;
    struct timespec until;
    bool failed = false;
    do {
        size_t n = 0;
        int done = emergency_climb(c->app, clock_now_ms(), &n);
        if (done < 0 && !failed)
            log_event(LOG_WARN, "emergencies did not climb", "why", result_words(done), NULL);
        failed = done < 0;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += EVERY_S;
    } while (sem_clockwait(&c->stop, CLOCK_MONOTONIC, &until) != 0 && errno != EINVAL);
    return NULL;
}

int climber_start(struct app *app, struct climber **ret)
{
    struct climber *c = calloc(1, sizeof(*c));
    if (!c)
        return E_NOMEM;
    c->app = app;
    sem_init(&c->stop, 0, 0);
    if (pthread_create(&c->thread, NULL, climber_main, c) != 0) {
        sem_destroy(&c->stop);
        free(c);
        return E_NOMEM;
    }
    *ret = c;
    return 0;
}

void climber_stop(struct climber *c)
{
    if (!c)
        return;
    sem_post(&c->stop);
    pthread_join(c->thread, NULL);
    sem_destroy(&c->stop);
    free(c);
}
