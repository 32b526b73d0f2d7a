/*
 * A case as it is kept: what may be done to a stored case of any kind, without knowing which. The
 * dispatcher, the sweeps and the merge of persons work through this, so that another kind is a
 * folder of tables.
 */
#pragma once

#include "domain/case/case.h"
#include "store/store.h"

/* Names that enter what is searched: of a field or procedure, of a commune. NULL: not known. */
struct case_names {
    const char *(*category)(void *ctx, const char *code);
    const char *(*commune)(void *ctx, const char *code);
    void *ctx;
};

/* What a case is about, as receivers of webhooks are told it; NULL: it has no such thing. */
struct case_topic {
    const char *category, *procedure, *commune;
    const char *posted; /* tracking number of a result that was sent by post */
};

/* Orders open cases, ascending; for derive(): urgent ones that an office owes, all that it owes by
 * deadline, what waits for the citizen or for time. Without a deadline: last of its kind. */
int64_t case_turn(bool urgent, bool duty, int64_t due_ms);

struct case_kept {
    const struct case_kind *kind;
    const struct entity *entity; /* of the record, whose first member is the head */
    /* Declares the fields owner, filed, duty, due, next and paths that begin with owner in the
     * order of filed, with duty in the order of due, and the path "next". Where cases are assigned,
     * also officer, open and turn, and the path "officer" of the first two in the order of turn. */
    const struct store_collection *collection;
    const struct store_collection *fact;                          /* what is counted; the same id */
    int (*decode)(const bson_t *doc, struct arena *a, void *ret); /* the head's id too; E_CORRUPT */
    void (*topic)(const void *record, struct case_topic *ret);
    /*
     * What a case projects to that was just filed: its fact in `body`, if that is all. 0, positive:
     * there is more, rebuild it; E_*.
     */
    int (*first_fact)(const void *record, const struct calendar *c, struct arena *a, bson_t *body);
    /*
     * Projections of a stored record, written only if its revision is newer. Idempotent.
     * ret_differed (may be NULL): what one of the same revision holds is looked at too and put
     * right, and it is said whether it held something else; other names of things make it differ
     * too.
     */
    int (*rebuild)(struct store *s, const void *record, const struct calendar *c,
                   const struct case_names *names, struct arena *a, bool *ret_differed);
    /* The figures of w->settings that decide when something is due. */
    struct id (*figures)(const struct case_world *w);
    /* What the kind derives from its record after a step; NULL: nothing. */
    void (*after)(void *record, const struct calendar *c);
    size_t room; /* bytes of a document kept for the steps that lead to its end */
};

/* Reads a stored case into the arena. E_CORRUPT. */
int case_read(const struct case_kept *k, const bson_t *doc, struct arena *a, void **ret);

/* As rebuild with ret_differed, of what is stored now; a record whose projection is on its way does
 * not count as one that differed. 0, STORE_ABSENT, E_*. */
int case_verify(const struct case_kept *k, struct store *s, const struct id *id,
                const struct calendar *c, const struct case_names *names, struct arena *a,
                void **ret, bool *ret_differed);

/*
 * Carries out a verb on what is stored; for what needs no more of the kind than its rows. The party
 * is filled in from the actor. Outcomes of case_apply and store_change; on 0 and STORE_REPEATED
 * *ret is what is stored now.
 */
int case_act_kept(const struct case_kept *k, struct store *s, const struct id *id,
                  const struct case_act *act, const struct case_actor *actor,
                  const struct store_change_options *options, const struct case_world *w,
                  struct arena *a, void **ret);

/* Whether an alarm of the case's clock is due; events aside. */
bool case_alarm_due(const struct case_kind *k, const void *record, const struct case_world *w,
                    struct arena *a);
/*
 * case_ring on what is stored. 0 and *ret as it is stored then; CASE_WRONG_STATE nothing was due;
 * other outcomes of case_apply, STORE_ABSENT, E_*.
 */
int case_ring_kept(const struct case_kept *k, struct store *s, const struct id *id,
                   const struct case_world *w, struct arena *a, void **ret);

/*
 * Removes dispatched events and computes anew when to look next; the revision stays, and so do
 * events that were added meanwhile. Those of many cases may share a commit.
 */
struct case_settling {
    struct id id;
    const bson_t *seen; /* as it was read; borrowed, like the events */
    const struct id *events;
    size_t n;
    const struct case_world *world;
    /* 0, STORE_UNCHANGED if there was nothing to write, STORE_ABSENT, E_*. */
    int outcome;
    const struct case_kept *kept; /* set by case_settle_many */
};
void case_settle_many(const struct case_kept *k, struct store *s, struct case_settling *items,
                      size_t n, struct arena *a);

/* Changes the cases of one owner, a page a call; fn changes the owner, or returns STORE_UNCHANGED.
 */
int case_each_owned(const struct case_kept *k, struct store *s, const struct id *owner,
                    store_change_fn fn, void *ctx, struct arena *a, bool *ret_more);
/* The cases of one owner are another's, a page of them a call. It is no step: nobody did anything
 * to the case, and history keeps who did. */
int case_reown(const struct case_kept *k, struct store *s, const struct id *from,
               const struct id *into, struct arena *a, bool *ret_more);

/*
 * After the calendar or the kind's figures changed, or the fields by which its collection finds
 * (a newer program): open cases are computed and derived anew (case_recalendar), at most `max` a
 * call, until *ret_more is false. How far it came is remembered in the store, with what it was for:
 * interrupted it goes on there, and once it is through further calls do nothing until one of them
 * changes again. A second round, ten minutes after the first began, finds what was written
 * meanwhile by a request that still held the calendar before, or by an older program. To be called
 * at start and every now and then, by one thread, with the calendar in force. 0, E_*.
 */
int case_recalendar_some(const struct case_kept *k, struct store *s, const struct case_world *w,
                         size_t max, bool *ret_more);
/*
 * How many open cases another calendar (w->calendar) would move, and how many were looked at, of at
 * most about `max`, the earliest due first; added to *sum. Nothing is written. 0, E_*.
 */
struct case_moved {
    int64_t looked, moved;
    bool more; /* there are others, not looked at */
};
int case_recalendar_count(const struct case_kept *k, struct store *s, const struct case_world *w,
                          int64_t max, struct case_moved *sum);
extern const struct store_collection case_sweep_collection;
