#include "domain/area/cell.h"

#include <math.h>
#include <stdlib.h>

#define CELLS (INT64_C(1) << CELL_BITS)
#define CELLS_A_DEGREE ((double)CELLS / 360)
#define TILES_A_SIDE 16 /* tiles that the longer side of a box is cut into, and one for the rim */
#define TILES_MAX ((TILES_A_SIDE + 2) * (TILES_A_SIDE + 2))

/* Monotone in `degrees`: what lies between two values has a number between theirs. */
static int64_t number_of(double degrees, double least, double most)
{
    if (isnan(degrees))
        degrees = 0;
    double cells = (fmin(fmax(degrees, least), most) - least) * CELLS_A_DEGREE;
    int64_t number = (int64_t)cells;
    return number < CELLS ? number : CELLS - 1;
}

static int64_t row_of(double lat)
{
    return number_of(lat, -90, 90);
}

static int64_t column_of(double lon)
{
    return number_of(lon, -180, 180);
}

/* The part of a Hilbert curve that lies in a quadrant is turned, so that its ends meet. */
static void turn(int64_t side, int64_t right, int64_t upper, int64_t *x, int64_t *y)
{
    if (upper)
        return;
    if (right) {
        *x = side - 1 - *x;
        *y = side - 1 - *y;
    }
    int64_t was_x = *x;
    *x = *y;
    *y = was_x;
}

/* Number along the curve over 2^bits × 2^bits tiles. */
static int64_t curve_of(int bits, int64_t x, int64_t y)
{
    int64_t number = 0;
    for (int bit = bits - 1; bit >= 0; bit--) {
        int64_t right = x >> bit & 1, upper = y >> bit & 1;
        number = number << 2 | ((3 * right) ^ upper);
        x &= (INT64_C(1) << bit) - 1;
        y &= (INT64_C(1) << bit) - 1;
        turn(INT64_C(1) << bit, right, upper, &x, &y);
    }
    return number;
}

int64_t cell_of(double lat, double lon)
{
    return curve_of(CELL_BITS, column_of(lon), row_of(lat));
}

void cell_center(int64_t cell, double *ret_lat, double *ret_lon)
{
    int64_t x = 0, y = 0;
    for (int bit = 0; bit < CELL_BITS; bit++) {
        int64_t digit = cell >> (2 * bit) & 3;
        int64_t right = digit >> 1, upper = (digit ^ right) & 1;
        turn(INT64_C(1) << bit, right, upper, &x, &y);
        x += right << bit;
        y += upper << bit;
    }
    *ret_lon = ((double)x + 0.5) / CELLS_A_DEGREE - 180;
    *ret_lat = ((double)y + 0.5) / CELLS_A_DEGREE - 90;
}

static int compare_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Joins the two ranges with the smallest gap between them. */
static size_t close_smallest_gap(struct cell_range *ranges, size_t n)
{
    size_t best = 1;
    for (size_t i = 2; i < n; i++)
        if (ranges[i].low - ranges[i - 1].high < ranges[best].low - ranges[best - 1].high)
            best = i;
    ranges[best - 1].high = ranges[best].high;
    for (size_t i = best + 1; i < n; i++)
        ranges[i - 1] = ranges[i];
    return n - 1;
}

size_t area_box_ranges(const struct area_box *box, struct cell_range out[CELL_RANGES_MAX])
{
    if (!(box->south <= box->north) || !(box->west <= box->east))
        return 0;
    int64_t left = column_of(box->west), right = column_of(box->east);
    int64_t bottom = row_of(box->south), top = row_of(box->north);
    int64_t longer = right - left > top - bottom ? right - left : top - bottom;
    int shift = 0; /* a tile is 2^shift cells wide and high */
    while (longer >> shift > TILES_A_SIDE)
        shift++;

    int64_t tiles[TILES_MAX];
    size_t n_tiles = 0;
    for (int64_t y = bottom >> shift; y <= top >> shift; y++)
        for (int64_t x = left >> shift; x <= right >> shift; x++)
            tiles[n_tiles++] = curve_of(CELL_BITS - shift, x, y);
    qsort(tiles, n_tiles, sizeof(tiles[0]), compare_numbers);

    struct cell_range ranges[CELL_RANGES_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; i < n_tiles; i++) {
        int64_t low = tiles[i] << (2 * shift), high = (tiles[i] + 1) << (2 * shift);
        if (n > 0 && ranges[n - 1].high == low)
            ranges[n - 1].high = high;
        else
            ranges[n++] = (struct cell_range){low, high};
        if (n > CELL_RANGES_MAX)
            n = close_smallest_gap(ranges, n);
    }
    for (size_t i = 0; i < n; i++)
        out[i] = ranges[i];
    return n;
}

static double round_degrees(double degrees)
{
    return round(degrees * 1000) / 1000 + 0.0; /* no negative zero */
}

void area_round(double lat, double lon, double *ret_lat, double *ret_lon)
{
    *ret_lat = round_degrees(lat);
    *ret_lon = round_degrees(lon);
}

double area_distance_m(double lat, double lon, double other_lat, double other_lon)
{
    const double radius_m = 6371008.8, rad = M_PI / 180;
    double north = sin((other_lat - lat) * rad / 2), east = sin((other_lon - lon) * rad / 2);
    double h = north * north + cos(lat * rad) * cos(other_lat * rad) * east * east;
    return 2 * radius_m * asin(sqrt(fmin(h, 1)));
}
