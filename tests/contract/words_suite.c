/* The words of a document: all of these, the last perhaps a prefix, in order of arrival. */
#include <string.h>

#include "tests/contract/fixture.h"

static const struct thing stored[] = {
    {.n = 1, .arrival = 40, .words = {"duong", "hong", "o", "ga"}},
    {.n = 2, .arrival = 10, .words = {"duong", "den"}},
    {.n = 3, .arrival = 30, .words = {"den", "duong", "hong"}},
    {.n = 4, .arrival = 20, .words = {"duongx"}},
    {.n = 5, .arrival = 50},
    {.n = 6, .arrival = 30, .words = {"жук", "2024", "den"}}, /* an arrival twice */
};

struct words_case {
    const char *words[8];
    const char *expected;
    bool last_is_prefix;
    struct store_scan scan;
};

static void check(struct fixture *f, const struct words_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct store_scan scan = cases[i].scan;
        scan.collection = &things;
        scan.path = STORE_PATH_WORDS;
        scan.words = cases[i].words;
        scan.last_is_prefix = cases[i].last_is_prefix;
        while (scan.n_words < 8 && scan.words[scan.n_words])
            scan.n_words++;
        const char *rows = fixture_scan(f, &scan);
        if (strcmp(rows, cases[i].expected) != 0)
            fail_msg("case %zu: \"%s\" instead of \"%s\"", i, rows, cases[i].expected);
    }
}

static void store_all(struct fixture *f)
{
    for (size_t i = 0; i < ARRAY_LEN(stored); i++) {
        struct thing t = stored[i];
        t.version = 1;
        fixture_insert(f, &t);
    }
}

static void all_words_must_be_there(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    const struct words_case cases[] = {
        {{"duong"}, "2 3 1", false, {.batch = 0}},
        {{"duong"}, "1 3 2", false, {.descending = true}},
        {{"duong", "hong"}, "3 1", false, {.batch = 0}},
        {{"hong", "duong"}, "3 1", false, {.batch = 0}}, /* their order does not count */
        {{"duong", "duong"}, "2 3 1", false, {.batch = 0}},
        {{"den", "ga"}, "", false, {.batch = 0}},
        {{"den"}, "2 3 6", false, {.batch = 0}},
        {{"2024"}, "6", false, {.batch = 0}},
        {{"duo"}, "", false, {.batch = 0}},
        {{"nothing"}, "", false, {.batch = 0}},
        {{"den", "duong", "hong", "den", "duong", "hong", "den", "duong"},
         "3",
         false,
         {.batch = 0}},
    };
    check(f, cases, ARRAY_LEN(cases));
    fixture_reopen(f);
    check(f, cases, ARRAY_LEN(cases));
}

static void only_the_last_may_be_a_prefix(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    const struct words_case cases[] = {
        {{"duo"}, "2 4 3 1", true, {.batch = 0}},
        {{"duong"}, "2 4 3 1", true, {.batch = 0}},
        {{"h"}, "3 1", true, {.batch = 0}},
        {{"den", "d"}, "2 3 6", true, {.batch = 0}}, /* "den" itself begins so */
        {{"du", "den"}, "", true, {.batch = 0}},
        {{"duongxy"}, "", true, {.batch = 0}},
        {{"жу"}, "6", true, {.batch = 0}},
        {{"20"}, "6", true, {.batch = 0}},
    };
    check(f, cases, ARRAY_LEN(cases));
}

static void words_are_data_whatever_they_look_like(void **state)
{
    struct fixture *f = *state;
    fixture_insert(f, &(struct thing){.n = 1, .version = 1, .arrival = 1, .words = {"and", "or"}});
    fixture_insert(f,
                   &(struct thing){.n = 2, .version = 1, .arrival = 2, .words = {"not", "near"}});
    fixture_insert(f, &(struct thing){.n = 3, .version = 1, .arrival = 3, .words = {"a", "or"}});
    const struct words_case cases[] = {
        {{"or"}, "1 3", false, {.batch = 0}},        {{"and", "or"}, "1", false, {.batch = 0}},
        {{"a", "or"}, "3", false, {.batch = 0}},     {{"near"}, "2", false, {.batch = 0}},
        {{"not", "near"}, "2", false, {.batch = 0}}, {{"a", "not"}, "", false, {.batch = 0}},
        {{"a"}, "1 3", true, {.batch = 0}},
    };
    check(f, cases, ARRAY_LEN(cases));
}

static void a_search_goes_on_behind_an_arrival(void **state)
{
    struct fixture *f = *state;
    store_all(f);
#define BEHIND(arrival, n)                                                                         \
    .has_after = true, .after = {.key = store_int(arrival), .id = thing_id(n) }
    const struct words_case cases[] = {
        {{"duong"}, "3 1", false, {BEHIND(10, 2)}},
        {{"duong"}, "1", false, {BEHIND(30, 3)}},
        {{"den"}, "6", false, {BEHIND(30, 3)}}, /* the same arrival: the id decides */
        {{"den"}, "3 2", false, {BEHIND(30, 6), .descending = true}},
        {{"den"}, "2", false, {BEHIND(30, 3), .descending = true}},
        {{"duong"}, "", false, {BEHIND(10, 2), .descending = true}},
    };
    check(f, cases, ARRAY_LEN(cases));
}

static void words_follow_their_document(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    assert_int_equal(
        fixture_replace(
            f, &(struct thing){.n = 1, .version = 2, .arrival = 40, .words = {"ga", "den"}}),
        0);
    assert_int_equal(fixture_replace(f, &(struct thing){.n = 3, .version = 2, .arrival = 30}), 0);
    assert_int_equal(
        fixture_replace(f, &(struct thing){.n = 5, .version = 2, .arrival = 50, .words = {"den"}}),
        0);
    struct id two = thing_id(2);
    assert_int_equal(f->driver->ops->remove(f->driver, &things, &two, 1), 0);
    const struct words_case cases[] = {
        {{"duong"}, "", false, {.batch = 0}}, {{"duong"}, "4", true, {.batch = 0}},
        {{"hong"}, "", false, {.batch = 0}},  {{"den"}, "6 1 5", false, {.batch = 0}},
        {{"ga"}, "1", false, {.batch = 0}},
    };
    check(f, cases, ARRAY_LEN(cases));
    fixture_reopen(f);
    check(f, cases, ARRAY_LEN(cases));
    /* An id that comes again has its new words only. */
    fixture_insert(f, &(struct thing){.n = 2, .version = 1, .arrival = 60, .words = {"moi"}});
    const struct words_case again[] = {
        {{"den"}, "6 1 5", false, {.batch = 0}},
        {{"moi"}, "2", false, {.batch = 0}},
    };
    check(f, again, ARRAY_LEN(again));
}

int words_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_words_must_be_there),
        TEST(only_the_last_may_be_a_prefix),
        TEST(words_are_data_whatever_they_look_like),
        TEST(a_search_goes_on_behind_an_arrival),
        TEST(words_follow_their_document),
    };
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
