/* The clocks of a case: which runs is said by the state, what is due by the calendar. */
#include "domain/case/private.h"

#include <string.h>

static void row_to_clock(const struct case_clock_row *r, struct case_clock *ret)
{
    *ret = (struct case_clock){
        .name = (int)r->name,
        .unit = (enum calendar_unit)r->unit,
        .budget = r->budget,
        .state = (enum clock_state)r->state,
        .started_ms = r->started_ms,
        .carried = r->carried,
        .carried_to_ms = r->carried_to_ms,
        .n_runs = (int)(r->runs.n < CLOCK_RUNS_MAX ? r->runs.n : CLOCK_RUNS_MAX),
    };
    memcpy(ret->runs, r->runs.items ? r->runs.items : ret->runs,
           (size_t)ret->n_runs * sizeof(struct clock_run));
}

static void clock_to_row(const struct case_clock *k, struct case_clock_row *r, struct arena *a)
{
    r->name = k->name;
    r->unit = (int64_t)k->unit;
    r->budget = k->budget;
    r->state = (int64_t)k->state;
    r->started_ms = k->started_ms;
    r->carried = k->carried;
    r->carried_to_ms = k->carried_to_ms;
    r->runs.n = (size_t)k->n_runs;
    r->runs.items = arena_dup(a, k->runs, (size_t)k->n_runs * sizeof(struct clock_run));
}

struct case_clock_row *case_clock_row(struct case_head *h, int name, struct arena *a)
{
    struct case_clock_row *rows = h->clocks.items;
    for (size_t i = 0; i < h->clocks.n; i++) {
        if (rows[i].name == name)
            return &rows[i];
    }
    struct case_clock_row *r = case_list_add(&h->clocks, sizeof(*r), a);
    r->name = name;
    return r;
}

bool case_clock_get(const struct case_head *h, int name, struct case_clock *ret)
{
    const struct case_clock_row *rows = h->clocks.items;
    for (size_t i = 0; i < h->clocks.n; i++) {
        if (rows[i].name == name) {
            row_to_clock(&rows[i], ret);
            return ret->state != CLOCK_STATE_IDLE;
        }
    }
    return false;
}

static struct case_span span_of(const struct case_clock_kind *kind, const void *record,
                                const struct case_world *w)
{
    struct case_span span = {.unit = kind->unit, .from_ms = w->now_ms};
    if (kind->span)
        kind->span(record, w, &span);
    else
        span.n = kind->budget(w);
    return span;
}

/* From when it is to run. */
static int64_t begin_anew(const struct case_kind *k, const struct case_head *h,
                          struct case_clock_row *r, const struct case_world *w,
                          struct case_clock *clock)
{
    struct case_span span = span_of(&k->clocks[r->name], h, w);
    if (!r->missed_ms && clock->state != CLOCK_STATE_IDLE &&
        clock_is_late(clock, w->calendar, w->now_ms))
        r->missed_ms = w->now_ms;
    clock_init(clock, (int)r->name, span.unit, span.n);
    r->extended = r->warned_ms = r->late_ms = 0;
    return span.from_ms;
}

/* Starts or resumes the clock that the new state wants. */
static int clock_run_on(const struct case_kind *k, struct case_head *h, int name, bool renew,
                        const struct case_world *w, struct arena *a)
{
    struct case_clock_row *r = case_clock_row(h, name, a);
    struct case_clock clock;
    int64_t from_ms = w->now_ms;
    row_to_clock(r, &clock);
    if (renew || clock.state == CLOCK_STATE_IDLE || clock.state == CLOCK_STATE_STOPPED)
        from_ms = begin_anew(k, h, r, w, &clock);
    int done = clock.state == CLOCK_STATE_IDLE ? clock_start(&clock, from_ms)
                                               : clock_resume(&clock, w->calendar, w->now_ms);
    if (done < 0)
        return done;
    clock_to_row(&clock, r, a);
    return 0;
}

static int clock_halt(struct case_head *h, int name, bool for_good, const struct case_world *w,
                      struct arena *a)
{
    struct case_clock_row *r = case_clock_row(h, name, a);
    struct case_clock clock;
    row_to_clock(r, &clock);
    int done = for_good ? clock_stop(&clock, w->now_ms) : clock_pause(&clock, w->now_ms);
    if (done < 0)
        return done;
    clock_to_row(&clock, r, a);
    return 0;
}

int case_clocks_move(const struct case_kind *k, struct case_head *h, const struct case_row *row,
                     int from, int to, const struct case_world *w, struct arena *a)
{
    int leaving = k->states[from].clock, entering = k->states[to].clock;
    bool closing = !k->states[to].open;
    for (int name = 1; name < (int)k->n_clocks; name++) {
        struct case_clock clock;
        if (!case_clock_get(h, name, &clock))
            continue;
        bool stop = closing || (row->stops & (1U << name));
        bool pause = name == leaving && name != entering;
        int done = stop || pause ? clock_halt(h, name, stop, w, a) : 0;
        if (done < 0)
            return done;
    }
    bool renew = entering && (row->renews & (1U << entering));
    if (entering && (entering != leaving || renew))
        return clock_run_on(k, h, entering, renew, w, a);
    return 0;
}

