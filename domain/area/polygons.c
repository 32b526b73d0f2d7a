/*
 * Polygons from GeoJSON (RFC 7946), laid on the plane. Every fault is told; the caller drops the
 * set if there is one.
 */
#include "domain/area/area_private.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/result.h"

#define RINGS_MAX 1000 /* of one polygon */
#define PARTS_MAX 1000 /* of one multipolygon */
#define FAR_M 150000.0 /* farther from its centre no commune has a corner */
#define FAULT_BYTES 200

struct reading {
    struct area_set *set;
    struct buf *faults;
    bool faulty;
    size_t feature;
    const struct commune *commune; /* of that feature */
    size_t vertices;
    bool seen[AREA_COMMUNES_MAX];
};

static void __attribute__((format(printf, 2, 3))) fault(struct reading *r, const char *fmt, ...)
{
    char words[FAULT_BYTES];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(words, sizeof(words), fmt, ap);
    va_end(ap);
    r->faulty = true;
    buf_printf(r->faults, "/features/%zu %s\n", r->feature, words);
}

static bool read_vertex(struct reading *r, const json_t *position, struct area_xy *ret)
{
    const json_t *lon = json_array_get(position, 0), *lat = json_array_get(position, 1);
    if (!json_is_number(lon) || !json_is_number(lat)) {
        fault(r, "has a position that is not [longitude, latitude]");
        return false;
    }
    *ret = area_project(&r->set->plane, json_number_value(lat), json_number_value(lon));
    struct area_xy centre = area_project(&r->set->plane, r->commune->lat, r->commune->lon);
    if (!(hypot(ret->x - centre.x, ret->y - centre.y) < FAR_M)) {
        fault(r, "has a position far from commune %s; is it [longitude, latitude], WGS 84?",
              r->commune->code);
        return false;
    }
    return true;
}

static GEOSGeometry *read_ring(struct reading *r, const json_t *ring)
{
    GEOSContextHandle_t geos = r->set->geos;
    size_t n = json_array_size(ring);
    r->vertices += n;
    if (n < 4 || r->vertices > AREA_VERTICES_MAX) {
        fault(r, n < 4 ? "has a ring of less than four positions" : "has one position too many");
        return NULL;
    }
    if (!json_equal(json_array_get(ring, 0), json_array_get(ring, n - 1))) {
        fault(r, "has a ring that is not closed");
        return NULL;
    }
    GEOSCoordSequence *line = GEOSCoordSeq_create_r(geos, (unsigned)n, 2);
    for (size_t i = 0; line && i < n; i++) {
        struct area_xy at;
        if (!read_vertex(r, json_array_get(ring, i), &at)) {
            GEOSCoordSeq_destroy_r(geos, line);
            return NULL;
        }
        GEOSCoordSeq_setXY_r(geos, line, (unsigned)i, at.x, at.y);
    }
    GEOSGeometry *made = line ? GEOSGeom_createLinearRing_r(geos, line) : NULL;
    if (!made)
        fault(r, "has a ring that is none");
    return made;
}

static void destroy_all(struct reading *r, GEOSGeometry **items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        GEOSGeom_destroy_r(r->set->geos, items[i]);
}

/* A list of parts, each by `read`; NULL and nothing kept if one is bad. */
typedef GEOSGeometry *(*read_fn)(struct reading *r, const json_t *value);

static GEOSGeometry **read_list(struct reading *r, const json_t *list, size_t most, read_fn read)
{
    size_t n = json_array_size(list);
    if (n < 1 || n > most) {
        fault(r, "has no coordinates, or too many rings or parts");
        return NULL;
    }
    CLEANUP(freep) GEOSGeometry **items = calloc(n, sizeof(*items));
    if (!items)
        arena_no_memory("area polygons");
    for (size_t i = 0; i < n; i++) {
        items[i] = read(r, json_array_get(list, i));
        if (!items[i]) {
            destroy_all(r, items, i);
            return NULL;
        }
    }
    return STEAL(items);
}

static GEOSGeometry *read_polygon(struct reading *r, const json_t *rings)
{
    CLEANUP(freep) GEOSGeometry **items = read_list(r, rings, RINGS_MAX, read_ring);
    if (!items)
        return NULL;
    unsigned holes = (unsigned)json_array_size(rings) - 1;
    return GEOSGeom_createPolygon_r(r->set->geos, items[0], items + 1, holes);
}

static GEOSGeometry *read_parts(struct reading *r, const json_t *parts)
{
    CLEANUP(freep) GEOSGeometry **items = read_list(r, parts, PARTS_MAX, read_polygon);
    if (!items)
        return NULL;
    return GEOSGeom_createCollection_r(r->set->geos, GEOS_MULTIPOLYGON, items,
                                       (unsigned)json_array_size(parts));
}

static GEOSGeometry *read_geometry(struct reading *r, const json_t *geometry)
{
    const char *type = json_string_value(json_object_get(geometry, "type"));
    const json_t *coordinates = json_object_get(geometry, "coordinates");
    if (type && strcmp(type, "Polygon") == 0)
        return read_polygon(r, coordinates);
    if (type && strcmp(type, "MultiPolygon") == 0)
        return read_parts(r, coordinates);
    fault(r, "is neither a Polygon nor a MultiPolygon");
    return NULL;
}

