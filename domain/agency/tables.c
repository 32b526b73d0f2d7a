/* The fields of agencies, categories and routing rules, and their collections. */
#include <string.h>

#include "domain/agency/agency.h"

#define AT(T, member) .offset = offsetof(struct T, member)
#define NAME_MAX_BYTES 480   /* 120 characters, 4 at most each */
#define WORDS_MAX_BYTES 1200 /* 300 */

static const struct entity_name agency_kinds[] = {
    {0},
    [AGENCY_COMMUNE] = {"commune", {"Uỷ ban nhân dân xã, phường", "Commune"}},
    [AGENCY_DEPARTMENT] = {"department", {"Sở, ban, ngành", "Department"}},
    [AGENCY_DISPATCHER] = {"dispatcher", {"Cổng tiếp nhận của tỉnh", "The province's portal"}},
    {0},
};

const struct entity agency_entity = {
    .name = "Agency",
    .size = sizeof(struct agency),
    .fields = (const struct entity_field[]){
        {.name = "code", .type = ENTITY_TEXT, AT(agency, code), .see = SEE_ALL, .max = 35},
        {.name = "name",
         .type = ENTITY_TEXT,
         AT(agency, name),
         .see = SEE_ALL,
         .max = NAME_MAX_BYTES},
        {.name = "name_en",
         .type = ENTITY_TEXT,
         AT(agency, name_en),
         .see = SEE_ALL,
         .max = NAME_MAX_BYTES},
        {.name = "kind",
         .type = ENTITY_ENUM,
         AT(agency, kind),
         .see = SEE_ALL,
         .names = agency_kinds},
        {.name = "commune", .type = ENTITY_TEXT, AT(agency, commune), .see = SEE_ALL, .max = 8},
        {.name = "hotline", .type = ENTITY_TEXT, AT(agency, hotline), .see = SEE_ALL, .max = 160},
        {.name = "address",
         .type = ENTITY_TEXT,
         AT(agency, address),
         .see = SEE_ALL,
         .max = WORDS_MAX_BYTES},
        {.name = "hours", .type = ENTITY_TEXT, AT(agency, hours), .see = SEE_ALL, .max = 480},
        {.name = "hours_en", .type = ENTITY_TEXT, AT(agency, hours_en), .see = SEE_ALL, .max = 480},
        {.name = "webhook_url",
         .type = ENTITY_TEXT,
         AT(agency, webhook_url),
         .see = SEE_ADMIN,
         .max = 1000},
        {.name = "webhook_key", .type = ENTITY_BYTES, AT(agency, webhook_key), .max = 256},
        {.name = "active", .type = ENTITY_BOOL, AT(agency, active), .see = SEE_ALL},
        {.name = "revision", .type = ENTITY_INT, AT(agency, revision), .see = SEE_ADMIN},
        {0},
    }};

const struct entity_name category_icons[] = {
    {0},
    {"order", {"Trật tự", "Order"}},
    {"road", {"Đường sá", "Road"}},
    {"environment", {"Môi trường", "Environment"}},
    {"waste", {"Rác", "Waste"}},
    {"idea", {"Góp ý", "Idea"}},
    {"health", {"Y tế", "Health"}},
    {"school", {"Trường học", "School"}},
    {"light", {"Điện, đèn", "Light"}},
    {"water", {"Nước", "Water"}},
    {"law", {"Pháp luật", "Law"}},
    {"paper", {"Giấy tờ", "Paper"}},
    {"complaint", {"Khiếu nại", "Complaint"}},
    {"tree", {"Cây xanh", "Tree"}},
    {"traffic", {"Giao thông", "Traffic"}},
    {"house", {"Nhà ở, xây dựng", "Building"}},
    {"market", {"Chợ, buôn bán", "Market"}},
    {"boat", {"Sông biển", "Boat"}},
    {"animal", {"Động vật", "Animal"}},
    {"fire", {"Cháy nổ", "Fire"}},
    {0},
};

const struct entity category_entity = {
    .name = "Category",
    .size = sizeof(struct category),
    .fields = (const struct entity_field[]){
        {.name = "code", .type = ENTITY_TEXT, AT(category, code), .see = SEE_ALL, .max = 40},
        {.name = "name",
         .type = ENTITY_TEXT,
         AT(category, name),
         .see = SEE_ALL,
         .max = NAME_MAX_BYTES},
        {.name = "name_en",
         .type = ENTITY_TEXT,
         AT(category, name_en),
         .see = SEE_ALL,
         .max = NAME_MAX_BYTES},
        {.name = "hint",
         .type = ENTITY_TEXT,
         AT(category, hint),
         .see = SEE_ALL,
         .max = WORDS_MAX_BYTES},
        {.name = "hint_en",
         .type = ENTITY_TEXT,
         AT(category, hint_en),
         .see = SEE_ALL,
         .max = WORDS_MAX_BYTES},
        {.name = "questions",
         .type = ENTITY_JSON,
         AT(category, questions),
         .see = SEE_ALL,
         .words = "JSON Schema of further questions; the answers go into a report's `answers`"},
        {.name = "questions_form",
         .type = ENTITY_INT,
         AT(category, questions_form),
         .see = SEE_ALL,
         .flags = ENTITY_OPTIONAL},
        {.name = "approval", .type = ENTITY_BOOL, AT(category, approval), .see = SEE_ALL},
        {.name = "proof", .type = ENTITY_BOOL, AT(category, proof), .see = SEE_ALL},
        {.name = "redirect",
         .type = ENTITY_TEXT,
         AT(category, redirect),
         .see = SEE_ALL,
         .max = WORDS_MAX_BYTES,
         .words = "Not filed here: where to go instead"},
        {.name = "redirect_en",
         .type = ENTITY_TEXT,
         AT(category, redirect_en),
         .see = SEE_ALL,
         .max = WORDS_MAX_BYTES},
        {.name = "icon",
         .type = ENTITY_ENUM,
         AT(category, icon),
         .see = SEE_ALL,
         .names = category_icons,
         .words = "The picture beside its name; absent: a neutral one"},
        {.name = "rank", .type = ENTITY_INT, AT(category, rank), .see = SEE_ALL},
        {.name = "active", .type = ENTITY_BOOL, AT(category, active), .see = SEE_ALL},
        {.name = "revision", .type = ENTITY_INT, AT(category, revision), .see = SEE_ADMIN},
        {0},
    }};

