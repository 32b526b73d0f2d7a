/* Organisations, for those who belong to them: registering, members and their roles. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/org/tax_code.h"
#include "handlers/org/orgs.h"

#define LIST_MAX ((size_t)1 << 20)

static const struct limit_rule register_day = {"org.register.day", CLOCK_DAY_MS, 10};
static const struct limit_rule invite_day = {"org.invite.day", CLOCK_DAY_MS, 60};

/* --- registering ------------------------------------------------------------------------------ */

/* A household's number of twelve digits is its owner's own: who registers has shown it by e-ID. */
static int check_tax_code(const struct request *req, struct reply *reply, struct org_draft *d)
{
    const struct people *people = &app_of(req)->people;
    int year = clock_date_of_day(clock_day_number(req->now_ms)).year;
    enum tax_code_kind kind = tax_code_check(d->tax_code, year);
    struct person person;
    const char *card = NULL;
    if (kind == TAX_CODE_NONE)
        return reply_invalid(reply, "/tax_code", "Mã số thuế không đúng: hãy xem lại từng chữ số",
                             "Not a tax code: look at its digits again");
    if (kind != TAX_CODE_PERSON)
        return 0;
    if (d->kind != ORG_HOUSEHOLD)
        return reply_invalid(reply, "/tax_code", "Chỉ hộ kinh doanh dùng số định danh cá nhân",
                             "Only a household business has a personal identification number");
    int done = person_get(people, &req->who.subject, req->arena, &person);
    if (done == 0)
        done = person_card(people, &person, req->arena, &card);
    if (done != 0)
        return orgs_reply_outcome(req, reply, done);
    if (!card || strcmp(card, d->tax_code) != 0)
        reply_invalid(reply, "/tax_code", "Phải là số định danh cá nhân của chính chủ hộ đăng ký",
                      "Must be the number of the owner, who registers it");
    return 0;
}

static int read_draft(const struct request *req, struct reply *reply, struct org_draft *d)
{
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app_of(req)->areas);
    const char *commune = json_string_value(json_object_get(req->json, "commune"));
    *d = (struct org_draft){
        .kind = entity_enum_value(org_kinds, json_string_value(json_object_get(req->json, "kind"))),
        .tax_code = json_string_value(json_object_get(req->json, "tax_code")),
        .name = app_text(req, "name"),
        .address = app_text(req, "address"),
        .commune = commune,
        .person = req->who.subject,
        .now_ms = req->now_ms,
    };
    if (!d->name)
        reply_invalid(reply, "/name", "Tên không được trống", "The name is empty");
    if (!area_by_code(areas, commune))
        reply_invalid(reply, "/commune", "Không có xã, phường mang mã này",
                      "There is no commune of this code");
    return check_tax_code(req, reply, d);
}

static int register_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct org_draft draft;
    struct organisation o;
    struct org_paper *papers = NULL;
    int64_t retry_ms = 0;
    int done = read_draft(req, reply, &draft);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done =
        limit_take(app->store, &register_day, req->who.subject.bytes, 16, req->now_ms, &retry_ms);
    if (done == LIMIT_REACHED)
        return auth_reply_later(req, reply, retry_ms);
    struct id id = org_id(&app->people, draft.tax_code);
    if (done == 0)
        done = orgs_take_papers(req, reply, json_object_get(req->json, "photos"), &id, &papers,
                                &draft.n_papers);
    if (done != 0 || reply_is_problem(reply))
        return done;
    draft.papers = papers;
    done = org_register(&app->people, &draft, req->arena, &o);
    if (done != 0)
        return orgs_reply_outcome(req, reply, done);
    reply_header(reply, "location",
                 arena_printf(req->arena, "/v1/organisations/%s", app_id_text(req, &o.id)));
    return orgs_reply(req, reply, &o, SEE_OWNER, 201);
}

/* --- reading ---------------------------------------------------------------------------------- */

