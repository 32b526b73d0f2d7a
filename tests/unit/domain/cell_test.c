/* Cells: a box's ranges never miss a point of it, and hold little besides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "domain/area/cell.h"

#define CELL_DEGREES (360.0 / (1 << CELL_BITS))

static uint64_t seed;

/* 0 to 1, both included now and then. */
static double dice(void)
{
    seed += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    uint64_t z = seed;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return z % 16 == 0 ? (double)(z >> 4 & 1) : (double)(z >> 11) / (double)(UINT64_C(1) << 53);
}

static void roll(void)
{
    const char *given = getenv("TRAM_SEED");
    seed = given ? strtoull(given, NULL, 10) : clock_monotonic_ns();
    print_message("TRAM_SEED=%llu\n", (unsigned long long)seed);
}

static bool held(const struct cell_range *ranges, size_t n, int64_t cell)
{
    for (size_t i = 0; i < n; i++)
        if (cell >= ranges[i].low && cell < ranges[i].high)
            return true;
    return false;
}

static void assert_ascending(const struct cell_range *ranges, size_t n)
{
    assert_in_range(n, 1, CELL_RANGES_MAX);
    for (size_t i = 0; i < n; i++) {
        assert_true(ranges[i].low < ranges[i].high);
        assert_true(i == 0 || ranges[i - 1].high < ranges[i].low);
    }
    assert_true(ranges[0].low >= 0);
    assert_true(ranges[n - 1].high <= INT64_C(1) << (2 * CELL_BITS));
}

static void test_round_trip(void **state)
{
    (void)state;
    roll();
    for (int i = 0; i < 20000; i++) {
        double lat = dice() * 180 - 90, lon = dice() * 360 - 180, back_lat, back_lon;
        int64_t cell = cell_of(lat, lon);
        cell_center(cell, &back_lat, &back_lon);
        assert_true(fabs(back_lat - lat) <= CELL_DEGREES);
        assert_true(fabs(back_lon - lon) <= CELL_DEGREES);
        assert_int_equal(cell_of(back_lat, back_lon), cell);
    }
}

/* A step along the curve is a step to a neighbour: what makes it a Hilbert curve. */
static void test_curve_never_jumps(void **state)
{
    (void)state;
    roll();
    for (int i = 0; i < 20000; i++) {
        int64_t cell = cell_of(dice() * 180 - 90, dice() * 359 - 180);
        double lat, lon, next_lat, next_lon;
        cell_center(cell, &lat, &lon);
        cell_center(cell + 1, &next_lat, &next_lon);
        double step = fabs(next_lat - lat) + fabs(next_lon - lon);
        assert_true(fabs(step - CELL_DEGREES) < CELL_DEGREES / 1000);
    }
}

/* Stored numbers: these may never change. */
static void test_numbering_is_fixed(void **state)
{
    (void)state;
    assert_int_equal(cell_of(-90, -180), 0);
    assert_int_equal(cell_of(9.1769, 105.15), INT64_C(3561917995640950));
    assert_int_equal(cell_of(NAN, NAN), cell_of(0, 0));
    assert_int_equal(cell_of(1000, -1000), cell_of(90, -180));
    assert_int_equal(cell_of(INFINITY, INFINITY), cell_of(90, 180));
}

static void test_no_point_is_missed(void **state)
{
    (void)state;
    roll();
    for (int round = 0; round < 3000; round++) {
        /* From a metre to the whole world, and of every shape. */
        double height = pow(10, -5 + 7.2 * dice()), width = pow(10, -5 + 7.5 * dice());
        double south = -90 + dice() * 180, west = -180 + dice() * 360;
        struct area_box box = {south, west, fmin(south + height, 90), fmin(west + width, 180)};
        struct cell_range ranges[CELL_RANGES_MAX];
        size_t n = area_box_ranges(&box, ranges);
        assert_ascending(ranges, n);
        for (int i = 0; i < 100; i++) {
            double lat = fmin(box.south + dice() * (box.north - box.south), box.north);
            double lon = fmin(box.west + dice() * (box.east - box.west), box.east);
            if (!held(ranges, n, cell_of(lat, lon)))
                fail_msg("%.9f, %.9f is missed", lat, lon);
        }
    }
}

