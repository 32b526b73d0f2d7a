/* A calendar from JSON: everything is checked first and every fault told; then it is built. */
#include "domain/calendar/calendar_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

#define NAME_MAX_BYTES 200

struct loading {
    struct calendar *calendar;
    struct buf *faults;
    bool faulty;
};

static void fault(struct loading *l, const char *pointer, const char *words)
{
    l->faulty = true;
    buf_printf(l->faults, "%s %s\n", pointer, words);
}

static void fault_at(struct loading *l, const char *list, size_t i, const char *words)
{
    l->faulty = true;
    buf_printf(l->faults, "/%s/%zu %s\n", list, i, words);
}

static bool read_year(const json_t *list, size_t i, int *ret)
{
    const json_t *year = json_array_get(list, i);
    json_int_t value = json_integer_value(year);
    if (!json_is_integer(year) || value < 1970 || value > 9998)
        return false;
    *ret = (int)value;
    return true;
}

static void load_years(struct loading *l, const json_t *root)
{
    const json_t *list = json_object_get(root, "years");
    int first, last;
    if (json_array_size(list) != 2 || !read_year(list, 0, &first) || !read_year(list, 1, &last)) {
        fault(l, "/years", "must be two years from 1970 to 9998: [first, last]");
        return;
    }
    if (first > last || last - first >= CALENDAR_YEARS_MAX) {
        fault(l, "/years", "must ascend and span at most 100 years");
        return;
    }
    clock_day_of_date(first, 1, 1, &l->calendar->first);
    clock_day_of_date(last + 1, 1, 1, &l->calendar->end);
}

static void load_weekdays(struct loading *l, const json_t *root)
{
    const json_t *list = json_object_get(root, "weekdays");
    if (!json_is_array(list) || json_array_size(list) == 0)
        fault(l, "/weekdays", "must name at least one weekday, 1 (Monday) to 7");
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_int_t weekday = json_integer_value(json_array_get(list, i));
        if (weekday < 1 || weekday > 7) {
            fault_at(l, "weekdays", i, "must be 1 (Monday) to 7");
            continue;
        }
        if (l->calendar->weekdays & 1U << weekday)
            fault_at(l, "weekdays", i, "stands twice");
        l->calendar->weekdays |= 1U << weekday;
    }
}

/* "HH:MM", 00:00 to 24:00. */
static bool read_minute(const json_t *value, int64_t *ret_ms)
{
    const char *s = json_string_value(value);
    if (!s || strlen(s) != 5 || s[2] != ':')
        return false;
    for (int i = 0; i < 5; i++)
        if (i != 2 && (s[i] < '0' || s[i] > '9'))
            return false;
    int hour = (s[0] - '0') * 10 + s[1] - '0', minute = (s[3] - '0') * 10 + s[4] - '0';
    if (minute > 59 || hour * 60 + minute > 24 * 60)
        return false;
    *ret_ms = (hour * 60 + minute) * CALENDAR_MINUTE_MS;
    return true;
}

static void load_hours(struct loading *l, const json_t *root)
{
    const json_t *list = json_object_get(root, "hours");
    size_t n = json_array_size(list);
    if (n < 1 || n > CALENDAR_HOURS_MAX) {
        fault(l, "/hours", "must hold one to four intervals");
        return;
    }
    int64_t behind = -1;
    for (size_t i = 0; i < n; i++) {
        const json_t *pair = json_array_get(list, i);
        struct calendar_interval *hours = &l->calendar->hours[i];
        if (json_array_size(pair) != 2 || !read_minute(json_array_get(pair, 0), &hours->from_ms) ||
            !read_minute(json_array_get(pair, 1), &hours->to_ms))
            fault_at(l, "hours", i, "must be [\"HH:MM\", \"HH:MM\"]");
        else if (hours->from_ms >= hours->to_ms || hours->from_ms <= behind)
            fault_at(l, "hours", i, "must end after it begins, and begin after the one before it");
        behind = hours->to_ms;
    }
    l->calendar->n_hours = n;
}

/* What is wrong with {date, name, for?}, or NULL and its date. */
static const char *day_fault(const struct calendar *c, const json_t *item, int64_t *ret_day)
{
    const char *date = json_string_value(json_object_get(item, "date"));
    const char *name = json_string_value(json_object_get(item, "name"));
    const json_t *reason = json_object_get(item, "for");
    int64_t reason_day;
    if (!date || !clock_day_parse(date, ret_day))
        return "has no date YYYY-MM-DD";
    if (c->end > c->first && (*ret_day < c->first || *ret_day >= c->end))
        return "lies outside of the years";
    if (!name || !*name || strlen(name) > NAME_MAX_BYTES)
        return "has no name of at most 200 bytes";
    if (reason &&
        (!json_is_string(reason) || !clock_day_parse(json_string_value(reason), &reason_day)))
        return "is for a day that is no date YYYY-MM-DD";
    return NULL;
}

/* Adds the days of one list, which may be absent. */
static int load_days(struct loading *l, const json_t *root, const char *key, bool works)
{
    struct calendar *c = l->calendar;
    const json_t *list = json_object_get(root, key);
    if (list && !json_is_array(list))
        fault(l, works ? "/working_days" : "/holidays", "must be a list");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        int64_t day;
        const char *words = day_fault(c, item, &day);
        if (words) {
            fault_at(l, key, i, words);
            continue;
        }
        char *name = strdup(json_string_value(json_object_get(item, "name")));
        if (!name)
            return E_NOMEM;
        c->days[c->n_days++] = (struct calendar_day){day, name, works};
    }
    return 0;
}

