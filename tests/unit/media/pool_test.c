/* The pool with the decoder that was built beside it, sandbox and all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/result.h"
#include "media/memfd.h"
#include "media/pool.h"
#include "media/sandbox.h"
#include "tests/unit/media/pictures.h"

static struct media_pool *pool_with(unsigned decoders, unsigned waiting, unsigned deadline_ms)
{
    struct media_pool_options o = MEDIA_POOL_OPTIONS_DEFAULT;
    struct media_pool *pool;
    o.decoder_path = TRAM_DECODER_BUILT;
    o.decoders = decoders;
    o.waiting_max = waiting;
    o.deadline_ms = deadline_ms;
    assert_int_equal(media_pool_new(&o, &pool), 0);
    return pool;
}

static int decode(struct media_pool *pool, const struct bytes *b, struct media_result *ret)
{
    return media_decode(pool, &(struct media_input){.fd = -1, .bytes = b->at, .n = b->n}, ret);
}

/* A call from a thread of its own, and a wait until it holds a decoder. */
struct call {
    struct media_pool *pool;
    struct bytes bytes;
    struct media_result result;
    int rc;
    pthread_t thread;
};

static void *run_call(void *arg)
{
    struct call *c = arg;
    c->rc = decode(c->pool, &c->bytes, &c->result);
    return NULL;
}

static void begin(struct call *c, struct media_pool *pool, const struct bytes *b)
{
    *c = (struct call){.pool = pool, .bytes = *b};
    assert_int_equal(pthread_create(&c->thread, NULL, run_call, c), 0);
}

static void wait_for(struct media_pool *pool, unsigned running, unsigned waiting)
{
    for (int i = 0; i < 5000; i++) {
        struct media_pool_counts counts = media_pool_counts(pool);
        if (counts.running == running && counts.waiting == waiting)
            return;
        usleep(1000);
    }
    fail_msg("the pool did not get there");
}

static pid_t only_pid(struct media_pool *pool)
{
    pid_t pid = 0;
    assert_int_equal(media_pool_pids(pool, &pid, 1), 1);
    return pid;
}

static void the_sandbox_proves_itself(void **state)
{
    (void)state;
    char line[256];
    unsigned denied = 0;
    FILE *out = popen("'" TRAM_DECODER_BUILT "' --prove 2>&1", "r");
    assert_non_null(out);
    while (fgets(line, sizeof line, out)) {
        denied += strstr(line, " denied: Operation not permitted\n") != NULL;
        assert_null(strstr(line, "NOT DENIED"));
    }
    int status = pclose(out);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(denied >= 20);
}

static void a_picture_comes_back(void **state)
{
    (void)state;
    struct media_pool *pool = pool_with(1, 4, 20000);
    CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(1600, 1200), false);
    size_t proper;
    add_exif(&jpeg, 6, "+07:00", 'N');
    proper = jpeg.n;
    bytes_insert(&jpeg, jpeg.n, "PK\3\4 polyglot", 13);
    CLEANUP(media_result_release) struct media_result result;
    assert_int_equal(decode(pool, &jpeg, &result), 0);
    assert_int_equal(result.facts.sound_bytes, proper);
    assert_int_equal(result.facts.width, 1200);
    assert_int_equal(result.large.height, 1280);
    assert_int_equal(result.small.height, 320);
    assert_true(result.facts.exif.has_place);
    assert_false(bytes_hold(result.large.bytes, result.large.n, "PK\3\4 poly"));

    CLEANUP(closep) int fd = -1;
    assert_int_equal(memfd_new(&fd), 0);
    assert_int_equal(memfd_append(fd, jpeg.at, jpeg.n), 0);
    struct media_result by_fd;
    assert_int_equal(media_decode(pool, &(struct media_input){.fd = fd}, &by_fd), E_INVALID);
    assert_int_equal(memfd_seal(fd), 0);
    assert_int_equal(media_decode(pool, &(struct media_input){.fd = fd}, &by_fd), 0);
    assert_int_equal(by_fd.large.n, result.large.n);
    assert_memory_equal(by_fd.large.bytes, result.large.bytes, result.large.n);
    media_result_release(&by_fd);

    struct media_pool_counts counts = media_pool_counts(pool);
    assert_true(counts.layers & SANDBOX_LIMITS && counts.layers & SANDBOX_FILTER);
    assert_int_equal(counts.decoded, 2);
    media_pool_free(pool);
}

