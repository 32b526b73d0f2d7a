/* What header fields say, row by row. */
#include "tests/unit/gateway/fixture.h"

#include "gateway/header.h"

static void languages(void **state)
{
    (void)state;
    static const struct {
        const char *field;
        enum language language;
    } rows[] = {
        {NULL, LANGUAGE_VI},
        {"", LANGUAGE_VI},
        {"vi", LANGUAGE_VI},
        {"en", LANGUAGE_EN},
        {"EN-gb", LANGUAGE_EN},
        {"en-US,en;q=0.9,vi;q=0.8", LANGUAGE_EN},
        {"vi-VN,vi;q=0.9,en;q=0.8", LANGUAGE_VI},
        {"en;q=0.8, vi;q=0.8", LANGUAGE_VI}, /* no preference */
        {"en;q=0", LANGUAGE_VI},
        {"vi;q=0, en;q=0.001", LANGUAGE_EN},
        {"*", LANGUAGE_VI},
        {"eng", LANGUAGE_VI}, /* another language's code */
        {"fr, de;q=0.9", LANGUAGE_VI},
        {"en;q=1.1", LANGUAGE_EN},
        {"en;q=nan, vi;q=0.1", LANGUAGE_VI},
        {"en ; q=0.9 , vi ; q=0.2", LANGUAGE_EN},
        {",,;;q=,en", LANGUAGE_EN},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (header_language(rows[i].field) != rows[i].language)
            fail_msg("Accept-Language: %s", rows[i].field);
    }
}

