/* The check of blobs against documents, over many passes of few blobs. */
#include "tests/unit/store_sqlite/fixture.h"

#include "domain/export/export.h"
#include "domain/setting/setting.h"
#include "media/blob_check.h"
#include "store/sqlite/sqlite.h"

#define NAMED 53
#define MISSING 5
#define ORPHANS 7

struct seen {
    size_t n[4];
    int64_t looked, total;
    int64_t stop_at; /* 0: never */
};

static void found(void *ctx, const struct blob_finding *f)
{
    struct seen *seen = ctx;
    seen->n[f->flaw]++;
    assert_true(f->flaw == BLOB_ORPHANED || strcmp(f->field, "blob") == 0);
}

static bool go_on(void *ctx, int64_t looked, int64_t total)
{
    struct seen *seen = ctx;
    assert_true(looked >= seen->looked);
    seen->looked = looked;
    seen->total = total;
    return seen->stop_at == 0 || looked < seen->stop_at;
}

static struct id make_blob(struct store *s)
{
    struct id id;
    int64_t size = 0;
    struct store_blob_info info;
    assert_int_equal(store_blob_create(s, &id), 0);
    assert_int_equal(store_blob_append(s, &id, 0, "bytes", 5, &size), 0);
    assert_int_equal(store_blob_finish(s, &id, &info), 0);
    return id;
}

static void name_blob(struct store *s, const struct store_collection *c, const struct id *blob)
{
    struct id id = id_v4();
    struct store_write write = store_write_fresh();
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    BSON_APPEND_BINARY(body, "blob", BSON_SUBTYPE_UUID, blob->bytes, 16);
    assert_int_equal(store_create(s, c, &id, &write, body, NULL), 0);
}

static struct store *open_store(const struct folder *f)
{
    struct sqlite_options o = {.folder = f->path, .readers = 2};
    struct store_driver *d = NULL;
    struct store *s = NULL;
    const char *fault = NULL;
    assert_int_equal(sqlite_open(&o, blob_naming, 3, &d), 0);
    assert_int_equal(store_new(d, blob_naming, 3, &fault, &s), 0);
    return s;
}

static void every_blob_is_looked_at_once(void **state)
{
    static const size_t rooms[] = {1, 2, 8, NAMED - MISSING + ORPHANS, 100, 0};
    struct store *s = open_store(*state);
    const struct upload_service uploads = {.store = s};
    for (size_t i = 0; i < NAMED; i++) {
        struct id id = make_blob(s);
        name_blob(s, i % 2 ? &setting_collection : &export_collection, &id);
        if (i < MISSING)
            assert_int_equal(store_blob_remove(s, &id), 0);
    }
    for (size_t i = 0; i < ORPHANS; i++)
        make_blob(s);
    for (size_t i = 0; i < ARRAY_LEN(rooms); i++) {
        struct seen seen = {0};
        struct blob_sum sum;
        const struct blob_check c = {
            .uploads = &uploads, .at_once = rooms[i], .go_on = go_on, .found = found, .ctx = &seen};
        assert_int_equal(blob_check(&c, &sum), 0);
        assert_int_equal(sum.blobs, NAMED - MISSING + ORPHANS);
        assert_int_equal(seen.total, sum.blobs);
        assert_int_equal(sum.bytes, sum.blobs * 5);
        assert_int_equal(sum.documents, NAMED);
        assert_int_equal(sum.missing, MISSING);
        assert_int_equal(sum.orphaned, ORPHANS);
        assert_int_equal(sum.damaged + sum.unopened, 0);
        assert_int_equal(seen.n[BLOB_MISSING], MISSING);
        assert_int_equal(seen.n[BLOB_ORPHANED], ORPHANS);
    }
    store_free(s);
}

static void it_ends_when_it_is_told(void **state)
{
    struct store *s = open_store(*state);
    const struct upload_service uploads = {.store = s};
    struct seen seen = {.stop_at = 3};
    struct blob_sum sum;
    const struct blob_check c = {
        .uploads = &uploads, .at_once = 2, .go_on = go_on, .found = found, .ctx = &seen};
    for (size_t i = 0; i < 9; i++)
        make_blob(s);
    assert_int_equal(blob_check(&c, &sum), E_UNAVAILABLE);
    assert_int_equal(sum.blobs, 3);
    store_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(every_blob_is_looked_at_once),
        FOLDER_TEST(it_ends_when_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
