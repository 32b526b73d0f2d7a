#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/sniff.h"
#include "tests/unit/media/pictures.h"

static enum media_fault fault_of(const void *at, size_t n)
{
    struct sniff s;
    return sniff(at, n, &limits, &s);
}

static void tells_types_and_sizes(void **state)
{
    (void)state;
    struct sniff s;
    CLEANUP(bytes_release) struct bytes plain = as_jpeg(four_corners(320, 200), false);
    assert_int_equal(sniff(plain.at, plain.n, &limits, &s), MEDIA_FAULT_NONE);
    assert_int_equal(s.type, MEDIA_TYPE_JPEG);
    assert_int_equal(s.width, 320);
    assert_int_equal(s.height, 200);
    assert_int_equal(s.components, 3);
    assert_false(s.progressive);
    assert_int_equal(s.sound_n, plain.n);
    assert_int_equal(s.exif_n, 0);

    CLEANUP(bytes_release) struct bytes scans = as_jpeg(four_corners(33, 65), true);
    assert_int_equal(sniff(scans.at, scans.n, &limits, &s), MEDIA_FAULT_NONE);
    assert_true(s.progressive);

    CLEANUP(bytes_release) struct bytes png = as_png(four_corners(17, 9));
    assert_int_equal(sniff(png.at, png.n, &limits, &s), MEDIA_FAULT_NONE);
    assert_int_equal(s.type, MEDIA_TYPE_PNG);
    assert_int_equal(s.width, 17);
    assert_int_equal(s.height, 9);
    assert_false(s.animated);
    /* Behind IHDR; the walk checks no CRC. */
    bytes_insert(&png, 33,
                 "\0\0\0\x08"
                 "acTL\0\0\0\x01\0\0\0\0CRC.",
                 20);
    assert_int_equal(sniff(png.at, png.n, &limits, &s), MEDIA_FAULT_NONE);
    assert_true(s.animated);
}

static void finds_exif(void **state)
{
    (void)state;
    struct sniff s;
    uint8_t tiff[512];
    CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(64, 64), false);
    size_t n = make_tiff(tiff, 6, "+07:00", 'N');
    add_exif(&jpeg, 6, "+07:00", 'N');
    assert_int_equal(sniff(jpeg.at, jpeg.n, &limits, &s), MEDIA_FAULT_NONE);
    assert_int_equal(s.exif_n, n);
    assert_memory_equal(jpeg.at + s.exif_at, tiff, n);
}

static void refuses_by_header(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        size_t n;
        enum media_fault fault;
    } cases[] = {
        {"", 0, MEDIA_FAULT_EMPTY},
        {"\xFF", 1, MEDIA_FAULT_TRUNCATED},
        {"\x89PNG", 4, MEDIA_FAULT_TRUNCATED},
        {"hello", 5, MEDIA_FAULT_NOT_IMAGE},
        {"PK\3\4", 4, MEDIA_FAULT_NOT_IMAGE},
        {"GIF89a....", 10, MEDIA_FAULT_FORMAT},
        {"RIFF....WEBPVP8 ", 16, MEDIA_FAULT_TRUNCATED},
        {"\0\0\0\x18"
         "ftypheic....",
         16, MEDIA_FAULT_FORMAT},
        {"II*\0....", 8, MEDIA_FAULT_FORMAT},
        {"\xFF\xD8\xFF\xD9", 4, MEDIA_FAULT_DAMAGED},
        {"\xFF\xD8\xFF\xE0\0\1", 6, MEDIA_FAULT_DAMAGED},
        {"\xFF\xD8\xFF\xC3\0\x0B\x08\0\x10\0\x10\1\1\x11\0\xFF\xD9", 17, MEDIA_FAULT_VARIANT},
        {"\xFF\xD8\xFF\xC0\0\x0B\x0C\0\x10\0\x10\1\1\x11\0\xFF\xD9", 17, MEDIA_FAULT_VARIANT},
        {"\xFF\xD8\xFF\xC0\0\x0B\x08\0\0\0\x10\1\1\x11\0\xFF\xD9", 17, MEDIA_FAULT_VARIANT},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(fault_of(cases[i].what, cases[i].n), cases[i].fault);
}

static void refuses_bombs(void **state)
{
    (void)state;
    CLEANUP(bytes_release) struct bytes wide = png_bomb(30000, 30000);
    assert_int_equal(fault_of(wide.at, wide.n), MEDIA_FAULT_TOO_LONG);
    CLEANUP(bytes_release) struct bytes many = png_bomb(12000, 12000);
    assert_int_equal(fault_of(many.at, many.n), MEDIA_FAULT_TOO_MANY_PIXELS);
    CLEANUP(bytes_release) struct bytes none = png_bomb(0, 10);
    assert_int_equal(fault_of(none.at, none.n), MEDIA_FAULT_DAMAGED);
    CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(64, 64), false);
    jpeg_claim_size(&jpeg, 60000, 10);
    assert_int_equal(fault_of(jpeg.at, jpeg.n), MEDIA_FAULT_TOO_LONG);
    jpeg_claim_size(&jpeg, 11000, 11000);
    assert_int_equal(fault_of(jpeg.at, jpeg.n), MEDIA_FAULT_TOO_MANY_PIXELS);
    struct media_limits small = MEDIA_LIMITS_DEFAULT;
    struct sniff s;
    small.bytes_max = jpeg.n - 1;
    assert_int_equal(sniff(jpeg.at, jpeg.n, &small, &s), MEDIA_FAULT_TOO_MANY_BYTES);
}

static void a_cut_file_is_told(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        CLEANUP(bytes_release)
        struct bytes file =
            kind < 2 ? as_jpeg(four_corners(200, 150), kind == 1) : as_png(four_corners(200, 150));
        for (size_t n = 1; n < file.n; n++) {
            /* A copy of that length, so that AddressSanitizer sees a read beyond it. */
            CLEANUP(bytes_release) struct bytes cut = {malloc(n), n};
            memcpy(cut.at, file.at, n);
            assert_int_equal(fault_of(cut.at, n), MEDIA_FAULT_TRUNCATED);
        }
    }
}

static void what_trails_is_left_out(void **state)
{
    (void)state;
    static const char zip[] = "PK\3\4 an archive, a film or \xFF\xD8\xFF\xE0 a second picture";
    struct sniff s;
    for (int kind = 0; kind < 2; kind++) {
        CLEANUP(bytes_release)
        struct bytes file =
            kind ? as_png(four_corners(40, 40)) : as_jpeg(four_corners(40, 40), false);
        size_t proper = file.n;
        bytes_insert(&file, file.n, zip, sizeof zip);
        assert_int_equal(sniff(file.at, file.n, &limits, &s), MEDIA_FAULT_NONE);
        assert_int_equal(s.sound_n, proper);
    }
}

static void every_fault_has_words(void **state)
{
    (void)state;
    for (int i = 0; i < MEDIA_FAULT_COUNT; i++) {
        const struct media_fault_words *w = media_fault_words((enum media_fault)i);
        assert_true(strlen(w->slug) > 0 && strlen(w->vi) > 0 && strlen(w->en) > 0);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(w->slug, media_fault_words((enum media_fault)k)->slug);
    }
    assert_string_equal(media_fault_words((enum media_fault)999)->slug, "crashed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_types_and_sizes), cmocka_unit_test(finds_exif),
        cmocka_unit_test(refuses_by_header),     cmocka_unit_test(refuses_bombs),
        cmocka_unit_test(a_cut_file_is_told),    cmocka_unit_test(what_trails_is_left_out),
        cmocka_unit_test(every_fault_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
