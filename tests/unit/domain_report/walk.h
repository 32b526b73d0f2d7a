/* Random reports: filing, acting and leaving. Time and the dispatcher are in walk_test.c. */
#pragma once

#include "tests/unit/domain_report/invariants.h"

#define FLIGHTS 48 /* reports under way */
/* Of them so many are kept going until they are full: the first with words, the second with steps.
 */
#define MARATHONS 2

struct flight {
    struct id id;
    int64_t revision, version;
    size_t steps;
    bool crowded; /* only what leads to its end was possible */
};

struct walk {
    struct province p;
    uint64_t seed, state;
    struct flight flights[FLIGHTS];
    size_t n;
    int asleep; /* steps for which the dispatcher still sleeps */
    struct calendar *calendars[2];
    uint64_t done, refused, rung, repeated, closed, crowded, outcomes[5], most_runs, most_events,
        most_bytes;
    bool taken[64]; /* rows */
};

static char long_note[CASE_NOTE_MAX + 1];

/* splitmix64 */
static inline uint64_t draw(struct walk *w)
{
    uint64_t z = w->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline uint64_t below(struct walk *w, uint64_t n)
{
    return draw(w) % n;
}

static inline bool chance(struct walk *w, uint64_t percent)
{
    return below(w, 100) < percent;
}

/* --- what is stored, and what must be true of it ---------------------------------------------- */

static inline void get_flight(struct walk *w, struct flight *f, struct report *r)
{
    bson_t *doc = NULL;
    assert_int_equal(store_get(w->p.store, &report_collection, &f->id, &doc), 0);
    assert_int_equal(report_decode(doc, &w->p.arena, r), 0);
    MUST(doc->len <= STORE_DOC_MAX);
    MUST(store_version(doc) >= f->version);
    f->version = store_version(doc);
    w->most_bytes = doc->len > w->most_bytes ? doc->len : w->most_bytes;
    bson_destroy(doc);
}

/* Nothing was written since it was checked last. */
static inline void check_unwritten(struct walk *w, const struct flight *f)
{
    bson_t *doc = NULL;
    assert_int_equal(store_get(w->p.store, &report_collection, &f->id, &doc), 0);
    assert_int_equal(store_version(doc), f->version);
    bson_destroy(doc);
}

static inline void note_extremes(struct walk *w, const struct report *r)
{
    const struct case_clock_row *rows = r->head.clocks.items;
    for (size_t i = 0; i < r->head.clocks.n; i++)
        w->most_runs = rows[i].runs.n > w->most_runs ? rows[i].runs.n : w->most_runs;
    w->most_events = r->head.events.n > w->most_events ? r->head.events.n : w->most_events;
}

static inline void check_flight(struct walk *w, struct flight *f, struct report *ret)
{
    struct report *r = ret;
    get_flight(w, f, r);
    check_report(&w->p, r);
    MUST(r->head.revision >= f->revision);
    MUST(r->head.steps.n == f->steps || r->head.revision > f->revision);
    MUST(r->head.steps.n >= f->steps);
    f->revision = r->head.revision;
    f->steps = r->head.steps.n;
    note_extremes(w, r);
    check_projections(&w->p, r);
}

static inline void check_all(struct walk *w)
{
    struct report r;
    for (size_t i = 0; i < w->n; i++)
        check_flight(w, &w->flights[i], &r);
}

/* --- filing, and leaving ---------------------------------------------------------------------- */

static inline void step_file(struct walk *w)
{
    struct report r;
    if (w->n == FLIGHTS)
        return;
    province_file(&w->p, (unsigned)below(w, TRAITS), &r);
    struct flight *f = &w->flights[w->n++];
    *f = (struct flight){.id = r.head.id};
    check_flight(w, f, &r);
}

/* Done with: taken out of the store, so that the walk stays quick. */
static inline void retire(struct walk *w, size_t i, const struct report *r)
{
    struct id id = w->flights[i].id;
    w->closed++;
    w->crowded += w->flights[i].crowded;
    w->outcomes[r->head.outcome]++;
    assert_int_equal(store_remove(w->p.store, &report_collection, &id, -1), 0);
    assert_true(store_remove(w->p.store, &report_public_collection, &id, -1) >= 0);
    assert_true(store_remove(w->p.store, &report_fact_collection, &id, -1) >= 0);
    w->flights[i] = w->flights[--w->n];
}

/* --- acting ----------------------------------------------------------------------------------- */

/* Whoever holds it, or one of the others. */
static inline enum who draw_who(struct walk *w, const struct report *r)
{
    if (chance(w, 20))
        return (enum who)below(w, WHO_MAX);
    if (r->head.state == REPORT_NEW)
        return chance(w, 80) ? DISPATCHER : OWNER;
    if (r->head.state == REPORT_WAITING && chance(w, 60))
        return OWNER;
    bool there = strcmp(r->head.agency, THERE) == 0;
    if (strcmp(r->head.agency, EMPTY) == 0)
        return DISPATCHER;
    if (strcmp(r->head.agency, ALONE) == 0)
        return chance(w, 60) ? LONE_OFFICER : DISPATCHER;
    switch (below(w, 8)) {
    case 0:
        return OWNER;
    case 1:
        return DISPATCHER;
    case 2:
    case 3:
        return there ? OTHER_LEADER : LEADER;
    default:
        return there ? OTHER_OFFICER : OFFICER;
    }
}

/* What would end a marathon is left out until nothing else is possible. */
static inline bool is_end(const char *verb)
{
    static const char *const ends[] = {"reject", "duplicate", "withdraw", "close", "answer"};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        if (strcmp(ends[i], verb) == 0)
            return true;
    }
    return false;
}

