/* Permits of holders at a desk, by a code that they tell or a slip that they sign. */
#include "handlers/dossier/permits.h"

#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/result.h"
#include "handlers/identity/auth.h"
#include "handlers/identity/looks.h"

#define PLAIN 40 /* bytes: holder, official, until when */
#define HEX (2 * (PLAIN + MAC_TAG))

/* --- the text --------------------------------------------------------------------------------- */

/* What the tag is over: no other signed text begins so. */
static void bind(const uint8_t plain[PLAIN], uint8_t ret[6 + PLAIN])
{
    memcpy(ret, "permit", 6);
    memcpy(ret + 6, plain, PLAIN);
}

static const char *permit_write(const struct request *req, const struct id *owner, int64_t until_ms)
{
    uint8_t bytes[PLAIN + MAC_TAG], bound[6 + PLAIN];
    memcpy(bytes, owner->bytes, 16);
    memcpy(bytes + 16, req->who.subject.bytes, 16);
    for (size_t i = 0; i < 8; i++)
        bytes[32 + i] = (uint8_t)((uint64_t)until_ms >> (56 - 8 * i));
    bind(bytes, bound);
    mac_tag(app_of(req)->keys, KEY_URL, bound, sizeof(bound), bytes + PLAIN);
    return bytes_to_hex(bytes, sizeof(bytes), arena_alloc(req->arena, HEX + 1));
}

bool permit_read(const struct request *req, const char *text, struct id *ret_owner)
{
    uint8_t bytes[PLAIN + MAC_TAG], bound[6 + PLAIN];
    size_t n = 0;
    uint64_t until = 0;
    if (!bytes_from_hex(text, strlen(text), bytes, sizeof(bytes), &n) || n != sizeof(bytes))
        return false;
    bind(bytes, bound);
    for (size_t i = 0; i < 8; i++)
        until = until << 8 | bytes[32 + i];
    memcpy(ret_owner->bytes, bytes, 16);
    return mac_check(app_of(req)->keys, KEY_URL, bound, sizeof(bound), bytes + PLAIN) == 0 &&
           memcmp(bytes + 16, req->who.subject.bytes, 16) == 0 && req->now_ms < (int64_t)until;
}

/* --- the code --------------------------------------------------------------------------------- */

/* The holder of the card; a problem where there is none. Each asking is in the log of looks. */
static int find_holder(const struct request *req, struct reply *reply, struct person *ret)
{
    int done = desk_person_of_card(req, reply, ret);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return app_look(
        req,
        &(struct app_look){.person = ret->id, .what = LOOK_CARD, .reason = app_text(req, "note")});
}

static const char *agency_name(const struct request *req, const struct catalogue *c)
{
    const struct agency *agency = catalogue_agency(c, req->who.agency);
    return agency ? agency->name : req->who.agency;
}

static int send_code(const struct request *req, const struct id *challenge, const char *phone,
                     const char *code)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct app *app = app_of(req);
    const char *text = arena_printf(
        req->arena,
        "Ma %s: doc cho can bo %s neu ban dong y dung giay to da luu. Dung trong 5 phut.", code,
        text_ascii(req->arena, agency_name(req, c)));
    return push_sms(app->push, challenge, phone, text, req->now_ms, req->now_ms + app->otp.life_ms);
}

static int code_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct person holder;
    struct id challenge;
    const char *phone = NULL;
    char code[7];
    int64_t retry_ms = 0;
    int done = find_holder(req, reply, &holder);
    if (done == 0 && !reply_is_problem(reply))
        done = person_phone(&app->people, &holder, req->arena, &phone);
    if (done != 0 || reply_is_problem(reply))
        return done == PERSON_ERASED ? reply_problem(reply, PROBLEM_NOT_FOUND, NULL) : done;
    if (!phone)
        return reply_invalid(reply, "/card",
                             "Người này chưa có số điện thoại; hãy dùng phiếu đồng ý có chữ ký",
                             "They have no telephone number here; take a signed slip");
    const struct otp_request ask = {
        .phone = phone, .address = auth_visitor(req), .desk = req->who.subject};
    done = otp_begin(&app->people, &app->otp, &ask, req->now_ms, &challenge, code, &retry_ms);
    if (done == OTP_LIMITED)
        return auth_reply_later(req, reply, retry_ms);
    if (done == 0)
        done = send_code(req, &challenge, phone, code);
    if (done != 0)
        return done;
    return reply_json(reply, 201,
                      json_pack("{s:s, s:I, s:s}", "challenge", app_id_text(req, &challenge),
                                "expires_in", (json_int_t)(app->otp.life_ms / 1000), "hint",
                                phone + strlen(phone) - 3));
}

