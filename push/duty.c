/* Which process of several dispatches, and which sends: two leases, renewed by one thread. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "push/private.h"
#include "store/lease.h"

#define LIFE_MS 9000  /* after a node died, how long until another goes on */
#define RENEW_MS 1000 /* between two tries */

struct duty {
    struct store *store;
    struct lease dispatch, send;
    pthread_t keeper;
    sem_t stop;
    bool running;
};

int duty_new(struct store *s, struct duty **ret)
{
    struct duty *d = calloc(1, sizeof(*d));
    if (!d)
        return E_NOMEM;
    struct id node = id_v4();
    d->store = s;
    lease_init(&d->dispatch, "dispatch", &node, LIFE_MS);
    lease_init(&d->send, "send", &node, LIFE_MS);
    sem_init(&d->stop, 0, 0);
    *ret = d;
    return 0;
}

void duty_free(struct duty *d)
{
    if (!d)
        return;
    duty_stop(d);
    sem_destroy(&d->stop);
    free(d);
}

static void renew(struct duty *d, struct lease *l, const char *name)
{
    bool before = lease_holds(l, clock_monotonic_ms());
    int done = lease_try(d->store, l, clock_monotonic_ms());
    bool now = lease_holds(l, clock_monotonic_ms());
    if (done < 0)
        log_event(LOG_WARN, "a lease could not be renewed", "lease", name, "error",
                  result_words(done), NULL);
    if (now != before)
        log_event(LOG_INFO, now ? "this node took a duty" : "this node lost a duty", "lease", name,
                  NULL);
}

static void *keeper_main(void *arg)
{
    struct duty *d = arg;
    struct timespec until;
    do {
        renew(d, &d->dispatch, "dispatch");
        renew(d, &d->send, "send");
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += RENEW_MS / 1000;
    } while (sem_clockwait(&d->stop, CLOCK_MONOTONIC, &until) != 0 && errno != EINVAL);
    return NULL;
}

int duty_start(struct duty *d)
{
    d->running = pthread_create(&d->keeper, NULL, keeper_main, d) == 0;
    return d->running ? 0 : E_UNAVAILABLE;
}

void duty_stop(struct duty *d)
{
    if (!d || !d->running)
        return;
    sem_post(&d->stop);
    pthread_join(d->keeper, NULL);
    d->running = false;
    lease_give(d->store, &d->dispatch);
    lease_give(d->store, &d->send);
}

bool duty_dispatches(struct duty *d)
{
    return !d || lease_holds(&d->dispatch, clock_monotonic_ms());
}

bool duty_sends(struct duty *d)
{
    return !d || lease_holds(&d->send, clock_monotonic_ms());
}
