/* Many documents changed at once, and numbers that many ask for at once. */
#include <pthread.h>
#include <string.h>

#include "tests/contract/fixture.h"
#include "tests/support/faulty.h"

#define MANY 40
#define ASKERS 16
#define ASKED 50 /* by each */

struct adding {
    int64_t by;
    int runs;
    int result;
};

static int add(struct store_edit *edit, void *ctx)
{
    struct adding *a = ctx;
    a->runs++;
    BSON_APPEND_INT64(edit->after, "due", doc_int(edit->before, "due") + a->by);
    edit->outcome = 7;
    return a->result;
}

static bson_t *get(struct fixture *f, int n)
{
    struct id id = thing_id(n);
    bson_t *doc = NULL;
    assert_int_equal(store_get(f->store, &things, &id, &doc), 0);
    return doc;
}

static int64_t due(struct fixture *f, int n)
{
    CLEANUP(bson_destroyp) bson_t *doc = get(f, n);
    return doc_int(doc, "due");
}

/* Things 1 to MANY, due 100 each, and as they are read. */
struct crowd {
    struct adding adding[MANY];
    struct store_one items[MANY];
};

static void crowd_make(struct fixture *f, struct crowd *c)
{
    *c = (struct crowd){0};
    for (int i = 0; i < MANY; i++) {
        struct id id = thing_id(i + 1);
        struct store_write w = store_write_fresh();
        CLEANUP(bson_destroyp) bson_t *body = thing_body(&(struct thing){.due = NUM(100)});
        assert_int_equal(store_create(f->store, &things, &id, &w, body, NULL), 0);
        c->adding[i].by = i + 1;
        c->items[i] = (struct store_one){
            .id = id, .seen = get(f, i + 1), .ctx = &c->adding[i], .outcome = E_IO};
    }
}

static void crowd_change(struct fixture *f, struct crowd *c)
{
    store_change_many(f->store, &things, c->items, MANY, add);
    for (int i = 0; i < MANY; i++)
        bson_destroy((bson_t *)(uintptr_t)c->items[i].seen);
}

static void each_gets_a_version_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct crowd c;
    crowd_make(f, &c);
    uint64_t before = store_generation(f->store, &things);
    crowd_change(f, &c);
    assert_int_equal(store_generation(f->store, &things), before + MANY);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(c.items[i].outcome, 0);
        assert_int_equal(c.adding[i].runs, 1);
        CLEANUP(bson_destroyp) bson_t *doc = get(f, i + 1);
        assert_int_equal(doc_int(doc, "due"), 100 + i + 1);
        assert_int_equal(store_version(doc), 2);
    }
}

static void none_at_all_is_nothing(void **state)
{
    struct fixture *f = *state;
    store_change_many(f->store, &things, NULL, 0, add);
    assert_int_equal(store_generation(f->store, &things), 0);
}

/* Thing 1 moved on, thing 2 is gone; thing 3's function has nothing to write, 4's an outcome. */
static void what_was_read_may_be_old(void **state)
{
    struct fixture *f = *state;
    struct crowd c;
    crowd_make(f, &c);
    struct id first = thing_id(1), second = thing_id(2);
    assert_int_equal(
        store_change(f->store, &things, &first, NULL, add, &(struct adding){.by = 1000}, NULL), 0);
    assert_int_equal(store_remove(f->store, &things, &second, -1), 0);
    c.adding[2].result = STORE_UNCHANGED;
    c.adding[3].result = 120;
    crowd_change(f, &c);
    assert_int_equal(c.items[0].outcome, 0);
    assert_int_equal(c.adding[0].runs, 2);
    assert_int_equal(due(f, 1), 1101);
    assert_int_equal(c.items[1].outcome, STORE_ABSENT);
    assert_int_equal(c.items[2].outcome, STORE_UNCHANGED);
    assert_int_equal(due(f, 3), 100);
    assert_int_equal(c.items[3].outcome, 120);
    assert_int_equal(due(f, 4), 100);
    for (int i = 4; i < MANY; i++)
        assert_int_equal(c.items[i].outcome, 0);
}

/* An unknown outcome is read back: nothing is added twice, nothing is left out. */
static void unknown_outcomes_are_resolved(void **state)
{
    struct fixture *f = *state;
    struct crowd c;
    crowd_make(f, &c);
    faulty_set(f->driver, &(struct faulty_plan){.script = "al.u.alal.ulla.."});
    crowd_change(f, &c);
    assert_true(faulty_count(f->driver) > 8);
    faulty_set(f->driver, &(struct faulty_plan){0});
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(c.items[i].outcome, 0);
        assert_int_equal(due(f, i + 1), 100 + i + 1);
    }
}

/* --- numbers ---------------------------------------------------------------------------------- */

struct asker {
    pthread_t thread;
    struct store *store;
    int64_t got[ASKED];
    int failed;
};

