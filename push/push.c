/* The parts put together: configuration, the two pumps, the sweep. */
#include "push/push.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "domain/identity/limit.h"
#include "push/private.h"
#include "push/templates.h"

#define DISPATCH_BATCH 32
/*
 * Dispatchers mostly wait for commits. Where one thread commits for all, few take more cases at a
 * time, and what a batch costs is shared (measured: filing takes a tenth less of the processor
 * with 8 than with 32; with 4, push fell behind on a busy machine). Where each waits for its own
 * round trips, many wait beside one another.
 */
#define WORKERS_EMBEDDED 8
#define WORKERS_REMOTE 32
#define SEND_BATCH 16
#define JOBS_PER_WORKER 16 /* of senders */
#define JOBS_MAX 512       /* of dispatchers, all together; more where there are more of them */
#define TIDY_S 60
#define SHARED_IDLE_MS 100 /* other nodes' writes wake nobody here: looked for so often */
#define TIDY_MAX 20        /* pages of one sweep */

const struct config_key push_config[] = {
    {"push.workers", CONFIG_INT, "0", 0, 256,
     "Threads that dispatch events; 0: as the store wants it, 8 on SQLite, 32 on MongoDB."},
    {"push.senders", CONFIG_INT, "16", 1, 64, "Threads that call webhooks and the SMS gateway."},
    {"push.inbox_keep", CONFIG_DURATION, "365d", 0, 0, "How long notices stay in an inbox."},
    {"push.sent_keep", CONFIG_DURATION, "7d", 0, 0,
     "How long it is kept that a message or call was sent (never what)."},
    {"push.dead_keep", CONFIG_DURATION, "30d", 0, 0,
     "How long dead letters wait for the operator."},
    {"sms.transport", CONFIG_TEXT, "", 0, 20,
     "How text messages leave: none, http, or print (to stdout, demonstrations only); empty: print "
     "in a "
     "demonstration, else none."},
    {"sms.url", CONFIG_TEXT, "", 0, 1000,
     "Where http posts a message to, as JSON of id, to and text."},
    {"sms.secret_file", CONFIG_SECRET_FILE, "", 0, 0, "The bearer token of sms.url."},
    {"sms.max_per_day", CONFIG_INT, "5000", 1, 10000000,
     "Most text messages of a day, for safety."},
    {"webhook.allow", CONFIG_LIST, "", 0, CIDR_LIST_MAX,
     "Networks that may be called besides public addresses, such as 10.20.0.0/16."},
    {"webhook.ports", CONFIG_LIST, "", 0, HTTP_PORTS_MAX,
     "Ports that may be called; 443 if empty."},
    {"webhook.http", CONFIG_BOOL, "false", 0, 0,
     "Whether calls may go without TLS (demonstrations only)."},
    {0},
};

int push_http_policy(const struct config *config, bool demo, const char **ret_fault,
                     struct http_policy *ret)
{
    *ret = (struct http_policy){.allow_http = config_bool(config, "webhook.http")};
    *ret_fault = NULL;
    if (ret->allow_http && !demo)
        *ret_fault = "webhook.http: for demonstrations only";
    struct config_list allow = config_list(config, "webhook.allow");
    for (size_t i = 0; i < allow.n && !*ret_fault; i++) {
        if (!cidr_parse(allow.items[i], strlen(allow.items[i]), &ret->allowed.items[i]))
            *ret_fault = "webhook.allow: not a network";
        ret->allowed.n++;
    }
    struct config_list ports = config_list(config, "webhook.ports");
    for (size_t i = 0; i < ports.n && !*ret_fault; i++) {
        char *end;
        long port = strtol(ports.items[i], &end, 10);
        if (*end || port < 1 || port > 65535)
            *ret_fault = "webhook.ports: not a port";
        ret->ports[ret->ports_n++] = (uint16_t)port;
    }
    return *ret_fault ? E_CONFIG : 0;
}

/* --- life ------------------------------------------------------------------------------------- */

static size_t case_shard(const struct id *id, const bson_t *doc)
{
    (void)doc;
    return (size_t)id->bytes[14] << 8 | id->bytes[15];
}

