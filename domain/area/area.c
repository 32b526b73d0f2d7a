#include "domain/area/area_private.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/result.h"

/*
 * 40 km holds Hòn Chuối, the farthest island, also where polygons have the mainland only. The coast
 * points are the ends of the province's land border, west with An Giang, east with Cần Thơ. No
 * place on the mainland is farther than 13.6 km from the nearest centre.
 */
const struct area_limits area_limits_default = {
    .offshore_m = 40000,
    .landward_m = 300,
    .reach_m = 14000,
    .coast_west = {9.55, 104.83},
    .coast_east = {9.25, 105.83},
};

/* --- the plane -------------------------------------------------------------------------------- */

/* Lengths of a degree on the WGS 84 ellipsoid at a latitude, by their usual series. */
static struct area_plane plane_at(double lat, double lon)
{
    double phi = lat * M_PI / 180;
    return (struct area_plane){
        .lat = lat,
        .lon = lon,
        .m_per_lat = 111132.92 - 559.82 * cos(2 * phi) + 1.175 * cos(4 * phi),
        .m_per_lon = 111412.84 * cos(phi) - 93.5 * cos(3 * phi) + 0.118 * cos(5 * phi),
    };
}

struct area_xy area_project(const struct area_plane *plane, double lat, double lon)
{
    return (struct area_xy){(lon - plane->lon) * plane->m_per_lon,
                            (lat - plane->lat) * plane->m_per_lat};
}

static void lay_plane(struct area_set *set)
{
    double lat = 0, lon = 0;
    for (size_t i = 0; i < set->n; i++) {
        lat += set->communes[i].lat;
        lon += set->communes[i].lon;
    }
    set->plane = plane_at(lat / (double)set->n, lon / (double)set->n);
}

/* --- locating --------------------------------------------------------------------------------- */

static void insert_candidate(struct area_place *place, struct area_candidate candidate)
{
    size_t i = place->n_nearest;
    if (i < AREA_NEAREST_MAX)
        place->n_nearest++;
    else if (candidate.distance_m >= place->nearest[--i].distance_m)
        return;
    for (; i > 0 && place->nearest[i - 1].distance_m > candidate.distance_m; i--)
        place->nearest[i] = place->nearest[i - 1];
    place->nearest[i] = candidate;
}

static void find_nearest_centres(const struct area_set *set, struct area_xy at,
                                 struct area_place *place)
{
    for (size_t i = 0; i < set->n; i++) {
        const struct commune *commune = &set->communes[i];
        struct area_xy centre = area_project(&set->plane, commune->lat, commune->lon);
        insert_candidate(place,
                         (struct area_candidate){commune, hypot(at.x - centre.x, at.y - centre.y)});
    }
}

static double distance_to_box(const struct area_shape *shape, struct area_xy at)
{
    double dx = fmax(fmax(shape->least.x - at.x, at.x - shape->most.x), 0);
    double dy = fmax(fmax(shape->least.y - at.y, at.y - shape->most.y), 0);
    return hypot(dx, dy);
}

/* Index of the least of the bounds that are left; n if none is. */
static size_t least_bound(const double *bounds, size_t n)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (isfinite(bounds[i]) && (best == n || bounds[i] < bounds[best]))
            best = i;
    return best;
}

/*
 * Boxes bound distances from below: shapes are asked in the order of their boxes until no box can
 * beat the third. Reading a few hundred boxes is cheaper than a tree with its callbacks.
 */
static int find_nearest_shapes(const struct area_set *set, GEOSContextHandle_t geos,
                               const GEOSGeometry *point, struct area_xy at,
                               struct area_place *place)
{
    double bounds[AREA_COMMUNES_MAX];
    for (size_t i = 0; i < set->n; i++)
        bounds[i] = distance_to_box(&set->shapes[i], at);
    for (size_t best; (best = least_bound(bounds, set->n)) < set->n;) {
        bool full = place->n_nearest == AREA_NEAREST_MAX;
        if (full && bounds[best] >= place->nearest[AREA_NEAREST_MAX - 1].distance_m)
            break;
        bounds[best] = INFINITY;
        struct area_candidate candidate = {.commune = &set->communes[best]};
        if (GEOSPreparedDistance_r(geos, set->shapes[best].prepared, point,
                                   &candidate.distance_m) != 1)
            return E_NOMEM;
        insert_candidate(place, candidate);
    }
    return 0;
}

