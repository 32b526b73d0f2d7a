/*
 * The calendar of the province's offices: which days work, at which hours, in +07:00 whatever TZ
 * says. A calendar is immutable and reference-counted; administrators replace it at run time by
 * importing another (Tết and swapped days are announced each year). Every function is thread-safe.
 *
 * A day works if it is a swapped working day, or is on a working weekday and no holiday. In the
 * years a calendar covers that is looked up; in all others only weekdays count.
 *
 * Budgets and instants, unit by unit. `from` is when the case was received, `due` the last instant
 * that is still in time (compare with finish <= due). A budget of 0 is due at `from` itself.
 *
 *   ELAPSED          milliseconds, day and night. due = from + budget.
 *   WORKING_MINUTES  minutes in working hours. due is the earliest instant by which that many have
 *                    passed: strictly inside working hours, or exactly a closing minute (11:30:00,
 *                    17:00:00), never an opening one. Additive: add(add(x, a), b) = add(x, a + b).
 *   WORKING_DAYS     the day of receipt does not count (Civil Code 2015 art. 147.2); due is the
 *                    close of working hours of the last working day. A day is spent at its close.
 *   CALENDAR_DAYS    the day of receipt does not count; due is the last millisecond of the last day
 *                    (art. 148.6), and of the next working day if that one is off (art. 148.5). A
 *                    day is spent at its last millisecond.
 *
 * spent(from, add(from, n)) = n; for CALENDAR_DAYS it is more if the end moved past days off.
 * Instants are taken as in the years 1970 to 9999, budgets up to 100 years; beyond, clamped.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/id.h"

#define CALENDAR_TEXT_MAX (256 * 1024) /* bytes of the JSON */
#define CALENDAR_YEARS_MAX 100         /* years one calendar covers */
#define CALENDAR_HOURS_MAX 4           /* working intervals of a day */

enum calendar_unit {
    CALENDAR_ELAPSED = 1,
    CALENDAR_WORKING_MINUTES,
    CALENDAR_WORKING_DAYS,
    CALENDAR_CALENDAR_DAYS,
};

enum calendar_outcome {
    CALENDAR_FAULTY = 1, /* the text is refused; each fault is a line of `faults` */
};

struct calendar;

/*
 * From JSON (data/calendar.json shows the form): `years` [first, last], `weekdays` (1 Monday …
 * 7 Sunday), `hours` [["07:30","11:30"], …] ascending and disjoint, `holidays` and `working_days`
 * lists of {date, name, for?}. 0 and *ret, one reference; or CALENDAR_FAULTY and every fault as
 * "<JSON Pointer> <English words>\n" in `faults` (bounded by its caller; the first ones are kept).
 */
int calendar_load(const char *json, size_t n, struct buf *faults, struct calendar **ret);

/* 07:30–11:30 and 13:00–17:00, Monday to Friday, without holidays: before anything is imported. */
int calendar_plain(struct calendar **ret);

struct calendar *calendar_ref(struct calendar *c);
void calendar_unref(struct calendar *c); /* NULL is allowed */
CLEANUP_PTR(struct calendar, calendar_unref)

/*
 * What decides days and hours, digested: calendars of the same years that answer alike have the
 * same version, whatever their names and notes. A stored due instant is recomputed where its
 * calendar's version is another.
 */
struct id calendar_version(const struct calendar *c);

/*
 * What `next` has otherwise, in a form for the log of acts: parts joined by "; ", of
 * "weekdays 1 2 …", "hours 07:00-11:00 …", "years 2025 2030", "off 2026-12-15 …" (a day off from
 * now on), "worked …", "usual …" (neither any more), "named 3" (so many have another name), or
 * "nothing". Of dates the first 12 are named, "+5" says how many more there are.
 */
void calendar_changed(const struct calendar *old, const struct calendar *next, struct buf *out);

/* Days are base/clock.h's day numbers in +07:00. */
bool calendar_is_working_day(const struct calendar *c, int64_t day);
bool calendar_is_open(const struct calendar *c, int64_t ms);              /* hours are [from, to) */
int64_t calendar_next_working_day(const struct calendar *c, int64_t day); /* `day` itself if so */
/* Why a covered day is off, or works on a weekend, in vi; NULL if there is nothing to say. */
const char *calendar_day_name(const struct calendar *c, int64_t day);

int64_t calendar_add(const struct calendar *c, enum calendar_unit unit, int64_t from_ms,
                     int64_t budget);
/* Whole units spent; 0 if to_ms is not after from_ms. */
int64_t calendar_spent(const struct calendar *c, enum calendar_unit unit, int64_t from_ms,
                       int64_t to_ms);

/*
 * When something that arrived at `ms` counts as received. On a working day and at most
 * `cutoff_minute` minutes after midnight (900 is 15:00:00 exactly, still in time): then. Else at
 * the opening of the next working day.
 */
int64_t calendar_received_ms(const struct calendar *c, int64_t ms, int cutoff_minute);

/*
 * The exact measure below the units, for what runs with pauses (case_clock.h). A grain is a
 * millisecond of ELAPSED or of WORKING_MINUTES, a whole day of the day units. Here no day is left
 * out for receipt: calendar_counts_from gives the instant from which grains count.
 */
int64_t calendar_grains(enum calendar_unit unit); /* grains in one unit */
int64_t calendar_counts_from(enum calendar_unit unit, int64_t received_ms);
int64_t calendar_add_grains(const struct calendar *c, enum calendar_unit unit, int64_t from_ms,
                            int64_t grains);
int64_t calendar_spent_grains(const struct calendar *c, enum calendar_unit unit, int64_t from_ms,
                              int64_t to_ms);

/* The calendar in force, shared by threads. */
struct calendar_holder;
int calendar_holder_new(struct calendar *first, struct calendar_holder **ret); /* takes `first` */
void calendar_holder_free(struct calendar_holder *h);
CLEANUP_PTR(struct calendar_holder, calendar_holder_free)
struct calendar *calendar_current(struct calendar_holder *h);            /* a reference */
void calendar_replace(struct calendar_holder *h, struct calendar *next); /* takes `next` */
