/* A disk that is full, or lies: what was not written is said to be, and nothing half remains. */
#include <errno.h>
#include <fcntl.h>

#include "tests/support/drop_disk.c"
#include "tests/support/drop_files.c"
#include "tests/support/drop_vfs.c"

#include "tests/unit/store_sqlite/fixture.h"

static struct store_driver *open_on_drop(const struct folder *f)
{
    struct sqlite_options o = {.log_pages = 1000,
                               .folder = f->path,
                               .readers = 2,
                               .vfs = DROP_VFS,
                               .files = &drop_blob_io};
    const struct store_collection *c = &reports;
    struct store_driver *d = NULL;
    assert_int_equal(sqlite_open(&o, &c, 1, &d), 0);
    return d;
}

static void a_full_disk_writes_nothing(void **state)
{
    drop_watch(((struct folder *)*state)->path);
    struct store_driver *d = open_on_drop(*state);
    insert_reports(d, 0, 5);
    drop_fail(DROP_WRITE, true, SQLITE_FULL);
    struct id id = id_of(1);
    int64_t number = 0;
    CLEANUP(bson_destroyp) bson_t *doc = report_new(1, 2, 2);
    assert_int_equal(insert_report(d, &reports, 5), E_FULL);
    assert_int_equal(d->ops->replace(d, &reports, &id, 1, doc), E_FULL);
    assert_int_equal(d->ops->remove(d, &reports, &id, 1), E_FULL);
    assert_int_equal(d->ops->bump(d, "n", 1, &number), E_FULL);
    assert_int_equal(d->ops->ping(d), 0); /* it still serves readers */
    assert_int_equal(get_report(d, &reports, 5), STORE_ABSENT);
    drop_fail(DROP_WRITE, true, 0);
    assert_int_equal(insert_report(d, &reports, 5), 0);
    assert_int_equal(d->ops->replace(d, &reports, &id, 1, doc), 0);
    assert_int_equal(d->ops->bump(d, "n", 1, &number), 0);
    assert_int_equal(number, 1);
    d->ops->close(d);
    drop_forget();
}

/* After a failed fsync nothing is served; after a restart all agree on what happened. */
static void a_failed_sync_leaves_it_unknown(void **state)
{
    drop_watch(((struct folder *)*state)->path);
    struct store_driver *d = open_on_drop(*state);
    insert_reports(d, 0, 5);
    drop_fail(DROP_SYNC, true, SQLITE_IOERR_FSYNC);
    assert_int_equal(insert_report(d, &reports, 5), E_UNKNOWN);
    drop_fail(DROP_SYNC, true, 0); /* as a kernel does: the second time it reports success */
    assert_int_equal(insert_report(d, &reports, 6), E_UNAVAILABLE);
    assert_int_equal(get_report(d, &reports, 5), E_UNAVAILABLE);
    assert_int_equal(d->ops->ping(d), E_UNAVAILABLE);
    struct store_session *s = NULL;
    assert_int_equal(d->ops->begin(d, &s), E_UNAVAILABLE);
    d->ops->close(d);
    d = open_on_drop(*state);
    int found = get_report(d, &reports, 5);
    assert_true(found == 0 || found == STORE_ABSENT);
    assert_int_equal(get_report(d, &reports, 4), 0);
    assert_int_equal(get_report(d, &reports, 6), STORE_ABSENT);
    assert_int_equal(insert_report(d, &reports, 7), 0);
    drop_cut(); /* what a restarted store has shown, it does not take back */
    d->ops->close(d);
    drop_restore(false, 0);
    d = open_on_drop(*state);
    assert_int_equal(get_report(d, &reports, 5), found);
    assert_int_equal(get_report(d, &reports, 7), 0);
    d->ops->close(d);
    drop_forget();
}

static void a_failing_checkpoint_loses_nothing(void **state)
{
    drop_watch(((struct folder *)*state)->path);
    struct store_driver *d = open_on_drop(*state);
    drop_fail(DROP_SYNC, false, SQLITE_IOERR_FSYNC);
    struct sqlite_stats stats = {0};
    for (uint32_t n = 0; n < 4000 && !stats.checkpoints_failed; n++) {
        assert_int_equal(insert_report(d, &reports, n), 0);
        sqlite_stats(d, &stats);
    }
    assert_true(stats.checkpoints_failed > 0);
    drop_cut();
    d->ops->close(d);
    drop_restore(true, stats.writes);
    d = open_on_drop(*state);
    for (uint32_t n = 0; n < stats.writes; n++)
        assert_int_equal(get_report(d, &reports, n), 0);
    d->ops->close(d);
    drop_forget();
}

/* --- blobs ------------------------------------------------------------------------------------ */

static int64_t room; /* bytes that the disk still takes */
static bool sync_fails;

