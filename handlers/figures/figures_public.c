/* GET /v1/public/communes/{code}/figures: how is my commune doing? */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/figures/figures.h"

#define MONTHS_MAX 24
#define LEAST 5 /* received, or rated: of fewer only that there were few is told */
/* A share of the satisfied is rounded to so many percent: who knows one rating more or less before
 * and after learns nothing of it. */
#define ROUND_PERCENT 5
#define CACHE_MS (INT64_C(10) * 60 * 1000)

struct month {
    int64_t month;
    int64_t received, on_time, late, rated, satisfied;
};

struct span {
    struct month reports[MONTHS_MAX], dossiers[MONTHS_MAX];
    int n;
    int64_t first, last; /* days */
};

static void span_of(const struct request *req, struct span *ret)
{
    const char *text = request_query(req, "months");
    int64_t today = clock_day_number(req->now_ms), end = 0;
    int64_t month = figure_month_of(today);
    *ret = (struct span){.n = text ? (int)strtol(text, NULL, 10) : 12, .last = today};
    for (int i = ret->n - 1; i >= 0; i--) {
        ret->reports[i].month = ret->dossiers[i].month = month;
        figure_month_days(month, &ret->first, &end);
        month = figure_month_of(ret->first - 1);
    }
}

static struct month *month_in(struct month *list, int n, int64_t month)
{
    for (int i = 0; i < n; i++) {
        if (list[i].month == month)
            return &list[i];
    }
    return NULL;
}

/* --- reports ---------------------------------------------------------------------------------- */

static int tally_reports(const struct request *req, const char *commune, const struct span *s,
                         const char *second, const char *third, struct store_tally_row **ret,
                         size_t *ret_n)
{
    struct store_value of = store_text(commune);
    struct store_range days = {.has_low = true,
                               .has_high = true,
                               .low = store_int(s->first),
                               .high = store_int(s->last + 1)};
    const struct store_condition conditions[] = {
        {.field = "commune", .op = STORE_EQ, .values = &of, .n_values = 1},
        {.field = "day", .op = STORE_BETWEEN, .ranges = &days, .n_ranges = 1}};
    struct store_tally_query q = {.conditions = conditions,
                                  .n_conditions = ARRAY_LEN(conditions),
                                  .group = {"month", second, third}};
    return store_tally(app_of(req)->store, &report_fact_collection, &q, req->arena, ret, ret_n);
}

static bool answered(const struct store_value *state)
{
    return state->type == STORE_TEXT &&
           (strcmp(state->text, "answered") == 0 || strcmp(state->text, "closed") == 0);
}

/* Of those that came in a month: answered in time, or late, whether answered by now or not. */
static int add_reports(const struct request *req, const char *commune, struct span *s)
{
    struct store_tally_row *rows = NULL;
    size_t n = 0;
    int done = tally_reports(req, commune, s, "state", "late", &rows, &n);
    for (size_t i = 0; done == 0 && i < n; i++) {
        struct month *m = month_in(s->reports, s->n, rows[i].group[0].number);
        bool late = rows[i].group[2].number != 0;
        if (!m)
            continue;
        m->received += rows[i].count;
        m->late += late ? rows[i].count : 0;
        m->on_time += !late && answered(&rows[i].group[1]) ? rows[i].count : 0;
    }
    if (done == 0)
        done = tally_reports(req, commune, s, "rating", NULL, &rows, &n);
    for (size_t i = 0; done == 0 && i < n; i++) {
        struct month *m = month_in(s->reports, s->n, rows[i].group[0].number);
        int64_t rating = rows[i].group[1].type == STORE_INT ? rows[i].group[1].number : 0;
        if (!m || !rating)
            continue;
        m->rated += rows[i].count;
        m->satisfied += rating >= FIGURE_SATISFIED ? rows[i].count : 0;
    }
    return done;
}

/* --- dossiers --------------------------------------------------------------------------------- */

