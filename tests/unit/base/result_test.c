#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/result.h"

static void every_failure_has_its_own_words(void **state)
{
    (void)state;
    static const int failures[] = {
#define X(name, value, words) name,
        RESULT_FAILURES(X)
#undef X
    };
    size_t n = sizeof failures / sizeof failures[0];
    for (size_t i = 0; i < n; i++) {
        assert_true(failures[i] < 0);
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(failures[i], failures[j]);
            assert_string_not_equal(result_words(failures[i]), result_words(failures[j]));
        }
    }
}

static void any_number_has_words(void **state)
{
    (void)state;
    assert_string_equal(result_words(0), "done");
    assert_string_equal(result_words(7), "a named outcome");
    assert_string_equal(result_words(-1000), "an unknown failure");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_has_its_own_words),
        cmocka_unit_test(any_number_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
