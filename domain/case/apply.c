/* Carrying out a verb: find the row, see that nothing lacks, then change state, clocks, history. */
#include "domain/case/private.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static const struct {
    unsigned need;
    const char *pointer;
} need_members[] = {
    {NEEDS_NOTE, "/note"},       {NEEDS_REASON, "/reason"}, {NEEDS_AGENCY, "/agency"},
    {NEEDS_OFFICER, "/officer"}, {NEEDS_PROOF, "/media"},   {NEEDS_RATING, "/rating"},
    {NEEDS_MINUTES, "/minutes"}, {NEEDS_OTHER, "/other"},
};

static bool need_met(unsigned need, const struct case_row *row, const struct case_act *act)
{
    switch (need) {
    case NEEDS_NOTE:
        return act->note && act->note[0];
    case NEEDS_REASON:
        return act->reason && entity_enum_value(row->reasons, act->reason) > 0;
    case NEEDS_AGENCY:
        return act->agency && act->agency[0];
    case NEEDS_OFFICER:
        return !id_is_nil(&act->officer);
    case NEEDS_PROOF:
        return act->proof;
    case NEEDS_RATING:
        return act->rating >= 1 && act->rating <= 5;
    case NEEDS_MINUTES:
        return act->minutes > 0 && act->minutes <= CASE_MINUTES_MAX;
    default:
        return !id_is_nil(&act->other);
    }
}

static int check_needs(const struct case_row *row, struct case_act *act)
{
    for (size_t i = 0; i < ARRAY_LEN(need_members); i++) {
        if ((row->needs & need_members[i].need) && !need_met(need_members[i].need, row, act)) {
            act->lacks = need_members[i].pointer;
            return CASE_LACKS;
        }
    }
    if (act->note && strlen(act->note) > CASE_NOTE_MAX) {
        act->lacks = "/note";
        return CASE_LACKS;
    }
    if (act->n_media > CASE_MEDIA_MAX) {
        act->lacks = "/media";
        return CASE_LACKS;
    }
    return 0;
}

/* History names only what the row asked for: who is named in it may come to see the case. */
static void drop_unasked(const struct case_row *row, struct case_act *act)
{
    if (!(row->needs & NEEDS_REASON))
        act->reason = NULL;
    if (!(row->needs & NEEDS_AGENCY))
        act->agency = NULL;
    if (!(row->needs & NEEDS_OFFICER))
        act->officer = (struct id){0};
}

/* 0: all hold; else what the first said that does not, which is *ret. */
static int guarded_by(const struct case_row *row, const void *record, const struct case_act *act,
                      const struct case_world *w, const struct case_guard **ret)
{
    int said = 0;
    for (size_t i = 0; i < CASE_GUARDS_MAX && row->guards[i].holds && said == 0; i++) {
        *ret = &row->guards[i];
        said = (*ret)->holds(record, act, w);
    }
    return said;
}

/* The first row that matches, or an outcome that says how far it came. */
static int find_row(const struct case_kind *k, const void *record, const struct case_act *act,
                    const struct case_world *w, const struct case_row **ret)
{
    const struct case_head *h = record;
    const struct case_guard *guard = NULL;
    int outcome = CASE_NO_VERB;
    for (size_t i = 0; i < k->n_rows; i++) {
        const struct case_row *row = &k->rows[i];
        if (strcmp(row->verb, act->verb) != 0)
            continue;
        if (outcome == CASE_NO_VERB)
            outcome = CASE_WRONG_STATE;
        if (!(row->from & (1U << h->state)))
            continue;
        int guarded = guarded_by(row, record, act, w, &guard);
        if (guarded < 0)
            return guarded;
        if (guarded > 0)
            continue;
        if (!(row->who & act->party)) {
            outcome = CASE_FORBIDDEN;
            continue;
        }
        *ret = row;
        return 0;
    }
    return outcome;
}

static int target_state(const struct case_head *h, const struct case_row *row)
{
    if (row->to == CASE_STAY)
        return h->state;
    if (row->to == CASE_BACK)
        return h->back_to ? h->back_to : h->state;
    return row->to;
}

