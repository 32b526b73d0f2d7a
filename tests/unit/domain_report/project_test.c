/* Filing, and what a report projects to: the public page, and what is counted. */
#include "base/clock.h"
#include "domain/area/cell.h"
#include "tests/unit/domain_report/invariants.h"

static struct province p;

static int set_up(void **state)
{
    (void)state;
    province_open(&p, ENGINE_MODEL);
    return 0;
}

static int set_up_sqlite(void **state)
{
    (void)state;
    province_open(&p, ENGINE_SQLITE);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    province_close(&p);
    return 0;
}

/* --- filing ----------------------------------------------------------------------------------- */

static void test_a_key_files_once(void **state)
{
    (void)state;
    struct report_draft d = province_draft(0);
    struct report first, again;
    assert_int_equal(report_file(p.store, &d, "k", "body", 4, &p.world, &p.arena, &first), 0);
    assert_string_equal(first.head.number, "PA-260302-0001");
    p.world.now_ms += HOUR;
    assert_int_equal(report_file(p.store, &d, "k", "body", 4, &p.world, &p.arena, &again),
                     REPORT_REPEATED);
    assert_true(id_equal(&again.head.id, &first.head.id));
    assert_string_equal(again.head.number, first.head.number);
    assert_int_equal(again.head.steps.n, 1);
    /* Even after much has happened to it. */
    province_do(&p, &again, "receive", OFFICER);
    assert_int_equal(report_file(p.store, &d, "k", "body", 4, &p.world, &p.arena, &again),
                     REPORT_REPEATED);
    assert_int_equal(again.head.state, REPORT_RECEIVED);
    assert_int_equal(report_file(p.store, &d, "k", "other", 5, &p.world, &p.arena, &again),
                     REPORT_KEY_REUSED);
    d.actor = province_id(STRANGER); /* another's key of the same name is another key */
    assert_int_equal(report_file(p.store, &d, "k", "body", 4, &p.world, &p.arena, &again), 0);
    assert_string_equal(again.head.number, "PA-260302-0002");
    p.world.now_ms += DAY;
    d.actor = province_id(OWNER);
    assert_int_equal(report_file(p.store, &d, "k2", "body", 4, &p.world, &p.arena, &again), 0);
    assert_string_equal(again.head.number, "PA-260303-0001");
}

static void test_whom_filing_tells(void **state)
{
    (void)state;
    static const struct {
        unsigned traits;
        int whom[4];
    } filings[] = {
        {0, {TELL_OWNER, TELL_AGENCY}},
        {EMERGENCY, {TELL_OWNER, TELL_AGENCY, TELL_LEADER_SMS}},
        {UNROUTED, {TELL_OWNER, TELL_DISPATCHER}},
        {UNROUTED | EMERGENCY, {TELL_OWNER, TELL_DISPATCHER, TELL_LEADER_SMS}},
    };
    for (size_t i = 0; i < ARRAY_LEN(filings); i++) {
        struct report r;
        province_file(&p, filings[i].traits, &r);
        const struct case_event *events = r.head.events.items;
        size_t n = 2;
        assert_int_equal(events[0].type, EVENT_PROJECT);
        assert_int_equal(events[1].type, EVENT_CALL);
        for (size_t j = 0; filings[i].whom[j]; j++, n++) {
            assert_true(n < r.head.events.n);
            assert_int_equal(events[n].whom, filings[i].whom[j]);
        }
        assert_int_equal(n, r.head.events.n);
        check_report(&p, &r);
    }
}

/* A rule that names the portal makes the dispatcher look, since nobody can receive there. */
static void test_a_rule_to_the_portal(void **state)
{
    (void)state;
    struct report r;
    struct report_draft d = province_draft(0);
    d.agency = PORTAL;
    assert_int_equal(report_file(p.store, &d, "k", "", 0, &p.world, &p.arena, &r), 0);
    assert_int_equal(r.head.state, REPORT_NEW);
    check_report(&p, &r);
}

/* --- the public page -------------------------------------------------------------------------- */

static bool is_public(const struct report *r)
{
    bson_t *doc = NULL;
    int done = store_get(p.store, &report_public_collection, &r->head.id, &doc);
    if (done == 0)
        bson_destroy(doc);
    else
        assert_int_equal(done, STORE_ABSENT);
    return done == 0;
}

