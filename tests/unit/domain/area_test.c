/*
 * Communes and where a point lies. The shipped list has centres only; borders are squares that the
 * test makes itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <pthread.h>

#include "domain/area/area.h"

static char shipped_csv[AREA_CSV_MAX];
static size_t shipped_n;
static struct area_set *shipped;

static int set_up(void **state)
{
    (void)state;
    FILE *f = fopen("data/communes.csv", "rb");
    assert_non_null(f);
    shipped_n = fread(shipped_csv, 1, sizeof(shipped_csv), f);
    fclose(f);
    struct buf faults;
    buf_init(&faults, 4096);
    int r = area_set_load(shipped_csv, shipped_n, NULL, 0, NULL, &faults, &shipped);
    if (r != 0)
        print_error("%s\n", faults.data);
    buf_release(&faults);
    return r;
}

static int tear_down(void **state)
{
    (void)state;
    area_set_unref(shipped);
    return 0;
}

/* --- the shipped list ------------------------------------------------------------------------- */

static void test_shipped_communes(void **state)
{
    (void)state;
    size_t wards = 0;
    assert_int_equal(area_count(shipped), 64);
    for (size_t i = 0; i < 64; i++) {
        const struct commune *commune = area_at(shipped, i);
        wards += commune->type == COMMUNE_PHUONG;
        assert_true(commune->n_neighbours > 0);
        assert_ptr_equal(area_by_code(shipped, commune->code), commune);
    }
    assert_int_equal(wards, 9);
    const struct commune *cape = area_by_code(shipped, "32248");
    assert_string_equal(cape->full_name, "Xã Đất Mũi");
    assert_string_equal(cape->name_en, "Dat Mui");
    assert_int_equal(cape->n_neighbours, 2);
    assert_string_equal(cape->neighbours[1]->name, "Phan Ngọc Hiển");
    assert_null(area_by_code(shipped, "00001"));
    assert_false(area_has_polygons(shipped));
}

static bool offered(const struct area_place *place, const char *name)
{
    for (size_t i = 0; i < place->n_nearest; i++)
        if (strcmp(place->nearest[i].commune->name, name) == 0)
            return true;
    return false;
}

