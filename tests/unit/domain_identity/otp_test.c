/* One-time codes: six digits, five minutes, five tries, one use; and limits that hold. */
#include <pthread.h>

#include "tests/unit/domain_identity/people.h"

#define PHONE "+84912345678"

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

struct challenge {
    struct id id;
    char code[7];
    int64_t retry_ms;
};

static int begin_with(const struct otp_settings *set, const char *phone, const char *device,
                      const char *address, struct challenge *ret)
{
    struct otp_request r = {.phone = phone, .device = device, .address = address};
    *ret = (struct challenge){0};
    return otp_begin(&g.people, set, &r, g.now_ms, &ret->id, ret->code, &ret->retry_ms);
}

static struct challenge begin(void)
{
    struct challenge c;
    assert_int_equal(begin_with(&otp_settings_default, PHONE, NULL, "203.0.113.7", &c), 0);
    return c;
}

static int check(const struct challenge *c, const char *code)
{
    struct otp_proof proof;
    int done = otp_check(&g.people, &otp_settings_default, &c->id, code, g.now_ms, &proof);
    if (done == 0)
        assert_string_equal(proof.phone, PHONE);
    return done;
}

static int check_at(const struct challenge *c, const struct id *desk)
{
    struct otp_proof proof;
    return otp_check_at_desk(&g.people, &otp_settings_default, &c->id, desk, c->code, g.now_ms,
                             &proof);
}

/* A code that is not the one. */
static const char *wrong(const struct challenge *c)
{
    static char code[7];
    memcpy(code, c->code, sizeof(code));
    code[5] = (char)(code[5] == '9' ? '0' : code[5] + 1);
    return code;
}

/* --- codes ------------------------------------------------------------------------------------ */

/* What is told to an official is good for that official alone, and signs nobody in. */
static void test_told_at_a_desk(void **state)
{
    (void)state;
    const struct id officer = id_v4(), another = id_v4();
    struct otp_request r = {.phone = PHONE, .address = "203.0.113.7", .desk = officer};
    struct challenge told = {0}, signing_in = begin();
    assert_int_equal(otp_begin(&g.people, &otp_settings_default, &r, g.now_ms, &told.id, told.code,
                               &told.retry_ms),
                     0);
    assert_int_equal(check(&told, told.code), OTP_WRONG);
    assert_int_equal(check_at(&told, &another), OTP_WRONG);
    assert_int_equal(check_at(&told, &officer), 0);
    assert_int_equal(check_at(&told, &officer), OTP_OVER);
    assert_int_equal(check_at(&signing_in, &officer), OTP_WRONG);
    assert_int_equal(check(&signing_in, signing_in.code), 0);
}

static void test_six_digits(void **state)
{
    (void)state;
    struct otp_settings set = otp_settings_default;
    set.number_hour.max = set.number_day.max = set.device_hour.max = 1000;
    bool seen[10] = {false};
    for (int i = 0; i < 100; i++) {
        struct challenge c;
        assert_int_equal(begin_with(&set, PHONE, NULL, NULL, &c), 0);
        assert_int_equal(strlen(c.code), 6);
        assert_int_equal(strspn(c.code, "0123456789"), 6);
        seen[c.code[0] - '0'] = true;
    }
    for (int i = 0; i < 10; i++)
        assert_true(seen[i]); /* a leading zero too */
}

static void test_right_once(void **state)
{
    (void)state;
    struct challenge c = begin();
    assert_int_equal(check(&c, c.code), 0);
    assert_int_equal(check(&c, c.code), OTP_OVER);
    assert_int_equal(check(&c, wrong(&c)), OTP_OVER);
}

static void test_five_minutes(void **state)
{
    (void)state;
    struct challenge a = begin(), b = begin();
    g.now_ms += 5 * MINUTE - 1;
    assert_int_equal(check(&a, a.code), 0);
    g.now_ms += 1;
    assert_int_equal(check(&b, b.code), OTP_OVER);
}

static void test_five_tries(void **state)
{
    (void)state;
    struct challenge a = begin(), b = begin();
    for (int i = 0; i < 4; i++)
        assert_int_equal(check(&a, wrong(&a)), OTP_WRONG);
    assert_int_equal(check(&a, a.code), 0); /* the fifth */
    for (int i = 0; i < 5; i++)
        assert_int_equal(check(&b, wrong(&b)), OTP_WRONG);
    assert_int_equal(check(&b, b.code), OTP_OVER);
}

static void test_what_is_no_code_is_no_try(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "1", "12345", "1234567", "123456 ", "      7"};
    struct challenge c = begin();
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        assert_int_equal(check(&c, texts[i]), OTP_WRONG);
    assert_int_equal(check(&c, c.code), 0);
}

