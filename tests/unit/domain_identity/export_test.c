/* Copies of somebody's data: one at a time, made once, whoever makes them; and sealed blobs. */
#include <pthread.h>

#include "base/crypto/bytes.h"
#include "domain/export/export.h"
#include "store/sealed.h"
#include "tests/unit/domain_identity/people.h"

#define CROWD 8
#define KEEP (7 * DAY)

static struct ground g;

static int set_up(void **state)
{
    (void)state;
    return ground_begin(&g, false);
}

static int tear_down(void **state)
{
    (void)state;
    ground_end(&g);
    return 0;
}

static int ask(const struct id *who, int64_t now_ms, struct arena *a, struct export *ret)
{
    int64_t retry_ms = 0;
    int done = export_ask(g.store, who, 0, 3, KEEP, now_ms, a, ret, &retry_ms);
    if (done == EXPORT_ENOUGH)
        assert_in_range(retry_ms, 1, DAY);
    return done;
}

/* --- asking -------------------------------------------------------------------------------------
 */

struct asker {
    pthread_t thread;
    struct id who, job;
    int done;
};

static void *asker_main(void *arg)
{
    struct asker *k = arg;
    struct arena a;
    struct export job;
    arena_init(&a);
    k->done = ask(&k->who, NOON, &a, &job);
    k->job = job.id;
    arena_release(&a);
    return NULL;
}

static void test_a_crowd_asks_for_one(void **state)
{
    (void)state;
    struct asker crowd[CROWD];
    struct id who = id_v4();
    size_t made = 0;
    for (size_t i = 0; i < CROWD; i++) {
        crowd[i] = (struct asker){.who = who};
        assert_int_equal(pthread_create(&crowd[i].thread, NULL, asker_main, &crowd[i]), 0);
    }
    for (size_t i = 0; i < CROWD; i++)
        pthread_join(crowd[i].thread, NULL);
    for (size_t i = 0; i < CROWD; i++) {
        assert_true(crowd[i].done == 0 || crowd[i].done == EXPORT_GOING);
        assert_true(id_equal(&crowd[i].job, &crowd[0].job));
        made += crowd[i].done == 0;
    }
    assert_int_equal(made, 1);
}

static void test_so_many_a_day(void **state)
{
    (void)state;
    struct id who = id_v4(), worker = id_v4();
    struct export job, same;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ask(&who, NOON + i, &g.arena, &job), 0);
        assert_int_equal(ask(&who, NOON + i, &g.arena, &same), EXPORT_GOING);
        assert_int_equal(export_claim(g.store, &worker, NOON + i, &g.arena, &same), 0);
        assert_true(id_equal(&same.id, &job.id));
        assert_int_equal(export_finish(g.store, &same, 10, KEEP, NOON + i), 0);
    }
    assert_int_equal(ask(&who, NOON + 5, &g.arena, &job), EXPORT_ENOUGH);
    assert_int_equal(ask(&who, NOON + DAY, &g.arena, &job), 0);
    /* One that is removed counts all the same. */
    assert_int_equal(export_drop_file(g.store, &same), 0);
    assert_int_equal(ask(&who, NOON + 5, &g.arena, &job), EXPORT_GOING);
}

/* --- making -------------------------------------------------------------------------------------
 */

static void test_a_claim_that_ran_out_is_anothers(void **state)
{
    (void)state;
    struct id who = id_v4(), one = id_v4(), two = id_v4(), blob;
    const struct entity_bytes key = {0};
    struct export job, mine, theirs;
    assert_int_equal(ask(&who, NOON, &g.arena, &job), 0);
    assert_int_equal(export_claim(g.store, &one, NOON, &g.arena, &mine), 0);
    assert_int_equal(export_claim(g.store, &two, NOON, &g.arena, &theirs), STORE_ABSENT);
    assert_int_equal(store_blob_create(g.store, &blob), 0);
    assert_int_equal(export_writes(g.store, &mine, &blob, &key, NOON + 1), 0);
    assert_int_equal(export_tell(g.store, &mine, 3, 9, NOON + 40 * SECOND), 0);
    assert_int_equal(export_claim(g.store, &two, NOON + 61 * SECOND, &g.arena, &theirs),
                     STORE_ABSENT);
    assert_int_equal(export_claim(g.store, &two, NOON + 101 * SECOND, &g.arena, &theirs), 0);
    assert_int_equal(theirs.done, 0);
    struct store_blob_info info;
    assert_int_equal(store_blob_stat(g.store, &blob, &info), STORE_ABSENT);
    assert_int_equal(export_tell(g.store, &mine, 4, 9, NOON), EXPORT_LOST);
    assert_int_equal(export_finish(g.store, &mine, 1, KEEP, NOON), EXPORT_LOST);
    assert_int_equal(export_give_back(g.store, &mine, true, NOON), EXPORT_LOST);
    assert_int_equal(export_finish(g.store, &theirs, 1, KEEP, NOON), 0);
}

static void test_it_fails_in_the_end(void **state)
{
    (void)state;
    struct id who = id_v4(), worker = id_v4();
    struct export job;
    int64_t now_ms = NOON;
    assert_int_equal(ask(&who, NOON, &g.arena, &job), 0);
    for (int i = 0; i < 20; i++) { /* a stop is nobody's failure */
        assert_int_equal(export_claim(g.store, &worker, now_ms, &g.arena, &job), 0);
        assert_int_equal(export_give_back(g.store, &job, false, now_ms), 0);
    }
    for (int i = 0; i < EXPORT_TRIES_MAX; i++) {
        assert_int_equal(export_claim(g.store, &worker, now_ms, &g.arena, &job), 0);
        assert_int_equal(export_give_back(g.store, &job, true, now_ms), 0);
        now_ms += MINUTE;
    }
    assert_int_equal(export_claim(g.store, &worker, now_ms, &g.arena, &job), STORE_ABSENT);
    assert_int_equal(export_get(g.store, &job.id, &g.arena, &job), 0);
    assert_int_equal(job.state, EXPORT_FAILED);
}

