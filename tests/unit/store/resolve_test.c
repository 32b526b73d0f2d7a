/* What the store says when a write ended unknown and the document moved on meanwhile. */
#include "tests/unit/store/scripted.h"

/* --- meanwhile -------------------------------------------------------------------------------- */

static void write_others(struct scripted *s, int n)
{
    const char *script = s->script;
    s->script = "";
    for (int i = 0; i < n; i++)
        assert_int_equal(add(fixture, NULL), 0);
    s->script = script;
}

static void others_nearly_turn_the_ring(struct scripted *s)
{
    write_others(s, STORE_WRITES - 1);
}

static void others_turn_the_ring(struct scripted *s)
{
    write_others(s, STORE_WRITES);
}

static void another_writes(struct scripted *s)
{
    write_others(s, 1);
}

static void it_is_removed(struct scripted *s)
{
    put(s, NULL);
}

static void it_is_made_anew(struct scripted *s)
{
    put(s, NULL);
    struct store_write w = store_write_fresh();
    const char *script = s->script;
    s->script = "";
    assert_int_equal(create(fixture, &w), 0);
    s->script = script;
}

static void it_cannot_be_read(struct scripted *s)
{
    s->unreadable = true;
}

/* --- changes ---------------------------------------------------------------------------------- */

static void an_unknown_change_is_settled_if_it_can_be(void **state)
{
    struct fixture *f = *state;
    const struct {
        const char *what, *script;
        void (*meanwhile)(struct scripted *);
        int result;
        int64_t number; /* one for each change that was made */
    } rows[] = {
        {"applied", "a", NULL, 0, 1},
        {"lost", "l", NULL, 0, 1},
        {"lost twice", "ll", NULL, 0, 1},
        {"applied, and others wrote", "a", others_nearly_turn_the_ring, 0, STORE_WRITES},
        {"lost, and others wrote", "l", others_nearly_turn_the_ring, 0, STORE_WRITES},
        {"lost, overtaken, lost again, applied", "lla", another_writes, 0, 2},
        {"applied and forgotten", "a", others_turn_the_ring, E_UNKNOWN, STORE_WRITES + 1},
        {"lost, and nobody can tell", "l", others_turn_the_ring, E_UNKNOWN, STORE_WRITES},
        {"applied and removed", "a", it_is_removed, E_UNKNOWN, -1},
        {"lost and removed", "l", it_is_removed, E_UNKNOWN, -1},
        {"lost, then no engine", "lu", NULL, E_UNKNOWN, 0},
        {"overtaken, then no engine: surely not written", "lu", another_writes, E_UNAVAILABLE, 1},
        {"applied, then no reading", "a", it_cannot_be_read, E_UNKNOWN, 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        put(&f->driver, NULL);
        f->driver.unreadable = false;
        prepare(f);
        f->driver.script = rows[i].script;
        f->driver.meanwhile = rows[i].meanwhile;
        int r = add(f, NULL);
        f->driver.script = "";
        if (r != rows[i].result || number(f->driver.doc) != rows[i].number)
            fail_msg("%s: %d, %lld", rows[i].what, r, (long long)number(f->driver.doc));
    }
}

/* A new document under the old id has a version that the lost one had passed. */
static void a_document_made_anew_does_not_take_the_old_change(void **state)
{
    struct fixture *f = *state;
    prepare(f);
    write_others(&f->driver, 3);
    f->driver.script = "a";
    f->driver.meanwhile = it_is_made_anew;
    assert_int_equal(add(f, NULL), E_UNKNOWN);
    assert_int_equal(number(f->driver.doc), 0);
}

static void a_change_gives_up_after_bounded_tries(void **state)
{
    struct fixture *f = *state;
    char conflicts[200];
    memset(conflicts, 'c', sizeof(conflicts));
    conflicts[sizeof(conflicts) - 1] = '\0';
    prepare(f);
    f->driver.script = conflicts;
    assert_int_equal(add(f, NULL), E_BUSY);
    assert_int_equal(f->driver.writes, 64);
    f->driver.writes = 0;
    f->driver.script = conflicts;
    conflicts[0] = 'l';
    assert_int_equal(add(f, NULL), E_UNKNOWN);
    assert_int_equal(f->driver.writes, 64);
}

static int refuse(struct store_edit *edit, void *ctx)
{
    BSON_APPEND_INT64(edit->after, "n", 77);
    return *(const int *)ctx;
}

static void what_is_stored_comes_with_every_outcome_but_absence(void **state)
{
    struct fixture *f = *state;
    prepare(f);
    const int results[] = {STORE_UNCHANGED, 101, STORE_ABSENT, E_REFUSED};
    for (size_t i = 0; i < ARRAY_LEN(results); i++) {
        int result = results[i];
        struct store_changed changed;
        assert_int_equal(store_change(f->store, &notes, &f->id, NULL, refuse, &result, &changed),
                         result);
        assert_int_equal(number(changed.doc), result > 0 && result != STORE_ABSENT ? 0 : -1);
        bson_destroy(changed.doc);
    }
    const struct store_change_options options = {.if_revision = 5};
    struct store_changed changed;
    assert_int_equal(store_change(f->store, &notes, &f->id, &options, add_one, NULL, &changed),
                     STORE_REVISED);
    assert_int_equal(number(changed.doc), 0);
    bson_destroy(changed.doc);
    assert_int_equal(add(f, &changed), 0);
    assert_int_equal(number(changed.doc), 1);
    assert_int_equal(changed.outcome, 9);
    bson_destroy(changed.doc);
    f->driver.script = "a";
    assert_int_equal(add(f, &changed), 0);
    assert_int_equal(number(changed.doc), 2);
    assert_int_equal(changed.outcome, 9);
    bson_destroy(changed.doc);
    assert_int_equal(store_generation(f->store, &notes), 3);
}

/* --- new documents ---------------------------------------------------------------------------- */

static int insert(struct fixture *f, const struct store_write *w)
{
    (void)w;
    CLEANUP(bson_destroyp) bson_t *body = BCON_NEW("n", BCON_INT64(0));
    struct store_new_doc doc = {.id = f->id, .body = body, .outcome = E_IO};
    assert_int_equal(store_insert(f->store, &notes, &doc, 1), 0);
    return doc.outcome;
}

static void an_unknown_insert_is_settled_if_it_can_be(void **state)
{
    struct fixture *f = *state;
    const struct {
        const char *what, *script;
        void (*meanwhile)(struct scripted *);
        int result;
    } rows[] = {
        {"applied", "a", NULL, 0},
        {"lost", "l", NULL, 0},
        {"lost, and another made it", "l", it_is_made_anew, STORE_EXISTS},
        {"applied, and others wrote", "a", others_nearly_turn_the_ring, 0},
        {"applied and forgotten", "a", others_turn_the_ring, E_UNKNOWN},
        {"applied, then no reading", "a", it_cannot_be_read, E_UNKNOWN},
        {"lost, then no engine", "lu", NULL, E_UNKNOWN},
        {"no engine", "u", NULL, E_UNAVAILABLE},
    };
    int (*const verbs[])(struct fixture *, const struct store_write *) = {create, insert};
    for (size_t i = 0; i < ARRAY_LEN(rows) * ARRAY_LEN(verbs); i++) {
        size_t row = i / ARRAY_LEN(verbs);
        struct store_write w = store_write_fresh();
        put(&f->driver, NULL);
        f->driver.unreadable = false;
        f->driver.script = rows[row].script;
        f->driver.meanwhile = rows[row].meanwhile;
        int r = verbs[i % ARRAY_LEN(verbs)](f, &w);
        f->driver.script = "";
        if (r != rows[row].result)
            fail_msg("%s (verb %zu): %d", rows[row].what, i % ARRAY_LEN(verbs), r);
    }
}

static void a_refused_document_does_not_keep_others_back(void **state)
{
    struct fixture *f = *state;
    CLEANUP(bson_destroyp) bson_t *wrong = BCON_NEW("n", BCON_UTF8("one"));
    CLEANUP(bson_destroyp) bson_t *forged = BCON_NEW("version", BCON_INT64(9));
    CLEANUP(bson_destroyp) bson_t *right = BCON_NEW("n", BCON_INT64(1));
    struct store_new_doc docs[] = {{.id = id_v4(), .body = wrong, .outcome = E_IO},
                                   {.id = f->id, .body = right, .outcome = E_IO},
                                   {.id = id_v4(), .body = forged, .outcome = E_IO}};
    assert_int_equal(store_insert(f->store, &notes, docs, ARRAY_LEN(docs)), 0);
    assert_int_equal(docs[0].outcome, E_INVALID);
    assert_int_equal(docs[1].outcome, 0);
    assert_int_equal(docs[2].outcome, E_INVALID);
    assert_int_equal(f->driver.writes, 1);
    assert_true(id_equal(&f->driver.id, &f->id));
}

static void a_cursor_of_another_order_is_refused(void **state)
{
    struct fixture *f = *state;
    struct arena a;
    arena_init(&a);
    const struct store_value keys[] = {{0}, store_text("a"), store_id(f->id)};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        const struct store_query q = {
            .order = "n", .limit = 1, .has_after = true, .after = {.key = keys[i]}};
        struct store_page page;
        assert_int_equal(store_scan(f->store, &notes, &q, &a, &page), E_INVALID);
    }
    arena_release(&a);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_unknown_change_is_settled_if_it_can_be),
        TEST(a_document_made_anew_does_not_take_the_old_change),
        TEST(a_change_gives_up_after_bounded_tries),
        TEST(what_is_stored_comes_with_every_outcome_but_absence),
        TEST(an_unknown_insert_is_settled_if_it_can_be),
        TEST(a_refused_document_does_not_keep_others_back),
        TEST(a_cursor_of_another_order_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
