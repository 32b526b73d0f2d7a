/*
 * An organisation as it is shown: opened, with the names of its members. SEE_OWNER is a member,
 * SEE_AGENCY an officer who holds its papers, SEE_INSPECTOR the list of those that wait, SEE_SELF
 * who is invited.
 */
#pragma once

#include "domain/org/org.h"

struct org_member_view {
    struct id id, person;
    const char *name; /* the person's, as they call themselves */
    const char *hint; /* of the invited number */
    int role, state;
    bool me;
    int64_t at_ms, expires_ms, since_ms, until_ms;
    struct id by;
};

struct org_view {
    struct id id;
    int kind, state;
    const char *tax_code, *name, *address, *commune;
    int role;             /* the caller's own; 0 none */
    struct id invitation; /* of the caller, still open */
    int invited_as;       /* enum org_role */
    int64_t invited_until_ms;
    int64_t registered_ms, decided_ms;
    const char *decided_office, *seen, *reason;
    struct entity_list papers;  /* struct org_paper */
    struct entity_list members; /* struct org_member_view */
    struct entity_list steps;   /* struct org_step */
    struct text_words verbs;    /* org_office_verbs */
    int64_t revision;
};
extern const struct entity org_view_entity, org_member_view_entity;

/* Who looks. */
struct org_looker {
    struct id person;          /* nil: an officer */
    const struct id *contacts; /* of the person */
    size_t n_contacts;
    bool with_members; /* else neither members nor history */
    int64_t now_ms;
};
/* 0, PERSON_ERASED if its key is gone, E_*. */
int org_show(const struct people *p, const struct organisation *o, const struct org_looker *who,
             struct arena *a, struct org_view *ret);
