/* Who may keep the province's tables, and the log of what they did. */
#include "base/result.h"
#include "handlers/admin/admin.h"
#include "handlers/identity/passkeys.h"
#include "handlers/staff/staff.h"

#include <string.h>

bool admin_is_operator(const struct request *req)
{
    return req->who.role == ROLE_OPERATOR;
}

bool admin_over_province(const struct request *req)
{
    return admin_is_operator(req) || staff_is_portal(req);
}

int admin_fresh(const struct request *req, struct reply *reply)
{
    bool fresh = true;
    return admin_is_operator(req) ? 0 : app_fresh(req, reply, &fresh);
}

int admin_of_province(const struct request *req, struct reply *reply, bool dangerous)
{
    if (!admin_over_province(req)) {
        reply_problem(reply, PROBLEM_FORBIDDEN,
                      req->language == LANGUAGE_EN
                          ? "Only an administrator of the province's portal does this"
                          : "Chỉ quản trị viên của cổng tỉnh làm được việc này");
        return 0;
    }
    return dangerous ? admin_fresh(req, reply) : 0;
}

bool admin_only_checks(const struct request *req)
{
    const char *check = request_query(req, "check");
    return check && strcmp(check, "true") == 0;
}

int admin_note(const struct request *req, const char *verb, const char *agency, const char *detail)
{
    struct staff_doer by;
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *portal = catalogue_dispatcher(c);
    int done = staff_doer_of(req, &by);
    if (done != 0)
        return done;
    if (admin_is_operator(req))
        by = (struct staff_doer){.user = "operator"};
    struct staff_act act = staff_act_of(&by, verb, req->now_ms);
    act.agency = agency ? agency : portal ? portal->code : NULL;
    act.detail = detail;
    return staff_act_write(app_of(req)->store, &act);
}
