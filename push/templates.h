/*
 * The words of notices: a visible table for each kind of case (words_*.c) of what happened and who
 * is told, in vi and en. A text has {placeholders}; what stands in [brackets] is left out where one
 * of its placeholders has no value.
 */
#pragma once

#include "base/arena.h"
#include "domain/case/case.h"

struct template_values {
    const char *number;
    const char *state[2];  /* label, vi and en */
    const char *agency[2]; /* name of who acts or holds */
    const char *due;       /* DD/MM/YYYY HH:MM */
    const char *answer_by; /* the same, of the demand that the step made */
    const char *note;      /* words of the step */
    const char *posted;    /* tracking number of what was sent by post */
    const char *by[2];     /* "agency, title of the officer, DD/MM/YYYY HH:MM" of the step */
};

struct template
{
    const char *what;    /* verb, "warning", "late", "unanswered" or "emergency" */
    unsigned whom;       /* mask of 1 << enum case_audience */
    const char *text[2]; /* vi, en */
};

/* words_report.c, words_dossier.c; each ended by a row of zeros. */
extern const struct template report_words[], dossier_words[], complaint_words[];
extern const struct case_tell report_filing[], dossier_filing[], complaint_filing[];

/* NULL if there is none. */
const struct template *template_find(const struct case_kind *k, const char *what, int whom);
/* At most `max` bytes, cut at a character; in the arena. */
char *template_fill(const struct template *t, int language, const struct template_values *v,
                    size_t max, struct arena *a);
/* "24/11/2026 13:55" in +07:00; NULL for 0. */
char *template_time(int64_t ms, struct arena *a);

/*
 * NULL if every step, alarm and filing that the kind tells of has its words and every placeholder
 * is known; else words, in the arena. At start.
 */
const char *templates_fault(const struct case_kind *k, struct arena *a);
