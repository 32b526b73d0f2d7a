/* GET /v1/desk/dossiers/figures and the lists that its figures open. */
#include "handlers/figures/figures.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/cases.h"
#include "handlers/dossier/dossiers.h"

/* --- what is asked ---------------------------------------------------------------------------- */

static const struct entity_name by_names[] = {{0},
                                              [FIGURE_BY_AGENCY] = {"agency", {"", ""}},
                                              [FIGURE_BY_FIELD] = {"field", {"", ""}},
                                              [FIGURE_BY_PROCEDURE] = {"procedure", {"", ""}},
                                              [FIGURE_BY_MONTH] = {"month", {"", ""}},
                                              {0}};

static void read_day(const struct request *req, struct reply *reply, const char *name, int64_t *ret)
{
    const char *text = request_query(req, name);
    if (text && !clock_day_parse(text, ret))
        reply_invalid(reply, arena_printf(req->arena, "/%s", name), "Ngày không hợp lệ",
                      "Not a day");
}

static void read_span(const struct request *req, struct reply *reply, struct figures *f)
{
    const char *month = request_query(req, "month");
    struct figure_query *q = &f->query;
    int64_t today = clock_day_number(req->now_ms), last = 0;
    f->month = month ? strtoll(month, NULL, 10) : 0;
    if (month && !figure_month_days(f->month, &q->from, &q->to))
        reply_invalid(reply, "/month", "Tháng không hợp lệ", "Not a month");
    if (month)
        return;
    q->to = today;
    read_day(req, reply, "to", &q->to);
    figure_month_days(figure_month_of(q->to), &q->from, &last); /* of its month, from the first */
    read_day(req, reply, "from", &q->from);
    if (q->from > q->to || q->to - q->from > FIGURES_DAYS_MAX)
        reply_invalid(reply, "/from", "Khoảng thời gian không hợp lệ hoặc quá dài",
                      "The span ends before it begins, or is too long");
}

static void read_query(const struct request *req, struct reply *reply, struct figures *f)
{
    const char *by = request_query(req, "by");
    f->query.agency = cases_agency_asked(req);
    f->query.by = by ? (enum figure_by)entity_enum_value(by_names, by) : FIGURE_BY_AGENCY;
    if (f->query.by == FIGURE_BY_PROCEDURE && !f->query.agency)
        reply_invalid(reply, "/agency", "Chọn cơ quan để xem theo thủ tục",
                      "Name an agency to see its procedures");
    read_span(req, reply, f);
}

/* --- rows ------------------------------------------------------------------------------------- */

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

static int compare(const void *x, const void *y)
{
    const struct figure *a = x, *b = y;
    int order = (a->month > b->month) - (a->month < b->month);
    order = order ? order : compare_texts(a->agency, b->agency);
    order = order ? order : compare_texts(a->field, b->field);
    return order ? order : compare_texts(a->procedure, b->procedure);
}

/* Rows that were frozen and of which nothing is counted any more stand as well. */
static int join(struct figures *f, struct figure *frozen, size_t n, struct arena *a)
{
    struct figure *rows = arena_array(a, f->n + n, sizeof(*rows));
    size_t live = f->n;
    memcpy(rows, f->rows, live * sizeof(*rows));
    for (size_t i = 0; i < n; i++) {
        bool known = false;
        for (size_t j = 0; j < live && !known; j++)
            known = compare(&rows[j], &frozen[i]) == 0;
        if (!known)
            rows[f->n++] = (struct figure){
                .agency = frozen[i].agency, .field = frozen[i].field, .month = frozen[i].month};
    }
    f->rows = rows;
    qsort(rows, f->n, sizeof(*rows), compare);
    f->fixed = arena_array(a, f->n, sizeof(*f->fixed));
    for (size_t i = 0; i < f->n; i++) {
        for (size_t j = 0; j < n; j++) {
            if (compare(&rows[i], &frozen[j]) == 0)
                f->fixed[i] = frozen[j];
        }
    }
    return 0;
}