static int compare_days(const void *a, const void *b)
{
    int64_t x = ((const struct calendar_day *)a)->day, y = ((const struct calendar_day *)b)->day;
    return (x > y) - (x < y);
}

static int load_all_days(struct loading *l, const json_t *root)
{
    struct calendar *c = l->calendar;
    size_t most = json_array_size(json_object_get(root, "holidays")) +
                  json_array_size(json_object_get(root, "working_days"));
    c->days = calloc(most + 1, sizeof(*c->days));
    if (!c->days)
        return E_NOMEM;
    int r = load_days(l, root, "holidays", false);
    if (r == 0)
        r = load_days(l, root, "working_days", true);
    if (r < 0)
        return r;
    qsort(c->days, c->n_days, sizeof(*c->days), compare_days);
    for (size_t i = 1; i < c->n_days; i++) {
        if (c->days[i].day != c->days[i - 1].day)
            continue;
        struct clock_date date = clock_date_of_day(c->days[i].day);
        l->faulty = true;
        buf_printf(l->faults, "/holidays %04d-%02d-%02d stands twice, or is off and works\n",
                   date.year, date.month, date.day);
    }
    return 0;
}

static void check_keys(struct loading *l, json_t *root)
{
    static const char *const known[] = {"form",  "note",     "years",       "weekdays",
                                        "hours", "holidays", "working_days"};
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        bool found = false;
        for (size_t i = 0; i < ARRAY_LEN(known) && !found; i++)
            found = strcmp(key, known[i]) == 0;
        if (!found) {
            l->faulty = true;
            buf_printf(l->faults, "/%.60s is not known\n", key);
        }
    }
    if (json_integer_value(json_object_get(root, "form")) != 1)
        fault(l, "/form", "must be 1");
}

static struct calendar *calendar_blank(void)
{
    struct calendar *c = calloc(1, sizeof(*c));
    if (c)
        atomic_init(&c->refs, 1);
    return c;
}

int calendar_load(const char *json, size_t n, struct buf *faults, struct calendar **ret)
{
    CLEANUP(json_decrefp) json_t *root = NULL;
    CLEANUP(calendar_unrefp) struct calendar *c = calendar_blank();
    if (!c)
        return E_NOMEM;
    struct loading l = {.calendar = c, .faults = faults};
    if (n > CALENDAR_TEXT_MAX) {
        fault(&l, "", "is longer than 256 KiB");
        return CALENDAR_FAULTY;
    }
    struct json_fault syntax;
    int r = json_read(json, n, &root, &syntax);
    if (r < 0)
        return r;
    if (r > 0 || !json_is_object(root)) {
        fault(&l, "", r > 0 ? syntax.words : "must be an object");
        return CALENDAR_FAULTY;
    }
    check_keys(&l, root);
    load_years(&l, root);
    load_weekdays(&l, root);
    load_hours(&l, root);
    r = load_all_days(&l, root);
    if (r < 0)
        return r;
    if (l.faulty)
        return CALENDAR_FAULTY;
    r = calendar_finish(c);
    if (r < 0)
        return r;
    *ret = STEAL(c);
    return 0;
}

int calendar_plain(struct calendar **ret)
{
    CLEANUP(calendar_unrefp) struct calendar *c = calendar_blank();
    if (!c)
        return E_NOMEM;
    for (int weekday = 1; weekday <= 5; weekday++)
        c->weekdays |= 1U << weekday;
    c->hours[0] = (struct calendar_interval){450 * CALENDAR_MINUTE_MS, 690 * CALENDAR_MINUTE_MS};
    c->hours[1] = (struct calendar_interval){780 * CALENDAR_MINUTE_MS, 1020 * CALENDAR_MINUTE_MS};
    c->n_hours = 2;
    int r = calendar_finish(c);
    if (r < 0)
        return r;
    *ret = STEAL(c);
    return 0;
}

/* Over what decides every answer, as text. Days that change nothing are not in it. */
static int digest(struct calendar *c, const char *working, size_t n)
{
    struct buf head;
    buf_init(&head, 1024);
    buf_printf(&head, "%u;%lld;", c->weekdays, (long long)c->first);
    for (size_t i = 0; i < c->n_hours; i++)
        buf_printf(&head, "%lld-%lld;", (long long)c->hours[i].from_ms,
                   (long long)c->hours[i].to_ms);
    if (!head.failed) {
        struct id_part parts[] = {{head.data, head.len}, {working, n}};
        c->version = id_v8("calendar", parts, ARRAY_LEN(parts));
    }
    int r = head.failed ? E_NOMEM : 0;
    buf_release(&head);
    return r;
}

int calendar_finish(struct calendar *c)
{
    c->days_a_week = __builtin_popcount(c->weekdays);
    for (size_t i = 0; i < c->n_hours; i++)
        c->day_ms += c->hours[i].to_ms - c->hours[i].from_ms;

    size_t n = (size_t)(c->end - c->first);
    CLEANUP(freep) char *working = malloc(n + 1);
    c->before = calloc(n + 1, sizeof(*c->before));
    if (!working || !c->before)
        return E_NOMEM;
    size_t next = 0; /* of the days that a list names */
    for (size_t i = 0; i < n; i++) {
        int64_t day = c->first + (int64_t)i;
        bool works = c->weekdays & 1U << clock_date_of_day(day).weekday;
        if (next < c->n_days && c->days[next].day == day)
            works = c->days[next++].works;
        working[i] = works ? '1' : '0';
        c->before[i + 1] = c->before[i] + works;
    }
    return digest(c, working, n);
}
