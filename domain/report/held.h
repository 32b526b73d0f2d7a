/*
 * Reports that were written before their writer's code arrived. Such a report is no case yet: no
 * agency is responsible for it, no clock runs, it has no number and is not counted; so it is none
 * of the transition table's business, and every invariant of domain/case/ holds without exception.
 * It lies in a collection of its own, already checked and placed, until the code is checked; then
 * it is filed like any other, as of that moment and by the routing table of then, under the id that
 * the writer was told when they wrote it. After a day it is removed.
 *
 * Its key goes on to stand for it. Whoever lost the answer may repeat the request once they are
 * proven, and may be another person's account by then: a *heir*, a document under the id that the
 * request would have now, names the report until the day is over.
 *
 * (A state before NEW was the other way: an open case that nobody is responsible for and nobody may
 * see, left out of inboxes, figures and lists by a condition in each of them.)
 */
#pragma once

#include "domain/report/report.h"

#define REPORT_HELD_MS (INT64_C(24) * 3600 * 1000)
#define REPORT_HELD_MAX 3 /* of one person */

struct report_held {
    struct id id;    /* report_id of owner and key: of the report that it becomes */
    struct id owner; /* who is not proven yet */
    const char *key; /* Idempotency-Key */
    const char *category, *text, *address, *answers, *commune;
    int64_t answers_form;
    struct point point;
    int place;
    bool consent, emergency, approval, proof;
    struct entity_list photos; /* struct report_photo, not yet attached */
    int64_t awaited;           /* photos that follow once it is filed */
    int64_t held_ms, expires_ms;
    struct entity_bytes said; /* digest of the body that was sent */
    struct id filed;          /* of an heir, which has but this and expires_ms: the report */
};
extern const struct entity report_held_entity;
extern const struct store_collection report_held_collection;

enum report_held_outcome { REPORT_HELD_FULL = 221 /* REPORT_HELD_MAX are there */ };

/* 0 or REPORT_REPEATED with *ret; REPORT_KEY_REUSED, REPORT_HELD_FULL, E_*. */
int report_hold(struct store *s, const struct report_draft *d, const char *key, const void *body,
                size_t n_body, int64_t now_ms, struct arena *a, struct report_held *ret);
/* STORE_ABSENT. */
int report_held_get(struct store *s, const struct id *id, struct arena *a, struct report_held *ret);
/* Those of a person, a page of them. */
int report_held_of(struct store *s, const struct id *owner, struct arena *a,
                   struct report_held **ret, size_t *ret_n, bool *ret_more);

/* The report that stands under this id, by its heir. STORE_ABSENT. */
int report_held_heir(struct store *s, const struct id *id, struct arena *a, struct id *ret);

/*
 * Files it for `owner` (whoever its writer turned out to be) and removes it; photos are attached
 * already, agency is the routing table's. Repeating is harmless. 0, E_*.
 */
int report_held_file(struct store *s, const struct report_held *h, const struct id *owner,
                     const char *agency, const struct case_world *w, struct arena *a);
