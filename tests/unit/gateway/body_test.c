/* Buffers in h2o's place: what is gathered in one, and the block that a job holds beside h2o. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define H2O_USE_LIBUV 0
#include "gateway/server.h"

#define PIECE 16384

static h2o_buffer_prototype_t prototype = {.allocator = {.max = 16},
                                           ._initial_buf = {.capacity = 4096}};

/* Any byte of the whole, told by its place. */
static char byte_at(size_t i)
{
    return (char)(i * 31 + i / 251);
}

static void gather(h2o_buffer_t **b, size_t from, size_t n)
{
    for (size_t done = 0; done < n;) {
        size_t here = n - done < PIECE ? n - done : PIECE;
        h2o_iovec_t room = h2o_buffer_reserve(b, here);
        assert_true(room.len >= here);
        for (size_t i = 0; i < here; i++)
            room.base[i] = byte_at(from + done + i);
        (*b)->size += here;
        done += here;
    }
}

static void assert_holds(const char *bytes, size_t from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(bytes[i], byte_at(from + i));
}

static void test_any_size_comes_out_as_it_went_in(void **state)
{
    (void)state;
    const size_t sizes[] = {1, 4096, 4097, 65536, 65537, 524288, 589824, 589825, 1 << 20, 4 << 20};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        h2o_buffer_t *b;
        h2o_buffer_init(&b, &prototype);
        gather(&b, 0, sizes[i]);
        assert_int_equal(b->size, sizes[i]);
        assert_holds(b->bytes, 0, sizes[i]);
        h2o_buffer_dispose(&b);
    }
}

/* As a socket's: read from the front while more comes behind. */
static void test_what_was_consumed_makes_room(void **state)
{
    (void)state;
    h2o_buffer_t *b;
    size_t in = 0, out = 0;
    h2o_buffer_init(&b, &prototype);
    for (size_t i = 0; i < 400; i++) {
        size_t n = 1 + i * 7919 % 50000;
        gather(&b, in, n);
        in += n;
        n = (in - out) * (i % 5) / 4; /* all of it, now and then */
        assert_holds(b->bytes, out, n);
        h2o_buffer_consume(&b, n);
        out += n;
    }
    assert_holds(b->bytes, out, in - out);
    h2o_buffer_dispose(&b);
}

static h2o_req_t *request_of(h2o_req_t *req, int version, const h2o_buffer_t *b)
{
    req->version = version;
    req->entity = h2o_iovec_init(b->bytes, b->size);
    return req;
}

static void test_a_block_stays_while_a_job_holds_it(void **state)
{
    (void)state;
    for (int h2o_first = 0; h2o_first < 2; h2o_first++) {
        static h2o_req_t req;
        h2o_buffer_t *b;
        h2o_buffer_init(&b, &prototype);
        gather(&b, 0, 524288);
        struct block *held = body_hold(request_of(&req, 0x200, b));
        assert_non_null(held);
        if (h2o_first) {
            h2o_buffer_dispose(&b); /* the client left */
            assert_holds(req.entity.base, 0, 524288);
            body_drop(held);
        } else {
            body_drop(held);
            assert_holds(b->bytes, 0, 524288);
            h2o_buffer_dispose(&b);
        }
        bodies_look();
    }
    bodies_release();
}

static void test_only_a_whole_block_is_held(void **state)
{
    (void)state;
    static h2o_req_t req;
    h2o_buffer_t *small, *large;
    h2o_buffer_init(&small, &prototype);
    h2o_buffer_init(&large, &prototype);
    gather(&small, 0, 4096);
    gather(&large, 0, 524288);
    assert_null(body_hold(request_of(&req, 0x200, small)));
    assert_null(body_hold(request_of(&req, 0x101, large))); /* the connection goes on with it */
    request_of(&req, 0x200, large)->entity.len--;
    assert_null(body_hold(&req));
    req.entity.base++;
    assert_null(body_hold(&req));
    h2o_buffer_dispose(&small);
    h2o_buffer_dispose(&large);
    bodies_release();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_size_comes_out_as_it_went_in),
        cmocka_unit_test(test_what_was_consumed_makes_room),
        cmocka_unit_test(test_a_block_stays_while_a_job_holds_it),
        cmocka_unit_test(test_only_a_whole_block_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
