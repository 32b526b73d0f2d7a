/* Many at one thing: nothing is lost, nothing is done twice. */
#include <stdlib.h>

#include "tests/contract/crew.h"

/* --- one document ----------------------------------------------------------------------------- */

static int add_one(struct store_edit *edit, void *ctx)
{
    (void)ctx;
    BSON_APPEND_INT64(edit->after, "due", doc_int(edit->before, "due") + 1);
    return 0;
}

static void *change_often(void *ctx)
{
    struct worker *w = ctx;
    struct id id = thing_id(1);
    for (int i = 0; i < ROUNDS; i++) {
        int r;
        do
            r = store_change(w->fixture->store, &things, &id, NULL, add_one, NULL, NULL);
        while (r == E_BUSY); /* too many conflicts: the caller's to repeat */
        crew_count(w, r, 0);
    }
    return NULL;
}

static void no_change_of_a_document_is_lost(void **state)
{
    struct fixture *f = *state;
    struct id id = thing_id(1);
    struct store_write w = store_write_fresh();
    CLEANUP(bson_destroyp) bson_t *body = thing_body(&(struct thing){.due = NUM(0)});
    assert_int_equal(store_create(f->store, &things, &id, &w, body, NULL), 0);
    const struct crew *crew = crew_run(f, "change", NULL);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    assert_int_equal(store_get(f->store, &things, &id, &doc), 0);
    assert_int_equal(doc_int(doc, "due"), crew->n * ROUNDS);
}

/* --- compare-and-swap in the driver ----------------------------------------------------------- */

static void *swap_each_version(void *ctx)
{
    struct worker *w = ctx;
    for (int64_t version = 2; version < 2 + ROUNDS; version++) {
        CLEANUP(bson_destroyp)
        bson_t *doc = thing_doc(&(struct thing){.n = 1, .version = version, .due = NUM(w->index)});
        struct id id = thing_id(1);
        struct store_driver *d = w->fixture->driver;
        crew_count(w, d->ops->replace(d, &things, &id, version - 1, doc), STORE_CONFLICT);
    }
    return NULL;
}

static void a_version_is_replaced_once(void **state)
{
    struct fixture *f = *state;
    fixture_insert(f, &(struct thing){.n = 1, .version = 1, .due = NUM(0)});
    const struct crew *crew = crew_run(f, "swap", NULL);
    struct id id = thing_id(1);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    assert_int_equal(f->driver->ops->get(f->driver, &things, &id, &doc), 0);
    assert_int_equal(crew_done(crew), doc_int(doc, "version") - 1);
}

/* --- one id ----------------------------------------------------------------------------------- */

static void *create_the_same(void *ctx)
{
    struct worker *w = ctx;
    CLEANUP(bson_destroyp) bson_t *body = thing_body(&(struct thing){.due = NUM(w->index)});
    for (int i = 0; i < ROUNDS; i++) {
        struct id id = thing_id(i + 1);
        struct store_write write = store_write_fresh();
        crew_count(w, store_create(w->fixture->store, &things, &id, &write, body, NULL),
                   STORE_EXISTS);
    }
    return NULL;
}

static void an_id_is_taken_once(void **state)
{
    struct fixture *f = *state;
    const struct crew *crew = crew_run(f, "create", NULL);
    assert_int_equal(crew_done(crew), ROUNDS);
}

static void *create_with_one_key(void *ctx)
{
    struct worker *w = ctx;
    struct id owner = thing_id(900);
    CLEANUP(bson_destroyp) bson_t *body = thing_body(&(struct thing){.due = NUM(1)});
    for (int i = 0; i < ROUNDS; i++) {
        struct id id = thing_id(i + 1);
        char key[2] = {(char)('0' + i), '\0'};
        struct store_write write = store_write_keyed("test", &owner, key, "", 0);
        crew_count(w, store_create(w->fixture->store, &things, &id, &write, body, NULL),
                   STORE_REPEATED);
    }
    return NULL;
}

static void one_key_writes_once(void **state)
{
    struct fixture *f = *state;
    const struct crew *crew = crew_run(f, "key", NULL);
    assert_int_equal(crew_done(crew), ROUNDS);
}

/* --- one counter ------------------------------------------------------------------------------ */

static void *draw_numbers(void *ctx)
{
    struct worker *w = ctx;
    for (int i = 0; i < ROUNDS; i++)
        crew_count(w, store_bump(w->fixture->store, "number", 1, &w->values[i]), 0);
    return NULL;
}

static void a_number_is_given_once(void **state)
{
    struct fixture *f = *state;
    bool seen[CREW_MOST * ROUNDS + 1] = {false};
    const struct crew *crew = crew_run(f, "number", NULL);
    for (int i = 0; i < crew->n; i++) {
        for (int j = 0; j < ROUNDS; j++) {
            int64_t value = crew->workers[i].values[j];
            assert_true(value >= 1 && value <= crew->n * ROUNDS);
            assert_false(seen[value]);
            seen[value] = true;
        }
    }
}

