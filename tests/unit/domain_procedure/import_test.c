/* Importing procedures: versions, faults by pointer, and what hostile files come to. */
#include "base/clock.h"
#include "base/json.h"
#include "domain/procedure/import.h"
#include "schemas/builtin.h"
#include "tests/support/province.h"

static struct province p;
static struct procedure_holder *holder;
static struct arena a;
static int64_t now;

static const struct agency offices[] = {{.code = "H12.01", .active = true}};
static const struct catalogue catalogue = {.agencies = offices, .n_agencies = 1};

static int set_up(void **state)
{
    const char *words = NULL;
    (void)state;
    arena_init(&a);
    assert_int_equal(schema_builtin_load(&a, &words), 0);
    province_open(&p, ENGINE_MODEL);
    assert_int_equal(procedure_holder_new(p.store, &holder), 0);
    now = province_monday_ms(); /* 2026-03-02 */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    procedure_holder_free(holder);
    province_close(&p);
    schema_builtin_unload();
    arena_release(&a);
    return 0;
}

/* A row that is right, with members of `more` put over it; NULL takes one away. */
static json_t *row(const char *more)
{
    json_t *base =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[s]}", "code", "1.001193", "name",
                  "Khai sinh", "field", "Hộ tịch", "level", "commune", "place", "here", "scope",
                  "whole", "rule", "residence", "commune_at", "/home", "applicants", "citizen");
    CLEANUP(json_decrefp)
    json_t *rest = json_loads(
        "{\"times\":[{\"channel\":\"online\",\"unit\":\"working_days\",\"amount\":1}],"
        "\"steps\":[{\"name\":\"Nhận\",\"role\":\"counter\",\"share\":40},"
        "{\"name\":\"Ký\",\"role\":\"leader\",\"share\":60}],"
        "\"components\":[{\"code\":\"to_khai\",\"name\":\"Tờ khai\",\"copy\":\"electronic\","
        "\"required\":true}],"
        "\"form_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
        "\"home\":{\"type\":\"string\",\"title\":\"Nơi ở\",\"x-title-en\":\"Home\",\"x-order\":1},"
        "\"late\":{\"type\":\"boolean\",\"title\":\"Trễ\",\"x-title-en\":\"Late\",\"x-order\":2}}}"
        "}",
        0, NULL);
    CLEANUP(json_decrefp) json_t *put = json_loads(more, 0, NULL);
    const char *name;
    json_t *value;
    assert_non_null(base);
    assert_non_null(rest);
    assert_non_null(put);
    json_object_update(base, rest);
    json_object_foreach(put, name, value)
    {
        if (json_is_null(value))
            json_object_del(base, name);
        else
            json_object_set(base, name, value);
    }
    return base;
}

static int import(json_t *rows, bool only_check, struct procedure_import_result *ret)
{
    CLEANUP(procedure_book_unrefp) const struct procedure_book *book = procedure_book_ref(holder);
    const struct procedure_import_world w = {.store = p.store,
                                             .book = book,
                                             .catalogue = &catalogue,
                                             .now_ms = now,
                                             .only_check = only_check};
    int done = procedure_import(&w, rows, &a, ret);
    if (done == 0 && !only_check)
        assert_int_equal(procedure_reload(holder), 0);
    return done;
}

/* Imports one row, which must come to `change`. */
static int64_t comes_to(int change, const char *more)
{
    struct procedure_import_result r;
    CLEANUP(json_decrefp) json_t *rows = json_pack("[o]", row(more));
    int done = import(rows, false, &r);
    if (done != 0)
        fail_msg("%s: %s", r.faults[0].pointer, r.faults[0].en);
    assert_int_equal(r.rows[0].change, change);
    assert_int_equal(r.counts[change], 1);
    return r.rows[0].version;
}

/* One row, which must have a fault at the pointer. */
static void faulty_at(const char *pointer, const char *more)
{
    struct procedure_import_result r;
    CLEANUP(json_decrefp) json_t *rows = json_pack("[o]", row(more));
    assert_int_equal(import(rows, false, &r), PROCEDURE_FAULTY);
    for (size_t i = 0; i < r.n_faults; i++) {
        assert_true(r.faults[i].vi[0] && r.faults[i].en[0]);
        if (strcmp(r.faults[i].pointer, pointer) == 0)
            return;
    }
    fail_msg("%s: no fault there, but at %s: %s", pointer, r.faults[0].pointer, r.faults[0].en);
}

