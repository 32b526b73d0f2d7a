/* How long an upload is, said while more of it arrives: nothing stays that can never become whole.
 * And how many films of one sender wait to be checked.
 */
#include "base/result.h"
#include "media/upload_private.h"
#include "tests/unit/domain_dossier/hall.h"

static const struct store_collection *const collections[] = {&upload_collection,
                                                             &person_key_collection};
static struct hall h;
static struct upload_service service;

static int set_up(void **state)
{
    const char *fault = NULL;
    (void)state;
    hall_open(&h);
    store_free(h.store);
    assert_int_equal(
        store_new(model_open(h.disk), collections, ARRAY_LEN(collections), &fault, &h.store), 0);
    h.people.store = h.people.keys = h.store;
    service = (struct upload_service){.store = h.store, .people = &h.people};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    hall_close(&h);
    return 0;
}

static void announce(struct upload *ret)
{
    const struct id owner = hall_id(OWNER);
    const struct upload_new n = {
        .owner = &owner, .staff = true, .part = true, .length = UPLOAD_UNKNOWN};
    assert_int_equal(upload_create(&service, &n, h.world.now_ms, &h.arena, ret), 0);
}

static int64_t length_of(const struct upload *u)
{
    struct upload now;
    assert_int_equal(upload_get(h.store, &u->id, &h.arena, &now), 0);
    return now.length;
}

/* `slow` was read before the length was said, and sends more than that. */
static void more_arrives_behind_the_word(void **state)
{
    (void)state;
    struct upload u, slow;
    int64_t at = 0;
    announce(&u);
    slow = u;
    assert_int_equal(upload_declare(&service, &u, 5, &h.arena), 0);
    assert_int_equal(upload_append(&service, &slow, 0, (char[]){"0123456789"}, 10, &h.arena, &at),
                     0);
    assert_int_equal(at, 10);
    assert_int_equal(length_of(&u), UPLOAD_UNKNOWN);
    assert_int_equal(upload_declare(&service, &slow, 10, &h.arena), 0);
    assert_int_equal(length_of(&u), 10);
}

static void what_has_arrived_is_no_more_than_was_said(void **state)
{
    (void)state;
    struct upload u, slow;
    int64_t at = 0;
    announce(&u);
    slow = u;
    assert_int_equal(upload_append(&service, &u, 0, (char[]){"0123456789"}, 10, &h.arena, &at), 0);
    assert_int_equal(upload_declare(&service, &slow, 5, &h.arena), UPLOAD_LENGTH);
    assert_int_equal(length_of(&u), UPLOAD_UNKNOWN);
    assert_int_equal(upload_declare(&service, &slow, 12, &h.arena), 0);
    assert_int_equal(upload_append(&service, &u, 10, (char[]){"ab"}, 2, &h.arena, &at), 0);
    assert_int_equal(u.length, 12);
    assert_int_equal(upload_declare(&service, &u, 11, &h.arena), UPLOAD_LENGTH);
}

/* A film of this sender that has arrived whole, as far as the queue looks at it. */
static int queue_film(const struct id *owner, struct upload *ret)
{
    const struct upload_new n = {.owner = owner, .staff = true, .length = 10};
    assert_int_equal(upload_create(&service, &n, h.world.now_ms, &h.arena, ret), 0);
    return upload_queue(&service, ret, &h.arena);
}

static void one_sender_does_not_fill_the_queue(void **state)
{
    (void)state;
    const struct id greedy = hall_id(OWNER), other = hall_id(OFFICER);
    struct upload u;
    for (int i = 0; i < UPLOAD_CHECKS_MAX; i++)
        assert_int_equal(queue_film(&greedy, &u), 0);
    assert_int_equal(u.state, UPLOAD_CHECKING);
    assert_int_equal(queue_film(&greedy, &u), E_BUSY);
    assert_int_equal(upload_get(h.store, &u.id, &h.arena, &u), 0);
    assert_int_equal(u.state, UPLOAD_ARRIVING);
    assert_int_equal(queue_film(&other, &u), 0);
    bool full = false;
    assert_int_equal(upload_checks_full(h.store, &other, UPLOAD_CHECKS_MAX + 1, &full), 0);
    assert_true(full);
    assert_int_equal(upload_checks_full(h.store, &other, UPLOAD_CHECKS_MAX + 2, &full), 0);
    assert_false(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(more_arrives_behind_the_word, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_has_arrived_is_no_more_than_was_said, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(one_sender_does_not_fill_the_queue, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
