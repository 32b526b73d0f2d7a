/* What must be true of a stored report at any time. */
#pragma once

#include "domain/case/history.h"
#include "tests/support/province.h"

/* A failed invariant tells the report's number; the walk that found it tells its seed. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("%s (%s, step %zu): not so: %s", r->head.number,                              \
                     report_states[r->head.state].name, r->head.steps.n, #condition);              \
    } while (0)

static inline void check_runs(const struct report *r, const struct case_clock_row *row)
{
    const struct clock_run *runs = row->runs.items;
    MUST(row->runs.n >= 1 && row->runs.n <= CLOCK_RUNS_MAX);
    MUST(row->carried >= 0 && row->budget > 0 && row->extended >= 0);
    for (size_t i = 0; i < row->runs.n; i++) {
        bool last = i + 1 == row->runs.n;
        MUST(runs[i].from_ms >= (i > 0 ? runs[i - 1].to_ms : row->carried_to_ms));
        MUST((runs[i].to_ms == CLOCK_RUNS) == (last && row->state == CLOCK_STATE_RUNNING));
        MUST(runs[i].to_ms == CLOCK_RUNS || runs[i].to_ms >= runs[i].from_ms);
    }
}

/* No clock runs twice, none runs that the state does not want, and what is due is its. */
static inline void check_clocks(const struct report *r, const struct case_world *w)
{
    const struct case_clock_row *rows = r->head.clocks.items;
    int wanted = report_kind.states[r->head.state].clock, running = 0;
    MUST(r->head.clocks.n <= REPORT_CLOCKS - 1);
    for (size_t i = 0; i < r->head.clocks.n; i++) {
        struct case_clock clock;
        int64_t due = 0;
        for (size_t j = 0; j < i; j++)
            MUST(rows[i].name != rows[j].name);
        check_runs(r, &rows[i]);
        running += rows[i].state == CLOCK_STATE_RUNNING;
        MUST(case_clock_get(&r->head, (int)rows[i].name, &clock));
        MUST((clock_due_ms(&clock, w->calendar, &due) == 0 ? due : 0) == rows[i].due_ms);
        if (rows[i].state == CLOCK_STATE_RUNNING) {
            MUST(rows[i].name == wanted);
            MUST(r->head.due_ms == rows[i].due_ms && rows[i].due_ms > 0);
        }
    }
    MUST(running == (wanted != 0));
}

static inline void check_next(const struct report *r, const struct case_world *w, struct arena *a)
{
    const struct case_event *events = r->head.events.items;
    bool alarm = report_alarm_due(r, w, a);
    MUST(r->head.events.n <= CASE_EVENTS_MAX);
    for (size_t i = 0; i < r->head.events.n; i++) {
        MUST(r->head.next_ms && r->head.next_ms <= events[i].at_ms);
        MUST(events[i].type && (events[i].type != EVENT_TELL || events[i].whom));
        MUST(events[i].step >= 1 && events[i].step <= (int64_t)r->head.steps.n);
        for (size_t j = 0; j < i; j++)
            MUST(!id_equal(&events[i].id, &events[j].id));
    }
    MUST(!alarm || r->head.next_ms <= w->now_ms); /* whoever looks at `next` finds it */
    /* An office's clock that is past due has rung, or is about to. */
    if (r->x.duty && w->now_ms > r->head.due_ms && !alarm)
        MUST(province_clock(r, report_kind.states[r->head.state].clock)->late_ms);
}

static inline void check_history(const struct report *r)
{
    const struct case_step *steps = r->head.steps.items;
    MUST(history_check(&r->head.steps, &r->head.id) == -1);
    MUST(r->head.steps.n >= 1 && r->head.steps.n <= CASE_STEPS_MAX + CASE_STEPS_MORE);
    MUST(r->head.revision >= (int64_t)r->head.steps.n);
    for (size_t i = 0; i < r->head.steps.n; i++) {
        MUST(steps[i].seq == (int64_t)i + 1);
        MUST(i == 0 || steps[i].at_ms >= steps[i - 1].at_ms);
        MUST(i == 0 || strcmp(steps[i].from, steps[i - 1].to) == 0);
    }
    MUST(strcmp(province_last_step(r)->to, report_states[r->head.state].name) == 0);
}

static inline bool has_proof_photo(const struct report *r)
{
    const struct report_photo *photos = r->photos.items;
    for (size_t i = 0; i < r->photos.n; i++) {
        if (photos[i].proof)
            return true;
    }
    return false;
}

/* The newest step that closed it. */
static inline const struct case_step *closing_step(const struct report *r)
{
    const struct case_step *steps = r->head.steps.items;
    const char *closed = report_states[REPORT_CLOSED].name;
    for (size_t i = r->head.steps.n; i-- > 0;) {
        if (strcmp(steps[i].to, closed) == 0 && strcmp(steps[i].from, closed) != 0)
            return &steps[i];
    }
    return NULL;
}

