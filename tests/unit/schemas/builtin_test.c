#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "schemas/builtin.h"

static int load(void **state)
{
    (void)state;
    struct arena a;
    const char *words;
    arena_init(&a);
    int r = schema_builtin_load(&a, &words);
    if (r != 0)
        print_error("%s\n", words ? words : result_words(r));
    arena_release(&a);
    return r;
}

static int unload(void **state)
{
    (void)state;
    schema_builtin_unload();
    return 0;
}

static void each_is_found_by_its_name(void **state)
{
    (void)state;
    size_t n;
    const struct schema_builtin_text *texts = schema_builtin_texts(&n);
    assert_true(n >= 1);
    for (size_t i = 0; i < n; i++) {
        CLEANUP(json_decrefp) json_t *json = json_loadb(texts[i].json, texts[i].n, 0, NULL);
        assert_non_null(json);
        assert_int_equal(texts[i].json[texts[i].n], '\0');
        assert_non_null(schema_builtin(texts[i].name));
        assert_true(json_equal(schema_json(schema_builtin(texts[i].name)), json));
        if (i > 0)
            assert_true(strcmp(texts[i - 1].name, texts[i].name) < 0);
    }
    assert_null(schema_builtin("no_such_schema"));
    assert_null(schema_builtin(""));
}

/* The text in the program is the file of the tree it was built from, byte by byte. */
static void a_text_is_its_file(void **state)
{
    (void)state;
    size_t n;
    char bytes[16384];
    const struct schema_builtin_text *texts = schema_builtin_texts(&n);
    for (size_t i = 0; i < n; i++) {
        char path[128];
        snprintf(path, sizeof path, "schemas/%s.json", texts[i].name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        size_t left = texts[i].n, got;
        const char *at = texts[i].json;
        while ((got = fread(bytes, 1, sizeof bytes, file)) > 0) {
            assert_true(got <= left);
            assert_memory_equal(bytes, at, got);
            at += got;
            left -= got;
        }
        fclose(file);
        assert_int_equal(left, 0);
    }
}

/* What a schema gives as examples of itself must satisfy it. */
static void examples_are_true(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    size_t n, seen = 0;
    const struct schema_builtin_text *texts = schema_builtin_texts(&n);
    for (size_t i = 0; i < n; i++) {
        const struct schema *s = schema_builtin(texts[i].name);
        const json_t *examples = json_object_get(schema_json(s), "examples");
        for (size_t k = 0; k < json_array_size(examples); k++, seen++) {
            struct schema_violations found;
            if (schema_check(s, json_array_get(examples, k), &a, NULL, &found) != 0)
                fail_msg("%s: example %zu at %s: %s", texts[i].name, k, found.items[0].pointer,
                         found.items[0].en);
        }
    }
    assert_true(seen >= 1);
    arena_release(&a);
}

static void a_problem_needs_its_type(void **state)
{
    (void)state;
    struct arena a;
    struct schema_violations found;
    arena_init(&a);
    CLEANUP(json_decrefp) json_t *problem = json_pack("{s:s, s:i}", "title", "x", "status", 200);
    assert_int_equal(schema_check(schema_builtin("problem"), problem, &a, NULL, &found),
                     SCHEMA_VIOLATED);
    assert_int_equal(found.n, 2);
    assert_string_equal(found.items[0].en, "The required property “type” is missing.");
    assert_string_equal(found.items[1].pointer, "/status");
    arena_release(&a);
}

static void loading_twice_is_refused_and_unloading_is_not(void **state)
{
    struct arena a;
    const char *words;
    arena_init(&a);
    assert_int_equal(schema_builtin_load(&a, &words), E_INVALID);
    schema_builtin_unload();
    schema_builtin_unload();
    assert_null(schema_builtin("problem"));
    arena_release(&a);
    assert_int_equal(load(state), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_by_its_name),
        cmocka_unit_test(a_text_is_its_file),
        cmocka_unit_test(examples_are_true),
        cmocka_unit_test(a_problem_needs_its_type),
        cmocka_unit_test(loading_twice_is_refused_and_unloading_is_not),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
