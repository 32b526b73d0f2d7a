/* insert, get, replace, remove, counters: every outcome, through the driver. */
#include <string.h>

#include "tests/contract/fixture.h"

static bson_t *get(struct fixture *f, int n)
{
    struct id id = thing_id(n);
    bson_t *doc = NULL;
    assert_int_equal(f->driver->ops->get(f->driver, &things, &id, &doc), 0);
    return doc;
}

static void assert_absent(struct fixture *f, const struct store_collection *c, int n)
{
    struct id id = thing_id(n);
    bson_t *doc = NULL;
    assert_int_equal(f->driver->ops->get(f->driver, c, &id, &doc), STORE_ABSENT);
}

static void insert_then_get_gives_the_same_bytes(void **state)
{
    struct fixture *f = *state;
    struct thing t = {.n = 1, .version = 1, .state = "open", .due = NUM(INT64_MIN)};
    CLEANUP(bson_destroyp) bson_t *doc = thing_doc(&t);
    bson_t strange;
    BSON_APPEND_DOCUMENT_BEGIN(doc, "strange", &strange);
    BSON_APPEND_DOUBLE(&strange, "d", 0.1);
    BSON_APPEND_UTF8(&strange, "empty", "");
    bson_append_utf8(&strange, "nul", -1, "a\0b", 3);
    BSON_APPEND_REGEX(&strange, "re", "^a", "i");
    BSON_APPEND_NULL(&strange, "null");
    BSON_APPEND_BINARY(&strange, "bytes", BSON_SUBTYPE_BINARY, (const uint8_t *)"\0\xff", 2);
    bson_append_document_end(doc, &strange);

    struct store_insert_row row = {.doc = doc, .id = thing_id(1), .outcome = E_IO};
    assert_int_equal(f->driver->ops->insert(f->driver, &things, &row, 1), 0);
    assert_int_equal(row.outcome, 0);
    fixture_reopen(f);
    CLEANUP(bson_destroyp) bson_t *stored = get(f, 1);
    assert_true(bson_equal(stored, doc));
}

static void a_large_document_is_stored_whole(void **state)
{
    struct fixture *f = *state;
    struct thing t = {.n = 1, .version = 1, .state = "open", .due = NUM(1)};
    CLEANUP(bson_destroyp) bson_t *doc = thing_doc(&t);
    size_t room = STORE_DOC_MAX - doc->len - 64;
    char *filler = arena_alloc(&f->arena, room + 1);
    memset(filler, 'x', room);
    BSON_APPEND_UTF8(doc, "filler", filler);
    struct store_insert_row row = {.doc = doc, .id = thing_id(1)};
    assert_int_equal(f->driver->ops->insert(f->driver, &things, &row, 1), 0);
    assert_int_equal(row.outcome, 0);
    CLEANUP(bson_destroyp) bson_t *stored = get(f, 1);
    assert_true(bson_equal(stored, doc));
}

static void each_row_of_an_insert_has_its_own_outcome(void **state)
{
    struct fixture *f = *state;
    fixture_insert(f, &(struct thing){.n = 2, .version = 7});
    struct store_insert_row rows[4];
    int numbers[] = {1, 2, 3, 1};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        rows[i] = (struct store_insert_row){
            .doc = thing_doc(&(struct thing){.n = numbers[i], .version = (int64_t)i + 1}),
            .id = thing_id(numbers[i]),
            .outcome = E_IO,
        };
    assert_int_equal(f->driver->ops->insert(f->driver, &things, rows, ARRAY_LEN(rows)), 0);
    int outcomes[] = {0, STORE_EXISTS, 0, STORE_EXISTS};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(rows[i].outcome, outcomes[i]);
        bson_destroy((bson_t *)rows[i].doc);
    }
    int64_t versions[] = {1, 7, 3};
    for (int n = 1; n <= 3; n++) {
        CLEANUP(bson_destroyp) bson_t *stored = get(f, n);
        assert_int_equal(doc_int(stored, "version"), versions[n - 1]);
    }
}

