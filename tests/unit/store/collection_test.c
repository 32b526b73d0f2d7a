/* Declarations that are refused, and the values that fields name in a document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "base/text.h"
#include "store/store.h"

/* --- faults ----------------------------------------------------------------------------------- */

#define FIELDS(...) ((const struct store_field[]){__VA_ARGS__})
#define PATHS(...) ((const struct store_path[]){__VA_ARGS__})
#define STATE                                                                                      \
    {                                                                                              \
        "state", "state", STORE_TEXT, false                                                        \
    }
#define DUE                                                                                        \
    {                                                                                              \
        "due", "due", STORE_INT, false                                                             \
    }
#define TAG                                                                                        \
    {                                                                                              \
        "tag", "tags", STORE_TEXT, true                                                            \
    }
#define KIND                                                                                       \
    {                                                                                              \
        "kind", "kinds", STORE_TEXT, true                                                          \
    }
#define WORDS                                                                                      \
    {                                                                                              \
        "words", "x.words", STORE_WORDS, false                                                     \
    }

static const struct store_collection sound = {
    .name = "things",
    .form = 1,
    .fields = (const struct store_field[]){STATE, DUE, TAG, KIND, WORDS},
    .n_fields = 5,
    .paths = (const struct store_path[]){{"by_state", "list", {"state", "tag"}, "due", {NULL}},
                                         {"all", "list", {NULL}, "due", {"state"}}},
    .n_paths = 2,
};

/* `sound` with one field, or one path, in place of its own. */
static struct store_collection with_fields(const struct store_field *fields, size_t n)
{
    struct store_collection c = sound;
    c.fields = fields;
    c.n_fields = n;
    c.n_paths = 0;
    return c;
}

static struct store_collection with_paths(const struct store_path *paths, size_t n)
{
    struct store_collection c = sound;
    c.paths = paths;
    c.n_paths = n;
    return c;
}

static void assert_fault(const struct store_collection *c, const char *words)
{
    const char *fault = store_collection_fault(c);
    if (!fault || !strstr(fault, words))
        fail_msg("\"%s\" instead of \"%s\"", fault ? fault : "no fault", words);
}

static void a_sound_declaration_has_no_fault(void **state)
{
    (void)state;
    assert_null(store_collection_fault(&sound));
    assert_int_equal(store_field_index(&sound, "tag"), 2);
    assert_int_equal(store_field_index(&sound, "tags"), -1);
    assert_int_equal(store_path_index(&sound, "all"), 1);
    assert_int_equal(store_path_index(&sound, "none"), -1);
    assert_int_equal(store_words_index(&sound), 4);
}

static void a_collection_is_named_and_bounded(void **state)
{
    (void)state;
    const char *const names[] = {NULL, "", "Things", "2things", "_things", "many things", "đơn"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct store_collection c = sound;
        c.name = names[i];
        assert_fault(&c, "collection's name");
    }
    struct store_collection c = sound;
    c.form = 0;
    assert_fault(&c, "form");
    c = sound;
    c.n_fields = STORE_FIELDS_MAX + 1;
    assert_fault(&c, "too many");
    c = sound;
    c.n_paths = STORE_PATHS_MAX + 1;
    assert_fault(&c, "too many");
}