static size_t stored(void)
{
    CLEANUP(procedure_book_unrefp) const struct procedure_book *book = procedure_book_ref(holder);
    return book->n;
}

static int64_t in_force(const char *day)
{
    CLEANUP(procedure_book_unrefp) const struct procedure_book *book = procedure_book_ref(holder);
    int64_t number = 0;
    assert_true(clock_day_parse(day, &number));
    const struct procedure *found =
        procedure_at(book, "1.001193", clock_day_start_ms(number) + HOUR);
    return found ? found->version : 0;
}

/* --- versions --------------------------------------------------------------------------------- */

static void a_changed_row_is_a_new_version(void **state)
{
    (void)state;
    assert_int_equal(comes_to(PROCEDURE_NEW, "{\"from\":\"2025-07-01\"}"), 20250701);
    assert_int_equal(comes_to(PROCEDURE_UNCHANGED, "{\"from\":\"2025-07-01\"}"), 20250701);
    assert_int_equal(comes_to(PROCEDURE_UNCHANGED, "{}"), 20250701);
    assert_int_equal(comes_to(PROCEDURE_CHANGED, "{\"name\":\"Tên mới\"}"), 20260302);
    assert_int_equal(comes_to(PROCEDURE_UNCHANGED, "{\"name\":\"Tên mới\"}"), 20260302);
    assert_int_equal(comes_to(PROCEDURE_CHANGED, "{\"name\":\"Hè\",\"from\":\"2026-06-01\"}"),
                     20260601);
    assert_int_equal(stored(), 3);
    assert_int_equal(in_force("2025-06-30"), 0);
    assert_int_equal(in_force("2025-07-01"), 20250701);
    assert_int_equal(in_force("2026-03-01"), 20250701);
    assert_int_equal(in_force("2026-03-02"), 20260302);
    assert_int_equal(in_force("2026-05-31"), 20260302);
    assert_int_equal(in_force("2026-06-01"), 20260601);
}

static void what_holds_is_never_changed(void **state)
{
    (void)state;
    comes_to(PROCEDURE_NEW, "{\"from\":\"2025-07-01\"}");
    comes_to(PROCEDURE_CHANGED, "{\"from\":\"2026-06-01\",\"name\":\"Hè\"}");
    faulty_at("/0/from", "{\"from\":\"2025-07-01\",\"name\":\"Khác\"}");
    faulty_at("/0/from", "{\"from\":\"2025-12-01\",\"name\":\"Khác\"}"); /* between two */
    faulty_at("/0/from", "{\"name\":\"Khác\"}"); /* today is before what is announced */
    /* One whose day has not come may be. */
    assert_int_equal(comes_to(PROCEDURE_CHANGED, "{\"from\":\"2026-06-01\",\"name\":\"Hạ\"}"),
                     20260601);
    assert_int_equal(stored(), 2);
}

static void a_version_ends_by_its_own_word(void **state)
{
    (void)state;
    comes_to(PROCEDURE_NEW, "{\"from\":\"2025-07-01\"}");
    comes_to(PROCEDURE_ENDED, "{\"until\":\"2026-03-31\"}");
    comes_to(PROCEDURE_UNCHANGED, "{\"until\":\"2026-03-31\"}");
    assert_int_equal(stored(), 1);
    assert_int_equal(in_force("2026-03-31"), 20250701);
    assert_int_equal(in_force("2026-04-01"), 0);
    faulty_at("/0/until", "{\"until\":\"2024-01-01\"}");
    faulty_at("/0/until", "{\"from\":\"2026-05-01\",\"name\":\"Khác\",\"until\":\"2026-04-01\"}");
}

static void one_file_may_hold_the_history(void **state)
{
    (void)state;
    struct procedure_import_result r;
    CLEANUP(json_decrefp)
    json_t *rows = json_pack("[o, o]", row("{\"from\":\"2026-01-01\",\"name\":\"Hai\"}"),
                             row("{\"from\":\"2025-07-01\",\"until\":\"2025-12-31\"}"));
    assert_int_equal(import(rows, true, &r), 0);
    assert_int_equal(stored(), 0); /* only checked */
    assert_int_equal(import(rows, false, &r), 0);
    assert_int_equal(r.rows[0].change, PROCEDURE_CHANGED);
    assert_int_equal(r.rows[1].change, PROCEDURE_NEW);
    assert_int_equal(import(rows, false, &r), 0);
    assert_int_equal(r.counts[PROCEDURE_UNCHANGED], 2);
    assert_int_equal(stored(), 2);
}