/* What a reporter shows to offices alone is not published, whoever names it. */
static void test_never_what_is_for_the_agency(void **state)
{
    (void)state;
    static const struct report_photo photos[] = {{.id = {{3}}, .agency_only = true}, {.id = {{4}}}};
    static const struct case_media all[] = {{{{4}}}, {{{3}}}};
    struct report_draft d = province_draft(0);
    struct report r, after;
    struct report_public page;
    d.photos = photos;
    d.n_photos = 2;
    assert_int_equal(report_file(p.store, &d, "agency", "", 0, &p.world, &p.arena, &r), 0);
    province_do(&p, &r, "receive", OFFICER);
    for (size_t who = 0; who < 2; who++) {
        struct report_act deed = province_deed(&p, "publish", who ? DISPATCHER : OFFICER);
        deed.act.media = all;
        deed.act.n_media = 2;
        assert_int_equal(province_act(&p, &r.head.id, &deed, &after), CASE_LACKS);
        assert_string_equal(deed.act.lacks, "/media");
    }
    ((struct report_photo *)r.photos.items)[0].public = true; /* as if a bug had let it */
    r.published_ms = p.world.now_ms;
    assert_true(report_project_public(&r, &p.arena, &page));
    assert_int_equal(page.photos.n, 0);
}

static void test_only_what_was_published(void **state)
{
    (void)state;
    static const struct report_photo photos[] = {{.id = {{1}}}, {.id = {{2}}}};
    struct report_draft d = province_draft(0);
    struct report r;
    struct report_public page;
    d.photos = photos;
    d.n_photos = 2;
    assert_int_equal(report_file(p.store, &d, "k", "", 0, &p.world, &p.arena, &r), 0);
    assert_false(report_project_public(&r, &p.arena, &page));
    province_do(&p, &r, "receive", OFFICER);
    province_dispatch(&p, &r);
    assert_false(is_public(&r));

    static const struct case_media shown = {{{2}}};
    struct report_act deed = province_deed(&p, "publish", OFFICER);
    deed.act.media = &shown;
    deed.act.n_media = 1;
    assert_int_equal(province_act(&p, &r.head.id, &deed, &r), 0);
    assert_true(report_project_public(&r, &p.arena, &page));
    assert_int_equal(page.photos.n, 1); /* the one that was named */
    assert_int_equal(((const struct report_photo *)page.photos.items)->id.bytes[0], 2);
    double lat, lon;
    area_round(r.point.lat, r.point.lon, &lat, &lon);
    assert_true(page.point.lat == lat && page.point.lon == lon && page.point.lat != r.point.lat);
    assert_int_equal(page.x.cell, cell_of(lat, lon)); /* of the rounded place */
    province_dispatch(&p, &r);
    assert_true(is_public(&r));
    province_do(&p, &r, "unpublish", DISPATCHER);
    province_dispatch(&p, &r);
    assert_false(is_public(&r));
}

static size_t found_by(const char *const *words, size_t n)
{
    const struct store_condition has = {
        .field = "words", .op = STORE_HAS, .words = words, .n_words = n, .last_is_prefix = true};
    const struct store_query q = {.conditions = &has, .n_conditions = 1, .limit = 10};
    struct store_page page;
    assert_int_equal(store_scan(p.store, &report_public_collection, &q, &p.arena, &page), 0);
    return page.n;
}

/* Its category and commune are among the words it is found by, apart from what anybody types. */
static void test_found_by_words_and_codes(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    province_do(&p, &r, "publish", OFFICER);
    province_dispatch(&p, &r);
    struct text_words typed = text_words(&p.arena, &r.text, 1);
    assert_true(typed.n > 0);
    const char *category = report_code_word(&p.arena, r.category);
    const char *commune = report_code_word(&p.arena, r.commune);
    assert_int_equal(found_by((const char *[]){category, commune, typed.items[0]}, 3), 1);
    assert_int_equal(found_by((const char *[]){category, "0", typed.items[0]}, 3), 0);
    assert_int_equal(found_by(&r.commune, 1), 0); /* typed as it is */
    assert_string_equal(report_code_word(&p.arena, "an_ninh_TT"), "þanninhtt");
}

