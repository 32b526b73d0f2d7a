/* The tables of an organisation's document, and what it is found by. */
#include "domain/org/org.h"

#include "domain/case/case.h"

const struct entity_name org_kinds[] = {
    {0},
    [ORG_ENTERPRISE] = {"enterprise", {"Doanh nghiệp, tổ chức", "Enterprise"}},
    [ORG_HOUSEHOLD] = {"household", {"Hộ kinh doanh", "Household business"}},
    {0},
};

const struct entity_name org_states[] = {
    {0},
    [ORG_PENDING] = {"pending", {"Chờ xác nhận", "Waits to be confirmed"}},
    [ORG_CONFIRMED] = {"confirmed", {"Đã xác nhận", "Confirmed"}},
    [ORG_REFUSED] = {"refused", {"Không được xác nhận", "Not confirmed"}},
    [ORG_ENDED] = {"ended", {"Đã chấm dứt", "Ended"}},
    {0},
};

const struct entity_name org_roles[] = {
    {0},
    [ORG_REPRESENTS] = {"represents", {"Người đại diện", "Represents"}},
    [ORG_PREPARES] = {"prepares", {"Người lập hồ sơ", "Prepares"}},
    [ORG_READS] = {"reads", {"Người xem", "Reads"}},
    {0},
};

const struct entity_name org_member_states[] = {
    {0},
    [MEMBER_INVITED] = {"invited", {"Đã mời", "Invited"}},
    [MEMBER_ACTIVE] = {"active", {"Đang tham gia", "Member"}},
    [MEMBER_LEFT] = {"left", {"Đã rời", "Left"}},
    [MEMBER_REMOVED] = {"removed", {"Đã bị gỡ", "Removed"}},
    [MEMBER_DECLINED] = {"declined", {"Đã từ chối", "Declined"}},
    [MEMBER_EXPIRED] = {"expired", {"Hết hạn mời", "Invitation over"}},
    {0},
};

#define AT(type, member) .offset = offsetof(struct type, member)

static const struct entity member_entity = {
    .name = "OrgMember",
    .size = sizeof(struct org_member),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, AT(org_member, id)},
        {.name = "person", .type = ENTITY_ID, AT(org_member, person)},
        {.name = "contact", .type = ENTITY_ID, AT(org_member, contact)},
        {.name = "hint", .type = ENTITY_TEXT, AT(org_member, hint), .max = 8},
        {.name = "role", .type = ENTITY_ENUM, AT(org_member, role), .names = org_roles},
        {.name = "state", .type = ENTITY_ENUM, AT(org_member, state), .names = org_member_states},
        {.name = "at", .type = ENTITY_TIME, AT(org_member, at_ms)},
        {.name = "expires", .type = ENTITY_TIME, AT(org_member, expires_ms)},
        {.name = "since", .type = ENTITY_TIME, AT(org_member, since_ms)},
        {.name = "until", .type = ENTITY_TIME, AT(org_member, until_ms)},
        {.name = "by", .type = ENTITY_ID, AT(org_member, by)},
        {0},
    }};

static const struct entity step_entity = {
    .name = "OrgStep",
    .size = sizeof(struct org_step),
    .fields = (const struct entity_field[]){
        {.name = "at", .type = ENTITY_TIME, AT(org_step, at_ms)},
        {.name = "verb", .type = ENTITY_TEXT, AT(org_step, verb), .max = 20},
        {.name = "by", .type = ENTITY_ID, AT(org_step, by)},
        {.name = "staff", .type = ENTITY_ID, AT(org_step, staff)},
        {.name = "office", .type = ENTITY_TEXT, AT(org_step, office), .max = CASE_CODE_MAX},
        {.name = "member", .type = ENTITY_ID, AT(org_step, member)},
        {.name = "role", .type = ENTITY_ENUM, AT(org_step, role), .names = org_roles},
        {.name = "note", .type = ENTITY_TEXT, AT(org_step, note), .max = ORG_NOTE_MAX},
        {0},
    }};

static const struct entity paper_entity = {.name = "OrgPaper",
                                           .size = sizeof(struct org_paper),
                                           .fields = (const struct entity_field[]){
                                               {.name = "id", .type = ENTITY_ID, AT(org_paper, id)},
                                               {0},
                                           }};

const struct entity organisation_entity = {
    .name = "Organisation",
    .size = sizeof(struct organisation),
    .fields = (const struct entity_field[]){
        {.name = "kind", .type = ENTITY_ENUM, AT(organisation, kind), .names = org_kinds},
        {.name = "state", .type = ENTITY_ENUM, AT(organisation, state), .names = org_states},
        {.name = "tax_code", .type = ENTITY_BYTES, AT(organisation, tax_code), .max = 100},
        {.name = "name", .type = ENTITY_BYTES, AT(organisation, name), .max = ORG_NAME_MAX + 100},
        {.name = "address",
         .type = ENTITY_BYTES,
         AT(organisation, address),
         .max = ORG_ADDRESS_MAX + 100},
        {.name = "commune", .type = ENTITY_TEXT, AT(organisation, commune), .max = 8},
        {.name = "papers",
         .type = ENTITY_LIST,
         AT(organisation, papers),
         .max = ORG_PAPERS_MAX,
         .of = &paper_entity},
        {.name = "registered_at", .type = ENTITY_TIME, AT(organisation, registered_ms)},
        {.name = "decided_at", .type = ENTITY_TIME, AT(organisation, decided_ms)},
        {.name = "decided_by", .type = ENTITY_ID, AT(organisation, decided_by)},
        {.name = "decided_office",
         .type = ENTITY_TEXT,
         AT(organisation, decided_office),
         .max = CASE_CODE_MAX},
        {.name = "seen", .type = ENTITY_TEXT, AT(organisation, seen), .max = ORG_NOTE_MAX},
        {.name = "reason", .type = ENTITY_TEXT, AT(organisation, reason), .max = ORG_NOTE_MAX},
        {.name = "members",
         .type = ENTITY_LIST,
         AT(organisation, members),
         .max = ORG_KEPT_MAX,
         .of = &member_entity},
        {.name = "history",
         .type = ENTITY_LIST,
         AT(organisation, steps),
         .max = ORG_STEPS_MAX,
         .of = &step_entity},
        {.name = "revision", .type = ENTITY_INT, AT(organisation, revision)},
        {0},
    }};

const struct store_collection organisation_collection = {
    .name = "organisation",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"state", "state", STORE_TEXT, false},
            {"commune", "commune", STORE_TEXT, false},
            {"registered", "registered_at", STORE_INT, false},
        },
    .n_fields = 3,
    .paths =
        (const struct store_path[]){
            {.name = "commune",
             .why = "the desk of a commune: what waits to be confirmed, and what is there",
             .equals = {"commune", "state"},
             .order = "registered"},
            {.name = "state",
             .why = "the desk of the province's portal",
             .equals = {"state"},
             .order = "registered"},
        },
    .n_paths = 2,
};

const struct store_collection org_link_collection = {
    .name = "org_link",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"who", "who", STORE_ID, false},
            {"at", "at", STORE_INT, false},
        },
    .n_fields = 2,
    .paths =
        (const struct store_path[]){
            {.name = "who",
             .why = "a person's organisations, and those that invite their number",
             .equals = {"who"},
             .order = "at"},
        },
    .n_paths = 1,
};
