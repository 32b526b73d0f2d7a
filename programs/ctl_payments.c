/* Money that was paid online: what became of it, what is given back, and a day against the
 * provider's list. */
#include <string.h>

#include "programs/ctl.h"

int ctl_payments_list(struct ctl *c)
{
    static const struct ctl_column columns[] = {{"Mã", "id"},
                                                {"Giao dịch", "transaction"},
                                                {"Hồ sơ", "number"},
                                                {"Cơ quan", "agency"},
                                                {"Số tiền", "amount"},
                                                {"Ghi nhận", "counted"},
                                                {"Hoàn trả", "refund"},
                                                {"Trạng thái", "state"},
                                                {"Vì sao", "reason"},
                                                {"Nộp lúc", "paid_at"},
                                                {0}};
    CLEANUP(json_decrefp) json_t *items = NULL;
    const char *state = ctl_option(c, "--state");
    const char *path =
        state ? arena_printf(c->arena, "/v1/admin/payments?state=%s", ctl_escape(c, state))
              : "/v1/admin/payments";
    int status = ctl_collect(c, path, &items);
    if (status == CTL_DONE)
        ctl_table(c, items, columns);
    return status;
}

int ctl_payments_refund(struct ctl *c)
{
    static const struct ctl_column facts[] = {
        {"Giao dịch", "transaction"},     {"Hồ sơ", "number"},
        {"Số tiền hoàn trả", "refund"},   {"Trạng thái", "state"},
        {"Chứng từ", "refund_reference"}, {0}};
    CLEANUP(json_decrefp) json_t *answer = NULL;
    const char *reference = ctl_option(c, "--reference"), *note = ctl_option(c, "--note");
    if (!reference)
        return ctl_fail("--reference: the paper by which it was given back"), CTL_USAGE;
    CLEANUP(json_decrefp)
    json_t *body = json_pack("{s:s, s:s*}", "reference", reference, "note", note);
    const char *path =
        arena_printf(c->arena, "/v1/admin/payments/%s/refund", ctl_escape(c, c->args[0]));
    int status = ctl_call(c, "POST", path, body, 0, &answer);
    if (status == CTL_DONE)
        ctl_facts(c, answer, facts);
    return status;
}

int ctl_payments_reconcile(struct ctl *c)
{
    static const struct ctl_column facts[] = {{"Ngày", "date"},
                                              {"Nhà cung cấp", "provider"},
                                              {"Giao dịch ở đây", "ours"},
                                              {"Giao dịch bên kia", "theirs"},
                                              {"Tổng ở đây", "ours_sum"},
                                              {"Tổng bên kia", "theirs_sum"},
                                              {"Thiếu ở đây", "missing_here"},
                                              {"Thiếu bên kia", "missing_there"},
                                              {"Lệch số tiền", "differing"},
                                              {"Dòng không đọc được", "unreadable"},
                                              {0}};
    static const struct ctl_column columns[] = {{"Sai lệch", "kind"},
                                                {"Giao dịch", "transaction"},
                                                {"Hồ sơ", "number"},
                                                {"Ở đây", "ours"},
                                                {"Bên kia", "theirs"},
                                                {"Đã ghi nhận", "taken"},
                                                {0}};
    CLEANUP(json_decrefp) json_t *job = NULL;
    const char *day = ctl_option(c, "--day");
    if (!day)
        return ctl_fail("--day: a day as yyyy-mm-dd"), CTL_USAGE;
    CLEANUP(json_decrefp)
    json_t *body = json_pack("{s:s, s:b}", "date", day, "take", ctl_option(c, "--take") != NULL);
    int status = ctl_job(c, "/v1/admin/payments/reconcile", body, &job);
    if (status != CTL_DONE)
        return status;
    const json_t *result = json_object_get(job, "result");
    ctl_facts(c, result, facts);
    if (!c->json && json_array_size(json_object_get(result, "differences")) > 0)
        ctl_table(c, json_object_get(result, "differences"), columns);
    return CTL_DONE;
}
