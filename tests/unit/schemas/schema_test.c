/* What cases.json does not say well: words, bounds and costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "schemas/schema.h"

struct fixture {
    struct arena arena;
    struct schema *schema;
    json_t *value;
    struct schema_violations found;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    arena_init(&f->arena);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    schema_free(f->schema);
    json_decref(f->value);
    arena_release(&f->arena);
    free(f);
    return 0;
}

static void compile(struct fixture *f, const char *text)
{
    struct schema_faults faults;
    int r = schema_compile_text(text, strlen(text), &f->arena, &f->schema, &faults);
    if (r != 0)
        fail_msg("%s: %s", faults.items[0].pointer, faults.items[0].words);
}

/* Takes the value. */
static int check(struct fixture *f, json_t *value, const struct schema_options *options)
{
    json_decref(f->value);
    f->value = value;
    assert_non_null(value);
    return schema_check(f->schema, value, &f->arena, options, &f->found);
}

static int check_text(struct fixture *f, const char *value)
{
    return check(f, json_loads(value, JSON_DECODE_ANY, NULL), NULL);
}

static void messages_have_numbers_in_both_languages(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *schema, *value, *vi, *en;
    } rows[] = {
        {"{\"minLength\":1}", "\"\"", "Không được để trống.", "Must not be empty."},
        {"{\"minLength\":10}", "\"Ổ gà\"", "Phải có ít nhất 10 ký tự, hiện có 4.",
         "Must have at least 10 characters, has 4."},
        {"{\"maximum\":1.5}", "2", "Không được lớn hơn 1.5, hiện là 2.",
         "Must be at most 1.5, is 2."},
        {"{\"type\":[\"string\",\"null\"]}", "1",
         "Phải là giá trị rỗng (null) hoặc một chuỗi ký tự.", "Must be null or a string."},
        {"{\"required\":[\"tên\"]}", "{}", "Thiếu trường bắt buộc “tên”.",
         "The required property “tên” is missing."},
        {"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}",
         "Đã có trường “a” thì phải có trường “b”.", "With the property “a”, “b” is required too."},
        {"{\"uniqueItems\":true}", "[1,2,1]", "Mục số 3 trùng với mục số 1.",
         "Item number 3 repeats item number 1."},
        {"{\"oneOf\":[true,true,false]}", "1", "Phải thỏa đúng một trong 3 phương án, hiện thỏa 2.",
         "Must meet exactly one of 3 alternatives, meets 2."},
        {"{\"format\":\"phone-vn\"}", "\"1\"", "Phải là một số điện thoại di động Việt Nam.",
         "Must be a Vietnamese mobile phone number."},
        {"{\"pattern\":\"^a{2}$\"}", "\"b\"", "Không đúng mẫu quy định: ^a{2}$",
         "Does not match the pattern ^a{2}$"},
        {"{\"pattern\":\"a\",\"x-pattern-words\":{\"vi\":\"Cần chữ a.\",\"en\":\"Needs an a.\"}}",
         "\"b\"", "Cần chữ a.", "Needs an a."},
        {"{\"anyOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}],"
         "\"x-any-words\":{\"vi\":\"Cần a hoặc b.\",\"en\":\"Needs a or b.\"}}",
         "{}", "Cần a hoặc b.", "Needs a or b."},
        {"{\"additionalProperties\":false}", "{\"{limit}\":1}",
         "Không có trường nào tên là “{limit}”.", "There is no property “{limit}”."},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        compile(f, rows[i].schema);
        assert_int_equal(check_text(f, rows[i].value), SCHEMA_VIOLATED);
        assert_int_equal(f->found.n, 1);
        assert_string_equal(f->found.items[0].vi, rows[i].vi);
        assert_string_equal(f->found.items[0].en, rows[i].en);
        schema_free(STEAL(f->schema));
    }
}

static void messages_never_repeat_a_text(void **state)
{
    struct fixture *f = *state;
    compile(f, "{\"type\":[\"string\"],\"enum\":[\"a\"],\"const\":\"b\",\"maxLength\":3,"
               "\"minLength\":90,\"pattern\":\"^x\",\"format\":\"email\",\"not\":true}");
    assert_int_equal(check_text(f, "\"canary\""), SCHEMA_VIOLATED);
    assert_int_equal(f->found.n, 7);
    for (size_t i = 0; i < f->found.n; i++) {
        assert_null(strstr(f->found.items[i].vi, "canary"));
        assert_null(strstr(f->found.items[i].en, "canary"));
    }
}

static json_t *numbers(size_t n, bool same)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_integer(same ? 7 : (json_int_t)i));
    return list;
}

