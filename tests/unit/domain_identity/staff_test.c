/* Officials: Argon2id, codes that are good once, pauses, and what a role may do in which agency. */
#include "base/crypto/bytes.h"
#include "domain/case/case.h"
#include "tests/unit/domain_identity/people.h"

#define PASSWORD "mật khẩu dài và khó đoán"

static struct ground g;
static uint8_t secret[TOTP_SECRET];

static int set_up(void **state)
{
    (void)state;
    totp_secret_new(secret);
    return ground_begin(&g, false);
}

static int set_up_sqlite(void **state)
{
    (void)state;
    totp_secret_new(secret);
    return ground_begin(&g, true);
}

static int tear_down(void **state)
{
    (void)state;
    ground_end(&g);
    return 0;
}

static struct staff create(const char *user, const char *agency, int role)
{
    struct staff staff;
    struct staff_draft d = {.user = user,
                            .name = "Trần Quốc Huy",
                            .title = "Chuyên viên",
                            .agency = agency,
                            .password = PASSWORD,
                            .phone = "+84912345678",
                            .role = role,
                            .totp = secret,
                            .n_totp = sizeof(secret)};
    assert_int_equal(staff_create(g.store, g.scratch->keyring, &d, g.now_ms, &g.arena, &staff), 0);
    return staff;
}

static const char *code_at(int64_t ms)
{
    static char code[TOTP_DIGITS + 1];
    return totp_code(secret, ms / TOTP_STEP_MS, code);
}

static int64_t retry_ms;

static int sign_in(const char *user, const char *password, const char *code)
{
    struct staff staff;
    retry_ms = 0;
    return staff_sign_in(g.store, g.scratch->keyring, user, password, code, g.now_ms, &g.arena,
                         &staff, &retry_ms);
}

/* --- accounts --------------------------------------------------------------------------------- */

static void test_what_is_stored_of_an_account(void **state)
{
    (void)state;
    struct staff staff = create("huy", "H12.01", STAFF_OFFICER);
    assert_int_equal(strncmp(staff.password, "$argon2id$v=19$m=19456,t=2,p=1$", 31), 0);
    bson_t *doc = NULL;
    assert_int_equal(store_get(g.store, &staff_collection, &staff.id, &doc), 0);
    assert_null(memmem(bson_get_data(doc), doc->len, PASSWORD, strlen(PASSWORD)));
    assert_null(memmem(bson_get_data(doc), doc->len, secret, sizeof(secret)));
    assert_null(memmem(bson_get_data(doc), doc->len, "912345678", 9));
    bson_destroy(doc);
    const char *phone = NULL;
    assert_int_equal(staff_phone(g.scratch->keyring, &staff, &g.arena, &phone), 0);
    assert_string_equal(phone, "+84912345678");
    uint8_t opened[TOTP_SECRET];
    assert_int_equal(staff_totp(g.scratch->keyring, &staff, opened), 0);
    assert_memory_equal(opened, secret, sizeof(secret));

    struct staff_draft again = {.user = "huy", .password = "x", .role = STAFF_ADMIN};
    assert_int_equal(staff_create(g.store, g.scratch->keyring, &again, g.now_ms, &g.arena, &staff),
                     STAFF_TAKEN);
}

/* Two accounts of one password are not to be told by their hashes; secrets stay with whose they
 * are. */
static void test_accounts_share_nothing(void **state)
{
    (void)state;
    struct staff a = create("a", "H12.01", STAFF_OFFICER), b = create("b", "H12.01", STAFF_LEADER);
    assert_string_not_equal(a.password, b.password);
    struct entity_bytes kept = a.totp;
    uint8_t opened[TOTP_SECRET];
    a.totp = b.totp;
    assert_int_equal(staff_totp(g.scratch->keyring, &a, opened), E_CORRUPT);
    a.totp = kept;
    assert_int_equal(staff_totp(g.scratch->keyring, &a, opened), 0);
}

/* --- signing in ------------------------------------------------------------------------------- */

