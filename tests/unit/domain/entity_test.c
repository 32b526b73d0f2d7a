/* Records and documents say the same, and what a document may not say is refused. */
#include "tests/unit/domain/entity_chance.h"

#include <math.h>

#include "base/result.h"

static void test_documents_come_back(void **state)
{
    struct arena *a = *state;
    thing_roll();
    for (int i = 0; i < ROUNDS; i++) {
        struct thing t = chance_thing(a), back = {0};
        bson_t *doc = encoded(&t, NULL, a);
        assert_true(bson_validate(doc, BSON_VALIDATE_UTF8, NULL));
        assert_int_equal(entity_decode(&thing_entity, doc, a, &back), 0);
        CLEANUP(bson_destroyp) bson_t *again = encoded(&back, NULL, a);
        assert_true(bson_equal(doc, again));
        bson_destroy(doc); /* `back` borrows nothing of it */
        assert_thing_same(&t, &back);
    }
}

static void test_document_form(void **state)
{
    struct arena *a = *state;
    struct thing t = whole_thing(a);
    CLEANUP(bson_destroyp) bson_t *doc = encoded(&t, NULL, a);
    static const struct {
        const char *path;
        bson_type_t type;
    } expected[] = {
        {"kind", BSON_TYPE_UTF8},        {"answers", BSON_TYPE_UTF8},
        {"count", BSON_TYPE_INT64},      {"fee", BSON_TYPE_INT64},
        {"at", BSON_TYPE_DATE_TIME},     {"urgent", BSON_TYPE_BOOL},
        {"ref", BSON_TYPE_BINARY},       {"where.lat", BSON_TYPE_DOUBLE},
        {"where.lon", BSON_TYPE_DOUBLE}, {"tags.1", BSON_TYPE_UTF8},
        {"seal", BSON_TYPE_BINARY},      {"size.length", BSON_TYPE_INT64},
        {"owner.name", BSON_TYPE_UTF8},  {"parts.0.label", BSON_TYPE_UTF8},
        {"x.open", BSON_TYPE_BOOL},      {"x.words.0", BSON_TYPE_UTF8},
    };
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        bson_iter_t top, at;
        assert_true(bson_iter_init(&top, doc));
        if (!bson_iter_find_descendant(&top, expected[i].path, &at))
            fail_msg("no %s", expected[i].path);
        assert_int_equal(bson_iter_type(&at), expected[i].type);
    }
    bson_iter_t ref;
    bson_subtype_t subtype;
    assert_true(bson_iter_init_find(&ref, doc, "ref"));
    bson_iter_binary(&ref, &subtype, NULL, NULL);
    assert_int_equal(subtype, BSON_SUBTYPE_UUID);
}

static void test_absent_is_not_written(void **state)
{
    struct thing t = {0};
    CLEANUP(bson_destroyp) bson_t *doc = encoded(&t, NULL, *state);
    static const char *const present[] = {"count", "fee", "urgent", "x"};
    assert_int_equal(bson_count_keys(doc), ARRAY_LEN(present));
    for (size_t i = 0; i < ARRAY_LEN(present); i++)
        assert_true(bson_has_field(doc, present[i]));
    assert_false(bson_has_field(doc, "x.words"));
}

struct note {
    const char *open, *secret;
    int64_t n;
};
static const struct entity note_entity = {
    .name = "Note",
    .size = sizeof(struct note),
    .fields = (const struct entity_field[]){
        {.name = "open",
         .type = ENTITY_TEXT,
         .offset = offsetof(struct note, open),
         .see = SEE_PUBLIC | SEE_OWNER},
        {.name = "secret",
         .type = ENTITY_TEXT,
         .offset = offsetof(struct note, secret),
         .see = SEE_OWNER},
        {.name = "n", .type = ENTITY_INT, .offset = offsetof(struct note, n)},
        {0},
    }};

