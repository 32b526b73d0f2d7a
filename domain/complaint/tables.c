/* The fields of a complaint, what the store finds it by, and what is counted. */
#include "base/clock.h"
#include "domain/case/project.h"
#include "domain/complaint/complaint.h"

#define AT(T, member) .offset = offsetof(struct T, member)

static const struct entity x_entity = {
    .name = "ComplaintDerived",
    .size = sizeof(struct complaint_x),
    .fields = (const struct entity_field[]){
        {.name = "open", .type = ENTITY_BOOL, AT(complaint_x, open), .see = SEE_PARTIES},
        {.name = "duty", .type = ENTITY_BOOL, AT(complaint_x, duty)},
        {.name = "due_at",
         .type = ENTITY_TIME,
         AT(complaint_x, due_ms),
         .see = SEE_PARTIES,
         .words = "By when it is taken on, or answered"},
        {.name = "next", .type = ENTITY_TIME, AT(complaint_x, next_ms)},
        {.name = "asked",
         .type = ENTITY_WORDS,
         AT(complaint_x, demands.asked),
         .max = CASE_ASKED_MAX},
        {.name = "answer_due_at",
         .type = ENTITY_TIME,
         AT(complaint_x, demands.due_ms),
         .see = SEE_STAFF},
        {0},
    }};

static void derive(void *record, struct arena *a)
{
    struct complaint *c = record;
    int clock = c->head.state > 0 ? complaint_kind.states[c->head.state].clock : 0;
    c->x = (struct complaint_x){.open = clock != 0,
                                .duty = clock && complaint_kind.clocks[clock].duty,
                                .due_ms = c->head.due_ms,
                                .next_ms = c->head.next_ms};
    case_demands_derive(&c->head, a, &c->x.demands);
}

#define FIELD(name_, type_, member)                                                                \
    {                                                                                              \
        .name = name_, .type = ENTITY_##type_, AT(complaint, member), .see = SEE_PARTIES           \
    }

const struct entity complaint_entity = {
    .name = "Complaint",
    .size = sizeof(struct complaint),
    .derive = derive,
    .fields = (const struct entity_field[]){
        CASE_FIELDS(struct complaint, complaint_states, complaint_outcomes, NULL),
        FIELD("dossier", ID, dossier),
        {.name = "dossier_number",
         .type = ENTITY_TEXT,
         AT(complaint, dossier_number),
         .see = SEE_PARTIES,
         .max = 80},
        {.name = "procedure",
         .type = ENTITY_TEXT,
         AT(complaint, procedure),
         .see = SEE_PARTIES,
         .max = 80},
        {.name = "about",
         .type = ENTITY_ENUM,
         AT(complaint, subject),
         .see = SEE_PARTIES,
         .names = complaint_subjects},
        {.name = "step",
         .type = ENTITY_INT,
         AT(complaint, step),
         .see = SEE_PARTIES,
         .flags = ENTITY_OPTIONAL,
         .words = "Of the dossier's history that it is about"},
        {.name = "text",
         .type = ENTITY_TEXT,
         AT(complaint, text),
         .see = SEE_PARTIES,
         .max = COMPLAINT_TEXT_MAX},
        {.name = "answer",
         .type = ENTITY_TEXT,
         AT(complaint, answer),
         .see = SEE_PARTIES,
         .max = CASE_NOTE_MAX},
        FIELD("answered_at", TIME, answered_ms),
        {.name = "rating",
         .type = ENTITY_INT,
         AT(complaint, rating),
         .see = SEE_PARTIES,
         .flags = ENTITY_OPTIONAL},
        {.name = "rating_note",
         .type = ENTITY_TEXT,
         AT(complaint, rating_note),
         .see = SEE_PARTIES,
         .max = CASE_NOTE_MAX},
        {.name = "x",
         .type = ENTITY_OBJECT,
         AT(complaint, x),
         .see = SEE_PARTIES,
         .of = &x_entity,
         .flags = ENTITY_FLAT | ENTITY_DERIVED},
        {0},
    }};

const struct store_collection complaint_collection = {
    .name = "complaint",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"owner", "owner", STORE_ID, false},
            {"dossier", "dossier", STORE_ID, false},
            {"agency", "agency", STORE_TEXT, false},
            {"filed", "filed_at", STORE_INT, false},
            {"open", "x.open", STORE_INT, false},
            {"duty", "x.duty", STORE_INT, false},
            {"due", "x.due_at", STORE_INT, false},
            {"next", "x.next", STORE_INT, false},
            {"number", "number", STORE_TEXT, false},
        },
    .n_fields = 9,
    .paths =
        (const struct store_path[]){
            {.name = "owner",
             .why = "somebody's complaints",
             .equals = {"owner"},
             .order = "filed"},
            {.name = "dossier",
             .why = "the complaints about a dossier",
             .equals = {"dossier"},
             .order = "filed"},
            {.name = "inbox",
             .why = "a leader's list: of an agency, open ones or not, by time",
             .equals = {"agency", "open"},
             .order = "filed"},
            {.name = "all",
             .why = "inspectors: open ones or not, by time",
             .equals = {"open"},
             .order = "filed"},
            {.name = "duty",
             .why = "a changed calendar computes what is open anew",
             .equals = {"duty"},
             .order = "due"},
            {.name = "next", .why = "the dispatcher: earliest event or alarm", .order = "next"},
            {.name = "number",
             .why = "look a complaint up by its number",
             .equals = {"number"},
             .order = "filed"},
        },
    .n_paths = 7,
};

