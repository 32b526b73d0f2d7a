/* Shared by the files of this folder. */
#pragma once

#include "domain/report/report.h"

/* report_file under a write record of the caller's. */
int report_file_as(struct store *s, const struct report_draft *d, const char *key,
                   const struct store_write *write, const struct case_world *w, struct arena *a,
                   struct report *ret);

/* Guards of the rows: 0 the row applies, 1 it does not and the next is tried. */
#define REPORT_IF(guard)                                                                           \
    int report_if_##guard(const void *record, const struct case_act *act,                          \
                          const struct case_world *w)
REPORT_IF(transfers_left); /* it may still move between agencies by itself */
REPORT_IF(emergency);
REPORT_IF(needs_approval); /* the category demands it, and who acts cannot give it */
REPORT_IF(proof_wanted);   /* the category demands a photo with the answer */
REPORT_IF(public);
REPORT_IF(private);
REPORT_IF(consented);    /* the reporter lets the agency see name and phone */
REPORT_IF(in_review);    /* answered, and the citizen may still say that it is not mended */
REPORT_IF(addable);      /* its owner may still add photos */
REPORT_IF(more_awaited); /* the same, and these are not the last that were announced */
REPORT_IF(awaiting);
REPORT_IF(not_rated); /* in review, and without a rating yet */

/* Where a step stands among those that are offered (case_row.place_of). */
enum case_place report_place_assign(const void *record, bool mine);
enum case_place report_place_answer(const void *record, bool mine);
enum case_place report_place_publish(const void *record, bool mine);

/* Effects of the rows, after state and clocks. 0, or CASE_LACKS with act->lacks. */
#define REPORT_DO(effect)                                                                          \
    int report_do_##effect(void *record, struct case_act *act, const struct case_world *w,         \
                           struct arena *a)
REPORT_DO(move);      /* to the agency that act names */
REPORT_DO(give_back); /* to the province's dispatcher */
REPORT_DO(recall);    /* the same, and no transfer of the agency's */
REPORT_DO(extend);
REPORT_DO(answer);
REPORT_DO(approve);
REPORT_DO(send_back);
REPORT_DO(publish);
REPORT_DO(unpublish);
REPORT_DO(rate);
REPORT_DO(reopen);
REPORT_DO(duplicate);
REPORT_DO(add);    /* photos of its owner's that came later */
REPORT_DO(forgo);  /* no more come */
REPORT_DO(missed); /* they did not come in time; they still may */

/* When the system takes "miss". */
int64_t report_alarm(const void *record);