static void at_most_32_violations(void **state)
{
    struct fixture *f = *state;
    compile(f, "{\"items\":{\"type\":\"string\"}}");
    assert_int_equal(check(f, numbers(100, true), NULL), SCHEMA_VIOLATED);
    assert_int_equal(f->found.n, SCHEMA_VIOLATIONS_MAX);
    assert_string_equal(f->found.items[31].pointer, "/31");

    struct schema_options options = SCHEMA_OPTIONS_DEFAULT;
    options.violations_max = 1;
    assert_int_equal(check(f, numbers(100, true), &options), SCHEMA_VIOLATED);
    assert_int_equal(f->found.n, 1);
    options.violations_max = SCHEMA_VIOLATIONS_MAX + 1;
    assert_int_equal(check(f, numbers(1, true), &options), E_INVALID);
}

static void a_long_pointer_is_cut_at_a_place(void **state)
{
    struct fixture *f = *state;
    char name[SCHEMA_POINTER_MAX + 1];
    memset(name, 'k', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    compile(f, "{\"items\":{\"additionalProperties\":false}}");
    json_t *value = json_array();
    json_array_append_new(value, json_object());
    json_object_set_new(json_array_get(value, 0), name, json_null());
    assert_int_equal(check(f, value, NULL), SCHEMA_VIOLATED);
    assert_string_equal(f->found.items[0].pointer, "/0");
    assert_true(strlen(f->found.items[0].en) < 128); /* the name is cut, too */

    name[SCHEMA_POINTER_MAX - 3] = '\0'; /* "/0/" and the name are just short enough */
    value = json_array();
    json_array_append_new(value, json_object());
    json_object_set_new(json_array_get(value, 0), name, json_null());
    assert_int_equal(check(f, value, NULL), SCHEMA_VIOLATED);
    assert_int_equal(strlen(f->found.items[0].pointer), SCHEMA_POINTER_MAX);
}

static void unique_items_are_n_log_n(void **state)
{
    struct fixture *f = *state;
    compile(f, "{\"uniqueItems\":true}");
    assert_int_equal(check(f, numbers(100000, false), NULL), 0);
    assert_int_equal(check(f, numbers(100000, true), NULL), SCHEMA_VIOLATED);
    assert_string_equal(f->found.items[0].en, "Item number 2 repeats item number 1.");
}

static json_t *nested(int depth)
{
    json_t *value = json_array();
    for (int i = 1; i < depth; i++) {
        json_t *outer = json_array();
        json_array_append_new(outer, value);
        value = outer;
    }
    return value;
}

static json_t *letters(size_t n)
{
    char *text = malloc(n + 1);
    memset(text, 'a', n);
    text[n] = '\0';
    json_t *value = json_stringn(text, n);
    free(text);
    return value;
}

static void hostile_work_is_given_up(void **state)
{
    struct fixture *f = *state;
    /* Each level of the value is tried by both branches: 2^32 ways. */
    compile(f, "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"items\":{\"oneOf\":["
               "{\"$ref\":\"#/$defs/a\"},{\"$ref\":\"#/$defs/a\"}]},\"minItems\":0}}}");
    assert_int_equal(check(f, nested(28), NULL), SCHEMA_TOO_COSTLY);
    assert_int_equal(f->found.n, 0);
    schema_free(STEAL(f->schema));

    /* \d, since PCRE2 sees at once when a certain letter is not in the text. */
    static const char *const patterns[] = {
        "{\"pattern\":\"^(a+)+\\\\d$\"}",  "{\"pattern\":\"(a|a)*\\\\d\"}",
        "{\"pattern\":\"a*a*a*a*\\\\d\"}", "{\"pattern\":\"(?=(a+)+\\\\d).\"}",
        "{\"pattern\":\"(?:.*)*\\\\d\"}",  "{\"not\":{\"pattern\":\"^(a+)+\\\\d$\"}}",
    };
    for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
        compile(f, patterns[i]);
        assert_int_equal(check(f, letters(5000), NULL), SCHEMA_TOO_COSTLY);
        schema_free(STEAL(f->schema));
    }
    compile(f, "{\"pattern\":\"^(?:\\\\p{L}| )+$\"}"); /* an honest one on a long text */
    assert_int_equal(check(f, letters(4000), NULL), 0);
}

static void a_small_budget_is_enough_for_a_small_value_only(void **state)
{
    struct fixture *f = *state;
    struct schema_options options = SCHEMA_OPTIONS_DEFAULT;
    options.cost_max = 1000;
    compile(f, "{\"items\":{\"type\":\"integer\"}}");
    assert_int_equal(check(f, numbers(100, true), &options), 0);
    assert_int_equal(check(f, numbers(10000, true), &options), SCHEMA_TOO_COSTLY);
}

