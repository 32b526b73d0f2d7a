/* Passkeys as they are kept: whose, how many, their counts; and flows, which are used once. */
#include <pthread.h>
#include <string.h>

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

static const struct id nobody;

static struct passkey made(const struct id *staff, int n)
{
    uint8_t *credential = arena_alloc(&g.arena, 32), *key = arena_alloc(&g.arena, 64);
    credential[0] = (uint8_t)n;
    return (struct passkey){.staff = *staff,
                            .credential = {credential, 32},
                            .key = {key, 64},
                            .algorithm = WEBAUTHN_ES256,
                            .name = "Điện thoại",
                            .attestation = "none"};
}

static int add(const struct id *staff, int n, struct passkey *ret)
{
    *ret = made(staff, n);
    return passkey_add(g.store, ret, g.now_ms, &g.arena);
}

static size_t count(const struct id *staff)
{
    struct passkey *all = NULL;
    size_t n = 0;
    assert_int_equal(passkey_list(g.store, staff, &g.arena, &all, &n), 0);
    return n;
}

static void test_kept(void **state)
{
    (void)state;
    struct id staff = id_v4(), other = id_v4();
    struct passkey p, again;
    assert_int_equal(add(&staff, 1, &p), 0);
    assert_int_equal(add(&other, 1, &again), PASSKEY_TAKEN);
    assert_int_equal(add(&staff, 1, &again), PASSKEY_TAKEN);
    assert_int_equal(count(&staff), 1);
    assert_int_equal(count(&other), 0);
    const struct id id = passkey_id(p.credential.data, 32);
    assert_int_equal(passkey_get(g.store, &id, &g.arena, &again), 0);
    assert_int_equal(again.algorithm, WEBAUTHN_ES256);
    assert_true(id_equal(&again.staff, &staff));

    assert_int_equal(passkey_rename(g.store, &id, &other, "Của tôi", &g.arena, &again),
                     STORE_ABSENT);
    assert_int_equal(passkey_rename(g.store, &id, &staff, "Máy ở quầy", &g.arena, &again), 0);
    assert_string_equal(again.name, "Máy ở quầy");
    assert_int_equal(again.revision, 2);
}

static void test_ten(void **state)
{
    (void)state;
    struct id staff = id_v4();
    struct passkey p;
    for (int i = 0; i < PASSKEYS_MAX; i++)
        assert_int_equal(add(&staff, i, &p), 0);
    assert_int_equal(add(&staff, PASSKEYS_MAX, &p), PASSKEY_FULL);
    assert_int_equal(count(&staff), PASSKEYS_MAX);
    assert_int_equal(passkey_get(g.store, &p.id, &g.arena, &p), STORE_ABSENT);
    assert_int_equal(passkey_remove_all(g.store, &staff, &g.arena), 0);
    assert_int_equal(count(&staff), 0);
}

static void test_last_way_in(void **state)
{
    (void)state;
    struct id staff = id_v4(), other = id_v4();
    const struct staff with = {.password = "$argon2id$…"}, without = {.password = ""};
    struct passkey first, second;
    assert_int_equal(add(&staff, 1, &first), 0);
    assert_int_equal(add(&staff, 2, &second), 0);
    assert_int_equal(passkey_remove(g.store, &first.id, &other, &with, &g.arena), STORE_ABSENT);
    assert_int_equal(passkey_remove(g.store, &first.id, &staff, &without, &g.arena), 0);
    assert_int_equal(passkey_remove(g.store, &second.id, &staff, &without, &g.arena), PASSKEY_LAST);
    assert_int_equal(passkey_remove(g.store, &second.id, &staff, &with, &g.arena), 0);
    assert_int_equal(passkey_remove(g.store, &second.id, &staff, &with, &g.arena), STORE_ABSENT);
}

