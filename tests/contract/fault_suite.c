/* Writes whose end is not known: what the store makes of them, on every engine. */
#include <string.h>

#include "tests/contract/fixture.h"
#include "tests/support/faulty.h"

static const struct faulty_plan never = {0};
static const struct faulty_plan all_lost = {.seed = 1, .lost = 1000};
static const struct faulty_plan all_unavailable = {.seed = 1, .unavailable = 1000};

static int create(struct fixture *f, int n)
{
    struct id id = thing_id(n);
    struct store_write w = store_write_fresh();
    CLEANUP(bson_destroyp) bson_t *body = thing_body(&(struct thing){.due = NUM(0)});
    return store_create(f->store, &things, &id, &w, body, NULL);
}

static bool stored(struct fixture *f, int n)
{
    struct id id = thing_id(n);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int r = store_get(f->store, &things, &id, &doc);
    assert_true(r == 0 || r == STORE_ABSENT);
    return r == 0;
}

/* `due` one higher. */
static int add_one(struct store_edit *edit, void *ctx)
{
    (void)ctx;
    int64_t due = edit->before ? doc_int(edit->before, "due") : 0;
    BSON_APPEND_INT64(edit->after, "due", due + 1);
    return 0;
}

static int add(struct fixture *f, int n, const struct store_write *w)
{
    struct id id = thing_id(n);
    struct store_change_options options = {.write = w, .if_revision = STORE_ANY_REVISION};
    return store_change(f->store, &things, &id, &options, add_one, NULL, NULL);
}

static int64_t due(struct fixture *f, int n)
{
    struct id id = thing_id(n);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    assert_int_equal(store_get(f->store, &things, &id, &doc), 0);
    return doc_int(doc, "due");
}

static int insert(struct fixture *f, int n)
{
    CLEANUP(bson_destroyp) bson_t *body = thing_body(&(struct thing){.due = NUM(0)});
    struct store_new_doc doc = {.id = thing_id(n), .body = body, .outcome = E_IO};
    int r = store_insert(f->store, &things, &doc, 1);
    return r != 0 ? r : doc.outcome;
}

static int drop(struct fixture *f, int n)
{
    struct id id = thing_id(n);
    return store_remove(f->store, &things, &id, -1);
}

static void script(struct fixture *f, const char *fates)
{
    faulty_set(f->driver, &(struct faulty_plan){.script = fates});
}

/* Once or twice unknown, whether it took effect or not: the caller is told that it is done. */
static void an_unknown_outcome_is_resolved(void **state)
{
    struct fixture *f = *state;
    const char *const scripts[] = {"a", "l", "la", "al", "ll"};
    for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
        int n = (int)i * 10;
        script(f, scripts[i]);
        assert_int_equal(create(f, n + 1), 0);
        script(f, scripts[i]);
        assert_int_equal(create(f, n + 1), STORE_EXISTS);
        script(f, scripts[i]);
        assert_int_equal(insert(f, n + 2), 0);
        script(f, scripts[i]);
        assert_int_equal(insert(f, n + 2), STORE_EXISTS);
        script(f, scripts[i]);
        assert_int_equal(add(f, n + 1, NULL), 0);
        assert_int_equal(due(f, n + 1), 1);
        script(f, scripts[i]);
        assert_int_equal(drop(f, n + 2), 0);
        assert_false(stored(f, n + 2));
    }
}

struct others {
    struct fixture *fixture;
    int n;
};

/* Others write before the outcome is looked for. */
static void write_between(void *ctx)
{
    const struct others *others = ctx;
    for (int i = 0; i < others->n; i++)
        assert_int_equal(add(others->fixture, 1, NULL), 0);
}

/*
 * As long as the write records reach back to it, the outcome is found out: what was lost is done
 * again. Beyond that nobody can tell, and it must not be tried again.
 */
static void a_forgotten_write_is_not_retried(void **state)
{
    struct fixture *f = *state;
    const struct {
        const char *script;
        int others, result;
        int64_t due;
    } cases[] = {
        {"a", STORE_WRITES - 1, 0, STORE_WRITES},
        {"a", STORE_WRITES, E_UNKNOWN, STORE_WRITES + 1},
        {"l", STORE_WRITES - 1, 0, STORE_WRITES},
        {"l", STORE_WRITES + 1, E_UNKNOWN, STORE_WRITES + 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct others others = {f, cases[i].others};
        assert_int_equal(create(f, 1), 0);
        faulty_set(f->driver, &(struct faulty_plan){.script = cases[i].script,
                                                    .between = write_between,
                                                    .ctx = &others});
        assert_int_equal(add(f, 1, NULL), cases[i].result);
        assert_int_equal(due(f, 1), cases[i].due);
        assert_int_equal(drop(f, 1), 0);
    }
}

/* An unknown outcome stays unknown when what would have told is out of reach. */
static void what_may_have_happened_is_not_denied(void **state)
{
    struct fixture *f = *state;
    script(f, "au");
    int r = create(f, 1);
    assert_true(r == 0 || r == E_UNKNOWN);
    assert_true(stored(f, 1));
    script(f, "au");
    r = insert(f, 2);
    assert_true(r == 0 || r == E_UNKNOWN);
    assert_true(stored(f, 2));
    script(f, "au");
    r = add(f, 1, NULL);
    assert_true(r == 0 || r == E_UNKNOWN);
    assert_int_equal(due(f, 1), 1);
    script(f, "au");
    r = drop(f, 2);
    assert_true(r == 0 || r == E_UNKNOWN);
    assert_false(stored(f, 2));
}

/* Lost for ever, it must not be said to be done. */
static void a_write_that_did_not_is_not_said_to_have(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(create(f, 1), 0);
    const struct faulty_plan *plans[] = {&all_lost, &all_unavailable};
    for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
        faulty_set(f->driver, plans[i]);
        assert_true(create(f, 2) < 0);
        assert_true(add(f, 1, NULL) < 0);
        assert_true(drop(f, 1) < 0);
        assert_true(insert(f, 3) < 0);
        faulty_set(f->driver, &never);
        assert_false(stored(f, 2));
        assert_false(stored(f, 3));
        assert_int_equal(due(f, 1), 0);
    }
}

