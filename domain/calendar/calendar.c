#include "domain/calendar/calendar_private.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/result.h"

#define MS_MOST INT64_C(253402300799999) /* the end of 9999 */

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

static int64_t instant(int64_t ms)
{
    return clamp(ms, 0, MS_MOST);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* --- days ------------------------------------------------------------------------------------- */

static bool works_by_weekday(const struct calendar *c, int64_t day)
{
    return c->weekdays & 1U << clock_date_of_day(day).weekday;
}

/* Working weekdays in [from, to). */
static int64_t count_weekdays(const struct calendar *c, int64_t from, int64_t to)
{
    int64_t weeks = (to - from) / 7;
    int64_t count = weeks * c->days_a_week;
    for (int64_t day = from + weeks * 7; day < to; day++)
        count += works_by_weekday(c, day);
    return count;
}

/* Working days in [c->first, day), negative before c->first: a number for each working day. */
static int64_t working_days_before(const struct calendar *c, int64_t day)
{
    if (day < c->first)
        return -count_weekdays(c, day, c->first);
    if (day > c->end)
        return c->before[c->end - c->first] + count_weekdays(c, c->end, day);
    return c->before[day - c->first];
}

/* The n-th working weekday at or after `day` (step 1), or at or before it (step -1); n from 1. */
static int64_t nth_weekday(const struct calendar *c, int64_t day, int step, int64_t n)
{
    int64_t weeks = (n - 1) / c->days_a_week;
    n -= weeks * c->days_a_week;
    day += step * weeks * 7;
    while (!works_by_weekday(c, day) || --n > 0)
        day += step;
    return day;
}

/* The working day before which there are exactly `k`: inverse of working_days_before. */
static int64_t working_day_of(const struct calendar *c, int64_t k)
{
    size_t n = (size_t)(c->end - c->first);
    if (k < 0)
        return nth_weekday(c, c->first - 1, -1, -k);
    if (k >= c->before[n])
        return nth_weekday(c, c->end, 1, k - c->before[n] + 1);
    size_t low = 0, high = n; /* before[low] <= k < before[high] */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (c->before[middle] <= k)
            low = middle;
        else
            high = middle;
    }
    return c->first + (int64_t)low;
}

bool calendar_is_working_day(const struct calendar *c, int64_t day)
{
    return working_days_before(c, day + 1) > working_days_before(c, day);
}

int64_t calendar_next_working_day(const struct calendar *c, int64_t day)
{
    return working_day_of(c, working_days_before(c, day));
}

const char *calendar_day_name(const struct calendar *c, int64_t day)
{
    for (size_t i = 0; i < c->n_days; i++)
        if (c->days[i].day == day)
            return c->days[i].name;
    return NULL;
}

/* --- hours ------------------------------------------------------------------------------------ */

bool calendar_is_open(const struct calendar *c, int64_t ms)
{
    ms = instant(ms);
    int64_t day = clock_day_number(ms);
    if (!calendar_is_working_day(c, day))
        return false;
    int64_t at = ms - clock_day_start_ms(day);
    for (size_t i = 0; i < c->n_hours; i++)
        if (at >= c->hours[i].from_ms && at < c->hours[i].to_ms)
            return true;
    return false;
}

static int64_t close_of_day(const struct calendar *c)
{
    return c->hours[c->n_hours - 1].to_ms;
}

/* Working time in [opening of c->first, ms). */
static int64_t worked(const struct calendar *c, int64_t ms)
{
    int64_t day = clock_day_number(ms);
    int64_t sum = working_days_before(c, day) * c->day_ms;
    if (!calendar_is_working_day(c, day))
        return sum;
    int64_t at = ms - clock_day_start_ms(day);
    for (size_t i = 0; i < c->n_hours && at > c->hours[i].from_ms; i++)
        sum += clamp(at, c->hours[i].from_ms, c->hours[i].to_ms) - c->hours[i].from_ms;
    return sum;
}

/* The earliest instant at which worked() has become `sum`: never an opening one. */
static int64_t when_worked(const struct calendar *c, int64_t sum)
{
    int64_t k = floor_div(sum - 1, c->day_ms);
    int64_t rest = sum - k * c->day_ms; /* 1 to day_ms */
    int64_t start = clock_day_start_ms(working_day_of(c, k));
    size_t i = 0;
    for (; rest > c->hours[i].to_ms - c->hours[i].from_ms; i++)
        rest -= c->hours[i].to_ms - c->hours[i].from_ms;
    return start + c->hours[i].from_ms + rest;
}

/* --- units ------------------------------------------------------------------------------------ */

static int64_t budget_max(enum calendar_unit unit)
{
    int64_t days = CALENDAR_YEARS_MAX * INT64_C(366);
    switch (unit) {
    case CALENDAR_ELAPSED:
        return days * CLOCK_DAY_MS;
    case CALENDAR_WORKING_MINUTES:
        return days * 24 * 60;
    case CALENDAR_WORKING_DAYS:
    case CALENDAR_CALENDAR_DAYS:
        break;
    }
    return days;
}

int64_t calendar_grains(enum calendar_unit unit)
{
    return unit == CALENDAR_WORKING_MINUTES ? CALENDAR_MINUTE_MS : 1;
}

