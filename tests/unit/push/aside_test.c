/* Documents that nobody can read: set aside once, shown, in nobody's way, and looked at again. */
#include "tests/unit/push/fixture.h"

/* One field of a document that no reader understands, or words again; the rest as it was. */
struct damage {
    const char *field;
    bool mend;
};

static int write_damage(struct store_edit *edit, void *ctx)
{
    struct damage *d = ctx;
    bson_iter_t it;
    assert_true(bson_iter_init(&it, edit->before));
    while (bson_iter_next(&it)) {
        const char *key = bson_iter_key(&it);
        if (strcmp(key, "_id") == 0 || strcmp(key, "form") == 0 || strcmp(key, "version") == 0 ||
            strcmp(key, "writes") == 0)
            continue;
        if (strcmp(key, d->field) != 0)
            bson_append_iter(edit->after, key, -1, &it);
        else if (d->mend)
            bson_append_utf8(edit->after, key, -1, "Ổ gà giữa đường.", -1);
        else
            bson_append_double(edit->after, key, -1, 0.5);
    }
    return 0;
}

static void damage(struct fixture *f, const struct store_collection *c, const struct id *id,
                   const char *field, bool mend)
{
    struct damage d = {.field = field, .mend = mend};
    assert_int_equal(store_change(f->store, c, id, NULL, write_damage, &d, NULL), 0);
}

static size_t dead_documents(struct fixture *f, struct delivery *ret, size_t cap)
{
    return fixture_letters(f, CHANNEL_DOCUMENT, DELIVERY_DEAD, ret, cap);
}

static void test_set_aside_and_looked_at_again(void **state)
{
    struct fixture *f = *state;
    struct delivery letters[4], mine[4];
    struct id bad = fixture_file(f, "k1", false), good = fixture_file(f, "k2", false);
    damage(f, &report_collection, &bad, "text", false);
    push_drain(f->push);
    assert_int_equal(fixture_report(f, &good).head.events.n, 0); /* its neighbour is done */
    assert_int_equal(fixture_inbox(f, &f->owner, mine, 4), 1);
    assert_int_equal(dead_documents(f, letters, 4), 1);
    assert_string_equal(letters[0].subject, "report");
    assert_true(id_equal(&letters[0].about, &bad));
    assert_string_equal(letters[0].error, result_words(E_CORRUPT));

    clock_advance_ms(PUSH_HOLD_MS + 1);
    assert_int_equal(push_drain(f->push), 0); /* not every five seconds */
    for (int i = 0; i < 3; i++) {
        clock_advance_ms(ASIDE_HOLD_MS + 1);
        push_drain(f->push);
    }
    assert_int_equal(dead_documents(f, letters, 4), 1); /* once, however often it is looked at */

    assert_int_equal(push_drop(f->push, &letters[0].id), STORE_ABSENT);
    assert_int_equal(push_replay(f->push, &letters[0].id), 0);
    assert_int_equal(dead_documents(f, letters, 4), 0);
    push_drain(f->push); /* still damaged: back it is, at once */
    assert_int_equal(dead_documents(f, letters, 4), 1);

    damage(f, &report_collection, &bad, "text", true);
    assert_int_equal(push_replay(f->push, &letters[0].id), 0);
    push_drain(f->push);
    assert_int_equal(dead_documents(f, letters, 4), 0);
    assert_int_equal(fixture_report(f, &bad).head.events.n, 0);
    assert_int_equal(fixture_inbox(f, &f->owner, mine, 4), 2); /* nothing was lost */
}

static void test_another_program_finds_it_once(void **state)
{
    struct fixture *f = *state;
    struct delivery letters[4];
    struct id bad = fixture_file(f, "k1", false);
    damage(f, &report_collection, &bad, "text", false);
    push_drain(f->push);
    fixture_push(f); /* which knows nothing of the one before */
    push_drain(f->push);
    assert_int_equal(dead_documents(f, letters, 4), 1);
}

/* A delivery that waits is a document too. */
static void test_a_delivery_that_cannot_be_read(void **state)
{
    struct fixture *f = *state;
    struct delivery d = {.id = id_v4(),
                         .channel = CHANNEL_SMS,
                         .state = DELIVERY_PENDING,
                         .at_ms = clock_now_ms(),
                         .next_ms = clock_now_ms(),
                         .what = "code"};
    struct delivery *const one[] = {&d};
    struct store_query q = {.limit = 10};
    struct store_page page;
    struct delivery dead;
    int outcome = -1;
    assert_int_equal(deliveries_insert(f->store, one, 1, &f->arena, &outcome), 0);
    assert_int_equal(outcome, 0);
    damage(f, &delivery_collection, &d.id, "what", false);
    for (int i = 0; i < 3; i++) {
        push_drain(f->push);
        clock_advance_ms(ASIDE_HOLD_MS + 1);
    }
    assert_int_equal(push_dead(f->store, &q, &f->arena, &page), 0);
    assert_int_equal(page.n, 1);
    assert_int_equal(delivery_decode(page.docs[0], &f->arena, &dead), 0);
    assert_int_equal(dead.channel, CHANNEL_DOCUMENT);
    assert_string_equal(dead.subject, "delivery");
    assert_true(id_equal(&dead.about, &d.id));
}

/* A store that is away is no damage: nothing is set aside. */
static void test_a_store_that_is_away_sets_nothing_aside(void **state)
{
    struct fixture *f = *state;
    struct delivery letters[4];
    fixture_file(f, "k1", false);
    trouble_set((struct trouble){.unavailable = 1000});
    push_drain(f->push);
    trouble_set((struct trouble){0});
    assert_int_equal(dead_documents(f, letters, 4), 0);
    clock_advance_ms(PUSH_HOLD_MS + 1);
    assert_int_equal(push_drain(f->push), 1);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_set_aside_and_looked_at_again),
        TEST(test_another_program_finds_it_once),
        TEST(test_a_delivery_that_cannot_be_read),
        TEST(test_a_store_that_is_away_sets_nothing_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
