/* Between form.c, words.c and sheets.c. */
#pragma once

#include "domain/form/form.h"

/* A sheet that is being written. */
struct form_sheet {
    const struct form_source *s;
    const struct dossier *d;
    struct arena *arena;
    json_t *root, *blocks, *signers;
};

/* --- words.c ---------------------------------------------------------------------------------- */

/* "08 giờ 30 phút, ngày 28 tháng 11 năm 2026"; NULL of 0. */
const char *form_moment(struct arena *a, int64_t ms);
const char *form_day(struct arena *a, int64_t ms); /* "ngày 28 tháng 11 năm 2026" */
/* "5 ngày làm việc" of a dossier's promised time. */
const char *form_span(struct arena *a, const struct dossier *d);
/* The agency's name; its code where it is not known. */
const char *form_agency(const struct form_source *s, const char *code);
const char *form_desk_words(const struct form_source *s, const char *code);
const char *form_verb(const char *verb); /* label of a step */
const char *form_reason(const char *verb, const char *code);
/* The last step of a verb; NULL. */
const struct case_step *form_step(const struct dossier *d, const char *verb);
/* The appointment that held when step `seq` was taken (before it changed it); 0: none. */
int64_t form_appointment_before(const struct dossier *d, int64_t seq);
int64_t form_appointment_from(const struct dossier *d, int64_t seq);

/* --- blocks: texts that are NULL or empty are left out ---------------------------------------- */

void form_line(struct form_sheet *f, const char *key, const char *label, const char *text);
void form_text(struct form_sheet *f, const char *key, const char *text);
void form_list(struct form_sheet *f, const char *key, const char *label, json_t *items);
void form_signer(struct form_sheet *f, const char *title, const char *note, const char *name);
/* Head of the sheet: `office` gives it out, at `at_ms`; `suffix` of its number, NULL: none. */
void form_head(struct form_sheet *f, const char *office, int64_t at_ms, const char *suffix);

/* --- sheets.c, control.c ---------------------------------------------------------------------- */

void form_receipt(struct form_sheet *f);
void form_supplement(struct form_sheet *f);
void form_refusal(struct form_sheet *f);
void form_apology(struct form_sheet *f);
void form_control(struct form_sheet *f);
void form_slip(struct form_sheet *f);