const struct entity routing_rule_entity = {
    .name = "RoutingRule",
    .size = sizeof(struct routing_rule),
    .fields = (const struct entity_field[]){
        {.name = "category",
         .type = ENTITY_TEXT,
         AT(routing_rule, category),
         .see = SEE_ADMIN,
         .max = 40},
        {.name = "commune",
         .type = ENTITY_TEXT,
         AT(routing_rule, commune),
         .see = SEE_ADMIN,
         .max = 8},
        {.name = "agency",
         .type = ENTITY_TEXT,
         AT(routing_rule, agency),
         .see = SEE_ADMIN,
         .max = 35},
        {.name = "revision", .type = ENTITY_INT, AT(routing_rule, revision), .see = SEE_ADMIN},
        {0},
    }};

/* Read whole, by id; nothing is filtered by the store. */
const struct store_collection agency_collection = {.name = "agency", .form = 1};
const struct store_collection category_collection = {.name = "category", .form = 1};
const struct store_collection rule_collection = {.name = "routing_rule", .form = 1};

struct id agency_id(const char *code)
{
    return id_v8("agency", &(struct id_part){code, strlen(code)}, 1);
}

struct id category_id(const char *code)
{
    return id_v8("category", &(struct id_part){code, strlen(code)}, 1);
}

struct id rule_id(const char *category, const char *commune)
{
    const struct id_part parts[] = {{category, strlen(category)}, {commune, strlen(commune)}};
    return id_v8("routing_rule", parts, 2);
}

/* --- writing ---------------------------------------------------------------------------------- */

struct put {
    const struct entity *entity;
    const void *row;
    size_t revision_at;
};

/* Equal rows are left alone, so that an import repeated changes nothing. */
static int put_row(struct store_edit *edit, void *ctx)
{
    const struct put *p = ctx;
    void *row = arena_dup(edit->arena, p->row, p->entity->size);
    int64_t before = edit->before ? store_revision(edit->before) : 0;
    int64_t *revision = (int64_t *)(void *)((char *)row + p->revision_at);
    *revision = before;
    int done = entity_encode(p->entity, row, edit->before, edit->arena, edit->after);
    if (done < 0)
        return done;
    if (edit->before && entity_unchanged(edit->before, edit->after))
        return STORE_UNCHANGED;
    bson_reinit(edit->after);
    *revision = before + 1;
    return entity_encode(p->entity, row, edit->before, edit->arena, edit->after);
}

static int put(struct store *s, const struct store_collection *c, struct id id, int64_t revision,
               struct put *p)
{
    struct store_change_options options = {.if_revision = revision, .or_create = true};
    return store_change(s, c, &id, &options, put_row, p, NULL);
}

int agency_put_at(struct store *s, const struct agency *row, int64_t revision)
{
    struct put p = {&agency_entity, row, offsetof(struct agency, revision)};
    return put(s, &agency_collection, agency_id(row->code), revision, &p);
}

int category_put_at(struct store *s, const struct category *row, int64_t revision)
{
    struct put p = {&category_entity, row, offsetof(struct category, revision)};
    return put(s, &category_collection, category_id(row->code), revision, &p);
}

int rule_put_at(struct store *s, const struct routing_rule *row, int64_t revision)
{
    struct put p = {&routing_rule_entity, row, offsetof(struct routing_rule, revision)};
    return put(s, &rule_collection, rule_id(row->category, row->commune), revision, &p);
}

int agency_put(struct store *s, const struct agency *row)
{
    return agency_put_at(s, row, STORE_ANY_REVISION);
}

int category_put(struct store *s, const struct category *row)
{
    return category_put_at(s, row, STORE_ANY_REVISION);
}

int rule_put(struct store *s, const struct routing_rule *row)
{
    return rule_put_at(s, row, STORE_ANY_REVISION);
}

int rule_remove(struct store *s, const char *category, const char *commune, int64_t revision)
{
    struct id id = rule_id(category, commune);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &rule_collection, &id, &doc);
    if (done != 0)
        return done;
    if (store_revision(doc) != revision)
        return STORE_REVISED;
    done = store_remove(s, &rule_collection, &id, store_version(doc));
    return done == STORE_CONFLICT ? STORE_REVISED : done;
}
