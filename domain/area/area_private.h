/* What area.c, communes.c and polygons.c share. */
#pragma once

#include <geos_c.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/buf.h"
#include "domain/area/area.h"

/* A plane in metres, laid at (lat, lon). */
struct area_plane {
    double lat, lon;
    double m_per_lat, m_per_lon;
};
struct area_xy {
    double x, y;
};
struct area_xy area_project(const struct area_plane *plane, double lat, double lon);

struct area_shape {
    GEOSGeometry *geometry; /* on the plane */
    const GEOSPreparedGeometry *prepared;
    struct area_xy least, most; /* its box */
};

struct area_set {
    atomic_int refs;
    struct arena arena; /* communes and their texts */
    struct commune *communes;
    size_t n;
    struct area_limits limits;
    struct area_plane plane;
    GEOSContextHandle_t geos;  /* for loading and freeing; NULL without polygons */
    struct area_shape *shapes; /* one for each commune, or NULL */
    struct buf outlines;       /* GeoJSON; empty without polygons */
};

/* 0, AREA_FAULTY and the faults told, or a failure. */
int area_load_communes(struct area_set *set, const char *csv, size_t n, struct buf *faults);
int area_load_polygons(struct area_set *set, const char *geojson, size_t n, struct buf *faults);
/* Of polygons that are loaded. */
int area_draw_outlines(struct area_set *set);
void area_free_polygons(struct area_set *set);
