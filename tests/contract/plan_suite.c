/* store_scan: conditions become paths, lists become merged sub-scans, pages lead on. */
#include <string.h>

#include "tests/contract/fixture.h"

static const struct id north = {{0xa0, [15] = 101}}, south = {{0xa0, [15] = 102}};

static void insert_all(struct fixture *f, const struct thing *all, size_t n)
{
    struct store_new_doc *docs = arena_array(&f->arena, n, sizeof(*docs));
    for (size_t i = 0; i < n; i++)
        docs[i] = (struct store_new_doc){.id = thing_id(all[i].n), .body = thing_body(&all[i])};
    assert_int_equal(store_insert(f->store, &things, docs, n), 0);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(docs[i].outcome, 0);
        bson_destroy((bson_t *)docs[i].body);
    }
}

static const struct thing stored[] = {
    {.n = 1,
     .state = "open",
     .agency = &north,
     .due = NUM(10),
     .tags = {"road", "water"},
     .amount = NUM(1),
     .words = {"den", "duong"}},
    {.n = 2,
     .state = "new",
     .agency = &north,
     .due = NUM(10),
     .tags = {"road"},
     .amount = NUM(2),
     .words = {"duong"}},
    {.n = 3, .state = "open", .agency = &south, .due = NUM(10), .tags = {"water"}},
    {.n = 4,
     .state = "shut",
     .agency = &south,
     .due = NUM(20),
     .tags = {"road", "water"},
     .amount = NUM(2),
     .words = {"duong"}},
    {.n = 5, .state = "new", .agency = &north, .due = NUM(30), .amount = NUM(1)},
    {.n = 6, .state = "open", .due = NUM(40), .amount = NUM(3)},
};

/* All pages of a query, joined: "1 2|3 4". */
static const char *pages(struct fixture *f, struct store_query *q)
{
    const char *text = "";
    struct store_page page;
    for (int turn = 0; turn < 50; turn++) {
        assert_int_equal(store_scan(f->store, &things, q, &f->arena, &page), 0);
        assert_true(page.n <= q->limit);
        assert_true(page.looked_at <= STORE_LOOK_MAX);
        text = arena_printf(&f->arena, "%s%s%s", text, turn > 0 ? "|" : "", fixture_page(f, &page));
        if (!page.more)
            return text;
        q->has_after = true;
        q->after = page.next;
    }
    fail_msg("the cursor does not come to an end: %s", text);
    return NULL;
}

/* The same rows whatever the size of a page: commas of pages are taken out. */
static void assert_rows(struct fixture *f, const struct store_query *query, const char *expected)
{
    const size_t limits[] = {STORE_LIMIT_MAX, 3, 2, 1};
    for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
        struct store_query q = *query;
        q.limit = limits[i];
        const char *text = pages(f, &q);
        char *flat = arena_alloc(&f->arena, strlen(text) + 1), *end = flat;
        for (const char *at = text; *at; at++) {
            char c = *at == '|' ? ' ' : *at;
            if (c != ' ' || (end > flat && end[-1] != ' '))
                *end++ = c;
        }
        if (end > flat && end[-1] == ' ')
            end--;
        *end = '\0';
        if (strcmp(flat, expected) != 0)
            fail_msg("limit %zu: \"%s\" instead of \"%s\"", limits[i], text, expected);
    }
}

static const struct store_value states[] = {{.type = STORE_TEXT, .text = "open"},
                                            {.type = STORE_TEXT, .text = "new"}};
static const struct store_value tags[] = {{.type = STORE_TEXT, .text = "road"},
                                          {.type = STORE_TEXT, .text = "water"}};

static void lists_merge_in_order(void **state)
{
    struct fixture *f = *state;
    insert_all(f, stored, ARRAY_LEN(stored));
    const struct store_condition in_states = {
        .field = "state", .op = STORE_IN, .values = states, .n_values = 2};
    struct store_query q = {.conditions = &in_states, .n_conditions = 1, .order = "due"};
    assert_rows(f, &q, "1 2 3 5 6");
    q.descending = true;
    assert_rows(f, &q, "6 5 3 2 1");
}

static void a_list_on_a_multi_valued_field_finds_a_document_once(void **state)
{
    struct fixture *f = *state;
    insert_all(f, stored, ARRAY_LEN(stored));
    const struct store_condition in_tags = {
        .field = "tag", .op = STORE_IN, .values = tags, .n_values = 2};
    struct store_query q = {.conditions = &in_tags, .n_conditions = 1, .order = "due"};
    assert_rows(f, &q, "1 2 3 4");
    q.descending = true;
    assert_rows(f, &q, "4 3 2 1");
}

static void ranges_and_lists_together(void **state)
{
    struct fixture *f = *state;
    insert_all(f, stored, ARRAY_LEN(stored));
    const struct store_range ranges[] = {
        {.has_high = true, .high = {.type = STORE_INT, .number = 11}},
        {.has_low = true, .low = {.type = STORE_INT, .number = 30}},
    };
    const struct store_condition conditions[] = {
        {.field = "state", .op = STORE_IN, .values = states, .n_values = 2},
        {.field = "due", .op = STORE_BETWEEN, .ranges = ranges, .n_ranges = 2},
        {.field = "amount", .op = STORE_EQ, .values = (struct store_value[]){store_int(1)}},
    };
    struct store_query q = {.conditions = conditions, .n_conditions = 2, .order = "due"};
    assert_rows(f, &q, "1 2 3 5 6");
    q.n_conditions = 3; /* residual */
    assert_rows(f, &q, "1 5");
    q.descending = true;
    assert_rows(f, &q, "5 1");
}