static inline void check_closed(const struct report *r)
{
    const struct case_step *step = closing_step(r);
    MUST(step != NULL && r->head.closed_ms == step->at_ms);
    MUST(r->head.due_ms == 0 && !r->x.open && !r->x.duty);
    switch (r->head.outcome) {
    case REPORT_RESOLVED:
        MUST(r->answer && r->answered_ms);
        MUST(!r->proof || has_proof_photo(r));
        break;
    case REPORT_REJECTED:
        MUST(step->reason && step->note);
        break;
    case REPORT_DUPLICATE:
        MUST(!id_is_nil(&r->duplicate_of) && !id_equal(&r->duplicate_of, &r->head.id));
        break;
    case REPORT_WITHDRAWN:
        MUST(strcmp(step->party, "owner") == 0);
        break;
    default:
        MUST(r->head.outcome == 0 && "closed without an outcome");
    }
}

/*
 * A step that an account of some office, or the system, can take and that goes towards the end: on
 * to the next state, or back to the portal while there is room for that. A report that is full may
 * also be rejected; else being refused is not what an end is.
 */
static inline bool leads_to_its_end(const struct province *p, const struct report *r,
                                    const struct case_world *w)
{
    static const enum who offices[] = {DISPATCHER,    OFFICER,      LEADER,
                                       OTHER_OFFICER, OTHER_LEADER, LONE_OFFICER};
    bool full = r->head.steps.n >= CASE_STEPS_MAX;
    if (report_kind.clocks[report_kind.states[r->head.state].clock].when_due)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(offices); i++) {
        struct case_actor actor = province_actor_before(p, offices[i], r);
        const struct case_row *rows[32];
        size_t n = case_allowed(&report_kind, r, case_party_of(&r->head, &actor), w, rows, 32);
        for (size_t j = 0; j < n; j++) {
            bool on = rows[j]->onward && rows[j]->to != CASE_STAY;
            if (on || (full ? rows[j]->to == REPORT_CLOSED : rows[j]->to == REPORT_NEW))
                return true;
        }
    }
    return false;
}

/* One agency is responsible, there is one deadline, and something can still be done. */
static inline void check_open(const struct province *p, const struct report *r,
                              const struct case_world *w)
{
    bool known = false;
    const char *const agencies[] = {HERE, THERE, ALONE, EMPTY};
    for (size_t i = 0; i < ARRAY_LEN(agencies); i++)
        known |= strcmp(r->head.agency, agencies[i]) == 0;
    bool portal = strcmp(r->head.agency, PORTAL) == 0;
    MUST(r->head.state == REPORT_NEW ? portal : known);
    MUST(r->head.due_ms > 0 && r->x.open);
    /* Somebody looks at it again, or its office has been told that it is late. */
    MUST(r->head.next_ms > 0 ||
         province_clock(r, report_kind.states[r->head.state].clock)->late_ms > 0);
    MUST(r->head.closed_ms == 0);
    bool answered = r->head.state == REPORT_ANSWERED || r->head.state == REPORT_APPROVAL;
    MUST(r->head.outcome == (answered ? REPORT_RESOLVED : 0));
    MUST(leads_to_its_end(p, r, w));
}

static inline void check_report(struct province *p, const struct report *r)
{
    const struct case_world *w = &p->world;
    MUST(r->head.state > 0 && r->head.state < REPORT_STATES);
    check_clocks(r, w);
    check_next(r, w, &p->arena);
    check_history(r);
    bool away = r->head.state == REPORT_WAITING || r->head.state == REPORT_APPROVAL;
    MUST((r->head.back_to != 0) == away);
    /* There is an answer's time exactly while an answer stands, or is proposed. */
    bool waits = r->head.state == REPORT_APPROVAL;
    MUST((r->answered_ms != 0) == (r->head.outcome == REPORT_RESOLVED && !waits));
    MUST((r->proposed_ms != 0) == waits && (r->proposed != NULL) == waits);
    MUST(r->photos.n <= REPORT_PHOTOS_MAX && r->head.tasks.n <= CASE_TASKS_MAX);
    if (r->head.state == REPORT_CLOSED)
        check_closed(r);
    else
        check_open(p, r, w);
}

/* What is stored of a projection is what the report gives now; absent where it gives nothing. */
static inline void check_projection(struct province *p, const struct report *r,
                                    const struct store_collection *c, const struct entity *e,
                                    void *record)
{
    bson_t *stored = NULL;
    int done = store_get(p->store, c, &r->head.id, &stored);
    MUST(done == (record ? 0 : STORE_ABSENT));
    if (!record)
        return;
    bson_t *body = bson_new();
    MUST(entity_encode(e, record, NULL, &p->arena, body) == 0);
    bool same = entity_unchanged(stored, body);
    bson_destroy(body);
    bson_destroy(stored);
    MUST(same);
}

/* Once no event asks for projections, those that are stored are those that would be made. */
static inline void check_projections(struct province *p, const struct report *r)
{
    struct report_fact fact;
    struct report_public public;
    const struct case_event *events = r->head.events.items;
    for (size_t i = 0; i < r->head.events.n; i++) {
        if (events[i].type == EVENT_PROJECT)
            return;
    }
    report_project_fact(r, p->calendar, &p->arena, &fact);
    bool shown = report_project_public(r, &p->arena, &public);
    if (shown)
        report_public_words(&public, NULL, &p->arena);
    check_projection(p, r, &report_fact_collection, &report_fact_entity, &fact);
    check_projection(p, r, &report_public_collection, &report_public_entity,
                     shown ? &public : NULL);
}
