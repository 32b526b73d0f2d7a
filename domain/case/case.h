/*
 * A case: something a citizen files, one agency at a time must answer, by a time, in the open. This
 * is what every kind of case shares. A kind, such as domain/report/, is a folder of tables: its
 * states, its transition rows, its clocks, and the few rules that are its alone.
 *
 * Everything here is pure: structs in an arena, instants from the caller. Documents are read and
 * written by the kind's entity table, in which CASE_FIELDS stands first.
 *
 * Invariants, by construction: an open case has exactly one responsible agency, and the clock of
 * its state is the only one that runs; a closed one has an outcome and nothing runs.
 */
#pragma once

#include "domain/calendar/calendar.h"
#include "domain/calendar/case_clock.h"
#include "domain/case/demand.h"
#include "domain/case/needs.h"
#include "domain/case/row.h"
#include "domain/entity/entity.h"

#define CASE_STATES_MAX 31
#define CASE_CLOCKS_MAX 8
#define CASE_EVENTS_MAX 64     /* pending in one document */
#define CASE_EVENTS_ADDED 8    /* at most, by one transition */
#define CASE_EVENTS_MERGE 48   /* above it, events of one class and agency become one */
#define CASE_OFFERS_MAX 32     /* steps that one may take */
#define CASE_STEPS_MAX 200     /* of history; then only what leads to the end (case_row.onward) */
#define CASE_STEPS_MORE 16     /* steps of that kind */
#define CASE_TASKS_MAX 16      /* questions, answered ones included; the oldest are dropped */
#define CASE_MEDIA_MAX 12      /* media named by one step */
#define CASE_NOTE_MAX 6000     /* bytes of a step's words: 1,500 characters, 4 bytes at most each */
#define CASE_MINUTES_MAX 43200 /* of one extension: 30 days */
#define CASE_CODE_MAX 35       /* agency codes: A–Z 0–9 . (QĐ 20/2020) */

enum case_outcome_code {
    CASE_WRONG_STATE = 201, /* the verb exists, not from this state; case_allowed says what is */
    CASE_FORBIDDEN = 202,   /* possible now, not for this party */
    CASE_LACKS = 203,       /* act->lacks names the member that is missing or not right */
    CASE_NO_VERB = 204,
    CASE_CROWDED = 205, /* history or events are full */
};

/* Who acts, as the rows see them; a mask. One actor may be several (a leader is an officer too). */
enum case_party {
    PARTY_OWNER = 1 << 0,
    PARTY_DISPATCHER = 1 << 1, /* the province's portal */
    PARTY_OFFICER = 1 << 2,    /* of the agency that holds the case */
    PARTY_LEADER = 1 << 3,     /* of the agency that holds the case */
    PARTY_SYSTEM = 1 << 4,     /* a timer, or filing itself */
    PARTY_STAND_IN = 1 << 5,   /* the portal, where the agency that holds it has no leader */
    PARTY_DESK = 1 << 6,       /* officer or leader of the agency where it was filed */
    PARTY_INSPECTOR = 1 << 7,  /* of the province */
    PARTY_ASKED = 1 << 8,      /* an official of an agency that owes an answer to a demand */
};

/* Whom a step tells. */
enum case_audience {
    TELL_OWNER = 1,
    TELL_AGENCY,     /* officers of the holding agency */
    TELL_OFFICER,    /* the assigned one; the agency if there is none */
    TELL_LEADER,     /* leaders of the holding agency */
    TELL_DISPATCHER, /* the province's portal */
    TELL_LEADER_SMS, /* an emergency: by SMS, at once */
    TELL_FORMER,     /* officers of the agency that held it before; its webhook is called too */
    TELL_DESK,       /* officers of the agency where it was filed */
    TELL_DEMANDER,   /* whose demand was answered, or was not in time */
    TELL_INSPECTOR,  /* of the province */
};
extern const struct entity_name case_audience_names[];

/* --- what a document holds -------------------------------------------------------------------- */

