/* The tables of what a case's document holds. */
#include "domain/case/case.h"

#include <string.h>

const struct entity_name case_audience_names[] = {
    {0},
    [TELL_OWNER] = {"owner", {"Người gửi", "Reporter"}},
    [TELL_AGENCY] = {"agency", {"Cơ quan xử lý", "Agency"}},
    [TELL_OFFICER] = {"officer", {"Chuyên viên", "Officer"}},
    [TELL_LEADER] = {"leader", {"Lãnh đạo cơ quan", "Leader"}},
    [TELL_DISPATCHER] = {"dispatcher", {"Điều phối", "Dispatcher"}},
    [TELL_LEADER_SMS] = {"leader_sms", {"Lãnh đạo cơ quan (SMS)", "Leader (SMS)"}},
    [TELL_FORMER] = {"former", {"Cơ quan xử lý trước", "Agency before"}},
    [TELL_DESK] = {"desk", {"Bộ phận một cửa", "One-stop desk"}},
    [TELL_DEMANDER] = {"demander", {"Người yêu cầu trả lời", "Who asked"}},
    [TELL_INSPECTOR] = {"inspector", {"Giám sát", "Inspector"}},
    {0},
};

const char *const case_place_names[] = {
    [CASE_USUAL] = "usual", [CASE_FORTH] = "forth", [CASE_ASIDE] = "aside", [CASE_GRAVE] = "grave"};

const struct case_need case_need_names[] = {
    {NEEDS_NOTE, "note"},           {NEEDS_REASON, "reason"},
    {NEEDS_AGENCY, "agency"},       {NEEDS_OFFICER, "officer"},
    {NEEDS_PROOF, "photos"},        {NEEDS_RATING, "rating"},
    {NEEDS_MINUTES, "minutes"},     {NEEDS_OTHER, "other"},
    {NEEDS_PAPERS, "components"},   {NEEDS_RESULTS, "results"},
    {NEEDS_AMOUNT, "amount"},       {NEEDS_DAYS, "days"},
    {NEEDS_REFERENCE, "reference"}, {0}};

const struct entity_name case_demand_kinds[] = {
    {0},
    [CASE_URGE] = {"urge", {"Đôn đốc", "Urge"}},
    [CASE_DIRECT] = {"direct", {"Chỉ đạo", "Direct"}},
    [CASE_EXPLAIN] = {"explain", {"Yêu cầu giải trình", "Ask for an explanation"}},
    {0},
};

static const struct entity_name event_types[] = {
    {0},
    [EVENT_TELL] = {"tell", {"Báo tin", "Tell"}},
    [EVENT_CALL] = {"call", {"Gọi webhook", "Call"}},
    [EVENT_PROJECT] = {"project", {"Dựng bản chiếu", "Project"}},
    {0},
};

#define AT(T, member) .offset = offsetof(struct T, member)

const struct entity case_media_entity = {
    .name = "CaseMedia",
    .size = sizeof(struct case_media),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, AT(case_media, id), .see = SEE_ALL},
        {0},
    }};

static const struct entity clock_run_entity = {
    .name = "ClockRun",
    .size = sizeof(struct clock_run),
    .fields = (const struct entity_field[]){
        {.name = "from", .type = ENTITY_INT, AT(clock_run, from_ms)},
        {.name = "to", .type = ENTITY_INT, AT(clock_run, to_ms)},
        {0},
    }};

const struct entity case_clock_entity = {
    .name = "CaseClock",
    .size = sizeof(struct case_clock_row),
    .fields = (const struct entity_field[]){
        {.name = "name", .type = ENTITY_INT, AT(case_clock_row, name)},
        {.name = "unit", .type = ENTITY_INT, AT(case_clock_row, unit)},
        {.name = "budget", .type = ENTITY_INT, AT(case_clock_row, budget)},
        {.name = "extended",
         .type = ENTITY_INT,
         AT(case_clock_row, extended),
         .flags = ENTITY_OPTIONAL},
        {.name = "state", .type = ENTITY_INT, AT(case_clock_row, state)},
        {.name = "started", .type = ENTITY_INT, AT(case_clock_row, started_ms)},
        {.name = "carried", .type = ENTITY_INT, AT(case_clock_row, carried)},
        {.name = "carried_to", .type = ENTITY_INT, AT(case_clock_row, carried_to_ms)},
        {.name = "runs",
         .type = ENTITY_LIST,
         AT(case_clock_row, runs),
         .max = CLOCK_RUNS_MAX,
         .of = &clock_run_entity},
        {.name = "due", .type = ENTITY_INT, AT(case_clock_row, due_ms)},
        {.name = "warned", .type = ENTITY_INT, AT(case_clock_row, warned_ms)},
        {.name = "late", .type = ENTITY_INT, AT(case_clock_row, late_ms)},
        {.name = "missed",
         .type = ENTITY_INT,
         AT(case_clock_row, missed_ms),
         .flags = ENTITY_OPTIONAL},
        {0},
    }};

