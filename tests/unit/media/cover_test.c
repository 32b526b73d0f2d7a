/* What is covered leaves no trace: two pictures that differ below the boxes alone come out alike.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/result.h"
#include "media/cover.h"
#include "media/decode.h"
#include "media/pool.h"
#include "tests/unit/media/pictures.h"

/* Noise, from `seed`; inside the box, if there is one, from another. */
static gdImagePtr noise(int width, int height, const struct media_box *box, uint32_t inside)
{
    gdImagePtr image = gdImageCreateTrueColor(width, height);
    uint32_t seed = 3;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            bool in = box && x * MEDIA_BOX_WHOLE >= box->x * width &&
                      (x + 1) * MEDIA_BOX_WHOLE <= (box->x + box->width) * width &&
                      y * MEDIA_BOX_WHOLE >= box->y * height &&
                      (y + 1) * MEDIA_BOX_WHOLE <= (box->y + box->height) * height;
            int outside = (int)(random_next(&seed) & 0xFFFFFF);
            image->tpixels[y][x] = in ? (int)(random_next(&inside) & 0xFFFFFF) : outside;
        }
    }
    return image;
}

static void decode_covered(const struct bytes *b, const struct media_box *boxes, size_t n,
                           struct media_result *ret)
{
    struct media_limits l = limits;
    l.n_boxes = (uint32_t)n;
    if (n > 0)
        memcpy(l.boxes, boxes, n * sizeof(*boxes));
    assert_int_equal(media_decode_image(b->at, b->n, &l, ret), 0);
}

static void assert_same(const struct media_rendition *a, const struct media_rendition *b)
{
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->bytes, b->bytes, a->n);
}

/* Boxes at edges, in the middle, thinner than a pixel of the small one, and all of it. */
static const struct media_box places[] = {
    {2501, 3307, 2113, 1999}, {0, 0, 1200, 900},  {8800, 9100, 1200, 900}, {0, 4000, 10000, 1000},
    {3333, 0, 37, 10000},     {4990, 4990, 1, 1}, {0, 0, 10000, 10000},
};

static void no_bit_depends_on_what_is_covered(void **state)
{
    (void)state;
    /* Not shrunk, the small one alone, and both in unequal parts. */
    static const int sizes[][2] = {{200, 150}, {640, 480}, {1431, 907}};
    for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
        for (size_t i = 0; i < ARRAY_LEN(places); i++) {
            const struct media_box *box = &places[i];
            CLEANUP(bytes_release)
            struct bytes a = as_png(noise(sizes[s][0], sizes[s][1], box, 11));
            CLEANUP(bytes_release)
            struct bytes b = as_png(noise(sizes[s][0], sizes[s][1], box, 12));
            CLEANUP(media_result_release) struct media_result ra = {0};
            CLEANUP(media_result_release) struct media_result rb = {0};
            decode_covered(&a, box, 1, &ra);
            decode_covered(&b, box, 1, &rb);
            assert_same(&ra.large, &rb.large);
            assert_same(&ra.small, &rb.small);
            assert_true(ra.facts.likeness == rb.facts.likeness);
        }
    }
}

/* The same two pictures, not covered: the test above can fail. */
static void uncovered_they_differ(void **state)
{
    (void)state;
    CLEANUP(bytes_release) struct bytes a = as_png(noise(200, 150, &places[0], 11));
    CLEANUP(bytes_release) struct bytes b = as_png(noise(200, 150, &places[0], 12));
    CLEANUP(media_result_release) struct media_result ra = {0};
    CLEANUP(media_result_release) struct media_result rb = {0};
    decode_covered(&a, NULL, 0, &ra);
    decode_covered(&b, NULL, 0, &rb);
    assert_true(ra.large.n != rb.large.n || memcmp(ra.large.bytes, rb.large.bytes, ra.large.n));
}

static bool is_filled(gdImagePtr image, int x, int y)
{
    int c = image->tpixels[y][x];
    return abs(gdTrueColorGetRed(c) - gdTrueColorGetRed(COVER_COLOUR)) < 12 &&
           abs(gdTrueColorGetGreen(c) - gdTrueColorGetGreen(COVER_COLOUR)) < 12 &&
           abs(gdTrueColorGetBlue(c) - gdTrueColorGetBlue(COVER_COLOUR)) < 12;
}