/* Who rebuilds from an older reading puts back nothing that was withdrawn, and takes nothing away.
 */
static void test_rebuilding_from_an_older_reading(void **state)
{
    (void)state;
    struct report r, published, withdrawn;
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    province_do(&p, &r, "publish", OFFICER);
    province_get(&p, &r.head.id, &published);
    province_do(&p, &r, "unpublish", OFFICER);
    province_dispatch(&p, &r);
    province_get(&p, &r.head.id, &withdrawn);
    assert_false(is_public(&r));
    assert_int_equal(report_rebuild(p.store, &published, p.calendar, NULL, &p.arena), 0);
    assert_false(is_public(&r));
    bool differed = false;
    assert_int_equal(report_verify(p.store, &published, p.calendar, NULL, &p.arena, &differed), 0);
    assert_false(is_public(&r));

    province_do(&p, &r, "publish", OFFICER);
    province_dispatch(&p, &r);
    assert_true(is_public(&r));
    assert_int_equal(report_rebuild(p.store, &withdrawn, p.calendar, NULL, &p.arena), 0);
    assert_true(is_public(&r));
    assert_int_equal(report_verify(p.store, &withdrawn, p.calendar, NULL, &p.arena, &differed), 0);
    assert_true(is_public(&r));
    check_projections(&p, &r);
}

/* --- verifying -------------------------------------------------------------------------------- */

static bool verify(const struct report *r)
{
    bool differed = false;
    assert_int_equal(report_verify(p.store, r, p.calendar, NULL, &p.arena, &differed), 0);
    return differed;
}

static void spoil_fact(const struct report *r)
{
    bson_t *doc = NULL;
    struct report_fact fact = {0};
    assert_int_equal(store_get(p.store, &report_fact_collection, &r->head.id, &doc), 0);
    assert_int_equal(entity_decode(&report_fact_entity, doc, &p.arena, &fact), 0);
    bson_destroy(doc);
    fact.category = "another";
    bson_t *body = bson_new();
    struct store_new_doc spoiled = {.id = r->head.id, .body = body};
    assert_int_equal(entity_encode(&report_fact_entity, &fact, NULL, &p.arena, body), 0);
    assert_int_equal(store_remove(p.store, &report_fact_collection, &r->head.id, -1), 0);
    assert_int_equal(store_insert(p.store, &report_fact_collection, &spoiled, 1), 0);
    bson_destroy(body);
}

static void test_verifying_finds_and_mends(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    assert_false(verify(&r));
    spoil_fact(&r);
    assert_true(verify(&r));
    assert_false(verify(&r));
    check_projections(&p, &r);
    assert_int_equal(store_remove(p.store, &report_fact_collection, &r.head.id, -1), 0);
    assert_true(verify(&r));
    assert_false(verify(&r));
    /* What only waits for its event is mended and not told. */
    province_do(&p, &r, "assign", LEADER);
    assert_false(verify(&r));
    check_projection(&p, &r, &report_public_collection, &report_public_entity, NULL);
}

/* Alarms that have rung leave nothing that verifying would call a difference. */
static void test_verifying_is_not_disturbed_by_alarms(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    p.world.now_ms = r.head.due_ms - MINUTE;
    assert_int_equal(report_ring(p.store, &r.head.id, &p.world, &p.arena, &r), 0);
    province_dispatch(&p, &r);
    assert_false(verify(&r));
    p.world.now_ms = r.head.due_ms + 1; /* late, and nobody has looked yet */
    assert_false(verify(&r));
    assert_int_equal(report_ring(p.store, &r.head.id, &p.world, &p.arena, &r), 0);
    province_dispatch(&p, &r);
    assert_false(verify(&r));
    check_projections(&p, &r);
}

/* --- what is counted -------------------------------------------------------------------------- */

static struct report_fact fact_of(const struct report *r)
{
    struct report_fact fact;
    report_project_fact(r, p.calendar, &p.arena, &fact);
    return fact;
}

