/* What can be applied for: browsing, searching, one procedure, types of documents. */
#include "handlers/procedure/procedures.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"

#define LIST_MAX ((size_t)4 << 20) /* bytes of a reply */

/* Moves with an import, with midnight, and with an agency's address; each only ever grows. */
static uint64_t generation(const struct request *req)
{
    const struct app *app = app_of(req);
    uint64_t agencies = store_exclusive(app->store)
                            ? store_generation(app->store, &agency_collection)
                            : (uint64_t)(clock_monotonic_ms() / 5000);
    return procedure_generation(app->procedures) + (uint64_t)clock_day_number(req->now_ms) +
           agencies;
}

/* A page also says what is counted: hourly. */
static uint64_t generation_of_page(const struct request *req)
{
    return generation(req) + (uint64_t)(req->now_ms / (INT64_C(3600) * 1000));
}

/* --- browsing and searching ------------------------------------------------------------------- */

struct wanted {
    int level, scope, applicant;
    const char *field; /* folded */
    const struct agency *agency;
    bool no_agency; /* one was asked for that there is not */
    struct arena *arena;
};

static bool decided_by(const struct procedure *p, const struct agency *agency)
{
    return p->rule == PROCEDURE_BY_DEPARTMENT ? p->agency && strcmp(p->agency, agency->code) == 0
                                              : agency->kind == AGENCY_COMMUNE;
}

static bool keep(const struct procedure *p, void *ctx)
{
    const struct wanted *w = ctx;
    if ((w->level && p->level != w->level) || (w->scope && p->scope != w->scope) || w->no_agency)
        return false;
    if (w->applicant && !(p->applicant_mask & 1U << w->applicant))
        return false;
    if (w->field && (!p->field || strcmp(text_fold(w->arena, p->field), w->field) != 0))
        return false;
    return !w->agency || decided_by(p, w->agency);
}

static int named(const struct request *req, const char *param, const struct entity_name *names)
{
    const char *text = request_query(req, param);
    return text ? entity_enum_value(names, text) : 0;
}

static void read_wanted(const struct request *req, const struct catalogue *c, struct wanted *ret)
{
    const char *field = request_query(req, "field"), *agency = request_query(req, "agency");
    *ret = (struct wanted){
        .level = named(req, "level", procedure_levels),
        .scope = named(req, "scope", procedure_scopes),
        .applicant = named(req, "applicant", procedure_applicants),
        .field = field ? text_fold(req->arena, field) : NULL,
        .agency = agency ? catalogue_agency(c, agency) : NULL,
        .arena = req->arena,
    };
    ret->no_agency = agency && !ret->agency;
}

/* A cursor is the last hit's place in their order: "rank misses length code". */
static struct store_position position_of(const struct request *req, const struct procedure_hit *h)
{
    return (struct store_position){
        .key = store_text(arena_printf(req->arena, "%d %d %" PRId64 " %s", h->rank, h->misses,
                                       h->length, h->procedure->code))};
}

static void read_position(const struct store_position *at, struct procedure *code,
                          struct procedure_hit *ret)
{
    char *rest = (char *)(at->key.text ? at->key.text : "");
    ret->rank = (int)strtol(rest, &rest, 10);
    ret->misses = (int)strtol(rest, &rest, 10);
    ret->length = strtoll(rest, &rest, 10);
    code->code = *rest == ' ' ? rest + 1 : rest;
    ret->procedure = code;
}

/* The first hit behind the cursor. */
static size_t skip(const struct store_position *after, const struct procedure_hit *hits, size_t n)
{
    struct procedure code = {0};
    struct procedure_hit last;
    size_t i = 0;
    read_position(after, &code, &last);
    while (i < n && procedure_hit_compare(&hits[i], &last) <= 0)
        i++;
    return i;
}

static int reply_hits(struct request *req, struct reply *reply, const struct procedure_hit *hits,
                      size_t n, size_t from)
{
    CLEANUP(buf_release) struct buf out = {0};
    size_t limit = app_limit(req, 30, STORE_LIMIT_MAX), end = from + limit < n ? from + limit : n;
    buf_init(&out, LIST_MAX);
    buf_add_str(&out, "{\"items\":[");
    for (size_t i = from; i < end; i++) {
        buf_add_str(&out, i > from ? "," : "");
        entity_json(&procedure_row_entity, hits[i].procedure, SEE_PUBLIC, &out);
    }
    buf_printf(&out, "],\"total\":%zu", n);
    if (end < n && end > from) {
        struct store_position last = position_of(req, &hits[end - 1]);
        const char *cursor = app_cursor_write(req, &last);
        buf_printf(&out, ",\"next\":\"%s\"", cursor);
        reply_next(reply, req, cursor);
    }
    buf_add_char(&out, '}');
    reply_header(reply, "cache-control", "public, max-age=60");
    return out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

static int list_get(struct request *req, struct reply *reply)
{
    struct app *app = app_of(req);
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app->catalogue);
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *b = procedure_book_ref(app->procedures);
    struct wanted w;
    struct store_position after;
    struct procedure_hit *hits = NULL;
    bool has_after = false;
    read_wanted(req, c, &w);
    if (!app_cursor_read(req, reply, &has_after, &after))
        return 0;
    size_t n =
        procedure_search(b, request_query(req, "q"), req->now_ms, keep, &w, req->arena, &hits);
    return reply_hits(req, reply, hits, n, has_after ? skip(&after, hits, n) : 0);
}

/* --- fields ----------------------------------------------------------------------------------- */

