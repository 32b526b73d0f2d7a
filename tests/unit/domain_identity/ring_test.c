/* The keyring beside the person keys: the right one or refused, and keys moved to its newest key.
 */
#include "base/crypto/bytes.h"
#include "domain/person/ring.h"
#include "tests/unit/domain_identity/people.h"

#define PERSONS 450 /* more than two pages */

static struct ground g;

static int set_up(void **state)
{
    (void)state;
    return ground_begin(&g, false);
}

static int tear_down(void **state)
{
    (void)state;
    ground_end(&g);
    return 0;
}

static void make_keys(struct id *ids, uint8_t (*keys)[SEAL_KEY], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ids[i] = id_v4();
        assert_int_equal(person_key_new(&g.people, &ids[i], keys[i]), 0);
    }
}

static struct ring_sums rewrap_all(bool count_only)
{
    struct ring_sums sums = {0};
    for (bool more = true; more;)
        assert_int_equal(ring_rewrap(&g.people, count_only, &sums, &more), 0);
    return sums;
}

static void test_another_keyring_is_known(void **state)
{
    (void)state;
    char folder[64];
    struct keyring *other;
    struct people people = g.people;
    assert_int_equal(ring_check(&g.people), 0);
    assert_int_equal(ring_check(&g.people), 0);
    assert_int_equal(keyring_rotate(g.scratch->keyring, 0), 0);
    assert_int_equal(ring_check(&g.people), 0);
    snprintf(folder, sizeof(folder), "%s/other", g.scratch->folder);
    assert_int_equal(keyring_open(folder, &other), 0);
    people.keyring = other;
    assert_int_equal(ring_check(&people), RING_OTHER);
    assert_int_equal(ring_check(&g.people), 0);
    keyring_free(other);
    scratch_empty(folder);
}

/* No value is stored yet, but there are persons whom the ring must open. */
static void test_another_keyring_is_known_by_a_person(void **state)
{
    (void)state;
    char folder[64];
    struct keyring *other;
    struct people people = g.people;
    struct id id;
    uint8_t key[1][SEAL_KEY];
    make_keys(&id, key, 1);
    snprintf(folder, sizeof(folder), "%s/other", g.scratch->folder);
    assert_int_equal(keyring_open(folder, &other), 0);
    people.keyring = other;
    assert_int_equal(ring_check(&people), RING_OTHER);
    assert_int_equal(ring_check(&g.people), 0);
    assert_int_equal(ring_check(&people), RING_OTHER);
    keyring_free(other);
    scratch_empty(folder);
}

static void test_keys_move_and_stay_the_same(void **state)
{
    (void)state;
    static struct id ids[PERSONS];
    static uint8_t keys[PERSONS][SEAL_KEY];
    uint8_t now[SEAL_KEY];
    struct ring_sums sums = {0};
    bool more = false;
    make_keys(ids, keys, PERSONS);
    sums = rewrap_all(false);
    assert_int_equal(sums.looked, PERSONS);
    assert_int_equal(sums.rewrapped, 0);
    assert_int_equal(keyring_rotate(g.scratch->keyring, 0), 0);
    assert_int_equal(rewrap_all(true).stale, PERSONS);
    assert_int_equal(rewrap_all(true).stale, PERSONS); /* counting changes nothing */

    sums = (struct ring_sums){0}; /* one page, and then it is stopped */
    assert_int_equal(ring_rewrap(&g.people, false, &sums, &more), 0);
    assert_true(more);
    int64_t first = sums.rewrapped;
    assert_true(first > 0 && first < PERSONS);
    assert_int_equal(rewrap_all(true).stale, PERSONS - first);
    assert_int_equal(rewrap_all(false).rewrapped, PERSONS - first);
    assert_int_equal(rewrap_all(true).stale, 0);
    for (size_t i = 0; i < PERSONS; i++) {
        assert_int_equal(person_key_get(&g.people, &ids[i], now), 0);
        assert_memory_equal(now, keys[i], SEAL_KEY);
    }
}

static void test_the_erased_stay_erased_and_the_unsound_is_told(void **state)
{
    (void)state;
    struct id ids[3];
    uint8_t keys[3][SEAL_KEY], now[SEAL_KEY];
    make_keys(ids, keys, 3);
    assert_int_equal(keyring_rotate(g.scratch->keyring, 0), 0);
    assert_int_equal(store_remove(g.keys, &person_key_collection, &ids[0], -1), 0);
    assert_int_equal(person_key_rewrap(&g.people, &ids[0]), PERSON_ERASED);
    /* one's key under another's name opens for nobody */
    bson_t *doc = NULL, *body = bson_new();
    bson_iter_t at;
    assert_int_equal(store_get(g.keys, &person_key_collection, &ids[2], &doc), 0);
    assert_true(bson_iter_init_find(&at, doc, "key"));
    bson_append_iter(body, "key", -1, &at);
    bson_destroy(doc);
    assert_int_equal(store_remove(g.keys, &person_key_collection, &ids[1], -1), 0);
    struct store_write write = store_write_fresh();
    assert_int_equal(store_create(g.keys, &person_key_collection, &ids[1], &write, body, NULL), 0);
    bson_destroy(body);

    struct ring_sums sums = rewrap_all(false);
    assert_int_equal(sums.looked, 2);
    assert_int_equal(sums.rewrapped, 1);
    assert_int_equal(sums.unsound, 1);
    assert_int_equal(person_key_get(&g.people, &ids[0], now), PERSON_ERASED);
    assert_int_equal(person_key_get(&g.people, &ids[2], now), 0);
    assert_memory_equal(now, keys[2], SEAL_KEY);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_another_keyring_is_known),
        TEST(test_another_keyring_is_known_by_a_person),
        TEST(test_keys_move_and_stay_the_same),
        TEST(test_the_erased_stay_erased_and_the_unsound_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
