/* Mandates at the desk: whoever was recorded is believed when the papers were seen. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/person/at_desk.h"
#include "domain/person/card.h"
#include "handlers/identity/looks.h"
#include "handlers/org/mandates.h"

static int show(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct mandate m = {0};
    struct mandate_view view;
    int done = mandate_decode(doc, req->arena, &m);
    if (done == 0)
        done = mandate_show(&app_of(req)->people, &m, NULL, false, req->now_ms, req->arena, &view);
    if (done == 0)
        entity_json(&mandate_view_entity, &view, SEE_INSPECTOR, out);
    return done;
}

static int list_get(struct request *req, struct reply *reply)
{
    return desk_list(req, reply, &mandate_collection, mandate_states[MANDATE_PENDING].name,
                     "created", show);
}

/* One that the desk has to do with; 404 answered otherwise. */
static int find(const struct request *req, struct reply *reply, struct mandate *ret)
{
    struct id id;
    int done = request_param_id(req, "id", &id)
                   ? mandate_get(app_of(req)->store, &id, req->arena, ret)
                   : STORE_ABSENT;
    if (done < 0)
        return done;
    if (done > 0 || !desk_serves(req, ret->commune))
        reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return 0;
}

static int look_at(const struct request *req, const struct id *person, unsigned what)
{
    return id_is_nil(person) ? 0
                             : app_look(req, &(struct app_look){.person = *person, .what = what});
}

/* With names and numbers, to be held against the papers; each look is recorded for both. */
static int one_get(struct request *req, struct reply *reply)
{
    struct mandate m = {0};
    int done = find(req, reply, &m);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = look_at(req, &m.subject, LOOK_NAME | LOOK_CARD);
    if (done == 0)
        done = look_at(req, &m.agent, LOOK_NAME);
    return done != 0 ? done : mandates_reply(req, reply, &m, NULL, SEE_AGENCY, 200);
}

/*
 * The papers were seen: the number finds who is represented from now on, or they turn out to be
 * somebody who has shown it before. What is theirs then follows them, as after a sign-in.
 */
static int confirm_subject(const struct request *req, struct reply *reply, const struct mandate *m,
                           struct mandate_act *act)
{
    const struct people *people = &app_of(req)->people;
    const char *card = json_string_value(json_object_get(req->json, "card"));
    int year = clock_date_of_day(clock_day_number(req->now_ms)).year;
    int done = 0;
    if (card && (!m->recorded || card_check(card, 0, year) != CARD_SOUND))
        return reply_invalid(reply, "/card", "Không phải số định danh", "Not a number");
    if (!m->recorded || mandate_state_now(m, req->now_ms) != MANDATE_PENDING)
        return 0;
    if (!card && m->card.n > 0)
        done = dependant_open(people, &m->subject, "mandate.card", &m->card, req->arena, &card);
    if (done == 0)
        done = dependant_confirm(people, &m->subject, card, req->now_ms, req->arena, &act->subject);
    if (done != 0)
        return mandates_reply_outcome(req, reply, done);
    if (!id_equal(&act->subject, &m->subject)) {
        struct signed_in in = {.work = true, .old = m->subject};
        in.person.id = act->subject;
        auth_settle(req, &in);
    }
    return 0;
}

static int step_post(struct request *req, struct reply *reply)
{
    struct mandate m = {0};
    struct mandate_act act = {.verb = request_param(req, "verb"),
                              .by = req->who.subject,
                              .office = req->who.agency,
                              .note = app_text(req, "note"),
                              .now_ms = req->now_ms};
    int done = find(req, reply, &m);
    if (done == 0 && !reply_is_problem(reply) && !act.note)
        return reply_invalid(reply, "/note", "Ghi chú không được trống", "The note is empty");
    if (done == 0 && !reply_is_problem(reply) && strcmp(act.verb, "verify") == 0)
        done = confirm_subject(req, reply, &m, &act);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = mandate_do(app_of(req)->store, &m.id, &act, req->arena, &m);
    if (done == 0)
        app_acting_changed(req, &m.subject);
    if (done == 0)
        done = mandates_tell(req, &m, &act);
    return done == 0 ? mandates_reply(req, reply, &m, NULL, SEE_INSPECTOR, 200)
                     : mandates_reply_outcome(req, reply, done);
}

/* --- another agent -----------------------------------------------------------------------------
 */

/* A parent's and a guardian's goes no further than the one before, which ends when a child is of
 * age. */
