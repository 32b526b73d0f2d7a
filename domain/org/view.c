#include "domain/org/view.h"

#include "base/result.h"

#define AT(type, member) .offset = offsetof(struct type, member)
#define SEE_THOSE (SEE_OWNER | SEE_AGENCY)

const struct entity org_member_view_entity = {
    .name = "OrganisationMember",
    .size = sizeof(struct org_member_view),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, AT(org_member_view, id), .see = SEE_THOSE},
        {.name = "person", .type = ENTITY_ID, AT(org_member_view, person), .see = SEE_OWNER},
        {.name = "name",
         .type = ENTITY_TEXT,
         AT(org_member_view, name),
         .see = SEE_THOSE,
         .max = PERSON_NAME_MAX},
        {.name = "hint",
         .type = ENTITY_TEXT,
         AT(org_member_view, hint),
         .see = SEE_OWNER,
         .max = 8,
         .words = "Last digits of the number that was invited"},
        {.name = "role",
         .type = ENTITY_ENUM,
         AT(org_member_view, role),
         .see = SEE_THOSE,
         .names = org_roles},
        {.name = "state",
         .type = ENTITY_ENUM,
         AT(org_member_view, state),
         .see = SEE_THOSE,
         .names = org_member_states},
        {.name = "me", .type = ENTITY_BOOL, AT(org_member_view, me), .see = SEE_OWNER},
        {.name = "at", .type = ENTITY_TIME, AT(org_member_view, at_ms), .see = SEE_OWNER},
        {.name = "expires_at",
         .type = ENTITY_TIME,
         AT(org_member_view, expires_ms),
         .see = SEE_OWNER},
        {.name = "since", .type = ENTITY_TIME, AT(org_member_view, since_ms), .see = SEE_OWNER},
        {.name = "until", .type = ENTITY_TIME, AT(org_member_view, until_ms), .see = SEE_OWNER},
        {.name = "by", .type = ENTITY_ID, AT(org_member_view, by), .see = SEE_OWNER},
        {0},
    }};

static const struct entity step_view_entity = {
    .name = "OrganisationStep",
    .size = sizeof(struct org_step),
    .fields = (const struct entity_field[]){
        {.name = "at", .type = ENTITY_TIME, AT(org_step, at_ms), .see = SEE_OWNER},
        {.name = "verb", .type = ENTITY_TEXT, AT(org_step, verb), .see = SEE_OWNER, .max = 20},
        {.name = "by",
         .type = ENTITY_ID,
         AT(org_step, by),
         .see = SEE_OWNER,
         .words = "The person who did it; the office, if it is none of its members"},
        {.name = "office", .type = ENTITY_TEXT, AT(org_step, office), .see = SEE_OWNER, .max = 35},
        {.name = "member", .type = ENTITY_ID, AT(org_step, member), .see = SEE_OWNER},
        {.name = "role",
         .type = ENTITY_ENUM,
         AT(org_step, role),
         .see = SEE_OWNER,
         .names = org_roles},
        {.name = "note",
         .type = ENTITY_TEXT,
         AT(org_step, note),
         .see = SEE_OWNER,
         .max = ORG_NOTE_MAX},
        {0},
    }};

static const struct entity paper_view_entity = {
    .name = "OrganisationPaper",
    .size = sizeof(struct org_paper),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, AT(org_paper, id), .see = SEE_THOSE},
        {0},
    }};

#define SEE_ANY (SEE_THOSE | SEE_INSPECTOR | SEE_SELF)