/* --- the permit ------------------------------------------------------------------------------- */

/* The code came to this holder's telephone, for this official. */
static int check_code(const struct request *req, struct reply *reply, const struct person *holder)
{
    const struct app *app = app_of(req);
    struct id challenge;
    struct otp_proof proof;
    const char *phone = NULL;
    id_parse(json_string_value(json_object_get(req->json, "challenge")), &challenge);
    int done = otp_check_at_desk(&app->people, &app->otp, &challenge, &req->who.subject,
                                 json_string_value(json_object_get(req->json, "code")), req->now_ms,
                                 &proof);
    if (done == OTP_WRONG || done == OTP_OVER)
        return reply_problem(reply, PROBLEM_CODE_WRONG, NULL);
    if (done == 0)
        done = person_phone(&app->people, holder, req->arena, &phone);
    if (done == 0 && (!phone || strcmp(phone, proof.phone) != 0))
        return reply_problem(reply, PROBLEM_CODE_WRONG, NULL);
    return done;
}

static int tell(const struct request *req, const struct person *holder, bool by_code)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *agency = catalogue_agency(c, req->who.agency);
    const char *vi = agency ? agency->name : req->who.agency;
    const char *en = agency && agency->name_en ? agency->name_en : vi;
    const char *note = app_text(req, "note");
    return auth_tell(
        req, &holder->id, "desk_permit",
        arena_printf(req->arena,
                     "%s được phép dùng giấy tờ trong kho của bạn trong 30 phút, theo %s. Ghi chú: "
                     "%s. Nếu không phải bạn, hãy báo ngay cho cơ quan này.",
                     vi, by_code ? "mã bạn đã đọc tại quầy" : "phiếu bạn đã ký", note),
        arena_printf(req->arena,
                     "%s may use papers of your document store for 30 minutes, by %s. Note: %s. If "
                     "it was not you, tell that agency at once.",
                     en, by_code ? "the code that you told at the desk" : "a slip that you signed",
                     note));
}

static int permit_post(struct request *req, struct reply *reply)
{
    struct person holder;
    char until[CLOCK_TEXT];
    bool by_code = json_object_get(req->json, "code") != NULL;
    if (!app_text(req, "note"))
        return reply_invalid(reply, "/note", "Ghi chú không được trống", "The note is empty");
    int done = find_holder(req, reply, &holder);
    if (done == 0 && !reply_is_problem(reply) && by_code)
        done = check_code(req, reply, &holder);
    if (done == 0 && !reply_is_problem(reply))
        done = tell(req, &holder, by_code); /* first: nothing is opened in silence */
    if (done != 0 || reply_is_problem(reply))
        return done > 0 ? E_UNAVAILABLE : done;
    reply_header(reply, "cache-control", "no-store");
    return reply_json(reply, 200,
                      json_pack("{s:s, s:s}", "permit",
                                permit_write(req, &holder.id, req->now_ms + PERMIT_MS), "until",
                                clock_format(req->now_ms + PERMIT_MS, until)));
}

static const enum problem problems[] = {PROBLEM_NOT_FOUND, PROBLEM_INVALID, PROBLEM_CODE_WRONG,
                                        PROBLEM_NONE};

const struct route permit_routes[] = {
    {.method = POST,
     .path = "/v1/desk/holders/code",
     .operation = "deskHolderCode",
     .summary = "Send the holder of a card a code, to be told if stored documents may be used",
     .tag = "desk",
     .run = code_post,
     .who = ROLE_OFFICER | ROLE_LEADER,
     .body = BODY_JSON,
     .body_schema = "desk_holder_code",
     .reply_schema = "DeskHolderCode",
     .reply_status = 201,
     .problems = problems,
     .rate = RATE_WRITE},
    {.method = POST,
     .path = "/v1/desk/holders/permit",
     .operation = "deskHolderPermit",
     .summary = "By the code that was told, or a signed slip: their documents may be offered",
     .tag = "desk",
     .run = permit_post,
     .who = ROLE_OFFICER | ROLE_LEADER,
     .body = BODY_JSON,
     .body_schema = "desk_holder_permit",
     .reply_schema = "DeskHolderPermit",
     .problems = problems,
     .rate = RATE_SIGN_IN},
    {0},
};
