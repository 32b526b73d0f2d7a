/* How long the store goes on asking an engine that does not answer as it should. */
#include "tests/unit/store/scripted.h"

/* Each unknown outcome may have taken a whole timeout. */
static void unknown_outcomes_are_looked_into_a_few_times(void **state)
{
    struct fixture *f = *state;
    char lost[200];
    memset(lost, 'l', sizeof(lost));
    lost[sizeof(lost) - 1] = '\0';
    prepare(f);
    f->driver.script = lost;
    assert_int_equal(add(f, NULL), E_UNKNOWN);
    assert_int_equal(f->driver.writes, RESOLVE_TRIES);
    assert_int_equal(number(f->driver.doc), 0);
    put(&f->driver, NULL);
    f->driver.writes = 0;
    f->driver.script = lost;
    struct store_write w = store_write_fresh();
    assert_int_equal(create(f, &w), E_UNKNOWN);
    assert_int_equal(f->driver.writes, RESOLVE_TRIES);
}

#define MANY 5

/* Once its time is over, a verb of many documents does not wait for each of the rest. */
static void a_store_that_is_away_is_not_waited_for_by_each(void **state)
{
    struct fixture *f = *state;
    prepare(f);
    f->store->resolve_ms = 0;
    f->driver.script = "llllllllll";
    assert_int_equal(add(f, NULL), E_UNKNOWN);
    assert_int_equal(f->driver.writes, 1);

    struct store_one ones[MANY];
    CLEANUP(bson_destroyp) bson_t *seen = bson_copy(f->driver.doc);
    for (int i = 0; i < MANY; i++)
        ones[i] = (struct store_one){.id = f->id, .seen = seen};
    f->driver.writes = 0;
    f->driver.script = "uuuuuuuuuu";
    store_change_many(f->store, &notes, ones, MANY, add_one);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(ones[i].outcome, E_UNAVAILABLE);
    assert_int_equal(f->driver.writes, 1);
    f->driver.script = "";
    store_change_many(f->store, &notes, ones, MANY, add_one);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(ones[i].outcome, 0);
    assert_int_equal(number(f->driver.doc), MANY);

    CLEANUP(bson_destroyp) bson_t *body = BCON_NEW("n", BCON_INT64(0));
    struct store_new_doc docs[MANY];
    for (int i = 0; i < MANY; i++)
        docs[i] = (struct store_new_doc){.id = id_v4(), .body = body};
    put(&f->driver, NULL);
    f->driver.writes = 0;
    f->driver.script = "llllllllll";
    assert_int_equal(store_insert(f->store, &notes, docs, MANY), 0);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(docs[i].outcome, E_UNKNOWN);
    assert_int_equal(f->driver.writes, MANY + 1);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unknown_outcomes_are_looked_into_a_few_times),
        TEST(a_store_that_is_away_is_not_waited_for_by_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