static int add_agency(const struct request *req, const char *agency, struct span *s)
{
    const struct figure_query q = {
        .agency = agency, .by = FIGURE_BY_MONTH, .from = s->first, .to = s->last};
    struct figure *rows = NULL;
    size_t n = 0;
    int done = figure_gather(app_of(req)->store, &q, req->arena, &rows, &n);
    for (size_t i = 0; done == 0 && i < n; i++) {
        struct month *m = month_in(s->dossiers, s->n, rows[i].month);
        if (!m)
            continue;
        m->received += rows[i].counts[FIGURE_RECEIVED];
        m->on_time += rows[i].counts[FIGURE_ON_TIME];
        m->late += rows[i].counts[FIGURE_LATE];
        m->rated += rows[i].counts[FIGURE_RATED];
        m->satisfied += rows[i].counts[FIGURE_SATISFIED_BY];
    }
    return done;
}

/* Those that the commune's own agencies decide. */
static int add_dossiers(const struct request *req, const char *commune, struct span *s)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    int done = 0;
    for (size_t i = 0; i < c->n_agencies && done == 0; i++) {
        const struct agency *agency = &c->agencies[i];
        if (agency->commune && strcmp(agency->commune, commune) == 0)
            done = add_agency(req, agency->code, s);
    }
    return done;
}

/* --- written out ------------------------------------------------------------------------------ */

static json_t *figures_json(const struct month *m, bool over)
{
    if (m->received < LEAST)
        return json_pack("{s:b}", "few", m->received > 0 || m->on_time + m->late > 0);
    json_t *ret = json_pack("{s:b, s:I, s:I, s:I}", "few", 0, "received", (json_int_t)m->received,
                            "on_time", (json_int_t)m->on_time, "late", (json_int_t)m->late);
    if (over && m->rated >= LEAST) {
        int64_t percent = figure_share(m->satisfied, m->rated, 100 / ROUND_PERCENT) * ROUND_PERCENT;
        json_object_set_new(ret, "satisfied_percent", json_integer((json_int_t)percent));
    }
    return ret;
}

static int commune_get(struct request *req, struct reply *reply)
{
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app_of(req)->areas);
    const struct commune *commune = area_by_code(areas, request_param(req, "code"));
    struct span s;
    if (!commune)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    span_of(req, &s);
    int done = add_reports(req, commune->code, &s);
    if (done == 0)
        done = add_dossiers(req, commune->code, &s);
    if (done != 0)
        return done;
    json_t *items = json_array();
    for (int i = s.n - 1; i >= 0; i--) { /* the newest first */
        bool over = i < s.n - 1;
        json_array_append_new(items,
                              json_pack("{s:I, s:o, s:o}", "month", (json_int_t)s.reports[i].month,
                                        "reports", figures_json(&s.reports[i], over), "dossiers",
                                        figures_json(&s.dossiers[i], over)));
    }
    reply_header(reply, "cache-control", "public, max-age=600");
    return reply_json(reply, 200,
                      json_pack("{s:s, s:s, s:o}", "commune", commune->code, "name", commune->name,
                                "items", items));
}

static uint64_t generation(const struct request *req)
{
    return (uint64_t)(req->now_ms / CACHE_MS);
}

static const struct route_param params[] = {
    {"months", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":24}", "The newest so many; 12"},
    {0},
};
static const enum problem not_found[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

const struct route public_figure_routes[] = {
    {.method = GET,
     .path = "/v1/public/communes/{code}/figures",
     .operation = "publicCommuneFigures",
     .summary = "How a commune is doing, month by month: reports from it, dossiers its offices "
                "decide; of few nothing is told",
     .tag = "public",
     .run = commune_get,
     .who = ROLE_ANYONE,
     .reply_schema = "CommuneFigures",
     .params = params,
     .problems = not_found,
     .rate = RATE_READ,
     .flags = ROUTE_CACHED,
     .generation = generation},
    {0},
};
