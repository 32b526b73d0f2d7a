/* The fields of a procedure and of its parts, and the collection. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/procedure/procedure.h"

#define NAME_BYTES 2000 /* 500 characters, 4 at most each: real names reach 400 */
#define WORDS_BYTES 4000
#define CODE_BYTES 40
#define BASIS_BYTES 800

const struct entity_name procedure_channels[] = {
    {0},
    [PROCEDURE_IN_PERSON] = {"in_person", {"Trực tiếp", "In person"}},
    [PROCEDURE_ONLINE] = {"online", {"Trực tuyến", "Online"}},
    [PROCEDURE_POST] = {"post", {"Dịch vụ bưu chính", "By post"}},
    {0},
};

const struct entity_name procedure_levels[] = {
    {0},
    [PROCEDURE_OF_PROVINCE] = {"province", {"Cấp tỉnh", "Province"}},
    [PROCEDURE_OF_COMMUNE] = {"commune", {"Cấp xã", "Commune"}},
    [PROCEDURE_OF_MINISTRY] = {"ministry", {"Cấp bộ", "Ministry"}},
    {0},
};

const struct entity_name procedure_applicants[] = {
    {0},
    [PROCEDURE_CITIZEN] = {"citizen", {"Công dân", "Citizens"}},
    [PROCEDURE_ORGANISATION] = {"organisation",
                                {"Doanh nghiệp, tổ chức", "Enterprises and organisations"}},
    [PROCEDURE_HOUSEHOLD] = {"household", {"Hộ kinh doanh", "Household businesses"}},
    {0},
};

const struct entity_name procedure_places[] = {
    {0},
    [PROCEDURE_HERE] = {"here", {"Hệ thống của tỉnh", "The province's own system"}},
    [PROCEDURE_AT_PORTAL] = {"portal", {"Cổng Dịch vụ công quốc gia", "The national portal"}},
    [PROCEDURE_AT_MINISTRY] = {"ministry", {"Hệ thống của bộ, ngành", "The system of a ministry"}},
    {0},
};

const struct entity_name procedure_scopes[] = {
    {0},
    [PROCEDURE_WHOLE] = {"whole", {"Toàn trình", "The whole of it online"}},
    [PROCEDURE_PART] = {"part", {"Một phần", "A part of it online"}},
    [PROCEDURE_OFFLINE] = {"offline", {"Chưa cung cấp trực tuyến", "Not online"}},
    {0},
};

const struct entity_name procedure_rules[] = {
    {0},
    [PROCEDURE_BY_RESIDENCE] = {"residence", {"Xã, phường nơi cư trú", "Commune of residence"}},
    [PROCEDURE_BY_PLACE] = {"place",
                            {"Xã, phường nơi có nhà, đất hoặc cơ sở",
                             "Commune of the house, land or business"}},
    [PROCEDURE_BY_DEPARTMENT] = {"department", {"Một cơ quan của tỉnh", "One provincial agency"}},
    {0},
};

const struct entity_name procedure_copies[] = {
    {0},
    [PROCEDURE_ORIGINAL] = {"original", {"bản chính", "original"}},
    [PROCEDURE_COPY] = {"copy", {"bản sao", "copy"}},
    [PROCEDURE_ELECTRONIC] = {"electronic", {"bản điện tử", "electronic"}},
    {0},
};

const struct entity_name procedure_abouts[] = {
    {0},
    [PROCEDURE_ABOUT_APPLICANT] = {"applicant", {"người nộp hồ sơ", "the applicant"}},
    [PROCEDURE_ABOUT_CHILD] = {"child", {"con của người nộp hồ sơ", "the applicant's child"}},
    [PROCEDURE_ABOUT_OTHER] = {"other", {"người khác", "somebody else"}},
    {0},
};

const struct entity_name procedure_units[] = {
    {0},
    [PROCEDURE_HOURS] = {"hours", {"giờ làm việc", "working hours"}},
    [PROCEDURE_WORKING_DAYS] = {"working_days", {"ngày làm việc", "working days"}},
    [PROCEDURE_CALENDAR_DAYS] = {"calendar_days", {"ngày", "days"}},
    {0},
};

const struct entity_name procedure_roles[] = {
    {0},
    [PROCEDURE_COUNTER] = {"counter", {"Bộ phận một cửa", "One-stop counter"}},
    [PROCEDURE_OFFICER] = {"officer", {"Chuyên viên", "Officer"}},
    [PROCEDURE_LEADER] = {"leader", {"Lãnh đạo", "Leader"}},
    [PROCEDURE_SEAL] = {"seal", {"Văn thư", "Records"}},
    {0},
};

const struct entity_name procedure_fee_kinds[] = {
    {0},
    [PROCEDURE_FEE] = {"fee", {"Phí", "Fee"}},
    [PROCEDURE_CHARGE] = {"charge", {"Lệ phí", "Charge"}},
    {0},
};

