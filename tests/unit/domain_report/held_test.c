/* Reports that wait for their writer's code, and reports that follow their owner. */
#include "domain/identity/limit.h"
#include "domain/report/held.h"
#include "tests/support/province.h"

static struct province p;

static int set_up(void **state)
{
    (void)state;
    province_open(&p, ENGINE_MODEL);
    return 0;
}

static int set_up_sqlite(void **state)
{
    (void)state;
    province_open(&p, ENGINE_SQLITE);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    province_close(&p);
    return 0;
}

static struct report_draft draft_of(const struct id *writer, unsigned traits)
{
    struct report_draft d = province_draft(traits);
    d.owner = d.actor = *writer;
    return d;
}

static int hold(const struct id *writer, const char *key, const char *body, struct report_held *ret)
{
    struct report_draft d = draft_of(writer, 0);
    return report_hold(p.store, &d, key, body, strlen(body), p.world.now_ms, &p.arena, ret);
}

static size_t reports_of(const struct id *owner)
{
    struct store_value whose = store_id(*owner);
    struct store_condition theirs = {
        .field = "owner", .op = STORE_EQ, .values = &whose, .n_values = 1};
    struct store_query q = {
        .conditions = &theirs, .n_conditions = 1, .order = "filed", .limit = STORE_LIMIT_MAX};
    struct store_page page;
    assert_int_equal(store_scan(p.store, &report_collection, &q, &p.arena, &page), 0);
    return page.n;
}

/* Filed as of the moment of proof, under the id that the writer knows; repeating changes nothing.
 */
static void test_filed_when_proven(void **state)
{
    (void)state;
    struct id writer = id_v4(), person = id_v4();
    struct report_held held, again;
    struct report filed;
    assert_int_equal(hold(&writer, "key-held-1", "{}", &held), 0);
    assert_int_equal(hold(&writer, "key-held-1", "{}", &again), REPORT_REPEATED);
    assert_true(id_equal(&held.id, &again.id));
    assert_int_equal(hold(&writer, "key-held-1", "{\"x\":1}", &again), REPORT_KEY_REUSED);
    assert_int_equal(reports_of(&writer), 0);

    p.world.now_ms += HOUR;
    for (int i = 0; i < 2; i++)
        assert_int_equal(report_held_file(p.store, &held, &person, HERE, &p.world, &p.arena), 0);
    province_get(&p, &held.id, &filed);
    assert_int_equal(filed.head.state, REPORT_DISPATCHED);
    assert_string_equal(filed.head.agency, HERE);
    assert_true(id_equal(&filed.head.owner, &person));
    assert_true(id_equal(&filed.head.actor, &writer));
    assert_int_equal(filed.head.filed_ms, p.world.now_ms);
    assert_true(filed.x.due_ms > p.world.now_ms);
    assert_int_equal(report_held_get(p.store, &held.id, &p.arena, &again), STORE_ABSENT);
    assert_int_equal(reports_of(&person), 1);

    /* Whoever they were when they wrote it, and are now: under its key it is the same report. */
    const struct id *names[] = {&writer, &person};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        assert_int_equal(
            report_filed_before(p.store, names[i], "key-held-1", "{}", 2, &p.arena, &filed),
            REPORT_REPEATED);
        assert_true(id_equal(&filed.head.id, &held.id));
        assert_int_equal(
            report_filed_before(p.store, names[i], "key-held-1", "[]", 2, &p.arena, &filed),
            REPORT_KEY_REUSED);
    }
    struct id other = id_v4();
    assert_int_equal(report_filed_before(p.store, &other, "key-held-1", "{}", 2, &p.arena, &filed),
                     STORE_ABSENT);
}

static void test_everything_is_kept(void **state)
{
    (void)state;
    struct id writer = id_v4();
    struct report_held held;
    struct report one, two;
    struct report_draft d = draft_of(&writer, EMERGENCY | APPROVAL | PROOF | CONSENT);
    d.address = "Ấp 3";
    d.answers = "{\"danger\":true}";
    d.answers_form = 2;
    assert_int_equal(
        report_hold(p.store, &d, "key-held-2", "a", 1, p.world.now_ms, &p.arena, &held), 0);
    assert_int_equal(report_held_get(p.store, &held.id, &p.arena, &held), 0);
    assert_int_equal(report_held_file(p.store, &held, &writer, HERE, &p.world, &p.arena), 0);
    province_get(&p, &held.id, &one);
    d.agency = HERE;
    assert_int_equal(report_file(p.store, &d, "key-straight", "a", 1, &p.world, &p.arena, &two), 0);
    assert_string_equal(one.text, two.text);
    assert_string_equal(one.category, two.category);
    assert_string_equal(one.commune, two.commune);
    assert_string_equal(one.address, two.address);
    assert_string_equal(one.answers, two.answers);
    assert_int_equal(one.answers_form, two.answers_form);
    assert_true(one.point.set && one.point.lat == two.point.lat && one.point.lon == two.point.lon);
    assert_true(one.emergency && one.approval && one.proof && one.consent);
    assert_int_equal(one.place, two.place);
    assert_int_equal(one.head.state, two.head.state);
    assert_int_equal(one.head.events.n, two.head.events.n);
}