const struct entity case_task_entity = {
    .name = "CaseQuestion",
    .size = sizeof(struct case_task),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, AT(case_task, id), .see = SEE_PARTIES},
        {.name = "asked_at", .type = ENTITY_TIME, AT(case_task, asked_ms), .see = SEE_PARTIES},
        {.name = "answered_at",
         .type = ENTITY_TIME,
         AT(case_task, answered_ms),
         .see = SEE_PARTIES},
        {.name = "question",
         .type = ENTITY_TEXT,
         AT(case_task, question),
         .see = SEE_PARTIES,
         .max = CASE_NOTE_MAX},
        {.name = "answer",
         .type = ENTITY_TEXT,
         AT(case_task, answer),
         .see = SEE_PARTIES,
         .max = CASE_NOTE_MAX},
        {.name = "by", .type = ENTITY_ID, AT(case_task, by), .see = SEE_STAFF},
        {0},
    }};

const struct entity case_event_entity = {
    .name = "CaseEvent",
    .size = sizeof(struct case_event),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, AT(case_event, id)},
        {.name = "type", .type = ENTITY_ENUM, AT(case_event, type), .names = event_types},
        {.name = "whom", .type = ENTITY_ENUM, AT(case_event, whom), .names = case_audience_names},
        {.name = "at", .type = ENTITY_TIME, AT(case_event, at_ms)},
        {.name = "step", .type = ENTITY_INT, AT(case_event, step)},
        {.name = "what", .type = ENTITY_TEXT, AT(case_event, what), .max = 40},
        {.name = "agency", .type = ENTITY_TEXT, AT(case_event, agency), .max = CASE_CODE_MAX},
        {.name = "demand", .type = ENTITY_ID, AT(case_event, demand)},
        {0},
    }};

#define DEMAND(name_, type_, member)                                                               \
    {                                                                                              \
        .name = name_, .type = ENTITY_##type_, AT(case_demand, member), .see = SEE_STAFF           \
    }

const struct entity case_demand_entity = {
    .name = "CaseDemand",
    .size = sizeof(struct case_demand),
    .fields = (const struct entity_field[]){
        DEMAND("id", ID, id),
        {.name = "kind",
         .type = ENTITY_ENUM,
         AT(case_demand, kind),
         .see = SEE_STAFF,
         .names = case_demand_kinds},
        {.name = "seq",
         .type = ENTITY_INT,
         AT(case_demand, seq),
         .see = SEE_STAFF,
         .words = "Step of history that asked: all words are there"},
        {.name = "answer_seq",
         .type = ENTITY_INT,
         AT(case_demand, answer_seq),
         .see = SEE_STAFF,
         .flags = ENTITY_OPTIONAL,
         .words = "Step of history that answered"},
        {.name = "agency",
         .type = ENTITY_TEXT,
         AT(case_demand, agency),
         .see = SEE_STAFF,
         .max = CASE_CODE_MAX,
         .words = "Code of the agency that owes the answer"},
        DEMAND("officer", ID, officer),
        DEMAND("by", ID, by),
        DEMAND("answered_by", ID, answered_by),
        {.name = "office",
         .type = ENTITY_TEXT,
         AT(case_demand, office),
         .see = SEE_STAFF,
         .max = CASE_CODE_MAX,
         .words = "Code of the agency of who asked"},
        {.name = "text",
         .type = ENTITY_TEXT,
         AT(case_demand, text),
         .see = SEE_STAFF,
         .max = CASE_DEMAND_TEXT,
         .words = "How it begins"},
        DEMAND("at", TIME, at_ms),
        DEMAND("due_at", TIME, due_ms),
        DEMAND("answered_at", TIME, answered_ms),
        {.name = "late_at",
         .type = ENTITY_TIME,
         AT(case_demand, late_ms),
         .see = SEE_STAFF,
         .words = "When it was told that no answer came in time"},
        {0},
    }};

