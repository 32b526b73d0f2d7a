/*
 * A point as one number: its cell on a Hilbert curve over the world. The store orders and ranges by
 * one scalar, so a box on the map becomes a few ranges of cells, and the exact test is done on what
 * they find.
 *
 * Hilbert, not Morton: a step along the curve is always a step to a neighbouring cell, so a box of
 * s × s tiles falls into about s ranges, half of what Morton needs; with the few ranges a query may
 * have, less is read that lies outside of the box.
 *
 * A cell is 360° / 2^26 on both axes: 0.6 m of latitude, no more of longitude. Latitudes use half
 * of the curve's square, so that tiles are square in degrees. Numbers are 0 to 2^52 - 1, exact in
 * a double as well. The numbering is stored; it never changes.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define CELL_BITS 26
#define CELL_RANGES_MAX 16

/* Degrees WGS 84; out of range, or not a number: the nearest that is (not a number: 0). */
int64_t cell_of(double lat, double lon);
void cell_center(int64_t cell, double *ret_lat, double *ret_lon);

/* Closed on all sides. Does not cross the antimeridian: south <= north, west <= east. */
struct area_box {
    double south, west, north, east;
};

struct cell_range {
    int64_t low, high; /* [low, high) */
};

/*
 * At most CELL_RANGES_MAX ascending, disjoint, not adjacent ranges that hold the cell of every
 * point of the box. They hold points around it too: of a box up to twice as high as wide or the
 * other way round, a quarter more than its cells on average, never as many again. Returns how many
 * ranges; 0 if it is not a box.
 */
size_t area_box_ranges(const struct area_box *box, struct cell_range out[CELL_RANGES_MAX]);

/*
 * The place the public is shown: the nearest node of a grid of 0.001° (111 m north to south). The
 * same point always gives the same node, so that repeated reports do not average to the truth.
 */
void area_round(double lat, double lon, double *ret_lat, double *ret_lon);

/* Metres between two points, along a great circle of the mean sphere: within 0.6 % of the truth. */
double area_distance_m(double lat, double lon, double other_lat, double other_lon);
