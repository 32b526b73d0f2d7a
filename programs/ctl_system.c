/* Status, keys, dead letters, the clock, backup, rebuild. */
#include <stdlib.h>
#include <string.h>

#include "programs/ctl.h"

int ctl_status(struct ctl *c)
{
    static const struct ctl_column columns[] = {
        {"Phiên bản", "version"},
        {"Bây giờ", "now"},
        {"Chạy từ", "started_at"},
        {"Trình diễn", "demo"},
        {"Cơ quan", "catalogue.agencies"},
        {"Lĩnh vực", "catalogue.categories"},
        {"Quy tắc phân phối", "catalogue.rules"},
        {"Thủ tục (phiên bản)", "catalogue.procedures"},
        {"Xã, phường", "catalogue.communes"},
        {"Có ranh giới", "catalogue.borders"},
        {"Phản ánh mới gửi", "reports.new"},
        {"  đã phân phối", "reports.dispatched"},
        {"  đã tiếp nhận", "reports.received"},
        {"  đang xử lý", "reports.in_progress"},
        {"  chờ bổ sung", "reports.waiting"},
        {"  chờ duyệt", "reports.approval"},
        {"  đã xử lý", "reports.answered"},
        {"  đóng", "reports.closed"},
        {"Không gửi được", "dead_letters.count"},
        {0},
    };
    CLEANUP(json_decrefp) json_t *answer = NULL;
    int status = ctl_call(c, "GET", "/v1/admin/status", NULL, 0, &answer);
    if (status == CTL_DONE)
        ctl_facts(c, answer, columns);
    return status;
}

int ctl_consents_verify(struct ctl *c)
{
    static const struct ctl_column columns[] = {
        {"Chuỗi toàn vẹn", "holds"},   {"Bản ghi", "records"}, {"Mã băm cuối", "last_digest"},
        {"Hỏng từ bản ghi", "broken"}, {"Vì", "why"},          {0}};
    CLEANUP(json_decrefp) json_t *answer = NULL;
    int status = ctl_call(
        c, "GET", arena_printf(c->arena, "/v1/admin/consents/%s", ctl_escape(c, c->args[0])), NULL,
        0, &answer);
    if (status == CTL_DONE)
        ctl_facts(c, answer, columns);
    if (status == CTL_DONE && !json_is_true(json_object_get(answer, "holds")))
        status = CTL_FAILED;
    return status;
}

int ctl_dead_replay(struct ctl *c)
{
    CLEANUP(json_decrefp) json_t *answer = NULL;
    return ctl_call(
        c, "POST",
        arena_printf(c->arena, "/v1/admin/dead-letters/%s/replay", ctl_escape(c, c->args[0])), NULL,
        0, &answer);
}

int ctl_dead_drop(struct ctl *c)
{
    CLEANUP(json_decrefp) json_t *answer = NULL;
    return ctl_call(c, "DELETE",
                    arena_printf(c->arena, "/v1/admin/dead-letters/%s", ctl_escape(c, c->args[0])),
                    NULL, 0, &answer);
}

int ctl_clock_advance(struct ctl *c)
{
    static const struct ctl_column columns[] = {
        {"Bây giờ", "now"}, {"Đã dời (ms)", "advanced_ms"}, {0}};
    char *end = NULL;
    long seconds = strtol(c->args[0], &end, 10);
    if (*end || seconds <= 0)
        return ctl_fail("%s: not a number of seconds", c->args[0]), CTL_USAGE;
    CLEANUP(json_decrefp) json_t *body = json_pack("{s:I}", "seconds", (json_int_t)seconds);
    CLEANUP(json_decrefp) json_t *answer = NULL;
    int status = ctl_call(c, "POST", "/v1/admin/clock/advance", body, 0, &answer);
    if (status == CTL_DONE)
        ctl_facts(c, answer, columns);
    return status;
}

/* --- jobs ------------------------------------------------------------------------------------- */

int ctl_job(struct ctl *c, const char *path, const json_t *body, json_t **ret)
{
    CLEANUP(json_decrefp) json_t *begun = NULL;
    int status = ctl_call(c, "POST", path, body, 0, &begun);
    return status == CTL_DONE ? ctl_wait(c, begun, ret) : status;
}

/* tramd writes the folder: it wants to know where it is, though it does not exist yet. */
static const char *absolute(struct ctl *c, const char *folder)
{
    if (folder[0] == '/')
        return folder;
    CLEANUP(freep) char *here = realpath(".", NULL);
    return here ? arena_printf(c->arena, "%s/%s", here, folder) : folder;
}

int ctl_backup(struct ctl *c)
{
    static const struct ctl_column columns[] = {{"Đã sao lưu vào", "result.folder"}, {0}};
    CLEANUP(json_decrefp) json_t *body = json_pack("{s:s}", "folder", absolute(c, c->args[0]));
    CLEANUP(json_decrefp) json_t *job = NULL;
    int status = ctl_job(c, "/v1/admin/backup", body, &job);
    if (status == CTL_DONE)
        ctl_facts(c, job, columns);
    return status;
}

int ctl_rebuild(struct ctl *c)
{
    static const struct ctl_column columns[] = {
        {"Đã xem", "result.looked"}, {"Khác", "result.differed"}, {0}};
    CLEANUP(json_decrefp) json_t *job = NULL;
    int status = ctl_job(c, "/v1/admin/rebuild", NULL, &job);
    if (status != CTL_DONE)
        return status;
    ctl_facts(c, job, columns);
    const json_t *numbers = json_object_get(json_object_get(job, "result"), "numbers"), *number;
    size_t i;
    json_array_foreach((json_t *)numbers, i, number)
    {
        if (!c->json)
            printf("  %s\n", json_string_value(number));
    }
    return CTL_DONE;
}
