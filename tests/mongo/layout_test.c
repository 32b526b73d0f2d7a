/* How documents lie in the database, and that they are found as on every engine. */
#include "tests/mongo/fixture.h"

/* --- texts in the key ------------------------------------------------------------------------- */

/* As a server orders them that compares UTF-16. */
static int compare_utf16(const char *a, const char *b)
{
    for (;; a = bson_utf8_next_char(a), b = bson_utf8_next_char(b)) {
        bson_unichar_t x = *a ? bson_utf8_get_char(a) : 0, y = *b ? bson_utf8_get_char(b) : 0;
        uint32_t first_x = x > 0xffff ? 0xd800 + ((x - 0x10000) >> 10) : x;
        uint32_t first_y = y > 0xffff ? 0xd800 + ((y - 0x10000) >> 10) : y;
        if (first_x != first_y)
            return first_x < first_y ? -1 : 1;
        if (x != y)
            return x < y ? -1 : 1;
        if (x == 0)
            return 0;
    }
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void texts_are_ordered_alike_by_bytes_and_by_utf16(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "a",
        "đường",
        "\xed\x9f\xbf",
        "\xee\x80\x80",
        "\xef\xbf\xbd",
        "\xef\xbf\xbe",
        "\xef\xbf\xbf",
        "\xef\xbf\xbf"
        "a",
        "\xef\xbf\xbf\xef\xbf\xbf",
        "\xf0\x90\x80\x80",
        "\xf0\x90\x80\x81",
        "\xf0\x9f\x9a\xa7",
        "\xf0\x9f\x9a\xa7"
        "a",
        "\xf4\x8f\xbf\xbf",
    };
    char a[KEY_TEXT_MAX], b[KEY_TEXT_MAX], back[KEY_TEXT_MAX];
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        key_text_spell(texts[i], a);
        assert_string_equal(key_text_read(a, back), texts[i]);
        assert_int_equal(key_text_plain(texts[i]), strcmp(a, texts[i]) == 0);
        for (size_t j = 0; j < ARRAY_LEN(texts); j++) {
            int wanted = sign(strcmp(texts[i], texts[j]));
            key_text_spell(texts[j], b);
            assert_int_equal(sign(strcmp(a, b)), wanted);
            assert_int_equal(sign(compare_utf16(a, b)), wanted);
        }
    }
}

static void the_longest_text_has_room(void **state)
{
    (void)state;
    char longest[STORE_TEXT_MAX + 1] = "", spelt[KEY_TEXT_MAX], back[KEY_TEXT_MAX];
    for (size_t i = 0; i < STORE_TEXT_MAX; i += 4)
        memcpy(longest + i, "\xf4\x8f\xbf\xbf", 4);
    assert_string_equal(key_text_read(key_text_spell(longest, spelt), back), longest);
}

/* --- documents -------------------------------------------------------------------------------- */

static bson_t *stored_row(const struct base *b, int n)
{
    const bson_t *row = NULL;
    struct id id = id_of(n);
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    BSON_APPEND_BINARY(&filter, "_id", BSON_SUBTYPE_UUID, id.bytes, 16);
    mongoc_collection_t *c = mongoc_client_get_collection(b->client, b->name, notes.name);
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(c, &filter, NULL, NULL);
    assert_true(mongoc_cursor_next(cursor, &row));
    bson_t *copy = bson_copy(row);
    mongoc_cursor_destroy(cursor);
    mongoc_collection_destroy(c);
    return copy;
}

/* The key has the declared types, whatever the document has; fields of no path are not in it. */
static void a_document_lies_whole_beside_its_key(void **state)
{
    struct base *b = *state;
    assert_int_equal(insert_note(b->driver, &notes, 7), 0);
    CLEANUP(doc_destroyp) bson_t *row = stored_row(b, 7);
    CLEANUP(doc_destroyp) bson_t *doc = note_new(7, 1);
    bson_t inner;
    bson_iter_t it, key;
    assert_true(key_unwrap(row, &inner));
    assert_true(bson_equal(&inner, doc));
    assert_true(bson_iter_init_find(&it, row, "version"));
    assert_int_equal(bson_iter_int64(&it), 1);

    assert_true(bson_iter_init_find(&it, row, ENGINE_KEY) && bson_iter_recurse(&it, &key));
    int fields = 0;
    bson_subtype_t subtype = BSON_SUBTYPE_BINARY;
    for (; bson_iter_next(&key); fields++) {
        if (strcmp(bson_iter_key(&key), "tag") == 0)
            assert_true(BSON_ITER_HOLDS_ARRAY(&key));
        else if (strcmp(bson_iter_key(&key), "owner") == 0)
            bson_iter_binary(&key, &subtype, NULL, NULL);
        else
            assert_true(BSON_ITER_HOLDS_INT64(&key));
    }
    assert_int_equal(fields, 4);
    assert_int_equal(subtype, BSON_SUBTYPE_UUID);
}