static int add_frozen(const struct request *req, struct figures *f)
{
    struct store *s = app_of(req)->store;
    struct figure *frozen = NULL;
    size_t n = 0;
    int done = 0;
    if (f->month && f->query.by != FIGURE_BY_PROCEDURE)
        done = figure_frozen(s, f->month, req->arena, &f->frozen_ms);
    if (done != 0 || !f->frozen_ms)
        return done;
    done = figure_frozen_rows(s, f->month, f->query.agency, f->query.by, req->arena, &frozen, &n);
    for (size_t i = 0; done == 0 && i < n; i++) {
        if (f->query.by != FIGURE_BY_AGENCY)
            frozen[i].agency = f->query.agency;
        figure_add(&f->total_fixed, &frozen[i]);
    }
    return done == 0 ? join(f, frozen, n, req->arena) : done;
}

int figures_take(const struct request *req, struct reply *reply, struct figures *ret)
{
    struct app *app = app_of(req);
    *ret = (struct figures){0};
    if (!app_oversees(req))
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    read_query(req, reply, ret);
    if (reply_is_problem(reply))
        return 0;
    ret->catalogue = catalogue_ref(app->catalogue);
    ret->book = procedure_book_ref(app->procedures);
    int done = figure_gather(app->store, &ret->query, req->arena, &ret->rows, &ret->n);
    for (size_t i = 0; done == 0 && i < ret->n; i++)
        figure_add(&ret->total, &ret->rows[i]);
    if (done == 0 && ret->n > 0)
        qsort(ret->rows, ret->n, sizeof(*ret->rows), compare);
    return done == 0 ? add_frozen(req, ret) : done;
}

void figures_release(struct figures *f)
{
    catalogue_unref(f->catalogue);
    procedure_book_unref(f->book);
}

const char *figures_label(const struct request *req, const struct figures *f,
                          const struct figure *row)
{
    const struct agency *agency = NULL;
    const struct procedure *p = NULL;
    switch (f->query.by) {
    case FIGURE_BY_AGENCY:
        agency = row->agency ? catalogue_agency(f->catalogue, row->agency) : NULL;
        return agency && req->language == LANGUAGE_EN && agency->name_en ? agency->name_en
               : agency                                                  ? agency->name
               : row->agency                                             ? row->agency
                                                                         : "";
    case FIGURE_BY_PROCEDURE:
        p = row->procedure ? procedure_at(f->book, row->procedure, req->now_ms) : NULL;
        return p ? p->name : row->procedure ? row->procedure : "";
    case FIGURE_BY_FIELD:
        return row->field ? row->field : "";
    default:
        return arena_printf(req->arena, "%02d/%04d", (int)(row->month % 100),
                            (int)(row->month / 100));
    }
}

/* --- written out ------------------------------------------------------------------------------ */

