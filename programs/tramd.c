/*
 * tramd: the server. This is the composition root: it opens the stores, starts push and the
 * decoders, hands the routes to the gateway, and takes all of it down again in the opposite order.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/net/http_client.h"
#include "base/result.h"
#include "domain/setting/setting.h"
#include "domain/staff/demo.h"
#include "handlers/app.h"
#include "handlers/components/components.h"
#include "handlers/demo.h"
#include "handlers/jobs.h"
#include "handlers/public/public.h"
#include "handlers/rights/consents.h"
#include "media/videos.h"
#include "pay/pay.h"
#include "programs/backup.h"
#include "programs/config_tables.h"
#include "programs/master.h"
#include "programs/shipped.h"
#include "programs/stores.h"
#include "programs/tramd.h"
#include "schemas/builtin.h"

struct arguments {
    const char *folder, *store, *config, *demo_folder;
    bool demo;
};

struct tramd {
    struct arguments arguments;
    struct app app;
    struct arena arena; /* lives as long as the program */
    struct config *config;
    struct stores stores;
    struct http_client *http, *eid_http;
    struct metrics metrics;
    struct sweeper *sweeper;
    struct climber *climber;
    struct follower *follower;
};

static const char usage[] =
    "usage: tramd --data DIR [--store URL] [--config FILE] [--demo [--demo-data DIR]]\n"
    "  --data DIR       the data folder; made if it is not there\n"
    "  --store URL      keep the data on a MongoDB server (mongodb://…) instead of in the folder;\n"
    "                   or a file that holds the URL, as it may hold a password\n"
    "  --config FILE    settings (tramctl config --example shows them all)\n"
    "  --demo           demonstration agencies and accounts; prints one-time codes\n"
    "  --demo-data DIR  where the demonstration data lies (demo)\n";

static int parse_arguments(int argc, char **argv, struct arguments *ret)
{
    static const struct option options[] = {{"data", required_argument, NULL, 'd'},
                                            {"config", required_argument, NULL, 'c'},
                                            {"store", required_argument, NULL, 's'},
                                            {"demo", no_argument, NULL, 'D'},
                                            {"demo-data", required_argument, NULL, 'F'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    *ret = (struct arguments){.demo_folder = "demo"};
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'd')
            ret->folder = optarg;
        else if (c == 's')
            ret->store = optarg;
        else if (c == 'c')
            ret->config = optarg;
        else if (c == 'D')
            ret->demo = true;
        else if (c == 'F')
            ret->demo_folder = optarg;
        else {
            fputs(usage, c == 'h' ? stdout : stderr);
            return c == 'h' ? 1 : E_CONFIG;
        }
    }
    if (ret->folder && optind == argc)
        return 0;
    fputs(usage, stderr);
    return E_CONFIG;
}

static int fail(const char *what, int result, const char *words)
{
    fprintf(stderr, "tramd: %s: %s\n", what, words && words[0] ? words : result_words(result));
    return result < 0 ? result : E_CONFIG;
}

static int load_config(struct tramd *t)
{
    struct buf faults;
    buf_init(&faults, 64 * 1024);
    int done =
        config_load(config_tables, config_tables_n, t->arguments.config, &t->config, &faults);
    if (done < 0)
        fail("configuration", done, faults.data);
    buf_release(&faults);
    t->app.config = t->config;
    return done;
}

/* --- the stores ------------------------------------------------------------------------------- */

static void show_progress(const char *what, int64_t done, int64_t total, void *ctx)
{
    (void)ctx;
    fprintf(stderr, "tramd: rebuilding %s: %lld of %lld\n", what, (long long)done,
            (long long)total);
}

static int open_stores(struct tramd *t)
{
    const char *words = NULL, *store = t->arguments.store;
    char url[STORES_URL_MAX];
    struct sqlite_progress progress = {show_progress, NULL};
    int done = store ? stores_url(store, url) : 0;
    if (done < 0)
        return fail("--store", done, done == E_CONFIG ? "neither a URL nor a file with one" : NULL);
    struct keyring_master master;
    bool has = false;
    done = master_read(config_text(t->config, "keys.source"), config_int(t->config, "keys.timeout"),
                       &master, &has, &words);
    if (done == 0)
        done = stores_open_under(t->arguments.folder, store ? url : NULL, has ? &master : NULL,
                                 &progress, &words, &t->stores);
    bytes_wipe(&master, sizeof(master));
    if (done == E_BUSY)
        return fail(t->arguments.folder, done, "another tramd or tramctl has this folder");
    if (done < 0)
        return fail(store ? "store" : t->arguments.folder, done, words);
    t->app.store = t->stores.data;
    t->app.keys = t->stores.keyring;
    t->app.people = stores_people(&t->stores);
    t->app.tombstones = t->stores.tombstones;
    t->app.folder = t->arguments.folder;
    return 0;
}