static void residual_ranges_are_half_open(void **state)
{
    struct fixture *f = *state;
    insert_all(f, stored, ARRAY_LEN(stored));
    const struct store_range ranges[] = {
        {.has_high = true, .high = {.type = STORE_INT, .number = 2}},
        {.has_low = true, .low = {.type = STORE_INT, .number = 3}},
    };
    const struct store_condition condition = {
        .field = "amount", .op = STORE_BETWEEN, .ranges = ranges, .n_ranges = 2};
    struct store_query q = {.conditions = &condition, .n_conditions = 1, .order = "due"};
    assert_rows(f, &q, "1 5 6"); /* 2 and 4 have the amount 2, 3 has none */
}

static void words_come_by_arrival(void **state)
{
    struct fixture *f = *state;
    insert_all(f, stored, ARRAY_LEN(stored));
    const char *const wanted[] = {"duo"};
    const struct store_condition conditions[] = {
        {.field = "words", .op = STORE_HAS, .words = wanted, .n_words = 1, .last_is_prefix = true},
        {.field = "amount", .op = STORE_EQ, .values = (struct store_value[]){store_int(2)}},
    };
    struct store_query q = {.conditions = conditions, .n_conditions = 1};
    assert_rows(f, &q, "1 2 4");
    q.descending = true;
    assert_rows(f, &q, "4 2 1");
    q.n_conditions = 2;
    assert_rows(f, &q, "4 2");
}

static bool has_odd_amount(const bson_t *doc, void *ctx)
{
    (void)ctx;
    return doc_int(doc, "amount") % 2 == 1;
}

static void all_documents_come_by_id(void **state)
{
    struct fixture *f = *state;
    insert_all(f, stored, ARRAY_LEN(stored));
    struct store_query q = {.order = "_id"};
    assert_rows(f, &q, "1 2 3 4 5 6");
    q.keep = has_odd_amount;
    assert_rows(f, &q, "1 5 6");
    q.descending = true;
    assert_rows(f, &q, "6 5 1");
}

static void what_no_path_serves_is_refused(void **state)
{
    struct fixture *f = *state;
    insert_all(f, stored, ARRAY_LEN(stored));
    const char *const wanted[] = {"duong"};
    const struct store_condition words = {
        .field = "words", .op = STORE_HAS, .words = wanted, .n_words = 1};
    const struct store_condition no_range = {.field = "due", .op = STORE_BETWEEN};
    const struct store_condition wrong_type = {
        .field = "due", .op = STORE_EQ, .values = states, .n_values = 1};
    const struct store_condition unknown_field = {
        .field = "colour", .op = STORE_EQ, .values = states, .n_values = 1};
    const struct store_query refused[] = {
        {.order = "amount", .limit = 10},
        {.order = "category", .limit = 10, .descending = true},
        {.order = "due", .limit = 10, .conditions = &words, .n_conditions = 1},
        {.order = "tag", .limit = 10},
    };
    struct store_page page;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        if (store_scan(f->store, &things, &refused[i], &f->arena, &page) != E_PLAN)
            fail_msg("query %zu is not refused", i);
    const struct store_query invalid[] = {
        {.order = "due", .limit = 0},
        {.order = "due", .limit = STORE_LIMIT_MAX + 1},
        {.order = "due", .limit = 10, .conditions = &no_range, .n_conditions = 1},
        {.order = "due", .limit = 10, .conditions = &wrong_type, .n_conditions = 1},
        {.order = "due", .limit = 10, .conditions = &unknown_field, .n_conditions = 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(invalid); i++)
        if (store_scan(f->store, &things, &invalid[i], &f->arena, &page) != E_INVALID)
            fail_msg("query %zu is not refused", i);
}

/* Only the last of many documents fits: the pages before it are empty, and lead there. */
static void a_long_search_gives_short_pages_that_lead_on(void **state)
{
    struct fixture *f = *state;
    enum { MANY = STORE_LOOK_MAX + STORE_LOOK_MAX / 4 };
    static const int64_t wanted = 1, unwanted = 2;
    struct thing *many = arena_array(&f->arena, MANY, sizeof(*many));
    int64_t *dues = arena_array(&f->arena, MANY, sizeof(*dues));
    for (int i = 0; i < MANY; i++) {
        dues[i] = i / 3;
        many[i] = (struct thing){.n = i + 1,
                                 .state = i % 2 ? "open" : "new",
                                 .due = &dues[i],
                                 .amount = i + 1 == MANY ? &wanted : &unwanted};
    }
    insert_all(f, many, MANY);

    const struct store_condition conditions[] = {
        {.field = "amount", .op = STORE_EQ, .values = (struct store_value[]){store_int(1)}},
        {.field = "state", .op = STORE_IN, .values = states, .n_values = 2},
    };
    for (size_t n = 1; n <= ARRAY_LEN(conditions); n++) {
        struct store_query q = {
            .conditions = conditions, .n_conditions = n, .order = "due", .limit = 10};
        struct store_page page;
        assert_int_equal(store_scan(f->store, &things, &q, &f->arena, &page), 0);
        assert_int_equal(page.n, 0);
        assert_true(page.more);
        assert_true(page.looked_at > STORE_LOOK_MAX / 2 && page.looked_at <= STORE_LOOK_MAX);
        const char *expected = arena_printf(&f->arena, "|%d", MANY);
        assert_string_equal(pages(f, &q), expected);
    }
}

int plan_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lists_merge_in_order),
        TEST(a_list_on_a_multi_valued_field_finds_a_document_once),
        TEST(ranges_and_lists_together),
        TEST(residual_ranges_are_half_open),
        TEST(words_come_by_arrival),
        TEST(all_documents_come_by_id),
        TEST(what_no_path_serves_is_refused),
        TEST(a_long_search_gives_short_pages_that_lead_on),
    };
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
