/* What is declared changes, while programs beside each other have the store open. */
#include "base/clock.h"
#include "tests/mongo/fixture.h"

#define NOTES 450 /* more than two batches of a rebuild */

/* A later program: a field more, a path more, one changed, one gone. */
static const struct store_field later_fields[] = {
    {.name = "open", .path = "open", .type = STORE_INT},
    {.name = "at", .path = "at", .type = STORE_INT},
    {.name = "owner", .path = "head.owner", .type = STORE_ID},
    {.name = "form", .path = "x.words", .type = STORE_TEXT}, /* the one word, as a text */
    {.name = "words", .path = "x.words", .type = STORE_WORDS},
};
static const struct store_path later_paths[] = {
    {.name = "open", .why = "a test", .equals = {"open"}, .order = "at"},
    {.name = "form", .why = "a test", .equals = {"form"}, .order = "at"},
};
static const struct store_collection later = {.name = "note",
                                              .form = 1,
                                              .fields = later_fields,
                                              .n_fields = ARRAY_LEN(later_fields),
                                              .paths = later_paths,
                                              .n_paths = ARRAY_LEN(later_paths)};
enum later_path { BY_OPEN, BY_FORM };

static void insert_all(struct store_driver *d)
{
    struct store_insert_row *rows = calloc(NOTES, sizeof(*rows));
    assert_non_null(rows);
    for (int n = 0; n < NOTES; n++)
        rows[n] = (struct store_insert_row){.doc = note_new(n + 1, 1), .id = id_of(n + 1)};
    assert_int_equal(d->ops->insert(d, &notes, rows, NOTES), 0);
    for (int n = 0; n < NOTES; n++) {
        assert_int_equal(rows[n].outcome, 0);
        bson_destroy((bson_t *)rows[n].doc);
    }
    free(rows);
}

static int64_t count_scan(struct store_driver *d, const struct store_scan *scan)
{
    struct store_session *session;
    struct store_cursor *cursor;
    struct store_row row;
    int64_t n = 0, last = -1;
    assert_int_equal(d->ops->begin(d, &session), 0);
    assert_int_equal(d->ops->scan(session, scan, &cursor), 0);
    int done;
    for (; (done = d->ops->next(cursor, &row)) == 1; n++) {
        assert_true(row.position.key.number > last);
        last = row.position.key.number;
    }
    assert_int_equal(done, 0);
    d->ops->end(session);
    return n;
}

static void assert_found_by_the_later(struct store_driver *d)
{
    struct store_scan by_open = {.collection = &later, .path = BY_OPEN, .equals = {store_int(1)}};
    struct store_scan by_form = {
        .collection = &later, .path = BY_FORM, .equals = {store_text("hoa")}};
    assert_int_equal(count_scan(d, &by_open), NOTES / 2);
    assert_int_equal(count_scan(d, &by_form), NOTES / 2);
}

static void documents_are_found_by_what_is_declared_later(void **state)
{
    struct base *b = *state;
    struct store_driver *d;
    insert_all(b->driver);
    assert_int_equal(open_as(b, &later, &d), 0);
    assert_found_by_the_later(d);
    CLEANUP(doc_destroyp) bson_t *stored = NULL;
    CLEANUP(doc_destroyp) bson_t *doc = note_new(3, 1);
    struct id id = id_of(3);
    assert_int_equal(d->ops->get(d, &later, &id, &stored), 0);
    assert_true(bson_equal(stored, doc));
    d->ops->close(d);
}

/* It would write keys that the later one does not find by. */
static void a_program_that_declared_otherwise_is_stopped(void **state)
{
    struct base *b = *state;
    struct store_driver *d, *old = b->driver;
    struct id id = id_of(1);
    bson_t *doc = NULL;
    assert_int_equal(insert_note(old, &notes, 1), 0);
    assert_int_equal(open_as(b, &later, &d), 0);
    assert_int_equal(old->ops->ping(old), E_FORM);
    assert_int_equal(insert_note(old, &notes, 2), E_FORM);
    assert_int_equal(old->ops->get(old, &notes, &id, &doc), E_FORM);
    assert_int_equal(d->ops->ping(d), 0);
    d->ops->close(d);
    /* Started again it has the store as before. */
    struct store_driver *again;
    assert_int_equal(open_as(b, &notes, &again), 0);
    assert_int_equal(insert_note(again, &notes, 2), 0);
    again->ops->close(again);
}

