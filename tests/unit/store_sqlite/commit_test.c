/* Group commit: many who wait share one, and none suffers from another's failure. */
#include "tests/unit/store_sqlite/fixture.h"

#define THREADS 32
#define EACH 40

struct task {
    struct store_driver *d;
    uint32_t first;
    int64_t numbers[EACH];
    int failures;
};

static void *write_some(void *arg)
{
    struct task *t = arg;
    for (uint32_t i = 0; i < EACH; i++) {
        t->failures += insert_report(t->d, &reports, t->first + i) != 0;
        t->failures += insert_report(t->d, &reports, t->first + i) != STORE_EXISTS;
        t->failures += t->d->ops->bump(t->d, "report-2026", 1, &t->numbers[i]) != 0;
    }
    return NULL;
}

static int compare_numbers(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void those_who_wait_share_a_commit(void **state)
{
    struct store_driver *d = open_reports(*state);
    static struct task tasks[THREADS];
    static int64_t numbers[THREADS * EACH];
    pthread_t threads[THREADS];
    for (uint32_t i = 0; i < THREADS; i++) {
        tasks[i] = (struct task){.d = d, .first = i * EACH};
        assert_int_equal(pthread_create(&threads[i], NULL, write_some, &tasks[i]), 0);
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(tasks[i].failures, 0);
        memcpy(numbers + i * EACH, tasks[i].numbers, sizeof(tasks[i].numbers));
    }
    qsort(numbers, ARRAY_LEN(numbers), sizeof(*numbers), compare_numbers);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        assert_int_equal(numbers[i], i + 1);
    struct sqlite_stats stats;
    sqlite_stats(d, &stats);
    assert_int_equal(stats.writes, 3 * THREADS * EACH);
    assert_true(stats.commits * 2 < stats.writes);
    assert_true(stats.queue_max > 1 && stats.queue_max <= THREADS);
    d->ops->close(d);
    d = open_reports(*state);
    for (uint32_t n = 0; n < THREADS * EACH; n++)
        assert_int_equal(get_report(d, &reports, n), 0);
    d->ops->close(d);
}

/* Nine tags: one more than a field may have. */
static bson_t *too_many_tags(uint32_t n)
{
    bson_t *doc = bson_new(), part, list;
    struct id id = id_of(n);
    BSON_APPEND_BINARY(doc, "_id", BSON_SUBTYPE_UUID, id.bytes, 16);
    BSON_APPEND_INT64(doc, "version", 1);
    BSON_APPEND_INT64(doc, "arrival", (int64_t)n + 1);
    BSON_APPEND_DOCUMENT_BEGIN(doc, "x", &part);
    BSON_APPEND_ARRAY_BEGIN(&part, "tags", &list);
    for (int i = 0; i <= STORE_MULTI_MAX; i++) {
        char key[12], tag[16];
        snprintf(key, sizeof(key), "%d", i);
        snprintf(tag, sizeof(tag), "tag%d", i);
        BSON_APPEND_UTF8(&list, key, tag);
    }
    bson_append_array_end(&part, &list);
    bson_append_document_end(doc, &part);
    return doc;
}

static void each_row_has_its_own_outcome(void **state)
{
    struct store_driver *d = open_reports(*state);
    insert_reports(d, 7, 8);
    CLEANUP(bson_destroyp) bson_t *good = report_new(6, 1, 7);
    CLEANUP(bson_destroyp) bson_t *taken = report_new(7, 1, 8);
    CLEANUP(bson_destroyp) bson_t *bad = too_many_tags(8);
    CLEANUP(bson_destroyp) bson_t *last = report_new(9, 1, 10);
    struct store_insert_row rows[] = {
        {.doc = good, .id = id_of(6)}, {.doc = taken, .id = id_of(7)}, {.doc = bad, .id = id_of(8)},
        {.doc = last, .id = id_of(9)}, {.doc = last, .id = id_of(9)},
    };
    assert_int_equal(d->ops->insert(d, &reports, rows, ARRAY_LEN(rows)), 0);
    const int expected[] = {0, STORE_EXISTS, E_INVALID, 0, STORE_EXISTS};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(rows[i].outcome, expected[i]);
    assert_int_equal(get_report(d, &reports, 6), 0);
    assert_int_equal(get_report(d, &reports, 8), STORE_ABSENT);
    assert_int_equal(get_report(d, &reports, 9), 0);
    d->ops->close(d);
}

/* The log is written back beside the writer: it does not grow with what was written. */
static void the_log_stays_bounded(void **state)
{
    struct store_driver *d = open_reports(*state);
    struct id id = id_of(1);
    insert_reports(d, 1, 2);
    char padding[8192];
    memset(padding, 'p', sizeof(padding) - 1);
    padding[sizeof(padding) - 1] = '\0';
    for (int64_t version = 1; version < 3000; version++) {
        CLEANUP(bson_destroyp) bson_t *doc = report_new(1, version + 1, 2);
        BSON_APPEND_UTF8(doc, "padding", padding);
        assert_int_equal(d->ops->replace(d, &reports, &id, version, doc), 0);
    }
    struct sqlite_stats stats;
    sqlite_stats(d, &stats);
    assert_true(stats.checkpoints > 0);
    assert_int_equal(stats.checkpoints_failed, 0);
    char path[128];
    struct stat st;
    snprintf(path, sizeof(path), "%s/tram.db-wal", ((struct folder *)*state)->path);
    assert_int_equal(stat(path, &st), 0);
    assert_true(st.st_size < 3000 * 8192 / 2); /* all of it would be more than twice that */
    d->ops->close(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(those_who_wait_share_a_commit),
        FOLDER_TEST(each_row_has_its_own_outcome),
        FOLDER_TEST(the_log_stays_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
