#include "domain/agency/import.h"

#include <string.h>

#include "base/result.h"

/* One import under way; rows are structs of `entity` in one array. */
struct import {
    const struct import_world *world;
    struct import_result *result;
    struct arena *arena;
    const json_t *json;
    char *rows;
    size_t n;
};

static void fault_at(struct import *in, size_t row, const char *member, const char *vi,
                     const char *en)
{
    struct import_result *r = in->result;
    if (r->n_faults < IMPORT_FAULTS_MAX)
        r->faults[r->n_faults++] =
            (struct import_fault){arena_printf(in->arena, "/%zu%s", row, member), vi, en};
}

/* A row of a key that stands in the file twice. */
static void check_once(struct import *in, json_t *seen, size_t row, const char *key)
{
    if (json_object_get(seen, key))
        fault_at(in, row, "", "Dòng này trùng khoá với một dòng ở trên",
                 "The row has the key of one above");
    json_object_set_new(seen, key, json_true());
}

/* Decodes every row; those that the table refuses are faults. */
static void read_rows(struct import *in, const struct entity *e)
{
    in->n = json_array_size(in->json);
    in->rows = arena_array(in->arena, in->n, e->size);
    for (size_t i = 0; i < in->n; i++) {
        CLEANUP(json_decrefp) json_t *row = json_copy(json_array_get(in->json, i));
        json_object_del(row, "revision"); /* counted by the store */
        const char *bad = entity_read(e, row, in->arena, in->rows + i * e->size);
        if (bad)
            fault_at(in, i, bad, "Giá trị không hợp lệ hoặc quá dài",
                     "The value is not valid or too long");
    }
}

/* Rows say nothing of `active` where they mean yes. */
static bool active_of(const struct import *in, size_t row)
{
    const json_t *given = json_object_get(json_array_get(in->json, row), "active");
    return !given || json_is_true(given);
}

/* What is imported: how its rows are found, compared and written. */
struct kind {
    const struct entity *entity;
    size_t revision_at;
    const void *(*find)(const struct catalogue *c, const void *row); /* NULL: none of its key */
    int (*put)(struct store *s, const void *row, int64_t revision);
};

/* The revision that a row was made from; STORE_ANY_REVISION where it does not say. */
static int64_t made_from(const struct import *in, size_t row)
{
    const json_t *given = json_object_get(json_array_get(in->json, row), "revision");
    return given ? json_integer_value(given) : STORE_ANY_REVISION;
}

static bool is_stale(const struct import *in, const struct kind *k, size_t row, const void *old)
{
    int64_t from = made_from(in, row), now = 0;
    if (old)
        now = *(const int64_t *)(const void *)((const char *)old + k->revision_at);
    return from != STORE_ANY_REVISION && from != now;
}

/* Whether two rows are stored alike, their revisions aside. */
static bool same_row(const struct kind *k, const void *x, const void *y, struct arena *a)
{
    CLEANUP(bson_destroyp) bson_t *first = bson_new();
    CLEANUP(bson_destroyp) bson_t *second = bson_new();
    char *rows[2] = {arena_dup(a, x, k->entity->size), arena_dup(a, y, k->entity->size)};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        *(int64_t *)(void *)(rows[i] + k->revision_at) = 0;
    return entity_encode(k->entity, rows[0], NULL, a, first) == 0 &&
           entity_encode(k->entity, rows[1], NULL, a, second) == 0 && bson_equal(first, second);
}

/* Counts every row by what it meets and, unless only checking, writes it. */
static int write_rows(const struct import *in, const struct kind *k)
{
    struct import_result *r = in->result;
    if (r->n_faults > 0)
        return IMPORT_FAULTY;
    for (size_t i = 0; i < in->n; i++) {
        const void *row = in->rows + i * k->entity->size;
        if (is_stale(in, k, i, k->find(in->world->catalogue, row)))
            return IMPORT_REVISED;
    }
    for (size_t i = 0; i < in->n; i++) {
        const void *row = in->rows + i * k->entity->size;
        const void *old = k->find(in->world->catalogue, row);
        bool same = old && same_row(k, old, row, in->arena);
        int done = in->world->only_check ? 0 : k->put(in->world->store, row, made_from(in, i));
        if (done != 0 && done != STORE_UNCHANGED)
            return done == STORE_REVISED ? IMPORT_REVISED : done;
        (*(same ? &r->unchanged : old ? &r->changed : &r->added))++;
    }
    return 0;
}

