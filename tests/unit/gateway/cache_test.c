/* The shared cache: who makes a reply anew, how stale one may be shown, and what is forgotten. */
#include "tests/unit/gateway/fixture.h"

#include <pthread.h>
#include <stdio.h>

static const struct route route = ROW(GET, "/v1/things", "list", );
static const struct compiled_route compiled = {.route = &route, .index = 3};
static const struct compiled_route another = {.route = &route, .index = 4};

static int setup(void **state)
{
    *state = cache_new(CACHE_BYTES);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    cache_free(*state);
    return 0;
}

static struct cache_ask ask_for(const char *key, uint64_t generation)
{
    return (struct cache_ask){.key = key, .generation = generation};
}

/* Asks; returns the body of a hit, which is static here, or NULL. */
static const char *get(struct cache *c, struct cache_ask *ask, int64_t at_ms)
{
    static char body[64];
    struct cached *item = NULL;
    if (cache_get(c, ask, at_ms, &item) == CACHE_MISS)
        return NULL;
    snprintf(body, sizeof(body), "%.*s", (int)item->n_body, item->body);
    cached_unref(item);
    return body;
}

static void put(struct cache *c, struct cache_ask *ask, const char *body)
{
    struct exchange x;
    exchange_init(&x, &route);
    reply_json_text(&x.reply, 200, body, strlen(body));
    reply_header(&x.reply, "link", "<next>");
    struct cached *item = cache_put(c, ask, &x.reply);
    assert_non_null(item);
    assert_string_equal(item->headers[0].value, "<next>");
    cached_unref(item);
    exchange_release(&x);
}

static void miss_put_hit(void **state)
{
    struct cache *c = *state;
    struct cache_ask ask = ask_for("k", 1);
    assert_null(get(c, &ask, 0));
    put(c, &ask, "one");
    assert_string_equal(get(c, &ask, 5), "one");
    struct cache_ask other = ask_for("l", 1);
    assert_null(get(c, &other, 5));
    assert_null(get(c, &ask, CACHE_LIFE_MS)); /* not for ever, even if nothing moved */
}

static void one_refreshes_while_others_see_the_old(void **state)
{
    struct cache *c = *state;
    struct cache_ask first = ask_for("k", 1);
    get(c, &first, 0);
    put(c, &first, "old");
    assert_string_equal(get(c, &first, 1000), "old"); /* known to be right at 1000 */

    struct cache_ask maker = ask_for("k", 2), other = ask_for("k", 2);
    assert_null(get(c, &maker, 1500));
    assert_true(maker.refreshing);
    assert_string_equal(get(c, &other, 1500), "old");
    assert_false(other.refreshing);
    assert_string_equal(get(c, &other, 1000 + CACHE_STALE_MS - 1), "old");
    assert_null(get(c, &other, 1000 + CACHE_STALE_MS)); /* it took too long */
    put(c, &maker, "new");
    assert_string_equal(get(c, &maker, 3500), "new");
}

static void a_refresh_given_up_is_begun_by_the_next(void **state)
{
    struct cache *c = *state;
    struct cache_ask ask = ask_for("k", 1);
    get(c, &ask, 0);
    put(c, &ask, "old");
    struct cache_ask maker = ask_for("k", 2), next = ask_for("k", 2);
    assert_null(get(c, &maker, 1));
    cache_abandon(c, &maker);
    assert_false(maker.refreshing);
    assert_null(get(c, &next, 1));
    assert_true(next.refreshing);
    /* an answer that is not shared gives up too */
    struct exchange x;
    exchange_init(&x, &route);
    reply_json_text(&x.reply, 404, "{}", 2);
    assert_null(cache_put(c, &next, &x.reply));
    assert_false(next.refreshing);
    exchange_release(&x);
}

/* A slow handler's answer is as old as its question. */
static void staleness_counts_from_the_question(void **state)
{
    struct cache *c = *state;
    struct cache_ask slow = ask_for("k", 1);
    assert_null(get(c, &slow, 0));
    put(c, &slow, "old"); /* much later; but at 0 it was right */
    struct cache_ask maker = ask_for("k", 2), other = ask_for("k", 2);
    assert_null(get(c, &maker, CACHE_STALE_MS));
    assert_null(get(c, &other, CACHE_STALE_MS));
}

static void the_older_answer_does_not_replace_the_newer(void **state)
{
    struct cache *c = *state;
    struct cache_ask early = ask_for("k", 1), late = ask_for("k", 2);
    assert_null(get(c, &early, 0));
    assert_null(get(c, &late, 10));
    put(c, &late, "new");
    put(c, &early, "old");
    struct cache_ask ask = ask_for("k", 2);
    assert_string_equal(get(c, &ask, 20), "new");
}