/* What one office writes to another is not shown to the citizen. */
static int project_note(const void *record, unsigned see, struct buf *out)
{
    const struct case_step *s = record;
    if (s->inner && !(see & SEE_STAFF))
        return 0;
    buf_add_json_str(out, s->note, strlen(s->note));
    return 1;
}

/* Nor what was shown with it. */
static int project_media(const void *record, unsigned see, struct buf *out)
{
    const struct case_step *s = record;
    const struct case_media *media = s->media.items;
    if (s->inner && !(see & SEE_STAFF))
        return 0;
    for (size_t i = 0; i < s->media.n; i++) {
        buf_add_char(out, i ? ',' : '[');
        entity_json(&case_media_entity, &media[i], see, out);
    }
    buf_add_char(out, ']');
    return 1;
}

/* Who acted for the owner is for the owner's side to know: an organisation has several. Which
 * member of an office acted is for offices. */
static int project_by(const void *record, unsigned see, struct buf *out)
{
    const struct case_step *s = record;
    char text[ID_TEXT];
    if (!(see & SEE_STAFF) && !(s->party && strcmp(s->party, "owner") == 0))
        return 0;
    buf_printf(out, "\"%s\"", id_format(&s->by, text));
    return 1;
}

const struct entity case_step_entity = {
    .name = "CaseStep",
    .size = sizeof(struct case_step),
    .fields = (const struct entity_field[]){
        {.name = "seq", .type = ENTITY_INT, AT(case_step, seq), .see = SEE_PARTIES},
        {.name = "at", .type = ENTITY_TIME, AT(case_step, at_ms), .see = SEE_PARTIES},
        {.name = "verb", .type = ENTITY_TEXT, AT(case_step, verb), .see = SEE_PARTIES, .max = 40},
        {.name = "from", .type = ENTITY_TEXT, AT(case_step, from), .see = SEE_PARTIES, .max = 40},
        {.name = "to", .type = ENTITY_TEXT, AT(case_step, to), .see = SEE_PARTIES, .max = 40},
        {.name = "party",
         .type = ENTITY_TEXT,
         AT(case_step, party),
         .see = SEE_PARTIES,
         .max = 40,
         .words = "owner, leader, deputy, admin, officer, desk, dispatcher, inspector or system"},
        {.name = "by",
         .type = ENTITY_ID,
         AT(case_step, by),
         .see = SEE_PARTIES,
         .project = project_by,
         .words = "Who acted; of an office's steps, for offices alone"},
        {.name = "deputy_for",
         .type = ENTITY_ID,
         AT(case_step, deputy_for),
         .see = SEE_STAFF,
         .words = "The leader whom a deputy stood for"},
        {.name = "office",
         .type = ENTITY_TEXT,
         AT(case_step, office),
         .see = SEE_PARTIES,
         .max = CASE_CODE_MAX,
         .words = "The agency that took the step"},
        {.name = "agency",
         .type = ENTITY_TEXT,
         AT(case_step, agency),
         .see = SEE_PARTIES,
         .max = CASE_CODE_MAX,
         .words = "The agency it went to"},
        {.name = "officer", .type = ENTITY_ID, AT(case_step, officer), .see = SEE_STAFF},
        {.name = "reason",
         .type = ENTITY_TEXT,
         AT(case_step, reason),
         .see = SEE_PARTIES,
         .max = 40},
        {.name = "note",
         .type = ENTITY_TEXT,
         AT(case_step, note),
         .see = SEE_PARTIES,
         .max = CASE_NOTE_MAX,
         .project = project_note},
        {.name = "inner", .type = ENTITY_BOOL, AT(case_step, inner), .see = SEE_STAFF},
        {.name = "media",
         .type = ENTITY_LIST,
         AT(case_step, media),
         .see = SEE_PARTIES,
         .max = CASE_MEDIA_MAX,
         .of = &case_media_entity,
         .project = project_media},
        {.name = "salt", .type = ENTITY_BYTES, AT(case_step, salt), .max = 16},
        {.name = "note_digest", .type = ENTITY_BYTES, AT(case_step, note_digest), .max = 32},
        {.name = "digest", .type = ENTITY_BYTES, AT(case_step, digest), .max = 32},
        {0},
    }};
