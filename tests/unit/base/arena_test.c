#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    for (size_t n = 0; n < 3000; n += 7) {
        unsigned char *p = arena_alloc(&a, n);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xFF, n);
    }
    arena_release(&a);
    assert_null(a.chunk);
    assert_int_equal(a.used, 0);
}

static void allocations_do_not_overlap(void **state)
{
    (void)state;
    struct arena a = {0};
    static const size_t sizes[] = {1, 16, 4000, 5000, 100, 70000, 3, 1000000, 0, 8};
    unsigned char *p[sizeof sizes / sizeof *sizes];
    size_t total = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        p[i] = arena_alloc(&a, sizes[i]);
        memset(p[i], (int)i + 1, sizes[i]);
        total += sizes[i];
    }
    assert_int_equal(a.used, total);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (size_t j = 0; j < sizes[i]; j++)
            assert_int_equal(p[i][j], i + 1);
    }
    arena_release(&a);
}

static void copies(void **state)
{
    (void)state;
    struct arena a = {0};
    assert_null(arena_strdup(&a, NULL));
    assert_null(arena_strndup(&a, NULL, 3));
    assert_string_equal(arena_strdup(&a, "trạm"), "trạm");
    assert_string_equal(arena_strndup(&a, "abcdef", 3), "abc");
    assert_string_equal(arena_strndup(&a, "ab", 10), "ab");
    assert_memory_equal(arena_dup(&a, "a\0b", 3), "a\0b", 3);
    assert_non_null(arena_dup(&a, NULL, 0));
    assert_string_equal(arena_printf(&a, "%d-%s", 42, "x"), "42-x");
    char *long_text = arena_printf(&a, "%0*d", 9000, 1);
    assert_int_equal(strlen(long_text), 9000);
    arena_release(&a);
}

static char order[8];

static void note(void *p)
{
    strcat(order, p);
}

static void deferred_run_newest_first_with_memory_alive(void **state)
{
    (void)state;
    struct arena a = {0};
    order[0] = '\0';
    arena_defer(&a, note, arena_strdup(&a, "1"));
    arena_alloc(&a, 60000);
    arena_defer(&a, note, arena_strdup(&a, "2"));
    arena_alloc(&a, 5000);
    char *late = arena_alloc(&a, 2);
    arena_defer(&a, note, late);
    late[0] = '3';
    arena_release(&a);
    assert_string_equal(order, "321");
    arena_release(&a); /* runs nothing twice */
    assert_string_equal(order, "321");
    assert_string_equal(arena_strdup(&a, "again"), "again");
    arena_release(&a);
}

/* Runs fn in a child and tells how it ended. */
static int ends_by_signal(void (*fn)(void))
{
    pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        fn();
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void overflowing_array(void)
{
    struct arena a = {0};
    arena_array(&a, SIZE_MAX / 2, 3);
}

static void overflowing_alloc(void)
{
    struct arena a = {0};
    arena_alloc(&a, SIZE_MAX - 5);
}

static void count_run(void *p)
{
    ++*(int *)p;
}

static void reset_is_like_new(void **state)
{
    (void)state;
    struct arena a = {0};
    int run = 0;
    arena_reset(&a); /* of nothing */
    for (int round = 0; round < 5; round++) {
        arena_defer(&a, count_run, &run);
        for (size_t n = 1; n < (round == 3 ? 300000 : 3000); n = n * 3 + 1) {
            unsigned char *p = arena_alloc(&a, n);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(p[i], 0);
            memset(p, 0xFF, n);
        }
        arena_reset(&a);
        assert_int_equal(a.used, 0);
        assert_int_equal(run, round + 1);
    }
    arena_release(&a);
    assert_int_equal(run, 5);
    assert_null(a.chunk);
}

static void overflow_ends_the_process(void **state)
{
    (void)state;
    assert_int_equal(ends_by_signal(overflowing_array), SIGABRT);
    assert_int_equal(ends_by_signal(overflowing_alloc), SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(allocations_do_not_overlap),
        cmocka_unit_test(copies),
        cmocka_unit_test(deferred_run_newest_first_with_memory_alive),
        cmocka_unit_test(reset_is_like_new),
        cmocka_unit_test(overflow_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