static int load_places(struct tramd *t)
{
    struct buf faults;
    struct calendar *calendar = NULL;
    struct area_set *areas = NULL;
    buf_init(&faults, 64 * 1024);
    int done = setting_load_calendar(t->app.store, shipped_calendar.text, shipped_calendar.n,
                                     &faults, &calendar);
    if (done == 0)
        done = calendar_holder_new(calendar, &t->app.calendar);
    t->app.shipped_calendar = shipped_calendar.text;
    t->app.n_shipped_calendar = shipped_calendar.n;
    if (done == 0)
        done = setting_load_areas(t->app.store, shipped_communes.text, shipped_communes.n, &faults,
                                  &areas);
    if (done == 0)
        done = area_holder_new(areas, &t->app.areas);
    if (done == 0)
        done = catalogue_holder_new(t->app.store, &t->app.catalogue);
    if (done == 0)
        done = procedure_holder_new(t->app.store, &t->app.procedures);
    if (done < 0)
        fail("calendar, areas, catalogue, procedures", done, faults.data);
    buf_release(&faults);
    return done;
}

static bool is_empty(struct app *app)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app->catalogue);
    return c->n_agencies == 0;
}

/* Demonstration data into an empty store, whole; without --demo, its secrets are refused. */
static int check_demo(struct tramd *t)
{
    struct app *app = &t->app;
    if (!t->arguments.demo) {
        const char *user = NULL;
        int done = staff_demo_find(app->store, app->keys, &t->arena, &user);
        if (done == 0 && user)
            return fail("demonstration account", E_REFUSED,
                        arena_printf(&t->arena,
                                     "%s has a secret that everybody can read; disable it with "
                                     "tramctl staff disable, or start with --demo",
                                     user));
        return done < 0 ? fail("accounts", done, NULL) : 0;
    }
    bool begun = false;
    int done = demo_begun(app, &begun);
    if (done < 0 || (!begun && !is_empty(app)))
        return done;
    struct buf faults;
    buf_init(&faults, 64 * 1024);
    done = demo_load(app, t->arguments.demo_folder, shipped_categories.text, shipped_categories.n,
                     &faults);
    if (done < 0)
        fail(t->arguments.demo_folder, done, faults.data);
    buf_release(&faults);
    return done;
}

/* --- the parts -------------------------------------------------------------------------------- */

static int start_decoders(struct tramd *t)
{
    const char *what = "media";
    int done = tramd_media(&t->app, &t->arena, &what);
    return done < 0 ? fail(what, done, NULL) : 0;
}

static void tell_streams(void *ctx, const struct id *recipient, const char *wire, size_t n)
{
    struct app *app = ctx;
    if (app->gateway)
        gateway_publish(app->gateway, recipient, wire, n);
}

/* On the committing thread: the dispatcher has work, and what was withdrawn is not shown again. */
static void on_commit(const struct store_commit *commit, void *ctx)
{
    struct app *app = ctx;
    push_wake(app->push, commit->collection, commit->id);
    if (commit->collection != &report_public_collection)
        return;
    public_changed(commit->before, commit->after);
    if (!commit->after && app->gateway)
        gateway_forget_replies(app->gateway);
}

static int make_push(struct tramd *t)
{
    const char *words = NULL;
    struct http_policy policy = {0};
    int done = push_http_policy(t->config, t->arguments.demo, &words, &policy);
    if (done < 0)
        return fail("webhook", done, words);
    done = http_client_new(&policy, &(struct http_limits){0}, &t->http);
    if (done < 0)
        return fail("HTTP client", done, NULL);
    const struct push_options options = {
        .config = t->config,
        .store = t->app.store,
        .people = &t->app.people,
        .keys = t->app.keys,
        .catalogue = t->app.catalogue,
        .areas = t->app.areas,
        .calendar = t->app.calendar,
        .kinds = t->app.kinds,
        .http = t->http,
        .demo = t->arguments.demo,
        .sink = tell_streams,
        .sink_ctx = &t->app,
    };
    done = push_new(&options, &t->app.push);
    if (done < 0)
        return fail("push", done, NULL);
    store_listen(t->app.store, on_commit, &t->app);
    return 0;
}

static int backup(struct app *app, const char *folder, app_tell_fn tell, void *ctx)
{
    struct tramd *t = (struct tramd *)(void *)((char *)app - offsetof(struct tramd, app));
    return backup_make(&t->stores, t->arguments.folder, folder, tell, ctx);
}

/* Who a bearer token is: signature and claims, and whether its session still lives. */
static int authenticate(void *ctx, const char *bearer, struct identity *ret)
{
    return tramd_authenticate(ctx, bearer, ret);
}

static int ready(void *ctx)
{
    return store_ping(((struct app *)ctx)->store);
}

static int make_gateway(struct tramd *t)
{
    const struct gateway_options options = {
        .config = t->config,
        .routes = app_routes,
        .components = app_components(&t->arena),
        .app = &t->app,
        .data_folder = t->arguments.folder,
        .demo = t->arguments.demo,
        .authenticate = authenticate,
        .ready = ready,
        .metrics = &t->metrics,
    };
    t->app.backup = t->stores.shared ? NULL : backup;
    int done = gateway_new(&options, &t->app.gateway);
    const char *taken = "a port is taken; choose another: http.port (TRAM_HTTP_PORT) is for TLS, "
                        "http.demo_port (TRAM_HTTP_DEMO_PORT) for a browser on this machine";
    return done < 0 ? fail("gateway", done, done == E_BUSY ? taken : NULL) : 0;
}

