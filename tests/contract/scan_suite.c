/* Where a scan begins, ends and goes on, on every shape of path, through the driver. */
#include <string.h>

#include "tests/contract/fixture.h"

#define OPEN store_text("open")
#define ROAD store_text("road")
#define AGENCY(n) store_id(thing_id(n))
#define RANGE(lo, hi)                                                                              \
    (struct store_range)                                                                           \
    {                                                                                              \
        .has_low = true, .has_high = true, .low = lo, .high = hi                                   \
    }
#define AFTER(k, n) .has_after = true, .after = {.key = k, .id = thing_id(n)}

static const struct id north = {{0xa0, [15] = 101}}, south = {{0xa0, [15] = 102}};

/* Equal keys (1 to 4), a negative one, absent and null fields, repeated values of a multi. */
static const struct thing stored[] = {
    {.n = 1,
     .state = "open",
     .agency = &north,
     .due = NUM(10),
     .tags = {"road", "water"},
     .name = "b",
     .years = {2024, 2025},
     .watchers = {201, 202}},
    {.n = 2, .state = "open", .agency = &north, .due = NUM(10), .tags = {"road"}, .name = "a"},
    {.n = 3,
     .state = "open",
     .agency = &south,
     .due = NUM(10),
     .tags = {"water"},
     .name = "ab",
     .years = {-1},
     .watchers = {201}},
    {.n = 4,
     .state = "open",
     .agency = &south,
     .due = NUM(20),
     .tags = {"road", "road"},
     .name = "B",
     .years = {2025, 2025}},
    {.n = 5, .state = "closed", .agency = &north, .due = NUM(30), .name = "ă", .watchers = {201}},
    {.n = 6, .state = "open", .due = NUM(-5), .tags = {"light"}, .name = ""},
    {.n = 7, .state = "open", .agency = &north, .tags = {"road"}, .name = "\xf0\x9f\x9a\xa7"},
    {.n = 8, .agency = &south, .due = NUM(10), .tags = {"road"}, .name = "\xef\xbf\xbd"},
    {.n = 9, .null_state = true, .due = NUM(INT64_MAX), .name = "b"},
    {.n = 10, .state = "", .due = NUM(INT64_MIN)},
};

struct scan_case {
    const char *path;
    const char *expected;
    struct store_scan scan; /* collection and path are filled in from above */
};

static void check(struct fixture *f, const struct scan_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct store_scan scan = cases[i].scan;
        scan.collection = &things;
        scan.path = cases[i].path ? store_path_index(&things, cases[i].path) : STORE_PATH_ID;
        scan.batch = i % 3;
        const char *rows = fixture_scan(f, &scan);
        if (strcmp(rows, cases[i].expected) != 0)
            fail_msg("case %zu on %s: \"%s\" instead of \"%s\"", i,
                     cases[i].path ? cases[i].path : "_id", rows, cases[i].expected);
    }
}

static void store_all(struct fixture *f)
{
    /* Not in the order of ids, so that no order comes about by chance. */
    for (size_t i = 0; i < ARRAY_LEN(stored); i++) {
        struct thing t = stored[(i * 7 + 3) % ARRAY_LEN(stored)];
        t.version = 1;
        t.arrival = (int64_t)i;
        fixture_insert(f, &t);
    }
}

