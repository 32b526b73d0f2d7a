/* Blobs: as GridFS lays them out, and what crashed programs leave of them. */
#include "base/clock.h"
#include "tests/mongo/fixture.h"

#define SIZE (2 * ENGINE_CHUNK + 1000)

static uint8_t *bytes_new(void)
{
    uint8_t *bytes = malloc(SIZE);
    assert_non_null(bytes);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 251);
    return bytes;
}

/* In pieces that are no multiple of a chunk. */
static void upload(struct store_driver *d, const struct id *id, const uint8_t *bytes, int64_t n)
{
    int64_t at = 0;
    assert_int_equal(d->ops->blob_create(d, id), 0);
    while (at < n) {
        int64_t piece = n - at < 100000 ? n - at : 100000;
        assert_int_equal(d->ops->blob_append(d, id, at, bytes + at, (size_t)piece, &at), 0);
    }
}

static void assert_reads(struct store_driver *d, const struct id *id, const uint8_t *bytes)
{
    uint8_t *out = malloc(SIZE);
    size_t n = 0;
    assert_non_null(out);
    assert_int_equal(d->ops->blob_read(d, id, 0, out, SIZE, &n), 0);
    assert_int_equal(n, SIZE);
    assert_memory_equal(out, bytes, SIZE);
    free(out);
}

static bson_value_t value_of(const struct id *id)
{
    bson_value_t v = {.value_type = BSON_TYPE_BINARY};
    v.value.v_binary.subtype = BSON_SUBTYPE_UUID;
    v.value.v_binary.data = (uint8_t *)id->bytes;
    v.value.v_binary.data_len = 16;
    return v;
}

/* With mongoc's own reader, that knows nothing of us. */
static void any_driver_reads_a_finished_blob(void **state)
{
    struct base *b = *state;
    struct id id = id_of(1);
    struct store_blob_info info;
    uint8_t *bytes = bytes_new(), *out = malloc(SIZE);
    upload(b->driver, &id, bytes, SIZE);
    assert_int_equal(b->driver->ops->blob_finish(b->driver, &id, &info), 0);

    bson_error_t error;
    bson_value_t file = value_of(&id);
    mongoc_database_t *database = mongoc_client_get_database(b->client, b->name);
    mongoc_gridfs_bucket_t *bucket = mongoc_gridfs_bucket_new(database, NULL, NULL, &error);
    mongoc_stream_t *stream = mongoc_gridfs_bucket_open_download_stream(bucket, &file, &error);
    assert_non_null(stream);
    size_t n = 0;
    for (ssize_t got; n < SIZE && (got = mongoc_stream_read(stream, out + n, SIZE - n, 1, 0)) > 0;)
        n += (size_t)got;
    assert_int_equal(n, SIZE);
    assert_memory_equal(out, bytes, SIZE);
    mongoc_stream_destroy(stream);
    mongoc_gridfs_bucket_destroy(bucket);
    mongoc_database_destroy(database);
    free(bytes);
    free(out);
}

/* --- ends in the middle ----------------------------------------------------------------------- */

static void filter_id(bson_t *out, const char *key, const struct id *id)
{
    bson_init(out);
    BSON_APPEND_BINARY(out, key, BSON_SUBTYPE_UUID, id->bytes, 16);
}

static int64_t chunks_of(const struct base *b, const struct id *id)
{
    bson_t filter;
    filter_id(&filter, "files_id", id);
    int64_t n = count_rows(b, ENGINE_CHUNKS, &filter);
    bson_destroy(&filter);
    return n;
}

static void set_state(const struct base *b, const struct id *id, enum upload_state state)
{
    bson_t filter;
    CLEANUP(bson_destroy) bson_t set = BSON_INITIALIZER;
    filter_id(&filter, "_id", id);
    BSON_APPEND_INT32(&set, "state", state);
    set_fields(b, ENGINE_UPLOADS, &filter, &set);
    bson_destroy(&filter);
}

static void a_finish_that_was_interrupted_is_repeated(void **state)
{
    struct base *b = *state;
    struct id id = id_of(1);
    struct store_blob_info info;
    int64_t size;
    uint8_t *bytes = bytes_new();
    upload(b->driver, &id, bytes, SIZE);
    set_state(b, &id, UPLOAD_CLOSING);
    assert_int_equal(b->driver->ops->blob_append(b->driver, &id, SIZE, "x", 1, &size), E_INVALID);
    assert_int_equal(b->driver->ops->blob_stat(b->driver, &id, &info), 0);
    assert_false(info.finished);
    assert_reads(b->driver, &id, bytes);
    assert_int_equal(b->driver->ops->blob_finish(b->driver, &id, &info), 0);
    assert_true(info.finished);
    assert_reads(b->driver, &id, bytes);
    assert_int_equal(count_rows(b, ENGINE_UPLOADS, NULL), 0);
    assert_int_equal(chunks_of(b, &id), 3);
    free(bytes);
}

