/* Importing and listing agencies, categories and routing rules. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/webhook_sign.h"
#include "base/result.h"
#include "domain/agency/import.h"
#include "handlers/admin/admin.h"
#include "push/webhook.h"

#define LIST_MAX ((size_t)16 << 20) /* bytes of a list */

/* --- importing -------------------------------------------------------------------------------- */

typedef int (*import_fn)(const struct import_world *w, const json_t *rows, struct arena *a,
                         struct import_result *ret);

static int import_rows(struct request *req, struct reply *reply, import_fn import)
{
    struct app *app = app_of(req);
    CLEANUP(catalogue_unrefp) const struct catalogue *catalogue = catalogue_ref(app->catalogue);
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app->areas);
    const char *check = request_query(req, "check");
    const struct import_world world = {.store = app->store,
                                       .catalogue = catalogue,
                                       .areas = areas,
                                       .only_check = check && strcmp(check, "true") == 0,
                                       .allow_http = app->demo};
    struct import_result result;
    int done = import(&world, req->json, req->arena, &result);
    for (size_t i = 0; done == IMPORT_FAULTY && i < result.n_faults; i++)
        reply_invalid(reply, result.faults[i].pointer, result.faults[i].vi, result.faults[i].en);
    if (done != 0)
        return done == IMPORT_FAULTY ? 0 : done;
    return reply_json(reply, 200,
                      json_pack("{s:I, s:I, s:I}", "added", (json_int_t)result.added, "changed",
                                (json_int_t)result.changed, "unchanged",
                                (json_int_t)result.unchanged));
}

int admin_agencies_put(struct request *req, struct reply *reply)
{
    return import_rows(req, reply, import_agencies);
}

int admin_categories_put(struct request *req, struct reply *reply)
{
    return import_rows(req, reply, import_categories);
}

int admin_rules_put(struct request *req, struct reply *reply)
{
    return import_rows(req, reply, import_rules);
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

int admin_agencies_list(struct request *req, struct reply *reply)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    return reply_list(reply, &agency_entity, c->agencies, c->n_agencies);
}

int admin_categories_list(struct request *req, struct reply *reply)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    return reply_list(reply, &category_entity, c->categories, c->n_categories);
}

int admin_rules_list(struct request *req, struct reply *reply)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    return reply_list(reply, &routing_rule_entity, c->rules, c->n_rules);
}

/* --- webhook keys ----------------------------------------------------------------------------- */

/* A new secret for an agency's webhook; this answer is the only place that ever shows it. */
int admin_webhook_key(struct request *req, struct reply *reply)
{
    struct app *app = app_of(req);
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app->catalogue);
    const struct agency *found = catalogue_agency(c, request_param(req, "code"));
    if (!found)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    struct webhook_secret secret;
    char text[WEBHOOK_SECRET_TEXT];
    struct agency agency = *found;
    webhook_secret_new(&secret);
    int done = webhook_key_seal(app->keys, agency.code, &secret, req->arena, &agency.webhook_key);
    if (done == 0)
        done = agency_put(app->store, &agency);
    if (done == 0)
        done = reply_json(reply, 200,
                          json_pack("{s:s}", "secret", webhook_secret_format(&secret, text)));
    bytes_wipe(&secret, sizeof(secret));
    bytes_wipe(text, sizeof(text));
    return done;
}
