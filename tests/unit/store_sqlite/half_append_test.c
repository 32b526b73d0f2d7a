/* An append that failed half way is cut back, and what was cut does not come back with the power.
 */
#include "tests/support/drop_disk.c"
#include "tests/support/drop_files.c"
#include "tests/support/drop_vfs.c"

#include "tests/unit/store_sqlite/fixture.h"

#define CUTS 24

static bool disk_full;

/* Half of what is written arrives, then nothing. */
static ssize_t write_half(int fd, const void *bytes, size_t n, off_t offset)
{
    if (!disk_full)
        return drop_blob_io.write_at(fd, bytes, n, offset);
    if (n > 4096)
        return drop_blob_io.write_at(fd, bytes, n / 2, offset);
    errno = ENOSPC;
    return -1;
}

static struct store_driver *open_half(const struct folder *f, const struct blob_io *files)
{
    struct sqlite_options o = {.folder = f->path, .readers = 2, .vfs = DROP_VFS, .files = files};
    const struct store_collection *c = &reports;
    struct store_driver *d = NULL;
    assert_int_equal(sqlite_open(&o, &c, 1, &d), 0);
    return d;
}

static int64_t size_of(struct store_driver *d, const struct id *id)
{
    struct store_blob_info info;
    assert_int_equal(d->ops->blob_stat(d, id, &info), 0);
    return info.size;
}

static void what_was_cut_does_not_come_back(void **state)
{
    static const char bytes[32768] = "half of this arrives";
    struct blob_io files = drop_blob_io;
    files.write_at = write_half;
    for (uint32_t i = 0; i < CUTS; i++) {
        struct folder inner;
        snprintf(inner.path, sizeof(inner.path), "%.40s/%u", ((struct folder *)*state)->path, i);
        assert_int_equal(mkdir(inner.path, 0700), 0);
        drop_watch(inner.path);
        struct store_driver *d = open_half(&inner, &files);
        struct id id = id_of(i);
        int64_t size = 0;
        disk_full = false;
        assert_int_equal(d->ops->blob_create(d, &id), 0);
        assert_int_equal(d->ops->blob_append(d, &id, 0, bytes, 1000, &size), 0);
        disk_full = true;
        assert_int_equal(d->ops->blob_append(d, &id, 1000, bytes, sizeof(bytes), &size), E_FULL);
        assert_int_equal(size_of(d, &id), 1000);
        drop_cut();
        d->ops->close(d);
        drop_restore(true, i);
        d = open_half(&inner, &files);
        assert_int_equal(size_of(d, &id), 1000);
        d->ops->close(d);
        drop_forget();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {FOLDER_TEST(what_was_cut_does_not_come_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
