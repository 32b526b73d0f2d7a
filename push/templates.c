#include "push/templates.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

#define TO(whom) (1U << TELL_##whom)
#define OWNER TO(OWNER)
#define DESK (TO(AGENCY) | TO(OFFICER) | TO(LEADER))
#define PORTAL TO(DISPATCHER)
#define BEFORE TO(FORMER)
#define NOTE_MAX 800 /* bytes of a step's words told in a notice */

/* clang-format off */
static const struct template templates[] = {
    {"file", OWNER,
     {"Phản ánh {number} đã được gửi đến {agency}.[ Hạn xử lý: {due}.]",
      "Report {number} was sent to {agency}.[ Due: {due}.]"}},
    {"file", DESK,
     {"Phản ánh mới {number}.[ Hạn xử lý: {due}.]",
      "New report {number}.[ Due: {due}.]"}},
    {"file", PORTAL,
     {"Phản ánh mới {number} cần phân phối.[ Hạn phân phối: {due}.]",
      "New report {number} is to be dispatched.[ Due: {due}.]"}},
    {"emergency", TO(LEADER_SMS),
     {"KHẨN CẤP: phản ánh {number} vừa gửi đến {agency}.[ Hạn xử lý: {due}.]",
      "EMERGENCY: report {number} was just sent to {agency}.[ Due: {due}.]"}},
    {"dispatch", OWNER,
     {"Phản ánh {number} đã được chuyển đến {agency} để xử lý.[ Hạn xử lý: {due}.]",
      "Report {number} was passed to {agency}.[ Due: {due}.]"}},
    {"dispatch", DESK,
     {"Phản ánh {number} được phân phối đến đơn vị.[ Hạn xử lý: {due}.]",
      "Report {number} was dispatched to your agency.[ Due: {due}.]"}},
    {"recall", OWNER,
     {"{agency} nhận lại phản ánh {number} để phân phối lại.[ Lý do: {note}]",
      "{agency} took back report {number}, to dispatch it again.[ Reason: {note}]"}},
    {"recall", BEFORE,
     {"Phản ánh {number} đã được đơn vị điều phối thu hồi.[ Lý do: {note}]",
      "Report {number} was taken back by the dispatcher.[ Reason: {note}]"}},
    {"receive", OWNER,
     {"{agency} đã tiếp nhận phản ánh {number}.[ Hạn xử lý: {due}.]",
      "{agency} received report {number}.[ Due: {due}.]"}},
    {"assign", OWNER,
     {"{agency} đang xử lý phản ánh {number}.[ Hạn xử lý: {due}.]",
      "{agency} is working on report {number}.[ Due: {due}.]"}},
    {"assign", DESK,
     {"Bạn được giao xử lý phản ánh {number}.[ Hạn xử lý: {due}.][ Ghi chú: {note}]",
      "Report {number} is assigned to you.[ Due: {due}.][ Note: {note}]"}},
    {"transfer", OWNER,
     {"Phản ánh {number} được chuyển đến {agency}.[ Hạn: {due}.]",
      "Report {number} was transferred to {agency}.[ Due: {due}.]"}},
    {"transfer", DESK,
     {"Phản ánh {number} được chuyển đến đơn vị.[ Hạn xử lý: {due}.][ Ghi chú: {note}]",
      "Report {number} was transferred to your agency.[ Due: {due}.][ Note: {note}]"}},
    {"transfer", PORTAL,
     {"Phản ánh {number} được chuyển trả, cần phân phối lại.[ Hạn phân phối: {due}.][ Ghi chú: {note}]",
      "Report {number} came back and is to be dispatched again.[ Due: {due}.][ Note: {note}]"}},
    {"ask", OWNER,
     {"{agency} cần bạn bổ sung thông tin cho phản ánh {number}[: {note}][ Hạn trả lời: {due}.]",
      "{agency} has a question about report {number}[: {note}][ Answer by {due}.]"}},
    {"supply", DESK,
     {"Người gửi đã bổ sung thông tin cho phản ánh {number}[: {note}]",
      "The reporter answered your question about report {number}[: {note}]"}},
    {"resume", OWNER,
     {"{agency} tiếp tục xử lý phản ánh {number}, không chờ bổ sung thông tin.[ Hạn xử lý: {due}.]",
      "{agency} goes on with report {number} without waiting for an answer.[ Due: {due}.]"}},
    {"resume", DESK,
     {"Phản ánh {number} được xử lý tiếp, người gửi không bổ sung thông tin.[ Hạn xử lý: {due}.]",
      "Report {number} goes on without the reporter's answer.[ Due: {due}.]"}},
    {"extend", OWNER,
     {"{agency} gia hạn xử lý phản ánh {number}[ đến {due}].[ Lý do: {note}]",
      "{agency} extended the time for report {number}[ to {due}].[ Reason: {note}]"}},
    {"answer", OWNER,
     {"{agency} đã trả lời phản ánh {number}[: {note}]",
      "{agency} answered report {number}[: {note}]"}},
    {"answer", DESK,
     {"Kết quả xử lý phản ánh {number} chờ bạn duyệt.[ Hạn xử lý: {due}.]",
      "The answer to report {number} waits for your approval.[ Due: {due}.]"}},
    {"approve", OWNER,
     {"{agency} đã trả lời phản ánh {number}. Mời bạn xem và đánh giá kết quả.",
      "{agency} answered report {number}. Please look at the answer and rate it."}},
    {"approve", DESK,
     {"Kết quả xử lý phản ánh {number} đã được duyệt.",
      "The answer to report {number} was approved."}},
    {"send_back", DESK,
     {"Kết quả xử lý phản ánh {number} bị trả lại[: {note}][ Hạn xử lý: {due}.]",
      "The answer to report {number} was sent back[: {note}][ Due: {due}.]"}},
    {"publish", OWNER,
     {"Phản ánh {number} đã được công khai.",
      "Report {number} was published."}},
    {"rate", DESK,
     {"Người gửi đã đánh giá kết quả xử lý phản ánh {number}[: {note}]",
      "The reporter rated the answer to report {number}[: {note}]"}},
    {"reopen", DESK,
     {"Phản ánh {number} được mở lại[: {note}][ Hạn xử lý: {due}.]",
      "Report {number} was reopened[: {note}][ Due: {due}.]"}},
    {"reject", OWNER,
     {"{agency} từ chối phản ánh {number}.[ Lý do: {note}]",
      "{agency} rejected report {number}.[ Reason: {note}]"}},
    {"duplicate", OWNER,
     {"Phản ánh {number} trùng với một phản ánh đã có và được đóng.[ Ghi chú: {note}]",
      "Report {number} repeats an earlier one and was closed.[ Note: {note}]"}},
    {"withdraw", DESK,
     {"Người gửi đã rút phản ánh {number}.[ Lý do: {note}]",
      "The reporter withdrew report {number}.[ Reason: {note}]"}},
    {"reveal", OWNER,
     {"{agency} đã xem họ tên và số điện thoại của bạn để xử lý phản ánh {number}.[ Lý do: {note}]",
      "{agency} looked at your name and phone number to handle report {number}.[ Reason: {note}]"}},
    {"close", OWNER,
     {"Phản ánh {number} đã được đóng.",
      "Report {number} was closed."}},
    {"warning", OWNER,
     {"Sắp hết hạn bổ sung thông tin cho phản ánh {number}[: {due}].",
      "The time to answer the question about report {number} is running out[: {due}]."}},
    {"warning", DESK,
     {"Phản ánh {number} ({state}) sắp đến hạn[: {due}].",
      "Report {number} ({state}) is due soon[: {due}]."}},
    {"warning", PORTAL,
     {"Phản ánh {number} sắp hết hạn phân phối[: {due}].",
      "Report {number} is to be dispatched soon[: {due}]."}},
    {"late", DESK,
     {"Phản ánh {number} ({state}) đã quá hạn[ từ {due}].",
      "Report {number} ({state}) is overdue[ since {due}]."}},
    {"late", PORTAL,
     {"Phản ánh {number} đã quá hạn phân phối[ từ {due}].",
      "Report {number} was not dispatched in time[: due {due}]."}},
};
/* clang-format on */