/* A clock as stored: case_clock.h's plain struct, its intervals as a list. */
struct case_clock_row {
    int64_t name; /* of the kind's clocks, from 1 */
    int64_t unit, budget, state;
    int64_t extended; /* of the budget: what extensions added to what was picked */
    int64_t started_ms, carried, carried_to_ms;
    struct entity_list runs;    /* struct clock_run */
    int64_t due_ms;             /* as computed last; 0 while nothing is due */
    int64_t warned_ms, late_ms; /* when the warning and the notice were made; 0 not yet */
    /* It ran out, and then was extended or begun anew: that it was late is not forgotten. 0: no. */
    int64_t missed_ms;
};

/* A question to the citizen. */
struct case_task {
    struct id id;
    int64_t asked_ms, answered_ms;
    const char *question, *answer;
    struct id by; /* officer */
};

enum case_event_type {
    EVENT_TELL = 1,   /* expand to deliveries */
    EVENT_CALL = 2,   /* the holding agency's webhook */
    EVENT_PROJECT = 3 /* rebuild the projections */
};

/* What must happen next, written in the same document as the change. */
struct case_event {
    struct id id; /* v8 of case, revision, step, time, ordinal, demand; deliveries derive theirs */
    int type, whom;
    int64_t at_ms, step;
    const char *what;   /* template: the verb, or "warning", "late" */
    const char *agency; /* whom it is about: the holder when it was made, or the one before */
    struct id demand;   /* "unanswered": which; nil of any other */
};

/*
 * One step of history. Its note can be erased; the digest stays: SHA-256 over the deterministic
 * encoding that history.h states, in which the note enters as note_digest, SHA-256(salt, note).
 */
struct case_step {
    int64_t seq, at_ms;
    const char *verb, *from, *to; /* names */
    const char *party;            /* "owner", "officer", … */
    struct id by;                 /* person or staff member; nil for the system */
    struct id deputy_for;         /* the leader whom `by` stood for; nil for nobody */
    const char *office;           /* the agency that acted; NULL for the citizen */
    const char *agency;           /* the agency it went to (dispatch, transfer) */
    struct id officer;            /* assigned to */
    const char *reason;           /* code of a listed reason */
    const char *note;
    bool inner;                                    /* the note is for offices alone */
    struct entity_list media;                      /* struct case_media */
    struct entity_bytes salt, note_digest, digest; /* history.h */
};

struct case_media {
    struct id id; /* of the upload */
};

struct case_head {
    struct id id; /* the document's _id; set by who decodes it, not a field */
    const char *number;
    struct id owner, actor; /* whose it is, who pressed the button */
    const char *agency, *unit;
    const char *desk; /* where it was filed and is handed back; NULL: the kind has no desks */
    struct id officer;
    struct id barred; /* staff: whom it is about, who neither sees it nor is told; nil: nobody */
    int state, outcome;
    int back_to, back_under; /* where CASE_BACK leads; and where it leads from there */
    int64_t revision;
    int64_t filed_ms, changed_ms, closed_ms;
    struct entity_list clocks, tasks, events, steps;
    struct entity_list demands; /* struct case_demand */
    int64_t due_ms;  /* of the running clock; 0 when closed. Derived, under x by the kind */
    int64_t next_ms; /* when the dispatcher must look: earliest event or alarm; 0 never */
};

extern const struct entity case_clock_entity, case_task_entity, case_event_entity, case_step_entity,
    case_media_entity;

/*
 * The rows of the head, first in every kind's table. T is the kind's struct, whose first member is
 * `struct case_head head`; states and outcomes are its entity_name tables. show_outcome projects
 * the outcome, where one that is only proposed is not everybody's to see; NULL shows it as it is.
 */
