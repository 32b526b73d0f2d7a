/* What networks do: replies are lost, servers go away and come back, removals fall in between. */
#include "store/store.h"
#include "tests/mongo/fixture.h"
#include "tests/mongo/proxy.h"

/* A second driver on the same database, through the proxy; it gives up soon. */
struct detour {
    struct base *base;
    struct proxy *proxy;
    struct store_driver *driver; /* of the store */
    struct store *store;
};

/* "mongodb://user:password@host:port,…/…": of several servers the first, which must be primary. */
static void split_url(const char *url, char user[256], char host[256], char port[16])
{
    const char *start = strstr(url, "://") + 3, *at = start, *end = at + strcspn(at, ",/?");
    const char *credentials = memchr(at, '@', (size_t)(end - at));
    at = credentials ? credentials + 1 : at;
    snprintf(user, 256, "%.*s", (int)(at - start), start);
    const char *colon = memchr(at, ':', (size_t)(end - at));
    snprintf(host, 256, "%.*s", (int)((colon ? colon : end) - at), at);
    snprintf(port, 16, "%.*s", colon ? (int)(end - colon - 1) : 5, colon ? colon + 1 : "27017");
}

static const struct store_collection *const collections[] = {&notes};

static int detour_setup(void **state)
{
    struct detour *d = calloc(1, sizeof(*d));
    void *base = NULL;
    char user[256], host[256], port[16], url[512];
    const char *fault;
    *state = d;
    if (base_setup(&base) != 0)
        return -1;
    d->base = base;
    split_url(d->base->url, user, host, port);
    d->proxy = proxy_new(host, port);
    if (!d->proxy)
        return -1;
    snprintf(url, sizeof(url),
             "mongodb://%s127.0.0.1:%d/?serverSelectionTimeoutMS=1500&connectTimeoutMS=400"
             "&socketTimeoutMS=400&heartbeatFrequencyMS=500&directConnection=true",
             user, proxy_port(d->proxy));
    struct mongo_options o = {.url = url, .database = d->base->name};
    if (mongo_open(&o, collections, 1, &d->driver) != 0)
        return -1;
    return store_new(d->driver, collections, 1, &fault, &d->store);
}

static int detour_teardown(void **state)
{
    struct detour *d = *state;
    void *base = d->base;
    store_free(d->store);
    proxy_free(d->proxy);
    base_teardown(&base);
    free(d);
    return 0;
}

#define DETOUR_TEST(fn) cmocka_unit_test_setup_teardown(fn, detour_setup, detour_teardown)

static void plan(struct detour *d, enum proxy_fate fate, const char *needle)
{
    proxy_set(d->proxy, &(struct proxy_plan){.fate = fate, .needle = needle});
}

static int replace_note(struct store_driver *d, int n, int64_t version)
{
    CLEANUP(doc_destroyp) bson_t *doc = note_new(n, version);
    struct id id = id_of(n);
    return d->ops->replace(d, &notes, &id, version - 1, doc);
}

static bool is_stored(const struct detour *d, int n)
{
    bson_t *doc = NULL;
    struct id id = id_of(n);
    int done = d->base->driver->ops->get(d->base->driver, &notes, &id, &doc);
    bson_destroy(doc);
    return done == 0;
}

/* The first byte of a command is the type of its first element, a string: its name follows. */
#define COMMAND(name) "\x02" name

static const struct {
    enum proxy_fate fate;
    bool applied;
} losses[] = {
    {PROXY_LOSE_REPLY, true},
    {PROXY_LOSE_REQUEST, false},
    {PROXY_SILENCE, false},
};

static void a_write_without_an_answer_ends_unknown(void **state)
{
    struct detour *d = *state;
    for (size_t i = 0; i < ARRAY_LEN(losses); i++) {
        int n = (int)i + 1;
        plan(d, losses[i].fate, COMMAND("insert"));
        assert_int_equal(insert_note(d->driver, &notes, n), E_UNKNOWN);
        assert_true(proxy_done(d->proxy));
        assert_int_equal(is_stored(d, n), losses[i].applied);
        /* And the next goes through, on another connection. */
        assert_int_equal(insert_note(d->driver, &notes, n), losses[i].applied ? STORE_EXISTS : 0);
        plan(d, losses[i].fate, COMMAND("update"));
        assert_int_equal(replace_note(d->driver, n, 2), E_UNKNOWN);
        assert_int_equal(replace_note(d->driver, n, 2), losses[i].applied ? STORE_CONFLICT : 0);
        struct id id = id_of(n);
        plan(d, losses[i].fate, COMMAND("delete"));
        assert_int_equal(d->driver->ops->remove(d->driver, &notes, &id, 2), E_UNKNOWN);
        assert_int_equal(is_stored(d, n), !losses[i].applied);
    }
}

static int count_up(struct store_edit *edit, void *ctx)
{
    (void)ctx;
    bson_iter_t it;
    int64_t at = bson_iter_init_find(&it, edit->before, "at") ? bson_iter_as_int64(&it) : 0;
    BSON_APPEND_INT64(edit->after, "at", at + 1);
    return 0;
}

