/* Persons: numbers, what is sealed under a key of one's own, and what is left when the key goes. */
#include <pthread.h>

#include "base/crypto/mac.h"
#include "tests/unit/domain_identity/people.h"

#define PHONE "+84912345678"
#define NAME "Nguyễn Thị Mỹ Duyên"

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

/* --- numbers ---------------------------------------------------------------------------------- */

static void test_numbers_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text, *parsed;
    } numbers[] = {
        {"0912345678", PHONE},
        {"0912 345 678", PHONE},
        {"0912.345.678", PHONE},
        {"(091) 234-5678", PHONE},
        {"+84912345678", PHONE},
        {"+84 912 345 678", PHONE},
        {"84912345678", PHONE},
        {"(+84) 912 345 678", PHONE},
        {" 0912345678 ", PHONE},
        {"0321234567", "+84321234567"},
        {"0391234567", "+84391234567"},
        {"0521234567", "+84521234567"},
        {"0561234567", "+84561234567"},
        {"0591234567", "+84591234567"},
        {"0701234567", "+84701234567"},
        {"0791234567", "+84791234567"},
        {"0811234567", "+84811234567"},
        {"0991234567", "+84991234567"},
        /* other countries, with their code */
        {"+855 12 345 678", "+85512345678"},
        {"+1 (202) 555-0143", "+12025550143"},
        {"+65 8123 4567", "+6581234567"},
        {"+123456789012345", "+123456789012345"},
        {"+12345678", "+12345678"},
    };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        char parsed[PERSON_PHONE_TEXT] = "";
        if (!phone_parse(numbers[i].text, parsed))
            fail_msg("%s is refused", numbers[i].text);
        assert_string_equal(parsed, numbers[i].parsed);
        char again[PERSON_PHONE_TEXT] = "";
        assert_true(phone_parse(parsed, again)); /* what is parsed parses to itself */
        assert_string_equal(again, parsed);
    }
}

static void test_what_is_no_number(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "+",
        "0",
        "091234567",
        "09123456789",
        "091234567a",
        "O912345678",
        "0912345678x",
        "0290123456", /* a land line, and no message reaches it */
        "0312345678", /* no prefix in use */
        "0511234567",
        "0571234567",
        "0711234567",
        "0801234567",
        "0951234567",
        "0001234567",
        "+84812345",
        "+840912345678",
        "+8491234567",
        "+849123456789",
        "+84290123456",
        "12025550143", /* another country's, without its + */
        "+0123456789",
        "+1234567",
        "+1234567890123456",
        "++84912345678",
        "0912+345678",
        "٠٩١٢٣٤٥٦٧٨", /* digits, but not these */
        "0912345678\n",
        "0912;345678",
        "+84912345678,+84912345679",
        "+1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1",
        "((((((((((((((((((((((((((((((0912345678))))))))))))))))))))))",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        char parsed[PERSON_PHONE_TEXT] = "";
        if (phone_parse(texts[i], parsed))
            fail_msg("%s is taken for %s", texts[i], parsed);
    }
}

/* --- signing in ------------------------------------------------------------------------------- */

static struct person person_of(const char *phone)
{
    struct person person;
    assert_int_equal(person_of_phone(&g.people, phone, "vi", g.now_ms, &g.arena, &person), 0);
    return person;
}

static void test_a_number_is_one_person(void **state)
{
    (void)state;
    struct person a = person_of(PHONE), again = person_of(PHONE), b = person_of("+84987654321");
    assert_true(id_equal(&a.id, &again.id));
    assert_false(id_equal(&a.id, &b.id));
    assert_string_equal(again.language, "vi");
    const char *phone = NULL;
    assert_int_equal(person_phone(&g.people, &again, &g.arena, &phone), 0);
    assert_string_equal(phone, PHONE);
}

#define CROWD 8

struct signing_in {
    pthread_t thread;
    pthread_barrier_t *start;
    const char *phone;
    struct person person;
    int done;
};

static void *sign_in(void *ctx)
{
    struct signing_in *me = ctx;
    struct arena arena;
    arena_init(&arena);
    pthread_barrier_wait(me->start);
    me->done = person_of_phone(&g.people, me->phone, "vi", g.now_ms, &arena, &me->person);
    arena_release(&arena);
    return NULL;
}

