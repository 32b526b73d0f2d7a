/*
 * cases.json, in the style of the JSON Schema Test Suite: groups of a schema with values, each
 * valid or with the violations it must have ("POINTER KEYWORD"); or a schema with the places of its
 * faults.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "schemas/schema.h"

#define CASES "tests/unit/schemas/cases.json"
#define MISS_MAX 20 /* told, so that one mistake does not hide the others */

struct misses {
    int n;
};

static void miss(struct misses *m, const json_t *group, const json_t *test, const char *why)
{
    if (m->n++ < MISS_MAX)
        print_error("%s | %s: %s\n", json_string_value(json_object_get(group, "description")),
                    test ? json_string_value(json_object_get(test, "description")) : "schema", why);
}

static bool says(const json_t *expected, const struct schema_violation *v)
{
    char line[512];
    snprintf(line, sizeof line, "%s %s", v->pointer, v->keyword);
    size_t i;
    json_t *item;
    json_array_foreach(expected, i, item)
    {
        if (strcmp(json_string_value(item), line) == 0)
            return true;
    }
    return false;
}

static bool has_words(const struct schema_violation *v)
{
    static const char *const placeholders[] = {"{limit}", "{actual}", "{name}"};
    for (size_t i = 0; i < ARRAY_LEN(placeholders); i++) {
        if (strstr(v->vi, placeholders[i]) || strstr(v->en, placeholders[i]))
            return false;
    }
    return *v->vi && *v->en;
}

static void run_case(struct misses *m, const json_t *group, const json_t *test,
                     const struct schema *s, struct arena *a)
{
    struct schema_violations found;
    const json_t *expected = json_object_get(test, "violations");
    bool valid = json_is_true(json_object_get(test, "valid"));
    int r = schema_check(s, json_object_get(test, "data"), a, NULL, &found);
    if (r != (valid ? 0 : SCHEMA_VIOLATED)) {
        miss(m, group, test, valid ? "refused" : "accepted");
        return;
    }
    if (found.n != json_array_size(expected))
        miss(m, group, test, "another number of violations");
    for (size_t i = 0; i < found.n; i++) {
        if (!says(expected, &found.items[i]))
            miss(m, group, test,
                 arena_printf(a, "unexpected: %s %s", found.items[i].pointer,
                              found.items[i].keyword));
        if (!has_words(&found.items[i]))
            miss(m, group, test, "a message without words, or with a placeholder");
    }
}

static void match_faults(struct misses *m, const json_t *group, const json_t *expected,
                         const struct schema_faults *faults)
{
    if (faults->n != json_array_size(expected))
        miss(m, group, NULL, "another number of faults");
    for (size_t i = 0; i < faults->n && i < json_array_size(expected); i++) {
        if (strcmp(faults->items[i].pointer, json_string_value(json_array_get(expected, i))) != 0)
            miss(m, group, NULL, faults->items[i].pointer);
    }
}

static void run_group(struct misses *m, const json_t *group, size_t *ret_tests)
{
    CLEANUP(schema_freep) struct schema *s = NULL;
    struct schema_faults faults;
    struct arena a;
    size_t i;
    json_t *test;
    arena_init(&a);
    int r = schema_compile(json_object_get(group, "schema"), &a, &s, &faults);
    const json_t *expected = json_object_get(group, "faults");
    if (r != (expected ? SCHEMA_BAD : 0)) {
        miss(m, group, NULL, r == 0 ? "compiled" : faults.items[0].words);
    } else if (expected) {
        match_faults(m, group, expected, &faults);
        ++*ret_tests;
    }
    json_array_foreach(json_object_get(group, "tests"), i, test)
    {
        if (s)
            run_case(m, group, test, s, &a);
        ++*ret_tests;
    }
    arena_release(&a);
}

static void the_cases(void **state)
{
    (void)state;
    json_error_t error;
    CLEANUP(json_decrefp) json_t *cases = json_load_file(CASES, JSON_REJECT_DUPLICATES, &error);
    if (!cases)
        fail_msg("%s:%d: %s", CASES, error.line, error.text);
    struct misses misses = {0};
    size_t i, tests = 0;
    json_t *group;
    json_array_foreach(cases, i, group)
    {
        run_group(&misses, group, &tests);
    }
    assert_true(tests > 350); /* the file was really read */
    assert_int_equal(misses.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
