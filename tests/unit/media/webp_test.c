/* WebP: what its headers say, cut and spoiled ones, and what is seen of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <webp/encode.h>

#include "media/decode.h"
#include "media/sniff.h"
#include "tests/unit/media/pictures.h"

enum kind { LOSSY, LOSSLESS, EXTENDED, ANIMATED, KINDS };

static void put_le(uint8_t *p, uint32_t v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static void add_chunk(struct bytes *b, const char *name, const uint8_t *body, size_t n)
{
    uint8_t head[8];
    memcpy(head, name, 4);
    put_le(head + 4, (uint32_t)n, 4);
    bytes_insert(b, b->n, head, sizeof head);
    bytes_insert(b, b->n, body, n);
    if (n & 1)
        bytes_insert(b, b->n, "", 1);
    put_le(b->at + 4, (uint32_t)b->n - 8, 4);
}

static struct bytes riff(void)
{
    struct bytes b = {malloc(12), 12};
    memcpy(b.at, "RIFF\4\0\0\0WEBP", 12);
    return b;
}

/* The picture's own chunk, without the RIFF around it. */
static struct bytes encoded(gdImagePtr image, bool lossless, int alpha)
{
    int w = gdImageSX(image), h = gdImageSY(image);
    uint8_t *bgra = malloc((size_t)w * (size_t)h * 4), *made = NULL;
    for (int y = 0, at = 0; y < h; y++) {
        for (int x = 0; x < w; x++, at += 4)
            put_le(bgra + at, (uint32_t)image->tpixels[y][x] | (uint32_t)alpha << 24, 4);
    }
    size_t n = lossless ? WebPEncodeLosslessBGRA(bgra, w, h, w * 4, &made)
                        : WebPEncodeBGRA(bgra, w, h, w * 4, 90, &made);
    assert_true(n > 20);
    struct bytes b = {malloc(n), n};
    memcpy(b.at, made, n);
    WebPFree(made);
    free(bgra);
    gdImageDestroy(image);
    return b;
}

/* The chunk of pixels within a simple file. */
static void add_pixels(struct bytes *b, const struct bytes *simple)
{
    char name[5] = {0};
    uint32_t n =
        (uint32_t)simple->at[16] | (uint32_t)simple->at[17] << 8 | (uint32_t)simple->at[18] << 16;
    memcpy(name, simple->at + 12, 4);
    add_chunk(b, name, simple->at + 20, n);
}

static void add_canvas(struct bytes *b, uint8_t flags, uint32_t w, uint32_t h)
{
    uint8_t body[10] = {flags};
    put_le(body + 4, w - 1, 3);
    put_le(body + 7, h - 1, 3);
    add_chunk(b, "VP8X", body, sizeof body);
}

static void add_frame(struct bytes *b, const struct bytes *simple, uint32_t w, uint32_t h)
{
    struct bytes frame = {calloc(1, 16), 16};
    put_le(frame.at + 6, w - 1, 3);
    put_le(frame.at + 9, h - 1, 3);
    put_le(frame.at + 12, 100, 3);
    bytes_insert(&frame, frame.n, simple->at + 12, simple->n - 12);
    add_chunk(b, "ANMF", frame.at, frame.n);
    bytes_release(&frame);
}

static struct bytes as_webp(gdImagePtr image, enum kind kind)
{
    uint32_t w = (uint32_t)gdImageSX(image), h = (uint32_t)gdImageSY(image);
    struct bytes simple = encoded(image, kind != LOSSY, 255), b = riff();
    if (kind < EXTENDED) {
        bytes_release(&b);
        return simple;
    }
    add_canvas(&b, kind == ANIMATED ? 0x02 : 0x08, w, h);
    if (kind == ANIMATED) {
        struct bytes black = encoded(gdImageCreateTrueColor((int)w, (int)h), true, 255);
        add_chunk(&b, "ANIM", (const uint8_t *)"\0\0\0\0\0\0", 6);
        add_frame(&b, &simple, w, h);
        add_frame(&b, &black, w, h);
        bytes_release(&black);
    } else {
        uint8_t exif[6 + 512] = "Exif";
        size_t n = make_tiff(exif + 6, 6, "+07:00", 'N');
        add_pixels(&b, &simple);
        add_chunk(&b, "EXIF", exif, n + 6);
    }
    bytes_release(&simple);
    return b;
}