static void insert_chunk(const struct base *b, const struct id *under)
{
    CLEANUP(bson_destroy) bson_t row = BSON_INITIALIZER;
    BSON_APPEND_BINARY(&row, "files_id", BSON_SUBTYPE_UUID, under->bytes, 16);
    BSON_APPEND_INT32(&row, "n", 0);
    BSON_APPEND_BINARY(&row, "data", BSON_SUBTYPE_BINARY, (const uint8_t *)"x", 1);
    insert_row(b, ENGINE_CHUNKS, &row);
}

/* Chunks of appends that ended before their row was moved on go when the store is opened, a day
 * later; those that a row waits for stay, and so does what is under way. */
static void lost_chunks_are_swept(void **state)
{
    struct base *b = *state;
    const int64_t day = INT64_C(24) * 3600 * 1000, now = clock_now_ms();
    struct id old = id_v7(now - 3 * day), waited_for = id_v7(now - 2 * day),
              young = id_v7(now - day / 2), blob = id_of(1);
    bson_t filter;
    CLEANUP(bson_destroy) bson_t set = BSON_INITIALIZER;
    uint8_t *bytes = bytes_new();
    upload(b->driver, &blob, bytes, SIZE);
    insert_chunk(b, &old);
    insert_chunk(b, &waited_for);
    insert_chunk(b, &young);
    struct id other = id_of(2);
    assert_int_equal(b->driver->ops->blob_create(b->driver, &other), 0);
    filter_id(&filter, "_id", &other);
    BSON_APPEND_BINARY(&set, "at.pending", BSON_SUBTYPE_UUID, waited_for.bytes, 16);
    set_fields(b, ENGINE_UPLOADS, &filter, &set);
    bson_destroy(&filter);

    struct store_driver *d;
    assert_int_equal(open_as(b, &notes, &d), 0);
    assert_int_equal(chunks_of(b, &old), 0);
    assert_int_equal(chunks_of(b, &waited_for), 1);
    assert_int_equal(chunks_of(b, &young), 1);
    assert_reads(d, &blob, bytes);
    d->ops->close(d);
    free(bytes);
}

static void a_removed_blob_leaves_nothing_in_the_end(void **state)
{
    struct base *b = *state;
    struct id open = id_of(1), finished = id_of(2), later = id_of(3);
    struct store_blob_info info;
    uint8_t *bytes = bytes_new();
    upload(b->driver, &open, bytes, SIZE);
    upload(b->driver, &finished, bytes, SIZE);
    upload(b->driver, &later, bytes, SIZE);
    assert_int_equal(b->driver->ops->blob_finish(b->driver, &finished, &info), 0);
    assert_int_equal(b->driver->ops->blob_remove(b->driver, &open), 0);
    assert_int_equal(b->driver->ops->blob_remove(b->driver, &finished), 0);
    assert_int_equal(b->driver->ops->blob_remove(b->driver, &finished), STORE_ABSENT);
    assert_int_equal(chunks_of(b, &open) + chunks_of(b, &finished), 0);
    assert_int_equal(count_rows(b, ENGINE_FILES, NULL), 0);
    clock_advance_ms(INT64_C(3600) * 1000 + 1);
    assert_int_equal(b->driver->ops->blob_remove(b->driver, &later), 0);
    assert_int_equal(count_rows(b, ENGINE_UPLOADS, NULL), 1);
    assert_int_equal(count_rows(b, ENGINE_CHUNKS, NULL), 0);
    free(bytes);
}

/* Whoever was finishing it sees that it was removed, and takes back what it made. */
static void a_blob_removed_while_it_is_finished_is_gone(void **state)
{
    struct base *b = *state;
    struct id id = id_of(1);
    struct store_blob_info info;
    uint8_t *bytes = bytes_new();
    upload(b->driver, &id, bytes, SIZE);
    assert_int_equal(b->driver->ops->blob_remove(b->driver, &id), 0);
    assert_int_equal(b->driver->ops->blob_finish(b->driver, &id, &info), STORE_ABSENT);
    assert_int_equal(b->driver->ops->blob_stat(b->driver, &id, &info), STORE_ABSENT);
    assert_int_equal(count_rows(b, ENGINE_FILES, NULL), 0);
    assert_int_equal(b->driver->ops->blob_create(b->driver, &id), 0);
    assert_int_equal(b->driver->ops->blob_stat(b->driver, &id, &info), 0);
    assert_int_equal(info.size, 0);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BASE_TEST(any_driver_reads_a_finished_blob),
        BASE_TEST(a_finish_that_was_interrupted_is_repeated),
        BASE_TEST(lost_chunks_are_swept),
        BASE_TEST(a_removed_blob_leaves_nothing_in_the_end),
        BASE_TEST(a_blob_removed_while_it_is_finished_is_gone),
    };
    return cmocka_run_group_tests_name("gridfs", tests, NULL, NULL);
}
