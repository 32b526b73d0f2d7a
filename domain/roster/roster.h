/*
 * Duty rosters: who of an agency is reached first, day and night. A shift is a pattern of weekdays,
 * or dates, with hours in +07:00 (over midnight where it ends before it begins) and people in
 * order.
 */
#pragma once

#include "domain/staff/act.h"

#define ROSTER_SHIFTS_MAX 64
#define ROSTER_PEOPLE_MAX 8 /* of one shift */
#define ROSTER_DUTY_MAX 12  /* at one instant, of all shifts together */

struct roster_person {
    struct id id; /* staff */
};

struct roster_shift {
    const char *name; /* "Trực đêm" */
    const char *days; /* "12345": weekdays on which it begins, 1 is Monday; NULL: every day */
    const char *first, *last;  /* dates between which it begins, both included; NULL: no bound */
    const char *start, *end;   /* "17:00", "07:00"; the same: around the clock */
    struct entity_list people; /* struct roster_person, in order */
};

struct roster {
    const char *agency;
    struct entity_list shifts; /* struct roster_shift; earlier ones are asked first */
    int64_t changed_ms, revision;
    struct entity_list acts;
    int64_t acts_ms;
};
extern const struct entity roster_entity;
extern const struct store_collection roster_collection;

struct id roster_id(const char *agency);
/* 0, STORE_ABSENT. */
int roster_get(struct store *s, const char *agency, struct arena *a, struct roster *ret);
/* Replaces it whole, or makes it. if_revision: STORE_ANY_REVISION for none; 0: there is none yet.
 * 0, STORE_REVISED. */
int roster_put(struct store *s, const struct roster *r, const struct staff_doer *doer,
               int64_t if_revision, int64_t now_ms);
/* Who is on duty at an instant, in order, nobody twice; how many (<= ROSTER_DUTY_MAX). */
size_t roster_on_duty(const struct roster *r, int64_t now_ms, struct id ret[ROSTER_DUTY_MAX]);
