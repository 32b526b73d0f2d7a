/*
 * A small province for the tests of domain/: a store, a calendar, the portal and two agencies, and
 * the people and officials who act on reports. Its clock stands still unless a test moves it.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain/report/report.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

#define PORTAL "CMU.IOC" /* the dispatcher's */
#define HERE "H12.01"    /* where reports are routed to */
#define THERE "H12.02"   /* another */
#define ALONE "H12.03"   /* one with an officer and no leader */
#define EMPTY "H12.04"   /* one without accounts */

enum engine { ENGINE_MODEL, ENGINE_SQLITE };

enum who {
    OWNER,
    STRANGER, /* a citizen; the report is another's */
    DISPATCHER,
    OFFICER, /* of HERE */
    LEADER,
    OTHER_OFFICER, /* of THERE */
    OTHER_LEADER,
    LONE_OFFICER, /* of ALONE */
    INSPECTOR,
    SYSTEM,
    WHO_MAX
};
extern const char *const who_names[WHO_MAX];

/* What a report is like when it is filed. */
enum trait {
    UNROUTED = 1 << 0, /* no rule takes it: it begins at the portal */
    EMERGENCY = 1 << 1,
    APPROVAL = 1 << 2, /* its category demands a leader's approval */
    PROOF = 1 << 3,    /* its category demands a photo with the answer */
    CONSENT = 1 << 4,
    AWAITED = 1 << 5, /* two photos follow */
    TRAITS = 1 << 6
};

struct province {
    enum engine engine;
    struct model_disk *disk;
    char folder[64];
    struct store *store;
    struct calendar *calendar;
    struct report_settings figures;
    struct case_world world;
    struct arena arena;
    int filed;              /* how many; keys are made of it */
    const char *leaderless; /* an agency whose leaders left, besides ALONE and EMPTY; or NULL */
};

/* Monday 2 March 2026, 09:00 in +07:00: a working day of the plain calendar. */
int64_t province_monday_ms(void);

void province_open(struct province *p, enum engine engine);
void province_close(struct province *p);
/* Closed and opened again on what was stored. */
void province_reopen(struct province *p);

struct id province_id(enum who who);
struct case_actor province_actor(enum who who);
/* The same before a report: the dispatcher stands in where its agency has no leader. */
struct case_actor province_actor_before(const struct province *p, enum who who,
                                        const struct report *r);

/* A draft of these traits, at the pin of 9.1769, 105.1500. */
struct report_draft province_draft(unsigned traits);
/* Files one; its events are still there. */
void province_file(struct province *p, unsigned traits, struct report *ret);
/* As it is stored now. */
void province_get(struct province *p, const struct id *id, struct report *ret);

/* The verb with all that any row of it could need. */
struct report_act province_deed(const struct province *p, const char *verb, enum who who);
/* Carries it out, as by who stands before what is stored; *ret is what is stored then. */
int province_act(struct province *p, const struct id *id, struct report_act *act,
                 struct report *ret);
/* The same, which must succeed; *r is brought up to date. */
void province_do(struct province *p, struct report *r, const char *verb, enum who who);
/* Its events count as dispatched. */
void province_settle(struct province *p, struct report *r);
/* Rebuilds the projections if asked for, then settles. */
void province_dispatch(struct province *p, struct report *r);

/* Files one and takes the legal steps to a state; all is dispatched. */
void province_reach(struct province *p, unsigned traits, int state, struct report *ret);

/* A clock of the report, which must have been started. */
const struct case_clock_row *province_clock(const struct report *r, int name);
const struct case_step *province_last_step(const struct report *r);

/* --- domain/case/kept.h, of reports ----------------------------------------------------------- */

static inline bool report_alarm_due(const struct report *r, const struct case_world *w,
                                    struct arena *a)
{
    return case_alarm_due(&report_kind, r, w, a);
}

static inline int report_ring(struct store *s, const struct id *id, const struct case_world *w,
                              struct arena *a, struct report *ret)
{
    void *rung = NULL;
    int done = case_ring_kept(&report_kept, s, id, w, a, &rung);
    if (done == 0)
        *ret = *(struct report *)rung;
    return done;
}

static inline int report_settle(struct store *s, const struct id *id, const struct id *events,
                                size_t n, const struct case_world *w)
{
    struct arena a;
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &report_collection, id, &doc);
    if (done != 0)
        return done;
    struct case_settling one = {.id = *id, .seen = doc, .events = events, .n = n, .world = w};
    arena_init(&a);
    case_settle_many(&report_kept, s, &one, 1, &a);
    arena_release(&a);
    return one.outcome;
}

static inline int report_reown(struct store *s, const struct id *from, const struct id *into,
                               struct arena *a, bool *ret_more)
{
    return case_reown(&report_kept, s, from, into, a, ret_more);
}

static inline int report_recalendar(struct store *s, const struct case_world *w, size_t max,
                                    bool *ret_more)
{
    return case_recalendar_some(&report_kept, s, w, max, ret_more);
}
