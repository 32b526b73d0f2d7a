/* Verified tokens: how long, for whom, and the race with a session that ends meanwhile. */
#include "tests/unit/gateway/fixture.h"

#include <pthread.h>

#define NOW INT64_C(1000000)
#define HOUR INT64_C(3600000)

static int setup(void **state)
{
    *state = token_cache_new();
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    token_cache_free(*state);
    return 0;
}

static struct identity person(uint8_t session, int64_t expires_ms)
{
    struct identity who = {.role = ROLE_CITIZEN, .expires_ms = expires_ms, .level = 2};
    who.session.bytes[0] = session;
    who.subject.bytes[3] = session;
    return who;
}

static void keep(struct token_cache *t, const char *token, const struct identity *who)
{
    token_cache_put(t, token, who, token_cache_epoch(t), NOW);
}

static bool known(struct token_cache *t, const char *token, int64_t now_ms)
{
    struct identity who;
    return token_cache_get(t, token, now_ms, &who);
}

static void a_token_is_known_for_a_minute(void **state)
{
    struct token_cache *t = *state;
    struct identity who = person(1, NOW + HOUR), got = {0};
    assert_false(known(t, "a", NOW));
    keep(t, "a", &who);
    assert_true(token_cache_get(t, "a", NOW, &got));
    assert_memory_equal(&got, &who, sizeof(who));
    assert_false(known(t, "b", NOW));
    assert_false(known(t, "", NOW));
    assert_true(known(t, "a", NOW + 59999));
    assert_false(known(t, "a", NOW + 60000));
}

static void never_longer_than_it_is_valid(void **state)
{
    struct token_cache *t = *state;
    struct identity who = person(1, NOW + 10);
    keep(t, "a", &who);
    assert_true(known(t, "a", NOW + 9));
    assert_false(known(t, "a", NOW + 10));
}

static void a_session_that_ends_takes_its_tokens(void **state)
{
    struct token_cache *t = *state;
    struct identity mine = person(1, NOW + HOUR), other = person(2, NOW + HOUR);
    keep(t, "a", &mine);
    keep(t, "b", &mine);
    keep(t, "c", &other);
    token_cache_forget(t, &mine.session);
    assert_false(known(t, "a", NOW));
    assert_false(known(t, "b", NOW));
    assert_true(known(t, "c", NOW));
}

/* The session ended while a worker verified its token: what it found must not be kept. */
static void verified_before_the_end_is_not_kept(void **state)
{
    struct token_cache *t = *state;
    struct identity who = person(1, NOW + HOUR);
    uint64_t epoch = token_cache_epoch(t);
    token_cache_forget(t, &who.session);
    token_cache_put(t, "a", &who, epoch, NOW);
    assert_false(known(t, "a", NOW));
    keep(t, "a", &who); /* verified after it */
    assert_true(known(t, "a", NOW));
}

static void more_tokens_than_places(void **state)
{
    struct token_cache *t = *state;
    char token[32];
    size_t kept = 0;
    for (int i = 0; i < 50000; i++) {
        struct identity who = person((uint8_t)i, NOW + HOUR + i);
        snprintf(token, sizeof(token), "token-%d", i);
        keep(t, token, &who);
        assert_true(known(t, token, NOW)); /* the newest always finds a place */
    }
    for (int i = 0; i < 50000; i++) {
        struct identity got;
        snprintf(token, sizeof(token), "token-%d", i);
        if (token_cache_get(t, token, NOW, &got)) {
            assert_int_equal(got.expires_ms, NOW + HOUR + i);
            kept++;
        }
    }
    assert_in_range(kept, 8000, 16384);
}

/* Threads that put, get and forget: a forgotten session never comes back. */
static void *end_sessions(void *arg)
{
    struct token_cache *t = arg;
    for (int i = 0; i < 300; i++) {
        struct identity who = person((uint8_t)(i % 8), NOW + HOUR);
        token_cache_forget(t, &who.session);
    }
    return NULL;
}

static void *verify(void *arg)
{
    struct token_cache *t = arg;
    struct identity got;
    for (int i = 0; i < 20000; i++) {
        char token[16];
        struct identity who = person((uint8_t)(i % 8), NOW + HOUR);
        uint64_t epoch = token_cache_epoch(t);
        snprintf(token, sizeof(token), "%d", i % 8);
        token_cache_put(t, token, &who, epoch, NOW);
        if (token_cache_get(t, token, NOW, &got) && got.session.bytes[0] != i % 8)
            return t;
    }
    return NULL;
}

static void threads(void **state)
{
    struct token_cache *t = *state;
    pthread_t all[4];
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        assert_int_equal(pthread_create(&all[i], NULL, i == 0 ? end_sessions : verify, t), 0);
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        void *wrong = t;
        pthread_join(all[i], &wrong);
        assert_null(wrong);
    }
    for (uint8_t i = 0; i < 8; i++) {
        struct identity who = person(i, NOW + HOUR);
        char token[16];
        snprintf(token, sizeof(token), "%d", i);
        token_cache_forget(t, &who.session);
        assert_false(known(t, token, NOW));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_token_is_known_for_a_minute, setup, teardown),
        cmocka_unit_test_setup_teardown(never_longer_than_it_is_valid, setup, teardown),
        cmocka_unit_test_setup_teardown(a_session_that_ends_takes_its_tokens, setup, teardown),
        cmocka_unit_test_setup_teardown(verified_before_the_end_is_not_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(more_tokens_than_places, setup, teardown),
        cmocka_unit_test_setup_teardown(threads, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