/* What is not shown is not even read, unless a row of the table may look at it. */
static void test_decoding_what_is_shown(void **state)
{
    struct arena *a = *state;
    struct note note = {"a", "b", 3}, public = {0}, owner = {0};
    CLEANUP(bson_destroyp) bson_t *doc = bson_new();
    assert_int_equal(entity_encode(&note_entity, &note, NULL, a, doc), 0);
    assert_int_equal(entity_decode_shown(&note_entity, doc, SEE_PUBLIC, a, &public), 0);
    assert_string_equal(public.open, "a");
    assert_null(public.secret);
    assert_int_equal(public.n, 0);
    assert_int_equal(entity_decode_shown(&note_entity, doc, SEE_OWNER, a, &owner), 0);
    assert_string_equal(owner.secret, "b");

    thing_roll();
    for (int i = 0; i < ROUNDS; i++) {
        unsigned see = 1U << i % 6;
        struct thing t = chance_thing(a), back = {0};
        CLEANUP(bson_destroyp) bson_t *of_thing = encoded(&t, NULL, a);
        CLEANUP(buf_release) struct buf whole, shown;
        buf_init(&whole, 1 << 20);
        buf_init(&shown, 1 << 20);
        assert_int_equal(entity_decode_shown(&thing_entity, of_thing, see, a, &back), 0);
        entity_json(&thing_entity, &t, see, &whole);
        entity_json(&thing_entity, &back, see, &shown);
        assert_string_equal(whole.data, shown.data);
    }
}

static void test_decoding_without_some_rows(void **state)
{
    static const char *const without[] = {"secret", NULL};
    struct arena *a = *state;
    struct note note = {"a", "b", 3}, some = {0}, all = {0};
    CLEANUP(bson_destroyp) bson_t *doc = bson_new();
    assert_int_equal(entity_encode(&note_entity, &note, NULL, a, doc), 0);
    assert_int_equal(entity_decode_without(&note_entity, doc, without, a, &some), 0);
    assert_string_equal(some.open, "a");
    assert_null(some.secret);
    assert_int_equal(some.n, 3);
    assert_int_equal(entity_decode_without(&note_entity, doc, NULL, a, &all), 0);
    assert_string_equal(all.secret, "b");
}

static void test_rows_of_another_kind(void **state)
{
    struct arena *a = *state;
    struct thing t = {.kind = THING_ROAD, .watts = 9, .surface = "nhựa"}, back = {0};
    CLEANUP(bson_destroyp) bson_t *doc = encoded(&t, NULL, a);
    assert_false(bson_has_field(doc, "watts"));
    assert_true(bson_has_field(doc, "surface"));

    CLEANUP(bson_destroyp)
    bson_t *odd =
        BCON_NEW("watts", BCON_INT64(9), "surface", BCON_UTF8("nhựa"), "kind", BCON_UTF8("lamp"));
    assert_int_equal(entity_decode(&thing_entity, odd, a, &back), 0);
    assert_int_equal(back.watts, 9); /* although the kind stands last */
    assert_null(back.surface);
}

static void test_unknown_fields_survive(void **state)
{
    struct arena *a = *state;
    CLEANUP(bson_destroyp)
    bson_t *before = BCON_NEW(
        "_id", BCON_INT32(1), "form", BCON_INT32(2), "version", BCON_INT64(3), "arrival",
        BCON_INT64(4), "writes", "[", "]", "title", BCON_UTF8("old"), "surface", BCON_UTF8("old"),
        "x", "{", "y", BCON_INT32(1), "}", "later", "{", "deep", "[", BCON_DOUBLE(0.5), "]", "}");
    struct thing t = {.kind = THING_LAMP};
    CLEANUP(bson_destroyp) bson_t *doc = encoded(&t, before, a);
    static const char *const gone[] = {"_id",    "form",  "version", "arrival",
                                       "writes", "title", "surface", "x.y"};
    for (size_t i = 0; i < ARRAY_LEN(gone); i++) {
        bson_iter_t top, at;
        assert_true(bson_iter_init(&top, doc));
        assert_false(bson_iter_find_descendant(&top, gone[i], &at));
    }
    bson_iter_t top, half;
    assert_true(bson_iter_init(&top, doc));
    assert_true(bson_iter_find_descendant(&top, "later.deep.0", &half));
    assert_true(bson_iter_double(&half) == 0.5);
}

