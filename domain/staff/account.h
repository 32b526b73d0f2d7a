/*
 * The life of an official's account: opened by an administrator, activated by its owner with a code
 * that is good once, changed, opened anew where the owner lost phone or password (two persons have
 * to agree, neither of them the owner), and ended. Every change leaves an act (act.h) in the same
 * write. Who may do it to whom is the caller's to decide; what nobody may is refused here.
 *
 * Who opens an account for somebody holds its code, and could be its owner. So an account that
 * somebody opened, or gave its role, is no second person beside them, nor beside whom they opened
 * or were opened by, for STAFF_VOUCHED_MS. Who was opened by the operator at the server stands for
 * themselves.
 */
#pragma once

#include "domain/staff/staff.h"

#define STAFF_ACTIVATION_MS (INT64_C(72) * 3600 * 1000) /* a code waits for its owner */
#define STAFF_RESET_MS (INT64_C(24) * 3600 * 1000)      /* a request for a second person */
#define STAFF_VOUCHED_MS (INT64_C(30) * 24 * 3600 * 1000)

enum account_outcome {
    ACCOUNT_LAST_ADMIN = 341,   /* the agency would have no administrator who can sign in */
    ACCOUNT_OWN = 342,          /* nobody does this to their own account */
    ACCOUNT_ENDED = 343,        /* it has ended, or ended already */
    ACCOUNT_ACTIVE = 344,       /* its owner has opened it: that takes a reset and two persons */
    ACCOUNT_PENDING = 345,      /* a reset was asked for and waits */
    ACCOUNT_SAME = 346,         /* who asked for a reset does not confirm it */
    ACCOUNT_NO_RESET = 347,     /* none waits, another does, or its time is over */
    ACCOUNT_CROWDED = 348,      /* the outbox is full */
    ACCOUNT_UNKNOWN_CODE = 349, /* of an activation: wrong, used, replaced, or too old */
    ACCOUNT_KIN = 350,          /* who confirms was opened by who asked, or by the same */
};

/* What every change needs. */
struct account_change {
    struct store *store;
    const struct keyring *keys;
    const struct staff_doer *doer;
    int64_t now_ms;
    int64_t if_revision; /* STORE_ANY_REVISION for none */
    struct arena *arena;
};

/*
 * Opens an account without password and secret; the code goes to its owner and is not kept.
 * `draft`: password and totp are not looked at. `write` makes it happen once: STORE_REPEATED and
 * *ret as it is now, with a new code as long as its owner has not come. 0, STAFF_TAKEN.
 */
int account_open(const struct account_change *c, const struct staff_draft *draft,
                 const struct store_write *write, char code[STAFF_CODE_TEXT], struct staff *ret);

/* NULL or 0: unchanged; phone "": none any more. */
struct account_edit {
    const char *name, *title, *phone;
    int role;
};
/* 0, STORE_ABSENT, STORE_REVISED, ACCOUNT_OWN (a role), ACCOUNT_LAST_ADMIN, ACCOUNT_ENDED.
 * *ret_was is its role before: sessions of another are to be ended. */
int account_change(const struct account_change *c, const struct id *id,
                   const struct account_edit *edit, struct staff *ret, int *ret_was);
/* 0, STORE_ABSENT, ACCOUNT_OWN, ACCOUNT_LAST_ADMIN, ACCOUNT_ENDED. The caller ends its sessions. */
int account_end(const struct account_change *c, const struct id *id, const char *reason,
                struct staff *ret);
/* A new code for an account that nobody has activated. 0, STORE_ABSENT, ACCOUNT_ACTIVE, _ENDED. */
int account_code(const struct account_change *c, const struct id *id, char code[STAFF_CODE_TEXT],
                 struct staff *ret);

/* --- by its owner ----------------------------------------------------------------------------- */

/* What a code opens. 0 and *ret (staff_totp_next is what the authenticator is set up with);
 * ACCOUNT_UNKNOWN_CODE, STAFF_PAUSED and *ret_retry_ms. Nobody guesses 80 bits, and whoever tries
 * shall not shut an account: wrong codes are not counted. */
int account_look(const struct account_change *c, const char *user, const char *code,
                 struct staff *ret, int64_t *ret_retry_ms);
/*
 * Activates: slow (Argon2). The password is new, or the one there is (STAFF_ACTIVATE_TOTP); `totp`
 * is a code of the new secret. 0 and *ret with ten recovery codes; ACCOUNT_UNKNOWN_CODE,
 * STAFF_PAUSED; STAFF_WRONG: the code of the authenticator, or the password that there is;
 * outcomes of password_rule.
 */
typedef char account_codes[STAFF_RECOVERY_CODES][STAFF_CODE_TEXT];
struct account_activation {
    const char *user, *code, *password, *totp;
};
int account_activate(const struct account_change *c, const struct account_activation *in,
                     account_codes codes, struct staff *ret, int64_t *ret_retry_ms);
/* Ten new recovery codes; the old ones end. The caller has seen who asks (staff_sign_in). */
int account_recovery(const struct account_change *c, const struct id *id, account_codes codes);
/* A new password; the caller has seen who asks. 0, outcomes of password_rule. */
int account_password(const struct account_change *c, const struct id *id, const char *password,
                     struct staff *ret);

/* --- two persons ------------------------------------------------------------------------------ */

/* 0, STORE_ABSENT, ACCOUNT_OWN, ACCOUNT_PENDING. Of an ended account, all: it comes back. */
int account_reset_ask(const struct account_change *c, const struct id *id,
                      enum staff_activation what, const char *reason, struct staff *ret);
/* 0 and a code for the owner, STORE_ABSENT, ACCOUNT_OWN, ACCOUNT_SAME, ACCOUNT_KIN,
 * ACCOUNT_NO_RESET. From here on the old secret (and password) are nothing; the caller ends the
 * sessions. */
int account_reset_confirm(const struct account_change *c, const struct id *id,
                          const struct id *reset, char code[STAFF_CODE_TEXT], struct staff *ret);
/* 0, STORE_ABSENT, ACCOUNT_NO_RESET. Anybody may who could ask, and the owner. */
int account_reset_drop(const struct account_change *c, const struct id *id, const struct id *reset,
                       struct staff *ret);

/* --- the last administrator ------------------------------------------------------------------- */

/*
 * Takes note that an administrator of the agency is about to be none. One document an agency is
 * changed by compare-and-swap, so that two who end each other at once are not both let: 0, or
 * ACCOUNT_LAST_ADMIN. Then the account is changed, and admins_left called; a note that was left
 * behind counts as a leaver for ten minutes.
 */
int admins_leave(struct store *s, const char *agency, const struct id *admin, int64_t now_ms,
                 struct arena *a);
int admins_left(struct store *s, const char *agency, const struct id *admin);
extern const struct store_collection staff_admins_collection;
