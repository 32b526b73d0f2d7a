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
        const char *bad =
            entity_read(e, json_array_get(in->json, i), in->arena, in->rows + i * e->size);
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

static void count(struct import_result *r, bool existed, int done)
{
    int64_t *which = done == STORE_UNCHANGED ? &r->unchanged : existed ? &r->changed : &r->added;
    (*which)++;
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
        rows[i].active = active_of(&in, i);
        check_agency(&in, i, &rows[i]);
        check_once(&in, seen, i, rows[i].code);
    }
    check_dispatcher(&in, seen);
    if (ret->n_faults > 0)
        return IMPORT_FAULTY;
    for (size_t i = 0; i < in.n; i++) {
        const struct agency *old = catalogue_agency(w->catalogue, rows[i].code);
        if (old)
            rows[i].webhook_key = old->webhook_key; /* made here, never imported */
        int done = w->only_check ? 0 : agency_put(w->store, &rows[i]);
        if (done != 0 && done != STORE_UNCHANGED)
            return done;
        count(ret, old != NULL, done);
    }
    return 0;
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
    if (ret->n_faults > 0)
        return IMPORT_FAULTY;
    for (size_t i = 0; i < in.n; i++) {
        int done = w->only_check ? 0 : category_put(w->store, &rows[i]);
        if (done != 0 && done != STORE_UNCHANGED)
            return done;
        count(ret, catalogue_category(w->catalogue, rows[i].code) != NULL, done);
    }
    return 0;
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

static bool rule_exists(const struct catalogue *c, const struct routing_rule *row)
{
    for (size_t i = 0; i < c->n_rules; i++) {
        if (strcmp(c->rules[i].category, row->category) == 0 &&
            strcmp(c->rules[i].commune, row->commune) == 0)
            return true;
    }
    return false;
}

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
    if (ret->n_faults > 0)
        return IMPORT_FAULTY;
    for (size_t i = 0; i < in.n; i++) {
        int done = w->only_check ? 0 : rule_put(w->store, &rows[i]);
        if (done != 0 && done != STORE_UNCHANGED)
            return done;
        count(ret, rule_exists(w->catalogue, &rows[i]), done);
    }
    return 0;
}
