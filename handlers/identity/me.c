/* What I am here: name and number, what an e-ID said of me, and the devices on which I am. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/identity/auth.h"

static int reply_person(const struct request *req, struct reply *reply, const struct person *person)
{
    const char *name = NULL, *phone = NULL;
    const struct people *people = &app_of(req)->people;
    int done = person_phone(people, person, req->arena, &phone);
    if (done == 0)
        done = person_name(people, person, req->arena, &name);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_GONE, NULL);
    reply_etag(reply, person->revision);
    return reply_json(reply, 200,
                      json_pack("{s:s, s:s, s:s*, s:s*, s:I, s:s*}", "id",
                                app_id_text(req, &person->id), "kind", "citizen", "name", name,
                                "phone", phone, "level", (json_int_t)person->level, "language",
                                person->language));
}

static int me_get(struct request *req, struct reply *reply)
{
    if (req->who.role == ROLE_CITIZEN) {
        struct person person;
        int done = person_get(&app_of(req)->people, &req->who.subject, req->arena, &person);
        return done != 0 ? (done < 0 ? done : app_reply_store(reply, done))
                         : reply_person(req, reply, &person);
    }
    struct staff staff;
    struct case_actor actor = app_actor(req);
    bool stands_in = !id_is_nil(&actor.deputy_for);
    int done = staff_get(app_of(req)->store, &req->who.subject, req->arena, &staff);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_json(reply, 200,
                      json_pack("{s:s, s:s, s:s*, s:s*, s:s, s:s*, s:s*}", "id",
                                app_id_text(req, &staff.id), "kind", "staff", "name", staff.name,
                                "title", staff.title, "role", staff_roles[staff.role].name,
                                "agency", staff.agency, "deputy_for",
                                stands_in ? app_id_text(req, &actor.deputy_for) : NULL));
}

static int me_patch(struct request *req, struct reply *reply)
{
    int64_t revision = STORE_ANY_REVISION;
    if (request_if_match(req, &revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    struct person person;
    const char *name = json_string_value(json_object_get(req->json, "name"));
    int done = person_rename(
        &app_of(req)->people, &req->who.subject, name ? text_trim(req->arena, name) : NULL,
        json_string_value(json_object_get(req->json, "language")), revision, req->arena, &person);
    if (done == PERSON_ERASED)
        return reply_problem(reply, PROBLEM_GONE, NULL);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_person(req, reply, &person);
}

/* --- what an e-ID said ------------------------------------------------------------------------ */

static int identity_get(struct request *req, struct reply *reply)
{
    const struct people *people = &app_of(req)->people;
    const char *name = NULL, *card = NULL, *birth = NULL;
    struct person person;
    char at[CLOCK_TEXT];
    int done = person_get(people, &req->who.subject, req->arena, &person);
    if (done == 0)
        done = person_name(people, &person, req->arena, &name);
    if (done == 0)
        done = person_card(people, &person, req->arena, &card);
    if (done == 0)
        done = person_birth(people, &person, req->arena, &birth);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_GONE, NULL);
    reply_header(reply, "cache-control", "no-store");
    return reply_json(reply, 200,
                      json_pack("{s:s*, s:s*, s:s*, s:I, s:s*}", "card", card, "name", name,
                                "birth", birth, "level", (json_int_t)person.level, "eid_at",
                                person.eid_ms ? clock_format(person.eid_ms, at) : NULL));
}

/* --- another number --------------------------------------------------------------------------- */

static int tell_lost(const struct request *req, const struct id *person)
{
    return auth_tell(req, person, "phone_lost",
                     "Số điện thoại của bạn vừa được người khác xác nhận là của họ. Bạn vẫn đăng "
                     "nhập được bằng định danh điện tử.",
                     "Somebody else has just shown that your phone number is theirs. You can still "
                     "sign in with your e-ID.");
}

