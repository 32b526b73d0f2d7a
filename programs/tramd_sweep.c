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
#include "handlers/dossier/documents.h"
#include "handlers/identity/auth.h"
#include "handlers/org/mandates.h"
#include "handlers/payment/payments.h"
#include "handlers/rights/erase.h"
#include "handlers/staff/handover.h"
#include "media/blob_check.h"
#include "programs/tramd.h"
#include "store/orphans.h"

#define EVERY_S 30
#define AT_ONCE 200
#define DOCUMENTS_AT_ONCE 2000 /* those that cannot be followed among them */
#define BATCHES 50             /* of reports to compute anew, in one sweep */

struct sweeper {
    struct app *app;
    struct orphans *orphans;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping, woken;
};

/* --- the parts -------------------------------------------------------------------------------- */

static int expire(struct app *app, const struct store_collection *of)
{
    size_t removed = 0;
    return expiry_sweep(app->store, of, clock_now_ms(), AT_ONCE, &removed);
}

static int sweep_uploads(struct app *app, const struct store_collection *of)
{
    (void)of;
    size_t removed = 0;
    return upload_sweep(app->store, clock_now_ms(), AT_ONCE, &removed);
}

static int sweep_exports(struct app *app, const struct store_collection *of)
{
    (void)of;
    return export_sweep(app->store, clock_now_ms(), AT_ONCE);
}

static int sweep_drafts(struct app *app, const struct store_collection *of)
{
    (void)of;
    return drafts_sweep(app, clock_now_ms(), AT_ONCE);
}

static int sweep_documents(struct app *app, const struct store_collection *of)
{
    (void)of;
    return documents_sweep(app, clock_now_ms(), DOCUMENTS_AT_ONCE);
}

static int sweep_erasures(struct app *app, const struct store_collection *of)
{
    (void)of;
    return erase_due(app, clock_now_ms(), AT_ONCE);
}

static int sweep_persons(struct app *app, const struct store_collection *of)
{
    (void)of;
    size_t removed = 0;
    return person_sweep(&app->people, clock_now_ms(), AT_ONCE, &removed);
}

static int sweep_merged(struct app *app, const struct store_collection *of)
{
    (void)of;
    const struct person_movers movers = {auth_movers, app};
    return person_move_due(&app->people, &movers, clock_now_ms(), AT_ONCE);
}

static int sweep_mandates(struct app *app, const struct store_collection *of)
{
    (void)of;
    return mandate_sweep(app->store, clock_now_ms(), AT_ONCE, mandates_tell_over, app);
}

static int sweep_payments(struct app *app, const struct store_collection *of)
{
    (void)of;
    return payments_sweep(app, clock_now_ms(), AT_ONCE);
}

/* Whose documents keep acts until they are in the log. */
static int sweep_acts(struct app *app, const struct store_collection *of)
{
    return staff_acts_sweep(app->store, of, AT_ONCE);
}

static int sweep_handover(struct app *app, const struct store_collection *of)
{
    (void)of;
    return handover_sweep(app);
}

/* A month a sweep, the oldest first. */
static int freeze(struct app *app, const struct store_collection *of)
{
    (void)of;
    struct arena a;
    bool did = false;
    arena_init(&a);
    int done = figure_freeze(app->store, clock_now_ms(), &a, &did);
    arena_release(&a);
    if (done == 0 && did)
        log_event(LOG_INFO, "figures of a month were frozen", NULL);
    return done;
}

/* In this order, a part after the other; what fails keeps nothing else back. */
static const struct part {
    const char *what;
    int (*run)(struct app *app, const struct store_collection *of);
    const struct store_collection *of;
} parts[] = {
    {"otp", expire, &otp_collection},
    {"limit_window", expire, &limit_collection},
    {"session", expire, &session_collection},
    {"eid_flow", expire, &eid_flow_collection},
    {"passkey_flow", expire, &passkey_flow_collection},
    {"report_held", expire, &report_held_collection},
    {"uploads", sweep_uploads, NULL},
    {"exports", sweep_exports, NULL},
    {"drafts", sweep_drafts, NULL},
    {"documents", sweep_documents, NULL},
    {"erasures", sweep_erasures, NULL},
    {"persons", sweep_persons, NULL},
    {"merged", sweep_merged, NULL},
    {"mandates", sweep_mandates, NULL},
    {"payments", sweep_payments, NULL},
    {"acts of staff", sweep_acts, &staff_collection},
    {"acts of handovers", sweep_acts, &handover_collection},
    {"acts of deputies", sweep_acts, &deputy_collection},
    {"acts of rosters", sweep_acts, &roster_collection},
    {"handover", sweep_handover, NULL},
    {"figures", freeze, NULL},
};

static bool is_stopping(struct sweeper *s)
{
    pthread_mutex_lock(&s->lock);
    bool stopping = s->stopping;
    pthread_mutex_unlock(&s->lock);
    return stopping;
}

/*
 * False: to be left for the next time. While the store is away each part would wait for it, and a
 * stop for all of them.
 */
static bool sweep(struct sweeper *s)
{
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (is_stopping(s))
            return false;
        int done = parts[i].run(s->app, parts[i].of);
        if (done < 0)
            log_event(LOG_WARN, "the sweep failed", "what", parts[i].what, "why",
                      result_words(done), NULL);
        if (done == E_UNAVAILABLE && store_ping(s->app->store) != 0)
            return false;
    }
    return true;
}

static void sweep_orphans(struct orphans *o)
{
    size_t removed = 0;
    int done = orphans_step(o, clock_now_ms(), &removed);
    if (done < 0)
        log_event(LOG_WARN, "blobs that nothing names were not swept", "why", result_words(done),
                  NULL);
}

/* Open cases follow a calendar or figures that changed, and what a newer program finds them by. */
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
        if (sweep(s)) {
            sweep_orphans(s->orphans);
            recalendar(s->app);
        }
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += EVERY_S;
        pthread_mutex_lock(&s->lock);
        int late = 0;
        while (!s->stopping && !s->woken && late != ETIMEDOUT)
            late = pthread_cond_clockwait(&s->wake, &s->lock, CLOCK_MONOTONIC, &until);
        s->woken = false;
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void wake(struct app *app)
{
    struct sweeper *s = app->sweeper;
    pthread_mutex_lock(&s->lock);
    s->woken = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
}

int sweeper_start(struct app *app, struct sweeper **ret)
{
    struct sweeper *s = calloc(1, sizeof(*s));
    if (!s)
        return E_NOMEM;
    s->app = app;
    s->orphans = orphans_new(app->store, blob_naming);
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
    app->sweeper = s;
    app->wake_sweep = wake;
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
