/*
 * One line a request: the route's pattern, never the path; nobody's name, number or address. Lines
 * are gathered for WAIT_MS, since each gift to the log wakes a thread.
 */
#include "base/clock.h"
#include "base/log.h"
#include "gateway/server.h"
#include "gateway/write.h"

#define LINE_MOST ((size_t)512) /* with a pattern of at most PATTERN_MOST */
#define PATTERN_MOST ((size_t)200)
#define WAIT_MS 10

static const char *role_name(enum role role)
{
    static const char *const names[] = {"public", "citizen",   "dispatcher", "officer",
                                        "leader", "inspector", "admin",      "operator"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (role == (enum role)(1 << i))
            return names[i];
    }
    return "?";
}

/* The same for all lines of a millisecond. */
static const char *time_text(struct journal *k, int64_t now_ms)
{
    if (now_ms != k->time_ms || !k->time[0])
        clock_format(now_ms, k->time);
    k->time_ms = now_ms;
    return k->time;
}

void journal_flush(struct loop *l)
{
    struct journal *k = &l->journal;
    if (k->lines > 0)
        log_many(k->text, k->n - 1, k->lines); /* without the last newline */
    k->n = k->lines = 0;
}

int32_t journal_rest_ms(const struct loop *l, int32_t most_ms)
{
    const struct journal *k = &l->journal;
    if (k->lines == 0)
        return most_ms;
    uint64_t waited_ms = (clock_monotonic_ns() - k->since_ns) / 1000000;
    int32_t rest_ms = waited_ms >= WAIT_MS ? 0 : WAIT_MS - (int32_t)waited_ms;
    return rest_ms < most_ms ? rest_ms : most_ms;
}

static char *put_ms(char *at, uint64_t us)
{
    at = put_number(at, us / 1000);
    *at++ = '.';
    for (uint64_t unit = 100; unit > 0; unit /= 10)
        *at++ = (char)('0' + us / unit % 10);
    return at;
}

void journal_add(const struct job *j, int status, size_t bytes)
{
    struct journal *k = &j->loop->journal;
    const struct request *r = &j->request;
    const char *method = method_name(method_of(r->method));
    const char *route = j->route ? j->route->route->path : "-";
    uint64_t now_ns = clock_monotonic_ns(), us = (now_ns - j->began_ns) / 1000;
    if (k->n + LINE_MOST > sizeof(k->text))
        journal_flush(j->loop);
    if (k->lines == 0)
        k->since_ns = now_ns;
    char *at = k->text + k->n;
    at = put(at, "{\"time\":\"");
    at = put(at, time_text(k, r->now_ms));
    at = put(at, "\",\"event\":\"request\",\"method\":\"");
    at = put(at, method[0] == '?' ? "OTHER" : method);
    at = put(at, "\",\"route\":\"");
    at = put_bytes(at, route, strnlen(route, PATTERN_MOST));
    at = put(at, "\",\"status\":");
    at = put_number(at, (uint64_t)status);
    at = put(at, ",\"ms\":");
    at = put_ms(at, us);
    at = put(at, ",\"bytes\":");
    at = put_number(at, bytes);
    at = put(at, ",\"role\":\"");
    at = put(at, role_name(r->who.role));
    at = put(at, "\",\"trace\":\"");
    at = put(at, r->trace_id);
    at = put(at, "\"}\n");
    k->n = (size_t)(at - k->text);
    k->lines++;
    count_request(status, (int64_t)(us / 1000));
}
