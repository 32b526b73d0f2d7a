/* From a filed report to what its parties read: once, in order, whatever is killed between. */
#include "tests/unit/push/fixture.h"

static void test_told_once(void **state)
{
    struct fixture *f = *state;
    struct id id = fixture_file(f, "k1", false);
    assert_int_equal(fixture_report(f, &id).head.events.n, 4); /* project, call, owner, agency */
    assert_int_equal(push_drain(f->push), 1);
    struct delivery mine[8];
    assert_int_equal(fixture_inbox(f, &f->owner, mine, 8), 1);
    assert_string_equal(mine[0].what, "file");
    assert_non_null(strstr(mine[0].text_vi, "đã được gửi đến Sở Xây dựng. Hạn xử lý: "));
    assert_int_equal(fixture_inbox(f, &f->officer, mine, 8), 1);
    assert_int_equal(fixture_inbox(f, &f->leader, mine, 8), 0);
    assert_int_equal(f->n_heard, 2);

    struct report r = fixture_report(f, &id);
    assert_int_equal(r.head.events.n, 0);
    assert_int_equal(r.head.revision, 1);
    assert_true(r.head.next_ms > clock_now_ms()); /* the warning */
    bson_t *fact = NULL;
    assert_int_equal(store_get(f->store, &report_fact_collection, &id, &fact), 0);
    bson_destroy(fact);
    assert_int_equal(push_drain(f->push), 0);
    assert_int_equal(f->n_heard, 2);
}

static void test_killed_before_settling(void **state)
{
    struct fixture *f = *state;
    struct id id = fixture_file(f, "k1", false);
    /* The writes of a run: facts, deliveries (two rows each its own fate), settling. */
    trouble_set((struct trouble){.script = "...u"});
    push_drain(f->push);
    trouble_set((struct trouble){0});
    struct delivery mine[8];
    struct id first = {0};
    assert_int_equal(fixture_inbox(f, &f->owner, mine, 8), 1);
    first = mine[0].id;
    assert_int_equal(fixture_report(f, &id).head.events.n, 4);

    fixture_push(f);
    assert_int_equal(push_drain(f->push), 1);
    assert_int_equal(fixture_inbox(f, &f->owner, mine, 8), 1);
    assert_true(id_equal(&mine[0].id, &first));
    assert_int_equal(fixture_inbox(f, &f->officer, mine, 8), 1);
    assert_int_equal(fixture_report(f, &id).head.events.n, 0);
}

static void test_failures_are_held_then_done(void **state)
{
    struct fixture *f = *state;
    struct id id = fixture_file(f, "k1", false);
    trouble_set((struct trouble){.unavailable = 1000});
    assert_int_equal(push_drain(f->push), 1);
    trouble_set((struct trouble){0});
    assert_int_equal(push_drain(f->push), 0); /* held */
    clock_advance_ms(PUSH_HOLD_MS + 1);
    assert_int_equal(push_drain(f->push), 1);
    assert_int_equal(fixture_report(f, &id).head.events.n, 0);
}

/* Where the store has been away for too long, the rest of a batch is left without asking. */
static void test_rest_is_left_when_away(void **state)
{
    struct fixture *f = *state;
    enum { REPORTS = 40, WORKERS = 4 };
    struct delivery mine[REPORTS];
    char key[16];
    for (int i = 0; i < REPORTS; i++) {
        snprintf(key, sizeof(key), "k%d", i);
        fixture_file(f, key, false);
    }
    f->push->patience_ms = 0;
    trouble_set((struct trouble){.unavailable = 1000});
    assert_int_equal(push_drain(f->push), REPORTS);
    /* The facts of each batch are one write; then one projection of each batch was tried. */
    assert_true(trouble.n <= REPORTS + 2 * WORKERS);
    trouble_set((struct trouble){0});
    clock_advance_ms(PUSH_HOLD_MS + 1);
    assert_int_equal(push_drain(f->push), REPORTS);
    assert_int_equal(fixture_inbox(f, &f->owner, mine, REPORTS), REPORTS);
}

static void test_unknown_outcomes(void **state)
{
    struct fixture *f = *state;
    for (unsigned seed = 1; seed <= 10; seed++) {
        char key[16];
        snprintf(key, sizeof(key), "u%u", seed);
        struct id id = fixture_file(f, key, false);
        for (unsigned i = 0; i < 40 && fixture_report(f, &id).head.events.n > 0; i++) {
            trouble_set((struct trouble){
                .seed = seed + i * 100, .applied = 200, .lost = 200, .unavailable = 100});
            push_drain(f->push);
            trouble_set((struct trouble){0});
            clock_advance_ms(PUSH_HOLD_MS + 1);
        }
        assert_int_equal(fixture_report(f, &id).head.events.n, 0);
        struct delivery mine[64];
        assert_int_equal(fixture_inbox(f, &f->owner, mine, 64), seed);
        assert_int_equal(fixture_inbox(f, &f->officer, mine, 64), seed);
    }
}

