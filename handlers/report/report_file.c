/* POST /v1/reports: a citizen files a field report. */
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "handlers/app.h"
#include "handlers/report/reports.h"
#include "media/upload.h"

#define PHOTO_GRACE_MS (INT64_C(3600) * 1000)

/* --- place ------------------------------------------------------------------------------------ */

/* The three nearest communes, for an app to offer when no border decides. */
static void offer_nearest(struct reply *reply, const struct area_place *place)
{
    json_t *list = json_array();
    for (size_t i = 0; i < place->n_nearest; i++) {
        const struct area_candidate *c = &place->nearest[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:I}", "code", c->commune->code, "name",
                                              c->commune->full_name, "distance_m",
                                              (json_int_t)c->distance_m));
    }
    reply_extra(reply, "nearest", list);
}

static int confirm_commune(const struct area_set *areas, const char *chosen, struct reply *reply,
                           const char **ret_code)
{
    const struct commune *commune = area_by_code(areas, chosen);
    if (!commune)
        return reply_invalid(reply, "/commune", "Không có xã, phường mang mã này",
                             "There is no commune of this code");
    *ret_code = commune->code;
    return 0;
}

/* Fills point, commune and place of the draft, or answers what is wrong with them. */
static int find_place(const struct request *req, struct reply *reply, const struct area_set *areas,
                      struct report_draft *d)
{
    const char *chosen = json_string_value(json_object_get(req->json, "commune"));
    const json_t *point = json_object_get(req->json, "point");
    if (!point) {
        d->place = PLACE_CHOICE;
        return confirm_commune(areas, chosen, reply, &d->commune);
    }
    d->point = (struct point){json_number_value(json_object_get(point, "lat")),
                              json_number_value(json_object_get(point, "lon")), true};
    struct area_place place;
    int found = area_locate(areas, d->point.lat, d->point.lon, &place);
    if (found < 0)
        return found;
    if (found == AREA_OUTSIDE) {
        reply_invalid(reply, "/point", "Vị trí nằm ngoài tỉnh Cà Mau",
                      "The place lies outside of Cà Mau province");
        offer_nearest(reply, &place);
        return 0;
    }
    if (found == AREA_POLYGON) {
        d->place = PLACE_POLYGON;
        d->commune = place.commune->code;
        return 0;
    }
    if (chosen) {
        d->place = PLACE_CHOICE;
        return confirm_commune(areas, chosen, reply, &d->commune);
    }
    d->place = PLACE_NEAREST;
    d->commune = place.commune ? place.commune->code : place.nearest[0].commune->code;
    return 0;
}

/* --- category --------------------------------------------------------------------------------- */

static int check_answers(const struct request *req, struct reply *reply,
                         const struct catalogue *catalogue, const struct category *category,
                         struct report_draft *d)
{
    json_t *answers = json_object_get(req->json, "answers");
    const struct schema *questions = catalogue_questions(catalogue, category);
    if (!questions) {
        if (answers && json_object_size(answers) > 0)
            reply_invalid(reply, "/answers", "Lĩnh vực này không có câu hỏi thêm",
                          "This category asks no questions");
        return 0;
    }
    json_t *none = answers ? NULL : json_object();
    int done = app_check_value(req, reply, questions, answers ? answers : none, "/answers");
    if (done == 0 && !reply_is_problem(reply)) {
        size_t n = 0;
        d->answers = json_canonical(req->arena, answers ? answers : none, &n);
        if (n > ENTITY_JSON_MAX)
            reply_invalid(reply, "/answers", "Câu trả lời quá dài", "The answers are too long");
        d->answers_form = category->questions_form;
    }
    json_decref(none);
    return done;
}

static int choose_category(const struct request *req, struct reply *reply,
                           const struct catalogue *catalogue, struct report_draft *d)
{
    const char *code = json_string_value(json_object_get(req->json, "category"));
    const struct category *category = catalogue_category(catalogue, code);
    if (!category || !category->active)
        return reply_invalid(reply, "/category", "Không có lĩnh vực mang mã này",
                             "There is no category of this code");
    if (category->redirect) {
        const char *en = category->redirect_en ? category->redirect_en : category->redirect;
        return reply_invalid(reply, "/category", category->redirect, en);
    }
    d->category = category->code;
    d->approval = category->approval;
    d->proof = category->proof;
    return check_answers(req, reply, catalogue, category, d);
}

/* --- photos ----------------------------------------------------------------------------------- */

static int take_photos(const struct request *req, struct reply *reply, const struct id *case_id,
                       struct report_draft *d)
{
    struct app_photos photos;
    int done = app_take_photos(req, reply, case_id, false, &photos);
    d->photos = photos.items;
    d->n_photos = photos.n;
    return done;
}

/* --- what was sent ---------------------------------------------------------------------------- */