const struct template *template_find(const char *what, int whom)
{
    for (size_t i = 0; i < ARRAY_LEN(templates); i++) {
        if (strcmp(templates[i].what, what) == 0 && (templates[i].whom & (1U << whom)))
            return &templates[i];
    }
    return NULL;
}

/* --- filling ---------------------------------------------------------------------------------- */

/* False if the name is not a placeholder; *ret may be NULL. */
static bool value_of(const char *name, size_t n, int language, const struct template_values *v,
                     const char **ret)
{
    const struct {
        const char *name, *value;
    } values[] = {
        {"number", v->number},
        {"state", v->state[language]},
        {"agency", v->agency[language]},
        {"due", v->due},
        {"note", v->note},
    };
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        if (strlen(values[i].name) == n && memcmp(values[i].name, name, n) == 0) {
            *ret = values[i].value;
            return true;
        }
    }
    return false;
}

static void add_value(struct buf *out, const char *value)
{
    size_t n = text_cut(value, NOTE_MAX);
    buf_add(out, value, n);
    if (value[n])
        buf_add_str(out, "…");
}

/* Fills text up to its end; false if a placeholder has no value or no name that is known. */
static bool fill(const char *text, const char *end, int language, const struct template_values *v,
                 struct buf *out)
{
    while (text < end) {
        const char *stop;
        if (*text == '{' && (stop = memchr(text, '}', (size_t)(end - text)))) {
            const char *value = NULL;
            if (!value_of(text + 1, (size_t)(stop - text - 1), language, v, &value) || !value)
                return false;
            add_value(out, value);
        } else if (*text == '[' && (stop = memchr(text, ']', (size_t)(end - text)))) {
            size_t mark = out->len;
            if (!fill(text + 1, stop, language, v, out) && out->data) {
                out->len = mark;
                out->data[mark] = '\0';
            }
        } else {
            buf_add_char(out, *text);
            stop = text;
        }
        text = stop + 1;
    }
    return true;
}

