/* Cards: whose each is, and that nobody has two. */
#include "tests/unit/domain_identity/signing.h"

static void test_card_is_who(void **state)
{
    (void)state;
    struct id first = card_person(CARD), second = card_person(CARD),
              other = card_person(OTHER_CARD);
    assert_same(first, second);
    assert_other(first, other);
    struct person person;
    const char *card = NULL, *birth = NULL;
    assert_int_equal(person_of_card(&g.people, CARD, &g.arena, &person), 0);
    assert_same(person.id, first);
    assert_int_equal(person_card(&g.people, &person, &g.arena, &card), 0);
    assert_int_equal(person_birth(&g.people, &person, &g.arena, &birth), 0);
    assert_string_equal(card, CARD);
    assert_string_equal(birth, "1990");
    assert_int_equal(person_of_card(&g.people, "001090000001", &g.arena, &person), STORE_ABSENT);
}

static void test_two_cards_stay_two(void **state)
{
    (void)state;
    struct signed_in in;
    struct id one = card_person(CARD), two = card_person(OTHER_CARD);
    assert_int_equal(by_card(OTHER_CARD, &one, NULL, &in), PERSON_OTHER);
    assert_int_equal(by_card("001090000001", &one, NULL, &in), PERSON_OTHER);
    assert_int_equal(person_merge(&g.people, &one, &two, g.now_ms, &g.arena), PERSON_OTHER);
    assert_same(same_as(&one), one);
}

/* The first of two cards that are shown from one account is cut short at some write, or the second
 * comes between: two people come of it, each found by their own card. */
static struct id between_link;

static void show_other(void *ctx)
{
    struct signed_in in;
    int *shown = ctx;
    if ((*shown)++ > 0)
        return;
    int done = by_card(OTHER_CARD, &between_link, "e", &in);
    assert_true(done == 0 || done == PERSON_OTHER);
}

static void two_cards_with_fault(int write, bool meanwhile, bool *ret_hit)
{
    struct signed_in in;
    static char script[64];
    int shown = meanwhile ? 0 : 1;
    between_link = phone_person("d");
    if (meanwhile)
        card_person(OTHER_CARD);
    memset(script, '.', sizeof(script) - 1);
    script[write] = meanwhile ? 'l' : 'u';
    script[write + 1] = '\0';
    faulty_set(faulty,
               &(struct faulty_plan){.script = script, .between = show_other, .ctx = &shown});
    int done = by_card(CARD, &between_link, "d", &in);
    *ret_hit = faulty_count(faulty) > 0;
    faulty_set(faulty, &(struct faulty_plan){0});
    assert_true(done != E_BUSY);
    show_other(&(int){0});
    struct id one = card_person(CARD), other = card_person(OTHER_CARD);
    assert_other(one, other);
    assert_int_equal(sweep(), 0);
    assert_same(card_person(CARD), one);
    assert_same(card_person(OTHER_CARD), other);
    assert_int_equal(by_card(CARD, NULL, NULL, &in), 0);
    const char *card = NULL;
    assert_int_equal(person_card(&g.people, &in.person, &g.arena, &card), 0);
    assert_string_equal(card, CARD);
}

static void test_two_cards_at_once(void **state)
{
    tear_down(state);
    for (int meanwhile = 0; meanwhile < 2; meanwhile++) {
        bool hit = true;
        int n = 0;
        for (; hit && n < 60; n++) {
            set_up(state);
            two_cards_with_fault(n, meanwhile, &hit);
            tear_down(state);
        }
        assert_true(n > 2 && n < 60);
    }
    set_up(state);
}

static void test_merged_once(void **state)
{
    (void)state;
    struct id phone = phone_person("d"), one = card_person(CARD), two = card_person(OTHER_CARD);
    assert_int_equal(person_merge(&g.people, &phone, &one, g.now_ms, &g.arena), 0);
    assert_int_equal(person_merge(&g.people, &phone, &one, g.now_ms, &g.arena), 0);
    assert_int_equal(person_merge(&g.people, &phone, &two, g.now_ms, &g.arena), PERSON_OTHER);
    assert_same(same_as(&phone), one);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_card_is_who),
        TEST(test_two_cards_stay_two),
        TEST(test_two_cards_at_once),
        TEST(test_merged_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
