/* /v1/staff: the accounts of an agency, kept by its own administrators. */
#include "handlers/staff/staff.h"

#include <string.h>

#include "base/result.h"
#include "handlers/staff/handover.h"

static const char *member(const struct request *req, const char *name)
{
    return json_string_value(json_object_get(req->json, name));
}

static int role_of(const struct request *req)
{
    const char *role = member(req, "role");
    return role ? entity_enum_value(staff_roles, role) : 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

static int show(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct staff staff = {0};
    int done = entity_decode(&staff_entity, doc, req->arena, &staff);
    if (done < 0 || !store_document_id(doc, &staff.id))
        return done < 0 ? done : E_CORRUPT;
    staff_json(req, &staff, out);
    return 0;
}

static int list_get(struct request *req, struct reply *reply)
{
    const char *asked = request_query(req, "agency");
    const char *agency = asked ? asked : req->who.agency;
    if (!staff_is_over(req, agency))
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    const struct store_value of = store_text(agency), both[] = {store_int(0), store_int(1)};
    const struct store_condition conditions[] = {
        {.field = "agency", .op = STORE_EQ, .values = &of, .n_values = 1},
        {.field = "active", .op = STORE_IN, .values = both, .n_values = 2},
    };
    struct store_query q = {.conditions = conditions,
                            .n_conditions = 2,
                            .order = "_id",
                            .limit = app_limit(req, 50, STORE_LIMIT_MAX)};
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    struct store_page page;
    int done = store_scan(app_of(req)->store, &staff_collection, &q, req->arena, &page);
    return done != 0 ? done : app_reply_page(req, reply, &page, show);
}

static int one_get(struct request *req, struct reply *reply)
{
    struct staff staff;
    int done = staff_named(req, reply, &staff);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return staff_reply_account(req, reply, &staff, 200);
}

/* --- making ----------------------------------------------------------------------------------- */

/* What an agency's administrator may give is what stays in the agency. */
static void check_role(const struct request *req, struct reply *reply, const char *agency, int role)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *of = catalogue_agency(c, agency);
    bool inside = role == STAFF_OFFICER || role == STAFF_LEADER || role == STAFF_ADMIN;
    if (!of || !of->active)
        reply_invalid(reply, "/agency", "Không có cơ quan mang mã này",
                      "There is no agency of this code");
    else if (!inside && !staff_is_portal(req))
        reply_invalid(reply, "/role", "Chỉ quản trị cổng của tỉnh giao được vai trò này",
                      "Only the portal's administrator gives this role");
    else if (role == STAFF_DISPATCHER && of->kind != AGENCY_DISPATCHER)
        reply_invalid(reply, "/role", "Điều phối viên phải thuộc cơ quan điều phối",
                      "A dispatcher belongs to the dispatching agency");
}

/* NULL without one; "" where `null` takes it away. */
static const char *read_phone(const struct request *req, struct reply *reply)
{
    const json_t *given = json_object_get(req->json, "phone");
    char phone[PERSON_PHONE_TEXT];
    if (!given)
        return NULL;
    if (json_is_null(given))
        return "";
    if (!phone_parse(json_string_value(given), phone)) {
        reply_invalid(reply, "/phone", "Số điện thoại không hợp lệ", "Not a phone number");
        return NULL;
    }
    return arena_strdup(req->arena, phone);
}

static int make_post(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct staff staff;
    char code[STAFF_CODE_TEXT];
    struct staff_draft draft = {
        .user = member(req, "user"),
        .name = app_text(req, "name"),
        .title = app_text(req, "title"),
        .agency = member(req, "agency"),
        .role = role_of(req),
    };
    if (!draft.agency)
        draft.agency = req->who.agency;
    if (!staff_is_over(req, draft.agency))
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    check_role(req, reply, draft.agency, draft.role);
    draft.phone = read_phone(req, reply);
    staff_check_deliver(req, reply, draft.phone != NULL);
    if (reply_is_problem(reply))
        return 0;
    int done = staff_doer_of(req, &doer);
    if (done < 0)
        return done;
    struct account_change c = staff_change_of(req, &doer);
    struct store_write write =
        store_write_keyed("staff.make", &req->who.subject, request_header(req, "idempotency-key"),
                          req->bytes, req->n_bytes);
    done = account_open(&c, &draft, &write, code, &staff);
    if (done == STAFF_TAKEN)
        return reply_invalid(reply, "/user", "Tên đăng nhập đã có", "The user name is taken");
    if (done != 0 && done != STORE_REPEATED)
        return staff_reply_outcome(req, reply, done);
    return staff_reply_code(req, reply, &staff, code, 201);
}

static int code_post(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct staff staff;
    char code[STAFF_CODE_TEXT];
    int done = staff_named(req, reply, &staff);
    if (done != 0 || reply_is_problem(reply))
        return done;
    staff_check_deliver(req, reply, staff.phone.n > 0);
    if (reply_is_problem(reply))
        return 0;
    done = staff_doer_of(req, &doer);
    struct account_change c = staff_change_of(req, &doer);
    if (done == 0)
        done = account_code(&c, &staff.id, code, &staff);
    return done != 0 ? staff_reply_outcome(req, reply, done)
                     : staff_reply_code(req, reply, &staff, code, 200);
}