static enum media_fault fault_of(const void *bytes, size_t n)
{
    struct sniff s;
    return sniff(bytes, n, &limits, &s);
}

static void headers_are_told(void **state)
{
    (void)state;
    for (enum kind kind = LOSSY; kind < KINDS; kind++) {
        CLEANUP(bytes_release) struct bytes file = as_webp(four_corners(301, 77), kind);
        struct sniff s;
        assert_int_equal(sniff(file.at, file.n, &limits, &s), MEDIA_FAULT_NONE);
        assert_int_equal(s.type, MEDIA_TYPE_WEBP);
        assert_int_equal(s.width, 301);
        assert_int_equal(s.height, 77);
        assert_int_equal(s.animated, kind == ANIMATED);
        assert_int_equal(s.exif_n > 0, kind == EXTENDED);
        size_t proper = file.n;
        bytes_insert(&file, file.n, "PK\3\4 and more", 12);
        assert_int_equal(sniff(file.at, file.n, &limits, &s), MEDIA_FAULT_NONE);
        assert_int_equal(s.sound_n, proper);
    }
}

static void a_cut_file_is_told(void **state)
{
    (void)state;
    for (enum kind kind = LOSSY; kind < KINDS; kind++) {
        CLEANUP(bytes_release) struct bytes file = as_webp(four_corners(60, 40), kind);
        for (size_t n = 1; n < file.n; n++) {
            CLEANUP(bytes_release) struct bytes cut = {malloc(n), n};
            memcpy(cut.at, file.at, n);
            assert_int_equal(fault_of(cut.at, n), MEDIA_FAULT_TRUNCATED);
        }
    }
}

static void refuses_by_header(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        size_t n;
        enum media_fault fault;
    } cases[] = {
        {"RIFX\x10\0\0\0WEBPVP8 \4\0\0\0....", 24, MEDIA_FAULT_NOT_IMAGE},
        {"RIFF\x10\0\0\0WAVEfmt \4\0\0\0....", 24, MEDIA_FAULT_NOT_IMAGE},
        {"RIFF\4\0\0\0WEBPVP8 \4\0\0\0....", 24, MEDIA_FAULT_DAMAGED},     /* no chunk within */
        {"RIFF\x10\0\0\0WEBPVP8 \4\0\0\0....", 24, MEDIA_FAULT_DAMAGED},   /* too short a frame */
        {"RIFF\x10\0\0\0WEBPJUNK\4\0\0\0....", 24, MEDIA_FAULT_DAMAGED},   /* pixels come first */
        {"RIFF\x10\0\0\0WEBPVP8L\xFF\0\0\0/...", 24, MEDIA_FAULT_DAMAGED}, /* past the RIFF */
        {"RIFF\xFF\xFF\xFF\xFFWEBPVP8L\xFF\0\0\0/", 21, MEDIA_FAULT_TRUNCATED},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(fault_of(cases[i].what, cases[i].n), cases[i].fault);

    CLEANUP(bytes_release) struct bytes wide = riff(), many = riff(), none = riff();
    add_canvas(&wide, 0, 1 << 24, 1);
    assert_int_equal(fault_of(wide.at, wide.n), MEDIA_FAULT_TOO_LONG);
    add_canvas(&many, 0, 12000, 12000);
    assert_int_equal(fault_of(many.at, many.n), MEDIA_FAULT_TOO_MANY_PIXELS);
    add_canvas(&none, 0, 10, 10);
    assert_int_equal(fault_of(none.at, none.n), MEDIA_FAULT_DAMAGED); /* no pixels at all */
}

static int corner(const struct media_rendition *r, int right)
{
    gdImagePtr image = gdImageCreateFromJpegPtr((int)r->n, r->bytes);
    assert_non_null(image);
    int colour =
        gdImageGetPixel(image, gdImageSX(image) * (right ? 3 : 1) / 4, gdImageSY(image) / 4);
    gdImageDestroy(image);
    return colour;
}

