/* What those who oversee a case want answered: demands, their answers, and their alarms. */
#include <string.h>

#include "base/text.h"
#include "domain/case/private.h"

static const char *const verbs[] = {
    [CASE_URGE] = "urge", [CASE_DIRECT] = "direct", [CASE_EXPLAIN] = "explain"};

static int kind_of(const char *verb)
{
    int kind = CASE_URGE;
    while (kind < CASE_EXPLAIN && strcmp(verbs[kind], verb) != 0)
        kind++;
    return kind;
}

static bool is_open_for(const struct case_demand *d, const char *agency)
{
    return !d->answered_ms && d->agency && agency && strcmp(d->agency, agency) == 0;
}

bool case_asked(const struct case_head *h, const char *agency)
{
    const struct case_demand *items = h->demands.items;
    for (size_t i = 0; i < h->demands.n; i++) {
        if (is_open_for(&items[i], agency))
            return true;
    }
    return false;
}

int case_do_demand(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    struct case_head *h = record;
    const struct case_step *steps = h->steps.items;
    if (act->days < 1 || act->days > CASE_DEMAND_DAYS_MAX) {
        act->lacks = "/days";
        return CASE_LACKS;
    }
    if (h->demands.n >= CASE_DEMANDS_MAX)
        return CASE_CROWDED;
    const struct id_part parts[] = {{h->id.bytes, 16}, {&h->revision, 8}};
    struct case_demand *d = case_list_add(&h->demands, sizeof(*d), a);
    *d = (struct case_demand){
        .id = id_v8("demand", parts, ARRAY_LEN(parts)),
        .kind = kind_of(act->verb),
        .seq = h->steps.n > 0 ? steps[h->steps.n - 1].seq + 1 : 1,
        .agency = h->agency,
        .officer = h->officer,
        .by = act->by,
        .office = act->office,
        .text = arena_strndup(a, act->note, text_cut(act->note, CASE_DEMAND_TEXT)),
        .at_ms = w->now_ms,
        .due_ms = calendar_add(w->calendar, CALENDAR_WORKING_DAYS, w->now_ms, act->days),
    };
    return 0;
}

int case_do_respond(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    struct case_head *h = record;
    struct case_demand *items = h->demands.items;
    const struct case_step *steps = h->steps.items;
    (void)a;
    for (size_t i = 0; i < h->demands.n; i++) {
        bool meant = id_is_nil(&act->demand) || id_equal(&act->demand, &items[i].id);
        if (!meant || !is_open_for(&items[i], act->office))
            continue;
        items[i].answered_ms = w->now_ms;
        items[i].answered_by = act->by;
        items[i].answer_seq = h->steps.n > 0 ? steps[h->steps.n - 1].seq + 1 : 1;
        return 0;
    }
    act->lacks = "/demand";
    return CASE_LACKS;
}

/* --- alarms ----------------------------------------------------------------------------------- */

int64_t case_demand_alarm(const struct case_head *h)
{
    const struct case_demand *items = h->demands.items;
    int64_t first = 0;
    for (size_t i = 0; i < h->demands.n; i++) {
        bool waits = !items[i].answered_ms && !items[i].late_ms;
        if (waits && (!first || items[i].due_ms + 1 < first))
            first = items[i].due_ms + 1;
    }
    return first;
}

bool case_demand_ring(struct case_head *h, const struct case_world *w, struct arena *a)
{
    struct case_demand *items = h->demands.items;
    for (size_t i = 0; i < h->demands.n; i++) {
        if (items[i].answered_ms || items[i].late_ms || w->now_ms <= items[i].due_ms)
            continue;
        if (h->events.n + 2 > CASE_EVENTS_MAX)
            return false;
        items[i].late_ms = w->now_ms;
        case_event_unanswered(h, &items[i], TELL_LEADER, w, 20, a);
        case_event_unanswered(h, &items[i], TELL_DEMANDER, w, 21, a);
        return true; /* one a time: each event has its own demand */
    }
    return false;
}

bool case_demand_told(const struct case_demand *d, const struct case_event *e)
{
    if (!id_is_nil(&e->demand))
        return id_equal(&e->demand, &d->id) && !d->answered_ms;
    return d->answered_ms && d->answer_seq == e->step;
}

/* --- what is derived -------------------------------------------------------------------------- */

void case_demands_derive(const struct case_head *h, struct arena *a, struct case_demands_x *ret)
{
    const struct case_demand *items = h->demands.items;
    const char **asked = arena_array(a, CASE_ASKED_MAX, sizeof(*asked));
    *ret = (struct case_demands_x){.asked = {asked, 0}};
    for (size_t i = 0; i < h->demands.n; i++) {
        bool known = false;
        if (items[i].answered_ms || !items[i].agency)
            continue;
        if (!ret->due_ms || items[i].due_ms < ret->due_ms)
            ret->due_ms = items[i].due_ms;
        for (size_t j = 0; j < ret->asked.n && !known; j++)
            known = strcmp(asked[j], items[i].agency) == 0;
        if (!known && ret->asked.n < CASE_ASKED_MAX)
            asked[ret->asked.n++] = items[i].agency;
    }
}
