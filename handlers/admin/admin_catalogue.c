/* Agencies, categories, routing rules: listed, imported whole or changed row by row. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/webhook_sign.h"
#include "base/json.h"
#include "base/result.h"
#include "domain/agency/import.h"
#include "handlers/admin/admin.h"
#include "push/webhook.h"

#define LIST_MAX ((size_t)16 << 20) /* bytes of a list */

/* One of the three tables. */
struct table {
    int (*import)(const struct import_world *w, const json_t *rows, struct arena *a,
                  struct import_result *ret);
    const struct entity *entity;
    const void *(*find)(const struct catalogue *c, const json_t *row); /* NULL: none of its key */
    const char *verbs[2]; /* in the log: of one row, of several */
};

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static const void *find_agency(const struct catalogue *c, const json_t *row)
{
    return catalogue_agency(c, text_of(row, "code"));
}

static const void *find_category(const struct catalogue *c, const json_t *row)
{
    return catalogue_category(c, text_of(row, "code"));
}

static const void *find_rule(const struct catalogue *c, const json_t *row)
{
    return catalogue_rule(c, text_of(row, "category"), text_of(row, "commune"));
}

static const struct table
    agencies = {import_agencies, &agency_entity, find_agency, {"agency_edit", "agency_import"}},
    categories = {import_categories,
                  &category_entity,
                  find_category,
                  {"category_edit", "category_import"}},
    rules = {import_rules, &routing_rule_entity, find_rule, {"route_edit", "route_import"}};

/* --- what a row changes ----------------------------------------------------------------------- */

static json_t *shown(const struct entity *e, const void *record)
{
    CLEANUP(buf_release) struct buf text;
    buf_init(&text, LIST_MAX);
    if (!record)
        return json_object();
    entity_json(e, record, SEE_ADMIN, &text);
    return text.failed ? NULL : json_loadb(text.data, text.len, 0, NULL);
}

/* What a row leaves out of `active` is yes; of anything else that is no number, nothing. */
static bool is_same(const json_t *before, const json_t *after, const char *name)
{
    const json_t *x = json_object_get(before, name), *y = json_object_get(after, name);
    if (json_is_boolean(x) || json_is_boolean(y)) {
        bool otherwise = strcmp(name, "active") == 0;
        return (x ? json_is_true(x) : otherwise) == (y ? json_is_true(y) : otherwise);
    }
    return x && y ? json_equal(x, y) : !x && !y;
}

/* Names of what differs, in the order of the table; a new row differs in all it has. */
static json_t *changed_names(const struct table *t, const struct catalogue *c, const json_t *row)
{
    json_t *names = json_array();
    CLEANUP(json_decrefp) json_t *before = shown(t->entity, t->find(c, row));
    for (const struct entity_field *f = t->entity->fields; f->name; f++) {
        bool counted = (f->see & SEE_ADMIN) && strcmp(f->name, "revision") != 0 &&
                       strcmp(f->name, "questions_form") != 0;
        if (counted && !is_same(before, row, f->name))
            json_array_append_new(names, json_string(f->name));
    }
    return names;
}

static bool changes(const json_t *names, const char *name)
{
    for (size_t i = 0; i < json_array_size(names); i++) {
        if (strcmp(json_string_value(json_array_get(names, i)), name) == 0)
            return true;
    }
    return false;
}

/* --- who may ---------------------------------------------------------------------------------- */

/* What an agency's own administrator keeps, which is what citizens and its own systems go by. */
static const char *const own_members[] = {"hotline", "address", "hours", "hours_en", "webhook_url"};

static bool is_own_member(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(own_members); i++) {
        if (strcmp(own_members[i], name) == 0)
            return true;
    }
    return false;
}

/* Rows of an administrator who is not the portal's: of their agency, and of it what is theirs. */
static void check_own(const struct request *req, struct reply *reply, const struct table *t,
                      const struct catalogue *c)
{
    for (size_t i = 0; i < json_array_size(req->json); i++) {
        const json_t *row = json_array_get(req->json, i);
        if (t != &agencies || strcmp(text_of(row, "code"), req->who.agency) != 0) {
            admin_of_province(req, reply, false);
            return;
        }
        CLEANUP(json_decrefp) json_t *names = changed_names(t, c, row);
        for (size_t k = 0; k < json_array_size(names); k++) {
            const char *name = json_string_value(json_array_get(names, k));
            if (!is_own_member(name))
                reply_invalid(reply, arena_printf(req->arena, "/%zu/%s", i, name),
                              "Mục này do quản trị cổng của tỉnh sửa",
                              "The province's portal keeps this");
        }
    }
}

/* Several rows at once may turn a province around, and so may a webhook that goes elsewhere. */
static bool is_dangerous(const struct table *t, const struct catalogue *c, const json_t *rows)
{
    if (json_array_size(rows) != 1)
        return true;
    CLEANUP(json_decrefp) json_t *names = changed_names(t, c, json_array_get(rows, 0));
    return t == &agencies && changes(names, "webhook_url");
}

/* --- importing -------------------------------------------------------------------------------- */

static const char *joined(const struct request *req, const json_t *names)
{
    const char *all = "";
    for (size_t i = 0; i < json_array_size(names); i++)
        all = arena_printf(req->arena, "%s%s%s", all, i ? ", " : "",
                           json_string_value(json_array_get(names, i)));
    return all;
}

