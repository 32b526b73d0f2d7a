/* Shared by the handlers of mandates, and asked by those of photos and by the sweep. */
#pragma once

#include "domain/mandate/view.h"
#include "handlers/org/orgs.h"

int mandates_reply_outcome(const struct request *req, struct reply *reply, int outcome);
/* The mandate as `see` may see it; side: the caller's, NULL at a desk. */
int mandates_reply(const struct request *req, struct reply *reply, const struct mandate *m,
                   const char *side, unsigned see, int status);
/* Both sides but who did it are told of the verb, once. */
int mandates_tell(const struct request *req, const struct mandate *m,
                  const struct mandate_act *act);
/* That it is over, by the sweep; ctx is the app. */
int mandates_tell_over(const struct mandate *m, void *ctx);
/* The papers of a mandate: for who handed them in and the desk that sees them. */
int mandates_may_see(const struct request *req, const struct id *mandate, bool *ret);