static void test_counts(void **state)
{
    (void)state;
    struct id staff = id_v4();
    struct passkey p, now;
    assert_int_equal(add(&staff, 1, &p), 0);
    assert_int_equal(passkey_used(g.store, &p.id, 0, false, g.now_ms), 0); /* it counts nothing */
    assert_int_equal(passkey_used(g.store, &p.id, 7, true, g.now_ms + 1), 0);
    static const uint32_t back[] = {7, 6, 0};
    for (size_t i = 0; i < ARRAY_LEN(back); i++)
        assert_int_equal(passkey_used(g.store, &p.id, back[i], false, g.now_ms + 2),
                         PASSKEY_CLONED);
    assert_int_equal(passkey_get(g.store, &p.id, &g.arena, &now), 0);
    assert_int_equal(now.sign_count, 7);
    assert_int_equal(now.used_ms, g.now_ms + 1);
    assert_int_equal(now.suspect_ms, g.now_ms + 2);
    assert_true(now.backed_up);
    assert_int_equal(passkey_used(g.store, &p.id, UINT32_MAX, false, g.now_ms + 3), 0);
    assert_int_equal(passkey_used(g.store, &p.id, 8, false, g.now_ms + 4), PASSKEY_CLONED);
}

/* --- flows ------------------------------------------------------------------------------------ */

static struct passkey_flow begun(enum passkey_purpose purpose, const struct id *session)
{
    struct passkey_flow flow = {.purpose = purpose, .session = *session};
    assert_int_equal(passkey_flow_begin(g.store, &flow, g.now_ms, &g.arena), 0);
    assert_int_equal(strlen(flow.ticket), PASSKEY_TICKET_TEXT - 1);
    return flow;
}

static int claim(const char *ticket, enum passkey_purpose purpose, const struct id *session,
                 int64_t after_ms)
{
    struct passkey_flow flow;
    return passkey_flow_claim(g.store, ticket, purpose, session, g.now_ms + after_ms, &flow);
}

static void test_flow(void **state)
{
    (void)state;
    struct id session = id_v4(), other = id_v4();
    struct passkey_flow flow = begun(PASSKEY_CONFIRM, &session), got;
    assert_int_equal(claim(flow.ticket, PASSKEY_SIGN_IN, &session, 0), PASSKEY_NO_FLOW);
    assert_int_equal(claim(flow.ticket, PASSKEY_CONFIRM, &other, 0), PASSKEY_NO_FLOW);
    assert_int_equal(claim(flow.ticket, PASSKEY_CONFIRM, &nobody, 0), PASSKEY_NO_FLOW);
    assert_int_equal(
        passkey_flow_claim(g.store, flow.ticket, PASSKEY_CONFIRM, &session, g.now_ms, &got), 0);
    assert_memory_equal(got.challenge, flow.challenge, WEBAUTHN_CHALLENGE);
    assert_int_equal(claim(flow.ticket, PASSKEY_CONFIRM, &session, 0), PASSKEY_NO_FLOW);

    flow = begun(PASSKEY_SIGN_IN, &nobody);
    assert_int_equal(claim(flow.ticket, PASSKEY_SIGN_IN, &nobody, PASSKEY_FLOW_MS),
                     PASSKEY_NO_FLOW);
    assert_int_equal(claim(flow.ticket, PASSKEY_SIGN_IN, &nobody, PASSKEY_FLOW_MS - 1), 0);
}

static void test_tickets(void **state)
{
    (void)state;
    struct passkey_flow flow = begun(PASSKEY_SIGN_IN, &nobody);
    char made_up[PASSKEY_TICKET_TEXT + 8];
    assert_int_equal(claim(NULL, PASSKEY_SIGN_IN, &nobody, 0), PASSKEY_NO_FLOW);
    assert_int_equal(claim("", PASSKEY_SIGN_IN, &nobody, 0), PASSKEY_NO_FLOW);
    for (size_t i = 0; i < PASSKEY_TICKET_TEXT - 1; i++) {
        memcpy(made_up, flow.ticket, PASSKEY_TICKET_TEXT);
        made_up[i] = made_up[i] == 'A' ? 'B' : 'A';
        assert_int_equal(claim(made_up, PASSKEY_SIGN_IN, &nobody, 0), PASSKEY_NO_FLOW);
        made_up[i] = '\0';
        assert_int_equal(claim(made_up, PASSKEY_SIGN_IN, &nobody, 0), PASSKEY_NO_FLOW);
    }
    snprintf(made_up, sizeof(made_up), "%sAAAA", flow.ticket);
    assert_int_equal(claim(made_up, PASSKEY_SIGN_IN, &nobody, 0), PASSKEY_NO_FLOW);
    assert_int_equal(claim(flow.ticket, PASSKEY_SIGN_IN, &nobody, 0), 0);
}