/* clang-format off */
#define CASE_FIELDS(T, states, outcomes, show_outcome)                                             \
    {.name = "number", .type = ENTITY_TEXT, .offset = offsetof(T, head.number), .see = SEE_ALL,    \
     .words = "Number told to people: PA-261124-0042"},                                           \
        {.name = "owner", .type = ENTITY_ID, .offset = offsetof(T, head.owner)},                   \
        {.name = "actor", .type = ENTITY_ID, .offset = offsetof(T, head.actor)},                   \
        {.name = "agency", .type = ENTITY_TEXT, .offset = offsetof(T, head.agency),                \
         .see = SEE_ALL, .max = CASE_CODE_MAX, .words = "Code of the agency that is responsible"}, \
        {.name = "unit", .type = ENTITY_TEXT, .offset = offsetof(T, head.unit), .see = SEE_STAFF}, \
        {.name = "desk", .type = ENTITY_TEXT, .offset = offsetof(T, head.desk), .see = SEE_ALL,    \
         .max = CASE_CODE_MAX, .words = "Code of the agency where it was filed"},                  \
        {.name = "officer", .type = ENTITY_ID, .offset = offsetof(T, head.officer),                \
         .see = SEE_STAFF, .words = "Staff member it is assigned to"},                             \
        {.name = "barred", .type = ENTITY_ID, .offset = offsetof(T, head.barred)},                 \
        {.name = "state", .type = ENTITY_ENUM, .offset = offsetof(T, head.state), .see = SEE_ALL,  \
         .names = (states)},                                                                       \
        {.name = "back_to", .type = ENTITY_ENUM, .offset = offsetof(T, head.back_to),              \
         .names = (states)},                                                                       \
        {.name = "back_under", .type = ENTITY_ENUM, .offset = offsetof(T, head.back_under),        \
         .names = (states)},                                                                       \
        {.name = "outcome", .type = ENTITY_ENUM, .offset = offsetof(T, head.outcome),              \
         .see = SEE_ALL, .names = (outcomes), .project = (show_outcome),                           \
         .words = "How it ended; of an answered one, how it will"},                                \
        {.name = "revision", .type = ENTITY_INT, .offset = offsetof(T, head.revision),             \
         .see = SEE_PARTIES, .words = "Raised by every change; the ETag"},                         \
        {.name = "filed_at", .type = ENTITY_TIME, .offset = offsetof(T, head.filed_ms),            \
         .see = SEE_ALL},                                                                          \
        {.name = "changed_at", .type = ENTITY_TIME, .offset = offsetof(T, head.changed_ms),        \
         .see = SEE_PARTIES},                                                                      \
        {.name = "closed_at", .type = ENTITY_TIME, .offset = offsetof(T, head.closed_ms),          \
         .see = SEE_ALL},                                                                          \
        {.name = "clocks", .type = ENTITY_LIST, .offset = offsetof(T, head.clocks),                \
         .max = CASE_CLOCKS_MAX, .of = &case_clock_entity},                                        \
        {.name = "questions", .type = ENTITY_LIST, .offset = offsetof(T, head.tasks),              \
         .see = SEE_PARTIES, .max = CASE_TASKS_MAX, .of = &case_task_entity},                      \
        {.name = "demands", .type = ENTITY_LIST, .offset = offsetof(T, head.demands),              \
         .see = SEE_STAFF, .max = CASE_DEMANDS_MAX, .of = &case_demand_entity},                    \
        {.name = "events", .type = ENTITY_LIST, .offset = offsetof(T, head.events),                \
         .max = CASE_EVENTS_MAX, .of = &case_event_entity},                                        \
        {.name = "history", .type = ENTITY_LIST, .offset = offsetof(T, head.steps),                \
         .see = SEE_PARTIES, .max = CASE_STEPS_MAX + CASE_STEPS_MORE, .of = &case_step_entity}
/* clang-format on */

/* --- what a kind declares --------------------------------------------------------------------- */

struct case_world {
    const struct calendar *calendar;
    const void *settings; /* the kind's own: budgets, windows */
    int64_t now_ms;
    const char *dispatcher; /* code of the province's portal agency */
};

struct case_state {
    bool open;
    int clock; /* the clock that runs in this state; 0 none */
};

/* What a clock is given when it starts. */
struct case_span {
    enum calendar_unit unit;
    int64_t n;
    int64_t from_ms; /* counted from then */
};

struct case_clock_kind {
    const char *name;
    enum calendar_unit unit;
    bool duty; /* running out means that an office is late */
    /* Picked when it starts, at w->now_ms; and as of then once more when the calendar changed. */
    int64_t (*budget)(const struct case_world *w);
    /* Instead of unit and budget, where they are the record's; w->now_ms as above. */
    void (*span)(const void *record, const struct case_world *w, struct case_span *ret);
    /* How long before due to warn, of that budget; NULL never. */
    int64_t (*warn_ms)(const struct case_world *w, int64_t budget);
    const char *when_due;           /* verb that the system does when it runs out; NULL none */
    int warn_whom[2], late_whom[2]; /* enum case_audience; 0 none */
};

