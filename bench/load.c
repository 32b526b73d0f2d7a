/*
 * Sends requests of a file and says what became of them, as one line of JSON.
 *
 *   load HOST PORT FILE [--clients N] [--seconds S] [--rate R] [--database DB] [--kind KIND]
 * [--hold MS] [--drain] [--once]
 *
 * FILE has lines of path, token and body, between tabs (body empty: GET); they are sent in turn,
 * from a place drawn by chance, each with an Idempotency-Key of its own. Without --rate each of N
 * clients sends the next as soon as it has its answer; with it R a second are sent by whoever is
 * free. With --database the lag of push is watched (of KIND: report, dossier): "counted" are the
 * answers that came while it was below two seconds, and with --hold nothing is sent while it is
 * above MS. --drain waits at the end until nothing is left to push, and says how long that took.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>

#include "bench/client.h"
#include "bench/lag.h"

#define LAG_MAX_MS 2000 /* above it an answer does not count */
#define DRAIN_S 120

struct load {
    const char *host, *port, *file, *database, *kind;
    size_t n_clients;
    double seconds, rate;
    int64_t hold_ms; /* 0: never */
    bool drain, once;

    struct client_request *lines;
    size_t n_lines, next;
    uint64_t salt, keys; /* of Idempotency-Keys */
    struct flight {
        bool busy;
        uint64_t since_ns;
        char key[40];
    } * flights;
    struct clients *clients;
    uint64_t end_ns;
    uint32_t *times_us;
    size_t n_times, cap_times;
    size_t done, counted, failed, held;
    int first_failure;
    int64_t lag_max_ms;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "load: %s\n", what);
    exit(1);
}

/* --- the file --------------------------------------------------------------------------------- */

static char *read_whole(const char *path, size_t *ret_n)
{
    FILE *f = fopen(path, "r");
    char *text = NULL;
    size_t n = 0, got;
    if (!f)
        fail("the file of requests cannot be read");
    do {
        text = realloc(text, n + 65537);
        got = text ? fread(text + n, 1, 65536, f) : 0;
        n += got;
    } while (got > 0);
    fclose(f);
    if (!text)
        fail("no memory");
    text[n] = '\0';
    *ret_n = n;
    return text;
}

static void add_line(struct load *l, char *line)
{
    char *token = strchr(line, '\t'), *body = token ? strchr(token + 1, '\t') : NULL;
    if (!body)
        fail("a line of the file is not path, token and body");
    *token = *body = '\0';
    token++;
    body++;
    l->lines[l->n_lines++] = (struct client_request){.path = line,
                                                     .token = *token ? token : NULL,
                                                     .body = *body ? body : NULL,
                                                     .n_body = strlen(body)};
}

static void read_lines(struct load *l)
{
    size_t n = 0, lines = 0;
    char *text = read_whole(l->file, &n); /* kept: the requests point into it */
    for (size_t i = 0; i < n; i++)
        lines += text[i] == '\n';
    l->lines = calloc(lines + 1, sizeof(*l->lines));
    for (char *line = text, *end; l->lines && (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        add_line(l, line);
    }
    if (l->n_lines == 0)
        fail("the file of requests is empty");
    l->next = (size_t)(l->salt % l->n_lines);
}

/* --- sending ---------------------------------------------------------------------------------- */

static void send_next(struct load *l, size_t i)
{
    struct flight *f = &l->flights[i];
    struct client_request r = l->lines[l->next++ % l->n_lines];
    snprintf(f->key, sizeof(f->key), "bench-%016llx-%llu", (unsigned long long)l->salt,
             (unsigned long long)l->keys++);
    if (r.body)
        r.key = f->key;
    f->busy = true;
    f->since_ns = now_ns();
    client_send(clients_at(l->clients, i), &r);
}

/* --once: what is sent twice would not be the same any more; the measuring ends with the lines. */
static bool is_through(struct load *l)
{
    if (!l->once || l->keys < l->n_lines)
        return false;
    l->end_ns = now_ns() < l->end_ns ? now_ns() : l->end_ns;
    return true;
}

static bool must_hold(const struct load *l)
{
    return l->hold_ms > 0 && lag_ms() > l->hold_ms;
}

static void note_time(struct load *l, uint64_t ns)
{
    if (l->n_times == l->cap_times) {
        l->cap_times = l->cap_times ? l->cap_times * 2 : 65536;
        l->times_us = realloc(l->times_us, l->cap_times * sizeof(*l->times_us));
        if (!l->times_us)
            fail("no memory");
    }
    l->times_us[l->n_times++] = (uint32_t)(ns / 1000);
}

static void on_reply(struct client *c, int status, void *ctx)
{
    struct load *l = ctx;
    size_t i = client_index(c);
    uint64_t now = now_ns();
    l->flights[i].busy = false;
    if (status >= 200 && status < 300) {
        l->done++;
        l->counted += lag_ms() < LAG_MAX_MS;
        note_time(l, now - l->flights[i].since_ns);
    } else {
        l->failed++;
        l->first_failure = l->first_failure ? l->first_failure : status ? status : -1;
    }
    if (l->rate == 0 && status != 0 && now < l->end_ns && !must_hold(l) && !is_through(l))
        send_next(l, i);
}

/* Starts who is idle: all of them, or as many as the rate wants by now. */
static void start_idle(struct load *l, uint64_t began_ns)
{
    double wanted = l->rate * (double)(now_ns() - began_ns) / 1e9;
    if (must_hold(l)) {
        l->held++;
        return;
    }
    for (size_t i = 0; i < l->n_clients; i++) {
        if (!l->flights[i].busy && !is_through(l) && (l->rate == 0 || (double)l->keys < wanted))
            send_next(l, i);
    }
}

static bool any_busy(const struct load *l)
{
    for (size_t i = 0; i < l->n_clients; i++) {
        if (l->flights[i].busy)
            return true;
    }
    return false;
}

static double run(struct load *l)
{
    uint64_t began = now_ns();
    l->end_ns = began + (uint64_t)(l->seconds * 1e9);
    while (now_ns() < l->end_ns) {
        start_idle(l, began);
        clients_wait(l->clients, l->rate > 0 ? 1 : 10);
        if (lag_ms() > l->lag_max_ms)
            l->lag_max_ms = lag_ms();
    }
    while (any_busy(l) && now_ns() < l->end_ns + 20000000000)
        clients_wait(l->clients, 10);
    return (double)(now_ns() - began) / 1e9;
}

/* Until nothing was due at a few looks in a row. */
static double drain(void)
{
    uint64_t began = now_ns(), empty_since = 0;
    while (now_ns() < began + DRAIN_S * UINT64_C(1000000000)) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        if (lag_ms() > 0)
            empty_since = 0;
        else if (!empty_since)
            empty_since = now_ns();
        else if (now_ns() - empty_since > 100000000)
            return (double)(empty_since - began) / 1e9;
    }
    return DRAIN_S;
}