static void check_validity(struct reading *r, const GEOSGeometry *geometry)
{
    GEOSContextHandle_t geos = r->set->geos;
    char *reason = NULL;
    GEOSGeometry *where = NULL;
    if (GEOSisValidDetail_r(geos, geometry, 0, &reason, &where) != 1)
        fault(r, "commune %s is no valid area: %s", r->commune->code,
              reason ? reason : "cannot be checked");
    GEOSFree_r(geos, reason);
    if (where)
        GEOSGeom_destroy_r(geos, where);
}

/*
 * Prepared geometries build their indexes at first use, without a lock. Both are asked for here, by
 * a point in the shape's box and by one outside of it: later use only reads, from any thread.
 */
static int prepare(struct area_set *set, struct area_shape *shape)
{
    GEOSContextHandle_t geos = set->geos;
    shape->prepared = GEOSPrepare_r(geos, shape->geometry);
    if (!shape->prepared || !GEOSGeom_getXMin_r(geos, shape->geometry, &shape->least.x) ||
        !GEOSGeom_getYMin_r(geos, shape->geometry, &shape->least.y) ||
        !GEOSGeom_getXMax_r(geos, shape->geometry, &shape->most.x) ||
        !GEOSGeom_getYMax_r(geos, shape->geometry, &shape->most.y))
        return E_NOMEM;
    GEOSGeometry *inside = GEOSPointOnSurface_r(geos, shape->geometry);
    GEOSGeometry *outside =
        GEOSGeom_createPointFromXY_r(geos, shape->most.x + 1, shape->most.y + 1);
    double distance;
    bool done = inside && outside && GEOSPreparedIntersects_r(geos, shape->prepared, inside) == 1 &&
                GEOSPreparedDistance_r(geos, shape->prepared, outside, &distance) == 1;
    if (inside)
        GEOSGeom_destroy_r(geos, inside);
    if (outside)
        GEOSGeom_destroy_r(geos, outside);
    return done ? 0 : E_NOMEM;
}

static int read_feature(struct reading *r, const json_t *feature)
{
    struct area_set *set = r->set;
    const json_t *properties = json_object_get(feature, "properties");
    const char *code = json_string_value(json_object_get(properties, "code"));
    r->commune = code ? area_by_code(set, code) : NULL;
    if (!r->commune) {
        fault(r, "has no properties.code of a known commune");
        return 0;
    }
    size_t index = (size_t)(r->commune - set->communes);
    struct area_shape *shape = &set->shapes[index];
    if (r->seen[index]) {
        fault(r, "is commune %s a second time", code);
        return 0;
    }
    r->seen[index] = true;
    bool faulty_before = r->faulty;
    shape->geometry = read_geometry(r, json_object_get(feature, "geometry"));
    if (!shape->geometry) {
        if (r->faulty == faulty_before)
            fault(r, "commune %s cannot be made an area", code);
        return 0;
    }
    check_validity(r, shape->geometry);
    return r->faulty ? 0 : prepare(set, shape);
}

static int read_collection(struct reading *r, const json_t *root)
{
    struct area_set *set = r->set;
    const char *type = json_string_value(json_object_get(root, "type"));
    const json_t *features = json_object_get(root, "features");
    if (!type || strcmp(type, "FeatureCollection") != 0 || !json_is_array(features)) {
        fault(r, "is missing: not a FeatureCollection");
        return 0;
    }
    size_t i;
    json_t *feature;
    json_array_foreach(features, i, feature)
    {
        r->feature = i;
        int result = read_feature(r, feature);
        if (result < 0)
            return result;
    }
    for (i = 0; i < set->n; i++) {
        if (!r->seen[i]) {
            r->faulty = true;
            buf_printf(r->faults, "/features do not have commune %s\n", set->communes[i].code);
        }
    }
    return 0;
}

int area_load_polygons(struct area_set *set, const char *geojson, size_t n, struct buf *faults)
{
    struct reading r = {.set = set, .faults = faults};
    CLEANUP(json_decrefp) json_t *root = NULL;
    struct json_fault syntax;
    if (n > AREA_GEOJSON_MAX) {
        fault(&r, "is longer than 8 MiB");
        return AREA_FAULTY;
    }
    int result = json_read(geojson, n, &root, &syntax);
    if (result < 0)
        return result;
    if (result > 0) {
        fault(&r, "cannot be read: %s", syntax.words);
        return AREA_FAULTY;
    }
    set->geos = GEOS_init_r();
    set->shapes = arena_array(&set->arena, set->n, sizeof(*set->shapes));
    if (!set->geos)
        return E_NOMEM;
    result = read_collection(&r, root);
    if (result < 0)
        return result;
    return r.faulty ? AREA_FAULTY : area_draw_outlines(set);
}

void area_free_polygons(struct area_set *set)
{
    for (size_t i = 0; set->shapes && set->geos && i < set->n; i++) {
        if (set->shapes[i].prepared)
            GEOSPreparedGeom_destroy_r(set->geos, set->shapes[i].prepared);
        if (set->shapes[i].geometry)
            GEOSGeom_destroy_r(set->geos, set->shapes[i].geometry);
    }
    if (set->geos)
        GEOS_finish_r(set->geos);
    buf_release(&set->outlines);
}
