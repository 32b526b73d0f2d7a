/* What follows from a version of a procedure: time, agency, cost, components. Pure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "domain/procedure/procedure.h"

/* Who applies for a birth; a foreign parent adds a passport, twins more copies. */
static const char *const form =
    "{\"type\":\"object\",\"properties\":{"
    "\"foreign\":{\"type\":\"boolean\",\"title\":\"Có yếu tố nước ngoài\",\"x-title-en\":"
    "\"Foreign parent\"},"
    "\"parent\":{\"$ref\":\"#/$defs/person\",\"title\":\"Người mẹ\"},"
    "\"late\":{\"type\":\"integer\",\"title\":\"Số ngày trễ\"},"
    "\"pages\":{\"type\":\"integer\",\"title\":\"Số trang\"},"
    "\"home\":{\"type\":\"string\"},"
    "\"reason\":{\"type\":\"string\",\"enum\":[\"a\",\"b\"],\"title\":\"Lý do\","
    "\"x-labels\":{\"a\":{\"vi\":\"Đi xa\",\"en\":\"Away\"},\"b\":{\"vi\":\"Ốm\"}},"
    "\"x-when\":{\"field\":\"/late\",\"least\":1}}},"
    "\"$defs\":{\"person\":{\"type\":\"object\",\"properties\":{\"country\":{\"type\":\"string\","
    "\"title\":\"Quốc tịch\",\"x-when\":{\"field\":\"/foreign\",\"is\":true}}}}}}";

static struct procedure_time times[] = {
    {PROCEDURE_IN_PERSON, PROCEDURE_HOURS, 4},
    {PROCEDURE_ONLINE, PROCEDURE_WORKING_DAYS, 3},
    {PROCEDURE_POST, PROCEDURE_CALENDAR_DAYS, 20},
};

static struct procedure_fee fees[] = {
    {.code = "dang_ky", .amount = 8000, .channel = PROCEDURE_IN_PERSON},
    {.code = "tre_han", .amount = 5000, .when = "{\"field\":\"/late\",\"least\":1}"},
    {.code = "trang", .amount = 2000, .times = "/pages", .most = 10000},
};

static const char *only_pages[] = {"trang"};
static struct procedure_exemption exemptions[] = {
    {.code = "ho_ngheo", .percent = 100},
    {.code = "nua", .percent = 50, .fees = {only_pages, 1}},
};

static struct procedure_component components[] = {
    {.code = "to_khai", .required = true},
    {.code = "ho_chieu",
     .required = true,
     .when = "{\"field\":\"/parent/country\",\"given\":true}"},
    {.code = "chung_sinh", .one_of = "sinh", .required = true},
    {.code = "lam_chung", .one_of = "sinh"},
    {.code = "anh"},
};

static struct procedure made(void)
{
    return (struct procedure){
        .code = "1.001193",
        .version = 20260701,
        .from = "2026-07-01",
        .until = "2026-12-31",
        .name = "Đăng ký khai sinh",
        .place = PROCEDURE_HERE,
        .scope = PROCEDURE_WHOLE,
        .rule = PROCEDURE_BY_RESIDENCE,
        .commune_at = "/home",
        .times = {times, 3},
        .fees = {fees, 3},
        .exemptions = {exemptions, 2},
        .components = {components, 5},
        .form = form,
    };
}

static json_t *said(const char *text)
{
    json_t *answers = json_loads(text, 0, NULL);
    assert_non_null(answers);
    return answers;
}

static void the_table_is_sound(void **state)
{
    (void)state;
    assert_null(entity_fault(&procedure_entity));
    assert_null(store_collection_fault(&procedure_collection));
    for (size_t i = 0; document_types[i].code; i++) {
        assert_ptr_equal(document_type_by_code(document_types[i].code), &document_types[i]);
        assert_non_null(document_types[i].name_en);
        assert_int_not_equal(document_types[i].subjects, 0);
    }
    assert_null(document_type_by_code("zzz"));
    assert_null(document_type_by_code(NULL));
}

