/* Every audience is shown what its rows admit, as the schema says; clients' JSON is read back. */
#include "tests/unit/domain/entity_chance.h"

#include "base/json.h"
#include "schemas/schema.h"

static json_t *shown(const struct thing *t, unsigned see)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    entity_json(&thing_entity, t, see, &text);
    assert_false(text.failed);
    json_t *value = NULL;
    struct json_fault fault;
    if (json_read(text.data, text.len, &value, &fault) != 0)
        fail_msg("%s at %zu of %s", fault.words, fault.offset, text.data);
    buf_release(&text);
    return value;
}

/* "parts.0.by" of a value; NULL if it has none. Borrowed. */
static const json_t *member(const json_t *value, const char *path)
{
    char name[32];
    while (value && *path) {
        size_t n = strcspn(path, ".");
        assert_true(n < sizeof name);
        memcpy(name, path, n);
        name[n] = '\0';
        path += n + (path[n] == '.');
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(name))
                                     : json_object_get(value, name);
    }
    return value;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void test_each_audience_sees_its_rows(void **state)
{
    static const struct {
        const char *path;
        unsigned see;
    } rows[] = {
        {"kind", SEE_ALL},
        {"title", SEE_ALL},
        {"answers.a.0", SEE_PARTIES},
        {"count", SEE_ALL},
        {"limit", SEE_SELF},
        {"fee", SEE_OWNER | SEE_ADMIN},
        {"at", SEE_ALL},
        {"urgent", SEE_STAFF},
        {"ref", SEE_INSPECTOR},
        {"where.lat", SEE_AGENCY},
        {"spot", 0},
        {"tags.1", SEE_PUBLIC},
        {"seal", 0},
        {"size.unit", SEE_ALL},
        {"owner", SEE_OWNER}, /* staff see the row, but nothing in it */
        {"owner.aliases", 0}, /* the public sees these, but not the row */
        {"parts.0.label", SEE_ALL},
        {"parts.0.by", SEE_STAFF},
        {"watts", SEE_ALL},
        {"phone", SEE_PARTIES},
        {"phone.ends", SEE_STAFF},
        {"open", SEE_STAFF}, /* the public sees it, but not the row x */
        {"x", 0},
        {"cell", 0},
        {"words", 0},
    };
    struct arena *a = *state;
    struct thing t = whole_thing(a);
    bson_destroy(encoded(&t, NULL, a)); /* derives */
    for (unsigned see = 1; see <= SEE_SELF; see <<= 1) {
        CLEANUP(json_decrefp) json_t *value = shown(&t, see);
        for (size_t i = 0; i < ARRAY_LEN(rows); i++)
            if ((member(value, rows[i].path) != NULL) != ((rows[i].see & see) != 0))
                fail_msg("%s for audience %#x", rows[i].path, see);
    }
    CLEANUP(json_decrefp) json_t *nothing = shown(&t, 0);
    assert_int_equal(json_object_size(nothing), 0);
    /* Two audiences together see no more than either does. */
    CLEANUP(json_decrefp) json_t *both = shown(&t, SEE_PUBLIC | SEE_OWNER);
    assert_null(member(both, "owner.aliases"));
}

static void test_values_as_shown(void **state)
{
    struct arena *a = *state;
    struct thing t = whole_thing(a);
    struct buf out;
    buf_init(&out, 4096);
    entity_json(&thing_entity, &t, SEE_AGENCY, &out);
    assert_string_equal(
        out.data,
        "{\"kind\":\"lamp\",\"title\":\"Đèn đường\",\"answers\":{\"a\":[1,null]},\"count\":21,"
        "\"at\":\"2026-11-24T16:00:00.123Z\",\"urgent\":true,"
        "\"where\":{\"lat\":9.1768,\"lon\":105.1524},\"size\":{\"length\":12,\"unit\":\"m\"},"
        "\"parts\":[{\"label\":\"cột\",\"count\":2,"
        "\"by\":\"01000000-0000-0000-0000-000000000000\"}],"
        "\"watts\":70,\"phone\":{\"ends\":\"678\"},\"open\":false}");

    buf_reset(&out);
    bool first = true;
    entity_json_members(&thing_entity, &t, 0, &first, &out);
    assert_true(first && out.len == 0);
    entity_json_members(&thing_entity, &t, SEE_SELF, &first, &out);
    assert_false(first);
    entity_json_members(&thing_entity, &t, SEE_SELF, &first, &out);
    assert_string_equal(out.data, "\"limit\":3,\"limit\":3");
    buf_release(&out);
}