#define RUNNERS 8

struct runner {
    const char *ticket;
    int got;
};

static void *run(void *arg)
{
    struct runner *r = arg;
    r->got = claim(r->ticket, PASSKEY_SIGN_IN, &nobody, 0);
    return NULL;
}

static void test_one_of_many_gets_it(void **state)
{
    (void)state;
    struct passkey_flow flow = begun(PASSKEY_SIGN_IN, &nobody);
    pthread_t threads[RUNNERS];
    struct runner runners[RUNNERS];
    int won = 0;
    for (int i = 0; i < RUNNERS; i++) {
        runners[i] = (struct runner){flow.ticket, -1};
        assert_int_equal(pthread_create(&threads[i], NULL, run, &runners[i]), 0);
    }
    for (int i = 0; i < RUNNERS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(runners[i].got == 0 || runners[i].got == PASSKEY_NO_FLOW);
        won += runners[i].got == 0;
    }
    assert_int_equal(won, 1);
}

/* --- fresh ------------------------------------------------------------------------------------ */

static void test_fresh(void **state)
{
    (void)state;
    struct id subject = id_v4(), other = id_v4();
    struct session s = {
        .subject = subject, .kind = TOKEN_STAFF + 1, .role = "officer", .how = "password"};
    struct session_pair pair;
    assert_int_equal(session_begin(g.store, &g.sessions, &s, g.now_ms, &g.arena, &pair), 0);
    assert_false(session_fresh(&s, MINUTE, g.now_ms)); /* a password alone is not enough */
    assert_int_equal(session_prove(g.store, &s.id, &other, "passkey", g.now_ms), SESSION_INVALID);
    assert_int_equal(session_prove(g.store, &s.id, &subject, "passkey", g.now_ms), 0);
    assert_int_equal(session_get(g.store, &s.id, &g.arena, &s), 0);
    assert_true(session_fresh(&s, MINUTE, g.now_ms + MINUTE - 1));
    assert_false(session_fresh(&s, MINUTE, g.now_ms + MINUTE));
    assert_int_equal(session_end(g.store, &s.id, &subject, "signed_out", g.now_ms), 0);
    assert_int_equal(session_get(g.store, &s.id, &g.arena, &s), 0);
    assert_false(session_fresh(&s, MINUTE, g.now_ms));
    assert_int_equal(session_prove(g.store, &s.id, &subject, "passkey", g.now_ms), SESSION_INVALID);
}

static void test_user_says_nothing(void **state)
{
    (void)state;
    struct id staff = staff_id("officer.demo"), other = staff_id("leader.demo");
    struct id a = passkey_user(g.people.keyring, &staff),
              b = passkey_user(g.people.keyring, &other);
    assert_false(id_equal(&a, &b));
    assert_false(id_equal(&a, &staff));
    struct id again = passkey_user(g.people.keyring, &staff);
    assert_true(id_equal(&a, &again));
}

#define BOTH(test)                                                                                 \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down),                                      \
        cmocka_unit_test_setup_teardown(test, set_up_sqlite, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_kept),
        BOTH(test_ten),
        BOTH(test_last_way_in),
        BOTH(test_counts),
        BOTH(test_flow),
        BOTH(test_tickets),
        BOTH(test_one_of_many_gets_it),
        BOTH(test_fresh),
        BOTH(test_user_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
