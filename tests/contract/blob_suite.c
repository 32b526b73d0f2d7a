/* Bytes under an id: appended in order, finished, read in ranges. */
#include <sodium.h>
#include <string.h>

#include "tests/contract/fixture.h"

#define CHUNK (256 * 1024)

static struct id make(struct fixture *f)
{
    struct id id;
    assert_int_equal(store_blob_create(f->store, &id), 0);
    return id;
}

static void assert_bytes(struct fixture *f, const struct id *id, int64_t offset, size_t ask,
                         const void *expected, size_t n)
{
    uint8_t *out = arena_alloc(&f->arena, ask);
    size_t got = SIZE_MAX;
    assert_int_equal(store_blob_read(f->store, id, offset, out, ask, &got), 0);
    assert_int_equal(got, n);
    if (n > 0)
        assert_memory_equal(out, expected, n);
}

static void bytes_are_appended_at_the_stored_size(void **state)
{
    struct fixture *f = *state;
    struct id id = make(f);
    int64_t size = -1;
    assert_int_equal(store_blob_append(f->store, &id, 0, "hello", 5, &size), 0);
    assert_int_equal(size, 5);
    int64_t wrong[] = {0, 4, 6};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        size = -1;
        assert_int_equal(store_blob_append(f->store, &id, wrong[i], "x", 1, &size), STORE_CONFLICT);
        assert_int_equal(size, 5);
    }
    assert_int_equal(store_blob_append(f->store, &id, 5, "", 0, &size), 0);
    assert_int_equal(size, 5);
    fixture_reopen(f);
    assert_int_equal(store_blob_append(f->store, &id, 5, " there", 6, &size), 0);
    assert_int_equal(size, 11);
    struct store_blob_info info;
    assert_int_equal(store_blob_stat(f->store, &id, &info), 0);
    assert_int_equal(info.size, 11);
    assert_false(info.finished);
    assert_bytes(f, &id, 0, 64, "hello there", 11);
}

static void a_finished_blob_has_its_hash_and_ends(void **state)
{
    struct fixture *f = *state;
    struct id id = make(f), empty = make(f);
    struct store_blob_info info = {0}, again = {0};
    uint8_t hash[32];
    int64_t size;
    assert_int_equal(store_blob_append(f->store, &id, 0, "abc", 3, &size), 0);
    assert_int_equal(store_blob_finish(f->store, &id, &info), 0);
    crypto_hash_sha256(hash, (const uint8_t *)"abc", 3);
    assert_true(info.finished);
    assert_int_equal(info.size, 3);
    assert_memory_equal(info.sha256, hash, sizeof(hash));
    assert_int_equal(store_blob_append(f->store, &id, 3, "d", 1, &size), E_INVALID);
    assert_int_equal(store_blob_finish(f->store, &id, &again), 0);
    assert_memory_equal(again.sha256, hash, sizeof(hash));
    fixture_reopen(f);
    memset(&again, 0, sizeof(again));
    assert_int_equal(store_blob_stat(f->store, &id, &again), 0);
    assert_true(again.finished);
    assert_int_equal(again.size, 3);
    assert_memory_equal(again.sha256, hash, sizeof(hash));
    assert_int_equal(store_blob_append(f->store, &id, 3, "d", 1, &size), E_INVALID);

    assert_int_equal(store_blob_finish(f->store, &empty, &info), 0);
    crypto_hash_sha256(hash, NULL, 0);
    assert_int_equal(info.size, 0);
    assert_memory_equal(info.sha256, hash, sizeof(hash));
}

static void ranges_are_short_only_at_the_end(void **state)
{
    struct fixture *f = *state;
    struct id id = make(f);
    size_t n = 2 * CHUNK + 17;
    uint8_t *bytes = arena_alloc(&f->arena, n);
    uint8_t seed[randombytes_SEEDBYTES] = {7};
    randombytes_buf_deterministic(bytes, n, seed);
    int64_t size = 0;
    while ((size_t)size < n) {
        size_t left = n - (size_t)size, step = left < CHUNK ? left : CHUNK;
        assert_int_equal(store_blob_append(f->store, &id, size, bytes + size, step, &size), 0);
    }
    struct store_blob_info info;
    for (int finished = 0; finished < 2; finished++) {
        assert_bytes(f, &id, 0, n, bytes, n);
        assert_bytes(f, &id, 0, n + 100, bytes, n);
        assert_bytes(f, &id, CHUNK - 3, 6, bytes + CHUNK - 3, 6); /* across chunks */
        assert_bytes(f, &id, CHUNK, CHUNK, bytes + CHUNK, CHUNK);
        assert_bytes(f, &id, (int64_t)n - 1, 10, bytes + n - 1, 1);
        assert_bytes(f, &id, (int64_t)n, 10, NULL, 0);
        assert_bytes(f, &id, (int64_t)n + 5, 10, NULL, 0);
        assert_bytes(f, &id, 5, 0, NULL, 0);
        assert_int_equal(store_blob_finish(f->store, &id, &info), 0);
    }
    uint8_t hash[32];
    crypto_hash_sha256(hash, bytes, n);
    assert_memory_equal(info.sha256, hash, sizeof(hash));
}

