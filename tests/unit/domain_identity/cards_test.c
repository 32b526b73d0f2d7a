/* Cards: whose each is, and that nobody has two; and passports, of who has none. */
#include "domain/person/at_desk.h"
#include "domain/person/passport.h"
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

/* --- who has no card, at a desk: by the passport
 * --------------------------------------------------- */

#define PASSPORT "AUS N1234567"

static struct id at_desk(const char *passport)
{
    struct person person;
    const char *kept = NULL;
    assert_int_equal(person_at_desk_by_passport(&g.people, passport, g.now_ms, &g.arena, &person),
                     0);
    assert_int_equal(person_passport(&g.people, &person, &g.arena, &kept), 0);
    assert_string_equal(kept, passport);
    assert_int_equal(person.expires_ms, 0);
    return person.id;
}

static void test_passport_is_who(void **state)
{
    (void)state;
    struct id first = at_desk(PASSPORT), second = at_desk(PASSPORT),
              other = at_desk("AUS N7654321"), abroad = at_desk("NZL N1234567");
    assert_same(first, second);
    assert_other(first, other);
    assert_other(first, abroad);
    struct person person;
    assert_int_equal(person_of_card(&g.people, PASSPORT, &g.arena, &person), STORE_ABSENT);
    assert_other(card_person(CARD), first);
}

static void find_with_fault(int write, bool *ret_hit)
{
    static char script[32];
    struct person person;
    memset(script, '.', sizeof(script) - 1);
    script[write] = 'u';
    script[write + 1] = '\0';
    faulty_set(faulty, &(struct faulty_plan){.script = script});
    person_at_desk_by_passport(&g.people, PASSPORT, g.now_ms, &g.arena, &person);
    *ret_hit = faulty_count(faulty) > 0;
    faulty_set(faulty, &(struct faulty_plan){0});
    assert_same(at_desk(PASSPORT), at_desk(PASSPORT));
}

static void test_passport_cut_short(void **state)
{
    tear_down(state);
    bool hit = true;
    int n = 0;
    for (; hit && n < 20; n++) {
        set_up(state);
        find_with_fault(n, &hit);
        tear_down(state);
    }
    assert_true(n > 2 && n < 20);
    set_up(state);
}

static void test_passport_erased(void **state)
{
    (void)state;
    struct id was = at_desk(PASSPORT);
    assert_int_equal(person_erase_logins(&g.people, &was, &g.arena), 0);
    assert_int_equal(person_erase(&g.people, &was), 0);
    assert_other(at_desk(PASSPORT), was);
}

static void test_passport_words(void **state)
{
    (void)state;
    char text[PASSPORT_TEXT];
    assert_true(passport_text("AUS", "N1234567", text));
    assert_string_equal(text, PASSPORT);
    assert_true(passport_text("VNM", "B12345678", text));
    static const char *const wrong[][2] = {
        {"AU", "N1234567"},    {"AUST", "N1234567"}, {"aus", "N1234567"}, {"AUS", "N123"},
        {"AUS", "N123456789"}, {"AUS", "N12 4567"},  {"AUS", ""},         {"", "N1234567"}};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(passport_text(wrong[i][0], wrong[i][1], text));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_card_is_who),     TEST(test_two_cards_stay_two), TEST(test_two_cards_at_once),
        TEST(test_merged_once),     TEST(test_passport_is_who),    TEST(test_passport_cut_short),
        TEST(test_passport_erased), TEST(test_passport_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