static void enter_state(const struct case_kind *k, struct case_head *h, const struct case_row *row,
                        int to, const struct case_world *w)
{
    if (row->keeps_back) {
        h->back_under = h->back_to;
        h->back_to = h->state;
    } else if (row->to != CASE_STAY) {
        h->back_to = row->to == CASE_BACK ? h->back_under : 0;
        h->back_under = 0;
    }
    bool was_open = k->states[h->state].open;
    h->state = to;
    if (!k->states[to].open) {
        if (was_open)
            h->closed_ms = w->now_ms;
        if (row->outcome)
            h->outcome = row->outcome;
    } else {
        h->closed_ms = 0;
        h->outcome = row->outcome; /* an answer proposes one; reopening clears it */
    }
}

static int carry_out(const struct case_kind *k, void *record, const struct case_row *row,
                     struct case_act *act, const struct case_world *w, struct arena *a)
{
    struct case_head *h = record;
    int from = h->state, to = target_state(h, row);
    const char *held = h->agency;
    int outcome = h->outcome;
    int done = case_clocks_move(k, h, row, from, to, w, a);
    if (done < 0)
        return done;
    enter_state(k, h, row, to, w);
    if (k->states[to].open && from == to && !row->outcome)
        h->outcome = outcome; /* nothing was decided by staying */
    if (row->effect) {
        done = row->effect(record, act, w, a);
        if (done != 0)
            return done;
    }
    const struct case_move move = {case_state_name(k, from), case_state_name(k, h->state), held};
    done = case_step_add(h, act, row, &move, w, a);
    if (done != 0)
        return done;
    h->changed_ms = w->now_ms;
    h->revision++;
    case_recompute(k, h, w->calendar, w, a);
    return 0;
}

int case_apply(const struct case_kind *k, void *record, struct case_act *act,
               const struct case_world *w, struct arena *a)
{
    const struct case_head *h = record;
    const struct case_row *row = NULL;
    if (!id_is_nil(&act->only_of) && !id_equal(&act->only_of, &h->officer))
        return CASE_WRONG_STATE;
    int done = find_row(k, record, act, w, &row);
    if (done != 0)
        return done;
    done = check_needs(row, act);
    if (done != 0)
        return done;
    bool onward = case_row_onward(k, row);
    if (h->steps.n >= CASE_STEPS_MAX + (onward ? CASE_STEPS_MORE : 0U))
        return CASE_CROWDED;
    if (h->events.n + CASE_EVENTS_ADDED > CASE_EVENTS_MAX && !(act->party & PARTY_SYSTEM))
        return CASE_CROWDED;
    drop_unasked(row, act);
    done = carry_out(k, record, row, act, w, a);
    act->onward = done == 0 && onward;
    return done;
}

int case_begin(const struct case_kind *k, void *record, struct case_act *act,
               const struct case_world *w, const struct case_tell *tells, struct arena *a)
{
    struct case_head *h = record;
    struct case_row filing = {.verb = "file"};
    h->filed_ms = h->changed_ms = w->now_ms;
    h->revision = 1;
    int done = case_clocks_move(k, h, &filing, 0, h->state, w, a);
    if (done < 0)
        return done;
    for (size_t i = 0; i < ARRAY_LEN(filing.tells) && tells && tells[i].whom; i++)
        filing.tells[i] = tells[i];
    const struct case_move move = {.to = case_state_name(k, h->state)};
    done = case_step_add(h, act, &filing, &move, w, a);
    if (done != 0)
        return done;
    case_recompute(k, h, w->calendar, w, a);
    return 0;
}

size_t case_allowed(const struct case_kind *k, const void *record, unsigned party,
                    const struct case_world *w, const struct case_row **ret, size_t cap)
{
    const struct case_head *h = record;
    const struct case_guard *guard = NULL;
    size_t n = 0;
    for (size_t i = 0; i < k->n_rows && n < cap; i++) {
        const struct case_row *row = &k->rows[i];
        struct case_act act = {.verb = row->verb, .party = party};
        bool known = false;
        for (size_t j = 0; j < n && !known; j++)
            known = strcmp(ret[j]->verb, row->verb) == 0;
        if (known || !(row->from & (1U << h->state)) ||
            !(row->who & party & ~(unsigned)PARTY_SYSTEM))
            continue;
        if (guarded_by(row, record, &act, w, &guard) != 0)
            continue;
        ret[n++] = row;
    }
    return n;
}

static int rank_of(enum case_place place)
{
    return place == CASE_FORTH ? -1 : (int)place;
}

