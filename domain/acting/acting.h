/*
 * Who may act for whom. Whoever a case belongs to may be somebody else than who presses the button:
 * an organisation (domain/org/), or a person who is represented. The owner of a case is its
 * *principal*; this says what a person may do for one, and who is told of what is the principal's.
 *
 * Asked anew with each request: a member who was removed is refused from the next one on.
 */
#pragma once

#include "domain/mandate/scope.h"
#include "domain/person/person.h"

enum acting_kind { ACTING_SELF = 1, ACTING_ORGANISATION, ACTING_PERSON };

/* Why somebody may not; of a principal with which they have nothing to do: always unknown. */
enum acting_why {
    ACTING_UNKNOWN = 1, /* no such principal, or not theirs */
    ACTING_PENDING,     /* not confirmed yet */
    ACTING_ENDED,       /* the organisation is no more; a mandate is over */
    ACTING_ROLE,        /* may read, and not do this */
    ACTING_SCOPE,       /* the authority does not reach so far */
};
extern const char *const acting_why_names[];

struct acting_need {
    unsigned scope;        /* of enum acting_scope; of several, any suffices */
    bool reads_only;       /* for reading alone */
    const char *procedure; /* of a dossier: code of its procedure; NULL: of any, or none */
};

struct acting {
    struct id principal; /* who it is now, if they turned out to be another */
    enum acting_kind kind;
    bool may_prepare;              /* more than read */
    unsigned scope;                /* of what, mask */
    const char *const *procedures; /* to which the authority is bound; NULL: any */
    size_t n_procedures;
};

enum acting_outcome { ACTING_NOT = 371 /* *ret_why says why */ };

/* What the person may do for the principal: 0 and *ret, ACTING_NOT, E_*. */
int acting_for(const struct people *p, const struct id *person, const struct id *principal,
               const struct acting_need *need, int64_t now_ms, struct arena *a, struct acting *ret,
               enum acting_why *ret_why);

/*
 * Who is told of what is the owner's, besides the owner: members who prepare or represent, and who
 * acts for a person. At most ACTING_TOLD_MAX.
 */
#define ACTING_TOLD_MAX 50
int acting_told(struct store *s, const struct id *owner, unsigned scope, const char *procedure,
                int64_t now_ms, struct arena *a, struct id ret[ACTING_TOLD_MAX], size_t *ret_n);
/* The authority reaches to dossiers of this procedure. */
bool acting_reaches(const struct acting *a, const char *procedure);
