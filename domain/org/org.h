/*
 * Organisations that act in the province's app: enterprises and household businesses, known by
 * their tax code. What is filed for one belongs to it, whoever pressed the button.
 *
 *   collection `organisation`  the organisation, its members and its history: one document, so that
 *                              who may do what is decided by one compare-and-swap: two
 *                              representatives who remove each other cannot both succeed, and there
 *                              is always one left
 *   collection `org_link`      who an organisation is to be shown to: a person, or the keyed hash
 * of a number that was invited. It only finds; what it finds is asked the organisation itself
 *
 * The id is a keyed hash of the tax code: that of a household is its owner's own number. Name, code
 * and address are sealed under a key of the organisation's own, among those of persons.
 *
 * A person with an e-ID of level 2 registers it and is its first representative; until an officer
 * has seen the papers and confirmed it, nothing is done in its name.
 */
#pragma once

#include "domain/person/person.h"

#define ORG_NAME_MAX 800    /* bytes: 200 characters, 4 at most each */
#define ORG_ADDRESS_MAX 800 /* so too */
#define ORG_NOTE_MAX 2000   /* bytes of what an officer saw, or why something was done */
#define ORG_MEMBERS_MAX 50  /* active and invited */
#define ORG_KEPT_MAX 100    /* with those who left; the earliest of those make room */
#define ORG_STEPS_MAX 300   /* of history; then the oldest make room */
#define ORG_PAPERS_MAX 6
#define ORG_INVITED_MS (INT64_C(14) * 24 * 3600 * 1000)
/* Not confirmed for so long: whoever comes next may register it. */
#define ORG_PENDING_MS (INT64_C(60) * 24 * 3600 * 1000)

enum org_kind { ORG_ENTERPRISE = 1, ORG_HOUSEHOLD };
enum org_state { ORG_PENDING = 1, ORG_CONFIRMED, ORG_REFUSED, ORG_ENDED };
/* In the order of what they may: a representative does everything, who prepares files and answers,
 * who reads reads. */
enum org_role { ORG_REPRESENTS = 1, ORG_PREPARES, ORG_READS };
enum org_member_state {
    MEMBER_INVITED = 1,
    MEMBER_ACTIVE,
    MEMBER_LEFT,
    MEMBER_REMOVED, /* also: the invitation was taken back */
    MEMBER_DECLINED,
    MEMBER_EXPIRED, /* shown so; stored as invited, with its end in the past */
};
extern const struct entity_name org_kinds[], org_states[], org_roles[], org_member_states[];

enum org_outcome {
    ORG_TAKEN = 351,     /* registered by somebody else */
    ORG_FORBIDDEN = 352, /* a member, but not of a role that may */
    ORG_STATE = 353,     /* not in this state: confirmed already, invitation used or over */
    ORG_LAST = 354,      /* it would be left without a representative */
    ORG_FULL = 355,      /* ORG_MEMBERS_MAX are there */
    ORG_NO_MEMBER = 356, /* act->member or act->person names none */
};

struct org_member {
    struct id id;               /* v4: of this membership */
    struct id person;           /* nil while invited */
    struct id contact;          /* invited: keyed hash of the number, person_contacts() */
    const char *hint;           /* its last digits, for who invited */
    int role, state;            /* enum org_role, org_member_state */
    int64_t at_ms;              /* invited, or made a member without that */
    int64_t expires_ms;         /* of the invitation */
    int64_t since_ms, until_ms; /* a member from, to; 0: not yet, still */
    struct id by;               /* who invited; nil: an officer did, or they registered it */
};

struct org_step {
    int64_t at_ms;
    const char *verb;
    struct id by;       /* a person; nil where an office acted */
    struct id staff;    /* who in it */
    const char *office; /* code of the agency */
    struct id member;   /* whom it concerned */
    int role;           /* that they have from then on */
    const char *note;
};

struct org_paper {
    struct id id; /* of an upload */
};

