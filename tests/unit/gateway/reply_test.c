/* What handlers fill, and how it looks outside: problems in both languages, links, compression. */
#include "tests/unit/gateway/fixture.h"

#include <zlib.h>

static const struct route plain = ROW(GET, "/v1/things", "list", );
static const struct route upload = ROW(PATCH, "/v1/up", "up", .errors = ERRORS_TUS);

static void problems_in_both_languages(void **state)
{
    (void)state;
    for (enum problem p = PROBLEM_NONE + 1; p < PROBLEM_COUNT; p++) {
        for (enum language language = LANGUAGE_VI; language <= LANGUAGE_EN; language++) {
            const struct problem_info *info = problem_info(p);
            struct exchange x;
            char type[64];
            exchange_init(&x, &plain);
            x.request.language = language;
            reply_problem(&x.reply, p, "the detail");
            reply_render(&x.reply);
            assert_int_equal(x.reply.kind, REPLY_BODY);
            assert_int_equal(x.reply.status, info->status);
            assert_string_equal(x.reply.content_type, "application/problem+json");
            json_t *body = exchange_json(&x);
            snprintf(type, sizeof(type), "/problems/%s", info->slug);
            assert_string_equal(text_at(body, "type"), type);
            assert_string_equal(text_at(body, "title"), info->title[language]);
            assert_string_equal(text_at(body, "detail"), "the detail");
            assert_int_equal(json_integer_value(json_object_get(body, "status")), info->status);
            assert_null(json_object_get(body, "errors"));
            assert_int_equal(info->status == 401,
                             reply_find_header(&x.reply, "www-authenticate") != NULL);
            assert_int_equal(info->status == 503,
                             reply_find_header(&x.reply, "retry-after") != NULL);
            json_decref(body);
            exchange_release(&x);
        }
    }
}

static void fields_that_are_wrong(void **state)
{
    (void)state;
    struct exchange x;
    exchange_init(&x, &plain);
    for (int i = 0; i < REPLY_ERRORS_MAX + 5; i++)
        reply_invalid(&x.reply, "/text", "Chưa đúng", "Not right");
    reply_extra(&x.reply, "max_bytes", json_integer(7));
    reply_render(&x.reply);
    json_t *body = exchange_json(&x);
    const json_t *errors = json_object_get(body, "errors");
    assert_int_equal(json_array_size(errors), REPLY_ERRORS_MAX);
    assert_string_equal(text_at(json_array_get(errors, 0), "pointer"), "/text");
    assert_string_equal(text_at(json_array_get(errors, 0), "detail"), "Chưa đúng");
    assert_int_equal(json_integer_value(json_object_get(body, "max_bytes")), 7);
    assert_null(json_object_get(body, "detail"));
    assert_int_equal(x.reply.status, 422);
    json_decref(body);
    exchange_release(&x);
}

static void assert_says(const struct exchange *x, const char *words)
{
    assert_int_equal(x->reply.n_body, strlen(words));
    assert_memory_equal(x->reply.body, words, strlen(words));
}

static void tus_speaks_plainly(void **state)
{
    (void)state;
    struct exchange x;
    exchange_init(&x, &upload);
    reply_problem(&x.reply, PROBLEM_CONFLICT, NULL);
    reply_render(&x.reply);
    assert_string_equal(x.reply.content_type, "text/plain; charset=utf-8");
    assert_says(&x, problem_info(PROBLEM_CONFLICT)->title[LANGUAGE_VI]);
    exchange_release(&x);

    exchange_init(&x, &upload);
    reply_problemf(&x.reply, PROBLEM_CONFLICT, "at %d", 12);
    reply_render(&x.reply);
    assert_says(&x, "at 12");
    assert_int_equal(x.reply.status, 409);
    exchange_release(&x);

    exchange_init(&x, &upload);
    reply_invalid(&x.reply, "/Upload-Length", "Chưa đúng", "Not right");
    reply_invalid(&x.reply, "/Upload-Offset", "Chưa đúng", "Not right");
    reply_render(&x.reply);
    assert_says(&x, "Một số trường chưa đúng: Upload-Length: Chưa đúng; Upload-Offset: Chưa đúng");
    exchange_release(&x);
}

