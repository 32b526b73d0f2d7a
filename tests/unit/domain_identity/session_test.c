/* Sessions: refresh tokens that rotate, a lost reply, a stolen token, devices that are shown out.
 */
#include "base/crypto/bytes.h"
#include "tests/unit/domain_identity/people.h"

static struct ground g;

static int set_up(void **state)
{
    (void)state;
    return ground_begin(&g, false);
}

static int set_up_sqlite(void **state)
{
    (void)state;
    return ground_begin(&g, true);
}

static int tear_down(void **state)
{
    (void)state;
    ground_end(&g);
    return 0;
}

static struct session begin_as(struct id subject, enum token_kind kind, struct session_pair *ret)
{
    struct session s = {.subject = subject,
                        .kind = (int)kind + 1,
                        .role = kind == TOKEN_STAFF ? "officer" : NULL,
                        .agency = kind == TOKEN_STAFF ? "H12.01" : NULL,
                        .device = "Android, Trạm 1.0"};
    assert_int_equal(session_begin(g.store, &g.sessions, &s, g.now_ms, &g.arena, ret), 0);
    return s;
}

static struct session begin(struct session_pair *ret)
{
    return begin_as(id_v4(), TOKEN_CITIZEN, ret);
}

static int refresh(const char *token, struct session_pair *ret)
{
    struct session s;
    return session_refresh(g.store, &g.sessions, token, g.now_ms, &g.arena, &s, ret);
}

static struct token_claims claims_of(const struct session_pair *pair)
{
    struct token_claims claims;
    assert_int_equal(token_verify(g.scratch->keyring, &g.sessions.parties, pair->access,
                                  strlen(pair->access), g.now_ms, &claims),
                     0);
    return claims;
}

/* --- pairs ------------------------------------------------------------------------------------ */

static void test_a_pair_says_who(void **state)
{
    (void)state;
    struct session_pair pair;
    struct id subject = id_v4();
    struct session s = begin_as(subject, TOKEN_STAFF, &pair);
    struct token_claims claims = claims_of(&pair);
    assert_true(id_equal(&claims.subject, &subject));
    assert_true(id_equal(&claims.session, &s.id));
    assert_int_equal(claims.kind, TOKEN_STAFF);
    assert_string_equal(claims.role, "officer");
    assert_string_equal(claims.agency, "H12.01");
    assert_int_equal(pair.access_expires_ms, g.now_ms + 15 * MINUTE);
    assert_int_equal(pair.refresh_expires_ms, g.now_ms + 12 * HOUR);
    begin_as(subject, TOKEN_CITIZEN, &pair);
    assert_int_equal(pair.refresh_expires_ms, g.now_ms + 90 * DAY);
    assert_string_equal(claims_of(&pair).role, "");
}

static void test_each_use_makes_the_next(void **state)
{
    (void)state;
    struct session_pair a, b;
    struct session s = begin(&a);
    for (int i = 0; i < 5; i++) {
        g.now_ms += 10 * MINUTE;
        assert_int_equal(refresh(a.refresh, &b), 0);
        assert_string_not_equal(a.refresh, b.refresh);
        assert_int_equal(b.refresh_expires_ms, g.now_ms + 90 * DAY); /* used: it lives on */
        struct token_claims claims = claims_of(&b);
        assert_true(id_equal(&claims.session, &s.id));
        a = b;
    }
    struct session now;
    assert_int_equal(session_get(g.store, &s.id, &g.arena, &now), 0);
    assert_int_equal(now.generation, 6);
    assert_int_equal(now.seen_ms, g.now_ms);
}

/* --- a lost reply ----------------------------------------------------------------------------- */

static void test_a_lost_reply_is_given_again(void **state)
{
    (void)state;
    struct session_pair first, next, again, on;
    begin(&first);
    g.now_ms += HOUR;
    assert_int_equal(refresh(first.refresh, &next), 0);
    g.now_ms += SESSION_REPEAT_MS; /* the last instant of it */
    assert_int_equal(refresh(first.refresh, &again), 0);
    assert_string_equal(again.refresh, next.refresh);
    assert_int_equal(refresh(first.refresh, &again), 0); /* lost once more */
    assert_string_equal(again.refresh, next.refresh);
    assert_int_equal(refresh(again.refresh, &on), 0); /* and on it goes */
    assert_string_not_equal(on.refresh, next.refresh);
}

