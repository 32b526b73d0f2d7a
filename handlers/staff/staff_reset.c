/* An account whose owner lost phone or password: one asks, another confirms, the owner is told. */
#include <string.h>

#include "base/result.h"
#include "handlers/staff/staff.h"

#define CONFIRMERS_MAX 20 /* who are told that they are asked for */

static int tell_owner(const struct request *req, const struct staff *staff, const char *what,
                      const char *vi, const char *en, const char *sms)
{
    int done = auth_tell(req, &staff->id, what, vi, en);
    return done == 0 ? staff_message(req, staff, sms, NULL) : done;
}

/* Leaders and administrators of the account's agency, but for who asked and whose it is. */
static int tell_confirmers(const struct request *req, const struct staff *staff)
{
    static const int roles[] = {STAFF_LEADER, STAFF_ADMIN};
    size_t told = 0;
    const char *vi = arena_printf(req->arena,
                                  "Có yêu cầu mở lại tài khoản của %s, chờ người thứ hai xác nhận "
                                  "trong 24 giờ.",
                                  staff->name);
    const char *en = arena_printf(req->arena,
                                  "Somebody asked to open the account of %s anew; a second person "
                                  "has 24 hours to confirm.",
                                  staff->name);
    for (size_t r = 0; r < ARRAY_LEN(roles); r++) {
        struct staff *all = NULL;
        size_t n = 0;
        int done =
            staff_of_agency(app_of(req)->store, staff->agency, roles[r], req->arena, &all, &n);
        for (size_t i = 0; done == 0 && i < n && told < CONFIRMERS_MAX; i++) {
            if (id_equal(&all[i].id, &req->who.subject) || id_equal(&all[i].id, &staff->id))
                continue;
            done = auth_tell(req, &all[i].id, "reset_wanted", vi, en);
            told++;
        }
        if (done != 0)
            return done;
    }
    return 0;
}

int staff_reset_post(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct staff staff;
    int done = staff_named(req, reply, &staff);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = staff_doer_of(req, &doer);
    struct account_change c = staff_change_of(req, &doer);
    enum staff_activation what = (enum staff_activation)entity_enum_value(
        staff_activations, json_string_value(json_object_get(req->json, "what")));
    if (done == 0)
        done = account_reset_ask(&c, &staff.id, what, app_text(req, "reason"), &staff);
    if (done != 0)
        return staff_reply_outcome(req, reply, done);
    done = tell_owner(
        req, &staff, "reset_asked",
        "Có người yêu cầu mở lại tài khoản của bạn. Nếu không phải do bạn nhờ, hãy báo lãnh đạo "
        "ngay.",
        "Somebody asked to open your account anew. If you did not ask for it, tell your leader.",
        "Tram: co nguoi yeu cau mo lai tai khoan cua ban. Neu khong phai do ban nho, hay bao lanh "
        "dao ngay.");
    if (done == 0)
        done = tell_confirmers(req, &staff);
    return done != 0 ? done : staff_reply_account(req, reply, &staff, 201);
}

static void named_reset(const struct request *req, struct id *ret)
{
    id_parse(json_string_value(json_object_get(req->json, "reset")), ret);
}

int staff_reset_confirm(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct staff staff;
    struct id reset = {0};
    char code[STAFF_CODE_TEXT];
    int done = staff_named(req, reply, &staff);
    if (done != 0 || reply_is_problem(reply))
        return done;
    staff_check_deliver(req, reply, staff.phone.n > 0);
    if (reply_is_problem(reply))
        return 0;
    named_reset(req, &reset);
    done = staff_doer_of(req, &doer);
    struct account_change c = staff_change_of(req, &doer);
    if (done == 0)
        done = account_reset_confirm(&c, &staff.id, &reset, code, &staff);
    if (done != 0)
        return staff_reply_outcome(req, reply, done);
    done = staff_end_sessions(req, &staff.id, "reset");
    if (done == 0)
        done = auth_tell(req, &staff.id, "reset_confirmed",
                         "Tài khoản của bạn đã được hai người đồng ý mở lại.",
                         "Two persons agreed to open your account anew.");
    return done != 0 ? done : staff_reply_code(req, reply, &staff, code, 200);
}

int staff_reset_delete(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct staff staff;
    int done = staff_named(req, reply, &staff);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = staff_doer_of(req, &doer);
    struct account_change c = staff_change_of(req, &doer);
    if (done == 0)
        done = account_reset_drop(&c, &staff.id, &staff.reset.id, &staff);
    return done != 0 ? staff_reply_outcome(req, reply, done)
                     : staff_reply_account(req, reply, &staff, 200);
}