/* Boxes are of the picture as it is seen, whichever way the camera was held. */
static void boxes_lie_in_the_upright_picture(void **state)
{
    (void)state;
    static const struct media_box top_left = {0, 0, 5000, 5000};
    for (unsigned o = 1; o <= 8; o++) {
        CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(1600, 800), false);
        CLEANUP(media_result_release) struct media_result r = {0};
        add_exif(&jpeg, o, "+07:00", 'N');
        decode_covered(&jpeg, &top_left, 1, &r);
        gdImagePtr image = gdImageCreateFromJpegPtr((int)r.large.n, r.large.bytes);
        int w = gdImageSX(image), h = gdImageSY(image);
        assert_true(is_filled(image, w / 4, h / 4) && is_filled(image, 0, 0));
        assert_true(is_filled(image, w / 2 - 2, h / 2 - 2));
        assert_false(is_filled(image, w * 3 / 4, h / 4) || is_filled(image, w / 4, h * 3 / 4));
        assert_false(is_filled(image, w / 2 + 20, h / 2 + 20));
        gdImageDestroy(image);
    }
}

static void many_boxes_are_all_filled(void **state)
{
    (void)state;
    struct media_box boxes[MEDIA_BOXES_MAX];
    for (unsigned i = 0; i < MEDIA_BOXES_MAX; i++)
        boxes[i] =
            (struct media_box){(uint16_t)(i % 10 * 1000), (uint16_t)(i / 10 * 2000), 400, 900};
    gdImagePtr image = noise(1000, 1000, NULL, 1);
    image_cover(image, boxes, MEDIA_BOXES_MAX);
    for (unsigned i = 0; i < MEDIA_BOXES_MAX; i++) {
        int x = (int)(i % 10) * 100, y = (int)(i / 10) * 200;
        assert_int_equal(image->tpixels[y][x], COVER_COLOUR);
        assert_int_equal(image->tpixels[y + 89][x + 39], COVER_COLOUR);
        assert_int_not_equal(image->tpixels[y + 45][x + 70], COVER_COLOUR);
    }
    gdImageDestroy(image);
}

static void unsound_boxes_are_refused(void **state)
{
    (void)state;
    static const struct media_box bad[] = {
        {0, 0, 0, 10}, {0, 0, 10, 0}, {9991, 0, 10, 10}, {0, 10000, 10, 1}, {65535, 0, 65535, 10}};
    CLEANUP(bytes_release) struct bytes png = as_png(noise(40, 30, NULL, 1));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct media_limits l = limits;
        struct media_result r;
        l.n_boxes = 1;
        l.boxes[0] = bad[i];
        assert_false(media_box_valid(&bad[i]));
        assert_int_equal(media_decode_image(png.at, png.n, &l, &r), E_INVALID);
    }
    struct media_limits l = limits;
    struct media_result r;
    l.n_boxes = MEDIA_BOXES_MAX + 1;
    assert_int_equal(media_decode_image(png.at, png.n, &l, &r), E_INVALID);
}

/* Through the process: the boxes of one job are not those of the next. */
static void the_pool_passes_boxes_on(void **state)
{
    (void)state;
    struct media_pool_options o = MEDIA_POOL_OPTIONS_DEFAULT;
    struct media_pool *pool;
    o.decoder_path = TRAM_DECODER_BUILT;
    o.decoders = 1;
    assert_int_equal(media_pool_new(&o, &pool), 0);
    CLEANUP(bytes_release) struct bytes png = as_png(four_corners(640, 480));
    const struct media_box half = {0, 0, 10000, 5000}, bad = {1, 1, 10000, 1};
    for (int round = 0; round < 3; round++) {
        struct media_input in = {.fd = -1, .bytes = png.at, .n = png.n, .boxes = &half};
        CLEANUP(media_result_release) struct media_result r = {0};
        in.n_boxes = round == 1;
        assert_int_equal(media_decode(pool, &in, &r), 0);
        gdImagePtr image = gdImageCreateFromJpegPtr((int)r.large.n, r.large.bytes);
        assert_int_equal(is_filled(image, 160, 120), round == 1);
        assert_false(is_filled(image, 160, 360));
        gdImageDestroy(image);
    }
    struct media_input in = {.fd = -1, .bytes = png.at, .n = png.n, .boxes = &bad, .n_boxes = 1};
    CLEANUP(media_result_release) struct media_result r = {0};
    assert_int_equal(media_decode(pool, &in, &r), E_INVALID);
    media_pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bit_depends_on_what_is_covered),
        cmocka_unit_test(uncovered_they_differ),
        cmocka_unit_test(boxes_lie_in_the_upright_picture),
        cmocka_unit_test(many_boxes_are_all_filled),
        cmocka_unit_test(unsound_boxes_are_refused),
        cmocka_unit_test(the_pool_passes_boxes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
