/* The desk of officers, leaders and inspectors: inbox by deadline, what is late, figures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/cases.h"
#include "handlers/report/reports.h"

static int reply_rows(const struct request *req, struct reply *reply, const struct filter *f,
                      const char *order, bool descending)
{
    return cases_reply_rows(req, reply, &report_collection, f, order, descending,
                            report_show_staff);
}

/* Open reports, what is next first: of an agency, or of one officer. */
static int inbox_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    const char *agency = cases_agency_asked(req);
    if (!agency)
        agency = req->who.agency;
    const char *mine = request_query(req, "mine");
    if (mine && strcmp(mine, "true") == 0)
        filter_is(&f, "officer", store_id(req->who.subject));
    else
        filter_is(&f, "agency", store_text(agency));
    filter_is(&f, "open", store_int(1));
    filter_query(&f, req, "state");
    filter_query(&f, req, "category");
    filter_query(&f, req, "commune");
    return reply_rows(req, reply, &f, "turn", false);
}

/* What was assigned to an officer of one's agency; inspectors may ask of any. */
static int officer_get(struct request *req, struct reply *reply)
{
    struct id officer;
    struct staff staff;
    if (!app_oversees(req))
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    if (!request_param_id(req, "id", &officer))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = staff_get(app_of(req)->store, &officer, req->arena, &staff);
    if (done < 0)
        return done;
    bool ours = done == 0 && (req->who.role == ROLE_INSPECTOR ||
                              (staff.agency && strcmp(staff.agency, req->who.agency) == 0));
    if (!ours)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    struct filter f = {0};
    filter_is(&f, "officer", store_id(officer));
    filter_is(&f, "open", store_int(1));
    return reply_rows(req, reply, &f, "turn", false);
}

/* Late now, or late within `soon_minutes`: earliest deadline first. */
static int late_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    struct store_range past;
    cases_filter_late(req, &f, &past);
    filter_query(&f, req, "category");
    return reply_rows(req, reply, &f, "due", false);
}

/* Demands that want an answer, the earliest first. */
static int demands_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    struct store_range any;
    cases_filter_demands(req, &f, &any);
    return reply_rows(req, reply, &f, "answer_due", false);
}

/* ?from= and ?to= as day numbers, which stay as they are where they are not given; false after
 * answering. */
static bool read_days(const struct request *req, struct reply *reply, int64_t *first, int64_t *last)
{
    const char *from = request_query(req, "from"), *to = request_query(req, "to");
    if (from && !clock_day_parse(from, first))
        reply_invalid(reply, "/from", "Ngày không hợp lệ", "Not a day");
    if (to && !clock_day_parse(to, last))
        reply_invalid(reply, "/to", "Ngày không hợp lệ", "Not a day");
    return !reply_is_problem(reply);
}

struct lateness {
    const struct calendar *calendar;
    bool late;
};

/* As figures count it. */
static bool is_as_late(const bson_t *doc, void *ctx)
{
    const struct lateness *wanted = ctx;
    struct report r;
    struct report_fact fact;
    struct arena a;
    arena_init(&a);
    bool is = report_decode(doc, &a, &r) == 0;
    if (is) {
        report_project_fact(&r, wanted->calendar, &a, &fact);
        is = fact.late == wanted->late;
    }
    arena_release(&a);
    return is;
}

static int all_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    const char *agency = cases_agency_asked(req), *late = request_query(req, "late");
    int64_t first = 0, last = clock_day_number(req->now_ms);
    if (!read_days(req, reply, &first, &last))
        return 0;
    if (agency)
        filter_is(&f, "agency", store_text(agency));
    filter_query(&f, req, "state");
    filter_query(&f, req, "category");
    filter_query(&f, req, "commune");
    const struct store_range days = {.has_low = true,
                                     .has_high = true,
                                     .low = store_int(clock_day_start_ms(first)),
                                     .high = store_int(clock_day_start_ms(last + 1))};
    filter_between(&f, "filed", &days, 1);
    CLEANUP(calendar_unrefp) struct calendar *calendar = calendar_current(app_of(req)->calendar);
    struct lateness wanted = {calendar, late && strcmp(late, "true") == 0};
    return cases_reply_query(req, reply, &report_collection, &f,
                             (struct store_query){.order = "filed",
                                                  .descending = true,
                                                  .keep = late ? is_as_late : NULL,
                                                  .keep_ctx = &wanted},
                             report_show_staff);
}