static void test_order(void **state)
{
    struct fixture *f = *state;
    struct id id = fixture_file(f, "k1", false);
    assert_int_equal(fixture_act(f, &id, "receive", NULL), 0);
    assert_int_equal(fixture_act(f, &id, "ask", "Ở đoạn nào?"), 0);
    push_drain(f->push);
    assert_int_equal(fixture_act(f, &id, "resume", NULL), 0);
    push_drain(f->push);
    assert_int_equal(fixture_act(f, &id, "answer", "Đã vá xong."), 0);
    push_drain(f->push);
    static const char *const whats[] = {"file", "receive", "ask", "resume", "answer"};
    struct delivery mine[8];
    assert_int_equal(fixture_inbox(f, &f->owner, mine, 8), ARRAY_LEN(whats));
    for (size_t i = 0; i < ARRAY_LEN(whats); i++) {
        assert_string_equal(mine[i].what, whats[i]);
        assert_true(i == 0 || mine[i].at_ms > mine[i - 1].at_ms);
    }
    assert_non_null(strstr(mine[2].text_vi, ": Ở đoạn nào?"));
    assert_non_null(strstr(mine[4].text_en, "answered report"));
}

static void test_alarms(void **state)
{
    struct fixture *f = *state;
    struct id id = fixture_file(f, "k1", false);
    push_drain(f->push);
    int64_t due_ms = fixture_report(f, &id).head.due_ms;
    clock_advance_ms(due_ms - clock_now_ms() - 1000);
    push_drain(f->push);
    struct delivery mine[8];
    assert_int_equal(fixture_inbox(f, &f->leader, mine, 8), 1);
    assert_string_equal(mine[0].what, "warning");
    clock_advance_ms(5000);
    push_drain(f->push);
    assert_int_equal(fixture_inbox(f, &f->leader, mine, 8), 2);
    assert_string_equal(mine[1].what, "late");
    assert_non_null(strstr(mine[1].text_vi, "đã quá hạn từ "));
    assert_int_equal(push_drain(f->push), 0);
}

static void test_threads(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(push_start(f->push), 0);
    struct id last = {0};
    for (int i = 0; i < 100; i++) {
        char key[16];
        snprintf(key, sizeof(key), "t%d", i);
        last = fixture_file(f, key, false);
        push_wake(f->push, &report_collection, &last);
    }
    struct delivery mine[128];
    int64_t until = clock_monotonic_ms() + 10000;
    while (fixture_inbox(f, &f->owner, mine, 128) < 100 && clock_monotonic_ms() < until)
        usleep(5000);
    push_stop(f->push);
    assert_int_equal(fixture_inbox(f, &f->owner, mine, 128), 100);
    push_free(f->push);
    f->push = NULL;
}

static void test_start_and_stop(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 30; i++) {
        assert_int_equal(push_start(f->push), 0);
        push_stop(f->push);
    }
    fixture_push(f);
}

static void test_backlog(void **state)
{
    struct fixture *f = *state;
    struct delivery mine[8];
    char seen[80], id[ID_TEXT];
    fixture_file(f, "old", false);
    push_drain(f->push);
    clock_advance_ms(PUSH_BACK_MS * 2);
    fixture_file(f, "k1", false);
    push_drain(f->push);
    clock_advance_ms(PUSH_BACK_MS / 2);
    fixture_file(f, "k2", false);
    push_drain(f->push);
    fixture_file(f, "k3", false);
    push_drain(f->push);
    assert_int_equal(fixture_inbox(f, &f->owner, mine, 8), 4);
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 1 << 20);
    snprintf(seen, sizeof(seen), "%lld-%s", (long long)mine[2].at_ms, id_format(&mine[2].id, id));
    assert_int_equal(push_backlog(f->store, &f->owner, seen, &out), 0);
    assert_null(strstr(out.data, mine[0].number));
    assert_non_null(strstr(out.data, mine[1].number)); /* repeated: the overlap */
    assert_null(strstr(out.data, mine[2].number));     /* known to be sent */
    assert_non_null(strstr(out.data, mine[3].number));

    buf_reset(&out);
    assert_int_equal(push_backlog(f->store, &f->owner, NULL, &out), 0);
    assert_int_equal(push_backlog(f->store, &f->owner, "12-x", &out), 0);
    assert_int_equal(out.len, 0);
    CLEANUP(buf_release) struct buf small;
    buf_init(&small, 100);
    assert_int_equal(push_backlog(f->store, &f->owner, seen, &small), E_FULL);
}

static void test_wire_and_reading(void **state)
{
    struct fixture *f = *state;
    struct delivery mine[8];
    fixture_file(f, "k1", false);
    push_drain(f->push);
    assert_int_equal(fixture_inbox(f, &f->owner, mine, 8), 1);
    CLEANUP(buf_release) struct buf wire;
    buf_init(&wire, 65536);
    push_wire(&mine[0], &wire);
    char head[120], id[ID_TEXT];
    snprintf(head, sizeof(head), "id: %lld-%s\nevent: notice\ndata: {\"id\":\"%s\",",
             (long long)mine[0].at_ms, id_format(&mine[0].id, id), id);
    assert_memory_equal(wire.data, head, strlen(head));
    assert_string_equal(wire.data + wire.len - 3, "}\n\n");
    assert_null(memchr(wire.data + strlen(head), '\n', wire.len - strlen(head) - 2));
    assert_null(strstr(wire.data, "recipient"));

    assert_int_equal(push_mark_read(f->store, &f->officer, &mine[0].id, 5), STORE_ABSENT);
    assert_int_equal(push_mark_read(f->store, &f->owner, &mine[0].id, 5), 0);
    assert_int_equal(push_mark_read(f->store, &f->owner, &mine[0].id, 9), 0);
    fixture_inbox(f, &f->owner, mine, 8);
    assert_int_equal(mine[0].read_ms, 5);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_begin, fixture_end)

