/* A phone is lost, and the person stands at a desk with their card: their sessions end everywhere.
 * Who did it and where is told to them, so that nobody does it unseen. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/person/card.h"
#include "handlers/identity/auth.h"
#include "handlers/identity/looks.h"

/* Nobody finds out by trying who has an account. */
static const struct limit_rule cards_day = {"desk.card.day", CLOCK_DAY_MS, 50};

static int end_all(const struct request *req, const struct id *person, size_t *ret_n)
{
    const struct app *app = app_of(req);
    struct session *sessions = NULL;
    size_t n = 0;
    *ret_n = 0;
    int done = session_list(app->store, person, req->now_ms, req->arena, &sessions, &n);
    for (size_t i = 0; done == 0 && i < n; i++) {
        int ended = session_end(app->store, &sessions[i].id, person, "at_desk", req->now_ms);
        if (ended == 0)
            gateway_end_session(app->gateway, &sessions[i].id);
        *ret_n += ended == 0;
        done = ended < 0 ? ended : 0;
    }
    return done;
}

/* The agency's name in both languages. */
static int tell(const struct request *req, const struct id *person)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *agency = catalogue_agency(c, req->who.agency);
    const char *vi = agency ? agency->name : req->who.agency;
    const char *en = agency && agency->name_en ? agency->name_en : vi;
    const char *note = json_string_value(json_object_get(req->json, "note"));
    return auth_tell(
        req, person, "desk_sign_out",
        arena_printf(
            req->arena,
            "%s đã đăng xuất tài khoản của bạn trên mọi thiết bị, khi thẻ căn cước của bạn "
            "được xuất trình tại quầy. Ghi chú: %s",
            vi, note),
        arena_printf(req->arena,
                     "%s signed your account out on every device, when your card was shown at a "
                     "desk. Note: %s",
                     en, note));
}

int desk_person_of_card(const struct request *req, struct reply *reply, struct person *ret)
{
    const struct app *app = app_of(req);
    const char *card = json_string_value(json_object_get(req->json, "card"));
    int64_t retry_ms = 0;
    int year = clock_date_of_day(clock_day_number(req->now_ms)).year;
    if (card_check(card, 0, year) != CARD_SOUND)
        return reply_invalid(reply, "/card", "Không phải số căn cước", "Not a card number");
    int done =
        limit_take(app->store, &cards_day, req->who.subject.bytes, 16, req->now_ms, &retry_ms);
    if (done == LIMIT_REACHED)
        return auth_reply_later(req, reply, retry_ms);
    if (done == 0)
        done = person_of_card(&app->people, card, req->arena, ret);
    return done == STORE_ABSENT ? reply_problem(reply, PROBLEM_NOT_FOUND, NULL) : done;
}

static int sign_out_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct person person;
    size_t n = 0;
    int done = desk_person_of_card(req, reply, &person);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done =
        app_look(req, &(struct app_look){
                          .person = person.id, .what = LOOK_CARD, .reason = app_text(req, "note")});
    if (done == 0)
        done = tell(req, &person.id); /* first: nothing is done in silence */
    if (done == 0)
        done = person_forget_devices(&app->people, &person.id);
    if (done == 0)
        done = end_all(req, &person.id, &n);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_json(reply, 200, json_pack("{s:I}", "ended", (json_int_t)n));
}

static const enum problem desk_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_INVALID, PROBLEM_CONFLICT,
                                             PROBLEM_NONE};

const struct route desk_people_routes[] = {
    {.method = POST,
     .path = "/v1/desk/people/sign-out",
     .operation = "deskSignOut",
     .summary = "End all sessions of the person whose card is shown; told to them",
     .tag = "desk",
     .run = sign_out_post,
     .who = ROLE_OFFICER | ROLE_LEADER | ROLE_DISPATCHER,
     .body = BODY_JSON,
     .body_schema = "desk_sign_out",
     .reply_schema = "DeskSignOut",
     .problems = desk_problems,
     .rate = RATE_WRITE},
    {0},
};
