#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include <jpeglib.h>

#include "base/clock.h"
#include "base/result.h"
#include "media/decode.h"
#include "tests/unit/media/pictures.h"

static void decode_ok(const struct bytes *b, struct media_result *ret)
{
    int rc = media_decode_image(b->at, b->n, &limits, ret);
    if (rc != 0)
        fail_msg("result %d, fault %s", rc, media_fault_words(ret->fault)->slug);
}

static gdImagePtr open_rendition(const struct media_rendition *r)
{
    gdImagePtr image = gdImageCreateFromJpegPtr((int)r->n, r->bytes);
    assert_non_null(image);
    assert_int_equal(gdImageSX(image), r->width);
    assert_int_equal(gdImageSY(image), r->height);
    return image;
}

static bool near(int colour, int wanted, int by)
{
    return abs(gdTrueColorGetRed(colour) - gdTrueColorGetRed(wanted)) <= by &&
           abs(gdTrueColorGetGreen(colour) - gdTrueColorGetGreen(wanted)) <= by &&
           abs(gdTrueColorGetBlue(colour) - gdTrueColorGetBlue(wanted)) <= by;
}

/* 'r', 'g', 'b', 'w' of the four quarters: top left, top right, bottom left, bottom right. */
static void quarters(const struct media_rendition *r, char out[5])
{
    gdImagePtr image = open_rendition(r);
    static const int colours[] = {0xE81818, 0x18C818, 0x1818E8, 0xF4F4F4};
    for (int i = 0; i < 4; i++) {
        int pixel = gdImageGetPixel(image, gdImageSX(image) * (i & 1 ? 3 : 1) / 4,
                                    gdImageSY(image) * (i & 2 ? 3 : 1) / 4);
        out[i] = '?';
        for (int k = 0; k < 4; k++) {
            if (near(pixel, colours[k], 40))
                out[i] = "rgbw"[k];
        }
    }
    out[4] = '\0';
    gdImageDestroy(image);
}

static void orientations_land_upright(void **state)
{
    (void)state;
    /* Stored: r g / b w. Exif 2.32, figure of tag 0x0112. */
    static const char *const upright[9] = {NULL,   "rgbw", "grwb", "wbgr", "bwrg",
                                           "rbgw", "brwg", "wgbr", "gwrb"};
    for (unsigned o = 1; o <= 8; o++) {
        CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(1600, 800), false);
        CLEANUP(media_result_release) struct media_result result;
        char seen[5];
        add_exif(&jpeg, o, "+07:00", 'N');
        decode_ok(&jpeg, &result);
        assert_int_equal(result.facts.exif.orientation, o);
        assert_int_equal(result.facts.width, o >= 5 ? 800 : 1600);
        assert_int_equal(result.large.width, o >= 5 ? 640 : 1280);
        assert_int_equal(result.large.height, o >= 5 ? 1280 : 640);
        assert_int_equal(result.small.width, o >= 5 ? 160 : 320);
        quarters(&result.large, seen);
        assert_string_equal(seen, upright[o]);
        quarters(&result.small, seen);
        assert_string_equal(seen, upright[o]);
    }
}

static void exif_is_told_and_not_kept(void **state)
{
    (void)state;
    int64_t taken;
    assert_true(clock_parse("2026-11-24T13:55:30+09:00", &taken));
    CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(400, 300), false);
    CLEANUP(media_result_release) struct media_result result;
    add_exif(&jpeg, 1, "+09:00", 'S');
    decode_ok(&jpeg, &result);
    assert_true(result.facts.exif.has_taken);
    assert_int_equal(result.facts.exif.taken_ms, taken);
    assert_true(result.facts.exif.has_place);
    assert_true(fabs(result.facts.exif.lat + EXIF_LAT) < 1e-9);
    assert_true(fabs(result.facts.exif.lon - EXIF_LON) < 1e-9);
    const struct media_rendition *renditions[] = {&result.large, &result.small};
    for (int i = 0; i < 2; i++) {
        assert_false(bytes_hold(renditions[i]->bytes, renditions[i]->n, "Exif"));
        assert_false(bytes_hold(renditions[i]->bytes, renditions[i]->n, EXIF_TEXT));
        assert_false(bytes_hold(renditions[i]->bytes, renditions[i]->n, "http"));
    }
}

static void an_unknown_offset_is_vietnam(void **state)
{
    (void)state;
    int64_t taken;
    assert_true(clock_parse("2026-11-24T13:55:30+07:00", &taken));
    CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(40, 30), false);
    CLEANUP(media_result_release) struct media_result result;
    add_exif(&jpeg, 77, "   :  ", 'X');
    decode_ok(&jpeg, &result);
    assert_int_equal(result.facts.exif.taken_ms, taken);
    assert_int_equal(result.facts.exif.orientation, 1);
    assert_false(result.facts.exif.has_place);
}

