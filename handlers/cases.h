/* What handlers of every kind of case say alike: what may be done next, and why not. */
#pragma once

#include "domain/case/kept.h"
#include "handlers/app.h"
#include "handlers/filter.h"

/* Where a verb is posted to, if not to the kind's steps; NULL: there. */
typedef const char *(*cases_door_fn)(const char *verb);

/* "steps":[…] of what the caller may do now, from the kind's table and in its order; pages never
 * guess it. `base` is the path of the case, before a door's. */
void cases_add_steps(const struct request *req, const struct case_kind *k, const void *record,
                     const struct case_actor *actor, const struct case_world *w, const char *base,
                     cases_door_fn door, struct buf *out);

/*
 * What a step was tried on, for the answer where it was not taken. `actor` and `record` are as they
 * were before it; `lacks`: the JSON Pointer that the act came back with.
 */
struct cases_tried {
    const struct case_kind *kind;
    const void *record;
    const struct case_actor *actor;
    const struct case_world *world;
    const char *verb, *lacks;
    cases_door_fn door; /* verbs with a door of their own are not among those that are possible */
};
/* An outcome of case_apply or of the store as a problem: 409 says which verbs are possible, 422
 * which member is lacking; where a rule holds the verb off, its words are told. */
int cases_reply_outcome(struct reply *reply, const struct cases_tried *tried, int outcome);

/* The last step is the caller's, an official's, by this very write: perhaps it gave the case away.
 */
bool cases_is_last_write(const struct request *req, const bson_t *doc, const struct case_head *h,
                         const struct store_write *write);

/* What an agency or officer that a step names must be: there, active, of the caller's agency. */
int cases_check_targets(const struct request *req, struct reply *reply,
                        const struct catalogue *catalogue, const struct case_act *act);

/* --- lists of a desk -------------------------------------------------------------------------- */

/* Officers and leaders see their agency; the dispatcher and inspectors name one, or see all (NULL).
 */
const char *cases_agency_asked(const struct request *req);
/* A page of cases under these conditions. */
int cases_reply_rows(const struct request *req, struct reply *reply,
                     const struct store_collection *c, const struct filter *f, const char *order,
                     bool descending, app_show_fn show);
/* The same with the order, and what `keep` further asks, of `q`. */
int cases_reply_query(const struct request *req, struct reply *reply,
                      const struct store_collection *c, const struct filter *f,
                      struct store_query q, app_show_fn show);
/* Late now, or within ?soon_minutes=: adds its conditions; `past` stays where it is. */
void cases_filter_late(const struct request *req, struct filter *f, struct store_range *past);
/* With a demand that wants an answer: of the own agency, or of the one that is asked for. Ordered
 * by "answer_due". */
void cases_filter_demands(const struct request *req, struct filter *f, struct store_range *any);
/* The case of a number; NULL where there is none, and a problem is answered. */
int cases_by_number(const struct request *req, struct reply *reply, const struct case_kept *k,
                    const char *number, void **ret);