static void test_password_and_code(void **state)
{
    (void)state;
    create("huy", "H12.01", STAFF_OFFICER);
    assert_int_equal(sign_in("huy", PASSWORD, NULL), STAFF_WRONG);
    assert_int_equal(sign_in("huy", PASSWORD, "000000"), STAFF_WRONG);
    assert_int_equal(sign_in("huy", "khác", code_at(g.now_ms)), STAFF_WRONG);
    assert_int_equal(sign_in("Huy", PASSWORD, code_at(g.now_ms)), STAFF_WRONG);
    assert_int_equal(sign_in("nobody", PASSWORD, code_at(g.now_ms)), STAFF_WRONG);
    assert_int_equal(sign_in("huy", PASSWORD, code_at(g.now_ms)), 0);
}

static void test_a_code_is_good_once(void **state)
{
    (void)state;
    create("huy", "H12.01", STAFF_OFFICER);
    char code[TOTP_DIGITS + 1];
    memcpy(code, code_at(g.now_ms), sizeof(code));
    assert_int_equal(sign_in("huy", PASSWORD, code), 0);
    assert_int_equal(sign_in("huy", PASSWORD, code), STAFF_WRONG); /* seen over the shoulder */
    g.now_ms += TOTP_STEP_MS;
    assert_int_equal(sign_in("huy", PASSWORD, code), STAFF_WRONG); /* in its tolerance, but used */
    assert_int_equal(sign_in("huy", PASSWORD, code_at(g.now_ms - TOTP_STEP_MS)), STAFF_WRONG);
    assert_int_equal(sign_in("huy", PASSWORD, code_at(g.now_ms)), 0);
    /* A step ahead is tolerated; then the one before it is used up too. */
    assert_int_equal(sign_in("huy", PASSWORD, code_at(g.now_ms + TOTP_STEP_MS)), 0);
    assert_int_equal(sign_in("huy", PASSWORD, code_at(g.now_ms)), STAFF_WRONG);
    g.now_ms += 3 * TOTP_STEP_MS;
    assert_int_equal(sign_in("huy", PASSWORD, code_at(g.now_ms - 2 * TOTP_STEP_MS)), STAFF_WRONG);
}

/* Tries are few: Argon2 is slow, and a test is not to wait for it. */
static void test_wrong_tries_pause_the_account(void **state)
{
    (void)state;
    struct staff staff = create("huy", "H12.01", STAFF_OFFICER);
    create("lan", "H12.01", STAFF_OFFICER);
    for (int i = 0; i < STAFF_TRIES_MAX; i++)
        assert_int_equal(sign_in("huy", "sai", code_at(g.now_ms)), STAFF_WRONG);
    assert_int_equal(sign_in("huy", PASSWORD, code_at(g.now_ms)), STAFF_PAUSED);
    assert_int_equal(retry_ms, STAFF_PAUSE_MS);
    assert_int_equal(sign_in("lan", PASSWORD, code_at(g.now_ms)), 0); /* nobody else */
    g.now_ms += STAFF_PAUSE_MS - 1;
    assert_int_equal(sign_in("huy", PASSWORD, code_at(g.now_ms)), STAFF_PAUSED);
    g.now_ms += 1;
    assert_int_equal(sign_in("huy", PASSWORD, code_at(g.now_ms)), 0);
    assert_int_equal(staff_get(g.store, &staff.id, &g.arena, &staff), 0);
    assert_int_equal(staff.wrong, 0);
    assert_int_equal(staff.seen_ms, g.now_ms);
}

static void test_disabled_and_changed(void **state)
{
    (void)state;
    struct staff staff = create("huy", "H12.01", STAFF_OFFICER), now;
    struct staff_edit off = {.active = 0}, on = {.active = 1};
    assert_int_equal(staff_change(g.store, &staff.id, &off, &g.arena, &now), 0);
    assert_false(now.active);
    assert_int_equal(now.revision, staff.revision + 1);
    assert_int_equal(sign_in("huy", PASSWORD, code_at(g.now_ms)), STAFF_WRONG);
    assert_int_equal(staff_change(g.store, &staff.id, &on, &g.arena, &now), 0);
    struct staff_edit other = {.password = "mật khẩu mới", .active = -1};
    assert_int_equal(staff_change(g.store, &staff.id, &other, &g.arena, &now), 0);
    assert_true(now.active);
    assert_int_equal(sign_in("huy", PASSWORD, code_at(g.now_ms)), STAFF_WRONG);
    assert_int_equal(sign_in("huy", "mật khẩu mới", code_at(g.now_ms)), 0);
    struct id nobody = staff_id("nobody");
    assert_int_equal(staff_change(g.store, &nobody, &off, &g.arena, &now), STORE_ABSENT);
}

