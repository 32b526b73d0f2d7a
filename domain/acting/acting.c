#include "domain/acting/acting.h"

#include "domain/org/org.h"

const char *const acting_why_names[] = {
    [ACTING_UNKNOWN] = "unknown", [ACTING_PENDING] = "pending", [ACTING_ENDED] = "ended",
    [ACTING_ROLE] = "role",       [ACTING_SCOPE] = "scope",
};

/* --- organisations ---------------------------------------------------------------------------- */

/* 0, or why not. */
static enum acting_why org_refuses(const struct organisation *o, const struct org_member *m,
                                   const struct acting_need *need)
{
    if (!m)
        return ACTING_UNKNOWN;
    if (o->state == ORG_PENDING || o->state == ORG_REFUSED)
        return ACTING_PENDING;
    if (need->reads_only)
        return 0; /* also of one that is no more: what was filed can be followed */
    if (o->state != ORG_CONFIRMED)
        return ACTING_ENDED;
    return m->role == ORG_READS ? ACTING_ROLE : 0;
}

static int for_organisation(const struct people *p, const struct id *person, const struct id *id,
                            const struct acting_need *need, struct arena *a, struct acting *ret,
                            enum acting_why *ret_why)
{
    struct organisation o;
    int done = org_get(p->store, id, a, &o);
    if (done != 0)
        return done;
    const struct org_member *m = org_member_of(&o, person);
    *ret_why = org_refuses(&o, m, need);
    if (*ret_why)
        return ACTING_NOT;
    *ret = (struct acting){
        .principal = o.id,
        .kind = ACTING_ORGANISATION,
        .scope = SCOPE_ALL,
        .may_prepare = m->role != ORG_READS && o.state == ORG_CONFIRMED,
    };
    return 0;
}

int acting_for(const struct people *p, const struct id *person, const struct id *principal,
               const struct acting_need *need, int64_t now_ms, struct arena *a, struct acting *ret,
               enum acting_why *ret_why)
{
    (void)now_ms;
    *ret = (struct acting){0};
    *ret_why = ACTING_UNKNOWN;
    int done = for_organisation(p, person, principal, need, a, ret, ret_why);
    return done == STORE_ABSENT ? ACTING_NOT : done;
}

/* --- who is told ------------------------------------------------------------------------------ */

/* Persons have ids of version 4; an organisation's is derived. */
static bool is_derived(const struct id *id)
{
    return id->bytes[6] >> 4 != 4;
}

int acting_told(struct store *s, const struct id *owner, unsigned scope, const char *procedure,
                int64_t now_ms, struct arena *a, struct id ret[ACTING_TOLD_MAX], size_t *ret_n)
{
    (void)scope, (void)procedure, (void)now_ms;
    *ret_n = 0;
    if (!is_derived(owner))
        return 0;
    struct organisation o;
    int done = org_get(s, owner, a, &o);
    const struct org_member *members = o.members.items;
    for (size_t i = 0; done == 0 && i < o.members.n && *ret_n < ACTING_TOLD_MAX; i++) {
        if (members[i].state == MEMBER_ACTIVE && members[i].role != ORG_READS)
            ret[(*ret_n)++] = members[i].person;
    }
    return done == STORE_ABSENT ? 0 : done;
}
