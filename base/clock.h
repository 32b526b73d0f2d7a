/*
 * The only clock of the program. Times are int64_t milliseconds since 1970 UTC, named `_ms`;
 * outside they are RFC 3339. People think in +07:00, whatever TZ says. Tests, and --demo through
 * the admin socket, may advance it; never back.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_LOCAL_OFFSET_MS (INT64_C(7) * 3600 * 1000)
#define CLOCK_DAY_MS (INT64_C(24) * 3600 * 1000)
#define CLOCK_TEXT 25 /* "2026-11-24T13:55:30.123Z" and the NUL */

int64_t clock_now_ms(void);           /* wall clock, advanced */
int64_t clock_monotonic_ms(void);     /* for timeouts; advanced by nobody */
uint64_t clock_monotonic_ns(void);    /* for measuring */
void clock_advance_ms(int64_t by_ms); /* by_ms >= 0; thread-safe */
int64_t clock_advanced_ms(void);      /* how far it has been advanced in all */

/* "2026-11-24T13:55:30.123Z"; returns out[CLOCK_TEXT]. Years 0000 to 9999; others are clamped. */
char *clock_format(int64_t ms, char *out);
/* "Tue, 24 Nov 2026 13:55:30 GMT" (RFC 9110 §5.6.7); returns out[CLOCK_HTTP_TEXT]. */
#define CLOCK_HTTP_TEXT 30
char *clock_format_http(int64_t ms, char *out);
/* RFC 3339 with Z or an offset, fraction of any length (cut to ms); false if not one. */
bool clock_parse(const char *s, int64_t *ret_ms);

/* A civil date in +07:00. day_number counts days from 1970-01-01 in +07:00. */
struct clock_date {
    int year, month, day; /* month and day from 1 */
    int weekday;          /* 1 Monday … 7 Sunday (ISO 8601) */
};
int64_t clock_day_number(int64_t ms);
int64_t clock_day_start_ms(int64_t day_number);
struct clock_date clock_date_of_day(int64_t day_number);
bool clock_day_of_date(int year, int month, int day, int64_t *ret_day_number);
bool clock_day_parse(const char *yyyy_mm_dd, int64_t *ret_day_number);