static void test_codes_belong_to_their_challenge(void **state)
{
    (void)state;
    struct challenge a = begin(), b = begin();
    while (strcmp(a.code, b.code) == 0) {
        g.now_ms += HOUR;
        b = begin();
    }
    a = begin();
    if (strcmp(a.code, b.code) != 0)
        assert_int_equal(check(&a, b.code), OTP_WRONG);
    struct challenge unknown = {.id = id_v4()};
    assert_int_equal(check(&unknown, "123456"), OTP_OVER);
    assert_int_equal(check(&b, b.code), 0);
}

/* Neither number nor code stands in the store. */
static void test_nothing_is_told_by_the_store(void **state)
{
    (void)state;
    struct challenge c = begin();
    bson_t *doc = NULL;
    assert_int_equal(store_get(g.store, &otp_collection, &c.id, &doc), 0);
    assert_null(memmem(bson_get_data(doc), doc->len, "912345678", 9));
    assert_null(memmem(bson_get_data(doc), doc->len, c.code, 6));
    bson_destroy(doc);
    assert_int_equal(keyring_rotate(g.scratch->keyring, 0), 0);
    assert_int_equal(check(&c, c.code), 0); /* it outlives a rotation */
}

#define CROWD 8

struct trying {
    pthread_t thread;
    pthread_barrier_t *start;
    const struct challenge *challenge;
    const char *code;
    int done;
};

static void *try_it(void *ctx)
{
    struct trying *me = ctx;
    struct otp_proof proof;
    pthread_barrier_wait(me->start);
    me->done =
        otp_check(&g.people, &otp_settings_default, &me->challenge->id, me->code, g.now_ms, &proof);
    return NULL;
}

static void try_at_once(const struct challenge *c, const char *code, int counts[3])
{
    struct trying crowd[CROWD];
    pthread_barrier_t start;
    assert_int_equal(pthread_barrier_init(&start, NULL, CROWD), 0);
    for (size_t i = 0; i < CROWD; i++) {
        crowd[i] = (struct trying){.start = &start, .challenge = c, .code = code};
        assert_int_equal(pthread_create(&crowd[i].thread, NULL, try_it, &crowd[i]), 0);
    }
    memset(counts, 0, 3 * sizeof(counts[0]));
    for (size_t i = 0; i < CROWD; i++) {
        pthread_join(crowd[i].thread, NULL);
        counts[crowd[i].done == 0 ? 0 : crowd[i].done == OTP_WRONG ? 1 : 2]++;
    }
    pthread_barrier_destroy(&start);
}

/* Eight at once: the right code serves one of them, and five guesses are five. */
static void test_tries_at_once(void **state)
{
    (void)state;
    int counts[3];
    struct challenge a = begin(), b = begin();
    try_at_once(&a, a.code, counts);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[2], CROWD - 1);
    try_at_once(&b, wrong(&b), counts);
    assert_int_equal(counts[0], 0);
    assert_int_equal(counts[1], 5);
    assert_int_equal(counts[2], CROWD - 5);
}

/* --- limits ----------------------------------------------------------------------------------- */

static void test_limit_by_number(void **state)
{
    (void)state;
    struct challenge c;
    char device[] = "device 0";
    g.now_ms = NOON;
    for (int i = 0; i < 5; i++) {
        device[7] = (char)('0' + i); /* another device does not help */
        assert_int_equal(begin_with(&otp_settings_default, PHONE, device, NULL, &c), 0);
    }
    g.now_ms += 20 * MINUTE;
    assert_int_equal(begin_with(&otp_settings_default, PHONE, "device 9", NULL, &c), OTP_LIMITED);
    assert_int_equal(c.retry_ms, 40 * MINUTE);
    assert_int_equal(begin_with(&otp_settings_default, "+84987654321", "x", NULL, &c), 0);
    g.now_ms = NOON + HOUR; /* five more, which are the ten of the day */
    for (int i = 0; i < 5; i++)
        assert_int_equal(begin_with(&otp_settings_default, PHONE, NULL, NULL, &c), 0);
    g.now_ms = NOON + 2 * HOUR;
    assert_int_equal(begin_with(&otp_settings_default, PHONE, NULL, NULL, &c), OTP_LIMITED);
    assert_true(c.retry_ms > HOUR && c.retry_ms <= DAY);
    g.now_ms += c.retry_ms;
    assert_int_equal(begin_with(&otp_settings_default, PHONE, NULL, NULL, &c), 0);
}