static void expect_ended(const struct session *s, const char *why)
{
    struct session now;
    assert_int_equal(session_get(g.store, &s->id, &g.arena, &now), 0);
    assert_false(session_lives(&now, g.now_ms));
    assert_string_equal(now.ended_why, why);
}

static void test_later_it_is_a_theft(void **state)
{
    (void)state;
    struct session_pair first, next, again;
    struct session s = begin(&first);
    assert_int_equal(refresh(first.refresh, &next), 0);
    g.now_ms += SESSION_REPEAT_MS + 1;
    struct session seen = {0};
    assert_int_equal(
        session_refresh(g.store, &g.sessions, first.refresh, g.now_ms, &g.arena, &seen, &again),
        SESSION_REUSED);
    assert_true(id_equal(&seen.id, &s.id)); /* so that its streams can be ended */
    expect_ended(&s, "reuse");
    assert_int_equal(refresh(next.refresh, &again), SESSION_INVALID); /* the thief's or ours */
    assert_int_equal(refresh(first.refresh, &again), SESSION_INVALID);
}

/* Two generations back there is no lost reply, however soon. */
static void test_older_generations_are_a_theft(void **state)
{
    (void)state;
    struct session_pair first, second, third, again;
    struct session s = begin(&first);
    assert_int_equal(refresh(first.refresh, &second), 0);
    assert_int_equal(refresh(second.refresh, &third), 0);
    assert_int_equal(refresh(first.refresh, &again), SESSION_REUSED);
    expect_ended(&s, "reuse");
    assert_int_equal(refresh(third.refresh, &again), SESSION_INVALID);
}

/* The key that signed is not the active one any more: what was given stays good. */
static void test_tokens_outlive_a_rotation_of_keys(void **state)
{
    (void)state;
    struct session_pair first, next, again;
    begin(&first);
    assert_int_equal(keyring_rotate(g.scratch->keyring, 0), 0);
    assert_int_equal(refresh(first.refresh, &next), 0);
    assert_int_equal(refresh(first.refresh, &again), 0);
    assert_string_equal(again.refresh, next.refresh);
}

/* --- what is no token ------------------------------------------------------------------------- */

static void test_forged_tokens(void **state)
{
    (void)state;
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct session_pair pair, again;
    begin(&pair);
    assert_int_equal(strlen(pair.refresh), SESSION_REFRESH_TEXT - 1);
    for (size_t i = 0; i < SESSION_REFRESH_TEXT - 1; i++) {
        char forged[SESSION_REFRESH_TEXT];
        memcpy(forged, pair.refresh, sizeof(forged));
        const char *digit = strchr(digits, forged[i]);
        assert_non_null(digit);
        forged[i] = digits[(digit - digits + 17) % 64];
        assert_int_equal(refresh(forged, &again), SESSION_INVALID);
    }
    assert_int_equal(refresh("", &again), SESSION_INVALID);
    assert_int_equal(refresh("....", &again), SESSION_INVALID);
    char longer[SESSION_REFRESH_TEXT + 8];
    snprintf(longer, sizeof(longer), "%sAAAA", pair.refresh);
    assert_int_equal(refresh(longer, &again), SESSION_INVALID);
    assert_int_equal(refresh(pair.refresh, &again), 0); /* nothing of it did harm */
}

/* A token of a session that is not there (swept, or of another installation's copy). */
static void test_token_of_no_session(void **state)
{
    (void)state;
    struct session_pair pair, again;
    struct session s = begin(&pair);
    assert_int_equal(store_remove(g.store, &session_collection, &s.id, -1), 0);
    assert_int_equal(refresh(pair.refresh, &again), SESSION_INVALID);
}