static int read_draft(const struct request *req, struct reply *reply, const struct app_world *w,
                      const struct area_set *areas, struct report_draft *d)
{
    *d = (struct report_draft){
        .owner = req->principal->id,
        .actor = req->who.subject,
        .text = app_text(req, "text"),
        .address = app_text(req, "address"),
        .consent = json_is_true(json_object_get(req->json, "consent")),
        .said_in = req->who.session,
        .said_en = req->language == LANGUAGE_EN,
        .emergency = json_is_true(json_object_get(req->json, "emergency")),
        .awaited = json_integer_value(json_object_get(req->json, "awaited")),
    };
    if (d->awaited + (int64_t)json_array_size(json_object_get(req->json, "photos")) >
        REPORT_MEDIA_MAX)
        reply_invalid(reply, "/awaited", "Một phản ánh gửi kèm nhiều nhất 8 ảnh",
                      "A report is filed with 8 photos at most");
    if (text_visible(d->text) < REPORT_TEXT_MIN)
        reply_invalid(reply, "/text", "Nội dung phải có ít nhất 5 ký tự đọc được",
                      "The text must have at least 5 characters that can be seen");
    int done = choose_category(req, reply, w->catalogue, d);
    if (done == 0)
        done = find_place(req, reply, areas, d);
    if (done != 0 || reply_is_problem(reply))
        return done;
    const struct agency *agency = catalogue_route(w->catalogue, d->category, d->commune);
    d->agency = agency ? agency->code : NULL;
    return 0;
}

/* --- before the code -------------------------------------------------------------------------- */

/* Photos stay theirs until the report is filed. */
static int keep_photos(const struct request *req, struct reply *reply, struct report_draft *d)
{
    const json_t *list = json_object_get(req->json, "photos");
    size_t n = json_array_size(list);
    struct report_photo *photos = arena_array(req->arena, n, sizeof(*photos));
    int64_t until_ms = req->now_ms + REPORT_HELD_MS + PHOTO_GRACE_MS;
    if (!report_check_agency_only(req, reply))
        return 0;
    for (size_t i = 0; i < n; i++) {
        struct id id;
        struct upload u;
        id_parse(json_string_value(json_array_get(list, i)), &id);
        int done = upload_keep(app_of(req)->store, &id, &req->who.subject,
                               UPLOAD_PHOTO | UPLOAD_VIDEO, until_ms, req->arena, &u);
        if (done < 0)
            return done;
        if (done > 0)
            reply_invalid(reply, arena_printf(req->arena, "/photos/%zu", i),
                          "Ảnh này chưa tải lên xong, bị từ chối, hoặc không phải của bạn",
                          "This photo is not complete, was refused, or is not yours");
        else
            photos[i] = (struct report_photo){.id = id,
                                              .video = u.video,
                                              .agency_only = report_is_agency_only(req, &id),
                                              .width = u.width,
                                              .height = u.height,
                                              .hash = u.likeness};
    }
    d->photos = photos;
    d->n_photos = n;
    return 0;
}

static int hold(const struct request *req, struct reply *reply, struct report_draft *d,
                const char *key)
{
    struct report_held held;
    int done = keep_photos(req, reply, d);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = report_hold(app_of(req)->store, d, key, req->bytes, req->n_bytes, req->now_ms,
                       req->arena, &held);
    if (done == REPORT_KEY_REUSED)
        return reply_problem(reply, PROBLEM_KEY_REUSED, NULL);
    if (done == REPORT_HELD_FULL)
        return reply_problem(reply, PROBLEM_TOO_MANY, NULL);
    if (done != 0 && done != REPORT_REPEATED)
        return done < 0 ? done : app_reply_store(reply, done);
    return report_reply_held(req, reply, &held, 201);
}

/* --- filing ----------------------------------------------------------------------------------- */

static int reply_filed(const struct request *req, struct reply *reply, const struct report *r)
{
    reply_header(reply, "location",
                 arena_printf(req->arena, "/v1/reports/%s", app_id_text(req, &r->head.id)));
    return report_reply(req, reply, r, SEE_OWNER, 201);
}

/* Whoever lost the answer is answered the same, whatever was changed since of what is asked and
 * taken. STORE_ABSENT: it was not filed. */
static int filed_before(const struct request *req, struct reply *reply)
{
    struct report r;
    size_t n_body = 0;
    const void *body = app_digest_body(req, &n_body);
    int done =
        report_filed_before(app_of(req)->store, &req->who.subject,
                            request_header(req, "idempotency-key"), body, n_body, req->arena, &r);
    if (done == REPORT_KEY_REUSED)
        return reply_problem(reply, PROBLEM_KEY_REUSED, NULL);
    return done == REPORT_REPEATED ? reply_filed(req, reply, &r) : done;
}

int report_post(struct request *req, struct reply *reply)
{
    struct principal whom;
    int done = report_principal(req, reply, false, &whom);
    if (done == 0 && !reply_is_problem(reply))
        done = filed_before(req, reply);
    if (done != STORE_ABSENT)
        return done;
    CLEANUP(app_world_release) struct app_world w;
    app_world_take(req, &w);
    if (!w.world.dispatcher)
        return reply_problem(reply, PROBLEM_OVERLOADED, NULL);
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app_of(req)->areas);

    struct report_draft draft;
    done = read_draft(req, reply, &w, areas, &draft);
    if (done != 0 || reply_is_problem(reply))
        return done;
    const char *key = request_header(req, "idempotency-key");
    if (req->who.level == LEVEL_UNPROVEN)
        return hold(req, reply, &draft, key);
    struct id id = report_id(&draft.actor, key);
    done = take_photos(req, reply, &id, &draft);
    if (done != 0 || reply_is_problem(reply))
        return done;

    struct report report;
    size_t n_body = 0;
    const void *body = app_digest_body(req, &n_body);
    done =
        report_file(app_of(req)->store, &draft, key, body, n_body, &w.world, req->arena, &report);
    if (done == REPORT_KEY_REUSED)
        return reply_problem(reply, PROBLEM_KEY_REUSED, NULL);
    if (done != 0 && done != REPORT_REPEATED)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_filed(req, reply, &report);
}
