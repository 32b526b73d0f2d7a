/*
 * Fees that are paid online. What a citizen sets out to pay and what a provider says it took are
 * two things, kept apart:
 *
 *   collection `payment`    an order: so much for this dossier, payable until then. Its id is the
 *                           dossier's and the attempt's, so that two phones make one order.
 *   collection `money`      a transaction of the provider's. Its id is derived from the provider
 *                           and the provider's number for it, so that it is taken once, however
 *                           often, late or out of order it is told.
 *   collection `money_day`  a day's transactions, the provider's list against ours.
 *
 * Money that was taken is counted in its dossier by the step `pay`, which knows it by the same id.
 * What the dossier cannot take any more (it has ended, or owes less) is to be refunded: it stays
 * listed until somebody says by what it was given back. So is what was counted for a dossier that
 * ended without a decision (refused, withdrawn, stopped), also where it was paid in cash; whether
 * the fee is due all the same is the agency's to say, with the reason. Amounts are whole đồng.
 */
#pragma once

#include "domain/dossier/dossier.h"

#define PAYMENT_ATTEMPTS_MAX 64 /* of a dossier; then it is paid at the counter */
#define PAYMENT_URL_MAX 1000    /* bytes */
#define PAYMENT_NUMBER_MAX 100  /* bytes of a provider's number */
#define PAYMENT_NOTE_MAX 2000   /* bytes */

enum payment_outcome {
    PAYMENT_NOTHING_OWED = 411,
    PAYMENT_FULL = 412,  /* PAYMENT_ATTEMPTS_MAX */
    MONEY_WAITS = 413,   /* the dossier can neither take it now nor has it ended: later */
    MONEY_SETTLED = 414, /* there is nothing to refund, or it was refunded otherwise */
};

/* What is known of an order only ever moves on in this order. */
enum payment_state {
    PAYMENT_CREATED = 1, /* here; the provider may not know it yet */
    PAYMENT_OPEN,        /* there is an address to pay at */
    PAYMENT_EXPIRED,
    PAYMENT_FAILED, /* refused or given up, as the provider says */
    PAYMENT_PAID,
};
extern const struct entity_name payment_states[];

struct payment {
    struct id id; /* v8 of dossier and attempt; not a field */
    struct id dossier, owner, actor;
    const char *number; /* of the dossier */
    const char *agency; /* the desk where the dossier was filed */
    const char *provider;
    int64_t attempt, amount;
    int state;
    const char *reference; /* the provider's number for the order */
    const char *url;       /* where a person pays */
    int64_t created_ms, expires_ms;
    int64_t asked_ms; /* the provider was last asked; 0 never */
    int64_t asks;     /* how often, by the sweep */
    int64_t next_ms;  /* when to ask; 0: nothing is to be found out */
    int64_t revision;
};
extern const struct entity payment_entity;
extern const struct store_collection payment_collection;

/* Something is owed, and the dossier is where it can be paid by a service. */
bool payment_possible(const struct dossier *d);

struct payment_asking {
    const struct dossier *dossier; /* for what it owes */
    struct id actor;
    const char *provider, *key; /* the Idempotency-Key */
    int64_t life_ms, ask_after_ms, now_ms;
};
/*
 * The order that this key was answered with before (of each the last STORE_WRITES keys are known);
 * else the open one of the same amount; else a new one. 0, PAYMENT_NOTHING_OWED, PAYMENT_FULL, E_*.
 */
int payment_begin(struct store *s, const struct payment_asking *asking, struct arena *a,
                  struct payment *ret);
int payment_get(struct store *s, const struct id *id, struct arena *a,
                struct payment *ret); /* 0, STORE_ABSENT */
/* Of a dossier, oldest first; the latest PAYMENT_ATTEMPTS_MAX at most. */
int payment_list(struct store *s, const struct id *dossier, struct arena *a, struct payment **ret,
                 size_t *ret_n);
int payment_decode(const bson_t *doc, struct arena *a, struct payment *ret);

/* What was found out. Members that are 0 or NULL say nothing; a state that comes before the one
 * that is known is passed over. */
struct payment_news {
    int state;
    const char *reference, *url;
    int64_t asked_ms;
};
int payment_note(struct store *s, const struct id *id, const struct payment_news *news,
                 struct arena *a, struct payment *ret);

/* Orders that the provider is to be asked about, at most `max`. */
int payment_due(struct store *s, int64_t now_ms, size_t max, struct arena *a, struct payment **ret,
                size_t *ret_n);
/* The next time is put off, ever longer; whoever is second gets STORE_UNCHANGED. */
int payment_claim(struct store *s, const struct payment *p, int64_t after_ms, int64_t now_ms);

/* --- what was taken --------------------------------------------------------------------------- */

enum money_state {
    MONEY_TAKEN = 1, /* not settled yet */
    MONEY_COUNTED,
    MONEY_TO_REFUND, /* all of it, or what was too much */
    MONEY_REFUNDED,
    MONEY_RETAINED, /* the fee is due though the dossier ended: the agency says why */
};
extern const struct entity_name money_states[];

enum money_reason { MONEY_NO_ORDER = 1, MONEY_ENDED, MONEY_TOO_MUCH, MONEY_UNSERVED };
extern const struct entity_name money_reasons[];

enum money_source { MONEY_BY_CALLBACK = 1, MONEY_BY_QUERY, MONEY_BY_LIST, MONEY_AT_COUNTER };
#define MONEY_COUNTER "counter" /* in place of a provider: cash that is to be refunded */
extern const struct entity_name money_sources[];

