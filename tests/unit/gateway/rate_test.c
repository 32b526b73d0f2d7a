/* Token buckets: the burst, the refill, who is one visitor, and how the table forgets. */
#include "tests/unit/gateway/fixture.h"

static const uint8_t alice[16] = {1, 2, 3}, bob[16] = {1, 2, 4};

static int setup(void **state)
{
    *state = rate_table_new(100);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    rate_table_free(*state);
    return 0;
}

/* How many are allowed at one moment. */
static int burst(struct rate_table *t, enum rate_class class, const uint8_t key[16], bool person,
                 int64_t at_ms)
{
    int n = 0;
    while (n < 100000 && rate_take(t, class, key, person, at_ms).allowed)
        n++;
    return n;
}

static void a_burst_then_a_wait(void **state)
{
    struct rate_table *t = *state;
    struct rate_verdict v = rate_take(t, RATE_SIGN_IN, alice, true, 1000);
    assert_true(v.allowed);
    assert_string_equal(v.name, "sign-in");
    assert_string_equal(v.policy, "\"sign-in\";q=15;w=30"); /* 15 come back at 30 a minute */
    assert_int_equal(v.limit, 15);
    assert_int_equal(v.remaining, 14);
    assert_int_equal(burst(t, RATE_SIGN_IN, alice, true, 1000), 14);
    v = rate_take(t, RATE_SIGN_IN, alice, true, 1000);
    assert_false(v.allowed);
    assert_int_equal(v.remaining, 0);
    assert_int_equal(v.retry_ms, 2001); /* one in two seconds */
    assert_in_range(v.reset_s, 30, 31);
    /* what is refused costs nothing */
    assert_false(rate_take(t, RATE_SIGN_IN, alice, true, 2990).allowed);
    assert_true(rate_take(t, RATE_SIGN_IN, alice, true, 3001).allowed);
    assert_false(rate_take(t, RATE_SIGN_IN, alice, true, 3002).allowed);
}

static void it_refills_to_the_brim_and_no_further(void **state)
{
    struct rate_table *t = *state;
    assert_int_equal(burst(t, RATE_SIGN_IN, alice, true, 1000), 15);
    assert_int_equal(burst(t, RATE_SIGN_IN, alice, true, 1000 + 10000), 5);
    assert_int_equal(burst(t, RATE_SIGN_IN, alice, true, INT64_C(3600000)), 15);
}

static void slow_and_steady_is_never_refused(void **state)
{
    struct rate_table *t = *state;
    for (int64_t at_ms = 1; at_ms < INT64_C(6000000); at_ms += 2001)
        assert_true(rate_take(t, RATE_SIGN_IN, alice, true, at_ms).allowed);
}

static void buckets_are_apart(void **state)
{
    struct rate_table *t = *state;
    assert_int_equal(burst(t, RATE_WRITE, alice, true, 5), 30);
    assert_int_equal(burst(t, RATE_WRITE, bob, true, 5), 30);     /* another person */
    assert_int_equal(burst(t, RATE_WRITE, alice, false, 5), 300); /* an address of these bytes */
    assert_int_equal(burst(t, RATE_SIGN_IN, alice, true, 5), 15); /* another class */
    assert_int_equal(burst(t, RATE_WRITE, alice, true, 5), 0);
}

static void health_is_not_limited(void **state)
{
    struct rate_table *t = *state;
    struct rate_verdict v = rate_take(t, RATE_NONE, alice, false, 5);
    assert_true(v.allowed);
    assert_null(v.name);
    assert_int_equal(burst(t, RATE_NONE, alice, false, 5), 100000);
}

/* A million strangers: the table does not grow, and who comes back soon is remembered mostly. */
static void strangers_take_the_oldest_place(void **state)
{
    struct rate_table *t = *state;
    uint8_t key[16] = {0};
    assert_int_equal(burst(t, RATE_SIGN_IN, alice, true, 1), 15);
    for (uint32_t i = 0; i < 1000000; i++) {
        memcpy(key + 4, &i, sizeof(i));
        assert_true(rate_take(t, RATE_READ, key, false, 2 + i / 1000).allowed);
    }
    /* alice's bucket was the oldest of its neighbours: she begins anew, with a full one */
    assert_true(rate_take(t, RATE_SIGN_IN, alice, true, 1003).allowed);
    /* the last of the strangers is still known */
    struct rate_verdict v = rate_take(t, RATE_READ, key, false, 1003);
    assert_int_equal(v.remaining, v.limit - 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_burst_then_a_wait, setup, teardown),
        cmocka_unit_test_setup_teardown(it_refills_to_the_brim_and_no_further, setup, teardown),
        cmocka_unit_test_setup_teardown(slow_and_steady_is_never_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(buckets_are_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(health_is_not_limited, setup, teardown),
        cmocka_unit_test_setup_teardown(strangers_take_the_oldest_place, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
