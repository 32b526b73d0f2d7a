/*
 * An emergency climbs until somebody acknowledges it: the people on duty one after the other, then
 * who leads the agency, then the province's portal, again and again. How far it came is a document
 * found by `next`, so that it goes on after a restart and wherever; a rung has an id of its own, so
 * that nobody is rung twice by it.
 */
#pragma once

#include "domain/roster/roster.h"

#define ALARM_RUNGS_MAX 30 /* then it rings no more; the case's own clock runs on */

enum alarm_state {
    ALARM_RINGING = 1,
    ALARM_ACKNOWLEDGED,
    ALARM_OVER,    /* the case went on without it */
    ALARM_UNHEARD, /* it rings no more; whoever comes late may still say that they heard */
};

enum alarm_rung_kind { RUNG_PERSON = 1, RUNG_LEADERS, RUNG_PORTAL };

struct alarm_rung {
    int kind;
    struct id id; /* RUNG_PERSON */
};

struct alarm {
    struct id id;     /* of the event that it began with; not a field */
    const char *kind; /* of the case: "report" */
    struct id about;  /* the case */
    const char *number, *agency;
    const char *status;      /* state of the case; in another it is over */
    struct entity_list plan; /* struct alarm_rung; the last is rung again and again */
    int64_t rung;            /* how many were */
    int state;
    int64_t at_ms, rung_ms, next_ms;
    const char *text_vi, *text_en;
    struct id by; /* who acknowledged */
    int64_t acknowledged_ms;
    bool noted; /* that stands in the case's history */
    int64_t revision;
};
extern const struct entity alarm_entity;
extern const struct store_collection alarm_collection;

enum alarm_outcome {
    ALARM_NO_ROSTER = 381, /* the agency has none: leaders are told at once, as ever */
    ALARM_NOT_YOURS = 382, /* not on it, and not over the agency */
    ALARM_PAST = 383,      /* it was heard, or is over; *ret says which */
};

/* Begins one, from an event of a case; the plan is made of the roster at now. Once for an event. 0
 * or ALARM_NO_ROSTER. `alarm`: kind, about, number, agency, status and words. */
int alarm_begin(struct store *s, const struct id *event, struct alarm *alarm, int64_t now_ms,
                struct arena *a);
int alarm_get(struct store *s, const struct id *id, struct arena *a, struct alarm *ret);
int alarm_decode(const bson_t *doc, struct arena *a, struct alarm *ret);
/* The newest of a case; STORE_ABSENT. */
int alarm_of(struct store *s, const struct id *about, struct arena *a, struct alarm *ret);
/* Those whose time has come, earliest first. */
int alarm_due(struct store *s, int64_t now_ms, struct arena *a, struct alarm **ret, size_t *ret_n);
/* What the next rung is; and its id. */
struct alarm_rung alarm_next(const struct alarm *alarm);
struct id alarm_rung_id(const struct alarm *alarm);

/* One rung further, if nobody was faster; the next after wait_ms, at once if 0. */
int alarm_climb(struct store *s, const struct alarm *alarm, int64_t wait_ms, int64_t now_ms);
/* It rings no more. */
int alarm_stop(struct store *s, const struct id *id, enum alarm_state state, int64_t now_ms);
/* The acknowledgement stands in the history now. */
int alarm_noted(struct store *s, const struct id *id);
/*
 * 0 and *ret; ALARM_PAST. `over`: the caller is over the agency (leads it, or is the portal's);
 * others must be on the plan.
 */
int alarm_acknowledge(struct store *s, const struct id *id, const struct id *by, bool over,
                      int64_t now_ms, struct arena *a, struct alarm *ret);