static void ids_are_unique_within_a_collection_only(void **state)
{
    struct fixture *f = *state;
    fixture_insert(f, &(struct thing){.n = 1, .version = 1});
    assert_absent(f, &plain, 1);
    CLEANUP(bson_destroyp) bson_t *doc = thing_doc(&(struct thing){.n = 1, .version = 1});
    struct store_insert_row row = {.doc = doc, .id = thing_id(1), .outcome = E_IO};
    assert_int_equal(f->driver->ops->insert(f->driver, &plain, &row, 1), 0);
    assert_int_equal(row.outcome, 0);
}

static void replace_compares_and_swaps(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(fixture_replace(f, &(struct thing){.n = 1, .version = 2}), STORE_ABSENT);
    fixture_insert(f, &(struct thing){.n = 1, .version = 1, .state = "open", .due = NUM(1)});
    assert_int_equal(fixture_replace(f, &(struct thing){.n = 1, .version = 3}), STORE_CONFLICT);
    assert_int_equal(fixture_replace(f, &(struct thing){.n = 1, .version = 1}), STORE_CONFLICT);
    assert_int_equal(fixture_replace(f, &(struct thing){.n = 1, .version = 2, .state = "shut"}), 0);
    CLEANUP(bson_destroyp) bson_t *stored = get(f, 1);
    CLEANUP(bson_destroyp)
    bson_t *expected = thing_doc(&(struct thing){.n = 1, .version = 2, .state = "shut"});
    assert_true(bson_equal(stored, expected));
}

static void remove_compares_versions_or_takes_any(void **state)
{
    struct fixture *f = *state;
    const struct store_driver_ops *ops = f->driver->ops;
    struct id one = thing_id(1), two = thing_id(2);
    fixture_insert(f, &(struct thing){.n = 1, .version = 5});
    fixture_insert(f, &(struct thing){.n = 2, .version = 5});
    assert_int_equal(ops->remove(f->driver, &things, &one, 4), STORE_CONFLICT);
    assert_int_equal(ops->remove(f->driver, &things, &one, 5), 0);
    assert_int_equal(ops->remove(f->driver, &things, &one, 5), STORE_ABSENT);
    assert_int_equal(ops->remove(f->driver, &things, &one, -1), STORE_ABSENT);
    assert_int_equal(ops->remove(f->driver, &things, &two, -1), 0);
    assert_absent(f, &things, 1);
    assert_absent(f, &things, 2);
    fixture_insert(f, &(struct thing){.n = 1, .version = 1});
    fixture_reopen(f);
    assert_absent(f, &things, 2);
    CLEANUP(bson_destroyp) bson_t *again = get(f, 1);
    assert_int_equal(doc_int(again, "version"), 1);
}

static void counters_start_at_nothing_and_last(void **state)
{
    struct fixture *f = *state;
    int64_t value = -1;
    struct {
        const char *name;
        int64_t by, value;
    } steps[] = {
        {"reports/2026", 1, 1},        {"reports/2026", 1, 2},   {"reports/2027", 10, 10},
        {"reports/2026", 0, 2},        {"reports/2026", -5, -3}, {"", 4, 4},
        {"đơn", INT64_MAX, INT64_MAX},
    };
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        assert_int_equal(f->driver->ops->bump(f->driver, steps[i].name, steps[i].by, &value), 0);
        assert_int_equal(value, steps[i].value);
    }
    fixture_reopen(f);
    assert_int_equal(f->driver->ops->bump(f->driver, "reports/2026", 1, &value), 0);
    assert_int_equal(value, -2);
}

static void it_answers_a_ping(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(store_ping(f->store), 0);
    assert_int_equal(store_exclusive(f->store), f->driver->exclusive);
}

int documents_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(insert_then_get_gives_the_same_bytes),
        TEST(a_large_document_is_stored_whole),
        TEST(each_row_of_an_insert_has_its_own_outcome),
        TEST(ids_are_unique_within_a_collection_only),
        TEST(replace_compares_and_swaps),
        TEST(remove_compares_versions_or_takes_any),
        TEST(counters_start_at_nothing_and_last),
        TEST(it_answers_a_ping),
    };
    return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