static void the_same_program_twice_is_not(void **state)
{
    struct base *b = *state;
    struct store_driver *d;
    assert_int_equal(open_as(b, &notes, &d), 0);
    assert_int_equal(insert_note(d, &notes, 1), 0);
    assert_int_equal(b->driver->ops->ping(b->driver), 0);
    assert_int_equal(insert_note(b->driver, &notes, 1), STORE_EXISTS);
    d->ops->close(d);
}

/* As a program leaves it that ended in the middle: some keys are new, some old. */
static void an_interrupted_rebuild_is_taken_up_again(void **state)
{
    struct base *b = *state;
    struct store_driver *d;
    insert_all(b->driver);
    assert_int_equal(open_as(b, &later, &d), 0);
    d->ops->close(d);
    CLEANUP(bson_destroy) bson_t meta = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t unbuilt = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t some = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t no_key = BSON_INITIALIZER;
    bson_t range, empty;
    struct id half = id_of(NOTES / 2);
    BSON_APPEND_UTF8(&meta, "_id", "collection.note");
    BSON_APPEND_UTF8(&unbuilt, "built", "");
    BSON_APPEND_UTF8(&unbuilt, "keys", "");
    set_fields(b, ENGINE_META, &meta, &unbuilt);
    BSON_APPEND_DOCUMENT_BEGIN(&some, "_id", &range);
    BSON_APPEND_BINARY(&range, "$gt", BSON_SUBTYPE_UUID, half.bytes, 16);
    bson_append_document_end(&some, &range);
    BSON_APPEND_DOCUMENT_BEGIN(&no_key, ENGINE_KEY, &empty);
    bson_append_document_end(&no_key, &empty);
    set_fields(b, notes.name, &some, &no_key);

    assert_int_equal(open_as(b, &later, &d), 0);
    assert_found_by_the_later(d);
    d->ops->close(d);
}

static void a_store_of_a_newer_program_is_refused(void **state)
{
    struct base *b = *state;
    struct store_driver *d = NULL;
    CLEANUP(bson_destroy) bson_t meta = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t newer = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&meta, "_id", "store");
    BSON_APPEND_INT32(&newer, "form", ENGINE_FORM + 1);
    set_fields(b, ENGINE_META, &meta, &newer);
    assert_int_equal(open_as(b, &notes, &d), E_FORM);
    assert_null(d);
}

static void a_document_that_does_not_fit_is_told(void **state)
{
    struct base *b = *state;
    struct store_driver *d = NULL;
    CLEANUP(bson_destroy) bson_t one = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t text = BSON_INITIALIZER;
    struct id id = id_of(1);
    assert_int_equal(insert_note(b->driver, &notes, 1), 0);
    BSON_APPEND_BINARY(&one, "_id", BSON_SUBTYPE_UUID, id.bytes, 16);
    BSON_APPEND_UTF8(&text, "doc.at", "yesterday");
    set_fields(b, notes.name, &one, &text);
    assert_int_equal(open_as(b, &later, &d), E_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BASE_TEST(documents_are_found_by_what_is_declared_later),
        BASE_TEST(a_program_that_declared_otherwise_is_stopped),
        BASE_TEST(the_same_program_twice_is_not),
        BASE_TEST(an_interrupted_rebuild_is_taken_up_again),
        BASE_TEST(a_store_of_a_newer_program_is_refused),
        BASE_TEST(a_document_that_does_not_fit_is_told),
    };
    return cmocka_run_group_tests_name("rebuild", tests, NULL, NULL);
}
