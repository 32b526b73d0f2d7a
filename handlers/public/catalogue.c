/* What can be reported, to whom, and where: categories, agencies, communes, places. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/app.h"

static int reply_list(struct reply *reply, const struct entity *e, const void *rows, size_t n,
                      bool (*shown)(const void *row))
{
    struct buf out;
    buf_init(&out, 8U << 20);
    buf_add_str(&out, "{\"items\":[");
    bool first = true;
    for (size_t i = 0; i < n; i++) {
        const char *row = (const char *)rows + i * e->size;
        if (!shown(row))
            continue;
        if (!first)
            buf_add_char(&out, ',');
        entity_json(e, row, SEE_PUBLIC, &out);
        first = false;
    }
    buf_add_str(&out, "]}");
    int done = out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
    buf_release(&out);
    reply_header(reply, "cache-control", "public, max-age=60");
    return done;
}

static bool category_shown(const void *row)
{
    return ((const struct category *)row)->active;
}

static bool agency_shown(const void *row)
{
    return ((const struct agency *)row)->active;
}

static int categories_get(struct request *req, struct reply *reply)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    return reply_list(reply, &category_entity, c->categories, c->n_categories, category_shown);
}

static int agencies_get(struct request *req, struct reply *reply)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    return reply_list(reply, &agency_entity, c->agencies, c->n_agencies, agency_shown);
}

static json_t *commune_json(const struct commune *c)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:f}", "code", c->code, "name", c->name,
                     "full_name", c->full_name, "name_en", c->name_en, "lat", c->lat, "lon",
                     c->lon);
}

static int communes_get(struct request *req, struct reply *reply)
{
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app_of(req)->areas);
    json_t *items = json_array();
    for (size_t i = 0; i < area_count(areas); i++)
        json_array_append_new(items, commune_json(area_at(areas, i)));
    reply_header(reply, "cache-control", "public, max-age=60");
    return reply_json(reply, 200, json_pack("{s:o}", "items", items));
}

static int outlines_get(struct request *req, struct reply *reply)
{
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app_of(req)->areas);
    static const char none[] = "{\"type\":\"FeatureCollection\",\"features\":[]}";
    size_t n = 0;
    const char *text = area_outlines(areas, &n);
    if (!text) {
        text = none;
        n = sizeof(none) - 1;
    }
    reply_header(reply, "cache-control", "public, max-age=600");
    return reply_bytes(reply, 200, "application/geo+json", text, n);
}

static const char *outcome_name(int outcome)
{
    static const char *const names[] = {"polygon", "nearest", "choose", "outside"};
    return names[outcome];
}

static int place_get(struct request *req, struct reply *reply)
{
    const char *lat = request_query(req, "lat"), *lon = request_query(req, "lon");
    if (!lat || !lon)
        return reply_invalid(reply, lat ? "/lon" : "/lat", "Cần cả lat và lon",
                             "Both lat and lon are needed");
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app_of(req)->areas);
    struct area_place place;
    int found = area_locate(areas, strtod(lat, NULL), strtod(lon, NULL), &place);
    if (found < 0)
        return found;
    json_t *nearest = json_array();
    for (size_t i = 0; i < place.n_nearest; i++) {
        json_t *one = commune_json(place.nearest[i].commune);
        json_object_set_new(one, "distance_m",
                            json_integer((json_int_t)place.nearest[i].distance_m));
        json_array_append_new(nearest, one);
    }
    json_t *body = json_pack("{s:s, s:o}", "found", outcome_name(found), "nearest", nearest);
    if (place.commune)
        json_object_set_new(body, "commune", commune_json(place.commune));
    return reply_json(reply, 200, body);
}

/* A year and a month of the calendar: what is counted to lies in it. */
#define CALENDAR_DAYS_SHOWN 396

static char *day_text(const struct request *req, int64_t day)
{
    struct clock_date d = clock_date_of_day(day);
    return arena_printf(req->arena, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static int calendar_get(struct request *req, struct reply *reply)
{
    CLEANUP(calendar_unrefp) struct calendar *calendar = calendar_current(app_of(req)->calendar);
    int64_t first = clock_day_number(req->now_ms);
    json_t *off = json_array();
    for (int64_t day = first; day < first + CALENDAR_DAYS_SHOWN; day++) {
        if (!calendar_is_working_day(calendar, day))
            json_array_append_new(off, json_string(day_text(req, day)));
    }
    reply_header(reply, "cache-control", "public, max-age=600");
    return reply_json(reply, 200,
                      json_pack("{s:s, s:s, s:o}", "from", day_text(req, first), "until",
                                day_text(req, first + CALENDAR_DAYS_SHOWN - 1), "off", off));
}

static const struct route_param place_params[] = {
    {"lat", "{\"type\":\"number\",\"minimum\":-90,\"maximum\":90}", "Degrees, WGS 84"},
    {"lon", "{\"type\":\"number\",\"minimum\":-180,\"maximum\":180}", "Degrees, WGS 84"},
    {0},
};

const struct route catalogue_routes[] = {
    {.method = GET,
     .path = "/v1/categories",
     .operation = "categoryList",
     .summary = "What can be reported, and what each category asks",
     .tag = "catalogue",
     .run = categories_get,
     .who = ROLE_ANYONE,
     .reply_schema = "CategoryList",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/agencies",
     .operation = "agencyList",
     .summary = "The agencies of the province",
     .tag = "catalogue",
     .run = agencies_get,
     .who = ROLE_ANYONE,
     .reply_schema = "AgencyList",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/communes",
     .operation = "communeList",
     .summary = "The communes, with a point in each",
     .tag = "catalogue",
     .run = communes_get,
     .who = ROLE_ANYONE,
     .reply_schema = "CommuneList",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/communes/outlines",
     .operation = "communeOutlines",
     .summary = "The borders of the communes for a map (RFC 7946); none where none were imported",
     .tag = "catalogue",
     .run = outlines_get,
     .who = ROLE_ANYONE,
     .reply_schema = "Anything",
     .reply_type = "application/geo+json",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/calendar",
     .operation = "calendarGet",
     .summary = "The days on which offices do not work, from today on for over a year",
     .tag = "catalogue",
     .run = calendar_get,
     .who = ROLE_ANYONE,
     .reply_schema = "Calendar",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/places",
     .operation = "placeFind",
     .summary = "The commune of a point, and the three nearest to choose from",
     .tag = "catalogue",
     .run = place_get,
     .who = ROLE_ANYONE,
     .reply_schema = "Place",
     .params = place_params,
     .rate = RATE_READ},
    {0},
};
