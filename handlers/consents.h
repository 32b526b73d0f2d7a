/* What handlers of other things need of the ledger of consents. */
#pragma once

#include "domain/consent/consent.h"
#include "handlers/app.h"

/*
 * A report that is being filed says that its agency may see name and phone of who files it: noted
 * once, whatever is
 * repeated. `req` is the request that says so, NULL by none (it was written before its writer was
 * proven). 0, E_*.
 */
int consent_note_filed(struct app *app, const struct id *owner, const struct id *report,
                       const struct request *req, int64_t now_ms, struct arena *a);
/*
 * Whether the agency of a report may see its owner's name and phone now: the ledger says so. One
 * that was filed before there was a ledger is noted first.
 */
int consent_allows_contact(const struct request *req, const struct report *r, bool *ret);

/* Members of a record's JSON beside its table's, and the other replies. NULL-name-ended. */
extern const struct route_component consent_members[], consent_components[];

/* A record as JSON, with the words that were shown. */
int consent_add_record(const struct request *req, const struct consent *c, unsigned see,
                       struct buf *out);
/* The purpose must be there, and the wording the one in force; answers if not. */
int consent_check_wording(struct reply *reply, const struct consent *c);
/* consent_proof.c */
int consent_proof(struct request *req, struct reply *reply);
int consent_verify_person(struct request *req, struct reply *reply);
