/*
 * The photos of a report for who handles it: what is covered of them, how far from the pin they
 * were taken, and, with a reason, as they were sent.
 */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/area/cell.h"
#include "handlers/media/files.h"
#include "handlers/report/reports.h"

#define HANDLER (PARTY_OFFICER | PARTY_LEADER)

/* A photo of a report, before one who may decide about it. */
struct shown {
    struct report r;
    struct report_photo photo;
    struct upload u;
    struct case_actor actor;
    bool holds; /* the report is with their agency now */
};

/* Not who handles it, or publishes: 403, for they may see the report; who may not: 404. */
static int find_report(const struct request *req, struct reply *reply, struct shown *ret)
{
    unsigned see = 0;
    int done = report_for(req, reply, &ret->r, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    ret->actor = app_actor(req);
    unsigned party = case_party_of(&ret->r.head, &ret->actor);
    ret->holds =
        (party & HANDLER) || ((party & PARTY_DISPATCHER) && ret->r.head.state == REPORT_NEW);
    return party & (HANDLER | PARTY_DISPATCHER) ? 0 : reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
}

/* `takes`: kinds of enum upload_kind. */
static int find_photo(const struct request *req, struct reply *reply, unsigned takes,
                      struct shown *ret)
{
    struct id id;
    int done = find_report(req, reply, ret);
    if (done != 0 || reply_is_problem(reply))
        return done;
    const struct report_photo *photos = ret->r.photos.items;
    bool known = request_param_id(req, "photo", &id), found = false;
    for (size_t i = 0; known && i < ret->r.photos.n && !found; i++) {
        found = id_equal(&photos[i].id, &id);
        ret->photo = photos[i];
    }
    if (!found)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = upload_get(app_of(req)->store, &id, req->arena, &ret->u);
    if (done < 0)
        return done;
    bool there = done == 0 && ret->u.state == UPLOAD_SOUND && (upload_kind(&ret->u) & takes);
    return there ? 0 : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
}

/* --- where and when it was taken -------------------------------------------------------------- */

/* Ten metres are as near as a phone knows; from a kilometre on, hundreds. */
static int64_t round_metres(double m)
{
    double unit = m < 1000 ? 10 : 100;
    return (int64_t)(round(m / unit) * unit);
}

/* What the camera wrote, held against the report: it is the sender's, so neither place nor time
 * are told as they are, and only to the agency that has the report. */
static int add_taken(const struct request *req, const struct shown *s, json_t *item)
{
    struct upload_service service = app_uploads(app_of(req));
    struct media_exif exif = {0};
    int done = upload_exif(&service, &s->u, &exif);
    if (done < 0)
        return done;
    json_t *taken = json_pack("{s:b, s:b}", "place", exif.has_place, "time", exif.has_taken);
    int full = 0;
    if (exif.has_place && s->r.point.set)
        full |= json_object_set_new(taken, "distance_m",
                                    json_integer(round_metres(area_distance_m(
                                        s->r.point.lat, s->r.point.lon, exif.lat, exif.lon))));
    if (exif.has_taken)
        full |= json_object_set_new(
            taken, "minutes_before",
            json_integer((int64_t)floor((double)(s->r.head.filed_ms - exif.taken_ms) / 60000)));
    full |= json_object_set_new(item, "taken", taken);
    return full != 0 ? E_NOMEM : 0;
}

/* --- a photo as it is told -------------------------------------------------------------------- */

static json_t *boxes_json(const struct upload *u)
{
    json_t *list = json_array();
    const struct upload_box *boxes = u->boxes.items;
    for (size_t i = 0; i < u->boxes.n; i++)
        json_array_append_new(list,
                              json_pack("{s:I, s:I, s:I, s:I}", "x", (json_int_t)boxes[i].x, "y",
                                        (json_int_t)boxes[i].y, "width", (json_int_t)boxes[i].width,
                                        "height", (json_int_t)boxes[i].height));
    return list;
}

static int photo_json(const struct request *req, const struct shown *s, json_t **ret)
{
    const struct report_photo *p = &s->photo;
    char at[32];
    bool any = s->u.covered != 0;
    *ret = json_pack("{s:s, s:b, s:b, s:b, s:b, s:I, s:I, s:s, s:s, s:o, s:I, s:b, s:s*, s:s*}",
                     "id", app_id_text(req, &p->id), "proof", p->proof, "public", p->public,
                     "proposed", p->proposed, "agency_only", p->agency_only, "width",
                     (json_int_t)s->u.width, "height", (json_int_t)s->u.height, "large",
                     app_media_url(req, &s->u, "large"), "small",
                     app_media_url(req, &s->u, "small"), "boxes", boxes_json(&s->u), "covered",
                     (json_int_t)s->u.covered, "original", s->holds && !id_is_nil(&s->u.original),
                     "covered_at", any ? clock_format(s->u.covered_ms, at) : NULL, "covered_by",
                     any ? app_id_text(req, &s->u.covered_by) : NULL);
    if (!*ret)
        return E_NOMEM;
    return s->holds && !s->u.staff ? add_taken(req, s, *ret) : 0;
}

static int reply_photo(const struct request *req, struct reply *reply, const struct shown *s)
{
    json_t *item = NULL;
    int done = photo_json(req, s, &item);
    reply_etag(reply, s->u.covered);
    if (done == 0)
        return reply_json(reply, 200, item);
    json_decref(item);
    return done;
}

static int photos_get(struct request *req, struct reply *reply)
{
    struct shown s = {0};
    int done = find_report(req, reply, &s);
    if (done != 0 || reply_is_problem(reply))
        return done;
    CLEANUP(json_decrefp) json_t *items = json_array();
    const struct report_photo *photos = s.r.photos.items;
    for (size_t i = 0; i < s.r.photos.n && done >= 0; i++) {
        json_t *item = NULL;
        s.photo = photos[i];
        done = upload_get(app_of(req)->store, &photos[i].id, req->arena, &s.u);
        if (done != 0 || s.u.state != UPLOAD_SOUND || upload_kind(&s.u) != UPLOAD_PHOTO)
            continue; /* it went with its sender */
        done = photo_json(req, &s, &item);
        json_array_append_new(items, item);
    }
    return done < 0 ? done : reply_json(reply, 200, json_pack("{s:O}", "items", items));
}

/* --- perhaps the same ------------------------------------------------------------------------- */

static int alike_get(struct request *req, struct reply *reply)
{
    struct shown s = {0};
    struct report_like likes[REPORT_ALIKE_MAX];
    size_t n = 0;
    int done = find_report(req, reply, &s);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = report_alike(app_of(req)->store, &s.r, req->arena, likes, &n);
    if (done != 0)
        return done;
    CLEANUP(json_decrefp) json_t *items = json_array();
    for (size_t i = 0; i < n; i++) {
        const struct case_head *head = &likes[i].report.head;
        char filed[32];
        if (!case_see(head, &s.actor))
            continue;
        json_array_append_new(items,
                              json_pack("{s:s, s:s, s:s, s:s, s:I}", "id",
                                        app_id_text(req, &head->id), "number", head->number,
                                        "state", entity_enum_name(report_states, head->state),
                                        "filed_at", clock_format(head->filed_ms, filed),
                                        "distance_m", (json_int_t)round_metres(likes[i].metres)));
    }
    return reply_json(reply, 200, json_pack("{s:O}", "items", items));
}

/* --- covering --------------------------------------------------------------------------------- */

static int64_t number_of(const json_t *box, const char *name)
{
    return json_integer_value(json_object_get(box, name));
}

static void read_boxes(const struct request *req, struct reply *reply, struct upload_cover *ret)
{
    const json_t *list = json_object_get(req->json, "boxes");
    ret->n = json_array_size(list);
    ret->boxes = arena_array(req->arena, ret->n, sizeof(*ret->boxes));
    for (size_t i = 0; i < ret->n; i++) {
        const json_t *box = json_array_get(list, i);
        struct upload_box *b = &ret->boxes[i];
        *b = (struct upload_box){number_of(box, "x"), number_of(box, "y"), number_of(box, "width"),
                                 number_of(box, "height")};
        if (b->x + b->width > MEDIA_BOX_WHOLE)
            reply_invalid(reply, arena_printf(req->arena, "/boxes/%zu/width", i),
                          "Khung vượt ra ngoài ảnh", "The box reaches out of the picture");
        if (b->y + b->height > MEDIA_BOX_WHOLE)
            reply_invalid(reply, arena_printf(req->arena, "/boxes/%zu/height", i),
                          "Khung vượt ra ngoài ảnh", "The box reaches out of the picture");
    }
}

static bool same_boxes(const struct upload *u, const struct upload_cover *c)
{
    return u->boxes.n == c->n &&
           (c->n == 0 || memcmp(u->boxes.items, c->boxes, c->n * sizeof(*c->boxes)) == 0);
}

/* A step about the photo is in the report's history before what it is about is done. */
static int note_step(const struct request *req, struct reply *reply, const struct shown *s,
                     const char *verb)
{
    CLEANUP(app_world_release) struct app_world w;
    const struct case_media media = {s->photo.id};
    struct report after;
    struct report_act act = {.actor = s->actor};
    app_world_take(req, &w);
    act.act = (struct case_act){.verb = verb,
                                .by = req->who.subject,
                                .office = s->actor.agency,
                                .note = app_text(req, "note"),
                                .media = &media,
                                .n_media = s->photo.proposed ? 0 : 1};
    int done =
        report_act(app_of(req)->store, &s->r.head.id, &act, NULL, &w.world, req->arena, &after);
    /* A face is covered though the history is full: the photo itself says who did. */
    if (done == 0 || (done == CASE_CROWDED && strcmp(verb, "cover") == 0))
        return 0;
    return report_reply_outcome(req, reply, &w, &s->r, &act, done);
}

/* What is bared is seen as it was sent: by who may see that, and the look is recorded. */
static int note_baring(const struct request *req, const struct shown *s,
                       const struct upload_cover *c)
{
    bool bares = !s->u.staff && upload_cover_bares(&s->u, c, req->arena);
    return bares ? app_look_at_original(req, &s->u, &s->r.head, NULL) : 0;
}

static int cover(const struct request *req, struct reply *reply, struct shown *s,
                 struct upload_cover *c)
{
    struct upload_service service = app_uploads(app_of(req));
    int done = upload_cover_make(&service, &s->u, c, req->arena);
    if (done == PERSON_ERASED || done == STORE_ABSENT)
        return reply_problem(reply, PROBLEM_GONE, NULL);
    if (done != 0)
        return done;
    done = note_step(req, reply, s, "cover");
    if (done == 0 && !reply_is_problem(reply))
        done = note_baring(req, s, c);
    if (done != 0 || reply_is_problem(reply)) {
        upload_cover_drop(service.store, c);
        return done;
    }
    done = upload_cover_set(service.store, &s->u, c, req->arena);
    if (done == UPLOAD_COVERED)
        return reply_problem(reply, PROBLEM_REVISED, NULL);
    if (done == UPLOAD_NOT_OURS)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return done != 0 ? done : reply_photo(req, reply, s);
}

static int boxes_put(struct request *req, struct reply *reply)
{
    struct shown s = {0};
    struct upload_cover c = {.by = req->who.subject, .now_ms = req->now_ms};
    int64_t revision = STORE_ANY_REVISION;
    if (request_if_match(req, &revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    int done = find_photo(req, reply, UPLOAD_PHOTO, &s);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (revision == STORE_ANY_REVISION)
        return reply_problem(reply, PROBLEM_IF_MATCH_MISSING, NULL);
    read_boxes(req, reply, &c);
    if (reply_is_problem(reply))
        return 0;
    /* The answer was lost and the request comes again. */
    if (revision + 1 == s.u.covered && same_boxes(&s.u, &c) &&
        id_equal(&s.u.covered_by, &req->who.subject))
        return reply_photo(req, reply, &s);
    if (revision != s.u.covered)
        return reply_problem(reply, PROBLEM_REVISED, NULL);
    if (!s.holds && upload_cover_bares(&s.u, &c, req->arena))
        return reply_problem(reply, PROBLEM_FORBIDDEN,
                             req->language == LANGUAGE_EN
                                 ? "Only the agency that has the report uncovers what is covered"
                                 : "Chỉ cơ quan đang giữ phản ánh được bỏ che");
    return cover(req, reply, &s, &c);
}

/* --- as it was sent --------------------------------------------------------------------------- */

/* Of a video, too: it may have been made anew, smaller, and what was written beside it is gone. */
static int original_post(struct request *req, struct reply *reply)
{
    struct shown s = {0};
    int done = find_photo(req, reply, UPLOAD_PHOTO | UPLOAD_VIDEO, &s);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!s.holds)
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    if (id_is_nil(&s.u.original))
        return reply_problem(reply, PROBLEM_GONE, NULL);
    done = note_step(req, reply, &s, "original");
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = app_look_at_original(req, &s.u, &s.r.head, app_text(req, "note"));
    return done != 0 ? done : app_reply_original(req, reply, &s.u);
}

/* --- the table -------------------------------------------------------------------------------- */

#define DECIDERS (ROLE_OFFICER | ROLE_LEADER | ROLE_DISPATCHER)

static const enum problem list_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_NONE};
static const enum problem boxes_problems[] = {
    PROBLEM_NOT_FOUND, PROBLEM_FORBIDDEN,        PROBLEM_INVALID, PROBLEM_REVISED,
    PROBLEM_GONE,      PROBLEM_IF_MATCH_MISSING, PROBLEM_NONE};
static const enum problem original_problems[] = {
    PROBLEM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_INVALID, PROBLEM_WRONG_STATE,
    PROBLEM_GONE,      PROBLEM_RANGE,     PROBLEM_NONE};

const struct route photo_routes[] = {
    {.method = GET,
     .path = "/v1/reports/{id}/photos",
     .operation = "reportPhotos",
     .summary = "The photos of a report for who publishes it: what is covered; to the agency that "
                "has it also how far from the pin and how long before filing each was taken",
     .tag = "reports",
     .run = photos_get,
     .who = DECIDERS,
     .reply_schema = "ReportPhotoList",
     .problems = list_problems,
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/reports/{id}/alike",
     .operation = "reportAlike",
     .summary =
         "Reports of the same agency that may be of the same thing: within 500 m and a week, "
         "with a photo that looks alike; a hint, the newest few",
     .tag = "reports",
     .run = alike_get,
     .who = DECIDERS,
     .reply_schema = "ReportLikeList",
     .problems = list_problems,
     .rate = RATE_READ},
    {.method = PUT,
     .path = "/v1/reports/{id}/photos/{photo}/boxes",
     .operation = "reportPhotoCover",
     .summary = "Cover parts of a photo in all its renditions; If-Match is its `covered`. What is "
                "uncovered counts as a look at the original, for the agency that has the report",
     .tag = "reports",
     .run = boxes_put,
     .who = DECIDERS,
     .body = BODY_JSON,
     .body_schema = "photo_boxes",
     .reply_schema = "ReportPhoto",
     .problems = boxes_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_IF_MATCH},
    {.method = POST,
     .path = "/v1/reports/{id}/photos/{photo}/original",
     .operation = "reportPhotoOriginal",
     .summary = "A photo or video as it was sent, for the agency that has the report; each look is "
                "told to the reporter",
     .tag = "reports",
     .run = original_post,
     .who = DECIDERS,
     .body = BODY_JSON,
     .body_schema = "photo_original",
     .reply_type = "*/*",
     .problems = original_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_FILE},
    {0},
};