/* A number that a code has proven, for an account that an e-ID began. */
static int phone_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct otp_proof proof;
    struct signed_in in;
    struct id challenge;
    id_parse(json_string_value(json_object_get(req->json, "challenge")), &challenge);
    int done =
        otp_check(&app->people, &app->otp, &challenge,
                  json_string_value(json_object_get(req->json, "code")), req->now_ms, &proof);
    if (done == OTP_WRONG || done == OTP_OVER)
        return reply_problem(reply, PROBLEM_CODE_WRONG, NULL);
    const struct phone_sign_in add = {
        .proof = &proof, .silent_ms = app->silent_ms, .now_ms = req->now_ms};
    if (done == 0)
        done = person_add_phone(&app->people, &req->who.subject, &add, req->arena, &in);
    if (done == 0 && !id_is_nil(&in.lost))
        done = tell_lost(req, &in.lost);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    auth_settle(req, &in);
    return reply_person(req, reply, &in.person);
}

/* --- devices ---------------------------------------------------------------------------------- */

static int session_delete(struct request *req, struct reply *reply)
{
    struct id id;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return auth_end_session(req, reply, &id, "by_other_device");
}

static int sessions_get(struct request *req, struct reply *reply)
{
    struct session *sessions = NULL;
    size_t n = 0;
    int done =
        session_list(app_of(req)->store, &req->who.subject, req->now_ms, req->arena, &sessions, &n);
    if (done != 0)
        return done;
    json_t *items = json_array();
    for (size_t i = 0; i < n; i++) {
        char created[CLOCK_TEXT], seen[CLOCK_TEXT];
        json_array_append_new(
            items, json_pack("{s:s, s:s*, s:s, s:s, s:b}", "id", app_id_text(req, &sessions[i].id),
                             "device", sessions[i].device, "created_at",
                             clock_format(sessions[i].created_ms, created), "seen_at",
                             clock_format(sessions[i].seen_ms, seen), "this",
                             (int)id_equal(&sessions[i].id, &req->who.session)));
    }
    return reply_json(reply, 200, json_pack("{s:o}", "items", items));
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem session_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem me_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_GONE, PROBLEM_REVISED,
                                           PROBLEM_NONE};
static const enum problem phone_problems[] = {PROBLEM_CODE_WRONG, PROBLEM_NOT_FOUND, PROBLEM_GONE,
                                              PROBLEM_CONFLICT, PROBLEM_NONE};

const struct route me_routes[] = {
    {.method = GET,
     .path = "/v1/me",
     .operation = "meGet",
     .summary = "Who I am",
     .tag = "identity",
     .run = me_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_schema = "Me",
     .problems = me_problems,
     .rate = RATE_READ},
    {.method = PATCH,
     .path = "/v1/me",
     .operation = "meChange",
     .summary = "Change my name or language",
     .tag = "identity",
     .run = me_patch,
     .who = ROLE_CITIZEN,
     .body = BODY_JSON,
     .body_schema = "me_change",
     .reply_schema = "Me",
     .problems = me_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_IF_MATCH},
    {.method = GET,
     .path = "/v1/me/sessions",
     .operation = "sessionList",
     .summary = "Devices on which I am signed in",
     .tag = "identity",
     .run = sessions_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_schema = "SessionList",
     .rate = RATE_READ},
    {.method = DELETE,
     .path = "/v1/me/sessions/{id}",
     .operation = "sessionEnd",
     .summary = "Sign a device out",
     .tag = "identity",
     .run = session_delete,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_status = 204,
     .problems = session_problems,
     .rate = RATE_WRITE},
    {.method = GET,
     .path = "/v1/me/identity",
     .operation = "identityGet",
     .summary = "What an e-ID said of me",
     .tag = "identity",
     .run = identity_get,
     .who = ROLE_CITIZEN,
     .level = LEVEL_ONE,
     .reply_schema = "Identity",
     .problems = me_problems,
     .rate = RATE_READ},
    {.method = POST,
     .path = "/v1/me/phone",
     .operation = "phoneAdd",
     .summary = "A number that a code has proven is mine, too",
     .tag = "identity",
     .run = phone_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_ONE,
     .body = BODY_JSON,
     .body_schema = "phone_add",
     .reply_schema = "Me",
     .problems = phone_problems,
     .rate = RATE_SIGN_IN},
    {0},
};
