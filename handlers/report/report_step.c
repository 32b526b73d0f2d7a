/* POST /v1/reports/{id}/steps/{verb} and /reporter: what is done to a report. */
#include <string.h>

#include "base/json.h"
#include "domain/org/org.h"
#include "handlers/cases.h"
#include "handlers/identity/looks.h"
#include "handlers/report/reports.h"
#include "handlers/rights/consents.h"
#include "handlers/staff/emergency.h"

static int read_act(const struct request *req, struct reply *reply, const struct report *r,
                    struct report_act *ret)
{
    const json_t *body = req->json;
    struct case_act *act = &ret->act;
    int done = app_actor_before(req, r, &ret->actor);
    if (done < 0)
        return done;
    *act = (struct case_act){
        .verb = request_param(req, "verb"),
        .by = req->who.subject,
        .office = ret->actor.agency,
        .note = app_text(req, "note"),
        .reason = json_string_value(json_object_get(body, "reason")),
        .agency = json_string_value(json_object_get(body, "agency")),
        .rating = json_integer_value(json_object_get(body, "rating")),
        .minutes = json_integer_value(json_object_get(body, "minutes")),
        .days = json_integer_value(json_object_get(body, "days")),
    };
    const char *officer = json_string_value(json_object_get(body, "officer"));
    const char *other = json_string_value(json_object_get(body, "other"));
    const char *demand = json_string_value(json_object_get(body, "demand"));
    if (officer)
        id_parse(officer, &act->officer);
    if (other)
        id_parse(other, &act->other);
    if (demand)
        id_parse(demand, &act->demand);
    struct app_photos photos = {0};
    if (strcmp(act->verb, "publish") == 0)
        done = report_named_photos(req, reply, r, &photos);
    else
        done = app_take_photos(req, reply, &r->head.id, req->who.role != ROLE_CITIZEN, &photos);
    act->media = photos.media;
    act->n_media = photos.n;
    act->proof = photos.n > 0;
    if (strcmp(act->verb, "publish") != 0) {
        ret->photos = photos.items;
        ret->n_photos = photos.n;
    }
    return done;
}

/* Nothing is published before it was found sound. */
static int check_sound(const struct request *req, struct reply *reply, const struct id *id,
                       size_t i)
{
    struct upload u;
    int done = upload_get(app_of(req)->store, id, req->arena, &u);
    if (done > 0 || (done == 0 && u.state != UPLOAD_SOUND))
        reply_invalid(reply, arena_printf(req->arena, "/photos/%zu", i),
                      "Video này chưa kiểm tra xong, hoặc bị từ chối",
                      "This video is still being checked, or was refused");
    return done < 0 ? done : 0;
}

/* Publishing names photos that the report has; nothing is uploaded. */
int report_named_photos(const struct request *req, struct reply *reply, const struct report *r,
                        struct app_photos *ret)
{
    const json_t *list = json_object_get(req->json, "photos");
    const struct report_photo *photos = r->photos.items;
    ret->n = json_array_size(list);
    ret->media = arena_array(req->arena, ret->n, sizeof(*ret->media));
    for (size_t i = 0; i < ret->n; i++) {
        id_parse(json_string_value(json_array_get(list, i)), &ret->media[i].id);
        bool known = false, video = false, kept = false;
        for (size_t j = 0; j < r->photos.n; j++) {
            bool same = id_equal(&photos[j].id, &ret->media[i].id);
            known |= same;
            video |= same && photos[j].video;
            kept |= same && photos[j].agency_only;
        }
        if (kept)
            reply_invalid(reply, arena_printf(req->arena, "/photos/%zu", i),
                          "Người gửi chỉ cho cơ quan xem ảnh này: không công khai được",
                          "Its reporter shows this photo to offices alone: it cannot be published");
        if (!known)
            reply_invalid(reply, arena_printf(req->arena, "/photos/%zu", i),
                          "Phản ánh này không có ảnh đó", "The report has no such photo");
        int done = video ? check_sound(req, reply, &ret->media[i].id, i) : 0;
        if (done != 0)
            return done;
    }
    return 0;
}

/* The first of duplicates: there, and no duplicate itself. That it is the earlier one the domain
 * sees by when it was filed. */
static int check_other(const struct request *req, struct reply *reply, struct case_act *act)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct report other;
    int done = store_get(app_of(req)->store, &report_collection, &act->other, &doc);
    if (done > 0)
        reply_invalid(reply, "/other", "Không có phản ánh này", "There is no such report");
    if (done == 0)
        done = report_decode(doc, req->arena, &other);
    if (done != 0)
        return done < 0 ? done : 0;
    act->other_ms = other.head.filed_ms;
    if (other.head.outcome == REPORT_DUPLICATE)
        reply_invalid(reply, "/other",
                      "Phản ánh này cũng trùng với một phản ánh trước: hãy chọn phản ánh đó",
                      "That report repeats an earlier one itself: name that one");
    return 0;
}

static int check_targets(const struct request *req, struct reply *reply,
                         const struct catalogue *catalogue, struct case_act *act)
{
    int done = cases_check_targets(req, reply, catalogue, act);
    return done != 0 || id_is_nil(&act->other) ? done : check_other(req, reply, act);
}

