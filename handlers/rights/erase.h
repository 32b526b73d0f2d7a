/*
 * Erasing a person: what goes (a table, one row a kind), and what the law keeps (another). Rows of
 * both are shown to the person before they confirm, in their own language.
 *
 *   erase.c           the tables and the run
 *   erase_uploads.c   photos and papers
 *   erasures.c        the routes
 */
#pragma once

#include "domain/erasure/erasure.h"
#include "handlers/app.h"

struct eraser {
    const char *what;
    const char *words[2]; /* vi, en; NULL: of no interest by itself */
    /* At most a page of it; *ret_more: there is more. Finds again what is left, so it can be
     * stopped anywhere, run again, or run twice at once. */
    int (*erase)(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                 bool *ret_more);
};
/* Two of them (erase_uploads.c). */
int erase_uploads(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                  bool *ret_more);
int erase_sent_for(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                   bool *ret_more);
extern const struct eraser erasers[]; /* in the order in which they run; ended by a NULL what */

/* What stays, or stands in the way. */
struct erasure_hold {
    const char *what;
    const char *words[2], *law[2], *until[2];
    bool blocks; /* it must be ended first; else it is kept without naming the person */
    int (*count)(struct app *app, const struct id *person, struct arena *a, int64_t *ret);
};
extern const struct erasure_hold erasure_holds[]; /* ended by a NULL what */

/* Whether something stands in the way. */
int erasure_blocked(struct app *app, const struct id *person, bool *ret);
/* Writes the tombstone and erases everything, and whoever turned out to be this person. 0, E_*:
 * the sweep, or the next start, goes on. */
int erase_person(struct app *app, const struct id *person, int64_t now_ms);
/* What is due: requests whose time came, and those that are looked at once more. */
int erase_due(struct app *app, int64_t now_ms, size_t max);
/* Every tombstone held against the data: at start, before anything is served, and after a restore.
 * *ret: how many persons were erased anew. */
int erase_replay(struct app *app, int64_t now_ms, size_t *ret);

/* The members of an ErasureShown beside the request's own, and its digest (hex, 64). */
int erasure_show(struct app *app, const struct id *person, int language, struct arena *a,
                 struct buf *out, char ret_shown[65]);
