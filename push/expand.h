/*
 * From events to deliveries: who is told what, in which words. Reads staff, the catalogue and the
 * case; writes nothing but an alarm that climbs a roster. One expander serves one batch, so that
 * whom an agency has is asked once.
 */
#pragma once

#include "push/private.h"
#include "push/templates.h"

struct expander {
    struct push *push;
    struct arena *arena;
    const struct case_kept *kept; /* kind of the cases */
    const struct catalogue *catalogue;
    const char *portal;     /* code of the dispatcher's agency, or NULL */
    int64_t now_ms;         /* pending deliveries are due at once */
    struct crew *crews;     /* agencies asked so far */
    struct delivery **rows; /* what came out, in order */
    size_t n, cap;
    struct id barred; /* of the case whose event it is: not told; nil: nobody */
    struct id doer;   /* the official whose own step it tells of, who knows; nil: nobody */
};

/* Deliveries of one event, stamped at_ms. 0 or a failure; then what was added is to be left out. */
int expand(struct expander *x, const struct case_head *h, const struct case_event *e,
           int64_t at_ms);