static void test_without_a_secret_the_password_serves(void **state)
{
    (void)state;
    struct staff staff;
    struct staff_draft d = {
        .user = "new", .agency = "H12.01", .password = PASSWORD, .role = STAFF_OFFICER};
    assert_int_equal(staff_create(g.store, g.scratch->keyring, &d, g.now_ms, &g.arena, &staff), 0);
    assert_int_equal(sign_in("new", PASSWORD, NULL), 0);
    assert_int_equal(sign_in("new", PASSWORD, NULL), 0);
    const char *phone = "x";
    assert_int_equal(staff_phone(g.scratch->keyring, &staff, &g.arena, &phone), 0);
    assert_null(phone);
}

/* --- roles ------------------------------------------------------------------------------------ */

static void test_whom_an_agency_has(void **state)
{
    (void)state;
    struct staff *list = NULL;
    size_t n = 0;
    create("a", "H12.01", STAFF_OFFICER);
    create("b", "H12.01", STAFF_LEADER);
    create("c", "H12.02", STAFF_OFFICER);
    struct staff gone = create("d", "H12.01", STAFF_OFFICER);
    struct staff_edit off = {.active = 0};
    assert_int_equal(staff_change(g.store, &gone.id, &off, &g.arena, &gone), 0);
    assert_int_equal(staff_of_agency(g.store, "H12.01", 0, &g.arena, &list, &n), 0);
    assert_int_equal(n, 2);
    assert_int_equal(staff_of_agency(g.store, "H12.01", STAFF_OFFICER, &g.arena, &list, &n), 0);
    assert_int_equal(n, 1);
    assert_string_equal(list[0].user, "a");
    struct id id = staff_id("a");
    assert_true(id_equal(&list[0].id, &id));
    assert_int_equal(staff_of_agency(g.store, "H12.03", 0, &g.arena, &list, &n), 0);
    assert_int_equal(n, 0);
}

/* What each role is to a case that an agency holds, its own or another's. */
static void test_roles_end_at_the_agency(void **state)
{
    (void)state;
    static const struct {
        struct case_actor actor;
        unsigned own, foreign;
    } roles[] = {
        {{.officer = true}, PARTY_OFFICER, 0},
        {{.leader = true}, PARTY_OFFICER | PARTY_LEADER, 0},
        {{.inspector = true}, PARTY_INSPECTOR, PARTY_INSPECTOR}, /* of the province */
        {{.dispatcher = true}, PARTY_DISPATCHER, PARTY_DISPATCHER},
        {{.system = true}, PARTY_SYSTEM, PARTY_SYSTEM},
        {{.citizen = true}, 0, 0},
        {{.citizen = false}, 0, 0}, /* an administrator */
    };
    struct case_head h = {.owner = id_v4(), .agency = "H12.01"};
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        struct case_actor actor = roles[i].actor;
        actor.id = id_v4();
        actor.agency = "H12.01";
        assert_int_equal(case_party_of(&h, &actor), roles[i].own);
        actor.agency = "H12.0"; /* not by a part of the code */
        assert_int_equal(case_party_of(&h, &actor), roles[i].foreign);
        actor.agency = NULL;
        assert_int_equal(case_party_of(&h, &actor), roles[i].foreign);
        actor.id = h.owner; /* an id alone makes nobody the owner */
        assert_int_equal(case_party_of(&h, &actor) & PARTY_OWNER,
                         roles[i].actor.citizen ? PARTY_OWNER : 0);
    }
    h.agency = NULL;
    struct case_actor officer = {.officer = true};
    assert_int_equal(case_party_of(&h, &officer), 0); /* nobody's case is not everybody's */
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
#define SQLITE_TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up_sqlite, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_stored_of_an_account),
        TEST(test_accounts_share_nothing),
        TEST(test_password_and_code),
        TEST(test_a_code_is_good_once),
        SQLITE_TEST(test_a_code_is_good_once),
        TEST(test_wrong_tries_pause_the_account),
        TEST(test_disabled_and_changed),
        TEST(test_without_a_secret_the_password_serves),
        TEST(test_whom_an_agency_has),
        SQLITE_TEST(test_whom_an_agency_has),
        TEST(test_roles_end_at_the_agency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