static void every_verb_knows_absence(void **state)
{
    struct fixture *f = *state;
    struct id none = thing_id(1);
    struct store_blob_info info;
    char out[4];
    size_t n;
    int64_t size;
    assert_int_equal(store_blob_append(f->store, &none, 0, "x", 1, &size), STORE_ABSENT);
    assert_int_equal(store_blob_finish(f->store, &none, &info), STORE_ABSENT);
    assert_int_equal(store_blob_stat(f->store, &none, &info), STORE_ABSENT);
    assert_int_equal(store_blob_read(f->store, &none, 0, out, sizeof(out), &n), STORE_ABSENT);
    assert_int_equal(store_blob_remove(f->store, &none), STORE_ABSENT);
}

static void removed_blobs_are_gone(void **state)
{
    struct fixture *f = *state;
    struct id open = make(f), finished = make(f);
    struct store_blob_info info;
    int64_t size;
    assert_int_equal(store_blob_append(f->store, &finished, 0, "abc", 3, &size), 0);
    assert_int_equal(store_blob_finish(f->store, &finished, &info), 0);
    assert_int_equal(store_blob_remove(f->store, &open), 0);
    assert_int_equal(store_blob_remove(f->store, &finished), 0);
    fixture_reopen(f);
    assert_int_equal(store_blob_stat(f->store, &open, &info), STORE_ABSENT);
    assert_int_equal(store_blob_stat(f->store, &finished, &info), STORE_ABSENT);
    assert_int_equal(f->driver->ops->blob_create(f->driver, &finished), 0);
    assert_int_equal(store_blob_stat(f->store, &finished, &info), 0);
    assert_false(info.finished);
    assert_int_equal(info.size, 0);
}

static void ids_are_listed_in_order(void **state)
{
    struct fixture *f = *state;
    const struct store_driver_ops *ops = f->driver->ops;
    struct id ids[7];
    size_t n = SIZE_MAX;
    assert_int_equal(ops->blob_list(f->driver, NULL, ids, ARRAY_LEN(ids), &n), 0);
    assert_int_equal(n, 0);
    /* Two share their first byte with many, one comes before all, one behind all. */
    struct id low = {{0}}, high = {{0xff}};
    const struct id made[] = {thing_id(3), high, thing_id(1), low, thing_id(300)};
    for (size_t i = 0; i < ARRAY_LEN(made); i++)
        assert_int_equal(ops->blob_create(f->driver, &made[i]), 0);
    assert_int_equal(ops->blob_create(f->driver, &made[0]), STORE_EXISTS);
    struct store_blob_info info;
    assert_int_equal(ops->blob_finish(f->driver, &made[2], &info), 0);

    const struct id ordered[] = {low, thing_id(1), thing_id(3), thing_id(300), high};
    assert_int_equal(ops->blob_list(f->driver, NULL, ids, ARRAY_LEN(ids), &n), 0);
    assert_int_equal(n, ARRAY_LEN(ordered));
    for (size_t i = 0; i < n; i++)
        assert_true(id_equal(&ids[i], &ordered[i]));
    struct id after = thing_id(2);
    assert_int_equal(ops->blob_list(f->driver, &after, ids, 2, &n), 0);
    assert_int_equal(n, 2);
    assert_true(id_equal(&ids[0], &ordered[2]));
    assert_true(id_equal(&ids[1], &ordered[3]));
    assert_int_equal(ops->blob_list(f->driver, &ordered[4], ids, 2, &n), 0);
    assert_int_equal(n, 0);
}

int blob_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bytes_are_appended_at_the_stored_size),
        TEST(a_finished_blob_has_its_hash_and_ends),
        TEST(ranges_are_short_only_at_the_end),
        TEST(every_verb_knows_absence),
        TEST(removed_blobs_are_gone),
        TEST(ids_are_listed_in_order),
    };
    return cmocka_run_group_tests_name("blobs", tests, NULL, NULL);
}
