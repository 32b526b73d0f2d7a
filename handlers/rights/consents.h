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

/*
 * The same of a dossier in which papers of the document store are used. `anew`: it is said in so
 * many words, so also where it was withdrawn before.
 */
int consent_note_documents(const struct request *req, const struct id *dossier, bool anew);
/* Said at a desk by the holder, whose permit the official has (handlers/dossier/permits.h). */
int consent_note_documents_at_desk(const struct request *req, const struct id *holder,
                                   const struct id *dossier);
/* Whether they may be: the ledger says so. */
int consent_allows_documents(const struct app *app, const struct id *dossier, struct arena *a,
                             bool *ret);

/* The purpose is of a "report" each, or of a "dossier". */
bool consent_is_of(const struct consent_purpose *p, const char *what);
/* Fills in where it is said: operation, session, and what the device calls itself, hashed. */
int consent_say_where(const struct request *req, struct consent *c);

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
