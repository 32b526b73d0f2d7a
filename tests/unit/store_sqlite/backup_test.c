/* A backup: one moment of the database, every finished blob, each byte checked. */
#include "tests/unit/store_sqlite/fixture.h"

struct writing {
    struct store_driver *d;
    atomic_bool stop;
    _Atomic uint32_t next;
};

static void *keep_writing(void *arg)
{
    struct writing *w = arg;
    while (!atomic_load(&w->stop)) {
        uint32_t n = atomic_load(&w->next);
        assert_int_equal(insert_report(w->d, &reports, n), 0);
        atomic_store(&w->next, n + 1);
    }
    return NULL;
}

static void put_blob(struct store_driver *d, uint32_t n, size_t bytes, bool finished)
{
    CLEANUP(freep) uint8_t *content = malloc(bytes + 1);
    struct id id = id_of(n);
    struct store_blob_info info;
    int64_t size;
    assert_non_null(content);
    memset(content, (int)n, bytes);
    assert_int_equal(d->ops->blob_create(d, &id), 0);
    assert_int_equal(d->ops->blob_append(d, &id, 0, content, bytes, &size), 0);
    if (finished)
        assert_int_equal(d->ops->blob_finish(d, &id, &info), 0);
}

static void target(const struct folder *f, const char *name, struct folder *ret)
{
    snprintf(ret->path, sizeof(ret->path), "%.40s/%s", f->path, name);
}

static void a_copy_is_a_store(void **state)
{
    struct folder from, to;
    target(*state, "data", &from);
    target(*state, "copy", &to);
    struct writing w = {.d = open_reports(&from), .next = 500};
    insert_reports(w.d, 0, 500);
    put_blob(w.d, 1, 10, true);
    put_blob(w.d, 2, 256 * 1024, true); /* just one read of the copy */
    put_blob(w.d, 3, 700 * 1000, true);
    put_blob(w.d, 4, 50, false);
    put_blob(w.d, 5, 0, true);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, keep_writing, &w), 0);
    uint32_t before = atomic_load(&w.next);
    assert_int_equal(sqlite_backup(w.d, to.path, NULL), 0);
    assert_int_equal(sqlite_backup(w.d, to.path, NULL), E_REFUSED);
    atomic_store(&w.stop, true);
    pthread_join(thread, NULL);
    w.d->ops->close(w.d);

    struct store_driver *copy = open_reports(&to);
    for (uint32_t n = 0; n < before; n++)
        assert_int_equal(get_report(copy, &reports, n), 0);
    const char *words[] = {"duong"};
    static uint32_t rows[64];
    struct store_scan scan = {
        .collection = &reports, .path = STORE_PATH_WORDS, .words = words, .n_words = 1};
    assert_true(scan_reports(copy, &scan, rows, 64) == 64);
    struct id ids[8];
    size_t n = 0;
    assert_int_equal(copy->ops->blob_list(copy, NULL, ids, 8, &n), 0);
    assert_int_equal(n, 4);
    for (size_t i = 0; i < n; i++) {
        struct store_blob_info info;
        assert_int_equal(copy->ops->blob_stat(copy, &ids[i], &info), 0);
        assert_true(info.finished);
    }
    copy->ops->close(copy);
}

static void a_spoilt_blob_is_found(void **state)
{
    struct folder from, to;
    target(*state, "data", &from);
    target(*state, "copy", &to);
    struct store_driver *d = open_reports(&from);
    put_blob(d, 1, 5000, true);
    char text[ID_TEXT], path[128];
    struct id id = id_of(1);
    id_format(&id, text);
    snprintf(path, sizeof(path), "%.50s/blobs/%.2s/%s", from.path, text, text);
    FILE *out = fopen(path, "r+b");
    assert_non_null(out);
    assert_int_equal(fseek(out, 4000, SEEK_SET), 0);
    assert_int_equal(fputc('?', out), '?');
    fclose(out);
    assert_int_equal(sqlite_backup(d, to.path, NULL), E_CORRUPT);
    d->ops->close(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(a_copy_is_a_store),
        FOLDER_TEST(a_spoilt_blob_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