static void unsound_fields_are_told(void **state)
{
    (void)state;
    const struct {
        const char *words;
        struct store_field field;
    } rows[] = {
        {"field's name", {"State", "state", STORE_TEXT, false}},
        {"field's name", {NULL, "state", STORE_TEXT, false}},
        {"no path", {"state", NULL, STORE_TEXT, false}},
        {"no path", {"state", "", STORE_TEXT, false}},
        {"names with dots", {"state", "head..state", STORE_TEXT, false}},
        {"names with dots", {"state", ".state", STORE_TEXT, false}},
        {"names with dots", {"state", "state.", STORE_TEXT, false}},
        {"names with dots", {"state", "states.0", STORE_TEXT, false}},
        {"names with dots", {"state", "$state", STORE_TEXT, false}},
        {"reserved", {"id", "_id", STORE_ID, false}},
        {"reserved", {"write", "writes.id", STORE_ID, true}},
        {"reserved", {"arrival", "arrival", STORE_INT, false}},
        {"no type", {"state", "state", 0, false}},
        {"no type", {"state", "state", STORE_WORDS + 1, false}},
        {"WORDS field is not multi", {"words", "x.words", STORE_WORDS, true}},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct store_collection c = with_fields(&rows[i].field, 1);
        assert_fault(&c, rows[i].words);
    }
    struct store_collection twice = with_fields(FIELDS(STATE, {"state", "s", STORE_INT, false}), 2);
    assert_fault(&twice, "two fields of one name");
    struct store_collection words =
        with_fields(FIELDS(WORDS, {"more", "m", STORE_WORDS, false}), 2);
    assert_fault(&words, "two WORDS");
    struct store_collection near = with_fields(
        FIELDS({"v", "versions", STORE_INT, false}, {"w", "x.version", STORE_INT, false}), 2);
    assert_null(store_collection_fault(&near));
}

static void unsound_paths_are_told(void **state)
{
    (void)state;
    const struct {
        const char *words;
        struct store_path path;
    } rows[] = {
        {"path's name", {"By", "list", {"state"}, "due", {NULL}}},
        {"which screen", {"by", NULL, {"state"}, "due", {NULL}}},
        {"which screen", {"by", "", {"state"}, "due", {NULL}}},
        {"unknown field", {"by", "list", {"colour"}, "due", {NULL}}},
        {"unknown field", {"by", "list", {"state"}, "colour", {NULL}}},
        {"unknown field", {"by", "list", {"state"}, "due", {"colour"}}},
        {"path of its own", {"by", "list", {"words"}, "due", {NULL}}},
        {"field twice", {"by", "list", {"state", "state"}, "due", {NULL}}},
        {"two multi-valued", {"by", "list", {"tag", "kind"}, "due", {NULL}}},
        {"holds equal", {"by", "list", {"due"}, "due", {NULL}}},
        {"several values", {"by", "list", {"state"}, "tag", {NULL}}},
        {"several values", {"by", "list", {"state"}, "words", {NULL}}},
        {"several values", {"by", "list", {"state"}, "due", {"tag"}}},
        {"covers a field twice", {"by", "list", {"tag"}, "due", {"state", "state"}}},
        {"says nothing", {"by", "list", {NULL}, NULL, {NULL}}},
        {"too many", {"by", "list", {"a", "b", "c", "d", "e"}, NULL, {NULL}}},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct store_collection c = with_paths(&rows[i].path, 1);
        assert_fault(&c, rows[i].words);
    }
    struct store_collection twice = with_paths(
        PATHS({"by", "list", {"state"}, NULL, {NULL}}, {"by", "list", {"tag"}, NULL, {NULL}}), 2);
    assert_fault(&twice, "two paths of one name");
}

/* --- extraction ------------------------------------------------------------------------------- */

/* The values as "a b c"; E_INVALID as "invalid". */
static const char *extracted(const struct store_field *f, bson_t *doc, char *out, size_t size)
{
    struct store_value values[STORE_MULTI_MAX];
    int n = store_extract(f, doc, values);
    bson_destroy(doc);
    assert_true(n >= 0 || n == E_INVALID);
    snprintf(out, size, "%s", n < 0 ? "invalid" : "");
    for (int i = 0; i < n; i++) {
        assert_int_equal(values[i].type, f->type);
        size_t at = strlen(out);
        snprintf(out + at, size - at, "%s%lld", i ? " " : "", (long long)values[i].number);
    }
    return out;
}

static bson_t *json(const char *text)
{
    bson_error_t error;
    bson_t *doc = bson_new_from_json((const uint8_t *)text, -1, &error);
    if (!doc)
        fail_msg("%s: %s", text, error.message);
    return doc;
}