/* When this running clock next wants to be looked at; 0 never. */
static int64_t next_alarm(const struct case_clock_kind *kind, const struct case_clock_row *r,
                          const struct case_world *w)
{
    if (kind->warn_ms && !r->warned_ms)
        return r->due_ms - kind->warn_ms(w, r->budget);
    if (!r->late_ms && (kind->when_due || kind->late_whom[0]))
        return r->due_ms + 1;
    return 0;
}

/* 0 while nothing is due. */
static int64_t due_of(const struct case_clock_row *r, const struct calendar *c)
{
    struct case_clock clock;
    int64_t due = 0;
    row_to_clock(r, &clock);
    return clock_due_ms(&clock, c, &due) == 0 ? due : 0;
}

void case_recompute_of(const struct case_kind *k, struct case_head *h, const void *record,
                       const struct calendar *c, const struct case_world *w)
{
    int running = h->state > 0 ? k->states[h->state].clock : 0;
    h->due_ms = h->next_ms = 0;
    struct case_clock_row *rows = h->clocks.items;
    for (size_t i = 0; i < h->clocks.n; i++) {
        rows[i].due_ms = due_of(&rows[i], c);
        if (rows[i].name == running && rows[i].due_ms) {
            h->due_ms = rows[i].due_ms;
            h->next_ms = next_alarm(&k->clocks[running], &rows[i], w);
        }
    }
    const int64_t alarms[] = {case_demand_alarm(h), k->alarm ? k->alarm(record) : 0};
    for (size_t i = 0; i < ARRAY_LEN(alarms); i++) {
        if (alarms[i] && (!h->next_ms || alarms[i] < h->next_ms))
            h->next_ms = alarms[i];
    }
    const struct case_event *events = h->events.items;
    for (size_t i = 0; i < h->events.n; i++) {
        if (!h->next_ms || events[i].at_ms < h->next_ms)
            h->next_ms = events[i].at_ms;
    }
}

void case_recompute(const struct case_kind *k, struct case_head *h, const struct calendar *c,
                    const struct case_world *w, struct arena *a)
{
    (void)a;
    case_recompute_of(k, h, h, c, w);
}

/* What rang for an instant that has moved away has not rung for the new one. */
static void silence(const struct case_clock_kind *kind, struct case_clock_row *r,
                    const struct case_world *w)
{
    if (r->due_ms && w->now_ms > r->due_ms)
        return;
    r->late_ms = 0;
    if (!r->due_ms || !kind->warn_ms || w->now_ms < r->due_ms - kind->warn_ms(w, r->budget))
        r->warned_ms = 0;
}

bool case_recalendar(const struct case_kind *k, void *record, const struct case_world *w,
                     struct arena *a)
{
    struct case_head *h = record;
    struct case_clock_row *rows = h->clocks.items;
    bool changed = false;
    for (size_t i = 0; i < h->clocks.n; i++) {
        struct case_world then = *w;
        then.now_ms = rows[i].started_ms;
        if (rows[i].state != CLOCK_STATE_RUNNING && rows[i].state != CLOCK_STATE_PAUSED)
            continue;
        int64_t budget = span_of(&k->clocks[rows[i].name], h, &then).n + rows[i].extended;
        int64_t due_ms = rows[i].due_ms;
        bool picked_anew = budget != rows[i].budget;
        rows[i].budget = budget;
        rows[i].due_ms = due_of(&rows[i], w->calendar);
        if (!picked_anew && rows[i].due_ms == due_ms)
            continue;
        silence(&k->clocks[rows[i].name], &rows[i], w);
        changed = true;
    }
    if (!changed)
        return false;
    h->revision++;
    case_event_add(h, EVENT_PROJECT, 0, "calendar", w, 19, a);
    case_recompute(k, h, w->calendar, w, a);
    return true;
}

bool case_is_late(const struct case_kind *k, const struct case_head *h, int64_t now_ms,
                  int64_t *ret_by_ms)
{
    int clock = h->state > 0 ? k->states[h->state].clock : 0;
    bool late = clock && k->clocks[clock].duty && h->due_ms && now_ms > h->due_ms;
    *ret_by_ms = late ? now_ms - h->due_ms : 0;
    return late;
}

bool case_was_late(const struct case_head *h, int name, const struct calendar *c)
{
    const struct case_clock_row *rows = h->clocks.items;
    struct case_clock clock;
    for (size_t i = 0; i < h->clocks.n; i++) {
        if (rows[i].name == name && case_clock_get(h, name, &clock))
            return rows[i].missed_ms ||
                   (clock.state == CLOCK_STATE_RUNNING ? rows[i].late_ms != 0
                                                       : clock_is_late(&clock, c, 0));
    }
    return false;
}
