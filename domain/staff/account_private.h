/* Shared by account.c and activate.c. */
#pragma once

#include "domain/staff/account.h"

struct account_run;
/* Changes what was read; 0, an outcome, or a failure. Pure: it may run again. */
typedef int (*account_fn)(struct staff *staff, struct account_run *r);

struct account_run {
    account_fn fn;
    void *ctx;
    const char *detail; /* of the act; fn may set it */
    const struct account_change *change;
    struct id id;
    struct staff_act act;
    struct arena *arena; /* while fn runs */
    struct staff after;
};

/* fn under compare-and-swap, with an act of that verb; then the act goes to the log. */
int account_run(const struct account_change *c, const struct id *id, const char *verb,
                struct account_run *r, struct staff *ret);

/* What is kept of an activation code, and the secret that it will set up. */
struct account_code {
    struct entity_bytes hash, secret;
};
int account_new_code(const struct account_change *c, const struct id *id,
                     char code[STAFF_CODE_TEXT], struct account_code *ret);
void account_set_code(struct staff *staff, enum staff_activation what,
                      const struct account_code *code, int64_t now_ms);
