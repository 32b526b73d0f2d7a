/* Lists and imports: agencies, categories, routes, staff, keys, dead letters, areas, calendar. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/result.h"
#include "domain/calendar/calendar.h"
#include "programs/ctl.h"

#define PART_BYTES ((size_t)900 * 1024) /* a request takes 1 MiB */
#define PART_ROWS 2000

/* --- lists ------------------------------------------------------------------------------------ */

static const struct {
    const char *what;
    struct ctl_column columns[8];
} lists[] = {
    {"agencies",
     {{"Mã", "code"}, {"Tên", "name"}, {"Loại", "kind"}, {"Xã", "commune"}, {"Dùng", "active"}}},
    {"categories",
     {{"Mã", "code"},
      {"Tên", "name"},
      {"Thứ tự", "rank"},
      {"Duyệt", "approval"},
      {"Ảnh", "proof"},
      {"Dùng", "active"}}},
    {"procedures",
     {{"Mã", "code"},
      {"Tên", "name"},
      {"Lĩnh vực", "field"},
      {"Từ ngày", "from"},
      {"Đến ngày", "until"},
      {"Hiệu lực", "in_force"},
      {"Nộp được", "fileable"}}},
    {"routes", {{"Lĩnh vực", "category"}, {"Xã", "commune"}, {"Cơ quan", "agency"}}},
    {"staff",
     {{"Tài khoản", "user"},
      {"Họ tên", "name"},
      {"Chức danh", "title"},
      {"Vai trò", "role"},
      {"Cơ quan", "agency"},
      {"Dùng", "active"},
      {"Lần cuối", "seen_at"}}},
    {"keys",
     {{"Khoá", "id"},
      {"Tạo lúc", "created_at"},
      {"Dùng từ", "active_at"},
      {"Đang dùng", "active"},
      {"Không tin nữa", "distrusted"}}},
    {"dead-letters",
     {{"Mã", "id"},
      {"Kênh", "channel"},
      {"Số", "number"},
      {"Việc", "what"},
      {"Cơ quan", "agency"},
      {"Về", "about"},
      {"Lần thử", "tries"},
      {"Lỗi", "error"}}},
};

static const struct ctl_column *columns_of(const char *what)
{
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        if (strcmp(lists[i].what, what) == 0)
            return lists[i].columns;
    }
    return NULL;
}

int ctl_list(struct ctl *c)
{
    const char *agency = ctl_option(c, "--agency");
    const char *path = arena_printf(c->arena, "/v1/admin/%s%s%s", c->command->detail,
                                    agency ? "?agency=" : "", agency ? ctl_escape(c, agency) : "");
    CLEANUP(json_decrefp) json_t *items = NULL;
    int status = ctl_collect(c, path, &items);
    if (status == CTL_DONE)
        ctl_table(c, items, columns_of(c->command->detail));
    return status;
}

/* --- imports ---------------------------------------------------------------------------------- */

int ctl_read_json(const char *file, size_t max, json_t **ret)
{
    CLEANUP(buf_release) struct buf text;
    buf_init(&text, max);
    int done = file_read(file, max, &text);
    if (done != 0)
        return ctl_fail_file(file, done);
    struct json_fault fault;
    if (json_read(text.data ? text.data : "", text.len, ret, &fault) != 0)
        return ctl_fail("%s: byte %zu: %s", file, fault.offset, fault.words);
    return CTL_DONE;
}

/* How many rows from `from` on fit into one request, one at least; they are in *ret. */
static size_t take_part(const json_t *rows, size_t from, json_t **ret)
{
    size_t bytes = 2, n = 0;
    *ret = json_array();
    while (from + n < json_array_size(rows) && n < PART_ROWS) {
        json_t *row = json_array_get(rows, from + n);
        bytes += json_dumpb(row, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY) + 1;
        if (n > 0 && bytes > PART_BYTES)
            break;
        json_array_append(*ret, row);
        n++;
    }
    return n;
}

static void add_up(json_t *sum, const json_t *part)
{
    static const char *const members[] = {"added", "changed", "unchanged"};
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        json_int_t before = json_integer_value(json_object_get(sum, members[i]));
        json_int_t more = json_integer_value(json_object_get(part, members[i]));
        json_object_set_new(sum, members[i], json_integer(before + more));
    }
}

