/* Counts and sums, through the driver and through the store. */
#include <stdlib.h>
#include <string.h>

#include "tests/contract/fixture.h"

static const struct id north = {{0xa0, [15] = 101}};

static const struct thing stored[] = {
    {.n = 1, .state = "open", .due = NUM(10), .amount = NUM(5), .category = "c1", .agency = &north},
    {.n = 2, .state = "open", .due = NUM(20), .amount = NUM(7), .category = "c2", .agency = &north},
    {.n = 3,
     .state = "open",
     .due = NUM(20),
     .amount = NUM(-9),
     .category = "c1",
     .tags = {"road", "road", "water"}},
    {.n = 4, .state = "open", .due = NUM(20), .category = "c1", .tags = {"road"}},
    {.n = 5, .state = "open", .due = NUM(30), .amount = NUM(1), .tags = {"road"}},
    {.n = 6, .state = "open", .amount = NUM(100), .category = "c1"}, /* not on the path */
    {.n = 7, .state = "closed", .due = NUM(20), .amount = NUM(3), .category = "c2"},
};

static void store_all(struct fixture *f)
{
    for (size_t i = 0; i < ARRAY_LEN(stored); i++) {
        struct thing t = stored[i];
        t.version = 1;
        fixture_insert(f, &t);
    }
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *value_text(struct arena *a, const struct store_value *v)
{
    char id[ID_TEXT];
    switch ((int)v->type) {
    case STORE_INT:
        return arena_printf(a, "%lld", (long long)v->number);
    case STORE_TEXT:
        return v->text;
    case STORE_ID:
        return arena_printf(a, "#%d", thing_number(&v->id));
    default:
        return id_is_nil(&v->id) ? "-" : id_format(&v->id, id);
    }
}

/* "c1/10=2:5 …": group values, count and sum, sorted, since rows come in no particular order. */
static const char *tally_text(struct arena *a, const struct store_tally_row *rows, size_t n,
                              size_t n_group)
{
    const char **lines = arena_array(a, n, sizeof(*lines));
    for (size_t i = 0; i < n; i++) {
        lines[i] = "";
        for (size_t g = 0; g < n_group; g++)
            lines[i] = arena_printf(a, "%s%s%s", lines[i], g > 0 ? "/" : "",
                                    value_text(a, &rows[i].group[g]));
        lines[i] = arena_printf(a, "%s=%lld", lines[i], (long long)rows[i].count);
        if (engine_sums(fixture_engine))
            lines[i] = arena_printf(a, "%s:%lld", lines[i], (long long)rows[i].sum);
    }
    if (n > 0)
        qsort(lines, n, sizeof(*lines), compare_texts);
    const char *text = "";
    for (size_t i = 0; i < n; i++)
        text = arena_printf(a, "%s%s%s", text, i > 0 ? " " : "", lines[i]);
    return text;
}

/* What is expected of this engine: without the ":5" where it does not add up. */
static const char *expected_text(struct arena *a, const char *text)
{
    if (engine_sums(fixture_engine))
        return text;
    char *out = arena_strdup(a, text);
    size_t n = 0;
    for (const char *at = text; *at; at += *at == ':' ? 1 + strcspn(at + 1, " ") : 1) {
        if (*at != ':')
            out[n++] = *at;
    }
    out[n] = '\0';
    return out;
}

struct tally_case {
    const char *path;
    struct store_value equals;
    struct store_range range;
    const char *group[3];
    const char *sum;
    const char *expected;
};

#define BETWEEN(lo, hi)                                                                            \
    {                                                                                              \
        .has_low = true, .has_high = true, .low = store_int(lo), .high = store_int(hi)             \
    }

static void groups_are_counted_and_summed(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    const struct store_value open = store_text("open"), road = store_text("road");
    const struct tally_case cases[] = {
        {"by_state", open, {0}, {NULL}, NULL, "=5:0"},
        {"by_state", open, {0}, {NULL}, "amount", "=5:4"},
        {"by_state", open, {0}, {"category"}, "amount", "-=1:1 c1=3:-4 c2=1:7"},
        {"by_state", open, {0}, {"state"}, NULL, "open=5:0"},
        {"by_state", open, {0}, {"due"}, "due", "10=1:10 20=3:60 30=1:30"},
        {"by_state", open, {0}, {"agency"}, NULL, "#101=2:0 -=3:0"},
        {"by_state",
         open,
         {0},
         {"category", "due"},
         NULL,
         "-/30=1:0 c1/10=1:0 c1/20=2:0 c2/20=1:0"},
        {"by_state",
         open,
         {0},
         {"category", "amount", "due"},
         NULL,
         "-/1/30=1:0 c1/-/20=1:0 c1/-9/20=1:0 c1/5/10=1:0 c2/7/20=1:0"},
        {"by_state", open, BETWEEN(20, 30), {"category"}, "amount", "c1=2:-9 c2=1:7"},
        {"by_state", open, BETWEEN(31, 99), {"category"}, NULL, ""},
        {"by_state", store_text("gone"), {0}, {"category"}, NULL, ""},
        {"by_tag", road, {0}, {"category"}, NULL, "-=1:0 c1=2:0"},
        {"by_due", {0}, {0}, {"state"}, "amount", "closed=1:3 open=5:4"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct tally_case *c = &cases[i];
        struct store_tally t = {
            .collection = &things,
            .path = store_path_index(&things, c->path),
            .equals = {c->equals},
            .range = c->range,
            .sum = c->sum ? store_field_index(&things, c->sum) : -1,
        };
        while (t.n_group < 3 && c->group[t.n_group]) {
            t.group[t.n_group] = store_field_index(&things, c->group[t.n_group]);
            t.n_group++;
        }
        struct store_tally_row *rows;
        size_t n;
        assert_int_equal(
            f->driver->ops->tally(f->driver, &t, STORE_TALLY_MAX, &f->arena, &rows, &n), 0);
        const char *text = tally_text(&f->arena, rows, n, t.n_group);
        const char *expected = expected_text(&f->arena, c->expected);
        if (strcmp(text, expected) != 0)
            fail_msg("case %zu: \"%s\" instead of \"%s\"", i, text, expected);
    }
}

static void too_many_groups_are_refused(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    struct store_tally t = {.collection = &things,
                            .path = store_path_index(&things, "by_state"),
                            .equals = {store_text("open")},
                            .group = {store_field_index(&things, "due")},
                            .n_group = 1,
                            .sum = -1};
    struct store_tally_row *rows;
    size_t n;
    assert_int_equal(f->driver->ops->tally(f->driver, &t, 3, &f->arena, &rows, &n), 0);
    assert_int_equal(n, 3);
    assert_int_equal(f->driver->ops->tally(f->driver, &t, 2, &f->arena, &rows, &n), E_FULL);
}

/* Through the store: `in` becomes several tallies whose groups are added together. */
static void the_store_merges_the_tallies_of_a_list(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    const struct store_value states[] = {store_text("open"), store_text("closed")};
    const struct store_range ranges[] = {BETWEEN(10, 11), BETWEEN(20, 21)};
    const struct store_condition conditions[] = {
        {.field = "state", .op = STORE_IN, .values = states, .n_values = 2},
        {.field = "due", .op = STORE_BETWEEN, .ranges = ranges, .n_ranges = 1},
    };
    struct store_tally_query q = {
        .conditions = conditions, .n_conditions = 1, .group = {"category"}, .sum = "amount"};
    struct store_tally_row *rows;
    size_t n;
    assert_int_equal(store_tally(f->store, &things, &q, &f->arena, &rows, &n), 0);
    assert_string_equal(tally_text(&f->arena, rows, n, 1),
                        expected_text(&f->arena, "-=1:1 c1=3:-4 c2=2:10"));
    q.n_conditions = 2;
    assert_int_equal(store_tally(f->store, &things, &q, &f->arena, &rows, &n), 0);
    assert_string_equal(tally_text(&f->arena, rows, n, 1), expected_text(&f->arena, "c1=1:5"));
    q.group[0] = "name";
    assert_int_equal(store_tally(f->store, &things, &q, &f->arena, &rows, &n), E_PLAN);
}

static void a_value_listed_twice_counts_once(void **state)
{
    struct fixture *f = *state;
    store_all(f);
    const struct store_value states[] = {store_text("open"), store_text("closed"),
                                         store_text("open")};
    const struct store_condition in_states = {
        .field = "state", .op = STORE_IN, .values = states, .n_values = ARRAY_LEN(states)};
    struct store_tally_query q = {.conditions = &in_states, .n_conditions = 1, .sum = "amount"};
    struct store_tally_row *rows;
    size_t n;
    assert_int_equal(store_tally(f->store, &things, &q, &f->arena, &rows, &n), 0);
    assert_string_equal(tally_text(&f->arena, rows, n, 0), expected_text(&f->arena, "=6:7"));
}

int tally_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(groups_are_counted_and_summed),
        TEST(too_many_groups_are_refused),
        TEST(the_store_merges_the_tallies_of_a_list),
        TEST(a_value_listed_twice_counts_once),
    };
    return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
