/*
 * What other nodes of a shared store did: notices for streams that are open here, sessions that
 * ended, a calendar or borders that were replaced, procedures imported, keys that were copied into
 * the keyring. An exclusive store has no other nodes.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "domain/setting/setting.h"
#include "programs/shipped.h"
#include "programs/tramd.h"

#define EVERY_MS 200
#define SLOWLY 5            /* what may wait a second is looked at in every fifth round */
#define ENDED_BACK_MS 15000 /* clocks of nodes may differ by so much */
#define ENDED_MAX 200

struct follower {
    struct app *app;
    struct push_tail *tail;
    pthread_t thread;
    sem_t stop;
    int64_t calendar, communes, borders; /* revisions in force */
    int taken; /* what taking them over came to, so that it is told once */
    struct id ended[ENDED_MAX];
    size_t n_ended;
    bool keys_well;
};

static void tell(void *ctx, const struct id *recipient, const char *wire, size_t n)
{
    gateway_publish(((struct app *)ctx)->gateway, recipient, wire, n);
}

static bool knows(const struct follower *f, const struct id *session)
{
    for (size_t i = 0; i < f->n_ended; i++) {
        if (id_equal(&f->ended[i], session))
            return true;
    }
    return false;
}

static int end_sessions(struct follower *f)
{
    struct id ended[ENDED_MAX];
    size_t n = 0;
    int done =
        session_ended_since(f->app->store, clock_now_ms() - ENDED_BACK_MS, ended, ENDED_MAX, &n);
    if (done < 0)
        return done;
    for (size_t i = 0; i < n; i++) {
        if (!knows(f, &ended[i]))
            gateway_end_session(f->app->gateway, &ended[i]);
    }
    for (size_t i = 0; i < n; i++)
        f->ended[i] = ended[i];
    f->n_ended = n;
    return 0;
}

/* The revision of what an administrator set; 0: what the program ships. */
static int64_t revision_of(struct store *s, const char *name)
{
    struct arena a;
    struct setting setting = {0};
    arena_init(&a);
    int done = setting_get(s, name, &a, &setting);
    arena_release(&a);
    return done == 0 ? setting.revision : done == STORE_ABSENT ? 0 : -1;
}

static int reload_calendar(struct app *app, struct buf *faults)
{
    struct calendar *next = NULL;
    int done =
        setting_load_calendar(app->store, shipped_calendar.text, shipped_calendar.n, faults, &next);
    if (done == 0)
        calendar_replace(app->calendar, next);
    return done;
}

static int reload_areas(struct app *app, struct buf *faults)
{
    struct area_set *next = NULL;
    int done =
        setting_load_areas(app->store, shipped_communes.text, shipped_communes.n, faults, &next);
    if (done == 0)
        area_replace(app->areas, next);
    return done;
}

/* What could not be taken over is tried again a second later. */
static void follow_settings(struct follower *f)
{
    struct buf faults;
    struct store *s = f->app->store;
    int64_t calendar = revision_of(s, SETTING_CALENDAR),
            communes = revision_of(s, SETTING_COMMUNES), borders = revision_of(s, SETTING_BORDERS);
    int taken = 0, done = 0;
    buf_init(&faults, 64 * 1024);
    if (calendar >= 0 && calendar != f->calendar) {
        taken = reload_calendar(f->app, &faults);
        f->calendar = taken == 0 ? calendar : f->calendar;
    }
    if (communes >= 0 && borders >= 0 && (communes != f->communes || borders != f->borders)) {
        done = reload_areas(f->app, &faults);
        f->communes = done == 0 ? communes : f->communes;
        f->borders = done == 0 ? borders : f->borders;
    }
    if (taken == 0)
        taken = done;
    if (taken != f->taken && taken != 0)
        log_event(LOG_ERROR, "a setting of another node could not be taken over", "why",
                  result_words(taken), NULL);
    f->taken = taken;
    if (procedure_follow(f->app->procedures) < 0)
        log_event(LOG_ERROR, "procedures that another node imported could not be read", NULL);
    buf_release(&faults);
}

/* Keys that were copied here from the node that made them. */
static void follow_keys(struct follower *f)
{
    bool read = false;
    int done = keyring_follow(f->app->keys, &read);
    if (read)
        log_event(LOG_INFO, "the keyring was read again", NULL);
    if (done != 0 && f->keys_well)
        log_event(LOG_ERROR, "the keyring changed and cannot be read; the keys in use stay", "why",
                  done < 0 ? result_words(done) : "it is sealed by another master key", NULL);
    f->keys_well = done == 0;
}

static void *follower_main(void *arg)
{
    struct follower *f = arg;
    struct timespec until;
    bool well = true;
    for (unsigned round = 0;; round++) {
        int done = push_tail(f->tail, tell, f->app);
        if (done == 0)
            done = end_sessions(f);
        if (round % SLOWLY == 0) {
            follow_settings(f);
            follow_keys(f);
        }
        if (well != (done == 0))
            log_event(done == 0 ? LOG_INFO : LOG_WARN,
                      done == 0 ? "other nodes are followed again" : "other nodes are not followed",
                      "why", done == 0 ? "the store answers" : result_words(done), NULL);
        well = done == 0;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += EVERY_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (sem_clockwait(&f->stop, CLOCK_MONOTONIC, &until) == 0 || errno == EINVAL)
            return NULL;
    }
}

int follower_start(struct app *app, struct follower **ret)
{
    *ret = NULL;
    if (store_exclusive(app->store))
        return 0;
    struct follower *f = calloc(1, sizeof(*f));
    if (!f)
        return E_NOMEM;
    f->app = app;
    f->keys_well = true;
    sem_init(&f->stop, 0, 0);
    f->calendar = revision_of(app->store, SETTING_CALENDAR);
    f->communes = revision_of(app->store, SETTING_COMMUNES);
    f->borders = revision_of(app->store, SETTING_BORDERS);
    int done = push_tail_new(app->store, &f->tail);
    if (done == 0 && pthread_create(&f->thread, NULL, follower_main, f) != 0)
        done = E_UNAVAILABLE;
    if (done < 0) {
        push_tail_free(f->tail);
        free(f);
        return done;
    }
    *ret = f;
    return 0;
}

void follower_stop(struct follower *f)
{
    if (!f)
        return;
    sem_post(&f->stop);
    pthread_join(f->thread, NULL);
    push_tail_free(f->tail);
    sem_destroy(&f->stop);
    free(f);
}
