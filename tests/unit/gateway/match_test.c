/* Which row a method and path mean, and which tables are refused. */
#include "tests/unit/gateway/fixture.h"

static uint64_t generation(const struct request *req)
{
    (void)req;
    return 1;
}

static const struct route rows[] = {
    ROW(GET, "/", "root", ),
    ROW(GET, "/v1/things", "list", ),
    ROW(POST, "/v1/things", "make", ),
    ROW(GET, "/v1/things/{id}", "read", ),
    ROW(PATCH, "/v1/things/{id}", "change", ),
    ROW(GET, "/v1/things/nearest", "nearest", ),
    ROW(GET, "/v1/{kind}/nearest", "nearestOf", ),
    ROW(DELETE, "/v1/things/nearest", "forget", .flags = ROUTE_ADMIN),
    ROW(HEAD, "/v1/things/{id}/body", "bodyHead", ),
    ROW(OPTIONS, "/v1/things/{id}/body", "bodyOptions", ),
    ROW(GET, "/v1/{a}/{b}/{c}", "three", ),
    ROW(POST, "/v1/admin/only", "admin", .flags = ROUTE_ADMIN),
    {0},
};
static const struct route *const tables[] = {rows, NULL};

#define BIT(m) (1U << (m))

static const struct {
    enum method method;
    const char *path;
    bool admin;
    const char *operation; /* NULL: none */
    unsigned methods;      /* if there is none */
    const char *params;    /* values, each followed by a bar */
} cases[] = {
    {GET, "/", false, "root", 0, ""},
    {GET, "/v1/things", false, "list", 0, ""},
    {HEAD, "/v1/things", false, "list", 0, ""},
    {POST, "/v1/things", false, "make", 0, ""},
    {PUT, "/v1/things", false, NULL, BIT(GET) | BIT(POST), ""},
    {0, "/v1/things", false, NULL, BIT(GET) | BIT(POST), ""},
    {GET, "/v1/things/", false, NULL, 0, ""},
    {GET, "/v1//things", false, NULL, 0, ""},
    {GET, "/V1/things", false, NULL, 0, ""},
    {GET, "v1/things", false, NULL, 0, ""},
    {GET, "", false, NULL, 0, ""},
    {GET, "*", false, NULL, 0, ""},
    {GET, "/v1/things/7", false, "read", 0, "7|"},
    /* the most specific row answers, and the methods are those of all rows that fit */
    {GET, "/v1/things/nearest", false, "nearest", 0, ""},
    {PATCH, "/v1/things/nearest", false, "change", 0, "nearest|"},
    {PUT, "/v1/things/nearest", true, NULL, BIT(GET) | BIT(PATCH) | BIT(DELETE), ""},
    {PUT, "/v1/things/7/body", false, NULL, BIT(GET) | BIT(HEAD) | BIT(OPTIONS), ""},
    {DELETE, "/v1/things/nearest", false, NULL, BIT(GET) | BIT(PATCH), ""},
    {DELETE, "/v1/things/nearest", true, "forget", 0, ""},
    {GET, "/v1/others/nearest", false, "nearestOf", 0, "others|"},
    {GET, "/v1/things/7/body", false, "three", 0, "things|7|body|"},
    {HEAD, "/v1/things/7/body", false, "bodyHead", 0, "7|"},
    {OPTIONS, "/v1/things/7/body", false, "bodyOptions", 0, "7|"},
    {GET, "/v1/a/b/c", false, "three", 0, "a|b|c|"},
    {GET, "/v1/a%2Fb/%C4%91/c%20d", false, "three", 0, "a/b|đ|c d|"},
    {GET, "/v1/a+b/x/y", false, "three", 0, "a+b|x|y|"},
    {POST, "/v1/admin/only", false, NULL, 0, ""},
    {POST, "/v1/admin/only", true, "admin", 0, ""},
    {GET, "/1/2/3/4/5/6/7/8/9/10/11/12/13", false, NULL, 0, ""},
};