static void times_and_switches_are_found_as_numbers(void **state)
{
    struct base *b = *state;
    char rows[64];
    for (int n = 1; n <= 6; n++)
        assert_int_equal(insert_note(b->driver, &notes, n), 0);
    struct store_scan scan = {.collection = &notes, .path = 0, .equals = {store_int(1)}};
    assert_int_equal(scan_text(b->driver, &scan, rows, sizeof(rows)), 0);
    assert_string_equal(rows, "1 3 5 ");
    scan.range = (struct store_range){.has_low = true, .low = store_int(2)};
    scan.descending = true;
    assert_int_equal(scan_text(b->driver, &scan, rows, sizeof(rows)), 0);
    assert_string_equal(rows, "5 3 ");
}

/* --- indexes ---------------------------------------------------------------------------------- */

/* "path_open(key.open,key.at,_id,key.owner) …", in the order of their names. */
static const char *indexes(const struct base *b, struct arena *a)
{
    const char *text[8] = {0}, *all = "";
    size_t n = 0;
    const bson_t *row;
    mongoc_collection_t *c = mongoc_client_get_collection(b->client, b->name, notes.name);
    mongoc_cursor_t *cursor = mongoc_collection_find_indexes_with_opts(c, NULL);
    while (mongoc_cursor_next(cursor, &row)) {
        bson_iter_t it, keys;
        assert_true(n < ARRAY_LEN(text) && bson_iter_init_find(&it, row, "name"));
        const char *one = arena_printf(a, "%s(", bson_iter_utf8(&it, NULL));
        assert_true(bson_iter_init_find(&it, row, "key") && bson_iter_recurse(&it, &keys));
        while (bson_iter_next(&keys))
            one = arena_printf(a, "%s%s,", one, bson_iter_key(&keys));
        size_t at = n++;
        for (; at > 0 && strcmp(text[at - 1], one) > 0; at--)
            text[at] = text[at - 1];
        text[at] = one;
    }
    for (size_t i = 0; i < n; i++)
        all = arena_printf(a, "%s%s) ", all, text[i]);
    mongoc_cursor_destroy(cursor);
    mongoc_collection_destroy(c);
    return all;
}

static void indexes_are_as_declared(void **state)
{
    struct base *b = *state;
    struct arena a;
    arena_init(&a);
    assert_string_equal(indexes(b, &a), "_id_(_id,) arrival(doc.arrival,_id,) "
                                        "path_open(key.open,key.at,_id,key.owner,) "
                                        "path_tag(key.tag,_id,) "
                                        "words(doc.x.words,doc.arrival,_id,) ");
    arena_release(&a);
}

static void what_the_server_took_is_told(void **state)
{
    struct base *b = *state;
    struct mongo_facts facts;
    mongo_facts(b->driver, &facts);
    assert_int_equal(facts.write_concern, MONGO_WRITE_MAJORITY_JOURNAL);
    assert_true(facts.read_majority);
    assert_string_equal(facts.database, b->name);
    assert_false(b->driver->exclusive);
}

static void urls_that_are_none_are_refused(void **state)
{
    (void)state;
    static const struct mongo_options wrong[] = {
        {.url = ""},
        {.url = "http://localhost/"},
        {.url = "mongodb://localhost:1/", .database = "a/b"},
        {.url = "mongodb://localhost:1/", .database = "a.b"},
        {.url = "mongodb://localhost:1/tram",
         .suffix = "_a_name_of_more_than_sixty_three_bytes_is_"
                   "one_that_servers_refuse"},
    };
    const struct store_collection *c = &notes;
    struct store_driver *d = NULL;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(mongo_open(&wrong[i], &c, 1, &d), E_CONFIG);
    const struct mongo_options nobody = {
        .url = "mongodb://localhost:1/?serverSelectionTimeoutMS=200&connectTimeoutMS=200"};
    assert_int_equal(mongo_open(&nobody, &c, 1, &d), E_UNAVAILABLE);
    assert_null(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_ordered_alike_by_bytes_and_by_utf16),
        cmocka_unit_test(the_longest_text_has_room),
        BASE_TEST(a_document_lies_whole_beside_its_key),
        BASE_TEST(times_and_switches_are_found_as_numbers),
        BASE_TEST(indexes_are_as_declared),
        BASE_TEST(what_the_server_took_is_told),
        cmocka_unit_test(urls_that_are_none_are_refused),
    };
    return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
