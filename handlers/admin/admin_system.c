/* Status, and the clock of demonstrations. */
#include "base/clock.h"
#include "base/result.h"
#include "handlers/admin/admin.h"

/* --- status ----------------------------------------------------------------------------------- */

static int count_reports(const struct request *req, json_t **ret)
{
    struct store_tally_query q = {.group = {"state"}};
    struct store_tally_row *rows = NULL;
    size_t n = 0;
    int done = store_tally(app_of(req)->store, &report_fact_collection, &q, req->arena, &rows, &n);
    if (done != 0)
        return done;
    *ret = json_object();
    for (size_t i = 0; i < n; i++) {
        const char *state = rows[i].group[0].text;
        json_object_set_new(*ret, state ? state : "unknown", json_integer(rows[i].count));
    }
    return 0;
}

static json_t *catalogue_counts(const struct app *app)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app->catalogue);
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app->areas);
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *b = procedure_book_ref(app->procedures);
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:b}", "agencies", (json_int_t)c->n_agencies,
                     "procedures", (json_int_t)b->n, "categories", (json_int_t)c->n_categories,
                     "rules", (json_int_t)c->n_rules, "communes", (json_int_t)area_count(areas),
                     "borders", area_has_polygons(areas));
}

int admin_status(struct request *req, struct reply *reply)
{
    struct app *app = app_of(req);
    CLEANUP(json_decrefp) json_t *reports = NULL;
    CLEANUP(json_decrefp) json_t *dead = NULL;
    int done = store_ping(app->store);
    if (done == 0)
        done = count_reports(req, &reports);
    if (done == 0)
        done = admin_count_dead(req, &dead);
    if (done != 0)
        return done;
    char now[CLOCK_TEXT], started[CLOCK_TEXT];
    return reply_json(reply, 200,
                      json_pack("{s:s, s:s, s:s, s:I, s:b, s:o, s:O, s:O}", "version", TRAM_VERSION,
                                "now", clock_format(req->now_ms, now), "started_at",
                                clock_format(app->started_ms, started), "advanced_ms",
                                (json_int_t)clock_advanced_ms(), "demo", app->demo, "catalogue",
                                catalogue_counts(app), "reports", reports, "dead_letters", dead));
}

/* --- the clock -------------------------------------------------------------------------------- */

int admin_clock_advance(struct request *req, struct reply *reply)
{
    struct app *app = app_of(req);
    if (!app->demo)
        return reply_problem(reply, PROBLEM_FORBIDDEN, "--demo");
    clock_advance_ms(json_integer_value(json_object_get(req->json, "seconds")) * 1000);
    for (const struct push_kind *k = app->kinds; k->kept; k++)
        push_wake(app->push, k->kept->collection, &(struct id){{0}}); /* alarms may be due now */
    if (app->wake_sweep)
        app->wake_sweep(app);
    char now[CLOCK_TEXT];
    return reply_json(reply, 200,
                      json_pack("{s:s, s:I}", "now", clock_format(clock_now_ms(), now),
                                "advanced_ms", (json_int_t)clock_advanced_ms()));
}
