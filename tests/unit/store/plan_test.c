/* Which path a query takes, and in how many sub-scans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "store/plan.h"

static const struct store_collection cases = {
    .name = "cases",
    .form = 1,
    .fields = (const struct store_field[]){{"state", "state", STORE_TEXT, false},
                                           {"agency", "agency", STORE_TEXT, false},
                                           {"due", "due", STORE_INT, false},
                                           {"cost", "cost", STORE_INT, false},
                                           {"tag", "tags", STORE_TEXT, true},
                                           {"words", "words", STORE_WORDS, false}},
    .n_fields = 6,
    .paths = (const struct store_path[]){{"all", "why", {NULL}, "due", {"cost"}},
                                         {"by_state", "why", {"state"}, "due", {"cost"}},
                                         {"by_agency", "why", {"agency"}, "due", {NULL}},
                                         {"by_both", "why", {"agency", "state"}, "due", {NULL}},
                                         {"by_tag", "why", {"tag"}, NULL, {"cost"}}},
    .n_paths = 5,
};

static const struct store_value letters[STORE_SUBSCANS_MAX + 1] = {
    [0 ... STORE_SUBSCANS_MAX] = {.type = STORE_TEXT, .text = "a"}};
static const struct store_range low_and_high[] = {
    {.has_high = true, .high = {.type = STORE_INT, .number = 5}},
    {.has_low = true, .low = {.type = STORE_INT, .number = 5}},
};
static const char *const one_word[] = {"den"};

static struct store_condition eq(const char *field)
{
    return (struct store_condition){.field = field, .op = STORE_EQ, .values = letters};
}
static struct store_condition in(const char *field, size_t n)
{
    return (struct store_condition){
        .field = field, .op = STORE_IN, .values = letters, .n_values = n};
}
static struct store_condition between(const char *field)
{
    return (struct store_condition){
        .field = field, .op = STORE_BETWEEN, .ranges = low_and_high, .n_ranges = 2};
}
static struct store_condition has(void)
{
    return (struct store_condition){
        .field = "words", .op = STORE_HAS, .words = one_word, .n_words = 1};
}

#define NAMED(name) store_path_index(&cases, name)

struct choice {
    const char *what, *order;
    struct store_condition conditions[4];
    size_t n;
    int result, path;
    size_t sub_scans;
    uint32_t used;
};

static void assert_choice(const struct choice *wanted)
{
    const struct store_query q = {.conditions = wanted->conditions,
                                  .n_conditions = wanted->n,
                                  .order = wanted->order,
                                  .limit = 10};
    struct plan p = {0};
    int r = plan_choose(&cases, &q, &p);
    if (r != wanted->result)
        fail_msg("%s: %d", wanted->what, r);
    if (r == 0 &&
        (p.path != wanted->path || p.sub_scans != wanted->sub_scans || p.used != wanted->used))
        fail_msg("%s: path %d, %zu sub-scans, used %x", wanted->what, p.path, p.sub_scans, p.used);
}

static void queries_take_the_path_that_binds_most(void **state)
{
    (void)state;
    const struct choice all[] = {
        {"none", "due", {{0}}, 0, 0, NAMED("all"), 1, 0},
        {"one", "due", {eq("state")}, 1, 0, NAMED("by_state"), 1, 1},
        {"both", "due", {eq("state"), eq("agency")}, 2, 0, NAMED("by_both"), 1, 3},
        {"residual", "due", {eq("tag"), eq("state")}, 2, 0, NAMED("by_state"), 1, 2},
        {"a field twice", "due", {eq("state"), in("state", 2)}, 2, 0, NAMED("by_state"), 1, 1},
        {"by id", "_id", {eq("tag")}, 1, 0, NAMED("by_tag"), 1, 1},
        {"sweep", "_id", {{0}}, 0, 0, STORE_PATH_ID, 1, 0},
        {"words", NULL, {eq("state"), has()}, 2, 0, STORE_PATH_WORDS, 1, 2},
    };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        assert_choice(&all[i]);
}

static void lists_and_ranges_multiply(void **state)
{
    (void)state;
    const struct store_condition range = between("due"), too_long = in("state", 65);
    const struct choice all[] = {
        {"lists", "due", {in("state", 3), in("agency", 4)}, 2, 0, NAMED("by_both"), 12, 3},
        {"ranges", "due", {in("state", 3), range}, 2, 0, NAMED("by_state"), 6, 3},
        {"enough", "due", {in("state", 8), in("agency", 4), range}, 3, 0, NAMED("by_both"), 64, 7},
        {"fewest", "due", {in("state", 9), in("agency", 8)}, 2, 0, NAMED("by_agency"), 8, 2},
        {"too long", "due", {too_long}, 1, 0, NAMED("all"), 1, 0},
        {"an empty list", "due", {in("state", 0)}, 1, 0, NAMED("by_state"), 0, 1},
        {"not the order", "due", {eq("state"), between("cost")}, 2, 0, NAMED("by_state"), 1, 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        assert_choice(&all[i]);
}

static void what_no_path_serves_is_refused(void **state)
{
    (void)state;
    const struct choice all[] = {
        {"no such order", "cost", {eq("state")}, 1, E_PLAN, 0, 0, 0},
        {"words in another order", "due", {has()}, 1, E_PLAN, 0, 0, 0},
        {"no order, no words", NULL, {eq("state")}, 1, E_PLAN, 0, 0, 0},
        {"a sweep with a condition", "_id", {eq("state")}, 1, E_PLAN, 0, 0, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        assert_choice(&all[i]);
}

static void malformed_queries_are_invalid(void **state)
{
    (void)state;
    const struct store_value number = store_int(1);
    const struct store_value no_text = {.type = STORE_TEXT};
    const struct store_range overlapping[] = {
        {.has_low = true, .has_high = true, .low = store_int(1), .high = store_int(5)},
        {.has_low = true, .has_high = true, .low = store_int(4), .high = store_int(9)},
    };
    const struct store_range open_middle[] = {
        {.has_low = true, .low = store_int(1)},
        {.has_low = true, .has_high = true, .low = store_int(4), .high = store_int(9)},
    };
    const struct store_range text_range[] = {{.has_low = true, .low = store_text("a")}};
    const char *const words[9] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    const struct store_condition conditions[] = {
        {.field = "colour", .op = STORE_EQ, .values = letters},
        {.field = "state", .op = 0, .values = letters},
        {.field = "state", .op = STORE_EQ, .values = &number},
        {.field = "state", .op = STORE_EQ, .values = &no_text},
        {.field = "words", .op = STORE_EQ, .values = letters},
        {.field = "state", .op = STORE_HAS, .words = words, .n_words = 1},
        {.field = "words", .op = STORE_HAS, .words = words, .n_words = 0},
        {.field = "words", .op = STORE_HAS, .words = words, .n_words = 9},
        {.field = "due", .op = STORE_BETWEEN, .ranges = overlapping, .n_ranges = 2},
        {.field = "due", .op = STORE_BETWEEN, .ranges = open_middle, .n_ranges = 2},
        {.field = "due", .op = STORE_BETWEEN, .ranges = text_range, .n_ranges = 1},
        {.field = "due", .op = STORE_BETWEEN},
    };
    struct plan p;
    for (size_t i = 0; i < ARRAY_LEN(conditions); i++) {
        const struct store_query q = {
            .conditions = &conditions[i], .n_conditions = 1, .order = "due", .limit = 10};
        if (plan_choose(&cases, &q, &p) != E_INVALID)
            fail_msg("condition %zu is taken", i);
        const struct store_tally_query t = {.conditions = &conditions[i], .n_conditions = 1};
        if (plan_choose_tally(&cases, &t, &p) != E_INVALID)
            fail_msg("condition %zu is tallied", i);
    }
    const struct store_query limits[] = {{.order = "due", .limit = 0},
                                         {.order = "due", .limit = STORE_LIMIT_MAX + 1},
                                         {.order = "due", .limit = 1, .n_conditions = 13}};
    for (size_t i = 0; i < ARRAY_LEN(limits); i++)
        assert_int_equal(plan_choose(&cases, &limits[i], &p), E_INVALID);
}

/* Unlike a query, a tally has nothing left over. */
static void a_tally_is_answered_by_its_path_alone(void **state)
{
    (void)state;
    const struct {
        const char *what;
        struct store_tally_query query;
        struct store_condition conditions[2];
        int result, path;
        size_t sub_scans;
    } rows[] = {
        {"sum", {.n_conditions = 1, .sum = "cost"}, {in("state", 3)}, 0, NAMED("by_state"), 3},
        {"group",
         {.n_conditions = 1, .group = {"state", "cost", "due"}},
         {eq("state")},
         0,
         NAMED("by_state"),
         1},
        {"range", {.n_conditions = 2}, {eq("state"), between("due")}, 0, NAMED("by_state"), 2},
        {"one tag", {.n_conditions = 1, .sum = "cost"}, {eq("tag")}, 0, NAMED("by_tag"), 1},
        {"any of two tags would count twice", {.n_conditions = 1}, {in("tag", 2)}, E_PLAN, 0, 0},
        {"not carried", {.n_conditions = 1, .sum = "cost"}, {eq("agency")}, E_PLAN, 0, 0},
        {"residual", {.n_conditions = 2}, {eq("state"), eq("tag")}, E_PLAN, 0, 0},
        {"twice", {.n_conditions = 2}, {eq("state"), eq("state")}, E_PLAN, 0, 0},
        {"a group of several values",
         {.n_conditions = 1, .group = {"tag"}},
         {eq("tag")},
         E_PLAN,
         0,
         0},
        {"a sum of text", {.n_conditions = 1, .sum = "state"}, {eq("state")}, E_INVALID, 0, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct store_tally_query q = rows[i].query;
        q.conditions = rows[i].conditions;
        struct plan p = {0};
        int r = plan_choose_tally(&cases, &q, &p);
        if (r != rows[i].result ||
            (r == 0 && (p.path != rows[i].path || p.sub_scans != rows[i].sub_scans)))
            fail_msg("%s: %d, path %d, %zu tallies", rows[i].what, r, p.path, p.sub_scans);
    }
}

static void combinations_are_all_different(void **state)
{
    (void)state;
    const struct store_value states[] = {store_text("a"), store_text("b"), store_text("c")};
    const struct store_value agencies[] = {store_text("x"), store_text("y")};
    const struct store_condition conditions[] = {
        {.field = "state", .op = STORE_IN, .values = states, .n_values = 3},
        {.field = "agency", .op = STORE_IN, .values = agencies, .n_values = 2},
    };
    const struct store_query q = {
        .conditions = conditions, .n_conditions = 2, .order = "due", .limit = 1};
    struct plan p;
    assert_int_equal(plan_choose(&cases, &q, &p), 0);
    assert_int_equal(plan_combinations(&p), 6);
    bool seen[2][3] = {{false}};
    for (size_t i = 0; i < 6; i++) {
        struct store_value equals[STORE_EQUALS_MAX];
        plan_equals(&p, i, equals); /* in the path's order: agency, state */
        bool *s = &seen[equals[0].text[0] - 'x'][equals[1].text[0] - 'a'];
        assert_false(*s);
        *s = true;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queries_take_the_path_that_binds_most),
        cmocka_unit_test(lists_and_ranges_multiply),
        cmocka_unit_test(what_no_path_serves_is_refused),
        cmocka_unit_test(malformed_queries_are_invalid),
        cmocka_unit_test(a_tally_is_answered_by_its_path_alone),
        cmocka_unit_test(combinations_are_all_different),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
