/*
 * Whom a request is made for. A citizen's request may carry `Acting-For: <id>`, an organisation's
 * or a represented person's; a route that heeds it has ROUTE_ACTING and asks app_principal first.
 * From then on app_actor(req) stands for the principal: case_party_of and case_see say what may be
 * done to a case of theirs, and the caller's own cases are out of reach.
 *
 *     static int thing_post(struct request *req, struct reply *reply)
 *     {
 *         struct principal whom;
 *         int done = app_principal(req, reply, &may_file, &whom);
 *         if (done != 0 || reply_is_problem(reply))
 *             return done;
 *         … .owner = whom.id, .actor = req->who.subject …
 *
 * Without the header, and for staff, the principal is the caller.
 */
#pragma once

#include "domain/acting/acting.h"
#include "handlers/app.h"

struct principal {
    struct id id; /* whose it is: the owner of what is filed, and of what is listed */
    struct acting acting;
    struct acting_need need; /* for which it was asked */
};

/*
 * Who a request is made for, if the caller may do what `need` says for them. Acting for another
 * wants an e-ID of level 2. 0 and *ret, or a problem answered: NOT_ACTING with its `reason`
 * (enum acting_why), LEVEL.
 */
int app_principal(struct request *req, struct reply *reply, const struct acting_need *need,
                  struct principal *ret);
/* Who may act for the principal has changed: streams that follow it here are judged anew at once.
 */
void app_acting_changed(const struct request *req, const struct id *principal);
/*
 * A notice of something of the recipient's, a person's or an organisation's: to them and to who
 * acts for them, as of a case of theirs. `scope`, `procedure`: what it is of (acting_told).
 * Repeating is harmless.
 */
int app_tell_owner(struct app *app, const struct push_account_notice *notice, unsigned scope,
                   const char *procedure, int64_t now_ms, struct arena *a);
/* The request is made for somebody else than the caller. */
bool app_is_acting(const struct request *req);
/*
 * What the digest of an Idempotency-Key is made of: the body, and whom it is for, so that a key
 * that is used again for another principal is told from a repetition.
 */
const void *app_digest_body(const struct request *req, size_t *ret_n);
