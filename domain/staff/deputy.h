/*
 * Deputies: a leader names an officer of the agency who has a leader's party for its cases from one
 * instant until another. It ends by itself; it ends with the leader's or the deputy's account. Only
 * who leads in their own right names one, so there is no deputy of a deputy.
 */
#pragma once

#include "domain/staff/act.h"
#include "domain/staff/staff.h"

#define DEPUTY_DAYS_MAX 92        /* of one period; another may be named after it */
#define DEPUTY_AHEAD_DAYS_MAX 366 /* how far ahead it may begin */

enum deputy_outcome {
    DEPUTY_PERIOD = 351, /* it ends before it begins, or in the past, or is too long, or too far */
    DEPUTY_NOT_OFFICER = 352, /* not an active officer of the agency */
    DEPUTY_OVER = 353,        /* it has ended already */
};

struct deputy {
    struct id id; /* not a field */
    const char *agency;
    struct id leader, deputy;
    int64_t from_ms, until_ms;
    int64_t at_ms, ended_ms; /* named, and ended before its time */
    int64_t revision;
    struct entity_list acts;
    int64_t acts_ms;
};
extern const struct entity deputy_entity;
extern const struct store_collection deputy_collection;

int deputy_get(struct store *s, const struct id *id, struct arena *a, struct deputy *ret);
/* agency, leader, deputy and period are the caller's. 0, STORE_REPEATED, STORE_REUSED, outcomes
 * above. */
int deputy_name(struct store *s, const struct id *id, const struct store_write *write,
                struct deputy *d, const struct staff_doer *doer, int64_t now_ms, struct arena *a);
/* Ends it before its time. 0, STORE_ABSENT, DEPUTY_OVER. */
int deputy_end(struct store *s, const struct id *id, const struct staff_doer *doer, int64_t now_ms,
               struct arena *a, struct deputy *ret);
/* Whom an officer stands for just now: 0 and *ret_leader, nil for nobody. The leader must still
 * lead the agency. */
int deputy_stands_for(struct store *s, const struct id *officer, const char *agency, int64_t now_ms,
                      struct arena *a, struct id *ret_leader);