/* One row: which, and what of it; several: how many. */
static int note(const struct request *req, const struct table *t, const struct catalogue *c,
                const struct import_result *r)
{
    const json_t *row = json_array_get(req->json, 0);
    if (json_array_size(req->json) != 1)
        return admin_note(req, t->verbs[1], NULL,
                          arena_printf(req->arena, "added %lld, changed %lld", (long long)r->added,
                                       (long long)r->changed));
    CLEANUP(json_decrefp) json_t *names = changed_names(t, c, row);
    const struct routing_rule *rule = t == &rules ? find_rule(c, row) : NULL;
    if (t == &rules)
        return admin_note(req, t->verbs[0], NULL,
                          arena_printf(req->arena, "%s in %s: %s to %s", text_of(row, "category"),
                                       text_of(row, "commune"), rule ? rule->agency : "nobody",
                                       text_of(row, "agency")));
    return admin_note(req, t->verbs[0], t == &agencies ? text_of(row, "code") : NULL,
                      arena_printf(req->arena, "%s: %s", text_of(row, "code"), joined(req, names)));
}

static int reply_outcome(struct reply *reply, int done, const struct import_result *r)
{
    if (done == IMPORT_REVISED)
        return reply_problem(reply, PROBLEM_REVISED, NULL);
    for (size_t i = 0; done == IMPORT_FAULTY && i < r->n_faults; i++)
        reply_invalid(reply, r->faults[i].pointer, r->faults[i].vi, r->faults[i].en);
    if (done != 0)
        return done == IMPORT_FAULTY ? 0 : done;
    return reply_json(reply, 200,
                      json_pack("{s:I, s:I, s:I}", "added", (json_int_t)r->added, "changed",
                                (json_int_t)r->changed, "unchanged", (json_int_t)r->unchanged));
}

/* Checked whole before it is logged, and logged before it is written. */
static int import_rows(struct request *req, struct reply *reply, const struct table *t)
{
    struct app *app = app_of(req);
    CLEANUP(catalogue_unrefp) const struct catalogue *catalogue = catalogue_ref(app->catalogue);
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app->areas);
    struct import_world world = {.store = app->store,
                                 .catalogue = catalogue,
                                 .areas = areas,
                                 .only_check = true,
                                 .allow_http = app->demo};
    struct import_result result;
    if (!admin_over_province(req))
        check_own(req, reply, t, catalogue);
    bool writes = !admin_only_checks(req);
    int done = 0;
    if (writes && !reply_is_problem(reply) && is_dangerous(t, catalogue, req->json))
        done = admin_fresh(req, reply);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = t->import(&world, req->json, req->arena, &result);
    if (done == 0 && writes && result.added + result.changed > 0) {
        world.only_check = false;
        done = note(req, t, catalogue, &result);
        if (done == 0)
            done = t->import(&world, req->json, req->arena, &result);
    }
    return reply_outcome(reply, done, &result);
}

int admin_agencies_put(struct request *req, struct reply *reply)
{
    return import_rows(req, reply, &agencies);
}

int admin_categories_put(struct request *req, struct reply *reply)
{
    return import_rows(req, reply, &categories);
}

int admin_rules_put(struct request *req, struct reply *reply)
{
    return import_rows(req, reply, &rules);
}

/* --- listing ---------------------------------------------------------------------------------- */

static int reply_list(struct reply *reply, const struct entity *e, const void *rows, size_t n)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, LIST_MAX);
    buf_add_str(&out, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        buf_add_str(&out, i ? "," : "");
        entity_json(e, (const char *)rows + i * e->size, SEE_ADMIN, &out);
    }
    buf_add_str(&out, "]}");
    return out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

/* Another agency's administrator sees their own alone. */
int admin_agencies_list(struct request *req, struct reply *reply)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    if (admin_over_province(req))
        return reply_list(reply, &agency_entity, c->agencies, c->n_agencies);
    const struct agency *own = catalogue_agency(c, req->who.agency);
    return reply_list(reply, &agency_entity, own, own ? 1 : 0);
}

int admin_categories_list(struct request *req, struct reply *reply)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    int done = admin_of_province(req, reply, false);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return reply_list(reply, &category_entity, c->categories, c->n_categories);
}

int admin_rules_list(struct request *req, struct reply *reply)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    int done = admin_of_province(req, reply, false);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return reply_list(reply, &routing_rule_entity, c->rules, c->n_rules);
}

/* --- webhook keys ----------------------------------------------------------------------------- */

static int new_key(struct request *req, struct reply *reply, const struct agency *found)
{
    struct webhook_secret secret;
    char text[WEBHOOK_SECRET_TEXT];
    struct agency agency = *found;
    webhook_secret_new(&secret);
    int done =
        webhook_key_seal(app_of(req)->keys, agency.code, &secret, req->arena, &agency.webhook_key);
    if (done == 0)
        done = admin_note(req, "webhook_key", agency.code, NULL);
    if (done == 0)
        done = agency_put_at(app_of(req)->store, &agency, found->revision);
    if (done > 0)
        done = reply_problem(reply, PROBLEM_REVISED, NULL);
    else if (done == 0)
        done = reply_json(reply, 200,
                          json_pack("{s:s}", "secret", webhook_secret_format(&secret, text)));
    reply_header(reply, "cache-control", "no-store");
    bytes_wipe(&secret, sizeof(secret));
    bytes_wipe(text, sizeof(text));
    return done;
}

/* A new secret for an agency's webhook; this answer is the only place that ever shows it. */
int admin_webhook_key(struct request *req, struct reply *reply)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *found = catalogue_agency(c, request_param(req, "code"));
    bool own = found && strcmp(found->code, req->who.agency) == 0;
    if (!found || (!own && !admin_over_province(req)))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = admin_fresh(req, reply);
    return done != 0 || reply_is_problem(reply) ? done : new_key(req, reply, found);
}
