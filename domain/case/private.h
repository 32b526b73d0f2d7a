/* Shared by the files of this folder. */
#pragma once

#include "domain/case/case.h"

/* Appends a zeroed item to a list of items of `size` bytes; returns it. */
void *case_list_add(struct entity_list *list, size_t size, struct arena *a);

/* The row of a clock, made if it is missing. */
struct case_clock_row *case_clock_row(struct case_head *h, int name, struct arena *a);
/* Stops, renews, pauses and resumes clocks for a change of state at w->now_ms. */
int case_clocks_move(const struct case_kind *k, struct case_head *h, const struct case_row *row,
                     int from, int to, const struct case_world *w, struct arena *a);

/* case_recompute of a head that is a copy: `record` is asked for the kind's own alarm. */
void case_recompute_of(const struct case_kind *k, struct case_head *h, const void *record,
                       const struct calendar *c, const struct case_world *w);

/* What a step led from and to: names of states, and the agency that held the case before. */
struct case_move {
    const char *from, *to, *held;
};
/* Writes the step and its events. */
int case_step_add(struct case_head *h, const struct case_act *act, const struct case_row *row,
                  const struct case_move *move, const struct case_world *w, struct arena *a);
/* One event of the holder; above CASE_EVENTS_MERGE it takes the place of the newest of its class
 * and agency. */
void case_event_add(struct case_head *h, int type, int whom, const char *what,
                    const struct case_world *w, int ordinal, struct arena *a);

/* Tells that a demand was not answered in time. */
void case_event_unanswered(struct case_head *h, const struct case_demand *d, int whom,
                           const struct case_world *w, int ordinal, struct arena *a);

/* When the next unanswered demand is to be told of; 0: none. */
int64_t case_demand_alarm(const struct case_head *h);
/* Tells of one that is due: true if there was one. */
bool case_demand_ring(struct case_head *h, const struct case_world *w, struct arena *a);

/* Whether a row may be taken though the history is full. */
static inline bool case_row_onward(const struct case_kind *k, const struct case_row *row)
{
    bool closes = row->to > 0 && !k->states[row->to].open;
    return row->onward || closes || ((row->who & PARTY_SYSTEM) && !row->aside);
}

static inline const char *case_state_name(const struct case_kind *k, int state)
{
    return entity_enum_name(k->state_names, state);
}
