#include "domain/calendar/case_clock.h"

#include <string.h>

#include "base/clock.h"
#include "base/result.h"

void clock_init(struct case_clock *k, int name, enum calendar_unit unit, int64_t budget)
{
    *k = (struct case_clock){.name = name, .unit = unit, .budget = budget};
}

static struct clock_run *newest(struct case_clock *k)
{
    return &k->runs[k->n_runs - 1];
}

static int64_t max_ms(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t budget_grains(const struct case_clock *k)
{
    int64_t grains;
    if (__builtin_mul_overflow(k->budget, calendar_grains(k->unit), &grains))
        return INT64_MAX; /* calendar_add_grains clamps it */
    return grains;
}

/* Grains spent in one interval, up to `until_ms` if it is open. */
static int64_t run_grains(const struct case_clock *k, const struct calendar *c,
                          const struct clock_run *run, int64_t until_ms)
{
    int64_t from = max_ms(run->from_ms, calendar_counts_from(k->unit, k->started_ms));
    return calendar_spent_grains(c, k->unit, from,
                                 run->to_ms == CLOCK_RUNS ? until_ms : run->to_ms);
}

static void fold_oldest(struct case_clock *k, const struct calendar *c)
{
    k->carried += run_grains(k, c, &k->runs[0], k->runs[0].to_ms);
    k->carried_to_ms = k->runs[0].to_ms;
    k->n_runs--;
    memmove(k->runs, k->runs + 1, (size_t)k->n_runs * sizeof(k->runs[0]));
}

static void close_run(struct case_clock *k, int64_t at_ms)
{
    newest(k)->to_ms = max_ms(at_ms, newest(k)->from_ms);
}

int clock_start(struct case_clock *k, int64_t at_ms)
{
    if (at_ms <= 0)
        return E_INVALID;
    if (k->state == CLOCK_STATE_STOPPED)
        return CLOCK_OVER;
    if (k->state != CLOCK_STATE_IDLE)
        return CLOCK_ALREADY;
    k->started_ms = at_ms;
    k->runs[0] = (struct clock_run){at_ms, CLOCK_RUNS};
    k->n_runs = 1;
    k->state = CLOCK_STATE_RUNNING;
    return 0;
}

int clock_pause(struct case_clock *k, int64_t at_ms)
{
    if (at_ms <= 0)
        return E_INVALID;
    if (k->state == CLOCK_STATE_IDLE)
        return CLOCK_IDLE;
    if (k->state == CLOCK_STATE_STOPPED)
        return CLOCK_OVER;
    if (k->state == CLOCK_STATE_PAUSED)
        return CLOCK_ALREADY;
    close_run(k, at_ms);
    k->state = CLOCK_STATE_PAUSED;
    return 0;
}

int clock_resume(struct case_clock *k, const struct calendar *c, int64_t at_ms)
{
    if (at_ms <= 0)
        return E_INVALID;
    if (k->state == CLOCK_STATE_IDLE)
        return CLOCK_IDLE;
    if (k->state == CLOCK_STATE_STOPPED)
        return CLOCK_OVER;
    if (k->state == CLOCK_STATE_RUNNING)
        return CLOCK_ALREADY;
    at_ms = max_ms(at_ms, newest(k)->to_ms);
    if (k->n_runs == CLOCK_RUNS_MAX)
        fold_oldest(k, c);
    k->runs[k->n_runs++] = (struct clock_run){at_ms, CLOCK_RUNS};
    k->state = CLOCK_STATE_RUNNING;
    return 0;
}

int clock_stop(struct case_clock *k, int64_t at_ms)
{
    if (at_ms <= 0)
        return E_INVALID;
    if (k->state == CLOCK_STATE_IDLE)
        return CLOCK_IDLE;
    if (k->state == CLOCK_STATE_STOPPED)
        return CLOCK_ALREADY;
    if (k->state == CLOCK_STATE_RUNNING)
        close_run(k, at_ms);
    k->state = CLOCK_STATE_STOPPED;
    return 0;
}

int clock_due_ms(const struct case_clock *k, const struct calendar *c, int64_t *ret)
{
    if (k->state == CLOCK_STATE_IDLE)
        return CLOCK_IDLE;
    int64_t left = budget_grains(k) - k->carried;
    if (left <= 0) {
        *ret = k->carried_to_ms ? k->carried_to_ms : k->started_ms;
        return 0;
    }
    for (int i = 0; i < k->n_runs; i++) {
        const struct clock_run *run = &k->runs[i];
        int64_t spent = run->to_ms == CLOCK_RUNS ? left : run_grains(k, c, run, run->to_ms);
        if (spent >= left) {
            int64_t from = max_ms(run->from_ms, calendar_counts_from(k->unit, k->started_ms));
            *ret = calendar_add_grains(c, k->unit, from, left);
            return 0;
        }
        left -= spent;
    }
    return CLOCK_ENDLESS;
}

static int64_t spent_grains(const struct case_clock *k, const struct calendar *c, int64_t now_ms)
{
    int64_t sum = k->carried;
    for (int i = 0; i < k->n_runs; i++)
        sum += run_grains(k, c, &k->runs[i], now_ms);
    return sum;
}

int64_t clock_spent(const struct case_clock *k, const struct calendar *c, int64_t now_ms)
{
    return spent_grains(k, c, now_ms) / calendar_grains(k->unit);
}

int64_t clock_left(const struct case_clock *k, const struct calendar *c, int64_t now_ms)
{
    return k->budget - clock_spent(k, c, now_ms);
}

bool clock_is_late(const struct case_clock *k, const struct calendar *c, int64_t now_ms)
{
    int64_t due;
    if (clock_due_ms(k, c, &due) != 0)
        return false;
    int64_t end = k->runs[k->n_runs - 1].to_ms;
    return (end == CLOCK_RUNS ? now_ms : end) > due;
}

int64_t clock_budget_of(const struct clock_budget *b, const struct calendar *c, int64_t start_ms)
{
    return calendar_is_working_day(c, clock_day_number(start_ms)) ? b->working_day_ms
                                                                  : b->day_off_ms;
}