static ssize_t write_into_room(int fd, const void *bytes, size_t n, off_t offset)
{
    if (room == 0) {
        errno = ENOSPC;
        return -1;
    }
    size_t taken = (int64_t)n < room ? n : (size_t)room;
    room -= (int64_t)taken;
    return blob_io_system.write_at(fd, bytes, taken, offset);
}

static int sync_or_fail(int fd)
{
    if (!sync_fails)
        return blob_io_system.sync(fd);
    sync_fails = false;
    errno = EIO;
    return -1;
}

static int sync_folder_or_fail(const char *path)
{
    if (!sync_fails)
        return blob_io_system.sync_folder(path);
    sync_fails = false;
    errno = EIO;
    return -1;
}

static int64_t room_said;

static int64_t say_room(int fd)
{
    (void)fd;
    return room_said;
}

static void the_last_of_a_disk_is_for_documents(void **state)
{
    struct blob_io files = blob_io_system;
    files.room = say_room;
    struct sqlite_options o = {
        .folder = ((struct folder *)*state)->path, .readers = 1, .files = &files};
    const struct store_collection *c = &reports;
    struct store_driver *d = NULL;
    struct sqlite_stats stats;
    struct id id = id_of(1);
    int64_t size = -1;
    assert_int_equal(sqlite_open(&o, &c, 1, &d), 0);
    room_said = 1000;
    sqlite_stats(d, &stats);
    assert_int_equal(stats.room, 1000);
    char bytes[600];
    memset(bytes, 'b', sizeof(bytes));
    assert_int_equal(d->ops->blob_create(d, &id), 0);
    assert_int_equal(d->ops->blob_append(d, &id, 0, bytes, 600, &size), 0);
    room_said = 599;
    assert_int_equal(d->ops->blob_append(d, &id, 600, bytes, 600, &size), E_FULL);
    assert_int_equal(d->ops->blob_append(d, &id, 600, bytes, 599, &size), 0);
    assert_int_equal(size, 1199);
    d->ops->close(d);
    CLEANUP(closep) int fd = open(o.folder, O_RDONLY | O_DIRECTORY);
    assert_true(blob_io_system.room(fd) >= 0);
    assert_true(blob_io_system.room(-1) == INT64_MAX); /* what does not say holds nothing back */
}

static void a_full_disk_cuts_a_blob_back(void **state)
{
    struct blob_io files = blob_io_system;
    files.write_at = write_into_room;
    files.sync = sync_or_fail;
    files.sync_folder = sync_folder_or_fail;
    struct sqlite_options o = {
        .folder = ((struct folder *)*state)->path, .readers = 1, .files = &files};
    const struct store_collection *c = &reports;
    struct store_driver *d = NULL;
    assert_int_equal(sqlite_open(&o, &c, 1, &d), 0);
    struct id id = id_of(1);
    int64_t size = -1;
    struct store_blob_info info;
    room = 1000;
    sync_fails = false;
    char bytes[600];
    memset(bytes, 'b', sizeof(bytes));
    assert_int_equal(d->ops->blob_create(d, &id), 0);
    assert_int_equal(d->ops->blob_append(d, &id, 0, bytes, 600, &size), 0);
    assert_int_equal(d->ops->blob_append(d, &id, 600, bytes, 600, &size), E_FULL);
    assert_int_equal(d->ops->blob_stat(d, &id, &info), 0);
    assert_int_equal(info.size, 600);
    room = 10; /* not even for the hash */
    assert_int_equal(d->ops->blob_finish(d, &id, &info), E_FULL);
    assert_int_equal(d->ops->blob_stat(d, &id, &info), 0);
    assert_false(info.finished);
    room = 100000;
    sync_fails = true;
    assert_int_equal(d->ops->blob_append(d, &id, 600, bytes, 600, &size), E_IO);
    assert_int_equal(d->ops->blob_append(d, &id, 600, bytes, 600, &size), 0);
    assert_int_equal(size, 1200);
    assert_int_equal(d->ops->blob_finish(d, &id, &info), 0);
    assert_int_equal(d->ops->blob_append(d, &id, 1200, bytes, 600, &size), E_INVALID);
    struct id other = id_of(2);
    sync_fails = true;
    assert_int_equal(d->ops->blob_create(d, &other), E_IO);
    assert_int_equal(d->ops->blob_create(d, &other), 0); /* the failed one left no file */
    d->ops->close(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(a_full_disk_writes_nothing),
        FOLDER_TEST(a_failed_sync_leaves_it_unknown),
        FOLDER_TEST(a_failing_checkpoint_loses_nothing),
        FOLDER_TEST(the_last_of_a_disk_is_for_documents),
        FOLDER_TEST(a_full_disk_cuts_a_blob_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