/* --- what it came to -------------------------------------------------------------------------- */

static int ascending(const void *x, const void *y)
{
    const uint32_t *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

static double quantile_ms(const struct load *l, double q)
{
    return l->n_times ? l->times_us[(size_t)((double)(l->n_times - 1) * q)] / 1e3 : 0;
}

static double cpu_seconds(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void tell(struct load *l, double seconds, double cpu)
{
    double left = l->drain ? drain() : 0;
    if (l->n_times)
        qsort(l->times_us, l->n_times, sizeof(*l->times_us), ascending);
    printf("{\"seconds\":%.3f,\"done\":%zu,\"counted\":%zu,\"failed\":%zu,\"first_failure\":%d,"
           "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"lag_max_ms\":%lld,\"cpu\":%.3f,"
           "\"drain_s\":%.3f}\n",
           seconds, l->done, l->counted, l->failed, l->first_failure, quantile_ms(l, 0.5),
           quantile_ms(l, 0.99), quantile_ms(l, 1), (long long)l->lag_max_ms, cpu / seconds, left);
}

static void parse(struct load *l, int argc, char **argv)
{
    static const struct option options[] = {{"clients", required_argument, NULL, 'c'},
                                            {"seconds", required_argument, NULL, 's'},
                                            {"rate", required_argument, NULL, 'r'},
                                            {"database", required_argument, NULL, 'd'},
                                            {"hold", required_argument, NULL, 'h'},
                                            {"drain", no_argument, NULL, 'e'},
                                            {"once", no_argument, NULL, 'o'},
                                            {"kind", required_argument, NULL, 'k'},
                                            {0}};
    *l = (struct load){.n_clients = 1, .seconds = 5, .kind = "report"};
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'c':
            l->n_clients = strtoul(optarg, NULL, 10);
            break;
        case 's':
            l->seconds = strtod(optarg, NULL);
            break;
        case 'r':
            l->rate = strtod(optarg, NULL);
            break;
        case 'd':
            l->database = optarg;
            break;
        case 'h':
            l->hold_ms = strtoll(optarg, NULL, 10);
            break;
        case 'e':
            l->drain = true;
            break;
        case 'k':
            l->kind = optarg;
            break;
        case 'o':
            l->once = true;
            break;
        default:
            exit(2);
        }
    }
    if (argc - optind != 3 || l->n_clients == 0 || l->n_clients > 4096)
        fail("usage: load HOST PORT FILE [options]");
    l->host = argv[optind];
    l->port = argv[optind + 1];
    l->file = argv[optind + 2];
}

int main(int argc, char **argv)
{
    struct load l;
    parse(&l, argc, argv);
    if (getrandom(&l.salt, sizeof(l.salt), 0) != sizeof(l.salt))
        fail("no randomness");
    read_lines(&l);
    l.flights = calloc(l.n_clients, sizeof(*l.flights));
    if (!l.flights)
        fail("no memory");
    if (l.database)
        lag_start(l.database, l.kind);
    l.clients = clients_open(l.host, l.port, l.n_clients, on_reply, &l);
    double cpu = cpu_seconds();
    double seconds = run(&l);
    tell(&l, seconds, cpu_seconds() - cpu);
    clients_close(l.clients);
    return 0;
}