static void test_an_unused_session_expires(void **state)
{
    (void)state;
    struct session_pair pair, again;
    struct session s = begin_as(id_v4(), TOKEN_STAFF, &pair);
    g.now_ms += 12 * HOUR;
    assert_false(session_lives(&s, g.now_ms));
    assert_int_equal(refresh(pair.refresh, &again), SESSION_INVALID);
    size_t removed = 0;
    assert_int_equal(expiry_sweep(g.store, &session_collection, g.now_ms + 1, 100, &removed), 0);
    assert_int_equal(removed, 1);
    assert_int_equal(session_get(g.store, &s.id, &g.arena, &s), SESSION_INVALID);
}

/* --- devices ---------------------------------------------------------------------------------- */

static void test_devices_are_listed_and_shown_out(void **state)
{
    (void)state;
    struct id me = id_v4(), other = id_v4();
    struct session_pair pairs[3], foreign, again;
    struct session mine[3], *list = NULL;
    size_t n = 0;
    for (int i = 0; i < 3; i++) {
        g.now_ms += MINUTE;
        mine[i] = begin_as(me, TOKEN_CITIZEN, &pairs[i]);
    }
    struct session theirs = begin_as(other, TOKEN_CITIZEN, &foreign);
    assert_int_equal(session_list(g.store, &me, g.now_ms, &g.arena, &list, &n), 0);
    assert_int_equal(n, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(id_equal(&list[i].id, &mine[2 - i].id)); /* newest first */
    assert_string_equal(list[0].device, "Android, Trạm 1.0");

    assert_int_equal(session_end(g.store, &theirs.id, &me, "by_other_device", g.now_ms),
                     SESSION_INVALID);
    assert_int_equal(refresh(foreign.refresh, &again), 0); /* nobody ends another's */
    assert_int_equal(session_end(g.store, &mine[1].id, &me, "by_other_device", g.now_ms), 0);
    expect_ended(&mine[1], "by_other_device");
    assert_int_equal(session_end(g.store, &mine[1].id, &me, "signed_out", g.now_ms),
                     SESSION_INVALID);
    assert_int_equal(refresh(pairs[1].refresh, &again), SESSION_INVALID);
    assert_int_equal(session_list(g.store, &me, g.now_ms, &g.arena, &list, &n), 0);
    assert_int_equal(n, 2);
    struct id nobody = id_v4();
    assert_int_equal(session_end(g.store, &nobody, &me, "signed_out", g.now_ms), SESSION_INVALID);
}

/* Many that ended lie between: the one that lives is still shown. */
static void test_a_long_list_hides_nobody(void **state)
{
    (void)state;
    struct id me = id_v4();
    struct session_pair pair;
    struct session kept = begin_as(me, TOKEN_CITIZEN, &pair), *list = NULL;
    size_t n = 0;
    for (int i = 0; i < 260; i++) {
        g.now_ms += SECOND;
        struct session s = begin_as(me, TOKEN_CITIZEN, &pair);
        assert_int_equal(session_end(g.store, &s.id, &me, "signed_out", g.now_ms), 0);
    }
    assert_int_equal(session_list(g.store, &me, g.now_ms, &g.arena, &list, &n), 0);
    assert_int_equal(n, 1);
    assert_true(id_equal(&list[0].id, &kept.id));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
#define SQLITE_TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up_sqlite, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_pair_says_who),
        TEST(test_each_use_makes_the_next),
        TEST(test_a_lost_reply_is_given_again),
        SQLITE_TEST(test_a_lost_reply_is_given_again),
        TEST(test_later_it_is_a_theft),
        SQLITE_TEST(test_later_it_is_a_theft),
        TEST(test_older_generations_are_a_theft),
        TEST(test_tokens_outlive_a_rotation_of_keys),
        TEST(test_forged_tokens),
        TEST(test_token_of_no_session),
        TEST(test_an_unused_session_expires),
        TEST(test_devices_are_listed_and_shown_out),
        SQLITE_TEST(test_devices_are_listed_and_shown_out),
        TEST(test_a_long_list_hides_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
