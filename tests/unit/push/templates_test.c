/* Every step that is told has its words, and they say what they should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/text.h"
#include "domain/report/report.h"
#include "push/templates.h"

static const struct template_values values = {.number = "PA-261124-0042",
                                              .state = {"Đang xử lý", "In progress"},
                                              .agency = {"Sở Xây dựng", "Dept of Construction"},
                                              .due = "24/11/2026 17:00",
                                              .note = "Ở đâu?"};

static void test_covered(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    assert_null(templates_fault(&report_kind, &a));
    size_t told = 0;
    for (size_t i = 0; i < report_kind.n_rows; i++) {
        const struct case_row *row = &report_kind.rows[i];
        for (size_t j = 0; j < ARRAY_LEN(row->tells) && row->tells[j].whom; j++, told++) {
            const char *what = row->tells[j].what ? row->tells[j].what : row->verb;
            const struct template *t = template_find(&report_kind, what, row->tells[j].whom);
            assert_non_null(t);
            for (int language = 0; language < 2; language++) {
                char *text = template_fill(t, language, &values, 1600, &a);
                assert_non_null(strstr(text, values.number));
                assert_null(strpbrk(text, "{}[]"));
                assert_true(text_valid(text, strlen(text)));
            }
        }
    }
    assert_true(told > 20);
    arena_release(&a);
}

static void test_missing_is_found(void **state)
{
    (void)state;
    static const struct case_row rows[] = {
        {.verb = "juggle", .tells = {{TELL_OWNER, NULL}}},
    };
    struct case_kind kind = report_kind;
    kind.rows = rows;
    kind.n_rows = 1;
    struct arena a;
    arena_init(&a);
    const char *fault = templates_fault(&kind, &a);
    assert_non_null(fault);
    assert_non_null(strstr(fault, "juggle"));
    arena_release(&a);
}

static void test_brackets(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct template_values v = values;
    const struct template *ask = template_find(&report_kind, "ask", TELL_OWNER);
    assert_string_equal(template_fill(ask, 0, &v, 1600, &a),
                        "Sở Xây dựng cần bạn bổ sung thông tin cho phản ánh PA-261124-0042: Ở đâu? "
                        "Hạn trả lời: 24/11/2026 17:00.");
    v.note = v.due = NULL;
    assert_string_equal(template_fill(ask, 1, &v, 1600, &a),
                        "Dept of Construction has a question about report PA-261124-0042");
    assert_string_equal(template_fill(ask, 0, &v, 2, &a), "S"); /* never within a character */
    assert_null(template_find(&report_kind, "ask", TELL_DISPATCHER));
    arena_release(&a);
}

static void test_time(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    int64_t ms;
    assert_true(clock_parse("2026-11-24T17:05:59Z", &ms));
    assert_string_equal(template_time(ms, &a), "25/11/2026 00:05");
    assert_null(template_time(0, &a));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_covered),
        cmocka_unit_test(test_missing_is_found),
        cmocka_unit_test(test_brackets),
        cmocka_unit_test(test_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
