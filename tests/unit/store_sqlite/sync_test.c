/* The syncs that the test disk stands in for, or knows nothing of: they are really made. */
#include "tests/unit/store_sqlite/fixture.h"

#include "tests/support/sync_seen.h"

static void join(const struct folder *f, const char *name, char path[128])
{
    snprintf(path, 128, "%s/%s", f->path, name);
}

static void files_and_folders_are_synced(void **state)
{
    char path[128];
    join(*state, "file", path);
    CLEANUP(closep) int fd = blob_io_system.create(path);
    assert_true(fd >= 0);
    assert_int_equal(blob_io_system.write_at(fd, "bytes", 5, 0), 5);
    sync_forget();
    assert_false(sync_was_seen(path));
    assert_int_equal(blob_io_system.sync(fd), 0);
    assert_true(sync_was_seen(path));
    const char *folder = ((struct folder *)*state)->path;
    assert_false(sync_was_seen(folder));
    assert_int_equal(blob_io_system.sync_folder(folder), 0);
    assert_true(sync_was_seen(folder));
}

/* A data folder that was made is named by its parent, also after a power cut. */
static void a_new_folder_is_synced_in_its_parent(void **state)
{
    struct folder inner;
    snprintf(inner.path, sizeof(inner.path), "%.40s/data", ((struct folder *)*state)->path);
    sync_forget();
    struct store_driver *d = open_reports(&inner);
    assert_true(sync_was_seen(((struct folder *)*state)->path));
    d->ops->close(d);
}

static void put_blob(struct store_driver *d, uint32_t n)
{
    struct id id = id_of(n);
    struct store_blob_info info;
    int64_t size;
    assert_int_equal(d->ops->blob_create(d, &id), 0);
    assert_int_equal(d->ops->blob_append(d, &id, 0, "bytes", 5, &size), 0);
    assert_int_equal(d->ops->blob_finish(d, &id, &info), 0);
}

static void a_backup_is_synced_whole(void **state)
{
    struct folder from, to;
    snprintf(from.path, sizeof(from.path), "%.40s/data", ((struct folder *)*state)->path);
    snprintf(to.path, sizeof(to.path), "%.40s/copy", ((struct folder *)*state)->path);
    struct store_driver *d = open_reports(&from);
    insert_reports(d, 0, 20);
    for (uint32_t n = 0; n < 8; n++)
        put_blob(d, n);
    sync_forget();
    assert_int_equal(sqlite_backup(d, to.path, NULL), 0);
    sync_check_all(to.path);
    d->ops->close(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(files_and_folders_are_synced),
        FOLDER_TEST(a_new_folder_is_synced_in_its_parent),
        FOLDER_TEST(a_backup_is_synced_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
