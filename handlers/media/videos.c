/* Videos: how far they are, and the film itself, to be played from any place in it. */
#include "base/result.h"
#include "handlers/media/files.h"
#include "handlers/media/media.h"

/* --- how far it is ---------------------------------------------------------------------------- */

static const char *words_of(const struct request *req, const struct upload *u)
{
    static const char *const words[][2] = {
        [UPLOAD_ARRIVING] = {"Đang tải lên", "Arriving"},
        [UPLOAD_SOUND] = {"Xem được", "Ready"},
        [UPLOAD_CHECKING] = {"Đang được kiểm tra", "Being checked"},
    };
    bool en = req->language == LANGUAGE_EN;
    if (u->state == UPLOAD_REFUSED)
        return app_fault_words(req, u);
    return (size_t)u->state < ARRAY_LEN(words) ? words[u->state][en] : NULL;
}

/* An upload of any state that who asks may see. */
static int find(struct request *req, struct reply *reply, struct upload *ret)
{
    const struct acting_need need = {.scope = SCOPE_ALL, .reads_only = true};
    const struct case_head *head = NULL;
    struct principal whom;
    struct id id;
    bool seen = false;
    int done = app_principal(req, reply, &need, &whom);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = upload_get(app_of(req)->store, &id, req->arena, ret);
    if (done == 0 && !upload_expired(ret, req->now_ms))
        done = app_may_see(req, &whom, ret, &seen, &head);
    return done < 0 || seen ? done : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
}

static int media_state(struct request *req, struct reply *reply)
{
    static const char *const kinds[] = {
        [UPLOAD_PHOTO] = "photo", [UPLOAD_PAPER] = "paper", [UPLOAD_VIDEO] = "video"};
    static const char *const states[] = {[UPLOAD_ARRIVING] = "arriving",
                                         [UPLOAD_SOUND] = "sound",
                                         [UPLOAD_REFUSED] = "refused",
                                         [UPLOAD_CHECKING] = "checking"};
    struct upload u = {0};
    int done = find(req, reply, &u);
    if (done != 0 || reply_is_problem(reply))
        return done;
    bool known = u.state == UPLOAD_SOUND || u.video;
    json_t *body =
        json_pack("{s:s, s:s, s:s, s:s*}", "id", app_id_text(req, &u.id), "state", states[u.state],
                  "words", words_of(req, &u), "kind", known ? kinds[upload_kind(&u)] : NULL);
    if (body && u.state == UPLOAD_CHECKING)
        json_object_set_new(body, "progress", json_integer(u.progress));
    return body ? reply_json(reply, 200, body) : E_NOMEM;
}

/* --- the film --------------------------------------------------------------------------------- */

static int video_file(struct request *req, struct reply *reply)
{
    return media_reply_signed(req, reply, "video");
}

static int public_video(struct request *req, struct reply *reply)
{
    return media_reply_public(req, reply, "video");
}

static const enum problem state_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem file_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_FORBIDDEN, PROBLEM_RANGE,
                                             PROBLEM_NONE};

const struct route video_routes[] = {
    {.method = GET,
     .path = "/v1/media/{id}/state",
     .operation = "mediaState",
     .summary = "What became of an upload: arriving, being checked and how far, sound, refused and "
                "why",
     .tag = "media",
     .run = media_state,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .level = LEVEL_UNPROVEN,
     .reply_schema = "MediaState",
     .problems = state_problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {.method = GET,
     .path = "/v1/media/{id}/video",
     .operation = "mediaVideo",
     .summary = "A video by its signed address: MP4 (H.264, AAC), without metadata; ranges",
     .tag = "media",
     .run = video_file,
     .who = ROLE_ANYONE,
     .reply_type = "video/mp4",
     .params = media_signature_params,
     .problems = file_problems,
     .rate = RATE_READ,
     .flags = ROUTE_FILE},
    {.method = GET,
     .path = "/v1/public/media/{id}/video",
     .operation = "publicMediaVideo",
     .summary = "A published video: MP4 (H.264, AAC); ranges",
     .tag = "public",
     .run = public_video,
     .who = ROLE_ANYONE,
     .reply_type = "video/mp4",
     .problems = file_problems,
     .rate = RATE_READ,
     .flags = ROUTE_FILE},
    {0},
};