/* Rows that say nothing but name, type and bound: all of it is public. */
/* clang-format off */
#define ROW(T, member, kind) .name = #member, .type = kind, .offset = offsetof(struct T, member), .see = SEE_ALL
#define TEXT_ROW(T, member, most) {ROW(T, member, ENTITY_TEXT), .max = (most)}
#define ENUM_ROW(T, member, table) {ROW(T, member, ENTITY_ENUM), .names = (table)}
#define NUMBER_ROW(T, member) {ROW(T, member, ENTITY_INT), .flags = ENTITY_OPTIONAL}
#define MONEY_ROW(T, member) {ROW(T, member, ENTITY_MONEY)}
#define BOOL_ROW(T, member) {ROW(T, member, ENTITY_BOOL)}
#define JSON_ROW(T, member, most, say) {ROW(T, member, ENTITY_JSON), .max = (most), .words = (say)}
#define WORDS_ROW(T, member, most) {ROW(T, member, ENTITY_WORDS), .max = (most)}
#define LIST_ROW(T, member, table, most) {ROW(T, member, ENTITY_LIST), .of = &(table), .max = (most)}
#define NAMES_ROWS(T, most) TEXT_ROW(T, name, most), TEXT_ROW(T, name_en, most)

static const struct entity decision_entity = {
    .name = "ProcedureDecision",
    .size = sizeof(struct procedure_decision),
    .fields = (const struct entity_field[]){
        TEXT_ROW(procedure_decision, number, 240),
        TEXT_ROW(procedure_decision, date, 10),
        {0},
    }};

static const struct entity time_entity = {
    .name = "ProcedureTime",
    .size = sizeof(struct procedure_time),
    .fields = (const struct entity_field[]){
        ENUM_ROW(procedure_time, channel, procedure_channels),
        ENUM_ROW(procedure_time, unit, procedure_units),
        NUMBER_ROW(procedure_time, amount),
        {0},
    }};

static const struct entity step_entity = {
    .name = "ProcedureStep",
    .size = sizeof(struct procedure_step),
    .fields = (const struct entity_field[]){
        NAMES_ROWS(procedure_step, NAME_BYTES),
        TEXT_ROW(procedure_step, unit, 480),
        ENUM_ROW(procedure_step, role, procedure_roles),
        {ROW(procedure_step, share, ENTITY_INT), .flags = ENTITY_OPTIONAL,
         .words = "Percent of the whole time"},
        {0},
    }};

static const struct entity fee_entity = {
    .name = "ProcedureFee",
    .size = sizeof(struct procedure_fee),
    .fields = (const struct entity_field[]){
        TEXT_ROW(procedure_fee, code, CODE_BYTES),
        NAMES_ROWS(procedure_fee, NAME_BYTES),
        ENUM_ROW(procedure_fee, kind, procedure_fee_kinds),
        ENUM_ROW(procedure_fee, channel, procedure_channels),
        MONEY_ROW(procedure_fee, amount),
        TEXT_ROW(procedure_fee, times, 256),
        {ROW(procedure_fee, most, ENTITY_MONEY), .flags = ENTITY_OPTIONAL},
        JSON_ROW(procedure_fee, when, PROCEDURE_CONDITION_MAX, "Condition on the form"),
        TEXT_ROW(procedure_fee, basis, BASIS_BYTES),
        {0},
    }};

static const struct entity exemption_entity = {
    .name = "ProcedureExemption",
    .size = sizeof(struct procedure_exemption),
    .fields = (const struct entity_field[]){
        TEXT_ROW(procedure_exemption, code, CODE_BYTES),
        NAMES_ROWS(procedure_exemption, NAME_BYTES),
        NUMBER_ROW(procedure_exemption, percent),
        WORDS_ROW(procedure_exemption, fees, PROCEDURE_FEES_MAX),
        TEXT_ROW(procedure_exemption, document, CODE_BYTES),
        TEXT_ROW(procedure_exemption, basis, BASIS_BYTES),
        {0},
    }};

static const struct entity component_entity = {
    .name = "ProcedureComponent",
    .size = sizeof(struct procedure_component),
    .fields = (const struct entity_field[]){
        TEXT_ROW(procedure_component, code, CODE_BYTES),
        NAMES_ROWS(procedure_component, NAME_BYTES),
        TEXT_ROW(procedure_component, note, WORDS_BYTES),
        TEXT_ROW(procedure_component, note_en, WORDS_BYTES),
        {ROW(procedure_component, one_of, ENTITY_TEXT), .max = CODE_BYTES,
         .words = "Any one of the components of a group will do"},
        JSON_ROW(procedure_component, when, PROCEDURE_CONDITION_MAX, "Condition on the form"),
        NUMBER_ROW(procedure_component, copies),
        ENUM_ROW(procedure_component, copy, procedure_copies),
        {ROW(procedure_component, document, ENTITY_TEXT), .max = CODE_BYTES,
         .words = "Type of a document that may be used again"},
        NUMBER_ROW(procedure_component, max_age_days),
        ENUM_ROW(procedure_component, about, procedure_abouts),
        TEXT_ROW(procedure_component, holder_at, 256),
        BOOL_ROW(procedure_component, required),
        {0},
    }};