static void test_durations(void **state)
{
    (void)state;
    static const struct {
        int64_t ms, bucket;
    } spans[] = {{MINUTE, 1},        {4 * HOUR, 1},      {4 * HOUR + 1, 2},
                 {24 * HOUR, 2},     {24 * HOUR + 1, 3}, {72 * HOUR, 3},
                 {72 * HOUR + 1, 4}, {168 * HOUR, 4},    {168 * HOUR + 1, 5}};
    for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
        struct report r;
        p.world.now_ms = province_monday_ms();
        province_reach(&p, 0, REPORT_RECEIVED, &r);
        assert_int_equal(fact_of(&r).duration, 0);
        p.world.now_ms += spans[i].ms;
        province_do(&p, &r, "answer", OFFICER);
        assert_int_equal(fact_of(&r).duration, spans[i].bucket);
        p.world.now_ms += 5 * DAY;
        province_do(&p, &r, "close", OFFICER);
        assert_int_equal(fact_of(&r).duration, spans[i].bucket); /* the answer counts */
    }
}

/* A month and a day are those of +07:00: 23:30 in UTC on the last of February is the 1st of March.
 */
static void test_months_of_the_province(void **state)
{
    (void)state;
    struct report r;
    assert_true(clock_parse("2026-02-28T16:59:59Z", &p.world.now_ms));
    province_file(&p, 0, &r);
    assert_int_equal(fact_of(&r).month, 202602);
    assert_int_equal(r.x.month, 202602);
    assert_true(clock_parse("2026-02-28T17:00:00Z", &p.world.now_ms));
    province_file(&p, 0, &r);
    assert_int_equal(fact_of(&r).month, 202603);
    assert_int_equal(fact_of(&r).day, clock_day_number(p.world.now_ms));
}

static void test_who_was_late(void **state)
{
    (void)state;
    struct report r;
    province_file(&p, UNROUTED, &r);
    p.world.now_ms = r.head.due_ms; /* the last instant in time */
    province_do(&p, &r, "dispatch", DISPATCHER);
    assert_false(fact_of(&r).late);
    province_file(&p, UNROUTED, &r);
    p.world.now_ms = r.head.due_ms + 1;
    province_do(&p, &r, "dispatch", DISPATCHER); /* though no alarm ever rang */
    assert_true(fact_of(&r).late);

    province_reach(&p, 0, REPORT_RECEIVED, &r);
    p.world.now_ms = r.head.due_ms + 1;
    province_do(&p, &r, "ask", OFFICER); /* a question asked too late mends nothing */
    assert_true(fact_of(&r).late);
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    p.world.now_ms = r.head.due_ms + 1;
    province_do(&p, &r, "extend", LEADER);
    assert_true(fact_of(&r).late); /* more time is given, and still it was late */
    province_do(&p, &r, "answer", OFFICER);
    assert_true(fact_of(&r).late);
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    p.world.now_ms = r.head.due_ms + 1;
    province_do(&p, &r, "answer", OFFICER);
    province_do(&p, &r, "reopen", OWNER); /* its clock begins anew */
    assert_true(fact_of(&r).late);
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    p.world.now_ms = r.head.due_ms;
    province_do(&p, &r, "extend", LEADER); /* in time */
    assert_false(fact_of(&r).late);
    /* The citizen's clocks make no office late. */
    province_reach(&p, 0, REPORT_WAITING, &r);
    p.world.now_ms = r.head.due_ms + DAY;
    assert_false(fact_of(&r).late);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
#define SQLITE_TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up_sqlite, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_key_files_once),
        SQLITE_TEST(test_a_key_files_once),
        TEST(test_whom_filing_tells),
        TEST(test_a_rule_to_the_portal),
        TEST(test_only_what_was_published),
        TEST(test_never_what_is_for_the_agency),
        SQLITE_TEST(test_only_what_was_published),
        TEST(test_found_by_words_and_codes),
        SQLITE_TEST(test_found_by_words_and_codes),
        TEST(test_rebuilding_from_an_older_reading),
        SQLITE_TEST(test_rebuilding_from_an_older_reading),
        TEST(test_verifying_finds_and_mends),
        TEST(test_verifying_is_not_disturbed_by_alarms),
        TEST(test_durations),
        TEST(test_months_of_the_province),
        TEST(test_who_was_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
