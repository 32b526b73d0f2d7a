/*
 * A complaint about how a dossier is handled (phản ánh, kiến nghị về việc giải quyết hồ sơ), the
 * third kind of case. It is attached to a dossier and goes to who leads the one-stop desk where
 * that was filed; where the only leader is who it is about, to the province's inspectors. Officers
 * see nothing of it, and who it is about is barred (case_head.barred). A formal complaint under the
 * Law on Complaints 02/2011/QH13 is none: its reason for refusal says where that is filed.
 *
 *   collection `complaint`        the case itself
 *   collection `complaint_fact`   what is counted
 */
#pragma once

#include "domain/case/kept.h"

#define COMPLAINT_TEXT_MAX 6000    /* bytes: 1,500 characters */
#define COMPLAINTS_OF_DOSSIER 10   /* in all */
#define COMPLAINT_ROOM (64 * 1024) /* of a document, kept for the steps that lead to its end */

enum complaint_state { COMPLAINT_FILED = 1, COMPLAINT_TAKEN, COMPLAINT_CLOSED, COMPLAINT_STATES };
extern const struct entity_name complaint_states[];

enum complaint_outcome { COMPLAINT_ANSWERED = 1, COMPLAINT_REFUSED, COMPLAINT_WITHDRAWN };
extern const struct entity_name complaint_outcomes[];

enum complaint_clock {
    COMPLAINT_CLOCK_TAKE = 1, /* to take it on or refuse it */
    COMPLAINT_CLOCK_ANSWER,
    COMPLAINT_CLOCKS
};

/* What it is about. */
extern const struct entity_name complaint_subjects[];

/* Budgets, in working days, configurable (complaint.*): by analogy with what is told of how the
 * national portal handles what is sent to it; no act that lays them down was read. */
struct complaint_settings {
    int64_t take_days;   /* 2 */
    int64_t answer_days; /* 15 */
};
extern const struct complaint_settings complaint_settings_default;

struct complaint_x {
    bool open, duty;
    int64_t due_ms, next_ms;
    struct case_demands_x demands;
};

struct complaint {
    struct case_head head; /* first; agency: the desk's, or the portal's, where inspectors are */
    struct id dossier;
    const char *dossier_number, *procedure;
    int subject;  /* of complaint_subjects */
    int64_t step; /* of the dossier's history that it is about; 0: none is named */
    const char *text, *answer;
    int64_t answered_ms, rating;
    const char *rating_note;
    struct complaint_x x;
};
extern const struct entity complaint_entity;
extern const struct store_collection complaint_collection, complaint_fact_collection;
extern const struct case_kind complaint_kind;
extern const struct case_kept complaint_kept;

int complaint_decode(const bson_t *doc, struct arena *a, struct complaint *ret);

enum complaint_result_code {
    COMPLAINT_REPEATED = 391, /* filed before under this key: *ret is what is stored */
    COMPLAINT_KEY_REUSED = 392,
};

/* A complaint is filed once under a key. */
struct id complaint_id(const struct id *actor, const struct id *dossier, const char *key);
/* What it says, whose it is and where it goes are the caller's: head.owner, actor, desk, agency
 * (who has it) and barred (who it is about). 0, outcomes above, E_*. */
int complaint_file(struct store *s, struct complaint *c, const char *key, const void *body,
                   size_t n_body, const struct case_world *w, struct arena *a,
                   struct complaint *ret);

/* Words of what has ended go, and whose it was (domain/erasure/): a page a call. */
int complaint_erase(struct store *s, const struct id *owner, struct arena *a, bool *ret_more);
/* How many of theirs are open. */
int complaint_count_open(struct store *s, const struct id *owner, struct arena *a, int64_t *ret);
