/* Importing procedures: which version a row becomes; imports cut off, at once, followed. */
#include "tests/unit/domain_procedure/importing.h"

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

/* Two imports at once, each on the book of before: what holds already is not written over. */
static void imports_at_once_do_not_overwrite(void **state)
{
    (void)state;
    struct procedure_import_result r;
    struct procedure_holder *other = NULL;
    assert_int_equal(procedure_holder_new(p.store, &other), 0);
    const struct procedure_book *book = procedure_book_ref(other);
    const struct procedure_import_world late = {
        .store = p.store, .book = book, .catalogue = &catalogue, .now_ms = now};
    comes_to(PROCEDURE_NEW, "{}");
    CLEANUP(json_decrefp) json_t *same = json_pack("[o]", row("{}"));
    assert_int_equal(procedure_import(&late, same, &a, &r), 0);
    CLEANUP(json_decrefp) json_t *differs = json_pack("[o]", row("{\"name\":\"Khác\"}"));
    assert_int_equal(procedure_import(&late, differs, &a, &r), PROCEDURE_RACED);
    procedure_book_unref(book);
    assert_int_equal(procedure_reload(other), 0);
    book = procedure_book_ref(other);
    assert_int_equal(book->n, 1);
    assert_string_equal(book->items[0].name, "Khai sinh");
    procedure_book_unref(book);
    procedure_holder_free(other);
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
    const struct CMUnitTest tests[] = {
        TEST(a_changed_row_is_a_new_version),   TEST(what_holds_is_never_changed),
        TEST(a_version_ends_by_its_own_word),   TEST(one_file_may_hold_the_history),
        TEST(neighbours_do_not_overlap),        TEST(what_was_cut_off_is_completed),
        TEST(imports_at_once_do_not_overwrite), TEST(imports_are_followed_by_their_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