static inline const char *draw_verb(struct walk *w, const struct report *r, enum who who,
                                    bool marathon)
{
    const struct case_row *rows[32];
    struct case_actor actor = province_actor_before(&w->p, who, r);
    unsigned party = case_party_of(&r->head, &actor);
    size_t n = case_allowed(&report_kind, r, party, &w->p.world, rows, 32);
    if (n == 0 || chance(w, 10))
        return report_kind.rows[below(w, report_kind.n_rows)].verb;
    const char *verb = rows[below(w, n)]->verb;
    for (int i = 0; marathon && is_end(verb) && i < 8; i++)
        verb = rows[below(w, n)]->verb;
    return verb;
}

/* Leaves out, or spoils, one thing. */
static inline void spoil(struct walk *w, struct case_act *act)
{
    switch (below(w, 7)) {
    case 0:
        act->note = NULL;
        break;
    case 1:
        act->reason = "nonsense";
        break;
    case 2:
        act->agency = NULL;
        break;
    case 3:
        act->officer = (struct id){0};
        break;
    case 4:
        act->proof = false;
        break;
    case 5:
        act->minutes = -act->minutes;
        break;
    default:
        act->rating = (int64_t)below(w, 9) - 2;
    }
}

static inline void expect_known_outcome(const struct report *r, const char *verb, int done)
{
    bool known = done == 0 || done == CASE_WRONG_STATE || done == CASE_FORBIDDEN ||
                 done == CASE_LACKS || done == CASE_CROWDED || done == STORE_REVISED;
    if (!known)
        fail_msg("%s: %s came to %d", r->head.number, verb, done);
}

/* The same write again: it is told what the first one made, and nothing happens twice. */
static inline void repeat(struct walk *w, const struct report *after, struct report_act *deed,
                          const struct store_change_options *options)
{
    struct report again;
    assert_int_equal(
        report_act(w->p.store, &after->head.id, deed, options, &w->p.world, &w->p.arena, &again),
        STORE_REPEATED);
    assert_int_equal(again.head.revision, after->head.revision);
    assert_int_equal(again.head.steps.n, after->head.steps.n);
    w->repeated++;
}

static inline void note_row(struct walk *w, const struct report *before, const struct report *after,
                            const char *verb)
{
    for (size_t i = 0; i < report_kind.n_rows; i++) {
        const struct case_row *row = &report_kind.rows[i];
        int to = row->to > 0 ? row->to : after->head.state;
        w->taken[i] |= strcmp(row->verb, verb) == 0 && (row->from & (1U << before->head.state)) &&
                       to == after->head.state;
    }
}

/* Questions and answers, so that clocks stop and go. */
static inline const char *back_and_forth(struct walk *w, const struct report *r, enum who *who)
{
    bool there = strcmp(r->head.agency, THERE) == 0;
    if (r->head.state == REPORT_WAITING) {
        *who = OWNER;
        return "supply";
    }
    *who = there ? OTHER_OFFICER : OFFICER;
    if (r->head.state == REPORT_RECEIVED || r->head.state == REPORT_IN_PROGRESS)
        return "ask";
    *who = draw_who(w, r);
    return draw_verb(w, r, *who, true);
}

static inline void step_act(struct walk *w)
{
    static const char *const elsewhere[] = {ALONE, EMPTY, PORTAL};
    size_t i = chance(w, 4) ? below(w, MARATHONS) : below(w, w->n);
    bool marathon = i < MARATHONS && !w->flights[i].crowded;
    struct flight *f = &w->flights[i];
    struct report before, after = {0};
    province_get(&w->p, &f->id, &before);
    enum who who = draw_who(w, &before);
    const char *verb = marathon && chance(w, 70) ? back_and_forth(w, &before, &who)
                                                 : draw_verb(w, &before, who, marathon);
    struct report_act deed = province_deed(&w->p, verb, who);
    deed.actor = province_actor_before(&w->p, who, &before);
    if (chance(w, 10))
        deed.act.agency = elsewhere[below(w, ARRAY_LEN(elsewhere))];
    if (marathon && i == 0)
        deed.act.note = long_note;
    if (chance(w, 10))
        spoil(w, &deed.act);
    struct store_write write = store_write_fresh();
    struct store_change_options options = {.write = &write, .if_revision = STORE_ANY_REVISION};
    if (chance(w, 10))
        options.if_revision = before.head.revision - chance(w, 50);
    int done = report_act(w->p.store, &f->id, &deed, &options, &w->p.world, &w->p.arena, &after);
    expect_known_outcome(&before, verb, done);
    f->crowded |=
        done == CASE_CROWDED && before.head.events.n + CASE_EVENTS_ADDED <= CASE_EVENTS_MAX;
    *(done == 0 ? &w->done : &w->refused) += 1;
    if (done == 0) {
        note_row(w, &before, &after, verb);
        if (chance(w, 5))
            repeat(w, &after, &deed, &options);
    }
    if (done != 0) {
        check_unwritten(w, f);
        after = before;
    } else {
        check_flight(w, f, &after);
        assert_true(after.head.revision > before.head.revision);
    }
    if (after.head.state == REPORT_CLOSED && chance(w, 40))
        retire(w, i, &after);
}
