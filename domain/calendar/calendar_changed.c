/* What one calendar has otherwise than another, in words that are written down. */
#include "domain/calendar/calendar_private.h"

#include <string.h>

#include "base/clock.h"

#define DAYS_NAMED 12 /* of one kind; how many more there are is said */

enum standing { USUAL, OFF, WORKED };

static const char *const standing_words[] = {[USUAL] = "usual", [OFF] = "off", [WORKED] = "worked"};

static void begin(struct buf *out, const char *word)
{
    buf_printf(out, "%s%s", out->len > 0 ? "; " : "", word);
}

static void say_week(const struct calendar *old, const struct calendar *next, struct buf *out)
{
    if (old->weekdays != next->weekdays) {
        begin(out, "weekdays");
        for (unsigned day = 1; day <= 7; day++) {
            if (next->weekdays & 1U << day)
                buf_printf(out, " %u", day);
        }
    }
    bool same = old->n_hours == next->n_hours;
    for (size_t i = 0; same && i < next->n_hours; i++)
        same = old->hours[i].from_ms == next->hours[i].from_ms &&
               old->hours[i].to_ms == next->hours[i].to_ms;
    if (same)
        return;
    begin(out, "hours");
    for (size_t i = 0; i < next->n_hours; i++) {
        int from = (int)(next->hours[i].from_ms / CALENDAR_MINUTE_MS);
        int to = (int)(next->hours[i].to_ms / CALENDAR_MINUTE_MS);
        buf_printf(out, " %02d:%02d-%02d:%02d", from / 60, from % 60, to / 60, to % 60);
    }
}

static enum standing of(const struct calendar_day *day)
{
    return !day ? USUAL : day->works ? WORKED : OFF;
}

/* Walks both lists at once: the next date that either has. */
struct pair {
    size_t i, j;
    int64_t day;
    const struct calendar_day *was, *is;
};

static bool step(const struct calendar *old, const struct calendar *next, struct pair *p)
{
    const struct calendar_day *a = p->i < old->n_days ? &old->days[p->i] : NULL;
    const struct calendar_day *b = p->j < next->n_days ? &next->days[p->j] : NULL;
    if (!a && !b)
        return false;
    p->was = a && (!b || a->day <= b->day) ? a : NULL;
    p->is = b && (!a || b->day <= a->day) ? b : NULL;
    p->day = p->was ? p->was->day : p->is->day;
    p->i += p->was != NULL;
    p->j += p->is != NULL;
    return true;
}

static void say_days(const struct calendar *old, const struct calendar *next, enum standing wanted,
                     struct buf *out)
{
    size_t n = 0;
    for (struct pair p = {0}; step(old, next, &p);) {
        if (of(p.is) != wanted || of(p.was) == wanted)
            continue;
        struct clock_date d = clock_date_of_day(p.day);
        if (n++ == 0)
            begin(out, standing_words[wanted]);
        if (n <= DAYS_NAMED)
            buf_printf(out, " %04d-%02d-%02d", d.year, d.month, d.day);
    }
    if (n > DAYS_NAMED)
        buf_printf(out, " +%zu", n - DAYS_NAMED);
}

static void say_names(const struct calendar *old, const struct calendar *next, struct buf *out)
{
    size_t n = 0;
    for (struct pair p = {0}; step(old, next, &p);)
        n += p.was && p.is && of(p.was) == of(p.is) && strcmp(p.was->name, p.is->name) != 0;
    if (n > 0) {
        begin(out, "named");
        buf_printf(out, " %zu", n);
    }
}

void calendar_changed(const struct calendar *old, const struct calendar *next, struct buf *out)
{
    say_week(old, next, out);
    if (old->first != next->first || old->end != next->end) {
        begin(out, "years");
        buf_printf(out, " %d %d", clock_date_of_day(next->first).year,
                   clock_date_of_day(next->end - 1).year);
    }
    say_days(old, next, OFF, out);
    say_days(old, next, WORKED, out);
    say_days(old, next, USUAL, out);
    say_names(old, next, out);
    if (out->len == 0)
        begin(out, "nothing");
}
