/* What is done to an organisation: one table says who may do what, and when. */
#include <string.h>

#include "base/result.h"
#include "domain/org/private.h"

enum who {
    BY_OFFICE = 1 << 0,
    BY_REPRESENTATIVE = 1 << 1,
    BY_MEMBER = 1 << 2, /* of any role, for themselves */
    BY_INVITED = 1 << 3,
};

#define IN(state) (1U << (state))
#define ANY (IN(ORG_PENDING) | IN(ORG_CONFIRMED) | IN(ORG_REFUSED) | IN(ORG_ENDED))

struct acting {
    struct org_act *act;
    struct organisation *o;
    struct arena *arena;
    struct org_member *mine, *target; /* of who acts, and whom it concerns; or NULL */
    int role;                         /* for the step of history */
};

struct verb {
    const char *name;
    unsigned states, who;
    int (*run)(struct acting *t); /* 0, STORE_UNCHANGED: as it was asked already, or an outcome */
    unsigned offered; /* to an office, in these states; in the others it repeats what was done */
};

/* --- helpers ---------------------------------------------------------------------------------- */

void org_step_add(struct organisation *o, const struct org_step *step, struct arena *a)
{
    size_t drop = o->steps.n >= ORG_STEPS_MAX ? o->steps.n - ORG_STEPS_MAX + 1 : 0;
    size_t n = o->steps.n - drop;
    struct org_step *steps = arena_array(a, n + 1, sizeof(*steps));
    if (n > 0)
        memcpy(steps, (struct org_step *)o->steps.items + drop, n * sizeof(*steps));
    steps[n] = *step;
    o->steps = (struct entity_list){steps, n + 1};
}

static bool is_open(const struct org_member *m, int64_t now_ms)
{
    return m->state == MEMBER_ACTIVE || (m->state == MEMBER_INVITED && m->expires_ms > now_ms);
}

struct org_member *org_member_add(struct organisation *o, int64_t now_ms, struct arena *a)
{
    struct org_member *members = o->members.items;
    size_t open = 0, n = o->members.n;
    for (size_t i = 0; i < n; i++)
        open += is_open(&members[i], now_ms);
    if (open >= ORG_MEMBERS_MAX)
        return NULL;
    struct org_member *more = arena_array(a, n + 1, sizeof(*more));
    bool full = n >= ORG_KEPT_MAX;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (full && !is_open(&members[i], now_ms))
            full = false; /* the earliest makes room */
        else
            more[kept++] = members[i];
    }
    o->members = (struct entity_list){more, kept + 1};
    more[kept] = (struct org_member){0};
    return &more[kept];
}

static struct org_member *find_member(struct organisation *o, const struct id *id)
{
    struct org_member *members = o->members.items;
    for (size_t i = 0; i < o->members.n; i++) {
        if (id_equal(&members[i].id, id))
            return &members[i];
    }
    return NULL;
}

static size_t representatives(const struct organisation *o)
{
    const struct org_member *members = o->members.items;
    size_t n = 0;
    for (size_t i = 0; i < o->members.n; i++)
        n += members[i].state == MEMBER_ACTIVE && members[i].role == ORG_REPRESENTS;
    return n;
}

static bool is_last(const struct acting *t, const struct org_member *m)
{
    return m->state == MEMBER_ACTIVE && m->role == ORG_REPRESENTS && representatives(t->o) == 1;
}

/* --- offices ---------------------------------------------------------------------------------- */

static void decide(struct acting *t, int state)
{
    t->o->state = state;
    t->o->decided_ms = t->act->now_ms;
    t->o->decided_by = t->act->by;
    t->o->decided_office = t->act->office;
}

static int confirm(struct acting *t)
{
    if (t->o->state == ORG_CONFIRMED)
        return STORE_UNCHANGED;
    decide(t, ORG_CONFIRMED);
    t->o->seen = t->act->note;
    return 0;
}

static int refuse(struct acting *t)
{
    if (t->o->state == ORG_REFUSED)
        return STORE_UNCHANGED;
    decide(t, ORG_REFUSED);
    t->o->reason = t->act->note;
    return 0;
}

static int end(struct acting *t)
{
    if (t->o->state == ORG_ENDED)
        return STORE_UNCHANGED;
    decide(t, ORG_ENDED);
    t->o->reason = t->act->note;
    return 0;
}

