#include "base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#define DAYS_TO_0000 INT64_C(719528)  /* from 0000-01-01 to 1970-01-01 */
#define DAYS_TO_9999 INT64_C(2932896) /* from 1970-01-01 to 9999-12-31 */
#define MS_LEAST (-DAYS_TO_0000 * CLOCK_DAY_MS)
#define MS_MOST ((DAYS_TO_9999 + 1) * CLOCK_DAY_MS - 1)

static _Atomic int64_t advanced_ms;

int64_t clock_now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 + clock_advanced_ms();
}

int64_t clock_monotonic_ms(void)
{
    return (int64_t)(clock_monotonic_ns() / 1000000);
}

uint64_t clock_monotonic_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

void clock_advance_ms(int64_t by_ms)
{
    if (by_ms > 0)
        atomic_fetch_add(&advanced_ms, by_ms);
}

int64_t clock_advanced_ms(void)
{
    return atomic_load(&advanced_ms);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/*
 * Civil dates of the proleptic Gregorian calendar, after Howard Hinnant, "chrono-compatible
 * low-level date algorithms": years begin in March, in eras of 400 years of 146,097 days.
 */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static struct clock_date civil_from_days(int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t era = floor_div(shifted, 146097);
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return (struct clock_date){
        .year = (int)(year_of_era + era * 400 + (month <= 2)),
        .month = (int)month,
        .day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
        .weekday = (int)(days + 3 - floor_div(days + 3, 7) * 7) + 1, /* day 0 was a Thursday */
    };
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_date(int year, int month, int day)
{
    return year >= 0 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_in_month(year, month);
}

static void put_digits(char *out, int64_t value, int n)
{
    while (n-- > 0) {
        out[n] = (char)('0' + value % 10);
        value /= 10;
    }
}

char *clock_format(int64_t ms, char *out)
{
    if (ms < MS_LEAST)
        ms = MS_LEAST;
    if (ms > MS_MOST)
        ms = MS_MOST;
    int64_t days = floor_div(ms, CLOCK_DAY_MS);
    int64_t rest = ms - days * CLOCK_DAY_MS;
    struct clock_date date = civil_from_days(days);
    static const char frame[CLOCK_TEXT] = "0000-00-00T00:00:00.000Z";
    for (int i = 0; i < CLOCK_TEXT; i++)
        out[i] = frame[i];
    put_digits(out, date.year, 4);
    put_digits(out + 5, date.month, 2);
    put_digits(out + 8, date.day, 2);
    put_digits(out + 11, rest / 3600000, 2);
    put_digits(out + 14, rest / 60000 % 60, 2);
    put_digits(out + 17, rest / 1000 % 60, 2);
    put_digits(out + 20, rest % 1000, 3);
    return out;
}

char *clock_format_http(int64_t ms, char *out)
{
    static const char days[][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char iso[CLOCK_TEXT];
    clock_format(ms, iso);
    int64_t day = floor_div(ms, CLOCK_DAY_MS);
    struct clock_date date = civil_from_days(day);
    snprintf(out, CLOCK_HTTP_TEXT, "%s, %.2s %s %.4s %.8s GMT", days[(day % 7 + 7) % 7], iso + 8,
             months[date.month - 1], iso, iso + 11);
    return out;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Exactly n digits; moves *s behind them. */
static bool take_digits(const char **s, int n, int *ret)
{
    int value = 0;
    for (int i = 0; i < n; i++, (*s)++) {
        if (!is_digit(**s))
            return false;
        value = value * 10 + (**s - '0');
    }
    *ret = value;
    return true;
}

static bool take_char(const char **s, char c)
{
    if (**s != c)
        return false;
    (*s)++;
    return true;
}

static bool take_date(const char **s, int64_t *ret_days)
{
    int year, month, day;
    if (!take_digits(s, 4, &year) || !take_char(s, '-') || !take_digits(s, 2, &month) ||
        !take_char(s, '-') || !take_digits(s, 2, &day) || !is_date(year, month, day))
        return false;
    *ret_days = days_from_civil(year, month, day);
    return true;
}

/* ".123…": at least one digit; those behind the millisecond are cut off. */
static bool take_fraction(const char **s, int *ret_ms)
{
    *ret_ms = 0;
    if (!take_char(s, '.'))
        return true;
    if (!is_digit(**s))
        return false;
    for (int weight = 100; is_digit(**s); (*s)++, weight /= 10)
        *ret_ms += (**s - '0') * weight;
    return true;
}

static bool take_offset(const char **s, int64_t *ret_ms)
{
    *ret_ms = 0;
    if (take_char(s, 'Z') || take_char(s, 'z'))
        return true;
    int sign = **s == '-' ? -1 : 1, hours, minutes;
    if ((!take_char(s, '+') && !take_char(s, '-')) || !take_digits(s, 2, &hours) ||
        !take_char(s, ':') || !take_digits(s, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_ms = sign * (hours * INT64_C(60) + minutes) * 60000;
    return true;
}

bool clock_parse(const char *s, int64_t *ret_ms)
{
    int64_t days, offset_ms;
    int hour, minute, second, fraction_ms;
    if (!take_date(&s, &days) || (!take_char(&s, 'T') && !take_char(&s, 't')) ||
        !take_digits(&s, 2, &hour) || !take_char(&s, ':') || !take_digits(&s, 2, &minute) ||
        !take_char(&s, ':') || !take_digits(&s, 2, &second) || !take_fraction(&s, &fraction_ms) ||
        !take_offset(&s, &offset_ms) || *s != '\0' || hour > 23 || minute > 59 || second > 60)
        return false;
    int64_t minute_ms = days * CLOCK_DAY_MS + (hour * INT64_C(60) + minute) * 60000 - offset_ms;
    /* A leap second stands at the end of a UTC day only; it is read as the second that follows. */
    if (second == 60 &&
        floor_div(minute_ms + 60000, CLOCK_DAY_MS) * CLOCK_DAY_MS != minute_ms + 60000)
        return false;
    *ret_ms = minute_ms + second * INT64_C(1000) + fraction_ms;
    return true;
}

int64_t clock_day_number(int64_t ms)
{
    int64_t of_day = (ms % CLOCK_DAY_MS + CLOCK_DAY_MS) % CLOCK_DAY_MS; /* no sum may overflow */
    return floor_div(ms, CLOCK_DAY_MS) + (of_day >= CLOCK_DAY_MS - CLOCK_LOCAL_OFFSET_MS);
}

int64_t clock_day_start_ms(int64_t day_number)
{
    return day_number * CLOCK_DAY_MS - CLOCK_LOCAL_OFFSET_MS;
}

struct clock_date clock_date_of_day(int64_t day_number)
{
    return civil_from_days(day_number);
}

bool clock_day_of_date(int year, int month, int day, int64_t *ret_day_number)
{
    if (!is_date(year, month, day))
        return false;
    *ret_day_number = days_from_civil(year, month, day);
    return true;
}

bool clock_day_parse(const char *yyyy_mm_dd, int64_t *ret_day_number)
{
    const char *s = yyyy_mm_dd;
    int64_t days;
    if (!take_date(&s, &days) || *s != '\0')
        return false;
    *ret_day_number = days;
    return true;
}