struct field {
    const char *name, *name_en;
    int64_t count;
};

static int by_name(const void *x, const void *y)
{
    return strcmp(((const struct field *)x)->name, ((const struct field *)y)->name);
}

/* The fields of what is in force, each once with its count; `ret` has room for every version. */
static size_t gather_fields(const struct procedure_book *b, int64_t now_ms, struct field *ret)
{
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < b->n; i++) {
        const struct procedure *p = &b->items[i];
        if (p->field && procedure_in_force(p, now_ms))
            ret[n++] = (struct field){p->field, p->field_en, 1};
    }
    if (n > 0)
        qsort(ret, n, sizeof(*ret), by_name);
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && strcmp(ret[kept - 1].name, ret[i].name) == 0)
            ret[kept - 1].count++;
        else
            ret[kept++] = ret[i];
    }
    return kept;
}

static int fields_get(struct request *req, struct reply *reply)
{
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *b = procedure_book_ref(app_of(req)->procedures);
    struct field *fields = arena_array(req->arena, b->n, sizeof(*fields));
    size_t n = gather_fields(b, req->now_ms, fields);
    json_t *items = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(items,
                              json_pack("{s:s, s:s*, s:I}", "name", fields[i].name, "name_en",
                                        fields[i].name_en, "count", (json_int_t)fields[i].count));
    reply_header(reply, "cache-control", "public, max-age=60");
    return reply_json(reply, 200, json_pack("{s:o}", "items", items));
}

/* --- one procedure ---------------------------------------------------------------------------- */

static int one_get(struct request *req, struct reply *reply)
{
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *b = procedure_book_ref(app_of(req)->procedures);
    const char *code = request_param(req, "code"), *version = request_query(req, "version");
    const struct procedure *p = version ? procedure_version(b, code, strtoll(version, NULL, 10))
                                        : procedure_at(b, code, req->now_ms);
    if (!p)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return procedure_page(req, reply, b, p);
}

/* --- types of documents ----------------------------------------------------------------------- */

static json_t *subjects_of(const struct document_type *t)
{
    json_t *subjects = json_array();
    for (int i = 1; procedure_applicants[i].name; i++) {
        if (t->subjects & 1U << i)
            json_array_append_new(subjects, json_string(procedure_applicants[i].name));
    }
    return subjects;
}

static int documents_get(struct request *req, struct reply *reply)
{
    (void)req;
    json_t *items = json_array();
    for (const struct document_type *t = document_types; t->code; t++) {
        json_t *one = json_pack("{s:s, s:s, s:s, s:o}", "code", t->code, "name", t->name, "name_en",
                                t->name_en, "subjects", subjects_of(t));
        if (t->valid_months > 0)
            json_object_set_new(one, "valid_months", json_integer(t->valid_months));
        json_array_append_new(items, one);
    }
    reply_header(reply, "cache-control", "public, max-age=3600");
    return reply_json(reply, 200, json_pack("{s:o}", "items", items));
}

/* --- routes ----------------------------------------------------------------------------------- */

#define CODE "{\"type\":\"string\",\"minLength\":1,\"maxLength\":60}"
static const struct route_param list_params[] = {
    {"q", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":200}",
     "What is looked for, with or without accents, as people say it; best match first"},
    {"field", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":120}",
     "Name of a field, accents or not"},
    {"level", "{\"enum\":[\"province\",\"commune\",\"ministry\"]}", "Who decides"},
    {"agency", CODE, "Code of the agency that decides"},
    {"applicant", "{\"enum\":[\"citizen\",\"organisation\",\"household\"]}", "Who may apply"},
    {"scope", "{\"enum\":[\"whole\",\"part\",\"offline\"]}", "How much of it is done online"},
    {0},
};
static const struct route_param one_params[] = {
    {"version", "{\"type\":\"string\",\"pattern\":\"^[0-9]{8}$\"}",
     "Number of a version; without it, the one in force"},
    {"commune", "{\"type\":\"string\",\"pattern\":\"^[0-9]{5}$\"}",
     "Of the applicant: where to go is told for it"},
    {0},
};
static const enum problem not_found[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

/* What every row says. */
#define PUBLIC_READ .method = GET, .tag = "procedures", .who = ROLE_ANYONE, .rate = RATE_READ

/* clang-format off */
const struct route procedure_routes[] = {
    {PUBLIC_READ, .path = "/v1/procedures", .operation = "procedureList",
     .summary = "Administrative procedures: browse, or search best match first",
     .run = list_get, .params = list_params, .reply_schema = "ProcedurePage",
     .flags = ROUTE_PAGED | ROUTE_CACHED, .generation = generation},
    {PUBLIC_READ, .path = "/v1/procedures/{code}", .operation = "procedureGet",
     .summary = "One procedure: what it needs, takes and costs, where to go, its form",
     .run = one_get, .params = one_params, .reply_schema = "ProcedureDetail",
     .problems = not_found, .flags = ROUTE_CACHED, .generation = generation_of_page},
    {PUBLIC_READ, .path = "/v1/procedure-fields", .operation = "procedureFields",
     .summary = "Fields of procedures, with how many each has", .run = fields_get,
     .reply_schema = "ProcedureFieldList", .flags = ROUTE_CACHED, .generation = generation},
    {PUBLIC_READ, .path = "/v1/document-types", .operation = "documentTypeList",
     .summary = "Types of documents that procedures ask for and give out",
     .run = documents_get, .reply_schema = "DocumentTypeList", .flags = ROUTE_CACHED,
     .generation = generation},
    {0},
};
/* clang-format on */