static void *ask(void *arg)
{
    struct asker *a = arg;
    for (int i = 0; i < ASKED; i++)
        a->failed |= store_number(a->store, "asked", &a->got[i]) != 0;
    return NULL;
}

/* Each number once, and each asker's in order; the highest of them. */
static int64_t ask_at_once(struct fixture *f)
{
    static struct asker askers[ASKERS];
    static uint8_t seen[ASKERS * ASKED * 100];
    int64_t highest = 0;
    memset(seen, 0, sizeof(seen));
    for (int i = 0; i < ASKERS; i++) {
        askers[i] = (struct asker){.store = f->store};
        assert_int_equal(pthread_create(&askers[i].thread, NULL, ask, &askers[i]), 0);
    }
    for (int i = 0; i < ASKERS; i++) {
        pthread_join(askers[i].thread, NULL);
        assert_int_equal(askers[i].failed, 0);
        for (int k = 0; k < ASKED; k++) {
            int64_t n = askers[i].got[k];
            assert_true(n > 0 && n < (int64_t)sizeof(seen) && !seen[n]);
            assert_true(k == 0 || n > askers[i].got[k - 1]);
            seen[n] = 1;
            highest = n > highest ? n : highest;
        }
    }
    return highest;
}

/* Who asks alone leaves none out, and two counters have nothing to do with each other. */
static void numbers_follow_each_other(void **state)
{
    struct fixture *f = *state;
    int64_t n = 0;
    for (int64_t i = 1; i <= 10; i++) {
        assert_int_equal(store_number(f->store, "one", &n), 0);
        assert_int_equal(n, i);
    }
    assert_int_equal(store_number(f->store, "two", &n), 0);
    assert_int_equal(n, 1);
    fixture_reopen(f);
    assert_int_equal(store_number(f->store, "one", &n), 0);
    assert_int_equal(n, 11);
}

/* While the process lives all are given: nothing is lost between those who share a bump. */
static void who_asks_at_once_shares_a_bump(void **state)
{
    assert_int_equal(ask_at_once(*state), ASKERS * ASKED);
}

static void a_number_is_never_given_twice(void **state)
{
    struct fixture *f = *state;
    faulty_set(f->driver, &(struct faulty_plan){.seed = 3, .applied = 200, .lost = 200});
    assert_true(ask_at_once(f) >= ASKERS * ASKED);
    faulty_set(f->driver, &(struct faulty_plan){0});
}

static void *ask_once(void *arg)
{
    struct asker *a = arg;
    a->failed = store_number(a->store, "vain", &a->got[0]) != 0;
    return NULL;
}

/* However the bumps end, everybody is answered, nobody waits for those who come after, and each
 * number that is given is given once. */
static void who_waits_for_a_bump_that_fails_is_told(void **state)
{
    struct fixture *f = *state;
    const char *const fates[] = {"u", "uu", ".u", ".uu", "uuu.u", ".uuuuuuuuuuuuuuuuu"};
    static struct asker askers[ASKERS];
    static uint8_t seen[ASKERS * 10 * 100];
    memset(seen, 0, sizeof(seen));
    for (size_t round = 0; round < 10 * ARRAY_LEN(fates); round++) {
        faulty_set(f->driver, &(struct faulty_plan){.script = fates[round % ARRAY_LEN(fates)],
                                                    .delay_us = 500});
        for (int i = 0; i < ASKERS; i++) {
            askers[i] = (struct asker){.store = f->store};
            assert_int_equal(pthread_create(&askers[i].thread, NULL, ask_once, &askers[i]), 0);
        }
        for (int i = 0; i < ASKERS; i++) {
            pthread_join(askers[i].thread, NULL);
            int64_t n = askers[i].got[0]; /* 0: failed */
            assert_true(n < (int64_t)sizeof(seen) && askers[i].failed == (n == 0) && !seen[n]);
            seen[n] = n > 0;
        }
    }
    faulty_set(f->driver, &(struct faulty_plan){0});
}

/* More counters than are remembered at once, the names of some too long to be. */
static void forgotten_counters_go_on(void **state)
{
    struct fixture *f = *state;
    char name[100];
    int64_t n = 0;
    for (int64_t round = 1; round <= 3; round++) {
        for (int i = 0; i < 20; i++) {
            memset(name, 'a' + i, sizeof(name));
            name[i % 2 ? 90 : 5] = '\0';
            assert_int_equal(store_number(f->store, name, &n), 0);
            assert_int_equal(n, round);
        }
    }
}

int many_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_gets_a_version_of_its_own),
        TEST(none_at_all_is_nothing),
        TEST(what_was_read_may_be_old),
        TEST(unknown_outcomes_are_resolved),
        TEST(numbers_follow_each_other),
        TEST(who_asks_at_once_shares_a_bump),
        TEST(a_number_is_never_given_twice),
        TEST(forgotten_counters_go_on),
        TEST(who_waits_for_a_bump_that_fails_is_told),
    };
    return cmocka_run_group_tests_name("many", tests, NULL, NULL);
}
