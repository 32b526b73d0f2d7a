/* Reports that may be of the same thing, by place, time and what their photos look like. */
#include <math.h>
#include <stdlib.h>

#include "domain/area/cell.h"
#include "domain/report/report.h"

static uint64_t likeness_of(const struct report_photo *p)
{
    return p->proof || !p->hash ? 0 : strtoull(p->hash, NULL, 16);
}

/* In how few bits photos of the two differ; 64: there is nothing to compare. */
static int bits_between(const struct report *r, const struct report *other)
{
    const struct report_photo *a = r->photos.items, *b = other->photos.items;
    int least = 64;
    for (size_t i = 0; i < r->photos.n; i++) {
        for (size_t j = 0; j < other->photos.n; j++) {
            uint64_t one = likeness_of(&a[i]), two = likeness_of(&b[j]);
            int bits = one && two ? __builtin_popcountll(one ^ two) : 64;
            least = bits < least ? bits : least;
        }
    }
    return least;
}

static bool is_alike(const struct report *r, const struct report *other, double *ret_m)
{
    if (id_equal(&r->head.id, &other->head.id) || !other->point.set)
        return false;
    *ret_m = area_distance_m(r->point.lat, r->point.lon, other->point.lat, other->point.lon);
    return *ret_m <= REPORT_ALIKE_M && bits_between(r, other) <= REPORT_ALIKE_BITS;
}

/* Of the store's rows; each is read and let go again. */
static bool keep(const bson_t *doc, void *ctx)
{
    struct report other;
    struct arena a;
    double metres = 0;
    arena_init(&a);
    bool kept = report_decode(doc, &a, &other) == 0 && is_alike(ctx, &other, &metres);
    arena_release(&a);
    return kept;
}

int report_alike(struct store *s, const struct report *r, struct arena *a,
                 struct report_like ret[REPORT_ALIKE_MAX], size_t *ret_n)
{
    struct report wanted = *r;
    struct store_value agency = store_text(r->head.agency);
    struct store_range span = {.has_low = true,
                               .has_high = true,
                               .low = store_int(r->head.filed_ms - REPORT_ALIKE_MS),
                               .high = store_int(r->head.filed_ms + REPORT_ALIKE_MS)};
    struct store_condition near[] = {
        {.field = "agency", .op = STORE_EQ, .values = &agency, .n_values = 1},
        {.field = "filed", .op = STORE_BETWEEN, .ranges = &span, .n_ranges = 1}};
    struct store_query q = {.conditions = near,
                            .n_conditions = 2,
                            .order = "filed",
                            .descending = true,
                            .limit = REPORT_ALIKE_MAX,
                            .keep = keep,
                            .keep_ctx = &wanted};
    struct store_page page = {0};
    *ret_n = 0;
    if (!r->point.set || r->photos.n == 0)
        return 0;
    int done = store_scan(s, &report_collection, &q, a, &page);
    for (size_t i = 0; i < page.n && done == 0; i++) {
        struct report_like *like = &ret[(*ret_n)++];
        done = report_decode(page.docs[i], a, &like->report);
        if (done == 0 && !is_alike(r, &like->report, &like->metres))
            (*ret_n)--;
    }
    return done;
}
