/* Two nodes over one store: one of them dispatches, both tell their streams. */
#include "tests/unit/push/fixture.h"

#include <unistd.h>

#define PATIENCE 600 /* rounds of 50 ms until a test gives up; nothing is measured by it */

/* What a node's streams were told: how often each notice. */
struct node {
    struct push *push;
    struct push_tail *tail;
    size_t told, twice;
    char seen[256][64];
};

static void hear(void *ctx, const struct id *recipient, const char *wire, size_t n)
{
    struct node *node = ctx;
    char line[64] = {0};
    (void)recipient;
    size_t length = strcspn(wire, "\n");
    assert_true(length < sizeof(line) && length < n);
    memcpy(line, wire, length);
    for (size_t i = 0; i < node->told; i++)
        node->twice += strcmp(node->seen[i], line) == 0;
    assert_true(node->told < 256);
    memcpy(node->seen[node->told++], line, sizeof(line));
}

static int begin(void **state)
{
    int done = fixture_begin(state);
    struct fixture *f = *state;
    store_driver_of(f->store)->exclusive = false;
    return done;
}

static struct node node_open(struct fixture *f)
{
    struct node node = {0};
    struct push_options o = fixture_options(f);
    assert_int_equal(push_new(&o, &node.push), 0);
    assert_non_null(node.push->duty);
    assert_int_equal(push_start(node.push), 0);
    assert_int_equal(push_tail_new(f->store, &node.tail), 0);
    return node;
}

static void node_close(struct node *node)
{
    push_free(node->push);
    push_tail_free(node->tail);
}

static void until_told(struct fixture *f, struct node *nodes, size_t n, size_t notices)
{
    struct delivery rows[200];
    for (int i = 0; i < PATIENCE; i++) {
        size_t told = SIZE_MAX;
        for (size_t k = 0; k < n; k++) {
            assert_int_equal(push_tail(nodes[k].tail, hear, &nodes[k]), 0);
            told = nodes[k].told < told ? nodes[k].told : told;
        }
        if (fixture_letters(f, CHANNEL_INBOX, DELIVERY_DONE, rows, 200) >= notices &&
            told >= notices)
            return;
        usleep(50000);
    }
    fail_msg("%zu notices did not come", notices);
}

static void one_dispatches_and_both_tell(void **state)
{
    struct fixture *f = *state;
    struct node nodes[2] = {node_open(f), node_open(f)};
    char key[32];
    for (int i = 0; i < 10; i++) {
        snprintf(key, sizeof(key), "key-%d", i);
        fixture_file(f, key, false);
    }
    until_told(f, nodes, 2, 20);     /* owner and officer, of each */
    assert_int_equal(f->n_heard, 0); /* not by the sink of the one that dispatches */
    for (int k = 0; k < 2; k++) {
        assert_int_equal(nodes[k].told, 20);
        assert_int_equal(nodes[k].twice, 0);
    }
    node_close(&nodes[0]);
    for (int i = 10; i < 15; i++) {
        snprintf(key, sizeof(key), "key-%d", i);
        fixture_file(f, key, false);
    }
    until_told(f, &nodes[1], 1, 30);
    assert_int_equal(nodes[1].told, 30);
    assert_int_equal(nodes[1].twice, 0);
    node_close(&nodes[1]);
}

/* A document that no node can read, and one of a clock that ran ahead. */
static void add_notice(struct fixture *f, int64_t told_ms, bool sound)
{
    struct delivery d = {.id = id_v4(),
                         .channel = CHANNEL_INBOX,
                         .state = DELIVERY_DONE,
                         .recipient = f->owner,
                         .at_ms = told_ms,
                         .what = "file",
                         .text_vi = "Đã nhận",
                         .text_en = "Received"};
    struct delivery *const row[] = {&d};
    int outcome;
    if (sound) {
        assert_int_equal(deliveries_insert(f->store, row, 1, &f->arena, &outcome), 0);
        assert_int_equal(outcome, 0);
        return;
    }
    CLEANUP(bson_destroyp)
    bson_t *body =
        BCON_NEW("channel", BCON_INT32(77), "x", "{", "told", BCON_DATE_TIME(told_ms), "}");
    struct store_new_doc doc = {.id = d.id, .body = body};
    assert_int_equal(store_insert(f->store, &delivery_collection, &doc, 1), 0);
    assert_int_equal(doc.outcome, 0);
}

static void one_bad_notice_does_not_keep_the_next_back(void **state)
{
    struct fixture *f = *state;
    struct node node = {0};
    int64_t now_ms = clock_now_ms();
    assert_int_equal(push_tail_new(f->store, &node.tail), 0);
    add_notice(f, now_ms - 3, false);
    add_notice(f, now_ms - 2, true);
    assert_int_equal(push_tail(node.tail, hear, &node), 0);
    assert_int_equal(node.told, 1);
    add_notice(f, now_ms - 1, false);
    add_notice(f, now_ms + CLOCK_DAY_MS, true);
    add_notice(f, now_ms, true);
    for (int i = 0; i < 25; i++)
        assert_int_equal(push_tail(node.tail, hear, &node), 0);
    assert_int_equal(node.told, 3);
    assert_int_equal(node.twice, 0);
    push_tail_free(node.tail);
}

static void exactly_one_has_the_duty(void **state)
{
    struct fixture *f = *state;
    struct node nodes[3] = {node_open(f), node_open(f), node_open(f)};
    for (int i = 0; i < 20; i++) {
        int holders = 0;
        for (int k = 0; k < 3; k++)
            holders += duty_dispatches(nodes[k].push->duty);
        assert_true(holders <= 1);
        if (i > 10)
            assert_int_equal(holders, 1);
        usleep(50000);
    }
    for (int k = 0; k < 3; k++)
        node_close(&nodes[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_dispatches_and_both_tell, begin, fixture_end),
        cmocka_unit_test_setup_teardown(one_bad_notice_does_not_keep_the_next_back, begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(exactly_one_has_the_duty, begin, fixture_end),
    };
    return cmocka_run_group_tests_name("push shared", tests, NULL, NULL);
}
