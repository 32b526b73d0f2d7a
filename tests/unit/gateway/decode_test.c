/* From bytes to parameters and JSON: what is taken, and what each refusal points at. */
#include "tests/unit/gateway/fixture.h"

#include <stdio.h>

static void percent(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool plus;
        const char *decoded; /* NULL: refused */
    } rows[] = {
        {"", false, ""},
        {"abc", false, "abc"},
        {"a%20b", false, "a b"},
        {"%41", false, "A"},
        {"a+b", false, "a+b"},
        {"a+b", true, "a b"},
        {"a%2Bb", true, "a+b"},
        {"%C4%91%c3%b4", false, "đô"},
        {"o%CC%82", false, "ô"}, /* composed (NFC) */
        {"%", false, NULL},
        {"%4", false, NULL},
        {"a%4", false, NULL},
        {"%4g", false, NULL},
        {"%-1", false, NULL},
        {"%00", false, NULL},
        {"%0A", false, "\n"},
        {"%ff", false, NULL},
        {"%C0%80", false, NULL},       /* an overlong NUL */
        {"%ED%A0%80", false, NULL},    /* half a surrogate pair */
        {"%F4%90%80%80", false, NULL}, /* beyond Unicode */
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a;
        arena_init(&a);
        const char *got = decode_percent(rows[i].text, strlen(rows[i].text), rows[i].plus, &a);
        bool right =
            got && rows[i].decoded ? strcmp(got, rows[i].decoded) == 0 : got == rows[i].decoded;
        if (!right)
            fail_msg("%s gave %s", rows[i].text, got);
        arena_release(&a);
    }
}

static void queries(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool sound;
        const char *pairs;
    } rows[] = {
        {"", true, ""},
        {"a=1", true, "a=1|"},
        {"a=1&b=2", true, "a=1|b=2|"},
        {"a=1&a=2", true, "a=1|a=2|"}, /* told apart later, with a pointer */
        {"&&a=1&&", true, "a=1|"},
        {"a", true, "a=|"},
        {"a=", true, "a=|"},
        {"=1", true, "=1|"},
        {"a=b=c", true, "a=b=c|"},
        {"a=%26&b=%3D", true, "a=&|b==|"},
        {"q=%C4%91%C3%A8n+h%E1%BB%8Fng", true, "q=đèn hỏng|"},
        {"a=%", false, ""},
        {"%zz=1", false, ""},
        {"a=%00", false, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a;
        struct request_pair *pairs = NULL;
        size_t n = 0;
        char all[256] = "";
        arena_init(&a);
        bool sound = decode_query(rows[i].text, strlen(rows[i].text), &a, &pairs, &n);
        for (size_t k = 0; sound && k < n; k++) {
            size_t at = strlen(all);
            snprintf(all + at, sizeof(all) - at, "%s=%s|", pairs[k].name, pairs[k].value);
        }
        if (sound != rows[i].sound || strcmp(all, rows[i].pairs) != 0)
            fail_msg("%s gave %s", rows[i].text, all);
        arena_release(&a);
    }
}

static void a_query_has_32_pairs_at_most(void **state)
{
    (void)state;
    char text[33 * 4 + 1] = "";
    for (int n = 31; n <= 33; n++) {
        struct arena a;
        struct request_pair *pairs = NULL;
        size_t got = 0;
        for (int i = 0; i < n; i++)
            memcpy(text + i * 4, "a=1&", 5);
        arena_init(&a);
        bool sound = decode_query(text, strlen(text), &a, &pairs, &got);
        assert_int_equal(sound, n <= 32);
        assert_int_equal(got, n <= 32 ? n : 32);
        arena_release(&a);
    }
}

/* --- parameters and bodies against a route ---------------------------------------------------- */

static const struct route_param params[] = {
    {"count", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":9}", "how many"},
    {"code", "{\"type\":\"string\",\"maxLength\":4}", "which"},
    {"a/b~c", "{\"type\":\"string\",\"maxLength\":1}", "a name that a pointer must escape"},
    {"X-Depth", "{\"type\":\"integer\"}", "a header"},
    {0},
};
static const struct route rows[] = {
    ROW(GET, "/list", "list", .params = params, .flags = ROUTE_PAGED),
    ROW(GET, "/plain", "plain", ),
    ROW(POST, "/form", "form", .body = BODY_FORM),
    ROW(POST, "/json", "json", .body = BODY_JSON, .body_schema = "otp_check"),
    ROW(POST, "/bytes", "bytes", .body = BODY_BYTES, .body_type = "application/x-thing"),
    {0},
};
static const struct route *const tables[] = {rows, NULL};
static struct routes routes;

static const struct compiled_route *route_of(const char *operation)
{
    for (size_t i = 0; i < routes.n; i++) {
        if (strcmp(routes.items[i].route->operation, operation) == 0)
            return &routes.items[i];
    }
    fail_msg("no route %s", operation);
    return NULL;
}

/* What is refused, as the pointers of its errors, each followed by a bar; "" if it is taken. */
static void decode(struct exchange *x, const char *operation, char pointers[256])
{
    const struct compiled_route *route = route_of(operation);
    x->request.route = route->route;
    pointers[0] = '\0';
    bool taken = decode_request(route, &x->request, &x->reply);
    assert_int_equal(taken, !reply_is_problem(&x->reply));
    size_t i;
    json_t *error;
    json_array_foreach(x->reply.errors, i, error)
    {
        size_t n = strlen(pointers);
        snprintf(pointers + n, 256 - n, "%s|", text_at(error, "pointer"));
    }
}

