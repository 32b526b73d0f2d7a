/* Duty rosters, and the emergencies that climb them. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/staff/emergency.h"
#include "handlers/staff/staff.h"

/* --- the roster ------------------------------------------------------------------------------- */

static int reply_roster(const struct request *req, struct reply *reply, const char *agency)
{
    struct roster roster;
    CLEANUP(buf_release) struct buf out = {0};
    int done = roster_get(app_of(req)->store, agency, req->arena, &roster);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    buf_init(&out, 256 * 1024);
    entity_json(&roster_entity, &roster, SEE_AGENCY, &out);
    reply_etag(reply, roster.revision);
    return out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

static int roster_read(struct request *req, struct reply *reply)
{
    return reply_roster(req, reply, req->who.agency);
}

/* Dates in order, and everybody an active member of the agency's staff. */
static int check_shift(const struct request *req, struct reply *reply,
                       const struct roster_shift *shift, size_t at)
{
    const struct roster_person *people = shift->people.items;
    if (shift->first && shift->last && strcmp(shift->first, shift->last) > 0)
        reply_invalid(reply, arena_printf(req->arena, "/shifts/%zu/last", at),
                      "Ngày cuối trước ngày đầu", "The last day comes before the first");
    for (size_t i = 0; i < shift->people.n; i++) {
        struct staff staff;
        int done = staff_get(app_of(req)->store, &people[i].id, req->arena, &staff);
        if (done < 0)
            return done;
        if (done > 0 || !staff.active || strcmp(staff.agency, req->who.agency) != 0)
            reply_invalid(reply, arena_printf(req->arena, "/shifts/%zu/people/%zu/id", at, i),
                          "Không phải cán bộ đang làm việc của cơ quan này",
                          "Not an active member of this agency's staff");
    }
    return 0;
}

static int roster_write(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct roster roster = {0};
    int64_t revision = STORE_ANY_REVISION;
    const char *wrong = entity_read(&roster_entity, req->json, req->arena, &roster);
    if (wrong)
        return reply_invalid(reply, wrong, "Giá trị không phù hợp", "The value does not fit");
    if (request_if_match(req, &revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    const struct roster_shift *shifts = roster.shifts.items;
    int done = staff_doer_of(req, &doer);
    for (size_t i = 0; done == 0 && i < roster.shifts.n; i++)
        done = check_shift(req, reply, &shifts[i], i);
    if (done != 0 || reply_is_problem(reply))
        return done;
    roster.agency = req->who.agency;
    done = roster_put(app_of(req)->store, &roster, &doer, revision, req->now_ms);
    return done != 0 ? (done < 0 ? done : app_reply_store(reply, done))
                     : reply_roster(req, reply, req->who.agency);
}

/* --- emergencies ------------------------------------------------------------------------------ */

static int show_alarm(const struct request *req, const struct alarm *alarm, struct buf *out)
{
    bool first = false;
    buf_printf(out, "{\"id\":\"%s\"", app_id_text(req, &alarm->id));
    entity_json_members(&alarm_entity, alarm, SEE_AGENCY, &first, out);
    buf_add_char(out, '}');
    return 0;
}

static int show(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct alarm alarm;
    int done = alarm_decode(doc, req->arena, &alarm);
    return done != 0 ? done : show_alarm(req, &alarm, out);
}

static int emergencies_get(struct request *req, struct reply *reply)
{
    const struct store_value of = store_text(req->who.agency);
    const struct store_condition is = {
        .field = "agency", .op = STORE_EQ, .values = &of, .n_values = 1};
    bool all = req->who.role == ROLE_DISPATCHER || req->who.role == ROLE_INSPECTOR;
    struct store_query q = {.conditions = &is,
                            .n_conditions = all ? 0 : 1,
                            .order = "at",
                            .descending = true,
                            .limit = app_limit(req, 50, STORE_LIMIT_MAX)};
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    struct store_page page;
    int done = store_scan(app_of(req)->store, &alarm_collection, &q, req->arena, &page);
    return done != 0 ? done : app_reply_page(req, reply, &page, show);
}

static int acknowledge_post(struct request *req, struct reply *reply)
{
    struct app *app = app_of(req);
    struct alarm alarm;
    struct id about;
    size_t n = 0;
    int done = request_param_id(req, "id", &about)
                   ? alarm_of(app->store, &about, req->arena, &alarm)
                   : STORE_ABSENT;
    bool portal = req->who.role == ROLE_DISPATCHER;
    if (done < 0)
        return done;
    if (done > 0 || (!portal && strcmp(alarm.agency, req->who.agency) != 0))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done =
        alarm_acknowledge(app->store, &alarm.id, &req->who.subject,
                          portal || req->who.role == ROLE_LEADER, req->now_ms, req->arena, &alarm);
    if (done == ALARM_NOT_YOURS)
        return reply_problem(reply, PROBLEM_FORBIDDEN,
                             req->language == LANGUAGE_EN ? "You are not on this roster"
                                                          : "Bạn không có tên trong ca trực này");
    if (done < 0 || (done > 0 && done != ALARM_PAST))
        return done < 0 ? done : app_reply_store(reply, done);
    emergency_climb(app, req->now_ms, &n); /* what fails here the next round does */
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 65536);
    show_alarm(req, &alarm, &out);
    return out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem named[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem write_problems[] = {PROBLEM_INVALID, PROBLEM_REVISED, PROBLEM_NONE};

#define DESK (ROLE_DISPATCHER | ROLE_OFFICER | ROLE_LEADER)

/* clang-format off */
const struct route roster_routes[] = {
    {.method = GET, .path = "/v1/desk/roster", .operation = "rosterGet",
     .summary = "The duty roster of my agency", .tag = "staff", .run = roster_read,
     .who = DESK | ROLE_ADMIN, .reply_schema = "Roster", .problems = named, .rate = RATE_READ},
    {.method = PUT, .path = "/v1/desk/roster", .operation = "rosterPut",
     .summary = "Replace the roster; emergencies climb it from now on", .tag = "staff",
     .run = roster_write, .who = ROLE_LEADER | ROLE_ADMIN, .body = BODY_JSON,
     .body_schema = "roster", .reply_schema = "Roster", .problems = write_problems,
     .rate = RATE_WRITE, .flags = ROUTE_IF_MATCH},
    {.method = GET, .path = "/v1/desk/emergencies", .operation = "emergencyList",
     .summary = "Emergencies that climb, or climbed, a roster; newest first", .tag = "desk",
     .run = emergencies_get, .who = DESK | ROLE_INSPECTOR, .reply_schema = "EmergencyPage",
     .rate = RATE_READ, .flags = ROUTE_PAGED},
    {.method = POST, .path = "/v1/desk/emergencies/{id}/acknowledge",
     .operation = "emergencyAcknowledge",
     .summary = "I have heard of this report, by its id; nobody further is rung", .tag = "desk",
     .run = acknowledge_post, .who = DESK, .reply_schema = "Emergency", .problems = named,
     .rate = RATE_WRITE},
    {0},
};
/* clang-format on */