/* The store finds out what became of it: nothing is lost, nothing is done twice. */
static void the_store_resolves_what_ended_unknown(void **state)
{
    struct detour *d = *state;
    struct id id = id_of(1);
    CLEANUP(bson_destroy) bson_t body = BSON_INITIALIZER;
    BSON_APPEND_INT64(&body, "at", 0);
    struct store_write w = store_write_fresh();
    plan(d, PROXY_LOSE_REPLY, COMMAND("insert"));
    assert_int_equal(store_create(d->store, &notes, &id, &w, &body, NULL), 0);
    int64_t expected = 0, last = 0;
    for (size_t i = 0; i < ARRAY_LEN(losses); i++) {
        int64_t value;
        plan(d, losses[i].fate, COMMAND("update"));
        assert_int_equal(store_change(d->store, &notes, &id, NULL, count_up, NULL, NULL), 0);
        expected++;
        plan(d, losses[i].fate, COMMAND("update"));
        assert_int_equal(store_bump(d->store, "number", 1, &value), 0);
        assert_true(value > last);
        last = value;
    }
    CLEANUP(doc_destroyp) bson_t *doc = NULL;
    bson_iter_t it;
    assert_int_equal(store_get(d->store, &notes, &id, &doc), 0);
    assert_true(bson_iter_init_find(&it, doc, "at"));
    assert_int_equal(bson_iter_as_int64(&it), expected);
}

/* An upload goes on where the blob ends, whichever step of an append was cut. */
static void an_append_that_was_cut_is_found_out(void **state)
{
    struct detour *d = *state;
    static const char *const steps[] = {COMMAND("insert"), COMMAND("update")};
    size_t n = ENGINE_CHUNK + 100;
    char *bytes = malloc(n), *out = malloc(8 * n);
    struct id id;
    struct store_blob_info info = {0};
    assert_true(bytes && out);
    memset(bytes, 'x', n);
    assert_int_equal(store_blob_create(d->store, &id), 0);
    for (size_t i = 0; i < ARRAY_LEN(losses) * ARRAY_LEN(steps); i++) {
        int64_t size = 0, before = info.size;
        plan(d, losses[i % ARRAY_LEN(losses)].fate, steps[i / ARRAY_LEN(losses)]);
        int done = store_blob_append(d->store, &id, before, bytes, n, &size);
        assert_int_equal(store_blob_stat(d->store, &id, &info), 0);
        assert_true(proxy_done(d->proxy));
        assert_true(info.size == before || info.size == before + (int64_t)n);
        if (done == 0)
            assert_int_equal(info.size, before + (int64_t)n);
    }
    while (info.size < 4 * (int64_t)n)
        assert_int_equal(store_blob_append(d->store, &id, info.size, bytes, n, &info.size), 0);
    size_t got = 0;
    assert_int_equal(store_blob_read(d->store, &id, 0, out, 8 * n, &got), 0);
    assert_int_equal(got, info.size);
    for (size_t i = 0; i < got; i++)
        assert_int_equal(out[i], 'x');
    free(bytes);
    free(out);
}

static void a_server_that_is_away_is_told_and_found_again(void **state)
{
    struct detour *d = *state;
    struct id id = id_of(1);
    bson_t *doc = NULL;
    assert_int_equal(insert_note(d->driver, &notes, 1), 0);
    proxy_away(d->proxy, true);
    int done = insert_note(d->driver, &notes, 2); /* on a connection that was broken under it */
    assert_true(done == E_UNKNOWN || done == E_UNAVAILABLE);
    assert_int_equal(insert_note(d->driver, &notes, 2), E_UNAVAILABLE);
    assert_int_equal(d->driver->ops->get(d->driver, &notes, &id, &doc), E_UNAVAILABLE);
    assert_int_equal(d->driver->ops->ping(d->driver), E_UNAVAILABLE);
    proxy_away(d->proxy, false);
    while ((done = d->driver->ops->ping(d->driver)) == E_UNAVAILABLE)
        continue; /* each waits for the server a while */
    assert_int_equal(done, 0);
    assert_int_equal(insert_note(d->driver, &notes, 3), 0);
    assert_int_equal(d->driver->ops->get(d->driver, &notes, &id, &doc), 0);
    bson_destroy(doc);
}

/* --- in between ------------------------------------------------------------------------------- */

static struct id removed_id;

static void remove_blob(void *ctx)
{
    struct store_driver *other = ctx;
    if (other->ops->blob_remove(other, &removed_id) != 0)
        abort();
}

/* The blob is removed just before its last chunk is written, and before the row of fs.files is. */
static void a_removal_within_a_finish_wins(void **state)
{
    struct detour *d = *state;
    struct store_blob_info info;
    int64_t size;
    static const char *const steps[] = {"documents", "uploadDate"}; /* of inserts */
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        assert_int_equal(store_blob_create(d->store, &removed_id), 0);
        assert_int_equal(store_blob_append(d->store, &removed_id, 0, "abc", 3, &size), 0);
        proxy_set(d->proxy, &(struct proxy_plan){.fate = PROXY_CALL,
                                                 .needle = steps[i],
                                                 .fn = remove_blob,
                                                 .ctx = d->base->driver});
        assert_int_equal(store_blob_finish(d->store, &removed_id, &info), STORE_ABSENT);
        assert_true(proxy_done(d->proxy));
        assert_int_equal(store_blob_stat(d->store, &removed_id, &info), STORE_ABSENT);
        assert_int_equal(count_rows(d->base, ENGINE_FILES, NULL), 0);
        assert_int_equal(count_rows(d->base, ENGINE_CHUNKS, NULL), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DETOUR_TEST(a_write_without_an_answer_ends_unknown),
        DETOUR_TEST(the_store_resolves_what_ended_unknown),
        DETOUR_TEST(an_append_that_was_cut_is_found_out),
        DETOUR_TEST(a_server_that_is_away_is_told_and_found_again),
        DETOUR_TEST(a_removal_within_a_finish_wins),
    };
    return cmocka_run_group_tests_name("outage", tests, NULL, NULL);
}
