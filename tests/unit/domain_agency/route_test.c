/* Which agency a report goes to: every category in every commune ends with somebody. */
#include <jansson.h>

#include "base/file.h"
#include "domain/agency/import.h"
#include "tests/support/province.h"

static struct province p;
static struct area_set *areas;
static struct catalogue_holder *holder;

static void read_file(const char *path, struct buf *ret)
{
    buf_init(ret, 1 << 20);
    assert_int_equal(file_read(path, 1 << 20, ret), 0);
}

static int set_up(void **state)
{
    (void)state;
    struct buf csv, faults;
    province_open(&p, ENGINE_MODEL);
    read_file("data/communes.csv", &csv);
    buf_init(&faults, 4096);
    assert_int_equal(area_set_load(csv.data, csv.len, NULL, 0, NULL, &faults, &areas), 0);
    assert_int_equal(catalogue_holder_new(p.store, &holder), 0);
    buf_release(&csv);
    buf_release(&faults);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    catalogue_holder_free(holder);
    area_set_unref(areas);
    province_close(&p);
    return 0;
}

static void import(int (*fn)(const struct import_world *w, const json_t *json, struct arena *a,
                             struct import_result *ret),
                   const char *path)
{
    const struct catalogue *c = catalogue_ref(holder);
    struct import_world w = {.store = p.store, .catalogue = c, .areas = areas, .allow_http = true};
    struct import_result result = {0};
    json_t *rows = json_load_file(path, 0, NULL);
    assert_non_null(rows);
    if (fn(&w, rows, &p.arena, &result) != 0)
        fail_msg("%s%s: %s", path, result.faults[0].pointer, result.faults[0].en);
    assert_true(result.added > 0);
    json_decref(rows);
    catalogue_unref(c);
}

static void put_agency(const char *code, int kind, bool active)
{
    struct agency row = {.code = code, .name = code, .kind = kind, .active = active};
    assert_true(agency_put(p.store, &row) >= 0);
}

static void put_rule(const char *category, const char *commune, const char *agency)
{
    struct routing_rule row = {.category = category, .commune = commune, .agency = agency};
    assert_true(rule_put(p.store, &row) >= 0);
}

static void expect_route(const char *category, const char *commune, const char *agency)
{
    const struct catalogue *c = catalogue_ref(holder);
    const struct agency *found = catalogue_route(c, category, commune);
    const char *code = found ? found->code : "nobody";
    if (strcmp(code, agency ? agency : "nobody") != 0)
        fail_msg("%s in %s goes to %s instead of %s", category ? category : "-",
                 commune ? commune : "-", code, agency ? agency : "nobody");
    catalogue_unref(c);
}

/* --- the rules -------------------------------------------------------------------------------- */

static void test_the_most_exact_rule_wins(void **state)
{
    (void)state;
    static const char *const codes[] = {"A", "B", "C", "D"};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        put_agency(codes[i], AGENCY_DEPARTMENT, true);
    expect_route("duong", "32025", NULL);
    put_rule("*", "*", "D");
    expect_route("duong", "32025", "D");
    put_rule("duong", "*", "C");
    expect_route("duong", "32025", "C");
    expect_route("nuoc", "32025", "D");
    put_rule("*", "32025", "B");
    expect_route("duong", "32025", "B"); /* the commune before the category */
    expect_route("duong", "31825", "C");
    put_rule("duong", "32025", "A");
    expect_route("duong", "32025", "A");
    expect_route("nuoc", "32025", "B");
    expect_route("nuoc", "31825", "D");
    expect_route("duong", NULL, "C"); /* the commune is not known */
    expect_route("nuoc", NULL, "D");
}

/* A rule of an agency that works no more takes nothing; the next one does. */
static void test_rules_of_agencies_that_work_no_more(void **state)
{
    (void)state;
    put_agency("A", AGENCY_COMMUNE, true);
    put_agency("C", AGENCY_DEPARTMENT, true);
    put_rule("duong", "32025", "A");
    put_rule("duong", "*", "C");
    put_rule("nuoc", "*", "GONE"); /* never there */
    expect_route("duong", "32025", "A");
    expect_route("nuoc", "32025", NULL);
    put_agency("A", AGENCY_COMMUNE, false);
    expect_route("duong", "32025", "C");
    put_agency("C", AGENCY_DEPARTMENT, false);
    expect_route("duong", "32025", NULL);
}

static void test_the_portal_is_the_one_that_works(void **state)
{
    (void)state;
    const struct catalogue *c = catalogue_ref(holder);
    assert_null(catalogue_dispatcher(c));
    catalogue_unref(c);
    put_agency("OLD", AGENCY_DISPATCHER, false);
    put_agency("PORTAL", AGENCY_DISPATCHER, true);
    c = catalogue_ref(holder);
    assert_string_equal(catalogue_dispatcher(c)->code, "PORTAL");
    catalogue_unref(c);
}

