/*
 * Numbers that many ask for at once. One of them bumps the counter for all; if they go on asking,
 * it takes as many more as were asked for lately, so that a busy counter does not cost everybody a
 * commit, and an idle one leaves no number out. Where others had to wait meanwhile, it takes what
 * will do for AHEAD_MS as they ask now: a bump lasts as long as a commit, and would be due again as
 * soon as those who waited have their numbers.
 */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/result.h"
#include "store/private.h"

#define LATELY_MS 2000 /* between two bumps of a busy counter */
#define AHEAD_MS 1000
#define AHEAD_TIMES 4 /* at most, of what was asked for: it grows step by step */
#define AHEAD_MAX 256

void numbers_init(struct numbers *n)
{
    pthread_mutex_init(&n->lock, NULL);
    pthread_cond_init(&n->changed, NULL);
}

void numbers_release(struct numbers *n)
{
    pthread_mutex_destroy(&n->lock);
    pthread_cond_destroy(&n->changed);
}

/* The run of a counter: its own, else the one that was bumped longest ago; NULL: all are busy. */
static struct number_run *run_of(struct numbers *n, const char *counter)
{
    struct number_run *oldest = NULL;
    for (size_t i = 0; i < NUMBER_RUNS; i++) {
        struct number_run *r = &n->runs[i];
        if (strcmp(r->counter, counter) == 0)
            return r;
        if (r->waiting == 0 && (!oldest || r->bumped_ms < oldest->bumped_ms))
            oldest = r;
    }
    if (oldest) {
        *oldest = (struct number_run){0};
        memcpy(oldest->counter, counter, strlen(counter) + 1);
    }
    return oldest;
}

static int64_t wanted(const struct number_run *r, int64_t now_ms)
{
    int64_t since = now_ms - r->bumped_ms, by = r->waiting;
    if (since < LATELY_MS && r->asked > by)
        by = r->asked;
    if (since < AHEAD_MS && r->crowded)
        by *= since * AHEAD_TIMES < AHEAD_MS ? AHEAD_TIMES : AHEAD_MS / since;
    return by < AHEAD_MAX ? by : AHEAD_MAX;
}

/* Bumps for all who asked since the last time; unlocked meanwhile. */
static int refill(struct store *s, struct number_run *r)
{
    struct numbers *n = &s->numbers;
    int64_t now_ms = clock_monotonic_ms(), last = 0, by = wanted(r, now_ms);
    r->bumping = true;
    r->crowded = false;
    r->asked = 0;
    pthread_mutex_unlock(&n->lock);
    int done = store_bump(s, r->counter, by, &last);
    pthread_mutex_lock(&n->lock);
    r->bumping = false;
    r->bumped_ms = now_ms;
    r->bumps++;
    r->bumped = done;
    if (done == 0) {
        r->next = last - by + 1;
        r->end = last + 1;
    }
    pthread_cond_broadcast(&n->changed);
    return done;
}

/* Who waited for a bump that failed fails with it: one after the other they would wait too long. */
static int await(struct numbers *n, struct number_run *r)
{
    uint64_t bumps = r->bumps;
    r->crowded = true;
    pthread_cond_wait(&n->changed, &n->lock);
    return r->bumps == bumps ? 0 : r->bumped;
}

int store_number(struct store *s, const char *counter, int64_t *ret)
{
    struct numbers *n = &s->numbers;
    int done = 0;
    pthread_mutex_lock(&n->lock);
    struct number_run *r = strlen(counter) < NUMBER_COUNTER ? run_of(n, counter) : NULL;
    if (!r) {
        pthread_mutex_unlock(&n->lock);
        return store_bump(s, counter, 1, ret);
    }
    r->waiting++;
    r->asked++;
    while (done == 0 && r->next == r->end)
        done = r->bumping ? await(n, r) : refill(s, r);
    if (done == 0)
        *ret = r->next++;
    r->waiting--;
    pthread_mutex_unlock(&n->lock);
    return done;
}
