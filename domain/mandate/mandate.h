/*
 * Acting for a person (giấy uỷ quyền, giám hộ): who, for whom, in what, from when until when.
 *
 *   collection `mandate`   one authority of one agent for one subject, with its history
 *
 * Either the subject gives it in a session of their own, and the agent accepts (a proxy); or the
 * agent records somebody who does not speak for themselves (domain/person/dependant.h): a child, a
 * ward, a parent who signed on paper. Then an office sees the papers first. Either side and the
 * office end it at once. BLDS 91/2015/QH13: a parent's ends when the child is 18 (§21, §136), a
 * proxy of which no end was said after one year (§563).
 */
#pragma once

#include "domain/mandate/scope.h"
#include "domain/org/org.h"
#include "domain/person/dependant.h"

#define MANDATE_PROCEDURES_MAX 20
#define MANDATE_PAPERS_MAX 6
#define MANDATE_NOTE_MAX 2000 /* bytes: 500 characters, 4 at most each */
#define MANDATE_STEPS_MAX 50
#define MANDATES_MAX 50 /* of one person, as one side, that are not over */
#define MANDATE_OFFERED_MS (INT64_C(14) * 24 * 3600 * 1000)
#define MANDATE_PENDING_MS (INT64_C(60) * 24 * 3600 * 1000)
#define MANDATE_YEARS_MAX 10 /* of one whose end is chosen */
#define MANDATE_OF_AGE 18

enum mandate_kind { MANDATE_PARENT = 1, MANDATE_GUARDIAN, MANDATE_PROXY };
enum mandate_state {
    MANDATE_OFFERED = 1, /* by the subject; waits for the agent */
    MANDATE_PENDING,     /* waits for an office */
    MANDATE_ACTIVE,
    MANDATE_DECLINED,
    MANDATE_REFUSED, /* by an office */
    MANDATE_ENDED,
    MANDATE_OVER, /* shown so; stored as it was, with its end in the past */
};
extern const struct entity_name mandate_kinds[], mandate_states[], mandate_scopes[];

enum mandate_outcome {
    MANDATE_REPEATED = 361, /* made before under this key: *ret is what is stored */
    MANDATE_REUSED = 362,   /* the key was used with another body */
    MANDATE_FULL = 363,     /* MANDATES_MAX are there */
    MANDATE_STATE = 364,    /* not from this state, or too late */
    MANDATE_SELF = 365,     /* nobody acts for themselves */
};

struct mandate_step {
    int64_t at_ms;
    const char *verb, *party; /* "subject", "agent", "office" */
    struct id by;             /* person; nil of an office */
    struct id staff;
    const char *office, *note;
};

struct mandate {
    struct id id;             /* v8 of who made it and their key; not a field */
    struct id subject, agent; /* persons; agent nil while it is offered to a number */
    struct id contact;        /* keyed hash of that number */
    const char *hint;         /* its last digits */
    int kind, state;
    bool recorded;            /* the subject was recorded by the agent */
    struct entity_bytes card; /* of who was recorded, sealed under their key, until it was seen */
    struct text_words scope;  /* names of mandate_scopes */
    struct text_words procedures; /* codes; none: any */
    const char *commune;          /* whose office sees the papers; NULL: the portal's alone */
    struct entity_list papers;    /* struct org_paper */
    int64_t created_ms, from_ms, until_ms; /* until 0: no end */
    int64_t ends_ms;                       /* until_ms while active, for the sweep; else 0 */
    int64_t decided_ms;
    const char *decided_office, *seen, *reason;
    int64_t ended_ms;
    struct entity_list steps; /* struct mandate_step */
    int64_t revision;
};
extern const struct entity mandate_entity;
extern const struct store_collection mandate_collection;

/* --- reading ---------------------------------------------------------------------------------- */

int mandate_decode(const bson_t *doc, struct arena *a, struct mandate *ret);
int mandate_get(struct store *s, const struct id *id, struct arena *a, struct mandate *ret);
/* What it is now: MANDATE_OVER where its time has passed. */
int mandate_state_now(const struct mandate *m, int64_t now_ms);
/* mask of enum acting_scope */
unsigned mandate_scope(const struct mandate *m);
bool mandate_covers(const struct mandate *m, unsigned scope, const char *procedure);
/* Newest first, at most 100: those in which the person is agent ("agent") or subject ("subject"),
 * or that are offered to a contact ("contact"). */
int mandate_list(struct store *s, const char *side, const struct id *who, struct arena *a,
                 struct mandate **ret, size_t *ret_n);

/* Somebody who was recorded and seen, and whom nobody acts for any more. */
bool mandate_may_be_handed_on(const struct mandate *m, int64_t now_ms);
/* What an office may do of it now, in the arena: verbs of mandate_do, and "successor". */
struct text_words mandate_office_verbs(const struct mandate *m, int64_t now_ms, struct arena *a);

/* --- what is done ----------------------------------------------------------------------------- */

struct mandate_draft {
    int kind;
    struct id by; /* who makes it: the agent who records, or the subject who gives */
    /* Recorded: */
    const char *name, *birth, *card; /* card NULL: none */
    /* Given: */
    struct id contact;
    const char *hint;
    struct text_words scope, procedures;
    const char *commune;
    const struct org_paper *papers;
    size_t n_papers;
    int64_t from_ms, until_ms; /* from 0: now */
    int64_t now_ms;
};
struct id mandate_id(const struct id *by, const char *key);
/* 0 or MANDATE_REPEATED with *ret; MANDATE_REUSED, MANDATE_FULL, E_*. */
int mandate_make(const struct people *p, const struct mandate_draft *d, const char *key,
                 const void *body, size_t n_body, struct arena *a, struct mandate *ret);

/*
 * accept, decline by whom it is offered to; end by either side; verify, refuse, end by an office.
 * Repeating one is harmless. 0 and *ret; MANDATE_STATE, MANDATE_SELF; STORE_ABSENT: nothing of the
 * person's.
 */
struct mandate_act {
    const char *verb;
    struct id by;              /* person or staff member */
    const char *office;        /* of staff; NULL: a person */
    const struct id *contacts; /* person_contacts() of the person */
    size_t n_contacts;
    struct id subject; /* verify: who the subject turned out to be (dependant_confirm) */
    const char *note;
    int64_t now_ms;
};
int mandate_do(struct store *s, const struct id *id, const struct mandate_act *act, struct arena *a,
               struct mandate *ret);
/*
 * Who was recorded and whom nobody acts for any more (the agent's authority has ended) is given
 * another agent by an office that saw the papers: active at once, with the scope of the one before.
 * It is made once of a mandate and an agent. 0 and *ret, also where it was made before;
 * MANDATE_STATE: nobody was recorded, or it has not ended; MANDATE_SELF, MANDATE_FULL, E_*.
 */
struct mandate_handing {
    const struct mandate *from;
    int kind;
    struct id agent;
    struct id officer;
    const char *office, *note; /* which papers were seen */
    int64_t until_ms, now_ms;
};
int mandate_hand_on(struct store *s, const struct mandate_handing *h, struct arena *a,
                    struct mandate *ret);
/* "subject", "agent", "office", or NULL: the person has nothing to do with it. */
const char *mandate_party(const struct mandate *m, const struct id *person,
                          const struct id *contacts, size_t n);

/* The mandates of one person are another's, a page of them a call. */
int mandate_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
                  bool *ret_more);
/* Active ones whose end has passed become ended; each is handed to `tell`. At most `max`. */
int mandate_sweep(struct store *s, int64_t now_ms, size_t max,
                  int (*tell)(const struct mandate *m, void *ctx), void *ctx);
