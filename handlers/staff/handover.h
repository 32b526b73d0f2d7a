/* Queues that go from one officer to another; shared with the sweep and the end of accounts. */
#pragma once

#include "domain/handover/handover.h"
#include "handlers/app.h"

/* The kinds of cases that the program keeps; ret[PUSH_KINDS_MAX + 1]. */
void handover_kinds_of(const struct app *app, struct handover_kind *ret);
/* Open cases that an officer has, of all kinds. */
int handover_total(const struct app *app, const struct id *officer, struct arena *a,
                   int64_t *ret_n);
/* Goes on with one: moves, tells whom it concerns once it is through, finishes. */
int handover_go_on(struct app *app, const struct id *id, int64_t now_ms, struct arena *a,
                   struct handover *ret);
/* Begins one, or goes on with it. `from` and `to` (NULL: the unit) are accounts of the agency. */
struct handover_order {
    struct id id;
    const struct store_write *write;
    const struct staff *from, *to;
    const char *reason, *as;
    struct id deputy_for;
};
int handover_order(const struct request *req, const struct handover_order *order,
                   const struct staff_doer *doer, struct handover *ret);
/* An active officer or leader of the agency by id; answered at `pointer` where it is none. */
int handover_receiver(const struct request *req, struct reply *reply, const char *pointer,
                      const char *agency, const struct id *id, struct staff *ret);
/* For the sweep: those that were interrupted, or are long. */
int handover_sweep(struct app *app);