static void rows_come_in_order_of_key_and_id(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    const struct scan_case cases[] = {
        {"by_state", "6 1 2 3 4", {.equals = {OPEN}}},
        {"by_state", "4 3 2 1 6", {.equals = {OPEN}, .descending = true}},
        {"by_state", "5", {.equals = {store_text("closed")}}},
        {"by_state", "10", {.equals = {store_text("")}}},
        {"by_state", "", {.equals = {store_text("Open")}}},
        {"by_state", "", {.equals = {store_text("ope")}}},
        {"by_due", "10 6 1 2 3 8 4 5 9", {.batch = 0}},
        {"by_due", "9 5 4 8 3 2 1 6 10", {.descending = true}},
        {"by_name", "6 4 2 3 1 9 5 8 7", {.batch = 0}}, /* bytewise: no locale, no UTF-16 */
        {"by_name", "7 8 5 9 1 3 2 4 6", {.descending = true}},
        {"by_owner", "1 2 5 7 3 4 8", {.batch = 0}},
        {"by_owner", "8 4 3 7 5 2 1", {.descending = true}},
        {"by_agency", "1 2 5 7", {.equals = {AGENCY(101)}}},
        {"by_agency", "8 4 3", {.equals = {AGENCY(102)}, .descending = true}},
        {"by_agency_state", "1 2", {.equals = {AGENCY(101), OPEN}}},
        {"by_agency_state", "4 3", {.equals = {AGENCY(102), OPEN}, .descending = true}},
        {"by_agency_state", "", {.equals = {AGENCY(103), OPEN}}},
        {NULL, "1 2 3 4 5 6 7 8 9 10", {.batch = 0}},
        {NULL, "10 9 8 7 6 5 4 3 2 1", {.descending = true}},
    };
    check(f, cases, ARRAY_LEN(cases));
    fixture_reopen(f);
    check(f, cases, ARRAY_LEN(cases));
}

static void ranges_are_half_open(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    const struct scan_case cases[] = {
        {"by_state", "1 2 3", {.equals = {OPEN}, .range = RANGE(store_int(10), store_int(20))}},
        {"by_state", "6", {.equals = {OPEN}, .range = RANGE(store_int(-5), store_int(10))}},
        {"by_state", "", {.equals = {OPEN}, .range = RANGE(store_int(10), store_int(10))}},
        {"by_state", "", {.equals = {OPEN}, .range = RANGE(store_int(20), store_int(10))}},
        {"by_state", "4", {.equals = {OPEN}, .range = {.has_low = true, .low = store_int(11)}}},
        {"by_state",
         "3 2 1 6",
         {.equals = {OPEN},
          .range = {.has_high = true, .high = store_int(11)},
          .descending = true}},
        {"by_due", "9", {.range = {.has_low = true, .low = store_int(INT64_MAX)}}},
        {"by_due", "10", {.range = {.has_high = true, .high = store_int(-5)}}},
        {"by_due", "", {.range = {.has_high = true, .high = store_int(INT64_MIN)}}},
        {"by_name", "2 3", {.range = RANGE(store_text("a"), store_text("b"))}},
        {"by_name", "9 1", {.range = RANGE(store_text("b"), store_text("c")), .descending = true}},
        {"by_owner", "3 4 8", {.range = RANGE(AGENCY(102), AGENCY(103))}},
        {"by_owner", "1 2 5 7", {.range = {.has_high = true, .high = AGENCY(102)}}},
    };
    check(f, cases, ARRAY_LEN(cases));
}

static void a_scan_goes_on_strictly_behind_a_position(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    const struct store_value ten = store_int(10);
    const struct scan_case cases[] = {
        {"by_state", "2 3 4", {.equals = {OPEN}, AFTER(ten, 1)}},
        {"by_state", "3 4", {.equals = {OPEN}, AFTER(ten, 2)}},
        {"by_state", "4", {.equals = {OPEN}, AFTER(ten, 3)}},
        {"by_state", "4", {.equals = {OPEN}, AFTER(ten, 500)}},         /* no such row */
        {"by_state", "1 2 3 4", {.equals = {OPEN}, AFTER(ten, 0)}},     /* before all of the key */
        {"by_state", "4", {.equals = {OPEN}, AFTER(store_int(15), 2)}}, /* between keys */
        {"by_state", "", {.equals = {OPEN}, AFTER(store_int(20), 4)}},
        {"by_state", "1 6", {.equals = {OPEN}, AFTER(ten, 2), .descending = true}},
        {"by_state", "6", {.equals = {OPEN}, AFTER(ten, 1), .descending = true}},
        {"by_state", "3 2 1 6", {.equals = {OPEN}, AFTER(store_int(20), 4), .descending = true}},
        {"by_state", "3", {.equals = {OPEN}, .range = RANGE(ten, store_int(20)), AFTER(ten, 2)}},
        {"by_state",
         "1",
         {.equals = {OPEN}, .range = RANGE(ten, store_int(20)), AFTER(ten, 2), .descending = true}},
        {"by_state", /* a position outside of the range */
         "1 2 3",
         {.equals = {OPEN}, .range = RANGE(ten, store_int(20)), AFTER(store_int(-5), 6)}},
        {"by_due", "9", {AFTER(store_int(30), 5)}},
        {"by_due", "", {AFTER(store_int(INT64_MAX), 9)}},
        {"by_due", "10", {AFTER(store_int(-5), 6), .descending = true}},
        {"by_name", "9 5 8 7", {AFTER(store_text("b"), 1)}},
        {"by_name", "1 3 2 4 6", {AFTER(store_text("b"), 9), .descending = true}},
        {"by_owner", "5 7 3 4 8", {AFTER(AGENCY(101), 2)}},
        {"by_agency", "5 7", {.equals = {AGENCY(101)}, AFTER({0}, 2)}},
        {"by_agency", "2 1", {.equals = {AGENCY(101)}, AFTER({0}, 5), .descending = true}},
        {NULL, "9 10", {AFTER({0}, 8)}},
        {NULL, "2 1", {AFTER({0}, 3), .descending = true}},
    };
    check(f, cases, ARRAY_LEN(cases));
}