/* A context is not to be shared by threads; one for each call costs less than a microsecond. */
static int find_nearest(const struct area_set *set, struct area_xy at, struct area_place *place)
{
    GEOSContextHandle_t geos = GEOS_init_r();
    if (!geos)
        return E_NOMEM;
    GEOSGeometry *point = GEOSGeom_createPointFromXY_r(geos, at.x, at.y);
    int r = point ? find_nearest_shapes(set, geos, point, at, place) : E_NOMEM;
    if (point)
        GEOSGeom_destroy_r(geos, point);
    GEOS_finish_r(geos);
    return r;
}

/* Right of the line from the western to the eastern end of the coast. */
static bool is_seaward(const struct area_limits *l, double lat, double lon)
{
    double along_lat = l->coast_east.lat - l->coast_west.lat;
    double along_lon = l->coast_east.lon - l->coast_west.lon;
    return along_lon * (lat - l->coast_west.lat) < along_lat * (lon - l->coast_west.lon);
}

int area_locate(const struct area_set *set, double lat, double lon, struct area_place *ret)
{
    *ret = (struct area_place){0};
    if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180))
        return E_INVALID;
    struct area_xy at = area_project(&set->plane, lat, lon);
    double limit =
        is_seaward(&set->limits, lat, lon) ? set->limits.offshore_m : set->limits.landward_m;
    if (!set->shapes) {
        find_nearest_centres(set, at, ret);
        return ret->nearest[0].distance_m <= limit + set->limits.reach_m ? AREA_CHOOSE
                                                                         : AREA_OUTSIDE;
    }
    int r = find_nearest(set, at, ret);
    if (r < 0)
        return r;
    if (ret->nearest[0].distance_m > limit)
        return AREA_OUTSIDE;
    ret->commune = ret->nearest[0].commune;
    return ret->nearest[0].distance_m > 0 ? AREA_NEAREST : AREA_POLYGON;
}

/* --- the set ---------------------------------------------------------------------------------- */

size_t area_count(const struct area_set *set)
{
    return set->n;
}

const struct commune *area_at(const struct area_set *set, size_t i)
{
    return &set->communes[i];
}

const struct commune *area_by_code(const struct area_set *set, const char *code)
{
    for (size_t i = 0; i < set->n; i++)
        if (strcmp(set->communes[i].code, code) == 0)
            return &set->communes[i];
    return NULL;
}

bool area_has_polygons(const struct area_set *set)
{
    return set->shapes != NULL;
}

int area_set_load(const char *csv, size_t n_csv, const char *geojson, size_t n_geojson,
                  const struct area_limits *limits, struct buf *faults, struct area_set **ret)
{
    CLEANUP(area_set_unrefp) struct area_set *set = calloc(1, sizeof(*set));
    if (!set)
        return E_NOMEM;
    atomic_init(&set->refs, 1);
    arena_init(&set->arena);
    set->limits = limits ? *limits : area_limits_default;
    int r = area_load_communes(set, csv, n_csv, faults);
    if (r != 0)
        return r;
    lay_plane(set);
    if (geojson)
        r = area_load_polygons(set, geojson, n_geojson, faults);
    if (r != 0)
        return r;
    *ret = STEAL(set);
    return 0;
}

struct area_set *area_set_ref(struct area_set *set)
{
    atomic_fetch_add_explicit(&set->refs, 1, memory_order_relaxed);
    return set;
}

void area_set_unref(struct area_set *set)
{
    if (!set || atomic_fetch_sub_explicit(&set->refs, 1, memory_order_acq_rel) > 1)
        return;
    area_free_polygons(set);
    arena_release(&set->arena);
    free(set);
}

struct area_holder {
    pthread_mutex_t lock;
    struct area_set *current;
};

int area_holder_new(struct area_set *first, struct area_holder **ret)
{
    struct area_holder *h = calloc(1, sizeof(*h));
    if (!h) {
        area_set_unref(first);
        return E_NOMEM;
    }
    pthread_mutex_init(&h->lock, NULL);
    h->current = first;
    *ret = h;
    return 0;
}

void area_holder_free(struct area_holder *h)
{
    if (!h)
        return;
    area_set_unref(h->current);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

struct area_set *area_current(struct area_holder *h)
{
    pthread_mutex_lock(&h->lock);
    struct area_set *set = area_set_ref(h->current);
    pthread_mutex_unlock(&h->lock);
    return set;
}

void area_replace(struct area_holder *h, struct area_set *next)
{
    pthread_mutex_lock(&h->lock);
    struct area_set *before = h->current;
    h->current = next;
    pthread_mutex_unlock(&h->lock);
    area_set_unref(before);
}
