/*
 * Made-up citizens and reports for demonstrations and measurements. Each report is filed and then
 * walked through the transition table of domain/report/ at instants of the past, alarms included,
 * so that every document is one that could have come about; only notices are left out.
 */
#pragma once

#include "handlers/app.h"
#include "programs/stores.h"

#define SEED_REPORTS_MAX 2000000
#define SEED_CITIZENS_MAX 200000
#define SEED_DAYS_MAX 1800
#define SEED_PROCEDURES_MAX 1800
#define SEED_DOSSIERS_MAX 2000000

struct seed_options {
    int64_t reports, citizens, days;
    int64_t procedures, dossiers;
    uint64_t random; /* the same number on an equal catalogue makes the same choices */
    int64_t now_ms;
    app_tell_fn tell;
    void *ctx;
};

struct seed_counts {
    int64_t citizens, reports, repeated; /* repeated: was there from an earlier run */
    int64_t open, published;
    int64_t dossiers;
};

/* What reports are made from; borrowed. */
struct seed_world {
    const struct stores *stores;
    const struct catalogue *catalogue;
    const struct area_set *areas;
    struct calendar *calendar;
};

/* E_INVALID if the catalogue has no dispatcher or no category that takes reports. */
int seed_fill(const struct seed_world *w, const struct seed_options *o, struct seed_counts *ret);

/*
 * Makes `procedures` of the options, a third of them with a form; those that are there stay. The
 * built-in schemas were loaded. E_INVALID if the catalogue has no department.
 */
int seed_procedures(const struct seed_world *w, const struct seed_options *o);

/* Who acts for an agency: an account of its own where it has one, else an id made of its code. */
struct seed_hands {
    struct id officer, leader;
};

/*
 * Makes `dossiers` of the options: handed in on paper at the desks of communes, and walked through
 * the table of domain/dossier/ as reports are. `citizens` are whose they are. E_INVALID if no
 * procedure that is known here is filed in a commune that has an agency.
 */
int seed_dossiers(const struct seed_world *w, const struct seed_options *o,
                  const struct id *citizens, const struct seed_hands *hands, int64_t *ret_made);

/* --- between seed.c, seed_citizens.c, seed_walk.c and seed_texts.c ---------------------------- */

/* Makes those of the options that are not there yet; *ret has room for all. */
int seed_citizens(const struct seed_world *w, const struct seed_options *o, struct id *ret);

struct seed_random {
    uint64_t state;
};
uint64_t seed_draw(struct seed_random *r, uint64_t below); /* 0 to below - 1 */
bool seed_chance(struct seed_random *r, unsigned percent);
int64_t seed_span(struct seed_random *r, int64_t least, int64_t most); /* skewed to `least` */

struct seed_walk {
    const struct seed_world *world;
    struct seed_random *random;
    struct arena *arena;
    const struct seed_hands *hands; /* by the catalogue's agencies */
    const char *answer;             /* what the agency will say */
    int64_t end_ms;                 /* nothing happens after */
};
/* A case whose past is made up; its clock is world.now_ms. */
struct seed_life {
    const struct case_kind *kind;
    void *record;
    struct case_head *head; /* of the record */
    struct case_world world;
    struct arena *arena;
    int64_t end_ms;
};
/* Moves the clock, ringing what falls due on the way. 1: the end was reached first. */
int seed_pass(struct seed_life *l, int64_t ms);
/* What was to be dispatched counts as done. */
void seed_settle(struct seed_life *l);

/* Takes a report that was just composed (no step yet) to where it stands at end_ms. */
int seed_walk(const struct seed_walk *k, struct report *r, int64_t filed_ms);

/* The same for a dossier. */
int seed_dossier_walk(const struct seed_walk *k, struct dossier *d, int64_t filed_ms);

/* Inserts; what was there is counted in *ret_repeated. */
int seed_insert(const struct seed_world *w, const struct store_collection *c,
                struct store_new_doc *docs, size_t n, int64_t *ret_repeated);
/* When things were filed, ascending: n of them, more by day than by night. */
int64_t *seed_times(const struct seed_options *o, struct seed_random *r, int64_t n,
                    struct arena *a);

struct seed_text {
    const char *text, *answer;
};
/* Words for a category by its code; any other category gets general ones. */
const struct seed_text *seed_text_of(const char *category, struct seed_random *r);
const char *seed_landmark(struct seed_random *r);
const char *seed_name(struct seed_random *r, struct arena *a);
/* Answers to the shipped categories' questions as canonical JSON, or NULL. */
const char *seed_answers(const char *category, struct seed_random *r);