static void test_centres_are_offered(void **state)
{
    (void)state;
    struct area_place place;
    for (size_t i = 0; i < area_count(shipped); i++) {
        const struct commune *commune = area_at(shipped, i);
        assert_int_equal(area_locate(shipped, commune->lat, commune->lon, &place), AREA_CHOOSE);
        assert_null(place.commune); /* a person chooses */
        assert_int_equal(place.n_nearest, 3);
        assert_ptr_equal(place.nearest[0].commune, commune);
        assert_true(place.nearest[0].distance_m < 0.001);
        assert_true(place.nearest[1].distance_m > 0);
        assert_true(place.nearest[1].distance_m <= place.nearest[2].distance_m);
    }
    const struct {
        double lat, lon;
        const char *name; /* NULL: refused */
    } rows[] = {
        {9.1769, 105.1500, "Tân Thành"}, {9.294, 105.7216, "Bạc Liêu"}, {8.76, 104.99, "Đất Mới"},
        {8.43, 104.83, "Đất Mũi"},   /* Hòn Khoai */
        {8.95, 104.526, "Sông Đốc"}, /* Hòn Chuối */
        {9.179, 104.801, "Đá Bạc"},  /* Hòn Đá Bạc */
        {10.033, 105.783, NULL},     /* Cần Thơ */
        {9.603, 105.974, NULL},      /* Sóc Trăng */
        {21.03, 105.85, NULL},           {10.2, 103.97, NULL},          {0, 0, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int r = area_locate(shipped, rows[i].lat, rows[i].lon, &place);
        assert_int_equal(r, rows[i].name ? AREA_CHOOSE : AREA_OUTSIDE);
        assert_true(!rows[i].name || offered(&place, rows[i].name));
        assert_int_equal(place.n_nearest, 3); /* also where it is refused */
    }
    assert_true(area_locate(shipped, NAN, 105, &place) < 0);
    assert_true(area_locate(shipped, 91, 105, &place) < 0);
    assert_true(area_locate(shipped, 9, INFINITY, &place) < 0);
}

/* Distances against the great circle. */
static void test_distances(void **state)
{
    (void)state;
    struct area_place place;
    for (size_t i = 0; i < area_count(shipped); i++) {
        const struct commune *commune = area_at(shipped, i);
        double lat = commune->lat + 0.1, lon = commune->lon - 0.1;
        assert_true(area_locate(shipped, lat, lon, &place) >= 0);
        for (size_t j = 0; j < place.n_nearest; j++) {
            double a = lat * M_PI / 180, b = place.nearest[j].commune->lat * M_PI / 180;
            double c = (place.nearest[j].commune->lon - lon) * M_PI / 180;
            double circle = 6371000 * acos(sin(a) * sin(b) + cos(a) * cos(b) * cos(c));
            assert_true(fabs(circle - place.nearest[j].distance_m) < circle * 0.008 + 1);
        }
    }
}

/* --- squares ---------------------------------------------------------------------------------- */

/*
 * West and East share the border 105.1; North has a hole and an island to the west. All lie around
 * the middle of the province, whose coast line is drawn along 9.2 here: south of it is the sea.
 */
#define HEADER "code,type,name,full_name,name_en,label_lat,label_lon,neighbours\n"
static const char three[] = HEADER "90001,xa,Tây,Xã Tây,West,9.05,105.05,90002\n"
                                   "90002,phuong,Đông,Phường Đông,East,9.05,105.15,90001\n"
                                   "90003,dac_khu,Bắc,Đặc khu Bắc,North,9.32,105.02,\n";
static const struct area_limits limits = {
    .offshore_m = 25000,
    .landward_m = 300,
    .reach_m = 10000,
    .coast_west = {9.2, 104.8},
    .coast_east = {9.2, 105.8},
};

#define SQUARE(w, s, e, n)                                                                         \
    "[[" #w "," #s "],[" #e "," #s "],[" #e "," #n "],[" #w "," #n "],[" #w "," #s "]]"
#define FEATURE(code, type, coordinates)                                                           \
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"" code "\"},\"geometry\":{\"type\":\"" type  \
    "\",\"coordinates\":" coordinates "}}"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

#define WEST FEATURE("90001", "Polygon", "[" SQUARE(105.0, 9.0, 105.1, 9.1) "]")
#define EAST FEATURE("90002", "Polygon", "[" SQUARE(105.1, 9.0, 105.2, 9.1) "]")
#define NORTH                                                                                      \
    FEATURE("90003", "MultiPolygon",                                                               \
            "[[" SQUARE(105.0, 9.3, 105.1, 9.4) "," SQUARE(                                        \
                105.04, 9.34, 105.06, 9.36) "],[" SQUARE(104.9, 9.3, 104.91, 9.31) "]]")

static int load(const char *csv, const char *geojson, struct buf *faults, struct area_set **ret)
{
    buf_reset(faults);
    *ret = NULL;
    return area_set_load(csv, strlen(csv), geojson, geojson ? strlen(geojson) : 0, &limits, faults,
                         ret);
}

static struct area_set *load_squares(void)
{
    struct buf faults;
    struct area_set *set;
    buf_init(&faults, 4096);
    int r = load(three, COLLECTION(WEST "," EAST "," NORTH), &faults, &set);
    if (r != 0)
        fail_msg("%s", faults.data);
    buf_release(&faults);
    return set;
}

static void test_polygons(void **state)
{
    (void)state;
    const struct {
        double lat, lon;
        enum area_outcome outcome;
        const char *code; /* of the nearest, also when refused */
        double distance_m;
    } rows[] = {
        {9.05, 105.05, AREA_POLYGON, "90001", 0},
        {9.05, 105.15, AREA_POLYGON, "90002", 0},
        {9.05, 105.1, AREA_POLYGON, "90001", 0},    /* on the border: the first in the list */
        {9.0, 105.0, AREA_POLYGON, "90001", 0},     /* in the corner */
        {9.305, 104.905, AREA_POLYGON, "90003", 0}, /* the island */
        {9.35, 105.05, AREA_OUTSIDE, "90003",
         1098}, /* the hole, too wide for an inaccurate phone */
        {9.35, 105.0415, AREA_NEAREST, "90003", 165}, /* near its rim */
        {8.9, 105.05, AREA_NEAREST, "90001", 11060},
        {9.05, 105.4, AREA_NEAREST, "90002", 21967},
        {9.05, 105.45, AREA_OUTSIDE, "90002", 27459},
        {9.402, 105.05, AREA_NEAREST, "90003", 221}, /* beyond the land border */
        {9.404, 105.05, AREA_OUTSIDE, "90003", 442},
    };
    struct area_set *set = load_squares();
    assert_true(area_has_polygons(set));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct area_place place;
        assert_int_equal(area_locate(set, rows[i].lat, rows[i].lon, &place), rows[i].outcome);
        assert_string_equal(place.nearest[0].commune->code, rows[i].code);
        if (rows[i].outcome == AREA_OUTSIDE)
            assert_null(place.commune);
        else
            assert_ptr_equal(place.commune, place.nearest[0].commune);
        if (fabs(place.nearest[0].distance_m - rows[i].distance_m) > rows[i].distance_m * 0.003)
            fail_msg("row %zu: %f m", i, place.nearest[0].distance_m);
        assert_int_equal(place.n_nearest, 3);
        assert_true(place.nearest[0].distance_m <= place.nearest[1].distance_m);
        assert_true(place.nearest[1].distance_m <= place.nearest[2].distance_m);
    }
    area_set_unref(set);
}