static int act_as(struct fixture *f, const struct id *id, const struct case_act *act,
                  const struct case_actor *actor)
{
    struct calendar *c = calendar_current(f->calendar);
    struct case_world w = fixture_world(f, c);
    struct report_act deed = {.act = *act, .actor = *actor};
    struct report r;
    deed.act.by = actor->id;
    deed.act.office = actor->agency;
    int done = report_act(f->store, id, &deed, NULL, &w, &f->arena, &r);
    calendar_unref(c);
    return done;
}

/* What the portal takes back, those who had it are told, and not as what is still theirs. */
static void test_taken_back(void **state)
{
    struct fixture *f = *state;
    struct id id = fixture_file(f, "k1", false);
    const struct case_act recall = {.verb = "recall", .note = "Gửi nhầm đơn vị"};
    const struct case_actor portal = {.id = f->dispatcher, .dispatcher = true, .agency = PORTAL};
    push_drain(f->push);
    assert_int_equal(act_as(f, &id, &recall, &portal), 0);
    push_drain(f->push);
    struct delivery mine[8];
    assert_int_equal(fixture_inbox(f, &f->officer, mine, 8), 2);
    assert_string_equal(mine[1].what, "recall");
    assert_non_null(strstr(mine[1].text_vi, "thu hồi. Lý do: Gửi nhầm đơn vị"));
    assert_string_equal(mine[1].agency, AGENCY);
    assert_int_equal(fixture_inbox(f, &f->owner, mine, 8), 2);
    assert_string_equal(mine[1].what, "recall");
    assert_int_equal(fixture_inbox(f, &f->dispatcher, mine, 8), 0);
}

/* Where nobody leads, the portal is told what a leader would be. */
static void test_nobody_leads(void **state)
{
    struct fixture *f = *state;
    struct id id = fixture_file(f, "k1", false);
    const struct staff_edit leaves = {.active = 0};
    struct staff gone;
    assert_int_equal(staff_change(f->store, &f->leader, &leaves, &f->arena, &gone), 0);
    push_drain(f->push);
    clock_advance_ms(fixture_report(f, &id).head.due_ms - clock_now_ms() + 1000);
    push_drain(f->push);
    struct delivery mine[8];
    size_t n = fixture_inbox(f, &f->dispatcher, mine, 8);
    assert_true(n > 0);
    assert_string_equal(mine[n - 1].what, "late");
}

/* An emergency is told by SMS each time it comes to somebody: filed, given back, reopened. */
static void test_an_emergency_again(void **state)
{
    struct fixture *f = *state;
    struct delivery d[8]; /* dead, since this province has no transport */
    struct id id = fixture_file(f, "k1", true);
    fixture_staff(f, "watch", PORTAL, STAFF_DISPATCHER, "+84912000111");
    fixture_agency(f, "H12.99", AGENCY_DEPARTMENT, NULL);
    const struct case_actor here = {.id = f->officer, .officer = true, .agency = AGENCY};
    const struct case_actor there = {.id = f->officer, .officer = true, .agency = "H12.99"};
    struct case_act transfer = {.verb = "transfer", .reason = "other_field", .agency = "H12.99"};
    push_drain(f->push);
    assert_int_equal(fixture_letters(f, CHANNEL_SMS, DELIVERY_DEAD, d, 8), 1);
    assert_int_equal(act_as(f, &id, &transfer, &here), 0);
    push_drain(f->push); /* nobody leads there: the portal's */
    assert_int_equal(fixture_letters(f, CHANNEL_SMS, DELIVERY_DEAD, d, 8), 2);
    transfer.agency = AGENCY;
    assert_int_equal(act_as(f, &id, &transfer, &there), 0);
    push_drain(f->push);
    assert_int_equal(act_as(f, &id, &transfer, &here), 0); /* the third: to the portal */
    push_drain(f->push);
    assert_int_equal(fixture_report(f, &id).head.state, REPORT_NEW);
    assert_int_equal(fixture_letters(f, CHANNEL_SMS, DELIVERY_DEAD, d, 8), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_told_once),
        TEST(test_killed_before_settling),
        TEST(test_failures_are_held_then_done),
        TEST(test_rest_is_left_when_away),
        TEST(test_unknown_outcomes),
        TEST(test_order),
        TEST(test_alarms),
        TEST(test_taken_back),
        TEST(test_nobody_leads),
        TEST(test_an_emergency_again),
        TEST(test_threads),
        TEST(test_start_and_stop),
        TEST(test_backlog),
        TEST(test_wire_and_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
