/* The desk's dossiers: an agency's inbox by deadline, what waits to be handed out, what is late. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/cases.h"
#include "handlers/dossier/dossiers.h"

static int reply_rows(const struct request *req, struct reply *reply, const struct filter *f,
                      const char *order, bool descending)
{
    return cases_reply_rows(req, reply, &dossier_collection, f, order, descending,
                            dossier_show_staff);
}

static bool is_to_sign(const bson_t *doc, void *ctx)
{
    (void)ctx;
    struct dossier d;
    struct arena a;
    arena_init(&a);
    bool is = dossier_decode(doc, &a, &d) == 0 && dossier_is_to_sign(&d);
    arena_release(&a);
    return is;
}

static int inbox_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    const char *agency = cases_agency_asked(req), *mine = request_query(req, "mine");
    const char *sign = request_query(req, "to_sign");
    if (mine && strcmp(mine, "true") == 0)
        filter_is(&f, "officer", store_id(req->who.subject));
    else
        filter_is(&f, "agency", store_text(agency ? agency : req->who.agency));
    filter_is(&f, "open", store_int(1));
    filter_query(&f, req, "procedure");
    if (!sign || strcmp(sign, "true") != 0) {
        filter_query(&f, req, "state");
        return reply_rows(req, reply, &f, "turn", false);
    }
    filter_is(&f, "state", store_text(dossier_states[DOSSIER_IN_PROGRESS].name));
    return cases_reply_query(req, reply, &dossier_collection, &f,
                             (struct store_query){.order = "turn", .keep = is_to_sign},
                             dossier_show_staff);
}

/* What was filed at this desk and is in a state: results that wait to be fetched. */
static int desk_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    const char *state = request_query(req, "state"), *agency = cases_agency_asked(req);
    filter_is(&f, "desk", store_text(agency ? agency : req->who.agency));
    filter_is(&f, "state", store_text(state ? state : "finished"));
    filter_query(&f, req, "procedure");
    return reply_rows(req, reply, &f, "due", false);
}

static int late_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    struct store_range past;
    cases_filter_late(req, &f, &past);
    return reply_rows(req, reply, &f, "due", false);
}

static int demands_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    struct store_range any;
    cases_filter_demands(req, &f, &any);
    return reply_rows(req, reply, &f, "answer_due", false);
}

static int all_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    const char *agency = cases_agency_asked(req);
    if (agency)
        filter_is(&f, "agency", store_text(agency));
    filter_query(&f, req, "state");
    filter_query(&f, req, "procedure");
    return reply_rows(req, reply, &f, "filed", true);
}

static int number_get(struct request *req, struct reply *reply)
{
    void *found = NULL;
    int done = cases_by_number(req, reply, &dossier_kept, request_param(req, "number"), &found);
    if (done != 0 || !found)
        return done;
    const struct dossier *d = found;
    struct case_actor actor = app_actor(req);
    unsigned see = case_see(&d->head, &actor);
    return see ? dossier_reply(req, reply, d, see, 200)
               : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
}

/* --- the table -------------------------------------------------------------------------------- */

#define STATES                                                                                     \
    "{\"enum\":[\"submitted\",\"received\",\"refused\",\"in_progress\",\"supplement\",\"fee\","    \
    "\"withdrawing\",\"stopped\",\"finished\",\"returned\",\"paused\"]}"
#define STATE                                                                                      \
    {                                                                                              \
        "state", STATES, "State of the dossier"                                                    \
    }
#define PROCEDURE                                                                                  \
    {                                                                                              \
        "procedure", "{\"type\":\"string\",\"maxLength\":80}", "National code of the procedure"    \
    }
#define AGENCY                                                                                     \
    {                                                                                              \
        "agency", "{\"type\":\"string\",\"maxLength\":35}", "Code; officers and leaders: theirs"   \
    }

static const struct route_param inbox_params[] = {
    {"mine", "{\"enum\":[\"true\",\"false\"]}", "Only what is assigned to me"},
    {"to_sign", "{\"enum\":[\"true\",\"false\"]}",
     "Only what was put to the leader, and neither signed nor sent back"},
    STATE,
    PROCEDURE,
    AGENCY,
    {0}};
static const struct route_param list_params[] = {STATE, PROCEDURE, AGENCY, {0}};
static const struct route_param late_params[] = {
    AGENCY,
    {"soon_minutes", "{\"type\":\"string\",\"pattern\":\"^[0-9]{1,6}$\"}",
     "Also what will be late within so many minutes"},
    {0}};
static const struct route_param demand_params[] = {
    AGENCY,
    {"late", "{\"enum\":[\"true\",\"false\"]}", "Only those of which an answer is overdue"},
    {0}};
static const enum problem read_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

#define LIST(path_, operation_, summary_, run_, params_)                                           \
    {                                                                                              \
        .method = GET, .path = path_, .operation = operation_, .summary = summary_, .tag = "desk", \
        .run = run_, .who = ROLE_OFFICER | ROLE_LEADER | ROLE_INSPECTOR,                           \
        .reply_schema = "StaffDossierPage", .params = params_, .rate = RATE_READ,                  \
        .flags = ROUTE_PAGED                                                                       \
    }

const struct route desk_dossier_routes[] = {
    LIST("/v1/desk/dossiers/inbox", "deskDossierInbox",
         "Open dossiers of the agency by deadline, last what waits for the applicant", inbox_get,
         inbox_params),
    LIST("/v1/desk/dossiers/filed-here", "deskDossierFiledHere",
         "What was filed at this desk, by state: results that wait to be fetched", desk_get,
         list_params),
    LIST("/v1/desk/dossiers/late", "deskDossierLate", "Late now, or soon, earliest deadline first",
         late_get, late_params),
    LIST("/v1/desk/dossiers/demands", "deskDossierDemands",
         "Dossiers with a demand (urge, direct, explain) that wants an answer, earliest first",
         demands_get, demand_params),
    LIST("/v1/desk/dossiers", "deskDossiers", "All dossiers, newest first", all_get, list_params),
    {.method = GET,
     .path = "/v1/desk/dossiers/by-number/{number}",
     .operation = "deskDossierByNumber",
     .summary = "A dossier by its code",
     .tag = "desk",
     .run = number_get,
     .who = ROLE_OFFICER | ROLE_LEADER | ROLE_INSPECTOR,
     .reply_schema = "Dossier",
     .problems = read_problems,
     .rate = RATE_READ},
    {0},
};
