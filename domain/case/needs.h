/* What a step may want of whoever does it, and how the members of its body are called. */
#pragma once

enum case_needs {
    NEEDS_NOTE = 1 << 0,
    NEEDS_REASON = 1 << 1, /* one of the row's reasons */
    NEEDS_AGENCY = 1 << 2,
    NEEDS_OFFICER = 1 << 3,
    NEEDS_PROOF = 1 << 4,   /* a photo at least */
    NEEDS_RATING = 1 << 5,  /* 1 to 5 */
    NEEDS_MINUTES = 1 << 6, /* of an extension, 1 to CASE_MINUTES_MAX */
    NEEDS_OTHER = 1 << 7,   /* another case: the first of duplicates */
    /* Of kinds that have them; their effects look at them. */
    NEEDS_PAPERS = 1 << 8,     /* components of a dossier */
    NEEDS_RESULTS = 1 << 9,    /* files of a result */
    NEEDS_AMOUNT = 1 << 10,    /* đồng */
    NEEDS_DAYS = 1 << 11,      /* more time, in days of the clock; for an answer, working days */
    NEEDS_REFERENCE = 1 << 12, /* a tracking number */
};
/* As the members of a step's body are called, in the order in which they are told; ended by a NULL
 * name. */
struct case_need {
    unsigned need;
    const char *name;
};
extern const struct case_need case_need_names[];
