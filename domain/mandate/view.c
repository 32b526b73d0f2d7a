#include "domain/mandate/view.h"

#include "base/result.h"

#define AT(type, member) .offset = offsetof(struct type, member)
#define SEE_SIDES (SEE_OWNER | SEE_SELF)
#define SEE_OPEN (SEE_SIDES | SEE_AGENCY)
#define SEE_ANY (SEE_OPEN | SEE_INSPECTOR)

static const struct entity step_view_entity = {
    .name = "MandateStep",
    .size = sizeof(struct mandate_step),
    .fields = (const struct entity_field[]){
        {.name = "at", .type = ENTITY_TIME, AT(mandate_step, at_ms), .see = SEE_OWNER},
        {.name = "verb", .type = ENTITY_TEXT, AT(mandate_step, verb), .see = SEE_OWNER, .max = 20},
        {.name = "party",
         .type = ENTITY_TEXT,
         AT(mandate_step, party),
         .see = SEE_OWNER,
         .max = 20,
         .words = "subject, agent or office"},
        {.name = "office",
         .type = ENTITY_TEXT,
         AT(mandate_step, office),
         .see = SEE_OWNER,
         .max = 35},
        {.name = "note",
         .type = ENTITY_TEXT,
         AT(mandate_step, note),
         .see = SEE_OWNER,
         .max = MANDATE_NOTE_MAX},
        {0},
    }};

static const struct entity paper_view_entity = {
    .name = "MandatePaper",
    .size = sizeof(struct org_paper),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, AT(org_paper, id), .see = SEE_OWNER | SEE_AGENCY},
        {0},
    }};

const struct entity mandate_view_entity = {
    .name = "Mandate",
    .size = sizeof(struct mandate_view),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, AT(mandate_view, id), .see = SEE_ANY},
        {.name = "kind",
         .type = ENTITY_ENUM,
         AT(mandate_view, kind),
         .see = SEE_ANY,
         .names = mandate_kinds},
        {.name = "state",
         .type = ENTITY_ENUM,
         AT(mandate_view, state),
         .see = SEE_ANY,
         .names = mandate_states},
        {.name = "side",
         .type = ENTITY_TEXT,
         AT(mandate_view, side),
         .see = SEE_SIDES,
         .max = 20,
         .words = "What I am in it: subject or agent"},
        {.name = "subject",
         .type = ENTITY_ID,
         AT(mandate_view, subject),
         .see = SEE_OWNER,
         .words = "Whom Acting-For names"},
        {.name = "subject_name",
         .type = ENTITY_TEXT,
         AT(mandate_view, subject_name),
         .see = SEE_OPEN,
         .max = PERSON_NAME_MAX},
        {.name = "subject_birth",
         .type = ENTITY_TEXT,
         AT(mandate_view, subject_birth),
         .see = SEE_OWNER | SEE_AGENCY,
         .words = "Of who was recorded"},
        {.name = "subject_card",
         .type = ENTITY_TEXT,
         AT(mandate_view, subject_card),
         .see = SEE_OWNER | SEE_AGENCY,
         .words = "Of who was recorded, until an office has seen it"},
        {.name = "agent_name",
         .type = ENTITY_TEXT,
         AT(mandate_view, agent_name),
         .see = SEE_OWNER | SEE_AGENCY,
         .max = PERSON_NAME_MAX},
        {.name = "hint",
         .type = ENTITY_TEXT,
         AT(mandate_view, hint),
         .see = SEE_OWNER,
         .max = 8,
         .words = "Last digits of the number that it is offered to"},
        {.name = "recorded", .type = ENTITY_BOOL, AT(mandate_view, recorded), .see = SEE_ANY},
        {.name = "scope", .type = ENTITY_WORDS, AT(mandate_view, scope), .see = SEE_OPEN, .max = 3},
        {.name = "procedures",
         .type = ENTITY_WORDS,
         AT(mandate_view, procedures),
         .see = SEE_OPEN,
         .max = MANDATE_PROCEDURES_MAX},
        {.name = "commune",
         .type = ENTITY_TEXT,
         AT(mandate_view, commune),
         .see = SEE_ANY,
         .max = 8},
        {.name = "papers",
         .type = ENTITY_LIST,
         AT(mandate_view, papers),
         .see = SEE_OWNER | SEE_AGENCY,
         .max = MANDATE_PAPERS_MAX,
         .of = &paper_view_entity},
        {.name = "verbs",
         .type = ENTITY_WORDS,
         AT(mandate_view, verbs),
         .see = SEE_AGENCY | SEE_INSPECTOR,
         .max = 4,
         .words = "What an office may do of it now"},
        {.name = "created_at", .type = ENTITY_TIME, AT(mandate_view, created_ms), .see = SEE_ANY},
        {.name = "from", .type = ENTITY_TIME, AT(mandate_view, from_ms), .see = SEE_OPEN},
        {.name = "until", .type = ENTITY_TIME, AT(mandate_view, until_ms), .see = SEE_OPEN},
        {.name = "offered_until",
         .type = ENTITY_TIME,
         AT(mandate_view, offered_until_ms),
         .see = SEE_SIDES},
        {.name = "decided_at",
         .type = ENTITY_TIME,
         AT(mandate_view, decided_ms),
         .see = SEE_OWNER | SEE_AGENCY},
        {.name = "decided_office",
         .type = ENTITY_TEXT,
         AT(mandate_view, decided_office),
         .see = SEE_OWNER | SEE_AGENCY,
         .max = 35},
        {.name = "seen",
         .type = ENTITY_TEXT,
         AT(mandate_view, seen),
         .see = SEE_OWNER | SEE_AGENCY,
         .max = MANDATE_NOTE_MAX},
        {.name = "reason",
         .type = ENTITY_TEXT,
         AT(mandate_view, reason),
         .see = SEE_OWNER | SEE_AGENCY,
         .max = MANDATE_NOTE_MAX},
        {.name = "ended_at",
         .type = ENTITY_TIME,
         AT(mandate_view, ended_ms),
         .see = SEE_OWNER | SEE_AGENCY},
        {.name = "history",
         .type = ENTITY_LIST,
         AT(mandate_view, steps),
         .see = SEE_OWNER,
         .max = MANDATE_STEPS_MAX,
         .of = &step_view_entity},
        {.name = "revision", .type = ENTITY_INT, AT(mandate_view, revision), .see = SEE_ANY},
        {0},
    }};