static void numbers_are_found_along_the_path(void **state)
{
    (void)state;
    const struct store_field one = {"n", "a.n", STORE_INT, false};
    const struct store_field many = {"n", "a.n", STORE_INT, true};
    const struct {
        const struct store_field *field;
        const char *doc, *values;
    } rows[] = {
        {&one, "{\"a\": {\"n\": 5}}", "5"},
        {&one, "{\"a\": {\"n\": {\"$numberLong\": \"-9223372036854775808\"}}}",
         "-9223372036854775808"},
        {&one, "{\"a\": {\"n\": true}}", "1"},
        {&one, "{\"a\": {\"n\": {\"$date\": {\"$numberLong\": \"-7\"}}}}", "-7"},
        {&one, "{}", ""},
        {&one, "{\"a\": null}", ""},
        {&one, "{\"a\": {\"n\": null}}", ""},
        {&one, "{\"a\": {\"nn\": 1}, \"n\": 2, \"a.n\": 3}", ""},
        {&one, "{\"a\": 7}", ""},
        {&one, "{\"a\": {\"n\": \"5\"}}", "invalid"},
        {&one, "{\"a\": {\"n\": 5.0}}", "invalid"},
        {&one, "{\"a\": {\"n\": {}}}", "invalid"},
        {&one, "{\"a\": {\"n\": [1, 2]}}", "invalid"},
        {&many, "{\"a\": {\"n\": [3, 1, 3, null, 2, 1]}}", "3 1 2"},
        {&many, "{\"a\": [{\"n\": 1}, {}, {\"n\": [2, 3]}, {\"n\": 1}]}", "1 2 3"},
        {&many, "{\"a\": []}", ""},
        {&many, "{\"a\": {\"n\": []}}", ""},
        {&many, "{\"a\": {\"n\": 4}}", "4"},
        {&many, "{\"a\": {\"n\": [1, 2, 3, 4, 5, 6, 7, 8, 8, 1]}}", "1 2 3 4 5 6 7 8"},
        {&many, "{\"a\": {\"n\": [1, 2, 3, 4, 5, 6, 7, 8, 9]}}", "invalid"},
        {&many, "{\"a\": {\"n\": [1, \"2\"]}}", "invalid"},
        {&many, "{\"a\": {\"n\": [[1]]}}", "invalid"},
        {&many, "{\"a\": [[{\"n\": 1}]]}", "invalid"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char out[200];
        extracted(rows[i].field, json(rows[i].doc), out, sizeof(out));
        if (strcmp(out, rows[i].values) != 0)
            fail_msg("%s gives \"%s\" instead of \"%s\"", rows[i].doc, out, rows[i].values);
    }
}

static int extract_text(const char *text, int n)
{
    const struct store_field f = {"state", "state", STORE_TEXT, false};
    struct store_value values[STORE_MULTI_MAX];
    CLEANUP(bson_destroyp) bson_t *doc = bson_new();
    bson_append_utf8(doc, "state", -1, text, n);
    int found = store_extract(&f, doc, values);
    if (found == 1)
        assert_string_equal(values[0].text, text);
    return found;
}

static void text_is_bounded_utf8(void **state)
{
    (void)state;
    char text[STORE_TEXT_MAX + 2];
    memset(text, 'x', sizeof(text));
    text[STORE_TEXT_MAX] = '\0';
    assert_int_equal(extract_text(text, STORE_TEXT_MAX), 1);
    text[STORE_TEXT_MAX] = 'x';
    text[STORE_TEXT_MAX + 1] = '\0';
    assert_int_equal(extract_text(text, STORE_TEXT_MAX + 1), E_INVALID);
    assert_int_equal(extract_text("", 0), 1);
    assert_int_equal(extract_text("Đường", -1), 1);
    assert_int_equal(extract_text("\xc3\x28", 2), E_INVALID);
    assert_int_equal(extract_text("a\0b", 3), E_INVALID);
}

static void ids_are_sixteen_bytes(void **state)
{
    (void)state;
    const struct store_field f = {"agency", "agency", STORE_ID, false};
    struct store_value values[STORE_MULTI_MAX];
    struct id id = id_v4();
    bson_t *doc = BCON_NEW("agency", BCON_BIN(BSON_SUBTYPE_UUID, id.bytes, 16));
    assert_int_equal(store_extract(&f, doc, values), 1);
    assert_true(id_equal(&values[0].id, &id));
    bson_destroy(doc);
    doc = BCON_NEW("agency", BCON_BIN(BSON_SUBTYPE_UUID, id.bytes, 15));
    assert_int_equal(store_extract(&f, doc, values), E_INVALID);
    bson_destroy(doc);
    doc = BCON_NEW("agency", BCON_UTF8("0123456789abcdef"));
    assert_int_equal(store_extract(&f, doc, values), E_INVALID);
    bson_destroy(doc);
}

static void join(const char *word, void *ctx)
{
    char *out = ctx;
    strcat(strcat(out, word), ",");
}

static void words_come_in_stored_order(void **state)
{
    (void)state;
    const struct store_field f = {"words", "x.words", STORE_WORDS, false};
    const struct {
        const char *doc;
        int n;
        const char *words;
    } rows[] = {
        {"{\"x\": {\"words\": [\"duong\", \"den\"]}}", 2, "duong,den,"},
        {"{\"x\": {\"words\": []}}", 0, ""},
        {"{\"x\": {\"words\": null}}", 0, ""},
        {"{\"x\": 1}", 0, ""},
        {"{\"x\": {\"words\": \"duong\"}}", E_INVALID, NULL},
        {"{\"x\": {\"words\": [\"den\", 5]}}", E_INVALID, NULL},
        {"{\"x\": {\"words\": [\"den\", \"\"]}}", E_INVALID, NULL},
        {"{\"x\": {\"words\": [\"den duong\"]}}", E_INVALID, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char out[100] = "";
        CLEANUP(bson_destroyp) bson_t *doc = json(rows[i].doc);
        assert_int_equal(store_extract_words(&f, doc, join, out), rows[i].n);
        if (rows[i].words)
            assert_string_equal(out, rows[i].words);
    }
}

static void count(const char *word, void *ctx)
{
    (void)word;
    ++*(int *)ctx;
}

static void words_are_bounded(void **state)
{
    (void)state;
    const struct store_field f = {"words", "words", STORE_WORDS, false};
    for (int n = TEXT_WORDS_MAX; n <= TEXT_WORDS_MAX + 1; n++) {
        CLEANUP(bson_destroyp) bson_t *doc = bson_new();
        bson_t array;
        BSON_APPEND_ARRAY_BEGIN(doc, "words", &array);
        for (int i = 0; i < n; i++)
            BSON_APPEND_UTF8(&array, "w", "den");
        bson_append_array_end(doc, &array);
        int counted = 0, expected = n > TEXT_WORDS_MAX ? E_INVALID : n;
        assert_int_equal(store_extract_words(&f, doc, count, &counted), expected);
        assert_int_equal(counted, TEXT_WORDS_MAX);
    }
}

static void values_compare_by_type(void **state)
{
    (void)state;
    struct id low = {{1}}, high = {{0xff}};
    const struct store_value pairs[][2] = {
        {store_int(INT64_MIN), store_int(INT64_MAX)},
        {store_text("a"), store_text("b")},
        {store_text(""), store_text("a")},
        {store_text("z"), store_text("đ")}, /* bytes, not the alphabet */
        {store_id(low), store_id(high)},
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        assert_true(store_value_compare(&pairs[i][0], &pairs[i][1]) < 0);
        assert_true(store_value_compare(&pairs[i][1], &pairs[i][0]) > 0);
        assert_int_equal(store_value_compare(&pairs[i][0], &pairs[i][0]), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_declaration_has_no_fault),
        cmocka_unit_test(a_collection_is_named_and_bounded),
        cmocka_unit_test(unsound_fields_are_told),
        cmocka_unit_test(unsound_paths_are_told),
        cmocka_unit_test(numbers_are_found_along_the_path),
        cmocka_unit_test(text_is_bounded_utf8),
        cmocka_unit_test(ids_are_sixteen_bytes),
        cmocka_unit_test(words_come_in_stored_order),
        cmocka_unit_test(words_are_bounded),
        cmocka_unit_test(values_compare_by_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
