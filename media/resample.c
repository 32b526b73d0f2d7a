#include "media/resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define CHANNELS 4 /* as bytes of a pixel; the fourth is carried along */
/* Weights add up to 1 << WEIGHT_BITS; a column's sum keeps KEEP_BITS of them, so that a row's sum
 * of such sums stays within 32 bits: 8 + 8 + 14. */
#define WEIGHT_BITS 14
#define KEEP_BITS 8

/* For each target position, the run of source positions that it is made of, and their weights. */
struct taps {
    int n_max;         /* weights a target has room for */
    int *first, *n;    /* [target] */
    uint16_t *weights; /* [target * n_max] */
};

static void taps_release(struct taps *t)
{
    free(t->first);
    free(t->n);
    free(t->weights);
}

static void taps_weigh(struct taps *t, int target, double centre, double scale, int source_n)
{
    uint16_t *weights = t->weights + (size_t)target * (size_t)t->n_max;
    int first = (int)floor(centre - scale + 0.5), last = (int)ceil(centre + scale - 0.5) - 1;
    double sum = 0;
    int left = 1 << WEIGHT_BITS, heaviest = 0;

    first = first < 0 ? 0 : first;
    last = last >= source_n ? source_n - 1 : last;
    for (int i = first; i <= last; i++)
        sum += fmax(0, 1 - fabs(i + 0.5 - centre) / scale);
    for (int i = first; i <= last; i++) {
        double share = fmax(0, 1 - fabs(i + 0.5 - centre) / scale) / sum;
        weights[i - first] = (uint16_t)lround(share * (1 << WEIGHT_BITS));
        left -= weights[i - first];
        if (weights[i - first] > weights[heaviest])
            heaviest = i - first;
    }
    weights[heaviest] = (uint16_t)(weights[heaviest] + left); /* what rounding lost or gained */
    t->first[target] = first;
    t->n[target] = last - first + 1;
}

/* False when out of memory. 1 <= target_n <= source_n. */
static bool taps_init(struct taps *t, int source_n, int target_n)
{
    double scale = (double)source_n / target_n;

    t->n_max = (int)ceil(2 * scale) + 2;
    t->first = calloc((size_t)target_n, sizeof *t->first);
    t->n = calloc((size_t)target_n, sizeof *t->n);
    t->weights = calloc((size_t)target_n * (size_t)t->n_max, sizeof *t->weights);
    if (!t->first || !t->n || !t->weights)
        return false;
    for (int i = 0; i < target_n; i++)
        taps_weigh(t, i, (i + 0.5) * scale, scale, source_n);
    return true;
}

/* One target row of all source columns: sums[column * CHANNELS + channel], KEEP_BITS of fraction.
 */
static void mix_rows(gdImagePtr source, const struct taps *t, int y, uint32_t *restrict sums)
{
    size_t n = (size_t)gdImageSX(source) * CHANNELS;
    const uint16_t *weights = t->weights + (size_t)y * (size_t)t->n_max;

    memset(sums, 0, n * sizeof *sums);
    for (int k = 0; k < t->n[y]; k++) {
        const uint8_t *restrict row = (const uint8_t *)source->tpixels[t->first[y] + k];
        uint32_t weight = weights[k];
        for (size_t i = 0; i < n; i++)
            sums[i] += row[i] * weight;
    }
    for (size_t i = 0; i < n; i++)
        sums[i] >>= WEIGHT_BITS - KEEP_BITS;
}

static void mix_columns(const uint32_t *restrict sums, const struct taps *t, int width,
                        int *restrict target)
{
    const uint32_t half = 1U << (WEIGHT_BITS + KEEP_BITS - 1);

    for (int x = 0; x < width; x++) {
        const uint32_t *from = sums + (size_t)t->first[x] * CHANNELS;
        const uint16_t *weights = t->weights + (size_t)x * (size_t)t->n_max;
        uint32_t blue = half, green = half, red = half;
        for (int k = 0; k < t->n[x]; k++, from += CHANNELS) {
            blue += from[0] * weights[k];
            green += from[1] * weights[k];
            red += from[2] * weights[k];
        }
        target[x] = gdTrueColor((int)(red >> (WEIGHT_BITS + KEEP_BITS)),
                                (int)(green >> (WEIGHT_BITS + KEEP_BITS)),
                                (int)(blue >> (WEIGHT_BITS + KEEP_BITS)));
    }
}

gdImagePtr image_shrink(gdImagePtr source, int width, int height)
{
    CLEANUP(taps_release) struct taps across = {0};
    CLEANUP(taps_release) struct taps down = {0};
    CLEANUP(freep) uint32_t *sums = calloc((size_t)gdImageSX(source), CHANNELS * sizeof *sums);

    if (!sums || !taps_init(&across, gdImageSX(source), width) ||
        !taps_init(&down, gdImageSY(source), height))
        return NULL;
    gdImagePtr target = gdImageCreateTrueColor(width, height);
    for (int y = 0; target && y < height; y++) {
        mix_rows(source, &down, y, sums);
        mix_columns(sums, &across, width, target->tpixels[y]);
    }
    return target;
}

static int share(int side, int of, uint32_t longest)
{
    int64_t scaled = ((int64_t)side * longest + of / 2) / of;

    return scaled < 1 ? 1 : (int)scaled;
}

void image_fit(int width, int height, uint32_t side, int *ret_width, int *ret_height)
{
    int longest = width > height ? width : height;

    *ret_width = width;
    *ret_height = height;
    if ((uint32_t)longest <= side)
        return;
    *ret_width = share(width, longest, side);
    *ret_height = share(height, longest, side);
}
