#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "domain/export/export.h"
#include "domain/figure/figure.h"
#include "domain/report/held.h"
#include "domain/roster/roster.h"
#include "domain/setting/setting.h"
#include "handlers/auth.h"
#include "handlers/documents.h"
#include "handlers/erase.h"
#include "handlers/handover.h"
#include "handlers/mandates.h"
#include "handlers/payments.h"
#include "media/upload.h"
#include "programs/tramd.h"
#include "store/orphans.h"

#define EVERY_S 30
#define AT_ONCE 200
#define DOCUMENTS_AT_ONCE 2000 /* those that cannot be followed among them */
/* Whose documents keep acts until they are in the log. */
static const struct store_collection *const acting[] = {&staff_collection, &handover_collection,
                                                        &deputy_collection, &roster_collection};

#define BATCHES 50 /* of reports to compute anew, in one sweep */

/* Whose documents name blobs. */
static const struct store_collection *const naming[] = {&upload_collection, &setting_collection,
                                                        &export_collection, NULL};

struct sweeper {
    struct app *app;
    struct orphans *orphans;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
};

/* A month a sweep, the oldest first. */
static int freeze(struct app *app)
{
    struct arena a;
    bool did = false;
    arena_init(&a);
    int done = figure_freeze(app->store, clock_now_ms(), &a, &did);
    arena_release(&a);
    if (done == 0 && did)
        log_event(LOG_INFO, "figures of a month were frozen", NULL);
    return done;
}

/* What fails keeps nothing else back. */
static void say(const char *what, int done)
{
    if (done < 0)
        log_event(LOG_WARN, "the sweep failed", "what", what, "why", result_words(done), NULL);
}

static void sweep_cases(struct app *app)
{
    const struct person_movers movers = {auth_movers, app};
    size_t removed = 0;
    say("exports", export_sweep(app->store, clock_now_ms(), AT_ONCE));
    say("drafts", drafts_sweep(app, clock_now_ms(), AT_ONCE));
    say("documents", documents_sweep(app, clock_now_ms(), DOCUMENTS_AT_ONCE));
    say("erasures", erase_due(app, clock_now_ms(), AT_ONCE));
    say("persons", person_sweep(&app->people, clock_now_ms(), AT_ONCE, &removed));
    say("merged", person_move_due(&app->people, &movers, clock_now_ms(), AT_ONCE));
    say("mandates", mandate_sweep(app->store, clock_now_ms(), AT_ONCE, mandates_tell_over, app));
    say("payments", payments_sweep(app, clock_now_ms(), AT_ONCE));
}

static void sweep(struct app *app)
{
    const struct store_collection *const expiring[] = {
        &otp_collection,      &limit_collection,        &session_collection,
        &eid_flow_collection, &passkey_flow_collection, &report_held_collection};
    size_t removed = 0;
    for (size_t i = 0; i < ARRAY_LEN(expiring); i++)
        say(expiring[i]->name,
            expiry_sweep(app->store, expiring[i], clock_now_ms(), AT_ONCE, &removed));
    say("uploads", upload_sweep(app->store, clock_now_ms(), AT_ONCE, &removed));
    sweep_cases(app);
    for (size_t i = 0; i < ARRAY_LEN(acting); i++)
        say(acting[i]->name, staff_acts_sweep(app->store, acting[i], AT_ONCE));
    say("handover", handover_sweep(app));
    say("figures", freeze(app));
}

static void sweep_orphans(struct orphans *o)
{
    size_t removed = 0;
    int done = orphans_step(o, clock_now_ms(), &removed);
    if (done < 0)
        log_event(LOG_WARN, "blobs that nothing names were not swept", "why", result_words(done),
                  NULL);
}

/* Open cases follow a calendar, or figures, that changed. */
static void recalendar(struct app *app)
{
    CLEANUP(calendar_unrefp) struct calendar *calendar = calendar_current(app->calendar);
    int done = 0;
    for (const struct push_kind *k = app->kinds; k->kept && done == 0; k++) {
        const struct case_world w = {
            .calendar = calendar, .settings = k->settings, .now_ms = clock_now_ms()};
        bool more = true;
        for (int i = 0; i < BATCHES && more && done == 0; i++)
            done = case_recalendar_some(k->kept, app->store, &w, AT_ONCE, &more);
    }
    if (done != 0)
        log_event(LOG_WARN, "deadlines were not computed anew", "why", result_words(done), NULL);
}

static void *sweeper_main(void *arg)
{
    struct sweeper *s = arg;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        pthread_mutex_unlock(&s->lock);
        sweep(s->app);
        sweep_orphans(s->orphans);
        recalendar(s->app);
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += EVERY_S;
        pthread_mutex_lock(&s->lock);
        int late = 0;
        while (!s->stopping && late != ETIMEDOUT)
            late = pthread_cond_clockwait(&s->wake, &s->lock, CLOCK_MONOTONIC, &until);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

int sweeper_start(struct app *app, struct sweeper **ret)
{
    struct sweeper *s = calloc(1, sizeof(*s));
    if (!s)
        return E_NOMEM;
    s->app = app;
    s->orphans = orphans_new(app->store, naming);
    if (!s->orphans) {
        free(s);
        return E_NOMEM;
    }
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->wake, NULL);
    if (pthread_create(&s->thread, NULL, sweeper_main, s) != 0) {
        orphans_free(s->orphans);
        free(s);
        return E_NOMEM;
    }
    *ret = s;
    return 0;
}

void sweeper_stop(struct sweeper *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->wake);
    orphans_free(s->orphans);
    free(s);
}
