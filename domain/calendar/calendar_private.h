/* What calendar.c and calendar_load.c share. */
#pragma once

#include <stdatomic.h>

#include "domain/calendar/calendar.h"

#define CALENDAR_MINUTE_MS INT64_C(60000)

struct calendar_interval {
    int64_t from_ms, to_ms; /* since midnight in +07:00 */
};

struct calendar_day {
    int64_t day;
    char *name;
    bool works; /* a swapped working day; else a day off */
};

struct calendar {
    atomic_int refs;
    unsigned weekdays; /* bit 1 << ISO weekday */
    int days_a_week;   /* bits in weekdays */
    struct calendar_interval hours[CALENDAR_HOURS_MAX];
    size_t n_hours;
    int64_t day_ms;     /* working time of one working day */
    int64_t first, end; /* covered days: [first, end) */
    uint32_t *before;   /* [i]: working days in [first, first + i); end - first + 1 entries */
    struct calendar_day *days; /* ascending */
    size_t n_days;
    struct id version;
};

/* Fills day_ms, days_a_week, before and version from the rest. */
int calendar_finish(struct calendar *c);