static int mine_get(struct request *req, struct reply *reply)
{
    const struct people *people = &app_of(req)->people;
    struct org_looker who = {.person = req->who.subject, .now_ms = req->now_ms};
    struct organisation *list = NULL;
    struct id *contacts = NULL;
    size_t n = 0;
    int done = orgs_contacts(req, &contacts, &who.n_contacts);
    who.contacts = contacts;
    if (done == 0)
        done = org_list(people->store, &who.person, contacts, who.n_contacts, req->now_ms,
                        req->arena, &list, &n);
    if (done != 0)
        return orgs_reply_outcome(req, reply, done);
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, LIST_MAX);
    buf_add_str(&out, "{\"items\":[");
    for (size_t i = 0; i < n && done == 0; i++) {
        struct org_view view;
        bool member = org_member_of(&list[i], &who.person) != NULL;
        done = org_show(people, &list[i], &who, req->arena, &view);
        if (done == 0 && i > 0)
            buf_add_char(&out, ',');
        if (done == 0)
            entity_json(&org_view_entity, &view, member ? SEE_OWNER : SEE_SELF, &out);
    }
    buf_add_str(&out, "]}");
    if (done != 0)
        return orgs_reply_outcome(req, reply, done);
    return out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

static int org_get_one(struct request *req, struct reply *reply)
{
    struct organisation o;
    struct id id, *contacts = NULL;
    size_t n = 0;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = org_get(app_of(req)->store, &id, req->arena, &o);
    if (done != 0)
        return orgs_reply_outcome(req, reply, done);
    if (org_member_of(&o, &req->who.subject))
        return orgs_reply(req, reply, &o, SEE_OWNER, 200);
    done = orgs_contacts(req, &contacts, &n);
    if (done != 0)
        return orgs_reply_outcome(req, reply, done);
    if (org_invitation(&o, contacts, n, req->now_ms))
        return orgs_reply(req, reply, &o, SEE_SELF, 200);
    return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
}

/* --- members ---------------------------------------------------------------------------------- */

