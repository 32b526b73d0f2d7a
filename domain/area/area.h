/*
 * The communes of the province and where a point lies among them. A set is immutable and
 * reference-counted; administrators replace it at run time. Every function is thread-safe.
 *
 * The project ships codes, names, centres and neighbours (data/communes.csv), no borders: polygons
 * are imported by who may use them. Without them a person chooses among the nearest centres.
 *
 * Distances are metres on a plane laid at the middle of the province (the ellipsoid's lengths of a
 * degree there); within the province and its waters they are right to 0.3 %.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/cleanup.h"

#define AREA_COMMUNES_MAX 512
#define AREA_CSV_MAX (256 * 1024)          /* bytes */
#define AREA_GEOJSON_MAX (8 * 1024 * 1024) /* bytes */
#define AREA_VERTICES_MAX 200000           /* of all polygons together */
#define AREA_NEIGHBOURS_MAX 24
#define AREA_NEAREST_MAX 3

enum commune_type {
    COMMUNE_XA = 1,
    COMMUNE_PHUONG,
    COMMUNE_DAC_KHU,
};

struct commune {
    const char *code; /* five digits */
    enum commune_type type;
    const char *name, *full_name; /* vi: "Đất Mũi", "Xã Đất Mũi" */
    const char *name_en;
    double lat, lon; /* a point inside, to put the label at */
    const struct commune *neighbours[AREA_NEIGHBOURS_MAX];
    size_t n_neighbours;
};

/*
 * How far outside of its borders the province still answers. The sea and the land differ: mudflats,
 * waters and islands are its own, while a point beyond the land border is another province's and
 * only the inaccuracy of a phone is forgiven. Seaward is south of the line between the two places
 * where the land border meets the sea.
 */
struct area_limits {
    double offshore_m; /* seaward */
    double landward_m;
    double reach_m; /* without polygons: added to both, how far a commune reaches from its centre */
    struct {
        double lat, lon;
    } coast_west, coast_east;
};
extern const struct area_limits area_limits_default;

enum area_outcome {
    AREA_POLYGON = 0, /* inside of a commune's border, or on it */
    AREA_NEAREST = 1, /* outside of all, within the limits: the nearest commune */
    AREA_CHOOSE = 2,  /* no polygons are loaded: a person chooses */
    AREA_OUTSIDE = 3, /* refused */
};

enum area_load_outcome {
    AREA_FAULTY = 1, /* the text is refused; each fault is a line of `faults` */
};

struct area_candidate {
    const struct commune *commune;
    double distance_m; /* to its polygon (0 inside); without polygons to its centre */
};

struct area_place {
    const struct commune *commune;                   /* POLYGON and NEAREST; else NULL */
    struct area_candidate nearest[AREA_NEAREST_MAX]; /* ascending, whatever the outcome */
    size_t n_nearest;
};

struct area_set;

/*
 * `csv`: header and columns as in data/communes.csv. `geojson`: NULL, or a FeatureCollection (RFC
 * 7946) with one Polygon or MultiPolygon for each commune, named by properties.code. limits: NULL
 * for the default. 0 and *ret, one reference; or AREA_FAULTY, nothing loaded, and every fault as
 * "<where> <English words>\n" in `faults` (bounded by its caller; the first ones are kept).
 */
int area_set_load(const char *csv, size_t n_csv, const char *geojson, size_t n_geojson,
                  const struct area_limits *limits, struct buf *faults, struct area_set **ret);
struct area_set *area_set_ref(struct area_set *set);
void area_set_unref(struct area_set *set); /* NULL is allowed */
CLEANUP_PTR(struct area_set, area_set_unref)

/* Communes live as long as the set is held; in the order of the file. */
size_t area_count(const struct area_set *set);
const struct commune *area_at(const struct area_set *set, size_t i);
const struct commune *area_by_code(const struct area_set *set, const char *code); /* or NULL */
bool area_has_polygons(const struct area_set *set);
/* The borders for a map, simplified by some 100 m: GeoJSON, each feature named by properties.code;
 * NULL without polygons. Lives as long as the set is held. */
const char *area_outlines(const struct area_set *set, size_t *ret_n);

/* enum area_outcome and *ret; E_INVALID if it is no point on earth, E_NOMEM. */
int area_locate(const struct area_set *set, double lat, double lon, struct area_place *ret);

/* The set in force, shared by threads. */
struct area_holder;
int area_holder_new(struct area_set *first, struct area_holder **ret); /* takes `first` */
void area_holder_free(struct area_holder *h);
CLEANUP_PTR(struct area_holder, area_holder_free)
struct area_set *area_current(struct area_holder *h);            /* a reference */
void area_replace(struct area_holder *h, struct area_set *next); /* takes `next` */