/* --- changing --------------------------------------------------------------------------------- */

static int tell_change(const struct request *req, const struct staff *staff)
{
    return auth_tell(
        req, &staff->id, "account_changed",
        arena_printf(req->arena, "Tài khoản của bạn vừa được quản trị viên sửa. Vai trò: %s.",
                     staff_roles[staff->role].label[0]),
        arena_printf(req->arena, "An administrator has just changed your account. Role: %s.",
                     staff_roles[staff->role].label[1]));
}

static int change_patch(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct staff staff;
    int was = 0;
    int done = staff_named(req, reply, &staff);
    if (done != 0 || reply_is_problem(reply))
        return done;
    struct account_edit edit = {.name = app_text(req, "name"),
                                .title = app_text(req, "title"),
                                .phone = read_phone(req, reply),
                                .role = role_of(req)};
    if (edit.role && edit.role != staff.role)
        check_role(req, reply, staff.agency, edit.role);
    if (reply_is_problem(reply))
        return 0;
    done = staff_doer_of(req, &doer);
    struct account_change c = staff_change_of(req, &doer);
    if (request_if_match(req, &c.if_revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    if (done == 0)
        done = account_change(&c, &staff.id, &edit, &staff, &was);
    if (done != 0)
        return staff_reply_outcome(req, reply, done);
    if (was != staff.role)
        done = staff_end_sessions(req, &staff.id, "role");
    if (done == 0 && !id_equal(&staff.id, &req->who.subject))
        done = tell_change(req, &staff);
    return done != 0 ? done : staff_reply_account(req, reply, &staff, 200);
}

/* What becomes of the open cases must be said before the account ends. */
static int check_cases(const struct request *req, struct reply *reply, const struct staff *staff,
                       struct staff *ret_to)
{
    const json_t *cases = json_object_get(req->json, "cases");
    const char *to = json_string_value(json_object_get(cases, "to"));
    int64_t n = 0;
    struct id id = {0};
    if (to) {
        id_parse(to, &id);
        if (id_equal(&id, &staff->id))
            return reply_invalid(reply, "/cases/to", "Không bàn giao cho chính người đó",
                                 "Not to the same person");
        return handover_receiver(req, reply, "/cases/to", staff->agency, &id, ret_to);
    }
    int done = cases ? 0 : handover_total(app_of(req), &staff->id, req->arena, &n);
    if (done == 0 && n > 0) {
        reply_problem(
            reply, PROBLEM_CONFLICT,
            req->language == LANGUAGE_EN
                ? "The account has open cases; say in cases what becomes of them"
                : "Tài khoản còn vụ việc đang xử lý; hãy cho biết bàn giao cho ai (cases)");
        reply_extra(reply, "open_cases", json_integer((json_int_t)n));
    }
    return done;
}

/* Under an id of this end, so that who asks again goes on with the same. */
static int hand_over(const struct request *req, const struct staff_doer *doer,
                     const struct staff *ended, const struct staff *to)
{
    const struct id_part parts[] = {{ended->id.bytes, 16}, {&ended->ended_ms, 8}};
    struct store_write write = {.id = id_v8("handover.end.write", parts, 2)};
    struct handover h;
    struct handover_order order = {.id = id_v8("handover.end", parts, 2),
                                   .write = &write,
                                   .from = ended,
                                   .to = to->user ? to : NULL,
                                   .reason = app_text(req, "reason"),
                                   .as = "admin"};
    int done = handover_order(req, &order, doer, &h);
    return done < 0 ? done : 0;
}

static int end_post(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct staff staff, to = {0};
    int done = staff_named(req, reply, &staff);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = check_cases(req, reply, &staff, &to);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = staff_doer_of(req, &doer);
    struct account_change c = staff_change_of(req, &doer);
    if (done == 0)
        done = account_end(&c, &staff.id, app_text(req, "reason"), &staff);
    /* Asked again after a lost reply: what was done is done, and what was left is done now. */
    bool ended = done == 0 || done == ACCOUNT_ENDED;
    if (!ended)
        return staff_reply_outcome(req, reply, done);
    done = staff_end_sessions(req, &staff.id, "disabled");
    if (done == 0 && json_object_get(req->json, "cases"))
        done = hand_over(req, &doer, &staff, &to);
    return done != 0 ? done : staff_reply_account(req, reply, &staff, 200);
}

/* --- the log ---------------------------------------------------------------------------------- */

static int show_act(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct staff_act act = {0};
    int done = entity_decode(&staff_act_entity, doc, req->arena, &act);
    if (done == 0)
        entity_json(&staff_act_entity, &act, SEE_ADMIN | SEE_INSPECTOR, out);
    return done;
}

static int acts_get(struct request *req, struct reply *reply)
{
    const char *agency = request_query(req, "agency");
    bool all = req->who.role == ROLE_INSPECTOR || staff_is_portal(req);
    if (!agency && !all)
        agency = req->who.agency;
    if (!all && !staff_is_over(req, agency))
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    return staff_list(req, reply, agency, &staff_act_collection, "at", show_act);
}

/* --- the table -------------------------------------------------------------------------------- */

#define CODE "{\"type\":\"string\",\"minLength\":1,\"maxLength\":40}"

static const struct route_param list_params[] = {
    {"agency", CODE, "The portal's administrator: of which agency; one's own without it"}, {0}};
static const struct route_param act_params[] = {
    {"agency", CODE, "Inspectors and the portal's administrator: of which agency; all without it"},
    {0}};
static const enum problem named[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem make_problems[] = {PROBLEM_INVALID, PROBLEM_CONFLICT, PROBLEM_KEY_REUSED,
                                             PROBLEM_NONE};
static const enum problem change_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_INVALID, PROBLEM_CONFLICT,
                                               PROBLEM_REVISED, PROBLEM_NONE};

/* clang-format off */
const struct route staff_routes[] = {
    {.method = GET, .path = "/v1/staff", .operation = "staffList",
     .summary = "Accounts of my agency, ended ones too", .tag = "staff", .run = list_get,
     .who = ROLE_ADMIN | ROLE_LEADER, .params = list_params, .reply_schema = "StaffAccountPage",
     .rate = RATE_READ, .flags = ROUTE_PAGED},
    {.method = POST, .path = "/v1/staff", .operation = "staffMake",
     .summary = "An account; its owner opens it with a code, sent by SMS or shown once",
     .tag = "staff", .run = make_post, .who = ROLE_ADMIN, .body = BODY_JSON,
     .body_schema = "staff_new", .reply_schema = "StaffCode", .reply_status = 201,
     .problems = make_problems, .rate = RATE_WRITE, .flags = ROUTE_KEYED},
    {.method = GET, .path = "/v1/staff/{id}", .operation = "staffGet", .summary = "One account",
     .tag = "staff", .run = one_get, .who = ROLE_ADMIN | ROLE_LEADER,
     .reply_schema = "StaffAccount", .problems = named, .rate = RATE_READ},
    {.method = PATCH, .path = "/v1/staff/{id}", .operation = "staffChange",
     .summary = "Change name, title, role or telephone; another role ends its sessions",
     .tag = "staff", .run = change_patch, .who = ROLE_ADMIN, .body = BODY_JSON,
     .body_schema = "staff_change", .reply_schema = "StaffAccount", .problems = change_problems,
     .rate = RATE_WRITE, .flags = ROUTE_IF_MATCH},
    {.method = POST, .path = "/v1/staff/{id}/code", .operation = "staffCode",
     .summary = "A new code for an account that its owner has not opened yet", .tag = "staff",
     .run = code_post, .who = ROLE_ADMIN, .body = BODY_JSON, .body_schema = "staff_code",
     .reply_schema = "StaffCode", .problems = change_problems, .rate = RATE_WRITE},
    {.method = POST, .path = "/v1/staff/{id}/end", .operation = "staffEnd",
     .summary = "End an account, and its sessions at once", .tag = "staff", .run = end_post,
     .who = ROLE_ADMIN, .body = BODY_JSON, .body_schema = "staff_end",
     .reply_schema = "StaffAccount", .problems = change_problems, .rate = RATE_WRITE},
    {.method = POST, .path = "/v1/staff/{id}/reset", .operation = "staffResetAsk",
     .summary = "Ask that an account is opened anew; a second person has to confirm",
     .tag = "staff", .run = staff_reset_post, .who = ROLE_ADMIN, .body = BODY_JSON,
     .body_schema = "staff_reset", .reply_schema = "StaffAccount", .reply_status = 201,
     .problems = change_problems, .rate = RATE_WRITE},
    {.method = POST, .path = "/v1/staff/{id}/reset/confirm", .operation = "staffResetConfirm",
     .summary = "Confirm what another asked for; the owner gets a code", .tag = "staff",
     .run = staff_reset_confirm, .who = ROLE_ADMIN | ROLE_LEADER, .body = BODY_JSON,
     .body_schema = "staff_reset_confirm", .reply_schema = "StaffCode",
     .problems = change_problems, .rate = RATE_WRITE},
    {.method = DELETE, .path = "/v1/staff/{id}/reset", .operation = "staffResetDrop",
     .summary = "Drop the request", .tag = "staff", .run = staff_reset_delete,
     .who = ROLE_ADMIN | ROLE_LEADER, .reply_schema = "StaffAccount", .problems = change_problems,
     .rate = RATE_WRITE},
    {.method = GET, .path = "/v1/staff-acts", .operation = "staffActs",
     .summary = "What was done to accounts, rosters and queues, newest first", .tag = "staff",
     .run = acts_get, .who = ROLE_ADMIN | ROLE_INSPECTOR, .params = act_params,
     .reply_schema = "StaffActPage", .rate = RATE_READ, .flags = ROUTE_PAGED},
    {0},
};
/* clang-format on */