struct money {
    struct id id; /* v8 of provider and transaction; not a field */
    const char *provider, *transaction;
    struct id order, dossier, owner; /* nil where the provider names no order of ours */
    const char *number, *agency;
    /* amount = counted + refund + returned, once it is settled; `returned`: by an earlier refund */
    int64_t amount, counted, refund, returned;
    int state, reason, source;
    int64_t paid_ms, taken_ms, settled_ms, refunded_ms;
    struct id refunded_by; /* staff */
    const char *refund_reference, *refund_note;
    const char *returned_reference; /* of what was given back earlier */
    int64_t day;                    /* of paid_ms: clock day number */
    int64_t next_ms; /* when to settle it, or to tell its owner; 0: nothing is to be done */
    int64_t revision;
};
extern const struct entity money_entity;
extern const struct store_collection money_collection;

struct id money_id(const char *provider, const char *transaction);
int money_decode(const bson_t *doc, struct arena *a, struct money *ret);
int money_get(struct store *s, const struct id *id, struct arena *a, struct money *ret);

/* A transaction as a provider tells it. */
struct money_told {
    const char *provider, *transaction;
    struct id order; /* nil: it names none that could be ours */
    int64_t amount, paid_ms;
    int source;
};
/* Remembers it. 0, or STORE_REPEATED: it was known, *ret as it is. */
int money_take(struct store *s, const struct money_told *told, int64_t now_ms, struct arena *a,
               struct money *ret);
/*
 * Counts it in its dossier, as far as that owes it; the rest is to be refunded. May be repeated,
 * and run twice at once. 0, MONEY_WAITS, E_*.
 */
int money_settle(struct store *s, const struct id *id, const struct case_world *w, struct arena *a,
                 struct money *ret);
/*
 * What was paid for a dossier that ended without a decision (dossier_unserved) is to be refunded;
 * of any other nothing changes. May be repeated.
 */
int money_release(struct store *s, const struct dossier *d, int64_t now_ms, struct arena *a);
/* Its owner was told of the state that *m has. */
int money_owner_told(struct store *s, const struct money *m);
/* Transactions that are not settled, or of which an owner is to be told, at most `max`. */
int money_due(struct store *s, int64_t now_ms, size_t max, struct arena *a, struct id **ret,
              size_t *ret_n);

struct money_refund {
    struct id by;
    const char *agency;    /* only of this desk; NULL: any */
    const char *reference; /* NULL: it is kept */
    const char *note;
    int64_t now_ms;
};
/* It was given back; or, of MONEY_UNSERVED alone, it is kept. 0; STORE_REPEATED; MONEY_SETTLED;
 * STORE_ABSENT, also where it is another agency's. */
int money_refund(struct store *s, const struct id *id, const struct money_refund *r,
                 const struct store_write *write, struct arena *a, struct money *ret);

/* Of a dossier, as they were paid. */
int money_list(struct store *s, const struct id *dossier, struct arena *a, struct money **ret,
               size_t *ret_n);
/* A page of a day's transactions of a provider; `page` brings limit and position. */
int money_of_day(struct store *s, const char *provider, int64_t day, const struct store_query *page,
                 struct arena *a, struct store_page *ret);

/* What is one person's is another's (domain/person/merge.h), a page a call. */
int payment_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
                  bool *ret_more);
/* How much of this owner's is neither counted nor given back. */
int money_pending(struct store *s, const struct id *owner, struct arena *a, int64_t *ret);

/* --- a day, held against the provider's list -------------------------------------------------- */

#define MONEY_DIFFERENCES_MAX 200 /* kept of a day; all are counted */

enum money_difference_kind {
    MONEY_MISSING_HERE = 1, /* the provider took it, and it was not known here */
    MONEY_MISSING_THERE,    /* known here, and not in the provider's list */
    MONEY_DIFFERS,          /* in its amount */
    MONEY_UNREADABLE,       /* a row of the provider's list that is not as it should be */
};
extern const struct entity_name money_difference_kinds[];

struct money_difference {
    int kind;
    const char *transaction, *number;
    int64_t ours, theirs; /* đồng; 0: there is none */
    bool taken;           /* missing here: it was, from a list of this day */
};

struct money_day {
    struct id id;                /* v8 of provider and day; not a field */
    const char *provider, *date; /* yyyy-mm-dd in +07:00 */
    int64_t day, made_ms;
    int64_t ours, theirs; /* how many */
    int64_t ours_sum, theirs_sum;
    int64_t missing_here, missing_there, differing, unreadable;
    bool unfinished;                /* the run ended before all of it was looked at */
    struct entity_list differences; /* struct money_difference */
};
extern const struct entity money_day_entity;
extern const struct store_collection money_day_collection;

struct id money_day_id(const char *provider, int64_t day);
/* 0, STORE_ABSENT: it was not made. */
int money_day_get(struct store *s, const char *provider, int64_t day, struct arena *a,
                  struct money_day *ret);
/* In place of what an earlier run found. */
int money_day_put(struct store *s, const struct money_day *d);

/* --- words ------------------------------------------------------------------------------------ */

#define MONEY_TEXT 32   /* room of money_format */
#define MONEY_WORDS 400 /* room of money_words */

/* "1.250.000" */
char *money_format(int64_t amount, char out[MONEY_TEXT]);
/* "Một triệu hai trăm năm mươi nghìn đồng", as receipts want it; of 0 to DOSSIER_AMOUNT_MAX. */
char *money_words(int64_t amount, char out[MONEY_WORDS]);