const struct entity org_view_entity = {
    .name = "Organisation",
    .size = sizeof(struct org_view),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, AT(org_view, id), .see = SEE_ANY},
        {.name = "kind",
         .type = ENTITY_ENUM,
         AT(org_view, kind),
         .see = SEE_ANY,
         .names = org_kinds},
        {.name = "state",
         .type = ENTITY_ENUM,
         AT(org_view, state),
         .see = SEE_ANY,
         .names = org_states},
        {.name = "tax_code", .type = ENTITY_TEXT, AT(org_view, tax_code), .see = SEE_THOSE},
        {.name = "name",
         .type = ENTITY_TEXT,
         AT(org_view, name),
         .see = SEE_ANY,
         .max = ORG_NAME_MAX},
        {.name = "address",
         .type = ENTITY_TEXT,
         AT(org_view, address),
         .see = SEE_THOSE,
         .max = ORG_ADDRESS_MAX},
        {.name = "commune", .type = ENTITY_TEXT, AT(org_view, commune), .see = SEE_ANY, .max = 8},
        {.name = "role",
         .type = ENTITY_ENUM,
         AT(org_view, role),
         .see = SEE_OWNER,
         .names = org_roles,
         .words = "What I am in it"},
        {.name = "invitation",
         .type = ENTITY_ID,
         AT(org_view, invitation),
         .see = SEE_SELF | SEE_OWNER,
         .words = "The member that I am invited to be"},
        {.name = "invited_as",
         .type = ENTITY_ENUM,
         AT(org_view, invited_as),
         .see = SEE_SELF | SEE_OWNER,
         .names = org_roles},
        {.name = "invited_until",
         .type = ENTITY_TIME,
         AT(org_view, invited_until_ms),
         .see = SEE_SELF | SEE_OWNER},
        {.name = "verbs",
         .type = ENTITY_WORDS,
         AT(org_view, verbs),
         .see = SEE_AGENCY | SEE_INSPECTOR,
         .max = 4,
         .words = "What an office may do of it now"},
        {.name = "registered_at",
         .type = ENTITY_TIME,
         AT(org_view, registered_ms),
         .see = SEE_THOSE | SEE_INSPECTOR},
        {.name = "decided_at",
         .type = ENTITY_TIME,
         AT(org_view, decided_ms),
         .see = SEE_THOSE | SEE_INSPECTOR},
        {.name = "decided_office",
         .type = ENTITY_TEXT,
         AT(org_view, decided_office),
         .see = SEE_THOSE,
         .max = 35},
        {.name = "seen",
         .type = ENTITY_TEXT,
         AT(org_view, seen),
         .see = SEE_THOSE,
         .max = ORG_NOTE_MAX,
         .words = "Against what it was confirmed"},
        {.name = "reason",
         .type = ENTITY_TEXT,
         AT(org_view, reason),
         .see = SEE_THOSE,
         .max = ORG_NOTE_MAX},
        {.name = "papers",
         .type = ENTITY_LIST,
         AT(org_view, papers),
         .see = SEE_THOSE,
         .max = ORG_PAPERS_MAX,
         .of = &paper_view_entity},
        {.name = "members",
         .type = ENTITY_LIST,
         AT(org_view, members),
         .see = SEE_THOSE,
         .max = ORG_KEPT_MAX,
         .of = &org_member_view_entity},
        {.name = "history",
         .type = ENTITY_LIST,
         AT(org_view, steps),
         .see = SEE_OWNER,
         .max = ORG_STEPS_MAX,
         .of = &step_view_entity},
        {.name = "revision", .type = ENTITY_INT, AT(org_view, revision), .see = SEE_ANY},
        {0},
    }};

/* A member who was erased stays, without a name. */
static int name_of(const struct people *p, const struct id *id, struct arena *a, const char **ret)
{
    struct person person;
    int done = id_is_nil(id) ? STORE_ABSENT : person_get(p, id, a, &person);
    if (done == 0)
        done = person_name(p, &person, a, ret);
    return done < 0 ? done : 0;
}

static int show_members(const struct people *p, const struct organisation *o,
                        const struct org_looker *who, struct arena *a, struct org_view *ret)
{
    const struct org_member *members = o->members.items;
    struct org_member_view *list = arena_array(a, o->members.n, sizeof(*list));
    size_t n = 0;
    int done = 0;
    for (size_t i = 0; i < o->members.n && done == 0; i++) {
        const struct org_member *m = &members[i];
        bool over = m->state == MEMBER_INVITED && m->expires_ms <= who->now_ms;
        if (id_is_nil(&who->person) && m->state != MEMBER_ACTIVE)
            continue; /* an office has no need of the others */
        struct org_member_view *v = &list[n++];
        *v = (struct org_member_view){.id = m->id,
                                      .person = m->person,
                                      .hint = m->hint,
                                      .role = m->role,
                                      .state = over ? MEMBER_EXPIRED : m->state,
                                      .me = !id_is_nil(&m->person) &&
                                            id_equal(&m->person, &who->person),
                                      .at_ms = m->at_ms,
                                      .expires_ms = m->state == MEMBER_INVITED ? m->expires_ms : 0,
                                      .since_ms = m->since_ms,
                                      .until_ms = m->until_ms,
                                      .by = m->by};
        done = name_of(p, &m->person, a, &v->name);
    }
    ret->members = (struct entity_list){list, n};
    ret->steps = o->steps;
    return done;
}

int org_show(const struct people *p, const struct organisation *o, const struct org_looker *who,
             struct arena *a, struct org_view *ret)
{
    struct org_texts texts;
    const struct org_member *mine = org_member_of(o, &who->person);
    const struct org_member *invited =
        org_invitation(o, who->contacts, who->n_contacts, who->now_ms);
    *ret = (struct org_view){
        .id = o->id,
        .kind = o->kind,
        .state = o->state,
        .commune = o->commune,
        .role = mine ? mine->role : 0,
        .registered_ms = o->registered_ms,
        .decided_ms = o->decided_ms,
        .decided_office = o->decided_office,
        .seen = o->seen,
        .reason = o->reason,
        .papers = o->papers,
        .verbs = org_office_verbs(o, a),
        .revision = o->revision,
    };
    if (invited) {
        ret->invitation = invited->id;
        ret->invited_as = invited->role;
        ret->invited_until_ms = invited->expires_ms;
    }
    int done = org_open(p, o, a, &texts);
    ret->tax_code = texts.tax_code;
    ret->name = texts.name;
    ret->address = texts.address;
    return done == 0 && who->with_members ? show_members(p, o, who, a, ret) : done;
}
