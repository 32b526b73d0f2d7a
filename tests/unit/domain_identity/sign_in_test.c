/* Numbers that change hands, cards, and two documents that turn out to be one person, stopped at
 * every write. */
#include "tests/unit/domain_identity/signing.h"

static int add_phone(const struct id *person, struct signed_in *ret)
{
    struct otp_proof proof = {.phone = PHONE};
    struct phone_sign_in in = {.proof = &proof, .silent_ms = SILENT, .now_ms = g.now_ms};
    return person_add_phone(&g.people, person, &in, &g.arena, ret);
}

static void begin_session(const struct id *subject)
{
    struct session session = {.subject = *subject, .kind = TOKEN_CITIZEN + 1};
    struct session_pair pair;
    assert_int_equal(session_begin(g.store, &g.sessions, &session, g.now_ms, &g.arena, &pair), 0);
}

static size_t sessions_of(const struct id *subject)
{
    struct session *sessions = NULL;
    size_t n = 0;
    assert_int_equal(session_list(g.store, subject, g.now_ms, &g.arena, &sessions, &n), 0);
    return n;
}

/* --- stopped anywhere ---------------------------------------------------------------------------
 */

static void fail_at(int write, char how)
{
    static char script[64];
    memset(script, '.', sizeof(script) - 1);
    script[write] = how;
    script[write + 1] = '\0';
    faulty_set(faulty, &(struct faulty_plan){.script = script});
}

static void no_faults(void)
{
    faulty_set(faulty, &(struct faulty_plan){0});
}

/* A phone account and a verified one; the first shows the card. Whatever write fails, doing it
 * again and letting the sweep run leads to one person with everything. */
static void link_with_fault(int write, char how, bool *ret_hit)
{
    struct signed_in in;
    struct id phone = phone_person("d"), card = card_person(CARD);
    begin_session(&phone);
    begin_session(&card);
    fail_at(write, how);
    int done = by_card(CARD, &phone, "d", &in);
    if (done == 0)
        done = sweep();
    *ret_hit = faulty_count(faulty) > 0;
    no_faults();
    if (done != 0) {
        assert_true(done < 0);
        assert_int_equal(by_card(CARD, &phone, "d", &in), 0);
    }
    assert_int_equal(sweep(), 0);
    assert_same(same_as(&phone), card);
    assert_same(phone_person("d"), card);
    assert_int_equal(sessions_of(&card), 2);
    assert_int_equal(sessions_of(&phone), 0);

    /* What a request wrote meanwhile under the old person follows, too; then the key is gone. */
    begin_session(&phone);
    g.now_ms += MERGE_AGAIN_MS;
    assert_int_equal(sweep(), 0);
    assert_int_equal(sessions_of(&card), 3);
    uint8_t key[SEAL_KEY];
    assert_int_equal(person_key_get(&g.people, &phone, key), PERSON_ERASED);
    const char *number = NULL;
    struct person person;
    assert_int_equal(person_get(&g.people, &phone, &g.arena, &person), 0);
    assert_int_equal(person_phone(&g.people, &person, &g.arena, &number), 0);
    assert_string_equal(number, PHONE);
}

static void test_merge_stopped_anywhere(void **state)
{
    static const char hows[] = {'u', 'l', 'a'};
    tear_down(state);
    for (size_t i = 0; i < ARRAY_LEN(hows); i++) {
        bool hit = true;
        int n = 0;
        for (; hit && n < 60; n++) {
            set_up(state);
            link_with_fault(n, hows[i], &hit);
            tear_down(state);
        }
        assert_true(n > 5 && n < 60);
    }
    set_up(state);
}

/* --- persons ------------------------------------------------------------------------------------
 */

static void test_devices_and_silence(void **state)
{
    (void)state;
    struct signed_in in;
    struct id account = phone_person("old");
    assert_int_equal(by_card(CARD, &account, "old", &in), 0);
    assert_same(in.person.id, account);
    assert_same(phone_person("old"), account);
    assert_int_equal(by_phone("new", NULL, &in), 0);
    assert_true(in.asks_eid);
    struct id fresh = in.person.id;
    assert_other(fresh, account);
    assert_same(phone_person("new"), fresh);
    assert_same(phone_person("old"), account);

    g.now_ms += SILENT - 1;
    assert_same(phone_person("old"), account);
    g.now_ms += SILENT;
    assert_same(phone_person("old"), fresh);
    assert_int_equal(by_card(CARD, &fresh, "old", &in), 0);
    assert_same(in.person.id, account);
    assert_same(phone_person("old"), account);
    assert_int_equal(person_forget_devices(&g.people, &account), 0);
    assert_other(phone_person("old"), account);
}

