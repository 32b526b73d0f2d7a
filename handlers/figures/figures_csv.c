/* GET /v1/desk/dossiers/figures.csv: RFC 4180, with a byte order mark, by which spreadsheets know
 * that the text is UTF-8. */
#include <inttypes.h>
#include <string.h>

#include "base/result.h"
#include "handlers/figures/figures.h"

#define CSV_MAX ((size_t)4 << 20)

/* A spreadsheet takes a text that begins so for a formula (OWASP, CSV injection); an apostrophe
 * before it makes it text. */
static bool like_formula(const char *text)
{
    return text[0] && strchr("=+-@\t\r\n|%", text[0]);
}

static void add_text(struct buf *out, const char *text)
{
    buf_add_char(out, '"');
    if (like_formula(text))
        buf_add_char(out, '\'');
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            buf_add_char(out, '"');
        buf_add_char(out, *p);
    }
    buf_add_char(out, '"');
}

static void add_number(struct buf *out, int64_t n)
{
    buf_printf(out, ",%" PRId64, n);
}

static void add_head(const struct request *req, const struct figures *f, struct buf *out)
{
    static const char *const first[][2] = {[FIGURE_BY_AGENCY] = {"Cơ quan", "Agency"},
                                           [FIGURE_BY_FIELD] = {"Lĩnh vực", "Field"},
                                           [FIGURE_BY_PROCEDURE] = {"Thủ tục", "Procedure"},
                                           [FIGURE_BY_MONTH] = {"Tháng", "Month"}};
    static const char *const fixed[] = {"điều chỉnh sau chốt", "corrections after the freeze"};
    static const char *const more[][2] = {
        {"Mã", "Code"},
        {"Giấy tờ dùng lại", "Reused papers"},
        {"Giấy tờ đã nộp", "Papers given"},
    };
    int language = req->language == LANGUAGE_EN;
    add_text(out, first[f->query.by][language]);
    buf_add_char(out, ',');
    add_text(out, more[0][language]);
    for (int what = 1; what < FIGURE_KINDS; what++) {
        buf_add_char(out, ',');
        add_text(out, figure_names[what].label[language]);
    }
    for (size_t i = 1; i < ARRAY_LEN(more); i++) {
        buf_add_char(out, ',');
        add_text(out, more[i][language]);
    }
    for (int what = 1; f->fixed && what < FIGURE_OPEN; what++) {
        buf_add_char(out, ',');
        add_text(out, arena_printf(req->arena, "%s (%s)", figure_names[what].label[language],
                                   fixed[language]));
    }
    buf_add_str(out, "\r\n");
}

/* The frozen figure where there is one; corrections stand in columns of their own. */
static void add_row(const struct figures *f, const char *label, const char *code,
                    const struct figure *live, const struct figure *fixed, struct buf *out)
{
    const struct figure *shown = fixed ? fixed : live;
    add_text(out, label);
    buf_add_char(out, ',');
    add_text(out, code);
    for (int what = 1; what < FIGURE_KINDS; what++)
        add_number(out, shown->counts[what]);
    add_number(out, shown->reused);
    add_number(out, shown->given);
    for (int what = 1; f->fixed && what < FIGURE_OPEN; what++)
        add_number(out, live->counts[what] - (fixed ? fixed->counts[what] : 0));
    buf_add_str(out, "\r\n");
}

static const char *code_of(const struct figures *f, const struct figure *row)
{
    const char *code = f->query.by == FIGURE_BY_PROCEDURE ? row->procedure
                       : f->query.by == FIGURE_BY_AGENCY  ? row->agency
                                                          : NULL;
    return code ? code : "";
}

int figures_csv(struct request *req, struct reply *reply)
{
    CLEANUP(figures_release) struct figures f = {0};
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, CSV_MAX);
    int done = figures_take(req, reply, &f);
    if (done != 0 || reply_is_problem(reply))
        return done;
    buf_add_str(&out, "\xEF\xBB\xBF");
    add_head(req, &f, &out);
    for (size_t i = 0; i < f.n; i++)
        add_row(&f, figures_label(req, &f, &f.rows[i]), code_of(&f, &f.rows[i]), &f.rows[i],
                f.fixed ? &f.fixed[i] : NULL, &out);
    add_row(&f, req->language == LANGUAGE_EN ? "Total" : "Tổng cộng", "", &f.total,
            f.frozen_ms ? &f.total_fixed : NULL, &out);
    reply_header(reply, "cache-control", "no-store");
    reply_header(reply, "content-disposition", "attachment; filename=\"ho-so.csv\"");
    return out.failed ? E_FULL
                      : reply_bytes(reply, 200, "text/csv; charset=utf-8", out.data, out.len);
}
