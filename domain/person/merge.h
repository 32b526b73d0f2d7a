/*
 * Two documents that are one person. The one without a card gets `merged_into` in one write; from
 * then on whoever reads it reads the other (person_get). What it owns is moved by *movers*, each of
 * which looks up by an indexed owner what is still there and changes one document at a time: so it
 * can be stopped anywhere, run again, or run twice at once. `merging` in the document keeps the
 * work on a path that the sweep finds, until a round MERGE_AGAIN_MS later has found nothing left
 * (a request that still held a token of the old person may have written meanwhile); then the old
 * document is emptied and its key removed. Nothing is copied and nothing is deleted before it was
 * found under its new owner, so nothing can be lost.
 *
 * The same work, with the person moved to themselves, files what they had filed while unproven.
 */
#pragma once

#include "domain/person/person.h"

#define MERGE_AGAIN_MS (INT64_C(10) * 60 * 1000)

/* Moves at most a page of one kind of thing; *ret_more: there is more. from may equal into. */
struct person_mover {
    const char *what;
    int (*move)(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                struct arena *a, bool *ret_more);
};

struct person_movers {
    const struct person_mover *items; /* ended by a NULL what; in the order in which they run */
    void *ctx;
};

/*
 * `from` is the same person as `into`. 0, also if that was said before; PERSON_OTHER if `from` has
 * a card, or is merged into somebody else.
 */
int person_merge(const struct people *p, const struct id *from, const struct id *into,
                 int64_t now_ms, struct arena *a);

/* Moves what one person owns, `pages` of each kind at most; the sweep goes on with the rest. */
int person_move(const struct people *p, const struct id *from, const struct person_movers *movers,
                int64_t now_ms, size_t pages);
/* The same for everybody with `merging` set, at most `max` persons. */
int person_move_due(const struct people *p, const struct person_movers *movers, int64_t now_ms,
                    size_t max);