static const struct entity result_entity = {
    .name = "ProcedureResult",
    .size = sizeof(struct procedure_result),
    .fields = (const struct entity_field[]){
        TEXT_ROW(procedure_result, code, CODE_BYTES),
        NAMES_ROWS(procedure_result, NAME_BYTES),
        TEXT_ROW(procedure_result, document, CODE_BYTES),
        NUMBER_ROW(procedure_result, valid_months),
        ENUM_ROW(procedure_result, about, procedure_abouts),
        TEXT_ROW(procedure_result, holder_at, 256),
        BOOL_ROW(procedure_result, paper),
        BOOL_ROW(procedure_result, unsigned_allowed),
        {0},
    }};

#define HEAD_ROWS                                                                                  \
    TEXT_ROW(procedure, code, CODE_BYTES), TEXT_ROW(procedure, local_code, 80),                    \
    {.name = "version_no", .type = ENTITY_INT, .offset = offsetof(struct procedure, version),      \
     .see = SEE_ALL, .words = "The day from which it holds, as yyyymmdd"},                         \
    TEXT_ROW(procedure, from, 10), TEXT_ROW(procedure, until, 10),                                 \
    NAMES_ROWS(procedure, NAME_BYTES),                                                             \
    TEXT_ROW(procedure, field, 480), TEXT_ROW(procedure, field_en, 480),                           \
    ENUM_ROW(procedure, level, procedure_levels), ENUM_ROW(procedure, place, procedure_places),    \
    ENUM_ROW(procedure, scope, procedure_scopes), WORDS_ROW(procedure, applicants, 3),             \
    TEXT_ROW(procedure, agency, 35), BOOL_ROW(procedure, anywhere)

const struct entity procedure_row_entity = {
    .name = "ProcedureRow",
    .size = sizeof(struct procedure),
    .fields = (const struct entity_field[]){
        HEAD_ROWS,
        LIST_ROW(procedure, times, time_entity, PROCEDURE_CHANNELS),
        {0},
    }};

const struct entity procedure_entity = {
    .name = "Procedure",
    .size = sizeof(struct procedure),
    .fields = (const struct entity_field[]){
        HEAD_ROWS,
        WORDS_ROW(procedure, keywords, 32),
        {ROW(procedure, decision, ENTITY_OBJECT), .of = &decision_entity},
        ENUM_ROW(procedure, rule, procedure_rules),
        TEXT_ROW(procedure, reason, WORDS_BYTES), TEXT_ROW(procedure, reason_en, WORDS_BYTES),
        TEXT_ROW(procedure, link, 1000),
        TEXT_ROW(procedure, guide, WORDS_BYTES), TEXT_ROW(procedure, guide_en, WORDS_BYTES),
        TEXT_ROW(procedure, commune_at, 256),
        BOOL_ROW(procedure, consent),
        LIST_ROW(procedure, times, time_entity, PROCEDURE_CHANNELS),
        LIST_ROW(procedure, steps, step_entity, PROCEDURE_STEPS_MAX),
        LIST_ROW(procedure, fees, fee_entity, PROCEDURE_FEES_MAX),
        LIST_ROW(procedure, exemptions, exemption_entity, PROCEDURE_EXEMPTIONS_MAX),
        LIST_ROW(procedure, components, component_entity, PROCEDURE_COMPONENTS_MAX),
        LIST_ROW(procedure, results, result_entity, PROCEDURE_RESULTS_MAX),
        {.name = "form_schema", .type = ENTITY_JSON, .offset = offsetof(struct procedure, form),
         .see = SEE_ALL, .words = "JSON Schema of the form; x-order, x-group, "
         "x-title-en, x-labels and x-when say how it is laid out"},
        {.name = "revision", .type = ENTITY_INT, .offset = offsetof(struct procedure, revision),
         .see = SEE_ADMIN},
        {0},
    }};
/* clang-format on */

/* Read whole, by id; nothing is filtered by the store. */
const struct store_collection procedure_collection = {.name = "procedure", .form = 1};

struct id procedure_id(const char *code, int64_t version)
{
    char number[24];
    int n = snprintf(number, sizeof(number), "%" PRId64, version);
    const struct id_part parts[] = {{code, strlen(code)}, {number, (size_t)n}};
    return id_v8("procedure", parts, 2);
}
