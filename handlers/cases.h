/* What handlers of every kind of case say alike: what may be done next, and why not. */
#pragma once

#include "handlers/app.h"

/* Where a verb is posted to, if not to the kind's steps; NULL: there. */
typedef const char *(*cases_door_fn)(const char *verb);

/* "steps":[…] of what the caller may do now, from the kind's table; pages never guess it. `base` is
 * the path of the case, before a door's. */
void cases_add_steps(const struct request *req, const struct case_row *const *rows, size_t n,
                     const char *base, cases_door_fn door, struct buf *out);

/*
 * An outcome of case_apply or of the store as a problem; 409 says which verbs are possible, 422
 * which member is lacking (`lacks`, a JSON Pointer).
 */
int cases_reply_outcome(const struct request *req, struct reply *reply, const struct case_kind *k,
                        const void *record, const struct case_actor *actor,
                        const struct case_world *w, const char *lacks, int outcome);

/* What an agency or officer that a step names must be: there, active, of the caller's agency. */
int cases_check_targets(const struct request *req, struct reply *reply,
                        const struct catalogue *catalogue, const struct case_act *act);
