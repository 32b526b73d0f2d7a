/* Accounts of officials. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/totp.h"
#include "base/result.h"
#include "domain/staff/password_rule.h"
#include "handlers/admin/admin.h"
#include "handlers/staff/staff.h"

#define ISSUER "Trạm"

static const char *member(const struct request *req, const char *name)
{
    return json_string_value(json_object_get(req->json, name));
}

static void check_agency(const struct request *req, struct reply *reply, const char *code, int role)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *agency = catalogue_agency(c, code);
    if (!agency || !agency->active)
        reply_invalid(reply, "/agency", "Không có cơ quan mang mã này",
                      "There is no agency of this code");
    else if (role == STAFF_DISPATCHER && agency->kind != AGENCY_DISPATCHER)
        reply_invalid(reply, "/agency", "Điều phối viên phải thuộc cơ quan điều phối",
                      "A dispatcher belongs to the dispatching agency");
}

static void check_password(const struct request *req, struct reply *reply, const char *user)
{
    const char *password = member(req, "password");
    int weak = password ? password_rule(password, user, req->arena) : 0;
    if (weak)
        reply_invalid(reply, "/password", password_fault_words(weak, 0),
                      password_fault_words(weak, 1));
}

/* Also what is done at the server stands in the agency's log. */
static int note_act(const struct request *req, const char *verb, const struct id *to,
                    const char *user, const char *agency, const char *detail)
{
    const struct staff_doer by = {.user = "operator"};
    struct staff_act act = staff_act_of(&by, verb, req->now_ms);
    act.to = *to;
    act.to_user = user;
    act.agency = agency;
    act.detail = detail;
    return staff_act_write(app_of(req)->store, &act);
}

static int reply_created(const struct request *req, struct reply *reply, const struct staff *staff,
                         const uint8_t secret[TOTP_SECRET])
{
    char base32[TOTP_BASE32_TEXT];
    json_t *body = json_pack("{s:s, s:s, s:s, s:s}", "id", app_id_text(req, &staff->id), "user",
                             staff->user, "totp_secret", totp_base32(secret, base32), "totp_uri",
                             totp_uri(req->arena, ISSUER, staff->user, secret));
    bytes_wipe(base32, sizeof(base32));
    return reply_json(reply, 201, body);
}

int admin_staff_post(struct request *req, struct reply *reply)
{
    uint8_t secret[TOTP_SECRET];
    char phone[PERSON_PHONE_TEXT];
    struct staff_draft draft = {
        .user = member(req, "user"),
        .name = member(req, "name"),
        .title = member(req, "title"),
        .agency = member(req, "agency"),
        .password = member(req, "password"),
        .role = entity_enum_value(staff_roles, member(req, "role")),
        .totp = secret,
        .n_totp = sizeof(secret),
    };
    check_agency(req, reply, draft.agency, draft.role);
    check_password(req, reply, draft.user);
    if (member(req, "phone")) {
        if (phone_parse(member(req, "phone"), phone))
            draft.phone = phone;
        else
            reply_invalid(reply, "/phone", "Số điện thoại không hợp lệ", "Not a phone number");
    }
    if (reply_is_problem(reply))
        return 0;
    struct staff staff;
    totp_secret_new(secret);
    int done = staff_create(app_of(req)->store, app_of(req)->keys, &draft, req->now_ms, req->arena,
                            &staff);
    if (done == STAFF_TAKEN)
        done = reply_invalid(reply, "/user", "Tên đăng nhập đã có", "The user name is taken");
    else if (done == 0)
        done = note_act(req, "make", &staff.id, staff.user, staff.agency,
                        staff_roles[staff.role].name);
    if (done == 0 && !reply_is_problem(reply))
        done = reply_created(req, reply, &staff, secret);
    bytes_wipe(secret, sizeof(secret));
    return done;
}

static int show(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct staff staff = {0};
    int done = entity_decode(&staff_entity, doc, req->arena, &staff);
    if (done < 0 || !store_document_id(doc, &staff.id))
        return done < 0 ? done : E_CORRUPT;
    bool first = false;
    buf_printf(out, "{\"id\":\"%s\"", app_id_text(req, &staff.id));
    entity_json_members(&staff_entity, &staff, SEE_ADMIN, &first, out);
    buf_add_str(out, "}");
    return 0;
}

int admin_staff_patch(struct request *req, struct reply *reply)
{
    struct id id = staff_id(request_param(req, "user"));
    const json_t *active = json_object_get(req->json, "active");
    struct staff_edit edit = {.password = member(req, "password"),
                              .now_ms = req->now_ms,
                              .active = active ? json_is_true(active) : -1};
    struct staff staff;
    check_password(req, reply, request_param(req, "user"));
    if (reply_is_problem(reply))
        return 0;
    int done = staff_get(app_of(req)->store, &id, req->arena, &staff);
    if (done == 0)
        done = note_act(req,
                        edit.password ? "password"
                        : edit.active ? "enable"
                                      : "end",
                        &id, staff.user, staff.agency, "tramctl");
    if (done == 0)
        done = staff_change(app_of(req)->store, &id, &edit, req->arena, &staff);
    if (done != 0)
        return app_reply_store(reply, done);
    if (edit.active == 0 || edit.password) {
        done = staff_end_sessions(req, &id, edit.active == 0 ? "disabled" : "password");
        if (done == 0 && edit.password)
            done = passkey_remove_all(app_of(req)->store, &id, req->arena);
        if (done != 0)
            return done;
    }
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    done = store_get(app_of(req)->store, &staff_collection, &id, &doc);
    if (done != 0)
        return app_reply_store(reply, done);
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 65536);
    done = show(req, doc, &out);
    if (done == 0)
        done = out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
    return done;
}

int admin_staff_list(struct request *req, struct reply *reply)
{
    const char *agency = request_query(req, "agency");
    const struct store_value of = store_text(agency ? agency : ""),
                             both[] = {store_int(0), store_int(1)};
    const struct store_condition conditions[] = {
        {.field = "agency", .op = STORE_EQ, .values = &of, .n_values = 1},
        {.field = "active", .op = STORE_IN, .values = both, .n_values = 2},
    };
    struct store_query q = {.conditions = conditions,
                            .n_conditions = agency ? 2 : 0,
                            .order = "_id",
                            .limit = app_limit(req, 100, STORE_LIMIT_MAX)};
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    struct store_page page;
    int done = store_scan(app_of(req)->store, &staff_collection, &q, req->arena, &page);
    return done != 0 ? done : app_reply_page(req, reply, &page, show);
}
