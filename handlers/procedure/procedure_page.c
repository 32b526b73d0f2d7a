/* One procedure as a person reads it, in the request's language. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/procedure/procedures.h"

#define PAGE_MAX ((size_t)1 << 20) /* bytes of a reply */

struct page {
    const struct request *req;
    const struct procedure_book *book;
    const struct procedure *p;
    const struct catalogue *catalogue;
    struct arena *arena;
    int lang;
};

static const char *say(const struct page *g, const char *vi, const char *en)
{
    return g->lang == PROCEDURE_EN ? en : vi;
}

/* Texts that may be missing are left out ("s:s*"). */

/* --- time and cost ---------------------------------------------------------------------------- */

static json_t *times_of(const struct page *g)
{
    json_t *items = json_array();
    const struct procedure_time *t = g->p->times.items;
    for (size_t i = 0; i < g->p->times.n; i++)
        json_array_append_new(items,
                              json_pack("{s:s, s:s, s:s}", "channel",
                                        entity_enum_name(procedure_channels, t[i].channel), "label",
                                        procedure_label(procedure_channels, t[i].channel, g->lang),
                                        "words", procedure_time_words(&t[i], g->lang, g->arena)));
    return items;
}

static json_t *costs_of(const struct page *g)
{
    json_t *items = json_array();
    const struct procedure_fee *f = g->p->fees.items;
    for (size_t i = 0; i < g->p->fees.n; i++)
        json_array_append_new(
            items, json_pack("{s:s, s:s, s:s, s:s*, s:s*}", "code", f[i].code, "label",
                             procedure_words(g->lang, f[i].name, f[i].name_en), "words",
                             procedure_fee_words(&f[i], g->p, g->lang, g->arena), "when",
                             procedure_condition_words(f[i].when, g->p, g->lang, g->arena),
                             "channel", entity_enum_name(procedure_channels, f[i].channel)));
    return items;
}

/* --- components ------------------------------------------------------------------------------- */

static const char *copies_words(const struct page *g, const struct procedure_component *c)
{
    int64_t n = c->copies > 0 ? c->copies : 1;
    return arena_printf(g->arena, "%" PRId64 " %s", n,
                        procedure_label(procedure_copies, c->copy, g->lang));
}

static const char *component_words(const struct page *g, const struct procedure_component *c)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 16 * 1024);
    buf_printf(&out, "%s: %s", procedure_words(g->lang, c->name, c->name_en), copies_words(g, c));
    if (c->max_age_days > 0)
        buf_printf(&out,
                   say(g, ", cấp không quá %" PRId64 " ngày", ", issued within %" PRId64 " days"),
                   c->max_age_days);
    if (!c->required && !c->one_of)
        buf_add_str(&out, say(g, " (nếu có)", " (if there is one)"));
    return arena_strndup(g->arena, out.data ? out.data : "", out.len);
}

static json_t *component_of(const struct page *g, const struct procedure_component *c)
{
    return json_pack("{s:s, s:s, s:s*, s:s*, s:b}", "code", c->code, "words", component_words(g, c),
                     "note", procedure_words(g->lang, c->note, c->note_en), "when",
                     procedure_condition_words(c->when, g->p, g->lang, g->arena), "reusable",
                     c->document != NULL);
}

static bool in_group(const struct procedure_component *c, const char *group)
{
    return c->one_of && strcmp(c->one_of, group) == 0;
}

/* A group stands where its first component does. */
static bool begun(const struct procedure_component *c, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (in_group(&c[k], c[i].one_of))
            return true;
    }
    return false;
}

static json_t *need_of(const struct page *g, size_t i)
{
    const struct procedure_component *c = g->p->components.items;
    json_t *items = json_array();
    bool required = c[i].required;
    if (!c[i].one_of)
        json_array_append_new(items, component_of(g, &c[i]));
    for (size_t k = i; c[i].one_of && k < g->p->components.n; k++) {
        if (!in_group(&c[k], c[i].one_of))
            continue;
        required = required || c[k].required;
        json_array_append_new(items, component_of(g, &c[k]));
    }
    const char *words =
        c[i].one_of ? say(g, "Một trong các giấy tờ sau", "Any one of these") : NULL;
    return json_pack("{s:b, s:s*, s:o}", "required", required, "words", words, "items", items);
}