static bool may_send(void *ctx)
{
    return duty_sends(((struct push *)ctx)->duty);
}

static int make_kind(struct push *p, const struct push_kind *kind, size_t workers)
{
    size_t i = p->n_kinds++;
    int done = dispatch_new(p, kind, workers, &p->dispatch[i]);
    const struct pump_options o = {
        .name = "dispatch",
        .store = p->o.store,
        .collection = kind->kept->collection,
        .workers = workers,
        .batch = DISPATCH_BATCH,
        .queue = workers > JOBS_MAX / JOBS_PER_WORKER ? workers * JOBS_PER_WORKER : JOBS_MAX,
        .shard = case_shard,
        .work = dispatch_work,
        .lag = set_lag,
        .may = dispatch_may,
        .idle_ms = p->duty ? SHARED_IDLE_MS : 0,
        .ctx = p->dispatch[i]};
    return done == 0 ? pump_new(&o, &p->cases[i]) : done;
}

static int make_pumps(struct push *p)
{
    size_t workers = (size_t)config_int(p->o.config, "push.workers");
    if (workers == 0)
        workers = store_exclusive(p->o.store) ? WORKERS_EMBEDDED : WORKERS_REMOTE;
    size_t senders = (size_t)config_int(p->o.config, "push.senders");
    int done = sending_new(p, senders, &p->sending);
    const struct pump_options letters = {.name = "send",
                                         .store = p->o.store,
                                         .collection = &delivery_collection,
                                         .workers = senders,
                                         .batch = SEND_BATCH,
                                         .queue = senders * JOBS_PER_WORKER,
                                         .shard = sending_shard,
                                         .work = sending_work,
                                         .may = may_send,
                                         .idle_ms = p->duty ? SHARED_IDLE_MS : 0,
                                         .ctx = p};
    if (done == 0)
        done = pump_new(&letters, &p->letters);
    for (const struct push_kind *k = p->o.kinds; done == 0 && k->kept; k++)
        done = p->n_kinds < PUSH_KINDS_MAX ? make_kind(p, k, workers) : E_CONFIG;
    return done;
}

static int check_words(const struct push_kind *kinds)
{
    struct arena a;
    const char *fault = NULL;
    arena_init(&a);
    for (const struct push_kind *k = kinds; k->kept && !fault; k++)
        fault = templates_fault(k->kept->kind, &a);
    if (fault)
        log_event(LOG_ERROR, "notices are not sound", "fault", fault, NULL);
    arena_release(&a);
    return fault ? E_CONFIG : 0;
}

CLEANUP_PTR(struct push, push_free)

int push_new(const struct push_options *o, struct push **ret)
{
    CLEANUP(push_freep) struct push *p = calloc(1, sizeof(*p));
    if (!p)
        return E_NOMEM;
    p->o = *o;
    sem_init(&p->stop, 0, 0);
    p->inbox_keep_ms = config_int(o->config, "push.inbox_keep");
    p->sent_keep_ms = config_int(o->config, "push.sent_keep");
    p->dead_keep_ms = config_int(o->config, "push.dead_keep");
    p->patience_ms = PUSH_PATIENCE_MS;
    const char *fault = NULL;
    int done = sms_transport_init(o->config, o->http, o->demo, &fault, &p->sms);
    if (fault)
        log_event(LOG_ERROR, "the configuration is wrong", "fault", fault, NULL);
    if (done == 0)
        done = check_words(o->kinds);
    if (done == 0 && !store_exclusive(o->store))
        done = duty_new(o->store, &p->duty);
    if (done == 0)
        done = make_pumps(p);
    if (done == 0)
        *ret = STEAL(p);
    return done;
}

void push_free(struct push *p)
{
    if (!p)
        return;
    push_stop(p);
    for (size_t i = 0; i < p->n_kinds; i++)
        pump_free(p->cases[i]);
    pump_free(p->letters);
    for (size_t i = 0; i < p->n_kinds; i++)
        dispatch_free(p->dispatch[i]);
    sending_free(p->sending);
    duty_free(p->duty);
    sms_transport_release(&p->sms);
    sem_destroy(&p->stop);
    free(p);
}

/* --- the sweep -------------------------------------------------------------------------------- */