static int carry_out(struct request *req, struct reply *reply, struct org_act *act)
{
    struct organisation o;
    struct id id;
    int64_t revision = STORE_ANY_REVISION;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (request_if_match(req, &revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    act->by = req->who.subject;
    act->now_ms = req->now_ms;
    int done = org_act(app_of(req)->store, &id, act, revision, req->arena, &o);
    if (done == 0)
        app_acting_changed(req, &o.id);
    if (done == 0)
        done = orgs_tell(req, &o, act);
    if (done != 0)
        return orgs_reply_outcome(req, reply, done);
    int status = req->route->reply_status;
    return status == 204 ? reply_empty(reply, 204) : orgs_reply(req, reply, &o, SEE_OWNER, 200);
}

static int role_of(const struct request *req)
{
    const char *role = json_string_value(json_object_get(req->json, "role"));
    return role ? entity_enum_value(org_roles, role) : 0;
}

static int invite_post(struct request *req, struct reply *reply)
{
    struct org_act act = {.verb = "invite", .member = id_v4(), .role = role_of(req)};
    int64_t retry_ms = 0;
    if (!orgs_read_contact(req, reply, req->json, "", &act.contact, &act.hint))
        return 0;
    int done = limit_take(app_of(req)->store, &invite_day, req->who.subject.bytes, 16, req->now_ms,
                          &retry_ms);
    if (done == LIMIT_REACHED)
        return auth_reply_later(req, reply, retry_ms);
    return done != 0 ? done : carry_out(req, reply, &act);
}

static int member_verb(struct request *req, struct reply *reply, const char *verb)
{
    struct org_act act = {.verb = verb, .role = role_of(req)};
    struct id *contacts = NULL;
    if (!request_param_id(req, "member", &act.member))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = orgs_contacts(req, &contacts, &act.n_contacts);
    act.contacts = contacts;
    return done != 0 ? orgs_reply_outcome(req, reply, done) : carry_out(req, reply, &act);
}

static int role_patch(struct request *req, struct reply *reply)
{
    return member_verb(req, reply, "role");
}

static int member_delete(struct request *req, struct reply *reply)
{
    return member_verb(req, reply, "remove");
}

static int leave_post(struct request *req, struct reply *reply)
{
    struct org_act act = {.verb = "leave"};
    return carry_out(req, reply, &act);
}

static int accept_post(struct request *req, struct reply *reply)
{
    return member_verb(req, reply, "accept");
}

static int decline_post(struct request *req, struct reply *reply)
{
    return member_verb(req, reply, "decline");
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem register_problems[] = {PROBLEM_INVALID, PROBLEM_TAKEN, PROBLEM_GONE,
                                                 PROBLEM_CONFLICT, PROBLEM_NONE};
static const enum problem read_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_GONE, PROBLEM_NONE};
static const enum problem member_problems[] = {
    PROBLEM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_INVALID, PROBLEM_WRONG_STATE,
    PROBLEM_CONFLICT,  PROBLEM_REVISED,   PROBLEM_GONE,    PROBLEM_NONE};

const struct route org_routes[] = {
    {.method = POST,
     .path = "/v1/me/organisations",
     .operation = "organisationRegister",
     .summary = "Register an organisation by its tax code and represent it; an office confirms it",
     .tag = "organisations",
     .run = register_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .body = BODY_JSON,
     .body_schema = "org_new",
     .reply_schema = "Organisation",
     .reply_status = 201,
     .problems = register_problems,
     .rate = RATE_WRITE},
    {.method = GET,
     .path = "/v1/me/organisations",
     .operation = "organisationList",
     .summary = "Organisations that I belong to, and those that invite me",
     .tag = "organisations",
     .run = mine_get,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "OrganisationList",
     .problems = read_problems,
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/organisations/{id}",
     .operation = "organisationGet",
     .summary = "An organisation, its members and history, for its members",
     .tag = "organisations",
     .run = org_get_one,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "Organisation",
     .problems = read_problems,
     .rate = RATE_READ},
    {.method = POST,
     .path = "/v1/organisations/{id}/members",
     .operation = "memberInvite",
     .summary = "Invite somebody by a number of theirs, for 14 days",
     .tag = "organisations",
     .run = invite_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .body = BODY_JSON,
     .body_schema = "org_invite",
     .reply_schema = "Organisation",
     .problems = member_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_IF_MATCH},
    {.method = PATCH,
     .path = "/v1/organisations/{id}/members/{member}",
     .operation = "memberChange",
     .summary = "Give a member another role",
     .tag = "organisations",
     .run = role_patch,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .body = BODY_JSON,
     .body_schema = "org_role",
     .reply_schema = "Organisation",
     .problems = member_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_IF_MATCH},
    {.method = DELETE,
     .path = "/v1/organisations/{id}/members/{member}",
     .operation = "memberRemove",
     .summary = "Remove a member, or take an invitation back",
     .tag = "organisations",
     .run = member_delete,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_status = 204,
     .problems = member_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_IF_MATCH},
    {.method = POST,
     .path = "/v1/organisations/{id}/members/{member}/accept",
     .operation = "memberAccept",
     .summary = "Accept an invitation to one of my numbers",
     .tag = "organisations",
     .run = accept_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "Organisation",
     .problems = member_problems,
     .rate = RATE_WRITE},
    {.method = POST,
     .path = "/v1/organisations/{id}/members/{member}/decline",
     .operation = "memberDecline",
     .summary = "Decline an invitation",
     .tag = "organisations",
     .run = decline_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_status = 204,
     .problems = member_problems,
     .rate = RATE_WRITE},
    {.method = POST,
     .path = "/v1/organisations/{id}/leave",
     .operation = "memberLeave",
     .summary = "Leave an organisation; its last representative names another first",
     .tag = "organisations",
     .run = leave_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_status = 204,
     .problems = member_problems,
     .rate = RATE_WRITE},
    {0},
};