static json_t *needs_of(const struct page *g)
{
    json_t *needs = json_array();
    const struct procedure_component *c = g->p->components.items;
    for (size_t i = 0; i < g->p->components.n; i++) {
        if (!c[i].one_of || !begun(c, i))
            json_array_append_new(needs, need_of(g, i));
    }
    return needs;
}

/* --- where ------------------------------------------------------------------------------------ */

static json_t *office_of(const struct page *g, const struct agency *a)
{
    return json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:s*}", "code", a->code, "name",
                     procedure_words(g->lang, a->name, a->name_en), "commune", a->commune,
                     "address", a->address, "hours",
                     procedure_words(g->lang, a->hours, a->hours_en), "hotline", a->hotline);
}

/* With ?commune= its own office alone; else every one that takes it in. */
static bool takes(const struct page *g, const struct agency *a, const char *commune)
{
    const struct procedure *p = g->p;
    if (!a->active)
        return false;
    bool decides =
        p->rule == PROCEDURE_BY_DEPARTMENT && p->agency && strcmp(a->code, p->agency) == 0;
    bool local = a->kind == AGENCY_COMMUNE && a->commune &&
                 (p->anywhere || p->rule != PROCEDURE_BY_DEPARTMENT) &&
                 (!commune || strcmp(a->commune, commune) == 0);
    return decides || local;
}

static const char *where_words(const struct page *g)
{
    const struct procedure *p = g->p;
    if (p->place != PROCEDURE_HERE)
        return procedure_label(procedure_places, p->place, g->lang);
    if (p->anywhere)
        return say(g,
                   "Bất kỳ Trung tâm Phục vụ hành chính công cấp xã nào trong tỉnh, không phụ "
                   "thuộc nơi cư trú",
                   "Any commune's public service centre of the province, wherever you live");
    return procedure_label(procedure_rules, p->rule, g->lang);
}

static json_t *where_of(const struct page *g)
{
    const char *commune = request_query(g->req, "commune");
    json_t *offices = json_array();
    for (size_t i = 0; i < g->catalogue->n_agencies; i++) {
        const struct agency *a = &g->catalogue->agencies[i];
        if (g->p->place == PROCEDURE_HERE && takes(g, a, commune))
            json_array_append_new(offices, office_of(g, a));
    }
    return json_pack("{s:s, s:o}", "words", where_words(g), "offices", offices);
}

/* --- versions --------------------------------------------------------------------------------- */

