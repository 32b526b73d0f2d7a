/* Organisations at the desk: those that wait to be confirmed against their papers, and what an
 * office decides of one. A commune's officers see those registered in it, the portal all. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/identity/looks.h"
#include "handlers/org/orgs.h"

/* Nobody finds out by trying who has an account. */
static const struct limit_rule cards_day = {"desk.card.day", CLOCK_DAY_MS, 50};

static int show(const struct request *req, const bson_t *doc, struct buf *out)
{
    const struct org_looker who = {.now_ms = req->now_ms};
    struct organisation o;
    struct org_view view;
    int done = org_decode(doc, req->arena, &o);
    if (done == 0)
        done = org_show(&app_of(req)->people, &o, &who, req->arena, &view);
    if (done < 0)
        return done;
    entity_json(&org_view_entity, &view, SEE_INSPECTOR, out); /* of an erased one, what is left */
    return 0;
}

static int list_get(struct request *req, struct reply *reply)
{
    return desk_list(req, reply, &organisation_collection, org_states[ORG_PENDING].name,
                     "registered", show);
}

/* The new representative: whose card was shown, and who has signed in by e-ID before. */
static int find_representative(const struct request *req, struct reply *reply, struct org_act *act)
{
    const char *card = json_string_value(json_object_get(req->json, "card"));
    struct person person = {0};
    int64_t retry_ms = 0;
    if (!card)
        return reply_invalid(reply, "/card", "Cần số căn cước của người đại diện mới",
                             "The card of the new representative is needed");
    int done = limit_take(app_of(req)->store, &cards_day, req->who.subject.bytes, 16, req->now_ms,
                          &retry_ms);
    if (done == LIMIT_REACHED)
        return auth_reply_later(req, reply, retry_ms);
    if (done == 0)
        done = person_of_card(&app_of(req)->people, card, req->arena, &person);
    if (done == STORE_ABSENT)
        return reply_invalid(reply, "/card", "Người này chưa đăng nhập bằng định danh điện tử",
                             "This person has not signed in by e-ID yet");
    act->person = person.id;
    act->member = id_v4();
    return done;
}

/* One that the desk has to do with; 404 answered otherwise. */
static int find(const struct request *req, struct reply *reply, struct organisation *ret)
{
    struct id id;
    *ret = (struct organisation){0};
    int done = request_param_id(req, "id", &id) ? org_get(app_of(req)->store, &id, req->arena, ret)
                                                : STORE_ABSENT;
    if (done < 0)
        return done;
    if (done > 0 || !desk_serves(req, ret->commune))
        reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return 0;
}

/* With who represents it, to be held against the papers; each look is recorded for them. */
static int one_get(struct request *req, struct reply *reply)
{
    struct organisation o;
    int done = find(req, reply, &o);
    if (done != 0 || reply_is_problem(reply))
        return done;
    const struct org_member *members = o.members.items;
    for (size_t i = 0; i < o.members.n && done == 0; i++) {
        if (members[i].state == MEMBER_ACTIVE)
            done = app_look(req, &(struct app_look){.person = members[i].person,
                                                    .what = LOOK_NAME | LOOK_ORGANISATION});
    }
    return done != 0 ? done : orgs_reply(req, reply, &o, SEE_AGENCY, 200);
}

static int step_post(struct request *req, struct reply *reply)
{
    struct organisation o;
    struct org_act act = {.verb = request_param(req, "verb"),
                          .by = req->who.subject,
                          .office = req->who.agency,
                          .note = app_text(req, "note"),
                          .now_ms = req->now_ms};
    int64_t revision = STORE_ANY_REVISION;
    if (request_if_match(req, &revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    if (!act.note)
        return reply_invalid(reply, "/note", "Ghi chú không được trống", "The note is empty");
    int done = find(req, reply, &o);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (strcmp(act.verb, "replace") == 0)
        done = find_representative(req, reply, &act);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = org_act(app_of(req)->store, &o.id, &act, revision, req->arena, &o);
    if (done == ORG_FORBIDDEN) /* a verb that is none of an office's */
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (done == ORG_STATE)
        return reply_problem(reply, PROBLEM_WRONG_STATE, NULL);
    if (done == 0)
        app_acting_changed(req, &o.id);
    if (done == 0)
        done = orgs_tell(req, &o, &act);
    return done == 0 ? orgs_reply(req, reply, &o, SEE_INSPECTOR, 200)
                     : orgs_reply_outcome(req, reply, done);
}

static const struct route_param list_params[] = {
    {"state", "{\"enum\":[\"pending\",\"confirmed\",\"refused\",\"ended\"]}",
     "In this state; pending without it"},
    {"commune", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":8}",
     "Registered in this commune"},
    {0},
};
static const enum problem read_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_GONE, PROBLEM_NONE};
static const enum problem step_problems[] = {
    PROBLEM_NOT_FOUND, PROBLEM_INVALID,  PROBLEM_WRONG_STATE, PROBLEM_REVISED,
    PROBLEM_GONE,      PROBLEM_CONFLICT, PROBLEM_NONE};

#define DESK (ROLE_OFFICER | ROLE_LEADER | ROLE_DISPATCHER)

const struct route desk_org_routes[] = {
    {.method = GET,
     .path = "/v1/desk/organisations",
     .operation = "deskOrganisations",
     .summary = "Organisations that wait to be confirmed, the longest waiting first",
     .tag = "desk",
     .run = list_get,
     .who = DESK,
     .reply_schema = "DeskOrganisationPage",
     .params = list_params,
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/desk/organisations/{id}",
     .operation = "deskOrganisation",
     .summary = "An organisation with who represents it; each look is recorded for them",
     .tag = "desk",
     .run = one_get,
     .who = DESK,
     .reply_schema = "DeskOrganisation",
     .problems = read_problems,
     .rate = RATE_READ},
    {.method = POST,
     .path = "/v1/desk/organisations/{id}/steps/{verb}",
     .operation = "deskOrganisationStep",
     .summary = "confirm against the papers, refuse, replace its representative, or end it",
     .tag = "desk",
     .run = step_post,
     .who = DESK,
     .body = BODY_JSON,
     .body_schema = "org_decide",
     .reply_schema = "DeskOrganisationRow",
     .problems = step_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_IF_MATCH},
    {0},
};
