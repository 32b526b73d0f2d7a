#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/crypto/bytes.h"
#include "base/crypto/frames.h"
#include "base/result.h"

static const struct seal_about about = {"media.original", {{7}}};

struct blob {
    uint8_t key[SEAL_KEY];
    uint8_t *plain, *sealed;
    int64_t plain_n, sealed_n;
};

static struct blob make_blob(int64_t n)
{
    struct blob b = {.plain_n = n, .sealed_n = frames_sealed_size(n)};
    struct frames f;
    int64_t from = 0, to = FRAMES_HEAD;

    b.plain = malloc((size_t)n + 1);
    b.sealed = malloc((size_t)b.sealed_n);
    bytes_random(b.plain, (size_t)n);
    seal_key_new(b.key);
    assert_int_equal(frames_begin(&f, b.key, &about, b.sealed), 0);
    for (uint32_t i = 0; i == 0 || from < n; i++) {
        size_t part = (size_t)(n - from < FRAMES_PLAIN ? n - from : FRAMES_PLAIN);

        assert_int_equal(
            frames_seal(&f, i, from + (int64_t)part == n, b.plain + from, part, b.sealed + to), 0);
        from += (int64_t)part;
        to += (int64_t)part + 16;
    }
    assert_int_equal(to, b.sealed_n);
    frames_release(&f);
    return b;
}

static void free_blob(struct blob *b)
{
    free(b->plain);
    free(b->sealed);
}

/* Opens a range as a reader of the store would. */
static void check_range(const struct blob *b, int64_t at, int64_t n, int64_t expected_n)
{
    struct frames f;
    struct frames_span span;
    CLEANUP(freep) uint8_t *out = NULL;
    size_t got;

    assert_int_equal(frames_resume(&f, b->key, &about, b->sealed), 0);
    assert_true(frames_span(b->plain_n, at, n, &span));
    assert_in_range(span.sealed_at + span.sealed_n, 0, b->sealed_n);
    out = malloc((size_t)span.n * FRAMES_PLAIN);
    assert_int_equal(frames_open_span(&f, &span, b->sealed + span.sealed_at, out, &got), 0);
    assert_true(got >= span.skip + (size_t)expected_n);
    assert_memory_equal(out + span.skip, b->plain + at, (size_t)expected_n);
}

static void ranges_of_every_shape(void **state)
{
    (void)state;
    static const int64_t sizes[] = {1, 65535, 65536, 65537, 3 * 65536, 3 * 65536 + 5};

    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        CLEANUP(free_blob) struct blob b = make_blob(sizes[i]);
        int64_t n = sizes[i], back;

        assert_true(frames_plain_size(b.sealed_n, &back));
        assert_int_equal(back, n);
        check_range(&b, 0, n, n);
        check_range(&b, 0, INT64_MAX, n);
        check_range(&b, n - 1, 10, 1);
        check_range(&b, n / 2, 1, 1);
        if (n > 65536) {
            check_range(&b, 65535, 2, 2);
            check_range(&b, 65536, 1, 1);
            check_range(&b, 0, 65536, 65536);
        }
    }
}

static void an_empty_blob_has_one_frame(void **state)
{
    (void)state;
    CLEANUP(free_blob) struct blob b = make_blob(0);
    struct frames f;
    uint8_t out[1];
    int64_t n;

    assert_int_equal(b.sealed_n, FRAMES_HEAD + 16);
    assert_true(frames_plain_size(b.sealed_n, &n));
    assert_int_equal(n, 0);
    assert_int_equal(frames_resume(&f, b.key, &about, b.sealed), 0);
    assert_int_equal(frames_open(&f, 0, true, b.sealed + FRAMES_HEAD, 16, out), 0);
    assert_int_equal(frames_open(&f, 0, false, b.sealed + FRAMES_HEAD, 16, out), SEAL_FORGED);
}