static const char *day_text(const struct page *g, int64_t day)
{
    struct clock_date d = clock_date_of_day(day);
    return arena_printf(g->arena, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static json_t *versions_of(const struct page *g)
{
    size_t n = 0;
    json_t *items = json_array();
    const struct procedure *v = procedure_versions(g->book, g->p->code, &n);
    for (size_t i = n; i-- > 0;)
        json_array_append_new(
            items, json_pack("{s:I, s:s, s:s*, s:b}", "version_no", (json_int_t)v[i].version,
                             "from", v[i].from, "until",
                             v[i].until_day < INT64_MAX ? day_text(g, v[i].until_day) : NULL,
                             "in_force", procedure_in_force(&v[i], g->req->now_ms)));
    return items;
}

/* --- the whole -------------------------------------------------------------------------------- */

static json_t *online_of(const struct page *g)
{
    const struct procedure *p = g->p;
    bool may = procedure_fileable(p) && procedure_in_force(p, g->req->now_ms);
    const char *words = procedure_label(procedure_scopes, p->scope, g->lang);
    const char *why = procedure_words(g->lang, p->reason, p->reason_en);
    return json_pack("{s:b, s:s, s:s*, s:s*}", "here", may, "words", words, "reason", why, "link",
                     p->link);
}

#define TEXT "{\"type\":\"string\"}"
#define YES "{\"type\":\"boolean\"}"
#define INTEGER "{\"type\":\"integer\"}"
#define OBJECT(required, properties)                                                               \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[" required                  \
    "],\"properties\":{" properties "}}"
#define LIST(of) "{\"type\":\"array\",\"items\":" of "}"

const struct route_component procedure_page_members[] = {
    {"online", OBJECT("\"here\",\"words\"",
                      "\"here\":" YES ",\"words\":" TEXT ",\"reason\":" TEXT ",\"link\":" TEXT)},
    {"takes", LIST(OBJECT("\"channel\",\"label\",\"words\"",
                          "\"channel\":" TEXT ",\"label\":" TEXT ",\"words\":" TEXT))},
    {"costs", LIST(OBJECT("\"code\",\"label\",\"words\"",
                          "\"code\":" TEXT ",\"label\":" TEXT ",\"words\":" TEXT ",\"when\":" TEXT
                          ",\"channel\":" TEXT))},
    {"needs", LIST(OBJECT("\"required\",\"items\"",
                          "\"required\":" YES ",\"words\":" TEXT ",\"items\":" LIST(
                              OBJECT("\"code\",\"words\",\"reusable\"",
                                     "\"code\":" TEXT ",\"words\":" TEXT ",\"note\":" TEXT
                                     ",\"when\":" TEXT ",\"reusable\":" YES))))},
    {"where", OBJECT("\"words\",\"offices\"",
                     "\"words\":" TEXT ",\"offices\":" LIST(
                         OBJECT("\"code\",\"name\"",
                                "\"code\":" TEXT ",\"name\":" TEXT ",\"commune\":" TEXT
                                ",\"address\":" TEXT ",\"hours\":" TEXT ",\"hotline\":" TEXT)))},
    {"versions",
     LIST(OBJECT("\"version_no\",\"from\",\"in_force\"", "\"version_no\":" INTEGER ",\"from\":" TEXT
                                                         ",\"until\":" TEXT ",\"in_force\":" YES))},
    {"returned",
     "{\"type\":\"array\",\"description\":\"What dossiers were most often sent back for in the "
     "last year, as percent of those that were; reasons of few are left out\",\"items\":{"
     "\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"component\",\"name\","
     "\"verdict\",\"words\",\"percent\"],\"properties\":{\"component\":{\"type\":\"string\"},"
     "\"name\":{\"type\":\"string\"},\"verdict\":{\"type\":\"string\"},\"words\":{\"type\":"
     "\"string\"},\"percent\":{\"type\":\"integer\"}}}}"},
    {0},
};

static void add_member(struct buf *out, const char *name, json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
    out->failed = out->failed || !text;
    buf_printf(out, ",\"%s\":%s", name, text ? text : "");
    free(text);
    json_decref(value);
}

int procedure_page(const struct request *req, struct reply *reply, const struct procedure_book *b,
                   const struct procedure *p)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    CLEANUP(buf_release) struct buf out = {0};
    const struct page g = {req, b, p, c, req->arena, (int)req->language};
    bool first = true;
    json_t *returned = NULL;
    int done = procedure_returned(req, p, &returned);
    if (done != 0)
        return done;
    buf_init(&out, PAGE_MAX);
    buf_add_char(&out, '{');
    entity_json_members(&procedure_entity, p, SEE_PUBLIC, &first, &out);
    add_member(&out, "online", online_of(&g));
    add_member(&out, "takes", times_of(&g));
    add_member(&out, "costs", costs_of(&g));
    add_member(&out, "needs", needs_of(&g));
    add_member(&out, "where", where_of(&g));
    add_member(&out, "versions", versions_of(&g));
    add_member(&out, "returned", returned);
    buf_add_char(&out, '}');
    reply_header(reply, "cache-control", "public, max-age=60");
    return out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}
