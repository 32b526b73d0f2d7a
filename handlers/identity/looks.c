/* The log of looks: how a look is recorded, and who may read of it. How it is meant: look.h. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/filter.h"
#include "handlers/identity/looks.h"

#define FIGURES_MAX 200 /* officers and days that are shown */
#define FIGURE_DAYS 92

int app_look(const struct request *req, const struct app_look *look)
{
    const struct app *app = app_of(req);
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app->catalogue);
    const struct agency *agency = catalogue_agency(c, req->who.agency);
    struct staff staff;
    struct look recorded;
    int done = staff_get(app->store, &req->who.subject, req->arena, &staff);
    if (done != 0)
        return done < 0 ? done : E_REFUSED; /* nobody who could be named looks */
    const struct look_draft draft = {
        .agency = req->who.agency,
        .office = agency ? agency->name : req->who.agency,
        .title = staff.title,
        .role = staff_roles[staff.role].name,
        .staff = req->who.subject,
        .person = look->person,
        .what = look->what,
        .number = look->number,
        .reason = look->reason,
        .route = req->route->operation,
    };
    return look_add(app->store, app->keys, &draft, req->now_ms, req->arena, &recorded);
}

/* --- lists ------------------------------------------------------------------------------------ */

/* What was looked at, in words of the reader's language. */
static void add_words(const struct request *req, const struct look *l, struct buf *out)
{
    struct buf words;
    buf_init(&words, 4096);
    for (size_t i = 0; i < l->what.n; i++) {
        buf_add_str(&words, i ? ", " : "");
        buf_add_str(&words, look_what_label(l->what.items[i], (int)req->language));
    }
    buf_add_str(out, ",\"words\":");
    buf_add_json_str(out, words.data ? words.data : "", words.len);
    out->failed |= words.failed;
    buf_release(&words);
}

static int show_owner(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct look l;
    bool first = false;
    int done = look_decode(doc, req->arena, &l);
    if (done < 0)
        return done;
    buf_printf(out, "{\"id\":\"%s\"", app_id_text(req, &l.id));
    entity_json_members(&look_entity, &l, SEE_OWNER, &first, out);
    add_words(req, &l, out);
    buf_add_str(out, "}");
    return 0;
}

/* The official's name as it is today; NULL if the account is gone. */
static int officer_name(const struct request *req, const struct id *id, const char **ret)
{
    struct staff staff;
    int done = staff_get(app_of(req)->store, id, req->arena, &staff);
    *ret = done == 0 ? staff.name : NULL;
    return done < 0 ? done : 0;
}

static int show_inspector(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct look l;
    const char *name = NULL;
    bool first = false;
    int done = look_decode(doc, req->arena, &l);
    if (done == 0)
        done = officer_name(req, &l.staff, &name);
    if (done < 0)
        return done;
    buf_printf(out, "{\"id\":\"%s\"", app_id_text(req, &l.id));
    entity_json_members(&look_entity, &l, SEE_INSPECTOR, &first, out);
    add_words(req, &l, out);
    if (name) {
        buf_add_str(out, ",\"officer\":");
        buf_add_json_str(out, name, strlen(name));
    }
    buf_add_str(out, "}");
    return 0;
}

static int reply_looks(const struct request *req, struct reply *reply, const struct filter *f,
                       app_show_fn show)
{
    if (f->full)
        return E_FULL;
    struct store_query q = {.conditions = f->conditions,
                            .n_conditions = f->n,
                            .order = "at",
                            .descending = true,
                            .limit = app_limit(req, 50, 100)};
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    struct store_page page;
    int done = store_scan(app_of(req)->store, &look_collection, &q, req->arena, &page);
    return done != 0 ? done : app_reply_page(req, reply, &page, show);
}

static int mine_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    filter_is(&f, "person", store_id(req->who.subject));
    return reply_looks(req, reply, &f, show_owner);
}

/* ?from= and ?to= as day numbers, `to` the day behind the last; false after answering. */
static bool read_days(const struct request *req, struct reply *reply, int64_t *ret_from,
                      int64_t *ret_to)
{
    const char *from = request_query(req, "from"), *to = request_query(req, "to");
    if (from && !clock_day_parse(from, ret_from))
        reply_invalid(reply, "/from", "Ngày không hợp lệ", "Not a day");
    if (to && clock_day_parse(to, ret_to))
        ++*ret_to;
    else if (to)
        reply_invalid(reply, "/to", "Ngày không hợp lệ", "Not a day");
    return !reply_is_problem(reply);
}

