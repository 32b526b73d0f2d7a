/* What a change leaves behind: a step of history, and events that say what must happen next. */
#include "domain/case/private.h"

#include <string.h>

#include "domain/case/history.h"

void *case_list_add(struct entity_list *list, size_t size, struct arena *a)
{
    char *items = arena_array(a, list->n + 1, size);
    if (list->items)
        memcpy(items, list->items, list->n * size);
    list->items = items;
    return items + size * list->n++;
}

/* The one word that history keeps of who acted; the strongest that applies. */
static const char *party_name(unsigned party)
{
    static const struct {
        unsigned party;
        const char *name;
    } names[] = {
        {PARTY_OWNER, "owner"},   {PARTY_LEADER, "leader"},         {PARTY_OFFICER, "officer"},
        {PARTY_DESK, "desk"},     {PARTY_DISPATCHER, "dispatcher"}, {PARTY_INSPECTOR, "inspector"},
        {PARTY_ASKED, "officer"},
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (party & names[i].party)
            return names[i].name;
    }
    return "system";
}

static struct id event_id(const struct case_head *h, int64_t seq, int64_t now_ms, int ordinal,
                          const struct id *demand)
{
    int64_t number = ordinal;
    const struct id_part parts[] = {{h->id.bytes, 16},         {&h->revision, sizeof(h->revision)},
                                    {&seq, sizeof(seq)},       {&now_ms, sizeof(now_ms)},
                                    {&number, sizeof(number)}, {demand->bytes, 16}};
    return id_v8("event", parts, id_is_nil(demand) ? ARRAY_LEN(parts) - 1 : ARRAY_LEN(parts));
}

static bool same_agency(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The newest of the events that one of this class may replace; NULL while there is room. */
static struct case_event *replaceable(struct case_head *h, const char *agency, int type, int whom)
{
    struct case_event *events = h->events.items;
    for (size_t i = h->events.n; i-- > 0 && h->events.n >= CASE_EVENTS_MERGE;) {
        if (events[i].type == type && events[i].whom == whom &&
            same_agency(events[i].agency, agency))
            return &events[i];
    }
    return NULL;
}

static struct case_event *add_event(struct case_head *h, const char *agency, int type, int whom,
                                    const char *what, const struct case_world *w, int ordinal,
                                    struct arena *a)
{
    const struct case_step *steps = h->steps.items;
    int64_t seq = h->steps.n > 0 ? steps[h->steps.n - 1].seq : 0;
    struct case_event *e = replaceable(h, agency, type, whom);
    if (!e)
        e = case_list_add(&h->events, sizeof(*e), a);
    /* The id is new in either case: whoever is telling the old event will settle only that. */
    *e = (struct case_event){
        .id = event_id(h, seq, w->now_ms, ordinal, &(struct id){{0}}),
        .type = type,
        .whom = whom,
        .at_ms = w->now_ms,
        .step = seq,
        .what = what,
        .agency = agency,
    };
    return e;
}

void case_event_add(struct case_head *h, int type, int whom, const char *what,
                    const struct case_world *w, int ordinal, struct arena *a)
{
    add_event(h, h->agency, type, whom, what, w, ordinal, a);
}

void case_event_unanswered(struct case_head *h, const struct case_demand *d, int whom,
                           const struct case_world *w, int ordinal, struct arena *a)
{
    struct case_event *e = add_event(h, d->agency, EVENT_TELL, whom, "unanswered", w, ordinal, a);
    /* Several may run out at one moment: each is told of by itself. */
    e->id = event_id(h, e->step, w->now_ms, ordinal, &d->id);
    e->demand = d->id;
}

static void add_tell(struct case_head *h, const struct case_tell *tell, const char *verb,
                     const char *held, const struct case_world *w, int ordinal, struct arena *a)
{
    const char *what = tell->what ? tell->what : verb;
    if (tell->whom != TELL_FORMER) {
        case_event_add(h, EVENT_TELL, tell->whom, what, w, ordinal, a);
    } else if (held) {
        add_event(h, held, EVENT_TELL, tell->whom, what, w, ordinal, a);
        add_event(h, held, EVENT_CALL, 0, what, w, ordinal + 8, a);
    }
}

int case_step_add(struct case_head *h, const struct case_act *act, const struct case_row *row,
                  const struct case_move *move, const struct case_world *w, struct arena *a)
{
    const struct case_step *steps = h->steps.items;
    const struct case_step *last = h->steps.n > 0 ? &steps[h->steps.n - 1] : NULL;
    struct case_step step = {
        .seq = last ? last->seq + 1 : 1,
        .at_ms = last && last->at_ms > w->now_ms ? last->at_ms : w->now_ms,
        .verb = act->verb,
        .from = move->from,
        .to = move->to,
        .party = act->as ? act->as : party_name(act->party),
        .deputy_for = act->deputy_for,
        .by = act->by,
        .office = act->office,
        .agency = act->agency,
        .officer = act->officer,
        .reason = act->reason,
        .note = act->note,
        .inner = row->inner && act->note,
        .media = {arena_dup(a, act->media, act->n_media * sizeof(*act->media)), act->n_media},
    };
    history_digest(&step, &h->id, last ? last->digest.data : NULL, a);
    *(struct case_step *)case_list_add(&h->steps, sizeof(step), a) = step;

    int ordinal = 0;
    case_event_add(h, EVENT_PROJECT, 0, act->verb, w, ordinal++, a);
    case_event_add(h, EVENT_CALL, 0, act->verb, w, ordinal++, a);
    for (size_t i = 0; i < ARRAY_LEN(row->tells) && row->tells[i].whom; i++) {
        if (!(act->hush & (1U << row->tells[i].whom)))
            add_tell(h, &row->tells[i], act->verb, move->held, w, ordinal++, a);
    }
    return h->events.n > CASE_EVENTS_MAX ? CASE_CROWDED : 0;
}

size_t case_settle(struct case_head *h, const struct id *ids, size_t n)
{
    struct case_event *events = h->events.items;
    size_t kept = 0, before = h->events.n;
    for (size_t i = 0; i < before; i++) {
        bool settled = false;
        for (size_t j = 0; j < n && !settled; j++)
            settled = id_equal(&events[i].id, &ids[j]);
        if (!settled)
            events[kept++] = events[i];
    }
    h->events.n = kept;
    return before - kept;
}
