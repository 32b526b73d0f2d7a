/*
 * Borders and communes of anybody: the input is GeoJSON for two communes; or, where it begins with
 * a NUL, the CSV of the communes. Refused with words, or every point gets a place.
 */
#include <math.h>

#include "base/result.h"
#include "domain/area/area.h"
#include "tests/fuzz/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char csv[] = "code,type,name,full_name,name_en,label_lat,label_lon,neighbours\n"
                          "32025,phuong,Tân Thành,Phường Tân Thành,Tan Thanh,9.18,105.17,32047\n"
                          "32047,xa,Đất Mũi,Xã Đất Mũi,Dat Mui,8.6,104.75,32025\n";

static void locate(const struct area_set *set)
{
    static const double points[][2] = {{9.18, 105.17}, {8.6, 104.75}, {9, 105}, {0, 0},
                                       {90, 180},      {10.5, 106.7}, {8, 104}};
    for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        struct area_place place;
        int r = area_locate(set, points[i][0], points[i][1], &place);
        check(r >= 0 && r <= AREA_OUTSIDE);
        check((r == AREA_POLYGON || r == AREA_NEAREST) == (place.commune != NULL));
        check(place.n_nearest <= AREA_NEAREST_MAX);
        for (size_t j = 0; j < place.n_nearest; j++) {
            check(place.nearest[j].commune && isfinite(place.nearest[j].distance_m));
            check(j == 0 || place.nearest[j].distance_m >= place.nearest[j - 1].distance_m);
        }
    }
    struct area_place place;
    check(area_locate(set, NAN, 105, &place) == E_INVALID);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    bool is_csv = n > 0 && bytes[0] == 0;
    const char *text = (const char *)bytes + is_csv;
    struct buf faults;
    struct area_set *set = NULL;
    buf_init(&faults, 4096);
    int done = is_csv ? area_set_load(text, n - 1, NULL, 0, NULL, &faults, &set)
                      : area_set_load(csv, strlen(csv), text, n, NULL, &faults, &set);
    check(done == 0 || done == AREA_FAULTY);
    check((done == 0) == (set != NULL));
    if (done == AREA_FAULTY)
        check(faults.len > 0 || faults.failed);
    if (set)
        locate(set);
    area_set_unref(set);
    buf_release(&faults);
    return 0;
}
