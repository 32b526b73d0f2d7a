/* What tests of imports begin with: a province, a book, rows that are right. */
#pragma once

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

static inline int set_up(void **state)
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

static inline int tear_down(void **state)
{
    (void)state;
    procedure_holder_free(holder);
    province_close(&p);
    schema_builtin_unload();
    arena_release(&a);
    return 0;
}

/* A row that is right, with members of `more` put over it; NULL takes one away. */
static inline json_t *row(const char *more)
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

static inline int import(json_t *rows, bool only_check, struct procedure_import_result *ret)
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
static inline int64_t comes_to(int change, const char *more)
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
static inline void faulty_at(const char *pointer, const char *more)
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

static inline size_t stored(void)
{
    CLEANUP(procedure_book_unrefp) const struct procedure_book *book = procedure_book_ref(holder);
    return book->n;
}

static inline int64_t in_force(const char *day)
{
    CLEANUP(procedure_book_unrefp) const struct procedure_book *book = procedure_book_ref(holder);
    int64_t number = 0;
    assert_true(clock_day_parse(day, &number));
    const struct procedure *found =
        procedure_at(book, "1.001193", clock_day_start_ms(number) + HOUR);
    return found ? found->version : 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