/* --- one blob --------------------------------------------------------------------------------- */

static void *append_in_turn(void *ctx)
{
    struct worker *w = ctx;
    int64_t size = 0;
    while (w->done < ROUNDS && !w->failed) {
        const char mark[2] = {(char)('a' + w->index), (char)('a' + w->index)};
        crew_count(w, store_blob_append(w->fixture->store, &w->crew->blob, size, mark, 2, &size),
                   STORE_CONFLICT);
    }
    return NULL;
}

static void appends_do_not_overlap(void **state)
{
    struct fixture *f = *state;
    char bytes[2 * CREW_MOST * ROUNDS + 1];
    int marks[CREW_MOST] = {0};
    struct id blob;
    size_t n;
    assert_int_equal(store_blob_create(f->store, &blob), 0);
    const struct crew *crew = crew_run(f, "append", &blob);
    assert_int_equal(store_blob_read(f->store, &blob, 0, bytes, sizeof(bytes), &n), 0);
    assert_int_equal(n, 2 * crew->n * ROUNDS);
    for (size_t i = 0; i < n; i += 2) {
        assert_int_equal(bytes[i], bytes[i + 1]);
        assert_in_range(bytes[i], 'a', 'a' + crew->n - 1);
        marks[bytes[i] - 'a']++;
    }
    for (int i = 0; i < crew->n; i++)
        assert_int_equal(marks[i], ROUNDS);
}

/* --- readers beside writers ------------------------------------------------------------------- */

/* Even threads move documents along a path, odd ones read it: a row agrees with its position. */
static int move(struct store_edit *edit, void *ctx)
{
    struct worker *w = ctx;
    BSON_APPEND_UTF8(edit->after, "state", "open");
    BSON_APPEND_INT64(edit->after, "due", (doc_int(edit->before, "due") + w->index) % 100);
    return 0;
}

static void read_once(struct worker *w)
{
    struct store_driver *d = w->fixture->driver;
    struct store_scan scan = {.collection = &things,
                              .path = store_path_index(&things, "by_state"),
                              .equals = {store_text("open")}};
    struct store_session *session;
    struct store_cursor *cursor;
    struct store_row row;
    int64_t last = -1;
    int r = d->ops->begin(d, &session);
    if (r != 0) {
        w->failed = r;
        return;
    }
    r = d->ops->scan(session, &scan, &cursor);
    if (r == 0)
        while ((r = d->ops->next(cursor, &row)) == 1) {
            if (row.position.key.number != doc_int(&row.doc, "due") ||
                row.position.key.number < last)
                w->failed = E_CORRUPT;
            last = row.position.key.number;
            w->others++;
        }
    if (r != 0)
        w->failed = r;
    d->ops->end(session);
}

static void *move_or_read(void *ctx)
{
    struct worker *w = ctx;
    for (int i = 0; i < ROUNDS; i++) {
        struct id id = thing_id(i % 10 + 1);
        if (w->index % 2 == 1) {
            read_once(w);
            continue;
        }
        int r;
        do
            r = store_change(w->fixture->store, &things, &id, NULL, move, w, NULL);
        while (r == E_BUSY);
        crew_count(w, r, 0);
    }
    return NULL;
}

static void readers_see_whole_writes(void **state)
{
    struct fixture *f = *state;
    for (int n = 1; n <= 10; n++)
        fixture_insert(
            f, &(struct thing){.n = n, .version = 1, .arrival = n, .state = "open", .due = NUM(n)});
    const struct crew *crew = crew_run(f, "move", NULL);
    assert_int_equal(crew_done(crew), crew->n / 2 * ROUNDS);
    for (int i = 1; i < crew->n; i += 2)
        assert_true(crew->workers[i].others > 0);
}

const struct work crew_works[] = {
    {"change", change_often},    {"swap", swap_each_version},
    {"create", create_the_same}, {"key", create_with_one_key},
    {"number", draw_numbers},    {"append", append_in_turn},
    {"move", move_or_read},      {NULL, NULL},
};

static const struct CMUnitTest tests[] = {
    TEST(no_change_of_a_document_is_lost),
    TEST(a_version_is_replaced_once),
    TEST(an_id_is_taken_once),
    TEST(one_key_writes_once),
    TEST(a_number_is_given_once),
    TEST(appends_do_not_overlap),
    TEST(readers_see_whole_writes),
};

int concurrency_suite(void)
{
    crew_set_processes(1);
    return cmocka_run_group_tests_name("concurrency", tests, NULL, NULL);
}

int processes_suite(void)
{
    crew_set_processes(CREW_PROCESSES);
    return cmocka_run_group_tests_name("processes", tests, NULL, NULL);
}