/* A reply that is too big fails as a buffer does, whatever was being written. */
static void test_a_full_buffer(void **state)
{
    struct thing t = whole_thing(*state);
    for (size_t max = 0; max < 400; max++) {
        struct buf out;
        buf_init(&out, max);
        entity_json(&thing_entity, &t, SEE_EVERYBODY, &out);
        assert_true(out.failed);
        assert_true(out.len <= max);
        buf_release(&out);
    }
}

static void test_json_comes_back(void **state)
{
    struct arena *a = *state;
    thing_roll();
    for (int i = 0; i < ROUNDS; i++) {
        struct thing t = chance_thing(a), back = {0};
        t.phone = NULL; /* is shown otherwise than it is */
        json_t *value = shown(&t, SEE_EVERYBODY);
        const char *bad = entity_read(&thing_entity, value, a, &back);
        if (bad)
            fail_msg("%s", bad);
        json_decref(value); /* `back` borrows nothing of it */
        t.seal.n = 0;
        t.spot.set = false;
        back.spot = t.spot;
        if (t.owner && !t.owner->name) /* nothing in it is shown: public aliases of a hidden row */
            t.owner = NULL;
        if (t.owner)
            t.owner->aliases.n = 0;
        assert_thing_same(&t, &back);
    }
}

static void test_read_refuses(void **state)
{
    static const struct {
        const char *json, *pointer;
    } cases[] = {
        {"[]", ""},
        {"{\"title\":1}", "/title"},
        {"{\"answers\":\"0123456789012345678901234567890123456789012345678901234567890123\"}",
         "/answers"},
        {"{\"count\":1.5}", "/count"},
        {"{\"count\":1e300}", "/count"},
        {"{\"limit\":0}", "/limit"},
        {"{\"fee\":\"1\"}", "/fee"},
        {"{\"at\":\"2026-02-30T00:00:00Z\"}", "/at"},
        {"{\"at\":\"1970-01-01T00:00:00Z\"}", "/at"},
        {"{\"urgent\":0}", "/urgent"},
        {"{\"kind\":\"bridge\"}", "/kind"},
        {"{\"kind\":1}", "/kind"},
        {"{\"ref\":\"0190\"}", "/ref"},
        {"{\"ref\":\"00000000-0000-0000-0000-000000000000\"}", "/ref"},
        {"{\"where\":{\"lat\":1}}", "/where"},
        {"{\"where\":{\"lat\":90.5,\"lon\":0}}", "/where"},
        {"{\"where\":{\"lat\":0,\"lon\":-180.5}}", "/where"},
        {"{\"tags\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}", "/tags"},
        {"{\"tags\":[\"a\",2]}", "/tags/1"},
        {"{\"seal\":\"c2VhbA==\"}", "/seal"},
        {"{\"size\":[]}", "/size"},
        {"{\"size\":{\"unit\":1}}", "/size/unit"},
        {"{\"owner\":{\"aliases\":[\"a\",\"b\",\"c\",\"d\"]}}", "/owner/aliases"},
        {"{\"parts\":[{},{},{},{}]}", "/parts"},
        {"{\"parts\":[{},{\"label\":\"nine char\"}]}", "/parts/1/label"},
        {"{\"parts\":[{},null]}", "/parts/1"},
        {"{\"surface\":\"x\",\"kind\":\"lamp\"}", "/surface"},
        {"{\"watts\":1}", "/watts"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(json_decrefp) json_t *value = json_loads(cases[i].json, 0, NULL);
        assert_non_null(value);
        struct thing t = {0};
        const char *bad = entity_read(&thing_entity, value, *state, &t);
        if (!bad || strcmp(bad, cases[i].pointer) != 0)
            fail_msg("%s: %s", cases[i].json, bad ? bad : "accepted");
    }
}

static void test_read_passes_over(void **state)
{
    CLEANUP(json_decrefp)
    json_t *value = json_loads("{\"title\":null,\"surface\":null,\"open\":\"x\",\"x\":{\"cell\":9},"
                               "\"later\":1,\"count\":12.0}",
                               0, NULL);
    struct thing t = {0}, expected = {.count = 12};
    assert_null(entity_read(&thing_entity, value, *state, &t));
    assert_thing_same(&t, &expected);
}

/* --- schemas ---------------------------------------------------------------------------------- */

static struct schema *schema_of(unsigned see, struct arena *a)
{
    struct buf text;
    buf_init(&text, SCHEMA_TEXT_MAX);
    entity_schema(&thing_entity, see, &text);
    assert_false(text.failed);
    struct schema *s = NULL;
    struct schema_faults faults;
    if (schema_compile_text(text.data, text.len, a, &s, &faults) != 0)
        fail_msg("%s: %s in %s", faults.items[0].pointer, faults.items[0].words, text.data);
    buf_release(&text);
    return s;
}

static void test_schema_accepts_what_is_shown(void **state)
{
    struct arena *a = *state;
    thing_roll();
    for (unsigned see = 0; see <= SEE_EVERYBODY; see++) {
        CLEANUP(schema_freep) struct schema *s = schema_of(see, a);
        for (int i = 0; i < 10; i++) {
            struct thing t = i == 0 ? whole_thing(a) : chance_thing(a);
            bson_destroy(encoded(&t, NULL, a));
            CLEANUP(json_decrefp) json_t *value = shown(&t, see);
            struct schema_violations wrong;
            if (schema_check(s, value, a, NULL, &wrong) != 0)
                fail_msg("audience %#x: %s %s", see, wrong.items[0].pointer,
                         wrong.items[0].keyword);
        }
    }
}

static void test_schema_is_exact(void **state)
{
    struct arena *a = *state;
    CLEANUP(schema_freep) struct schema *s = schema_of(SEE_AGENCY, a);
    const json_t *root = schema_json(s);
    char *required = json_dumps(json_object_get(root, "required"), JSON_COMPACT);
    assert_string_equal(required, "[\"count\",\"urgent\",\"open\"]"); /* not watts: lamps only */
    free(required);
    assert_true(json_is_false(json_object_get(root, "additionalProperties")));
    assert_string_equal(json_string_value(member(root, "properties.title.description")),
                        "A \"name\"");
    assert_string_equal(json_string_value(member(root, "properties.phone.description")),
                        "Its end for staff");
    assert_non_null(member(root, "properties.phone.anyOf"));
    assert_string_equal(json_string_value(member(root, "properties.kind.enum.1")), "road");
    assert_null(member(root, "properties.fee"));  /* the owner's */
    assert_null(member(root, "properties.seal")); /* bytes */
    assert_null(member(root, "properties.cell"));

    static const char *const changes[] = {
        "{\"later\":1}",
        "{\"count\":\"1\"}",
        "{\"kind\":\"bridge\"}",
        "{\"at\":\"today\"}",
        "{\"where\":{\"lat\":91,\"lon\":0}}",
        "{\"parts\":[{}]}",
        "{\"parts\":[{},{},{},{}]}",
        "{\"size\":{\"width\":1}}",
    };
    struct thing t = whole_thing(a);
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        CLEANUP(json_decrefp) json_t *value = shown(&t, SEE_AGENCY);
        CLEANUP(json_decrefp) json_t *change = json_loads(changes[i], 0, NULL);
        assert_int_equal(json_object_update(value, change), 0);
        struct schema_violations wrong;
        if (schema_check(s, value, a, NULL, &wrong) != SCHEMA_VIOLATED)
            fail_msg("accepted %s", changes[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_each_audience_sees_its_rows),
        TEST(test_values_as_shown),
        TEST(test_a_full_buffer),
        TEST(test_json_comes_back),
        TEST(test_read_refuses),
        TEST(test_read_passes_over),
        TEST(test_schema_accepts_what_is_shown),
        TEST(test_schema_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
