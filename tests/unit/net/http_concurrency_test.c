#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/result.h"
#include "tests/unit/net/http_fixture.h"

struct tally {
    atomic_int ended, done, late, other;
    struct http_client *client; /* submit once more from the callback */
    const struct http_request *again;
};

static void count(void *ctx, int result, struct http_reply *reply)
{
    struct tally *t = ctx;

    if (result == 0 && reply->status == 200)
        atomic_fetch_add(&t->done, 1);
    else if (result == HTTP_TIMEOUT)
        atomic_fetch_add(&t->late, 1);
    else
        atomic_fetch_add(&t->other, 1);
    if (t->again) {
        const struct http_request *again = t->again;

        t->again = NULL;
        if (http_call(t->client, again, &(struct http_reply){0}) != E_INVALID ||
            http_submit(t->client, again, count, t) != 0)
            atomic_fetch_add(&t->other, 1);
    }
    atomic_fetch_add(&t->ended, 1);
}

static void wait_for(struct tally *t, int n)
{
    for (int i = 0; i < 1000 && atomic_load(&t->ended) < n; i++)
        poll(NULL, 0, 10);
    assert_int_equal(atomic_load(&t->ended), n);
}

static void flight_and_queue_are_bounded(void **state)
{
    struct http_fixture *f = *state;
    struct http_request request = get(f, "/pause");
    struct tally t = {0};
    int taken = 0, r;

    while ((r = http_submit(f->client, &request, count, &t)) == 0)
        taken++;
    assert_int_equal(r, E_BUSY);
    assert_in_range(taken, 8, 16);
    wait_for(&t, taken);
    assert_int_equal(atomic_load(&t.done), taken);
    assert_in_range(atomic_load(&f->server.busiest), 2, 4);
    assert_int_equal(http_client_counts(f->client).queued, 0);
    assert_int_equal(http_client_counts(f->client).in_flight, 0);
}

static void a_callback_may_submit_but_not_wait(void **state)
{
    struct http_fixture *f = *state;
    struct http_request request = get(f, "/echo");
    struct tally t = {.client = f->client, .again = &request};

    assert_int_equal(http_submit(f->client, &request, count, &t), 0);
    wait_for(&t, 2);
    assert_int_equal(atomic_load(&t.done), 2);
    assert_int_equal(atomic_load(&t.other), 0);
}

static void waiting_in_the_queue_counts(void **state)
{
    struct http_fixture *f = *state;
    struct http_request slow = get(f, "/slow"), next = slow;
    struct tally t = {0}, late = {0};

    next.timeout_ms = 50;
    for (int i = 0; i < 4; i++)
        assert_int_equal(http_submit(f->client, &slow, count, &t), 0);
    assert_int_equal(http_submit(f->client, &next, count, &late), 0);
    wait_for(&late, 1);
    assert_int_equal(atomic_load(&late.late), 1);
    assert_int_equal(atomic_load(&t.ended), 0);
    http_client_free(f->client); /* ends what is under way */
    f->client = NULL;
    assert_int_equal(atomic_load(&t.other), 4);
}

struct callers {
    struct http_fixture *f;
    atomic_int wrong;
};

static void *call_often(void *arg)
{
    struct callers *c = arg;
    char url[128];
    struct http_request request = {
        .method = "GET", .url = url, .timeout_ms = 5000, .max_reply = 65536};

    snprintf(url, sizeof(url), "http://127.0.0.1:%u/echo", c->f->server.port);
    for (int i = 0; i < 50; i++) {
        CLEANUP(http_reply_release) struct http_reply reply;
        int r = http_call(c->f->client, &request, &reply);

        if (r != 0 || reply.status != 200)
            atomic_fetch_add(&c->wrong, 1);
    }
    return NULL;
}

static void many_threads_share_a_client(void **state)
{
    struct callers c = {.f = *state};
    pthread_t threads[8];

    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, &c), 0);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&c.wrong), 0);
    assert_true(c.f->server.n <= 4);
}

static void starts_and_stops(void **state)
{
    struct http_fixture *f = *state;

    for (int i = 0; i < 100; i++) {
        struct http_client *c;

        assert_int_equal(http_client_new(&f->policy, &(struct http_limits){0}, &c), 0);
        http_client_free(c);
    }
    http_client_free(NULL);
}

int main(void)
{
#define WITH_SERVER(test)                                                                          \
    cmocka_unit_test_setup_teardown(test, http_fixture_begin, http_fixture_end)
    const struct CMUnitTest tests[] = {
        WITH_SERVER(flight_and_queue_are_bounded),
        WITH_SERVER(a_callback_may_submit_but_not_wait),
        WITH_SERVER(waiting_in_the_queue_counts),
        WITH_SERVER(many_threads_share_a_client),
        WITH_SERVER(starts_and_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