static void bombs_are_refused_cheaply(void **state)
{
    (void)state;
    struct media_pool *pool = pool_with(1, 4, 20000);
    CLEANUP(bytes_release) struct bytes wide = png_bomb(30000, 30000);
    CLEANUP(bytes_release) struct bytes full = png_bomb(7000, 7000); /* within the limits */
    CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(64, 64), true);
    jpeg_claim_size(&jpeg, 60000, 60000);
    struct media_result result;
    char path[64], line[128];
    long peak_kb = 0;
    assert_int_equal(decode(pool, &wide, &result), MEDIA_REFUSED);
    assert_int_equal(result.fault, MEDIA_FAULT_TOO_LONG);
    assert_int_equal(decode(pool, &jpeg, &result), MEDIA_REFUSED);
    assert_int_equal(result.fault, MEDIA_FAULT_TOO_LONG);
    snprintf(path, sizeof path, "/proc/%d/status", (int)only_pid(pool));
    FILE *status = fopen(path, "r");
    assert_non_null(status);
    while (fgets(line, sizeof line, status)) {
        if (strncmp(line, "VmHWM:", 6) == 0)
            peak_kb = strtol(line + 6, NULL, 10);
    }
    fclose(status);
    assert_in_range(peak_kb, 1, 64 << 10);
    assert_int_equal(decode(pool, &full, &result), MEDIA_REFUSED);
    assert_int_equal(result.fault, MEDIA_FAULT_DAMAGED);
    assert_int_equal(media_pool_counts(pool).started, 1);
    assert_int_equal(media_pool_counts(pool).refused, 3);
    media_pool_free(pool);
}

static void a_killed_decoder_is_replaced(void **state)
{
    (void)state;
    struct media_pool *pool = pool_with(1, 4, 20000);
    CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(500, 400), false);
    struct call call;
    /* Stopped first, so that the kill finds it in the middle of the job. */
    pid_t first = only_pid(pool);
    assert_int_equal(kill(first, SIGSTOP), 0);
    begin(&call, pool, &jpeg);
    wait_for(pool, 1, 0);
    usleep(20000);
    assert_int_equal(kill(first, SIGKILL), 0);
    pthread_join(call.thread, NULL);
    assert_int_equal(call.rc, 0);
    media_result_release(&call.result);
    struct media_pool_counts counts = media_pool_counts(pool);
    assert_int_equal(counts.crashed, 1);
    assert_int_equal(counts.started, 2);
    assert_int_not_equal(only_pid(pool), first);

    /* Dead between two jobs: the next one does not notice. */
    CLEANUP(media_result_release) struct media_result result;
    assert_int_equal(kill(only_pid(pool), SIGKILL), 0);
    assert_int_equal(decode(pool, &jpeg, &result), 0);
    media_pool_free(pool);
}

static void two_deaths_are_a_refusal(void **state)
{
    (void)state;
    struct media_pool *pool = pool_with(1, 4, 20000);
    CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(3000, 3000), true);
    struct call call;
    begin(&call, pool, &jpeg);
    /* Whatever decoder there is, it is killed until the call has its answer. */
    while (media_pool_counts(pool).crashed < 2) {
        pid_t pid = only_pid(pool);
        if (pid > 0)
            kill(pid, SIGKILL);
        usleep(500);
        if (media_pool_counts(pool).decoded > 0)
            break;
    }
    pthread_join(call.thread, NULL);
    assert_int_equal(call.rc, MEDIA_CRASHED);
    assert_int_equal(call.result.fault, MEDIA_FAULT_CRASHED);
    CLEANUP(media_result_release) struct media_result result;
    assert_int_equal(decode(pool, &jpeg, &result), 0);
    media_pool_free(pool);
}

static void a_hung_decoder_is_killed(void **state)
{
    (void)state;
    struct media_pool *pool = pool_with(1, 0, 700);
    CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(64, 64), false);
    struct media_result result;
    int64_t from_ms = clock_monotonic_ms();
    assert_int_equal(kill(only_pid(pool), SIGSTOP), 0);
    assert_int_equal(decode(pool, &jpeg, &result), MEDIA_REFUSED);
    assert_int_equal(result.fault, MEDIA_FAULT_TOO_SLOW);
    assert_in_range(clock_monotonic_ms() - from_ms, 690, 5000);
    assert_int_equal(media_pool_counts(pool).slow, 1);
    assert_int_equal(decode(pool, &jpeg, &result), 0);
    media_result_release(&result);
    media_pool_free(pool);
}

static void a_full_queue_is_told(void **state)
{
    (void)state;
    struct media_pool *pool = pool_with(1, 1, 20000);
    CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(64, 64), false);
    struct call running, waiting;
    struct media_result result;
    pid_t pid = only_pid(pool);
    assert_int_equal(kill(pid, SIGSTOP), 0);
    begin(&running, pool, &jpeg);
    wait_for(pool, 1, 0);
    begin(&waiting, pool, &jpeg);
    wait_for(pool, 1, 1);
    assert_int_equal(decode(pool, &jpeg, &result), E_BUSY);
    assert_int_equal(kill(pid, SIGCONT), 0);
    pthread_join(running.thread, NULL);
    pthread_join(waiting.thread, NULL);
    assert_int_equal(running.rc, 0);
    assert_int_equal(waiting.rc, 0);
    media_result_release(&running.result);
    media_result_release(&waiting.result);
    assert_int_equal(media_pool_counts(pool).busy, 1);
    media_pool_free(pool);
}

