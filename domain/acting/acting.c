#include "domain/acting/acting.h"

#include <string.h>

#include "domain/mandate/mandate.h"
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

/* --- persons ---------------------------------------------------------------------------------- */

/* Persons have ids of version 4; an organisation's is derived. */
static bool is_derived(const struct id *id)
{
    return id->bytes[6] >> 4 != 4;
}

/* What is said where several mandates do not reach: the nearest miss. */
static enum acting_why mandate_refuses(const struct mandate *m, const struct acting_need *need,
                                       int64_t now_ms)
{
    int state = mandate_state_now(m, now_ms);
    if (state == MANDATE_PENDING || (state == MANDATE_ACTIVE && m->from_ms > now_ms))
        return ACTING_PENDING;
    if (state == MANDATE_ENDED || state == MANDATE_OVER)
        return ACTING_ENDED;
    if (state != MANDATE_ACTIVE)
        return ACTING_UNKNOWN;
    return mandate_covers(m, need->scope, need->procedure) ? 0 : ACTING_SCOPE;
}

/* Of several that reach to dossiers: to all, or to what any of them names. */
static void take_procedures(struct acting *ret, const struct mandate *m, struct arena *a)
{
    bool first = !(ret->scope & SCOPE_DOSSIERS);
    if (!(mandate_scope(m) & SCOPE_DOSSIERS) || (!first && ret->n_procedures == 0))
        return;
    size_t had = m->procedures.n > 0 ? ret->n_procedures : 0, n = had + m->procedures.n;
    const char **all = arena_array(a, n, sizeof(*all));
    for (size_t i = 0; i < n; i++)
        all[i] = i < had ? ret->procedures[i] : m->procedures.items[i - had];
    ret->procedures = all;
    ret->n_procedures = n;
}

static void take(struct acting *ret, const struct mandate *m, struct arena *a)
{
    take_procedures(ret, m, a);
    ret->principal = m->subject;
    ret->kind = ACTING_PERSON;
    ret->may_prepare = true;
    ret->scope |= mandate_scope(m);
}

static int for_person(struct store *s, const struct id *person, const struct id *subject,
                      const struct acting_need *need, int64_t now_ms, struct arena *a,
                      struct acting *ret, enum acting_why *ret_why)
{
    struct mandate *list = NULL;
    size_t n = 0;
    int done = mandate_list(s, "agent", person, a, &list, &n);
    for (size_t i = 0; i < n && done == 0; i++) {
        if (!id_equal(&list[i].subject, subject))
            continue;
        enum acting_why why = mandate_refuses(&list[i], need, now_ms);
        if (!why)
            take(ret, &list[i], a);
        else if (why > *ret_why)
            *ret_why = why;
    }
    return done != 0 ? done : ret->kind ? 0 : ACTING_NOT;
}

/* Who the principal turned out to be, where the caller still knows them by an id from before. */
static int for_merged(const struct people *p, const struct id *person, const struct id *subject,
                      const struct acting_need *need, int64_t now_ms, struct arena *a,
                      struct acting *ret, enum acting_why *ret_why)
{
    struct person now;
    int done = person_get(p, subject, a, &now);
    if (done != 0)
        return done == STORE_ABSENT ? ACTING_NOT : done;
    if (id_equal(&now.id, subject))
        return ACTING_NOT;
    return for_person(p->store, person, &now.id, need, now_ms, a, ret, ret_why);
}

int acting_for(const struct people *p, const struct id *person, const struct id *principal,
               const struct acting_need *need, int64_t now_ms, struct arena *a, struct acting *ret,
               enum acting_why *ret_why)
{
    *ret = (struct acting){0};
    *ret_why = ACTING_UNKNOWN;
    int done;
    if (is_derived(principal)) {
        done = for_organisation(p, person, principal, need, a, ret, ret_why);
        return done == STORE_ABSENT ? ACTING_NOT : done;
    }
    done = for_person(p->store, person, principal, need, now_ms, a, ret, ret_why);
    if (done == ACTING_NOT && *ret_why == ACTING_UNKNOWN)
        done = for_merged(p, person, principal, need, now_ms, a, ret, ret_why);
    return done;
}

/* --- who is told ------------------------------------------------------------------------------ */

struct told {
    struct id *ids;
    size_t n;
};

static void add(struct told *t, const struct id *id)
{
    for (size_t i = 0; i < t->n; i++) {
        if (id_equal(&t->ids[i], id))
            return;
    }
    if (t->n < ACTING_TOLD_MAX)
        t->ids[t->n++] = *id;
}

static int add_members(struct store *s, const struct id *owner, struct arena *a, struct told *t)
{
    struct organisation o;
    int done = org_get(s, owner, a, &o);
    if (done != 0)
        return done == STORE_ABSENT ? 0 : done;
    const struct org_member *members = o.members.items;
    for (size_t i = 0; i < o.members.n; i++) {
        if (members[i].state == MEMBER_ACTIVE && members[i].role != ORG_READS)
            add(t, &members[i].person);
    }
    return 0;
}

static int add_agents(struct store *s, const struct id *owner, const struct acting_need *need,
                      int64_t now_ms, struct arena *a, struct told *t)
{
    struct mandate *list = NULL;
    size_t n = 0;
    int done = mandate_list(s, "subject", owner, a, &list, &n);
    for (size_t i = 0; i < n && done == 0; i++) {
        if (mandate_refuses(&list[i], need, now_ms) == 0)
            add(t, &list[i].agent);
    }
    return done;
}

int acting_told(struct store *s, const struct id *owner, unsigned scope, const char *procedure,
                int64_t now_ms, struct arena *a, struct id ret[ACTING_TOLD_MAX], size_t *ret_n)
{
    const struct acting_need need = {.scope = scope, .procedure = procedure};
    struct told told = {.ids = ret};
    int done = is_derived(owner) ? add_members(s, owner, a, &told)
                                 : add_agents(s, owner, &need, now_ms, a, &told);
    *ret_n = told.n;
    return done;
}

bool acting_reaches(const struct acting *a, const char *procedure)
{
    for (size_t i = 0; i < a->n_procedures; i++) {
        if (strcmp(a->procedures[i], procedure) == 0)
            return true;
    }
    return a->n_procedures == 0;
}
