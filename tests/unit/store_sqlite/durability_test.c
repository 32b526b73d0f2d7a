/*
 * What was acknowledged survives a power cut, wherever it comes. And the other way round: for each
 * kind of sync, a disk that only pretends to do it loses something, and the same checks find it. So
 * an engine that left out that sync would fail here.
 */
#include <sched.h>
#include <time.h>

#include "tests/support/drop_disk.c"
#include "tests/support/drop_files.c"
#include "tests/support/drop_vfs.c"

#include "tests/unit/store_sqlite/fixture.h"

#define WRITERS 6
#define TRIALS 8
#define PER_WRITER 2000 /* at most */

static struct store_driver *open_on_drop(const struct folder *f)
{
    struct sqlite_options o = {
        .folder = f->path, .readers = 2, .vfs = DROP_VFS, .files = &drop_blob_io};
    const struct store_collection *c = &reports;
    struct store_driver *d = NULL;
    return sqlite_open(&o, &c, 1, &d) == 0 ? d : NULL;
}

/* --- documents -------------------------------------------------------------------------------- */

/* What a writer was told: how many reports it has, and how far its own one was replaced. */
struct writer_task {
    struct store_driver *d;
    uint32_t first;
    uint32_t inserted;
    int64_t version, number;
};

static void *write_until_the_end(void *arg)
{
    struct writer_task *t = arg;
    struct id own = id_of(t->first);
    while (t->inserted < PER_WRITER && insert_report(t->d, &reports, t->first + t->inserted) == 0) {
        t->version = t->inserted++ == 0 ? 1 : t->version;
        CLEANUP(bson_destroyp)
        bson_t *doc = report_new(t->first, t->version + 1, (int64_t)t->first + 1);
        if (t->d->ops->replace(t->d, &reports, &own, t->version, doc) != 0)
            break;
        t->version++;
        int64_t number = 0;
        if (t->d->ops->bump(t->d, "report", 1, &number) != 0)
            break;
        t->number = number;
    }
    return NULL;
}

/* How much of what was acknowledged is not there. */
static int count_lost(struct store_driver *d, const struct writer_task *t)
{
    int lost = 0;
    struct id own = id_of(t->first);
    for (uint32_t i = 0; i < t->inserted; i++)
        lost += get_report(d, &reports, t->first + i) != 0;
    bson_t *doc = NULL;
    if (t->inserted > 0 && d->ops->get(d, &reports, &own, &doc) == 0) {
        lost += document_int64(doc, "version") < t->version;
        bson_destroy(doc);
    }
    int64_t number = 0;
    lost += d->ops->bump(d, "report", 0, &number) != 0 || number < t->number;
    return lost;
}

/* Index, side table and words agree with the documents, however the power went. */
static bool is_consistent(struct store_driver *d)
{
    static uint32_t rows[WRITERS * PER_WRITER + 1];
    const char *words[] = {"duong"};
    const struct store_scan scans[] = {
        {.collection = &reports, .path = STORE_PATH_ID},
        {.collection = &reports, .path = DUE},
        {.collection = &reports, .path = TAGGED, .equals = {store_text("all")}},
        {.collection = &reports, .path = STORE_PATH_WORDS, .words = words, .n_words = 1},
    };
    size_t n[ARRAY_LEN(scans)];
    for (size_t i = 0; i < ARRAY_LEN(scans); i++) {
        n[i] = scan_reports(d, &scans[i], rows, ARRAY_LEN(rows));
        if (n[i] != n[0])
            return false;
    }
    return true;
}

