/* Shared by the handlers of the staff directory. */
#pragma once

#include "domain/staff/account.h"
#include "handlers/identity/auth.h"

/* Who asks, with an address key, for the log. E_*. */
int staff_doer_of(const struct request *req, struct staff_doer *ret);
/* What account.h wants, of the request. */
struct account_change staff_change_of(const struct request *req, const struct staff_doer *doer);
/* The portal's administrators are over every agency. */
bool staff_is_portal(const struct request *req);
/* Whether the caller is over an agency: administrators and leaders over theirs. */
bool staff_is_over(const struct request *req, const char *agency);
/* The account of {id}, of an agency that the caller is over; answers 404 where it is not. */
int staff_named(const struct request *req, struct reply *reply, struct staff *ret);
/* An outcome of account.h as a problem. */
int staff_reply_outcome(const struct request *req, struct reply *reply, int outcome);
/* The account as its administrators see it. */
int staff_reply_account(const struct request *req, struct reply *reply, const struct staff *staff,
                        int status);
void staff_json(const struct request *req, const struct staff *staff, struct buf *out);
/* A record as administrators see it, with its id: into `out`, or as the reply. 0; E_FULL. */
int staff_show(const struct request *req, const struct entity *e, const struct id *id,
               const void *record, struct buf *out);
int staff_reply(const struct request *req, struct reply *reply, const struct entity *e,
                const struct id *id, const void *record, int status);
/* A page of an agency's documents (NULL: of all), those with the highest `order` first. */
int staff_list(struct request *req, struct reply *reply, const char *agency,
               const struct store_collection *collection, const char *order, app_show_fn show);
/* Hands a new code to the owner by SMS, or shows it, as the body's "deliver" says; 200 or 201. */
int staff_reply_code(const struct request *req, struct reply *reply, const struct staff *staff,
                     const char *code, int status);
/* Every session of an account ends, here and on other nodes. */
int staff_end_sessions(const struct request *req, const struct id *staff, const char *why);
/* One SMS to the account's number, if it has one; *ret_sent may be NULL. */
int staff_message(const struct request *req, const struct staff *staff, const char *text,
                  bool *ret_sent);
/* "deliver" of the body asks for an SMS to a number that is not there: answered. */
void staff_check_deliver(const struct request *req, struct reply *reply, bool has_phone);

int staff_reset_post(struct request *req, struct reply *reply);
int staff_reset_confirm(struct request *req, struct reply *reply);
int staff_reset_delete(struct request *req, struct reply *reply);