static void test_no_rule_takes_it(void **state)
{
    (void)state;
    struct id writer = id_v4();
    struct report_held held;
    struct report filed;
    assert_int_equal(hold(&writer, "key-held-3", "{}", &held), 0);
    assert_int_equal(report_held_file(p.store, &held, &writer, NULL, &p.world, &p.arena), 0);
    province_get(&p, &held.id, &filed);
    assert_int_equal(filed.head.state, REPORT_NEW);
    assert_string_equal(filed.head.agency, PORTAL);
}

static void test_three_of_one_writer(void **state)
{
    (void)state;
    struct id writer = id_v4(), other = id_v4();
    struct report_held held, *list = NULL;
    size_t n = 0;
    bool more = true;
    for (int i = 0; i < REPORT_HELD_MAX; i++)
        assert_int_equal(hold(&writer, arena_printf(&p.arena, "key-held-%d", i), "{}", &held), 0);
    assert_int_equal(hold(&writer, "key-held-more", "{}", &held), REPORT_HELD_FULL);
    assert_int_equal(hold(&other, "key-held-more", "{}", &held), 0);
    assert_int_equal(report_held_of(p.store, &writer, &p.arena, &list, &n, &more), 0);
    assert_int_equal(n, REPORT_HELD_MAX);
    assert_false(more);
}

static void test_removed_after_a_day(void **state)
{
    (void)state;
    struct id writer = id_v4();
    struct report_held held;
    size_t removed = 0;
    assert_int_equal(hold(&writer, "key-held-4", "{}", &held), 0);
    p.world.now_ms += REPORT_HELD_MS;
    assert_int_equal(
        expiry_sweep(p.store, &report_held_collection, p.world.now_ms - 1, 50, &removed), 0);
    assert_int_equal(removed, 0);
    assert_int_equal(
        expiry_sweep(p.store, &report_held_collection, p.world.now_ms + 1, 50, &removed), 0);
    assert_int_equal(removed, 1);
    assert_int_equal(report_held_get(p.store, &held.id, &p.arena, &held), STORE_ABSENT);
}

/* --- another owner ---------------------------------------------------------------------------- */

/* Page by page, nothing left behind; neither revision nor history says that anybody did anything.
 */
static void test_reports_follow(void **state)
{
    (void)state;
    struct id into = id_v4(), from = province_id(OWNER);
    struct report first, moved;
    province_reach(&p, CONSENT, REPORT_ANSWERED, &first);
    for (int i = 0; i < 119; i++) {
        struct report r;
        province_file(&p, 0, &r);
    }
    size_t all = reports_of(&from), rounds = 0;
    bool more = true;
    assert_int_equal(all, 120);
    for (; more && rounds < 10; rounds++)
        assert_int_equal(report_reown(p.store, &from, &into, &p.arena, &more), 0);
    assert_true(rounds > 1 && rounds < 10);
    assert_int_equal(reports_of(&from), 0);
    assert_int_equal(reports_of(&into), all);
    province_get(&p, &first.head.id, &moved);
    assert_int_equal(moved.head.revision, first.head.revision);
    assert_int_equal(moved.head.steps.n, first.head.steps.n);
    assert_true(id_equal(&moved.head.actor, &from));
    assert_int_equal(report_reown(p.store, &from, &into, &p.arena, &more), 0);
    assert_int_equal(report_reown(p.store, &into, &into, &p.arena, &more), 0);
    assert_false(more);
    assert_int_equal(reports_of(&into), all);
}

int main(void)
{
#define ON(set, fn) cmocka_unit_test_setup_teardown(fn, set, tear_down)
    const struct CMUnitTest tests[] = {
        ON(set_up, test_filed_when_proven),   ON(set_up_sqlite, test_filed_when_proven),
        ON(set_up, test_everything_is_kept),  ON(set_up, test_no_rule_takes_it),
        ON(set_up, test_three_of_one_writer), ON(set_up_sqlite, test_removed_after_a_day),
        ON(set_up, test_reports_follow),      ON(set_up_sqlite, test_reports_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
