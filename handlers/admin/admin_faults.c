/* Faults that the loaders of the calendar and of areas tell, as fields that are wrong, in both
 * languages. */
#include <string.h>

#include "handlers/admin/admin.h"

/* % stands for what differs. What is not here (a parser's words) is told as it is. */
static const struct {
    const char *en, *vi;
} words[] = {
    /* domain/calendar/calendar_load.c */
    {"must be two years from 1970 to 9998: [first, last]",
     "phải là hai năm từ 1970 đến 9998: [năm đầu, năm cuối]"},
    {"must ascend and span at most 100 years", "phải tăng dần và không quá 100 năm"},
    {"must name at least one weekday, 1 (Monday) to 7",
     "phải có ít nhất một ngày trong tuần, 1 (thứ Hai) đến 7"},
    {"must be 1 (Monday) to 7", "phải từ 1 (thứ Hai) đến 7"},
    {"stands twice", "bị ghi hai lần"},
    {"must hold one to four intervals", "phải có một đến bốn khoảng giờ"},
    {"must be [\"HH:MM\", \"HH:MM\"]", "phải có dạng [\"HH:MM\", \"HH:MM\"]"},
    {"must end after it begins, and begin after the one before it",
     "phải kết thúc sau khi bắt đầu, và bắt đầu sau khoảng trước"},
    {"has no date YYYY-MM-DD", "không có ngày dạng YYYY-MM-DD"},
    {"lies outside of the years", "nằm ngoài các năm của lịch"},
    {"has no name of at most 200 bytes", "không có tên, hoặc tên dài quá 200 byte"},
    {"is for a day that is no date YYYY-MM-DD", "thay cho một ngày không có dạng YYYY-MM-DD"},
    {"must be a list", "phải là một danh sách"},
    {"% stands twice, or is off and works", "%: ngày này bị ghi hai lần, hoặc vừa nghỉ vừa làm"},
    {"is not known", "không phải mục của lịch"},
    {"must be 1", "phải là 1"},
    {"is longer than 256 KiB", "dài quá 256 KiB"},
    {"must be an object", "phải là một đối tượng JSON"},
    /* domain/area/polygons.c */
    {"has a position that is not [longitude, latitude]",
     "có một điểm không phải là [kinh độ, vĩ độ]"},
    {"has a position far from commune %; is it [longitude, latitude], WGS 84?",
     "có một điểm ở xa xã %; có đúng là [kinh độ, vĩ độ], WGS 84 không?"},
    {"has a ring of less than four positions", "có một đường vòng dưới bốn điểm"},
    {"has one position too many", "có quá nhiều điểm"},
    {"has a ring that is not closed", "có một đường vòng chưa khép kín"},
    {"has a ring that is none", "có một đường vòng không hợp lệ"},
    {"has no coordinates, or too many rings or parts",
     "không có toạ độ, hoặc có quá nhiều đường vòng hay phần"},
    {"is neither a Polygon nor a MultiPolygon", "không phải là Polygon hay MultiPolygon"},
    {"commune % is no valid area: %", "vùng của xã % không hợp lệ: %"},
    {"has no properties.code of a known commune",
     "không có properties.code của một xã, phường trong tỉnh"},
    {"is commune % a second time", "là hình thứ hai của xã %"},
    {"commune % cannot be made an area", "không dựng được vùng của xã %"},
    {"is missing: not a FeatureCollection", "không có: tệp không phải là FeatureCollection"},
    {"do not have commune %", "thiếu xã %"},
    {"is longer than 8 MiB", "dài quá 8 MiB"},
    {"cannot be read: %", "không đọc được: %"},
};

#define PARTS_MAX 2

struct part {
    const char *at;
    size_t n;
};

/* Whether a text is of a pattern, and what stands for each % in it. */
static bool matches(const char *pattern, const char *text, struct part parts[PARTS_MAX])
{
    size_t n = 0;
    for (const char *mark; (mark = strchr(pattern, '%')) && n < PARTS_MAX; n++) {
        size_t before = (size_t)(mark - pattern);
        if (strncmp(pattern, text, before) != 0)
            return false;
        text += before;
        pattern = mark + 1;
        char next[80] = {0}; /* of the pattern, until another % */
        memcpy(next, pattern, strcspn(pattern, "%"));
        const char *end = *next ? strstr(text, next) : text + strlen(text);
        if (!end)
            return false;
        parts[n] = (struct part){text, (size_t)(end - text)};
        text = end;
    }
    return strcmp(pattern, text) == 0;
}

static const char *filled(struct arena *a, const char *pattern, const struct part parts[PARTS_MAX])
{
    const char *text = "";
    for (size_t n = 0; *pattern; n++) {
        size_t before = strcspn(pattern, "%");
        text = arena_printf(a, "%s%.*s", text, (int)before, pattern);
        pattern += before;
        if (*pattern && n < PARTS_MAX) {
            text = arena_printf(a, "%s%.*s", text, (int)parts[n].n, parts[n].at);
            pattern++;
        }
    }
    return text;
}

static const char *in_vietnamese(struct arena *a, const char *en)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        struct part parts[PARTS_MAX] = {{"", 0}, {"", 0}};
        if (matches(words[i].en, en, parts))
            return filled(a, words[i].vi, parts);
    }
    return en;
}

/* `where` of a line is a JSON Pointer only in JSON. */
int admin_reply_faults(const struct request *req, struct reply *reply, const char *prefix,
                       char *lines)
{
    char *rest = NULL;
    for (char *line = lines ? strtok_r(lines, "\n", &rest) : NULL; line;
         line = strtok_r(NULL, "\n", &rest)) {
        const char *pointer = prefix, *en = line;
        char *space = strchr(line, ' ');
        if (space && (line[0] == '/' || space == line)) {
            *space = '\0';
            pointer = arena_printf(req->arena, "%s%s", prefix, line);
            en = space + 1;
        }
        reply_invalid(reply, pointer, in_vietnamese(req->arena, en), en);
    }
    if (!reply_is_problem(reply))
        reply_invalid(reply, prefix, "Tệp có lỗi", "The file is faulty");
    return 0;
}