static int64_t count_path(struct store *s, const char *field)
{
    struct arena a;
    arena_init(&a);
    struct store_range all = {.has_low = true, .low = store_int(0)};
    struct store_condition condition = {
        .field = field, .op = STORE_BETWEEN, .ranges = &all, .n_ranges = 1};
    struct store_tally_query q = {.conditions = &condition, .n_conditions = 1};
    struct store_tally_row *rows = NULL;
    size_t n = 0;
    int done = store_tally(s, &delivery_collection, &q, &a, &rows, &n);
    int64_t count = done == 0 && n > 0 ? rows[0].count : 0;
    arena_release(&a);
    return count;
}

static void tidy(struct push *p)
{
    size_t removed = STORE_LIMIT_MAX;
    int done = 0;
    for (int i = 0; i < TIDY_MAX && done == 0 && removed == STORE_LIMIT_MAX; i++)
        done = expiry_sweep(p->o.store, &delivery_collection, clock_now_ms(), STORE_LIMIT_MAX,
                            &removed);
    if (done < 0)
        log_event(LOG_WARN, "sweeping deliveries failed", "error", result_words(done), NULL);
    set_waiting(count_path(p->o.store, "next"), count_path(p->o.store, "dead"));
}

static void *tidier_main(void *arg)
{
    struct push *p = arg;
    struct timespec until;
    do {
        tidy(p);
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += TIDY_S;
    } while (sem_clockwait(&p->stop, CLOCK_MONOTONIC, &until) != 0 && errno != EINVAL);
    return NULL;
}

static int start_kinds(struct push *p)
{
    int done = 0;
    for (size_t i = 0; i < p->n_kinds && done == 0; i++)
        done = pump_start(p->cases[i]);
    return done;
}

int push_start(struct push *p)
{
    p->started = true;
    int done = p->duty ? duty_start(p->duty) : 0;
    if (done == 0)
        done = pump_start(p->letters);
    if (done == 0)
        done = start_kinds(p);
    if (done == 0) {
        p->tidying = pthread_create(&p->tidier, NULL, tidier_main, p) == 0;
        done = p->tidying ? 0 : E_UNAVAILABLE;
    }
    if (done < 0)
        push_stop(p);
    return done;
}

void push_stop(struct push *p)
{
    if (!p->started)
        return;
    if (p->tidying) {
        sem_post(&p->stop);
        pthread_join(p->tidier, NULL);
        p->tidying = false;
    }
    for (size_t i = 0; i < p->n_kinds; i++)
        pump_stop(p->cases[i]);
    pump_stop(p->letters);
    duty_stop(p->duty);
    p->started = false;
}

int push_drain(struct push *p)
{
    int events = 0;
    for (size_t i = 0; i < p->n_kinds && events >= 0; i++) {
        int done = pump_drain(p->cases[i]);
        events = done < 0 ? done : events + done;
    }
    int letters = events < 0 ? events : pump_drain(p->letters);
    return letters < 0 ? letters : events + letters;
}

void push_wake(struct push *p, const struct store_collection *c, const struct id *id)
{
    (void)id;
    for (size_t i = 0; i < p->n_kinds; i++) {
        if (p->o.kinds[i].kept->collection == c)
            pump_wake(p->cases[i]);
    }
}

/* --- messages asked for by others ------------------------------------------------------------- */

int push_sms(struct push *p, const struct id *id, const char *phone, const char *text,
             int64_t now_ms, int64_t expires_ms)
{
    struct arena a;
    arena_init(&a);
    struct delivery d = {.id = *id,
                         .channel = CHANNEL_SMS,
                         .state = DELIVERY_PENDING,
                         .at_ms = now_ms,
                         .next_ms = now_ms,
                         .until_ms = expires_ms,
                         .what = "message"};
    struct delivery *const row[] = {&d};
    int outcome = 0;
    int done = sms_seal(p->o.keys, id, phone, text, &a, &d.payload);
    if (done == 0)
        done = deliveries_insert(p->o.store, row, 1, &a, &outcome);
    arena_release(&a);
    if (done == 0 && outcome < 0)
        done = outcome;
    if (done == 0)
        pump_wake(p->letters);
    return done;
}
