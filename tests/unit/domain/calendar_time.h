/* Instants and days as tests of the calendar write them. Included after cmocka.h. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "base/clock.h"

/* An instant in +07:00: "2026-04-24 16:00". */
static inline int64_t at(const char *local)
{
    char text[40];
    snprintf(text, sizeof(text), "%.10sT%s:00+07:00", local, local + 11);
    int64_t ms;
    assert_true(clock_parse(text, &ms));
    return ms;
}

static inline int64_t day_of(const char *date)
{
    int64_t day;
    assert_true(clock_day_parse(date, &day));
    return day;
}
