/* The queue between the loops and the workers. Waiting is cheap: a worker that waits for a commit
 * holds a small stack and nothing else. */
#include <stdlib.h>

#include "gateway/server.h"

#define STACK_BYTES ((size_t)256 * 1024)
#define QUEUE_MAX 4096
#define OUTSIDE_WIDTH 24 /* workers that may wait for other people's servers */

/* A job of a lane that has room; the general lane first. */
static struct job *take(struct queue *q)
{
    for (int lane = 0; lane < LANE_COUNT; lane++) {
        struct job *j = q->first[lane];
        if (!j || (q->width[lane] && q->running[lane] >= q->width[lane]))
            continue;
        q->first[lane] = j->next;
        if (!j->next)
            q->last[lane] = &q->first[lane];
        q->queued--;
        q->running[lane]++;
        return j;
    }
    return NULL;
}

static enum lane lane_of(const struct job *j)
{
    return j->kind == JOB_REQUEST && j->route ? j->route->route->lane : LANE_GENERAL;
}

static void *worker_main(void *arg)
{
    struct queue *q = arg;
    pthread_mutex_lock(&q->lock);
    for (;;) {
        struct job *j = take(q);
        if (!j) {
            if (q->stopping)
                break;
            q->idle++;
            pthread_cond_wait(&q->arrived, &q->lock);
            q->idle--;
            continue;
        }
        enum lane lane = lane_of(j);
        pthread_mutex_unlock(&q->lock);
        struct loop *loop = j->loop;
        job_run(j);
        h2o_multithread_send_message(&loop->replies, &j->message);
        pthread_mutex_lock(&q->lock);
        q->running[lane]--;
        if (q->width[lane] && q->first[lane])
            pthread_cond_signal(&q->arrived);
    }
    pthread_mutex_unlock(&q->lock);
    sem_post(&q->ended);
    return NULL;
}

int queue_start(struct queue *q, size_t threads, unsigned password_width)
{
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->arrived, NULL);
    sem_init(&q->ended, 0, 0);
    for (int lane = 0; lane < LANE_COUNT; lane++)
        q->last[lane] = &q->first[lane];
    q->width[LANE_PASSWORD] = password_width;
    q->width[LANE_OUTSIDE] = OUTSIDE_WIDTH;
    q->threads = calloc(threads, sizeof(*q->threads));
    if (!q->threads)
        return E_NOMEM;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
#ifndef __SANITIZE_ADDRESS__ /* its red zones want more */
    pthread_attr_setstacksize(&attr, STACK_BYTES);
#endif
    for (; q->n_threads < threads; q->n_threads++) {
        if (pthread_create(&q->threads[q->n_threads], &attr, worker_main, q) != 0)
            break;
    }
    pthread_attr_destroy(&attr);
    return q->n_threads == threads ? 0 : E_NOMEM;
}

int queue_stop(struct queue *q, const struct timespec *until)
{
    pthread_mutex_lock(&q->lock);
    q->stopping = true;
    pthread_cond_broadcast(&q->arrived);
    pthread_mutex_unlock(&q->lock);
    for (size_t i = 0; i < q->n_threads; i++) {
        if (!wait_until(&q->ended, until))
            return E_TIMEOUT;
    }
    for (size_t i = 0; i < q->n_threads; i++)
        pthread_join(q->threads[i], NULL);
    free(q->threads);
    sem_destroy(&q->ended);
    pthread_mutex_destroy(&q->lock);
    pthread_cond_destroy(&q->arrived);
    *q = (struct queue){0};
    return 0;
}

bool queue_full(const struct queue *q, size_t more)
{
    return atomic_load_explicit(&q->queued, memory_order_relaxed) + more >= QUEUE_MAX;
}

void queue_push(struct queue *q, struct job *jobs, size_t n)
{
    pthread_mutex_lock(&q->lock);
    while (jobs) {
        struct job *next = jobs->next;
        enum lane lane = lane_of(jobs);
        jobs->next = NULL;
        *q->last[lane] = jobs;
        q->last[lane] = &jobs->next;
        q->queued++;
        jobs = next;
    }
    gauge_queue(q->queued);
    size_t wake = n < q->idle ? n : q->idle;
    for (size_t i = 0; i < wake; i++)
        pthread_cond_signal(&q->arrived);
    pthread_mutex_unlock(&q->lock);
}