static int send_all(struct ctl *c, const json_t *rows, bool check, json_t *sum)
{
    const char *path =
        arena_printf(c->arena, "/v1/admin/%s%s", c->command->detail, check ? "?check=true" : "");
    for (size_t at = 0, n = 0; at < json_array_size(rows); at += n) {
        CLEANUP(json_decrefp) json_t *part = NULL;
        CLEANUP(json_decrefp) json_t *answer = NULL;
        n = take_part(rows, at, &part);
        int status = ctl_call(c, "PUT", path, part, at, &answer);
        if (status != CTL_DONE)
            return status;
        add_up(sum, answer);
    }
    return CTL_DONE;
}

int ctl_import(struct ctl *c)
{
    static const struct ctl_column columns[] = {
        {"Thêm", "added"}, {"Sửa", "changed"}, {"Giữ nguyên", "unchanged"}, {0}};
    CLEANUP(json_decrefp) json_t *rows = NULL;
    CLEANUP(json_decrefp) json_t *sum = json_object();
    int status = ctl_read_json(c->args[0], CTL_FILE_MAX, &rows);
    if (status != CTL_DONE)
        return status;
    if (!json_is_array(rows) || json_array_size(rows) == 0)
        return ctl_fail("%s: not a list of rows", c->args[0]);
    /* A file in several parts: all of them are checked before the first is written. */
    status = send_all(c, rows, true, sum);
    if (status == CTL_DONE && !ctl_option(c, "--check")) {
        json_object_clear(sum);
        status = send_all(c, rows, false, sum);
    }
    if (status == CTL_DONE)
        ctl_facts(c, sum, columns);
    return status;
}

int ctl_webhook_key(struct ctl *c)
{
    static const struct ctl_column columns[] = {{"Khoá webhook", "secret"}, {0}};
    CLEANUP(json_decrefp) json_t *answer = NULL;
    const char *path =
        arena_printf(c->arena, "/v1/admin/agencies/%s/webhook-key", ctl_escape(c, c->args[0]));
    int status = ctl_call(c, "POST", path, NULL, 0, &answer);
    if (status == CTL_DONE)
        ctl_facts(c, answer, columns);
    return status;
}

/* --- places and days -------------------------------------------------------------------------- */

/* tramd reads the file itself: it wants to know where it is, whatever folder it runs in. */
static const char *absolute(struct ctl *c, const char *file)
{
    CLEANUP(freep) char *path = realpath(file, NULL);
    return path ? arena_strdup(c->arena, path) : NULL;
}

int ctl_areas_import(struct ctl *c)
{
    static const struct ctl_column columns[] = {
        {"Xã, phường", "communes"}, {"Có ranh giới", "borders"}, {0}};
    const char *communes_file = ctl_option(c, "--communes");
    const char *borders = absolute(c, c->args[0]);
    const char *communes = communes_file ? absolute(c, communes_file) : NULL;
    if (!borders || (communes_file && !communes))
        return ctl_fail_file(borders ? communes_file : c->args[0], E_IO);
    CLEANUP(json_decrefp) json_t *body = json_pack("{s:s}", "borders", borders);
    if (communes)
        json_object_set_new(body, "communes", json_string(communes));
    CLEANUP(json_decrefp) json_t *answer = NULL;
    int status = ctl_call(c, "PUT", "/v1/admin/areas", body, 0, &answer);
    if (status == CTL_DONE)
        ctl_facts(c, answer, columns);
    return status;
}

int ctl_calendar_import(struct ctl *c)
{
    static const struct ctl_column columns[] = {{"Phiên bản lịch", "version"}, {0}};
    CLEANUP(json_decrefp) json_t *body = NULL;
    CLEANUP(json_decrefp) json_t *answer = NULL;
    int status = ctl_read_json(c->args[0], CALENDAR_TEXT_MAX, &body);
    if (status == CTL_DONE)
        status = ctl_call(c, "PUT", "/v1/admin/calendar", body, 0, &answer);
    if (status == CTL_DONE)
        ctl_facts(c, answer, columns);
    return status;
}
