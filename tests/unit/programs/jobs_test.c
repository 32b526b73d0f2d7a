/* Long work: one at a time, its progress and its end can be asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <semaphore.h>
#include <string.h>
#include <time.h>

#include "base/result.h"
#include "handlers/jobs.h"

struct work {
    sem_t begun, go;
    int outcome;
    int freed;
};

static int run(struct job *job, void *ctx)
{
    struct work *w = ctx;
    job_tell(job, "rows", 3, 10);
    sem_post(&w->begun);
    sem_wait(&w->go);
    job_result(job, json_pack("{s:i}", "n", 7));
    return w->outcome;
}

static void release(void *ctx)
{
    ((struct work *)ctx)->freed++;
}

static const char *text_of(const json_t *job, const char *member)
{
    return json_string_value(json_object_get(job, member));
}

/* Until it has ended, at most ten seconds. */
static json_t *ended(struct job_board *b, const struct id *id)
{
    for (int i = 0; i < 1000; i++) {
        json_t *job = jobs_show(b, id);
        if (strcmp(text_of(job, "state"), "running") != 0)
            return job;
        json_decref(job);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    fail_msg("the job does not end");
    return NULL;
}

static void one_runs_and_tells(void **state)
{
    (void)state;
    struct job_board *b = NULL;
    struct work w = {.outcome = 0}, other = {.outcome = 0};
    struct id id, second;
    sem_init(&w.begun, 0, 0);
    sem_init(&w.go, 0, 0);
    assert_int_equal(jobs_new(&b), 0);
    assert_int_equal(jobs_start(b, "test", run, &w, release, &id), 0);
    sem_wait(&w.begun);
    json_t *job = jobs_show(b, &id);
    assert_string_equal(text_of(job, "state"), "running");
    assert_string_equal(text_of(job, "step"), "rows");
    assert_int_equal(json_integer_value(json_object_get(job, "total")), 10);
    json_decref(job);
    assert_int_equal(jobs_start(b, "test", run, &other, release, &second), E_BUSY);
    assert_int_equal(other.freed, 1);
    sem_post(&w.go);
    job = ended(b, &id);
    assert_string_equal(text_of(job, "state"), "done");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(job, "result"), "n")), 7);
    json_decref(job);
    assert_int_equal(w.freed, 1);
    jobs_free(b);
}

static void a_failure_is_told_and_old_ones_are_forgotten(void **state)
{
    (void)state;
    struct job_board *b = NULL;
    struct id first = {{0}}, id;
    assert_int_equal(jobs_new(&b), 0);
    for (int i = 0; i < JOBS_KEPT + 1; i++) {
        struct work w = {.outcome = E_FULL};
        sem_init(&w.begun, 0, 0);
        sem_init(&w.go, 0, 1);
        assert_int_equal(jobs_start(b, "test", run, &w, release, &id), 0);
        json_t *job = ended(b, &id);
        assert_string_equal(text_of(job, "state"), "failed");
        assert_string_equal(text_of(job, "error"), result_words(E_FULL));
        json_decref(job);
        first = i == 0 ? id : first;
    }
    assert_null(jobs_show(b, &first));
    jobs_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_runs_and_tells),
        cmocka_unit_test(a_failure_is_told_and_old_ones_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
