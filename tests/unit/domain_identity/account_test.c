/* Accounts from opening to end; and which passwords are taken. */
#include "base/crypto/bytes.h"
#include "domain/staff/account.h"
#include "domain/staff/password_rule.h"
#include "tests/unit/domain_identity/people.h"

#define PASSWORD "một câu dài của riêng tôi"

static struct ground g;
static const struct staff_doer admin = {.id = {{1}}, .user = "quan.tri", .agency = "H12.01"};
static const struct staff_doer second = {.id = {{2}}, .user = "lanh.dao", .agency = "H12.01"};

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

static struct account_change by(const struct staff_doer *doer)
{
    return (struct account_change){.store = g.store,
                                   .keys = g.scratch->keyring,
                                   .doer = doer,
                                   .now_ms = g.now_ms,
                                   .if_revision = STORE_ANY_REVISION,
                                   .arena = &g.arena};
}

static struct staff open_account(const char *user, int role, char code[STAFF_CODE_TEXT])
{
    struct staff staff;
    struct account_change c = by(&admin);
    struct store_write write = store_write_fresh();
    struct staff_draft d = {
        .user = user, .name = "Lan", .title = "Chuyên viên", .agency = "H12.01", .role = role};
    assert_int_equal(account_open(&c, &d, &write, code, &staff), 0);
    return staff;
}

static int activate(const char *user, const char *code, const char *password)
{
    struct staff staff;
    account_codes codes;
    uint8_t secret[TOTP_SECRET] = {0};
    char totp[TOTP_DIGITS + 1];
    int64_t retry_ms = 0;
    struct account_change c = by(&(const struct staff_doer){0});
    int done = account_look(&c, user, code, &staff, &retry_ms);
    if (done != 0)
        return done;
    assert_int_equal(staff_totp_next(g.scratch->keyring, &staff, secret), 0);
    struct account_activation in = {user, code, password,
                                    totp_code(secret, g.now_ms / TOTP_STEP_MS, totp)};
    return account_activate(&c, &in, codes, &staff, &retry_ms);
}

static struct staff opened(const char *user, int role)
{
    char code[STAFF_CODE_TEXT];
    struct staff staff = open_account(user, role, code);
    assert_int_equal(activate(user, code, PASSWORD), 0);
    assert_int_equal(staff_get(g.store, &staff.id, &g.arena, &staff), 0);
    return staff;
}