static void test_number_goes_to_another_card(void **state)
{
    (void)state;
    struct signed_in in;
    struct id account = phone_person("old");
    assert_int_equal(by_card(CARD, &account, "old", &in), 0);
    struct id fresh = phone_person("new");
    assert_int_equal(by_card(OTHER_CARD, &fresh, "new", &in), 0);
    assert_same(in.person.id, fresh);
    assert_same(in.lost, account);
    assert_same(phone_person("new"), fresh);
    assert_other(phone_person("old"), account);
    assert_same(card_person(CARD), account);

    /* and the same where the other card has an account already */
    struct id third = card_person("001090000001"), again = phone_person("third");
    assert_int_equal(by_card("001090000001", &again, "third", &in), 0);
    assert_same(in.person.id, third);
    assert_same(in.lost, fresh);
    assert_same(phone_person("third"), third);
}

static void test_phone_added(void **state)
{
    (void)state;
    struct signed_in in;
    struct id phone = phone_person("d"), account = card_person(CARD);
    assert_int_equal(add_phone(&account, &in), 0);
    assert_same(in.old, phone);
    assert_same(same_as(&phone), account);

    /* who was silent is left alone: the number may be another's by now */
    assert_int_equal(by_card(OTHER_CARD, NULL, NULL, &in), 0);
    struct id other = in.person.id;
    assert_int_equal(add_phone(&other, &in), 0);
    assert_same(in.lost, account);
    assert_true(id_is_nil(&in.old));
    assert_same(same_as(&account), account);
}

static void test_silent_phone_account_stays_two(void **state)
{
    (void)state;
    struct signed_in in;
    struct id phone = phone_person("d"), account = card_person(CARD);
    g.now_ms += SILENT;
    assert_int_equal(add_phone(&account, &in), 0);
    assert_true(id_is_nil(&in.old));
    assert_same(same_as(&phone), phone);
}

/* --- unproven -----------------------------------------------------------------------------------
 */

static struct id unproven(void)
{
    struct person person;
    assert_int_equal(person_unproven(&g.people, "vi", g.now_ms + DAY, g.now_ms, &g.arena, &person),
                     0);
    assert_int_equal(person.level, LEVEL_UNPROVEN);
    return person.id;
}

static void test_unproven_becomes_the_first(void **state)
{
    (void)state;
    struct signed_in in;
    struct id writer = unproven();
    assert_int_equal(by_phone("d", &writer, &in), 0);
    assert_same(in.person.id, writer);
    assert_true(in.work);
    assert_int_equal(in.person.level, LEVEL_PHONE);
    assert_int_equal(in.person.expires_ms, 0);
    assert_same(phone_person("d"), writer);
}

static void test_unproven_joins_who_is_there(void **state)
{
    (void)state;
    struct signed_in in;
    struct id known = phone_person("d"), writer = unproven();
    assert_int_equal(by_phone("d", &writer, &in), 0);
    assert_same(in.person.id, known);
    assert_same(in.old, writer);
    assert_same(same_as(&writer), known);
    struct id second = unproven();
    assert_int_equal(by_card(CARD, &second, NULL, &in), 0);
    assert_same(in.person.id, second);
    assert_int_equal(in.person.level, LEVEL_TWO);
    assert_true(in.work);
}

static void test_unproven_is_forgotten(void **state)
{
    (void)state;
    struct signed_in in;
    struct person person;
    size_t n = 0;
    uint8_t key[SEAL_KEY];
    struct id writer = unproven(), other = unproven();
    assert_int_equal(by_phone("d", &other, &in), 0);
    assert_int_equal(person_sweep(&g.people, g.now_ms, 50, &n), 0);
    assert_int_equal(n, 0);
    g.now_ms += DAY + 1;
    assert_int_equal(person_sweep(&g.people, g.now_ms, 50, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(person_read(&g.people, &writer, &g.arena, &person), STORE_ABSENT);
    assert_int_equal(person_key_get(&g.people, &writer, key), PERSON_ERASED);
    assert_int_equal(person_read(&g.people, &other, &g.arena, &person), 0);
}

/* A number or card whose person was forgotten before they were proven opens for whoever comes. */
static void test_stopped_before_proven(void **state)
{
    (void)state;
    struct signed_in in;
    size_t n = 0;
    for (int write = 0; write < 6; write++) {
        struct id writer = unproven();
        fail_at(write, 'u');
        by_phone("d", &writer, &in);
        by_card(CARD, &writer, NULL, &in);
        no_faults();
        g.now_ms += 2 * DAY;
        assert_int_equal(person_sweep(&g.people, g.now_ms, 50, &n), 0);
        assert_int_equal(by_phone("d", NULL, &in), 0);
        assert_int_equal(by_card(CARD, NULL, NULL, &in), 0);
    }
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_merge_stopped_anywhere),         TEST(test_devices_and_silence),
        TEST(test_number_goes_to_another_card),    TEST(test_phone_added),
        TEST(test_silent_phone_account_stays_two), TEST(test_unproven_becomes_the_first),
        TEST(test_unproven_joins_who_is_there),    TEST(test_unproven_is_forgotten),
        TEST(test_stopped_before_proven),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