struct organisation {
    struct id id; /* not a field */
    int kind, state;
    struct entity_bytes tax_code, name, address; /* sealed under its own key */
    const char *commune;                         /* code, where it is registered */
    struct entity_list papers;                   /* struct org_paper */
    int64_t registered_ms, decided_ms;           /* the latest decision of an office */
    struct id decided_by;
    const char *decided_office;
    const char *seen;           /* what was seen when it was confirmed */
    const char *reason;         /* why it was refused or ended */
    struct entity_list members; /* struct org_member */
    struct entity_list steps;   /* struct org_step */
    int64_t revision;
};
extern const struct entity organisation_entity;
extern const struct store_collection organisation_collection, org_link_collection;

/* --- reading ---------------------------------------------------------------------------------- */

struct id org_id(const struct people *p, const char *tax_code);
/* 0 or STORE_ABSENT. */
int org_get(struct store *s, const struct id *id, struct arena *a, struct organisation *ret);
int org_decode(const bson_t *doc, struct arena *a, struct organisation *ret);
/* The active membership of a person; NULL: none. */
const struct org_member *org_member_of(const struct organisation *o, const struct id *person);
/* An invitation to one of the numbers that is still open; NULL: none. */
const struct org_member *org_invitation(const struct organisation *o, const struct id *contacts,
                                        size_t n, int64_t now_ms);
/* What an office may do of it now, in the arena: verbs of org_act that would change something. */
struct text_words org_office_verbs(const struct organisation *o, struct arena *a);
/* Those whom a person belongs to or is invited to, a page of at most 100; for each what is stored
 * now. `contacts` are person_contacts(). */
int org_list(struct store *s, const struct id *person, const struct id *contacts, size_t n,
             int64_t now_ms, struct arena *a, struct organisation **ret, size_t *ret_n);

/* Its opened texts, NULL where none is stored. 0, PERSON_ERASED. */
struct org_texts {
    const char *tax_code, *name, *address;
};
int org_open(const struct people *p, const struct organisation *o, struct arena *a,
             struct org_texts *ret);

/* --- what is done ----------------------------------------------------------------------------- */

struct org_draft {
    int kind;
    const char *tax_code; /* checked: tax_code.h */
    const char *name, *address, *commune;
    struct id person; /* who registers */
    const struct org_paper *papers;
    size_t n_papers;
    int64_t now_ms;
};
/* 0 (also where this person registered it before: what is pending is then written anew), ORG_TAKEN.
 */
int org_register(const struct people *p, const struct org_draft *d, struct arena *a,
                 struct organisation *ret);

/*
 * One verb of the table in act.c: confirm, refuse, end, replace by an office; invite, role, remove,
 * leave, accept, decline by people. Repeating one that was carried out is harmless: 0.
 * 0 and *ret, an outcome above, STORE_ABSENT (the person has nothing to do with it), STORE_REVISED.
 */
struct org_act {
    const char *verb;
    struct id by;       /* person or staff member */
    const char *office; /* of staff: their agency; NULL: a person acts */
    struct id member;   /* role, remove, accept, decline: whom; invite: id of the new one (v4) */
    struct id person;   /* replace: the new representative; member is then a new id */
    struct id contact;  /* invite */
    const char *hint;   /* invite */
    const struct id *contacts; /* accept, decline: of who acts */
    size_t n_contacts;
    int role;         /* invite, role */
    const char *note; /* offices: what was seen, why */
    int64_t now_ms;
};
/* act->member is then whom it concerned: of an invitation that was there before, that one. */
int org_act(struct store *s, const struct id *id, struct org_act *act, int64_t if_revision,
            struct arena *a, struct organisation *ret);

/* The memberships of one person are another's (domain/person/merge.h), a page of them a call. */
int org_reown(struct store *s, const struct id *from, const struct id *into, int64_t now_ms,
              struct arena *a, bool *ret_more);

/* NULL, or the verb of the table that is not sound. At start, in tests. */
const char *org_verbs_fault(void);