char *template_fill(const struct template *t, int language, const struct template_values *v,
                    size_t max, struct arena *a)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 16 * 1024);
    const char *text = t->text[language];
    fill(text, text + strlen(text), language, v, &out);
    return out.data ? arena_strndup(a, out.data, text_cut(out.data, max)) : arena_strdup(a, "");
}

char *template_time(int64_t ms, struct arena *a)
{
    if (!ms)
        return NULL;
    int64_t day = clock_day_number(ms);
    struct clock_date d = clock_date_of_day(day);
    int minutes = (int)((ms - clock_day_start_ms(day)) / 60000);
    return arena_printf(a, "%02d/%02d/%04d %02d:%02d", d.day, d.month, d.year, minutes / 60,
                        minutes % 60);
}

/* --- checking --------------------------------------------------------------------------------- */

static const char *missing(const char *what, int whom, struct arena *a)
{
    if (!whom || template_find(what, whom))
        return NULL;
    return arena_printf(a, "no words for \"%s\" to %s", what,
                        entity_enum_name(case_audience_names, whom));
}

static const char *rows_fault(const struct case_kind *k, struct arena *a)
{
    const char *fault = NULL;
    for (size_t i = 0; i < k->n_rows; i++) {
        const struct case_row *row = &k->rows[i];
        for (size_t j = 0; j < ARRAY_LEN(row->tells) && row->tells[j].whom && !fault; j++)
            fault =
                missing(row->tells[j].what ? row->tells[j].what : row->verb, row->tells[j].whom, a);
    }
    for (size_t i = 1; i < k->n_clocks; i++) {
        for (int j = 0; j < 2 && !fault; j++) {
            fault = missing("warning", k->clocks[i].warn_whom[j], a);
            if (!fault)
                fault = missing("late", k->clocks[i].late_whom[j], a);
        }
    }
    return fault;
}

/* Every placeholder is known, and brackets come in pairs. */
static bool text_sound(const char *text, int language)
{
    static const struct template_values none = {0};
    const char *open = NULL, *value;
    for (; text && *text; text++) {
        if (*text == '{') {
            size_t n = strcspn(text + 1, "{}[]");
            if (text[n + 1] != '}' || !value_of(text + 1, n, language, &none, &value))
                return false;
            text += n + 1;
        } else if (*text == '}' || (*text == '[' && open) || (*text == ']' && !open)) {
            return false;
        } else if (*text == '[' || *text == ']') {
            open = *text == '[' ? text : NULL;
        }
    }
    return text && !open;
}

const char *templates_fault(const struct case_kind *k, struct arena *a)
{
    static const struct case_tell filing[] = {{TELL_OWNER, "file"},
                                              {TELL_AGENCY, "file"},
                                              {TELL_DISPATCHER, "file"},
                                              {TELL_LEADER_SMS, "emergency"}};
    const char *fault = rows_fault(k, a);
    for (size_t i = 0; i < ARRAY_LEN(filing) && !fault; i++)
        fault = missing(filing[i].what, filing[i].whom, a);
    for (size_t i = 0; i < ARRAY_LEN(templates) && !fault; i++)
        fault = text_sound(templates[i].text[0], 0) && text_sound(templates[i].text[1], 1)
                    ? NULL
                    : arena_printf(a, "the words for \"%s\" are not sound", templates[i].what);
    return fault;
}
