/* Photos that come after the report: announced, added, given up, and told of when they do not come.
 */
#include "tests/support/province.h"

static struct province p;

static int set_up(void **state)
{
    (void)state;
    province_open(&p, ENGINE_MODEL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    province_close(&p);
    return 0;
}

/* Adds photos with numbers from `first`. */
static int add(struct report *r, int first, size_t n, struct report_act *deed)
{
    struct report_photo photos[CASE_MEDIA_MAX] = {{.id = {{0}}}};
    struct case_media media[CASE_MEDIA_MAX] = {{.id = {{0}}}};
    struct report after;
    for (size_t i = 0; i < n; i++)
        photos[i].id = media[i].id = (struct id){{(uint8_t)(first + (int)i), 1}};
    *deed = province_deed(&p, "add", OWNER);
    deed->photos = photos;
    deed->act.media = media;
    deed->n_photos = deed->act.n_media = n;
    int done = province_act(&p, &r->head.id, deed, &after);
    if (done == 0)
        *r = after;
    return done;
}

static size_t told(const struct report *r, const char *what, int whom)
{
    const struct case_event *events = r->head.events.items;
    size_t n = 0;
    for (size_t i = 0; i < r->head.events.n; i++)
        n += events[i].type == EVENT_TELL && events[i].whom == whom &&
             strcmp(events[i].what, what) == 0;
    return n;
}

static void test_the_last_one_is_told(void **state)
{
    (void)state;
    struct report r;
    struct report_act deed;
    province_reach(&p, AWAITED, REPORT_IN_PROGRESS, &r);
    assert_int_equal(r.awaited, 2);
    assert_int_equal(r.awaited_until_ms, r.head.filed_ms + REPORT_AWAIT_MS);
    assert_int_equal(add(&r, 1, 1, &deed), 0);
    assert_int_equal(r.awaited, 1);
    assert_int_equal(r.photos.n, 1);
    assert_int_equal(told(&r, "add", TELL_OFFICER), 0);
    assert_int_equal(add(&r, 2, 1, &deed), 0);
    assert_int_equal(r.awaited, 0);
    assert_int_equal(r.awaited_until_ms, 0);
    assert_int_equal(r.photos.n, 2);
    assert_int_equal(told(&r, "add", TELL_OFFICER), 1);
    assert_int_equal(province_last_step(&r)->media.n, 1);
}

static void test_it_is_told_that_they_did_not_come(void **state)
{
    (void)state;
    struct report r, rung;
    struct report_act deed;
    province_reach(&p, AWAITED, REPORT_WAITING, &r);
    p.world.now_ms = r.awaited_until_ms - 1;
    assert_false(report_alarm_due(&r, &p.world, &p.arena));
    p.world.now_ms = r.awaited_until_ms;
    assert_true(r.head.next_ms <= p.world.now_ms);
    assert_true(report_alarm_due(&r, &p.world, &p.arena));
    assert_int_equal(report_ring(p.store, &r.head.id, &p.world, &p.arena, &rung), 0);
    assert_string_equal(province_last_step(&rung)->verb, "miss");
    assert_int_equal(rung.head.state, REPORT_WAITING);
    assert_int_equal(told(&rung, "miss", TELL_OFFICER), 1);
    assert_int_equal(told(&rung, "miss", TELL_OWNER), 1);
    assert_int_equal(rung.awaited, 2);
    assert_int_equal(rung.awaited_until_ms, 0);
    assert_false(report_alarm_due(&rung, &p.world, &p.arena));
    province_settle(&p, &rung);
    assert_true(rung.head.next_ms > p.world.now_ms);
    /* What comes after that is taken all the same. */
    assert_int_equal(add(&rung, 1, 2, &deed), 0);
    assert_int_equal(rung.awaited, 0);
    assert_int_equal(told(&rung, "add", TELL_OFFICER), 1);
}

static void test_nobody_waits_once_it_is_answered(void **state)
{
    (void)state;
    struct report r;
    struct report_act deed;
    province_reach(&p, AWAITED, REPORT_ANSWERED, &r);
    p.world.now_ms = r.awaited_until_ms;
    assert_false(report_alarm_due(&r, &p.world, &p.arena));
    assert_int_equal(add(&r, 1, 2, &deed), 0);
    assert_int_equal(r.head.state, REPORT_ANSWERED);
    assert_int_equal(r.head.outcome, REPORT_RESOLVED);
}

static void test_they_are_given_up(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, AWAITED, REPORT_DISPATCHED, &r);
    province_do(&p, &r, "forgo", OWNER);
    assert_int_equal(r.awaited, 0);
    assert_int_equal(r.awaited_until_ms, 0);
    p.world.now_ms += REPORT_AWAIT_MS;
    struct report_act deed = province_deed(&p, "miss", SYSTEM);
    struct report after;
    assert_int_equal(province_act(&p, &r.head.id, &deed, &after), CASE_WRONG_STATE);
}

static void test_an_owner_adds_so_many(void **state)
{
    (void)state;
    struct report r;
    struct report_act deed;
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    for (int i = 0; i < REPORT_OWN_MAX; i += 8)
        assert_int_equal(add(&r, 1 + i, 8, &deed), 0);
    assert_int_equal(add(&r, 1, 8, &deed), 0); /* the same again are no more of them */
    assert_int_equal(r.photos.n, REPORT_OWN_MAX);
    assert_int_equal(add(&r, 100, 1, &deed), CASE_LACKS);
    assert_string_equal(deed.act.lacks, "/media");
    province_do(&p, &r, "answer", OFFICER); /* and there is room for the agency's */
    assert_int_equal(r.photos.n, REPORT_OWN_MAX + 1);
}

/* A history that is full is no reason to ring for ever. */
static void test_no_room_to_say_it(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, AWAITED, REPORT_DISPATCHED, &r);
    p.world.now_ms = r.awaited_until_ms;
    r.head.steps.n = CASE_STEPS_MAX;
    assert_int_equal(report_kind.alarm(&r), 0);
    r.head.steps.n--;
    assert_int_equal(report_kind.alarm(&r), r.awaited_until_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_last_one_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_it_is_told_that_they_did_not_come, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nobody_waits_once_it_is_answered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_they_are_given_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_owner_adds_so_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_room_to_say_it, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
