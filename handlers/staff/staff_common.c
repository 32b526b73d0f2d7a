/* What the handlers of the staff directory have in common. */
#include <string.h>

#include "base/crypto/mac.h"
#include "base/result.h"
#include "handlers/staff/staff.h"

#define SMS_LIFE_MS (INT64_C(3600) * 1000)

int staff_doer_of(const struct request *req, struct staff_doer *ret)
{
    struct staff staff;
    const char *visitor = auth_visitor(req);
    *ret = (struct staff_doer){.id = req->who.subject};
    if (visitor) {
        struct id key = mac_lookup_id(app_of(req)->keys, "staff.address", visitor, strlen(visitor));
        ret->address = app_id_text(req, &key);
    }
    if (id_is_nil(&req->who.subject))
        return 0;
    int done = staff_get(app_of(req)->store, &req->who.subject, req->arena, &staff);
    if (done != 0)
        return done < 0 ? done : E_CORRUPT;
    ret->user = staff.user;
    ret->agency = staff.agency;
    return 0;
}

struct account_change staff_change_of(const struct request *req, const struct staff_doer *doer)
{
    return (struct account_change){.store = app_of(req)->store,
                                   .keys = app_of(req)->keys,
                                   .doer = doer,
                                   .now_ms = req->now_ms,
                                   .if_revision = STORE_ANY_REVISION,
                                   .arena = req->arena};
}

bool staff_is_portal(const struct request *req)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *portal = catalogue_dispatcher(c);
    return req->who.role == ROLE_ADMIN && portal && strcmp(portal->code, req->who.agency) == 0;
}

bool staff_is_over(const struct request *req, const char *agency)
{
    bool role = req->who.role == ROLE_ADMIN || req->who.role == ROLE_LEADER;
    if (!role || !agency)
        return false;
    return strcmp(agency, req->who.agency) == 0 || staff_is_portal(req);
}

int staff_named(const struct request *req, struct reply *reply, struct staff *ret)
{
    struct id id;
    int done = request_param_id(req, "id", &id)
                   ? staff_get(app_of(req)->store, &id, req->arena, ret)
                   : STORE_ABSENT;
    if (done < 0)
        return done;
    if (done > 0 || !staff_is_over(req, ret->agency))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return 0;
}

int staff_show(const struct request *req, const struct entity *e, const struct id *id,
               const void *record, struct buf *out)
{
    bool first = false;
    buf_printf(out, "{\"id\":\"%s\"", app_id_text(req, id));
    entity_json_members(e, record, SEE_ADMIN, &first, out);
    buf_add_char(out, '}');
    return out->failed ? E_FULL : 0;
}

int staff_reply(const struct request *req, struct reply *reply, const struct entity *e,
                const struct id *id, const void *record, int status)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 65536);
    int done = staff_show(req, e, id, record, &out);
    return done != 0 ? done : reply_json_text(reply, status, out.data, out.len);
}

int staff_list(struct request *req, struct reply *reply, const char *agency,
               const struct store_collection *collection, const char *order, app_show_fn show)
{
    const struct store_value of = store_text(agency ? agency : "");
    const struct store_condition is = {
        .field = "agency", .op = STORE_EQ, .values = &of, .n_values = 1};
    struct store_query q = {.conditions = &is,
                            .n_conditions = agency ? 1 : 0,
                            .order = order,
                            .descending = true,
                            .limit = app_limit(req, 50, STORE_LIMIT_MAX)};
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    struct store_page page;
    int done = store_scan(app_of(req)->store, collection, &q, req->arena, &page);
    return done != 0 ? done : app_reply_page(req, reply, &page, show);
}

static const struct {
    int outcome;
    enum problem problem;
    const char *words[2];
} outcomes[] = {
    {ACCOUNT_LAST_ADMIN,
     PROBLEM_CONFLICT,
     {"Đây là quản trị viên cuối cùng của cơ quan; hãy cử người khác trước",
      "This is the agency's last administrator; appoint another first"}},
    {ACCOUNT_OWN,
     PROBLEM_FORBIDDEN,
     {"Không ai tự làm việc này với tài khoản của mình", "Nobody does this to their own account"}},
    {ACCOUNT_ENDED, PROBLEM_CONFLICT, {"Tài khoản đã kết thúc", "The account has ended"}},
    {ACCOUNT_ACTIVE,
     PROBLEM_CONFLICT,
     {"Tài khoản đã được kích hoạt; muốn mở lại phải có hai người",
      "The account is active; opening it anew takes a reset and two persons"}},
    {ACCOUNT_PENDING,
     PROBLEM_CONFLICT,
     {"Đã có một yêu cầu đang chờ xác nhận", "A reset was asked for and waits"}},
    {ACCOUNT_SAME,
     PROBLEM_FORBIDDEN,
     {"Người yêu cầu không được tự xác nhận; cần một người thứ hai",
      "Who asked does not confirm; it takes a second person"}},
    {ACCOUNT_KIN,
     PROBLEM_FORBIDDEN,
     {"Bạn và người yêu cầu chưa phải hai người độc lập: tài khoản của một bên do bên kia, hoặc cả "
      "hai do cùng một người, mở hay giao vai trò trong 30 ngày qua. Cần một người khác xác nhận.",
      "You and who asked are not two independent persons yet: one's account was opened or given "
      "its role by the other, or both by the same person, in the last 30 days. It takes somebody "
      "else."}},
    {ACCOUNT_NO_RESET,
     PROBLEM_CONFLICT,
     {"Không có yêu cầu này, hoặc đã quá hạn", "There is no such request, or its time is over"}},
    {ACCOUNT_CROWDED, PROBLEM_OVERLOADED, {NULL, NULL}},
    {ACCOUNT_UNKNOWN_CODE, PROBLEM_CODE_WRONG, {NULL, NULL}},
    {STAFF_WRONG, PROBLEM_CODE_WRONG, {NULL, NULL}},
};

