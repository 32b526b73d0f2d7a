/* A store moved from the model to the engine and back: under faults, ended anywhere, begun again.
 */
#include <string.h>

#include "tests/contract/copy_ground.h"
#include "tests/support/faulty.h"

#define RUNS 2000 /* of one copy; far fewer do */

static void assert_whole(const struct copy_result *r)
{
    const struct copy_sum *sum = copy_sum_of("things");
    assert_int_equal(sum->count[0], COPY_MANY);
    assert_int_equal(sum->count[1], COPY_MANY);
    assert_memory_equal(sum->sha256[0], sum->sha256[1], 32);
    assert_int_equal(r->documents, COPY_MANY + 1);
    assert_int_equal(r->blobs, 5);
    assert_int_equal(r->bytes, COPY_PIECE_SIZE + 17 + 5 + 300 * 1024);
    assert_int_equal(r->counters, 3);
}

static void a_store_moves_and_comes_back(void **state)
{
    struct fixture *f = *state;
    CLEANUP(other_free) struct other a = other_new();
    CLEANUP(other_free) struct other b = other_new();
    copy_fill(a.store, &f->arena);
    assert_int_equal(copy_marked(f, f->store), -1);
    assert_int_equal(copy_go(f, a.store, f->store, NULL), 0);
    assert_whole(&copy_result);
    assert_int_equal(copy_marked(f, f->store), 1);
    fixture_reopen(f);
    struct store_scan words = {.collection = &things,
                               .path = STORE_PATH_WORDS,
                               .words = (const char *[]){"hoa"},
                               .n_words = 1,
                               .range = {.has_high = true, .high = store_int(1003)}};
    assert_string_equal(fixture_scan(f, &words), "7 14 28 35"); /* it is found as declared */
    assert_int_equal(copy_go(f, f->store, b.store, NULL), 0);
    assert_int_equal(copy_look(f, a.store, b.store), 0);
    assert_whole(&copy_result);
}

static void faults_do_not_harm_it(void **state)
{
    struct fixture *f = *state;
    const struct faulty_plan plan = {.seed = 20, .applied = 40, .lost = 40, .unavailable = 5};
    for (int back = 0; back < 2; back++) {
        CLEANUP(other_free) struct other a = other_new();
        struct store *from = back ? f->store : a.store, *to = back ? a.store : f->store;
        if (!back)
            copy_fill(from, &f->arena);
        faulty_set(store_driver_of(to), &plan);
        int r = E_UNAVAILABLE, runs = 0;
        for (; r != 0 && runs < RUNS; runs++) {
            r = copy_go(f, from, to, NULL);
            assert_true(r == 0 || r == E_UNAVAILABLE || r == E_UNKNOWN);
            assert_int_equal(copy_marked(f, to) == 1, r == 0);
        }
        assert_int_equal(r, 0);
        assert_true(runs > 1);
        assert_true(faulty_count(store_driver_of(to)) > 10);
        faulty_set(store_driver_of(to), &(struct faulty_plan){0});
        assert_whole(&copy_result);
    }
}

/* A batch later each time; what was stored is all that the next run knows. */
static void it_may_end_anywhere(void **state)
{
    struct fixture *f = *state;
    CLEANUP(other_free) struct other a = other_new();
    CLEANUP(other_free) struct other b = other_new();
    copy_fill(a.store, &f->arena);
    int r = E_TIMEOUT;
    for (int64_t i = 0; r == E_TIMEOUT && i < RUNS; i++) {
        r = copy_go(f, a.store, f->store, &(struct ending){i});
        assert_int_equal(copy_marked(f, f->store), r == 0);
        fixture_reopen(f);
    }
    assert_int_equal(r, 0);
    assert_whole(&copy_result);
    r = E_TIMEOUT;
    for (int64_t i = 0; r == E_TIMEOUT && i < RUNS; i++)
        r = copy_go(f, f->store, b.store, &(struct ending){i});
    assert_int_equal(r, 0);
    assert_int_equal(copy_look(f, a.store, b.store), 0);
}