static void types(void **state)
{
    (void)state;
    static const struct {
        const char *field;
        bool pdf;
    } rows[] = {
        {NULL, false},
        {"", false},
        {"*/*", false},
        {"application/*", false},
        {"application/pdf", true},
        {"Application/PDF;q=0.5", true},
        {"application/json, application/pdf", false}, /* no preference */
        {"application/json;q=0.9, application/pdf", true},
        {"application/pdf;q=0.8, */*;q=0.5", true},
        {"application/pdf;q=0, */*", false},
        {"application/pdfx", false},
        {"text/html, */*;q=0.8", false},
        {"application/*;q=0.2, application/json;q=0.1", true},
        {"application/pdf;q=nan", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (header_prefers(rows[i].field, "application/pdf", "application/json") != rows[i].pdf)
            fail_msg("Accept: %s", rows[i].field);
    }
}

static void encodings(void **state)
{
    (void)state;
    static const struct {
        const char *field;
        bool gzip;
    } rows[] = {
        {NULL, false},
        {"", false},
        {"gzip", true},
        {"GZip, deflate, br", true},
        {"x-gzip", true},
        {"br", false},
        {"*", true},
        {"*;q=0", false},
        {"*, gzip;q=0", false},
        {"gzip;q=0", false},
        {"gzip;q=0.000", false},
        {"gzip;q=0.001", true},
        {"identity, gzip ; Q=0.5", true},
        {"gzipped", false},
        {"gzip;q=2", false},
        {"gzip;q=0.0001", false}, /* four digits are no weight */
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (header_accepts(rows[i].field, "gzip") != rows[i].gzip)
            fail_msg("Accept-Encoding: %s", rows[i].field);
    }
}

static void entity_tags(void **state)
{
    (void)state;
    static const struct {
        const char *list, *etag;
        bool listed;
    } rows[] = {
        {NULL, "\"1\"", false},
        {"\"1\"", NULL, false},
        {"*", "\"1\"", true},
        {"*", NULL, false},
        {"\"1\"", "\"1\"", true},
        {"W/\"1\"", "\"1\"", true},
        {"\"1\"", "W/\"1\"", true},
        {"\"2\", W/\"3\" ,\"1\"", "\"1\"", true},
        {"\"11\"", "\"1\"", false},
        {"\"1", "\"1\"", false},
        {"1", "\"1\"", false},
        {"", "\"1\"", false},
        {",\"1\"", "\"1\"", true},
        {"\"a,b\"", "\"a,b\"", true},
        {"\"2\" junk \"1\"", "\"1\"", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (header_etag_listed(rows[i].list, rows[i].etag) != rows[i].listed)
            fail_msg("If-None-Match: %s for %s", rows[i].list, rows[i].etag);
    }
    assert_true(header_if_match(NULL, NULL));
    assert_true(header_if_match("*", "\"1\""));
    assert_true(header_if_match("\"2\", \"1\"", "\"1\""));
    assert_false(header_if_match("W/\"1\"", "\"1\""));
    assert_false(header_if_match("\"1\"", "W/\"1\""));
    assert_false(header_if_match("\"2\"", "\"1\""));
    assert_false(header_if_match("\"1\"", NULL));
    assert_true(header_if_range(NULL, NULL));
    assert_true(header_if_range("\"1\"", "\"1\""));
    assert_false(header_if_range("\"1\"", "\"2\""));
    assert_false(header_if_range("W/\"1\"", "W/\"1\"")); /* weak ones never allow a range */
    assert_false(header_if_range("Wed, 21 Oct 2015 07:28:00 GMT", "\"1\""));
    assert_false(header_if_range("\"1\"", NULL));
}

static void ranges(void **state)
{
    (void)state;
    static const struct {
        const char *field;
        int64_t size;
        enum range_outcome outcome;
        int64_t from, end;
    } rows[] = {
        {NULL, 10, RANGE_WHOLE, 0, 10},
        {"bytes=0-", 10, RANGE_PART, 0, 10},
        {"bytes=0-0", 10, RANGE_PART, 0, 1},
        {"BYTES= 2-5", 10, RANGE_PART, 2, 6},
        {"bytes=2-99", 10, RANGE_PART, 2, 10},
        {"bytes=-3", 10, RANGE_PART, 7, 10},
        {"bytes=-99", 10, RANGE_PART, 0, 10},
        {"bytes=-0", 10, RANGE_OUTSIDE, 10, 10},
        {"bytes=10-", 10, RANGE_OUTSIDE, 10, 10},
        {"bytes=10-12", 10, RANGE_OUTSIDE, 10, 10},
        {"bytes=0-", 0, RANGE_OUTSIDE, 0, 0},
        {"bytes=-1", 0, RANGE_OUTSIDE, 0, 0},
        {"bytes=5-2", 10, RANGE_WHOLE, 0, 10},
        {"bytes=0-1,3-4", 10, RANGE_WHOLE, 0, 10},
        {"bytes=", 10, RANGE_WHOLE, 0, 10},
        {"bytes=-", 10, RANGE_WHOLE, 0, 10},
        {"bytes=a-b", 10, RANGE_WHOLE, 0, 10},
        {"bytes=1-2 ", 10, RANGE_WHOLE, 0, 10},
        {"items=0-1", 10, RANGE_WHOLE, 0, 10},
        {"bytes=0-99999999999999999999999", 10, RANGE_PART, 0, 10},
        {"bytes=99999999999999999999999-", 10, RANGE_OUTSIDE, 0, 0},
        {"bytes=-99999999999999999999999", 10, RANGE_PART, 0, 10},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t from = -1, end = -1;
        enum range_outcome outcome = header_range(rows[i].field, rows[i].size, &from, &end);
        if (outcome != rows[i].outcome)
            fail_msg("Range: %s of %d", rows[i].field, (int)rows[i].size);
        if (outcome != RANGE_OUTSIDE && (from != rows[i].from || end != rows[i].end))
            fail_msg("Range: %s gave [%d, %d)", rows[i].field, (int)from, (int)end);
    }
}

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define PARENT "b7ad6b7169203331"

static void traces(void **state)
{
    (void)state;
    static const struct {
        const char *field;
        bool sound;
    } rows[] = {
        {"00-" TRACE "-" PARENT "-01", true},
        {"00-" TRACE "-" PARENT "-00", true},
        {"01-" TRACE "-" PARENT "-01-what-comes-later", true},
        {"cc-" TRACE "-" PARENT "-01", true},
        {"00-" TRACE "-" PARENT "-01-more", false},
        {"01-" TRACE "-" PARENT "-01more", false},
        {"ff-" TRACE "-" PARENT "-01", false},
        {"00-00000000000000000000000000000000-" PARENT "-01", false},
        {"00-" TRACE "-0000000000000000-01", false},
        {"00-0AF7651916CD43DD8448EB211C80319C-" PARENT "-01", false},
        {"00-" TRACE "-" PARENT, false},
        {"00-" TRACE "_" PARENT "-01", false},
        {"", false},
        {NULL, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char trace[33] = "?";
        if (header_trace_id(rows[i].field, trace) != rows[i].sound)
            fail_msg("traceparent: %s", rows[i].field);
        if (rows[i].sound)
            assert_string_equal(trace, TRACE);
    }
}

static void single_values(void **state)
{
    (void)state;
    assert_true(header_authority_sound("tram.example:8443"));
    assert_true(header_authority_sound("[::1]:8443"));
    assert_false(header_authority_sound(""));
    assert_false(header_authority_sound("a/b"));
    assert_false(header_authority_sound("user@host"));
    char longest[257];
    memset(longest, 'a', sizeof(longest));
    longest[256] = '\0';
    assert_false(header_authority_sound(longest));
    longest[255] = '\0';
    assert_true(header_authority_sound(longest));

    assert_true(header_type_is("application/json", "application/json"));
    assert_true(header_type_is("Application/JSON; charset=utf-8", "application/json"));
    assert_false(header_type_is("application/jsonp", "application/json"));
    assert_false(header_type_is("text/plain", "application/json"));
    assert_false(header_type_is(NULL, "application/json"));

    assert_string_equal(header_bearer("Bearer abc"), "abc");
    assert_string_equal(header_bearer("bearer   abc"), "abc");
    assert_null(header_bearer("Bearer "));
    assert_null(header_bearer("Basic abc"));
    assert_null(header_bearer("Bearerabc"));
    assert_null(header_bearer(NULL));

    assert_true(header_key_sound("abcdEF_-"));
    assert_false(header_key_sound("abcdefg"));
    assert_false(header_key_sound("abcd efgh"));
    assert_false(header_key_sound(NULL));
    longest[64] = '\0';
    assert_true(header_key_sound(longest));
    longest[64] = 'a', longest[65] = '\0';
    assert_false(header_key_sound(longest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages),     cmocka_unit_test(types),  cmocka_unit_test(encodings),
        cmocka_unit_test(entity_tags),   cmocka_unit_test(ranges), cmocka_unit_test(traces),
        cmocka_unit_test(single_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