int staff_reply_outcome(const struct request *req, struct reply *reply, int outcome)
{
    for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
        if (outcomes[i].outcome == outcome)
            return reply_problem(reply, outcomes[i].problem,
                                 outcomes[i].words[req->language == LANGUAGE_EN]);
    }
    return outcome < 0 ? outcome : app_reply_store(reply, outcome);
}

void staff_json(const struct request *req, const struct staff *staff, struct buf *out)
{
    struct staff shown = *staff;
    bool first = false;
    if (shown.reset.until_ms <= req->now_ms)
        shown.reset = (struct staff_reset){0};
    buf_printf(out, "{\"id\":\"%s\",\"activated\":%s,\"has_phone\":%s",
               app_id_text(req, &staff->id),
               staff->password && !staff->activation ? "true" : "false",
               staff->phone.n ? "true" : "false");
    entity_json_members(&staff_entity, &shown, SEE_ADMIN, &first, out);
    buf_add_char(out, '}');
}

int staff_reply_account(const struct request *req, struct reply *reply, const struct staff *staff,
                        int status)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 65536);
    staff_json(req, staff, &out);
    reply_etag(reply, staff->revision);
    return out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
}

/* --- codes and messages ----------------------------------------------------------------------- */

int staff_message(const struct request *req, const struct staff *staff, const char *text,
                  bool *ret_sent)
{
    const struct app *app = app_of(req);
    const char *phone = NULL;
    struct id id = id_v4();
    int done = staff_phone(app->keys, staff, req->arena, &phone);
    if (done == 0 && phone)
        done = push_sms(app->push, &id, phone, text, req->now_ms, req->now_ms + SMS_LIFE_MS);
    if (ret_sent)
        *ret_sent = done == 0 && phone;
    return done;
}

static bool wants_message(const struct request *req, bool has_phone)
{
    const char *deliver = json_string_value(json_object_get(req->json, "deliver"));
    return deliver ? strcmp(deliver, "sms") == 0 : has_phone;
}

void staff_check_deliver(const struct request *req, struct reply *reply, bool has_phone)
{
    if (wants_message(req, has_phone) && !has_phone)
        reply_invalid(reply, "/deliver", "Tài khoản chưa có số điện thoại để nhắn mã",
                      "The account has no telephone number to send the code to");
}

int staff_reply_code(const struct request *req, struct reply *reply, const struct staff *staff,
                     const char *code, int status)
{
    bool sent = false;
    const char *text =
        arena_printf(req->arena,
                     "Tram: ma mo tai khoan la %s, dung mot lan trong 72 gio. Khong dua ma nay cho "
                     "bat ky ai. Tai khoan: %s",
                     code, staff->user);
    if (wants_message(req, staff->phone.n > 0)) {
        int done = staff_message(req, staff, text, &sent);
        if (done != 0)
            return done;
    }
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 65536);
    buf_add_str(&out, "{\"account\":");
    staff_json(req, staff, &out);
    buf_printf(&out, ",\"sent\":%s", sent ? "true" : "false");
    if (!sent)
        buf_printf(&out, ",\"code\":\"%s\"", code);
    buf_add_char(&out, '}');
    reply_header(reply, "cache-control", "no-store");
    reply_etag(reply, staff->revision);
    return out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
}

/* session_list gives the newest page; what it no longer lists has ended. */
int staff_end_sessions(const struct request *req, const struct id *staff, const char *why)
{
    struct app *app = app_of(req);
    struct session *sessions = NULL;
    size_t n = 0;
    do {
        int done = session_list(app->store, staff, req->now_ms, req->arena, &sessions, &n);
        for (size_t i = 0; done == 0 && i < n; i++) {
            done = session_end(app->store, &sessions[i].id, staff, why, req->now_ms);
            gateway_end_session(app->gateway, &sessions[i].id);
            if (done == SESSION_INVALID)
                done = 0; /* it ended by itself meanwhile */
        }
        if (done != 0)
            return done;
    } while (n > 0);
    return 0;
}
