/* Importing procedures: faults by pointer, and what hostile files come to. */
#include "tests/unit/domain_procedure/importing.h"

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

/* Each part within its bounds, the whole larger than a document: told, not met while writing. */
static void a_version_too_large_is_refused(void **state)
{
    (void)state;
    CLEANUP(json_decrefp) json_t *one = row("{}");
    json_t *many = json_array();
    char *note = arena_alloc(&a, 3001);
    for (size_t i = 0; i < 3000; i += 3)
        memcpy(note + i, "ờ", 3);
    for (int i = 0; i < 90; i++)
        json_array_append_new(many,
                              json_pack("{s:o, s:s, s:s, s:s}", "code", json_sprintf("c%d", i),
                                        "name", "Giấy", "note", note, "copy", "copy"));
    json_object_set_new(one, "components", many);
    char *text = json_dumps(one, 0);
    faulty_at("/0", text);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_bad_row_is_told),
        TEST(parts_must_fit_each_other),
        TEST(forms_must_be_such_that_they_can_be_shown),
        TEST(circles_are_found),
        TEST(too_much_is_refused_at_its_place),
        TEST(a_version_too_large_is_refused),
        TEST(deep_conditions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