static void paths_mean_rows(void **state)
{
    const struct routes *r = *state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena a;
        struct match m;
        char params[128] = "";
        arena_init(&a);
        routes_match(r, cases[i].method, cases[i].path, cases[i].admin, &a, &m);
        const char *found = m.route ? m.route->route->operation : NULL;
        for (size_t k = 0; k < m.n_params; k++) {
            size_t n = strlen(params);
            snprintf(params + n, sizeof(params) - n, "%s|", m.params[k].value);
        }
        bool right = found && cases[i].operation ? strcmp(found, cases[i].operation) == 0
                                                 : found == cases[i].operation;
        if (!right || (!found && m.methods != cases[i].methods))
            fail_msg("%s %s: %s, methods %x", method_name(cases[i].method), cases[i].path, found,
                     m.methods);
        if (found)
            assert_string_equal(params, cases[i].params);
        assert_false(m.malformed);
        arena_release(&a);
    }
}

static void malformed_parameters_are_told_apart(void **state)
{
    const struct routes *r = *state;
    static const char *const paths[] = {"/v1/things/%",   "/v1/things/%4",  "/v1/things/%zz",
                                        "/v1/things/%00", "/v1/things/%ff", "/v1/things/%ed%a0%80"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct arena a;
        struct match m;
        arena_init(&a);
        routes_match(r, GET, paths[i], false, &a, &m);
        if (m.route || !m.malformed)
            fail_msg("%s", paths[i]);
        arena_release(&a);
    }
}

static const struct route_param bad_param[] = {{"x", "{\"type\":\"nonsense\"}", "x"}, {0}};

/* One row that makes a table unsound, after a sound one. */
static const struct {
    const char *words;
    struct route row;
} unsound[] = {
    {"lacks",
     {.method = GET,
      .path = "/x",
      .operation = "x",
      .summary = "s",
      .tag = "t",
      .who = ROLE_ANYONE}},
    {"lacks", ROW(GET, "x", "x", )},
    {"nobody",
     {.method = GET,
      .path = "/x",
      .operation = "x",
      .summary = "s",
      .tag = "t",
      .run = run_nothing}},
    {"without a schema", ROW(POST, "/x", "x", .body = BODY_JSON)},
    {"no built-in schema", ROW(POST, "/x", "x", .body = BODY_JSON, .body_schema = "nothing")},
    {"cached", ROW(GET, "/x", "x", .flags = ROUTE_CACHED)},
    {"cached", ROW(POST, "/x", "x", .flags = ROUTE_CACHED, .generation = generation)},
    {"cached",
     {.method = GET,
      .path = "/x",
      .operation = "x",
      .summary = "s",
      .tag = "t",
      .run = run_nothing,
      .who = ROLE_CITIZEN,
      .flags = ROUTE_CACHED,
      .generation = generation}},
    {"1 MiB", ROW(POST, "/x", "x", .body = BODY_BYTES, .body_max = BODY_MAX + 1)},
    {"one name", ROW(GET, "/x", "sound", )},
    {"one method and path", ROW(GET, "/v1/{id}", "x", )},
    {"another parameter name", ROW(POST, "/v1/{other}", "x", )},
    {"too many segments", ROW(GET, "/1/2/3/4/5/6/7/8/9/10/11/12/13", "x", )},
    {"too many segments", ROW(GET, "/{1}/{2}/{3}/{4}/{5}/{6}/{7}/{8}/{9}", "x", )},
    {"parameter x", ROW(GET, "/x", "x", .params = bad_param)},
};

static void unsound_tables_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(unsound); i++) {
        const struct route table[] = {ROW(GET, "/v1/{id}", "sound", ), unsound[i].row, {0}};
        const struct route *const bad[] = {table, NULL};
        struct routes r;
        const char *words = NULL;
        assert_int_equal(routes_compile(&r, bad, &words), E_CONFIG);
        if (!words || !strstr(words, unsound[i].words))
            fail_msg("row %d: %s", (int)i, words);
        routes_release(&r);
    }
}

static void methods_have_names(void **state)
{
    (void)state;
    for (enum method m = GET; m <= OPTIONS; m++)
        assert_int_equal(method_of(method_name(m)), m);
    assert_int_equal(method_of("get"), 0);
    assert_int_equal(method_of("CONNECT"), 0);
    assert_int_equal(method_of(""), 0);
    assert_string_equal(method_name(0), "?");
}

static struct routes routes;

static int setup(void **state)
{
    const char *words = NULL;
    *state = &routes;
    return routes_compile(&routes, tables, &words);
}

static int teardown(void **state)
{
    (void)state;
    routes_release(&routes);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_mean_rows),
        cmocka_unit_test(malformed_parameters_are_told_apart),
        cmocka_unit_test(unsound_tables_are_refused),
        cmocka_unit_test(methods_have_names),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