static void failures_become_problems(void **state)
{
    (void)state;
    static const struct {
        int result;
        enum problem problem;
    } rows[] = {
        {E_BUSY, PROBLEM_OVERLOADED},
        {E_UNAVAILABLE, PROBLEM_OVERLOADED},
        {E_TIMEOUT, PROBLEM_OVERLOADED},
        {E_UNKNOWN, PROBLEM_UNKNOWN_OUTCOME},
        {E_FULL, PROBLEM_DISK_FULL},
        {E_IO, PROBLEM_INTERNAL},
        {E_NOMEM, PROBLEM_INTERNAL},
        {E_CORRUPT, PROBLEM_INTERNAL},
        {0 /* nothing was filled */, PROBLEM_INTERNAL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct exchange x;
        exchange_init(&x, &plain);
        if (rows[i].result < 0) { /* what a handler began is dropped, with its reasons */
            reply_invalid(&x.reply, "/a", "a", "a");
            reply_extra(&x.reply, "secret", json_true());
        }
        reply_settle(&x.reply, rows[i].result);
        assert_int_equal(x.reply.problem, rows[i].problem);
        reply_render(&x.reply);
        assert_null(strstr(x.reply.body, "secret"));
        assert_null(strstr(x.reply.body, "errors"));
        exchange_release(&x);
    }
}

static int freed;

static void count_free(void *ctx)
{
    assert_ptr_equal(ctx, &freed);
    freed++;
}

static void what_nobody_sends_is_freed_once(void **state)
{
    (void)state;
    const struct reply_file file = {.size = 1, .free_ctx = count_free, .ctx = &freed};
    const struct reply_sse sse = {.free_ctx = count_free, .ctx = &freed};
    struct exchange x;
    exchange_init(&x, &plain);
    reply_file(&x.reply, &file);
    exchange_release(&x);
    assert_int_equal(freed, 1);

    exchange_init(&x, &plain);
    reply_sse(&x.reply, &sse);
    reply_settle(&x.reply, E_IO); /* it failed after all */
    assert_int_equal(freed, 2);
    assert_int_equal(x.reply.kind, REPLY_PROBLEM);
    exchange_release(&x);
    assert_int_equal(freed, 2);
}

static void headers_are_bounded(void **state)
{
    (void)state;
    struct exchange x;
    char value[8] = "first";
    exchange_init(&x, &plain);
    reply_header(&x.reply, "x-one", value);
    value[0] = 'X'; /* it was copied */
    reply_header(&x.reply, "x-none", NULL);
    for (int i = 0; i < 2 * REPLY_HEADERS_MAX; i++)
        reply_header(&x.reply, "x-more", "more");
    assert_int_equal(x.reply.n_headers, REPLY_HEADERS_MAX);
    assert_string_equal(reply_find_header(&x.reply, "x-one"), "first");
    assert_null(reply_find_header(&x.reply, "x-none"));
    exchange_release(&x);

    exchange_init(&x, &plain);
    reply_etag(&x.reply, 17);
    assert_string_equal(reply_find_header(&x.reply, "etag"), "\"17\"");
    exchange_release(&x);
}

static void links_keep_the_other_parameters(void **state)
{
    (void)state;
    static const struct {
        const char *path, *query, *link;
    } rows[] = {
        {"/v1/things", "", "</v1/things?cursor=NEXT>; rel=\"next\""},
        {"/v1/things", "limit=2&cursor=OLD", "</v1/things?limit=2&cursor=NEXT>; rel=\"next\""},
        {"/v1/things", "q=%C4%91%20%26%3D%3E%22x&state=new",
         "</v1/things?q=%C4%91%20%26%3D%3E%22x&state=new&cursor=NEXT>; rel=\"next\""},
        {"/v1/a>;rel=\"x\"/%2F", "", "</v1/a%3E%3Brel%3D%22x%22/%2F?cursor=NEXT>; rel=\"next\""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct exchange x;
        exchange_init(&x, &plain);
        x.request.path = rows[i].path;
        exchange_query(&x, rows[i].query);
        reply_next(&x.reply, &x.request, "NEXT");
        assert_string_equal(reply_find_header(&x.reply, "link"), rows[i].link);
        exchange_release(&x);
    }
}

static void compression(void **state)
{
    (void)state;
    struct exchange x;
    char text[5000], back[5000];
    memset(text, 'a', sizeof(text));
    exchange_init(&x, &plain);
    reply_bytes(&x.reply, 200, "text/plain", text, sizeof(text));
    assert_true(reply_compressible(&x.reply));
    size_t n = 0;
    const char *small = reply_gzip(&x.arena, text, sizeof(text), &n);
    assert_non_null(small);
    assert_true(n < 200);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)small,
                  .avail_in = (uInt)n,
                  .next_out = (Bytef *)back,
                  .avail_out = sizeof(back)};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.total_out, sizeof(text));
    assert_memory_equal(back, text, sizeof(text));
    inflateEnd(&z);

    uint32_t noise = 1;
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)((noise = noise * 1664525 + 1013904223) >> 24);
    assert_null(reply_gzip(&x.arena, text, sizeof(text), &n)); /* no smaller */
    exchange_release(&x);
}

static void what_is_worth_compressing(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        size_t n;
        const char *encoding;
        bool worth;
    } rows[] = {
        {"application/json", 1024, NULL, true},
        {"application/json", 1023, NULL, false},
        {"application/problem+json", 2000, NULL, true},
        {"application/geo+json", 2000, NULL, true},
        {"text/html; charset=utf-8", 2000, NULL, true},
        {"image/svg+xml", 2000, NULL, true},
        {"image/jpeg", 2000, NULL, false},
        {"application/octet-stream", 2000, NULL, false},
        {"text/plain", 2000, "gzip", false},
        {NULL, 2000, NULL, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct exchange x;
        static const char body[2000];
        exchange_init(&x, &plain);
        reply_bytes(&x.reply, 200, rows[i].type, body, rows[i].n);
        reply_header(&x.reply, "content-encoding", rows[i].encoding);
        if (reply_compressible(&x.reply) != rows[i].worth)
            fail_msg("%s of %zu", rows[i].type, rows[i].n);
        exchange_release(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(problems_in_both_languages),
        cmocka_unit_test(fields_that_are_wrong),
        cmocka_unit_test(tus_speaks_plainly),
        cmocka_unit_test(failures_become_problems),
        cmocka_unit_test(what_nobody_sends_is_freed_once),
        cmocka_unit_test(headers_are_bounded),
        cmocka_unit_test(links_keep_the_other_parameters),
        cmocka_unit_test(compression),
        cmocka_unit_test(what_is_worth_compressing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