/* A process that dies in a batch leaves some of its documents behind, not only the first. */
static void a_hole_in_the_last_batch_is_filled(void **state)
{
    struct fixture *f = *state;
    CLEANUP(other_free) struct other a = other_new();
    char script[303];
    copy_add_documents(a.store, COPY_MANY);
    memset(script, '.', sizeof(script));
    script[301] = 'u'; /* the marker is the first write */
    script[302] = '\0';
    faulty_set(f->driver, &(struct faulty_plan){.script = script});
    assert_int_equal(copy_go(f, a.store, f->store, NULL), E_UNAVAILABLE);
    int64_t missing = 0;
    assert_int_equal(copy_look(f, a.store, f->store), COPY_DIFFERS);
    missing = copy_sum_of("things")->count[0] - copy_sum_of("things")->count[1];
    assert_int_equal(missing, COPY_MANY - 511); /* of two batches all but one */
    assert_int_equal(copy_go(f, a.store, f->store, NULL), 0);
}

/* --- blobs that are there already ------------------------------------------------------------- */

/* What stands in the target under the id of a blob of 300 KiB when the copy goes on. */
static void blobs_are_continued_or_made_anew(void **state)
{
    struct fixture *f = *state;
    const struct store_driver_ops *ops = f->driver->ops;
    CLEANUP(other_free) struct other a = other_new();
    const size_t size = 300 * 1024;
    const struct {
        uint8_t bytes; /* of which kind; the right one is that of its id */
        size_t n;
        bool finished;
    } there[] = {{1, 0, false},        {2, 1000, false},   {3, size, false}, {9, 1000, false},
                 {9, size, false},     {6, size, true},    {9, size, true},  {9, 10, true},
                 {9, size + 1, false}, {9, size + 1, true}};
    struct ending at_once = {0};
    for (size_t i = 0; i < ARRAY_LEN(there); i++) {
        copy_add_blob(a.store, &f->arena, (int)i + 1, size, true);
        copy_add_blob(a.store, &f->arena, (int)i + 101, size, false);
    }
    assert_int_equal(copy_go(f, a.store, f->store, &at_once), E_TIMEOUT);
    for (size_t i = 0; i < ARRAY_LEN(there) * 2; i++) {
        size_t row = i / 2;
        struct id id = thing_id((int)row + (i % 2 ? 101 : 1));
        struct store_blob_info info;
        int64_t now;
        const uint8_t *bytes = copy_bytes(&f->arena, there[row].bytes, there[row].n);
        assert_int_equal(ops->blob_create(f->driver, &id), 0);
        assert_int_equal(ops->blob_append(f->driver, &id, 0, bytes, there[row].n, &now), 0);
        if (there[row].finished)
            assert_int_equal(ops->blob_finish(f->driver, &id, &info), 0);
    }
    assert_int_equal(copy_go(f, a.store, f->store, NULL), 0);
    assert_int_equal(copy_result.blobs, ARRAY_LEN(there) * 2);
}

/* --- counters --------------------------------------------------------------------------------- */

static void counters_are_listed_by_name(void **state)
{
    struct fixture *f = *state;
    const struct store_driver_ops *ops = f->driver->ops;
    struct store_counter list[4] = {0};
    size_t n = SIZE_MAX;
    assert_int_equal(ops->counters(f->driver, NULL, 4, &f->arena, list, &n), 0);
    assert_int_equal(n, 0);
    const char *const names[] = {"b", "", "đ", "B", "ba"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        copy_add_counter(f->store, names[i], (int64_t)i - 1);
    const char *const ordered[] = {"", "B", "b", "ba", "đ"};
    const char *after = NULL;
    for (size_t i = 0; i < ARRAY_LEN(ordered); i += n) {
        assert_int_equal(ops->counters(f->driver, after, 2, &f->arena, list, &n), 0);
        assert_int_equal(n, i == 4 ? 1 : 2);
        for (size_t k = 0; k < n; k++)
            assert_string_equal(list[k].name, ordered[i + k]);
        after = list[n - 1].name;
    }
    assert_int_equal(list[0].value, 1);
    assert_int_equal(ops->counters(f->driver, after, 2, &f->arena, list, &n), 0);
    assert_int_equal(n, 0);
}

int copy_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_store_moves_and_comes_back),
        TEST(faults_do_not_harm_it),
        TEST(it_may_end_anywhere),
        TEST(a_hole_in_the_last_batch_is_filled),
        TEST(blobs_are_continued_or_made_anew),
        TEST(counters_are_listed_by_name),
    };
    return cmocka_run_group_tests_name("copies", tests, NULL, NULL);
}
