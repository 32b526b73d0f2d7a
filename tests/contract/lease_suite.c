/* Leases: one holder at a time, taken over from who stands still, by no clock but one's own. */
#include "store/lease.h"

#include "tests/contract/fixture.h"

#define LIFE 9000

struct pair {
    struct lease a, b;
};

static struct pair pair_of(const char *name)
{
    struct pair p;
    struct id one = id_v4(), other = id_v4();
    lease_init(&p.a, name, &one, LIFE);
    lease_init(&p.b, name, &other, LIFE);
    return p;
}

static void one_holds_it_while_it_renews(void **state)
{
    struct fixture *f = *state;
    struct pair p = pair_of("work");
    for (int64_t at = 1000; at < 100000; at += 3000) {
        assert_int_equal(lease_try(f->store, &p.a, at), 0);
        assert_true(lease_holds(&p.a, at + 3000));
        /* The other's clock is another one altogether. */
        assert_int_equal(lease_try(f->store, &p.b, at * 7 + 500000), LEASE_ELSEWHERE);
        assert_false(lease_holds(&p.b, at * 7 + 500000));
    }
}

static void who_stands_still_loses_it_after_it_has_stopped(void **state)
{
    struct fixture *f = *state;
    struct pair p = pair_of("work");
    assert_int_equal(lease_try(f->store, &p.a, 0), 0);
    assert_int_equal(lease_try(f->store, &p.b, 100), LEASE_ELSEWHERE);
    assert_int_equal(lease_try(f->store, &p.b, 100 + LIFE - 1), LEASE_ELSEWHERE);
    assert_false(lease_holds(&p.a, 100 + LIFE - 1)); /* long before */
    assert_int_equal(lease_try(f->store, &p.b, 100 + LIFE), 0);
    assert_int_equal(lease_try(f->store, &p.a, 100 + LIFE), LEASE_ELSEWHERE);
}

static void a_renewal_begins_the_wait_anew(void **state)
{
    struct fixture *f = *state;
    struct pair p = pair_of("work");
    assert_int_equal(lease_try(f->store, &p.a, 0), 0);
    assert_int_equal(lease_try(f->store, &p.b, 0), LEASE_ELSEWHERE);
    assert_int_equal(lease_try(f->store, &p.a, 8000), 0);
    assert_int_equal(lease_try(f->store, &p.b, LIFE), LEASE_ELSEWHERE);
    assert_int_equal(lease_try(f->store, &p.b, 2 * LIFE - 1), LEASE_ELSEWHERE);
    assert_int_equal(lease_try(f->store, &p.b, 2 * LIFE), 0);
}

static void what_is_given_is_free_at_once(void **state)
{
    struct fixture *f = *state;
    struct pair p = pair_of("work");
    assert_int_equal(lease_try(f->store, &p.a, 0), 0);
    assert_int_equal(lease_give(f->store, &p.b), 0); /* not theirs to give */
    assert_int_equal(lease_try(f->store, &p.b, 1), LEASE_ELSEWHERE);
    assert_int_equal(lease_give(f->store, &p.a), 0);
    assert_false(lease_holds(&p.a, 1));
    assert_int_equal(lease_try(f->store, &p.b, 2), 0);
    struct pair other = pair_of("other work");
    assert_int_equal(lease_try(f->store, &other.a, 2), 0);
}

int lease_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_holds_it_while_it_renews),
        TEST(who_stands_still_loses_it_after_it_has_stopped),
        TEST(a_renewal_begins_the_wait_anew),
        TEST(what_is_given_is_free_at_once),
    };
    return cmocka_run_group_tests_name("lease", tests, NULL, NULL);
}
