/*
 * Which agencies a report may go to, the likeliest first: whom a rule names, whose the commune is,
 * those of the nearest communes, who takes such reports elsewhere. Who sent it back is said, and
 * comes last. Nothing is decided here: the dispatcher, or who transfers it, chooses.
 */
#include <math.h>
#include <string.h>

#include "base/result.h"
#include "handlers/report/reports.h"

#define OFFERS_MAX 8

struct offer {
    const struct agency *agency;
    const char *why;
    double distance_m; /* negative: none is told */
    bool came_back;
};
struct offers {
    const struct request *req;
    const struct catalogue *catalogue;
    const struct report *report;
    struct offer items[OFFERS_MAX];
    size_t n;
};

/* It was there, and was handed on or taken from there. */
static bool came_back(const struct report *r, const char *agency)
{
    const struct case_step *steps = r->head.steps.items;
    for (size_t i = 0; i < r->head.steps.n; i++)
        if (steps[i].verb && strcmp(steps[i].verb, "transfer") == 0 && steps[i].office &&
            strcmp(steps[i].office, agency) == 0)
            return true;
    return false;
}

/* Once, under the first reason; not where it is now. */
static void add(struct offers *o, const struct agency *agency, const char *why, double distance_m)
{
    const char *now = o->report->head.agency;
    if (!agency || !agency->active || agency->kind == AGENCY_DISPATCHER || o->n == OFFERS_MAX ||
        (now && strcmp(agency->code, now) == 0))
        return;
    for (size_t i = 0; i < o->n; i++)
        if (o->items[i].agency == agency)
            return;
    o->items[o->n++] = (struct offer){agency, why, distance_m, came_back(o->report, agency->code)};
}

static void add_of_commune(struct offers *o, const char *commune, const char *why,
                           double distance_m)
{
    const struct catalogue *c = o->catalogue;
    for (size_t i = 0; commune && i < c->n_agencies; i++)
        if (c->agencies[i].commune && strcmp(c->agencies[i].commune, commune) == 0)
            add(o, &c->agencies[i], why, distance_m);
}

static int add_near(struct offers *o)
{
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app_of(o->req)->areas);
    const struct commune *home = area_by_code(areas, o->report->commune);
    const struct point *p = &o->report->point;
    struct area_place place = {0};
    if (!p->set && !home)
        return 0;
    int done = area_locate(areas, p->set ? p->lat : home->lat, p->set ? p->lon : home->lon, &place);
    for (size_t i = 0; done >= 0 && i < place.n_nearest; i++)
        add_of_commune(o, place.nearest[i].commune->code, "near", place.nearest[i].distance_m);
    return done < 0 ? done : 0;
}

static void add_by_category(struct offers *o)
{
    const struct catalogue *c = o->catalogue;
    for (size_t i = 0; o->report->category && i < c->n_rules; i++)
        if (strcmp(c->rules[i].category, o->report->category) == 0)
            add(o, catalogue_agency(c, c->rules[i].agency), "category", -1);
}

static json_t *show(const struct request *req, const struct offer *offer)
{
    bool en = req->language == LANGUAGE_EN && offer->agency->name_en;
    json_t *row = json_pack("{s:s, s:s, s:s, s:b}", "agency", offer->agency->code, "name",
                            en ? offer->agency->name_en : offer->agency->name, "why", offer->why,
                            "came_back", (int)offer->came_back);
    if (offer->distance_m >= 0)
        json_object_set_new(row, "distance_m", json_integer((json_int_t)lround(offer->distance_m)));
    return row;
}

int report_offers(struct request *req, struct reply *reply)
{
    struct report r;
    unsigned see = 0;
    int done = report_for(req, reply, &r, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    struct offers o = {.req = req, .catalogue = c, .report = &r};
    add(&o, catalogue_route(c, r.category, r.commune), "rule", -1);
    add_of_commune(&o, r.commune, "commune", -1);
    done = add_near(&o);
    add_by_category(&o);
    json_t *items = json_array();
    for (int back = 0; back < 2; back++)
        for (size_t i = 0; i < o.n; i++)
            if (o.items[i].came_back == (back == 1))
                json_array_append_new(items, show(req, &o.items[i]));
    if (done == 0)
        return reply_json(reply, 200, json_pack("{s:o}", "items", items));
    json_decref(items);
    return done;
}