static int list_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    struct id staff;
    const char *named = request_query(req, "staff");
    int64_t from = 0, to = 0;
    if (!read_days(req, reply, &from, &to))
        return 0;
    if (named && id_parse(named, &staff))
        filter_is(&f, "staff", store_id(staff));
    filter_query(&f, req, "agency");
    const struct store_range span = {.has_low = from != 0,
                                     .has_high = to != 0,
                                     .low = store_int(clock_day_start_ms(from)),
                                     .high = store_int(clock_day_start_ms(to))};
    if (from || to)
        filter_between(&f, "at", &span, 1);
    return reply_looks(req, reply, &f, show_inspector);
}

/* --- figures ---------------------------------------------------------------------------------- */

/* Who looked most comes first; the newer day where two looked as often. */
static int compare_rows(const void *a, const void *b)
{
    const struct store_tally_row *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return (x->group[0].number < y->group[0].number) - (x->group[0].number > y->group[0].number);
}

static int figure_json(const struct request *req, const struct store_tally_row *row, json_t **ret)
{
    struct staff staff = {0};
    const struct clock_date d = clock_date_of_day(row->group[0].number);
    int done = staff_get(app_of(req)->store, &row->group[1].id, req->arena, &staff);
    *ret = json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:I}", "day",
                     arena_printf(req->arena, "%04d-%02d-%02d", d.year, d.month, d.day), "staff",
                     app_id_text(req, &row->group[1].id), "agency", row->group[2].text, "officer",
                     staff.name, "title", staff.title, "count", (json_int_t)row->count);
    return done < 0 ? done : *ret ? 0 : E_NOMEM;
}

static int figures_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    int64_t to = clock_day_number(req->now_ms) + 1, from = to - 31;
    if (!read_days(req, reply, &from, &to))
        return 0;
    if (to - from > FIGURE_DAYS)
        return reply_invalid(reply, "/from", "Nhiều nhất 92 ngày", "At most 92 days");
    filter_query(&f, req, "agency");
    const struct store_range days = {
        .has_low = true, .has_high = true, .low = store_int(from), .high = store_int(to)};
    filter_between(&f, "day", &days, 1);
    struct store_tally_query q = {
        .conditions = f.conditions, .n_conditions = f.n, .group = {"day", "staff", "agency"}};
    struct store_tally_row *rows = NULL;
    size_t n = 0;
    int done = store_tally(app_of(req)->store, &look_collection, &q, req->arena, &rows, &n);
    if (done != 0)
        return done;
    if (n > 0)
        qsort(rows, n, sizeof(*rows), compare_rows);
    CLEANUP(json_decrefp) json_t *items = json_array();
    int64_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += rows[i].count;
    for (size_t i = 0; i < n && i < FIGURES_MAX && done == 0; i++) {
        json_t *row = NULL;
        done = figure_json(req, &rows[i], &row);
        json_array_append_new(items, row);
    }
    return done != 0 ? done
                     : reply_json(reply, 200,
                                  json_pack("{s:O, s:I, s:I}", "items", items, "rows",
                                            (json_int_t)n, "looks", (json_int_t)total));
}

/* --- the table -------------------------------------------------------------------------------- */

#define CODE "{\"type\":\"string\",\"minLength\":1,\"maxLength\":40}"
#define DAY "{\"type\":\"string\",\"format\":\"date\"}"

static const struct route_param list_params[] = {
    {"staff", "{\"type\":\"string\",\"format\":\"uuid\"}", "Only looks of this official"},
    {"agency", CODE, "Only looks of this agency"},
    {"from", DAY, "First day"},
    {"to", DAY, "Last day"},
    {0},
};
static const struct route_param figure_params[] = {
    {"agency", CODE, "Only looks of this agency"},
    {"from", DAY, "First day; 30 days ago"},
    {"to", DAY, "Last day; today"},
    {0},
};

const struct route look_routes[] = {
    {.method = GET,
     .path = "/v1/me/looks",
     .operation = "lookMine",
     .summary = "Which offices looked at my data, at what and why, newest first",
     .tag = "identity",
     .run = mine_get,
     .who = ROLE_CITIZEN,
     .reply_schema = "LookPage",
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/inspect/looks",
     .operation = "lookList",
     .summary = "Looks of officials at people's data, newest first",
     .tag = "inspection",
     .run = list_get,
     .who = ROLE_INSPECTOR,
     .reply_schema = "InspectedLookPage",
     .params = list_params,
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/inspect/looks/figures",
     .operation = "lookFigures",
     .summary = "How often each official looked on each day, the most first",
     .tag = "inspection",
     .run = figures_get,
     .who = ROLE_INSPECTOR,
     .reply_schema = "LookFigures",
     .params = figure_params,
     .rate = RATE_READ},
    {0},
};