/* What somebody wants to do. Texts are NFC and bounded by the schema. */
struct case_act {
    const char *verb;
    unsigned party;     /* mask of what the actor is to this case: case_party_of */
    struct id by;       /* person or staff member */
    const char *office; /* agency of the actor, NULL for citizen and system */
    const char *note, *reason, *agency;
    struct id officer, other;
    int64_t other_ms; /* when the other case was filed (the handler looked); 0: there is none */
    int64_t rating, minutes, days;
    struct id demand; /* that is answered; nil: the oldest that the actor's agency owes */
    int64_t amount;   /* đồng, of a step about money; guards may ask for it, so it stands here */
    const struct case_media *media;
    size_t n_media;
    bool proof; /* one of the media at least is a sound photo (the handler looked) */
    /* Reason, agency and officer are cleared where the row that is taken does not ask for them. */
    const char *as;       /* how history names the party; NULL: the strongest that applies */
    struct id deputy_for; /* of the step */
    /* Only a case that this officer has: another is CASE_WRONG_STATE. Nil: any. */
    struct id only_of;
    unsigned hush;     /* mask of 1 << enum case_audience: whom the caller tells in its own words */
    const char *lacks; /* set on CASE_LACKS: JSON Pointer, static */
    bool onward;       /* set on 0: the row that was taken leads to the end */
};

struct case_kind {
    const char *name;   /* "report" */
    const char *prefix; /* "PA" of its numbers */
    const struct entity_name *state_names, *outcome_names;
    const struct case_state *states;      /* by state, index 0 unused */
    size_t n_states;                      /* including index 0 */
    const struct case_clock_kind *clocks; /* by clock, index 0 unused */
    size_t n_clocks;
    const struct case_row *rows;
    size_t n_rows;
    /* An alarm of its own beside its clocks: when it rings, 0 never, and the verb that the system
     * then takes, whose effect ends it. NULL: none. */
    int64_t (*alarm)(const void *record);
    const char *alarm_verb;
    /* Between a citizen and who leads: no webhook is called, and nobody stands in for a leader. */
    bool quiet;
};

/* NULL if the tables are sound, else words. At start, and walked as data in tests. */
const char *case_kind_fault(const struct case_kind *k);

/* --- effects that any kind may name in its rows ----------------------------------------------- */

int case_do_assign(void *record, struct case_act *act, const struct case_world *w, struct arena *a);
/* Who receives a case has it, until it is assigned to another. */
int case_do_receive(void *record, struct case_act *act, const struct case_world *w,
                    struct arena *a);
/* Nobody has it; and the guard that somebody does. */
int case_do_unassign(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a);
int case_if_assigned(const void *record, const struct case_act *act, const struct case_world *w);
/* The note becomes a question to the citizen; the note of `supply` answers the newest. */
int case_do_ask(void *record, struct case_act *act, const struct case_world *w, struct arena *a);
int case_do_supply(void *record, struct case_act *act, const struct case_world *w, struct arena *a);

/* For effects: another agency is responsible, nobody in it has the case yet. */
void case_hold(struct case_head *h, const char *agency);
/* For effects: more time for a clock of elapsed or working minutes; its alarms ring anew. That it
 * had run out by now stays known (missed_ms). */
void case_extend(struct case_head *h, int clock, int64_t minutes, int64_t now_ms);
/* The same by days, as the clock counts them; of working minutes a day has eight hours. */
void case_extend_days(struct case_head *h, int clock, int64_t days, int64_t now_ms);

/* --- what happens ----------------------------------------------------------------------------- */

/* Who stands before a case. */
struct case_actor {
    struct id id; /* person or staff member; nil for the system */
    bool citizen, dispatcher, officer, leader, inspector, system;
    /* A citizen: whose cases are concerned, an organisation or another person; nil: their own. And
     * whether the actor may only read them. Who may what for whom is domain/acting/. */
    struct id principal;
    bool reads_only;
    const char *agency; /* staff: the code of theirs */
    /* The dispatcher: code of an agency without an active leader, for which the portal stands in.
     */
    const char *stands_in;
    struct id
        deputy_for; /* an officer who has the party of this leader for a while; leader is set */
};