static bool counts_days(enum calendar_unit unit)
{
    return unit == CALENDAR_WORKING_DAYS || unit == CALENDAR_CALENDAR_DAYS;
}

int64_t calendar_counts_from(enum calendar_unit unit, int64_t received_ms)
{
    received_ms = instant(received_ms);
    if (!counts_days(unit))
        return received_ms;
    return clock_day_start_ms(clock_day_number(received_ms) + 1);
}

/* The newest day that had ended by `ms`, if a day ends `end_ms` after its midnight. */
static int64_t last_ended(int64_t ms, int64_t end_ms)
{
    return clock_day_number(ms - end_ms);
}

/* Grains that have passed at `ms` since some fixed instant; only differences mean anything. */
static int64_t measure(const struct calendar *c, enum calendar_unit unit, int64_t ms)
{
    switch (unit) {
    case CALENDAR_WORKING_MINUTES:
        return worked(c, ms);
    case CALENDAR_WORKING_DAYS:
        return working_days_before(c, last_ended(ms, close_of_day(c)) + 1);
    case CALENDAR_CALENDAR_DAYS:
        return last_ended(ms, CLOCK_DAY_MS - 1);
    case CALENDAR_ELAPSED:
        break;
    }
    return ms;
}

int64_t calendar_spent_grains(const struct calendar *c, enum calendar_unit unit, int64_t from_ms,
                              int64_t to_ms)
{
    from_ms = instant(from_ms);
    to_ms = instant(to_ms);
    return to_ms > from_ms ? measure(c, unit, to_ms) - measure(c, unit, from_ms) : 0;
}

int64_t calendar_add_grains(const struct calendar *c, enum calendar_unit unit, int64_t from_ms,
                            int64_t grains)
{
    from_ms = instant(from_ms);
    grains = clamp(grains, 0, budget_max(unit) * calendar_grains(unit));
    if (grains == 0)
        return from_ms;
    int64_t until = measure(c, unit, from_ms) + grains;
    switch (unit) {
    case CALENDAR_WORKING_MINUTES:
        return when_worked(c, until);
    case CALENDAR_WORKING_DAYS:
        return clock_day_start_ms(working_day_of(c, until - 1)) + close_of_day(c);
    case CALENDAR_CALENDAR_DAYS:
        return clock_day_start_ms(calendar_next_working_day(c, until)) + CLOCK_DAY_MS - 1;
    case CALENDAR_ELAPSED:
        break;
    }
    return until;
}

int64_t calendar_add(const struct calendar *c, enum calendar_unit unit, int64_t from_ms,
                     int64_t budget)
{
    budget = clamp(budget, 0, budget_max(unit));
    if (budget == 0)
        return instant(from_ms);
    return calendar_add_grains(c, unit, calendar_counts_from(unit, from_ms),
                               budget * calendar_grains(unit));
}

int64_t calendar_spent(const struct calendar *c, enum calendar_unit unit, int64_t from_ms,
                       int64_t to_ms)
{
    return calendar_spent_grains(c, unit, calendar_counts_from(unit, from_ms), to_ms) /
           calendar_grains(unit);
}

int64_t calendar_received_ms(const struct calendar *c, int64_t ms, int cutoff_minute)
{
    ms = instant(ms);
    int64_t day = clock_day_number(ms);
    bool in_time = ms - clock_day_start_ms(day) <= cutoff_minute * CALENDAR_MINUTE_MS;
    if (in_time && calendar_is_working_day(c, day))
        return ms;
    return clock_day_start_ms(calendar_next_working_day(c, day + 1)) + c->hours[0].from_ms;
}

/* --- life ------------------------------------------------------------------------------------- */

struct id calendar_version(const struct calendar *c)
{
    return c->version;
}

struct calendar *calendar_ref(struct calendar *c)
{
    atomic_fetch_add_explicit(&c->refs, 1, memory_order_relaxed);
    return c;
}

void calendar_unref(struct calendar *c)
{
    if (!c || atomic_fetch_sub_explicit(&c->refs, 1, memory_order_acq_rel) > 1)
        return;
    for (size_t i = 0; i < c->n_days; i++)
        free(c->days[i].name);
    free(c->days);
    free(c->before);
    free(c);
}

/* A counted reference cannot be taken from a bare atomic pointer: it may be freed in between. */
struct calendar_holder {
    pthread_mutex_t lock;
    struct calendar *current;
};

int calendar_holder_new(struct calendar *first, struct calendar_holder **ret)
{
    struct calendar_holder *h = calloc(1, sizeof(*h));
    if (!h) {
        calendar_unref(first);
        return E_NOMEM;
    }
    pthread_mutex_init(&h->lock, NULL);
    h->current = first;
    *ret = h;
    return 0;
}

void calendar_holder_free(struct calendar_holder *h)
{
    if (!h)
        return;
    calendar_unref(h->current);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

struct calendar *calendar_current(struct calendar_holder *h)
{
    pthread_mutex_lock(&h->lock);
    struct calendar *c = calendar_ref(h->current);
    pthread_mutex_unlock(&h->lock);
    return c;
}

void calendar_replace(struct calendar_holder *h, struct calendar *next)
{
    pthread_mutex_lock(&h->lock);
    struct calendar *before = h->current;
    h->current = next;
    pthread_mutex_unlock(&h->lock);
    calendar_unref(before);
}