static void deep_recursion_is_given_up(void **state)
{
    struct fixture *f = *state;
    compile(f, "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"items\":{\"$ref\":\"#/$defs/a\"}}}}");
    assert_int_equal(check(f, nested(32), NULL), 0);
    assert_int_equal(check(f, nested(500), NULL), SCHEMA_TOO_COSTLY);
}

static void a_schema_is_bounded(void **state)
{
    struct fixture *f = *state;
    struct schema_faults faults;
    json_t *deep = json_object();
    for (int i = 0; i <= SCHEMA_DEPTH_MAX; i++)
        deep = json_pack("{s:o}", "not", deep);
    assert_int_equal(schema_compile(deep, &f->arena, &f->schema, &faults), SCHEMA_BAD);
    json_decref(deep);

    json_t *branches = json_array();
    for (int i = 0; i < SCHEMA_NODES_MAX; i++) /* and the root */
        json_array_append_new(branches, json_true());
    json_t *wide = json_pack("{s:o}", "anyOf", branches);
    assert_int_equal(schema_compile(wide, &f->arena, &f->schema, &faults), SCHEMA_BAD);
    assert_int_equal(faults.n, 1);
    json_decref(wide);

    char *text = calloc(1, SCHEMA_TEXT_MAX + 2);
    memset(text, ' ', SCHEMA_TEXT_MAX + 1);
    text[0] = '1';
    assert_int_equal(schema_compile_text(text, SCHEMA_TEXT_MAX + 1, &f->arena, &f->schema, &faults),
                     SCHEMA_BAD);
    assert_string_equal(faults.items[0].words, "the schema is too long");
    free(text);
}

/* A chain of definitions, each only the next, in the given order. */
static int compile_chain(struct fixture *f, int n, bool backwards, struct schema_faults *ret)
{
    json_t *defs = json_object();
    for (int i = 0; i < n; i++) {
        int k = backwards ? n - 1 - i : i;
        char name[16], ref[32];
        snprintf(name, sizeof name, "d%d", k);
        snprintf(ref, sizeof ref, "#/$defs/d%d", k + 1);
        json_object_set_new(defs, name,
                            k + 1 == n ? json_object() : json_pack("{s:s}", "$ref", ref));
    }
    json_t *json = json_pack("{s:o}", "$defs", defs);
    int r = schema_compile(json, &f->arena, &f->schema, ret);
    json_decref(json);
    schema_free(STEAL(f->schema));
    return r;
}

static void a_chain_of_references_is_bounded(void **state)
{
    struct fixture *f = *state;
    struct schema_faults faults;
    for (int backwards = 0; backwards < 2; backwards++) {
        assert_int_equal(compile_chain(f, SCHEMA_EVALUATION_DEPTH_MAX, backwards, &faults), 0);
        assert_int_equal(compile_chain(f, SCHEMA_EVALUATION_DEPTH_MAX + 1, backwards, &faults),
                         SCHEMA_BAD);
    }
    assert_int_equal(compile_chain(f, SCHEMA_DEFS_MAX + 1, false, &faults), SCHEMA_BAD);
    assert_string_equal(faults.items[0].pointer, "/$defs");
}

static void what_is_not_json_is_a_fault(void **state)
{
    struct fixture *f = *state;
    struct schema_faults faults;
    static const char twice[] = "{\"type\":\"string\",\"type\":\"null\"}";
    assert_int_equal(schema_compile_text(twice, strlen(twice), &f->arena, &f->schema, &faults),
                     SCHEMA_BAD);
    assert_int_equal(faults.n, 1);
    assert_string_equal(faults.items[0].pointer, "");
    assert_non_null(strstr(faults.items[0].words, "not JSON"));
}

static void a_schema_does_not_depend_on_what_it_came_from(void **state)
{
    struct fixture *f = *state;
    struct schema_faults faults;
    json_t *json = json_loads("{\"enum\":[\"a\"],\"properties\":{\"k\":false}}", 0, NULL);
    assert_int_equal(schema_compile(json, &f->arena, &f->schema, &faults), 0);
    assert_true(json_equal(schema_json(f->schema), json));
    json_object_clear(json);
    json_decref(json);
    assert_int_equal(check_text(f, "\"a\""), 0);
    assert_int_equal(check_text(f, "{\"k\":1}"), SCHEMA_VIOLATED);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(messages_have_numbers_in_both_languages),
        TEST(messages_never_repeat_a_text),
        TEST(at_most_32_violations),
        TEST(a_long_pointer_is_cut_at_a_place),
        TEST(unique_items_are_n_log_n),
        TEST(hostile_work_is_given_up),
        TEST(a_small_budget_is_enough_for_a_small_value_only),
        TEST(deep_recursion_is_given_up),
        TEST(a_schema_is_bounded),
        TEST(a_chain_of_references_is_bounded),
        TEST(what_is_not_json_is_a_fault),
        TEST(a_schema_does_not_depend_on_what_it_came_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