static void neighbours_do_not_overlap(void **state)
{
    (void)state;
    struct procedure_import_result r;
    CLEANUP(json_decrefp)
    json_t *twice = json_pack("[o, o]", row("{}"), row("{\"name\":\"Khác\"}"));
    assert_int_equal(import(twice, false, &r), PROCEDURE_FAULTY);
    assert_string_equal(r.faults[0].pointer, "/1/from");
    CLEANUP(json_decrefp) json_t *same = json_pack("[o, o]", row("{}"), row("{}"));
    assert_int_equal(import(same, false, &r), PROCEDURE_FAULTY);
    CLEANUP(json_decrefp)
    json_t *over = json_pack("[o, o]", row("{\"from\":\"2025-07-01\",\"until\":\"2026-01-01\"}"),
                             row("{\"from\":\"2026-01-01\",\"name\":\"Hai\"}"));
    assert_int_equal(import(over, false, &r), PROCEDURE_FAULTY);
    assert_string_equal(r.faults[0].pointer, "/1/from");
    assert_int_equal(stored(), 0);
}

/* --- faults ----------------------------------------------------------------------------------- */

static void every_bad_row_is_told(void **state)
{
    (void)state;
    struct procedure_import_result r;
    CLEANUP(json_decrefp) json_t *rows = json_array();
    for (int i = 0; i < 200; i++) {
        char more[80];
        snprintf(more, sizeof(more), "{\"code\":\"1.%06d\",\"level\":\"district\"}", i);
        json_array_append_new(rows, row(more));
    }
    json_array_append_new(rows, row("{\"code\":\"2.000001\"}"));
    assert_int_equal(import(rows, false, &r), PROCEDURE_FAULTY);
    assert_int_equal(r.n_faults, 200);
    assert_string_equal(r.faults[0].pointer, "/0/level");
    assert_string_equal(r.faults[199].pointer, "/199/level");
    assert_int_equal(stored(), 0); /* nor the good one */
}