static bool commune_exists(const struct import *in, const char *code)
{
    return area_by_code(in->world->areas, code) != NULL;
}

/* --- agencies --------------------------------------------------------------------------------- */

static void check_agency(struct import *in, size_t i, const struct agency *row)
{
    if (row->kind == AGENCY_COMMUNE && !row->commune)
        fault_at(in, i, "/commune", "Uỷ ban cấp xã phải có mã xã", "A commune's agency names it");
    if (row->commune && !commune_exists(in, row->commune))
        fault_at(in, i, "/commune", "Không có xã mang mã này", "There is no commune of this code");
    const char *url = row->webhook_url;
    bool safe = !url || strncmp(url, "https://", 8) == 0 ||
                (in->world->allow_http && strncmp(url, "http://", 7) == 0);
    if (!safe)
        fault_at(in, i, "/webhook_url", "Địa chỉ phải bắt đầu bằng https://",
                 "The address must begin with https://");
}

/* Reports that no rule takes go to the dispatcher: two would leave it to chance. */
static void check_dispatcher(struct import *in, const json_t *seen)
{
    const struct agency *rows = (const struct agency *)(void *)in->rows;
    const struct catalogue *c = in->world->catalogue;
    size_t dispatchers = 0;
    for (size_t i = 0; i < c->n_agencies; i++)
        dispatchers += c->agencies[i].kind == AGENCY_DISPATCHER && c->agencies[i].active &&
                       !json_object_get(seen, c->agencies[i].code);
    for (size_t i = 0; i < in->n; i++) {
        if (rows[i].kind != AGENCY_DISPATCHER || !rows[i].active)
            continue;
        if (dispatchers++ > 0)
            fault_at(in, i, "/kind", "Chỉ một cơ quan điều phối được hoạt động",
                     "Only one dispatcher may be active");
    }
}

static const void *find_agency(const struct catalogue *c, const void *row)
{
    return catalogue_agency(c, ((const struct agency *)row)->code);
}

static int put_agency(struct store *s, const void *row, int64_t revision)
{
    return agency_put_at(s, row, revision);
}

static const struct kind agencies = {&agency_entity, offsetof(struct agency, revision), find_agency,
                                     put_agency};

int import_agencies(const struct import_world *w, const json_t *json, struct arena *a,
                    struct import_result *ret)
{
    *ret = (struct import_result){0};
    struct import in = {.world = w, .result = ret, .arena = a, .json = json};
    read_rows(&in, &agency_entity);
    if (ret->n_faults > 0)
        return IMPORT_FAULTY;
    struct agency *rows = (struct agency *)(void *)in.rows;
    CLEANUP(json_decrefp) json_t *seen = json_object();
    for (size_t i = 0; i < in.n; i++) {
        const struct agency *old = catalogue_agency(w->catalogue, rows[i].code);
        if (old)
            rows[i].webhook_key = old->webhook_key; /* made here, never imported */
        rows[i].active = active_of(&in, i);
        check_agency(&in, i, &rows[i]);
        check_once(&in, seen, i, rows[i].code);
    }
    check_dispatcher(&in, seen);
    return write_rows(&in, &agencies);
}

/* --- categories ------------------------------------------------------------------------------- */

