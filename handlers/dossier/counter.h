/* What is handed in at a counter or came by post: between counter_read.c and desk_counter.c. */
#pragma once

#include "handlers/dossier/dossiers.h"

struct counter {
    /* In memory alone, for dossier_check; its owner: who permits the use of their stored documents,
     * nil: nobody does. */
    struct draft draft;
    struct dossier_source source;
    int channel;       /* enum dossier_channel */
    json_t *applicant; /* words; the caller releases it */
    const char *card;  /* of who applies, or who does so for an organisation; NULL: by passport */
    const char *passport; /* "AUS N1234567"; NULL: by card */
    const char *tax_code;
};

/* Reads the body; faults are answered. */
int counter_read(const struct request *req, struct reply *reply, const struct procedure_book *book,
                 struct counter *ret);
/* Whose it is: the organisation, where it is confirmed here; else the person of the card, made
 * where there is none. */
int counter_owner(const struct request *req, const struct counter *c, struct id *ret);