static void test_those_of_a_dead_process_are_free(void **state)
{
    (void)state;
    struct id who = id_v4(), one = id_v4(), two = id_v4();
    struct export job;
    assert_int_equal(ask(&who, NOON, &g.arena, &job), 0);
    assert_int_equal(export_claim(g.store, &one, NOON, &g.arena, &job), 0);
    assert_int_equal(export_free_all(g.store, NOON), 0);
    assert_int_equal(export_claim(g.store, &two, NOON, &g.arena, &job), 0);
}

static void test_they_go(void **state)
{
    (void)state;
    struct id who = id_v4(), other = id_v4();
    struct export job, theirs;
    bool more = true;
    assert_int_equal(ask(&who, NOON, &g.arena, &job), 0);
    assert_int_equal(ask(&other, NOON, &g.arena, &theirs), 0);
    assert_int_equal(export_drop_all(g.store, &who, &g.arena, &more), 0);
    assert_false(more);
    assert_int_equal(export_get(g.store, &job.id, &g.arena, &job), STORE_ABSENT);
    assert_int_equal(export_sweep(g.store, NOON + KEEP - 1, 10), 0);
    assert_int_equal(export_get(g.store, &theirs.id, &g.arena, &theirs), 0);
    assert_int_equal(export_sweep(g.store, NOON + KEEP, 10), 0);
    assert_int_equal(export_get(g.store, &theirs.id, &g.arena, &theirs), STORE_ABSENT);
}

/* --- sealed blobs -------------------------------------------------------------------------------
 */

static uint8_t at(size_t i)
{
    return (uint8_t)(i * 31 + i / 65536);
}

static void write_blob(size_t n, size_t piece, const uint8_t key[SEAL_KEY],
                       const struct seal_about *about, struct sealed_writer *w)
{
    uint8_t *bytes = malloc(n + 1);
    for (size_t i = 0; i < n; i++)
        bytes[i] = at(i);
    assert_int_equal(sealed_begin(g.store, key, about, w), 0);
    for (size_t i = 0; i < n; i += piece)
        assert_int_equal(sealed_write(w, bytes + i, n - i < piece ? n - i : piece), 0);
    assert_int_equal(sealed_end(w), 0);
    assert_int_equal(w->size, n);
    sealed_writer_release(w);
    free(bytes);
}

static void test_sealed_blobs_of_all_sizes(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,      1,         65535,         65536,  65537,
                                   131072, 8 * 65536, 8 * 65536 + 1, 1200000};
    static const size_t pieces[] = {1000, 65536, 300000};
    uint8_t key[SEAL_KEY];
    seal_key_new(key);
    for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
        for (size_t p = 0; p < ARRAY_LEN(pieces); p++) {
            const struct seal_about about = {"test.blob", id_v4()};
            struct sealed_writer w;
            struct sealed_reader r;
            size_t n = 0;
            uint8_t *out = malloc(sizes[s] + 10);
            write_blob(sizes[s], pieces[p], key, &about, &w);
            assert_int_equal(sealed_open(g.store, &w.blob, w.size, key, &about, &r), 0);
            assert_int_equal(sealed_read(&r, 0, out, sizes[s] + 10, &n), 0);
            assert_int_equal(n, sizes[s]);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(out[i], at(i));
            size_t from = sizes[s] / 3;
            assert_int_equal(sealed_read(&r, (int64_t)from, out, 100, &n), 0);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(out[i], at(from + i));
            sealed_close(&r);
            free(out);
        }
    }
}

static void test_a_blob_of_another_opens_not(void **state)
{
    (void)state;
    uint8_t key[SEAL_KEY], other[SEAL_KEY], out[16];
    const struct seal_about about = {"test.blob", id_v4()}, else_ = {"test.blob", id_v4()};
    struct sealed_writer w;
    struct sealed_reader r;
    size_t n;
    seal_key_new(key);
    seal_key_new(other);
    write_blob(70000, 5000, key, &about, &w);
    assert_int_equal(sealed_open(g.store, &w.blob, w.size, other, &about, &r), 0);
    assert_int_equal(sealed_read(&r, 0, out, sizeof(out), &n), E_CORRUPT);
    sealed_close(&r);
    assert_int_equal(sealed_open(g.store, &w.blob, w.size, key, &else_, &r), 0);
    assert_int_equal(sealed_read(&r, 0, out, sizeof(out), &n), E_CORRUPT);
    sealed_close(&r);
    /* Said to be shorter: its end is not the end that was sealed. */
    assert_int_equal(sealed_open(g.store, &w.blob, 65536, key, &about, &r), 0);
    assert_int_equal(sealed_read(&r, 0, out, sizeof(out), &n), E_CORRUPT);
    sealed_close(&r);
    assert_int_equal(store_blob_remove(g.store, &w.blob), 0);
    assert_int_equal(sealed_open(g.store, &w.blob, w.size, key, &about, &r), STORE_ABSENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_crowd_asks_for_one),
        TEST(test_so_many_a_day),
        TEST(test_a_claim_that_ran_out_is_anothers),
        TEST(test_it_fails_in_the_end),
        TEST(test_those_of_a_dead_process_are_free),
        TEST(test_they_go),
        TEST(test_sealed_blobs_of_all_sizes),
        TEST(test_a_blob_of_another_opens_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