static void parts_must_fit_each_other(void **state)
{
    (void)state;
    static const struct {
        const char *pointer, *more;
    } wrong[] = {
        {"/0/code", "{\"code\":\"abc\"}"},
        {"/0/surprise", "{\"surprise\":1}"},
        {"/0/steps", "{\"steps\":[{\"name\":\"Ký\",\"role\":\"leader\",\"share\":99}]}"},
        {"/0/steps", "{\"steps\":null}"},
        {"/0/times", "{\"times\":null}"},
        {"/0/components", "{\"components\":null}"},
        {"/0/form_schema", "{\"form_schema\":null}"},
        {"/0/reason", "{\"scope\":\"part\"}"},
        {"/0/link", "{\"place\":\"portal\"}"},
        {"/0/link", "{\"place\":\"portal\",\"link\":\"javascript:alert(1)\"}"},
        {"/0/agency", "{\"rule\":\"department\"}"},
        {"/0/agency", "{\"rule\":\"department\",\"agency\":\"H99\"}"},
        {"/0/commune_at", "{\"commune_at\":null}"},
        {"/0/commune_at", "{\"commune_at\":\"/late\"}"},
        {"/0/from", "{\"from\":\"2026-02-30\"}"},
        {"/0/times/1/channel",
         "{\"times\":[{\"channel\":\"online\",\"unit\":\"hours\",\"amount\":1},"
         "{\"channel\":\"online\",\"unit\":\"hours\",\"amount\":2}]}"},
        {"/0/components/1/code",
         "{\"components\":[{\"code\":\"a\",\"name\":\"A\",\"copy\":\"copy\"},"
         "{\"code\":\"a\",\"name\":\"B\",\"copy\":\"copy\"}]}"},
        {"/0/components/0/document", "{\"components\":[{\"code\":\"a\",\"name\":\"A\",\"copy\":"
                                     "\"copy\",\"document\":\"giay_la\"}]}"},
        {"/0/components/0/one_of", "{\"components\":[{\"code\":\"a\",\"name\":\"A\",\"copy\":"
                                   "\"copy\",\"one_of\":\"g\"}]}"},
        {"/0/components/0/when/field",
         "{\"components\":[{\"code\":\"a\",\"name\":\"A\",\"copy\":\"copy\",\"when\":{\"field\":"
         "\"/nowhere\",\"is\":1}}]}"},
        {"/0/components/0/when/is",
         "{\"components\":[{\"code\":\"a\",\"name\":\"A\",\"copy\":\"copy\",\"when\":{\"field\":"
         "\"/late\",\"is\":\"yes\"}}]}"},
        {"/0/components/0/when/least",
         "{\"components\":[{\"code\":\"a\",\"name\":\"A\",\"copy\":\"copy\",\"when\":{\"field\":"
         "\"/home\",\"least\":1}}]}"},
        {"/0/components/0/when/script",
         "{\"components\":[{\"code\":\"a\",\"name\":\"A\",\"copy\":\"copy\",\"when\":{\"field\":"
         "\"/home\",\"script\":1}}]}"},
        {"/0/components/0/when",
         "{\"components\":[{\"code\":\"a\",\"name\":\"A\",\"copy\":\"copy\",\"when\":{}}]}"},
        {"/0/fees/0/times", "{\"fees\":[{\"code\":\"a\",\"name\":\"A\",\"kind\":\"fee\",\"amount\":"
                            "1,\"times\":\"/home\"}]}"},
        {"/0/fees/0/amount",
         "{\"fees\":[{\"code\":\"a\",\"name\":\"A\",\"kind\":\"fee\",\"amount\":1.5}]}"},
        {"/0/exemptions/0/fees/0",
         "{\"exemptions\":[{\"code\":\"a\",\"name\":\"A\",\"percent\":50,\"fees\":[\"b\"]}]}"},
        {"/0/results/0/document",
         "{\"results\":[{\"code\":\"a\",\"name\":\"A\",\"document\":\"giay_la\"}]}"},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        faulty_at(wrong[i].pointer, wrong[i].more);
    assert_int_equal(stored(), 0);
}

/* A form of one member, its schema in `text`. */
static const char *with_member(const char *text)
{
    return arena_printf(&a,
                        "{\"commune_at\":\"/home\",\"form_schema\":{\"type\":\"object\","
                        "\"additionalProperties\":false,\"properties\":{\"home\":{\"type\":"
                        "\"string\",\"title\":\"Nhà\",\"x-title-en\":\"Home\",\"x-order\":1},"
                        "\"b\":%s}}}",
                        text);
}

static void forms_must_be_such_that_they_can_be_shown(void **state)
{
    (void)state;
#define NAMED "\"title\":\"B\",\"x-title-en\":\"B\",\"x-order\":2"
    static const struct {
        const char *below, *member;
    } wrong[] = {
        {"/patern", "{" NAMED ",\"type\":\"string\",\"patern\":\"x\"}"},
        {"/title", "{\"type\":\"string\",\"x-title-en\":\"B\",\"x-order\":2}"},
        {"/x-title-en", "{\"type\":\"string\",\"title\":\"B\",\"x-order\":2}"},
        {"/x-order", "{\"type\":\"string\",\"title\":\"B\",\"x-title-en\":\"B\"}"},
        {"/x-group", "{" NAMED ",\"type\":\"string\",\"x-group\":\"nowhere\"}"},
        {"/enum/1", "{" NAMED ",\"enum\":[\"x\",\"y\"],\"x-labels\":{\"x\":{\"vi\":\"X\",\"en\":"
                    "\"X\"},\"y\":{\"vi\":\"Y\"}}}"},
        {"/additionalProperties", "{" NAMED ",\"type\":\"object\",\"properties\":{}}"},
        {"/x-when/field", "{" NAMED ",\"type\":\"string\",\"x-when\":{\"field\":\"/c\",\"is\":1}}"},
        {"/x-when", "{" NAMED ",\"type\":\"string\",\"x-when\":{\"field\":\"/b\",\"given\":true}}"},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        faulty_at(arena_printf(&a, "/0/form_schema/properties/b%s", wrong[i].below),
                  with_member(wrong[i].member));
    faulty_at("/0/form_schema/type", "{\"form_schema\":{\"type\":\"array\"}}");
}

static void circles_are_found(void **state)
{
    (void)state;
    faulty_at("/0/form_schema/properties/home/x-when",
              "{\"form_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":"
              "{\"home\":{\"type\":\"string\",\"title\":\"A\",\"x-title-en\":\"A\",\"x-order\":1,"
              "\"x-when\":{\"field\":\"/b\",\"given\":true}},\"b\":{\"type\":\"string\","
              "\"title\":\"B\",\"x-title-en\":\"B\",\"x-order\":2,\"x-when\":{\"not\":{\"field\":"
              "\"/home\",\"given\":true}}}}}}");
}

/* --- hostile files ---------------------------------------------------------------------------- */

static void too_much_is_refused_at_its_place(void **state)
{
    (void)state;
    CLEANUP(json_decrefp) json_t *one = row("{}");
    json_t *many = json_array();
    for (int i = 0; i < 500; i++)
        json_array_append_new(many, json_pack("{s:o, s:s, s:s}", "code", json_sprintf("c%d", i),
                                              "name", "Giấy", "copy", "copy"));
    json_object_set_new(one, "components", many);
    char *text = json_dumps(one, 0);
    faulty_at("/0/components", text);
    free(text);
}

static void deep_conditions_are_refused(void **state)
{
    (void)state;
    struct buf deep;
    buf_init(&deep, 64 * 1024);
    buf_add_str(&deep,
                "{\"components\":[{\"code\":\"a\",\"name\":\"A\",\"copy\":\"copy\",\"when\":");
    for (int i = 0; i < 256; i++)
        buf_add_str(&deep, "{\"not\":");
    buf_add_str(&deep, "{\"field\":\"/late\",\"is\":true}");
    for (int i = 0; i < 256; i++)
        buf_add_char(&deep, '}');
    buf_add_str(&deep, "}]}");
    struct json_fault fault;
    json_t *refused = NULL;
    assert_int_equal(json_read(deep.data, deep.len, &refused, &fault), JSON_TOO_DEEP);
    buf_release(&deep);
    /* As deep as may be read, and deeper than a condition may be. */
    const char *when = "{\"field\":\"/late\",\"is\":true}", *at = "";
    for (int i = 0; i < 12; i++)
        when = arena_printf(&a, "{\"not\":%s}", when);
    for (int i = 0; i < 8; i++)
        at = arena_printf(&a, "%s/not", at);
    faulty_at(arena_printf(&a, "/0/components/0/when%s", at),
              arena_printf(&a,
                           "{\"components\":[{\"code\":\"a\",\"name\":\"A\",\"copy\":\"copy\","
                           "\"when\":%s}]}",
                           when));
}

static void what_was_cut_off_is_completed(void **state)
{
    (void)state;
    struct procedure_import_result r;
    CLEANUP(json_decrefp) json_t *rows = json_array();
    CLEANUP(json_decrefp) json_t *half = json_array();
    for (int i = 0; i < 250; i++) {
        char more[80];
        snprintf(more, sizeof(more), "{\"code\":\"1.%06d\"}", i);
        json_array_append_new(rows, row(more));
        if (i % 2 == 0)
            json_array_append(half, json_array_get(rows, (size_t)i));
    }
    assert_int_equal(import(half, false, &r), 0);
    assert_int_equal(import(rows, false, &r), 0);
    assert_int_equal(r.counts[PROCEDURE_NEW], 125);
    assert_int_equal(r.counts[PROCEDURE_UNCHANGED], 125);
    assert_int_equal(stored(), 250);
}

/* Another node's import is seen once it is marked, and not read again without. */
static void imports_are_followed_by_their_mark(void **state)
{
    (void)state;
    struct procedure_holder *other = NULL;
    assert_int_equal(procedure_holder_new(p.store, &other), 0);
    uint64_t before = procedure_generation(other);
    assert_int_equal(procedure_follow(other), 0);
    assert_int_equal(procedure_generation(other), before);
    comes_to(PROCEDURE_NEW, "{}");
    assert_int_equal(procedure_follow(other), 0);
    assert_true(procedure_generation(other) > before);
    const struct procedure_book *book = procedure_book_ref(other);
    assert_int_equal(book->n, 1);
    /* Who holds a book keeps it, whatever comes. */
    comes_to(PROCEDURE_CHANGED, "{\"from\":\"2026-09-01\",\"name\":\"Khác\"}");
    assert_int_equal(procedure_follow(other), 0);
    assert_string_equal(book->items[0].name, "Khai sinh");
    assert_non_null(procedure_form(&book->items[0]));
    procedure_book_unref(book);
    procedure_holder_free(other);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_changed_row_is_a_new_version),
        TEST(what_holds_is_never_changed),
        TEST(a_version_ends_by_its_own_word),
        TEST(one_file_may_hold_the_history),
        TEST(neighbours_do_not_overlap),
        TEST(every_bad_row_is_told),
        TEST(parts_must_fit_each_other),
        TEST(forms_must_be_such_that_they_can_be_shown),
        TEST(circles_are_found),
        TEST(too_much_is_refused_at_its_place),
        TEST(deep_conditions_are_refused),
        TEST(what_was_cut_off_is_completed),
        TEST(imports_are_followed_by_their_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