static void each_channel_has_its_time(void **state)
{
    (void)state;
    struct procedure p = made();
    enum calendar_unit unit;
    int64_t budget;
    assert_true(procedure_duration(&p, PROCEDURE_IN_PERSON, &unit, &budget));
    assert_int_equal(unit, CALENDAR_WORKING_MINUTES);
    assert_int_equal(budget, 240);
    assert_true(procedure_duration(&p, PROCEDURE_ONLINE, &unit, &budget));
    assert_int_equal(unit, CALENDAR_WORKING_DAYS);
    assert_int_equal(budget, 3);
    assert_true(procedure_duration(&p, PROCEDURE_POST, &unit, &budget));
    assert_int_equal(unit, CALENDAR_CALENDAR_DAYS);
    assert_int_equal(budget, 20);
    assert_true(procedure_fileable(&p));
    p.times.n = 1;
    assert_false(procedure_duration(&p, PROCEDURE_POST, &unit, &budget));
    assert_false(procedure_fileable(&p)); /* nothing says how long it may take */
}

static void days_in_force_include_both_ends(void **state)
{
    (void)state;
    struct procedure p = made();
    int64_t day;
    assert_int_equal(procedure_ready(&p), 0);
    assert_true(clock_day_parse("2026-07-01", &day));
    assert_true(procedure_in_force(&p, clock_day_start_ms(day)));
    assert_false(procedure_in_force(&p, clock_day_start_ms(day) - 1));
    assert_true(clock_day_parse("2026-12-31", &day));
    assert_true(procedure_in_force(&p, clock_day_start_ms(day + 1) - 1));
    assert_false(procedure_in_force(&p, clock_day_start_ms(day + 1)));
    p.from = "2026-02-30";
    assert_true(procedure_ready(&p) < 0);
}

static const struct procedure_component *first_lack(const struct procedure *p, const char *answers,
                                                    const char *const *codes, size_t n_codes,
                                                    size_t *ret_needed)
{
    struct procedure_need needs[PROCEDURE_COMPONENTS_MAX];
    CLEANUP(json_decrefp) json_t *given = answers ? said(answers) : NULL;
    *ret_needed = procedure_components_needed(p, given, needs);
    return procedure_lacks(needs, *ret_needed, codes, n_codes);
}

static void components_follow_the_answers(void **state)
{
    (void)state;
    struct procedure p = made();
    size_t n = 0;
    static const char *const both[] = {"to_khai", "lam_chung"}, *const none[] = {"anh"};
    assert_int_equal(procedure_components_needed(&p, NULL, (struct procedure_need[100]){0}), 5);
    assert_string_equal(first_lack(&p, "{}", none, 1, &n)->code, "to_khai");
    assert_int_equal(n, 4);                         /* no passport */
    assert_null(first_lack(&p, "{}", both, 2, &n)); /* one of the group is enough */
    assert_string_equal(first_lack(&p, "{}", both, 1, &n)->code, "chung_sinh");
    const char *abroad = "{\"foreign\":true,\"parent\":{\"country\":\"KR\"}}";
    assert_string_equal(first_lack(&p, abroad, both, 2, &n)->code, "ho_chieu");
    assert_int_equal(n, 5);
    /* What was not asked counts as not given, whatever a client sends. */
    const char *sly = "{\"foreign\":false,\"parent\":{\"country\":\"KR\"}}";
    assert_null(first_lack(&p, sly, both, 2, &n));
    procedure_forget(&p);
}

static int64_t bill(const struct procedure *p, enum procedure_channel channel, const char *answers,
                    const char *claim)
{
    struct procedure_bill b;
    CLEANUP(json_decrefp) json_t *given = answers ? said(answers) : NULL;
    procedure_fee(p, channel, given, &claim, claim != NULL, &b);
    int64_t sum = 0;
    for (size_t i = 0; i < b.n; i++)
        sum += b.lines[i].amount;
    assert_int_equal(sum, b.total);
    return b.total;
}

