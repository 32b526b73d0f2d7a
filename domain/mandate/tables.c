/* The table of a mandate, and what it is found by. */
#include "domain/mandate/mandate.h"

#include "domain/case/case.h"

const struct entity_name mandate_kinds[] = {
    {0},
    [MANDATE_PARENT] = {"parent", {"Cha, mẹ", "Parent"}},
    [MANDATE_GUARDIAN] = {"guardian", {"Người giám hộ", "Guardian"}},
    [MANDATE_PROXY] = {"proxy", {"Người được uỷ quyền", "Proxy"}},
    {0},
};

const struct entity_name mandate_states[] = {
    {0},
    [MANDATE_OFFERED] = {"offered", {"Chờ nhận uỷ quyền", "Offered"}},
    [MANDATE_PENDING] = {"pending", {"Chờ xác nhận", "Waits to be confirmed"}},
    [MANDATE_ACTIVE] = {"active", {"Đang có hiệu lực", "In force"}},
    [MANDATE_DECLINED] = {"declined", {"Đã từ chối", "Declined"}},
    [MANDATE_REFUSED] = {"refused", {"Không được xác nhận", "Not confirmed"}},
    [MANDATE_ENDED] = {"ended", {"Đã chấm dứt", "Ended"}},
    [MANDATE_OVER] = {"over", {"Đã hết hạn", "Over"}},
    {0},
};

const struct entity_name mandate_scopes[] = {
    {0},
    {"reports", {"Phản ánh hiện trường", "Field reports"}},
    {"dossiers", {"Hồ sơ dịch vụ công", "Dossiers"}},
    {"documents", {"Kho giấy tờ", "Documents"}},
    {0},
};

#define AT(type, member) .offset = offsetof(struct type, member)

static const struct entity step_entity = {
    .name = "MandateStep",
    .size = sizeof(struct mandate_step),
    .fields = (const struct entity_field[]){
        {.name = "at", .type = ENTITY_TIME, AT(mandate_step, at_ms)},
        {.name = "verb", .type = ENTITY_TEXT, AT(mandate_step, verb), .max = 20},
        {.name = "party", .type = ENTITY_TEXT, AT(mandate_step, party), .max = 20},
        {.name = "by", .type = ENTITY_ID, AT(mandate_step, by)},
        {.name = "staff", .type = ENTITY_ID, AT(mandate_step, staff)},
        {.name = "office", .type = ENTITY_TEXT, AT(mandate_step, office), .max = CASE_CODE_MAX},
        {.name = "note", .type = ENTITY_TEXT, AT(mandate_step, note), .max = MANDATE_NOTE_MAX},
        {0},
    }};

static const struct entity paper_entity = {.name = "MandatePaper",
                                           .size = sizeof(struct org_paper),
                                           .fields = (const struct entity_field[]){
                                               {.name = "id", .type = ENTITY_ID, AT(org_paper, id)},
                                               {0},
                                           }};

const struct entity mandate_entity = {
    .name = "Mandate",
    .size = sizeof(struct mandate),
    .fields = (const struct entity_field[]){
        {.name = "subject", .type = ENTITY_ID, AT(mandate, subject)},
        {.name = "agent", .type = ENTITY_ID, AT(mandate, agent)},
        {.name = "contact", .type = ENTITY_ID, AT(mandate, contact)},
        {.name = "hint", .type = ENTITY_TEXT, AT(mandate, hint), .max = 8},
        {.name = "kind", .type = ENTITY_ENUM, AT(mandate, kind), .names = mandate_kinds},
        {.name = "state", .type = ENTITY_ENUM, AT(mandate, state), .names = mandate_states},
        {.name = "recorded", .type = ENTITY_BOOL, AT(mandate, recorded)},
        {.name = "card", .type = ENTITY_BYTES, AT(mandate, card), .max = 100},
        {.name = "scope", .type = ENTITY_WORDS, AT(mandate, scope), .max = 3},
        {.name = "procedures",
         .type = ENTITY_WORDS,
         AT(mandate, procedures),
         .max = MANDATE_PROCEDURES_MAX},
        {.name = "commune", .type = ENTITY_TEXT, AT(mandate, commune), .max = 8},
        {.name = "papers",
         .type = ENTITY_LIST,
         AT(mandate, papers),
         .max = MANDATE_PAPERS_MAX,
         .of = &paper_entity},
        {.name = "created_at", .type = ENTITY_TIME, AT(mandate, created_ms)},
        {.name = "from", .type = ENTITY_TIME, AT(mandate, from_ms)},
        {.name = "until", .type = ENTITY_TIME, AT(mandate, until_ms)},
        {.name = "ends", .type = ENTITY_TIME, AT(mandate, ends_ms)},
        {.name = "decided_at", .type = ENTITY_TIME, AT(mandate, decided_ms)},
        {.name = "decided_office",
         .type = ENTITY_TEXT,
         AT(mandate, decided_office),
         .max = CASE_CODE_MAX},
        {.name = "seen", .type = ENTITY_TEXT, AT(mandate, seen), .max = MANDATE_NOTE_MAX},
        {.name = "reason", .type = ENTITY_TEXT, AT(mandate, reason), .max = MANDATE_NOTE_MAX},
        {.name = "ended_at", .type = ENTITY_TIME, AT(mandate, ended_ms)},
        {.name = "history",
         .type = ENTITY_LIST,
         AT(mandate, steps),
         .max = MANDATE_STEPS_MAX,
         .of = &step_entity},
        {.name = "revision", .type = ENTITY_INT, AT(mandate, revision)},
        {0},
    }};

const struct store_collection mandate_collection = {
    .name = "mandate",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"agent", "agent", STORE_ID, false},
            {"subject", "subject", STORE_ID, false},
            {"contact", "contact", STORE_ID, false},
            {"state", "state", STORE_TEXT, false},
            {"commune", "commune", STORE_TEXT, false},
            {"created", "created_at", STORE_INT, false},
            {"ends", "ends", STORE_INT, false},
        },
    .n_fields = 7,
    .paths =
        (const struct store_path[]){
            {.name = "agent",
             .why = "for whom a person acts; asked with each request for another",
             .equals = {"agent"},
             .order = "created"},
            {.name = "subject",
             .why = "who acts for a person; asked for each notice",
             .equals = {"subject"},
             .order = "created"},
            {.name = "contact",
             .why = "what is offered to a number",
             .equals = {"contact"},
             .order = "created"},
            {.name = "commune",
             .why = "the desk of a commune",
             .equals = {"commune", "state"},
             .order = "created"},
            {.name = "state",
             .why = "the desk of the province's portal",
             .equals = {"state"},
             .order = "created"},
            {.name = "ends", .why = "the sweep of those that are over", .order = "ends"},
        },
    .n_paths = 6,
};
