/* What the files about dossiers share: checking a draft, and writing a dossier out. */
#pragma once

#include "domain/dossier/draft.h"
#include "handlers/acting.h"
#include "handlers/app.h"
#include "handlers/media/files.h"

#define DOSSIER_FAULTS_MAX 64

/* Where a draft is not yet right; pointers as of the draft's body. */
struct dossier_fault {
    const char *pointer, *vi, *en;
};

struct document; /* domain/document/ */

/* What a draft comes to under its procedure's version. */
struct dossier_check {
    const struct procedure *procedure;
    json_t *answers; /* NULL: none yet; the caller releases it */
    struct procedure_need needs[PROCEDURE_COMPONENTS_MAX];
    size_t n_needs;
    struct procedure_bill bill;
    const struct agency *decider, *desk; /* NULL: not known yet */
    const char *commune;
    enum calendar_unit unit;
    int64_t time;                      /* 0: none is laid down */
    const struct document **documents; /* by component, those of the store; NULL: files */
    size_t n_documents;
    struct dossier_fault faults[DOSSIER_FAULTS_MAX];
    size_t n_faults;
};
/* What is checked: a draft, and how it comes in. */
struct dossier_source {
    const struct draft *draft;
    const char *answers; /* canonical JSON; NULL: none yet, or, at a desk, on paper */
    enum procedure_channel channel;
    const char *commune; /* of the matter, where the answers do not say it; NULL: not known */
};
/* A stored draft, its answers opened, as it is filed online. 0; PERSON_ERASED: it went
 * meanwhile, filed or thrown away; E_*. */
int dossier_source(const struct request *req, const struct draft *d, struct dossier_source *ret);
/* All faults at once. The book and the catalogue must outlive *ret. */
int dossier_check(const struct request *req, const struct dossier_source *s,
                  const struct procedure_book *b, const struct catalogue *c,
                  struct dossier_check *ret);
/* The check in the request's language; the caller's. */
json_t *dossier_review(const struct request *req, const struct dossier_check *k);
/* Its faults as violations. */
void dossier_refuse(struct reply *reply, const struct dossier_check *k);
/* What the procedure's version lays down of the way, for a filing. */
struct dossier_plan *dossier_plan_of(const struct request *req, const struct procedure *p,
                                     size_t *ret_n);

/* A dossier for whoever sees it, with what they may do next. Opens who applies and what they filled
 * in for the owner and the agencies that handle it; a look of an official is recorded. */
int dossier_reply(const struct request *req, struct reply *reply, const struct dossier *d,
                  unsigned see, int status);
/* The same where what was sealed of it is known: whose it is has just written it. */
int dossier_reply_opened(const struct request *req, struct reply *reply, const struct dossier *d,
                         const struct dossier_opened *words, unsigned see, int status);
/* Reads {id} and sees that the caller may see it; answers a problem where not. */
int dossier_for(const struct request *req, struct reply *reply, struct dossier *ret,
                unsigned *ret_see);
int dossier_show_owner(const struct request *req, const bson_t *doc, struct buf *out);
int dossier_show_staff(const struct request *req, const bson_t *doc, struct buf *out);
/* As inspectors see it, whoever holds it. */
int dossier_show_overseer(const struct request *req, const bson_t *doc, struct buf *out);

/* The world of a dossier at the request's time. Release with app_world_release. */
void dossier_world_take(const struct request *req, struct app_world *ret);

/* --- for whom (dossier_whom.c) -----------------------------------------------------------------
 */

/* Who the request is made for, into req->principal; a problem where the caller may not. */
int dossier_principal(struct request *req, struct reply *reply, bool reads_only);
/* The authority of who acts reaches to this procedure. */
bool dossier_in_scope(const struct request *req, const char *procedure);
/* The same of a stored dossier or draft, to keep rows of a query by; ctx: the request. */
bool dossier_row_in_scope(const bson_t *doc, void *ctx);
/* What the principal is: enum dossier_subject. */
int dossier_subject(const struct request *req, int *ret);
/* Who applies as they are known now: {name, card, birth, phone}, {name, tax_code} of an
 * organisation; "by": who acts for them. *ret is the caller's. */
int dossier_applicant_now(const struct request *req, const struct id *owner, json_t **ret,
                          struct id *ret_card);

int dossier_post(struct request *req, struct reply *reply);
/* A draft is not there: 410 with the dossier that the caller's draft became, else 404. */
int dossier_became(struct request *req, struct reply *reply, const struct id *draft);
int dossier_step(struct request *req, struct reply *reply);

/* {"components":[…]} of a body. Of a draft the files are the caller's or of `kept` (those that are
 * there already), and are kept as long as the draft; NULL: they are looked at when they are
 * attached. Faults are answered. */
int dossier_read_components(const struct request *req, struct reply *reply,
                            const struct entity_list *kept, struct dossier_component **ret,
                            size_t *ret_n);

/* Takes the files of components for a case: all of them, or faults are answered. What stays with
 * another case is noted to be named by this one; papers of the store are passed over. */
int dossier_attach(const struct request *req, struct reply *reply, const struct files_wanted *want,
                   const struct dossier_component *components, size_t n);

/* What a step that can be done now takes: papers of the store are held against it, files are the
 * dossier's from then on. Answers a problem where something cannot be taken. */
int dossier_take_papers(const struct request *req, struct reply *reply,
                        const struct dossier *before, struct dossier_act *act);

/* {"fields":[…],"form":{…}} of a step: members of the form that are asked for, and the form in
 * which they are filled in again: nothing else of it changes, and it fits its version. Faults are
 * answered. */
int dossier_form_again(const struct request *req, struct reply *reply, const struct dossier *d,
                       struct dossier_act *act);

/* Canonical JSON of what is known already of a form; *ret stays as it is where nothing is. */
int dossier_prefill(const struct request *req, const struct procedure *p, const struct id *owner,
                    const char **ret);

/* Drafts: those that expired are removed, those that soon will their owners are told of. */
int drafts_sweep(struct app *app, int64_t now_ms, size_t max);

/* The part of a slip that is not the code: who has both may look a dossier up. 6 characters. */
const char *dossier_check_part(const struct request *req, const char *number);
