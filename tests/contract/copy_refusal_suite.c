/* What a copy refuses, and what it finds when it compares. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "store/lease.h"
#include "tests/contract/copy_ground.h"

/* --- refusals --------------------------------------------------------------------------------- */

static void only_an_empty_target_is_taken(void **state)
{
    struct fixture *f = *state;
    CLEANUP(other_free) struct other a = other_new();
    assert_int_equal(copy_go(f, a.store, f->store, NULL), COPY_FROM_NOTHING);
    copy_add_documents(a.store, 3);
    CLEANUP(other_free) struct other counted = other_new();
    CLEANUP(other_free) struct other blobbed = other_new();
    copy_add_counter(counted.store, "n", 1);
    copy_add_blob(blobbed.store, &f->arena, 1, 0, false);
    assert_int_equal(copy_go(f, a.store, counted.store, NULL), COPY_TAKEN);
    assert_string_equal(copy_result.at, "counters");
    assert_int_equal(copy_go(f, a.store, blobbed.store, NULL), COPY_TAKEN);
    assert_int_equal(copy_insert(f->store, &(struct thing){.n = 9, .version = 1, .arrival = 1}), 0);
    assert_int_equal(copy_go(f, a.store, f->store, NULL), COPY_TAKEN);
    assert_string_equal(copy_result.at, "things");
    assert_int_equal(copy_marked(f, f->store), -1);
}

static void one_target_has_one_source(void **state)
{
    struct fixture *f = *state;
    CLEANUP(other_free) struct other a = other_new();
    CLEANUP(other_free) struct other b = other_new();
    struct ending early = {2};
    copy_add_documents(a.store, 3);
    assert_int_equal(copy_go(f, a.store, f->store, &early), E_TIMEOUT);
    const struct copy_part part = {"data", a.store, f->store};
    const struct copy elsewhere = {.parts = &part, .n = 1, .from = "elsewhere"};
    assert_int_equal(copy_run(&elsewhere, &f->arena, &copy_result), COPY_OTHER);
    assert_string_equal(copy_result.marker.from, "there");
    assert_int_equal(copy_go(f, f->store, b.store, NULL), COPY_FROM_UNFINISHED);
    assert_int_equal(copy_go(f, a.store, f->store, NULL), 0);
    assert_int_equal(copy_go(f, a.store, f->store, NULL), 0); /* compares */
    assert_true(copy_result.marker.finished_ms != 0);
    copy_add_documents(b.store, 2);
    assert_int_equal(copy_go(f, b.store, f->store, NULL), COPY_DIFFERS);
    assert_int_equal(copy_go(f, f->store, b.store, NULL), COPY_TAKEN);
}

static int renew(struct store *s, struct lease *l)
{
    int r = lease_try(s, l, 0);
    return r == E_BUSY ? 0 : r;
}

struct serving {
    struct store *store;
    struct lease lease;
    atomic_bool ended;
    atomic_int failures;
};

static void *serve(void *arg)
{
    struct serving *s = arg;
    while (!atomic_load(&s->ended))
        s->failures += renew(s->store, &s->lease) != 0;
    return NULL;
}

/* Only of a store that several processes may open. */
static void who_serves_is_noticed(void **state)
{
    struct fixture *f = *state;
    CLEANUP(other_free) struct other a = other_new();
    const struct copy_part part = {"data", a.store, f->store};
    struct copy c = {.parts = &part, .n = 1, .from = "there", .watch_ms = 600000};
    struct id node = id_v4();
    struct serving s = {.store = a.store};
    pthread_t thread;
    copy_add_documents(a.store, 3);
    store_driver_of(a.store)->exclusive = false;
    lease_init(&s.lease, "send", &node, 9000);
    assert_int_equal(lease_try(a.store, &s.lease, 0), 0);
    pthread_create(&thread, NULL, serve, &s);
    int served = copy_run(&c, &f->arena, &copy_result);
    atomic_store(&s.ended, true);
    pthread_join(thread, NULL);
    assert_int_equal(served, COPY_SERVED);
    assert_int_equal(s.failures, 0);
    assert_int_equal(copy_marked(f, f->store), -1);
    c.watch_ms = 1; /* it died, and left its lease behind */
    assert_int_equal(copy_run(&c, &f->arena, &copy_result), 0);
}

/* --- differences ------------------------------------------------------------------------------ */

static void replace_document(struct fixture *f)
{
    struct thing t = {.n = 7, .version = 2, .arrival = 1000, .state = "opem", .due = NUM(1)};
    assert_int_equal(fixture_replace(f, &t), 0);
}

static void add_document(struct fixture *f)
{
    fixture_insert(f, &(struct thing){.n = 5000, .version = 1, .arrival = 1});
}

static void remove_document(struct fixture *f)
{
    struct id id = thing_id(7);
    assert_int_equal(f->driver->ops->remove(f->driver, &things, &id, -1), 0);
}

static void replace_blob(struct fixture *f)
{
    struct id id = thing_id(2);
    int64_t size;
    struct store_blob_info info;
    assert_int_equal(f->driver->ops->blob_remove(f->driver, &id), 0);
    assert_int_equal(f->driver->ops->blob_create(f->driver, &id), 0);
    assert_int_equal(f->driver->ops->blob_append(f->driver, &id, 0, "12345", 5, &size), 0);
    assert_int_equal(f->driver->ops->blob_finish(f->driver, &id, &info), 0);
}

static void finish_blob(struct fixture *f)
{
    struct id id = thing_id(4);
    struct store_blob_info info;
    assert_int_equal(f->driver->ops->blob_finish(f->driver, &id, &info), 0);
}

static void move_counter(struct fixture *f)
{
    copy_add_counter(f->store, "debt", 1);
}

static void differences_are_found(void **state)
{
    struct fixture *f = *state;
    static const struct {
        void (*change)(struct fixture *f);
        int document; /* the first that differs; 0 none */
        int blobs, counters;
    } cases[] = {
        {add_document, 5000, 0, 0}, {replace_document, 7, 0, 0}, {remove_document, 7, 0, 0},
        {replace_blob, 0, 1, 0},    {finish_blob, 0, 2, 0},      {move_counter, 0, 2, 1},
    };
    CLEANUP(other_free) struct other a = other_new();
    copy_fill(a.store, &f->arena);
    assert_int_equal(copy_go(f, a.store, f->store, NULL), 0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        cases[i].change(f);
        assert_int_equal(copy_look(f, a.store, f->store), COPY_DIFFERS);
        const struct copy_sum *sum = copy_sum_of("things");
        assert_int_equal(copy_result.blobs_differ, cases[i].blobs);
        assert_int_equal(copy_result.counters_differ, cases[i].counters);
        if (cases[i].document)
            assert_int_equal(thing_number(&sum->first), cases[i].document);
    }
    assert_string_equal(copy_result.counter, "debt");
}

int copy_refusal_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_an_empty_target_is_taken),
        TEST(one_target_has_one_source),
        TEST(who_serves_is_noticed),
        TEST(differences_are_found),
    };
    return cmocka_run_group_tests_name("refused copies", tests, NULL, NULL);
}