int report_reply_outcome(const struct request *req, struct reply *reply, const struct app_world *w,
                         const struct report *before, const struct report_act *act, int outcome)
{
    struct case_actor actor;
    int done = app_actor_before(req, before, &actor);
    const struct cases_tried tried = {.kind = &report_kind,
                                      .record = before,
                                      .actor = &actor,
                                      .world = &w->world,
                                      .verb = act->act.verb,
                                      .lacks = act->act.lacks,
                                      .door = report_own_door};
    return done < 0 ? done : cases_reply_outcome(reply, &tried, outcome);
}

int report_step(struct request *req, struct reply *reply)
{
    struct report before, after = {0};
    struct principal whom;
    unsigned see = 0;
    int done = report_principal(req, reply, false, &whom);
    if (done != 0 || reply_is_problem(reply))
        return done;
    const char *door = report_own_door(request_param(req, "verb"));
    if (door)
        return reply_problemf(reply, PROBLEM_NOT_FOUND, "POST /v1/reports/{id}%s", door);
    struct store_write write = store_write_keyed(
        arena_printf(req->arena, "report.%s", request_param(req, "verb")), &req->who.subject,
        request_header(req, "idempotency-key"), req->bytes, req->n_bytes);
    done = report_for_write(req, reply, &write, &before, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    CLEANUP(app_world_release) struct app_world w;
    app_world_take(req, &w);
    struct report_act act = {0};
    done = read_act(req, reply, &before, &act);
    if (done == 0)
        done = check_targets(req, reply, w.catalogue, &act.act);
    if (done != 0 || reply_is_problem(reply))
        return done;

    struct store_change_options options = {.write = &write};
    if (request_if_match(req, &options.if_revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    done = report_act(app_of(req)->store, &before.head.id, &act, &options, &w.world, req->arena,
                      &after);
    if (done != 0 && done != STORE_REPEATED)
        return report_reply_outcome(req, reply, &w, &before, &act, done);
    if (after.emergency)
        emergency_acted(app_of(req), &report_kind, &after.head, req->now_ms);
    struct case_actor actor = app_actor(req);
    see = case_see(&after.head, &actor);
    /* Who just gave it away still gets the answer to what they did. */
    return report_reply(req, reply, &after, see ? see : SEE_AGENCY, 200);
}

/* --- name and phone --------------------------------------------------------------------------- */

/* Name and phone of a person, once it is written down that they were looked at. */
static int look_at(const struct request *req, const struct report *r, const struct person *person,
                   unsigned what, const char **ret_name, const char **ret_phone)
{
    const struct people *people = &app_of(req)->people;
    int done = app_look(req, &(struct app_look){.person = person->id,
                                                .what = what,
                                                .number = r->head.number,
                                                .reason = app_text(req, "note")});
    if (done == 0)
        done = person_name(people, person, req->arena, ret_name);
    return done == 0 ? person_phone(people, person, req->arena, ret_phone) : done;
}

/* Whose report it is; and, where somebody filed it for them, who to talk to. */
static int reply_reporter(const struct request *req, struct reply *reply, const struct report *r)
{
    const struct people *people = &app_of(req)->people;
    const char *name = NULL, *phone = NULL, *by = NULL, *by_phone = NULL;
    struct person actor = {0}, owner = {0};
    struct organisation o;
    struct org_texts texts = {0};
    unsigned what = LOOK_NAME | LOOK_PHONE;
    int done = org_get(people->store, &r->head.owner, req->arena, &o);
    bool is_org = done == 0;
    if (is_org)
        done = org_open(people, &o, req->arena, &texts);
    else if (done == STORE_ABSENT)
        done = person_get(people, &r->head.owner, req->arena, &owner);
    if (done == 0 && !is_org)
        done = look_at(req, r, &owner, what, &name, &phone);
    if (done == PERSON_ERASED || done == STORE_ABSENT)
        return reply_problem(reply, PROBLEM_GONE, NULL);
    if (done == 0)
        done = person_get(people, &r->head.actor, req->arena, &actor);
    if (done == 0 && !id_equal(&actor.id, &owner.id))
        done = look_at(req, r, &actor, is_org ? what | LOOK_ORGANISATION : what, &by, &by_phone);
    if (done < 0) /* that who filed it is no more keeps nobody from whose it is */
        return done;
    return reply_json(reply, 200,
                      json_pack("{s:s?, s:s?, s:s*}", "name", is_org ? texts.name : name, "phone",
                                phone ? phone : by_phone, "by", by));
}

int report_reveal(struct request *req, struct reply *reply)
{
    struct report r, after;
    unsigned see = 0;
    int done = report_for(req, reply, &r, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    bool allowed = false;
    if (see & SEE_AGENCY)
        done = consent_allows_contact(req, &r, &allowed);
    if (done != 0)
        return done;
    if (!allowed)
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    CLEANUP(app_world_release) struct app_world w;
    app_world_take(req, &w);
    struct report_act act = {.actor = app_actor(req)};
    act.act = (struct case_act){.verb = "reveal",
                                .by = req->who.subject,
                                .office = act.actor.agency,
                                .note = app_text(req, "note")};
    /* Written to the history first: nobody looks without a trace. */
    done = report_act(app_of(req)->store, &r.head.id, &act, NULL, &w.world, req->arena, &after);
    if (done != 0)
        return report_reply_outcome(req, reply, &w, &r, &act, done);

    return reply_reporter(req, reply, &r);
}