static void a_multi_valued_field_finds_a_document_once(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    const struct store_value watcher = store_id(thing_id(201)), other = store_id(thing_id(202));
    const struct scan_case cases[] = {
        {"by_tag", "1 2 8 4", {.equals = {ROAD}}},
        {"by_tag", "4 8 2 1", {.equals = {ROAD}, .descending = true}},
        {"by_tag", "1 3", {.equals = {store_text("water")}}},
        {"by_tag", "2 8 4", {.equals = {ROAD}, AFTER(store_int(10), 1)}},
        {"by_tag", "4", {.equals = {ROAD}, .range = RANGE(store_int(20), store_int(21))}},
        {"by_watcher", "1 3", {.equals = {watcher, OPEN}}},
        {"by_watcher", "1", {.equals = {other, OPEN}}},
        {"by_watcher", "5", {.equals = {watcher, store_text("closed")}}},
        {"by_year", "1 4", {.equals = {store_int(2025)}}},
        {"by_year", "4", {.equals = {store_int(2025)}, AFTER({0}, 1)}},
        {"by_year", "1", {.equals = {store_int(2024)}, .descending = true}},
        {"by_year", "3", {.equals = {store_int(-1)}}},
    };
    check(f, cases, ARRAY_LEN(cases));
}

static void a_replaced_document_moves_on_its_paths(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    assert_int_equal(fixture_replace(f, &(struct thing){.n = 1,
                                                        .version = 2,
                                                        .state = "closed",
                                                        .due = NUM(40),
                                                        .tags = {"light", "water"},
                                                        .years = {2026}}),
                     0);
    struct id four = thing_id(4);
    assert_int_equal(f->driver->ops->remove(f->driver, &things, &four, 1), 0);
    const struct scan_case cases[] = {
        {"by_state", "6 2 3", {.equals = {OPEN}}},
        {"by_state", "5 1", {.equals = {store_text("closed")}}},
        {"by_tag", "2 8", {.equals = {ROAD}}},
        {"by_tag", "3 1", {.equals = {store_text("water")}}},
        {"by_tag", "6 1", {.equals = {store_text("light")}}},
        {"by_year", "", {.equals = {store_int(2025)}}},
        {"by_year", "1", {.equals = {store_int(2026)}}},
        {"by_watcher", "3", {.equals = {store_id(thing_id(201)), OPEN}}},
        {"by_agency", "2 5 7", {.equals = {AGENCY(101)}}},
        {NULL, "1 2 3 5 6 7 8 9 10", {.batch = 0}},
    };
    check(f, cases, ARRAY_LEN(cases));
}