static const char *day_text(const struct request *req, int64_t day)
{
    struct clock_date d = clock_date_of_day(day);
    return arena_printf(req->arena, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static void add_query(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, "&%s=", name);
    buf_add_encoded(out, value, "");
}

/* The query that opens the list of a figure; `row` NULL: of the total. */
static json_t *list_of(const struct request *req, const struct figures *f, const struct figure *row,
                       enum figure_what what)
{
    CLEANUP(buf_release) struct buf out;
    bool open = what == FIGURE_OPEN || what == FIGURE_OPEN_LATE;
    buf_init(&out, 4096);
    buf_printf(&out, "/v1/desk/dossiers/counted?what=%s", figure_names[what].name);
    if (!open || f->query.by == FIGURE_BY_MONTH)
        add_query(&out, "from", day_text(req, f->query.from));
    add_query(&out, "to", day_text(req, f->query.to));
    const char *agency = row && row->agency ? row->agency : f->query.agency;
    if (agency)
        add_query(&out, "agency", agency);
    if (row && row->field)
        add_query(&out, "field", row->field);
    if (row && row->procedure)
        add_query(&out, "procedure", row->procedure);
    if (row && row->month)
        add_query(&out, "month", arena_printf(req->arena, "%" PRId64, row->month));
    return json_string(out.data);
}

static void add_shares(json_t *ret, const struct figure *f)
{
    int64_t done = f->counts[FIGURE_ON_TIME] + f->counts[FIGURE_LATE],
            rated = f->counts[FIGURE_RATED];
    const struct {
        const char *name;
        int64_t part, of;
    } shares[] = {{"on_time_percent", f->counts[FIGURE_ON_TIME], done},
                  {"reuse_percent", f->reused, f->given},
                  {"satisfied_percent", f->counts[FIGURE_SATISFIED_BY], rated},
                  {"index_percent", f->counts[FIGURE_ON_TIME] - f->unhappy_in_time, done}};
    for (size_t i = 0; i < ARRAY_LEN(shares); i++) {
        if (shares[i].of > 0)
            json_object_set_new(
                ret, shares[i].name,
                json_real((double)figure_share(shares[i].part, shares[i].of, 1000) / 10));
    }
    if (rated > 0)
        json_object_set_new(ret, "rating",
                            json_real((double)figure_share(f->stars, rated, 100) / 100));
}

/* What is in progress is as of now; at the end of a frozen month it was something else, and that is
 * no correction. */
static bool as_of_now(enum figure_what what)
{
    return what == FIGURE_OPEN || what == FIGURE_OPEN_LATE;
}

static void add_counts(const struct request *req, const struct figures *f, const struct figure *row,
                       const struct figure *live, const struct figure *fixed, json_t *ret)
{
    for (int what = 1; what < FIGURE_KINDS; what++) {
        int64_t n = live->counts[what];
        json_t *one = json_pack("{s:I, s:o}", "count", (json_int_t)n, "list",
                                list_of(req, f, row, (enum figure_what)what));
        if (fixed && as_of_now((enum figure_what)what))
            json_object_set_new(one, "at_end", json_integer((json_int_t)fixed->counts[what]));
        else if (fixed)
            json_object_set_new(one, "frozen", json_integer((json_int_t)fixed->counts[what]));
        if (fixed && !as_of_now((enum figure_what)what) && n != fixed->counts[what])
            json_object_set_new(one, "correction",
                                json_integer((json_int_t)(n - fixed->counts[what])));
        json_object_set_new(ret, figure_names[what].name, one);
    }
    add_shares(ret, fixed ? fixed : live);
}

static json_t *row_json(const struct request *req, const struct figures *f, size_t i)
{
    const struct figure *row = &f->rows[i];
    json_t *one =
        json_pack("{s:s, s:s*, s:s*, s:s*}", "label", figures_label(req, f, row), "agency",
                  row->agency, "field", row->field, "procedure", row->procedure);
    if (row->month)
        json_object_set_new(one, "month", json_integer((json_int_t)row->month));
    add_counts(req, f, row, row, f->fixed ? &f->fixed[i] : NULL, one);
    return one;
}

static int figures_get(struct request *req, struct reply *reply)
{
    CLEANUP(figures_release) struct figures f;
    char at[CLOCK_TEXT];
    int done = figures_take(req, reply, &f);
    if (done != 0 || reply_is_problem(reply))
        return done;
    json_t *items = json_array(), *total = json_object();
    for (size_t i = 0; i < f.n; i++)
        json_array_append_new(items, row_json(req, &f, i));
    add_counts(req, &f, NULL, &f.total, f.frozen_ms ? &f.total_fixed : NULL, total);
    json_t *body = json_pack("{s:s, s:s, s:o, s:o}", "from", day_text(req, f.query.from), "to",
                             day_text(req, f.query.to), "items", items, "total", total);
    if (f.frozen_ms)
        json_object_set_new(body, "frozen_at", json_string(clock_format(f.frozen_ms, at)));
    reply_header(reply, "cache-control", "no-store");
    return reply_json(reply, 200, body);
}

/* --- the list of a figure --------------------------------------------------------------------- */

/* The dossiers of a page of facts; the caller destroys them. */
static int dossiers_of(const struct request *req, const struct store_page *facts, bson_t **ret,
                       size_t *ret_n)
{
    *ret_n = 0;
    for (size_t i = 0; i < facts->n; i++) {
        struct id id;
        if (!store_document_id(facts->docs[i], &id))
            return E_CORRUPT;
        int done = store_get(app_of(req)->store, &dossier_collection, &id, &ret[*ret_n]);
        if (done < 0)
            return done;
        *ret_n += done == 0;
    }
    return 0;
}

static int reply_counted(const struct request *req, struct reply *reply,
                         const struct store_page *facts)
{
    bson_t **docs = arena_array(req->arena, facts->n, sizeof(bson_t *));
    struct store_page page = *facts;
    size_t n = 0;
    int done = dossiers_of(req, facts, docs, &n);
    page.docs = arena_dup(req->arena, docs, n * sizeof(bson_t *));
    page.n = n;
    if (done == 0)
        done = app_reply_page(req, reply, &page, dossier_show_overseer);
    for (size_t i = 0; i < n; i++)
        bson_destroy(docs[i]);
    return done;
}

static int counted_get(struct request *req, struct reply *reply)
{
    const char *month = request_query(req, "month"), *what = request_query(req, "what");
    struct figure_list l = {
        .what = what ? (enum figure_what)entity_enum_value(figure_names, what) : 0,
        .agency = cases_agency_asked(req),
        .procedure = request_query(req, "procedure"),
        .month = month ? strtoll(month, NULL, 10) : 0,
        .from = -1,
        .to = clock_day_number(req->now_ms),
    };
    struct store_page facts = {0};
    const char *field = request_query(req, "field");
    if (field) /* as it is counted */
        l.field = arena_strndup(req->arena, field, text_cut(field, STORE_TEXT_MAX));
    if (!app_oversees(req))
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    if (!l.what)
        reply_invalid(reply, "/what", "Chọn số liệu cần xem", "Say which figure");
    read_day(req, reply, "from", &l.from);
    read_day(req, reply, "to", &l.to);
    if (reply_is_problem(reply))
        return 0;
    figure_conditions(&l);
    struct store_query q = {.conditions = l.conditions,
                            .n_conditions = l.n,
                            .order = l.order,
                            .descending = true,
                            .limit = app_limit(req, 50, 100)};
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    int done = store_scan(app_of(req)->store, &dossier_fact_collection, &q, req->arena, &facts);
    return done != 0 ? done : reply_counted(req, reply, &facts);
}

/* --- the table -------------------------------------------------------------------------------- */

#define CODE "{\"type\":\"string\",\"minLength\":1,\"maxLength\":80}"
#define DAY "{\"type\":\"string\",\"format\":\"date\"}"
#define MONTH                                                                                      \
    "{\"type\":\"string\",\"pattern\":\"^[0-9]{4}(0[1-9]|1[0-2])$\",\"x-pattern-words\":{"         \
    "\"vi\":\"Một tháng viết liền năm và tháng, ví dụ 202610.\","                     \
    "\"en\":\"A month as yyyymm, such as 202610.\"}}"

static const struct route_param figure_params[] = {
    {"by", "{\"enum\":[\"agency\",\"field\",\"procedure\",\"month\"]}",
     "Grouped by; agency without it. By procedure of one agency only"},
    {"agency", CODE, "Inspectors: of which agency; the province without it"},
    {"month", MONTH, "yyyymm. Of a month that is over also what was frozen of it"},
    {"from", DAY, "First day, where no month is named; the first of the last day's month"},
    {"to", DAY, "Last day; today"},
    {0},
};
static const struct route_param counted_params[] = {
    {"what",
     "{\"enum\":[\"received\",\"supplied\",\"reused\",\"on_time\",\"late\",\"satisfied\","
     "\"dissatisfied\",\"rated\",\"open\",\"open_late\"]}",
     "Which figure; required"},
    {"agency", CODE, "Inspectors: of which agency; the province without it"},
    {"field", "{\"type\":\"string\",\"maxLength\":120}", "Of this field"},
    {"procedure", CODE, "Of this procedure"},
    {"month", MONTH, "yyyymm, of a row by month"},
    {"from", DAY, "First day of filing; of what is concluded, of its end"},
    {"to", DAY, "Last day; today"},
    {0},
};

#define OVERSEERS                                                                                  \
    .method = GET, .tag = "desk", .who = ROLE_OFFICER | ROLE_LEADER | ROLE_INSPECTOR,              \
    .rate = RATE_READ

/* clang-format off */
const struct route figure_routes[] = {
    {OVERSEERS, .path = "/v1/desk/dossiers/figures", .operation = "deskDossierFigures",
     .summary = "Dossiers received, on time, late, in progress, reuse and satisfaction; leaders and "
                "their deputies see their agency",
     .run = figures_get, .reply_schema = "DossierFigures", .params = figure_params},
    {OVERSEERS, .path = "/v1/desk/dossiers/figures.csv", .operation = "deskDossierFiguresCsv",
     .summary = "The same as a table for a spreadsheet",
     .run = figures_csv, .reply_type = "text/csv", .params = figure_params},
    {OVERSEERS, .path = "/v1/desk/dossiers/counted", .operation = "deskDossiersCounted",
     .summary = "The dossiers that a figure counts",
     .run = counted_get, .reply_schema = "StaffDossierPage", .params = counted_params,
     .flags = ROUTE_PAGED},
    {0},
};
/* clang-format on */
