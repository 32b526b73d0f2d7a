/*
 * What the files about payments share.
 *
 *   payments.c       a citizen's: begin, look, check, receipt; the provider's callback
 *   payments_take.c  what a provider said becomes money, and money is counted or given back
 *   payments_days.c  a day against the provider's list
 *   desk_payments.c  what an agency's desk gives back; what inspectors see; the operator's
 */
#pragma once

#include "handlers/app.h"
#include "pay/pay.h"

/*
 * Takes what the provider said: each transaction once, counted in its dossier if that can be now;
 * the sweep does what is left. 0 when all of it is stored; E_*.
 */
int payments_take(struct app *app, const struct pay_told *told, int64_t now_ms, struct arena *a);
/* Asks the provider about an order and takes what it says. 0, PAY_*, E_*. */
int payments_ask(struct app *app, const struct payment *p, int64_t now_ms, struct arena *a);
/* Counts or returns one transaction, and tells its owner. 0, MONEY_WAITS, E_*. */
int payments_settle(struct app *app, const struct id *id, int64_t now_ms, struct arena *a);
/* Orders of which nothing was heard, money that waits, yesterday's list: a few of each. */
int payments_sweep(struct app *app, int64_t now_ms, size_t max);

/* How far a reconciliation is; false: it is to end. */
typedef bool (*payments_tell_fn)(void *ctx, const char *step, int64_t done, int64_t total);
/*
 * Holds a day's list of the provider against ours and stores what differs; `take`: what is missing
 * here is taken. 0 and *ret in the arena; PAY_*, E_*.
 */
int payments_reconcile(struct app *app, int64_t day, bool take, payments_tell_fn tell, void *ctx,
                       struct arena *a, struct money_day *ret);
/* A PAY_* outcome as a problem, a failure as it is. */
int payments_reply_pay(struct reply *reply, int outcome);
/* {"id", …}: an order or a transaction, as `see` sees it. */
void payments_add(const struct request *req, const struct entity *e, const void *record,
                  const struct id *id, unsigned see, struct buf *out);
int payments_reply(const struct request *req, struct reply *reply, const struct entity *e,
                   const void *record, const struct id *id, unsigned see, int status);
