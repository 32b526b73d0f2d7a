/* What a crash left unnamed is removed after an hour; what is named, or came later, stays. */
#include "tests/unit/store_sqlite/fixture.h"

#include "store/orphans.h"

#define HOUR INT64_C(3600000)

static const struct store_collection holders = {.name = "holder", .form = 1};
static const struct store_collection others = {.name = "other", .form = 1};
static const struct store_collection *const collections[] = {&holders, &others, NULL};

static struct store *open_store(const struct folder *f)
{
    struct sqlite_options o = {.folder = f->path, .readers = 2};
    struct store_driver *d = NULL;
    struct store *s = NULL;
    const char *fault = NULL;
    assert_int_equal(sqlite_open(&o, collections, 2, &d), 0);
    assert_int_equal(store_new(d, collections, 2, &fault, &s), 0);
    return s;
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
    BSON_APPEND_UTF8(body, "name", "a photo");
    BSON_APPEND_BINARY(body, "blob", BSON_SUBTYPE_UUID, blob->bytes, 16);
    assert_int_equal(store_create(s, c, &id, &write, body, NULL), 0);
}

static bool is_there(struct store *s, const struct id *blob)
{
    struct store_blob_info info;
    int found = store_blob_stat(s, blob, &info);
    assert_true(found == 0 || found == STORE_ABSENT);
    return found == 0;
}

/* Steps of half a minute for so long; how many blobs they removed. */
static size_t work(struct orphans *o, int64_t *now_ms, int64_t ms)
{
    size_t all = 0, removed = 0;
    for (int64_t end = *now_ms + ms; *now_ms < end; *now_ms += 30000) {
        assert_int_equal(orphans_step(o, *now_ms, &removed), 0);
        all += removed;
    }
    return all;
}

static void only_what_nobody_names_is_removed(void **state)
{
    struct store *s = open_store(*state);
    struct id orphans[40], named[40], later;
    for (size_t i = 0; i < ARRAY_LEN(named); i++) {
        orphans[i] = make_blob(s);
        named[i] = make_blob(s);
        name_blob(s, i % 2 ? &holders : &others, &named[i]);
    }
    struct orphans *o = orphans_new(s, collections);
    int64_t now_ms = HOUR;
    assert_int_equal(work(o, &now_ms, HOUR / 2), 0);
    name_blob(s, &holders, &orphans[7]); /* a slow request comes to its end */
    later = make_blob(s);
    assert_int_equal(work(o, &now_ms, HOUR), ARRAY_LEN(orphans) - 1);
    for (size_t i = 0; i < ARRAY_LEN(named); i++) {
        assert_true(is_there(s, &named[i]));
        assert_int_equal(is_there(s, &orphans[i]), i == 7);
    }
    assert_true(is_there(s, &later));
    assert_int_equal(work(o, &now_ms, 26 * HOUR), 1); /* the next round */
    assert_false(is_there(s, &later));
    orphans_free(o);
    store_free(s);
}

/* A clock that jumps ahead does not shorten the wait to nothing. */
static void a_jump_of_the_clock_leaves_a_step(void **state)
{
    struct store *s = open_store(*state);
    struct id slow = make_blob(s);
    struct orphans *o = orphans_new(s, collections);
    size_t removed = 0;
    assert_int_equal(orphans_step(o, HOUR, &removed), 0);
    assert_int_equal(orphans_step(o, 30 * HOUR, &removed), 0);
    name_blob(s, &holders, &slow);
    int64_t now_ms = 31 * HOUR;
    assert_int_equal(work(o, &now_ms, HOUR), 0);
    assert_true(is_there(s, &slow));
    orphans_free(o);
    store_free(s);
}

/* A folder in place of a file cannot be removed as one. */
static void spoil(const struct folder *f, const struct id *blob, bool spoilt)
{
    char text[ID_TEXT], path[160], inner[180];
    id_format(blob, text);
    snprintf(path, sizeof(path), "%s/blobs/%.2s/%s", f->path, text, text);
    snprintf(inner, sizeof(inner), "%s/x", path);
    if (spoilt) {
        assert_int_equal(unlink(path), 0);
        assert_int_equal(mkdir(path, 0700), 0);
        assert_int_equal(mkdir(inner, 0700), 0);
    } else {
        assert_int_equal(rmdir(inner), 0);
        assert_int_equal(rmdir(path), 0);
        fclose(fopen(path, "w"));
    }
}

static void what_cannot_be_removed_keeps_nothing_back(void **state)
{
    struct store *s = open_store(*state);
    struct id orphans[60];
    size_t removed = 0, all = 0, failures = 0;
    for (size_t i = 0; i < ARRAY_LEN(orphans); i++) {
        orphans[i] = make_blob(s);
        if (i % 2)
            spoil(*state, &orphans[i], true);
    }
    struct orphans *o = orphans_new(s, collections);
    for (int64_t now_ms = HOUR; now_ms < 3 * HOUR; now_ms += 30000) {
        failures += orphans_step(o, now_ms, &removed) < 0;
        all += removed;
    }
    assert_int_equal(all, ARRAY_LEN(orphans) / 2);
    assert_int_equal(failures, 2); /* steps, which have a bound */
    for (size_t i = 0; i < ARRAY_LEN(orphans); i += 2)
        assert_false(is_there(s, &orphans[i]));
    for (size_t i = 1; i < ARRAY_LEN(orphans); i += 2)
        spoil(*state, &orphans[i], false);
    int64_t now_ms = 3 * HOUR;
    assert_int_equal(work(o, &now_ms, 26 * HOUR), ARRAY_LEN(orphans) / 2);
    orphans_free(o);
    store_free(s);
}

static void a_draft_goes_when_the_store_opens(void **state)
{
    struct folder *f = *state;
    store_free(open_store(f));
    char path[160];
    snprintf(path, sizeof(path), "%s/blobs/draft/5ddb2943-ab63-4167-b622-3db419251ac8", f->path);
    FILE *draft = fopen(path, "w");
    assert_non_null(draft);
    fclose(draft);
    struct store *s = open_store(f);
    assert_int_equal(access(path, F_OK), -1);
    struct id blob = make_blob(s);
    assert_true(is_there(s, &blob));
    store_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(only_what_nobody_names_is_removed),
        FOLDER_TEST(a_jump_of_the_clock_leaves_a_step),
        FOLDER_TEST(what_cannot_be_removed_keeps_nothing_back),
        FOLDER_TEST(a_draft_goes_when_the_store_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
