/* What handlers of other things need of the ledger of consents. */
#pragma once

#include "domain/consent/consent.h"
#include "handlers/app.h"

/*
 * Reports that were filed say whether their agency may see name and phone of who filed them: noted
 * once, in one commit, whatever is repeated. `ctx` is the struct app; push's `note` (push/push.h).
 */
void consent_note_reports(void *ctx, const void *const *reports, size_t n, struct arena *a,
                          int *outcomes);
/*
 * What was said last of a report's contact; what was said with the filing and is not noted yet is
 * noted first. STORE_ABSENT: no yes is there.
 */
int consent_of_filing(const struct request *req, const struct report *r, struct consent *ret);
/* Whether the agency of a report may see its owner's name and phone now: the ledger says so. */
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