/* A square round each shipped centre: the pruned search finds what asking all of them would. */
static struct area_set *load_shipped_squares(void)
{
    struct buf json, faults;
    buf_init(&json, AREA_GEOJSON_MAX);
    buf_init(&faults, 4096);
    buf_add_str(&json, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (size_t i = 0; i < area_count(shipped); i++) {
        const struct commune *c = area_at(shipped, i);
        double w = c->lon - 0.004, e = c->lon + 0.004, s = c->lat - 0.004, n = c->lat + 0.004;
        buf_printf(&json,
                   "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"%s\"},\"geometry\":{"
                   "\"type\":\"Polygon\",\"coordinates\":[[[%f,%f],[%f,%f],[%f,%f],[%f,%f],"
                   "[%f,%f]]]}}",
                   i ? "," : "", c->code, w, s, e, s, e, n, w, n, w, s);
    }
    buf_add_str(&json, "]}");
    assert_false(json.failed);
    struct area_set *set = NULL;
    int r = area_set_load(shipped_csv, shipped_n, json.data, json.len, NULL, &faults, &set);
    if (r != 0)
        fail_msg("%s", faults.data);
    buf_release(&json);
    buf_release(&faults);
    return set;
}

static double distance_to_square(const struct commune *c, double lat, double lon)
{
    double dx = fmax(fabs(lon - c->lon) - 0.004, 0) * 109900; /* metres a degree at 9.1° */
    double dy = fmax(fabs(lat - c->lat) - 0.004, 0) * 110590;
    return hypot(dx, dy);
}

static void test_nearest_of_many(void **state)
{
    (void)state;
    struct area_set *set = load_shipped_squares();
    unsigned dice = 2026;
    for (int round = 0; round < 2000; round++) {
        dice = dice * 1664525 + 1013904223;
        double lat = 8.5 + (dice >> 16) / 65536.0;
        dice = dice * 1664525 + 1013904223;
        double lon = 104.7 + (dice >> 16) / 65536.0;
        struct area_place place;
        assert_true(area_locate(set, lat, lon, &place) >= 0);
        assert_int_equal(place.n_nearest, 3);
        size_t nearer = 0;
        double third = place.nearest[2].distance_m;
        for (size_t i = 0; i < area_count(set); i++)
            nearer += distance_to_square(area_at(set, i), lat, lon) < third * 0.998 - 1;
        assert_true(nearer <= 2);
        assert_true(fabs(distance_to_square(place.nearest[0].commune, lat, lon) -
                         place.nearest[0].distance_m) < place.nearest[0].distance_m * 0.002 + 1);
    }
    area_set_unref(set);
}

/* --- threads ---------------------------------------------------------------------------------- */

struct searcher {
    struct area_holder *holder;
    int wrong;
};

static void *search(void *arg)
{
    struct searcher *s = arg;
    for (int i = 0; i < 1500; i++) {
        CLEANUP(area_set_unrefp) struct area_set *set = area_current(s->holder);
        const struct commune *c = area_at(set, (size_t)i % area_count(set));
        struct area_place place;
        if (area_locate(set, c->lat, c->lon, &place) != AREA_POLYGON || place.commune != c)
            s->wrong++;
    }
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    struct area_holder *holder;
    assert_int_equal(area_holder_new(load_shipped_squares(), &holder), 0);
    struct searcher searchers[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        searchers[i] = (struct searcher){.holder = holder};
        assert_int_equal(pthread_create(&threads[i], NULL, search, &searchers[i]), 0);
    }
    for (int i = 0; i < 20; i++)
        area_replace(holder, load_shipped_squares());
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(searchers[i].wrong, 0);
    }
    area_holder_free(holder);
}

/* --- what is refused -------------------------------------------------------------------------- */

static void assert_faults(const struct buf *faults, const char *const *expected, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strstr(faults->data, expected[i]))
            fail_msg("no fault \"%s\" in:\n%s", expected[i], faults->data);
}