/* Many numbers from one device, or from one address. */
static void expect_limit(const struct otp_settings *set, const char *device, const char *address,
                         int max)
{
    struct challenge c;
    for (int i = 0; i < max; i++) {
        char phone[] = "+84912345600";
        phone[10] = (char)('0' + g.now_ms % 10);
        phone[11] = (char)('0' + i);
        assert_int_equal(begin_with(set, phone, device, address, &c), 0);
    }
    assert_int_equal(begin_with(set, "+84999999999", device, address, &c), OTP_LIMITED);
    assert_int_equal(c.retry_ms, HOUR - g.now_ms % HOUR);
}

static void test_limit_by_device_and_address(void **state)
{
    (void)state;
    struct challenge c;
    expect_limit(&otp_settings_default, "one device", NULL, 10);
    assert_int_equal(begin_with(&otp_settings_default, "+84999999999", "another", NULL, &c), 0);
    struct otp_settings few = otp_settings_default;
    few.address_hour.max = 7;
    g.now_ms += 1;
    expect_limit(&few, NULL, "203.0.113.7", 7);
    assert_int_equal(begin_with(&few, "+84999999998", NULL, "203.0.113.8", &c), 0);
}

/* What a day's messages may cost in all. */
static void test_limit_of_all(void **state)
{
    (void)state;
    struct otp_settings few = otp_settings_default;
    struct challenge c;
    few.all_day.max = 12;
    for (int i = 0; i < 12; i++) {
        char phone[] = "+84912345600";
        phone[10] = (char)('0' + i / 10);
        phone[11] = (char)('0' + i % 10);
        assert_int_equal(begin_with(&few, phone, NULL, NULL, &c), 0);
    }
    assert_int_equal(begin_with(&few, "+84987654321", NULL, NULL, &c), OTP_LIMITED);
    g.now_ms += c.retry_ms - 1;
    assert_int_equal(begin_with(&few, "+84987654321", NULL, NULL, &c), OTP_LIMITED);
    g.now_ms += 1;
    assert_int_equal(begin_with(&few, "+84987654321", NULL, NULL, &c), 0);
}

/* Paid numbers abroad are asked for in runs; numbers of this country are not counted by prefix. */
static void test_limit_of_a_prefix_abroad(void **state)
{
    (void)state;
    struct otp_settings few = otp_settings_default;
    struct challenge c;
    few.prefix_day.max = 3;
    assert_int_equal(begin_with(&few, "+19005550101", NULL, NULL, &c), 0);
    assert_int_equal(begin_with(&few, "+19005550102", NULL, NULL, &c), 0);
    assert_int_equal(begin_with(&few, "+19007770103", NULL, NULL, &c), 0);
    assert_int_equal(begin_with(&few, "+19005550104", NULL, NULL, &c), OTP_LIMITED);
    assert_int_equal(begin_with(&few, "+85512345678", NULL, NULL, &c), 0);
    for (int i = 0; i < 5; i++) {
        char phone[] = "+84912345600";
        phone[11] = (char)('0' + i);
        assert_int_equal(begin_with(&few, phone, NULL, NULL, &c), 0);
    }
}

static void test_windows_are_swept(void **state)
{
    (void)state;
    size_t removed = 0;
    begin();
    assert_int_equal(expiry_sweep(g.store, &otp_collection, g.now_ms, 100, &removed), 0);
    assert_int_equal(removed, 0);
    g.now_ms += 2 * DAY;
    assert_int_equal(expiry_sweep(g.store, &otp_collection, g.now_ms, 100, &removed), 0);
    assert_int_equal(removed, 1);
    assert_int_equal(expiry_sweep(g.store, &limit_collection, g.now_ms, 2, &removed), 0);
    assert_int_equal(removed, 2); /* at most so many at once */
    assert_int_equal(expiry_sweep(g.store, &limit_collection, g.now_ms, 100, &removed), 0);
    assert_int_equal(removed, 2); /* by number and hour, number and day, address, all */
    struct challenge c = begin(); /* and everything is as on the first day */
    assert_int_equal(check(&c, c.code), 0);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
#define SQLITE_TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up_sqlite, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_told_at_a_desk),
        TEST(test_six_digits),
        TEST(test_right_once),
        TEST(test_five_minutes),
        TEST(test_five_tries),
        TEST(test_what_is_no_code_is_no_try),
        TEST(test_codes_belong_to_their_challenge),
        TEST(test_nothing_is_told_by_the_store),
        TEST(test_tries_at_once),
        SQLITE_TEST(test_tries_at_once),
        TEST(test_limit_by_number),
        SQLITE_TEST(test_limit_by_number),
        TEST(test_limit_by_device_and_address),
        TEST(test_limit_of_all),
        TEST(test_limit_of_a_prefix_abroad),
        TEST(test_windows_are_swept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
