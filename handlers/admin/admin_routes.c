/* A routing rule taken away, and who would take a report. */
#include "base/result.h"
#include "handlers/admin/admin.h"

#include <string.h>

int admin_rule_delete(struct request *req, struct reply *reply)
{
    const char *category = request_param(req, "category"), *commune = request_param(req, "commune");
    int64_t revision = STORE_ANY_REVISION;
    int done = admin_of_province(req, reply, false);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (request_if_match(req, &revision) != 0 || revision == STORE_ANY_REVISION)
        return reply_problem(reply, PROBLEM_IF_MATCH_MISSING, NULL);
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct routing_rule *rule = catalogue_rule(c, category, commune);
    if (!rule)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (rule->revision != revision)
        return reply_problem(reply, PROBLEM_REVISED, NULL);
    done = admin_note(
        req, "route_remove", NULL,
        arena_printf(req->arena, "%s in %s: no longer %s", category, commune, rule->agency));
    if (done == 0)
        done = rule_remove(app_of(req)->store, category, commune, revision);
    return done == 0 ? reply_empty(reply, 204) : app_reply_store(reply, done);
}

static json_t *show_rule(const struct routing_rule *rule)
{
    return json_pack("{s:s, s:s, s:s}", "category", rule->category, "commune", rule->commune,
                     "agency", rule->agency);
}

/* Rules that are asked before and take nothing, since their agency is no longer active, stand in
 * `idle`. */
static json_t *answer_try(const struct catalogue *c, const char *category, const char *commune)
{
    const struct routing_rule *asked[CATALOGUE_ASKED_MAX];
    size_t n = catalogue_asked(c, category, commune, asked);
    const struct agency *taker = catalogue_route(c, category, commune);
    json_t *body = json_object(), *idle = json_array();
    for (size_t i = 0; i < n; i++) {
        if (taker && strcmp(asked[i]->agency, taker->code) == 0) {
            json_object_set_new(body, "rule", show_rule(asked[i]));
            break;
        }
        json_array_append_new(idle, show_rule(asked[i]));
    }
    json_object_set_new(body, "idle", idle);
    return body;
}

int admin_rule_try(struct request *req, struct reply *reply)
{
    const char *category = request_query(req, "category"), *commune = request_query(req, "commune");
    int done = admin_of_province(req, reply, false);
    if (done != 0 || reply_is_problem(reply))
        return done;
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app_of(req)->areas);
    if (!category || !catalogue_category(c, category))
        reply_invalid(reply, "/category", "Không có lĩnh vực mang mã này",
                      "There is no category of this code");
    if (!commune || !area_by_code(areas, commune))
        reply_invalid(reply, "/commune", "Không có xã mang mã này",
                      "There is no commune of this code");
    if (reply_is_problem(reply))
        return 0;
    return reply_json(reply, 200, answer_try(c, category, commune));
}
