/* Papers of the document store in drafts, dossiers and at the desk: domain/document/document.h. */
#pragma once

#include "domain/document/document.h"
#include "handlers/dossier/dossiers.h"

/* --- in the forms that a draft or dossier asks for them (documents_offer.c) --------------------
 */

/* What a component asks for; its type is NULL where nothing of the store will do. */
struct document_want document_want_of(const struct procedure *p,
                                      const struct procedure_component *c, const json_t *answers);

/* What a paper that is handed in says of itself: valid, of this kind, issued on that day
 * ("2026-03-09"; NULL: not said). */
struct document document_given(const char *type, int about, const char *issued_on);

/* A paper that is there for a component, and whether it does. */
struct document_offer {
    struct document document;
    enum document_flaw flaw;
};
#define DOCUMENT_OFFERS_MAX 20
#define DOCUMENTS_LOOKED_AT 1000
/* Of the owner's store, at most DOCUMENT_OFFERS_MAX: first those that do, then others, each newest
 * first; of more than DOCUMENTS_LOOKED_AT of the type the oldest are not looked at. Of who acts for
 * the owner by an authority that is bound to some procedures: what came of those. */
int documents_for(const struct request *req, const struct id *owner,
                  const struct document_want *want, struct document_offer **ret, size_t *ret_n);
/* The newest that does; *ret NULL: none. `not_of`: a dossier whose own papers do not count. */
int document_fitting(const struct request *req, const struct id *owner,
                     const struct document_want *want, const struct id *not_of,
                     const struct document_offer **ret);
/*
 * The paper that a component of the owner's names, if it is theirs and does for it; *ret_flaw says
 * why it does not. STORE_ABSENT: none of theirs.
 */
int document_named(const struct request *req, const struct id *owner, const struct id *id,
                   const struct document_want *want, struct document *ret,
                   enum document_flaw *ret_flaw);
/* [{"code":…,"items":[…]}] of components that are needed: what is there for them. */
int documents_add_offers(const struct request *req, const struct id *owner,
                         const struct procedure *p, const struct procedure_need *needs,
                         size_t n_needs, const json_t *answers, struct buf *out);
/* Puts what fits into components of a draft that has none yet: one that is there for sure. */
int documents_prefill(const struct request *req, const struct id *owner, const struct procedure *p,
                      const char *answers, struct draft_content *c);

/* --- where a dossier uses them (documents_use.c) ------------------------------------------------
 */

/* The caller said yes to it in so many words; answers a problem where not. */
int documents_consented(const struct request *req, struct reply *reply);
/* A component's files are the document's from now on, and the case is noted to name them. */
int document_put_in(const struct request *req, const struct id *case_id, const struct document *d,
                    struct dossier_component *c);
/* What a step does with papers of the store: supply names them, supplement is held against them,
 * receive and finish look once more whether they hold. Answers a problem where it must not be. */
int documents_for_step(const struct request *req, struct reply *reply, const struct dossier *d,
                       struct dossier_act *act);
/* ,"documents":[…] of a dossier for whoever sees it; to its owner also what there is for what was
 * asked for: ,"offers":[…]. */
int documents_add(const struct request *req, const struct dossier *d, unsigned see,
                  struct buf *out);
/* Whether the agencies of the dossier may still open papers of the store that it names. */
int documents_open_to(const struct request *req, const struct id *dossier, bool *ret);

/* --- shown (documents.c) ------------------------------------------------------------------------
 */

/* Members of a document, without its braces. `opened`: with what stands on it. */
int document_add_members(const struct request *req, const struct document *d, unsigned see,
                         bool opened, struct buf *out);
/* Name of a type in the request's language; the code where it is not known. */
const char *document_type_words(const struct request *req, const char *type);

/* --- made (documents_follow.c) ------------------------------------------------------------------
 */

/* The store, and what was paid, follow what the dossier's record says now, if they are to.
 * Repeating is harmless. */
int documents_follow(struct app *app, const struct id *dossier, int64_t now_ms);
/* The same of those that wait, about `max` of them: what a crash left is made good. */
int documents_sweep(struct app *app, int64_t now_ms, size_t max);