static void nothing_is_enlarged(void **state)
{
    (void)state;
    CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(90, 200), true);
    CLEANUP(media_result_release) struct media_result result;
    char seen[5];
    decode_ok(&jpeg, &result);
    assert_int_equal(result.large.width, 90);
    assert_int_equal(result.small.height, 200);
    quarters(&result.large, seen);
    assert_string_equal(seen, "rgbw");
    CLEANUP(bytes_release) struct bytes thin = as_png(four_corners(2, 5000));
    CLEANUP(media_result_release) struct media_result line;
    decode_ok(&thin, &line);
    assert_int_equal(line.large.width, 1);
    assert_int_equal(line.large.height, 1280);
    assert_int_equal(line.small.width, 1);
}

/* A fine pattern shrinks to its mean: an aliasing filter would leave stripes. */
static void shrinking_does_not_alias(void **state)
{
    (void)state;
    gdImagePtr stripes = gdImageCreateTrueColor(3000, 1000);
    for (int y = 0; y < 1000; y++) {
        for (int x = 0; x < 3000; x++)
            stripes->tpixels[y][x] = x % 2 ? 0xFFFFFF : 0;
    }
    CLEANUP(bytes_release) struct bytes png = as_png(stripes);
    CLEANUP(media_result_release) struct media_result result;
    decode_ok(&png, &result);
    gdImagePtr large = open_rendition(&result.large);
    for (int x = 5; x < 1275; x++)
        assert_true(near(gdImageGetPixel(large, x, 200), 0x808080, 24));
    gdImageDestroy(large);
}

static void transparency_becomes_white(void **state)
{
    (void)state;
    gdImagePtr image = gdImageCreateTrueColor(64, 64);
    gdImageSaveAlpha(image, 1);
    gdImageAlphaBlending(image, 0);
    gdImageFilledRectangle(image, 0, 0, 63, 63, gdTrueColorAlpha(0, 0, 0, gdAlphaTransparent));
    gdImageFilledRectangle(image, 0, 0, 31, 63, gdTrueColorAlpha(255, 0, 0, 64));
    CLEANUP(bytes_release) struct bytes png = as_png(image);
    CLEANUP(media_result_release) struct media_result result;
    decode_ok(&png, &result);
    gdImagePtr large = open_rendition(&result.large);
    assert_true(near(gdImageGetPixel(large, 56, 32), 0xFFFFFF, 6));
    assert_true(near(gdImageGetPixel(large, 8, 32), 0xFF8080, 12));
    gdImageDestroy(large);

    gdImagePtr palette = gdImageCreate(64, 64);
    int clear = gdImageColorAllocate(palette, 9, 9, 9);
    gdImageColorTransparent(palette, clear);
    int blue = gdImageColorAllocate(palette, 0, 0, 255);
    gdImageFilledRectangle(palette, 0, 0, 31, 63, blue);
    CLEANUP(bytes_release) struct bytes indexed = as_png(palette);
    CLEANUP(media_result_release) struct media_result second;
    decode_ok(&indexed, &second);
    large = open_rendition(&second.large);
    assert_true(near(gdImageGetPixel(large, 56, 32), 0xFFFFFF, 6));
    assert_true(near(gdImageGetPixel(large, 8, 32), 0x0000FF, 12));
    gdImageDestroy(large);
}

/* One colour in a colour space that libgd does not write. */
static struct bytes jpeg_of(J_COLOR_SPACE space, int components, const uint8_t *colour, bool adobe)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *at = NULL;
    unsigned long n = 0;
    uint8_t row[64 * 4];
    for (int i = 0; i < 64 * components; i++)
        row[i] = colour[i % components];
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &at, &n);
    cinfo.image_width = cinfo.image_height = 64;
    cinfo.input_components = components;
    cinfo.in_color_space = space;
    jpeg_set_defaults(&cinfo);
    cinfo.write_Adobe_marker = adobe;
    jpeg_start_compress(&cinfo, TRUE);
    JSAMPROW rows[] = {row};
    while (cinfo.next_scanline < 64)
        jpeg_write_scanlines(&cinfo, rows, 1);
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    return (struct bytes){at, n};
}

static void other_colour_spaces(void **state)
{
    (void)state;
    static const struct {
        J_COLOR_SPACE space;
        int components;
        uint8_t colour[4];
        bool adobe;
        int seen;
    } cases[] = {
        {JCS_GRAYSCALE, 1, {120}, false, 0x787878},
        {JCS_CMYK, 4, {255, 0, 0, 0}, false, 0x00FFFF},    /* cyan ink */
        {JCS_CMYK, 4, {0, 255, 255, 255}, true, 0x00FFFF}, /* the same, inverted by Adobe */
        {JCS_CMYK, 4, {0, 0, 0, 255}, false, 0x000000},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(bytes_release)
        struct bytes jpeg =
            jpeg_of(cases[i].space, cases[i].components, cases[i].colour, cases[i].adobe);
        CLEANUP(media_result_release) struct media_result result;
        decode_ok(&jpeg, &result);
        assert_int_equal(result.facts.cmyk, cases[i].components == 4);
        gdImagePtr large = open_rendition(&result.large);
        assert_true(near(gdImageGetPixel(large, 30, 30), cases[i].seen, 10));
        gdImageDestroy(large);
    }
}

