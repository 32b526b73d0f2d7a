/*
 * The queue of one officer goes to another, or back to the unit, in one act. Each case moves by its
 * own step of history; the hand-over itself is a document that says how far it came, so that it
 * goes on wherever it was left, by whichever process. Two at once take each case once: a step moves
 * it only from who has it.
 */
#pragma once

#include "domain/case/kept.h"
#include "domain/staff/act.h"

#define HANDOVER_REASON_MAX 1000 /* bytes */

enum handover_state {
    HANDOVER_RUNNING = 1,
    HANDOVER_DONE,
    HANDOVER_STOPPED, /* who was to receive cannot any more; what was moved stays moved */
};

struct handover {
    struct id id; /* not a field */
    const char *agency;
    struct id from, to; /* staff; to nil: nobody in particular */
    const char *from_user, *to_user;
    struct id by;
    const char *by_user, *as; /* "leader", "deputy" or "admin", for history */
    struct id deputy_for;     /* of a deputy */
    const char *reason;
    int state;
    int64_t at_ms, done_ms;
    int64_t total;   /* there were when it began */
    int64_t moved;   /* at least; counted after each page */
    int64_t left;    /* that could not be moved */
    int64_t open_ms; /* while it runs: since when, for the sweep */
    int64_t revision;
    struct entity_list acts;
    int64_t acts_ms;
};
extern const struct entity handover_entity;
extern const struct store_collection handover_collection;

/* A kind of case and its own settings; ended by a NULL kept. */
struct handover_kind {
    const struct case_kept *kept;
    const void *settings;
};

int handover_get(struct store *s, const struct id *id, struct arena *a, struct handover *ret);
/* Under an id that makes it the same. 0, STORE_REPEATED and *ret as it is, STORE_REUSED; E_*. */
int handover_begin(struct store *s, const struct id *id, const struct store_write *write,
                   struct handover *h, const struct staff_doer *doer, struct arena *a);

/* How many open cases an officer has, of a kind, by state; at most 5,000 are looked at. */
struct handover_count {
    const struct case_kind *kind;
    int64_t by_state[CASE_STATES_MAX + 1];
    int64_t n;
};
int handover_count(struct store *s, const struct handover_kind *kind, const struct id *officer,
                   struct arena *a, struct handover_count *ret);

struct handover_work {
    struct store *store;
    const struct handover_kind *kinds;
    struct case_world world; /* settings are set for each kind */
};
/*
 * Moves at most `max` cases and counts them. 0; positive HANDOVER_MORE: there is more to do.
 * Whoever finds that it came to its end tells those whom it concerns, and then calls
 * handover_finish.
 */
#define HANDOVER_MORE 371
int handover_work(const struct handover_work *w, const struct id *id, size_t max, struct arena *a,
                  struct handover *ret);
int handover_finish(struct store *s, const struct id *id, enum handover_state state, int64_t now_ms,
                    struct arena *a, struct handover *ret);
/* Those that run, oldest first; at most `max` ids. */
int handover_running(struct store *s, struct id *ret, size_t max, size_t *ret_n);
