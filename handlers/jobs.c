#include "handlers/jobs.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"

enum job_state { JOB_RUNNING = 1, JOB_DONE, JOB_FAILED };

static const char *const state_names[] = {"", "running", "done", "failed"};

#define STEP_TEXT 80

struct job {
    struct job_board *board;
    struct id id;
    const char *kind;
    enum job_state state;
    char step[STEP_TEXT];
    int64_t done, total;
    int outcome;
    json_t *result;
    job_fn fn;
    void *ctx;
    void (*free_ctx)(void *);
};

struct job_board {
    pthread_mutex_t lock; /* over everything, the jobs included */
    struct job *kept[JOBS_KEPT];
    size_t n; /* started in all; the newest is kept[(n - 1) % JOBS_KEPT] */
    pthread_t thread;
    bool threaded; /* there is a thread to join */
    bool stopping;
};

static void job_free(struct job *job)
{
    if (!job)
        return;
    json_decref(job->result);
    free(job);
}

int jobs_new(struct job_board **ret)
{
    struct job_board *b = calloc(1, sizeof(*b));
    if (!b)
        return E_NOMEM;
    pthread_mutex_init(&b->lock, NULL);
    *ret = b;
    return 0;
}

void jobs_free(struct job_board *b)
{
    if (!b)
        return;
    pthread_mutex_lock(&b->lock);
    b->stopping = true;
    pthread_mutex_unlock(&b->lock);
    if (b->threaded)
        pthread_join(b->thread, NULL);
    for (size_t i = 0; i < JOBS_KEPT; i++)
        job_free(b->kept[i]);
    pthread_mutex_destroy(&b->lock);
    free(b);
}

static void *work(void *arg)
{
    struct job *job = arg;
    int outcome = job->fn(job, job->ctx);
    job->free_ctx(job->ctx);
    pthread_mutex_lock(&job->board->lock);
    job->ctx = NULL;
    job->outcome = outcome;
    job->state = outcome == 0 ? JOB_DONE : JOB_FAILED;
    pthread_mutex_unlock(&job->board->lock);
    return NULL;
}

/* Under the lock. The thread of a job that is not running any more ends at once. */
static int launch(struct job_board *b, struct job *job)
{
    const struct job *last = b->n > 0 ? b->kept[(b->n - 1) % JOBS_KEPT] : NULL;
    if (b->stopping || (last && last->state == JOB_RUNNING))
        return E_BUSY;
    if (b->threaded)
        pthread_join(b->thread, NULL);
    b->threaded = pthread_create(&b->thread, NULL, work, job) == 0;
    if (!b->threaded)
        return E_NOMEM;
    job_free(b->kept[b->n % JOBS_KEPT]);
    b->kept[b->n++ % JOBS_KEPT] = job;
    return 0;
}

int jobs_start(struct job_board *b, const char *kind, job_fn fn, void *ctx,
               void (*free_ctx)(void *), struct id *ret)
{
    int done = E_NOMEM;
    struct job *job = calloc(1, sizeof(*job));
    if (job) {
        *job = (struct job){.board = b,
                            .id = id_v7(clock_now_ms()),
                            .kind = kind,
                            .state = JOB_RUNNING,
                            .fn = fn,
                            .ctx = ctx,
                            .free_ctx = free_ctx};
        *ret = job->id;
        pthread_mutex_lock(&b->lock);
        done = launch(b, job);
        pthread_mutex_unlock(&b->lock);
    }
    if (done != 0) {
        free_ctx(ctx);
        job_free(job);
    }
    return done;
}

static json_t *show(const struct job *job)
{
    char id[ID_TEXT];
    json_t *out =
        json_pack("{s:s, s:s, s:s, s:I}", "id", id_format(&job->id, id), "kind", job->kind, "state",
                  state_names[job->state], "done", (json_int_t)job->done);
    if (job->step[0])
        json_object_set_new(out, "step", json_string(job->step));
    if (job->total > 0)
        json_object_set_new(out, "total", json_integer(job->total));
    if (job->result)
        json_object_set_new(out, "result", json_deep_copy(job->result));
    if (job->state == JOB_FAILED)
        json_object_set_new(out, "error", json_string(result_words(job->outcome)));
    return out;
}

json_t *jobs_show(struct job_board *b, const struct id *id)
{
    json_t *out = NULL;
    pthread_mutex_lock(&b->lock);
    for (size_t i = 0; i < JOBS_KEPT && !out; i++) {
        if (b->kept[i] && id_equal(&b->kept[i]->id, id))
            out = show(b->kept[i]);
    }
    pthread_mutex_unlock(&b->lock);
    return out;
}

void job_tell(struct job *job, const char *step, int64_t done, int64_t total)
{
    pthread_mutex_lock(&job->board->lock);
    size_t n = strnlen(step, STEP_TEXT - 1);
    memcpy(job->step, step, n);
    job->step[n] = '\0';
    job->done = done;
    job->total = total;
    pthread_mutex_unlock(&job->board->lock);
}

void job_result(struct job *job, json_t *result)
{
    pthread_mutex_lock(&job->board->lock);
    json_decref(job->result);
    job->result = result;
    pthread_mutex_unlock(&job->board->lock);
}

bool job_stopped(struct job *job)
{
    pthread_mutex_lock(&job->board->lock);
    bool stopped = job->board->stopping;
    pthread_mutex_unlock(&job->board->lock);
    return stopped;
}