static int replace(struct acting *t)
{
    struct org_member *members = t->o->members.items;
    const struct org_member *known = org_member_of(t->o, &t->act->person);
    if (known && known->role == ORG_REPRESENTS && representatives(t->o) == 1 &&
        t->o->state == ORG_CONFIRMED)
        return STORE_UNCHANGED;
    for (size_t i = 0; i < t->o->members.n; i++) {
        bool same = id_equal(&members[i].person, &t->act->person);
        if (members[i].state != MEMBER_ACTIVE || (members[i].role != ORG_REPRESENTS && !same))
            continue;
        members[i].state = MEMBER_REMOVED;
        members[i].until_ms = t->act->now_ms;
    }
    struct org_member *m = org_member_add(t->o, t->act->now_ms, t->arena);
    if (!m)
        return ORG_FULL;
    *m = (struct org_member){.id = t->act->member,
                             .person = t->act->person,
                             .role = ORG_REPRESENTS,
                             .state = MEMBER_ACTIVE,
                             .at_ms = t->act->now_ms,
                             .since_ms = t->act->now_ms};
    decide(t, ORG_CONFIRMED);
    t->o->seen = t->act->note;
    t->role = ORG_REPRESENTS;
    return 0;
}

/* --- members ---------------------------------------------------------------------------------- */

static int invite(struct acting *t)
{
    const struct org_member *known = org_invitation(t->o, &t->act->contact, 1, t->act->now_ms);
    if (known) {
        t->act->member = known->id;
        return known->role == t->act->role ? STORE_UNCHANGED : ORG_STATE;
    }
    struct org_member *m = org_member_add(t->o, t->act->now_ms, t->arena);
    if (!m)
        return ORG_FULL;
    *m = (struct org_member){.id = t->act->member,
                             .contact = t->act->contact,
                             .hint = t->act->hint,
                             .role = t->act->role,
                             .state = MEMBER_INVITED,
                             .at_ms = t->act->now_ms,
                             .expires_ms = t->act->now_ms + ORG_INVITED_MS,
                             .by = t->act->by};
    t->role = t->act->role;
    return 0;
}

static int change_role(struct acting *t)
{
    struct org_member *m = t->target;
    if (!m || !is_open(m, t->act->now_ms))
        return ORG_NO_MEMBER;
    if (m->role == t->act->role)
        return STORE_UNCHANGED;
    if (is_last(t, m))
        return ORG_LAST;
    m->role = t->act->role;
    t->role = m->role;
    return 0;
}

static int take_out(struct acting *t)
{
    struct org_member *m = t->target;
    if (!m)
        return ORG_NO_MEMBER;
    if (!is_open(m, t->act->now_ms))
        return STORE_UNCHANGED;
    if (is_last(t, m))
        return ORG_LAST;
    m->state = MEMBER_REMOVED;
    m->until_ms = t->act->now_ms;
    return 0;
}

static int leave(struct acting *t)
{
    if (is_last(t, t->mine) && t->o->state == ORG_CONFIRMED)
        return ORG_LAST;
    t->mine->state = MEMBER_LEFT;
    t->mine->until_ms = t->act->now_ms;
    t->act->member = t->mine->id;
    return 0;
}

static int accept(struct acting *t)
{
    struct org_member *m = t->target;
    if (m->state == MEMBER_ACTIVE)
        return STORE_UNCHANGED; /* by this person: the guard has looked */
    if (!is_open(m, t->act->now_ms))
        return ORG_STATE;
    t->role = m->role;
    if (t->mine) { /* a member already: in the stronger role from now on */
        t->mine->role = m->role < t->mine->role ? m->role : t->mine->role;
        m->state = MEMBER_LEFT;
        m->until_ms = t->act->now_ms;
        m->person = t->act->by;
        return 0;
    }
    m->state = MEMBER_ACTIVE;
    m->person = t->act->by;
    m->since_ms = t->act->now_ms;
    return 0;
}

static int decline(struct acting *t)
{
    struct org_member *m = t->target;
    if (m->state == MEMBER_DECLINED)
        return STORE_UNCHANGED;
    if (!is_open(m, t->act->now_ms) || m->state == MEMBER_ACTIVE)
        return ORG_STATE;
    m->state = MEMBER_DECLINED;
    m->person = t->act->by;
    m->until_ms = t->act->now_ms;
    return 0;
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct verb verbs[] = {
    {"confirm", IN(ORG_PENDING) | IN(ORG_CONFIRMED), BY_OFFICE, confirm, IN(ORG_PENDING)},
    {"refuse", IN(ORG_PENDING) | IN(ORG_REFUSED), BY_OFFICE, refuse, IN(ORG_PENDING)},
    {"end", IN(ORG_CONFIRMED) | IN(ORG_ENDED), BY_OFFICE, end, IN(ORG_CONFIRMED)},
    {"replace", ANY, BY_OFFICE, replace, IN(ORG_CONFIRMED)},
    {"invite", IN(ORG_CONFIRMED), BY_REPRESENTATIVE, invite, 0},
    {"role", IN(ORG_CONFIRMED), BY_REPRESENTATIVE, change_role, 0},
    {"remove", IN(ORG_CONFIRMED), BY_REPRESENTATIVE, take_out, 0},
    {"leave", ANY, BY_MEMBER, leave, 0},
    {"accept", IN(ORG_CONFIRMED), BY_INVITED, accept, 0},
    {"decline", ANY, BY_INVITED, decline, 0},
};

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    }
    return NULL;
}

