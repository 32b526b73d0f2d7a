/* What anybody may see: published reports as a list, and as GeoJSON for a map (RFC 7946). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "base/text.h"
#include "domain/area/cell.h"
#include "handlers/app.h"
#include "handlers/filter.h"
#include "handlers/public/public.h"

struct search {
    struct filter filter;
    struct store_range span, cells[CELL_RANGES_MAX];
    const char *words[PUBLIC_WORDS_MAX];
    struct area_box box;
    bool has_box, has_words;
};

bool public_box(const char *text, struct area_box *ret)
{
    double at[4];
    char *end = NULL;
    for (int i = 0; i < 4; i++) {
        at[i] = strtod(text, &end);
        if (end == text || *end != (i < 3 ? ',' : '\0'))
            return false;
        text = end + 1;
    }
    *ret = (struct area_box){.west = at[0], .south = at[1], .east = at[2], .north = at[3]};
    return ret->south <= ret->north && ret->west <= ret->east && ret->south >= -90 &&
           ret->north <= 90 && ret->west >= -180 && ret->east <= 180;
}

static bool add_times(struct search *s, const struct request *req, struct reply *reply)
{
    const char *from = request_query(req, "from"), *to = request_query(req, "to");
    int64_t low = 0, high = 0;
    if (from && !clock_parse(from, &low))
        reply_invalid(reply, "/from", "Thời điểm không hợp lệ", "Not a time");
    if (to && !clock_parse(to, &high))
        reply_invalid(reply, "/to", "Thời điểm không hợp lệ", "Not a time");
    if (reply_is_problem(reply))
        return false;
    if (!from && !to)
        return true;
    s->span = (struct store_range){.has_low = from != NULL,
                                   .has_high = to != NULL,
                                   .low = store_int(low),
                                   .high = store_int(high)};
    filter_between(&s->filter, "filed", &s->span, 1);
    return true;
}

static bool add_box(struct search *s, const struct request *req, struct reply *reply)
{
    const char *text = request_query(req, "box");
    if (!text)
        return true;
    struct cell_range ranges[CELL_RANGES_MAX];
    if (!public_box(text, &s->box)) {
        reply_invalid(reply, "/box", "Khung bản đồ phải là tây,nam,đông,bắc",
                      "A box is west,south,east,north");
        return false;
    }
    size_t n = area_box_ranges(&s->box, ranges);
    for (size_t i = 0; i < n; i++)
        s->cells[i] = (struct store_range){.has_low = true,
                                           .has_high = true,
                                           .low = store_int(ranges[i].low),
                                           .high = store_int(ranges[i].high)};
    filter_between(&s->filter, "cell", s->cells, n);
    s->has_box = true;
    return true;
}

size_t public_words(const struct request *req, const char *ret[PUBLIC_WORDS_MAX])
{
    const char *text = request_query(req, "q");
    size_t n = 0;
    for (char *at = text ? text_fold(req->arena, text) : NULL; at && *at && n < PUBLIC_WORDS_MAX;) {
        const char *one[] = {at};
        size_t length = strcspn(at, " ");
        char *next = at[length] ? at + length + 1 : at + length;
        at[length] = '\0';
        struct text_words words = text_words(req->arena, one, 1);
        for (size_t i = 0; i < words.n && n < PUBLIC_WORDS_MAX; i++)
            ret[n++] = words.items[i];
        at = next;
    }
    return n;
}

/* The last may be only begun, so it stays last behind the words of category and commune. */
static void add_words(struct search *s, const struct request *req)
{
    static const char *const coded[] = {"category", "commune"};
    const char *typed[PUBLIC_WORDS_MAX];
    size_t n_typed = public_words(req, typed), n = 0;
    if (n_typed == 0)
        return;
    for (size_t i = 0; i < ARRAY_LEN(coded); i++) {
        const char *code = request_query(req, coded[i]);
        if (code && n + n_typed < ARRAY_LEN(s->words))
            s->words[n++] = report_code_word(req->arena, code);
    }
    memcpy(s->words + n, typed, n_typed * sizeof(*typed));
    filter_add(&s->filter, (struct store_condition){.field = "words",
                                                    .op = STORE_HAS,
                                                    .words = s->words,
                                                    .n_words = n + n_typed,
                                                    .last_is_prefix = true});
    s->has_words = true;
}

static bool in_box(const bson_t *doc, void *ctx)
{
    const struct area_box *box = ctx;
    bson_iter_t it, lat, lon;
    if (!bson_iter_init(&it, doc) || !bson_iter_find_descendant(&it, "point.lat", &lat) ||
        !bson_iter_init(&it, doc) || !bson_iter_find_descendant(&it, "point.lon", &lon))
        return false;
    double y = bson_iter_as_double(&lat), x = bson_iter_as_double(&lon);
    return y >= box->south && y <= box->north && x >= box->west && x <= box->east;
}

/* Words are found by arrival, a box by cell, everything else by time. */
static int find(const struct request *req, struct reply *reply, struct store_page *ret)
{
    struct search s = {0};
    filter_query(&s.filter, req, "category");
    filter_query(&s.filter, req, "commune");
    filter_query(&s.filter, req, "state");
    add_words(&s, req);
    if (!add_times(&s, req, reply) || !add_box(&s, req, reply))
        return 0;
    if (s.filter.full)
        return E_FULL;
    struct store_query q = {.conditions = s.filter.conditions,
                            .n_conditions = s.filter.n,
                            .order = s.has_words ? NULL
                                     : s.has_box ? "cell"
                                                 : "filed",
                            .descending = !s.has_box || s.has_words,
                            .limit = app_limit(req, 30, 200)};
    if (s.has_box) {
        q.keep = in_box;
        q.keep_ctx = &s.box;
    }
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    return store_scan(app_of(req)->store, &report_public_collection, &q, req->arena, ret);
}