static void likeness_survives_scaling(void **state)
{
    (void)state;
    CLEANUP(media_result_release) struct media_result a;
    CLEANUP(media_result_release) struct media_result b;
    CLEANUP(media_result_release) struct media_result c;
    gdImagePtr scenes[3];
    for (int i = 0; i < 3; i++) {
        int w = i == 1 ? 600 : 1500, h = w * 2 / 3;
        scenes[i] = gdImageCreateTrueColor(w, h);
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                double u = (double)x / w, v = (double)y / h, k = i == 2 ? 1.7 : 0;
                int grey = (int)(127 + 100 * sin(9 * u + 5 * v + k) * cos(7 * v - 3 * u + 2 * k));
                scenes[i]->tpixels[y][x] = gdTrueColor(grey, grey, grey);
            }
        }
    }
    CLEANUP(bytes_release) struct bytes first = as_jpeg(scenes[0], false);
    CLEANUP(bytes_release) struct bytes scaled = as_png(scenes[1]);
    CLEANUP(bytes_release) struct bytes other = as_jpeg(scenes[2], false);
    decode_ok(&first, &a);
    decode_ok(&scaled, &b);
    decode_ok(&other, &c);
    assert_true(__builtin_popcountll(a.facts.likeness ^ b.facts.likeness) <= 4);
    assert_true(__builtin_popcountll(a.facts.likeness ^ c.facts.likeness) >= 16);
}

static void damage_is_refused(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        CLEANUP(bytes_release)
        struct bytes file =
            kind < 2 ? as_jpeg(four_corners(300, 200), kind == 1) : as_png(four_corners(300, 200));
        for (size_t i = 0; i < 32; i++) {
            CLEANUP(media_result_release) struct media_result result;
            assert_int_equal(media_decode_image(file.at, file.n * i / 32, &limits, &result),
                             MEDIA_REFUSED);
            assert_int_equal(result.fault, i ? MEDIA_FAULT_TRUNCATED : MEDIA_FAULT_EMPTY);
        }
        /* Cut, and made to look whole: the structure is right, the pixels are not there. */
        if (kind < 2) {
            CLEANUP(media_result_release) struct media_result result;
            memcpy(file.at + file.n / 2, "\xFF\xD9", 2);
            assert_int_equal(media_decode_image(file.at, file.n, &limits, &result), MEDIA_REFUSED);
        }
    }
}

static void bit_flips_are_survived(void **state)
{
    (void)state;
    uint32_t seed = 20261124;
    unsigned refused = 0;
    for (int kind = 0; kind < 3; kind++) {
        CLEANUP(bytes_release)
        struct bytes file =
            kind < 2 ? as_jpeg(four_corners(120, 80), kind == 1) : as_png(four_corners(120, 80));
        if (kind < 2)
            add_exif(&file, 6, "+07:00", 'N');
        for (int i = 0; i < 300; i++) {
            CLEANUP(media_result_release) struct media_result result;
            CLEANUP(bytes_release) struct bytes bad = {malloc(file.n), file.n};
            memcpy(bad.at, file.at, file.n);
            for (int k = 0; k < 1 + i % 4; k++) /* every second one in the headers */
                bad.at[random_next(&seed) % (i % 2 ? file.n : 900)] ^=
                    (uint8_t)(1U << (random_next(&seed) % 8));
            int rc = media_decode_image(bad.at, bad.n, &limits, &result);
            assert_true(rc == 0 || rc == MEDIA_REFUSED);
            refused += rc == MEDIA_REFUSED;
        }
    }
    assert_in_range(refused, 100, 900);
}

static void unsound_limits_are_refused(void **state)
{
    (void)state;
    struct media_limits l = MEDIA_LIMITS_DEFAULT;
    struct media_result result;
    l.small_side = l.large_side + 1;
    assert_int_equal(media_decode_image((const uint8_t *)"x", 1, &l, &result), E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orientations_land_upright),
        cmocka_unit_test(exif_is_told_and_not_kept),
        cmocka_unit_test(an_unknown_offset_is_vietnam),
        cmocka_unit_test(nothing_is_enlarged),
        cmocka_unit_test(shrinking_does_not_alias),
        cmocka_unit_test(transparency_becomes_white),
        cmocka_unit_test(other_colour_spaces),
        cmocka_unit_test(likeness_survives_scaling),
        cmocka_unit_test(damage_is_refused),
        cmocka_unit_test(bit_flips_are_survived),
        cmocka_unit_test(unsound_limits_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