static void test_faulty_polygons(void **state)
{
    (void)state;
    struct buf faults;
    struct area_set *set;
    buf_init(&faults, 16384);
    assert_int_equal(
        load(
            three,
            COLLECTION(
                FEATURE("12345", "Polygon", "[" SQUARE(105, 9, 105.1, 9.1) "]") ","
                /* a bow tie */
                FEATURE("90001", "Polygon",
                        "[[[105,9],[105.1,9.1],[105.1,9],[105,9.1],[105,9]]]") "," WEST
                                                                               "," FEATURE(
                                                                                   "90002", "Point",
                                                                                   "[105,9]")),
            &faults, &set),
        AREA_FAULTY);
    assert_null(set);
    const char *all[] = {"/features/0 has no properties.code",
                         "/features/1 commune 90001 is no valid area: Self-intersection",
                         "/features/2 is commune 90001 a second time", "/features/3 is neither",
                         "/features do not have commune 90003"};
    assert_faults(&faults, all, ARRAY_LEN(all));

    const struct {
        const char *coordinates, *words;
    } rows[] = {
        {"[[[105,9],[105.1,9],[105.1,9.1],[105,9.1]]]", "not closed"},
        {"[[[105,9],[105.1,9],[105,9]]]", "less than four"},
        {"[[[9,105],[9,105.1],[9.1,105.1],[9.1,105],[9,105]]]", "far from commune"},
        {"[[[105,9],[105.1,9],[105.1,\"9.1\"],[105,9.1],[105,9]]]", "not [longitude"},
        {"[[[105,9],[1e300,9],[105.1,9.1],[105,9.1],[105,9]]]", "far from commune"},
        {"[[[105,9],[105,9],[105,9],[105,9]]]", "no valid area"},
        {"[]", "no coordinates"},
        {"{}", "no coordinates"},
        {"[[105,9],[105.1,9],[105.1,9.1],[105,9]]", "less than four"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[1024];
        snprintf(text, sizeof(text),
                 COLLECTION(WEST "," FEATURE("90002", "Polygon", "%s") "," NORTH),
                 rows[i].coordinates);
        assert_int_equal(load(three, text, &faults, &set), AREA_FAULTY);
        assert_null(set);
        assert_faults(&faults, &rows[i].words, 1);
    }
    const char *not_collections[] = {"", "{", "[]", "{\"type\":\"FeatureCollection\"}", WEST};
    for (size_t i = 0; i < ARRAY_LEN(not_collections); i++) {
        assert_int_equal(load(three, not_collections[i], &faults, &set), AREA_FAULTY);
        assert_true(faults.len > 0);
    }
    buf_release(&faults);
}

static void test_faulty_communes(void **state)
{
    (void)state;
    struct buf faults;
    struct area_set *set;
    buf_init(&faults, 16384);
    assert_int_equal(load(HEADER "9001,xa,A,Xã A,A,9,105,\n"
                                 "90002,town,B,Xã B,B,9,105,\n"
                                 "90003,xa,,Xã C,C,9,105,\n"
                                 "90004,xa,D,Xã D,D,nan,105,\n"
                                 "90005,xa,E,Xã E,E,9,1055,\n"
                                 "90006,xa,F,Xã F,F,9,105\n"
                                 "90007,xa,\"G\",Xã G,G,9,105,\n"
                                 "90005,xa,H,Xã H,H,9,105,\n",
                          NULL, &faults, &set),
                     AREA_FAULTY);
    assert_null(set);
    const char *all[] = {"line 2: code",      "line 3: type",      "line 4: a name",
                         "line 5: label_lat", "line 6: ",          "line 7: does not",
                         "line 8: quoted",    "line 9: code 90005"};
    assert_faults(&faults, all, ARRAY_LEN(all));

    assert_int_equal(load(HEADER "90001,xa,A,Xã A,A,9,105,90002 90009\n"
                                 "90002,xa,B,Xã B,B,9,105,\n",
                          NULL, &faults, &set),
                     AREA_FAULTY);
    const char *links[] = {"line 2: commune 90001 has a neighbour 90009",
                           "line 2: commune 90001 names neighbour 90002, which"};
    assert_faults(&faults, links, ARRAY_LEN(links));
    assert_int_equal(load("", NULL, &faults, &set), AREA_FAULTY);
    assert_int_equal(load(HEADER, NULL, &faults, &set), AREA_FAULTY);

    /* As a spreadsheet writes it. */
    assert_int_equal(load("\xef\xbb\xbf"
                          "code,type,name,full_name,name_en,label_lat,label_lon,neighbours\r\n"
                          "90001,xa,A,Xã A,A,9.1,105,\r\n",
                          NULL, &faults, &set),
                     0);
    assert_int_equal(area_count(set), 1);
    struct area_place place;
    assert_int_equal(area_locate(set, 9.1, 105, &place), AREA_CHOOSE);
    assert_int_equal(place.n_nearest, 1);
    area_set_unref(set);
    buf_release(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_communes), cmocka_unit_test(test_centres_are_offered),
        cmocka_unit_test(test_distances),        cmocka_unit_test(test_polygons),
        cmocka_unit_test(test_nearest_of_many),  cmocka_unit_test(test_threads),
        cmocka_unit_test(test_faulty_polygons),  cmocka_unit_test(test_faulty_communes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