static void fees_follow_channel_answers_and_exemption(void **state)
{
    (void)state;
    struct procedure p = made();
    assert_int_equal(bill(&p, PROCEDURE_IN_PERSON, NULL, NULL), 8000 + 2000);
    assert_int_equal(bill(&p, PROCEDURE_ONLINE, NULL, NULL), 2000);
    assert_int_equal(bill(&p, PROCEDURE_ONLINE, "{\"late\":3,\"pages\":2}", NULL), 5000 + 4000);
    assert_int_equal(bill(&p, PROCEDURE_ONLINE, "{\"pages\":900000000000}", NULL), 10000);
    assert_int_equal(bill(&p, PROCEDURE_ONLINE, "{\"pages\":-5}", NULL), 0);
    assert_int_equal(bill(&p, PROCEDURE_ONLINE, "{\"pages\":2}", "nua"), 2000);
    assert_int_equal(bill(&p, PROCEDURE_IN_PERSON, "{\"pages\":2}", "nua"), 8000 + 2000);
    assert_int_equal(bill(&p, PROCEDURE_IN_PERSON, "{\"pages\":2}", "ho_ngheo"), 0);
    assert_int_equal(bill(&p, PROCEDURE_ONLINE, "{\"pages\":2}", "khong_co"), 4000);
    const char *const claims[] = {"nua", "ho_ngheo"};
    struct procedure_bill b;
    procedure_fee(&p, PROCEDURE_IN_PERSON, NULL, claims, 2, &b);
    assert_int_equal(b.total, 0); /* the better one counts */
    procedure_forget(&p);
}

static bool is_met(const char *condition, const char *answers)
{
    struct procedure p = made();
    CLEANUP(json_decrefp) json_t *given = said(answers);
    bool met = procedure_condition_holds(condition, &p, given);
    procedure_forget(&p);
    return met;
}

static void conditions_mean_what_they_say(void **state)
{
    (void)state;
    assert_true(is_met("{\"field\":\"/foreign\",\"is\":true}", "{\"foreign\":true}"));
    assert_false(is_met("{\"field\":\"/foreign\",\"is\":true}", "{}"));
    assert_false(is_met("{\"field\":\"/foreign\",\"is\":true}", "{\"foreign\":\"true\"}"));
    assert_true(is_met("{\"field\":\"/foreign\",\"given\":false}", "{}"));
    assert_true(is_met("{\"field\":\"/foreign\",\"given\":false}", "{\"foreign\":null}"));
    assert_true(is_met("{\"field\":\"/late\",\"least\":1,\"most\":5}", "{\"late\":5}"));
    assert_false(is_met("{\"field\":\"/late\",\"least\":1,\"most\":5}", "{\"late\":6}"));
    assert_false(is_met("{\"field\":\"/late\",\"least\":1}", "{\"late\":\"9\"}"));
    assert_true(
        is_met("{\"field\":\"/reason\",\"in\":[\"a\",\"b\"]}", "{\"late\":1,\"reason\":\"b\"}"));
    assert_false(is_met("{\"field\":\"/reason\",\"in\":[\"a\",\"b\"]}", "{\"reason\":\"b\"}"));
    assert_true(is_met("{\"not\":{\"field\":\"/late\",\"is\":1}}", "{\"late\":2}"));
    assert_true(is_met("{\"any\":[{\"field\":\"/late\",\"is\":1},{\"field\":\"/late\",\"is\":2}]}",
                       "{\"late\":2}"));
    assert_false(is_met("{\"all\":[{\"field\":\"/late\",\"is\":1},{\"field\":\"/late\",\"is\":2}]}",
                        "{\"late\":2}"));
    assert_false(is_met("{\"field\":\"/nowhere\",\"is\":1}", "{\"nowhere\":1}"));
    assert_true(is_met(NULL, "{}"));
    assert_false(is_met("not json", "{}"));
}

/* Members that ask for each other, in a version that nobody checked: it ends, and says no. */
static void circles_end(void **state)
{
    (void)state;
    struct procedure p = made();
    p.form = "{\"type\":\"object\",\"properties\":{"
             "\"a\":{\"type\":\"boolean\",\"x-when\":{\"any\":[{\"field\":\"/b\",\"is\":true},"
             "{\"field\":\"/b\",\"is\":false}]}},"
             "\"b\":{\"type\":\"boolean\",\"x-when\":{\"any\":[{\"field\":\"/a\",\"is\":true},"
             "{\"field\":\"/a\",\"is\":false}]}}}}";
    CLEANUP(json_decrefp) json_t *answers = said("{\"a\":true,\"b\":true}");
    assert_false(procedure_condition_holds("{\"field\":\"/a\",\"is\":true}", &p, answers));
    procedure_forget(&p);
}

