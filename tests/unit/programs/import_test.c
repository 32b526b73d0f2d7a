/* Imports: all rows or none, every fault where it is, and repeated without effect. */
#include "tests/unit/programs/world.h"

#include "domain/agency/import.h"

typedef int (*import_fn)(const struct import_world *w, const json_t *rows, struct arena *a,
                         struct import_result *ret);

static int import(struct world *w, import_fn fn, const char *text, bool only_check,
                  struct import_result *ret)
{
    json_error_t error;
    json_t *rows = json_loads(text, 0, &error);
    assert_non_null(rows);
    const struct catalogue *c = catalogue_ref(w->app.catalogue);
    const struct import_world world = {
        .store = w->stores.data, .catalogue = c, .areas = w->areas, .only_check = only_check};
    int done = fn(&world, rows, &w->arena, ret);
    catalogue_unref(c);
    json_decref(rows);
    return done;
}

static bool has_fault(const struct import_result *r, const char *pointer)
{
    for (size_t i = 0; i < r->n_faults; i++) {
        if (strcmp(r->faults[i].pointer, pointer) == 0)
            return true;
    }
    return false;
}

#define PORTAL "{\"code\":\"CMU.IOC\",\"name\":\"Cổng\",\"kind\":\"dispatcher\"}"
#define WARD                                                                                       \
    "{\"code\":\"H12.32025\",\"name\":\"Tân Thành\",\"kind\":\"commune\",\"commune\":\"32025\"}"

static void rows_are_added_changed_and_left_alone(void **state)
{
    struct world *w = *state;
    struct import_result r;
    assert_int_equal(import(w, import_agencies, "[" PORTAL "," WARD "]", false, &r), 0);
    assert_int_equal(r.added, 2);
    assert_int_equal(import(w, import_agencies, "[" PORTAL "," WARD "]", false, &r), 0);
    assert_int_equal(r.unchanged, 2);
    assert_int_equal(import(w, import_agencies,
                            "[{\"code\":\"CMU.IOC\",\"name\":\"Tên mới\",\"kind\":\"dispatcher\"}]",
                            false, &r),
                     0);
    assert_int_equal(r.changed, 1);
    const struct catalogue *c = catalogue_ref(w->app.catalogue);
    assert_int_equal(c->n_agencies, 2);
    assert_string_equal(catalogue_dispatcher(c)->name, "Tên mới");
    assert_true(catalogue_agency(c, "H12.32025")->active);
    catalogue_unref(c);
}

static void one_bad_row_and_nothing_is_written(void **state)
{
    struct world *w = *state;
    struct import_result r;
    const char *text =
        "[" PORTAL ",{\"code\":\"H12.1\",\"name\":\"A\",\"kind\":\"commune\"},"
        "{\"code\":\"H12.2\",\"name\":\"B\",\"kind\":\"commune\",\"commune\":\"99999\"},"
        "{\"code\":\"H12.2\",\"name\":\"B\",\"kind\":\"department\"},"
        "{\"code\":\"H12.3\",\"name\":\"C\",\"kind\":\"dispatcher\"},"
        "{\"code\":\"H12.4\",\"name\":\"D\",\"kind\":\"department\","
        "\"webhook_url\":\"http://x.vn/\"}]";
    assert_int_equal(import(w, import_agencies, text, false, &r), IMPORT_FAULTY);
    assert_true(has_fault(&r, "/1/commune"));
    assert_true(has_fault(&r, "/2/commune"));
    assert_true(has_fault(&r, "/3"));
    assert_true(has_fault(&r, "/4/kind"));
    assert_true(has_fault(&r, "/5/webhook_url"));
    assert_int_equal(r.n_faults, 5);
    assert_int_equal(world_count(w, &agency_collection), 0);
}

static void checking_writes_nothing(void **state)
{
    struct world *w = *state;
    struct import_result r;
    assert_int_equal(import(w, import_agencies, "[" PORTAL "]", true, &r), 0);
    assert_int_equal(r.added, 1);
    assert_int_equal(world_count(w, &agency_collection), 0);
    assert_int_equal(import(w, import_agencies, "[" PORTAL "]", false, &r), 0);
    assert_int_equal(import(w, import_agencies, "[" PORTAL "," WARD "]", true, &r), 0);
    assert_int_equal(r.unchanged, 1);
    assert_int_equal(r.added, 1);
}

static void an_import_keeps_the_webhook_key(void **state)
{
    struct world *w = *state;
    struct import_result r;
    struct agency portal = {.code = "CMU.IOC",
                            .name = "Cổng",
                            .kind = AGENCY_DISPATCHER,
                            .webhook_key = {(const uint8_t *)"sealed", 6},
                            .active = true};
    assert_int_equal(agency_put(w->stores.data, &portal), 0);
    assert_int_equal(import(w, import_agencies, "[" PORTAL "]", false, &r), 0);
    assert_int_equal(r.unchanged, 1);
    const struct catalogue *c = catalogue_ref(w->app.catalogue);
    assert_int_equal(catalogue_agency(c, "CMU.IOC")->webhook_key.n, 6);
    catalogue_unref(c);
}