static void assert_near(int colour, int wanted)
{
    for (int shift = 0; shift <= 16; shift += 8)
        assert_in_range(abs((colour >> shift & 255) - (wanted >> shift & 255)), 0, 40);
}

static void every_kind_is_seen(void **state)
{
    (void)state;
    for (enum kind kind = LOSSY; kind < KINDS; kind++) {
        for (int large = 0; large < 2; large++) {
            CLEANUP(bytes_release)
            struct bytes file = as_webp(four_corners(large ? 4000 : 400, large ? 2000 : 200), kind);
            CLEANUP(media_result_release) struct media_result r;
            assert_int_equal(media_decode_image(file.at, file.n, &limits, &r), 0);
            bool sideways = kind == EXTENDED; /* its Exif says 6: turned to the right */
            assert_int_equal(r.facts.width, sideways ? (large ? 2000 : 200) : (large ? 4000 : 400));
            assert_int_equal(sideways ? r.large.height : r.large.width, large ? 1280 : 400);
            assert_int_equal(r.facts.animated, kind == ANIMATED);
            assert_near(corner(&r.large, 0), sideways ? 0x1818E8 : 0xE81818);
            assert_near(corner(&r.small, 1), sideways ? 0xE81818 : 0x18C818);
            assert_int_equal(r.facts.exif.has_place, kind == EXTENDED);
        }
    }
}

static void what_shines_through_is_on_white(void **state)
{
    (void)state;
    CLEANUP(bytes_release) struct bytes file = encoded(four_corners(64, 64), true, 0);
    CLEANUP(media_result_release) struct media_result r;
    assert_int_equal(media_decode_image(file.at, file.n, &limits, &r), 0);
    assert_near(corner(&r.large, 0), 0xFFFFFF);
}

static void a_header_that_lies_is_refused(void **state)
{
    (void)state;
    CLEANUP(bytes_release) struct bytes file = as_webp(four_corners(100, 60), EXTENDED);
    CLEANUP(media_result_release) struct media_result r;
    put_le(file.at + 24, 99 - 20, 3); /* a canvas less wide than its pixels */
    assert_int_equal(media_decode_image(file.at, file.n, &limits, &r), MEDIA_REFUSED);
    assert_int_equal(r.fault, MEDIA_FAULT_DAMAGED);
    CLEANUP(bytes_release) struct bytes moving = as_webp(four_corners(100, 60), EXTENDED);
    CLEANUP(media_result_release) struct media_result still;
    moving.at[20] |= 0x02; /* it says that it moves, and has no frame */
    assert_int_equal(media_decode_image(moving.at, moving.n, &limits, &still), MEDIA_REFUSED);
}

static void bit_flips_are_survived(void **state)
{
    (void)state;
    uint32_t seed = 20261128;
    for (enum kind kind = LOSSY; kind < KINDS; kind++) {
        CLEANUP(bytes_release) struct bytes file = as_webp(four_corners(120, 80), kind);
        for (int i = 0; i < 300; i++) {
            CLEANUP(media_result_release) struct media_result result;
            CLEANUP(bytes_release) struct bytes bad = {malloc(file.n), file.n};
            memcpy(bad.at, file.at, file.n);
            for (int k = 0; k < 1 + i % 4; k++) /* every second one in the headers */
                bad.at[random_next(&seed) % (i % 2 ? file.n : 60)] ^=
                    (uint8_t)(1U << (random_next(&seed) % 8));
            int rc = media_decode_image(bad.at, bad.n, &limits, &result);
            assert_true(rc == 0 || rc == MEDIA_REFUSED);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_told),
        cmocka_unit_test(a_cut_file_is_told),
        cmocka_unit_test(refuses_by_header),
        cmocka_unit_test(every_kind_is_seen),
        cmocka_unit_test(what_shines_through_is_on_white),
        cmocka_unit_test(a_header_that_lies_is_refused),
        cmocka_unit_test(bit_flips_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