size_t case_offers(const struct case_kind *k, const void *record, const struct case_actor *actor,
                   const struct case_world *w, struct case_offer ret[CASE_OFFERS_MAX])
{
    const struct case_head *h = record;
    const struct case_row *rows[CASE_OFFERS_MAX];
    bool mine = !id_is_nil(&h->officer) && id_equal(&h->officer, &actor->id);
    size_t n = case_allowed(k, record, case_party_of(h, actor), w, rows, CASE_OFFERS_MAX);
    for (size_t i = 0; i < n; i++) {
        enum case_place place =
            rows[i]->place_of ? rows[i]->place_of(record, mine) : rows[i]->place;
        size_t at = i;
        for (; at > 0 && rank_of(ret[at - 1].place) > rank_of(place); at--)
            ret[at] = ret[at - 1];
        ret[at] = (struct case_offer){rows[i], place};
    }
    return n;
}

const char *const *case_held_off(const struct case_kind *k, const void *record, const char *verb,
                                 unsigned party, const struct case_world *w)
{
    const struct case_head *h = record;
    const struct case_guard *guard = NULL;
    struct case_act act = {.verb = verb, .party = party};
    for (size_t i = 0; i < k->n_rows; i++) {
        const struct case_row *row = &k->rows[i];
        if (strcmp(row->verb, verb) == 0 && (row->from & (1U << h->state)) && (row->who & party) &&
            guarded_by(row, record, &act, w, &guard) > 0 && guard->otherwise[0])
            return guard->otherwise;
    }
    return NULL;
}

static void tell_of_clock(struct case_head *h, const int whom[2], const char *what,
                          const struct case_world *w, struct arena *a)
{
    for (int i = 0; i < 2; i++) {
        if (whom[i] && h->events.n < CASE_EVENTS_MAX)
            case_event_add(h, EVENT_TELL, whom[i], what, w, 16 + i, a);
    }
}

static int ring_clock(const struct case_kind *k, void *record, const struct case_world *w,
                      struct arena *a)
{
    struct case_head *h = record;
    int name = h->state > 0 ? k->states[h->state].clock : 0;
    if (!name || !h->due_ms)
        return CASE_WRONG_STATE;
    const struct case_clock_kind *kind = &k->clocks[name];
    struct case_clock_row *r = case_clock_row(h, name, a);
    if (w->now_ms > h->due_ms && !r->late_ms) {
        r->late_ms = r->warned_ms = w->now_ms;
        if (kind->when_due) {
            struct case_act act = {.verb = kind->when_due, .party = PARTY_SYSTEM};
            return case_apply(k, record, &act, w, a);
        }
        tell_of_clock(h, kind->late_whom, "late", w, a);
        case_event_add(h, EVENT_PROJECT, 0, "late", w, 18, a);
        h->revision++; /* it is counted as late from now on; a warning changes nothing to be seen */
    } else if (kind->warn_ms && !r->warned_ms &&
               w->now_ms >= h->due_ms - kind->warn_ms(w, r->budget)) {
        r->warned_ms = w->now_ms;
        tell_of_clock(h, kind->warn_whom, "warning", w, a);
    } else {
        return CASE_WRONG_STATE;
    }
    if (h->events.n > CASE_EVENTS_MAX)
        return CASE_CROWDED;
    case_recompute(k, h, w->calendar, w, a);
    return 0;
}

/* Where there is no room for it now, clocks still ring. */
static int ring_own(const struct case_kind *k, void *record, const struct case_world *w,
                    struct arena *a)
{
    struct case_act act = {.verb = k->alarm_verb, .party = PARTY_SYSTEM};
    int64_t at_ms = k->alarm ? k->alarm(record) : 0;
    return at_ms && w->now_ms >= at_ms ? case_apply(k, record, &act, w, a) : CASE_WRONG_STATE;
}

int case_ring(const struct case_kind *k, void *record, const struct case_world *w, struct arena *a)
{
    bool rung = case_demand_ring(record, w, a);
    int own = ring_own(k, record, w, a);
    if (own < 0)
        return own;
    rung |= own == 0;
    int done = ring_clock(k, record, w, a);
    if (!rung || done != CASE_WRONG_STATE)
        return done;
    case_recompute(k, record, w->calendar, w, a);
    return 0;
}

char *case_counter(struct arena *a, const char *prefix, int64_t now_ms)
{
    struct clock_date d = clock_date_of_day(clock_day_number(now_ms));
    return arena_printf(a, "%s-%02d%02d%02d", prefix, d.year % 100, d.month, d.day);
}

char *case_number(struct arena *a, const char *prefix, int64_t now_ms, int64_t n)
{
    return arena_printf(a, "%s-%04lld", case_counter(a, prefix, now_ms), (long long)n);
}