#define QUESTIONS(words)                                                                           \
    "[{\"code\":\"den\",\"name\":\"Đèn\",\"rank\":1,\"questions\":{\"type\":\"object\","         \
    "\"properties\":{\"pole\":{" words "}}}}]"

static void questions_are_compiled_and_numbered(void **state)
{
    struct world *w = *state;
    struct import_result r;
    assert_int_equal(import(w, import_categories, QUESTIONS("\"typo\":\"string\""), false, &r),
                     IMPORT_FAULTY);
    assert_int_equal(strncmp(r.faults[0].pointer, "/0/questions/", 13), 0);
    static const char *const versions[] = {QUESTIONS("\"type\":\"string\""),
                                           QUESTIONS("\"type\":\"string\""),
                                           QUESTIONS("\"type\":\"integer\"")};
    static const int64_t forms[] = {1, 1, 2};
    for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
        assert_int_equal(import(w, import_categories, versions[i], false, &r), 0);
        const struct catalogue *c = catalogue_ref(w->app.catalogue);
        assert_int_equal(catalogue_category(c, "den")->questions_form, forms[i]);
        catalogue_unref(c);
    }
}

static void rules_name_what_exists(void **state)
{
    struct world *w = *state;
    struct import_result r;
    assert_int_equal(import(w, import_agencies, "[" PORTAL "]", false, &r), 0);
    const char *text = "[{\"category\":\"*\",\"commune\":\"*\",\"agency\":\"CMU.IOC\"},"
                       "{\"category\":\"no\",\"commune\":\"00000\",\"agency\":\"NO\"},"
                       "{\"category\":\"*\",\"commune\":\"*\",\"agency\":\"CMU.IOC\"}]";
    assert_int_equal(import(w, import_rules, text, false, &r), IMPORT_FAULTY);
    assert_true(has_fault(&r, "/1/category"));
    assert_true(has_fault(&r, "/1/commune"));
    assert_true(has_fault(&r, "/1/agency"));
    assert_true(has_fault(&r, "/2"));
    assert_int_equal(r.n_faults, 4);
}

#define FROM(revision, name)                                                                       \
    "[{\"code\":\"CMU.IOC\",\"name\":\"" name "\",\"kind\":\"dispatcher\",\"revision\":" #revision \
    "}]"

static void a_row_is_written_only_upon_what_it_was_made_from(void **state)
{
    struct world *w = *state;
    struct import_result r;
    assert_int_equal(import(w, import_agencies, FROM(1, "A"), false, &r), IMPORT_REVISED);
    assert_int_equal(import(w, import_agencies, FROM(0, "A"), false, &r), 0);
    assert_int_equal(r.added, 1);
    assert_int_equal(import(w, import_agencies, FROM(0, "B"), false, &r), IMPORT_REVISED);
    assert_int_equal(import(w, import_agencies, FROM(1, "B"), true, &r), 0);
    assert_int_equal(import(w, import_agencies, FROM(1, "B"), false, &r), 0);
    assert_int_equal(import(w, import_agencies, FROM(1, "C"), false, &r), IMPORT_REVISED);
    const struct catalogue *c = catalogue_ref(w->app.catalogue);
    assert_string_equal(catalogue_dispatcher(c)->name, "B");
    assert_int_equal(catalogue_dispatcher(c)->revision, 2);
    struct agency late = *catalogue_dispatcher(c);
    late.name = "D";
    assert_int_equal(agency_put_at(w->stores.data, &late, 1), STORE_REVISED);
    catalogue_unref(c);
}

static void a_rule_goes_as_it_was_seen_or_not_at_all(void **state)
{
    struct world *w = *state;
    struct import_result r;
    struct store *s = w->stores.data;
    assert_int_equal(import(w, import_agencies, "[" PORTAL "]", false, &r), 0);
    assert_int_equal(import(w, import_rules,
                            "[{\"category\":\"*\",\"commune\":\"*\",\"agency\":\"CMU.IOC\"}]",
                            false, &r),
                     0);
    assert_int_equal(rule_remove(s, "*", "*", 2), STORE_REVISED);
    assert_int_equal(rule_remove(s, "*", "*", 1), 0);
    assert_int_equal(rule_remove(s, "*", "*", 1), STORE_ABSENT);
    assert_int_equal(world_count(w, &rule_collection), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(rows_are_added_changed_and_left_alone),
        WORLD_TEST(one_bad_row_and_nothing_is_written),
        WORLD_TEST(checking_writes_nothing),
        WORLD_TEST(an_import_keeps_the_webhook_key),
        WORLD_TEST(questions_are_compiled_and_numbered),
        WORLD_TEST(rules_name_what_exists),
        WORLD_TEST(a_row_is_written_only_upon_what_it_was_made_from),
        WORLD_TEST(a_rule_goes_as_it_was_seen_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