/* Writers at work, the power cut after a while, the disk as it was left; returns what was lost. */
static int lose_power(struct folder *f, struct writer_task *tasks, uint32_t base, unsigned lies,
                      bool torn, uint64_t seed)
{
    struct store_driver *d = open_on_drop(f);
    assert_non_null(d);
    drop_lie(lies);
    pthread_t threads[WRITERS];
    for (uint32_t i = 0; i < WRITERS; i++) {
        tasks[i] = (struct writer_task){.d = d, .first = base + i * PER_WRITER};
        assert_int_equal(pthread_create(&threads[i], NULL, write_until_the_end, &tasks[i]), 0);
    }
    struct timespec while_they_write = {.tv_nsec = (long)(20 + seed * 7919 % 60) * 1000000};
    nanosleep(&while_they_write, NULL);
    drop_cut();
    for (uint32_t i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    d->ops->close(d);
    drop_restore(torn, seed);
    d = open_on_drop(f);
    if (!d)
        return -1; /* not even a database */
    int lost = 0;
    for (uint32_t i = 0; i < WRITERS; i++)
        lost += count_lost(d, &tasks[i]);
    if (!lies)
        assert_true(is_consistent(d));
    d->ops->close(d);
    return lost;
}

static void what_was_acknowledged_survives(void **state)
{
    static struct writer_task tasks[TRIALS][WRITERS];
    struct folder *f = *state;
    drop_watch(f->path);
    uint32_t written = 0;
    uint64_t seed = (uint64_t)time(NULL);
    print_message("seed %llu\n", (unsigned long long)seed);
    for (uint32_t trial = 0; trial < TRIALS; trial++) {
        uint32_t base = trial * WRITERS * PER_WRITER;
        assert_int_equal(lose_power(f, tasks[trial], base, 0, trial % 3 != 0, seed + trial), 0);
        for (uint32_t i = 0; i < WRITERS; i++)
            written += tasks[trial][i].inserted;
    }
    struct store_driver *d = open_on_drop(f); /* and survives all the later cuts */
    assert_non_null(d);
    for (uint32_t trial = 0; trial < TRIALS; trial++)
        for (uint32_t i = 0; i < WRITERS; i++)
            assert_int_equal(count_lost(d, &tasks[trial][i]), 0);
    d->ops->close(d);
    assert_true(written > TRIALS * WRITERS);
    drop_forget();
}

static void without_the_log_sync_writes_are_lost(void **state)
{
    static struct writer_task tasks[WRITERS];
    drop_watch(((struct folder *)*state)->path);
    assert_int_not_equal(lose_power(*state, tasks, 0, DROP_LOG, false, 1), 0);
    drop_forget();
}

/* Closing and opening writes the log back and empties it: the database must be synced before. */
static int lose_power_after_restart(struct folder *f, unsigned lies)
{
    drop_watch(f->path);
    struct store_driver *d = open_on_drop(f);
    assert_non_null(d);
    insert_reports(d, 0, 50);
    drop_lie(lies);
    d->ops->close(d);
    d = open_on_drop(f);
    assert_non_null(d);
    insert_reports(d, 50, 60);
    drop_cut();
    d->ops->close(d);
    drop_restore(false, 1);
    d = open_on_drop(f);
    int lost = d ? 0 : -1;
    for (uint32_t n = 0; d && n < 60; n++)
        lost += get_report(d, &reports, n) != 0;
    if (d)
        d->ops->close(d);
    drop_forget();
    return lost;
}

static void the_database_is_synced_before_the_log_goes(void **state)
{
    assert_int_equal(lose_power_after_restart(*state, 0), 0);
}

static void without_the_database_sync_writes_are_lost(void **state)
{
    assert_int_not_equal(lose_power_after_restart(*state, DROP_DATABASE), 0);
}

/* --- folders and blobs ------------------------------------------------------------------------ */

/* The syncs that may be pretended while a store is opened and a blob created, filled, finished. */
struct pretence {
    unsigned opening, creating, appending, finishing, removing;
};

static int store_blobs(struct store_driver *d, const struct pretence *p, const char *bytes,
                       size_t n)
{
    struct store_blob_info info;
    int64_t size;
    int done = 0;
    for (uint32_t i = 0; i < 3; i++) { /* 0 stays open, 1 is finished, 2 is removed */
        struct id id = id_of(i);
        drop_lie(p->creating);
        done += d->ops->blob_create(d, &id);
        drop_lie(p->appending);
        done += d->ops->blob_append(d, &id, 0, bytes, n, &size);
        drop_lie(p->finishing);
        if (i > 0)
            done += d->ops->blob_finish(d, &id, &info);
        drop_lie(p->removing);
        if (i == 2)
            done += d->ops->blob_remove(d, &id);
    }
    return done;
}

static int count_lost_blobs(struct store_driver *d, const char *bytes, size_t n)
{
    int lost = 0;
    for (uint32_t i = 0; i < 3; i++) {
        struct id id = id_of(i);
        struct store_blob_info info;
        char read[4096];
        size_t got = 0;
        int found = d->ops->blob_stat(d, &id, &info);
        if (i == 2) {
            lost += found != STORE_ABSENT;
            continue;
        }
        lost += found != 0 || info.size != (int64_t)n || info.finished != (i == 1) ||
                d->ops->blob_read(d, &id, 0, read, n, &got) != 0 || got != n ||
                memcmp(read, bytes, n) != 0;
    }
    return lost;
}

/* A fresh store, three blobs, a power cut: what was lost, or -1 if the store is gone. */
static int lose_power_over_blobs(struct folder *f, struct pretence p)
{
    char bytes[3000];
    memset(bytes, 'b', sizeof(bytes));
    drop_watch(f->path);
    drop_lie(p.opening);
    struct store_driver *d = open_on_drop(f);
    assert_non_null(d);
    assert_int_equal(insert_report(d, &reports, 1), 0);
    assert_int_equal(store_blobs(d, &p, bytes, sizeof(bytes)), 0);
    drop_cut();
    d->ops->close(d);
    drop_restore(false, 1);
    d = open_on_drop(f);
    int lost = d ? count_lost_blobs(d, bytes, sizeof(bytes)) : -1;
    if (d) {
        lost += get_report(d, &reports, 1) != 0;
        d->ops->close(d);
    }
    drop_forget();
    return lost;
}

static void a_new_store_and_its_blobs_survive(void **state)
{
    assert_int_equal(lose_power_over_blobs(*state, (struct pretence){0}), 0);
}

static void every_sync_of_a_folder_or_blob_is_needed(void **state)
{
    static const struct {
        const char *which;
        struct pretence pretence;
    } cases[] = {
        {"the data folder, at start", {.opening = DROP_ROOT_FOLDER}},
        {"blobs, at start", {.opening = DROP_BLOBS_FOLDER}},
        {"the folder of a new blob", {.creating = DROP_PREFIX_FOLDER}},
        {"the bytes of an append", {.appending = DROP_BLOB}},
        {"the bytes of a hash", {.finishing = DROP_BLOB}},
        {"the folder of a new hash", {.finishing = DROP_PREFIX_FOLDER}},
        {"the folder of a removed blob", {.removing = DROP_PREFIX_FOLDER}},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct folder inner;
        snprintf(inner.path, sizeof(inner.path), "%.40s/%zu", ((struct folder *)*state)->path, i);
        assert_int_equal(mkdir(inner.path, 0700), 0);
        if (lose_power_over_blobs(&inner, cases[i].pretence) == 0)
            fail_msg("nothing was lost without the sync of %s", cases[i].which);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(what_was_acknowledged_survives),
        FOLDER_TEST(without_the_log_sync_writes_are_lost),
        FOLDER_TEST(the_database_is_synced_before_the_log_goes),
        FOLDER_TEST(without_the_database_sync_writes_are_lost),
        FOLDER_TEST(a_new_store_and_its_blobs_survive),
        FOLDER_TEST(every_sync_of_a_folder_or_blob_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
