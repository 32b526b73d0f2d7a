/* Shared by the files of this folder. */
#pragma once

#include "domain/dossier/dossier.h"

/* yyyymm, in +07:00 */
int64_t dossier_month(int64_t ms);
extern const struct entity dossier_ask_entity;

/* Guards of the rows: 0 the row applies, 1 it does not and the next is tried. */
#define DOSSIER_IF(guard)                                                                          \
    int dossier_if_##guard(const void *record, const struct case_act *act,                         \
                           const struct case_world *w)
DOSSIER_IF(first_supplement);
DOSSIER_IF(settles); /* what is paid is all that was due */
DOSSIER_IF(owed);
DOSSIER_IF(may_apologise); /* once, and a day before it is late at the latest */
DOSSIER_IF(not_rated);
DOSSIER_IF(result_holds); /* what is to go out was not revoked */
DOSSIER_IF(paid);         /* or nothing was granted */
DOSSIER_IF(result_gone);  /* all of it was */

/* Where a step stands among those that are offered (case_row.place_of). */
enum case_place dossier_place_assign(const void *record, bool mine);
enum case_place dossier_place_send_back(const void *record, bool mine);
enum case_place dossier_place_propose(const void *record, bool mine);
enum case_place dossier_place_replace(const void *record, bool mine);
enum case_place dossier_place_post(const void *record, bool mine);

/* Effects of the rows, after state and clocks. 0, or CASE_LACKS with act->lacks. */
#define DOSSIER_DO(effect)                                                                         \
    int dossier_do_##effect(void *record, struct case_act *act, const struct case_world *w,        \
                            struct arena *a)
DOSSIER_DO(receive);
DOSSIER_DO(refuse);
DOSSIER_DO(assign);
DOSSIER_DO(transfer);
DOSSIER_DO(supplement);
DOSSIER_DO(supply);
DOSSIER_DO(ask_fee);
DOSSIER_DO(pay);
DOSSIER_DO(stop);
DOSSIER_DO(finish);
DOSSIER_DO(deny);
DOSSIER_DO(apologise);
DOSSIER_DO(replace);
DOSSIER_DO(revoke);
DOSSIER_DO(post);
DOSSIER_DO(propose);
DOSSIER_DO(send_back);
DOSSIER_DO(remind);
DOSSIER_DO(rate);

extern const struct entity dossier_request_entity, dossier_field_entity;
/* Of what was looked at, what is asked for; by the step that is being taken. */
void dossier_request_add(struct dossier *d, const struct dossier_act *o, struct arena *a);
static inline const struct dossier_act *dossier_own(const struct case_act *act)
{
    return (const struct dossier_act *)act; /* its first member */
}

static inline int dossier_lacks(struct case_act *act, const char *pointer)
{
    act->lacks = pointer;
    return CASE_LACKS;
}

/* rules_papers.c: what was handed in is taken for fit, by who acts; or nothing of it any more. */
void dossier_accept_given(struct dossier *d, const struct case_act *act,
                          const struct case_world *w);
void dossier_reject_all(struct dossier *d, const struct case_world *w);

/* --- stages.c: where it lies, and for how long ------------------------------------------------ */

/* Ends the stage that runs and begins one in the agency that holds it, on the part of the plan
 * that is `role`'s ("officer", "leader"). */
void dossier_stage_begin(struct dossier *d, const char *role, const struct case_world *w,
                         struct arena *a);
/* Room for one more at the end, zeroed; a full list keeps its first and newest. */
void *dossier_list_add(struct entity_list *list, size_t size, size_t max, struct arena *a);
int64_t dossier_last_seq(const struct dossier *d);
void dossier_stage_end(struct dossier *d, int64_t now_ms);
/* When the running stage is due, by the clock as it runs now. */
void dossier_stage_due(struct dossier *d, const struct calendar *c);
/* What the appointment's clock says is told: appends to the appointments where it moved. */
void dossier_appoint(struct dossier *d, struct arena *a);
