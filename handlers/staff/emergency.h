/* Emergencies that climb a roster; shared with the thread that climbs. */
#pragma once

#include "domain/roster/alarm.h"
#include "handlers/app.h"

/* Rings what is due, and notes what was acknowledged. *ret_n: how many; 0: there is nothing to do.
 */
int emergency_climb(struct app *app, int64_t now_ms, size_t *ret_n);
/* A case was acted upon: if it has gone on (received, transferred, closed), its emergency is over
 * at once. What fails here the next rung does, so that nothing depends on it. */
void emergency_acted(struct app *app, const struct case_kind *kind, const struct case_head *h,
                     int64_t now_ms);