static size_t count(struct store *s, const struct store_collection *c)
{
    struct store_query q = {.order = "_id", .limit = STORE_LIMIT_MAX};
    struct store_page page;
    assert_int_equal(store_scan(s, c, &q, &g.arena, &page), 0);
    return page.n;
}

/* Many first sign-ins of one number at once: one person, one key, one login, whoever was first. */
static void test_first_sign_ins_at_once(void **state)
{
    (void)state;
    for (int round = 0; round < 6; round++) {
        struct signing_in crowd[CROWD] = {0};
        pthread_barrier_t start;
        char phone[] = PHONE;
        phone[strlen(phone) - 1] = (char)('0' + round);
        assert_int_equal(pthread_barrier_init(&start, NULL, CROWD), 0);
        for (size_t i = 0; i < CROWD; i++) {
            crowd[i].start = &start;
            crowd[i].phone = phone;
            assert_int_equal(pthread_create(&crowd[i].thread, NULL, sign_in, &crowd[i]), 0);
        }
        for (size_t i = 0; i < CROWD; i++)
            pthread_join(crowd[i].thread, NULL);
        pthread_barrier_destroy(&start);
        for (size_t i = 0; i < CROWD; i++) {
            assert_int_equal(crowd[i].done, 0);
            assert_true(id_equal(&crowd[i].person.id, &crowd[0].person.id));
        }
        assert_int_equal(count(g.store, &person_collection), round + 1);
        assert_int_equal(count(g.store, &login_collection), round + 1);
        assert_int_equal(count(g.keys, &person_key_collection), round + 1);
    }
}

/* --- what is sealed --------------------------------------------------------------------------- */

static bool doc_has(const bson_t *doc, const char *words)
{
    return memmem(bson_get_data(doc), doc->len, words, strlen(words)) != NULL;
}

/* The document, as a thief of the data would read it. */
static bson_t *stored(const struct store_collection *c, const struct id *id)
{
    bson_t *doc = NULL;
    assert_int_equal(store_get(g.store, c, id, &doc), 0);
    return doc;
}

static void test_name_and_number_are_sealed(void **state)
{
    (void)state;
    struct person person = person_of(PHONE), named;
    assert_int_equal(
        person_rename(&g.people, &person.id, NAME, "en", STORE_ANY_REVISION, &g.arena, &named), 0);
    const char *name = NULL, *phone = NULL;
    assert_int_equal(person_name(&g.people, &named, &g.arena, &name), 0);
    assert_int_equal(person_phone(&g.people, &named, &g.arena, &phone), 0);
    assert_string_equal(name, NAME);
    assert_string_equal(phone, PHONE);
    assert_string_equal(named.language, "en");
    assert_int_equal(named.revision, person.revision + 1);

    bson_t *doc = stored(&person_collection, &person.id);
    assert_false(doc_has(doc, "912345678"));
    assert_false(doc_has(doc, "Duyên"));
    bson_destroy(doc);
    struct id login = mac_lookup_id(g.scratch->keyring, "login.phone", PHONE, strlen(PHONE));
    doc = stored(&login_collection, &login);
    assert_false(doc_has(doc, "912345678"));
    bson_destroy(doc);

    /* Sealed words are bound to their field and their person. */
    struct person other = person_of("+84987654321"), swapped = named;
    swapped.name = named.phone;
    assert_int_equal(person_name(&g.people, &swapped, &g.arena, &name), E_CORRUPT);
    other.phone = named.phone;
    assert_int_equal(person_phone(&g.people, &other, &g.arena, &phone), E_CORRUPT);
}

static void test_names_come_and_go(void **state)
{
    (void)state;
    struct person person = person_of(PHONE), now;
    const char *name = "x";
    assert_int_equal(person_name(&g.people, &person, &g.arena, &name), 0);
    assert_null(name);
    assert_int_equal(person_rename(&g.people, &person.id, NAME, NULL, 1, &g.arena, &now), 0);
    assert_int_equal(person_rename(&g.people, &person.id, "Khác", NULL, 1, &g.arena, &now),
                     STORE_REVISED);
    assert_int_equal(person_rename(&g.people, &person.id, NULL, "en", 2, &g.arena, &now), 0);
    assert_int_equal(person_name(&g.people, &now, &g.arena, &name), 0);
    assert_string_equal(name, NAME); /* NULL leaves it */
    assert_int_equal(person_rename(&g.people, &person.id, "", NULL, 3, &g.arena, &now), 0);
    assert_int_equal(person_name(&g.people, &now, &g.arena, &name), 0);
    assert_null(name);
}