static size_t acts_of(const struct id *to)
{
    struct store_value value = store_id(*to);
    struct store_condition of = {.field = "to", .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_query q = {.conditions = &of, .n_conditions = 1, .order = "at", .limit = 200};
    struct store_page page;
    assert_int_equal(store_scan(g.store, &staff_act_collection, &q, &g.arena, &page), 0);
    return page.n;
}

/* --- codes ------------------------------------------------------------------------------------ */

static void test_a_code_opens_once_and_in_time(void **state)
{
    (void)state;
    char code[STAFF_CODE_TEXT], other[STAFF_CODE_TEXT];
    struct staff staff = open_account("lan", STAFF_OFFICER, code);
    open_account("hoa", STAFF_OFFICER, other);
    assert_int_equal(activate("lan", other, PASSWORD), ACCOUNT_UNKNOWN_CODE);
    assert_int_equal(activate("nobody", code, PASSWORD), ACCOUNT_UNKNOWN_CODE);
    g.now_ms += STAFF_ACTIVATION_MS;
    assert_int_equal(activate("lan", code, PASSWORD), ACCOUNT_UNKNOWN_CODE);
    g.now_ms -= 1;
    assert_int_equal(activate("lan", code, "ngắn"), PASSWORD_SHORT);
    assert_int_equal(activate("lan", code, PASSWORD), 0);
    assert_int_equal(activate("lan", code, PASSWORD), ACCOUNT_UNKNOWN_CODE);
    assert_int_equal(acts_of(&staff.id), 2);
    struct account_change c = by(&admin);
    assert_int_equal(account_code(&c, &staff.id, code, &staff), ACCOUNT_ACTIVE);
}

static void test_nothing_of_a_code_is_kept(void **state)
{
    (void)state;
    char code[STAFF_CODE_TEXT];
    struct staff staff = open_account("lan", STAFF_OFFICER, code);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    assert_int_equal(store_get(g.store, &staff_collection, &staff.id, &doc), 0);
    assert_null(memmem(bson_get_data(doc), doc->len, code, 4));
    struct entity_bytes a = staff_code_hash(&staff.id, code, &g.arena);
    struct id other = staff_id("hoa");
    struct entity_bytes b = staff_code_hash(&other, code, &g.arena);
    assert_memory_not_equal(a.data, b.data, a.n);
}

/* --- two persons ------------------------------------------------------------------------------ */

static void test_reset_takes_two(void **state)
{
    (void)state;
    char code[STAFF_CODE_TEXT];
    struct staff staff = opened("lan", STAFF_OFFICER), after;
    struct staff_doer self = {staff.id, "lan", "H12.01", NULL};
    struct account_change a = by(&admin), b = by(&second), own = by(&self);
    assert_int_equal(account_reset_ask(&own, &staff.id, STAFF_ACTIVATE_TOTP, "x", &after),
                     ACCOUNT_OWN);
    assert_int_equal(account_reset_ask(&a, &staff.id, STAFF_ACTIVATE_TOTP, "mất máy", &after), 0);
    struct id reset = after.reset.id;
    assert_int_equal(account_reset_ask(&b, &staff.id, STAFF_ACTIVATE_ALL, "x", &after),
                     ACCOUNT_PENDING);
    assert_int_equal(account_reset_confirm(&a, &staff.id, &reset, code, &after), ACCOUNT_SAME);
    assert_int_equal(account_reset_confirm(&own, &staff.id, &reset, code, &after), ACCOUNT_OWN);
    assert_int_equal(account_reset_confirm(&b, &staff.id, &staff.id, code, &after),
                     ACCOUNT_NO_RESET);
    assert_int_equal(staff_get(g.store, &staff.id, &g.arena, &after), 0);
    assert_true(after.totp.n > 0);
    b.now_ms += STAFF_RESET_MS;
    assert_int_equal(account_reset_confirm(&b, &staff.id, &reset, code, &after), ACCOUNT_NO_RESET);
    b.now_ms -= 1;
    assert_int_equal(account_reset_confirm(&b, &staff.id, &reset, code, &after), 0);
    assert_int_equal(after.totp.n, 0);
    assert_int_equal(after.recovery.n, 0);
    assert_non_null(after.password);
    int64_t retry_ms = 0;
    assert_int_equal(staff_sign_in(g.store, g.scratch->keyring, "lan", PASSWORD, NULL, g.now_ms,
                                   &g.arena, &after, &retry_ms),
                     STAFF_WRONG);
    assert_int_equal(activate("lan", code, "mật khẩu của ai khác"), STAFF_WRONG);
    assert_int_equal(activate("lan", code, PASSWORD), 0);
}

static int confirmed_by(const struct staff *who, int64_t now_ms, const struct staff *of)
{
    char code[STAFF_CODE_TEXT];
    struct staff after;
    struct staff_doer doer = {who->id, who->user, "H12.01", NULL};
    struct account_change c = by(&doer);
    c.now_ms = now_ms;
    return account_reset_confirm(&c, &of->id, &of->reset.id, code, &after);
}

/* Who opens an account can sign in with it: it is no second person beside them. */
static void test_nobody_makes_their_own_second_person(void **state)
{
    (void)state;
    int was = 0;
    struct staff lan = opened("lan", STAFF_OFFICER), puppet = opened("puppet", STAFF_LEADER), after;
    struct staff_doer puppets = {puppet.id, "puppet", "H12.01", NULL};
    struct account_change a = by(&admin), p = by(&puppets);
    struct account_edit promote = {.role = STAFF_ADMIN};
    struct staff_draft draft = {
        .user = "second", .name = "A", .title = "B", .role = STAFF_LEADER, .agency = "H12.01"};
    struct staff of_puppet;
    char code[STAFF_CODE_TEXT];
    struct store_write write = store_write_fresh();
    assert_int_equal(account_open(&p, &draft, &write, code, &of_puppet), 0);
    assert_int_equal(account_reset_ask(&a, &lan.id, STAFF_ACTIVATE_ALL, "x", &lan), 0);
    assert_int_equal(confirmed_by(&puppet, g.now_ms, &lan), ACCOUNT_KIN);
    assert_int_equal(confirmed_by(&of_puppet, g.now_ms, &lan), ACCOUNT_KIN);
    /* The other way round, and two who were opened by the same. */
    assert_int_equal(account_reset_drop(&a, &lan.id, &lan.reset.id, &after), 0);
    assert_int_equal(account_reset_ask(&p, &lan.id, STAFF_ACTIVATE_ALL, "x", &lan), 0);
    struct staff admins = {.id = admin.id, .user = "admin"}, other = opened("other", STAFF_LEADER);
    assert_int_equal(confirmed_by(&admins, g.now_ms, &lan), ACCOUNT_KIN);
    assert_int_equal(confirmed_by(&other, g.now_ms, &lan), ACCOUNT_KIN);
    /* After so long they are taken for who they say; a new role begins it anew. */
    int64_t later_ms = g.now_ms + STAFF_VOUCHED_MS;
    a.now_ms = p.now_ms = later_ms;
    assert_int_equal(account_reset_ask(&a, &lan.id, STAFF_ACTIVATE_ALL, "x", &lan), 0);
    assert_int_equal(account_change(&a, &puppet.id, &promote, &after, &was), 0);
    assert_int_equal(confirmed_by(&puppet, later_ms, &lan), ACCOUNT_KIN);
    assert_int_equal(confirmed_by(&other, later_ms, &lan), 0);
}

static void test_a_long_chain_makes_no_stranger(void **state)
{
    (void)state;
    static const char *const users[] = {"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9"};
    struct staff lan = opened("lan", STAFF_OFFICER), last = opened("a0", STAFF_LEADER);
    for (size_t i = 0; i < ARRAY_LEN(users); i++) {
        struct staff_doer doer = {last.id, last.user, "H12.01", NULL};
        struct account_change c = by(&doer);
        struct staff_draft draft = {
            .user = users[i], .name = "A", .title = "B", .role = STAFF_LEADER, .agency = "H12.01"};
        struct store_write write = store_write_fresh();
        char code[STAFF_CODE_TEXT];
        assert_int_equal(account_open(&c, &draft, &write, code, &last), 0);
    }
    struct account_change a = by(&admin);
    assert_int_equal(account_reset_ask(&a, &lan.id, STAFF_ACTIVATE_ALL, "x", &lan), 0);
    assert_int_equal(confirmed_by(&last, g.now_ms, &lan), ACCOUNT_KIN);
}

/* --- administrators --------------------------------------------------------------------------- */

static void test_the_last_administrator_stays(void **state)
{
    (void)state;
    char code[STAFF_CODE_TEXT];
    int was = 0;
    struct staff one = opened("mot", STAFF_ADMIN), after;
    struct staff two = open_account("hai", STAFF_ADMIN, code);
    struct account_change c = by(&admin);
    struct account_edit demote = {.role = STAFF_OFFICER};
    assert_int_equal(account_end(&c, &one.id, "x", &after), ACCOUNT_LAST_ADMIN);
    assert_int_equal(account_change(&c, &one.id, &demote, &after, &was), ACCOUNT_LAST_ADMIN);
    assert_int_equal(activate("hai", code, PASSWORD), 0);
    /* One who is about to leave does not count, until that is done or given up. */
    assert_int_equal(admins_leave(g.store, "H12.01", &two.id, g.now_ms, &g.arena), 0);
    assert_int_equal(account_end(&c, &one.id, "x", &after), ACCOUNT_LAST_ADMIN);
    assert_int_equal(admins_left(g.store, "H12.01", &two.id), 0);
    assert_int_equal(account_change(&c, &one.id, &demote, &after, &was), 0);
    assert_int_equal(was, STAFF_ADMIN);
    assert_int_equal(account_end(&c, &two.id, "x", &after), ACCOUNT_LAST_ADMIN);
}

static void test_an_act_is_not_lost_where_the_log_is_late(void **state)
{
    (void)state;
    struct staff staff = opened("lan", STAFF_OFFICER);
    int64_t retry_ms = 0;
    char codes[STAFF_RECOVERY_CODES][STAFF_CODE_TEXT];
    struct staff_doer self = {staff.id, "lan", "H12.01", NULL};
    struct account_change own = by(&self);
    assert_int_equal(account_recovery(&own, &staff.id, codes), 0);
    size_t before = acts_of(&staff.id);
    assert_int_equal(staff_sign_in(g.store, g.scratch->keyring, "lan", PASSWORD, codes[0], g.now_ms,
                                   &g.arena, &staff, &retry_ms),
                     0);
    assert_int_equal(acts_of(&staff.id), before); /* it stands in the document */
    assert_int_equal(staff_acts_sweep(g.store, &staff_collection, 100), 0);
    assert_int_equal(acts_of(&staff.id), before + 1);
    assert_int_equal(staff_acts_sweep(g.store, &staff_collection, 100), 0);
    assert_int_equal(acts_of(&staff.id), before + 1);
}

/* --- passwords -------------------------------------------------------------------------------- */

static void test_passwords(void **state)
{
    (void)state;
    static const struct {
        const char *password;
        int outcome;
    } cases[] = {
        {"", PASSWORD_SHORT},
        {"mười một k ", PASSWORD_SHORT},
        {"đủ mười hai", PASSWORD_SHORT},
        {"đủ mười hai!", 0},
        {"correct horse battery", 0},
        {"1qaz2wsx3edc4rfv", PASSWORD_COMMON},
        {"Password1234", PASSWORD_COMMON},
        {"12345matkhau!!", PASSWORD_COMMON},
        {"Mật khẩu 2026 !", 0},
        {"zzzzzzzzzzzzzz", PASSWORD_PATTERN},
        {"xyz9xyz9xyz9xyz9", PASSWORD_PATTERN},
        {"987654321098", PASSWORD_PATTERN},
        {"abcdefghijklm", PASSWORD_PATTERN},
        {"tran.quoc.huy", PASSWORD_PERSONAL},
        {"tran.quoc.huy1", PASSWORD_PERSONAL},
        {"tran.quoc.huy thích câu cá", 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(password_rule(cases[i].password, "tran.quoc.huy", &g.arena),
                         cases[i].outcome);
    char *longest = arena_alloc(&g.arena, 300);
    for (size_t i = 0; i < 299; i++)
        longest[i] = (char)('a' + (i * 7 + i / 5) % 26);
    longest[299] = '\0';
    assert_int_equal(password_rule(longest, NULL, &g.arena), PASSWORD_LONG);
    for (size_t i = 1; i < password_common_n; i++)
        assert_true(strcmp(password_common[i - 1], password_common[i]) < 0);
    for (int fault = PASSWORD_SHORT; fault <= PASSWORD_PERSONAL; fault++)
        assert_string_not_equal(password_fault_words(fault, 0), password_fault_words(fault, 1));
}

#define WITH_GROUND(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_GROUND(test_a_code_opens_once_and_in_time),
        WITH_GROUND(test_nothing_of_a_code_is_kept),
        WITH_GROUND(test_reset_takes_two),
        WITH_GROUND(test_nobody_makes_their_own_second_person),
        WITH_GROUND(test_a_long_chain_makes_no_stranger),
        WITH_GROUND(test_the_last_administrator_stays),
        WITH_GROUND(test_an_act_is_not_lost_where_the_log_is_late),
        WITH_GROUND(test_passwords),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