static void *run_enter(void *arg)
{
    struct call *c = arg;
    c->rc = media_pool_enter(c->pool);
    return NULL;
}

/* One decoder: three are inside, one waits, the next is told. */
static void places_are_few_and_given_in_turn(void **state)
{
    (void)state;
    struct media_pool *pool = pool_with(1, 1, 20000);
    struct call waiting = {.pool = pool, .rc = -1};
    for (int i = 0; i < 3; i++)
        assert_int_equal(media_pool_enter(pool), 0);
    assert_int_equal(pthread_create(&waiting.thread, NULL, run_enter, &waiting), 0);
    wait_for(pool, 0, 1);
    assert_int_equal(media_pool_enter(pool), E_BUSY);
    assert_int_equal(media_pool_counts(pool).busy, 1);
    media_pool_leave(pool);
    pthread_join(waiting.thread, NULL);
    assert_int_equal(waiting.rc, 0);
    for (int i = 0; i < 3; i++)
        media_pool_leave(pool);
    media_pool_free(pool);

    pool = pool_with(1, 1, 1500); /* who waits in vain is told in the end */
    for (int i = 0; i < 3; i++)
        assert_int_equal(media_pool_enter(pool), 0);
    assert_int_equal(media_pool_enter(pool), E_BUSY);
    assert_int_equal(media_pool_counts(pool).waiting, 0);
    for (int i = 0; i < 3; i++)
        media_pool_leave(pool);
    media_pool_free(pool);
}

static void bit_flips_leave_a_working_pool(void **state)
{
    (void)state;
    struct media_pool *pool = pool_with(1, 4, 20000);
    uint32_t seed = 20261124;
    unsigned refused = 0;
    CLEANUP(bytes_release) struct bytes jpeg = as_jpeg(four_corners(160, 120), false);
    CLEANUP(bytes_release) struct bytes png = as_png(four_corners(160, 120));
    add_exif(&jpeg, 6, "+07:00", 'N');
    for (int i = 0; i < 500; i++) {
        const struct bytes *file = i % 2 ? &png : &jpeg;
        CLEANUP(media_result_release) struct media_result result;
        CLEANUP(bytes_release) struct bytes bad = {malloc(file->n), file->n};
        memcpy(bad.at, file->at, file->n);
        for (int k = 0; k <= i % 5; k++)
            bad.at[random_next(&seed) % (i % 4 < 2 ? 900 : file->n)] ^=
                (uint8_t)(1U << (random_next(&seed) % 8));
        int rc = decode(pool, &bad, &result);
        assert_true(rc == 0 || rc == MEDIA_REFUSED || rc == MEDIA_CRASHED);
        refused += rc != 0;
    }
    assert_in_range(refused, 50, 500);
    CLEANUP(media_result_release) struct media_result result;
    assert_int_equal(decode(pool, &jpeg, &result), 0);
    /* Replaced after every 64 jobs, and not otherwise. */
    assert_int_equal(media_pool_counts(pool).started, 1 + 500 / 64);
    media_pool_free(pool);
}

static void a_missing_decoder_is_told(void **state)
{
    (void)state;
    struct media_pool_options o = MEDIA_POOL_OPTIONS_DEFAULT;
    struct media_pool *pool;
    o.decoder_path = "/nonexistent/tram-decoder";
    assert_int_equal(media_pool_new(&o, &pool), E_UNAVAILABLE);
    o.decoder_path = "/bin/true"; /* starts, and says nothing */
    assert_int_equal(media_pool_new(&o, &pool), E_UNAVAILABLE);
    o.decoders = 1000;
    assert_int_equal(media_pool_new(&o, &pool), E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sandbox_proves_itself),
        cmocka_unit_test(a_picture_comes_back),
        cmocka_unit_test(bombs_are_refused_cheaply),
        cmocka_unit_test(a_killed_decoder_is_replaced),
        cmocka_unit_test(two_deaths_are_a_refusal),
        cmocka_unit_test(a_hung_decoder_is_killed),
        cmocka_unit_test(a_full_queue_is_told),
        cmocka_unit_test(places_are_few_and_given_in_turn),
        cmocka_unit_test(bit_flips_leave_a_working_pool),
        cmocka_unit_test(a_missing_decoder_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
