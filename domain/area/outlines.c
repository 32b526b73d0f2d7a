/* The borders as a map draws them: fewer points, in degrees, written once when they are loaded. */
#include "base/buf.h"
#include "base/result.h"
#include "domain/area/area_private.h"

#define TOLERANCE_M 120.0 /* less than a pixel of a map that shows the province */
#define TEXT_MAX ((size_t)4 << 20)

static void add_ring(const struct area_set *set, const GEOSGeometry *ring, struct buf *out)
{
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(set->geos, ring);
    unsigned n = 0;
    double x = 0, y = 0;
    if (points)
        GEOSCoordSeq_getSize_r(set->geos, points, &n);
    buf_add_char(out, '[');
    for (unsigned i = 0; i < n; i++) {
        if (GEOSCoordSeq_getXY_r(set->geos, points, i, &x, &y) == 1)
            buf_printf(out, "%s[%.4f,%.4f]", i > 0 ? "," : "",
                       set->plane.lon + x / set->plane.m_per_lon,
                       set->plane.lat + y / set->plane.m_per_lat);
    }
    buf_add_char(out, ']');
}

static void add_polygon(const struct area_set *set, const GEOSGeometry *polygon, struct buf *out)
{
    buf_add_char(out, '[');
    add_ring(set, GEOSGetExteriorRing_r(set->geos, polygon), out);
    int holes = GEOSGetNumInteriorRings_r(set->geos, polygon);
    for (int i = 0; i < holes; i++) {
        buf_add_char(out, ',');
        add_ring(set, GEOSGetInteriorRingN_r(set->geos, polygon, i), out);
    }
    buf_add_char(out, ']');
}

static int add_commune(const struct area_set *set, size_t index, struct buf *out)
{
    GEOSGeometry *simple =
        GEOSTopologyPreserveSimplify_r(set->geos, set->shapes[index].geometry, TOLERANCE_M);
    if (!simple)
        return E_NOMEM;
    buf_printf(out,
               "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"%s\"},\"geometry\":{\"type\":"
               "\"MultiPolygon\",\"coordinates\":[",
               index > 0 ? "," : "", set->communes[index].code);
    int n = GEOSGetNumGeometries_r(set->geos, simple);
    for (int i = 0; i < n; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        add_polygon(set, GEOSGetGeometryN_r(set->geos, simple, i), out);
    }
    buf_add_str(out, "]}}");
    GEOSGeom_destroy_r(set->geos, simple);
    return 0;
}

int area_draw_outlines(struct area_set *set)
{
    buf_init(&set->outlines, TEXT_MAX);
    buf_add_str(&set->outlines, "{\"type\":\"FeatureCollection\",\"features\":[");
    int done = 0;
    for (size_t i = 0; i < set->n && done == 0; i++)
        done = add_commune(set, i, &set->outlines);
    buf_add_str(&set->outlines, "]}");
    return done == 0 && set->outlines.failed ? E_FULL : done;
}

const char *area_outlines(const struct area_set *set, size_t *ret_n)
{
    *ret_n = set->outlines.len;
    return set->outlines.data;
}