static int number_get(struct request *req, struct reply *reply)
{
    void *found = NULL;
    int done = cases_by_number(req, reply, &report_kept, request_param(req, "number"), &found);
    if (done != 0 || !found)
        return done;
    const struct report *r = found;
    struct case_actor actor = app_actor(req);
    unsigned see = case_see(&r->head, &actor);
    return see ? report_reply(req, reply, r, see, 200)
               : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
}

/* --- figures ---------------------------------------------------------------------------------- */

static void add_group(json_t *row, const char *name, const struct store_value *v)
{
    if (v->type == STORE_TEXT)
        json_object_set_new(row, name, json_string(v->text));
    else if (v->type == STORE_INT)
        json_object_set_new(row, name, json_integer((json_int_t)v->number));
}

/* Counts by state and lateness over a span of days, of the province or of one agency. */
static int figures_get(struct request *req, struct reply *reply)
{
    const char *agency = cases_agency_asked(req);
    const char *by = request_query(req, "by");
    int64_t first = clock_day_number(req->now_ms) - 30, last = clock_day_number(req->now_ms);
    if (!read_days(req, reply, &first, &last))
        return 0;
    struct filter f = {0};
    if (agency)
        filter_is(&f, "agency", store_text(agency));
    struct store_range days = {
        .has_low = true, .has_high = true, .low = store_int(first), .high = store_int(last + 1)};
    filter_between(&f, "day", &days, 1);
    if (f.full)
        return E_FULL;
    struct store_tally_query q = {.conditions = f.conditions,
                                  .n_conditions = f.n,
                                  .group = {by ? by : "agency", "state", "late"}};
    struct store_tally_row *rows = NULL;
    size_t n = 0;
    int done = store_tally(app_of(req)->store, &report_fact_collection, &q, req->arena, &rows, &n);
    if (done != 0)
        return done;
    json_t *items = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *row = json_object();
        add_group(row, q.group[0], &rows[i].group[0]);
        add_group(row, "state", &rows[i].group[1]);
        json_object_set_new(row, "late", json_boolean(rows[i].group[2].number));
        json_object_set_new(row, "count", json_integer((json_int_t)rows[i].count));
        json_array_append_new(items, row);
    }
    return reply_json(reply, 200, json_pack("{s:o}", "items", items));
}

/* Colleagues: whom to assign to. */
static int colleagues_get(struct request *req, struct reply *reply)
{
    struct staff *staff = NULL;
    size_t n = 0;
    int done = staff_of_agency(app_of(req)->store, req->who.agency, 0, req->arena, &staff, &n);
    if (done != 0)
        return done;
    struct buf out;
    buf_init(&out, 1U << 20);
    buf_add_str(&out, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        bool first = false;
        buf_printf(&out, "%s{\"id\":\"%s\"", i ? "," : "", app_id_text(req, &staff[i].id));
        entity_json_members(&staff_entity, &staff[i], SEE_AGENCY, &first, &out);
        buf_add_char(&out, '}');
    }
    buf_add_str(&out, "]}");
    done = out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
    buf_release(&out);
    return done;
}

/* --- the table -------------------------------------------------------------------------------- */

#define CODE "{\"type\":\"string\",\"minLength\":1,\"maxLength\":40}"