static void evicted_while_being_made(void **state)
{
    struct cache *c = *state;
    struct cache_ask kept = ask_for("kept", 1), made = ask_for("made", 1);
    get(c, &kept, 0);
    put(c, &kept, "x");
    struct cached *held = NULL;
    assert_int_equal(cache_get(c, &kept, 1, &held), CACHE_HIT);
    assert_null(get(c, &made, 1));
    cache_evict_all(c);
    put(c, &made, "withdrawn");
    assert_null(get(c, &made, 2));
    assert_null(get(c, &kept, 2));
    assert_memory_equal(held->body, "x", 1); /* what is on its way outlives its eviction */
    cached_unref(held);
    put(c, &made, "anew");
    assert_string_equal(get(c, &made, 3), "anew");
}

static void only_what_can_be_shared(void **state)
{
    struct cache *c = *state;
    struct exchange x;
    struct cache_ask ask = ask_for("k", 1);
    exchange_init(&x, &route);
    reply_problem(&x.reply, PROBLEM_NOT_FOUND, NULL);
    assert_null(cache_put(c, &ask, &x.reply));
    static char large[CACHE_ITEM_MAX + 1];
    reply_bytes(&x.reply, 200, "image/png", large, sizeof(large));
    assert_null(cache_put(c, &ask, &x.reply));
    reply_bytes(&x.reply, 200, "image/png", large, sizeof(large) - 1);
    cached_unref(cache_put(c, &ask, &x.reply));
    exchange_release(&x);
}

static void both_encodings_and_their_tags(void **state)
{
    struct cache *c = *state;
    struct exchange x;
    struct cache_ask ask = ask_for("k", 1);
    static char text[4000];
    memset(text, 'a', sizeof(text));
    exchange_init(&x, &route);
    reply_bytes(&x.reply, 200, "application/json", text, sizeof(text));
    struct cached *item = cache_put(c, &ask, &x.reply);
    assert_non_null(item->gzip);
    assert_true(item->n_gzip < item->n_body);
    assert_memory_equal(item->body, text, sizeof(text));
    assert_int_equal(strlen(item->etag), 34);
    assert_int_equal(item->etag[0], '"');
    assert_int_equal(item->etag[33], '"');
    assert_memory_equal(item->gzip_etag, "W/", 2);
    assert_string_equal(item->gzip_etag + 2, item->etag);
    cached_unref(item);
    reply_bytes(&x.reply, 200, "image/png", text, sizeof(text));
    item = cache_put(c, &ask, &x.reply);
    assert_null(item->gzip);
    cached_unref(item);
    exchange_release(&x);
}

/* --- keys ------------------------------------------------------------------------------------- */

static const char *key_of(struct exchange *x, const char *query, const char *param,
                          enum language language, const struct compiled_route *of)
{
    struct request_pair pair = {"id", param};
    exchange_query(x, query);
    x->request.params = arena_dup(&x->arena, &pair, sizeof(pair));
    x->request.n_params = param != NULL;
    x->request.language = language;
    return cache_key(of, &x->request, &x->arena);
}

static void keys(void **state)
{
    (void)state;
    struct exchange x;
    exchange_init(&x, &route);
    const char *plain = key_of(&x, "a=1&b=2", "p", LANGUAGE_VI, &compiled);
    assert_string_equal(plain, key_of(&x, "b=2&a=1", "p", LANGUAGE_VI, &compiled));
    assert_string_equal(plain, key_of(&x, "b=%32&a=1&", "p", LANGUAGE_VI, &compiled));
    const char *others[] = {
        key_of(&x, "a=1&b=2", "p", LANGUAGE_EN, &compiled),
        key_of(&x, "a=1&b=2", "p", LANGUAGE_VI, &another),
        key_of(&x, "a=1&b=2", "q", LANGUAGE_VI, &compiled),
        key_of(&x, "a=1&b=2", NULL, LANGUAGE_VI, &compiled),
        key_of(&x, "a=2&b=1", "p", LANGUAGE_VI, &compiled),
        key_of(&x, "a=1", "p", LANGUAGE_VI, &compiled),
        key_of(&x, "a=1&b=2&b=2", "p", LANGUAGE_VI, &compiled),
        key_of(&x, "a=1&b%3D2", "p", LANGUAGE_VI, &compiled),
        key_of(&x, "a=1%0Ab=2", "p", LANGUAGE_VI, &compiled),
        key_of(&x, "a%3D1=&b=2", "p", LANGUAGE_VI, &compiled),
        key_of(&x, "a=1&b=2", "p\na=1", LANGUAGE_VI, &compiled),
    };
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if (strcmp(plain, others[i]) == 0)
            fail_msg("key %zu is the same", i);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(others[i], others[k]);
    }
    static char long_query[5000];
    memset(long_query, 'a', sizeof(long_query) - 1);
    assert_null(key_of(&x, long_query, NULL, LANGUAGE_VI, &compiled)); /* then it is not cached */
    exchange_release(&x);
}