/* --- life ------------------------------------------------------------------------------------- */

static struct gateway *volatile stopping;

static void on_signal(int number)
{
    if (stopping && number == SIGHUP)
        gateway_reload(stopping);
    else if (stopping)
        gateway_stop(stopping);
}

static int serve(struct tramd *t)
{
    stopping = t->app.gateway;
    const struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    int done = push_start(t->app.push);
    if (done == 0)
        done = sweeper_start(&t->app, &t->sweeper);
    if (done == 0)
        done = climber_start(&t->app, &t->climber);
    if (done == 0)
        done = export_worker_start(&t->app);
    if (done == 0)
        done = follower_start(&t->app, &t->follower);
    if (done < 0)
        return fail("threads", done, NULL);
    tramd_greet(&t->app, t->config, t->arguments.demo_folder);
    done = gateway_run(t->app.gateway);
    stopping = NULL;
    store_wind_down(t->app.store);
    follower_stop(t->follower);
    export_worker_stop(&t->app);
    climber_stop(t->climber);
    sweeper_stop(t->sweeper);
    push_stop(t->app.push);
    return done;
}

static int start(struct tramd *t)
{
    const char *words = NULL;
    t->app.kinds[0] =
        (struct push_kind){&report_kept, &t->app.report, consent_note_reports, &t->app};
    t->app.kinds[1] = (struct push_kind){.kept = &dossier_kept, .settings = &t->app.dossier};
    t->app.kinds[2] = (struct push_kind){.kept = &complaint_kept, .settings = &t->app.complaint};
    int done = schema_builtin_load(&t->arena, &words);
    if (done < 0)
        return fail("schemas", done, words);
    for (const struct push_kind *k = t->app.kinds; k->kept && !words; k++)
        words = case_kind_fault(k->kept->kind);
    if (words)
        return fail("the tables of cases", E_CONFIG, words);
    done = load_config(t);
    if (done == 0)
        done = open_stores(t);
    if (done == 0)
        done = load_places(t);
    words = NULL;
    if (done == 0)
        done = tramd_settings(&t->app, t->arguments.demo, &words);
    if (done < 0 && words)
        return fail("configuration", done, words);
    if (done == 0)
        done = check_demo(t);
    if (done == 0)
        done = start_decoders(t);
    if (done == 0)
        done = tramd_videos(&t->app, &t->arena);
    if (done == 0)
        done = jobs_new(&t->app.jobs);
    if (done == 0)
        done = metrics_register(&t->metrics, push_metrics);
    if (done == 0)
        done = metrics_register(&t->metrics, gateway_metrics);
    if (done == 0)
        done = tramd_media_metrics(&t->metrics, &t->app);
    if (done == 0 && !t->stores.shared)
        done = tramd_store_metrics(&t->metrics, t->app.store);
    if (done == 0)
        done = make_push(t);
    if (done == 0)
        done = tramd_eid(&t->app, t->arguments.demo, &t->arena, &t->eid_http, &words);
    if (done < 0 && words)
        return fail("signing in", done, words);
    if (done == 0)
        done = pay_new(t->config, t->arguments.demo, &words, &t->app.pay);
    if (done < 0 && words)
        return fail("payments", done, words);
    if (done == 0 && (done = tramd_replay(&t->app)) < 0)
        return fail("tombstones", done, NULL);
    return done == 0 ? make_gateway(t) : done;
}

static void end(struct tramd *t)
{
    jobs_free(t->app.jobs);
    gateway_free(t->app.gateway);
    t->app.gateway = NULL;
    push_free(t->app.push);
    pay_free(t->app.pay);
    eid_provider_free(t->app.provider);
    http_client_free(t->eid_http);
    http_client_free(t->http);
    videos_free(t->app.videos); /* who waits in it uses the decoders */
    media_pool_free(t->app.forms);
    media_pool_free(t->app.papers);
    media_pool_free(t->app.decoders);
    catalogue_holder_free(t->app.catalogue);
    procedure_holder_free(t->app.procedures);
    area_holder_free(t->app.areas);
    calendar_holder_free(t->app.calendar);
    tramd_rewrite(&t->app);
    stores_close(&t->stores);
    config_free(t->config);
    schema_builtin_unload();
    arena_release(&t->arena);
}

int main(int argc, char **argv)
{
    static struct tramd t;
    int done = parse_arguments(argc, argv, &t.arguments);
    if (done != 0)
        return done > 0 ? 0 : 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    arena_init(&t.arena);
    if (log_start(STDERR_FILENO) < 0)
        return 1;
    done = start(&t);
    if (done == 0)
        done = serve(&t);
    end(&t);
    log_stop();
    return done < 0 ? 1 : 0;
}