static void check_questions(struct import *in, size_t i, const struct category *row)
{
    if (!row->questions)
        return;
    struct schema *compiled = NULL;
    struct schema_faults faults;
    const json_t *json = json_object_get(json_array_get(in->json, i), "questions");
    if (schema_compile(json, in->arena, &compiled, &faults) == 0) {
        schema_free(compiled);
        return;
    }
    for (size_t f = 0; f < faults.n; f++)
        fault_at(in, i, arena_printf(in->arena, "/questions%s", faults.items[f].pointer),
                 arena_printf(in->arena, "Câu hỏi thêm không hợp lệ: %s", faults.items[f].words),
                 faults.items[f].words);
}

/* A report keeps the form of the questions it answered: changed questions are a new form. */
static void number_questions(const struct catalogue *c, struct category *row)
{
    const struct category *old = catalogue_category(c, row->code);
    const char *before = old && old->questions ? old->questions : "";
    const char *after = row->questions ? row->questions : "";
    row->questions_form = (old ? old->questions_form : 0) + (strcmp(before, after) != 0);
}

static const void *find_category(const struct catalogue *c, const void *row)
{
    return catalogue_category(c, ((const struct category *)row)->code);
}

static int put_category(struct store *s, const void *row, int64_t revision)
{
    return category_put_at(s, row, revision);
}

static const struct kind categories = {&category_entity, offsetof(struct category, revision),
                                       find_category, put_category};

int import_categories(const struct import_world *w, const json_t *json, struct arena *a,
                      struct import_result *ret)
{
    *ret = (struct import_result){0};
    struct import in = {.world = w, .result = ret, .arena = a, .json = json};
    read_rows(&in, &category_entity);
    if (ret->n_faults > 0)
        return IMPORT_FAULTY;
    struct category *rows = (struct category *)(void *)in.rows;
    CLEANUP(json_decrefp) json_t *seen = json_object();
    for (size_t i = 0; i < in.n; i++) {
        rows[i].active = active_of(&in, i);
        check_once(&in, seen, i, rows[i].code);
        check_questions(&in, i, &rows[i]);
        number_questions(w->catalogue, &rows[i]);
    }
    return write_rows(&in, &categories);
}

/* --- routing rules ---------------------------------------------------------------------------- */

static bool is_any(const char *code)
{
    return strcmp(code, "*") == 0;
}

static void check_rule(struct import *in, size_t i, const struct routing_rule *row)
{
    const struct catalogue *c = in->world->catalogue;
    if (!is_any(row->category) && !catalogue_category(c, row->category))
        fault_at(in, i, "/category", "Không có lĩnh vực mang mã này",
                 "There is no category of this code");
    if (!is_any(row->commune) && !commune_exists(in, row->commune))
        fault_at(in, i, "/commune", "Không có xã mang mã này", "There is no commune of this code");
    if (!catalogue_agency(c, row->agency))
        fault_at(in, i, "/agency", "Không có cơ quan mang mã này",
                 "There is no agency of this code");
}

static const void *find_rule(const struct catalogue *c, const void *key)
{
    const struct routing_rule *row = key;
    return catalogue_rule(c, row->category, row->commune);
}

static int put_rule(struct store *s, const void *row, int64_t revision)
{
    return rule_put_at(s, row, revision);
}

static const struct kind rules = {&routing_rule_entity, offsetof(struct routing_rule, revision),
                                  find_rule, put_rule};

int import_rules(const struct import_world *w, const json_t *json, struct arena *a,
                 struct import_result *ret)
{
    *ret = (struct import_result){0};
    struct import in = {.world = w, .result = ret, .arena = a, .json = json};
    read_rows(&in, &routing_rule_entity);
    if (ret->n_faults > 0)
        return IMPORT_FAULTY;
    const struct routing_rule *rows = (const struct routing_rule *)(void *)in.rows;
    CLEANUP(json_decrefp) json_t *seen = json_object();
    for (size_t i = 0; i < in.n; i++) {
        check_rule(&in, i, &rows[i]);
        check_once(&in, seen, i, arena_printf(a, "%s/%s", rows[i].category, rows[i].commune));
    }
    return write_rows(&in, &rules);
}