/* A caller who repeats a failed write with its key gets it done exactly once. */
static void writes_repeated_until_they_are_answered_happen_once(void **state)
{
    struct fixture *f = *state;
    enum { ROUNDS = 100 };
    const struct faulty_plan plan = {.seed = 7, .applied = 250, .lost = 250, .unavailable = 100};
    struct id owner = thing_id(900);
    assert_int_equal(create(f, 1), 0);
    faulty_set(f->driver, &plan);
    for (int round = 0; round < ROUNDS; round++) {
        const char *key = arena_printf(&f->arena, "%d", round);
        struct store_write w = store_write_keyed("add", &owner, key, "", 0);
        int r, tries = 0;
        while ((r = add(f, 1, &w)) < 0)
            assert_true(++tries < 50);
        assert_true(r == 0 || r == STORE_REPEATED);
    }
    assert_int_equal(due(f, 1), ROUNDS);
    assert_true(faulty_count(f->driver) > ROUNDS / 4);
}

static void a_number_may_be_left_out_but_is_not_given_twice(void **state)
{
    struct fixture *f = *state;
    const struct faulty_plan plan = {.seed = 3, .applied = 200, .lost = 200, .unavailable = 100};
    faulty_set(f->driver, &plan);
    int64_t last = 0;
    for (int i = 0; i < 200; i++) {
        int64_t value = 0;
        int r = store_bump(f->store, "number", 1, &value);
        if (r != 0) {
            assert_true(r == E_UNKNOWN || r == E_UNAVAILABLE);
            continue;
        }
        assert_true(value > last);
        last = value;
    }
    assert_true(last > 100);
}

/* The client asks for the size, as tus clients do, and goes on from there. */
static void an_upload_goes_on_where_the_blob_ends(void **state)
{
    struct fixture *f = *state;
    const struct faulty_plan plan = {.seed = 5, .applied = 250, .lost = 250, .unavailable = 100};
    struct id id;
    char text[200];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + i % 26);
    assert_int_equal(store_blob_create(f->store, &id), 0);
    faulty_set(f->driver, &plan);
    struct store_blob_info info = {0};
    for (int tries = 0; info.size < (int64_t)sizeof(text); tries++) {
        assert_true(tries < 500);
        int64_t size;
        int r = store_blob_append(f->store, &id, info.size, text + info.size, 2, &size);
        assert_true(r == 0 || r == STORE_CONFLICT || r == E_UNKNOWN || r == E_UNAVAILABLE);
        assert_int_equal(store_blob_stat(f->store, &id, &info), 0);
    }
    char stored_text[sizeof(text) + 1];
    size_t n;
    assert_int_equal(store_blob_read(f->store, &id, 0, stored_text, sizeof(stored_text), &n), 0);
    assert_int_equal(n, sizeof(text));
    assert_memory_equal(stored_text, text, n);
}

/* Whichever of both writes ends unknown: one is there, the other is not. */
static void one_goes_for_another_though_it_is_not_known(void **state)
{
    struct fixture *f = *state;
    const char *const scripts[] = {"a", "l", "la", ".a", ".l", "ala"};
    for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
        int n = (int)i * 10;
        struct id id = thing_id(n + 2);
        struct store_write w = store_write_fresh();
        struct store_removal gone = {.collection = &things, .id = thing_id(n + 1), .version = -1};
        CLEANUP(bson_destroyp) bson_t *body = thing_body(&(struct thing){.due = NUM(0)});
        script(f, "");
        assert_int_equal(create(f, n + 1), 0);
        script(f, scripts[i]);
        assert_int_equal(store_create_for(f->store, &things, &id, &w, body, &gone, NULL), 0);
        assert_true(gone.outcome == 0 || gone.outcome == STORE_ABSENT);
        assert_true(!stored(f, n + 1) && stored(f, n + 2));
    }
}

int fault_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_unknown_outcome_is_resolved),
        TEST(one_goes_for_another_though_it_is_not_known),
        TEST(a_forgotten_write_is_not_retried),
        TEST(what_may_have_happened_is_not_denied),
        TEST(a_write_that_did_not_is_not_said_to_have),
        TEST(writes_repeated_until_they_are_answered_happen_once),
        TEST(a_number_may_be_left_out_but_is_not_given_twice),
        TEST(an_upload_goes_on_where_the_blob_ends),
    };
    return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