static int show(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct report_public p = {0};
    int done = entity_decode_shown(&report_public_entity, doc, SEE_PUBLIC, req->arena, &p);
    if (done < 0)
        return done;
    entity_json(&report_public_entity, &p, SEE_PUBLIC, out);
    return 0;
}

static int list_get(struct request *req, struct reply *reply)
{
    struct store_page page = {0};
    int done = find(req, reply, &page);
    if (done != 0 || reply_is_problem(reply))
        return done;
    reply_header(reply, "cache-control", "public, max-age=2");
    return app_reply_page(req, reply, &page, show);
}

static int add_feature(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct report_public p = {0};
    int done = entity_decode_shown(&report_public_entity, doc, SEE_PUBLIC, req->arena, &p);
    if (done < 0)
        return done;
    buf_printf(out, "{\"type\":\"Feature\",\"id\":\"%s\",\"geometry\":", p.number);
    if (p.point.set)
        buf_printf(out, "{\"type\":\"Point\",\"coordinates\":[%.4f,%.4f]}", p.point.lon,
                   p.point.lat);
    else
        buf_add_str(out, "null");
    buf_add_str(out, ",\"properties\":");
    entity_json(&report_public_entity, &p, SEE_PUBLIC, out);
    buf_add_char(out, '}');
    return 0;
}

static int geojson_get(struct request *req, struct reply *reply)
{
    struct store_page page = {0};
    int done = find(req, reply, &page);
    if (done != 0 || reply_is_problem(reply))
        return done;
    struct buf out;
    buf_init(&out, 8U << 20);
    buf_add_str(&out, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (size_t i = 0; i < page.n && done == 0; i++) {
        if (i > 0)
            buf_add_char(&out, ',');
        done = add_feature(req, page.docs[i], &out);
    }
    buf_add_str(&out, "]}");
    if (page.more)
        reply_next(reply, req, app_cursor_write(req, &page.next));
    reply_header(reply, "cache-control", "public, max-age=2");
    if (done == 0)
        done = out.failed ? E_FULL
                          : reply_bytes(reply, 200, "application/geo+json", out.data, out.len);
    buf_release(&out);
    return done;
}

int public_by_number(const struct request *req, struct store_page *ret)
{
    struct store_value number = store_text(request_param(req, "number"));
    struct store_condition is = {
        .field = "number", .op = STORE_EQ, .values = &number, .n_values = 1};
    struct store_query q = {.conditions = &is, .n_conditions = 1, .order = "_id", .limit = 1};
    return store_scan(app_of(req)->store, &report_public_collection, &q, req->arena, ret);
}

static int number_get(struct request *req, struct reply *reply)
{
    struct store_page page = {0};
    int done = public_by_number(req, &page);
    if (done != 0)
        return done;
    if (page.n == 0)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    struct buf out;
    buf_init(&out, 1U << 20);
    done = show(req, page.docs[0], &out);
    if (done == 0)
        done = out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
    buf_release(&out);
    return done;
}

#define CODE "{\"type\":\"string\",\"minLength\":1,\"maxLength\":40}"
static const struct route_param list_params[] = {
    {"category", CODE, "Code of a category"},
    {"commune", CODE, "Code of a commune"},
    {"state", REPORT_STATE_SCHEMA, "State of the report"},
    {"from", "{\"type\":\"string\",\"format\":\"date-time\"}", "Filed at or after"},
    {"to", "{\"type\":\"string\",\"format\":\"date-time\"}", "Filed before"},
    {"box", "{\"type\":\"string\",\"maxLength\":100}", "west,south,east,north in degrees"},
    {"q", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":100}",
     "Words, with or without accents; the last may be only begun"},
    {0},
};
static const enum problem not_found[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

const struct route public_routes[] = {
    {.method = GET,
     .path = "/v1/public/reports",
     .operation = "publicReports",
     .summary = "Published reports, newest first",
     .tag = "public",
     .run = list_get,
     .who = ROLE_ANYONE,
     .reply_schema = "PublicReportPage",
     .params = list_params,
     .rate = RATE_READ,
     .flags = ROUTE_PAGED | ROUTE_CACHED,
     .generation = public_generation},
    {.method = GET,
     .path = "/v1/public/reports.geojson",
     .operation = "publicMap",
     .summary = "Published reports for a map; places rounded",
     .tag = "public",
     .run = geojson_get,
     .who = ROLE_ANYONE,
     .reply_schema = "PublicReportMap",
     .reply_type = "application/geo+json",
     .params = list_params,
     .rate = RATE_READ,
     .flags = ROUTE_PAGED | ROUTE_CACHED,
     .generation = public_generation},
    {.method = GET,
     .path = "/v1/public/reports/{number}",
     .operation = "publicReport",
     .summary = "One published report",
     .tag = "public",
     .run = number_get,
     .who = ROLE_ANYONE,
     .reply_schema = "PublicReport",
     .problems = not_found,
     .rate = RATE_READ,
     .flags = ROUTE_CACHED,
     .generation = public_generation},
    {0},
};
