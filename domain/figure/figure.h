/*
 * Figures of dossiers over a span of days: what was received in it, what was concluded in it, what
 * is in progress; by agency, field, procedure or month. They are tallied from dossier_fact.
 *
 * A month is frozen some time after its end: its figures are written down, a document for each
 * agency, and stay. What is counted later for the same month may differ (a report of it was
 * corrected, a rating came); the difference is shown as such.
 *
 *   collection `figure_month`
 */
#pragma once

#include "domain/dossier/dossier.h"

#define FIGURE_FIELDS_MAX                                                                          \
    400 /* of one agency in one month; the rest is one row without a field                         \
         */
#define FIGURE_GRACE_MS (INT64_C(60) * 60 * 1000) /* after a month's end, before it is frozen */
#define FIGURE_BACK_MAX 60                        /* months: older ones are not frozen */
#define FIGURE_SATISFIED 4                        /* stars, and more */
#define FIGURE_DISSATISFIED 2                     /* and fewer */

/* What is counted, in the order in which it is shown. */
enum figure_what {
    FIGURE_RECEIVED = 1, /* filed in the span */
    FIGURE_SUPPLIED,     /* of those, papers were asked for again */
    FIGURE_REUSED,       /* of those, some component came from the document store */
    FIGURE_ON_TIME,      /* concluded in the span */
    FIGURE_LATE,
    FIGURE_SATISFIED_BY, /* of the concluded: rated so */
    FIGURE_DISSATISFIED_BY,
    FIGURE_RATED,
    FIGURE_OPEN, /* filed by the end of the span and in progress now, late ones included */
    FIGURE_OPEN_LATE,
    FIGURE_KINDS
};
extern const struct entity_name figure_names[]; /* by enum figure_what */

struct figure {
    int64_t month; /* yyyymm; 0: not by month */
    const char *agency, *field, *procedure;
    int64_t counts[FIGURE_KINDS]; /* of dossiers */
    int64_t reused, given;        /* components of what was received */
    int64_t stars;                /* sum of the ratings */
    int64_t unhappy_in_time;      /* dissatisfied, though it was not late */
};

enum figure_by { FIGURE_BY_AGENCY = 1, FIGURE_BY_FIELD, FIGURE_BY_PROCEDURE, FIGURE_BY_MONTH };

struct figure_query {
    const char *agency; /* that decides; NULL: the province */
    enum figure_by by;  /* procedure only of an agency: E_INVALID */
    int64_t from, to;   /* day numbers, both included */
};
/* Rows in no order, one for each group that has anything. */
int figure_gather(struct store *s, const struct figure_query *q, struct arena *a,
                  struct figure **ret, size_t *ret_n);
void figure_add(struct figure *sum, const struct figure *one);
/* What `part` of `of` is of `whole` (1000: tenths of a percent), to the nearest; of > 0, part >= 0.
 */
int64_t figure_share(int64_t part, int64_t of, int64_t whole);

/* The conditions of what a figure counts, for a list of the same dossiers over dossier_fact. */
struct figure_list {
    enum figure_what what;
    const char *agency, *field, *procedure; /* NULL: any */
    int64_t month;                          /* of a row by month; 0 */
    int64_t from, to; /* days of filing, of the concluded of their end; from < 0: no bound */
    /* Of figure_conditions. */
    struct store_condition conditions[8];
    struct store_value values[8];
    struct store_range days, range;
    size_t n;
    const char *order;
};
void figure_conditions(struct figure_list *l);

/* yyyymm; first and last day of one; the next one. */
int64_t figure_month_of(int64_t day);
bool figure_month_days(int64_t month, int64_t *ret_first, int64_t *ret_last); /* false: no month */

/* --- months that are over --------------------------------------------------------------------- */

struct figure_month {
    int64_t month;
    const char *agency; /* "": the month is whole; its document is written last */
    int64_t frozen_ms;
    struct entity_list rows; /* struct figure, by field */
};
extern const struct entity figure_month_entity;
extern const struct store_collection figure_month_collection;

/* Freezes the oldest month that is over and is not frozen yet: true if there was one. Idempotent:
 * what was written once stays. */
int figure_freeze(struct store *s, int64_t now_ms, struct arena *a, bool *ret_did);
/* When a month was frozen; 0: it is not. */
int figure_frozen(struct store *s, int64_t month, struct arena *a, int64_t *ret_ms);
/*
 * What was frozen of a month, as figure_gather groups it: by agency, by field, or by month (one
 * row); not by procedure. The caller has seen that it is frozen.
 */
int figure_frozen_rows(struct store *s, int64_t month, const char *agency, enum figure_by by,
                       struct arena *a, struct figure **ret, size_t *ret_n);