/* What the actor is to this case: mask of enum case_party. */
unsigned case_party_of(const struct case_head *h, const struct case_actor *actor);
/* The same into the act; a deputy's says so, and for whom. */
void case_act_by(struct case_act *act, const struct case_head *h, const struct case_actor *actor);
/*
 * What the actor may see of it: mask of enum audience; 0: nothing, answer as if there were none.
 * Leaders of an agency that once held the case see it as inspectors do.
 */
unsigned case_see(const struct case_head *h, const struct case_actor *actor);

/*
 * A new case: number, owner, agency and state are set by the caller; this starts the state's clock,
 * writes the first step ("file") and its events. `tells` as in a row, ended by whom 0; NULL for
 * none. 0, or E_*.
 */
int case_begin(const struct case_kind *k, void *record, struct case_act *act,
               const struct case_world *w, const struct case_tell *tells, struct arena *a);

/*
 * Carries out a verb on a record: the first row whose verb, state, party and guard match. 0 done
 * and the record changed (revision raised, step and events added); an outcome above and nothing
 * changed.
 */
int case_apply(const struct case_kind *k, void *record, struct case_act *act,
               const struct case_world *w, struct arena *a);

/* Rows that the party could carry out now, each verb once, as the table has them; returns how many
 * (<= cap). */
size_t case_allowed(const struct case_kind *k, const void *record, unsigned party,
                    const struct case_world *w, const struct case_row **ret, size_t cap);

struct case_offer {
    const struct case_row *row;
    enum case_place place;
};
/* The same of an actor, in the order in which they are offered, of which the first CASE_OFFERS_MAX.
 */
size_t case_offers(const struct case_kind *k, const void *record, const struct case_actor *actor,
                   const struct case_world *w, struct case_offer ret[CASE_OFFERS_MAX]);

/* Why the party may not do this now, though the state is right: the words, vi and en, of the row
 * whose guard holds it off. NULL: it is not that, or nothing is to be said. */
const char *const *case_held_off(const struct case_kind *k, const void *record, const char *verb,
                                 unsigned party, const struct case_world *w);

/*
 * Alarms whose time has come: warnings and late notices become events, and a clock that ran out
 * does its kind's verb as the system. 0 something changed (a warning leaves the revision as it
 * is); CASE_WRONG_STATE nothing was due.
 */
int case_ring(const struct case_kind *k, void *record, const struct case_world *w, struct arena *a);

/* Removes events by id (they were dispatched). Does not touch the revision. Returns how many. */
size_t case_settle(struct case_head *h, const struct id *ids, size_t n);

/* Recomputes due_ms and next_ms of clocks and head; called by each of the above, and alone when the
 * calendar changed. */
void case_recompute(const struct case_kind *k, struct case_head *h, const struct calendar *c,
                    const struct case_world *w, struct arena *a);

/*
 * The calendar changed, or the figures in w->settings did: budgets of the clocks that are not done
 * are picked anew as of their start, extensions stay, and what is due follows. Alarms that rang too
 * early ring again. True if the record changed; then its revision is raised and its projections
 * are asked for.
 */
bool case_recalendar(const struct case_kind *k, void *record, const struct case_world *w,
                     struct arena *a);

/* A clock of the head as case_clock.h's struct; false if it was never started. */
bool case_clock_get(const struct case_head *h, int name, struct case_clock *ret);
/* The state's clock is a duty and is past due at now. By how much: *ret_by_ms (0 if not). */
bool case_is_late(const struct case_kind *k, const struct case_head *h, int64_t now_ms,
                  int64_t *ret_by_ms);

/*
 * An office was late: its clock ended after what was due, or runs and its alarm has rung, or had
 * run out once before more time was given. The alarm rebuilds the projections, so that this asks no
 * clock of the machine's.
 */
bool case_was_late(const struct case_head *h, int clock, const struct calendar *c);

/* "PA-261124-0042": the day in +07:00; n is the day's count, at least four digits. */
char *case_number(struct arena *a, const char *prefix, int64_t now_ms, int64_t n);
/* The counter (store_bump) that numbers come from: "PA-261124". */
char *case_counter(struct arena *a, const char *prefix, int64_t now_ms);