int complaint_decode(const bson_t *doc, struct arena *a, struct complaint *ret)
{
    *ret = (struct complaint){0};
    int done = entity_decode(&complaint_entity, doc, a, ret);
    if (done < 0)
        return done;
    store_document_id(doc, &ret->head.id);
    ret->head.due_ms = ret->x.due_ms;
    ret->head.next_ms = ret->x.next_ms;
    return 0;
}

/* --- what is counted -------------------------------------------------------------------------- */

struct fact {
    int64_t day;
    const char *agency;
    int subject, state, outcome;
    bool late;
    int64_t rating, revision;
};

static const struct entity fact_entity = {
    .name = "ComplaintFact",
    .size = sizeof(struct fact),
    .fields = (const struct entity_field[]){
        {.name = "day", .type = ENTITY_INT, AT(fact, day)},
        {.name = "agency", .type = ENTITY_TEXT, AT(fact, agency), .max = CASE_CODE_MAX},
        {.name = "about", .type = ENTITY_ENUM, AT(fact, subject), .names = complaint_subjects},
        {.name = "state", .type = ENTITY_ENUM, AT(fact, state), .names = complaint_states},
        {.name = "outcome", .type = ENTITY_ENUM, AT(fact, outcome), .names = complaint_outcomes},
        {.name = "late", .type = ENTITY_BOOL, AT(fact, late)},
        {.name = "rating", .type = ENTITY_INT, AT(fact, rating)},
        {.name = "revision", .type = ENTITY_INT, AT(fact, revision)},
        {0},
    }};

const struct store_collection complaint_fact_collection = {
    .name = "complaint_fact",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"day", "day", STORE_INT, false},
            {"agency", "agency", STORE_TEXT, false},
            {"state", "state", STORE_TEXT, false},
            {"late", "late", STORE_INT, false},
        },
    .n_fields = 4,
    .paths =
        (const struct store_path[]){
            {.name = "day",
             .why = "complaints over a span of days, by desk",
             .order = "day",
             .covers = {"agency", "state", "late"}},
        },
    .n_paths = 1,
};

static void project(const struct complaint *c, const struct calendar *calendar, struct fact *ret)
{
    *ret = (struct fact){
        .day = clock_day_number(c->head.filed_ms),
        .agency = c->head.desk,
        .subject = c->subject,
        .state = c->head.state,
        .outcome = c->head.outcome,
        .late = case_was_late(&c->head, COMPLAINT_CLOCK_TAKE, calendar) ||
                case_was_late(&c->head, COMPLAINT_CLOCK_ANSWER, calendar),
        .rating = c->rating,
        .revision = c->head.revision,
    };
}

/* --- as any case that is kept ----------------------------------------------------------------- */

static int decode(const bson_t *doc, struct arena *a, void *ret)
{
    return complaint_decode(doc, a, ret);
}

static void topic(const void *record, struct case_topic *ret)
{
    *ret = (struct case_topic){.procedure = ((const struct complaint *)record)->procedure};
}

static int first_fact(const void *record, const struct calendar *c, struct arena *a, bson_t *body)
{
    struct fact fact;
    project(record, c, &fact);
    return entity_encode(&fact_entity, &fact, NULL, a, body);
}

static int rebuild(struct store *s, const void *record, const struct calendar *c,
                   const struct case_names *names, struct arena *a, bool *ret_differed)
{
    const struct complaint *complaint = record;
    struct fact fact;
    (void)names, (void)a;
    project(complaint, c, &fact);
    struct case_projection p = {&fact_entity, &fact, complaint->head.revision, ret_differed != NULL,
                                false};
    int done = case_project(s, &complaint_fact_collection, &complaint->head.id, &p);
    if (ret_differed)
        *ret_differed = p.differs;
    return done;
}

static struct id figures(const struct case_world *w)
{
    const struct complaint_settings *set = w->settings;
    return id_v8("figures", &(struct id_part){set, sizeof(*set)}, 1);
}

const struct case_kept complaint_kept = {
    .kind = &complaint_kind,
    .entity = &complaint_entity,
    .collection = &complaint_collection,
    .fact = &complaint_fact_collection,
    .decode = decode,
    .topic = topic,
    .first_fact = first_fact,
    .rebuild = rebuild,
    .figures = figures,
    .room = COMPLAINT_ROOM,
};