/* --- the whole province ----------------------------------------------------------------------- */

static void file_one(const struct catalogue *c, const char *category, const char *commune,
                     int place, struct report *ret)
{
    char key[64];
    const struct agency *agency = catalogue_route(c, category, commune);
    struct report_draft d = province_draft(0);
    d.category = category;
    d.commune = commune;
    d.place = place;
    d.agency = agency ? agency->code : NULL;
    snprintf(key, sizeof(key), "%s-%s-%d", category, commune, place);
    assert_int_equal(report_file(p.store, &d, key, key, strlen(key), &p.world, &p.arena, ret), 0);
}

static void test_nothing_falls_between(void **state)
{
    (void)state;
    import(import_agencies, "demo/agencies.json");
    import(import_categories, "data/categories.json");
    import(import_rules, "demo/routes.json");
    const struct catalogue *c = catalogue_ref(holder);
    assert_string_equal(catalogue_dispatcher(c)->code, PORTAL);
    assert_true(area_count(areas) == 64 && c->n_categories > 8);
    size_t routed = 0, portal = 0;
    for (size_t i = 0; i < c->n_categories; i++) {
        for (size_t j = 0; j < area_count(areas); j++) {
            struct report r;
            const char *category = c->categories[i].code, *commune = area_at(areas, j)->code;
            file_one(c, category, commune, PLACE_CHOICE, &r);
            const struct agency *holds = catalogue_agency(c, r.head.agency);
            assert_non_null(holds);
            assert_true(holds->active);
            bool here = !holds->commune || strcmp(holds->commune, commune) == 0;
            assert_true(here); /* no commune has another's */
            assert_int_equal(r.head.state == REPORT_NEW, holds->kind == AGENCY_DISPATCHER);
            *(holds->kind == AGENCY_DISPATCHER ? &portal : &routed) += 1;
        }
    }
    assert_int_equal(routed + portal, c->n_categories * 64);
    assert_true(routed > portal && portal > 0);
    catalogue_unref(c);
}

/* What only lies nearest to a commune may be another's: the portal looks first. */
static void test_nearest_goes_to_the_portal(void **state)
{
    (void)state;
    put_agency(PORTAL, AGENCY_DISPATCHER, true);
    put_agency(HERE, AGENCY_COMMUNE, true);
    put_rule("*", "32025", HERE);
    const struct catalogue *c = catalogue_ref(holder);
    static const struct {
        int place, state;
        const char *agency;
    } places[] = {{PLACE_POLYGON, REPORT_DISPATCHED, HERE},
                  {PLACE_CHOICE, REPORT_DISPATCHED, HERE},
                  {PLACE_NEAREST, REPORT_NEW, PORTAL}};
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        struct report r;
        file_one(c, "ha_tang_do_thi", "32025", places[i].place, &r);
        assert_int_equal(r.head.state, places[i].state);
        assert_string_equal(r.head.agency, places[i].agency);
        assert_string_equal(province_last_step(&r)->agency, places[i].agency);
        assert_string_equal(r.commune, "32025"); /* a guess, but not lost */
    }
    catalogue_unref(c);
}

/* Pushed between agencies: twice, then the portal decides, whoever is named. */
static void test_the_third_transfer_goes_to_the_portal(void **state)
{
    (void)state;
    for (int emergency = 0; emergency < 2; emergency++) {
        struct report r;
        province_reach(&p, emergency ? EMERGENCY : 0, REPORT_RECEIVED, &r);
        province_do(&p, &r, "transfer", OFFICER);
        assert_string_equal(r.head.agency, THERE);
        assert_int_equal(r.head.state, REPORT_DISPATCHED);
        province_do(&p, &r, "transfer", OTHER_OFFICER);
        assert_string_equal(r.head.agency, HERE);
        struct report_act deed = province_deed(&p, "transfer", OFFICER);
        assert_string_equal(deed.act.agency, THERE);
        assert_int_equal(province_act(&p, &r.head.id, &deed, &r), 0);
        assert_string_equal(r.head.agency, PORTAL);
        assert_int_equal(r.head.state, REPORT_NEW);
        assert_string_equal(province_last_step(&r)->agency, PORTAL);
        assert_int_equal(r.transfers, 3);
        assert_true(id_is_nil(&r.head.officer));
    }
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_most_exact_rule_wins),
        TEST(test_rules_of_agencies_that_work_no_more),
        TEST(test_the_portal_is_the_one_that_works),
        TEST(test_nothing_falls_between),
        TEST(test_nearest_goes_to_the_portal),
        TEST(test_the_third_transfer_goes_to_the_portal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
