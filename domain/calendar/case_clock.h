/*
 * A clock of a case: a budget and the intervals in which it ran, so that pauses, and a calendar
 * that changes later, recompute what is due. Plain data without pointers: it is stored in the
 * case's document. Functions are pure; instants come from the caller.
 *
 * Days across pauses: a day is spent if the clock runs at the moment the day ends (close of working
 * hours; midnight for calendar days), and the day of the first start never is (calendar.h). So
 * pausing and resuming within one day changes nothing, and a pause costs the days that ended in it.
 *
 * At most CLOCK_RUNS_MAX intervals are kept; when another begins, the oldest is folded into
 * `carried`: what was spent stays exact, and no longer follows a changed calendar.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "domain/calendar/calendar.h"

#define CLOCK_RUNS_MAX 32
#define CLOCK_RUNS INT64_C(0) /* to_ms of the interval that is still open */

enum clock_outcome {
    CLOCK_ALREADY = 161, /* it is in that state; nothing changed */
    CLOCK_IDLE = 162,    /* it was never started */
    CLOCK_OVER = 163,    /* it was stopped for good */
    CLOCK_ENDLESS = 164, /* nothing is due while it does not run and has budget left */
};

enum clock_state {
    CLOCK_STATE_IDLE = 0,
    CLOCK_STATE_RUNNING = 1,
    CLOCK_STATE_PAUSED = 2,
    CLOCK_STATE_STOPPED = 3,
};

struct clock_run {
    int64_t from_ms, to_ms;
};

struct case_clock {
    int name;                /* of the case kind's own table */
    enum calendar_unit unit; /* of budget */
    int64_t budget;          /* whole units; an extension raises it */
    enum clock_state state;
    int64_t started_ms;    /* first start; 0 before */
    int64_t carried;       /* grains (calendar.h) spent in folded intervals */
    int64_t carried_to_ms; /* end of the newest folded interval; 0 if none */
    int n_runs;
    struct clock_run runs[CLOCK_RUNS_MAX]; /* ascending, disjoint; only the last may be open */
};

/* Idle. Also how a clock is begun anew ("the period restarts when the dossier is complete"). */
void clock_init(struct case_clock *k, int name, enum calendar_unit unit, int64_t budget);

/*
 * An instant before the newest one recorded counts as that one: machines may disagree a little.
 * 0, or the outcome and nothing changed. E_INVALID for an instant at or before 1970.
 *   start   CLOCK_ALREADY running or paused; CLOCK_OVER
 *   pause   CLOCK_ALREADY paused; CLOCK_IDLE; CLOCK_OVER
 *   resume  CLOCK_ALREADY running; CLOCK_IDLE; CLOCK_OVER
 *   stop    CLOCK_ALREADY stopped; CLOCK_IDLE
 */
int clock_start(struct case_clock *k, int64_t at_ms);
int clock_pause(struct case_clock *k, int64_t at_ms);
int clock_resume(struct case_clock *k, const struct calendar *c, int64_t at_ms);
int clock_stop(struct case_clock *k, int64_t at_ms);

/*
 * The last instant in time: where the running interval will use up the budget, or an interval did.
 * 0, CLOCK_IDLE, or CLOCK_ENDLESS (paused or stopped with budget left). If the folded intervals
 * alone used it up, it is the end of the newest of them.
 */
int clock_due_ms(const struct case_clock *k, const struct calendar *c, int64_t *ret);

/* Whole units. What is left is negative past the budget. */
int64_t clock_spent(const struct case_clock *k, const struct calendar *c, int64_t now_ms);
int64_t clock_left(const struct case_clock *k, const struct calendar *c, int64_t now_ms);

/* It runs after its due instant, or did before it was paused or stopped. */
bool clock_is_late(const struct case_clock *k, const struct calendar *c, int64_t now_ms);

/*
 * QĐ 17/2022/QĐ-UBND of Cà Mau: elapsed budgets chosen by the kind of day on which a clock starts
 * (dispatch 2 h or 12 h, response 4 h or 24 h; the figures are configuration).
 */
struct clock_budget {
    int64_t working_day_ms, day_off_ms;
};
int64_t clock_budget_of(const struct clock_budget *b, const struct calendar *c, int64_t start_ms);