static void rows_carry_their_position_and_document(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    const struct store_driver_ops *ops = f->driver->ops;
    struct store_session *session;
    struct store_cursor *by_name, *by_id;
    struct store_scan named = {.collection = &things, .path = store_path_index(&things, "by_name")};
    struct store_scan all = {.collection = &things, .path = STORE_PATH_ID};
    struct store_row row;
    assert_int_equal(ops->begin(f->driver, &session), 0);
    assert_int_equal(ops->scan(session, &named, &by_name), 0);
    assert_int_equal(ops->scan(session, &all, &by_id), 0);
    /* Two cursors of one session are read in turn. */
    assert_int_equal(ops->next(by_name, &row), 1);
    assert_int_equal(row.position.key.type, STORE_TEXT);
    assert_string_equal(row.position.key.text, "");
    assert_int_equal(ops->next(by_id, &row), 1);
    assert_int_equal(row.position.key.type, 0);
    assert_int_equal(thing_number(&row.position.id), 1);
    assert_int_equal(doc_int(&row.doc, "due"), 10);
    assert_int_equal(ops->next(by_name, &row), 1);
    assert_string_equal(row.position.key.text, "B");
    assert_int_equal(doc_int(&row.doc, "due"), 20);
    ops->end(session);
}

/* A time, a switch and a short number are one number each, beside each other. */
static void an_int_may_be_a_time_or_a_switch(void **state)
{
    struct fixture *f = *state;
    for (int n = 1; n <= 4; n++) {
        CLEANUP(bson_destroyp) bson_t *doc = thing_doc(&(struct thing){.n = n, .version = 1});
        if (n == 1)
            BSON_APPEND_DATE_TIME(doc, "due", 10);
        else if (n == 2)
            BSON_APPEND_INT32(doc, "due", 20);
        else if (n == 3)
            BSON_APPEND_BOOL(doc, "due", true);
        else
            BSON_APPEND_INT64(doc, "due", 5);
        struct store_insert_row row = {.doc = doc, .id = thing_id(n), .outcome = E_IO};
        assert_int_equal(f->driver->ops->insert(f->driver, &things, &row, 1), 0);
        assert_int_equal(row.outcome, 0);
    }
    const struct scan_case cases[] = {
        {"by_due", "3 4 1 2", {.batch = 0}},
        {"by_due", "2 1 4 3", {.descending = true}},
        {"by_due", "4 1", {.range = RANGE(store_int(2), store_int(20))}},
        {"by_due", "1 2", {AFTER(store_int(5), 4)}},
    };
    check(f, cases, ARRAY_LEN(cases));
}

static void a_session_sees_one_state(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    const struct store_driver_ops *ops = f->driver->ops;
    struct store_scan all = {.collection = &things, .path = STORE_PATH_ID};
    struct store_session *session;
    struct store_cursor *cursor;
    struct store_row row;
    assert_int_equal(ops->begin(f->driver, &session), 0);
    assert_int_equal(ops->scan(session, &all, &cursor), 0);
    assert_int_equal(ops->next(cursor, &row), 1);
    fixture_insert(f, &(struct thing){.n = 11, .version = 1});
    struct id two = thing_id(2);
    assert_int_equal(ops->remove(f->driver, &things, &two, -1), 0);
    for (int n = 2; n <= 10; n++) {
        assert_int_equal(ops->next(cursor, &row), 1);
        assert_int_equal(thing_number(&row.position.id), n);
    }
    assert_int_equal(ops->next(cursor, &row), 0);
    assert_int_equal(ops->scan(session, &all, &cursor), 0);
    assert_int_equal(ops->next(cursor, &row), 1);
    assert_int_equal(ops->next(cursor, &row), 1);
    assert_int_equal(thing_number(&row.position.id), 2);
    ops->end(session);
}

int scan_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_come_in_order_of_key_and_id),
        TEST(ranges_are_half_open),
        TEST(a_scan_goes_on_strictly_behind_a_position),
        TEST(a_multi_valued_field_finds_a_document_once),
        TEST(a_replaced_document_moves_on_its_paths),
        TEST(rows_carry_their_position_and_document),
        TEST(an_int_may_be_a_time_or_a_switch),
    };
    /* Of engines that promise it. */
    const struct CMUnitTest promised[] = {TEST(a_session_sees_one_state)};
    int failed = cmocka_run_group_tests_name("scan", tests, NULL, NULL);
    if (fixture_engine->snapshots)
        failed += cmocka_run_group_tests_name("snapshots", promised, NULL, NULL);
    return failed;
}
