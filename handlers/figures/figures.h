/* Figures of dossiers for those who oversee, and what of them anybody may see. */
#pragma once

#include "domain/figure/figure.h"
#include "handlers/app.h"

#define FIGURES_DAYS_MAX 1100 /* of one span */

/* What was asked, and what came of it. */
struct figures {
    struct figure_query query;
    int64_t month;        /* the span is this month; 0: days of choice */
    int64_t frozen_ms;    /* of the month; 0: it is not over, or not asked for */
    struct figure *rows;  /* by agency, field, procedure or month, in order */
    struct figure *fixed; /* as frozen, row by row; NULL where frozen_ms is 0 */
    size_t n;
    struct figure total, total_fixed;
    const struct catalogue *catalogue;
    const struct procedure_book *book;
};
/* Reads the query and gathers; a problem is answered where it is not right. The caller releases it
 * with figures_release. */
int figures_take(const struct request *req, struct reply *reply, struct figures *ret);
void figures_release(struct figures *f); /* for CLEANUP(figures_release) */
/* What a row is called: of an agency or procedure its name, a field, "11/2026". */
const char *figures_label(const struct request *req, const struct figures *f,
                          const struct figure *row);

int figures_csv(struct request *req, struct reply *reply);