static int64_t read_until(const struct request *req, struct reply *reply, const struct mandate *m)
{
    const char *text = json_string_value(json_object_get(req->json, "until"));
    int64_t today = clock_day_number(req->now_ms), last = 0;
    int64_t most = clock_day_start_ms(today + MANDATE_YEARS_MAX * 365);
    bool bound = m->kind != MANDATE_PROXY && m->until_ms > req->now_ms;
    if (text && (!clock_day_parse(text, &last) || last < today || clock_day_start_ms(last) > most))
        reply_invalid(reply, "/until", "Phải từ hôm nay đến 10 năm sau",
                      "Must be from today to ten years from now");
    if (!text)
        return bound ? m->until_ms : clock_day_start_ms(today + 365);
    int64_t until_ms = clock_day_start_ms(last + 1);
    return bound && until_ms > m->until_ms ? m->until_ms : until_ms;
}

static int hand_on_post(struct request *req, struct reply *reply)
{
    const struct people *people = &app_of(req)->people;
    const char *card = json_string_value(json_object_get(req->json, "card"));
    int year = clock_date_of_day(clock_day_number(req->now_ms)).year;
    struct mandate m = {0}, made = {0};
    struct person agent = {0}, subject = {0};
    struct mandate_act told = {.verb = "hand_on",
                               .by = req->who.subject,
                               .office = req->who.agency,
                               .note = app_text(req, "note"),
                               .now_ms = req->now_ms};
    int done = find(req, reply, &m);
    if (done != 0 || reply_is_problem(reply))
        return done;
    struct mandate_handing h = {
        .from = &m,
        .kind =
            entity_enum_value(mandate_kinds, json_string_value(json_object_get(req->json, "kind"))),
        .officer = req->who.subject,
        .office = req->who.agency,
        .note = told.note,
        .until_ms = read_until(req, reply, &m),
        .now_ms = req->now_ms};
    if (!told.note)
        reply_invalid(reply, "/note", "Ghi chú không được trống", "The note is empty");
    if (card_check(card, 0, year) != CARD_SOUND)
        reply_invalid(reply, "/card", "Không phải số căn cước", "Not a card number");
    if (reply_is_problem(reply))
        return 0;
    /* Who was forgotten, or has become somebody else, is not given to anybody. */
    done = person_get(people, &m.subject, req->arena, &subject);
    if (done == 0)
        done = look_at(req, &m.subject, LOOK_NAME);
    if (done == 0)
        done = person_at_desk(people, card, req->now_ms, req->arena, &agent);
    h.agent = agent.id;
    if (done == 0)
        done = look_at(req, &agent.id, LOOK_CARD);
    if (done == 0)
        done = mandate_hand_on(people->store, &h, req->arena, &made);
    if (done != 0)
        return mandates_reply_outcome(req, reply, done);
    app_acting_changed(req, &made.subject);
    done = mandates_tell(req, &made, &told);
    return done == 0 ? mandates_reply(req, reply, &made, NULL, SEE_INSPECTOR, 201) : done;
}

static const struct route_param list_params[] = {
    {"state", "{\"enum\":[\"pending\",\"active\",\"refused\",\"ended\"]}",
     "In this state; pending without it"},
    {"commune", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":8}",
     "Whose office sees the papers"},
    {0},
};
static const enum problem read_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem step_problems[] = {PROBLEM_NOT_FOUND,   PROBLEM_INVALID,
                                             PROBLEM_WRONG_STATE, PROBLEM_GONE,
                                             PROBLEM_CONFLICT,    PROBLEM_NONE};

#define DESK (ROLE_OFFICER | ROLE_LEADER | ROLE_DISPATCHER)

const struct route desk_mandate_routes[] = {
    {.method = GET,
     .path = "/v1/desk/mandates",
     .operation = "deskMandates",
     .summary = "Who wants to act for somebody, the longest waiting first; without names",
     .tag = "desk",
     .run = list_get,
     .who = DESK,
     .reply_schema = "DeskMandatePage",
     .params = list_params,
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/desk/mandates/{id}",
     .operation = "deskMandate",
     .summary = "One with names and numbers; each look is recorded for both sides",
     .tag = "desk",
     .run = one_get,
     .who = DESK,
     .reply_schema = "DeskMandate",
     .problems = read_problems,
     .rate = RATE_READ},
    {.method = POST,
     .path = "/v1/desk/mandates/{id}/steps/{verb}",
     .operation = "deskMandateStep",
     .summary = "verify against the papers, refuse, or end it at once",
     .tag = "desk",
     .run = step_post,
     .who = DESK,
     .body = BODY_JSON,
     .body_schema = "mandate_decide",
     .reply_schema = "DeskMandateRow",
     .problems = step_problems,
     .rate = RATE_WRITE},
    {.method = POST,
     .path = "/v1/desk/mandates/{id}/successor",
     .operation = "deskMandateHandOn",
     .summary = "Another agent for who was recorded and whom nobody acts for any more",
     .tag = "desk",
     .run = hand_on_post,
     .who = DESK,
     .body = BODY_JSON,
     .body_schema = "mandate_hand_on",
     .reply_schema = "DeskMandateRow",
     .reply_status = 201,
     .problems = step_problems,
     .rate = RATE_WRITE},
    {0},
};