static int encode_outcome(struct thing *t, struct arena *a)
{
    CLEANUP(bson_destroyp) bson_t *doc = bson_new();
    return entity_encode(&thing_entity, t, NULL, a, doc);
}

static void test_bounds_when_encoding(void **state)
{
    struct arena *a = *state;
    char long_text[ENTITY_TEXT_MAX + 2] = {0};
    memset(long_text, 'a', ENTITY_TEXT_MAX);
    struct thing t = {.title = long_text};
    assert_int_equal(encode_outcome(&t, a), 0);
    long_text[ENTITY_TEXT_MAX] = 'a';
    assert_int_equal(encode_outcome(&t, a), E_FULL);

    struct thing_part parts[4] = {{0}};
    parts[0].label = "nine char";
    const char *words[] = {"a", "b", "c", "d", "e"};
    struct thing_owner owner = {.aliases = {words, 4}};
    struct thing full[] = {
        {.tags = {words, 5}},
        {.parts = {parts, 4}},
        {.parts = {parts, 1}}, /* a bound inside */
        {.owner = &owner},
        {.seal = {(const uint8_t *)long_text, 17}},
        {.tags = {(const char *[]){long_text}, 1}},
    };
    for (size_t i = 0; i < ARRAY_LEN(full); i++)
        assert_int_equal(encode_outcome(&full[i], a), E_FULL);

    struct thing wrong[] = {
        {.title = "\xC0\x80"},     {.kind = THING_KINDS},          {.kind = -1},
        {.where = {NAN, 1, true}}, {.where = {1, INFINITY, true}},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(encode_outcome(&wrong[i], a), E_INVALID);
}

static void test_decode_refuses_wrong_types(void **state)
{
    struct arena *a = *state;
    static const char *const wrong[] = {
        "{\"title\":1}",
        "{\"answers\":{}}",
        "{\"kind\":1}",
        "{\"count\":\"1\"}",
        "{\"count\":1.5}",
        "{\"at\":1}",
        "{\"urgent\":1}",
        "{\"ref\":\"x\"}",
        "{\"ref\":{\"$binary\":{\"base64\":\"AAAA\",\"subType\":\"04\"}}}",
        "{\"ref\":{\"$binary\":{\"base64\":\"AAAAAAAAAAAAAAAAAAAAAA==\",\"subType\":\"00\"}}}",
        "{\"seal\":{\"$binary\":{\"base64\":\"AAAA\",\"subType\":\"04\"}}}",
        "{\"where\":[1.5,2.5]}",
        "{\"where\":{\"lat\":1.5}}",
        "{\"where\":{\"lat\":1.5,\"lon\":\"2\"}}",
        "{\"where\":{\"lat\":1.5,\"lon\":{\"$numberDouble\":\"NaN\"}}}",
        "{\"tags\":\"a\"}",
        "{\"tags\":[\"a\",1]}",
        "{\"size\":[]}",
        "{\"owner\":{\"name\":false}}",
        "{\"parts\":{}}",
        "{\"parts\":[{\"count\":1},2]}",
        "{\"parts\":[{\"count\":true}]}",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(bson_destroyp)
        bson_t *doc = bson_new_from_json((const uint8_t *)wrong[i], -1, NULL);
        assert_non_null(doc);
        struct thing t = {0};
        if (entity_decode(&thing_entity, doc, a, &t) != E_CORRUPT)
            fail_msg("accepted %s", wrong[i]);
    }
}

static void test_decode_is_lenient_where_forms_differ(void **state)
{
    static const char text[] = "{\"kind\":\"bridge\",\"title\":null,\"count\":5,\"new\":[1],"
                               "\"owner\":null,\"where\":{\"lon\":2.5,\"alt\":1,\"lat\":1.5}}";
    CLEANUP(bson_destroyp) bson_t *doc = bson_new_from_json((const uint8_t *)text, -1, NULL);
    struct thing t = {0};
    assert_int_equal(entity_decode(&thing_entity, doc, *state, &t), 0);
    struct thing expected = {.count = 5, .where = {1.5, 2.5, true}};
    assert_thing_same(&t, &expected);
}

/* Every byte of a document damaged in turn: refused or read, but never past its end. */
static void test_damaged_documents(void **state)
{
    struct arena *a = *state;
    struct thing t = whole_thing(a);
    CLEANUP(bson_destroyp) bson_t *doc = encoded(&t, NULL, a);
    size_t refused = 0;
    for (uint32_t i = 4; i < doc->len; i++) {
        uint8_t *bytes = malloc(doc->len); /* of its own, so that ASan sees its end */
        memcpy(bytes, bson_get_data(doc), doc->len);
        bytes[i] ^= 0x5A;
        bson_t damaged;
        struct thing back = {0};
        if (!bson_init_static(&damaged, bytes, doc->len) ||
            entity_decode(&thing_entity, &damaged, a, &back) != 0)
            refused++;
        free(bytes);
    }
    assert_true(refused > doc->len / 8);
}

/* What libbson cannot step over ends the walk; what stood behind it is not silently lost. */
static void test_an_element_of_no_type(void **state)
{
    CLEANUP(bson_destroyp) bson_t *doc = BCON_NEW("tags", "[", "a", "]", "count", BCON_INT64(5));
    uint8_t bytes[64];
    assert_true(doc->len <= sizeof bytes);
    memcpy(bytes, bson_get_data(doc), doc->len);
    uint8_t *name = memmem(bytes, doc->len, "count", 6);
    assert_non_null(name);
    name[-1] = 0x77;
    bson_t damaged;
    struct thing t = {0};
    assert_true(bson_init_static(&damaged, bytes, doc->len));
    assert_int_equal(entity_decode(&thing_entity, &damaged, *state, &t), E_CORRUPT);
    struct thing empty = {0};
    CLEANUP(bson_destroyp) bson_t *out = bson_new();
    assert_int_equal(entity_encode(&thing_entity, &empty, &damaged, *state, out), E_CORRUPT);
}

static bool unchanged(const char *stored, const char *body)
{
    CLEANUP(bson_destroyp) bson_t *x = bson_new_from_json((const uint8_t *)stored, -1, NULL);
    CLEANUP(bson_destroyp) bson_t *y = bson_new_from_json((const uint8_t *)body, -1, NULL);
    return entity_unchanged(x, y);
}

static void test_unchanged(void **state)
{
    (void)state;
    const char *stored = "{\"_id\":1,\"version\":2,\"a\":[1],\"writes\":[],\"b\":{\"c\":\"d\"}}";
    assert_true(unchanged(stored, "{\"a\":[1],\"b\":{\"c\":\"d\"}}"));
    assert_false(unchanged(stored, "{\"a\":[1]}"));
    assert_false(unchanged(stored, "{\"a\":[1],\"b\":{\"c\":\"d\"},\"e\":1}"));
    assert_false(unchanged(stored, "{\"a\":[2],\"b\":{\"c\":\"d\"}}"));
    assert_false(unchanged(stored, "{\"a\":[1],\"b\":{\"c\":\"e\"}}"));
    assert_true(unchanged("{\"version\":2}", "{}"));
}

static void test_enum_names(void **state)
{
    (void)state;
    assert_string_equal(entity_enum_name(thing_kinds, THING_ROAD), "road");
    assert_null(entity_enum_name(thing_kinds, 0));
    assert_null(entity_enum_name(thing_kinds, -1));
    assert_null(entity_enum_name(thing_kinds, THING_KINDS));
    assert_null(entity_enum_name(thing_kinds, 1000));
    assert_int_equal(entity_enum_value(thing_kinds, "lamp"), THING_LAMP);
    assert_int_equal(entity_enum_value(thing_kinds, "Lamp"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_documents_come_back),
        TEST(test_document_form),
        TEST(test_absent_is_not_written),
        TEST(test_decoding_what_is_shown),
        TEST(test_decoding_without_some_rows),
        TEST(test_rows_of_another_kind),
        TEST(test_unknown_fields_survive),
        TEST(test_bounds_when_encoding),
        TEST(test_decode_refuses_wrong_types),
        TEST(test_decode_is_lenient_where_forms_differ),
        TEST(test_damaged_documents),
        TEST(test_an_element_of_no_type),
        TEST(test_unchanged),
        TEST(test_enum_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
