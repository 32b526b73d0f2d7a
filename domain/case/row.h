/*
 * A row of a kind's transition table: from where, by which verb, to where; who may, under which
 * conditions, what it needs and does, whom it tells, and how loudly it is offered. Included by
 * case.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "domain/entity/entity.h"

struct case_act;
struct case_world;

#define CASE_GUARDS_MAX 2 /* of one row */

#define CASE_STAY (-1) /* the state stays */
#define CASE_BACK                                                                                  \
    (-2) /* the state that was left for a question or an approval; two may be kept                 \
          */

struct case_tell {
    int whom;
    const char *what; /* template; NULL: the verb */
};

/*
 * How loudly a step is offered to whoever may take it. Pages show the first two at once and the
 * others behind "more"; within each, rows stand in the order of the table.
 */
enum case_place {
    CASE_USUAL = 0,
    CASE_FORTH, /* brings the case to its end: before the usual */
    CASE_ASIDE, /* now and then */
    CASE_GRAVE, /* ends, denies or hides */
};
extern const char *const case_place_names[];

/* A condition of a row, and why not, vi and en, where it does not hold; NULL: that says itself. */
struct case_guard {
    /* 0 it holds; positive: it does not, the row is passed over. */
    int (*holds)(const void *record, const struct case_act *act, const struct case_world *w);
    const char *otherwise[2];
};

struct case_row {
    const char *verb;
    uint32_t from; /* mask of 1 << state */
    int to;
    unsigned who;   /* mask of enum case_party */
    unsigned needs; /* mask of enum case_needs */
    const struct entity_name *reasons;
    unsigned stops;  /* clocks that are done, mask of 1 << clock */
    unsigned renews; /* clocks that begin anew with a fresh budget */
    int outcome;     /* that `to` has, if it is closed, or proposes while it is open */
    bool keeps_back; /* remembers the state it leaves in back_to */
    bool inner;      /* its note is for offices alone */
    bool aside;      /* of the system, to be read: nothing that leads to the end */
    /*
     * Leads to the end, so it may be taken though the history is full. Closing rows and those of
     * the system do so unsaid. case_kind_fault sees to it that these rows alone bring every open
     * case to its end, and that none can go round by them.
     */
    bool onward;
    struct case_guard guards[CASE_GUARDS_MAX]; /* ended by a NULL; else the next row */
    /* The rest of the change, after state and clocks; on a failure the record is thrown away. */
    int (*effect)(void *record, struct case_act *act, const struct case_world *w, struct arena *a);
    struct case_tell tells[4]; /* ended by whom 0 */
    const char *label[2];      /* of the button, vi and en */
    enum case_place place;
    /* Where it depends on the record, or on whether the one who looks has the case. NULL: place. */
    enum case_place (*place_of)(const void *record, bool mine);
};