/* What is left of a person; who was erased or forgotten has nothing. */
static int find(const struct people *p, const struct id *id, struct arena *a, struct person *ret,
                const char **ret_name)
{
    int done = id_is_nil(id) ? STORE_ABSENT : person_get(p, id, a, ret);
    if (done == 0)
        done = person_name(p, ret, a, ret_name);
    return done;
}

static int open_texts(const struct people *p, const struct mandate *m, struct arena *a,
                      struct mandate_view *ret)
{
    struct person subject = {0}, agent = {0};
    int done = find(p, &m->subject, a, &subject, &ret->subject_name);
    if (done == 0 && m->recorded)
        done = person_birth(p, &subject, a, &ret->subject_birth);
    if (done == 0 && m->card.n > 0)
        done = dependant_open(p, &m->subject, "mandate.card", &m->card, a, &ret->subject_card);
    if (done < 0)
        return done;
    done = find(p, &m->agent, a, &agent, &ret->agent_name);
    return done < 0 ? done : 0;
}

int mandate_show(const struct people *p, const struct mandate *m, const char *side, bool opened,
                 int64_t now_ms, struct arena *a, struct mandate_view *ret)
{
    *ret = (struct mandate_view){
        .id = m->id,
        .kind = m->kind,
        .state = mandate_state_now(m, now_ms),
        .side = side,
        .subject = m->subject,
        .agent = m->agent,
        .hint = m->hint,
        .recorded = m->recorded,
        .scope = m->scope,
        .procedures = m->procedures,
        .commune = m->commune,
        .papers = m->papers,
        .created_ms = m->created_ms,
        .from_ms = m->from_ms,
        .until_ms = m->until_ms,
        .offered_until_ms = m->state == MANDATE_OFFERED ? m->created_ms + MANDATE_OFFERED_MS : 0,
        .decided_ms = m->decided_ms,
        .decided_office = m->decided_office,
        .seen = m->seen,
        .reason = m->reason,
        .ended_ms = m->ended_ms,
        .steps = m->steps,
        .verbs = mandate_office_verbs(m, now_ms, a),
        .revision = m->revision,
    };
    return opened ? open_texts(p, m, a, ret) : 0;
}