static const struct route_param inbox_params[] = {
    {"agency", CODE, "Dispatcher and inspectors: of which agency"},
    {"mine", "{\"enum\":[\"true\",\"false\"]}", "Only what is assigned to me"},
    {"state", REPORT_STATE_SCHEMA, "Only in this state"},
    {"category", CODE, "Only of this category"},
    {"commune", CODE, "Only in this commune"},
    {0},
};
static const struct route_param late_params[] = {
    {"agency", CODE, "Dispatcher and inspectors: of which agency; all without it"},
    {"category", CODE, "Only of this category"},
    {"soon_minutes", "{\"type\":\"integer\",\"minimum\":0,\"maximum\":10080}",
     "Also what will be late within so many minutes"},
    {0},
};
static const struct route_param demand_params[] = {
    {"agency", CODE, "Dispatcher and inspectors: asked of which agency; all without it"},
    {"late", "{\"enum\":[\"true\",\"false\"]}", "Only those of which an answer is overdue"},
    {0},
};
static const struct route_param all_params[] = {
    {"agency", CODE, "Dispatcher and inspectors: of which agency; all without it"},
    {"state", REPORT_STATE_SCHEMA, "Only in this state"},
    {"category", CODE, "Only of this category"},
    {"commune", CODE, "Only in this commune"},
    {"from", "{\"type\":\"string\",\"format\":\"date\"}", "First day of filing"},
    {"to", "{\"type\":\"string\",\"format\":\"date\"}", "Last day of filing; today"},
    {"late", "{\"enum\":[\"true\",\"false\"]}", "Only what figures count as late, or as in time"},
    {0},
};
static const struct route_param figure_params[] = {
    {"agency", CODE, "Dispatcher and inspectors: of which agency; the province without it"},
    {"by", "{\"enum\":[\"agency\",\"category\",\"month\"]}", "Grouped by; agency without it"},
    {"from", "{\"type\":\"string\",\"format\":\"date\"}", "First day of filing; 30 days ago"},
    {"to", "{\"type\":\"string\",\"format\":\"date\"}", "Last day of filing; today"},
    {0},
};
static const enum problem not_found[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

#define DESK (ROLE_DISPATCHER | ROLE_OFFICER | ROLE_LEADER | ROLE_INSPECTOR)

const struct route desk_routes[] = {
    {.method = GET,
     .path = "/v1/desk/inbox",
     .operation = "deskInbox",
     .summary = "Open reports of the agency: emergencies, then by deadline, last what waits for "
                "the citizen",
     .tag = "desk",
     .run = inbox_get,
     .who = DESK,
     .reply_schema = "StaffReportPage",
     .params = inbox_params,
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/desk/late",
     .operation = "deskLate",
     .summary = "What is late now, or soon, and by how much",
     .tag = "desk",
     .run = late_get,
     .who = DESK,
     .reply_schema = "StaffReportPage",
     .params = late_params,
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/desk/demands",
     .operation = "deskDemands",
     .summary =
         "Reports with a demand (urge, direct, explain) that wants an answer, earliest first",
     .tag = "desk",
     .run = demands_get,
     .who = DESK,
     .reply_schema = "StaffReportPage",
     .params = demand_params,
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/desk/reports",
     .operation = "deskReports",
     .summary = "All reports, newest first",
     .tag = "desk",
     .run = all_get,
     .who = DESK,
     .reply_schema = "StaffReportPage",
     .params = all_params,
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/desk/numbers/{number}",
     .operation = "deskNumber",
     .summary = "A report by its number",
     .tag = "desk",
     .run = number_get,
     .who = DESK,
     .reply_schema = "Report",
     .problems = not_found,
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/desk/officers/{id}/reports",
     .operation = "deskOfficer",
     .summary =
         "What is assigned to an officer, as an inbox; for leaders, their deputies and inspectors",
     .tag = "desk",
     .run = officer_get,
     .who = ROLE_OFFICER | ROLE_LEADER | ROLE_INSPECTOR,
     .reply_schema = "StaffReportPage",
     .problems = not_found,
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/desk/colleagues",
     .operation = "deskColleagues",
     .summary = "Active staff of my agency",
     .tag = "desk",
     .run = colleagues_get,
     .who = DESK | ROLE_ADMIN,
     .reply_schema = "StaffList",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/desk/figures",
     .operation = "deskFigures",
     .summary = "Counts by state and lateness over a span of days",
     .tag = "desk",
     .run = figures_get,
     .who = DESK,
     .reply_schema = "Figures",
     .params = figure_params,
     .rate = RATE_READ},
    {0},
};