/* A rotated keyring still opens what the older one wrapped. */
static void test_keys_outlive_a_rotation(void **state)
{
    (void)state;
    struct person person = person_of(PHONE);
    const char *phone = NULL;
    assert_int_equal(keyring_rotate(g.scratch->keyring, 0), 0);
    assert_int_equal(person_phone(&g.people, &person, &g.arena, &phone), 0);
    assert_string_equal(phone, PHONE);
    struct person again = person_of(PHONE); /* and finds the same login */
    assert_true(id_equal(&again.id, &person.id));
}

/* --- without the key -------------------------------------------------------------------------- */

static void test_an_erased_key_erases_the_person(void **state)
{
    (void)state;
    struct person person = person_of(PHONE), other = person_of("+84987654321"), now;
    assert_int_equal(
        person_rename(&g.people, &person.id, NAME, NULL, STORE_ANY_REVISION, &g.arena, &person), 0);
    bson_t *backup = stored(&person_collection, &person.id);
    assert_int_equal(store_remove(g.keys, &person_key_collection, &person.id, -1), 0);

    const char *text = "x";
    assert_int_equal(person_phone(&g.people, &person, &g.arena, &text), PERSON_ERASED);
    assert_int_equal(person_name(&g.people, &person, &g.arena, &text), PERSON_ERASED);
    assert_int_equal(
        person_rename(&g.people, &person.id, NAME, NULL, STORE_ANY_REVISION, &g.arena, &now),
        PERSON_ERASED);
    /* The document of an old backup is the same bytes, and as mute. */
    bson_t *doc = stored(&person_collection, &person.id);
    assert_true(bson_equal(doc, backup));
    bson_destroy(doc);
    bson_destroy(backup);
    /* Nor does a new key for the same person open what the old one sealed. */
    uint8_t key[SEAL_KEY];
    assert_int_equal(person_key_new(&g.people, &person.id, key), 0);
    assert_int_equal(person_phone(&g.people, &person, &g.arena, &text), E_CORRUPT);
    /* Everybody else is whole. */
    assert_int_equal(person_phone(&g.people, &other, &g.arena, &text), 0);
    assert_string_equal(text, "+84987654321");
}

/* A key that belongs to somebody else does not pass for one's own. */
static void test_keys_cannot_be_swapped(void **state)
{
    (void)state;
    struct person a = person_of(PHONE), b = person_of("+84987654321");
    bson_t *doc = NULL, *body = bson_new();
    bson_iter_t at;
    assert_int_equal(store_get(g.keys, &person_key_collection, &b.id, &doc), 0);
    assert_true(bson_iter_init_find(&at, doc, "key"));
    bson_append_iter(body, "key", -1, &at);
    bson_destroy(doc);
    assert_int_equal(store_remove(g.keys, &person_key_collection, &a.id, -1), 0);
    struct store_write write = store_write_fresh();
    assert_int_equal(store_create(g.keys, &person_key_collection, &a.id, &write, body, NULL), 0);
    bson_destroy(body);
    const char *phone = NULL;
    assert_int_equal(person_phone(&g.people, &a, &g.arena, &phone), E_CORRUPT);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
#define SQLITE_TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up_sqlite, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_numbers_as_people_write_them),
        TEST(test_what_is_no_number),
        TEST(test_a_number_is_one_person),
        TEST(test_first_sign_ins_at_once),
        SQLITE_TEST(test_first_sign_ins_at_once),
        TEST(test_name_and_number_are_sealed),
        SQLITE_TEST(test_name_and_number_are_sealed),
        TEST(test_names_come_and_go),
        TEST(test_keys_outlive_a_rotation),
        TEST(test_an_erased_key_erases_the_person),
        SQLITE_TEST(test_an_erased_key_erases_the_person),
        TEST(test_keys_cannot_be_swapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