static void parameters_are_held_against_their_schemas(void **state)
{
    (void)state;
    static const struct {
        const char *operation, *query, *depth, *pointers;
    } cases[] = {
        {"list", "", NULL, ""},
        {"list", "count=3&code=abcd&limit=5&cursor=x", NULL, ""},
        {"list", "limit=1", NULL, ""},
        {"list", "limit=200", NULL, ""},
        {"list", "limit=0", NULL, "/limit|"},
        {"list", "limit=201", NULL, "/limit|"},
        {"list", "limit=99999999999999999999", NULL, "/limit|"},
        {"list", "limit=-1", NULL, "/limit|"},
        {"list", "limit=2x", NULL, "/limit|"},
        {"list", "limit=", NULL, "/limit|"},
        {"list", "count=0", NULL, "/count|"},
        {"list", "count=10", NULL, "/count|"},
        {"list", "count=x", NULL, "/count|"},
        {"list", "count=", NULL, "/count|"},
        {"list", "count=1e0", NULL, ""}, /* a number that is whole */
        {"list", "count=1.5", NULL, "/count|"},
        {"list", "count=%201", NULL, ""},
        {"list", "count=[1]", NULL, "/count|"},
        {"list", "code=abcde", NULL, "/code|"},
        {"list", "code=7", NULL, ""}, /* digits stay text where text is wanted */
        {"list", "other=1", NULL, "/other|"},
        {"list", "a%2Fb~c=1", NULL, ""},
        {"list", "a%2Fb~c=12", NULL, "/a~1b~0c|"},
        {"list", "x%2Fy~z=1", NULL, "/x~1y~0z|"},
        {"list", "count=1&count=1", NULL, "/count|"},
        {"list", "count=1&count=1&count=1", NULL, "/count|/count|/count|"},
        {"list", "Count=1", NULL, "/Count|"},
        {"list", "X-Depth=1", NULL, "/X-Depth|"}, /* a header is no query parameter */
        {"list", "", "7", ""},
        {"list", "", "deep", "/X-Depth|"},
        {"plain", "limit=1", NULL, "/limit|"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct exchange x;
        char pointers[256];
        struct request_pair depth = {"x-depth", cases[i].depth};
        exchange_init(&x, NULL);
        exchange_query(&x, cases[i].query);
        x.request.headers = &depth;
        x.request.n_headers = cases[i].depth != NULL;
        decode(&x, cases[i].operation, pointers);
        if (strcmp(pointers, cases[i].pointers) != 0)
            fail_msg("%s: %s", cases[i].query, pointers);
        exchange_release(&x);
    }
}

static void put_body(struct exchange *x, const char *body)
{
    x->request.bytes = (uint8_t *)(uintptr_t)body;
    x->request.n_bytes = strlen(body);
}

static void forms(void **state)
{
    (void)state;
    struct exchange x;
    char pointers[256];
    exchange_init(&x, NULL);
    put_body(&x, "user=m%C3%A1y&n=1&empty=&a+b=c+d");
    decode(&x, "form", pointers);
    assert_string_equal(pointers, "");
    assert_string_equal(text_at(x.request.json, "user"), "máy");
    assert_string_equal(text_at(x.request.json, "n"), "1");
    assert_string_equal(text_at(x.request.json, "empty"), "");
    assert_string_equal(text_at(x.request.json, "a b"), "c d");
    exchange_release(&x);

    exchange_init(&x, NULL);
    put_body(&x, "a/b=1&a/b=2");
    decode(&x, "form", pointers);
    assert_string_equal(pointers, "/a~1b|");
    exchange_release(&x);

    exchange_init(&x, NULL);
    put_body(&x, "a=%zz");
    decode(&x, "form", pointers);
    assert_int_equal(x.reply.problem, PROBLEM_BAD_REQUEST);
    exchange_release(&x);
}

static void json_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        enum problem problem;
    } cases[] = {
        {"", PROBLEM_BAD_JSON},     {"{", PROBLEM_BAD_JSON},
        {"{}x", PROBLEM_BAD_JSON},  {"{\"a\":1,\"a\":2}", PROBLEM_BAD_JSON},
        {"\xff", PROBLEM_BAD_JSON}, {"{\"a\":\"\\ud800\"}", PROBLEM_BAD_JSON},
        {"{}", PROBLEM_INVALID},    {"[]", PROBLEM_INVALID},
        {"null", PROBLEM_INVALID},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct exchange x;
        char pointers[256];
        exchange_init(&x, NULL);
        put_body(&x, cases[i].body);
        decode(&x, "json", pointers);
        if (x.reply.problem != cases[i].problem)
            fail_msg("%s: problem %d", cases[i].body, x.reply.problem);
        exchange_release(&x);
    }
}

static void bytes_come_as_they_are(void **state)
{
    (void)state;
    struct exchange x;
    char pointers[256];
    exchange_init(&x, NULL);
    put_body(&x, "{\xff");
    decode(&x, "bytes", pointers);
    assert_false(reply_is_problem(&x.reply));
    assert_null(x.request.json);
    exchange_release(&x);
}

static int setup(void **state)
{
    static struct arena arena;
    const char *words = NULL;
    arena_init(&arena);
    *state = &arena;
    return schema_builtin_load(&arena, &words) == 0 && routes_compile(&routes, tables, &words) == 0
               ? 0
               : -1;
}

static int teardown(void **state)
{
    routes_release(&routes);
    schema_builtin_unload();
    arena_release(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percent),
        cmocka_unit_test(queries),
        cmocka_unit_test(a_query_has_32_pairs_at_most),
        cmocka_unit_test(parameters_are_held_against_their_schemas),
        cmocka_unit_test(forms),
        cmocka_unit_test(json_bodies),
        cmocka_unit_test(bytes_come_as_they_are),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