static void test_little_besides(void **state)
{
    (void)state;
    roll();
    double sum = 0, worst = 0;
    const int rounds = 3000;
    for (int round = 0; round < rounds; round++) {
        double height = 0.002 + 0.5 * dice(), width = height * (0.5 + 1.5 * dice());
        double south = 8.3 + dice(), west = 104.4 + dice();
        struct area_box box = {south, west, south + height, west + width};
        struct cell_range ranges[CELL_RANGES_MAX];
        size_t n = area_box_ranges(&box, ranges);
        double cells = 0;
        for (size_t i = 0; i < n; i++)
            cells += (double)(ranges[i].high - ranges[i].low);
        double more = cells * CELL_DEGREES * CELL_DEGREES / (height * width);
        sum += more;
        worst = fmax(worst, more);
    }
    print_message("held for each cell of the box: %.2f on average, at most %.2f\n", sum / rounds,
                  worst);
    assert_true(sum / rounds < 1.35);
    assert_true(worst < 2);
}

static void test_odd_boxes(void **state)
{
    (void)state;
    struct cell_range ranges[CELL_RANGES_MAX];
    struct area_box point = {9, 105, 9, 105};
    assert_int_equal(area_box_ranges(&point, ranges), 1);
    assert_int_equal(ranges[0].low, cell_of(9, 105));
    assert_int_equal(ranges[0].high, ranges[0].low + 1);
    struct area_box world = {-90, -180, 90, 180};
    assert_ascending(ranges, area_box_ranges(&world, ranges));
    const struct area_box none[] = {
        {10, 105, 9, 106}, {9, 106, 10, 105}, {NAN, 105, 10, 106}, {9, 105, 10, NAN}};
    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        assert_int_equal(area_box_ranges(&none[i], ranges), 0);
}

static void test_rounding(void **state)
{
    (void)state;
    double lat, lon;
    area_round(9.17694, 105.15051, &lat, &lon);
    assert_true(lat == 9.177 && lon == 105.151);
    area_round(lat, lon, &lat, &lon); /* a rounded place stays */
    assert_true(lat == 9.177 && lon == 105.151);
    area_round(-0.0004, -0.0004, &lat, &lon);
    assert_false(signbit(lat) || signbit(lon));
    roll();
    for (int i = 0; i < 10000; i++) {
        double from_lat = 8 + 2 * dice(), from_lon = 104 + 2 * dice();
        area_round(from_lat, from_lon, &lat, &lon);
        assert_true(fabs(lat - from_lat) < 0.000501 && fabs(lon - from_lon) < 0.000501);
    }
}

/* Held against the WGS 84 ellipsoid (Vincenty). */
static void test_distances(void **state)
{
    (void)state;
    static const struct {
        double lat, lon, other_lat, other_lon, metres;
    } known[] = {{9.1769, 105.1524, 9.1769, 105.1524, 0},
                 {9.0, 105.0, 10.0, 105.0, 110598.0},
                 {9.0, 105.0, 9.0, 106.0, 109958.0},
                 {9.1769, 105.1524, 9.17726, 105.1524, 39.8},
                 {0, 0, 0, 180, 20015086.8}};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        double m =
            area_distance_m(known[i].lat, known[i].lon, known[i].other_lat, known[i].other_lon);
        double back =
            area_distance_m(known[i].other_lat, known[i].other_lon, known[i].lat, known[i].lon);
        assert_true(fabs(m - known[i].metres) <= 0.006 * known[i].metres);
        assert_true(m == back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),         cmocka_unit_test(test_curve_never_jumps),
        cmocka_unit_test(test_numbering_is_fixed), cmocka_unit_test(test_no_point_is_missed),
        cmocka_unit_test(test_little_besides),     cmocka_unit_test(test_odd_boxes),
        cmocka_unit_test(test_rounding),           cmocka_unit_test(test_distances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