static void conditions_are_told_in_words(void **state)
{
    (void)state;
    struct procedure p = made();
    struct arena a;
    arena_init(&a);
    assert_string_equal(
        procedure_condition_words("{\"field\":\"/foreign\",\"is\":true}", &p, PROCEDURE_VI, &a),
        "Có yếu tố nước ngoài: Có");
    assert_string_equal(
        procedure_condition_words("{\"field\":\"/foreign\",\"is\":true}", &p, PROCEDURE_EN, &a),
        "Foreign parent: Yes");
    assert_string_equal(
        procedure_condition_words(
            "{\"all\":[{\"field\":\"/late\",\"least\":1},{\"not\":{\"field\":\"/reason\",\"in\":"
            "[\"a\",\"b\"]}}]}",
            &p, PROCEDURE_VI, &a),
        "Số ngày trễ từ 1 và không phải (Lý do: Đi xa hoặc Ốm)");
    assert_string_equal(procedure_condition_words("{\"field\":\"/parent/country\",\"given\":true}",
                                                  &p, PROCEDURE_VI, &a),
                        "Người mẹ – Quốc tịch: có khai");
    assert_string_equal(procedure_fee_words(&fees[0], &p, PROCEDURE_VI, &a),
                        "8.000 đồng (Trực tiếp)");
    assert_string_equal(procedure_fee_words(&fees[2], &p, PROCEDURE_VI, &a),
                        "2.000 đồng × Số trang, tối đa 10.000 đồng");
    assert_string_equal(procedure_money_words(1250000, PROCEDURE_VI, &a), "1.250.000 đồng");
    assert_string_equal(procedure_money_words(500, PROCEDURE_EN, &a), "500 VND");
    assert_string_equal(procedure_money_words(0, PROCEDURE_VI, &a), "Miễn phí");
    assert_string_equal(procedure_time_words(&times[0], PROCEDURE_VI, &a), "4 giờ làm việc");
    assert_string_equal(procedure_time_words(&(struct procedure_time){1, PROCEDURE_WORKING_DAYS, 1},
                                             PROCEDURE_EN, &a),
                        "1 working day");
    arena_release(&a);
    procedure_forget(&p);
}

static void the_commune_names_the_agency(void **state)
{
    (void)state;
    struct procedure p = made();
    const struct agency agencies[] = {
        {.code = "H12.01", .kind = AGENCY_DEPARTMENT, .active = true},
        {.code = "H12.31825", .kind = AGENCY_COMMUNE, .commune = "31825", .active = true},
        {.code = "H12.31834", .kind = AGENCY_COMMUNE, .commune = "31834", .active = false},
    };
    const struct catalogue c = {.agencies = agencies, .n_agencies = 3};
    CLEANUP(json_decrefp) json_t *answers = said("{\"home\":\"31825\"}");
    const char *commune = procedure_commune(&p, answers);
    assert_string_equal(procedure_deciding_agency(&p, &c, commune)->code, "H12.31825");
    assert_null(procedure_commune(&p, NULL));
    assert_null(procedure_deciding_agency(&p, &c, NULL));
    assert_null(procedure_deciding_agency(&p, &c, "31834")); /* closed */
    p.rule = PROCEDURE_BY_DEPARTMENT;
    p.agency = "H12.01";
    assert_string_equal(procedure_deciding_agency(&p, &c, NULL)->code, "H12.01");
    procedure_forget(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_sound),
        cmocka_unit_test(each_channel_has_its_time),
        cmocka_unit_test(days_in_force_include_both_ends),
        cmocka_unit_test(components_follow_the_answers),
        cmocka_unit_test(fees_follow_channel_answers_and_exemption),
        cmocka_unit_test(conditions_mean_what_they_say),
        cmocka_unit_test(circles_end),
        cmocka_unit_test(conditions_are_told_in_words),
        cmocka_unit_test(the_commune_names_the_agency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