struct text_words org_office_verbs(const struct organisation *o, struct arena *a)
{
    const char **names = arena_array(a, ARRAY_LEN(verbs), sizeof(*names));
    struct text_words found = {names, 0};
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (verbs[i].offered & IN(o->state))
            names[found.n++] = verbs[i].name;
    }
    return found;
}

const char *org_verbs_fault(void)
{
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (!verbs[i].states || !verbs[i].who || !verbs[i].run ||
            (verbs[i].offered & ~verbs[i].states) ||
            (verbs[i].offered && !(verbs[i].who & BY_OFFICE)) ||
            find_verb(verbs[i].name) != &verbs[i])
            return verbs[i].name;
    }
    return NULL;
}

/* The target was invited by a number of theirs, or they answered it before. */
static bool was_invited(const struct acting *t)
{
    const struct org_member *m = t->target;
    bool theirs = m && id_equal(&m->person, &t->act->by);
    for (size_t i = 0; m && id_is_nil(&m->person) && i < t->act->n_contacts; i++)
        theirs |= id_equal(&m->contact, &t->act->contacts[i]);
    return theirs;
}

/* STORE_ABSENT: whose it is not learns nothing, not even that it exists. */
static int guard(const struct verb *v, const struct acting *t)
{
    if (t->act->office)
        return v->who & BY_OFFICE ? 0 : ORG_FORBIDDEN;
    if (v->who & BY_INVITED)
        return was_invited(t) ? 0 : STORE_ABSENT;
    if (!t->mine)
        return STORE_ABSENT;
    if ((v->who & BY_MEMBER) || ((v->who & BY_REPRESENTATIVE) && t->mine->role == ORG_REPRESENTS))
        return 0;
    return ORG_FORBIDDEN;
}

/* 0, or why the verb may not be carried out. */
static int prepare(struct org_act *act, struct organisation *o, struct arena *a,
                   const struct verb **ret_verb, struct acting *ret)
{
    *ret_verb = find_verb(act->verb);
    *ret = (struct acting){.act = act, .o = o, .arena = a};
    if (!*ret_verb)
        return STORE_ABSENT;
    if (!act->office)
        ret->mine = (struct org_member *)(uintptr_t)org_member_of(o, &act->by);
    ret->target = id_is_nil(&act->member) ? NULL : find_member(o, &act->member);
    int done = guard(*ret_verb, ret);
    return done == 0 && !((*ret_verb)->states & IN(o->state)) ? ORG_STATE : done;
}

static int act_on(struct store_edit *edit, void *ctx)
{
    struct org_act *act = ctx;
    const struct verb *v = NULL;
    struct acting t = {0};
    struct organisation o = {0};
    int done = org_decode(edit->before, edit->arena, &o);
    if (done == 0)
        done = prepare(act, &o, edit->arena, &v, &t);
    if (done == 0)
        done = v->run(&t);
    if (done != 0)
        return done;
    o.revision++;
    struct org_step step = {.at_ms = act->now_ms,
                            .verb = v->name,
                            .office = act->office,
                            .member = act->member,
                            .role = t.role,
                            .note = act->note};
    *(act->office ? &step.staff : &step.by) = act->by;
    org_step_add(&o, &step, edit->arena);
    return entity_encode(&organisation_entity, &o, edit->before, edit->arena, edit->after);
}

/* What finds it is there before it is: found and not a member is nothing. */
static int put_links(struct store *s, const struct id *org, const struct org_act *act,
                     struct arena *a)
{
    int done = 0;
    if (!id_is_nil(&act->contact))
        done = org_link_put(s, org, &act->contact, act->now_ms, a);
    if (done == 0 && !id_is_nil(&act->person))
        done = org_link_put(s, org, &act->person, act->now_ms, a);
    if (done == 0 && strcmp(act->verb, "accept") == 0)
        done = org_link_put(s, org, &act->by, act->now_ms, a);
    return done;
}

int org_act(struct store *s, const struct id *id, struct org_act *act, int64_t if_revision,
            struct arena *a, struct organisation *ret)
{
    struct store_change_options options = {.if_revision = if_revision};
    struct organisation seen;
    const struct verb *v = NULL;
    struct acting t = {0};
    int done = org_get(s, id, a, &seen);
    if (done == 0)
        done = prepare(act, &seen, a, &v, &t);
    if (done == 0)
        done = put_links(s, id, act, a);
    if (done == 0)
        done = store_change(s, &organisation_collection, id, &options, act_on, act, NULL);
    return done == 0 || done == STORE_UNCHANGED ? org_get(s, id, a, ret) : done;
}