/* --- bounds ----------------------------------------------------------------------------------- */

static void the_least_used_go_when_the_bytes_are_too_many(void **state)
{
    (void)state;
    struct cache *c = cache_new(100 * 1000);
    static char text[1000];
    memset(text, 'x', sizeof(text) - 1);
    for (int i = 0; i < 1000; i++) {
        char key[16];
        struct cache_ask first = ask_for("first", 1);
        snprintf(key, sizeof(key), "%d", i);
        struct cache_ask ask = ask_for(key, 1);
        if (i == 0)
            put(c, &first, text);
        assert_non_null(get(c, &first, 1)); /* used all the time, so it stays */
        put(c, &ask, text);
        assert_non_null(get(c, &ask, 1));
    }
    int left = 0;
    for (int i = 0; i < 1000; i++) {
        char key[16];
        snprintf(key, sizeof(key), "%d", i);
        struct cache_ask ask = ask_for(key, 1);
        if (get(c, &ask, 1)) {
            assert_true(i > 800);
            left++;
        }
    }
    assert_in_range(left, 50, 100);
    cache_free(c);

    c = cache_new(100); /* nothing fits at all */
    struct cache_ask ask = ask_for("k", 1);
    put(c, &ask, text);
    assert_null(get(c, &ask, 1));
    cache_free(c);
}

/* More keys than chains: a chain stays short, and everything that is found is right. */
static void many_keys(void **state)
{
    struct cache *c = *state;
    size_t found = 0;
    for (int i = 0; i < 100000; i++) {
        char key[16];
        snprintf(key, sizeof(key), "%d", i);
        struct cache_ask ask = ask_for(key, 1);
        put(c, &ask, key);
    }
    for (int i = 0; i < 100000; i++) {
        char key[16];
        snprintf(key, sizeof(key), "%d", i);
        struct cache_ask ask = ask_for(key, 1);
        const char *body = get(c, &ask, 1);
        if (body)
            assert_string_equal(body, key);
        found += body != NULL;
    }
    assert_in_range(found, 90000, 100000);
}

/* --- threads ---------------------------------------------------------------------------------- */

/* Bodies tell their key and generation; a reader checks what it holds after others evicted it. */
static void *ask_and_put(void *arg)
{
    struct cache *c = arg;
    for (unsigned i = 0; i < 20000; i++) {
        char key[8], body[32];
        unsigned generation = i / 1000;
        snprintf(key, sizeof(key), "k%u", i % 7);
        snprintf(body, sizeof(body), "%s of %u", key, generation);
        struct cache_ask ask = ask_for(key, generation);
        struct cached *item = NULL;
        if (cache_get(c, &ask, i, &item) == CACHE_HIT) {
            if (strncmp(item->body, key, 2) != 0)
                return c;
            cached_unref(item);
        } else if (i % 5 == 0) {
            cache_abandon(c, &ask);
        } else {
            put(c, &ask, body);
        }
        if (i % 997 == 0)
            cache_evict_all(c);
    }
    return NULL;
}

static void threads(void **state)
{
    struct cache *c = *state;
    pthread_t all[8];
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        assert_int_equal(pthread_create(&all[i], NULL, ask_and_put, c), 0);
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        void *wrong = c;
        pthread_join(all[i], &wrong);
        assert_null(wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(miss_put_hit, setup, teardown),
        cmocka_unit_test_setup_teardown(one_refreshes_while_others_see_the_old, setup, teardown),
        cmocka_unit_test_setup_teardown(a_refresh_given_up_is_begun_by_the_next, setup, teardown),
        cmocka_unit_test_setup_teardown(staleness_counts_from_the_question, setup, teardown),
        cmocka_unit_test_setup_teardown(the_older_answer_does_not_replace_the_newer, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(evicted_while_being_made, setup, teardown),
        cmocka_unit_test_setup_teardown(only_what_can_be_shared, setup, teardown),
        cmocka_unit_test_setup_teardown(both_encodings_and_their_tags, setup, teardown),
        cmocka_unit_test(keys),
        cmocka_unit_test(the_least_used_go_when_the_bytes_are_too_many),
        cmocka_unit_test_setup_teardown(many_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(threads, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