static void sizes_that_no_blob_has(void **state)
{
    (void)state;
    struct frames_span span;
    int64_t n;

    assert_false(frames_plain_size(0, &n));
    assert_false(frames_plain_size(FRAMES_HEAD + 15, &n));
    assert_false(frames_plain_size(-1, &n));
    assert_false(frames_plain_size(INT64_MAX, &n));
    for (int64_t extra = 1; extra <= 16; extra++) /* a frame of nothing, or part of a tag */
        assert_false(frames_plain_size(frames_sealed_size(65536) + extra, &n));
    assert_true(frames_plain_size(frames_sealed_size(65536) + 17, &n));
    assert_int_equal(n, 65537);
    assert_false(frames_span(10, 10, 1, &span));
    assert_false(frames_span(10, -1, 1, &span));
    assert_false(frames_span(10, 0, 0, &span));
    assert_false(frames_span(0, 0, 1, &span));
    assert_true(frames_span(FRAMES_BYTES_MAX, FRAMES_BYTES_MAX - 1, INT64_MAX, &span));
    assert_int_equal(span.n, 1);
    assert_true(span.ends);
}

static void frames_cannot_be_cut_swapped_or_moved(void **state)
{
    (void)state;
    CLEANUP(free_blob) struct blob b = make_blob(2 * FRAMES_PLAIN + 9);
    CLEANUP(free_blob) struct blob other = make_blob(FRAMES_PLAIN);
    CLEANUP(freep) uint8_t *out = malloc(FRAMES_PLAIN);
    uint8_t *first = b.sealed + FRAMES_HEAD, *second = first + FRAMES_SEALED;
    struct frames f;

    assert_int_equal(frames_resume(&f, b.key, &about, b.sealed), 0);
    assert_int_equal(frames_open(&f, 0, false, first, FRAMES_SEALED, out), 0);
    /* the last frame left out: the one before is asked for as the last */
    assert_int_equal(frames_open(&f, 1, true, second, FRAMES_SEALED, out), SEAL_FORGED);
    assert_int_equal(frames_open(&f, 1, false, first, FRAMES_SEALED, out), SEAL_FORGED);
    assert_int_equal(frames_open(&f, 0, false, second, FRAMES_SEALED, out), SEAL_FORGED);
    assert_int_equal(frames_open(&f, 0, false, first, FRAMES_SEALED - 1, out), SEAL_FORGED);
    first[5] ^= 1;
    assert_int_equal(frames_open(&f, 0, false, first, FRAMES_SEALED, out), SEAL_FORGED);
    assert_int_equal(frames_open(&f, 0, true, other.sealed + FRAMES_HEAD, FRAMES_SEALED, out),
                     SEAL_FORGED);
}

static void a_head_is_bound_to_its_frames(void **state)
{
    (void)state;
    CLEANUP(free_blob) struct blob b = make_blob(5);
    const struct seal_about another = {"media.original", {{8}}};
    const struct seal_about nothing = {"", {{8}}};
    struct frames f;
    uint8_t out[5];

    assert_int_equal(frames_resume(&f, b.key, &another, b.sealed), 0);
    assert_int_equal(frames_open(&f, 0, true, b.sealed + FRAMES_HEAD, 21, out), SEAL_FORGED);
    assert_int_equal(frames_resume(&f, b.key, &nothing, b.sealed), E_INVALID);
    b.sealed[3] ^= 1;
    assert_int_equal(frames_resume(&f, b.key, &about, b.sealed), 0);
    assert_int_equal(frames_open(&f, 0, true, b.sealed + FRAMES_HEAD, 21, out), SEAL_FORGED);
    b.sealed[0] = 9;
    assert_int_equal(frames_resume(&f, b.key, &about, b.sealed), SEAL_FORGED);
}

static void only_the_last_frame_may_be_short(void **state)
{
    (void)state;
    uint8_t key[SEAL_KEY] = {0}, head[FRAMES_HEAD], plain[8] = {0}, out[24];
    struct frames f;

    assert_int_equal(frames_begin(&f, key, &about, head), 0);
    assert_int_equal(frames_seal(&f, 0, false, plain, 8, out), E_INVALID);
    assert_int_equal(frames_seal(&f, 1, true, plain, 0, out), E_INVALID);
    assert_int_equal(frames_seal(&f, 0, true, plain, FRAMES_PLAIN + 1, out), E_INVALID);
    assert_int_equal(frames_seal(&f, 1, true, plain, 8, out), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_of_every_shape),
        cmocka_unit_test(an_empty_blob_has_one_frame),
        cmocka_unit_test(sizes_that_no_blob_has),
        cmocka_unit_test(frames_cannot_be_cut_swapped_or_moved),
        cmocka_unit_test(a_head_is_bound_to_its_frames),
        cmocka_unit_test(only_the_last_frame_may_be_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
