/* What is read of ffprobe's words, which a film may have a say in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "media/video.h"
#include "media/video/private.h"

static const char phone[] =
    "streams.stream.0.codec_name=\"h264\"\n"
    "streams.stream.0.profile=\"High\"\n"
    "streams.stream.0.codec_type=\"video\"\n"
    "streams.stream.0.width=1920\n"
    "streams.stream.0.height=1080\n"
    "streams.stream.0.pix_fmt=\"yuv420p\"\n"
    "streams.stream.0.avg_frame_rate=\"30000/1001\"\n"
    "streams.stream.0.disposition.attached_pic=0\n"
    "streams.stream.0.side_data_list.side_data.0.rotation=-90\n"
    "streams.stream.1.codec_name=\"aac\"\n"
    "streams.stream.1.codec_type=\"audio\"\n"
    "streams.stream.1.avg_frame_rate=\"0/0\"\n"
    "format.duration=\"12.345000\"\n"
    "format.tags.creation_time=\"2026-11-20T03:04:05.000000Z\"\n"
    "format.tags.com_apple_quicktime_location_ISO6709=\"+10.7769+106.7009+012.3/\"\n";

static void a_phone_s_film(void **state)
{
    struct probe p;
    (void)state;
    probe_read(phone, &p);
    assert_true(p.has_picture && p.has_sound);
    assert_string_equal(p.codec, "h264");
    assert_string_equal(p.profile, "High");
    assert_string_equal(p.sound, "aac");
    assert_string_equal(p.pixels, "yuv420p");
    assert_int_equal(p.width, 1920);
    assert_int_equal(p.height, 1080);
    assert_int_equal(p.rotation, -90);
    assert_true(p.rate > 29.9 && p.rate < 30);
    assert_true(p.seconds > 12.3 && p.seconds < 12.4);
    assert_true(fabs(p.lat - 10.7769) < 1e-6 && fabs(p.lon - 106.7009) < 1e-6);
    assert_int_equal(p.taken_ms, INT64_C(1795143845000));
}

/* The picture of an album is no film; the first film counts. */
static void covers_are_passed_over(void **state)
{
    struct probe p;
    (void)state;
    probe_read("streams.stream.0.codec_type=\"video\"\n"
               "streams.stream.0.codec_name=\"mjpeg\"\n"
               "streams.stream.0.disposition.attached_pic=1\n"
               "streams.stream.1.codec_type=\"audio\"\n",
               &p);
    assert_false(p.has_picture);
    assert_true(p.has_sound);
}

static void nonsense_is_nothing(void **state)
{
    static const char *const said[] = {
        "",
        "\n\n\n",
        "=",
        "streams.stream.",
        "streams.stream.=",
        "streams.stream.0",
        "streams.stream.0.=x",
        "streams.stream.99999999999999999999.codec_type=\"video\"\n",
        "streams.stream.-1.codec_type=\"video\"\n",
        "streams.stream.32.codec_type=\"video\"\n",
        "streams.stream.0x.codec_type=\"video\"\n",
        "format.duration=\"nan\"\nformat.duration=\"-5\"\nformat.duration=\"inf\"\n",
        "format.tags.location=\"+91+181/\"\n",
        "format.tags.location=\"10.7 106.7\"\n",
        "format.tags.location=\"+10.7\"\n",
        "format.tags.location=\"+nan+nan/\"\n",
        "format.tags.creation_time=\"yesterday\"\n",
        "format.tags.creation_time=\"........\"\n",
        "format.tags.creation_time=\"1904-01-01T00:00:00.000000Z\"\n",
        "streams.stream.0.avg_frame_rate=\"1/0\"\n",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        struct probe p;
        probe_read(said[i], &p);
        assert_false(p.has_picture || p.has_sound);
        assert_true(p.seconds == 0 && isnan(p.lat) && isnan(p.lon) && p.taken_ms == 0);
    }
}

/* Cut anywhere, and with a byte that is another: nothing is read past its end. */
static void every_cut_and_every_byte(void **state)
{
    size_t n = sizeof phone - 1;
    (void)state;
    for (size_t cut = 0; cut <= n; cut++) {
        char *text = malloc(n + 1); /* AddressSanitizer sees its end */
        struct probe p;
        assert_non_null(text);
        memcpy(text, phone, cut);
        text[cut] = '\0';
        probe_read(text, &p);
        memcpy(text, phone, n + 1);
        if (cut < n)
            text[cut] = (char)(text[cut] ^ 0x55);
        probe_read(text, &p);
        assert_true(memchr(p.codec, 0, sizeof p.codec) && memchr(p.pixels, 0, sizeof p.pixels) &&
                    memchr(p.profile, 0, sizeof p.profile));
        free(text);
    }
}

static void long_values_are_cut(void **state)
{
    char text[2048];
    struct probe p;
    (void)state;
    int n = snprintf(text, sizeof text,
                     "streams.stream.0.codec_type=\"video\"\n"
                     "streams.stream.0.codec_name=\"");
    memset(text + n, 'h', 1500);
    memcpy(text + n + 1500, "\"\n", 3);
    probe_read(text, &p);
    assert_true(p.has_picture);
    assert_int_equal(strlen(p.codec), sizeof p.codec - 1);
}

static void films_by_their_first_bytes(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        enum video_container is;
        const char *type;
    } heads[] = {
        {"\0\0\0\x18"
         "ftypmp42\0\0\0\0",
         16, VIDEO_MP4, "video/mp4"},
        {"\0\0\0\x14"
         "ftypqt  \0\0\0\0",
         16, VIDEO_MP4, "video/quicktime"},
        {"\0\0\0\x08"
         "wide\0\0\0\0mdat",
         16, VIDEO_MP4, "video/quicktime"},
        {"\x1A\x45\xDF\xA3\x01\0\0\0", 8, VIDEO_WEBM, "video/webm"},
        {"\0\0\0\x18"
         "ftypheic\0\0\0\0",
         16, 0, NULL},
        {"\0\0\0\x18"
         "ftypavif\0\0\0\0",
         16, 0, NULL},
        {"\xFF\xD8\xFF\xE0", 4, 0, NULL},
        {"%PDF-1.7", 8, 0, NULL},
        {"#EXTM3U\n", 8, 0, NULL},
        {"RIFF\0\0\0\0AVI ", 12, 0, NULL},
        {"\0\0\0\x18"
         "fty",
         7, 0, NULL},
        {"", 0, 0, NULL},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        const uint8_t *bytes = (const uint8_t *)heads[i].bytes;
        assert_int_equal(video_sniff(bytes, heads[i].n), heads[i].is);
        if (heads[i].type)
            assert_string_equal(video_type(bytes, heads[i].n), heads[i].type);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_phone_s_film),      cmocka_unit_test(covers_are_passed_over),
        cmocka_unit_test(nonsense_is_nothing), cmocka_unit_test(every_cut_and_every_byte),
        cmocka_unit_test(long_values_are_cut), cmocka_unit_test(films_by_their_first_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
